//! A sound declaration becomes one implementation: a constant definition, and the values of the fields.
//!
//! Every extra token is paid for in each build of each user: logic belongs into the runtime crate. Nothing here brings a
//! name into scope, so no name of the user's can be in the way.

use acf_rules::uri;
use proc_macro2::{Delimiter, Group, Ident, Punct, Spacing, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};

use crate::{
    keys::{Key, Kind},
    model::{Field, Provider, Role},
    parse::Entry,
    value::{Text, Value},
};

/// The implementation.
pub(crate) fn expand(provider: &Provider<'_>) -> TokenStream {
    let krate = provider.krate();
    let name = &provider.name;
    let mut setters = Vec::new();
    let mut checks = TokenStream::new();
    set(provider, &provider.entries, &mut setters, &mut checks);
    let required = ["client_id", "redirect_uri"]
        .into_iter()
        .filter_map(|role| provider.fields().iter().find(|field| field.key().is_some_and(|key| key.name == role)))
        .map(|field| value(provider, field));
    let mut parts = Vec::new();
    provider.fields().iter().for_each(|field| part(provider, field, &krate, &mut parts));
    let lints = lints(provider);
    let this = Ident::new("self", provider.ident.span());
    // Resolved where the derive stands, so that a deprecated struct may have the derive without a warning.
    let mut ident = provider.ident.clone();
    ident.set_span(ident.span().resolved_at(Span::call_site()));
    let (impl_generics, type_generics, where_clause) = provider.generics.split_for_impl();
    quote! {
        #[automatically_derived]
        #lints
        impl #impl_generics #(#krate)*::OAuthProvider for #ident #type_generics #where_clause {
            fn definition() -> &'static #(#krate)*::Definition {
                #checks
                const { &#(#krate)*::Definition::new(#name) #(#setters)* }
            }
            fn parts(&#this) -> #(#krate)*::Parts<'_> {
                #(#krate)*::Parts::new(<Self as #(#krate)*::OAuthProvider>::definition() #(, #required)*) #(#parts)*
            }
        }
    }
}

/// The calls that put `entries` into the definition, and the checks of the constants among them.
fn set(provider: &Provider<'_>, entries: &[Entry], setters: &mut Vec<TokenTree>, checks: &mut TokenStream) {
    let here = Span::call_site();
    for Entry { key, value, .. } in entries {
        match value {
            Value::Text(text) => {
                check(provider, key, text, checks);
                if key.method != "new" {
                    call(setters, key.method, here, text.to_token_stream());
                }
            }
            Value::List(texts) => {
                texts.iter().for_each(|text| check(provider, key, text, checks));
                call(setters, key.method, here, quote!(&[#(#texts),*]));
            }
            Value::Map(pairs) => {
                pairs.iter().for_each(|(_, value)| check(provider, key, value, checks));
                let pairs = pairs.iter().map(|(name, value)| quote!((#name, #value)));
                call(setters, key.method, here, quote!(&[#(#pairs),*]));
            }
            Value::Choice { method: "", .. } | Value::Flag | Value::Path(_) | Value::Name(_) => {}
            Value::Choice { method, .. } => call(setters, method, here, TokenStream::new()),
            Value::Group(inner) => set(provider, inner, setters, checks),
        }
    }
}

/// Appends `.method(arguments)`, token by token: joining streams is what costs most in here.
fn call(tokens: &mut Vec<TokenTree>, method: &str, span: Span, arguments: TokenStream) {
    tokens.push(Punct::new('.', Spacing::Alone).into());
    tokens.push(Ident::new(method, span).into());
    tokens.push(Group::new(Delimiter::Parenthesis, arguments).into());
}

/// The rule of a constant whose text only the compiler will know. It is a constant itself, because that is evaluated by
/// `cargo check` too. The call begins and ends at the user's path, so that the error stands there; a segment in the
/// middle stays ours, so that no lint takes the call for the user's.
fn check(provider: &Provider<'_>, key: &Key, text: &Text, checks: &mut TokenStream) {
    let Some((module, function)) = key.rule.split_once("::").filter(|_| text.literal.is_none()) else { return };
    let (start, end) = (text.place.start, text.place.end);
    let krate = provider.krate();
    let at = krate.iter().cloned().map(|token| located(token, start));
    let (module, function) = (format_ident!("{module}"), format_ident!("{function}"));
    let separator = (key.name == "scope").then(|| match provider.text(&["scope_separator"]) {
        Some(separator) => quote!(, #separator),
        None => quote!(, " "),
    });
    let call = quote_spanned!(end=> check(#(#krate)*::__private::#module::#function(#text #separator)));
    checks.extend(quote!(const _: () = #(#at)*::__private::#call;));
}

/// `token` as if it stood at `span`, with the meaning it has where it came from.
fn located(mut token: TokenTree, span: Span) -> TokenTree {
    token.set_span(token.span().located_at(span));
    token
}

/// A field, as an argument. It stands at the type of the field: if that cannot have the role, the error is about the type.
/// `self` must mean the same everywhere, also where a macro has written the type.
fn value(provider: &Provider<'_>, field: &Field<'_>) -> TokenStream {
    let hygiene = provider.ident.span();
    let mut ident = field.ident.clone();
    ident.set_span(field.ty.end.resolved_at(hygiene));
    quote_spanned!(field.ty.start.resolved_at(hygiene)=> &self.#ident)
}

/// The call that hands a field to the flow, if it is not one of the two that every provider has.
fn part(provider: &Provider<'_>, field: &Field<'_>, krate: &[TokenTree], parts: &mut Vec<TokenTree>) {
    let start = field.ty.start.resolved_at(provider.ident.span());
    let value = value(provider, field);
    match (field.key(), field.roles.first()) {
        (Some(Key { kind: Kind::Endpoint, method, .. }), _) => {
            let endpoint = format_ident!("{method}");
            call(parts, "endpoint", start, quote!(#(#krate)*::Endpoint::#endpoint, #value));
        }
        (Some(Key { method: "", .. }), _) => {}
        (Some(key), _) => call(parts, key.method, start, value),
        (None, Some((Role::Placeholder(name), _))) => {
            let host = provider.templates().any(|template| in_host(template, name));
            let method = if host { "host_placeholder" } else { "placeholder" };
            call(parts, method, start, quote!(#name, #value));
        }
        _ => {}
    }
}

/// Whether the placeholder occurs in the host of this template.
fn in_host(template: &str, name: &str) -> bool {
    let Some((_, rest)) = template.split_once("://") else { return false };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    uri::placeholders(host).any(|used| used == name)
}

/// The lints that the struct allows, for the implementation as well. An expectation becomes an allowance: it is met, if
/// anywhere, in the struct. What is deprecated may still have its implementation.
fn lints(provider: &Provider<'_>) -> TokenStream {
    let mut lints = TokenStream::new();
    for attribute in provider.attributes {
        if let syn::Meta::List(list) = &attribute.meta
            && (list.path.is_ident("allow") || list.path.is_ident("expect"))
        {
            let tokens = &list.tokens;
            lints.extend(quote!(#[allow(#tokens)]));
        } else if attribute.path().is_ident("deprecated") {
            lints.extend(quote!(#[allow(deprecated)]));
        }
    }
    lints
}
