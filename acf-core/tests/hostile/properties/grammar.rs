//! What may happen to logins, as strategies: steps, the callbacks in them, and what the token endpoint answers.

use acf_core::{
    ErrorKind,
    http::{HttpError, HttpErrorKind, Request, Response},
};
use proptest::{
    collection::vec,
    option,
    prelude::*,
    sample::{Index, select},
};

use crate::{
    response::JSON,
    world::{Health, answer},
};

/// One thing that happens.
#[derive(Clone, Debug)]
pub enum Step {
    Begin { user: usize, at: usize, options: Options },
    Finish(Finish),
    Refresh { user: usize, at: usize },
    Answers(Answer),
    States(Health),
    Tokens(Health),
    Clock(i64),
}

#[derive(Clone, Debug)]
pub struct Options {
    pub scope: Option<&'static str>,
    pub redirect_uri: Option<&'static str>,
    pub return_to: Option<&'static str>,
    pub param: bool,
}

/// A callback arrives.
#[derive(Clone, Debug)]
pub struct Finish {
    /// Of all logins so far, whichever state they are in.
    pub login: Index,
    pub by_a_stranger: bool,
    /// With another definition than the one it was begun with.
    pub elsewhere: Option<usize>,
    pub callback: Callback,
    /// How often at once, over two handles of the store.
    pub times: usize,
}

#[derive(Clone, Debug)]
pub struct Callback {
    form: Form,
    pub state: (Shape, State),
    pub code: (Shape, String),
    pub error: (Shape, &'static str),
    pub iss: (Shape, Iss),
    more: Option<&'static str>,
    first: usize,
}

#[derive(Clone, Copy, Debug)]
enum Form {
    Query,
    QueryWithMark,
    Url,
    UrlWithFragment,
    Body,
}

/// How a parameter is there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Shape {
    Once,
    Missing,
    Empty,
    Twice,
    Broken(&'static str),
}

#[derive(Clone, Debug, PartialEq)]
pub enum State {
    Right,
    OtherCase,
    Cut,
    Longer,
    Made(String),
}

#[derive(Clone, Copy, Debug)]
pub enum Iss {
    Of(usize),
    Evil,
    /// Somebody who repeats what came through the browser.
    Echo,
}

/// What else a callback may carry, and whether that ends it.
const MORE: &[(&str, bool)] = &[
    ("foo=1", false),
    ("foo=1&foo=%zz", false),
    ("session_state=a.b&prompt=none", false),
    ("access_token=tok3ncanary", true),
    ("id_token=", true),
    ("token=x", true),
    ("response=a.b.c", true),
    ("%zz=1", true),
];

impl Callback {
    /// What is wrong with the text alone.
    pub fn flaw(&self) -> Option<ErrorKind> {
        let shapes = [self.state.0, self.code.0, self.error.0, self.iss.0];
        let unreadable = shapes.iter().any(|shape| matches!(shape, Shape::Twice | Shape::Broken(_)));
        if unreadable || self.more.is_some_and(|more| MORE.contains(&(more, true))) {
            return Some(ErrorKind::Callback);
        }
        if self.state.0 != Shape::Once {
            return Some(ErrorKind::StateMissing);
        }
        (!self.has_code() && !self.has_error()).then_some(ErrorKind::Callback)
    }

    pub fn has_code(&self) -> bool {
        self.code.0 == Shape::Once
    }

    pub fn has_error(&self) -> bool {
        self.error.0 == Shape::Once
    }

