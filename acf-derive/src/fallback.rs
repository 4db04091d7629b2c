//! The implementation beside errors: with it, nothing that uses the provider adds an error of its own.

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::Provider;

/// An implementation that type-checks and does nothing; the errors beside it keep it from ever running.
pub(crate) fn fallback(provider: &Provider<'_>) -> TokenStream {
    let krate = provider.krate();
    let ident = provider.ident;
    let (impl_generics, type_generics, where_clause) = provider.generics.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #impl_generics #(#krate)*::OAuthProvider for #ident #type_generics #where_clause {
            fn definition() -> &'static #(#krate)*::Definition {
                loop {}
            }
            fn parts(&self) -> #(#krate)*::Parts<'_> {
                loop {}
            }
        }
    }
}
