//! H-123: a caller that goes away. Each call is dropped at every place where it waits, over every store, and what is left
//! is written down here.
//!
//! The store and the transport wait before their work, when it has begun (SQLite has its job then, and does it whether or
//! not anybody waits for it), and after it. Nothing else in a call waits.

use std::{
    future::{Future, IntoFuture, poll_fn},
    pin::{Pin, pin},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
        mpsc,
    },
    task::{Context, Poll, Wake, Waker},
    thread::{self, Thread},
    time::Duration,
};

use acf_core::{
    Error, ErrorKind, Flow, HttpClient, StateStore, Token, TokenStore,
    http::{HttpError, Limits, Request, Response},
    store::{Binding, Expect, PendingLogin, StateKey, StoredToken, Taken, TokenKey, Version},
};

use crate::{
    response::JSON,
    world::{Endpoint, Watched, World, answer, kind},
};

/// A store and a transport that take their time, and note what they began.
#[derive(Clone)]
struct Slow {
    store: Watched,
    endpoint: Endpoint,
    begun: Arc<Mutex<Vec<&'static str>>>,
}

impl Slow {
    fn new(world: &World) -> Self {
        Self { store: world.store.clone(), endpoint: world.endpoint.clone(), begun: Arc::default() }
    }

    fn flow(&self) -> Flow {
        let builder = Flow::builder(World::provider("forge").build().unwrap());
        builder.state_store(self.clone()).http_client(self.clone()).build().unwrap()
    }

    async fn slowly<T>(&self, what: &'static str, work: impl Future<Output = T>) -> T {
        pause().await;
        let mut work = pin!(work);
        self.begun.lock().unwrap().push(what);
        let begun = work.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        pause().await;
        let done = match begun {
            Poll::Ready(done) => done,
            Poll::Pending => wait(work),
        };
        pause().await;
        done
    }
}

#[async_trait::async_trait]
impl StateStore for Slow {
    async fn put(&self, key: StateKey, login: PendingLogin) -> Result<(), Error> {
        self.slowly("put", self.store.put(key, login)).await
    }

    async fn take(&self, key: &StateKey, binding: &Binding) -> Result<Taken, Error> {
        self.slowly("take", self.store.take(key, binding)).await
    }

    fn token_store(self: Arc<Self>) -> Option<Arc<dyn TokenStore>> {
        Some(self)
    }
}

#[async_trait::async_trait]
impl TokenStore for Slow {
    async fn load(&self, key: &TokenKey) -> Result<Option<StoredToken>, Error> {
        self.slowly("load", self.store.load(key)).await
    }

    async fn save(&self, key: &TokenKey, token: &Token, expect: Expect) -> Result<Option<Version>, Error> {
        self.slowly("save", self.store.save(key, token, expect)).await
    }

    async fn delete(&self, key: &TokenKey) -> Result<bool, Error> {
        self.slowly("delete", self.store.delete(key)).await
    }

    async fn connections(&self, provider: &str, user: &str) -> Result<Vec<String>, Error> {
        self.store.connections(provider, user).await
    }
}

#[async_trait::async_trait]
impl HttpClient for Slow {
    async fn send(&self, request: Request, limits: Limits) -> Result<Response, HttpError> {
        self.slowly("send", self.endpoint.send(request, limits)).await
    }
}

/// Waits once, and is woken at once.
async fn pause() {
    let mut waited = false;
    poll_fn(|context| {
        context.waker().wake_by_ref();
        if std::mem::replace(&mut waited, true) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}

struct Bell(AtomicBool, Thread);

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::SeqCst);
        self.1.unpark();
    }
}

/// Polls as often as told, for as long as somebody wakes it.
fn poll<T>(mut future: Pin<&mut impl Future<Output = T>>, times: usize) -> Poll<T> {
    let bell = Arc::new(Bell(AtomicBool::new(true), thread::current()));
    let waker = Waker::from(Arc::clone(&bell));
    for _ in 0..times {
        if !bell.0.swap(false, Ordering::SeqCst) {
            break;
        }
        if let Poll::Ready(done) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return Poll::Ready(done);
        }
    }
    Poll::Pending
}

/// To the end of what another thread does.
fn wait<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Bell(AtomicBool::new(false), thread::current())));
    loop {
        if let Poll::Ready(done) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return done;
        }
        thread::park();
    }
}

