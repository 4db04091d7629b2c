//! The table of answers.

use acf_core::ErrorKind::{self, Provider, Response, TokenResponse};

use super::{Case, JSON, Row, Then};

const FORM: &str = "application/x-www-form-urlencoded";

fn case(body: impl Into<Vec<u8>>, then: Then) -> Case {
    Case { declared: Vec::new(), status: 200, content_type: JSON, body: body.into(), then }
}

impl Case {
    fn typed(self, content_type: &'static str) -> Self {
        Self { content_type, ..self }
    }

    fn status(self, status: u16) -> Self {
        Self { status, ..self }
    }

    /// With this in the declaration.
    fn declared(mut self, key: &'static str, text: &'static str) -> Self {
        self.declared.push((key, text));
        self
    }
}

fn token(body: impl Into<Vec<u8>>, token: &'static str) -> Case {
    case(body, Then::Token(token))
}

fn no(kind: ErrorKind, body: impl Into<Vec<u8>>) -> Case {
    case(body, Then::Refused(kind))
}

fn row(id: u32, cases: impl IntoIterator<Item = Case>) -> Row {
    Row { id, cases: cases.into_iter().collect() }
}

/// An ordinary answer with this in it.
pub fn with(members: &str) -> String {
    format!(r#"{{"access_token":"tok3n-a","token_type":"bearer",{members}}}"#)
}

/// An ordinary answer in which this is the access token, in JSON.
pub fn access(json: &str) -> String {
    format!(r#"{{"access_token":{json},"token_type":"bearer"}}"#)
}

fn utf16(text: &str) -> Vec<u8> {
    [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect()
}

pub fn rows() -> Vec<Row> {
    let all = |kind, bodies: &[&str]| bodies.iter().map(|body| no(kind, *body)).collect::<Vec<_>>();
    let members = |kind, members: &[&str]| members.iter().map(|member| no(kind, with(member))).collect::<Vec<_>>();
    let tokens = |kind, values: &[&str]| values.iter().map(|value| no(kind, access(value))).collect::<Vec<_>>();
    let plain = || with(r#""x":1"#);
    const PLAIN: &str = "tok3n-a; x=1";
    let form = "access_token=tok3n-a&token_type=bearer";
    let x = |count| "x".repeat(count);
    let mut rows = vec![
        row(75, [no(Response, "<!doctype html><title>Log in</title>").typed("text/html")]),
        // A missing content type is refused, as proposed: a page of a gateway often has none. `encoding` accepts it.
        row(
            76,
            [
                no(Response, plain()).typed(""),
                token(plain(), PLAIN).typed("").declared("token_response.encoding", "json"),
                token(plain(), PLAIN).typed("text/json"),
                token(plain(), PLAIN).typed("application/json; charset=UTF-8"),
                token(plain(), PLAIN).typed("APPLICATION/JSON"),
                no(Response, plain()).typed("application/json-evil"),
                no(Response, plain()).typed("application/jsonp"),
                no(Response, plain()).typed("text/plain"),
            ],
        ),
        row(
            77,
            [
                no(Response, form).typed(FORM),
                token(form, "tok3n-a").typed(FORM).declared("token_response.encoding", "form"),
                no(TokenResponse, "access_token=a%20b&token_type=bearer").declared("token_response.encoding", "form"),
                no(TokenResponse, "access_token=a").declared("token_response.encoding", "form"),
                no(Response, "access_token=a&access_token=b").declared("token_response.encoding", "form"),
                no(Provider, "error=access&token_type=bearer").declared("token_response.encoding", "form"),
            ],
        ),
        row(78, [no(Response, format!("\u{FEFF}{}", plain())), no(Response, utf16(&plain()))]),
        row(
            79,
            [
                no(Response, b"{\"access_token\":\"tok3n-\xff\",\"token_type\":\"bearer\"}".as_slice()),
                no(Response, b"{\"access_token\":\"a\",\"token_type\":\"bearer\",\"x\":\"\xc0\xaf\"}".as_slice()),
            ],
        ),
        // A lone surrogate is no JSON text that can be read (RFC 8259 section 8.2), NUL is no character of a token.
        row(80, [no(Response, access(r#""\ud800""#)), no(TokenResponse, access(r#""a\u0000b""#))]),
        row(
            81,
            all(Response, &["[]", "\"a\"", "1", "null", "true", r#"[{"access_token":"a","token_type":"bearer"}]"#]),
        ),
        row(
            82,
            all(
                Response,
                &[
                    "{}x",
                    r#"{"access_token":"a","token_type":"bearer"}{}"#,
                    r#"{"access_token":"a","token_type":"bearer",}"#,
                    r#"{"access_token":"a",/**/"token_type":"bearer"}"#,
                    r#"{"access_token":"a","token_type":"bearer","expires_in":NaN}"#,
                    "{'access_token':'a','token_type':'bearer'}",
                    "",
                ],
            ),
        ),
        row(
            83,
            [
                no(Response, with(&format!("\"x\":{}", "[".repeat(100_000)))),
                no(Response, with(&format!("\"x\":{}{}", "[".repeat(33), "]".repeat(33)))),
                no(Response, with(&format!("\"x\":{}1{}", "{\"a\":".repeat(33), "}".repeat(33)))),
                token(with(&format!("\"x\":{}{}", "[".repeat(4), "]".repeat(4))), "tok3n-a; x=[[[[]]]]"),
            ],
        ),
        // The limit of the body comes first; up to it, time is linear (see `large_answers_take_no_time`).
        row(84, [no(Response, many(1_000_000))]),
        row(
            85,
            all(
                Response,
                &[
                    r#"{"access_token":"a","access_token":"a","token_type":"bearer"}"#,
                    r#"{"access_token":"a","token_type":"bearer","access_token":"b"}"#,
                    r#"{"access_token":"a","\u0061ccess_token":"b","token_type":"bearer"}"#,
                ],
            ),
        ),
        row(
            86,
            members(
                Response,
                &[
                    r#""expires_in":1,"expires_in":1"#,
                    r#""token_type":"bearer""#,
                    r#""scope":"a","scope":"b""#,
                    r#""refresh_token":"a","refresh_token":null"#,
                    r#""id_token":"a","id_token":"b""#,
                    r#""x":{"y":1,"y":1}"#,
                ],
            ),
        ),
        row(
            87,
            all(
                TokenResponse,
                &[r#"{"Access_Token":"a","token_type":"bearer"}"#, r#"{"access_token":"a","Token_Type":"bearer"}"#],
            ),
        ),
        row(
            88,
            tokens(TokenResponse, &["null", r#""""#, r#"" ""#, "1", "true", "[\"a\"]", "{\"a\":1}"])
                .into_iter()
                .chain([no(TokenResponse, r#"{"token_type":"bearer"}"#)]),
        ),
        // A comma is accepted, other than in the list: tokens with `,`, `|` and `:` occur, and none ends the header.
        row(
            89,
            tokens(
                TokenResponse,
                &[r#""a\nb""#, r#""a\r\nX: y""#, r#""a\tb""#, r#""a b""#, r#""é""#, r#""a\u007f""#, r#""a ""#],
            )
            .into_iter()
            .chain([token(access(r#""a,b|c:d""#), "a,b|c:d")]),
        ),
        row(
            90,
            [
                no(TokenResponse, access(&format!("\"{}\"", x(64 * 1024)))),
                no(TokenResponse, with(&format!("\"refresh_token\":\"{}\"", x(64 * 1024)))),
                token(access(&format!("\"{}\"", x(8 * 1024))), "8192 bytes"),
            ],
        ),
        row(
            91,
            [
                "null",
                r#""""#,
                "1",
                r#""mac""#,
                r#""N_A""#,
                r#""Bearer ""#,
                r#""bearer\r\nX:""#,
                r#"["bearer"]"#,
                r#""DPoP""#,
            ]
            .map(|sent| no(TokenResponse, format!(r#"{{"access_token":"a","token_type":{sent}}}"#)))
            .into_iter()
            .chain(
                ["bearer", "BEARER", "Bearer", "bEaReR"]
                    .map(|sent| token(format!(r#"{{"access_token":"a","token_type":"{sent}"}}"#), "a")),
            )
            .chain([
                no(TokenResponse, r#"{"access_token":"a"}"#),
                token(r#"{"access_token":"a"}"#, "a").declared("token_response.token_type", "Bearer"),
                no(TokenResponse, r#"{"access_token":"a","token_type":"mac"}"#)
                    .declared("token_response.token_type", "Bearer"),
            ]),
        ),
    ];
    rows.extend(lifetimes());
    rows.extend(the_rest());
    rows
}

fn lifetimes() -> Vec<Row> {
    let members = |members: &[&str]| members.iter().map(|member| no(TokenResponse, with(member))).collect::<Vec<_>>();
    let ends = |value: &str, shown| token(with(&format!("\"expires_in\":{value}")), shown);
    const CAP: &str = "tok3n-a; ends 315360000";
    vec![
        row(92, [ends("0", "tok3n-a; ends 0")]),
        row(93, members(&[r#""expires_in":-1"#, r#""expires_in":-9223372036854775808"#, r#""expires_in":-1e300"#])),
        // A fraction is refused, as proposed: nobody means half a second, so it is something else.
        row(
            94,
            members(&[r#""expires_in":3599.5"#, r#""expires_in":1e-3"#])
                .into_iter()
                .chain([ends("3600.0", "tok3n-a; ends 3600"), ends("1e3", "tok3n-a; ends 1000")]),
        ),
        // Digits as text are accepted without a declaration, as proposed.
        row(
            95,
            members(&[
                r#""expires_in":"abc""#,
                r#""expires_in":"""#,
                r#""expires_in":" 3600""#,
                r#""expires_in":"0x10""#,
                r#""expires_in":"+1""#,
                r#""expires_in":"٣""#,
            ])
            .into_iter()
            .chain([ends("\"3600\"", "tok3n-a; ends 3600")]),
        ),
        // 1e400 is refused and not cut: it is no number that JSON's readers share (RFC 8259 section 6).
        row(
            96,
            [
                "2147483648",
                "9007199254740993",
                "9223372036854775808",
                "18446744073709551615",
                "18446744073709551616",
                "1e300",
            ]
            .map(|huge| ends(huge, CAP))
            .into_iter()
            .chain([
                no(Response, with(r#""expires_in":1e400"#)),
                ends("\"99999999999999999999999999999999999999999\"", CAP),
            ]),
        ),
        row(97, members(&[r#""expires_in":true"#, r#""expires_in":[]"#]).into_iter().chain([ends("null", "tok3n-a")])),
        row(
            98,
            [
                token(
                    with(r#""expires_at":1,"expires":2,"expires_on":"3""#),
                    "tok3n-a; expires=2; expires_at=1; expires_on=\"3\"",
                ),
                token(with(r#""expires":60"#), "tok3n-a; ends 60").declared("token_response.expires", "expires"),
            ],
        ),
    ]
}

fn the_rest() -> Vec<Row> {
    let members = |kind, members: &[&str]| members.iter().map(|member| no(kind, with(member))).collect::<Vec<_>>();
    let x = |count| "x".repeat(count);
    vec![
        // A refresh token that equals the access token is allowed; the token shows both, so no flag tells it again.
        row(
            99,
            members(TokenResponse, &[r#""refresh_token":"""#, r#""refresh_token":1"#, r#""refresh_token":"a b""#])
                .into_iter()
                .chain([
                    token(with(r#""refresh_token":null"#), "tok3n-a"),
                    token(with(r#""refresh_token":"tok3n-a""#), "tok3n-a; refresh tok3n-a"),
                ]),
        ),
        row(
            100,
            members(
                TokenResponse,
                &[r#""scope":["b"]"#, r#""scope":1"#, r#""scope":{}"#, r#""scope":"a\"b""#, r#""scope":"é""#],
            )
            .into_iter()
            .chain([
                token(with(r#""scope":null"#), "tok3n-a"),
                token(with(r#""scope":"""#), "tok3n-a; scope "),
                token(with(r#""scope":"  b  c b""#), "tok3n-a; scope b c"),
                token(with(r#""scope":"b,c""#), "tok3n-a; scope b c").declared("token_response.scope_separator", ","),
                token(with(r#""scope":["b","c","b"]"#), "tok3n-a; scope b c").declared("token_response.scope_list", ""),
                no(TokenResponse, with(&format!("\"scope\":\"{}\"", "a b ".repeat(25_000)))),
                no(TokenResponse, with(&format!("\"scope\":[{}\"a\"]", "\"b\",".repeat(25_000))))
                    .declared("token_response.scope_list", ""),
            ]),
        ),
        // Wider than what was asked for is accepted, as proposed, and told by `Token::scopes`; there is no strict mode.
        row(101, [token(with(r#""scope":"read admin""#), "tok3n-a; scope read admin")]),
        // An `error` that is no text is the provider's error all the same, with a hint at how to declare it; the list has it
        // refused as broken JSON. Nothing is granted either way.
        row(
            102,
            [
                no(Provider, r#"{"error":"bad_verification_code"}"#),
                // No code of the RFC and no status of it: what a server says to a code that was used before.
                no(Provider, r#"{"error":"invalid_code"}"#).status(403),
                no(Provider, with(r#""error":"invalid_grant""#)),
                no(Provider, with(r#""error":{"message":"x"}"#)),
                no(Provider, with(r#""error":7"#)),
                no(Provider, with(r#""error":"""#)),
                no(Provider, with(r#""error":[]"#)),
                token(with(r#""error":null"#), "tok3n-a"),
            ],
        ),
        row(
            103,
            [
                no(Response, format!(r#"{{"error":"invalid_grant","error_description":"{}"}}"#, x(1 << 20)))
                    .status(400),
                no(Provider, format!(r#"{{"error":"invalid_grant","error_description":"{}"}}"#, x(200_000)))
                    .status(400),
                no(Provider, r#"{"error":"invalid_grant","error_description":"a\r\nb\u001b[31m\u202e"}"#).status(400),
                no(Provider, r#"{"error":"invalid_grant","error_description":"c0de/secret cl1ent-s3cret"}"#)
                    .status(400),
                no(Provider, r#"{"error":"invalid_grant","error_uri":"https://x/?c0de%2Fsecret"}"#).status(400),
                no(Provider, r#"{"error":"c0de/secret"}"#).status(400),
                no(Response, "<p>code=c0de%2Fsecret&client_secret=cl1ent-s3cret").typed("text/html").status(500),
                no(Response, format!("{}c0de/secret", "c0de/secret ".repeat(85))).typed("text/html").status(502),
            ],
        ),
        // The endpoint double sends `WWW-Authenticate: Basic realm="unterminated` with each 401.
        row(104, [no(Provider, r#"{"error":"invalid_client"}"#).status(401), no(Response, "").typed("").status(401)]),
        // An ID token is kept unread: its segments and its signature are the OpenID Connect feature's to check, and nobody
        // is told who anybody is before.
        row(
            105,
            members(
                TokenResponse,
                &[r#""id_token":1"#, r#""id_token":"""#, r#""id_token":"a.b. c""#, r#""id_token":"a.b\n.c""#],
            )
            .into_iter()
            .chain([
                no(TokenResponse, with(&format!("\"id_token\":\"{}\"", ".".repeat(100_000)))),
                no(Response, with(&format!("\"id_token\":\"{}\"", ".".repeat(1 << 20)))),
                token(with(r#""id_token":"a.b""#), "tok3n-a; id a.b"),
                token(with(r#""id_token":"a.b.c.d""#), "tok3n-a; id a.b.c.d"),
                token(with(r#""id_token":"a.b.""#), "tok3n-a; id a.b."),
            ]),
        ),
        row(
            106,
            [no(
                TokenResponse,
                r#"{"access_token":"a b","token_type":"bearer","id_token":"a.b.c","refresh_token":"r"}"#,
            )],
        ),
        row(
            107,
            [
                token(
                    with(r#""__proto__":{"admin":true},"constructor":1"#),
                    "tok3n-a; __proto__={\"admin\":true}; constructor=1",
                ),
                token(with(&format!("\"{}\":1", x(10_240))), "a name of 10240 bytes"),
                token(
                    with(r#""a":null,"b":true,"c":1.5,"d":"x","e":[1,"y"],"f":{"g":{}}"#),
                    r#"tok3n-a; a=null; b=true; c=1.5; d="x"; e=[1,"y"]; f={"g":{}}"#,
                ),
                // Too large for an integer: found by the fuzz target, when reading it back gave another fraction.
                token(with(r#""id":186461744390707551614"#), "tok3n-a; id=1.8646174439070754e+20"),
            ],
        ),
        row(
            108,
            [
                token(with(r#""client_secret":"cl1ent-s3cret""#), "tok3n-a"),
                token(
                    with(r#""client_secret":"another","sent":{"code":"c0de/secret"},"a":["cl1ent-s3cret"]"#),
                    "tok3n-a",
                ),
            ],
        ),
    ]
}

/// An answer with so many further members.
pub fn many(count: usize) -> String {
    let members: Vec<_> = (0..count).map(|n| format!("\"{n:x}\":0")).collect();
    with(&members.join(","))
}
