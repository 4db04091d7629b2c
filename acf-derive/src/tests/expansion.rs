//! What a sound declaration becomes, and how much of it: every token is paid for in each build of each user.

use proc_macro2::{TokenStream, TokenTree};

use super::{derive, golden};

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

const EVERYTHING: &str = r#"
    #[oauth(
        name = "all", display_name = NAME, docs = "https://forge.example/docs", base_uri = consts::BASE,
        authorization_path = "/a", token_endpoint = "https://api.forge.example/{shop}/t", issuer = "https://forge.example",
        scope("read", WRITE), scope_separator = ",", post = json, client_auth = client_secret_basic,
        authorize(params(prompt = "consent")), token(headers("X-Version" = VERSION)), crate = crate::acf,
    )]
    #[allow(dead_code)]
    struct Everything<'a, T: Send> where T: Sync {
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

const HOST: &str = r#"
    #[oauth(
        base_uri = "https://{shop}.x.example:{port}/{tenant}", authorization_path = "/{shop}", access_token_path = "/{q}",
    )]
    struct Host { client_id: A, redirect_uri: B, shop: C, tenant: D, q: E, port: F }
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
    let text: Vec<_> = [SIX_FIELDS, EVERYTHING, HOST].iter().map(|source| lines(&expand(source))).collect();
    golden("expansion.txt", &format!("{}\n", text.join("\n\n")));
}

#[test]
fn at_most_150_tokens_for_six_fields() {
    let count = count(expand(SIX_FIELDS));
    assert!(count <= 150, "{count} tokens");
}
