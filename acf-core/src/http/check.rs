//! Whether a transport keeps what [`HttpClient`] asks of it.

use std::{
    io::{self, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use super::{HttpClient, HttpError, HttpErrorKind, Limits, Request, Response};
use crate::{error::Error, lock::lock};

/// Tries a client of one's own out, in a test of the program that brings it: whether it follows redirects, decompresses,
/// keeps cookies, sends a request twice, takes an error status for an error, or goes beyond its limits.
///
/// It is given plain http requests to a server on 127.0.0.1 that runs as long as this does. What it does with
/// certificates is not tried.
///
#[cfg_attr(feature = "reqwest", doc = "```no_run")]
#[cfg_attr(not(feature = "reqwest"), doc = "```ignore")]
/// # async fn example() -> Result<(), acf_core::Error> {
/// let client = acf_core::http::ReqwestClient::new()?; // or one's own
/// acf_core::http::check_client(&client).await?;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration), which lists everything that is wrong, one thing a line.
pub async fn check_client(client: &dyn HttpClient) -> Result<(), Error> {
    let server =
        Server::start().map_err(|error| Error::configuration("no server can be started").with_source(error))?;
    let check = Check { client, server: &server };
    let wrong: Vec<_> = [
        check.statuses().await,
        check.redirects().await,
        check.encodings().await,
        check.cookies().await,
        check.repetition().await,
        check.size().await,
        check.deadline().await,
    ]
    .into_iter()
    .flatten()
    .map(|wrong| format!("the HTTP client {wrong}"))
    .collect();
    if wrong.is_empty() { Ok(()) } else { Err(Error::configuration(wrong.join("\n"))) }
}

const LIMITS: Limits = Limits { deadline: Duration::from_secs(5), body: 4 * 1024 };
const ERRORS: [u16; 4] = [400, 401, 429, 503];
const REDIRECTS: [u16; 5] = [301, 302, 303, 307, 308];
/// `{}`, by gzip.
const COMPRESSED: &[u8] = &[31, 139, 8, 0, 0, 0, 0, 0, 2, 255, 171, 174, 5, 0, 67, 191, 166, 163, 2, 0, 0, 0];

struct Check<'a> {
    client: &'a dyn HttpClient,
    server: &'a Server,
}

/// What is wrong, as the end of a sentence.
type Wrong = Option<String>;

impl Check<'_> {
    async fn ask(&self, path: &str, limits: Limits) -> Result<Response, HttpError> {
        let mut request = Request::new(b"token=s3cret".to_vec());
        *request.method_mut() = http::Method::POST;
        let url = format!("http://{}{path}", self.server.address);
        *request.uri_mut() = url.parse().map_err(|error| HttpError::new(HttpErrorKind::NotSent, error))?;
        self.client.send(request, limits).await
    }

    async fn statuses(&self) -> Wrong {
        for status in ERRORS {
            match self.ask(&format!("/{status}"), LIMITS).await {
                Ok(answer) if answer.status() == status => {}
                Ok(answer) => return Some(format!("brings status {} where the server sent {status}", answer.status())),
                Err(error) => return Some(format!("brings no answer where the server sent {status}: {error}")),
            }
        }
        None
    }

    async fn redirects(&self) -> Wrong {
        let mut followed = Vec::new();
        for status in REDIRECTS {
            let before = self.server.count("/elsewhere");
            let other = self.ask(&format!("/{status}"), LIMITS).await.is_ok_and(|answer| answer.status() != status);
            if other || self.server.count("/elsewhere") > before {
                followed.push(status.to_string());
            }
        }
        let followed = followed.join(", ");
        (!followed.is_empty()).then(|| format!("follows redirects ({followed}): credentials would go with it"))
    }

    async fn encodings(&self) -> Wrong {
        match self.ask("/compressed", LIMITS).await {
            Ok(answer) if answer.body() == COMPRESSED => None,
            _ => Some("decompresses answers: a small one could become a large one".to_owned()),
        }
    }

    async fn cookies(&self) -> Wrong {
        for _ in 0..2 {
            drop(self.ask("/cookie", LIMITS).await);
        }
        self.server.any(|seen| seen.cookie).then(|| "keeps cookies".to_owned())
    }

    async fn repetition(&self) -> Wrong {
        let kind = self.ask("/cut", LIMITS).await.err().map(|error| error.kind());
        match self.server.count("/cut") {
            0 | 1 if kind != Some(HttpErrorKind::NotSent) => None,
            0 | 1 => Some("says that nothing was sent when the connection ends before the answer".to_owned()),
            _ => Some("sends a request again when the connection ends before the answer".to_owned()),
        }
    }

    async fn size(&self) -> Wrong {
        let mut wrong = None;
        for path in ["/large", "/endless"] {
            match self.ask(path, LIMITS).await {
                Err(error) if error.kind() == HttpErrorKind::TooLarge => {}
                Err(error) => wrong = Some(format!("does not say `TooLarge` of an answer beyond the limit: {error}")),
                Ok(answer) => {
                    return Some(format!("reads {} bytes where the limit is {}", answer.body().len(), LIMITS.body));
                }
            }
        }
        wrong
    }

    async fn deadline(&self) -> Wrong {
        let limits = Limits { deadline: Duration::from_millis(100), ..LIMITS };
        for path in ["/silent", "/halting"] {
            match self.ask(path, limits).await {
                Err(error) if error.kind() == HttpErrorKind::Timeout => {}
                _ => return Some("does not say `Timeout` at the deadline of the whole call".to_owned()),
            }
        }
        None
    }
}

