//! Lines H-75 to H-108: the body of the token endpoint's answer. Every answer is met by one token request, and the login is
//! spent whatever it says: a code is never sent twice.

mod table;

use acf_core::{ErrorKind, Token};

pub use self::table::rows;
use self::table::{access, many, with};

use crate::world::{World, kind, shown};

pub const JSON: &str = "application/json";

pub struct Case {
    pub declared: Vec<(&'static str, &'static str)>,
    pub status: u16,
    pub content_type: &'static str,
    pub body: Vec<u8>,
    pub then: Then,
}

pub enum Then {
    /// The token in one line, and stored.
    Token(&'static str),
    /// Nothing stored.
    Refused(ErrorKind),
}

pub struct Row {
    pub id: u32,
    pub cases: Vec<Case>,
}

/// Everything about a token in one line; the usual left out.
fn show(token: &Token) -> String {
    let access = token.access_token().expose();
    let mut parts = vec![if access.len() > 100 { format!("{} bytes", access.len()) } else { access.to_owned() }];
    assert_eq!(token.token_type(), "Bearer");
    parts.extend(token.expires_at().map(|end| {
        let left = end.duration_since(std::time::SystemTime::now()).unwrap_or_default().as_secs();
        format!("ends {}", left.div_ceil(10) * 10)
    }));
    parts.extend(token.refresh_token().map(|token| format!("refresh {}", token.expose())));
    parts.extend(token.id_token().map(|token| format!("id {}", token.expose())));
    let scopes = token.scopes().join(" ");
    parts.extend((scopes != "read").then(|| format!("scope {scopes}")));
    let stored: serde_json::Value = serde_json::from_str(&token.expose_json()).unwrap();
    for (name, value) in stored["extra"].as_object().into_iter().flatten() {
        assert_eq!(token.extra(name), Some(value));
        if name.len() > 100 {
            return format!("a name of {} bytes", name.len());
        }
        parts.push(format!("{name}={value}"));
    }
    parts.join("; ")
}

#[tokio::test]
async fn answers() {
    for world in World::all().await {
        for row in rows() {
            assert!(!row.cases.is_empty());
            for case in &row.cases {
                run(&world, row.id, case).await;
            }
        }
    }
}

async fn run(world: &World, id: u32, case: &Case) {
    let body = String::from_utf8_lossy(&case.body);
    let about =
        format!("H-{id:02} {} {:?} {} {} {body:.160}", world.name, case.declared, case.status, case.content_type);
    let (flow, user, before) = (world.declared(&case.declared), world.user(), world.endpoint.calls());
    let state = flow.begin(&user).await.unwrap().state;
    let callback = format!("code=c0de/secret&state={}", state.as_str());
    world.endpoint.answers(case.status, case.content_type, &case.body);
    let result = flow.finish(&user, &callback).await;
    match (&case.then, result) {
        (Then::Token(expected), Ok(token)) => {
            assert_eq!(show(&token), *expected, "{about}");
            assert!(!format!("{token:?}").contains("tok3n"), "{about}");
            assert!(world.has_token(&user).await, "{about}");
            assert!(Token::from_json(&token.expose_json()).unwrap() == token, "{about}");
        }
        (Then::Refused(kind), Err(error)) => {
            assert_eq!(error.kind(), *kind, "{about}: {error}");
            shown(&error, &[state.as_str(), "c0de/s", "c0de%2Fs", "cl1ent-s3cret", "tok3n"]);
            assert!(!world.has_token(&user).await, "{about}");
        }
        (_, result) => panic!("{about}: {result:?}"),
    }
    assert_eq!(kind(flow.finish(&user, &callback).await), ErrorKind::StateUnknown, "{about}");
    assert_eq!(world.endpoint.calls() - before, 1, "{about}");
}

/// Within the limit of the body, nothing takes more than its share: many members, members whose names collide in no map,
/// the longest list of scopes, the deepest nesting.
#[tokio::test]
async fn large_answers_take_no_time() {
    let scopes: Vec<_> = (0..3_000).map(|n| format!("{n:x}")).collect();
    for body in [many(20_000), with(&format!("\"scope\":\"{}\"", scopes.join(" "))), access(&"[".repeat(200_000))] {
        assert!(body.len() < 256 * 1024);
        let world = World::all().await.remove(0);
        world.endpoint.answers(200, JSON, body.as_bytes());
        let flow = world.flow();
        let state = flow.begin("u").await.unwrap().state;
        let began = std::time::Instant::now();
        drop(flow.finish("u", &format!("code=c&state={}", state.as_str())).await);
        // Milliseconds; the rest is for a machine that does ten other things.
        assert!(began.elapsed() < std::time::Duration::from_secs(5), "{:?}", began.elapsed());
    }
}

/// H-83 on a thread with hardly any stack.
#[test]
fn nesting_needs_no_stack() {
    let run = || {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let world = World::all().await.remove(0);
            let flow = world.flow();
            for open in ["[", "{\"a\":", "[{\"a\":"] {
                world.endpoint.answers(200, JSON, with(&format!("\"x\":{}", open.repeat(30_000))).as_bytes());
                let state = flow.begin("u").await.unwrap().state;
                assert_eq!(
                    kind(flow.finish("u", &format!("code=c&state={}", state.as_str())).await),
                    ErrorKind::Response
                );
            }
        });
    };
    std::thread::Builder::new().stack_size(256 * 1024).spawn(run).unwrap().join().unwrap();
}
