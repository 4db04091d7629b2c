//! What the derive accepts, and what it makes of it.
#![deny(warnings, missing_docs, unused_qualifications, clippy::pedantic)]
#![allow(clippy::unwrap_used, clippy::panic, clippy::string_slice, reason = "helpers of tests")]

use acf_core::{BaseUri, ClientId, ClientSecret, HostLabel, OAuthProvider, Parts, RedirectUri, Scopes};

/// Everything that a declaration can say at once.
#[derive(OAuthProvider, Debug)]
#[oauth(
    name = "all",
    display_name = "All Keys",
    docs = "https://forge.example/docs",
    base_uri = "https://{shop}.forge.example/v1",
    authorization_path = "/{tenant}/authorize",
    token_endpoint = "https://api.forge.example/token",
    refresh_path = "/refresh",
    revocation_path = "/revoke",
    userinfo_endpoint = "https://api.forge.example/me",
    issuer = "https://forge.example",
    scope("read", consts::SCOPE),
    scope_separator = consts::SEPARATOR,
    scope_param = "user_scope",
    post = json,
    client_auth = client_secret_basic,
)]
#[oauth(
    authorize(params(prompt = "consent", "access_type" = consts::OFFLINE)),
    token(params(audience = "api",), headers("X-Version" = "2", Accept = consts::ACCEPT)),
    token_response(token_type = "Bearer", expires = "expires", scope_separator = ","),
)]
pub struct Everything {
    /// Ours.
    pub client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
    shop: HostLabel,
    #[oauth(param = tenant)]
    organisation: String,
    base_uri: Option<BaseUri>,
    #[oauth(scope)]
    wanted: Option<Scopes>,
    token_endpoint: Option<String>,
    #[oauth(skip)]
    retries: u8,
    #[cfg(any())]
    gone: u8,
}

mod consts {
    pub(crate) const SCOPE: &str = "write";
    pub(crate) const SEPARATOR: &str = "+";
    pub(crate) const OFFLINE: &str = "offline";
    pub(crate) const ACCEPT: &str = "application/json";
    pub(crate) const BASE: &str = "https://forge.example";
    pub(crate) const TOKEN: &str = "/token";
}

fn everything() -> Everything {
    Everything {
        client_id: "id".parse().unwrap(),
        client_secret: "secret".parse().unwrap(),
        redirect_uri: "https://app.example/callback".parse().unwrap(),
        shop: "toys".parse().unwrap(),
        organisation: "acme".to_owned(),
        base_uri: None,
        wanted: Some("admin".parse().unwrap()),
        token_endpoint: Some("https://token.example/t".to_owned()),
        retries: 3,
    }
}

/// The debug output holds every field of a definition or of parts, in order.
#[track_caller]
fn holds(value: &impl std::fmt::Debug, pieces: &[&str]) {
    let text = format!("{value:?}");
    let mut rest = text.as_str();
    for piece in pieces {
        let at = rest.find(piece).unwrap_or_else(|| panic!("no {piece} in {rest}\nin all: {text}"));
        rest = &rest[at + piece.len()..];
    }
}

#[test]
fn every_key_reaches_the_definition() {
    let definition = Everything::definition();
    assert_eq!(definition.name(), "all");
    assert_eq!(definition.display_name(), "All Keys");
    assert_eq!(definition.docs(), Some("https://forge.example/docs"));
    assert_eq!(definition.scopes().collect::<Vec<_>>(), ["read", "write"]);
    holds(
        definition,
        &[
            r#"base_uri: "https://{shop}.forge.example/v1""#,
            r#"["/{tenant}/authorize", "https://api.forge.example/token", "/refresh", "/revoke", "https://api.forge.example/me"]"#,
            r#"issuer: "https://forge.example""#,
            r#"scope_separator: "+""#,
            r#"scope_param: "user_scope""#,
            "post: Json",
            "client_auth: ClientSecretBasic",
            r#"authorize_params: Fixed([("prompt", "consent"), ("access_type", "offline")])"#,
            r#"token_params: Fixed([("audience", "api")])"#,
            r#"token_headers: Fixed([("X-Version", "2"), ("Accept", "application/json")])"#,
            r#"token_type: "Bearer""#,
            r#"expires: "expires""#,
            r#"response_scope_separator: ",""#,
        ],
    );
}

#[test]
fn every_role_reaches_the_parts() {
    let provider = everything();
    assert_eq!(provider.retries, 3);
    let parts: Parts<'_> = provider.parts();
    assert!(std::ptr::eq(parts.definition(), Everything::definition()));
    holds(
        &parts,
        &[
            r#"client_id: "id""#,
            "client_secret: Some(ClientSecret(***))",
            r#"redirect_uri: "https://app.example/callback""#,
            "base_uri: None",
            r#"endpoints: [None, Some("https://token.example/t"), None, None, None]"#,
            r#"scopes: Some({"admin"})"#,
            r#"Placeholder { name: "shop", value: "toys", host: true }"#,
            r#"Placeholder { name: "tenant", value: "acme", host: false }"#,
        ],
    );
}

/// The least that a declaration can say: a public client of two endpoints.
#[derive(OAuthProvider)]
#[oauth(authorization_endpoint = "https://a.example/authorize", token_endpoint = "https://b.example/token")]
struct PublicClient {
    client_id: ClientId,
    redirect_uri: RedirectUri,
}

#[test]
fn defaults() {
    let provider =
        PublicClient { client_id: "id".parse().unwrap(), redirect_uri: "http://127.0.0.1/cb".parse().unwrap() };
    assert_eq!(PublicClient::definition().name(), "public-client");
    assert_eq!(PublicClient::definition().display_name(), "public-client");
    assert_eq!(PublicClient::definition().docs(), None);
    holds(PublicClient::definition(), &["post: Form", "client_auth: None"]);
    holds(&provider.parts(), &["client_secret: None"]);
}