/// A request.
struct Seen {
    path: String,
    cookie: bool,
}

/// A server that does what its paths say, on threads of its own: whatever runs the client need not run it.
struct Server {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
    stopped: Arc<AtomicBool>,
}

impl Server {
    fn start() -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let server = Self { address: listener.local_addr()?, seen: Arc::default(), stopped: Arc::default() };
        let (seen, stopped) = (Arc::clone(&server.seen), Arc::clone(&server.stopped));
        thread::Builder::new().name("acf-check".to_owned()).spawn(move || {
            for stream in listener.incoming().take_while(|_| !stopped.load(Ordering::SeqCst)).flatten() {
                let (seen, stopped) = (Arc::clone(&seen), Arc::clone(&stopped));
                // A connection that fails is the client's affair.
                thread::spawn(move || drop(serve(stream, &seen, &stopped)));
            }
        })?;
        Ok(server)
    }

    fn any(&self, is: impl Fn(&Seen) -> bool) -> bool {
        lock(&self.seen).iter().any(is)
    }

    fn count(&self, path: &str) -> usize {
        lock(&self.seen).iter().filter(|seen| seen.path == path).count()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::SeqCst);
        // Wakes the thread that waits for connections.
        drop(TcpStream::connect(self.address));
    }
}

fn serve(mut stream: TcpStream, seen: &Mutex<Vec<Seen>>, stopped: &AtomicBool) -> io::Result<()> {
    stream.set_read_timeout(Some(LIMITS.deadline))?;
    let head = head(&mut stream)?;
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    let cookie = head.lines().any(|line| line.to_ascii_lowercase().starts_with("cookie:"));
    lock(seen).push(Seen { path: path.clone(), cookie });
    let answer = |status: &str, headers: &str, body: &[u8]| {
        let head = format!("HTTP/1.1 {status} X\r\nconnection: close\r\n{headers}\r\n");
        [head.as_bytes(), body].concat()
    };
    let large = vec![b' '; 64 * LIMITS.body];
    let bytes = match path.trim_start_matches('/') {
        status @ ("301" | "302" | "303" | "307" | "308") => {
            answer(status, "location: /elsewhere\r\ncontent-length: 0\r\n", b"")
        }
        status @ ("400" | "401" | "429" | "503") => answer(status, "content-length: 0\r\n", b""),
        "compressed" => answer("200", "content-encoding: gzip\r\ncontent-length: 22\r\n", COMPRESSED),
        "cookie" => answer("200", "set-cookie: a=b; Path=/\r\ncontent-length: 0\r\n", b""),
        "large" => answer("200", &format!("content-length: {}\r\n", large.len()), &large),
        "endless" => answer("200", "", &large),
        "cut" | "silent" => Vec::new(),
        "halting" => answer("200", "content-length: 9\r\n", b"{"),
        _ => answer("200", "content-length: 2\r\n", b"{}"),
    };
    stream.write_all(&bytes)?;
    if matches!(path.as_str(), "/silent" | "/halting") {
        // Longer than the deadline by far.
        for _ in 0..40 {
            thread::sleep(Duration::from_millis(50));
            if stopped.load(Ordering::SeqCst) {
                break;
            }
        }
    }
    Ok(())
}

/// The head of a request, once its body is there as well: what is closed unread is reset.
fn head(stream: &mut TcpStream) -> io::Result<String> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let read = stream.read(&mut chunk)?;
        bytes.extend_from_slice(chunk.get(..read).unwrap_or_default());
        let text = String::from_utf8_lossy(&bytes);
        let whole = text.split_once("\r\n\r\n").filter(|(_, body)| body.contains("s3cret") || text.starts_with("GET "));
        match whole {
            Some((head, _)) => return Ok(head.to_owned()),
            None if read == 0 || bytes.len() > 64 * 1024 => return Err(io::ErrorKind::UnexpectedEof.into()),
            None => {}
        }
    }
}
