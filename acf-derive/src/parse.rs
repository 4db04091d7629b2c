//! Attributes become entries: every key known, every value of the kind that the table asks for. A mistake is noted and
//! reading goes on behind it.

use acf_rules::language::{self, FIELD, Key, Kind, STRUCT};
use proc_macro2::{Ident, TokenTree};

use crate::{
    diag::{Diag, Place},
    item::{Argument, Attribute},
    tokens::Tokens,
    unknown,
    value::{Value, plain, quoted},
};

/// One value with its key: what [`acf_rules::declaration::Entry`] says, and where it was said.
#[derive(Debug)]
pub(crate) struct Entry {
    /// The innermost group; empty at the top.
    pub(crate) group: &'static str,
    pub(crate) key: &'static Key,
    /// The name of a pair; empty otherwise.
    pub(crate) name: String,
    pub(crate) value: Value,
    /// None for an attempt, about which everything was said.
    pub(crate) places: Option<Places>,
}

/// Where an entry was said.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Places {
    pub(crate) key: Place,
    pub(crate) name: Place,
    pub(crate) value: Place,
}

/// Reads the attributes of a struct or of one of its fields.
pub(crate) struct Reader<'a> {
    pub(crate) diag: &'a mut Diag,
    pub(crate) owner: &'a Ident,
    pub(crate) field: bool,
    pub(crate) group: &'static str,
    pub(crate) entries: Vec<Entry>,
    /// The path behind `crate`.
    pub(crate) krate: Vec<TokenTree>,
    /// Roles of fields that somebody tried to give.
    pub(crate) roles: Vec<&'static str>,
}

impl<'a> Reader<'a> {
    /// Reads nothing yet.
    pub(crate) fn new(owner: &'a Ident, field: bool, diag: &'a mut Diag) -> Self {
        Self { diag, owner, field, group: "", entries: Vec::new(), krate: Vec::new(), roles: Vec::new() }
    }

    /// Reads the `#[oauth(..)]` among these attributes.
    pub(crate) fn attributes(&mut self, attributes: &[Attribute]) {
        let mut seen = Vec::new();
        for attribute in attributes.iter().filter(|attribute| attribute.name == "oauth") {
            let place = attribute.place;
            let example = if self.field { "#[oauth(skip)]" } else { "#[oauth(base_uri = \"https://forge.example\")]" };
            match &attribute.argument {
                Argument::List(list) if !list.is_empty() => {
                    let keys = if self.field { FIELD } else { STRUCT };
                    self.list(Tokens::new(list.clone()), keys, &mut seen);
                }
                Argument::Other => {
                    STRUCT.iter().chain(FIELD).for_each(|key| self.attempt(key));
                    self.diag.grammar(place, "`oauth` takes its keys in parentheses", example);
                }
                _ => {
                    STRUCT.iter().chain(FIELD).for_each(|key| self.attempt(key));
                    let help = format!("remove it, or write `{example}`");
                    self.diag.grammar(place, "empty `#[oauth]` has no effect", help);
                }
            }
        }
    }

    /// Reads `key, key = value, key(..)`. `seen`: the keys of this list so far.
    pub(crate) fn list(&mut self, mut tokens: Tokens, keys: &'static [Key], seen: &mut Vec<(&'static Key, Place)>) {
        while let Some(token) = tokens.next() {
            let TokenTree::Ident(ident) = token else {
                self.no_key(&token, keys);
                if !matches!(&token, TokenTree::Punct(punct) if matches!(punct.as_char(), ',' | ';')) {
                    tokens.skip_entry();
                }
                continue;
            };
            let name = plain(&ident);
            match language::find(keys, &name) {
                Some(key) => {
                    let place = Place::from(ident.span());
                    let (before, mistakes) = (self.entries.len(), self.diag.count());
                    self.value(key, place, &mut tokens);
                    match seen.iter().find(|(earlier, _)| std::ptr::eq(*earlier, key)) {
                        Some((_, first)) if self.diag.count() == mistakes => self.again(key, place, *first, before),
                        _ => seen.push((key, place)),
                    }
                }
                None => unknown::unknown(self, &ident, &name, &mut tokens, keys),
            }
            self.comma(&mut tokens, false);
        }
    }

    /// A key that is there already. What it said counts as an attempt.
    fn again(&mut self, key: &'static Key, place: Place, first: Place, before: usize) {
        for entry in self.entries.iter_mut().skip(before) {
            (entry.value, entry.places) = (Value::Attempted, None);
        }
        let name = key.name;
        let help = match key.kind {
            Kind::Scopes | Kind::Names(_) | Kind::Group(_) | Kind::Map(_) => format!("put both into one `{name}(..)`"),
            _ => "remove one of the two".to_owned(),
        };
        let line = first.position().0;
        self.diag.grammar(place, format!("`{name}` is given twice, first at line {line}"), help);
    }

    /// A token that begins no entry.
    fn no_key(&mut self, token: &TokenTree, keys: &'static [Key]) {
        if let Some(key) = quoted(token).and_then(|text| language::find(keys, &text)) {
            let message = format!("`{}` is written without quotes", key.name);
            return self.refuse(key, token.span(), message, key.example);
        }
        let help =
            if matches!(token.to_string().as_str(), "," | ";") { "remove it".to_owned() } else { unknown::known(keys) };
        self.diag.grammar(Place::over([token]), format!("expected a key, found `{token}`"), help);
    }

    /// Reads the comma between two entries. `literals`: whether the next one may begin with a literal.
    pub(crate) fn comma(&mut self, tokens: &mut Tokens, literals: bool) {
        if let Some(semicolon) = tokens.take_punct(';') {
            let place = Place::over([&semicolon]);
            return self.diag.grammar(place, "expected `,`, found `;`", "entries are separated by commas");
        }
        if tokens.at_end() {
            tokens.next();
            return;
        }
        let Some(token) = tokens.peek() else { return };
        let what = if let TokenTree::Group(_) = token { "this".to_owned() } else { format!("`{token}`") };
        let goes_on = matches!(token, TokenTree::Ident(_)) || (literals && matches!(token, TokenTree::Literal(_)));
        self.diag.grammar(
            Place::over([token]),
            format!("expected `,` before {what}"),
            "entries are separated by commas",
        );
        if !goes_on {
            tokens.skip_entry();
        }
    }

    /// Adds an entry.
    pub(crate) fn add(&mut self, key: &'static Key, places: Places, name: String, value: Value) {
        self.entries.push(Entry { group: self.group, key, name, value, places: Some(places) });
    }

    /// Says that a value of this key has a mistake.
    pub(crate) fn refuse(
        &mut self,
        key: &'static Key,
        place: impl Into<Place>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.attempt(key);
        self.diag.grammar(place, message, help);
    }

    /// Notes that somebody tried to give this key, so that nothing says it is missing as well.
    pub(crate) fn attempt(&mut self, key: &'static Key) {
        self.attempt_pair(key, String::new());
    }

    /// Notes that somebody tried to give this pair.
    pub(crate) fn attempt_pair(&mut self, key: &'static Key, name: String) {
        match key.kind {
            Kind::Role | Kind::Endpoint(_) => self.roles.push(key.name),
            Kind::Group(keys) => {
                let outer = std::mem::replace(&mut self.group, key.name);
                keys.iter().for_each(|key| self.attempt(key));
                self.group = outer;
            }
            Kind::Path | Kind::Placeholder | Kind::Skip => {}
            _ => self.entries.push(Entry { group: self.group, key, name, value: Value::Attempted, places: None }),
        }
    }
}
