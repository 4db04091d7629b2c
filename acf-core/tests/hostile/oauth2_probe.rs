//! Fifteen answers of real providers. The crate `oauth2` 5 ends thirteen of them with an error that holds no reason, reads
//! one into a wrong scope, and shows the bytes of six access tokens in `Debug`. Here each is read as it is declared; without the
//! declaration the error names what to declare, or what the provider said.

use acf_core::{Error, ErrorKind, Flow, Token};

use crate::support::{Server, answer, json};

const SECRET: &str = "tok3n-never-shown";

/// What comes of an answer.
enum Read {
    /// A token with these scopes.
    Token(&'static str),
    /// An error that names this attribute.
    Attribute(ErrorKind, &'static str),
    /// The provider's own code and description, and the attribute where there is one.
    Said(&'static str, Option<&'static str>, Option<&'static str>),
    /// An error that tells the status, and has no attribute: nothing would accept it.
    Refused(ErrorKind),
}
use Read::{Attribute, Refused, Said};

struct Row {
    what: &'static str,
    status: u16,
    content_type: &'static str,
    body: &'static str,
    without: Read,
    declaration: &'static [(&'static str, &'static str)],
    with: Read,
}

const JSON: &str = "application/json";
const NO_TYPE: &str = r#"token_response(token_type = "Bearer")"#;

const ROWS: &[Row] = &[
    Row {
        what: "200 with an error",
        status: 200,
        content_type: JSON,
        body: r#"{"error":"bad_verification_code","error_description":"The code is incorrect or expired."}"#,
        without: Said("bad_verification_code", Some("The code is incorrect or expired."), None),
        declaration: &[],
        with: Said("bad_verification_code", Some("The code is incorrect or expired."), None),
    },
    Row {
        what: "no token type",
        status: 200,
        content_type: JSON,
        body: r#"{"access_token":"tok3n-never-shown"}"#,
        without: Attribute(ErrorKind::TokenResponse, NO_TYPE),
        declaration: &[("token_response.token_type", "Bearer")],
        with: Read::Token("asked"),
    },
    Row {
        what: "a lifetime as text",
        status: 200,
        content_type: JSON,
        body: r#"{"access_token":"tok3n-never-shown","token_type":"bearer","expires_in":"3600"}"#,
        without: Read::Token("asked"),
        declaration: &[],
        with: Read::Token("asked"),
    },
    Row {
        what: "a lifetime with a point",
        status: 200,
        content_type: JSON,
        body: r#"{"access_token":"tok3n-never-shown","token_type":"bearer","expires_in":3600.0}"#,
        without: Read::Token("asked"),
        declaration: &[],
        with: Read::Token("asked"),
    },
    Row {
        what: "a lifetime of null",
        status: 200,
        content_type: JSON,
        body: r#"{"access_token":"tok3n-never-shown","token_type":"bearer","expires_in":null}"#,
        without: Read::Token("asked"),
        declaration: &[("token_response.default_lifetime", "3600")],
        with: Read::Token("asked"),
    },
    Row {
        what: "scopes as a list",
        status: 200,
        content_type: JSON,
        body: r#"{"access_token":"tok3n-never-shown","token_type":"bearer","scope":["a","b"]}"#,
        without: Attribute(ErrorKind::TokenResponse, "token_response(scope_list)"),
        declaration: &[("token_response.scope_list", "")],
        with: Read::Token("a b"),
    },
    Row {
        what: "scopes with commas",
        status: 200,
        content_type: JSON,
        body: r#"{"access_token":"tok3n-never-shown","token_type":"bearer","scope":"a,b"}"#,
        // A comma is a character of a scope (RFC 6749 section 3.3): nothing tells that it is none here.
        without: Read::Token("a,b"),
        declaration: &[("token_response.scope_separator", ",")],
        with: Read::Token("a b"),
    },
    Row {
        what: "201",
        status: 201,
        content_type: JSON,
        body: r#"{"access_token":"tok3n-never-shown","token_type":"bearer"}"#,
        without: Attribute(ErrorKind::Response, "token_response(status = 201)"),
        declaration: &[("token_response.status", "201")],
        with: Read::Token("asked"),
    },
    Row {
        what: "a form",
        status: 200,
        content_type: "application/x-www-form-urlencoded",
        body: "access_token=tok3n-never-shown&token_type=bearer&scope=a",
        without: Attribute(ErrorKind::Response, "token_response(encoding = form)"),
        declaration: &[("token_response.encoding", "form")],
        with: Read::Token("a"),
    },
    Row {
        what: "JSON as text/plain",
        status: 200,
        content_type: "text/plain",
        body: r#"{"access_token":"tok3n-never-shown","token_type":"bearer"}"#,
        without: Attribute(ErrorKind::Response, "token_response(encoding = json)"),
        declaration: &[("token_response.encoding", "json")],
        with: Read::Token("asked"),
    },
    Row {
        what: "the token inside of another member",
        status: 200,
        content_type: JSON,
        body: r#"{"ok":true,"authed_user":{"id":"U1","access_token":"tok3n-never-shown","token_type":"bearer","scope":"a"}}"#,
        without: Attribute(ErrorKind::TokenResponse, r#"token_response(path = "/authed_user")"#),
        declaration: &[("token_response.path", "/authed_user")],
        with: Read::Token("a"),
    },
    Row {
        what: "200 with ok: false",
        status: 200,
        content_type: JSON,
        body: r#"{"ok":false,"error":"invalid_code"}"#,
        without: Said("invalid_code", None, None),
        declaration: &[("error.path", "ok"), ("error.ok", "true")],
        with: Said("invalid_code", None, None),
    },
    Row {
        what: "400 with an object for an error",
        status: 400,
        content_type: JSON,
        body: r#"{"error":{"code":"InvalidAuthenticationToken","message":"It is malformed."}}"#,
        without: Said(
            "InvalidAuthenticationToken",
            Some("It is malformed."),
            Some(r#"token_response(error(code = "/error/code", description = "/error/message"))"#),
        ),
        declaration: &[("error.code", "/error/code"), ("error.description", "/error/message")],
        with: Said("InvalidAuthenticationToken", Some("It is malformed."), None),
    },
    Row {
        what: "500 with a page",
        status: 500,
        content_type: "text/html",
        body: "<h1>Oops</h1>",
        without: Refused(ErrorKind::Response),
        declaration: &[],
        with: Refused(ErrorKind::Response),
    },
    Row {
        what: "502 with nothing",
        status: 502,
        content_type: JSON,
        body: "",
        without: Refused(ErrorKind::Response),
        declaration: &[],
        with: Refused(ErrorKind::Response),
    },
];

async fn ask(row: &Row, declaration: &[(&str, &str)]) -> Result<Token, Error> {
    let (status, content_type, body) = (row.status, row.content_type, row.body);
    let server = Server::start(move |_| match content_type {
        JSON => json(status, body),
        _ => answer(status, &format!("content-type: {content_type}\r\n"), body),
    })
    .await;
    let provider = Server::provider(&server).set("token_response.keep", "id");
    let provider = declaration.iter().fold(provider, |provider, (key, text)| provider.set(*key, *text));
    let flow = Flow::new(provider.build().unwrap()).unwrap();
    let request = flow.begin("u").scope("asked").await.unwrap();
    flow.finish("u", &format!("code=c&state={}", request.state.as_str())).await
}

fn check(row: &Row, how: &str, read: &Read, result: Result<Token, Error>) {
    let what = format!("{}, {how}", row.what);
    let debug = format!("{result:?}");
    let shown = match &result {
        Ok(_) => debug,
        Err(error) => {
            assert_eq!(error.status(), Some(row.status), "{what}");
            format!("{debug} {error}")
        }
    };
    let bytes = format!("{:?}", SECRET.as_bytes());
    assert!(!shown.contains(SECRET) && !shown.contains(bytes.trim_matches(['[', ']'])), "{what}: {shown}");
    match (read, result) {
        (Read::Token(scopes), Ok(token)) => {
            assert_eq!((token.access_token().expose(), token.scopes().join(" ").as_str()), (SECRET, *scopes), "{what}");
        }
        (Attribute(kind, attribute), Err(error)) => {
            assert_eq!((error.kind(), error.attribute()), (*kind, Some(*attribute)), "{what}: {error}");
            assert!(error.to_string().contains(attribute), "{what}: {error}");
        }
        (Said(code, description, attribute), Err(error)) => {
            let said = error.provider().unwrap_or_else(|| panic!("{what}: {error}"));
            assert_eq!((said.error(), said.error_description()), (*code, *description), "{what}: {error}");
            assert_eq!((error.kind(), error.attribute()), (ErrorKind::Provider, *attribute), "{what}: {error}");
            assert!(error.to_string().contains(code), "{what}: {error}");
        }
        (Refused(kind), Err(error)) => {
            assert_eq!((error.kind(), error.attribute()), (*kind, None), "{what}: {error}");
            assert!(error.to_string().contains(&row.status.to_string()), "{what}: {error}");
        }
        (_, result) => panic!("{what}: {result:?}"),
    }
}

#[tokio::test]
async fn what_the_peer_cannot_read_is_read_as_declared() {
    assert_eq!(ROWS.len(), 15);
    for row in ROWS {
        check(row, "without the declaration", &row.without, ask(row, &[]).await);
        check(row, "with the declaration", &row.with, ask(row, row.declaration).await);
    }
}
