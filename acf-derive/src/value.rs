//! Values by the kinds of the table, and what to say where a value is of another kind. Each becomes entries: one, or one
//! for each item of a list.

use acf_rules::language::{Key, Kind};
use proc_macro2::{Ident, TokenTree};

use crate::{
    diag::Place,
    literal::Literal,
    parse::{Places, Reader},
    tokens::{Raw, Shape, Tokens},
};

/// A value.
#[derive(Debug)]
pub(crate) enum Value {
    /// A text that is known here. That of a flag is empty.
    Text(String),
    /// The path of a constant.
    Constant(Vec<TokenTree>),
    /// An attempt that has a mistake.
    Attempted,
}

/// An identifier without `r#`.
pub(crate) fn plain(ident: &Ident) -> String {
    let mut name = ident.to_string();
    if name.starts_with("r#") {
        name.drain(..2);
    }
    name
}

/// The text of a token that is a string literal.
pub(crate) fn quoted(token: &TokenTree) -> Option<String> {
    match token {
        TokenTree::Literal(literal) => match Literal::read(&literal.to_string()) {
            Literal::Text(text) => Some(text),
            _ => None,
        },
        _ => None,
    }
}

/// What a literal of the wrong kind is called.
fn describe(shape: &Shape) -> Option<&'static str> {
    match shape {
        Shape::Literal(Literal::Text(_)) => Some("a string literal"),
        Shape::Literal(Literal::Integer(_)) => Some("an integer"),
        Shape::Literal(Literal::Other(kind, _)) => Some(kind),
        Shape::Boolean => Some("a boolean"),
        _ => None,
    }
}

