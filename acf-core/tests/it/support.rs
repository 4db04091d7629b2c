//! A recording HTTP server, and a provider that points at it.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use acf_core::{
    ClientAuth, Custom, CustomBuilder, Error, Flow, HttpClient, MemoryStore, Session, Token, TokenStore,
    http::{HttpError, Limits, Request, ReqwestClient, Response},
    store::{Expect, StoredToken, TokenKey, Version},
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

/// One request as it came over the wire.
#[derive(Clone, Debug)]
pub struct Seen {
    pub head: String,
    pub body: String,
}

impl Seen {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then_some(value.trim())
        })
    }

    pub fn form(&self) -> HashMap<String, String> {
        form_urlencoded::parse(self.body.as_bytes()).into_owned().collect()
    }
}

#[derive(Clone)]
pub struct Server {
    pub address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Server {
    /// Answers each request with the bytes that `answer` makes of it, then closes the connection.
    pub async fn start(answer: impl Fn(&Seen) -> Vec<u8> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self { address: listener.local_addr().unwrap(), seen: Arc::default() };
        let (seen, answer) = (Arc::clone(&server.seen), Arc::new(answer));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (seen, answer) = (Arc::clone(&seen), Arc::clone(&answer));
                tokio::spawn(async move {
                    let mut stream = stream;
                    if let Some(request) = read(&mut stream).await {
                        let bytes = answer(&request);
                        seen.lock().unwrap().push(request);
                        drop(stream.write_all(&bytes).await);
                        drop(stream.shutdown().await);
                    }
                });
            }
        });
        server
    }

    /// A token endpoint that always issues this JSON.
    pub async fn issuing(body: &'static str) -> Self {
        Self::start(move |_| json(200, body)).await
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// A confidential client of this server, to be changed as a test likes.
    pub fn provider(&self) -> CustomBuilder {
        Custom::builder("forge")
            .base_uri(self.url(""))
            .authorization_path("/authorize")
            .access_token_path("/token")
            .revocation_path("/revoke")
            .scope(["read"])
            .client_auth(ClientAuth::ClientSecretPost)
            .client_id("the client")
            .client_secret("s3cret+/&=".parse().unwrap())
            .redirect_uri("https://app.example/callback")
    }

    pub fn flow(&self) -> Flow {
        Flow::new(self.provider().build().unwrap()).unwrap()
    }
}

/// A transport that is shipped.
#[derive(Clone)]
pub struct Client {
    pub name: &'static str,
    inner: Arc<dyn HttpClient>,
}

/// Each transport that is shipped: all of them keep the same promises.
pub fn clients() -> Vec<Client> {
    clients_with(None, None)
}

/// The same, with an identity and further roots.
pub fn clients_with(identity: Option<&str>, roots: Option<&str>) -> Vec<Client> {
    macro_rules! made {
        ($client:ty) => {{
            let mut builder = <$client>::builder();
            if let Some(pem) = identity {
                builder = builder.identity(pem.as_bytes()).unwrap();
            }
            if let Some(pem) = roots {
                builder = builder.roots(pem.as_bytes()).unwrap();
            }
            builder.build().unwrap()
        }};
    }
    vec![
        Client { name: "reqwest", inner: Arc::new(made!(ReqwestClient)) },
        #[cfg(feature = "blocking")]
        Client { name: "ureq", inner: Arc::new(Aside(made!(acf_core::blocking::UreqClient))) },
    ]
}

#[async_trait::async_trait]
impl HttpClient for Client {
    async fn send(&self, request: Request, limits: Limits) -> Result<Response, HttpError> {
        self.inner.send(request, limits).await
    }
}

/// A client that blocks, on a thread where it may: the servers of these tests are tasks.
#[cfg(feature = "blocking")]
struct Aside(acf_core::blocking::UreqClient);

#[cfg(feature = "blocking")]
#[async_trait::async_trait]
impl HttpClient for Aside {
    async fn send(&self, request: Request, limits: Limits) -> Result<Response, HttpError> {
        use acf_core::blocking::Wait;
        let client = self.0.clone();
        tokio::task::spawn_blocking(move || client.send(request, limits).wait()).await.unwrap()
    }
}

/// A token endpoint without a network, at `https://forge.example`: each token bears the code or the refresh token that it
/// came of. Some answers take longer than others.
#[derive(Clone, Default)]
pub struct Naming {
    calls: Arc<AtomicUsize>,
}

