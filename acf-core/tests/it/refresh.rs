//! Refresh by many at once, with everything that can happen between the request and the saved answer.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use acf_core::{
    ClientAuth, Custom, ErrorKind, Flow, FlowBuilder, HttpClient, MemoryStore, Next, Token, TokenStore,
    http::{HttpError, HttpErrorKind, Limits, Request, Response},
    store::{Expect, TokenKey},
};

use crate::{
    stores::{self, Store},
    support::{Full, Trouble},
};

/// An authorization server that ends the whole grant when a refresh token comes a second time.
#[derive(Clone, Default)]
struct Strict(Arc<Mutex<Grant>>);

#[derive(Default)]
struct Grant {
    /// The refresh token that is good, as a number.
    current: u32,
    ended: bool,
    /// How long its access tokens are good, in seconds; an hour unless set.
    lives: Option<u32>,
    /// Whether it issues the same token again, with more time.
    same: bool,
    /// How often each one came.
    uses: HashMap<String, u32>,
    revoked: Vec<String>,
    /// What happens to the next answers, after the server has done its part.
    mishaps: Vec<Mishap>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Mishap {
    /// The answer is lost on its way.
    LostAnswer,
    /// So it is, and that is known after more than a second.
    LostLate,
    /// The server fails after it has committed.
    Failed,
    /// The connection is refused: nothing was done.
    NotSent,
    /// "Come back later": nothing was done.
    Later,
    /// Another process takes the answer for lost, which is on its way.
    TakenForLost,
    /// The token is deleted, or replaced by another login, while the answer is on its way.
    Deleted,
    LoggedInAgain,
}

impl Strict {
    fn posts(&self) -> u32 {
        self.0.lock().unwrap().uses.values().sum()
    }

