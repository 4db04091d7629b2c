//! A provider in trouble, a program that ends, and grants that are nearly over.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use acf_core::{
    ErrorKind, Flow, HttpClient, MemoryStore, Next, Token,
    http::{HttpError, HttpErrorKind, Limits, Request, Response},
};

use crate::support::{Naming, Server, TOKEN, json};

/// A provider with many grants, which can be down.
#[derive(Clone, Default)]
struct Busy {
    down: Arc<AtomicBool>,
    asked: Arc<AtomicU32>,
    /// How many requests are under way, and the most there were since it was asked last.
    under_way: Arc<Mutex<(u32, u32)>>,
}

#[async_trait::async_trait]
impl HttpClient for Busy {
    async fn send(&self, request: Request, limits: Limits) -> Result<Response, HttpError> {
        let number = self.asked.fetch_add(1, Ordering::SeqCst);
        {
            let mut under_way = self.under_way.lock().unwrap();
            under_way.0 += 1;
            under_way.1 = under_way.1.max(under_way.0);
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
        self.under_way.lock().unwrap().0 -= 1;
        match (self.down.load(Ordering::SeqCst), number % 2) {
            (true, 0) => Err(HttpError::new(HttpErrorKind::NotSent, "nobody listens")),
            (true, _) => {
                let answer = http::Response::builder().status(503).header("content-type", "application/json");
                Ok(answer.body(r#"{"error":"temporarily_unavailable"}"#.to_owned().into()).unwrap())
            }
            _ => Naming::default().send(request, limits).await,
        }
    }
}

fn token(name: &str, more: &str) -> Token {
    let text = format!(
        r#"{{"v":1,"access_token":"{name}","token_type":"Bearer","expires_at":1,"refresh_token":"{name}","scope":[]{more}}}"#
    );
    Token::from_json(&text).unwrap()
}

async fn with_grants(http: &Busy, count: usize) -> Flow {
    let flow = Flow::builder(Naming::provider("forge").build().unwrap()).http_client(http.clone()).build().unwrap();
    for grant in 0..count {
        flow.store_token(&grant.to_string(), &token(&grant.to_string(), "")).await.unwrap();
    }
    flow
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_in_trouble_is_asked_rarely_and_by_few_when_it_is_back() {
    const GRANTS: usize = 1_000;
    let http = Busy::default();
    let flow = with_grants(&http, GRANTS).await;
    let everybody = async || {
        let calls = (0..GRANTS).map(|grant| {
            let flow = flow.clone();
            tokio::spawn(async move { flow.session(&grant.to_string()).await.unwrap().token().await })
        });
        let mut results = Vec::new();
        for call in calls.collect::<Vec<_>>() {
            results.push(call.await.unwrap());
        }
        results
    };
    http.down.store(true, Ordering::SeqCst);
    // One at a time: those who are on their way already cannot be called back.
    for grant in 0..10 {
        flow.session(&grant.to_string()).await.unwrap().token().await.unwrap_err();
    }
    let before = http.asked.load(Ordering::SeqCst);
    assert!((5..10).contains(&before), "{before}");
    for error in everybody().await.into_iter().map(Result::unwrap_err) {
        assert_eq!(error.next(), Next::Retry, "{error}");
    }
    let asked = http.asked.load(Ordering::SeqCst) - before;
    assert!(asked <= 2, "{asked} of {GRANTS} went to a provider that is down");

    http.down.store(false, Ordering::SeqCst);
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    http.under_way.lock().unwrap().1 = 0;
    // Grants that failed themselves wait for themselves.
    for (grant, result) in everybody().await.into_iter().enumerate().skip(10) {
        assert_eq!(result.unwrap().access_token().expose(), format!("access.{grant}"));
    }
    let (_, most) = *http.under_way.lock().unwrap();
    assert!(most <= 64, "{most} at once: as many as that bring it down again");
}

#[tokio::test]
async fn a_program_can_wait_for_what_its_callers_left_behind() {
    let http = Busy::default();
    let flow = with_grants(&http, 1).await;
    assert!(flow.drain(Duration::ZERO).await, "nothing has begun");
    let session = flow.session("0").await.unwrap();
    let caller = tokio::spawn(async move { session.token().await });
    while http.asked.load(Ordering::SeqCst) == 0 {
        tokio::task::yield_now().await;
    }
    caller.abort();
    assert!(!flow.drain(Duration::ZERO).await);
    assert!(flow.drain(Duration::from_secs(10)).await);
    let stored = flow.session("0").await.unwrap().stored_token().await.unwrap();
    assert_eq!(stored.access_token().expose(), "access.0");
}

#[tokio::test]
async fn a_refresh_token_is_not_sent_after_its_end() {
    let server = Server::start(|_| json(200, TOKEN)).await;
    let flow = server.flow();
    let ended = token("a", r#","refresh_token_expires_at":1"#);
    flow.store_token("u", &ended).await.unwrap();
    let session = flow.session("u").await.unwrap();
    for result in [session.token().await, session.refresh().await, flow.refresh(&ended).await] {
        let error = result.unwrap_err();
        assert_eq!((error.kind(), error.next()), (ErrorKind::TokenExpired, Next::Reauthorize), "{error}");
    }
    assert_eq!(server.seen().len(), 0);
    flow.store_token("u", &token("a", r#","refresh_token_expires_at":4102444800"#)).await.unwrap();
    assert_eq!(session.token().await.unwrap().access_token().expose(), "access-1");
}

/// A transport that panics, the first time.
#[derive(Clone, Default)]
struct Panics(Naming, Arc<AtomicBool>);

#[async_trait::async_trait]
impl HttpClient for Panics {
    async fn send(&self, request: Request, limits: Limits) -> Result<Response, HttpError> {
        if !self.1.swap(true, Ordering::SeqCst) {
            tokio::time::sleep(Duration::from_millis(50)).await;
            panic!("a bug of somebody's transport");
        }
        self.0.send(request, limits).await
    }
}

#[tokio::test]
async fn whoever_waits_for_one_that_panics_gets_an_answer() {
    let declared = Naming::provider("forge").set("refresh.rotates", "never").build().unwrap();
    let flow = Flow::builder(declared)
        .http_client(Panics::default())
        .state_store(MemoryStore::new())
        .limits(Limits { deadline: Duration::from_millis(1), ..Limits::TOKEN })
        .build()
        .unwrap();
    flow.store_token("u", &token("a", "")).await.unwrap();
    let begun = Instant::now();
    let calls: Vec<_> = (0..100)
        .map(|_| {
            let flow = flow.clone();
            tokio::spawn(async move { flow.session("u").await?.token().await })
        })
        .collect();
    let mut failed = 0;
    for call in calls {
        match call.await.unwrap() {
            Ok(token) => assert_eq!(token.access_token().expose(), "access.a"),
            Err(error) => {
                assert!(matches!(error.kind(), ErrorKind::Store | ErrorKind::Busy), "{error}");
                failed += 1;
            }
        }
    }
    assert!(failed > 0 && begun.elapsed() < Duration::from_secs(60), "{failed}");
}

/// A transport that does not keep to its deadline.
struct Hangs;

#[async_trait::async_trait]
impl HttpClient for Hangs {
    async fn send(&self, _: Request, _: Limits) -> Result<Response, HttpError> {
        std::future::pending().await
    }
}

#[tokio::test]
async fn whoever_waits_for_one_that_hangs_gets_an_answer() {
    let flow = Flow::builder(Naming::provider("forge").build().unwrap())
        .http_client(Hangs)
        .limits(Limits { deadline: Duration::from_millis(1), ..Limits::TOKEN })
        .build()
        .unwrap();
    flow.store_token("u", &token("a", "")).await.unwrap();
    let first = tokio::spawn({
        let flow = flow.clone();
        async move { flow.session("u").await?.token().await }
    });
    while flow.drain(Duration::ZERO).await {
        tokio::task::yield_now().await;
    }
    let waits = async { flow.session("u").await?.token().await };
    let error = tokio::time::timeout(Duration::from_secs(60), waits).await.unwrap().unwrap_err();
    assert_eq!((error.kind(), first.is_finished()), (ErrorKind::Busy, false), "{error}");
}
