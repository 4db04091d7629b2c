//! The whole macro, from the tokens of an item to its problems and its implementation.

use proc_macro2::{Span, TokenStream};

use crate::{
    diag::{Diag, Problem},
    expand, fallback,
    item::Item,
    model, validate,
};

/// parse -> model -> validate -> expand, or fallback if there is a problem.
pub(crate) fn run(input: TokenStream) -> (Vec<Problem>, TokenStream) {
    let Some(item) = Item::read(input) else {
        let nothing =
            Problem::new(Span::call_site(), "expected a struct", "put `#[derive(OAuthProvider)]` on a struct");
        return (Vec::new(), nothing.to_compile_error());
    };
    let mut diag = Diag::default();
    let provider = model::Provider::new(&item, &mut diag);
    let templates = model::Templates::of(&provider.entries);
    validate::validate(&provider, &templates, &mut diag);
    let problems = diag.finish();
    let implementation =
        if problems.is_empty() { expand::expand(&provider, &templates) } else { fallback::fallback(&provider) };
    (problems, implementation)
}
