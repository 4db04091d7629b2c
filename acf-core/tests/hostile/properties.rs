//! What holds whatever happens: random sequences of logins, callbacks, answers, faults and clocks over every store, compared
//! step by step with a model. Each property turns to one invariant of the project's list and checks all of them.
//!
//! `PROPTEST_CASES` sets how many sequences each of them tries.

mod grammar;
mod model;
mod stage;

use acf_core::{
    ErrorKind::{
        self, AccessDenied, BindingMismatch, Callback, IssuerMismatch, NoToken, Provider, ProviderMismatch, Response,
        StateExpired, StateMissing, StateUnknown, Store, TokenExpired,
    },
    Token,
    store::PendingLogin,
};
use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{Config, TestRunner},
};

use self::{
    grammar::Focus,
    model::{Checked, Met, run},
    stage::Stage,
};
use crate::world::{TOKEN, answer, shown};

/// How many cases somebody wants.
pub fn asked_for() -> Option<u32> {
    std::env::var("PROPTEST_CASES").ok().map(|cases| cases.parse().unwrap())
}

/// Tries cases until one fails, and shows the smallest that does.
fn holds<S: Strategy>(cases: u32, strategy: S, check: impl AsyncFn(&Stage, &S::Value) -> Checked) {
    // On several threads, so that what happens at once does.
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let stages = runtime.block_on(Stage::all());
    let cases = asked_for().unwrap_or(cases);
    // A failure is shown whole; there is nothing to keep of it in a file.
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let tried = TestRunner::new(config).run(&strategy, |case| {
        stages.iter().try_for_each(|stage| {
            runtime
                .block_on(check(stage, &case))
                .map_err(|error| TestCaseError::fail(format!("{}: {error}", stage.world.name)))
        })
    });
    if let Err(error) = tried {
        panic!("{error}");
    }
}

/// Sequences of steps; the calls in them must have ended in these ways, or the property has not seen what it is about.
fn sequences(focus: Focus, ended: &[ErrorKind]) {
    const CASES: u32 = 160;
    let met = Met::default();
    holds(CASES, focus.steps(), async |stage, steps| run(stage, steps, &met).await);
    let met = met.into_inner().unwrap();
    if asked_for().is_some_and(|cases| cases < CASES) {
        return;
    }
    for kind in ended.iter().map(|kind| Some(*kind)).chain([None]) {
        assert!(met.contains_key(&kind), "never ended with {kind:?}: {met:?}");
    }
}

/// INV-1.
#[test]
fn nothing_is_sent_but_for_a_waiting_login_of_this_user() {
    let focus = Focus { odd: 3, strangers: 8, ..Focus::EVEN };
    sequences(focus, &[Callback, StateMissing, IssuerMismatch, StateUnknown, BindingMismatch, AccessDenied, Provider]);
}

/// INV-2.
#[test]
fn of_callbacks_at_once_one_is_sent() {
    sequences(Focus { at_once: 48, ..Focus::EVEN }, &[StateUnknown]);
}

/// INV-3 and INV-4.
#[test]
fn credentials_go_to_the_endpoint_that_the_login_began_with() {
    sequences(Focus { elsewhere: 16, refreshes: 4, ..Focus::EVEN }, &[ProviderMismatch, IssuerMismatch]);
}

/// INV-5.
#[test]
fn what_fails_leaves_every_token_as_it_was() {
    let focus = Focus { answers: 32, refreshes: 12, faults: 3, ..Focus::EVEN };
    sequences(focus, &[Provider, Response, NoToken, TokenExpired, Store]);
}

/// INV-7.
#[test]
fn nothing_that_comes_back_shows_a_secret() {
    let focus = Focus { odd: 3, answers: 32, refreshes: 6, ..Focus::EVEN };
    sequences(focus, &[Callback, IssuerMismatch, Provider, Response]);
}

/// INV-8. A login that nobody touched while it was over is open again when the clock goes back: there is no other clock.
#[test]
fn no_clock_opens_a_spent_login() {
    sequences(Focus { clock: 12, ..Focus::EVEN }, &[StateExpired, StateUnknown]);
}

/// INV-9.
#[test]
fn where_a_store_fails_nothing_is_sent() {
    sequences(Focus { faults: 6, refreshes: 4, ..Focus::EVEN }, &[Store]);
}

/// INV-6, and that these bytes bring no second request and spoil no login.
#[test]
fn no_bytes_bring_a_panic() {
    let pieces = |pieces: &'static [&'static str]| {
        vec(prop_oneof![6 => prop::sample::select(pieces).prop_map(str::to_owned), 1 => any::<String>()], 0..12)
            .prop_map(|pieces| pieces.concat())
    };
    let bytes = || vec(any::<u8>(), 0..200);
    let callback = prop_oneof![
        pieces(&[
            "code=",
            "state=STATE",
            "&",
            "=",
            "?",
            "#",
            "%",
            "%zz",
            "%00",
            "iss=",
            "error=",
            "https://",
            "+",
            "c"
        ]),
        bytes().prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
    ];
    let body = prop_oneof![
        pieces(&[
            "{",
            "}",
            "[",
            "]",
            "\"",
            ":",
            ",",
            "\"access_token\"",
            "\"token_type\":\"bearer\"",
            "\\",
            "1e999",
            "-0",
            "null",
            "\"error\"",
            "access_token=a",
            "&",
            "\\ud800"
        ])
        .prop_map(String::into_bytes),
        bytes(),
    ];
    let content_type = prop_oneof![Just(b"application/json".to_vec()), bytes()];
    holds(256, (callback, 100..1000_u16, content_type, body), async |stage, (callback, status, content_type, body)| {
        let (world, flow) = (&stage.world, stage.world.flow());
        let (user, calls) = (world.user(), world.endpoint.calls());
        let state = flow.begin(&user).await.unwrap().state;
        let text = callback.replace("STATE", state.as_str());
        let mut odd = answer(*status, "", body);
        if let Ok(value) = http::HeaderValue::from_bytes(content_type) {
            odd.headers_mut().insert("content-type", value);
        }
        world.endpoint.answers_by(move |_| Ok(odd.clone()));
        let first = flow.finish(&user, &text).await;
        let sent = world.endpoint.calls() - calls;
        if let Err(error) = &first {
            shown(error, &[state.as_str(), "cl1ent-s3cret"]);
        }
        prop_assert_eq!(world.has_token(&user).await, first.is_ok());
        let second = flow.finish(&user, &format!("code=c0de/secret&state={}", state.as_str())).await;
        prop_assert!(world.endpoint.calls() - calls <= 1);
        if let Err(error) = &second {
            shown(error, &[state.as_str(), "cl1ent-s3cret", "c0de/secret"]);
            prop_assert!(error.kind() == StateUnknown || sent == 0);
        }
        // Rows of a store that others write to, too.
        drop((PendingLogin::from_bytes(body), Token::from_json(&String::from_utf8_lossy(body))));
        world.endpoint.answers(200, "application/json", TOKEN.as_bytes());
        Ok(())
    });
}
