//! Nothing is in scope, and what could be is something else.
#![no_implicit_prelude]
#![allow(missing_docs, dead_code, non_camel_case_types, unreachable_pub, reason = "names that an expansion might use")]

mod shadowed {
    pub struct Option;
    pub struct Some;
    pub struct None;
    pub struct Result;
    pub struct Ok;
    pub struct Err;
    pub struct String;
    pub struct Vec;
    pub struct Box;
    pub struct Parts;
    pub struct Definition;
    pub struct OAuthProvider;
    pub struct Endpoint;
    pub struct str;
    pub mod core {}
    pub mod std {}
    pub trait Send {}
    pub struct u8;
    pub struct Hooks;
    pub const BASE: &::core::primitive::str = "https://forge.example";

    #[derive(::acf_core::OAuthProvider)]
    #[oauth(
        base_uri = BASE,
        authorization_path = "/{tenant}/a",
        access_token_path = "/t",
        scope("read"),
        authorize(params(a = "b")),
        client_auth = client_secret_basic_raw,
        hooks,
    )]
    #[derive(::core::clone::Clone)]
    pub struct X {
        client_id: ::acf_core::ClientId,
        client_secret: ::acf_core::ClientSecret,
        redirect_uri: ::acf_core::RedirectUri,
        tenant: ::std::string::String,
        token_endpoint: ::core::option::Option<::std::string::String>,
    }

    impl ::acf_core::Hooks for X {}
}

#[::core::prelude::v1::test]
fn compiles() {
    let definition = <shadowed::X as ::acf_core::OAuthProvider>::definition();
    ::std::assert_eq!(definition.name(), "x");
    let text = ::std::string::ToString::to_string(&definition);
    ::std::assert!(text.contains("base_uri=https://forge.example\n"));
}
