//! What a sound declaration becomes, and how much of it: every token is paid for in each build of each user.

use acf_rules::declaration;
use proc_macro2::{TokenStream, TokenTree};

use super::{derive, golden};
use crate::value::quoted;

const SIX_FIELDS: &str = r#"
    #[oauth(
        base_uri = "https://login.forge.example",
        authorization_path = "/{tenant}/oauth2/authorize",
        access_token_path = "/{tenant}/oauth2/token",
        scope("openid", "email"),
        client_auth = client_secret_post,
    )]
    pub struct Forge {
        client_id: ClientId,
        client_secret: ClientSecret,
        redirect_uri: RedirectUri,
        tenant: String,
        scope: Option<Scopes>,
        #[oauth(skip)]
        timeout: u64,
    }
"#;

/// A provider that deviates hardly.
pub(super) const STACK_EXCHANGE: &str = r#"
    #[oauth(
        base_uri = "https://stackoverflow.com", authorization_path = "/oauth",
        access_token_path = "/oauth/access_token/json", scope("no_expiry"), scope_separator = ",", post = form,
        client_auth = client_secret_post, token_response(token_type = "Bearer", expires = "expires"),
    )]
    pub struct StackExchange { client_id: ClientId, client_secret: ClientSecret, redirect_uri: RedirectUri }
"#;

/// Constants everywhere, generics and lifetimes, another path of the crate.
const EVERYTHING: &str = r#"
    #[oauth(
        name = "all", display_name = NAME, docs = "https://forge.example/docs", base_uri = consts::BASE,
        authorization_path = "/a", token_endpoint = "https://api.forge.example/{shop}/t", issuer = "https://forge.example",
        scope("read", WRITE), scope_separator = ",", post = json, client_auth = client_secret_basic,
        authorize(params(prompt = "consent")), token(headers("X-Version" = VERSION)), crate = crate::acf,
        token_response(keep(a, names::TEAM)),
    )]
    #[allow(dead_code)]
    struct Everything<'a, T: Send + 'a = u8, const N: usize = 1> where T: Sync {
        #[oauth(client_id)]
        id: &'a str,
        client_secret: ClientSecret,
        redirect_uri: RedirectUri,
        #[oauth(param = shop)]
        r#type: T,
        base_uri: Option<BaseUri>,
        authorization_endpoint: Option<String>,
    }
"#;

/// A shop of many, each with its own host.
const SHOP: &str = r#"
    #[oauth(
        base_uri = "https://{shop}.x.example:{port}/{tenant}", authorization_path = "/{shop}", access_token_path = "/{q}",
        api(headers("X-Access-Token" = "{access_token}")),
    )]
    struct Shop { client_id: A, redirect_uri: B, shop: C, tenant: D, q: E, port: F }
"#;

/// A tenant with a default.
const TENANT: &str = r#"
    #[oauth(
        base_uri = "https://login.x.example", authorization_path = "/{tenant}/authorize", access_token_path = "/{tenant}/token",
        issuer = "https://login.x.example/{tenant}", placeholders(tenant = "common"), scope = "openid email",
        client_auth = private_key_jwt,
    )]
    struct Tenant { client_id: A, redirect_uri: B, signing_key: K, tenant: Option<String>, scope: Option<Scopes> }
"#;

/// Much of what can deviate.
pub(super) const SHAPED: &str = r#"
    #[oauth(
        base_uri = "https://open.x.example", authorization_path = "/auth", access_token_path = "/v2/token",
        revocation_path = "/v2/revoke", userinfo_path = "/v2/user", scope_separator = ",",
        client_auth = client_secret_post, pkce = off, opaque_redirect_uri,
        authorize(rename(client_id = "client_key"), omit(response_type), raw(scope), fragment = "done"),
        token(rename(client_id = "client_key"), params(action = "requesttoken"), method = get, post = query),
        refresh(margin = 60, grant_type = "refresh", omit(refresh_token)), revoke(status = 204, method = delete),
        userinfo(path = "/data/user", id = "open_id"),
        token_response(
            path = "/body", expires_unit = minutes, zero_is_never, default_lifetime = 3600, keep(userid, "/user/id"),
            error(path = "/status", ok = "0", description = "/error"),
        ),
        callback(rename(code = "auth_code"), capture(realmId), form_post, denied(cancelled, "user cancelled")),
    )]
    struct Shaped { client_id: A, client_secret: S, redirect_uri: B }
"#;

/// What data cannot say.
const HOOKED: &str = r#"
    #[oauth(base_uri = "https://x.example", authorization_path = "/a", access_token_path = "/t", hooks, client_id = "cli")]
    #[derive(Clone)]
    #[deprecated]
    struct Hooked { redirect_uri: B, #[oauth(userinfo_endpoint)] me: Option<String> }
"#;

/// Words, literals and punctuation, each delimiter as one, `::` as one.
fn count(tokens: TokenStream) -> usize {
    let mut joint = false;
    let mut count = 0;
    for token in tokens {
        let second = std::mem::replace(
            &mut joint,
            matches!(&token, TokenTree::Punct(p) if p.as_char() == ':' && p.spacing() == proc_macro2::Spacing::Joint),
        );
        count += match token {
            TokenTree::Group(group) => 2 + self::count(group.stream()),
            TokenTree::Punct(punct) if second && punct.as_char() == ':' => 0,
            _ => 1,
        };
    }
    count
}

fn expand(source: &str) -> TokenStream {
    let (problems, implementation) = derive(source);
    assert!(problems.is_empty(), "{problems:?}");
    implementation
}

/// One statement per line.
fn lines(tokens: &TokenStream) -> String {
    let text = tokens.to_string().replace(") . ", ")\n        .").replace(" . ", ".");
    text.replace(" { ", " {\n    ").replace("} } ", "}\n}\n").replace("} fn ", "}\nfn ").replace("; ", ";\n    ")
}

#[test]
fn expansions() {
    let sources = [SIX_FIELDS, STACK_EXCHANGE, SHOP, TENANT, EVERYTHING, SHAPED, HOOKED];
    let text: Vec<_> = sources.iter().map(|source| lines(&expand(source))).collect();
    golden("expansion.txt", &format!("{}\n", text.join("\n\n")));
}

#[test]
fn at_most_100_tokens_for_six_fields() {
    let count = count(expand(SIX_FIELDS));
    assert!(count <= 100, "{count} tokens");
}

/// What is written is what the runtime reads: entry by entry, with the rules still content.
#[test]
fn the_written_declaration_is_read_back() {
    for source in [SIX_FIELDS, STACK_EXCHANGE, SHOP, TENANT, SHAPED, HOOKED] {
        let literal = written(source);
        let entries: Vec<_> = declaration::read(&literal).collect();
        assert_eq!(entries.len(), literal.lines().count(), "{literal}");
        let written: String = entries
            .iter()
            .map(|entry| {
                let whole: Vec<_> =
                    [entry.group, entry.key.name, entry.name].into_iter().filter(|part| !part.is_empty()).collect();
                format!("{}={}\n", whole.join("."), entry.value.text().unwrap())
            })
            .collect();
        assert_eq!(written, literal);
    }
}

/// The declaration that a source becomes.
pub(super) fn written(source: &str) -> String {
    strings(expand(source)).into_iter().find(|text| text.starts_with("name=")).unwrap()
}

/// Every string literal.
fn strings(tokens: TokenStream) -> Vec<String> {
    let mut found = Vec::new();
    for token in tokens {
        match &token {
            TokenTree::Group(group) => found.extend(strings(group.stream())),
            token => found.extend(quoted(token)),
        }
    }
    found
}
