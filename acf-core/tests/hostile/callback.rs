//! Lines H-01 to H-49: callbacks. `STATE` stands for the state of a login that waits, `SWAPPED` for the same with its
//! letters in the other case.

use acf_core::ErrorKind::{
    self, AccessDenied, BindingMismatch, Callback, IssuerMismatch, Provider, StateMissing, StateUnknown,
};

use crate::{
    scenarios::{self, Scenario},
    world::{World, shown},
};

/// What is left of a login after a callback that was refused.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Left {
    /// Its owner can still finish it.
    Keep,
    /// It is gone.
    Burn,
}
use Left::{Burn, Keep};

pub enum Then {
    /// No token request, nothing stored.
    Refused(ErrorKind, Left),
    /// One token request with this code, the login gone, the token stored.
    Granted(&'static str),
}

pub struct Case {
    /// Who brings the callback; the owner of the login if nobody is named.
    pub by: Option<String>,
    pub callback: String,
    pub then: Then,
}

pub enum Does {
    Cases(Vec<Case>),
    Scenario(Scenario),
    /// Another part's business; why.
    Elsewhere(&'static str),
}

pub struct Row {
    pub id: u32,
    pub does: Does,
}

fn refused(id: u32, kind: ErrorKind, left: Left, callbacks: &[&str]) -> Row {
    let case = |callback: &&str| Case { by: None, callback: (*callback).to_owned(), then: Then::Refused(kind, left) };
    Row { id, does: Does::Cases(callbacks.iter().map(case).collect()) }
}

fn granted(id: u32, callbacks: &[(&str, &'static str)]) -> Row {
    let case = |(callback, code): &(&str, &'static str)| Case {
        by: None,
        callback: (*callback).to_owned(),
        then: Then::Granted(code),
    };
    Row { id, does: Does::Cases(callbacks.iter().map(case).collect()) }
}

fn by_others(id: u32, others: &[&str]) -> Row {
    let case = |other: &&str| Case {
        by: Some((*other).to_owned()),
        callback: "code=c0de&state=STATE".to_owned(),
        then: Then::Refused(BindingMismatch, Keep),
    };
    Row { id, does: Does::Cases(others.iter().map(case).collect()) }
}

fn scenario(id: u32, scenario: Scenario) -> Row {
    Row { id, does: Does::Scenario(scenario) }
}

fn elsewhere(id: u32, why: &'static str) -> Row {
    Row { id, does: Does::Elsewhere(why) }
}

impl Row {
    fn and(mut self, more: Self) -> Self {
        match (&mut self.does, more.does) {
            (Does::Cases(cases), Does::Cases(others)) if self.id == more.id => cases.extend(others),
            _ => panic!("only cases can be added to cases"),
        }
        self
    }
}

pub fn rows() -> Vec<Row> {
    let x = |count| "x".repeat(count);
    let mebibyte = format!("code=c&state=STATE&x={}", x(1 << 20));
    let many = format!("code=c&state=STATE{}", "&a=b".repeat(10_000));
    let long_issuer = format!("code=c&state=STATE&iss=https://{}", x(100_000));
    let issuer = format!("code=c&state=STATE&iss=https://{}", x(2048));
    let long_error = format!("error={}&state=STATE", x(10_000));
    let long_user = x(8192);
    let nested = format!("{}=1&code=c&state=STATE", "a[".repeat(4_000));
    vec![
        refused(1, Callback, Keep, &["code=a&code=b&state=STATE", "code=a&code=a&state=STATE"]),
        refused(2, Callback, Keep, &["code=c&state=STATE&state=bad", "code=c&state=bad&state=STATE"]),
        refused(
            3,
            Callback,
            Keep,
            &["code=c&state=STATE&iss=https://forge.example&iss=https://forge.example", "iss=&iss=&code=c&state=STATE"],
        ),
        refused(4, Callback, Keep, &["error=access_denied&error=access_denied&state=STATE"]),
        refused(5, Callback, Keep, &["code=a&c%6fde=b&state=STATE", "code=a&%63%6F%64%65=a&state=STATE"]),
        refused(6, Callback, Keep, &["code[]=a&state=STATE", "code.x=1&state=STATE", "code%5B%5D=a&state=STATE"]),
        // No bracket means anything in a name, however many there are.
        granted(
            7,
            &[("foo=1&code=c&foo=2&state=STATE", "c"), ("a[b][c][d]=1&code=c&state=STATE", "c"), (&nested, "c")],
        ),
        refused(8, StateMissing, Keep, &["code=a;state=STATE"]),
        // Burnt: the login was matched and bound, so only the provider or the person's own browser can have sent it.
        refused(9, Callback, Burn, &["code=c&error=access_denied&state=STATE"]),
        refused(10, Callback, Keep, &["state=STATE"]),
        refused(11, Callback, Keep, &["code=&state=STATE", "code&state=STATE", "code=&error=&state=STATE"]),
        refused(12, StateMissing, Keep, &["code=c&state=", "code=c&state"]),
        refused(13, StateMissing, Keep, &["", "?", "https://app.example/callback", "https://app.example/callback?"]),
        refused(14, Callback, Keep, &[&mebibyte]),
        refused(15, Callback, Keep, &[&many]),
        refused(
            16,
            Callback,
            Keep,
            &["code=%ZZ&state=STATE", "code=c&state=%", "code=c%2&state=STATE", "c%=&state=STATE"],
        ),
        refused(
            17,
            Callback,
            Keep,
            &["code=%ff%fe&state=STATE", "code=c&state=%ff%fe", "code=\u{FFFD}%ff&state=STATE"],
        ),
        refused(18, Callback, Keep, &["code=%c0%af&state=STATE", "code=%e0%80%af&state=STATE", "code=c&state=%c0%af"]),
        refused(19, Callback, Keep, &["code=a%00&state=STATE", "code=c&state=STATE%00", "code=c\0&state=STATE"]),
        refused(
            20,
            Callback,
            Keep,
            &[
                "code=a%0d%0ab&state=STATE",
                "code=c&state=STATE%0a",
                "error=a%0d%0aX-Y:z&state=STATE",
                "code=a\nb&state=STATE",
            ],
        ),
        granted(
            21,
            &[
                ("code=a+b%20c%2Bd&state=STATE", "a b c+d"),
                ("code=a b/c=d&state=STATE", "a b/c=d"),
                ("code=%E2%82%AC%26%3D%25%23&state=STATE", "€&=%#"),
            ],
        ),
        refused(
            22,
            StateUnknown,
            Keep,
            &[
                "code=c&state=STATE%D0%B0",
                "code=c&state=STATE\u{200B}",
                "code=c&state=\u{FEFF}STATE",
                "code=c&state=STATE\u{301}",
                "code=c&state=STATE%EF%BC%A1",
            ],
        ),
        refused(23, StateUnknown, Keep, &["code=c&state=SWAPPED"]),
        refused(
            24,
            StateUnknown,
            Keep,
            &["code=c&state=STATE%20", "code=c&state=STATE.", "code=c&state=STATE=", "code=c&state=+STATE"],
        ),
        refused(
            25,
            StateUnknown,
            Keep,
            &[
                "code=c&state=' OR 1=1--",
                "code=c&state=*",
                "code=c&state={STATE}",
                "code=c&state=STATE'; DELETE FROM acf_pending_login; --",
                "code=c&state=%25",
                "code=c&state=_",
            ],
        ),
        scenario(26, scenarios::too_long_a_state),
        scenario(27, scenarios::replay_after_success),
        scenario(28, scenarios::replay_after_an_error),
        by_others(29, &["somebody else"]),
        scenario(30, scenarios::another_provider),
        scenario(31, scenarios::expired),
        // The cookie is the server's; what it stands for arrives as the user.
        by_others(32, &["", " ", "user-", "user-0\0", &long_user]),
        refused(33, StateMissing, Keep, &["https://app.example/callback#code=c&state=STATE", "#code=c&state=STATE"]),
        refused(
            34,
            Callback,
            Keep,
            &[
                "code=c&state=STATE&access_token=x",
                "code=c&state=STATE&id_token=",
                "access_token=x&token_type=bearer&state=STATE",
                "code=c&state=STATE&token=x",
            ],
        ),
        // Plain where JARM was asked for does not occur: this flow never asks.
        refused(35, Callback, Keep, &["response=a.b.c", "code=c&state=STATE&response=a.b.c"]),
        elsewhere(36, "methods of the callback route: the HTTP server's"),
        elsewhere(37, "a query beside a form body: `finish` takes one text, and the server decides which"),
        elsewhere(38, "reading a form body: the HTTP server's; whatever it hands over ends at 16 KiB (H-14)"),
        // What fetches a link without the browser's cookie is nobody, or somebody else.
        by_others(39, &["", "a bot"]),
        scenario(40, scenarios::at_once),
        scenario(41, scenarios::store_down),
        scenario(42, scenarios::back_button),
        refused(
            43,
            IssuerMismatch,
            Keep,
            &[
                "code=c&state=STATE&iss=https://evil.example",
                "code=c&state=STATE&iss=",
                "code=c&state=STATE&iss=https://forge.example/",
                "code=c&state=STATE&iss=HTTPS://forge.example",
                "code=c&state=STATE&iss=https%253A%252F%252Fforge.example",
                "error=access_denied&state=STATE&iss=https://evil.example",
                "code=c0de&state=STATE&iss=https://evil.example/STATE/c0de",
            ],
        )
        .and(refused(43, Callback, Keep, &[&long_issuer, &issuer]))
        // RFC 9207 section 2.4 makes a missing `iss` an error where metadata announce it; a declaration does not.
        .and(granted(
            43,
            &[
                ("code=c&state=STATE", "c"),
                ("code=c&state=STATE&iss=https://forge.example", "c"),
                ("iss=https://forge.example&state=STATE&code=c", "c"),
            ],
        )),
        refused(44, Provider, Burn, &[&long_error, "error=%22quoted%22&state=STATE", "error=no_such_code&state=STATE"]),
        refused(
            45,
            AccessDenied,
            Burn,
            &[
                "error=access_denied&error_description=<script>alert(1)</script>&state=STATE",
                "error=access_denied&error_description=%1b[31m%1b]0;x%07&state=STATE",
                "error=access_denied&error_description=%E2%80%AEtxt.exe%D8%9C&state=STATE",
                "error=access_denied&error_description=x%0d%0aSet-Cookie:+a%3Db%00&state=STATE",
                "error=access_denied&error_description=STATE&error_uri=STATE&state=STATE",
            ],
        )
        // Shown or not, it must be text.
        .and(refused(45, Callback, Keep, &["error=access_denied&error_description=%ff&state=STATE"])),
        scenario(46, scenarios::error_uri),
        refused(47, StateUnknown, Keep, &["error=access_denied&error_description=cl1ent-s3cret&state=unknown"]),
        // Whatever URL the server believes it has: the redirect URI that is sent is the recorded one.
        granted(
            48,
            &[
                ("https://evil.example/callback?code=c&state=STATE", "c"),
                ("http://app.example:444/other?code=c&state=STATE", "c"),
                ("//evil.example/?code=c&state=STATE", "c"),
            ],
        ),
        elsewhere(49, "which paths lead to the callback: the HTTP server's router"),
    ]
}

#[tokio::test]
async fn callbacks() {
    for world in World::all().await {
        for row in rows() {
            match row.does {
                Does::Cases(cases) => {
                    for case in &cases {
                        run(&world, row.id, case).await;
                    }
                }
                Does::Scenario(scenario) => scenario(&world).await,
                Does::Elsewhere(why) => assert!(!why.is_empty()),
            }
        }
    }
}

async fn run(world: &World, id: u32, case: &Case) {
    let flow = world.flow();
    let user = world.user();
    let request = flow.begin(&user).await.unwrap();
    let state = request.state.as_str();
    let swapped: String = state
        .chars()
        .map(|c| if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() })
        .collect();
    let text = case.callback.replace("STATE", state).replace("SWAPPED", &swapped);
    let about = format!("H-{id:02} {} {:.120}", world.name, case.callback);
    let before = world.endpoint.calls();
    let result = flow.finish(case.by.as_deref().unwrap_or(&user), &text).await;
    let calls = world.endpoint.calls() - before;
    let stored = world.has_token(&user).await;
    match &case.then {
        Then::Granted(code) => {
            let token = result.unwrap_or_else(|error| panic!("{about}: {error}"));
            assert_eq!((token.access_token().expose(), calls, stored), ("access-1", 1, true), "{about}");
            assert_eq!(world.endpoint.sent("code").as_deref(), Some(*code), "{about}");
            assert_eq!(world.endpoint.sent("redirect_uri").as_deref(), Some("https://app.example/callback"), "{about}");
        }
        Then::Refused(kind, _) => {
            let error = result.expect_err(&about);
            assert_eq!((error.kind(), calls, stored), (*kind, 0, false), "{about}: {error}");
            shown(&error, &[state, "c0de", "cl1ent-s3cret", "Set-Cookie: a=b\r", "\u{1b}"]);
        }
    }
    let again = flow.finish(&user, &format!("code=again&state={state}")).await.map_err(|error| error.kind());
    let kept = matches!(case.then, Then::Refused(_, Keep));
    match kept {
        true => assert_eq!(again.expect(&about).access_token().expose(), "access-1", "{about}"),
        false => assert_eq!(again.expect_err(&about), StateUnknown, "{about}"),
    }
    assert_eq!(world.endpoint.calls() - before, calls + usize::from(kept), "{about}");
}
