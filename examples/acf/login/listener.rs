//! The listener that the browser comes back to: open for one login, on this machine only (RFC 8252 section 8.3).
//!
//! Anything on this machine, and any page in its browser, can send it requests. Whatever is not the answer to this login
//! gets a 4xx and changes nothing.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::{mpsc, oneshot},
};
use url::Url;

use super::window::Page;
use crate::ids;

const PATH: &str = "/callback";
/// The longest request head: a code may have 8 KiB.
const MAX_HEAD: usize = 32 * 1024;
/// Browsers open connections ahead of time and send nothing on them.
const PATIENCE: Duration = Duration::from_secs(10);

pub(super) struct Listener {
    tcp: TcpListener,
    expected: Expected,
    redirect_uri: String,
}

/// What a request has to be.
#[derive(Clone)]
struct Expected {
    host: String,
    path: String,
    state: [u8; 32],
}

/// The answer to the login. The browser waits for its page.
pub(super) struct Arrival {
    pub(super) query: String,
    page: oneshot::Sender<Page>,
    written: oneshot::Receiver<()>,
}

impl Arrival {
    /// Shows the page, and waits until the browser has it: the program ends afterwards.
    pub(super) async fn show(self, page: Page) {
        drop(self.page.send(page));
        drop(tokio::time::timeout(Duration::from_secs(2), self.written).await);
    }
}

impl Listener {
    /// Listens at the given redirect URI, or at a free port of 127.0.0.1.
    ///
    /// # Errors
    /// One line for people.
    pub(super) async fn bind(asked: Option<&Url>) -> Result<Self, String> {
        let port = asked.map_or(0, |url| url.port_or_known_default().unwrap_or(80));
        let ip = match asked.and_then(Url::host_str) {
            Some("[::1]") => IpAddr::from(Ipv6Addr::LOCALHOST),
            // Browsers that try ::1 first for `localhost` go on to 127.0.0.1.
            _ => IpAddr::from(Ipv4Addr::LOCALHOST),
        };
        let bound = async {
            let tcp = TcpListener::bind(SocketAddr::new(ip, port)).await?;
            let address = tcp.local_addr()?;
            Ok((tcp, address))
        };
        let (tcp, address) = bound.await.map_err(|error: std::io::Error| {
            format!("cannot listen on port {port} for the browser to come back: {error}")
        })?;
        let (redirect_uri, host, path) = match asked {
            // Sent exactly as it was given: providers compare it character by character.
            Some(url) => {
                let host = url.host_str().unwrap_or_default();
                let host = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
                (url.as_str().to_owned(), host, url.path().to_owned())
            }
            None => (format!("http://{address}{PATH}"), address.to_string(), PATH.to_owned()),
        };
        Ok(Self { tcp, expected: Expected { host, path, state: [0; 32] }, redirect_uri })
    }

    pub(super) fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    /// Waits for the answer to the login with this state, and closes the port.
    pub(super) async fn wait(mut self, state: &str) -> Arrival {
        self.expected.state = ids::digest(state);
        let (arrived, mut arrivals) = mpsc::channel(1);
        loop {
            tokio::select! {
                Some(arrival) = arrivals.recv() => return arrival,
                connection = self.tcp.accept() => match connection {
                    Ok((stream, _)) => {
                        let (expected, arrived) = (self.expected.clone(), arrived.clone());
                        tokio::spawn(async move {
                            // A browser that goes away in the middle of it can come again.
                            drop(serve(stream, &expected, arrived).await);
                        });
                    }
                    // Too many open files, say: the port stays open, and the next attempt may succeed.
                    Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
                },
            }
        }
    }
}

async fn serve(mut stream: TcpStream, expected: &Expected, arrived: mpsc::Sender<Arrival>) -> std::io::Result<()> {
    let head = match tokio::time::timeout(PATIENCE, head(&mut stream)).await {
        Ok(head) => head?,
        Err(_) => return Ok(()),
    };
    let query = match expected.check(&head) {
        Ok(query) => query.to_owned(),
        Err(status) => return answer(&mut stream, &Page::not_it(status)).await,
    };
    let ((page, shown), (done, written)) = (oneshot::channel(), oneshot::channel());
    if arrived.send(Arrival { query, page, written }).await.is_err() {
        return answer(&mut stream, &Page::not_it("410 Gone")).await;
    }
    if let Ok(page) = shown.await {
        answer(&mut stream, &page).await?;
    }
    let _ = done.send(());
    Ok(())
}