    /// As it arrives, for the login with this state.
    pub fn text(&self, state: &str, issuers: &[&str]) -> String {
        let sent = match &self.state.1 {
            State::Right => state.to_owned(),
            State::OtherCase => state.chars().map(other_case).collect(),
            State::Cut => state[1..].to_owned(),
            State::Longer => format!("{state}A"),
            State::Made(text) => text.clone(),
        };
        // A secret is what is in this callback.
        let echo = format!("{sent} {}", if self.has_code() { &self.code.1 } else { "" });
        let issuer = match self.iss.1 {
            Iss::Of(definition) => issuers[definition].to_owned(),
            Iss::Evil => "https://evil.example".to_owned(),
            Iss::Echo => format!("https://evil.example/{echo}"),
        };
        let mut pairs = Vec::new();
        for (name, shape, value) in [
            ("state", self.state.0, sent.as_str()),
            ("code", self.code.0, &self.code.1),
            ("error", self.error.0, self.error.1),
            ("iss", self.iss.0, &issuer),
        ] {
            let pair = format!("{name}={}", encode(value));
            match shape {
                Shape::Once => pairs.push(pair),
                Shape::Missing => {}
                Shape::Empty => pairs.push(format!("{name}=")),
                Shape::Twice => pairs.extend([format!("{name}=x"), pair]),
                Shape::Broken(end) => pairs.push(pair + end),
            }
        }
        if self.error.0 == Shape::Once {
            pairs.push(format!("error_description={}&error_uri={0}", encode(&echo)));
        }
        pairs.extend(self.more.map(str::to_owned));
        let first = self.first % pairs.len().max(1);
        pairs.rotate_left(first);
        let form = pairs.join("&");
        let query = form.replace('+', "%20");
        match self.form {
            Form::Query => query,
            Form::QueryWithMark => format!("?{query}"),
            Form::Url => format!("https://app.example/callback?{query}"),
            Form::UrlWithFragment => format!("https://app.example/callback?{query}#code=x&state={state}"),
            Form::Body => form,
        }
    }
}

fn encode(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

fn other_case(c: char) -> char {
    if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() }
}

/// What a token endpoint says.
#[derive(Clone, Debug)]
pub enum Answer {
    Token {
        refresh: bool,
        lives: Option<u32>,
    },
    /// With everything that it was sent in the description.
    Refused {
        status: u16,
        error: &'static str,
    },
    Odd(usize),
    None(HttpErrorKind),
}

/// Status, content type, body, and what becomes of it.
const ODD: &[(u16, &str, &str, ErrorKind)] = &[
    (200, JSON, "", ErrorKind::Response),
    (200, JSON, "{\"access_token\":\"tok3ncanary\"", ErrorKind::Response),
    (200, JSON, "{\"access_token\":\"tok3ncanary\"}", ErrorKind::TokenResponse),
    (200, JSON, "{\"access_token\":\"tok3n canary\",\"token_type\":\"bearer\"}", ErrorKind::TokenResponse),
    (200, JSON, "{\"access_token\":[\"tok3ncanary\"],\"token_type\":\"bearer\"}", ErrorKind::TokenResponse),
    (200, JSON, "{\"access_token\":\"tok3ncanary\",\"token_type\":\"mac\"}", ErrorKind::TokenResponse),
    (201, JSON, "{\"access_token\":\"tok3ncanary\",\"token_type\":\"bearer\"}", ErrorKind::Response),
    (302, "", "", ErrorKind::Response),
    (500, "text/html", "<html>ECHO</html>", ErrorKind::Response),
    (200, "text/html", "<html>ECHO</html>", ErrorKind::Response),
];
impl Answer {
    /// What becomes of it, where it brings no token.
    pub fn refusal(&self) -> Option<ErrorKind> {
        match self {
            Self::Token { .. } => None,
            Self::Refused { .. } => Some(ErrorKind::Provider),
            Self::Odd(row) => Some(ODD[*row].3),
            Self::None(HttpErrorKind::NotSent) => Some(ErrorKind::NotSent),
            Self::None(HttpErrorKind::Tls) => Some(ErrorKind::Tls),
            Self::None(HttpErrorKind::Timeout) => Some(ErrorKind::Timeout),
            Self::None(HttpErrorKind::TooLarge) => Some(ErrorKind::Response),
            Self::None(_) => Some(ErrorKind::Transport),
        }
    }

    /// The answer to a request; `serial` makes its tokens unlike all others.
    pub fn to(&self, request: &Request, serial: usize) -> Result<Response, HttpError> {
        let sent: Vec<_> = form_urlencoded::parse(request.body()).map(|(_, value)| value.into_owned()).collect();
        let echo = sent.join(" ");
        match self {
            Self::Token { refresh, lives } => {
                let mut body = serde_json::json!({"access_token": access(serial), "token_type": "bearer"});
                if *refresh {
                    body["refresh_token"] = self::refresh(serial).into();
                }
                if let Some(lives) = lives {
                    body["expires_in"] = (*lives).into();
                }
                Ok(answer(200, JSON, body.to_string().as_bytes()))
            }
            Self::Refused { status, error } => {
                let body = serde_json::json!({"error": error, "error_description": echo, "error_uri": echo});
                Ok(answer(*status, JSON, body.to_string().as_bytes()))
            }
            Self::Odd(row) => {
                let (status, content_type, body, _) = ODD[*row];
                let mut answer = answer(status, content_type, body.replace("ECHO", &echo).as_bytes());
                answer.headers_mut().insert("location", "https://evil.example/token".parse().unwrap());
                Ok(answer)
            }
            Self::None(kind) => Err(HttpError::new(*kind, "the line is dead")),
        }
    }
}

pub fn access(serial: usize) -> String {
    format!("acc3ss{serial:08}")
}

pub fn refresh(serial: usize) -> String {
    format!("refr3sh{serial:08}")
}

/// How often each of these happens; 1 is seldom.
#[derive(Clone, Copy)]
pub struct Focus {
    pub odd: u32,
    pub strangers: u32,
    pub elsewhere: u32,
    pub at_once: u32,
    pub answers: u32,
    pub refreshes: u32,
    pub faults: u32,
    pub clock: u32,
}

impl Focus {
    pub const EVEN: Self =
        Self { odd: 1, strangers: 1, elsewhere: 1, at_once: 1, answers: 1, refreshes: 1, faults: 1, clock: 1 };

