//! A whole login (begin, store, callback, token request, parse) over loopback: CPU per flow at 64 at once, for this crate,
//! `oauth2` and bare `reqwest`, all on the same `reqwest` with the same settings, but that this crate switches retries off.
//!
//! `cargo bench -p acf-core --bench exchange [-- FLOWS ROUNDS]` (Linux: reads the CPU time of the client's thread from
//! `/proc`). The token server is this program once more, in a process of its own. Rounds are interleaved; read the ratios.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, missing_docs, reason = "a bench")]

use std::{
    future::Future,
    io::{BufRead, BufReader, Read, Write},
    process::{Command, Stdio},
    sync::Arc,
};

use acf_core::{ClientAuth, Custom, Flow};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use oauth2::{
    AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, HttpRequest, HttpResponse, PkceCodeChallenge,
    RedirectUrl, Scope, TokenResponse, TokenUrl, basic::BasicClient,
};
use sha2::{Digest, Sha256};

const AT_ONCE: usize = 64;
const BODY: &str = r#"{"access_token":"ya29.a0AfH6SMBx3v0oQm1c5Jx2kTn8uYw7zR4pL6sD9fG1hJ2kL3","token_type":"Bearer","expires_in":3599,"refresh_token":"1//0gLx7yK3v9QmCgYIARAAGBASNwF","scope":"read write"}"#;

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| !argument.starts_with("--bench"));
    match arguments.next() {
        Some(server) if server == "server" => serve(),
        flows => {
            let number = |text: Option<String>, default| text.map_or(default, |text| text.parse().expect("a number"));
            measure(number(flows, 40_000), number(arguments.next(), 7));
        }
    }
}

/// Answers every request on every connection with the same token, until its standard input ends.
fn serve() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    println!("{}", listener.local_addr().unwrap());
    std::thread::spawn(|| {
        drop(std::io::stdin().read_to_end(&mut Vec::new()));
        std::process::exit(0);
    });
    let answer =
        format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{BODY}", BODY.len());
    let answer: Arc<str> = answer.into();
    for stream in listener.incoming() {
        let (mut stream, answer) = (stream.unwrap(), Arc::clone(&answer));
        stream.set_nodelay(true).unwrap();
        std::thread::spawn(move || {
            let mut buffer = Vec::with_capacity(4096);
            let mut chunk = [0; 4096];
            while let Ok(n @ 1..) = stream.read(&mut chunk) {
                buffer.extend_from_slice(chunk.get(..n).unwrap());
                let text = String::from_utf8_lossy(&buffer);
                let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
                let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap_or("0");
                if body.len() >= length.parse().unwrap() {
                    assert!(body.contains("grant_type=authorization_code"));
                    buffer.clear();
                    stream.write_all(answer.as_bytes()).unwrap();
                }
            }
        });
    }
}

fn measure(flows: usize, rounds: usize) {
    let mut server = Command::new(std::env::current_exe().unwrap())
        .arg("server")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut address = String::new();
    BufReader::new(server.stdout.as_mut().unwrap()).read_line(&mut address).unwrap();
    let base = format!("http://{}", address.trim());

    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let clients = Clients::new(&base);
    let mut cpu: [Vec<f64>; 3] = Default::default();
    // The first round warms up connections and caches.
    for round in 0..=rounds {
        let runs = [
            runtime.block_on(cpu_of(flows, |_| clients.acf())),
            runtime.block_on(cpu_of(flows, |_| clients.oauth2())),
            runtime.block_on(cpu_of(flows, |_| clients.bare())),
        ];
        if round > 0 {
            cpu.iter_mut().zip(runs).for_each(|(all, run)| all.push(run));
        }
    }
    drop(server.stdin.take());
    drop(server.wait());

    let [ours, oauth2, bare] = cpu;
    println!("{flows} flows, {AT_ONCE} at once, {rounds} rounds; CPU of the client, median (min-max)");
    for (name, runs) in [("acf", &ours), ("oauth2 5", &oauth2), ("bare reqwest", &bare)] {
        let (low, middle, high) = spread(runs.clone());
        println!("{name:>14}: {middle:6.2} us a flow ({low:.2}-{high:.2})");
    }
    let ratio = |other: &[f64]| spread(ours.iter().zip(other).map(|(a, b)| a / b).collect());
    for (name, other) in [("oauth2 5", &oauth2), ("bare reqwest", &bare)] {
        let (low, middle, high) = ratio(other);
        println!("acf / {name:>12}: {middle:.3} ({low:.3}-{high:.3})");
    }
}

fn spread(mut runs: Vec<f64>) -> (f64, f64, f64) {
    runs.sort_by(f64::total_cmp);
    (*runs.first().unwrap(), *runs.get(runs.len() / 2).unwrap(), *runs.last().unwrap())
}

/// Microseconds of CPU per flow, over `flows` flows of which 64 run at once.
async fn cpu_of<F: Future<Output = ()> + Send + 'static>(flows: usize, flow: impl Fn(usize) -> F) -> f64 {
    let before = on_cpu();
    let mut tasks = tokio::task::JoinSet::new();
    for n in 0..flows {
        if tasks.len() == AT_ONCE {
            tasks.join_next().await.unwrap().unwrap();
        }
        tasks.spawn(flow(n));
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
    }
    #[allow(clippy::cast_precision_loss, reason = "a figure for people")]
    let each = (on_cpu() - before) as f64 / flows as f64 / 1000.0;
    each
}

