//! A request that arrives and an answer that does not: whoever sends it again does harm.

use std::sync::{Arc, Mutex};

use acf_core::{ErrorKind, Flow, Next, Token};
use serde_json::Value;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use crate::{
    BASIC, USER, custom, log_in,
    person::{Answer, walk},
    refused,
    server::Server,
    userinfo_status,
};

/// How much of an answer of so many bytes gets through.
type Passes = Arc<Mutex<fn(usize) -> usize>>;

/// Stands between a client and a server, until the server has answered.
#[derive(Clone)]
struct Cut {
    url: String,
    /// Each request that the server answered, and its answer, of which the client got some or nothing.
    met: Arc<Mutex<Vec<(String, String)>>>,
}

impl Cut {
    async fn before(server: &Server, passes: Passes) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let cut = Self { url: format!("http://{}", listener.local_addr().unwrap()), met: Arc::default() };
        let (met, upstream) = (Arc::clone(&cut.met), server.issuer.trim_start_matches("http://").to_owned());
        tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                let (met, passes, upstream) = (Arc::clone(&met), Arc::clone(&passes), upstream.clone());
                tokio::spawn(async move {
                    // Kept alive or not, each connection has one request.
                    let request = message(&mut client).await?;
                    let mut server = TcpStream::connect(upstream).await.ok()?;
                    server.write_all(request.as_bytes()).await.ok()?;
                    let answer = message(&mut server).await?;
                    let passes = passes.lock().unwrap()(answer.len());
                    met.lock().unwrap().push((request, answer.clone()));
                    client.write_all(&answer.as_bytes()[..passes]).await.ok()?;
                    client.shutdown().await.ok()
                });
            }
        });
        cut
    }

    fn met(&self) -> Vec<(String, String)> {
        self.met.lock().unwrap().clone()
    }
}

/// One request or answer, as long as it says it is.
async fn message(stream: &mut (impl AsyncRead + Unpin)) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length =
                head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
            if body.len() >= length.unwrap_or(0) {
                return Some(text.into_owned());
            }
        }
        let mut chunk = [0; 4096];
        let n = stream.read(&mut chunk).await.ok().filter(|n| *n > 0)?;
        bytes.extend_from_slice(&chunk[..n]);
    }
}

fn body(message: &str) -> &str {
    message.split_once("\r\n\r\n").unwrap().1
}

/// A flow whose token requests go through the proxy.
fn behind(cut: &Cut, server: &Server) -> Flow {
    let endpoint = format!("{}{}", cut.url, server.kind.access_token_path);
    Flow::new(custom(server, BASIC).token_endpoint(endpoint).build().unwrap()).unwrap()
}

pub(crate) async fn a_login_whose_answer_is_lost_is_not_sent_again(server: &Server) {
    // Nothing of it, some of its head, and all but its end.
    let cuts: [fn(usize) -> usize; 3] = [|_| 0, |_| 20, |length| length - 1];
    for passes in cuts {
        let cut = Cut::before(server, Arc::new(Mutex::new(passes))).await;
        let flow = behind(&cut, server);
        let callback = walk(&flow.begin(USER).await.unwrap().url, Answer::Allow).await;
        let error = refused(flow.finish(USER, &callback).await, ErrorKind::Transport);
        assert_eq!((error.next(), error.status()), (Next::Reauthorize, None));
        assert!(error.to_string().contains("may have arrived"), "{error}");
        refused(flow.finish(USER, &callback).await, ErrorKind::StateUnknown);
        refused(flow.session(USER).await, ErrorKind::NoToken);

        let met = cut.met();
        assert_eq!(met.len(), 1, "sent once");
        let (request, answer) = &met[0];
        let issued: Value = serde_json::from_str(body(answer)).unwrap();
        assert!(body(answer).len() > 100 && answer.starts_with("HTTP/1.1 200"), "it did arrive: {answer}");

        // What a retry would have done: the server takes it for a theft, and ends what it had issued.
        let stored = format!(r#"{{"v":1,"access_token":{},"token_type":"Bearer","scope":[]}}"#, issued["access_token"]);
        let token = Token::from_json(&stored).unwrap();
        assert_eq!(userinfo_status(server, &token).await, 200);
        assert!(again(server, request).await.contains("invalid_grant"));
        assert_eq!(userinfo_status(server, &token).await, 401);
    }
}

pub(crate) async fn a_refresh_whose_answer_is_lost_is_not_sent_again(server: &Server) {
    let passes: Passes = Arc::new(Mutex::new(|length| length));
    let cut = Cut::before(server, Arc::clone(&passes)).await;
    let flow = behind(&cut, server);
    let token = log_in(&flow).await.unwrap();
    *passes.lock().unwrap() = |_| 0;
    let session = flow.session(USER).await.unwrap();
    // The old refresh token is all there is: that it still works is possible, and asking is the only way to know.
    let error = refused(session.refresh().await, ErrorKind::Transport);
    assert_eq!((error.next(), cut.met().len()), (Next::Retry, 2));
    assert_eq!(session.token().await.unwrap(), token, "the store is as it was");
    *passes.lock().unwrap() = |length| length;
    let error = refused(session.refresh().await, ErrorKind::Provider);
    assert_eq!(error.provider().unwrap().error(), "invalid_grant");
    assert_eq!((error.next(), cut.met().len()), (Next::Reauthorize, 3));
}

/// The body of the answer to the same request, byte for byte.
async fn again(server: &Server, request: &str) -> String {
    let mut stream = TcpStream::connect(server.issuer.trim_start_matches("http://")).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    body(&message(&mut stream).await.unwrap()).to_owned()
}
