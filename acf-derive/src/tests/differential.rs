//! What is read by hand is what syn reads: on items and literals put together at random out of everything that Rust allows
//! there. syn is too slow for each build of each user, and just right to measure against.

use std::str::FromStr;

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Data, DeriveInput, Fields, Lit};

use super::robust::Random;
use crate::{
    item::{Body, Item},
    literal::Literal,
};

const OUTER: &[&str] = &["", "#[a]", "#[a::b(c, d < e)]", "#[doc = \"x\"] #[cfg(any(a, b))]", "/// text"];
const VISIBILITY: &[&str] = &["", "pub", "pub(crate)", "pub(in a::b)"];
const PARAMETERS: &[&str] = &[
    "'a",
    "'b: 'a + 'static",
    "T",
    "U: Copy + Into<Vec<u8>>",
    "V: for<'x> Fn(&'x u8, (u8, u8)) -> Option<Vec<u8>> + ?Sized",
    "W: Iterator<Item = Vec<u8>> = std::iter::Empty<u8>",
    "const N: usize",
    "const M: usize = { 1 + (2 << 3) }",
    "const B: bool = true",
    "X = <u8 as A<B, C>>::D",
    "#[cfg(a)] Y: 'static",
];
const CLAUSES: &[&str] = &[
    "",
    "where T: Copy",
    "where Vec<T>: Into<Box<dyn Fn(u8) -> Vec<u8>>>, for<'x> &'x T: A<B = C>,",
    "where [u8; { 2 }]: Sized, <T as A>::B: C",
];
const TYPES: &[&str] = &[
    "u8",
    "Vec<(u8, [u8; 3])>",
    "HashMap<String, Vec<Option<u8>>>",
    "fn(A, B) -> Result<A, B>",
    "for<'x> fn(&'x u8) -> &'x u8",
    "Box<dyn Fn(A, B) -> Vec<u8> + Send>",
    "<T as A<B, C>>::D<E>",
    "&'a mut [&'static str]",
    "*const T",
    "A<'a, { N > 3 }, -1, \"x\">",
    "impl_trait::r#type::X<r#fn>",
    "(u8,)",
    "m!(a, b > c)",
    "!",
];
const NAMES: &[&str] = &["a", "client_id", "r#type", "_x", "é"];

impl Random {
    fn one<'a>(&mut self, pieces: &[&'a str]) -> &'a str {
        pieces[self.below(pieces.len())]
    }

    fn item(&mut self) -> String {
        let mut parameters: Vec<_> = (0..self.below(4)).map(|_| self.one(PARAMETERS)).collect();
        // Lifetimes come first.
        parameters.sort_by_key(|parameter| !parameter.starts_with('\''));
        let comma = self.one(&["", ","]);
        let generics = match self.below(3) {
            0 => String::new(),
            _ => format!("<{}{}>", parameters.join(", "), if parameters.is_empty() { "" } else { comma }),
        };
        let count = self.below(4);
        let fields: Vec<_> =
            (0..count).map(|_| (self.one(OUTER), self.one(VISIBILITY), self.one(NAMES), self.one(TYPES))).collect();
        let (clause, name) = (self.one(CLAUSES), self.one(&["X", "r#Self_", "Élan"]));
        let named: Vec<_> = fields.iter().map(|(a, v, n, t)| format!("{a}\n{v} {n}: {t}")).collect();
        let unnamed: Vec<_> = fields.iter().map(|(a, v, _, t)| format!("{a}\n{v} {t}")).collect();
        let rest = match self.below(8) {
            0 => format!("struct {name}{generics}({}) {clause};", unnamed.join(", ")),
            1 => format!("struct {name}{generics} {clause};"),
            2 => format!("enum {name}{generics} {clause} {{ A, B }}"),
            3 => format!("union {name}{generics} {clause} {{ {} }}", named.join(", ")),
            _ => format!("struct {name}{generics} {clause} {{ {}{comma} }}", named.join(", ")),
        };
        format!("{}\n{} {rest}", self.one(OUTER), self.one(VISIBILITY))
    }
}

/// Without white space, and without the commas that may stand before a closing bracket.
fn text(tokens: impl ToTokens) -> String {
    let text = tokens.to_token_stream().to_string().replace(char::is_whitespace, "");
    text.replace(",>", ">").trim_end_matches(',').to_owned()
}

fn of(tokens: &[TokenTree]) -> String {
    text(tokens.iter().cloned().collect::<TokenStream>())
}