/// To the end of a call that is [`Slow`]. What nobody wakes waits for a lock that nobody gives back.
fn complete<T>(future: impl IntoFuture<Output = T>) -> T {
    match poll(pin!(future.into_future()), usize::MAX) {
        Poll::Ready(done) => done,
        Poll::Pending => panic!("waits for ever"),
    }
}

/// What is left of a call that was dropped: the work that had begun, how many requests had left, and whether a new token is
/// stored.
type Left = (String, usize, bool);

/// Drops a call after no poll, after one, and so on until it comes to its end. `make` makes the call for a user who has a
/// token, and `then` sees the same flow after the drop. Whatever was left, the next login goes well.
fn dropped_everywhere<F: Future, C>(
    world: &World,
    make: impl Fn(&Flow, &str) -> (F, C),
    then: impl Fn(&Flow, &str, &C, &Left),
) -> Vec<Left> {
    let issued = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&issued);
    world.endpoint.answers_by(move |_| {
        let n = count.fetch_add(1, Ordering::SeqCst) + 1;
        let body = format!(r#"{{"access_token":"access-{n}","token_type":"bearer","refresh_token":"refresh-{n}"}}"#);
        Ok(answer(200, JSON, body.as_bytes()))
    });
    let log_in = |flow: &Flow, user: &str| {
        complete(async {
            let state = flow.begin(user).await.unwrap().state;
            flow.finish(user, &format!("code=c&state={}", state.as_str())).await.unwrap();
        });
    };
    let mut all: Vec<Left> = Vec::new();
    for polls in 0.. {
        let (slow, user) = (Slow::new(world), world.user());
        let flow = slow.flow();
        log_in(&flow, &user);
        let (call, context) = make(&flow, &user);
        let (calls, before) = (world.endpoint.calls(), wait(world.stored("forge", &user)).unwrap());
        slow.begun.lock().unwrap().clear();

        let ended = poll(Box::pin(call).as_mut(), polls).is_ready();
        let begun = slow.begun.lock().unwrap().clone();
        let after = wait(world.stored("forge", &user)).unwrap();
        let left = (begun.join(" "), world.endpoint.calls() - calls, after.version != before.version);
        let tokens = (after.token.access_token().expose(), after.token.refresh_token().unwrap().expose());
        let n = issued.load(Ordering::SeqCst) - usize::from(left.1 == 1 && !left.2);
        assert_eq!(tokens, (format!("access-{n}").as_str(), format!("refresh-{n}").as_str()), "{left:?}");
        if ended {
            assert_eq!(polls, begun.len() * 3 + 1, "there are waits where nothing was dropped");
        }
        then(&flow, &user, &context, &left);
        log_in(&flow, &user);
        if all.last() != Some(&left) {
            all.push(left);
        }
        if ended {
            break;
        }
    }
    all
}

fn left(rows: &[(&str, usize, bool)]) -> Vec<Left> {
    rows.iter().map(|(begun, sent, saved)| ((*begun).to_owned(), *sent, *saved)).collect()
}

/// From the moment it is taken the login is spent, whatever becomes of its code: the person begins anew. A token that had
/// not reached the store is lost.
#[test]
fn a_dropped_login_sends_no_second_request() {
    for world in wait(World::all()) {
        let make = |flow: &Flow, user: &str| {
            let state = complete(flow.begin(user)).unwrap().state;
            let (flow, user, callback) = (flow.clone(), user.to_owned(), format!("code=c&state={}", state.as_str()));
            let text = callback.clone();
            (async move { flow.finish(&user, &text).await }, callback)
        };
        let again = |flow: &Flow, user: &str, callback: &String, (begun, sent, _): &Left| {
            let calls = world.endpoint.calls();
            let result = complete(flow.finish(user, callback));
            match begun.is_empty() {
                true => drop(result.unwrap()),
                false => assert_eq!(kind(result), ErrorKind::StateUnknown),
            }
            assert!(sent + world.endpoint.calls() - calls <= 1);
        };
        let expected = [("", 0, false), ("take", 0, false), ("take send", 1, false), ("take send save", 1, true)];
        assert_eq!(dropped_everywhere(&world, make, again), left(&expected), "{}", world.name);
    }
}

#[test]
fn a_dropped_beginning_leaves_nothing_that_matters() {
    for world in wait(World::all()) {
        let make = |flow: &Flow, user: &str| {
            let (flow, user) = (flow.clone(), user.to_owned());
            (async move { flow.begin(&user).await }, ())
        };
        let all = dropped_everywhere(&world, make, |_, _, (), _| {});
        assert_eq!(all, left(&[("", 0, false), ("put", 0, false)]), "{}", world.name);
    }
}

