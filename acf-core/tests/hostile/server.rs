//! A token endpoint that does, byte by byte, what a script says; and a login and a refresh that meet it.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use acf_core::{
    Error, ErrorKind, Flow, MemoryStore, Next, Token,
    http::Limits,
    store::{Expect, TokenKey, TokenStore},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use crate::support::{Client, Server, TOKEN};

/// One thing a server does.
#[derive(Clone)]
pub enum Act {
    Send(Vec<u8>),
    /// The same bytes again and again, with a pause after each time.
    Repeat(Vec<u8>, usize, Duration),
    /// Byte by byte, with a pause after each.
    Drip(Vec<u8>, Duration),
    /// A page with this status that shows everything it was sent, or only the values, whose names would give them away.
    Echo(u16, bool),
    /// Leaves the connection open and says no more.
    Hold,
}

/// What comes back, and what that must lead to.
#[derive(Clone)]
pub struct Case {
    pub what: String,
    pub acts: Vec<Act>,
    pub kind: ErrorKind,
    pub status: Option<u16>,
}

impl Case {
    pub fn new(what: impl Into<String>, acts: Vec<Act>, kind: ErrorKind, status: Option<u16>) -> Self {
        Self { what: what.into(), acts, kind, status }
    }

    /// Some bytes, and then the end of the connection.
    pub fn bytes(what: &str, bytes: impl Into<Vec<u8>>, kind: ErrorKind, status: Option<u16>) -> Self {
        Self::new(what, vec![Act::Send(bytes.into())], kind, status)
    }
}

#[derive(Clone)]
pub struct Scripted {
    pub address: SocketAddr,
    requests: Arc<AtomicUsize>,
    /// Bytes that were taken off its hands.
    pub sent: Arc<AtomicUsize>,
    pub heads: Arc<Mutex<Vec<String>>>,
}

impl Scripted {
    pub async fn start(acts: Vec<Act>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            address: listener.local_addr().unwrap(),
            requests: Arc::default(),
            sent: Arc::default(),
            heads: Arc::default(),
        };
        let inner = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(play(stream, acts.clone(), inner.clone()));
            }
        });
        server
    }

    pub fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

async fn play(mut stream: TcpStream, acts: Vec<Act>, server: Scripted) -> Option<()> {
    let mut request = Vec::new();
    let complete = |request: &[u8]| {
        let text = String::from_utf8_lossy(request).into_owned();
        let (head, body) = text.split_once("\r\n\r\n")?;
        let length =
            head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
        (body.len() >= length.unwrap_or(0)).then_some(text)
    };
    let text = loop {
        let mut chunk = [0; 4096];
        let n = stream.read(&mut chunk).await.ok().filter(|n| *n > 0)?;
        request.extend_from_slice(&chunk[..n]);
        if let Some(text) = complete(&request) {
            break text;
        }
    };
    server.requests.fetch_add(1, Ordering::SeqCst);
    server.heads.lock().unwrap().push(text.split("\r\n\r\n").next()?.to_owned());
    for act in acts {
        match act {
            Act::Send(bytes) => write(&mut stream, &bytes, &server).await?,
            Act::Repeat(bytes, times, pause) => {
                for _ in 0..times {
                    write(&mut stream, &bytes, &server).await?;
                    if !pause.is_zero() {
                        tokio::time::sleep(pause).await;
                    }
                }
            }
            Act::Drip(bytes, pause) => {
                for byte in bytes {
                    write(&mut stream, &[byte], &server).await?;
                    tokio::time::sleep(pause).await;
                }
            }
            Act::Echo(status, names) => {
                let page = if names { text.replace('&', "&amp;") } else { values(&text) };
                let page = format!("<html><h1>It broke</h1><pre>{page}</pre>");
                let head =
                    format!("HTTP/1.1 {status} X\r\ncontent-type: text/html\r\ncontent-length: {}\r\n\r\n", page.len());
                write(&mut stream, (head + &page).as_bytes(), &server).await?;
            }
            Act::Hold => tokio::time::sleep(Duration::from_secs(60)).await,
        }
    }
    stream.shutdown().await.ok()
}

/// The values of the form and of the `Authorization` header, once as they came and once as a page would show them.
fn values(request: &str) -> String {
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let header = head.lines().find_map(|line| line.strip_prefix("authorization: "));
    let raw = body.split('&').filter_map(|pair| Some(pair.split_once('=')?.1.to_owned()));
    let decoded = form_urlencoded::parse(body.as_bytes()).map(|(_, value)| value.replace('&', "&amp;"));
    // Without the name of the grant, which names a token as well.
    let raw = raw.filter(|value| value != "refresh_token");
    let decoded = decoded.filter(|value| value != "refresh_token");
    header.map(str::to_owned).into_iter().chain(decoded).chain(raw).collect::<Vec<_>>().join(" ")
}

