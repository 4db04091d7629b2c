//! What the derive is put on, as far as it matters here: attributes, name, generics and fields.
//!
//! The compiler has parsed it before, so what is read here is an item. Reading just this much by hand, instead of building
//! a whole syntax tree, halves what the macro costs in each build of each user.

use proc_macro2::{Delimiter, Group, Ident, Spacing, Span, TokenStream, TokenTree};

use crate::{diag::Place, tokens::Tokens};

/// The item.
pub(crate) struct Item {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) ident: Ident,
    pub(crate) generics: Generics,
    pub(crate) body: Body,
}

/// What is in it.
pub(crate) enum Body {
    /// A struct with named fields.
    Fields(Vec<Field>),
    /// Anything else, and what says so.
    Other(Place),
}

/// A field.
pub(crate) struct Field {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) ident: Ident,
    pub(crate) ty: Place,
}

/// `#[name ..]`.
pub(crate) struct Attribute {
    pub(crate) place: Place,
    pub(crate) name: Ident,
    pub(crate) argument: Argument,
}

/// What stands behind the name of an attribute.
pub(crate) enum Argument {
    Nothing,
    List(TokenStream),
    Other,
}

/// Generics, ready for an implementation.
#[derive(Default)]
pub(crate) struct Generics {
    /// `<'a, T: Bound, const N: usize>`, without defaults.
    pub(crate) parameters: Vec<TokenTree>,
    /// `<'a, T, N>`.
    pub(crate) arguments: Vec<TokenTree>,
    /// `where ..`.
    pub(crate) clause: Vec<TokenTree>,
}

type Stream = std::iter::Peekable<std::vec::IntoIter<TokenTree>>;

fn stream(tokens: TokenStream) -> Stream {
    tokens.into_iter().collect::<Vec<_>>().into_iter().peekable()
}

fn is_punct(token: Option<&TokenTree>, wanted: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == wanted)
}

/// How deep in `<..>` what follows a token is.
#[derive(Default)]
struct Angles {
    depth: usize,
    arrow: bool,
}

