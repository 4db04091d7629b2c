//! What is believed of an issuer's metadata, and what becomes of them.

use acf_core::{ClientAuth, Credentials, Custom, Error, ErrorKind, Flow, Metadata, Next, http::ReqwestClient};
use serde_json::{Value, json};

use crate::{
    documents::{Case, ISSUER, document, documents},
    support::{Seen, Server, TOKEN, answer, json as json_answer, param},
};

fn read(changes: &Value) -> Result<Metadata, Error> {
    Metadata::from_json(ISSUER, document(ISSUER, changes))
}

fn secret() -> Credentials {
    Credentials::new("id").client_secret("s3cret".parse().unwrap()).redirect_uri("https://app.example/cb")
}

/// The attribute of a document, one line a key, without its frame.
fn attribute(changes: &Value, credentials: Credentials) -> String {
    let provider = read(changes).unwrap().provider(credentials).unwrap().name("x").build();
    let attribute = provider.unwrap_or_else(|error| panic!("{changes}: {error}")).definition().attribute();
    let lines = attribute.lines().filter_map(|line| line.strip_prefix("    ")).map(|line| line.trim_end_matches(','));
    lines.filter(|line| *line != "name = \"x\"").collect::<Vec<_>>().join("\n")
}

#[test]
fn documents_and_what_is_believed_of_them() {
    for Case { text, refused } in documents() {
        match (Metadata::from_json(ISSUER, text.clone()), refused) {
            (Ok(metadata), None) => assert_eq!(metadata.issuer(), ISSUER),
            (Err(error), Some((kind, says))) => {
                assert_eq!(error.kind(), kind, "{text}: {error}");
                assert!(error.to_string().contains(says) && !error.to_string().contains('\n'), "{text}: {error}");
            }
            (result, refused) => panic!("{text}: {result:?}, where {refused:?} was expected"),
        }
    }
    let null = document(ISSUER, &json!({})).replace('}', r#","scopes_supported":null,"revocation_endpoint":null}"#);
    let metadata = Metadata::from_json(ISSUER, null).unwrap();
    assert_eq!((metadata.scopes_supported(), metadata.revocation_endpoint()), (None, None));
    // An issuer on this machine has its endpoints here.
    let here = "http://127.0.0.1:8000";
    assert!(Metadata::from_json(here, document(here, &json!({"jwks_uri": "http://localhost:1/keys"}))).is_ok());
    for issuer in ["https://{tenant}.example", "https://a.example?b", "http://a.example"] {
        let error = Metadata::from_json(issuer, document(issuer, &json!({}))).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{issuer}");
    }
}

/// An issuer below `path`, which answers at its two addresses as it is told, and issues tokens.
async fn issuer(path: &'static str, rfc8414: fn(&str) -> Vec<u8>, openid: fn(&str) -> Vec<u8>) -> (Server, String) {
    let server = Server::start(move |seen| {
        let issuer = format!("http://{}{path}", seen.header("host").unwrap());
        match requested(seen) {
            url if url == format!("/.well-known/oauth-authorization-server{path}") => rfc8414(&issuer),
            url if url == format!("{path}/.well-known/openid-configuration") => openid(&issuer),
            url if url.ends_with("/token") => json_answer(200, TOKEN),
            url => panic!("{url}"),
        }
    })
    .await;
    let issuer = server.url(path);
    (server, issuer)
}

fn requested(seen: &Seen) -> String {
    seen.head.split(' ').nth(1).unwrap().to_owned()
}

fn sound(issuer: &str) -> Vec<u8> {
    json_answer(200, &document(issuer, &json!({"scopes_supported": ["openid"]})))
}

fn nothing(_: &str) -> Vec<u8> {
    answer(404, "", "")
}

#[tokio::test]
async fn the_second_address_is_asked_where_the_first_has_no_document() {
    type Answer = fn(&str) -> Vec<u8>;
    let html: Answer = |_| answer(200, "content-type: text/html; charset=utf-8\r\n", "<!doctype html>");
    let other: Answer = |_| sound("https://evil.example");
    /// The answer of the first, the kind of error and its status where that ends it, how many were asked.
    type Case = (&'static str, Answer, Option<(ErrorKind, Option<u16>)>, usize);
    let cases: &[Case] = &[
        ("there", sound, None, 1),
        ("404", nothing, None, 2),
        ("400", |_| answer(400, "", ""), None, 2),
        ("403", |_| json_answer(403, "{}"), None, 2),
        ("a page", html, None, 2),
        ("204", |_| answer(204, "", ""), Some((ErrorKind::Response, Some(204))), 1),
        ("302", |_| answer(302, "location: /a\r\n", ""), Some((ErrorKind::Response, Some(302))), 1),
        ("408", |_| answer(408, "", ""), Some((ErrorKind::Response, Some(408))), 1),
        ("429", |_| answer(429, "", ""), Some((ErrorKind::Response, Some(429))), 1),
        ("503", |_| answer(503, "", ""), Some((ErrorKind::Response, Some(503))), 1),
        ("a list", |_| json_answer(200, "[]"), Some((ErrorKind::Response, Some(200))), 1),
        ("no content type", |_| answer(200, "", "{}"), Some((ErrorKind::Response, Some(200))), 1),
        ("too large", |_| json_answer(200, &" ".repeat(300_000)), Some((ErrorKind::Response, None)), 1),
        ("another issuer", other, Some((ErrorKind::IssuerMismatch, None)), 1),
        ("nothing", |_| Vec::new(), Some((ErrorKind::Transport, None)), 1),
    ];
    let http = ReqwestClient::new().unwrap();
    for path in ["", "/t1", "/a/b"] {
        for (name, first, ends, asked) in cases {
            let (server, issuer) = issuer(path, *first, sound).await;
            let result = Metadata::fetch(&issuer, &http).await;
            match ends {
                None => assert_eq!(result.unwrap().issuer(), issuer, "{name}"),
                Some((kind, status)) => {
                    let error = result.expect_err(name);
                    assert_eq!((error.kind(), error.status()), (*kind, *status), "{name}: {error}");
                    assert_eq!(error.attribute(), None, "{name}: no attribute shapes this answer");
                }
            }
            assert_eq!(server.seen().len(), *asked, "{path} {name}");
        }
    }
    for second in [nothing, html] {
        let (server, issuer) = issuer("/t1", nothing, second).await;
        let error = Metadata::fetch(&issuer, &http).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Response);
        let inserted = server.url("/.well-known/oauth-authorization-server/t1");
        assert!(error.to_string().contains(&format!("404 Not Found at {inserted}, ")), "{error}");
        assert_eq!(server.seen().iter().filter(|seen| seen.header("accept") == Some("application/json")).count(), 2);
    }
    let (_, issuer) = issuer("/t1", |_| answer(503, "", ""), sound).await;
    let error = Metadata::fetch(&issuer, &http).await.unwrap_err();
    assert_eq!(error.next(), Next::Retry);
}

#[test]
fn the_declaration_of_a_document() {
    let paths =
        "base_uri = \"https://login.example\"\nauthorization_path = \"/authorize\"\naccess_token_path = \"/token\"";
    let issuer = "issuer = \"https://login.example\"";
    let basic = "client_auth = client_secret_basic";
    for (changes, expected) in [
        (json!({}), format!("{paths}\n{issuer}\n{basic}")),
        (
            json!({"scopes_supported": ["a"], "response_modes_supported": ["query"]}),
            format!("{paths}\n{issuer}\n{basic}"),
        ),
        (
            json!({
                "revocation_endpoint": "https://login.example/revoke?x=1",
                "introspection_endpoint": "https://LOGIN.example:443/introspect",
                "device_authorization_endpoint": "https://login.example/device",
                "pushed_authorization_request_endpoint": "https://login.example/par",
                "userinfo_endpoint": "https://api.example/me",
                "jwks_uri": "https://login.example/keys",
                "registration_endpoint": "https://login.example/register",
                "authorization_response_iss_parameter_supported": true,
                "code_challenge_methods_supported": ["plain"],
            }),
            format!(
                "{paths}\nrevocation_path = \"/revoke?x=1\"\nintrospection_path = \"/introspect\"\n\
                 device_authorization_path = \"/device\"\npushed_authorization_path = \"/par\"\n\
                 userinfo_endpoint = \"https://api.example/me\"\njwks_uri = \"https://login.example/keys\"\n{issuer}\n{basic}\n\
                 pkce = plain\ncallback(require_iss)"
            ),
        ),
        // Hosts of their own, of which two share one.
        (
            json!({"token_endpoint": "https://api.example/v1/t", "revocation_endpoint": "https://api.example/v1/r"}),
            format!(
                "base_uri = \"https://api.example\"\nauthorization_endpoint = \"https://login.example/authorize\"\n\
                 access_token_path = \"/v1/t\"\nrevocation_path = \"/v1/r\"\n{issuer}\n{basic}"
            ),
        ),
        // No two.
        (
            json!({"token_endpoint": "https://api.example/t"}),
            format!(
                "authorization_endpoint = \"https://login.example/authorize\"\ntoken_endpoint = \"https://api.example/t\"\n\
                 {issuer}\n{basic}"
            ),
        ),
        // A host that begins like another one, and is not below it.
        (
            json!({"token_endpoint": "https://login.example.evil.example/t"}),
            format!(
                "authorization_endpoint = \"https://login.example/authorize\"\n\
                 token_endpoint = \"https://login.example.evil.example/t\"\n{issuer}\n{basic}"
            ),
        ),
        (json!({"code_challenge_methods_supported": ["plain", "S256"]}), format!("{paths}\n{issuer}\n{basic}")),
        (json!({"code_challenge_methods_supported": ["S512"]}), format!("{paths}\n{issuer}\n{basic}")),
        // Nobody is sent anywhere.
        (
            json!({
                "grant_types_supported": ["client_credentials", "password", "urn:ietf:params:oauth:grant-type:device_code",
                    "urn:ietf:params:oauth:grant-type:token-exchange", "urn:x"],
                "introspection_endpoint": "https://login.example/introspect",
                "authorization_response_iss_parameter_supported": true,
                "code_challenge_methods_supported": ["plain"],
            }),
            format!(
                "base_uri = \"https://login.example\"\naccess_token_path = \"/token\"\nintrospection_path = \"/introspect\"\n\
                 {issuer}\n{basic}\ngrant_types(client_credentials, token_exchange)"
            ),
        ),
        (
            json!({
                "response_types_supported": ["token"],
                "grant_types_supported": ["authorization_code", "urn:ietf:params:oauth:grant-type:device_code", "refresh_token"],
                "device_authorization_endpoint": "https://login.example/device",
            }),
            format!(
                "base_uri = \"https://login.example\"\naccess_token_path = \"/token\"\n\
                 device_authorization_path = \"/device\"\n{issuer}\n{basic}\ngrant_types(refresh_token, device_code)"
            ),
        ),
    ] {
        assert_eq!(attribute(&changes, secret()), expected, "{changes}");
    }
    let useless = read(&json!({"grant_types_supported": ["password", "implicit", "refresh_token"]})).unwrap();
    assert_eq!(useless.provider(secret()).unwrap_err().kind(), ErrorKind::Configuration);
}

#[test]
fn endpoints_below_an_issuer_with_a_path() {
    let issuer = "https://sso.example/realms/a";
    let metadata = Metadata::from_json(issuer, document(issuer, &json!({}))).unwrap();
    let provider = metadata.provider(secret()).unwrap().build().unwrap();
    assert!(
        provider
            .definition()
            .attribute()
            .contains("base_uri = \"https://sso.example/realms/a\",\n    authorization_path = \"/authorize\",\n")
    );
    // Whoever could be taken for another issuer does not get its tokens.
    let name = |issuer: &str| {
        let metadata = Metadata::from_json(issuer, document(issuer, &json!({}))).unwrap();
        metadata.provider(secret()).unwrap().build().unwrap().definition().name().to_owned()
    };
    let names =
        [issuer, "https://sso.example/realms/b", "https://sso-example/realms/a", "https://sso.example:1/realms/a"];
    for (index, one) in names.iter().enumerate() {
        assert!(name(one).starts_with("sso-example-"));
        assert!(names.iter().skip(index + 1).all(|other| name(one) != name(other)), "{one}");
    }
}

/// Endpoints for clients that show a certificate, where that is the method.
#[test]
fn a_client_with_a_certificate_goes_to_its_own_endpoints() {
    let changes = json!({
        "userinfo_endpoint": "https://login.example/me",
        "mtls_endpoint_aliases": {"token_endpoint": "https://mtls.example/token", "userinfo_endpoint": "https://mtls.example/me"},
        "token_endpoint_auth_methods_supported": ["tls_client_auth"],
    });
    let client = Credentials::new("id").redirect_uri("https://app.example/cb");
    for method in [ClientAuth::TlsClientAuth, ClientAuth::SelfSignedTlsClientAuth] {
        let expected = "base_uri = \"https://mtls.example\"\nauthorization_endpoint = \"https://login.example/authorize\"\n\
                        access_token_path = \"/token\"\nuserinfo_path = \"/me\"\nissuer = \"https://login.example\"\n\
                        client_auth = ";
        assert_eq!(attribute(&changes, client.clone().client_auth(method)), format!("{expected}{}", method.name()));
    }
    assert!(!attribute(&changes, client).contains("mtls"), "it is never chosen");
}

#[test]
fn the_method_that_both_sides_know() {
    const NOBODY: &str = "nothing";
    let methods = |names: &[&str]| json!({"token_endpoint_auth_methods_supported": names});
    let key = include_str!("../keys/rfc7515-a3-p256.pem");
    let mut cases = vec![
        ("public", json!({}), "none"),
        ("public", methods(&["client_secret_basic"]), "none"),
        ("secret", json!({}), "client_secret_basic"),
        ("secret", methods(&["client_secret_post", "client_secret_basic"]), "client_secret_basic"),
        ("secret", methods(&["private_key_jwt", "client_secret_jwt", "client_secret_post"]), "client_secret_post"),
        ("secret", methods(&["private_key_jwt", "tls_client_auth", "none"]), NOBODY),
        ("secret", methods(&[]), NOBODY),
        ("named", methods(&["private_key_jwt"]), "client_secret_basic_raw"),
    ];
    if cfg!(feature = "jwt") {
        cases.extend([
            ("secret", methods(&["client_secret_jwt"]), "client_secret_jwt"),
            ("key", json!({}), "private_key_jwt"),
            ("key", methods(&["client_secret_basic", "private_key_jwt"]), "private_key_jwt"),
            ("key", methods(&["client_secret_basic"]), NOBODY),
            ("both", methods(&["client_secret_basic", "private_key_jwt"]), "private_key_jwt"),
            ("both", json!({}), "client_secret_basic"),
            ("both", methods(&["client_secret_post"]), "client_secret_post"),
        ]);
        let mut signed = |who, method: &str, algorithm: &str, expected| {
            let mut changes = methods(&[method]);
            changes["token_endpoint_auth_signing_alg_values_supported"] = json!([algorithm]);
            cases.push((who, changes, expected));
        };
        signed("key", "private_key_jwt", "ES256", "private_key_jwt");
        signed("key", "private_key_jwt", "RS256", NOBODY);
        signed("secret", "client_secret_jwt", "RS256", NOBODY);
    }
    for (who, changes, expected) in cases {
        let credentials = match who {
            "public" => Credentials::new("id"),
            "key" => Credentials::new("id").signing_key(key.parse().unwrap()),
            "both" => secret().signing_key(key.parse().unwrap()),
            "named" => secret().client_auth(ClientAuth::ClientSecretBasicRaw),
            _ => secret(),
        };
        match read(&changes).unwrap().provider(credentials.redirect_uri("https://app.example/cb")) {
            Ok(builder) => {
                // What is held beside the method's own is a mistake of a declaration, and none of who found it out.
                let error = builder.clone().build().err().filter(|_| who != "both");
                assert!(error.is_none(), "{who} {changes}: {error:?}");
                let shown = format!("{builder:?}");
                assert!(shown.contains(&format!("(\"client_auth\", \"{expected}\")")), "{who} {changes}: {shown}");
            }
            Err(error) => {
                assert_eq!((error.kind(), expected), (ErrorKind::Configuration, NOBODY), "{who} {changes}: {error}");
                assert!(error.to_string().contains("announces"), "{error}");
            }
        }
    }
}

#[tokio::test]
async fn a_login_with_a_provider_that_was_discovered() {
    let (server, issuer) = issuer(
        "/t1",
        |issuer| json_answer(200, &document(issuer, &json!({"authorization_response_iss_parameter_supported": true}))),
        nothing,
    )
    .await;
    let flow = Flow::discover(&issuer, secret()).await.unwrap();
    assert_eq!(flow.display_name(), server.address.to_string());
    let request = flow.begin("u").scope("read").await.unwrap();
    assert!(request.url.starts_with(&format!("{issuer}/authorize?")), "{}", request.url);
    assert_eq!(param(&request.url, "scope").as_deref(), Some("read"));
    let callback = format!("code=c&state={}", request.state.as_str());
    // It was announced that there is one.
    assert_eq!(flow.finish("u", &callback).await.unwrap_err().kind(), ErrorKind::IssuerMismatch);
    let token = flow.finish("u", &format!("{callback}&iss={issuer}")).await.unwrap();
    assert_eq!(token.access_token().expose(), "access-1");
    let sent: Vec<_> = server.seen().iter().map(requested).collect();
    assert_eq!(sent, ["/.well-known/oauth-authorization-server/t1", "/t1/token"]);
    assert!(server.seen()[1].header("authorization").is_some());
    let differences = flow.check_metadata().await.unwrap();
    // It announces no PKCE, which is sent all the same.
    assert_eq!(differences.iter().map(|found| found.key()).collect::<Vec<_>>(), ["pkce"]);
}

#[tokio::test]
async fn what_a_declaration_and_the_metadata_differ_in() {
    /// Declared beside the usual, announced beside the usual, and the keys of what differs with a word of it.
    type Case = (&'static str, Value, &'static [(&'static str, &'static str)]);
    let s256 = json!({"code_challenge_methods_supported": ["S256"]});
    let with = |more: Value| {
        let mut changes = s256.clone();
        changes.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        changes
    };
    let cases: Vec<Case> = vec![
        ("", s256.clone(), &[]),
        ("client_auth=client_secret_basic_raw", s256.clone(), &[]),
        ("", json!({}), &[("pkce", "announced: none")]),
        (
            "",
            json!({"code_challenge_methods_supported": ["plain"]}),
            &[("pkce", "S256 is not announced; announced: plain")],
        ),
        ("pkce=plain", s256.clone(), &[("pkce", "stronger")]),
        ("pkce=off", s256.clone(), &[("pkce", "`off`")]),
        ("pkce=off", json!({}), &[]),
        ("client_auth=client_secret_post", s256.clone(), &[("client_auth", "by saying nothing: client_secret_basic")]),
        (
            "",
            with(json!({"token_endpoint_auth_methods_supported": ["private_key_jwt"]})),
            &[("client_auth", "private_key_jwt")],
        ),
        (
            "",
            with(json!({"authorization_response_iss_parameter_supported": true})),
            &[("callback", "declare `callback(require_iss)`")],
        ),
        ("callback.require_iss=", s256.clone(), &[("callback", "no `iss` announced")]),
        ("callback.require_iss=", with(json!({"authorization_response_iss_parameter_supported": true})), &[]),
        ("scope=a\nscope=b", with(json!({"scopes_supported": ["b"]})), &[("scope", "`a`")]),
        ("scope=a", s256.clone(), &[]),
        ("authorization_path=/other", s256.clone(), &[("authorization_endpoint", "/other is declared")]),
        ("access_token_path=/other", s256.clone(), &[("token_endpoint", "/other is declared")]),
        ("revocation_path=/revoke", s256.clone(), &[("revocation_endpoint", "none announced")]),
        ("userinfo_path=/{access_token}", s256.clone(), &[]),
        ("", with(json!({"userinfo_endpoint": "https://api.example/me"})), &[("userinfo_endpoint", "none declared")]),
        (
            "",
            with(json!({"require_pushed_authorization_requests": true})),
            &[("pushed_authorization_request_endpoint", "alone")],
        ),
        ("", with(json!({"response_types_supported": ["token"]})), &[("authorize", "`code`")]),
        (
            "grant_types=authorization_code\ngrant_types=token_exchange",
            with(json!({"grant_types_supported": ["authorization_code"]})),
            &[("grant_types", "`token_exchange`")],
        ),
        (
            "grant_types=authorization_code\ngrant_types=token_exchange",
            with(
                json!({"grant_types_supported": ["authorization_code", "urn:ietf:params:oauth:grant-type:token-exchange"]}),
            ),
            &[],
        ),
        (
            "pkce=off\nscope=a",
            with(json!({"token_endpoint": "https://a.example", "scopes_supported": []})),
            &[("token_endpoint", "https://a.example"), ("pkce", "off"), ("scope", "`a`")],
        ),
    ];
    let http = ReqwestClient::new().unwrap();
    for (declared, announced, expected) in cases {
        let changes = announced.clone();
        let server = Server::start(move |seen| {
            json_answer(200, &document(&format!("http://{}", seen.header("host").unwrap()), &changes))
        })
        .await;
        let mut builder = Custom::builder("forge")
            .base_uri(server.url(""))
            .authorization_path("/authorize")
            .access_token_path("/token")
            .issuer(server.url(""))
            .client_auth(ClientAuth::ClientSecretBasic)
            .credentials(secret());
        for (key, value) in declared.lines().map(|line| line.split_once('=').unwrap()) {
            builder = builder.set(key, value);
        }
        let provider = builder.build().unwrap_or_else(|error| panic!("{declared}: {error}"));
        let flow = Flow::builder(provider).http_client(http.clone()).build().unwrap();
        let found = flow.check_metadata().await.unwrap();
        let shown: Vec<_> = found.iter().map(ToString::to_string).collect();
        assert_eq!(
            found.iter().map(|found| found.key()).collect::<Vec<_>>(),
            expected.iter().map(|(key, _)| *key).collect::<Vec<_>>(),
            "{declared} {announced}: {shown:?}"
        );
        for (text, (key, says)) in shown.iter().zip(expected) {
            assert!(text.starts_with(&format!("`{key}`: ")) && text.contains(says), "{declared} {announced}: {text}");
        }
    }
    let server = Server::issuing(TOKEN).await;
    assert_eq!(server.flow().check_metadata().await.unwrap_err().kind(), ErrorKind::Configuration);
    assert!(server.seen().is_empty());
}
