//! What the derive accepts, and what it makes of it.
#![deny(warnings, missing_docs, unused_qualifications, clippy::pedantic)]
#![allow(clippy::unwrap_used, clippy::panic, clippy::string_slice, reason = "helpers of tests")]

use acf_core::{
    BaseUri, ClientId, ClientSecret, Described, Hooks, HostLabel, OAuthProvider, Parts, RedirectUri, Scopes,
};

/// A declaration of every kind of key.
#[derive(OAuthProvider, Debug, Clone)]
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
    placeholders(version = "v2"),
    scope("read", consts::SCOPE),
    scope_separator = consts::SEPARATOR,
    scope_param = "user_scope",
    post = json,
    client_auth = client_secret_basic,
    pkce = plain,
    hooks
)]
#[oauth(
    authorize(params(prompt = "consent", "access_type" = consts::OFFLINE), omit(redirect_uri, "scope")),
    token(params(audience = "api",), headers("X-Version" = "{version}", Accept = consts::ACCEPT), method = get),
    refresh(margin = 1_000),
    token_response(token_type = "Bearer", scope_list, keep(team, "/user/id", consts::KEPT), error(path = "/ok", ok = "true")),
    callback(capture = realmId, form_post),
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

impl Hooks for Everything {}

mod consts {
    pub(crate) const SCOPE: &str = "write";
    pub(crate) const SEPARATOR: &str = "+";
    pub(crate) const OFFLINE: &str = "offline";
    pub(crate) const ACCEPT: &str = "application/json";
    pub(crate) const KEPT: &str = "bot";
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

/// The debug output of parts holds these, in order.
#[track_caller]
fn holds(parts: &Parts<'_>, pieces: &[&str]) {
    let text = format!("{parts:?}");
    let mut rest = text.as_str();
    for piece in pieces {
        let at = rest.find(piece).unwrap_or_else(|| panic!("no {piece} in {rest}\nin all: {text}"));
        rest = &rest[at + piece.len()..];
    }
}

#[test]
fn every_key_reaches_the_definition() {
    assert_eq!(
        Everything::declaration(),
        "name=all
display_name=All Keys
docs=https://forge.example/docs
base_uri=https://{shop}.forge.example/v1
authorization_path=/{tenant}/authorize
token_endpoint=https://api.forge.example/token
refresh_path=/refresh
revocation_path=/revoke
userinfo_endpoint=https://api.forge.example/me
issuer=https://forge.example
placeholders.version=v2
scope=read
scope=write
scope_separator=+
scope_param=user_scope
post=json
client_auth=client_secret_basic
pkce=plain
hooks=
authorize.params.prompt=consent
authorize.params.access_type=offline
authorize.omit=redirect_uri
authorize.omit=scope
token.params.audience=api
token.headers.X-Version={version}
token.headers.Accept=application/json
token.method=get
refresh.margin=1000
token_response.token_type=Bearer
token_response.scope_list=
token_response.keep=team
token_response.keep=/user/id
token_response.keep=bot
error.path=/ok
error.ok=true
callback.capture=realmId
callback.form_post=
"
    );
    let definition = Everything::definition();
    assert_eq!((definition.name(), definition.display_name()), ("all", "All Keys"));
    assert_eq!(definition.docs(), Some("https://forge.example/docs"));
    assert_eq!(definition.scopes().collect::<Vec<_>>(), ["read", "write"]);
}

#[test]
fn every_role_reaches_the_parts() {
    let provider = everything();
    assert_eq!(provider.retries, 3);
    let parts: Parts<'_> = provider.parts();
    holds(
        &parts,
        &[
            r#"client_id: "id""#,
            "client_secret: Some(ClientSecret(***))",
            r#"redirect_uri: "https://app.example/callback""#,
            "base_uri: None",
            r#"endpoints: [None, Some("https://token.example/t"), None,"#,
            r#"scopes: Some({"admin"})"#,
            // Their values may be secrets, and are not shown.
            r#"placeholders: ["shop", "tenant"]"#,
            "hooks: true",
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
    assert_eq!(
        <Generic<'_, String> as OAuthProvider>::declaration(),
        "name=generic\nbase_uri=https://forge.example\nauthorization_path=/authorize\naccess_token_path=/token\n\
         scope=read\nscope=write\nclient_auth=client_secret_post\n"
    );
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
    holds(&provider.parts(), &[r#"placeholders: ["type", "D", "f"]"#]);
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
    assert_eq!(reexported.describe().scopes().collect::<Vec<_>>(), ["write"]);
    let literal = FromLiteral {
        client_id: client_id.clone(),
        client_secret: "s".parse().unwrap(),
        redirect_uri: redirect_uri.clone(),
    };
    let constant = FromConst { client_id, client_secret: None, redirect_uri };
    for definition in [literal.describe(), constant.describe()] {
        assert!(definition.to_string().contains("base_uri=https://forge.example\n"), "{definition}");
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
    assert!(local.describe().to_string().contains("base_uri=https://here.example\n"));
}

/// A deprecated struct is named by its implementation, which is no use of it.
#[deprecated]
#[derive(OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/a", access_token_path = "/t")]
pub struct Old {
    client_id: ClientId,
    redirect_uri: RedirectUri,
}

/// Credentials of a program that everybody has: there are no fields.
#[derive(OAuthProvider, Clone, Copy)]
#[oauth(
    client_id = CLI,
    redirect_uri = "http://127.0.0.1:8000/callback",
    authorization_endpoint = "https://a.example/authorize",
    token_endpoint = "https://b.example/token",
)]
struct Cli {}

const CLI: &str = "forge-cli";

#[test]
fn a_program_without_fields() {
    holds(&Cli {}.parts(), &[r#"client_id: """#, "client_secret: None", r#"redirect_uri: """#]);
    assert!(Cli::declaration().contains("\nclient_id=forge-cli\nredirect_uri=http://127.0.0.1:8000/callback\n"));
}