impl Naming {
    pub fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }

    /// A public client of that name.
    pub fn provider(name: &str) -> CustomBuilder {
        Custom::builder(name)
            .base_uri("https://forge.example")
            .authorization_path("/authorize")
            .access_token_path("/token")
            .client_auth(ClientAuth::None)
            .client_id("id")
            .redirect_uri("https://app.example/callback")
    }
}

#[async_trait::async_trait]
impl HttpClient for Naming {
    async fn send(&self, request: Request, _: Limits) -> Result<Response, HttpError> {
        let call = self.calls.fetch_add(1, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(call as u64 * 7 % 5)).await;
        let form: HashMap<_, _> = form_urlencoded::parse(request.body()).into_owned().collect();
        let of = form.get("code").or(form.get("refresh_token")).unwrap();
        let body = format!(
            r#"{{"access_token":"access.{of}","token_type":"bearer","expires_in":3600,"refresh_token":"{of}.next"}}"#
        );
        let mut response = Response::new(body.into());
        response.headers_mut().insert("content-type", "application/json".parse().unwrap());
        Ok(response)
    }
}

/// A store that has trouble with a certain access token, so many times.
#[derive(Clone)]
pub struct Full {
    pub store: MemoryStore,
    pub of: &'static str,
    pub troubles: Arc<Mutex<Vec<Trouble>>>,
}

/// What becomes of a save.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Trouble {
    /// The disk is full.
    Refused,
    /// It is done, and the answer is lost.
    Lost,
    Panic,
}

#[async_trait::async_trait]
impl TokenStore for Full {
    async fn load(&self, key: &TokenKey) -> Result<Option<StoredToken>, Error> {
        self.store.load(key).await
    }

    async fn save(&self, key: &TokenKey, token: &Token, expect: Expect) -> Result<Option<Version>, Error> {
        if token.access_token().expose() == self.of {
            let trouble = self.troubles.lock().unwrap().pop();
            match trouble {
                None => {}
                Some(Trouble::Refused) => return Err(Error::store("disk full")),
                Some(Trouble::Lost) => {
                    self.store.save(key, token, expect).await?;
                    return Err(Error::store("connection reset"));
                }
                Some(Trouble::Panic) => panic!("a bug of somebody's store"),
            }
        }
        self.store.save(key, token, expect).await
    }

    async fn delete(&self, key: &TokenKey) -> Result<bool, Error> {
        self.store.delete(key).await
    }

    async fn connections(&self, provider: &str, user: &str) -> Result<Vec<String>, Error> {
        self.store.connections(provider, user).await
    }
}

pub const TOKEN: &str =
    r#"{"access_token":"access-1","token_type":"bearer","expires_in":3600,"refresh_token":"refresh-1"}"#;

/// One whole request.
pub async fn read(stream: &mut (impl AsyncRead + Unpin)) -> Option<Seen> {
    let mut bytes = Vec::new();
    loop {
        let mut chunk = [0; 4096];
        let n = stream.read(&mut chunk).await.ok().filter(|n| *n > 0)?;
        bytes.extend_from_slice(&chunk[..n]);
        let text = String::from_utf8_lossy(&bytes);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let seen = Seen { head: head.to_owned(), body: body.to_owned() };
            let length = seen.header("content-length").map_or(0, |length| length.parse().unwrap());
            if body.len() >= length {
                return Some(seen);
            }
        }
    }
}

pub fn answer(status: u16, headers: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {}\r\n{headers}\r\n{body}", body.len()).into()
}

pub fn json(status: u16, body: &str) -> Vec<u8> {
    answer(status, "content-type: application/json\r\n", body)
}

/// The session of `u`, who has just logged in.
pub async fn logged_in(flow: &Flow) -> Session {
    let request = flow.begin("u").await.unwrap();
    flow.finish("u", &format!("code=c&state={}", request.state.as_str())).await.unwrap();
    flow.session("u").await.unwrap()
}

/// A parameter of a URL.
pub fn param(url: &str, name: &str) -> Option<String> {
    // In the query, or behind a route in the fragment.
    url.split(['?', '#'])
        .skip(1)
        .flat_map(|part| form_urlencoded::parse(part.as_bytes()))
        .find_map(|(key, value)| (key == name).then(|| value.into_owned()))
}
