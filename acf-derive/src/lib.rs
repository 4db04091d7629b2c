//! draft

/// draft
#[proc_macro_derive(OAuthProvider, attributes(oauth))]
pub fn derive_oauth_provider(_: proc_macro::TokenStream) -> proc_macro::TokenStream {
    proc_macro::TokenStream::new()
}
