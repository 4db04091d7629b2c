//! Values by the kinds of the table, and what to say where a value is of another kind.

use proc_macro2::{Ident, Literal, TokenStream, TokenTree};
use quote::{ToTokens, TokenStreamExt, quote};
use syn::Lit;

use crate::{
    diag::Place,
    keys::{Key, Kind},
    parse::{Entry, Reader},
    suggest::nearest,
    tokens::{Raw, Shape, Tokens},
};

/// A value, by the kinds of the table.
pub(crate) enum Value {
    Flag,
    Text(Text),
    List(Vec<Text>),
    Choice { word: &'static str, method: &'static str, place: Place },
    Path(TokenStream),
    Name(String),
    Group(Vec<Entry>),
    Map(Vec<(Text, Text)>),
}

/// A text: what is emitted, and what it says where that is known during expansion.
#[derive(Clone)]
pub(crate) struct Text {
    tokens: Vec<TokenTree>,
    /// `None` for the path of a constant.
    pub(crate) literal: Option<String>,
    pub(crate) place: Place,
}

impl Text {
    /// A text that is underlined at `place`.
    pub(crate) fn new(text: &str, place: Place) -> Self {
        let mut literal = Literal::string(text);
        literal.set_span(place.start);
        Self { tokens: vec![literal.into()], literal: Some(text.to_owned()), place }
    }
}

impl ToTokens for Text {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.append_all(&self.tokens);
    }
}

/// An identifier without `r#`.
pub(crate) fn plain(ident: &Ident) -> String {
    let name = ident.to_string();
    name.strip_prefix("r#").map(str::to_owned).unwrap_or(name)
}

/// What a literal is called, and its text if it is nearly a string: with a prefix, or in the wrong quotes.
fn describe(lit: &Lit) -> (&'static str, Option<String>) {
    match lit {
        Lit::Str(lit) => ("a string literal", Some(lit.value())),
        Lit::ByteStr(lit) => ("a byte string", String::from_utf8(lit.value()).ok()),
        Lit::CStr(lit) => ("a C string", lit.value().into_string().ok()),
        Lit::Byte(lit) => ("a byte", Some(char::from(lit.value()).to_string())),
        Lit::Char(lit) => ("a character", Some(lit.value().to_string())),
        Lit::Int(_) => ("an integer", None),
        Lit::Float(_) => ("a number", None),
        Lit::Bool(_) => ("a boolean", None),
        _ => ("a literal", None),
    }
}

/// The text of a token that is a string literal.
pub(crate) fn quoted(token: &TokenTree) -> Option<String> {
    match token {
        TokenTree::Literal(literal) => match Lit::new(literal.clone()) {
            Lit::Str(lit) => Some(lit.value()),
            _ => None,
        },
        _ => None,
    }
}

