//! Logins on another device (RFC 8628). When requests are made is a table beside `Polling`; here each login takes the
//! second or two that the shortest interval has.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use acf_core::{
    Custom, DevicePoll, Error, ErrorKind, Flow, Hooks, Next, OAuthProvider, Parts, Token,
    hooks::Step,
    http::{Request, Response},
};

use crate::support::{Server, TOKEN, json};

const CODES: &str = r#"{"device_code":"d3vice-code","user_code":"WDJB-MJHT","verification_uri":"https://x.example/device","expires_in":600,"interval":1}"#;
const PENDING: &str = r#"{"error":"authorization_pending"}"#;
const POLL: &str = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&device_code=d3vice-code";

fn flow(server: &Server, declared: &str) -> Flow {
    let public = declared.contains("client_auth=none");
    let builder = Custom::builder("tv").client_id("id");
    let builder = if public { builder } else { builder.client_secret("s3cret".parse().unwrap()) };
    let builder = builder.base_uri(server.url("")).access_token_path("/token").scope(["read"]);
    let own = [("device_authorization_path", "/device"), ("client_auth", "client_secret_post")];
    let lines = declared.lines().filter_map(|line| line.split_once('='));
    let chosen = own.into_iter().filter(|(key, _)| !declared.contains(&format!("{key}="))).chain(lines);
    let provider =
        chosen.filter(|(_, value)| !value.is_empty()).fold(builder, |builder, (key, value)| builder.set(key, value));
    Flow::new(provider.build().unwrap_or_else(|error| panic!("{declared}: {error}"))).unwrap()
}

/// Gives those codes, and then one of the answers after the other.
async fn server(codes: &str, answers: &'static [(u16, &'static str)]) -> Server {
    let (codes, next) = (codes.to_owned(), AtomicUsize::new(0));
    Server::start(move |seen| match seen.head.starts_with("POST /device ") {
        true => json(200, &codes),
        false => {
            let (status, body) = answers[next.fetch_add(1, Ordering::SeqCst)];
            json(status, body)
        }
    })
    .await
}

#[tokio::test]
async fn requests() {
    for (declared, begins, polls) in [
        ("", "scope=read&client_id=id&client_secret=s3cret", "&client_id=id&client_secret=s3cret"),
        ("client_auth=client_secret_basic", "scope=read", ""),
        ("client_auth=none", "scope=read&client_id=id", "&client_id=id"),
        ("client_auth=none\nscope_param=rights\ntoken.params.a=b", "rights=read&client_id=id", "&a=b&client_id=id"),
        ("client_auth=none\ngrant_types=device_code", "scope=read&client_id=id", "&client_id=id"),
    ]
    .map(|(declared, begins, polls)| (declared, begins.to_owned(), format!("{POLL}{polls}")))
    {
        let server = server(CODES, &[(200, TOKEN)]).await;
        let flow = flow(&server, declared);
        let token = flow.device().await.unwrap().token().await.unwrap();
        assert!(token.scopes().contains("read"), "{declared}");
        let sent: Vec<_> = server.seen().into_iter().map(|seen| seen.body).collect();
        assert_eq!(sent, [begins, polls], "{declared}");
        assert_eq!(server.seen()[0].header("authorization").is_some(), declared.contains("basic"));
    }
    let server = server(CODES, &[]).await;
    let flow = flow(&server, "client_auth=none");
    drop(flow.device().scope("a b").param("audience", "x").await.unwrap());
    drop(flow.device().scope("").await.unwrap());
    let sent: Vec<_> = server.seen().into_iter().map(|seen| seen.body).collect();
    assert_eq!(sent, ["scope=a%20b&audience=x&client_id=id", "client_id=id"]);
}

#[tokio::test]
async fn what_cannot_be_asked_is_not() {
    let server = server(CODES, &[]).await;
    let unlisted = "grant_types=authorization_code\nauthorization_path=/a\nredirect_uri=https://x.example/\ndevice_authorization_path=";
    let undeclared = "authorization_path=/a\nredirect_uri=https://x.example/\ndevice_authorization_path=";
    for (declared, says) in [(unlisted, "`grant_types(..)`"), (undeclared, "`device_authorization_path`")] {
        let error = flow(&server, declared).device().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported);
        assert!(error.to_string().contains(says), "{error}");
    }
    let wrong = flow(&server, "").device().scope("a\"b").param("device_code", "x").param("client_id", "y").await;
    assert_eq!(wrong.unwrap_err().to_string().lines().count(), 3);
    assert_eq!(server.seen().len(), 0);
}