/// Nanoseconds that this thread has been running.
fn on_cpu() -> u64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").expect("this bench needs Linux");
    text.split(' ').next().unwrap().parse().unwrap()
}

type Oauth2 = BasicClient<
    oauth2::EndpointSet,
    oauth2::EndpointNotSet,
    oauth2::EndpointNotSet,
    oauth2::EndpointNotSet,
    oauth2::EndpointSet,
>;

struct Clients {
    flow: Flow,
    oauth2: Arc<Oauth2>,
    http: reqwest::Client,
    base: Arc<str>,
}

impl Clients {
    fn new(base: &str) -> Self {
        let provider = Custom::builder("forge")
            .base_uri(base.to_owned())
            .authorization_path("/oauth/authorize")
            .access_token_path("/oauth/token")
            .scope(["read", "write"])
            .client_auth(ClientAuth::ClientSecretPost)
            .client_id("client-id-0123456789")
            .client_secret("client-secret-0123456789".parse().unwrap())
            .redirect_uri("https://app.example/oauth/callback");
        let oauth2 = BasicClient::new(ClientId::new("client-id-0123456789".to_owned()))
            .set_client_secret(ClientSecret::new("client-secret-0123456789".to_owned()))
            .set_auth_type(oauth2::AuthType::RequestBody)
            .set_auth_uri(AuthUrl::new(format!("{base}/oauth/authorize")).unwrap())
            .set_token_uri(TokenUrl::new(format!("{base}/oauth/token")).unwrap())
            .set_redirect_uri(RedirectUrl::new("https://app.example/oauth/callback".to_owned()).unwrap());
        let deadline = std::time::Duration::from_secs(10);
        // Nothing here uses TLS, but reqwest sets it up all the same.
        drop(rustls::crypto::ring::default_provider().install_default());
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            // What `acf` sends, too: all three requests have the same headers.
            .user_agent(concat!("acf/", env!("CARGO_PKG_VERSION")))
            .timeout(deadline)
            .build()
            .unwrap();
        let flow = Flow::new(provider.build().unwrap()).unwrap();
        Self { flow, oauth2: Arc::new(oauth2), http, base: base.into() }
    }

    fn acf(&self) -> impl Future<Output = ()> + Send + 'static {
        let flow = self.flow.clone();
        async move {
            let request = flow.begin("user-42").await.unwrap();
            let callback = format!("code=4%2F0AX4XfWh7mK2pQ9&state={}", request.state.as_str());
            let token = flow.finish("user-42", &callback).await.unwrap();
            assert!(token.refresh_token().is_some());
        }
    }

    fn oauth2(&self) -> impl Future<Output = ()> + Send + 'static {
        let (client, http) = (Arc::clone(&self.oauth2), self.http.clone());
        async move {
            let send = move |request: HttpRequest| {
                let http = http.clone();
                async move {
                    let response = http.execute(request.try_into()?).await?;
                    let mut answer = http::Response::new(Vec::new());
                    *answer.status_mut() = response.status();
                    answer.headers_mut().clone_from(response.headers());
                    *answer.body_mut() = response.bytes().await?.to_vec();
                    Ok::<HttpResponse, reqwest::Error>(answer)
                }
            };
            let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
            let (url, state) = client
                .authorize_url(CsrfToken::new_random)
                .add_scope(Scope::new("read".to_owned()))
                .add_scope(Scope::new("write".to_owned()))
                .set_pkce_challenge(challenge)
                .url();
            let returned = state.secret().clone();
            assert!(state.secret() == &returned && url.as_str().len() > 100);
            let code = AuthorizationCode::new("4/0AX4XfWh7mK2pQ9".to_owned());
            let token = client.exchange_code(code).set_pkce_verifier(verifier).request_async(&send).await.unwrap();
            assert!(token.refresh_token().is_some());
        }
    }

    fn bare(&self) -> impl Future<Output = ()> + Send + 'static {
        #[derive(serde::Deserialize)]
        struct Answer {
            access_token: String,
            token_type: String,
            expires_in: u64,
            refresh_token: Option<String>,
            scope: Option<String>,
        }

        let (http, base) = (self.http.clone(), Arc::clone(&self.base));
        async move {
            let mut random = [0_u8; 64];
            getrandom::fill(&mut random).unwrap();
            let state = BASE64_URL_SAFE_NO_PAD.encode(random.first_chunk::<32>().unwrap());
            let verifier = BASE64_URL_SAFE_NO_PAD.encode(random.last_chunk::<32>().unwrap());
            let challenge = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(&verifier));
            let url = format!(
                "{base}/oauth/authorize?response_type=code&client_id=client-id-0123456789&redirect_uri=https%3A%2F%2Fapp.example%2Foauth%2Fcallback&scope=read%20write&state={state}&code_challenge={challenge}&code_challenge_method=S256"
            );
            assert!(url.len() > 100);
            let form = [
                ("grant_type", "authorization_code"),
                ("code", "4/0AX4XfWh7mK2pQ9"),
                ("redirect_uri", "https://app.example/oauth/callback"),
                ("code_verifier", &verifier),
                ("client_id", "client-id-0123456789"),
                ("client_secret", "client-secret-0123456789"),
            ];
            let answer = http
                .post(format!("{base}/oauth/token"))
                .header("accept", "application/json")
                .form(&form)
                .send()
                .await
                .unwrap();
            let answer: Answer = answer.json().await.unwrap();
            assert!(answer.refresh_token.is_some() && answer.scope.is_some() && answer.expires_in > 0);
            assert!(!answer.access_token.is_empty() && answer.token_type == "Bearer");
        }
    }
}