#[test]
fn items_are_read_as_syn_reads_them() {
    let mut random = Random(2);
    let mut named = 0;
    for _ in 0..8_000 {
        let source = random.item();
        let Ok(expected) = syn::parse_str::<DeriveInput>(&source) else { continue };
        let item = Item::read(TokenStream::from_str(&source).unwrap()).unwrap_or_else(|| panic!("{source}"));
        assert_eq!(item.ident, expected.ident, "{source}");
        let (parameters, arguments, clause) = expected.generics.split_for_impl();
        let found = (of(&item.generics.parameters), of(&item.generics.arguments), of(&item.generics.clause));
        let empty = |text: String| if text == "<>" { String::new() } else { text };
        assert_eq!(
            (empty(found.0), empty(found.1), found.2),
            (text(parameters), text(arguments), text(clause)),
            "{source}"
        );
        let attributes: Vec<_> = expected.attrs.iter().map(|a| a.path().segments[0].ident.to_string()).collect();
        assert_eq!(item.attributes.iter().map(|a| a.name.to_string()).collect::<Vec<_>>(), attributes, "{source}");
        match (&item.body, &expected.data) {
            (Body::Fields(fields), Data::Struct(data)) => {
                let Fields::Named(expected) = &data.fields else { panic!("{source}") };
                named += 1;
                let found = fields.iter().map(|field| {
                    let ty = field.ty.start.join(field.ty.end).unwrap().source_text().unwrap();
                    (field.ident.to_string(), field.attributes.len(), text(TokenStream::from_str(&ty).unwrap()))
                });
                let expected = expected
                    .named
                    .iter()
                    .map(|field| (field.ident.as_ref().unwrap().to_string(), field.attrs.len(), text(&field.ty)));
                assert_eq!(found.collect::<Vec<_>>(), expected.collect::<Vec<_>>(), "{source}");
            }
            (Body::Other(_), Data::Struct(data)) => assert!(!matches!(data.fields, Fields::Named(_)), "{source}"),
            (Body::Other(_), _) => {}
            (Body::Fields(_), _) => panic!("{source}"),
        }
    }
    assert!(named > 1_000, "only {named} structs with named fields");
}

/// Pieces of literals, also such as no compiler accepts.
const PIECES: &[&str] = &[
    "a",
    "é",
    " ",
    "0",
    "7",
    "9_",
    "x",
    "\\n",
    "\\\\",
    "\\\"",
    "\\'",
    "\\x41",
    "\\u{e9}",
    "\\u{1_F600}",
    "\\\n   ",
    "\\0",
    "'",
    "#",
    ".",
    "e5",
    "u8",
    "{a}",
];

#[test]
fn literals_are_read_as_syn_reads_them() {
    let mut random = Random(3);
    let mut texts = 0;
    for _ in 0..20_000 {
        let inner: String = (0..random.below(5)).map(|_| random.one(PIECES)).collect();
        let (open, close) = [
            ("\"", "\""),
            ("r\"", "\""),
            ("r#\"", "\"#"),
            ("b\"", "\""),
            ("c\"", "\""),
            ("'", "'"),
            ("b'", "'"),
            ("", ""),
            ("1", ""),
            ("0x", ""),
            ("\"", "\"u8"),
        ][random.below(11)];
        let source = format!("{open}{inner}{close}");
        let Ok(tokens) = TokenStream::from_str(&source) else { continue };
        let [TokenTree::Literal(literal)] = tokens
            .into_iter()
            .collect::<Vec<_>>()
            .try_into()
            .unwrap_or_else(|_| [TokenTree::Punct(proc_macro2::Punct::new('-', proc_macro2::Spacing::Alone))])
        else {
            continue;
        };
        let found = Literal::read(&literal.to_string());
        match Lit::new(literal) {
            Lit::Str(lit) if lit.suffix().is_empty() => {
                texts += 1;
                assert_eq!(found, Literal::Text(lit.value()), "{source}");
            }
            Lit::Int(lit) if lit.suffix().is_empty() => {
                let Literal::Integer(digits) = found else { panic!("{source}: {found:?}") };
                let digits = digits.trim_start_matches('0');
                assert_eq!(if digits.is_empty() { "0" } else { digits }, lit.base10_digits(), "{source}");
            }
            Lit::Byte(_)
            | Lit::Char(_)
            | Lit::ByteStr(_)
            | Lit::CStr(_)
            | Lit::Str(_)
            | Lit::Float(_)
            | Lit::Int(_) => {
                assert!(matches!(found, Literal::Other(..)), "{source}: {found:?}");
            }
            _ => {}
        }
    }
    assert!(texts > 2_000, "only {texts} texts");
}