/// The answer of the device authorization endpoint (RFC 8628 section 3.2).
#[tokio::test]
async fn codes_are_read_strictly() {
    let with = |name: &str, value: &str| {
        let mut codes: serde_json::Value = serde_json::from_str(CODES).unwrap();
        let members = codes.as_object_mut().unwrap();
        members.remove(name);
        if !value.is_empty() {
            members.insert(name.to_owned(), serde_json::from_str(value).unwrap());
        }
        codes.to_string()
    };
    let answer = Arc::new(Mutex::new(String::new()));
    let answers = Arc::clone(&answer);
    let server = Server::start(move |_| json(200, &answers.lock().unwrap())).await;
    let flow = flow(&server, "");
    for (name, value, interval) in [
        ("interval", "7", Some(7)),
        ("interval", "\"7\"", Some(7)),
        ("interval", "", Some(5)),
        ("interval", "null", Some(5)),
        ("interval", "0", Some(5)),
        ("interval", "599", Some(599)),
        ("interval", "600", None),
        ("interval", "1000000000", None),
        ("interval", "1e300", None),
        ("interval", "-1", None),
        ("interval", "1.5", None),
        ("interval", "\"soon\"", None),
        ("interval", "[5]", None),
        ("expires_in", "", None),
        ("expires_in", "0", None),
        ("expires_in", "1", None),
        ("expires_in", "-600", None),
        ("expires_in", "18446744073709551615", Some(1)),
        ("expires_in", "true", None),
        ("device_code", "", None),
        ("device_code", "\"\"", None),
        ("device_code", "7", None),
        ("device_code", "\"a b\"", None),
        ("device_code", "\"a\\r\\nb\"", None),
        ("device_code", &format!("\"{}\"", "d".repeat(8193)), None),
        ("user_code", "", None),
        ("user_code", "\"\"", None),
        ("user_code", "\"ÄB 12\"", Some(1)),
        ("user_code", "\"A\\u001b[31mB\"", None),
        ("user_code", "\"A\\u202eB\"", None),
        ("user_code", "\"\\nA\"", None),
        ("user_code", "\"is s3cret\"", None),
        ("user_code", &format!("\"{}\"", "A".repeat(65)), None),
        ("verification_uri", "", None),
        ("verification_uri", "\"http://127.0.0.1:8080/device?x=1#y\"", Some(1)),
        ("verification_uri", "\"http://x.example/device\"", None),
        ("verification_uri", "\"javascript:alert(1)\"", None),
        ("verification_uri", "\"data:text/html,x\"", None),
        ("verification_uri", "\"/device\"", None),
        ("verification_uri", "\"https://x.example@evil.example/\"", None),
        ("verification_uri", "\"https://{host}/\"", None),
        ("verification_uri", "\"https://x.example/\\u0007\"", None),
        ("verification_uri", "[\"https://x.example/\"]", None),
        ("verification_uri_complete", "\"https://x.example/device?user_code=WDJB-MJHT\"", Some(1)),
        ("verification_uri_complete", "null", Some(1)),
        ("verification_uri_complete", "\"javascript:alert(1)\"", None),
        ("verification_uri_complete", "\"\"", None),
        ("other", "{\"x\":[1]}", Some(1)),
    ] {
        *answer.lock().unwrap() = with(name, value);
        let result = flow.device().await;
        let about = format!("{name}: {value:.100}");
        match (interval, result) {
            (Some(interval), Ok(login)) => assert_eq!(login.interval(), Duration::from_secs(interval), "{about}"),
            (None, Err(error)) => {
                assert_eq!(error.kind(), ErrorKind::Response, "{about}");
                assert!(error.to_string().contains(name) && !error.to_string().contains("s3cret"), "{about}: {error}");
            }
            (_, result) => panic!("{about}: {result:?}"),
        }
    }
    *answer.lock().unwrap() = with("verification_uri_complete", "\"https://y.example/\"");
    let login = flow.device().await.unwrap();
    assert_eq!((login.user_code(), login.verification_uri()), ("WDJB-MJHT", "https://x.example/device"));
    assert_eq!(login.verification_uri_complete(), Some("https://y.example/"));
    assert!(login.expires_at() > std::time::SystemTime::now());

    for (status, body, kind) in [
        (400, r#"{"error":"invalid_scope","error_description":"s3cret"}"#, ErrorKind::Provider),
        (200, r#"{"error":"device_flow_disabled"}"#, ErrorKind::Provider),
        (200, "[]", ErrorKind::Response),
        (200, r#"{"user_code":"a","user_code":"b"}"#, ErrorKind::Response),
        (200, "device_code=a", ErrorKind::Response),
        (302, "{}", ErrorKind::Response),
        (404, "", ErrorKind::Response),
    ] {
        let server = Server::start(move |_| json(status, body)).await;
        let error = self::flow(&server, "").device().await.unwrap_err();
        assert_eq!(error.kind(), kind, "{status} {body}");
        assert!(!error.to_string().contains("s3cret"), "{error}");
    }
}

/// What the token endpoint says to one request after the other, and how it ends.
type Case = (&'static [(u16, &'static str)], Result<(), (ErrorKind, Next)>);

/// What the token endpoint says, how often it is asked, and what is stored.
#[tokio::test]
async fn answers_of_the_device_endpoint() {
    const DENIED: (u16, &str) = (400, r#"{"error":"access_denied"}"#);
    const EXPIRED: (u16, &str) = (400, r#"{"error":"expired_token","error_description":"d3vice-code"}"#);
    const GITHUB: (u16, &str) = (200, PENDING);
    let cases: [Case; 8] = [
        (&[(400, PENDING), (200, TOKEN)], Ok(())),
        (&[GITHUB, (200, TOKEN)], Ok(())),
        (&[(400, PENDING), DENIED], Err((ErrorKind::AccessDenied, Next::GiveUp))),
        (&[EXPIRED], Err((ErrorKind::StateExpired, Next::Reauthorize))),
        (&[(503, "{}"), (200, TOKEN)], Ok(())),
        (&[(200, r#"{"access_token":"a"}"#)], Err((ErrorKind::TokenResponse, Next::FixConfiguration))),
        (&[(401, r#"{"error":"invalid_client"}"#)], Err((ErrorKind::Provider, Next::FixConfiguration))),
        (&[(404, "<html>")], Err((ErrorKind::Response, Next::FixConfiguration))),
    ];
    let run = cases.map(|(answers, expected)| {
        tokio::spawn(async move {
            let server = server(CODES, answers).await;
            let flow = flow(&server, "");
            let result = flow.device().await.unwrap().save_for("u").token().await;
            let calls = server.seen().len() - 1;
            assert_eq!(calls, answers.len(), "{answers:?}");
            assert!(server.seen()[1..].iter().all(|seen| seen.body.starts_with(POLL)));
            if let Err(error) = &result {
                assert!(!error.to_string().contains("d3vice"), "{error}");
            }
            let stored = flow.session("u").await;
            assert_eq!(stored.is_ok(), result.is_ok(), "{answers:?}");
            let result = result.map(|token| assert_eq!(token.access_token().expose(), "access-1"));
            assert_eq!(result.map_err(|error: Error| (error.kind(), error.next())), expected, "{answers:?}");
        })
    });
    for case in run {
        case.await.unwrap();
    }
}

#[tokio::test]
async fn a_loop_of_ones_own() {
    let server = server(CODES, &[(400, PENDING), (200, TOKEN)]).await;
    let mut login = flow(&server, "").device().await.unwrap();
    let mut waits = 0;
    let token: Token = loop {
        match login.poll().await.unwrap() {
            DevicePoll::Done(token) => break token,
            DevicePoll::Pending(wait) => {
                tokio::time::sleep(wait).await;
                waits += 1;
            }
        }
    };
    assert_eq!((token.access_token().expose(), waits, server.seen().len()), ("access-1", 2, 3));
    assert_eq!(login.poll().await.unwrap_err().kind(), ErrorKind::StateUnknown);
    assert_eq!(server.seen().len(), 3);
}

#[tokio::test]
async fn the_impatient_send_nothing() {
    let server = server(&CODES.replace(":1}", ":500}"), &[]).await;
    let mut login = flow(&server, "").device().await.unwrap();
    for _ in 0..3 {
        let DevicePoll::Pending(wait) = login.poll().await.unwrap() else { panic!("nothing was asked") };
        assert!(wait <= Duration::from_secs(500));
    }
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn nothing_is_asked_once_the_time_is_over() {
    let server = server(&CODES.replace("600", "2"), &[(400, PENDING)]).await;
    let error = flow(&server, "").device().await.unwrap().token().await.unwrap_err();
    assert_eq!((error.kind(), error.next()), (ErrorKind::StateExpired, Next::Reauthorize));
    assert_eq!(server.seen().len(), 2);
    // Nobody to save it for: said before anything is asked.
    let mut login = flow(&server, "").device().await.unwrap().save_for("");
    assert_eq!(login.poll().await.unwrap_err().kind(), ErrorKind::Configuration);
}

/// A provider with a name of its own for `verification_uri`, as Google has.
#[derive(Clone)]
struct Named(String, Arc<Mutex<Vec<Step>>>);

impl OAuthProvider for Named {
    fn declaration() -> &'static str {
        "name=named\nhooks=\ndevice_authorization_path=/device\naccess_token_path=/token\nclient_auth=none\n"
    }

    fn parts(&self) -> Parts<'_> {
        Parts::new(&"id", &(), &"").base_uri(&self.0).hooks(self)
    }
}

impl Hooks for Named {
    fn sign(&self, step: Step, _: &mut Request) -> Result<(), Error> {
        self.1.lock().unwrap().push(step);
        Ok(())
    }

    fn answer(&self, step: Step, response: &mut Response) -> Result<(), Error> {
        if step == Step::DeviceAuthorization {
            let text = String::from_utf8(response.body().to_vec()).unwrap();
            *response.body_mut() = text.replace("verification_url", "verification_uri").into();
        }
        Ok(())
    }
}

#[tokio::test]
async fn a_hook_sees_each_step() {
    let server = server(&CODES.replace("verification_uri", "verification_url"), &[(200, TOKEN)]).await;
    let steps = Arc::<Mutex<Vec<_>>>::default();
    let flow = Flow::new(Named(server.url(""), Arc::clone(&steps))).unwrap();
    flow.device().await.unwrap().token().await.unwrap();
    assert_eq!(*steps.lock().unwrap(), [Step::DeviceAuthorization, Step::DeviceCode]);
}
