//! A cursor over the tokens of an attribute.

use std::collections::VecDeque;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use crate::{diag::Place, literal::Literal};

/// What stands behind `=`, up to the next comma.
pub(crate) struct Raw {
    pub(crate) tokens: Vec<TokenTree>,
    pub(crate) shape: Shape,
}

pub(crate) enum Shape {
    Missing,
    Literal(Literal),
    Boolean,
    /// An identifier or a path; with the first identifier, if that is not `::`.
    Path(Option<String>),
    Other,
}

impl Raw {
    /// The text of a plain string literal.
    pub(crate) fn literal(&self) -> Option<&str> {
        match &self.shape {
            Shape::Literal(Literal::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// Whether this is the whole path of something, and not only the beginning of one.
    pub(crate) fn is_path(&self) -> bool {
        let ends = match self.tokens.last() {
            Some(TokenTree::Ident(_)) => true,
            Some(TokenTree::Punct(punct)) => punct.as_char() == '>',
            _ => false,
        };
        let colons = self.tokens.split(|token| !matches!(token, TokenTree::Punct(punct) if punct.as_char() == ':'));
        ends && matches!(self.shape, Shape::Path(_)) && colons.map(<[_]>::len).all(|colons| matches!(colons, 0 | 2))
    }

    pub(crate) fn place(&self) -> Place {
        Place::over(&self.tokens)
    }

    /// The text of the only string literal, as in `String::from("x")` and `"x".to_owned()`.
    pub(crate) fn only_text(&self) -> Option<String> {
        let mut texts = Vec::new();
        literals(self.stream(), &mut texts);
        texts.pop().filter(|_| texts.is_empty())
    }

    pub(crate) fn stream(&self) -> TokenStream {
        self.tokens.iter().cloned().collect()
    }

    /// The tokens as they would be written, for a message.
    pub(crate) fn written(&self) -> String {
        if let [TokenTree::Ident(ident)] = self.tokens.as_slice() {
            return ident.to_string();
        }
        written(self.stream())
    }
}

fn literals(tokens: TokenStream, texts: &mut Vec<String>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => literals(group.stream(), texts),
            TokenTree::Literal(literal) => {
                if let Literal::Text(text) = Literal::read(&literal.to_string()) {
                    texts.push(text);
                }
            }
            _ => {}
        }
    }
}

fn written(tokens: TokenStream) -> String {
    let text = tokens.to_string();
    text.replace(" :: ", "::").replace(":: ", "::").replace(" !", "!").replace("! (", "!(").replace(" , ", ", ")
}

/// The tokens that are left of a list.
pub(crate) struct Tokens(VecDeque<TokenTree>);

impl Tokens {
    /// Unwraps the invisible groups around what a `macro_rules` macro has passed on.
    pub(crate) fn new(stream: TokenStream) -> Self {
        let mut tokens = VecDeque::new();
        for token in stream {
            match token {
                TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
                    tokens.extend(Self::new(group.stream()).0);
                }
                other => tokens.push_back(other),
            }
        }
        Self(tokens)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The tokens as they would be written, for a message.
    pub(crate) fn written(&self) -> String {
        written(self.0.iter().cloned().collect())
    }

    pub(crate) fn peek(&self) -> Option<&TokenTree> {
        self.0.front()
    }

    pub(crate) fn next(&mut self) -> Option<TokenTree> {
        self.0.pop_front()
    }

    /// Whether the next token is this punctuation character.
    pub(crate) fn is_punct(&self, wanted: char) -> bool {
        matches!(self.peek(), Some(TokenTree::Punct(punct)) if punct.as_char() == wanted)
    }

    /// Whether nothing is left before the next comma, or before a semicolon where a comma was meant.
    pub(crate) fn at_end(&self) -> bool {
        self.is_empty() || self.is_punct(',') || self.is_punct(';')
    }

    /// Takes the next token if it is this punctuation character.
    pub(crate) fn take_punct(&mut self, wanted: char) -> Option<TokenTree> {
        if self.is_punct(wanted) { self.next() } else { None }
    }

    /// Takes the next token if it is a group in parentheses: what is in it, and where it is.
    pub(crate) fn take_list(&mut self) -> Option<(Self, Place)> {
        let list = match self.peek() {
            Some(token @ TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis => {
                (Self::new(group.stream()), Place::over([token]))
            }
            _ => return None,
        };
        self.next();
        Some(list)
    }

    /// Takes what is left before the next comma.
    pub(crate) fn take_to_comma(&mut self) -> Vec<TokenTree> {
        let mut taken = Vec::new();
        while !self.at_end() {
            taken.extend(self.next());
        }
        taken
    }

    /// Steps over everything up to and including the next comma.
    pub(crate) fn skip_entry(&mut self) {
        self.take_to_comma();
        self.next();
    }

    /// Takes a value. An identifier or literal behind a complete value is left: there a comma is missing.
    pub(crate) fn take_value(&mut self) -> Raw {
        let mut tokens = Vec::new();
        let shape = match self.peek() {
            _ if self.at_end() => return Raw { tokens, shape: Shape::Missing },
            Some(TokenTree::Literal(literal)) => Shape::Literal(Literal::read(&literal.to_string())),
            Some(TokenTree::Ident(ident)) if ident == "true" || ident == "false" => Shape::Boolean,
            Some(TokenTree::Ident(ident)) => Shape::Path(Some(ident.to_string())),
            Some(TokenTree::Punct(_)) if self.is_punct(':') => Shape::Path(None),
            _ => Shape::Other,
        };
        match shape {
            Shape::Literal(_) | Shape::Boolean => tokens.extend(self.next()),
            Shape::Path(_) => self.take_path(&mut tokens),
            _ => {}
        }
        let begins_another = matches!(self.peek(), Some(TokenTree::Ident(_) | TokenTree::Literal(_)));
        if self.at_end() || (begins_another && !matches!(shape, Shape::Other)) {
            return Raw { tokens, shape };
        }
        tokens.extend(self.take_to_comma());
        Raw { tokens, shape: Shape::Other }
    }

    /// Takes `::a::<B>::C`, or as much of it as there is.
    fn take_path(&mut self, taken: &mut Vec<TokenTree>) {
        loop {
            while let Some(colon) = self.take_punct(':') {
                taken.push(colon);
            }
            if let Some(TokenTree::Ident(_)) = self.peek() {
                taken.extend(self.next());
            } else if self.is_punct('<') {
                let mut depth = 0_usize;
                while let Some(token) = self.next() {
                    match &token {
                        TokenTree::Punct(punct) if punct.as_char() == '<' => depth += 1,
                        TokenTree::Punct(punct) if punct.as_char() == '>' => depth = depth.saturating_sub(1),
                        _ => {}
                    }
                    taken.push(token);
                    if depth == 0 {
                        break;
                    }
                }
            }
            if !self.is_punct(':') {
                return;
            }
        }
    }
}