/// A refresh goes on without its caller, wherever that one was dropped: each refresh token is sent once, what came of it is
/// stored, and whoever waits gets it.
#[test]
fn a_dropped_refresh_goes_on_and_who_waits_for_it_gets_its_token() {
    for world in wait(World::all()) {
        let sent: Arc<Mutex<Vec<String>>> = Arc::default();
        let (note, issued) = (Arc::clone(&sent), AtomicUsize::new(0));
        world.endpoint.answers_by(move |request| {
            let form = form_urlencoded::parse(request.body());
            note.lock()
                .unwrap()
                .extend(form.filter(|(name, _)| name == "refresh_token").map(|(_, value)| value.into_owned()));
            let n = issued.fetch_add(1, Ordering::SeqCst);
            let body =
                format!(r#"{{"access_token":"access-{n}","token_type":"bearer","refresh_token":"refresh-{n}"}}"#);
            Ok(answer(200, JSON, body.as_bytes()))
        });
        for polls in 0..12 {
            let (slow, user) = (Slow::new(&world), world.user());
            let flow = slow.flow();
            let state = complete(flow.begin(&user)).unwrap().state;
            complete(flow.finish(&user, &format!("code=c&state={}", state.as_str()))).unwrap();
            let before = sent.lock().unwrap().len();
            let session = complete(flow.session(&user)).unwrap();
            let mut first = Box::pin(session.refresh());
            let second = Box::pin(session.refresh());
            let ended = poll(first.as_mut(), polls).is_ready();
            drop(first);
            let token = wait(second).unwrap();
            assert_eq!(complete(session.stored_token()).unwrap(), token, "{}, {polls}", world.name);
            let sent = sent.lock().unwrap();
            assert!((1..=2).contains(&(sent.len() - before)), "{}, {polls}: {sent:?}", world.name);
            let once: std::collections::HashSet<_> = sent.iter().collect();
            assert_eq!(once.len(), sent.len(), "{}, {polls}: {sent:?}", world.name);
            assert!(!ended || polls > 3, "it waits for somebody");
        }
    }
}

/// A caller that is neither polled nor dropped, as one of a stream of calls whose consumer is busy with another call: it holds
/// up nobody, wherever it stands.
#[test]
fn a_caller_that_stands_still_holds_up_nobody() {
    for world in wait(World::all()) {
        let issued = AtomicUsize::new(0);
        world.endpoint.answers_by(move |_| {
            let n = issued.fetch_add(1, Ordering::SeqCst);
            let body =
                format!(r#"{{"access_token":"access-{n}","token_type":"bearer","refresh_token":"refresh-{n}"}}"#);
            Ok(answer(200, JSON, body.as_bytes()))
        });
        for polls in 0..6 {
            let (flow, user) = (Slow::new(&world).flow(), world.user());
            let state = complete(flow.begin(&user)).unwrap().state;
            complete(flow.finish(&user, &format!("code=c&state={}", state.as_str()))).unwrap();
            let session = complete(flow.session(&user)).unwrap();
            let [mut first, mut second] = [Box::pin(session.token()), Box::pin(session.token())];
            drop((poll(first.as_mut(), 1), poll(second.as_mut(), polls)));
            complete(session.token()).unwrap();
            drop((first, second));

            // It waits for a refresh, and then it does not come for what it brought.
            let [mut first, mut second] = [Box::pin(session.refresh()), Box::pin(session.refresh())];
            drop((poll(first.as_mut(), 4), poll(second.as_mut(), polls)));
            let (done, result) = mpsc::channel();
            let third = session.clone();
            thread::spawn(move || drop(done.send(wait(third.refresh()))));
            result.recv_timeout(Duration::from_secs(60)).expect("waits for ever").unwrap();
        }
    }
}

/// [`Flow::refresh`] saves nothing, whether it comes to its end or not.
#[test]
fn a_dropped_refresh_without_a_session_changes_nothing() {
    for world in wait(World::all()) {
        let make = |flow: &Flow, user: &str| {
            let (flow, user) = (flow.clone(), user.to_owned());
            let token = wait(world.stored("forge", &user)).unwrap().token;
            (async move { flow.refresh(&token).await }, ())
        };
        let all = dropped_everywhere(&world, make, |_, _, (), _| {});
        assert_eq!(all, left(&[("", 0, false), ("send", 1, false)]), "{}", world.name);
    }
}
