//! draft

mod diag;
mod expand;
mod fallback;
mod keys;
mod model;
mod parse;
mod suggest;
#[cfg(test)]
mod tests;
mod tokens;
mod validate;
mod value;

use proc_macro2::TokenStream;

use crate::diag::{Diag, Problem};

/// draft
#[proc_macro_derive(OAuthProvider, attributes(oauth))]
pub fn derive_oauth_provider(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let (problems, implementation) = run(input.into());
    problems.iter().map(Problem::to_compile_error).chain([implementation]).collect::<TokenStream>().into()
}

/// parse -> model -> validate -> expand, or fallback if there is a problem.
fn run(input: TokenStream) -> (Vec<Problem>, TokenStream) {
    let input = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return (Vec::new(), error.into_compile_error()),
    };
    let mut diag = Diag::default();
    let provider = model::Provider::new(&input, &mut diag);
    validate::validate(&provider, &mut diag);
    let problems = diag.finish();
    let implementation = if problems.is_empty() { expand::expand(&provider) } else { fallback::fallback(&provider) };
    (problems, implementation)
}