/// Types and lifetimes of its own, constants as values, and an inherent method of the trait's name.
#[derive(OAuthProvider)]
#[oauth(
    base_uri = consts::BASE,
    authorization_path = "/authorize",
    access_token_path = consts::TOKEN,
    scope = "read write",
    client_auth = client_secret_post,
)]
struct Generic<'a, T, const N: usize = 1>
where
    T: AsRef<str> + Send + Sync,
{
    client_id: &'a str,
    client_secret: Option<&'a ClientSecret>,
    redirect_uri: std::borrow::Cow<'a, str>,
    #[oauth(skip)]
    marker: std::marker::PhantomData<[T; N]>,
}

impl<T: AsRef<str> + Send + Sync, const N: usize> Generic<'_, T, N> {
    fn definition() -> u8 {
        1
    }
}

#[test]
fn generics_lifetimes_and_constants() {
    let secret = "secret".parse().unwrap();
    let provider = Generic::<'_, String, 2> {
        client_id: "id",
        client_secret: Some(&secret),
        redirect_uri: "https://app.example/cb".into(),
        marker: std::marker::PhantomData,
    };
    assert_eq!(Generic::<String>::definition(), 1);
    let definition = provider.parts().definition();
    assert_eq!(definition.scopes().collect::<Vec<_>>(), ["read", "write"]);
    holds(definition, &[r#"base_uri: "https://forge.example""#, r#"["/authorize", "/token""#]);
    holds(&provider.parts(), &["client_secret: Some(ClientSecret(***))"]);
    let dynamic: &dyn OAuthProvider = &provider;
    holds(&dynamic.parts(), &[r#"client_id: "id""#]);
}

/// Raw identifiers, names that an expansion might use itself, other derives, and lints.
#[derive(OAuthProvider, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/{type}/a", access_token_path = "/{D}/{f}/t")]
#[expect(non_snake_case, dead_code, reason = "the point of this test")]
#[allow(clippy::struct_field_names)]
struct r#Odd {
    #[serde(rename = "id")]
    client_id: ClientId,
    redirect_uri: RedirectUri,
    r#type: String,
    D: String,
    f: String,
    #[serde(default)]
    #[oauth(skip)]
    row: u8,
}

#[test]
fn odd_names() {
    let provider = Odd {
        client_id: "id".parse().unwrap(),
        redirect_uri: "https://app.example/cb".parse().unwrap(),
        r#type: "kind".to_owned(),
        D: "d".to_owned(),
        f: "f".to_owned(),
        row: 0,
    };
    assert_eq!(Odd::definition().name(), "odd");
    holds(&provider.parts(), &[r#"name: "type", value: "kind""#, r#"name: "D""#, r#"name: "f""#]);
}

mod reexporting {
    pub(crate) mod inner {
        pub(crate) use acf_core::*;
    }
}

/// The runtime crate under another path.
#[derive(OAuthProvider)]
#[oauth(
    crate = crate::reexporting::inner,
    base_uri = consts::BASE,
    authorization_path = "/a",
    access_token_path = "/t",
    scope(consts::SCOPE),
)]
struct Reexported {
    client_id: ClientId,
    redirect_uri: RedirectUri,
}

macro_rules! declare {
    ($name:ident, $base:expr, $path:literal, $secret:ty, $($word:ident)?) => {
        /// Made by a macro.
        #[derive(OAuthProvider)]
        #[oauth(crate = $crate::reexporting::inner, base_uri = $base, authorization_path = $path, access_token_path = "/t")]
        #[oauth(client_auth = client_secret_post)]
        struct $name {
            client_id: ClientId,
            client_secret: $secret,
            redirect_uri: RedirectUri,
        }
    };
}

declare!(FromLiteral, "https://forge.example", "/a", ClientSecret,);
declare!(FromConst, consts::BASE, "/a", Option<ClientSecret>,);

#[test]
fn other_paths_and_macros() {
    let (client_id, redirect_uri): (ClientId, RedirectUri) =
        ("id".parse().unwrap(), "https://app.example/cb".parse().unwrap());
    let reexported = Reexported { client_id: client_id.clone(), redirect_uri: redirect_uri.clone() };
    assert_eq!(reexported.parts().definition().scopes().collect::<Vec<_>>(), ["write"]);
    let literal = FromLiteral {
        client_id: client_id.clone(),
        client_secret: "s".parse().unwrap(),
        redirect_uri: redirect_uri.clone(),
    };
    let constant = FromConst { client_id, client_secret: None, redirect_uri };
    for definition in [literal.parts().definition(), constant.parts().definition()] {
        holds(definition, &[r#"base_uri: "https://forge.example""#]);
    }
}

/// A struct inside a function, with a constant of that function.
#[test]
fn inside_a_function() {
    const HERE: &str = "https://here.example";
    #[derive(OAuthProvider)]
    #[oauth(base_uri = HERE, authorization_path = "/a", access_token_path = "/t")]
    struct Local {
        client_id: String,
        redirect_uri: String,
    }
    let local = Local { client_id: "id".to_owned(), redirect_uri: "https://app.example/cb".to_owned() };
    holds(local.parts().definition(), &["https://here.example"]);
}

/// A deprecated struct is named by its implementation, which is no use of it.
#[deprecated]
#[derive(OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/a", access_token_path = "/t")]
pub struct Old {
    client_id: ClientId,
    redirect_uri: RedirectUri,
}
