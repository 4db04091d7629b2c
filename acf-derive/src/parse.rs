//! Attributes become entries: every key known, every value of the kind that the table asks for. A mistake is noted and
//! reading goes on behind it.

use proc_macro2::{Ident, TokenTree};
use syn::{Attribute, Meta};

use crate::{
    diag::{Diag, Place},
    keys::{self, FIELD, Key, Kind, STRUCT},
    suggest::nearest,
    tokens::{Shape, Tokens},
    value::{Value, plain, quoted},
};

/// A key with its value.
pub(crate) struct Entry {
    pub(crate) key: &'static Key,
    pub(crate) name: Place,
    pub(crate) value: Value,
}

/// Reads the `#[oauth(..)]` attributes among `attributes`: those of a field, or with `field: false` those of the struct.
pub(crate) fn entries(attributes: &[Attribute], field: bool, owner: &Ident, diag: &mut Diag) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut reader = Reader { diag, field, owner };
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("oauth")) {
        let place = Place { start: attribute.pound_token.span, end: attribute.bracket_token.span.close() };
        let example = if field { "#[oauth(skip)]" } else { "#[oauth(base_uri = \"https://forge.example\")]" };
        match &attribute.meta {
            Meta::List(list) if !list.tokens.is_empty() => {
                reader.list(Tokens::new(list.tokens.clone()), if field { FIELD } else { STRUCT }, &mut entries);
            }
            Meta::NameValue(_) => {
                STRUCT.iter().chain(FIELD).for_each(|key| reader.diag.attempted(key.name));
                reader.diag.grammar(place, "`oauth` takes its keys in parentheses", example);
            }
            _ => {
                reader.diag.grammar(place, "empty `#[oauth]` has no effect", format!("remove it, or write `{example}`"))
            }
        }
    }
    entries
}

/// Reads the attributes of one place. The values are in [`crate::value`].
pub(crate) struct Reader<'a> {
    pub(crate) diag: &'a mut Diag,
    field: bool,
    pub(crate) owner: &'a Ident,
}

impl Reader<'_> {
    /// Reads `key, key = value, key(..)`.
    pub(crate) fn list(&mut self, mut tokens: Tokens, keys: &'static [Key], entries: &mut Vec<Entry>) {
        while let Some(token) = tokens.next() {
            let TokenTree::Ident(ident) = token else {
                self.no_key(&token, keys);
                if !matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ',') {
                    tokens.skip_entry();
                }
                continue;
            };
            let name = plain(&ident);
            match keys::find(keys, &name) {
                Some(key) => {
                    let before = self.diag.count();
                    let value = self.value(key, ident.span().into(), &mut tokens);
                    if self.diag.count() > before {
                        self.diag.attempted(key.name);
                    }
                    if let Some(value) = value {
                        self.add(Entry { key, name: ident.span().into(), value }, entries);
                    }
                }
                None => self.unknown(&ident, &name, &mut tokens, keys),
            }
            self.comma(&mut tokens, false);
        }
    }

    /// A token that begins no entry.
    fn no_key(&mut self, token: &TokenTree, keys: &'static [Key]) {
        match quoted(token).and_then(|text| keys::find(keys, &text)) {
            Some(key) => {
                self.diag.attempted(key.name);
                self.diag.grammar(token.span(), format!("`{}` is written without quotes", key.name), key.example);
            }
            None => {
                let help = if token.to_string() == "," { "remove it".to_owned() } else { known(keys) };
                self.diag.grammar(Place::over([token]), format!("expected a key, found `{token}`"), help);
            }
        }
    }

    /// Reads the comma between two entries. `literals`: whether the next one may begin with a literal.
    pub(crate) fn comma(&mut self, tokens: &mut Tokens, literals: bool) {
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

    /// Adds an entry, unless its key is there already.
    fn add(&mut self, entry: Entry, entries: &mut Vec<Entry>) {
        let name = entry.key.name;
        let Some(first) = entries.iter().find(|earlier| earlier.key.name == name) else {
            entries.push(entry);
            return;
        };
        let help = match entry.key.kind {
            Kind::List | Kind::Group(_) | Kind::Map => format!("put both into one `{name}(..)`"),
            _ => "remove one of the two".to_owned(),
        };
        let line = first.name.position().0;
        self.diag.grammar(entry.name, format!("`{name}` is given twice, first at line {line}"), help);
    }

    /// Says what an unknown key should have been, and steps over its value.
    fn unknown(&mut self, ident: &Ident, name: &str, tokens: &mut Tokens, keys: &'static [Key]) {
        let raw = match tokens.take_list() {
            None if tokens.take_punct('=').is_some() => Some(tokens.take_value()),
            _ => None,
        };
        let top = std::ptr::eq(keys, STRUCT);
        let elsewhere = keys::find(if top { FIELD } else { STRUCT }, name);
        let meant = elsewhere.or_else(|| keys::by_alias(keys, name)).or_else(|| {
            let near = nearest(name, keys.iter().map(|key| key.name))?;
            keys::find(keys, near)
        });
        let Some(key) = meant else {
            let help = match (keys::in_group(name), keys::find(keys, "params")) {
                (Some((group, key)), _) => format!("it belongs in `{}({})`", group.name, key.example),
                (None, Some(_)) => format!("if it is a parameter, write `params({name} = \"..\")`"),
                (None, None) => known(keys),
            };
            return self.diag.grammar(ident.span(), format!("unknown key `{name}`"), help);
        };
        self.diag.attempted(key.name);
        // What was written, under the right name: ready to be pasted.
        let renamed = raw
            .as_ref()
            .filter(|raw| matches!((key.kind, &raw.shape), (Kind::Text, Shape::Literal(_) | Shape::Path(_))));
        let renamed = renamed.map_or_else(|| key.example.to_owned(), |raw| format!("{} = {}", key.name, raw.written()));
        if let Some(raw) = raw.filter(|raw| key.name == "client_secret" && !matches!(raw.shape, Shape::Missing)) {
            let help = "add a field `client_secret: ClientSecret`, and load it when the program starts";
            return self.diag.grammar(raw.place(), "a secret must not be in source code", help);
        }
        let (message, help) = match elsewhere {
            Some(_) if top => {
                let help = format!("put it on the field that holds the value: `{}`", key.example);
                (format!("`{name}` marks a field"), help)
            }
            Some(_) if self.field => {
                let help = format!("move it into the `#[oauth(..)]` above `struct {}`", self.owner);
                (format!("`{name}` belongs on the struct"), help)
            }
            Some(_) => (format!("`{name}` does not belong in this list"), "move it out of the parentheses".to_owned()),
            None if key.is_called(name) => (format!("`{name}` is called `{}` here", key.name), renamed),
            None => (format!("unknown key `{name}`"), format!("did you mean `{}`?", key.name)),
        };
        self.diag.grammar(ident.span(), message, help);
    }
}

fn known(keys: &'static [Key]) -> String {
    let names: Vec<_> = keys.iter().map(|key| format!("`{}`", key.name)).collect();
    format!("known here: {}", names.join(", "))
}
