//! A server to talk to, and a browser to talk with.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader},
    net::TcpListener,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

use http_body_util::{BodyExt, Full};
use hyper::{
    HeaderMap, Method, Request, StatusCode,
    body::Bytes,
    header::{CONTENT_TYPE, COOKIE, HOST, LOCATION, SET_COOKIE},
};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use url::Url;

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_acf");

/// The program, with nothing from the environment of whoever runs the tests.
pub(crate) fn acf() -> Command {
    let mut command = Command::new(PROGRAM);
    command.stdin(Stdio::null());
    for variable in ["PORT", "ACF_STORE", "ACF_SERVE_STORE", "ACF_LOG"] {
        command.env_remove(variable);
    }
    for provider in ["GITHUB", "GOOGLE", "STACK_EXCHANGE"] {
        command.env_remove(format!("{provider}_CLIENT_ID")).env_remove(format!("{provider}_CLIENT_SECRET"));
    }
    command
}

/// Ports that were free a moment ago.
pub(crate) fn free_ports() -> [u16; 2] {
    let listeners = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    listeners.each_ref().map(|listener| listener.local_addr().unwrap().port())
}

/// A directory that goes away.
pub(crate) struct Scratch(pub(crate) PathBuf);

impl Scratch {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("acf-test-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// A running `acf serve`.
pub(crate) struct Server {
    child: Child,
    pub(crate) origin: String,
    pub(crate) issuer: String,
    pub(crate) scratch: Scratch,
    ports: [u16; 2],
}

impl Server {
    pub(crate) fn start() -> Self {
        Self::start_with(|_, _| {})
    }

    /// With more options or variables; `more` is also given the two ports.
    pub(crate) fn start_with(more: impl Fn(&mut Command, [u16; 2])) -> Self {
        let (ports, scratch) = (free_ports(), Scratch::new());
        let child = spawn(ports, &scratch, &more);
        let [origin, issuer] = ports.map(|port| format!("http://127.0.0.1:{port}"));
        Self { child, origin, issuer, scratch, ports }
    }

    /// `kill -9`.
    pub(crate) fn stop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// `kill -9`, and again on the same ports and file.
    pub(crate) fn crash_and_restart(&mut self) {
        self.stop();
        self.child = spawn(self.ports, &self.scratch, &|_, _| {});
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    pub(crate) fn database(&self) -> rusqlite::Connection {
        let database = rusqlite::Connection::open(self.scratch.0.join("acf.db")).unwrap();
        database.busy_timeout(std::time::Duration::from_secs(5)).unwrap();
        database
    }

    /// Changes something behind the server's back.
    pub(crate) fn sql(&self, statement: &str) {
        assert_ne!(self.database().execute(statement, []).unwrap(), 0, "{statement}");
    }

    /// How many rows a table has.
    pub(crate) fn rows(&self, table: &str) -> i64 {
        self.database().query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
    }

    /// The secrets of the stored tokens, which no page may show.
    pub(crate) fn stored_tokens(&self) -> Vec<String> {
        let database = self.database();
        let mut rows = database.prepare("SELECT token FROM acf_token").unwrap();
        let rows = rows.query_map([], |row| row.get::<_, String>(0)).unwrap().map(Result::unwrap);
        rows.flat_map(|row| {
            let token: serde_json::Value = serde_json::from_str(&row).unwrap();
            ["access_token", "refresh_token"].map(|name| token[name].as_str().unwrap().to_owned())
        })
        .collect()
    }
}

fn spawn(ports: [u16; 2], scratch: &Scratch, more: &dyn Fn(&mut Command, [u16; 2])) -> Child {
    let mut command = acf();
    command
        .args(["serve", "--port", &ports[0].to_string(), "--issuer-port", &ports[1].to_string()])
        .current_dir(&scratch.0)
        .stdout(Stdio::piped())
        .stderr(std::fs::File::create(scratch.0.join("log")).unwrap());
    more(&mut command, ports);
    let mut child = command.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, format!("listening on http://127.0.0.1:{}\n", ports[0]));
    child
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// An answer, with its body read.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Where a 303 leads.
    pub(crate) fn location(&self) -> String {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.body);
        self.header(LOCATION.as_str()).to_owned()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// Keeps cookies; follows redirects only when told to.
#[derive(Clone, Default)]
pub(crate) struct Browser {
    pub(crate) cookies: BTreeMap<String, String>,
}

pub(crate) type Headers<'a> = &'a [(&'a str, &'a str)];

impl Browser {
    pub(crate) async fn get(&mut self, url: &str) -> Answer {
        self.send(Method::GET, url, &[], "").await
    }

    /// A form of a page of ours.
    pub(crate) async fn post(&mut self, url: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(Method::POST, url, &[("sec-fetch-site", "same-origin")], &form(fields)).await
    }

    pub(crate) async fn send(&mut self, method: Method, url: &str, headers: Headers<'_>, body: &str) -> Answer {
        let url = Url::parse(url).unwrap();
        let address = (url.host_str().unwrap(), url.port().unwrap());
        let stream = TcpStream::connect(address).await.unwrap();
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);

        let path = &url[url::Position::BeforePath..url::Position::AfterQuery];
        let mut request =
            Request::builder().method(method).uri(path).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        if headers.iter().all(|(name, _)| *name != "host") {
            request = request.header(HOST, format!("{}:{}", address.0, address.1));
        }
        if !self.cookies.is_empty() {
            let pairs: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header(COOKIE, pairs.join("; "));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::new(Bytes::from(body.to_owned()))).unwrap();
        let response = sender.send_request(request).await.unwrap();
        let (head, body) = response.into_parts();
        let body = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
        for cookie in head.headers.get_all(SET_COOKIE) {
            let (pair, attributes) = cookie.to_str().unwrap().split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if attributes.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        Answer { status: head.status, headers: head.headers, body }
    }

    /// Begins a login at the demo; where the browser is sent.
    pub(crate) async fn begin(&mut self, server: &Server) -> String {
        self.get(&server.url("/login/demo")).await.location()
    }

    /// Logs in at the authorization server and decides; the callback that the browser is sent to.
    pub(crate) async fn consent(&mut self, authorize: &str, account: &str, decision: &str) -> String {
        let (endpoint, query) = authorize.split_once('?').unwrap();
        let issuer = endpoint.strip_suffix("/authorize").unwrap();
        let page = self.get(authorize).await;
        // Whoever has logged in before is asked for consent at once, and may still be somebody else.
        assert!(page.body.contains("no password is needed") || page.body.contains("Allow access?"), "{}", page.body);
        let back = self.post(&format!("{issuer}/login"), &[("account", account), ("request", query)]).await.location();
        let page = self.get(&format!("{issuer}{back}")).await;
        assert!(page.body.contains("Allow access?"), "{}", page.body);
        self.post(&format!("{issuer}{back}"), &[("decision", decision)]).await.location()
    }

    /// A whole login as Ada; the page it ends on.
    pub(crate) async fn connect(&mut self, server: &Server) -> Answer {
        let authorize = self.begin(server).await;
        let callback = self.consent(&authorize, "ada", "allow").await;
        let end = self.get(&callback).await.location();
        assert_eq!(end, "/connections/demo?done=connected");
        self.get(&server.url(&end)).await
    }
}

pub(crate) fn form(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

/// A parameter of a URL's query.
pub(crate) fn param(url: &str, name: &str) -> String {
    let url = Url::parse(url).unwrap();
    url.query_pairs().find(|(given, _)| given == name).map(|(_, value)| value.into_owned()).unwrap_or_default()
}