async fn write(stream: &mut TcpStream, bytes: &[u8], server: &Scripted) -> Option<()> {
    stream.write_all(bytes).await.ok()?;
    server.sent.fetch_add(bytes.len(), Ordering::SeqCst);
    Some(())
}

pub const STORED: &str =
    r#"{"v":1,"access_token":"stored-access","token_type":"Bearer","refresh_token":"stored-refresh","scope":["read"]}"#;
const CODE: &str = "the code+/=0123456789";
/// What no error may show: sent, received, or stored.
const SECRETS: &[&str] = &[
    "s3cret+",
    "s3cret%2B",
    "the client:",
    "dGhlK2NsaWVudD",
    "the code+",
    "the%20code%2B",
    "0123456789",
    "access-1",
    "refresh-1",
    "stored-",
];

/// A login, and then a refresh, against the case: both must end as it says, and change nothing.
pub async fn meet(client: Client, line: u16, case: Case) {
    // What ends by the deadline has a short one; for the rest it is out of the way.
    let deadline = if case.kind == ErrorKind::Timeout { 800 } else { 5_000 };
    let limits = Limits { deadline: Duration::from_millis(deadline), body: 64 * 1024 };
    for basic in [false, true] {
        // Each a server of its own: a connection that the first one has closed may look as if it could be used again.
        let server = Scripted::start(case.acts.clone()).await;
        let store = MemoryStore::new();
        let key = TokenKey::new("forge", "u");
        store.save(&key, &Token::from_json(STORED).unwrap(), Expect::Anything).await.unwrap();
        let provider = Server::issuing(TOKEN).await.provider().base_uri(format!("http://{}", server.address));
        let provider = match basic {
            true => provider.set("refresh.client_auth", "client_secret_basic"),
            false => provider.set("revoke.client_auth", "client_secret_basic"),
        };
        let flow = Flow::builder(provider.build().unwrap())
            .state_store(store.clone())
            .token_store(store.clone())
            .http_client(client.clone())
            .limits(limits)
            .build()
            .unwrap();
        let what = format!("H-{line}, {}, {}, {}", client.name, case.what, if basic { "refresh" } else { "login" });
        let requests = server.requests();
        let began = Instant::now();
        let error = if basic {
            let error = flow.session("u").await.unwrap().refresh().await.unwrap_err();
            // What was not answered may be answered the next time; what was, will be answered so again.
            let unanswered = matches!(error.kind(), ErrorKind::Transport | ErrorKind::Timeout);
            let later = unanswered || matches!(error.status(), Some(500..=599));
            assert_eq!(error.next() == Next::Retry, later, "{what}: {error}");
            error
        } else {
            let request = flow.begin("u").await.unwrap();
            let code: String = form_urlencoded::byte_serialize(CODE.as_bytes()).collect();
            let callback = format!("code={code}&state={}", request.state.as_str());
            let error = flow.finish("u", &callback).await.unwrap_err();
            let again = flow.finish("u", &callback).await.unwrap_err();
            assert_eq!(again.kind(), ErrorKind::StateUnknown, "{what}: the login is used up");
            assert_ne!(error.next(), Next::Retry, "{what}: the same call cannot succeed");
            error
        };
        assert!(began.elapsed() < limits.deadline + Duration::from_secs(5), "{what}: {:?}", began.elapsed());
        assert_eq!((error.kind(), error.status()), (case.kind, case.status), "{what}: {error}: {error:?}");
        // A busy machine may read it after it was given up.
        while server.requests() == requests && began.elapsed() < Duration::from_secs(8) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert_eq!(server.requests() - requests, 1, "{what}: sent once");
        assert_eq!(store.load(&key).await.unwrap().unwrap().token, Token::from_json(STORED).unwrap(), "{what}");
        shows_nothing(&what, &error);
    }
}

pub fn shows_nothing(what: &str, error: &Error) {
    let mut texts = vec![format!("{error:?}")];
    let mut next: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = next {
        texts.push(error.to_string());
        next = error.source();
    }
    for text in texts {
        for secret in SECRETS {
            assert!(!text.contains(secret), "{what} shows {secret}: {text}");
            let bytes = format!("{:?}", secret.as_bytes());
            assert!(!text.contains(bytes.trim_matches(['[', ']'])), "{what} shows the bytes of {secret}: {text}");
        }
        assert!(text.len() < 2_000, "{what}: {text}");
    }
    assert!(error.to_string().len() < 450, "{what}: {error}");
}