impl Angles {
    fn pass(&mut self, token: &TokenTree) {
        let TokenTree::Punct(punct) = token else {
            self.arrow = false;
            return;
        };
        match punct.as_char() {
            '<' => self.depth += 1,
            '>' if !self.arrow => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        self.arrow = punct.as_char() == '-' && punct.spacing() == Spacing::Joint;
    }
}

impl Item {
    /// Reads an item; `None` for what is none.
    pub(crate) fn read(tokens: TokenStream) -> Option<Self> {
        let mut tokens = stream(tokens);
        let attributes = attributes(&mut tokens);
        visibility(&mut tokens);
        let (Some(TokenTree::Ident(keyword)), Some(TokenTree::Ident(ident))) = (tokens.next(), tokens.next()) else {
            return None;
        };
        if !["struct", "enum", "union"].iter().any(|known| keyword == known) {
            return None;
        }
        let mut generics = Generics::default();
        if is_punct(tokens.peek(), '<') {
            generics.read(&mut tokens);
        }
        let mut body = Body::Other(if keyword == "struct" { ident.span() } else { keyword.span() }.into());
        let mut angles = Angles::default();
        for token in tokens {
            match &token {
                TokenTree::Group(group) if group.delimiter() == Delimiter::Brace && angles.depth == 0 => {
                    if keyword == "struct" {
                        body = Body::Fields(fields(group));
                    }
                    break;
                }
                TokenTree::Group(group)
                    if group.delimiter() == Delimiter::Parenthesis && generics.clause.is_empty() =>
                {
                    let first = stream(group.stream()).collect::<Vec<_>>();
                    let end = split(&first).next().map(Place::over);
                    body = Body::Other(end.unwrap_or_else(|| ident.span().into()));
                }
                TokenTree::Punct(punct) if punct.as_char() == ';' => break,
                _ => {
                    angles.pass(&token);
                    generics.clause.push(token);
                }
            }
        }
        Some(Self { attributes, ident, generics, body })
    }
}

/// Reads `#[..] #[..]`.
fn attributes(tokens: &mut Stream) -> Vec<Attribute> {
    let mut attributes = Vec::new();
    while is_punct(tokens.peek(), '#') {
        let start = tokens.next().map_or_else(Span::call_site, |token| token.span());
        let Some(TokenTree::Group(group)) = tokens.next() else { continue };
        let mut inner = Tokens::new(group.stream());
        let Some(TokenTree::Ident(name)) = inner.next() else { continue };
        let argument = match inner.next() {
            None => Argument::Nothing,
            Some(TokenTree::Group(list)) if list.delimiter() == Delimiter::Parenthesis => Argument::List(list.stream()),
            Some(_) => Argument::Other,
        };
        attributes.push(Attribute { place: Place { start, end: group.span_close() }, name, argument });
    }
    attributes
}

/// Steps over `pub(in ..)`, and over the invisible group in which a macro hands on a visibility.
fn visibility(tokens: &mut Stream) {
    if matches!(tokens.peek(), Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::None) {
        tokens.next();
    } else if matches!(tokens.peek(), Some(TokenTree::Ident(ident)) if ident == "pub") {
        tokens.next();
        if matches!(tokens.peek(), Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis) {
            tokens.next();
        }
    }
}

fn fields(group: &Group) -> Vec<Field> {
    let mut tokens = stream(group.stream());
    let mut fields = Vec::new();
    while tokens.peek().is_some() {
        let attributes = attributes(&mut tokens);
        visibility(&mut tokens);
        let name = tokens.next();
        if let Some(TokenTree::Ident(_)) = name {
            tokens.next();
        }
        let (mut angles, mut ty) = (Angles::default(), None::<Place>);
        while let Some(token) = tokens.next_if(|token| angles.depth > 0 || !is_punct(Some(token), ',')) {
            angles.pass(&token);
            let place = Place::over([&token]);
            ty = Some(ty.map_or(place, |ty| ty.to(place)));
        }
        tokens.next();
        if let (Some(TokenTree::Ident(ident)), Some(ty)) = (name, ty) {
            fields.push(Field { attributes, ident, ty });
        }
    }
    fields
}

/// The parts between the commas that are in no angle brackets.
fn split(tokens: &[TokenTree]) -> impl Iterator<Item = &[TokenTree]> {
    let mut angles = Angles::default();
    tokens
        .split(move |token| {
            angles.pass(token);
            angles.depth == 0 && is_punct(Some(token), ',')
        })
        .filter(|part| !part.is_empty())
}

impl Generics {
    /// Reads `<..>`.
    fn read(&mut self, tokens: &mut Stream) {
        let mut angles = Angles::default();
        let mut all = Vec::new();
        for token in tokens.by_ref() {
            angles.pass(&token);
            all.push(token);
            if angles.depth == 0 {
                break;
            }
        }
        let [open, inner @ .., close] = all.as_slice() else { return };
        self.parameters.push(open.clone());
        self.arguments.push(open.clone());
        for parameter in split(inner) {
            let mut angles = Angles::default();
            let default = parameter.iter().position(|token| {
                angles.pass(token);
                angles.depth == 0 && is_punct(Some(token), '=')
            });
            let parameter = parameter.get(..default.unwrap_or(parameter.len())).unwrap_or(parameter);
            let comma = || TokenTree::from(proc_macro2::Punct::new(',', Spacing::Alone));
            self.parameters.extend(parameter.iter().cloned().chain([comma()]));
            self.arguments.extend(name(parameter).cloned().chain([comma()]));
        }
        self.parameters.push(close.clone());
        self.arguments.push(close.clone());
    }
}

/// The name of a generic parameter: `'a`, or the first identifier that is neither `const` nor in an attribute.
fn name(parameter: &[TokenTree]) -> impl Iterator<Item = &TokenTree> {
    let is_const = |token: &&TokenTree| matches!(token, TokenTree::Ident(ident) if ident == "const");
    let mut rest = parameter.iter().filter(move |token| !is_const(token)).skip_while(|token| {
        is_punct(Some(token), '#')
            || matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket)
    });
    let first = rest.next();
    let second = if is_punct(first, '\'') { rest.next() } else { None };
    first.into_iter().chain(second)
}

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use super::*;

    fn text(tokens: &[TokenTree]) -> String {
        tokens.iter().cloned().collect::<TokenStream>().to_string().replace(' ', "")
    }

    #[test]
    fn generics_become_parameters_and_arguments() {
        for (source, parameters, arguments, clause) in [
            ("struct X { }", "", "", ""),
            ("pub struct X<> { }", "<>", "<>", ""),
            ("struct X<'a, T> { a: T }", "<'a,T,>", "<'a,T,>", ""),
            (
                "pub(crate) struct X<'a: 'b, 'b, T: Fn(&'a u8) -> Vec<u8> + 'a = Box<dyn Fn() -> u8>, const N: usize = 3> { }",
                "<'a:'b,'b,T:Fn(&'au8)->Vec<u8>+'a,constN:usize,>",
                "<'a,'b,T,N,>",
                "",
            ),
            (
                "struct X<T: Iterator<Item = u8>, const N: usize = { 1 }> where Y<{ N }>: Z, T: Fn() -> u8 { a: T }",
                "<T:Iterator<Item=u8>,constN:usize,>",
                "<T,N,>",
                "whereY<{N}>:Z,T:Fn()->u8",
            ),
            ("struct X<#[doc = \"a\"] T>(T) where T: Copy;", "<#[doc=\"a\"]T,>", "<T,>", "whereT:Copy"),
        ] {
            let Item { generics, .. } = Item::read(TokenStream::from_str(source).unwrap()).unwrap();
            let found = (text(&generics.parameters), text(&generics.arguments), text(&generics.clause));
            assert_eq!(
                (found.0.as_str(), found.1.as_str(), found.2.as_str()),
                (parameters, arguments, clause),
                "{source}"
            );
        }
    }

    #[test]
    fn types_end_at_their_comma() {
        let source = "struct X { a: Vec<(u8, u8)>, pub b: HashMap<A, B>, #[x] pub(in a::b) r#c: fn(A, B) -> Result<A, B>, d: [u8; 3] }";
        let item = Item::read(TokenStream::from_str(source).unwrap()).unwrap();
        let Body::Fields(fields) = item.body else { panic!("no fields") };
        let found: Vec<_> = fields
            .iter()
            .map(|field| (field.ident.to_string(), field.ty.start.join(field.ty.end).unwrap().source_text().unwrap()))
            .collect();
        let expected =
            [("a", "Vec<(u8, u8)>"), ("b", "HashMap<A, B>"), ("r#c", "fn(A, B) -> Result<A, B>"), ("d", "[u8; 3]")];
        assert_eq!(found, expected.map(|(name, ty)| (name.to_owned(), ty.to_owned())));
    }

    #[test]
    fn what_is_no_item_is_none() {
        for source in ["", "fn f() {}", "struct", "5", "pub", "struct 5", "# struct X {}", "#[a"] {
            if let Ok(tokens) = TokenStream::from_str(source) {
                assert!(Item::read(tokens).is_none(), "{source}");
            }
        }
    }
}
