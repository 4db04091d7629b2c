//! Texts with what is filled in: once, when the provider is resolved, or with each request.

use std::borrow::Cow;

use acf_rules::uri;
use zeroize::Zeroizing;

use crate::error::Error;

/// A text with `{names}`: of what only a request knows, once everything else is filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Template(Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Slot(String),
}

impl Template {
    /// Parses a text, and fills in what `known` knows. A brace that encloses no name is text.
    pub(crate) fn new<'a>(text: &str, known: impl Fn(&str) -> Option<Cow<'a, str>>) -> Self {
        let mut template = Self(Vec::new());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            template.push(before);
            match after.split_once('}').filter(|(name, _)| uri::is_placeholder(name)) {
                Some((name, behind)) => {
                    match known(name) {
                        Some(value) => template.push(&value),
                        None => template.0.push(Piece::Slot(name.to_owned())),
                    }
                    rest = behind;
                }
                None => {
                    template.push("{");
                    rest = after;
                }
            }
        }
        template.push(rest);
        template
    }

    fn push(&mut self, text: &str) {
        match self.0.last_mut() {
            _ if text.is_empty() => {}
            Some(Piece::Text(last)) => last.push_str(text),
            _ => self.0.push(Piece::Text(text.to_owned())),
        }
    }

    /// The whole text, where nothing is left to fill in.
    pub(crate) fn plain(&self) -> Option<&str> {
        match self.0.as_slice() {
            [] => Some(""),
            [Piece::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// The names that are left.
    pub(crate) fn slots(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Slot(name) => Some(name.as_str()),
            Piece::Text(_) => None,
        })
    }

    /// The text with everything filled in; `encode` is applied to what is filled in.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration), which names what nobody knows.
    pub(crate) fn fill<'a>(
        &self,
        known: impl Fn(&str) -> Option<Cow<'a, str>>,
        encode: impl Fn(&mut String, &str),
    ) -> Result<Zeroizing<String>, Error> {
        let mut filled = Zeroizing::new(String::new());
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => filled.push_str(text),
                Piece::Slot(name) => {
                    let value = known(name).ok_or_else(|| {
                        Error::configuration(format!(
                            "nothing provides `{{{name}}}`: neither the callback nor the token response had it"
                        ))
                    })?;
                    let value = Zeroizing::new(value.into_owned());
                    encode(&mut filled, &value);
                }
            }
        }
        Ok(filled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_is_filled_in_and_the_rest_waits() {
        let known = |name: &str| (name == "a").then_some(Cow::Borrowed("A"));
        let template = Template::new("x{a}y{b}{a}{\"c\":{}}{1}", known);
        assert_eq!(template.slots().collect::<Vec<_>>(), ["b"]);
        assert_eq!(template.plain(), None);
        let filled = template.fill(|_| Some(Cow::Borrowed("B/")), crate::form::encode).unwrap();
        assert_eq!(filled.as_str(), "xAyB%2FA{\"c\":{}}{1}");
        assert!(template.fill(|_| None, crate::form::encode).unwrap_err().to_string().contains("`{b}`"));
        assert_eq!(Template::new("{a}", known).plain(), Some("A"));
        assert_eq!(Template::new("", known).plain(), Some(""));
    }
}