    fn next(&self, mishaps: &[Mishap]) {
        self.0.lock().unwrap().mishaps = mishaps.iter().rev().copied().collect();
    }
}

/// The server, as one process of the application reaches it.
#[derive(Clone)]
struct Reached {
    server: Strict,
    store: Store,
    /// How many refresh tokens before the current one are still accepted.
    tolerated: u32,
}

#[async_trait::async_trait]
impl HttpClient for Reached {
    async fn send(&self, request: Request, _: Limits) -> Result<Response, HttpError> {
        let form: HashMap<String, String> = form_urlencoded::parse(request.body()).into_owned().collect();
        let reply = |status: u16, body: &str| {
            let answer = http::Response::builder().status(status).header("content-type", "application/json");
            Ok(answer.body(body.to_owned().into()).unwrap())
        };
        if request.uri().path() == "/revoke" {
            self.server.0.lock().unwrap().revoked.push(form["token"].clone());
            return reply(200, "");
        }
        let (mishap, answer) = {
            let mut grant = self.server.0.lock().unwrap();
            let mishap = grant.mishaps.pop();
            if mishap == Some(Mishap::NotSent) {
                return Err(HttpError::new(HttpErrorKind::NotSent, "nobody listens"));
            }
            if mishap == Some(Mishap::Later) {
                return reply(503, r#"{"error":"temporarily_unavailable"}"#);
            }
            let sent = form["refresh_token"].clone();
            *grant.uses.entry(sent.clone()).or_default() += 1;
            let current = grant.current;
            let good = (current.saturating_sub(self.tolerated)..=current).any(|n| sent == format!("r{n}"));
            grant.ended |= !good;
            if grant.ended {
                (mishap, reply(400, r#"{"error":"invalid_grant"}"#))
            } else {
                grant.current += u32::from(!grant.same);
                let (n, lives) = (grant.current, grant.lives.unwrap_or(3600));
                let body = format!(
                    r#"{{"access_token":"a{n}","token_type":"Bearer","expires_in":{lives},"refresh_token":"r{n}"}}"#
                );
                (mishap, reply(200, &body))
            }
        };
        // Long enough for everybody else to come by.
        tokio::time::sleep(Duration::from_millis(20)).await;
        match mishap {
            Some(Mishap::LostLate) => {
                tokio::time::sleep(Duration::from_millis(1_100)).await;
                Err(HttpError::new(HttpErrorKind::Timeout, "no answer"))
            }
            Some(Mishap::LostAnswer) => Err(HttpError::new(HttpErrorKind::Transport, "reset")),
            Some(Mishap::Failed) => reply(500, "<p>oops"),
            Some(Mishap::TakenForLost) => {
                let mut row: serde_json::Value =
                    serde_json::from_str(&stored(&self.store).await.expose_json()).unwrap();
                row["refreshing"]["tried"]["lost"] = true.into();
                let noted = Token::from_json(&row.to_string()).unwrap();
                self.store.save(&key(), &noted, Expect::Anything).await.unwrap();
                answer
            }
            Some(Mishap::Deleted) => {
                self.store.delete(&key()).await.unwrap();
                answer
            }
            Some(Mishap::LoggedInAgain) => {
                self.store.save(&key(), &token("again", "r-new", 3600), Expect::Anything).await.unwrap();
                answer
            }
            _ => answer,
        }
    }
}

/// Each token has a point in the last fifth of its life from which it is due; this user's is one of the first.
const USER: &str = "lea";
/// So long before its end it is due, and no test takes that long.
const DUE: i64 = 200;

fn key() -> TokenKey {
    TokenKey::new("forge", USER)
}

fn token(access: &str, refresh: &str, lives: i64) -> Token {
    let now = i64::try_from(std::time::UNIX_EPOCH.elapsed().unwrap().as_secs()).unwrap();
    let (end, issued) = (now + lives, now + lives - 3600);
    let text = format!(
        r#"{{"v":1,"access_token":"{access}","token_type":"Bearer","expires_at":{end},"issued_at":{issued},"refresh_token":"{refresh}","scope":[]}}"#
    );
    Token::from_json(&text).unwrap()
}

/// A process of the application: a flow of its own over what all share.
fn process(server: &Strict, store: &Store, declared: &str) -> Flow {
    builder(server, store, declared).build().unwrap()
}

fn builder(server: &Strict, store: &Store, declared: &str) -> FlowBuilder {
    let mut builder = Custom::builder("forge")
        .base_uri("https://forge.example")
        .authorization_path("/a")
        .access_token_path("/t")
        .revocation_path("/revoke")
        .client_auth(ClientAuth::None)
        .client_id("id")
        .redirect_uri("https://app.example/cb");
    for (name, value) in declared.lines().filter_map(|line| line.split_once('=')) {
        builder = builder.set(name, value);
    }
    let tolerated = u32::from(declared.contains("reuse_grace"));
    let http = Reached { server: server.clone(), store: store.clone(), tolerated };
    Flow::builder(builder.build().unwrap()).http_client(http).state_store(store.clone())
}

/// A process whose store has trouble with that access token, and the names of those whom it was told of as refreshed.
async fn troubled(
    lives: i64,
    of: &'static str,
    troubles: &[Trouble],
) -> (Strict, Store, Flow, Arc<Mutex<Vec<String>>>) {
    let memory = MemoryStore::new();
    let full = Full { store: memory.clone(), of, troubles: Arc::new(Mutex::new(troubles.to_vec())) };
    let (store, told) = (Store::of(memory), Arc::<Mutex<Vec<String>>>::default());
    let (server, tell) = (connected(&store, lives).await, Arc::clone(&told));
    let observer =
        move |_: &TokenKey, token: &Token| tell.lock().unwrap().push(token.access_token().expose().to_owned());
    let flow = builder(&server, &store, "").token_store(full).on_refresh(observer).build().unwrap();
    (server, store, flow, told)
}

/// A stored token that has so many seconds to live, and its server.
async fn connected(store: &Store, lives: i64) -> Strict {
    let server = Strict::default();
    store.save(&key(), &token("a0", "r0", lives), Expect::Anything).await.unwrap();
    server
}

async fn stored(store: &Store) -> Token {
    store.load(&key()).await.unwrap().unwrap().token
}

#[tokio::test]
async fn of_many_callers_in_many_processes_one_sends_and_all_get_its_token() {
    for (name, store) in stores::all().await {
        let server = connected(&store, 1).await;
        let mut callers = Vec::new();
        for _ in 0..4 {
            let flow = process(&server, &store, "");
            for _ in 0..2_500 {
                let flow = flow.clone();
                callers.push(tokio::spawn(async move { flow.session(USER).await?.token().await }));
            }
        }
        for caller in callers {
            assert_eq!(caller.await.unwrap().unwrap().access_token().expose(), "a1", "{name}");
        }
        assert_eq!(server.posts(), 1, "{name}");
    }
}

#[tokio::test]
async fn a_token_that_is_due_is_used_by_all_but_the_one_that_refreshes_it() {
    let store = Store::of(MemoryStore::new());
    // The last fifth of an hour is longer than five minutes; at its end every token is due.
    let server = connected(&store, DUE).await;
    let flow = process(&server, &store, "");
    let session = flow.session(USER).await.unwrap();
    let first = tokio::spawn({
        let session = session.clone();
        async move { session.token().await }
    });
    tokio::time::sleep(Duration::from_millis(5)).await;
    for _ in 0..10 {
        assert_eq!(session.token().await.unwrap().access_token().expose(), "a0");
    }
    assert_eq!(first.await.unwrap().unwrap().access_token().expose(), "a1");
    assert_eq!((session.token().await.unwrap().access_token().expose(), server.posts()), ("a1", 1));
}

/// What is asked for twice in a row, and what it comes to.
struct Case {
    lives: i64,
    declared: &'static str,
    mishaps: &'static [Mishap],
    /// The access token of each answer, or the kind of the error and what to do.
    answers: [Result<&'static str, (ErrorKind, Next)>; 3],
    posts: u32,
}

#[tokio::test]
async fn what_is_not_known_is_not_risked() {
    use ErrorKind::{NotSent, Provider, Response, Transport};
    use Mishap::{Failed, Later, LostAnswer, LostLate};
    use Next::Retry;
    const OVER: i64 = 1;
    let cases = [
        // Nothing left, or nothing was done: the same refresh token is sent again. After a failure one waits a little.
        Case {
            lives: OVER,
            declared: "",
            mishaps: &[Mishap::NotSent],
            answers: [Err((NotSent, Retry)), Err((NotSent, Retry)), Err((NotSent, Retry))],
            posts: 0,
        },
        Case {
            lives: OVER,
            declared: "",
            mishaps: &[Later],
            answers: [Err((Provider, Retry)), Err((Provider, Retry)), Err((Provider, Retry))],
            posts: 0,
        },
        // The server has committed, and nobody knows. While the old token lasts, it is used; nothing is sent.
        Case { lives: DUE, declared: "", mishaps: &[LostAnswer], answers: [Ok("a0"), Ok("a0"), Ok("a0")], posts: 1 },
        Case { lives: DUE, declared: "", mishaps: &[Failed], answers: [Ok("a0"), Ok("a0"), Ok("a0")], posts: 1 },
        Case {
            lives: OVER,
            declared: "",
            mishaps: &[LostAnswer],
            answers: [Err((Transport, Retry)), Err((Transport, Retry)), Err((Transport, Retry))],
            posts: 1,
        },
        Case {
            lives: OVER,
            declared: "",
            mishaps: &[Failed],
            answers: [Err((Response, Retry)), Err((Response, Retry)), Err((Response, Retry))],
            posts: 1,
        },
        // With a provider that allows for it, the second time brings the token.
        Case {
            lives: OVER,
            declared: "refresh.reuse_grace=30",
            mishaps: &[LostAnswer],
            answers: [Ok("a2"), Ok("a2"), Ok("a2")],
            posts: 2,
        },
        Case {
            lives: DUE,
            declared: "refresh.reuse_grace=30",
            mishaps: &[LostAnswer],
            answers: [Ok("a2"), Ok("a2"), Ok("a2")],
            posts: 2,
        },
        // Once that time is over, too, there is something to lose.
        Case {
            lives: DUE,
            declared: "refresh.reuse_grace=1",
            mishaps: &[LostLate],
            answers: [Ok("a0"), Ok("a0"), Ok("a0")],
            posts: 1,
        },
    ];
    for (index, case) in cases.into_iter().enumerate() {
        let store = Store::of(MemoryStore::new());
        let server = connected(&store, case.lives).await;
        server.next(case.mishaps);
        let session = process(&server, &store, case.declared).session(USER).await.unwrap();
        for (time, expected) in case.answers.iter().enumerate() {
            let answer = session.token().await;
            let seen = match &answer {
                Ok(token) => Ok(token.access_token().expose()),
                Err(error) => Err((error.kind(), error.next())),
            };
            assert_eq!(seen, *expected, "{index}, {time}: {answer:?}");
        }
        assert_eq!(server.posts(), case.posts, "{index}");
    }
}

/// Another process, which knows nothing of the failures of the first.
#[tokio::test]
async fn once_nothing_is_left_to_lose_it_is_tried_once_more_and_no_more() {
    let store = Store::of(MemoryStore::new());
    let server = connected(&store, 1).await;
    server.next(&[Mishap::LostAnswer, Mishap::LostAnswer]);
    let ask = || async { process(&server, &store, "").session(USER).await.unwrap().token().await.unwrap_err() };
    assert_eq!(ask().await.kind(), ErrorKind::Transport);
    assert_eq!(ask().await.kind(), ErrorKind::Transport);
    for _ in 0..100 {
        let error = ask().await;
        assert_eq!((error.kind(), error.next()), (ErrorKind::TokenExpired, Next::Reauthorize));
    }
    assert_eq!(server.posts(), 2);
}

/// A row of a later release: what this one does not know is written back with whatever it writes.
#[tokio::test]
async fn what_a_later_release_wrote_survives_a_claim() {
    for (name, store) in stores::all().await {
        let server = connected(&store, 1).await;
        let row = |token: &Token| serde_json::from_str::<serde_json::Value>(&token.expose_json()).unwrap();
        let later = serde_json::json!({"canary": [1, 0.1, null], "": "\u{fc}"});
        let mut written = row(&store.load(&key()).await.unwrap().unwrap().token);
        written["later"] = later.clone();
        let token = Token::from_json(&written.to_string()).unwrap();
        assert!(token.extra("later").is_none() && !format!("{token:?}").contains("canary"), "{name}: {token:?}");
        store.save(&key(), &token, Expect::Anything).await.unwrap();

        server.next(&[Mishap::NotSent, Mishap::LostAnswer]);
        let session = process(&server, &store, "").session(USER).await.unwrap();
        for (kind, refreshing) in [(ErrorKind::NotSent, false), (ErrorKind::Transport, true)] {
            assert_eq!(session.refresh().await.unwrap_err().kind(), kind, "{name}");
            let left = row(&store.load(&key()).await.unwrap().unwrap().token);
            assert_eq!((&left["later"], left.get("refreshing").is_some()), (&later, refreshing), "{name}");
        }

        written["v"] = 3.into();
        assert_eq!(Token::from_json(&written.to_string()).unwrap_err().kind(), ErrorKind::Store);
    }
}

/// What did not leave changes nothing about what did.
#[tokio::test]
async fn a_request_that_was_not_sent_does_not_count_and_makes_nothing_forgotten() {
    use ErrorKind::{NotSent, TokenExpired, Transport};
    let store = Store::of(MemoryStore::new());
    let server = connected(&store, 1).await;
    server.next(&[Mishap::NotSent, Mishap::LostAnswer, Mishap::NotSent, Mishap::NotSent, Mishap::LostAnswer]);
    for (kind, posts) in [(NotSent, 0), (Transport, 1), (NotSent, 1), (NotSent, 1), (Transport, 2), (TokenExpired, 2)] {
        let error = process(&server, &store, "").session(USER).await.unwrap().token().await.unwrap_err();
        assert_eq!((error.kind(), server.posts()), (kind, posts), "{error}");
    }
}

#[tokio::test]
async fn a_grant_that_has_ended_is_not_asked_for_again_until_a_new_login() {
    for (name, store) in stores::all().await {
        let server = connected(&store, 1).await;
        server.0.lock().unwrap().ended = true;
        let session = process(&server, &store, "").session(USER).await.unwrap();
        for _ in 0..10_000 {
            let error = session.token().await.unwrap_err();
            assert_eq!(error.provider().unwrap().error(), "invalid_grant", "{name}");
            assert_eq!((error.kind(), error.next()), (ErrorKind::Provider, Next::Reauthorize), "{name}");
        }
        assert_eq!(server.posts(), 1, "{name}");
        store.save(&key(), &token("again", "r-new", 3600), Expect::Anything).await.unwrap();
        assert_eq!(session.token().await.unwrap().access_token().expose(), "again", "{name}");
    }
}

#[tokio::test]
async fn a_logout_or_a_new_login_wins_over_a_refresh_that_is_under_way() {
    for (name, store) in stores::all().await {
        let server = connected(&store, 1).await;
        let session = process(&server, &store, "").session(USER).await.unwrap();
        server.next(&[Mishap::LoggedInAgain]);
        assert_eq!(session.token().await.unwrap().access_token().expose(), "again", "{name}");
        assert_eq!(stored(&store).await.refresh_token().unwrap().expose(), "r-new", "{name}");
        assert_eq!(server.0.lock().unwrap().revoked.len(), 0, "{name}: it may be the grant of the new login");

        // The old token may be good yet, and is nobody's any more.
        for lives in [1, DUE] {
            let server = connected(&store, lives).await;
            let session = process(&server, &store, "").session(USER).await.unwrap();
            server.next(&[Mishap::Deleted]);
            assert_eq!(session.token().await.unwrap_err().kind(), ErrorKind::Conflict, "{name}");
            assert!(store.load(&key()).await.unwrap().is_none(), "{name}: what is gone stays gone");
            assert_eq!(server.0.lock().unwrap().revoked, ["r1", "a1"], "{name}");
        }
    }
}

#[tokio::test]
async fn what_was_received_takes_the_place_of_what_it_came_of_whatever_others_have_noted() {
    for (same, access) in [(false, "a1"), (true, "a0")] {
        let store = Store::of(MemoryStore::new());
        let server = connected(&store, 1).await;
        server.0.lock().unwrap().same = same;
        server.next(&[Mishap::TakenForLost]);
        let session = process(&server, &store, "").session(USER).await.unwrap();
        let token = session.token().await.unwrap();
        assert_eq!((token.access_token().expose(), token.is_expired()), (access, false));
        assert_eq!((stored(&store).await, server.posts()), (token, 1));
    }
}

#[tokio::test]
async fn a_caller_that_goes_away_loses_nothing() {
    for (name, store) in stores::all().await {
        let server = connected(&store, 1).await;
        let session = process(&server, &store, "").session(USER).await.unwrap();
        let call = tokio::spawn({
            let session = session.clone();
            async move { session.token().await }
        });
        while server.posts() == 0 {
            tokio::task::yield_now().await;
        }
        call.abort();
        assert!(call.await.unwrap_err().is_cancelled());
        assert_eq!(session.token().await.unwrap().access_token().expose(), "a1", "{name}");
        assert_eq!((stored(&store).await.access_token().expose(), server.posts()), ("a1", 1), "{name}");
    }
}

#[tokio::test]
async fn what_was_received_and_cannot_be_saved_is_used_and_saved_later() {
    for troubles in [&[Trouble::Refused; 3][..], &[Trouble::Lost], &[Trouble::Panic]] {
        let (server, store, flow, told) = troubled(1, "a1", troubles).await;
        let session = flow.session(USER).await.unwrap();
        let first = session.token().await;
        if troubles == [Trouble::Panic] {
            assert_eq!(first.unwrap_err().kind(), ErrorKind::Store);
        } else {
            assert_eq!(first.unwrap().access_token().expose(), "a1");
        }
        if troubles != [Trouble::Lost] {
            assert_eq!(stored(&store).await.access_token().expose(), "a0", "not saved yet");
            assert_eq!(session.refresh().await.unwrap().access_token().expose(), "a1", "{troubles:?}");
        }
        assert_eq!(session.token().await.unwrap().access_token().expose(), "a1", "{troubles:?}");
        assert!(flow.drain(Duration::from_secs(10)).await);
        assert_eq!(stored(&store).await.access_token().expose(), "a1", "{troubles:?}");
        assert_eq!((session.token().await.unwrap().access_token().expose(), server.posts()), ("a1", 1));
        assert_eq!(*told.lock().unwrap(), ["a1"], "{troubles:?}");
    }
}

#[tokio::test]
async fn what_is_not_saved_yet_gives_way_to_a_logout_and_to_a_new_login() {
    for revoke in [false, true] {
        let (server, store, flow, _) = troubled(1, "a1", &[Trouble::Refused; 100]).await;
        let session = flow.session(USER).await.unwrap();
        assert_eq!(session.token().await.unwrap().access_token().expose(), "a1");
        if revoke {
            session.revoke().await.unwrap()
        } else {
            session.forget().await.unwrap()
        }
        assert_eq!(session.token().await.unwrap_err().kind(), ErrorKind::NoToken, "{revoke}");
        assert!(flow.drain(Duration::from_secs(60)).await);
        assert!(store.load(&key()).await.unwrap().is_none());
        let revoked = if revoke { &["r1", "a1"][..] } else { &[] };
        assert_eq!(server.0.lock().unwrap().revoked, revoked, "the token that came last");
    }
    let (_, _, flow, _) = troubled(1, "a1", &[Trouble::Refused; 100]).await;
    let session = flow.session(USER).await.unwrap();
    assert_eq!(session.token().await.unwrap().access_token().expose(), "a1");
    flow.store_token(USER, &token("again", "r-new", 3600)).await.unwrap();
    assert_eq!(session.token().await.unwrap().access_token().expose(), "again");
}

/// Nobody goes on trying: the runtime that did is gone. What was received is saved by whoever needs the next token, and comes
/// before what is stored.
#[test]
fn what_is_not_saved_yet_is_not_used_after_its_end_and_not_lost() {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (server, store, flow, _) = runtime().block_on(async {
        let (server, store, flow, told) = troubled(1, "a1", &[Trouble::Refused]).await;
        server.0.lock().unwrap().lives = Some(11);
        assert_eq!(flow.session(USER).await.unwrap().token().await.unwrap().access_token().expose(), "a1");
        (server, store, flow, told)
    });
    runtime().block_on(async {
        assert_eq!(stored(&store).await.access_token().expose(), "a0");
        tokio::time::sleep(Duration::from_millis(1_100)).await;
        assert_eq!(flow.session(USER).await.unwrap().token().await.unwrap().access_token().expose(), "a2");
        assert_eq!(stored(&store).await.access_token().expose(), "a2");
    });
    let grant = server.0.lock().unwrap();
    assert_eq!((grant.uses["r0"], grant.uses["r1"], grant.ended), (1, 1, false));
}

#[tokio::test]
async fn a_token_that_is_due_is_used_whatever_keeps_it_from_being_refreshed() {
    let (server, _, flow, _) = troubled(DUE, "a0", &[Trouble::Refused; 3]).await;
    let session = flow.session(USER).await.unwrap();
    for _ in 0..3 {
        assert_eq!(session.token().await.unwrap().access_token().expose(), "a0");
    }
    assert_eq!(server.posts(), 0);

    // After a failure one waits a little here, too.
    let store = Store::of(MemoryStore::new());
    let server = connected(&store, DUE).await;
    server.next(&[Mishap::NotSent; 3]);
    let session = process(&server, &store, "").session(USER).await.unwrap();
    for _ in 0..3 {
        assert_eq!(session.token().await.unwrap().access_token().expose(), "a0");
    }
    assert_eq!(server.0.lock().unwrap().mishaps.len(), 2, "it was asked once");
}