/// The head of a request: everything up to the empty line.
async fn head(stream: &mut TcpStream) -> std::io::Result<String> {
    let mut head = Vec::new();
    let mut chunk = [0_u8; 4096];
    while head.len() <= MAX_HEAD && !head.windows(4).any(|end| end == b"\r\n\r\n") {
        let read = stream.read(&mut chunk).await?;
        if read == 0 {
            break;
        }
        head.extend(chunk.get(..read).unwrap_or_default());
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}

impl Expected {
    /// The query of the answer to this login, or the status for everything else.
    fn check<'h>(&self, head: &'h str) -> Result<&'h str, &'static str> {
        let Some((head, _)) = head.split_once("\r\n\r\n") else { return Err("400 Bad Request") };
        let mut lines = head.split("\r\n");
        let mut request = lines.next().unwrap_or_default().split(' ');
        let (Some(method), Some(target), Some("HTTP/1.1" | "HTTP/1.0"), None) =
            (request.next(), request.next(), request.next(), request.next())
        else {
            return Err("400 Bad Request");
        };
        // A page whose name was pointed at this machine (DNS rebinding) shows in the Host header.
        let mut hosts =
            lines.filter_map(|line| line.split_once(':')).filter(|(name, _)| name.eq_ignore_ascii_case("host"));
        match (hosts.next(), hosts.next()) {
            (Some((_, host)), None) if host.trim().eq_ignore_ascii_case(&self.host) => {}
            _ => return Err("421 Misdirected Request"),
        }
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        if path != self.path {
            return Err("404 Not Found");
        }
        if method != "GET" {
            return Err("405 Method Not Allowed");
        }
        let mut states = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name == "state");
        match (states.next(), states.next()) {
            (Some((_, state)), None) if ids::digest(&state) == self.state => Ok(query),
            _ => Err("400 Bad Request"),
        }
    }
}

async fn answer(stream: &mut TcpStream, page: &Page) -> std::io::Result<()> {
    stream.write_all(page.response().as_bytes()).await?;
    stream.shutdown().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_answer_to_this_login_is_taken() {
        let expected =
            Expected { host: "127.0.0.1:9".to_owned(), path: "/callback".to_owned(), state: ids::digest("s") };
        let cases = [
            ("GET /callback?code=c&state=s HTTP/1.1\r\nHost: 127.0.0.1:9", Ok("code=c&state=s")),
            ("GET /callback?code=c&state=t HTTP/1.1\r\nHost: 127.0.0.1:9", Err("400 Bad Request")),
            ("GET /callback?code=c&state=s&state=s HTTP/1.1\r\nHost: 127.0.0.1:9", Err("400 Bad Request")),
            ("GET /callback HTTP/1.1\r\nHost: 127.0.0.1:9", Err("400 Bad Request")),
            ("GET /favicon.ico HTTP/1.1\r\nHost: 127.0.0.1:9", Err("404 Not Found")),
            ("POST /callback?code=c&state=s HTTP/1.1\r\nHost: 127.0.0.1:9", Err("405 Method Not Allowed")),
            ("HEAD /callback?code=c&state=s HTTP/1.1\r\nHost: 127.0.0.1:9", Err("405 Method Not Allowed")),
            ("GET /callback?code=c&state=s HTTP/1.1\r\nHost: evil.example", Err("421 Misdirected Request")),
            ("GET /callback?code=c&state=s HTTP/1.1", Err("421 Misdirected Request")),
            ("GET /callback?code=c&state=s", Err("400 Bad Request")),
            ("", Err("400 Bad Request")),
        ];
        for (head, outcome) in cases {
            assert_eq!(expected.check(&format!("{head}\r\n\r\n")), outcome, "{head}");
        }
        assert!(expected.check("GET /callback?state=s HTTP/1.1\r\nHost: 127.0.0.1:9").is_err(), "cut short");
    }
}
