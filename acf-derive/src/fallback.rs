//! The implementation beside errors: with it, nothing that uses the provider adds an error of its own.

use proc_macro2::{Span, TokenStream};

use crate::{emit::Emit, expand, model::Provider};

/// An implementation that type-checks and does nothing; the errors beside it keep it from ever running.
pub(crate) fn fallback(provider: &Provider<'_>) -> TokenStream {
    let body = || {
        let here = Span::call_site();
        let mut body = Emit::new(here, 2);
        body.words(&["loop"]).braces(Emit::new(here, 0));
        body
    };
    expand::implementation(provider, body(), body())
}
