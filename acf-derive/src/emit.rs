//! Tokens, put together one by one. The macro runs unoptimised in the build of each user, where joining streams is what
//! costs most: so there is one vector for each pair of delimiters, and nothing is parsed or quoted.

use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};

/// Tokens in the making.
pub(crate) struct Emit {
    tokens: Vec<TokenTree>,
    span: Span,
}

impl Emit {
    /// Nothing yet. All that is added stands at `span`.
    pub(crate) fn new(span: Span, capacity: usize) -> Self {
        Self { tokens: Vec::with_capacity(capacity), span }
    }

    pub(crate) fn token(&mut self, token: impl Into<TokenTree>) -> &mut Self {
        self.tokens.push(token.into());
        self
    }

    pub(crate) fn tokens(&mut self, tokens: &[TokenTree]) -> &mut Self {
        self.tokens.extend_from_slice(tokens);
        self
    }

    pub(crate) fn append(&mut self, mut other: Self) -> &mut Self {
        self.tokens.append(&mut other.tokens);
        self
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    pub(crate) fn stream(&mut self, stream: TokenStream) -> &mut Self {
        self.tokens.extend(stream);
        self
    }

    /// Identifiers and keywords, with a space between.
    pub(crate) fn words(&mut self, words: &[&str]) -> &mut Self {
        let span = self.span;
        self.tokens.extend(words.iter().map(|word| TokenTree::from(Ident::new(word, span))));
        self
    }

    /// Punctuation, each character alone but for `::` and `->`.
    pub(crate) fn puncts(&mut self, puncts: &str) -> &mut Self {
        let mut rest = puncts.chars().peekable();
        while let Some(c) = rest.next() {
            let joint = matches!((c, rest.peek()), (':', Some(':')) | ('-', Some('>')));
            self.punct(c, if joint { Spacing::Joint } else { Spacing::Alone });
        }
        self
    }

    fn punct(&mut self, c: char, spacing: Spacing) {
        let mut punct = Punct::new(c, spacing);
        punct.set_span(self.span);
        self.tokens.push(punct.into());
    }

    /// `'static` or another lifetime.
    pub(crate) fn lifetime(&mut self, name: &str) -> &mut Self {
        self.punct('\'', Spacing::Joint);
        self.words(&[name])
    }

    /// A string literal.
    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        let mut literal = Literal::string(text);
        literal.set_span(self.span);
        self.token(literal)
    }

    /// `::a::b` behind a path.
    pub(crate) fn path(&mut self, segments: &[&str]) -> &mut Self {
        for segment in segments {
            self.puncts("::").words(&[segment]);
        }
        self
    }

    pub(crate) fn group(&mut self, delimiter: Delimiter, inner: Self) -> &mut Self {
        let mut group = Group::new(delimiter, inner.finish());
        group.set_span(self.span);
        self.token(group)
    }

    pub(crate) fn parentheses(&mut self, inner: Self) -> &mut Self {
        self.group(Delimiter::Parenthesis, inner)
    }

    pub(crate) fn braces(&mut self, inner: Self) -> &mut Self {
        self.group(Delimiter::Brace, inner)
    }

    /// Nothing yet, at the same span.
    pub(crate) fn inner(&self) -> Self {
        Self::new(self.span, 8)
    }

    pub(crate) fn into_tokens(self) -> Vec<TokenTree> {
        self.tokens
    }

    pub(crate) fn finish(self) -> TokenStream {
        self.tokens.into_iter().collect()
    }
}

/// `::` at a place.
pub(crate) fn colons(span: Span) -> Vec<TokenTree> {
    let mut emit = Emit::new(span, 2);
    emit.puncts("::");
    emit.tokens
}