impl Reader<'_> {
    /// Reads what stands behind the name of a key.
    pub(crate) fn value(&mut self, key: &'static Key, name: Place, tokens: &mut Tokens) -> Option<Value> {
        let list = match key.kind {
            Kind::Flag | Kind::Endpoint => return self.flag(key, tokens),
            _ => tokens.take_list(),
        };
        let Some((list, place)) = list else {
            self.equals(tokens);
            let raw = tokens.take_value();
            return self.single(key, name, &raw);
        };
        match key.kind {
            Kind::List | Kind::Group(_) | Kind::Map if list.is_empty() => {
                let help = format!("write `{}`, or remove it", key.example);
                self.diag.grammar(place, format!("empty `{}()` has no effect", key.name), help);
                None
            }
            Kind::List => Some(Value::List(self.strings(key, list))),
            Kind::Map => Some(Value::Map(self.map(key, list))),
            Kind::Group(keys) => {
                let mut inner = Vec::new();
                self.list(list, keys, &mut inner);
                Some(Value::Group(inner))
            }
            _ => {
                self.diag.grammar(place, format!("`{}` takes one value, not a list", key.name), key.example);
                None
            }
        }
    }

    fn flag(&mut self, key: &'static Key, tokens: &mut Tokens) -> Option<Value> {
        if let Some(token) = tokens.peek().filter(|token| matches!(token, TokenTree::Group(_)) || tokens.is_punct('='))
        {
            let place = Place::over([token]);
            tokens.take_to_comma();
            self.diag.grammar(
                place,
                format!("`{}` takes no value on a field", key.name),
                format!("write just `{}`", key.example),
            );
        }
        Some(Value::Flag)
    }

    /// Reads `=`, or the `:` that somebody wrote instead.
    fn equals(&mut self, tokens: &mut Tokens) {
        if tokens.take_punct('=').is_none()
            && let Some(colon) = tokens.take_punct(':')
        {
            self.diag.grammar(colon.span(), "expected `=`, found `:`", "keys and values are written `key = value`");
        }
    }

    /// One value behind `=`.
    fn single(&mut self, key: &'static Key, name: Place, raw: &Raw) -> Option<Value> {
        match (key.kind, &raw.shape) {
            (_, Shape::Missing) => {
                self.diag.grammar(name, format!("`{}` needs a value", key.name), key.example);
                None
            }
            (Kind::Text, _) => self.text(key.name, key.example, raw).map(Value::Text),
            (Kind::List, _) => {
                let text = self.text(key.name, key.example, raw)?;
                Some(Value::List(self.split(text)))
            }
            (Kind::Group(_) | Kind::Map, _) => {
                self.diag.grammar(raw.place(), format!("`{}` takes a list in parentheses", key.name), key.example);
                None
            }
            (Kind::Choice(words), Shape::Path(_)) => self.choice(key, words, &raw.written(), raw),
            (Kind::Choice(words), Shape::Literal(Lit::Str(lit))) => {
                let choice = self.choice(key, words, &lit.value(), raw)?;
                let help = format!("{} = {}", key.name, lit.value());
                self.diag.grammar(raw.place(), format!("`{}` takes a word without quotes", key.name), help);
                Some(choice)
            }
            (Kind::Path, Shape::Path(first)) => self.path(raw, first.as_deref()),
            (Kind::Name, Shape::Path(_)) if raw.tokens.len() == 1 => {
                Some(Value::Name(raw.written().trim_start_matches("r#").to_owned()))
            }
            _ => {
                let what = if let Kind::Path = key.kind { "path" } else { "word" };
                let (found, help) = match (&raw.shape, key.kind) {
                    (Shape::Literal(Lit::Str(lit)), Kind::Name) => {
                        (" without quotes".to_owned(), format!("{} = {}", key.name, lit.value()))
                    }
                    (Shape::Literal(Lit::Str(_)), _) => (" without quotes".to_owned(), key.example.to_owned()),
                    (Shape::Literal(lit), _) => (format!(", found {}", describe(lit).0), key.example.to_owned()),
                    _ => (String::new(), key.example.to_owned()),
                };
                self.diag.grammar(raw.place(), format!("`{}` takes a {what}{found}", key.name), help);
                None
            }
        }
    }

    fn choice(&mut self, key: &'static Key, words: &'static [(&str, &str)], given: &str, raw: &Raw) -> Option<Value> {
        let place = raw.place();
        if let Some((word, method)) = words.iter().find(|(word, _)| *word == given) {
            return Some(Value::Choice { word, method, place });
        }
        let help = match nearest(given, words.iter().map(|(word, _)| *word)) {
            Some(word) => format!("did you mean `{} = {word}`?", key.name),
            None => {
                let forms: Vec<_> = words.iter().map(|(word, _)| format!("`{} = {word}`", key.name)).collect();
                format!("write {}", forms.join(" or "))
            }
        };
        self.diag.grammar(place, format!("unknown `{}` value `{given}`", key.name), help);
        None
    }

    /// The path of a crate. A relative one would mean something else in each module.
    fn path(&mut self, raw: &Raw, first: Option<&str>) -> Option<Value> {
        let path = raw.stream();
        let absolute = matches!(first, None | Some("crate" | "$crate"));
        if !absolute {
            let text = raw.written();
            let help = format!("crate = ::{text}, or crate = crate::{text}");
            self.diag.grammar(raw.place(), "the path must be absolute", help);
        }
        Some(Value::Path(if absolute { path } else { quote!(::#path) }))
    }

    /// A string literal or the path of a constant.
    fn text(&mut self, name: &str, example: &str, raw: &Raw) -> Option<Text> {
        let place = raw.place();
        let (message, help) = match &raw.shape {
            Shape::Missing => (format!("`{name}` needs a value"), example.to_owned()),
            Shape::Literal(Lit::Str(lit)) if lit.suffix().is_empty() => {
                return Some(Text { tokens: raw.tokens.clone(), literal: Some(lit.value()), place });
            }
            Shape::Literal(lit) => match describe(lit) {
                (found, Some(text)) => (format!("expected a plain string literal, found {found}"), format!("{text:?}")),
                (found, None) => (format!("expected a string literal, found {found}"), example.to_owned()),
            },
            Shape::Path(Some(first)) if first == "Self" => {
                let help = raw.written().replacen("Self", &self.owner.to_string(), 1);
                ("`Self` is not known where the constant is checked".to_owned(), format!("{name} = {help}"))
            }
            Shape::Path(_) if syn::parse2::<syn::Path>(raw.stream()).is_ok() => {
                return Some(Text { tokens: raw.tokens.clone(), literal: None, place });
            }
            _ => (
                format!("`{name}` must be a string literal or the path of a constant"),
                match raw.written() {
                    text if text.starts_with(char::is_alphabetic) => {
                        format!("write `const VALUE: &str = {text};` and `{name} = VALUE`")
                    }
                    _ => example.to_owned(),
                },
            ),
        };
        self.diag.grammar(place, message, help);
        None
    }

    /// Reads `"a", "b"`.
    fn strings(&mut self, key: &'static Key, mut list: Tokens) -> Vec<Text> {
        let mut texts = Vec::new();
        while !list.is_empty() {
            let raw = list.take_value();
            if let Shape::Missing = raw.shape {
                self.no_name(&mut list, key);
                continue;
            }
            texts.extend(self.text(key.name, key.example, &raw));
            self.comma(&mut list, true);
        }
        texts
    }

    /// Splits `scope = "a b"`, whose parts can only be underlined together.
    fn split(&mut self, text: Text) -> Vec<Text> {
        let Some(literal) = &text.literal else { return vec![text] };
        let mut parts: Vec<_> = literal.split(' ').collect();
        if parts.len() > 1 && parts.contains(&"") {
            parts.retain(|part| !part.is_empty());
            let list: Vec<_> = parts.iter().map(|part| format!("{part:?}")).collect();
            let list = if list.is_empty() { "\"read\"".to_owned() } else { list.join(", ") };
            let help = format!("scope({list})");
            self.diag.grammar(text.place, "scopes are separated by one space", help);
        }
        parts.iter().map(|part| Text::new(part, text.place)).collect()
    }

    /// Reads `name = "..", "na-me" = ".."`.
    fn map(&mut self, key: &'static Key, mut list: Tokens) -> Vec<(Text, Text)> {
        let mut pairs = Vec::new();
        while let Some(token) = list.peek() {
            let place = Place::over([token]);
            let name = match token {
                TokenTree::Ident(ident) => plain(ident),
                token => match quoted(token) {
                    Some(name) => name,
                    None => {
                        self.no_name(&mut list, key);
                        continue;
                    }
                },
            };
            list.next();
            if list.is_punct('-') {
                self.dashed(name, place, &mut list);
            } else if let Some((_, place)) = list.take_list() {
                self.diag.grammar(place, format!("`{name}` takes one value, not a list"), format!("{name} = \"..\""));
            } else {
                self.equals(&mut list);
                let raw = list.take_value();
                let value = match &raw.shape {
                    Shape::Literal(Lit::Int(_) | Lit::Float(_) | Lit::Bool(_)) => raw.written(),
                    _ => "..".to_owned(),
                };
                if let Shape::Missing = raw.shape {
                    self.diag.grammar(place, format!("`{name}` needs a value"), format!("{name} = \"..\""));
                } else if let Some(value) = self.text(&name, &format!("{name} = \"{value}\""), &raw) {
                    pairs.push((Text::new(&name, place), value));
                }
            }
            self.comma(&mut list, true);
        }
        pairs
    }

    /// A name such as `X-Version`, which is no identifier.
    fn dashed(&mut self, mut name: String, mut place: Place, list: &mut Tokens) {
        while !list.at_end() && !list.is_punct('=') {
            if let Some(token) = list.next() {
                place = place.to(Place::over([&token]));
                name.push_str(&token.to_string());
            }
        }
        list.take_to_comma();
        self.diag.grammar(place, "a name with `-` is written in quotes", format!("{name:?} = \"..\""));
    }

    /// A token of a list that begins no item.
    fn no_name(&mut self, list: &mut Tokens, key: &'static Key) {
        if let Some(token) = list.peek() {
            let message = format!("expected an item of `{}`, found `{token}`", key.name);
            self.diag.grammar(Place::over([token]), message, key.example);
        }
        list.skip_entry();
    }
}
