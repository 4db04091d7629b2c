//! Ten thousand callers, one token that has ended.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use acf_core::{
    ClientAuth, Custom, Flow, HttpClient, Token,
    http::{HttpError, Limits, Request, Response},
};

use crate::Candidate;

const CALLERS: usize = 10_000;
/// As long as a token endpoint on the same continent takes.
const CALL: Duration = Duration::from_millis(100);

#[derive(Clone, Default)]
struct Endpoint(Arc<AtomicU32>);

#[async_trait::async_trait]
impl HttpClient for Endpoint {
    async fn send(&self, _: Request, _: Limits) -> Result<Response, HttpError> {
        self.0.fetch_add(1, Ordering::SeqCst);
        tokio::time::sleep(CALL).await;
        let body = r#"{"access_token":"new","token_type":"bearer","expires_in":3600,"refresh_token":"r2"}"#;
        Ok(http::Response::builder().header("content-type", "application/json").body(body.to_owned().into()).unwrap())
    }
}

pub async fn run(all: &[Candidate]) {
    println!("\na token ends under {CALLERS} callers in 4 processes' worth of flows; the provider takes {CALL:?}");
    for Candidate { name, tokens, .. } in all {
        let endpoint = Endpoint::default();
        let provider = || {
            Custom::builder("stampede")
                .authorization_endpoint("https://forge.example/a")
                .token_endpoint("https://forge.example/t")
                .client_auth(ClientAuth::None)
                .client_id("id")
                .redirect_uri("https://app.example/cb")
                .build()
                .unwrap()
        };
        let flow = || {
            let builder = Flow::builder(provider()).http_client(endpoint.clone());
            builder.token_store(Arc::clone(tokens)).build().unwrap()
        };
        let flows: Vec<_> = (0..4).map(|_| flow()).collect();
        let old = r#"{"v":1,"access_token":"old","token_type":"Bearer","expires_at":1,"refresh_token":"r","scope":[]}"#;
        flows[0].store_token("u", &Token::from_json(old).unwrap()).await.unwrap();
        let began = Instant::now();
        let mut callers = tokio::task::JoinSet::new();
        for caller in 0..CALLERS {
            let flow = flows[caller % flows.len()].clone();
            callers.spawn(async move {
                let token = flow.session("u").await.unwrap().token().await.unwrap();
                assert_eq!(token.access_token().expose(), "new");
                began.elapsed()
            });
        }
        let mut waited = callers.join_all().await;
        waited.sort_unstable();
        let (half, most) = (waited[CALLERS / 2], waited[CALLERS - CALLERS / 100 - 1]);
        println!("{name:>14} median {half:>6.0?}, 99 % {most:>6.0?}, requests {}", endpoint.0.load(Ordering::SeqCst));
    }
}