    pub fn steps(self) -> impl Strategy<Value = Vec<Step>> {
        let health = prop_oneof![2 => Just(Health::Up), 1 => Just(Health::Down), 1 => Just(Health::Mute)];
        let up_or_down = prop_oneof![2 => Just(Health::Up), 1 => Just(Health::Down)];
        // A login lives 600 seconds: no sum of these is close to it.
        let clock = prop_oneof![8 => -4..=4_i64, 1 => Just(100_000), 1 => Just(-100_000)].prop_map(|n| n * 400);
        let step = prop_oneof![
            12 => (0..2_usize, 0..3_usize, options())
                .prop_map(|(user, at, options)| Step::Begin { user, at, options }),
            16 => self.finish().prop_map(Step::Finish),
            self.refreshes => (0..2_usize, 0..3_usize).prop_map(|(user, at)| Step::Refresh { user, at }),
            self.answers => answers().prop_map(Step::Answers),
            self.faults => health.prop_map(Step::States),
            self.faults => up_or_down.prop_map(Step::Tokens),
            self.clock => clock.prop_map(Step::Clock),
        ];
        vec(step, 1..20)
    }

    fn finish(self) -> impl Strategy<Value = Finish> {
        let rarely = |weight: u32| prop_oneof![24 => Just(false), weight => Just(true)];
        let elsewhere = (rarely(self.elsewhere), 0..3_usize).prop_map(|(elsewhere, at)| elsewhere.then_some(at));
        let times = prop_oneof![24 => Just(1), self.at_once => 2..6_usize];
        (any::<Index>(), rarely(self.strangers), elsewhere, self.callback(), times).prop_map(
            |(login, by_a_stranger, elsewhere, callback, times)| Finish {
                login,
                by_a_stranger,
                elsewhere,
                callback,
                times,
            },
        )
    }

    fn callback(self) -> impl Strategy<Value = Callback> {
        use Shape::{Empty, Missing, Once, Twice};
        let forms = [Form::Query, Form::QueryWithMark, Form::Url, Form::UrlWithFragment, Form::Body];
        let state = prop_oneof![
            40 => Just(State::Right),
            self.odd => Just(State::OtherCase),
            self.odd => Just(State::Cut),
            self.odd => Just(State::Longer),
            self.odd => "\\PC{1,40}".prop_map(State::Made),
        ];
        let broken = || select(vec!["%zz", "%", "%f", "%ff", "%c0%af", "%00", "%0d%0a"]).prop_map(Shape::Broken);
        let any_shape = || prop_oneof![3 => select(vec![Once, Missing, Empty, Twice]), 1 => broken()];
        let state_shape = prop_oneof![40 => Just(Once), self.odd => any_shape()];
        let iss_shape = prop_oneof![24 => Just(Missing), 6 => Just(Once), self.odd => any_shape()];
        let code_and_error = prop_oneof![
            24 => Just((Once, Missing)),
            8 => Just((Missing, Once)),
            1 => Just((Once, Once)),
            self.odd => (any_shape(), any_shape()),
        ];
        let code = "c0de[0-9A-Za-z]{8}[ -~é€]{0,6}";
        let error = select(vec!["access_denied", "access_denied", "server_error", "no_such_code"]);
        let iss = prop_oneof![12 => (0..3_usize).prop_map(Iss::Of), 1 => Just(Iss::Evil), 1 => Just(Iss::Echo)];
        let more = prop_oneof![40 => Just(None), self.odd => select(MORE).prop_map(|(more, _)| Some(more))];
        (select(forms.to_vec()), (state_shape, state), code_and_error, code, error, (iss_shape, iss), more, 0..4_usize)
            .prop_map(|(form, state, shapes, code, error, iss, more, first)| Callback {
                form,
                state,
                code: (shapes.0, code),
                error: (shapes.1, error),
                iss,
                more,
                first,
            })
    }
}

fn options() -> impl Strategy<Value = Options> {
    (
        option::weighted(0.2, Just("read write")),
        option::weighted(0.2, Just("https://app.example/other?x=%2F")),
        option::weighted(0.2, select(vec!["/settings?tab=1", "//evil.example"])),
        prop::bool::weighted(0.2),
    )
        .prop_map(|(scope, redirect_uri, return_to, param)| Options { scope, redirect_uri, return_to, param })
}

fn answers() -> impl Strategy<Value = Answer> {
    let errors = vec!["invalid_grant", "invalid_client", "server_error", "no_such_code"];
    let kinds = [
        HttpErrorKind::NotSent,
        HttpErrorKind::Tls,
        HttpErrorKind::Timeout,
        HttpErrorKind::TooLarge,
        HttpErrorKind::Transport,
    ];
    prop_oneof![
        4 => (any::<bool>(), option::of(0..100_000_u32)).prop_map(|(refresh, lives)| Answer::Token { refresh, lives }),
        2 => (select(vec![200, 400, 401, 503]), select(errors)).prop_map(|(status, error)| Answer::Refused { status, error }),
        3 => (0..ODD.len()).prop_map(Answer::Odd),
        1 => select(kinds.to_vec()).prop_map(Answer::None),
    ]
}