impl Reader<'_> {
    /// Reads what stands behind the name of a key, and adds what it says.
    pub(crate) fn value(&mut self, key: &'static Key, at: Place, tokens: &mut Tokens) {
        if let Kind::Flag | Kind::Role | Kind::Endpoint(_) | Kind::Skip = key.kind {
            return self.flag(key, at, tokens);
        }
        let Some((list, place)) = tokens.take_list() else {
            self.equals(tokens);
            let raw = tokens.take_value();
            return self.single(key, at, raw);
        };
        match key.kind {
            Kind::Scopes | Kind::Names(_) | Kind::Map(_) | Kind::Group(_) if list.is_empty() => {
                let help = format!("write `{}`, or remove it", key.example);
                self.refuse(key, place, format!("empty `{}()` has no effect", key.name), help);
            }
            Kind::Scopes | Kind::Names(_) => self.items(key, at, list),
            Kind::Map(_) => self.map(key, at, list),
            Kind::Group(keys) => {
                let outer = std::mem::replace(&mut self.group, key.name);
                self.list(list, keys, &mut Vec::new());
                self.group = outer;
            }
            _ => self.refuse(key, place, format!("`{}` takes one value, not a list", key.name), key.example),
        }
    }

    fn flag(&mut self, key: &'static Key, at: Place, tokens: &mut Tokens) {
        let Some(token) = tokens.peek().filter(|token| matches!(token, TokenTree::Group(_)) || tokens.is_punct('='))
        else {
            return self.add(key, Places { key: at, name: at, value: at }, String::new(), Value::Text(String::new()));
        };
        let place = Place::over([token]);
        let off = tokens.take_to_comma().last().is_some_and(|token| token.to_string() == "false");
        let help = if off { "remove it".to_owned() } else { format!("write just `{}`", key.example) };
        self.refuse(key, place, format!("`{}` takes no value", key.name), help);
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
    fn single(&mut self, key: &'static Key, at: Place, raw: Raw) {
        let place = raw.place();
        let places = Places { key: at, name: at, value: place };
        let (name, example) = (key.name, key.example);
        match key.kind {
            _ if matches!(raw.shape, Shape::Missing) => {
                return self.refuse(key, at, format!("`{name}` needs a value"), example);
            }
            Kind::Text(_) | Kind::Scopes => {
                return match self.text(name, example, raw) {
                    Some(Value::Text(text)) if matches!(key.kind, Kind::Scopes) => self.split(key, places, &text),
                    value => self.add_or_attempt(key, places, value),
                };
            }
            Kind::Names(_) => {
                let value = self.item(key, raw);
                return self.add_or_attempt(key, places, value);
            }
            _ => {}
        }
        let text = match (key.kind, &raw.shape) {
            (Kind::Group(_) | Kind::Map(_), _) => {
                return self.refuse(key, place, format!("`{name}` takes a list in parentheses"), example);
            }
            (Kind::Path, Shape::Path(first)) => {
                return self.path(&raw.tokens, first.as_deref(), place, raw.written());
            }
            (Kind::Word(words), Shape::Literal(Literal::Text(text))) if words.contains(&text.as_str()) => {
                let help = format!("{name} = {text}");
                return self.refuse(key, place, format!("`{name}` takes a word without quotes"), help);
            }
            (Kind::Placeholder, Shape::Literal(Literal::Text(text))) => {
                let help = format!("{name} = {text}");
                return self.refuse(key, place, format!("`{name}` takes a word without quotes"), help);
            }
            // A word that is not known has a message of its own.
            (Kind::Word(_), Shape::Literal(Literal::Text(text))) => text.clone(),
            (Kind::Word(_), Shape::Path(_)) => raw.written(),
            (Kind::Placeholder, Shape::Path(Some(_))) if raw.tokens.len() == 1 => {
                raw.written().trim_start_matches("r#").to_owned()
            }
            (Kind::Number(_), Shape::Literal(Literal::Integer(digits))) => digits.clone(),
            (Kind::Number(_), shape) => {
                // What was meant, where the number itself is right.
                let digits = match shape {
                    Shape::Literal(Literal::Text(text) | Literal::Other(_, Some(text))) => Some(text),
                    _ => None,
                };
                let digits = digits.filter(|text| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()));
                let help = digits.map_or_else(|| example.to_owned(), |digits| format!("{name} = {digits}"));
                let message = format!("`{name}` takes a whole number, without quotes and without unit");
                return self.refuse(key, place, message, help);
            }
            (kind, shape) => {
                let what = if let Kind::Path = kind { "path" } else { "word" };
                let found = match (raw.literal(), describe(shape)) {
                    (Some(_), _) => " without quotes".to_owned(),
                    (_, Some(found)) => format!(", found {found}"),
                    _ => String::new(),
                };
                return self.refuse(key, place, format!("`{name}` takes a {what}{found}"), example);
            }
        };
        self.add(key, places, String::new(), Value::Text(text));
    }

    fn add_or_attempt(&mut self, key: &'static Key, places: Places, value: Option<Value>) {
        match value {
            Some(value) => self.add(key, places, String::new(), value),
            None => self.attempt(key),
        }
    }

    /// The path of a crate. A relative one would mean something else in each module.
    fn path(&mut self, tokens: &[TokenTree], first: Option<&str>, place: Place, written: String) {
        if matches!(first, None | Some("crate" | "$crate")) {
            self.krate.extend_from_slice(tokens);
            return;
        }
        let help = format!("crate = ::{written}, or crate = crate::{written}");
        self.diag.grammar(place, "the path must be absolute", help);
        self.krate.extend(crate::emit::colons(place.start));
        self.krate.extend_from_slice(tokens);
    }

    /// A string literal or the path of a constant.
    fn text(&mut self, name: &str, example: &str, raw: Raw) -> Option<Value> {
        let place = raw.place();
        let (message, help) = match raw.shape {
            Shape::Missing => (format!("`{name}` needs a value"), example.to_owned()),
            Shape::Literal(Literal::Text(text)) => return Some(Value::Text(text)),
            Shape::Literal(Literal::Other(found, Some(text))) if !found.contains("integer") => {
                (format!("expected a plain string literal, found {found}"), format!("{text:?}"))
            }
            Shape::Literal(_) | Shape::Boolean => {
                let found = describe(&raw.shape).unwrap_or_default();
                (format!("expected a string literal, found {found}"), example.to_owned())
            }
            Shape::Path(Some(ref first)) if first == "Self" => {
                let help = raw.written().replacen("Self", &self.owner.to_string(), 1);
                ("`Self` is not known where the constant is checked".to_owned(), format!("{name} = {help}"))
            }
            Shape::Path(_) if raw.is_path() => return Some(Value::Constant(raw.tokens)),
            _ => (
                format!("`{name}` must be a string literal or the path of a constant"),
                match raw.written() {
                    // No constant holds a `String`; what it is made of does.
                    text if text.starts_with('"') || text.starts_with("String::from") => match raw.only_text() {
                        Some(literal) => format!("{name} = {literal:?}"),
                        None => example.to_owned(),
                    },
                    text if text.starts_with("format!") => example.to_owned(),
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

    /// An item of a list: for names also an identifier, which then is the name itself.
    fn item(&mut self, key: &'static Key, raw: Raw) -> Option<Value> {
        if let (Kind::Names(_), [TokenTree::Ident(name)]) = (key.kind, raw.tokens.as_slice()) {
            return Some(Value::Text(plain(name)));
        }
        self.text(key.name, key.example, raw)
    }

    /// Reads `"a", b`.
    fn items(&mut self, key: &'static Key, at: Place, mut list: Tokens) {
        while !list.is_empty() {
            let raw = list.take_value();
            let place = raw.place();
            if let Shape::Missing = raw.shape {
                self.no_item(&mut list, key);
                continue;
            }
            if let (Kind::Names(_), Shape::Other, [TokenTree::Ident(_), TokenTree::Punct(punct), ..]) =
                (key.kind, &raw.shape, raw.tokens.as_slice())
                && matches!(punct.as_char(), '-' | '.')
            {
                let name: String = raw.tokens.iter().map(ToString::to_string).collect();
                let message = format!("a name with `{}` is written in quotes", punct.as_char());
                self.refuse(key, place, message, format!("{name:?}"));
            } else {
                let value = self.item(key, raw);
                self.add_or_attempt(key, Places { key: at, name: at, value: place }, value);
            }
            self.comma(&mut list, true);
        }
    }

    /// Splits `scope = "a b"`, whose parts can only be underlined together.
    fn split(&mut self, key: &'static Key, places: Places, text: &str) {
        let mut parts: Vec<_> = text.split(' ').collect();
        if parts.len() > 1 && parts.contains(&"") {
            parts.retain(|part| !part.is_empty());
            let list: Vec<_> = parts.iter().map(|part| format!("{part:?}")).collect();
            let list = if list.is_empty() { "\"read\"".to_owned() } else { list.join(", ") };
            self.refuse(key, places.value, "scopes are separated by one space", format!("scope({list})"));
        }
        for part in parts {
            self.add(key, places, String::new(), Value::Text(part.to_owned()));
        }
    }

    /// Reads `name = "..", "na-me" = ".."`.
    fn map(&mut self, key: &'static Key, at: Place, mut list: Tokens) {
        while let Some(token) = list.next() {
            let mut place = Place::over([&token]);
            let name = match &token {
                TokenTree::Ident(ident) => Some(plain(ident)),
                token => quoted(token),
            };
            let Some(name) = name else {
                self.refuse_item(&token, key);
                if !matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ',') {
                    list.skip_entry();
                }
                continue;
            };
            if list.is_punct('-') || list.is_punct('.') {
                let name = dashed(name, &mut place, &mut list);
                let value = value_of(&mut list);
                self.refuse(
                    key,
                    place,
                    "a name that is no identifier is written in quotes",
                    format!("{name:?} = {value}"),
                );
            } else if let Some((_, place)) = list.take_list() {
                self.refuse(key, place, format!("`{name}` takes one value, not a list"), format!("{name} = \"..\""));
            } else {
                self.equals(&mut list);
                let raw = list.take_value();
                let value = match &raw.shape {
                    Shape::Literal(Literal::Integer(_)) | Shape::Boolean => raw.written(),
                    _ => "..".to_owned(),
                };
                let places = Places { key: at, name: place, value: raw.place() };
                if let Shape::Missing = raw.shape {
                    self.refuse(key, place, format!("`{name}` needs a value"), format!("{name} = \"..\""));
                } else {
                    match self.text(&name, &format!("{name} = \"{value}\""), raw) {
                        Some(value) => self.add(key, places, name, value),
                        None => self.attempt_pair(key, name),
                    }
                }
            }
            self.comma(&mut list, true);
        }
    }

    /// A token of a list that begins no item.
    fn no_item(&mut self, list: &mut Tokens, key: &'static Key) {
        if let Some(token) = list.peek() {
            self.refuse_item(token, key);
        }
        list.skip_entry();
    }

    fn refuse_item(&mut self, token: &TokenTree, key: &'static Key) {
        let help = if token.to_string() == "," { "remove it" } else { key.example };
        self.refuse(key, Place::over([token]), format!("expected an item of `{}`, found `{token}`", key.name), help);
    }
}

/// A name such as `X-Version`, which is no identifier.
fn dashed(mut name: String, place: &mut Place, list: &mut Tokens) -> String {
    while !list.at_end() && !list.is_punct('=') {
        if let Some(token) = list.next() {
            *place = place.to(Place::over([&token]));
            name.push_str(&token.to_string());
        }
    }
    name
}

/// What stands behind `=`, as it was written.
fn value_of(list: &mut Tokens) -> String {
    list.take_punct('=');
    let raw = list.take_value();
    if raw.literal().is_some() || raw.is_path() { raw.written() } else { "\"..\"".to_owned() }
}
