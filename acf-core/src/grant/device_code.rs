//! Device code for token (RFC 8628 sections 3.4 and 3.5): the request, and when to repeat it.

use std::time::Duration;

use super::{Call, Own, Pair, Values};
use crate::{
    error::{Error, ErrorKind, Next},
    hooks::Step,
    http::Response,
    provider::Resolved,
    secret::Secret,
    token::{self, Expected, Token},
    value::Scopes,
};

/// Asks whether a person has confirmed.
pub(crate) struct DeviceCode<'a> {
    pub(crate) device_code: &'a Secret,
    /// What the codes were asked for with.
    pub(crate) scopes: &'a Scopes,
}

impl Pair for DeviceCode<'_> {
    type Output = Token;

    fn request<'a>(&'a self, provider: &'a Resolved) -> Result<Call<'a>, Error> {
        Ok(Call {
            step: Step::DeviceCode,
            rules: &provider.rules.grant,
            endpoint: provider.token_endpoint.clone(),
            ready: None,
            own: Own::of("urn:ietf:params:oauth:grant-type:device_code")
                .with_secret("device_code", self.device_code.expose()),
            more: &[],
            values: Values { scopes: Some(self.scopes), ..Values::new(provider) },
            bearer: None,
        })
    }

    fn response(&self, provider: &Resolved, response: Response, confidential: &[&str]) -> Result<Token, Error> {
        let expected = Expected { rules: &provider.rules.response, scopes: self.scopes, confidential };
        token::read_token(response, &expected)
    }
}

/// When to ask, and when to stop. All times count from the moment in which the codes came; this does no waiting itself.
#[derive(Debug)]
pub(crate) struct Polling {
    interval: Duration,
    /// How often in a row there was no answer.
    unanswered: u32,
    due: Duration,
    end: Duration,
    finished: bool,
}

/// What to do now.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    Ask,
    Wait(Duration),
    /// There is no time left for another request.
    Expired,
    /// There was an answer that ends it.
    Finished,
}

impl Polling {
    /// The first request is one interval away: nobody types a code faster, and the interval holds from the beginning.
    pub(crate) const fn new(interval: Duration, lifetime: Duration) -> Self {
        Self { interval, unanswered: 0, due: interval, end: lifetime, finished: false }
    }

    pub(crate) const fn interval(&self) -> Duration {
        self.interval
    }

    /// Whoever is told to ask counts as having asked, also if they give up in the middle.
    pub(crate) fn turn(&mut self, now: Duration) -> Turn {
        if self.finished {
            return Turn::Finished;
        }
        // Whoever would come too late need not wait for it.
        if now.max(self.due) >= self.end {
            return Turn::Expired;
        }
        match self.due.saturating_sub(now) {
            Duration::ZERO => {
                self.due = now.saturating_add(self.interval);
                Turn::Ask
            }
            left => Turn::Wait(left),
        }
    }

    /// There is a token, or nothing more to hope for.
    pub(crate) const fn finish(&mut self) {
        self.finished = true;
    }

    /// What came instead of a token; whether it goes on.
    pub(crate) fn refused(&mut self, now: Duration, error: &Error) -> bool {
        match error.provider().map(|said| said.error()) {
            Some("authorization_pending") => self.unanswered = 0,
            // By five seconds, for this and all later requests.
            Some("slow_down") => {
                self.unanswered = 0;
                self.interval = self.interval.saturating_add(Duration::from_secs(5));
            }
            _ if is_no_answer(error) => self.unanswered = self.unanswered.saturating_add(1),
            _ => {
                self.finish();
                return false;
            }
        }
        // Twice as long each time (section 3.5); back to the interval with the first answer.
        let wait = self.interval.saturating_mul(1 << self.unanswered.min(16));
        let wait = error.retry_after().map_or(wait, |asked| asked.max(wait));
        self.due = now.saturating_add(wait);
        true
    }
}

/// Whether the server said nothing about the login: it could not be reached, or is in trouble.
fn is_no_answer(error: &Error) -> bool {
    use ErrorKind::{NotSent, Provider, Response, Timeout, Transport};
    matches!(error.kind(), NotSent | Timeout | Transport | Response | Provider) && error.next() == Next::Retry
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ProviderError;

    fn said(code: &str) -> Error {
        Error::from_provider(ProviderError::new(code, None, None, &[]), "x")
    }

    /// When requests are made, in seconds, until it ends; each takes `takes` seconds.
    fn requests(interval: u64, lifetime: u64, takes: u64, answers: &[&str]) -> (Vec<u64>, Turn) {
        let second = Duration::from_secs;
        let mut polling = Polling::new(second(interval), second(lifetime));
        let (mut now, mut asked) = (Duration::ZERO, Vec::new());
        let mut answers = answers.iter();
        loop {
            match polling.turn(now) {
                Turn::Wait(wait) => now += wait,
                Turn::Ask => {
                    asked.push(now.as_secs());
                    assert!(matches!(polling.turn(now), Turn::Wait(_) | Turn::Expired), "never twice at once");
                    now += second(takes);
                    let answer = match answers.next() {
                        Some(&"timeout") => Error::new(ErrorKind::Timeout, ""),
                        Some(&"unreachable") => Error::new(ErrorKind::NotSent, ""),
                        Some(&"503") => Error::new(ErrorKind::Response, "").with_status(503),
                        Some(&"later") => {
                            Error::new(ErrorKind::Response, "").with_status(429).with_retry_after(Some(second(60)))
                        }
                        Some(&"page") => Error::new(ErrorKind::Response, "").with_status(404),
                        Some(&"tls") => Error::new(ErrorKind::Tls, ""),
                        Some(&"bad token") => Error::new(ErrorKind::TokenResponse, ""),
                        Some(code) => said(code),
                        None => said("authorization_pending"),
                    };
                    let goes_on = polling.refused(now, &answer);
                    assert_eq!(goes_on, polling.turn(now) != Turn::Finished);
                }
                over => return (asked, over),
            }
        }
    }

    #[test]
    fn requests_are_made_at_their_times() {
        use Turn::{Expired, Finished};
        const P: &str = "authorization_pending";
        for (interval, lifetime, takes, answers, expected, end) in [
            // Never at or behind the end, and no waiting for a request that would be.
            (5, 20, 0, &[][..], vec![5, 10, 15], Expired),
            (5, 21, 0, &[], vec![5, 10, 15, 20], Expired),
            (5, 30, 4, &[], vec![5, 14, 23], Expired),
            (7, 7, 0, &[], vec![], Expired),
            // Slower for good.
            (5, 60, 0, &[P, "slow_down", P, "slow_down", P], vec![5, 10, 20, 30, 45], Expired),
            // Twice as long with each, and back with the first answer.
            (
                5,
                200,
                0,
                &["timeout", "unreachable", "503", P, P, "access_denied"],
                vec![5, 15, 35, 75, 80, 85],
                Finished,
            ),
            (5, 200, 0, &["timeout", "slow_down", "timeout", P, "x"], vec![5, 15, 25, 45, 55], Finished),
            (5, 100, 0, &["later", "server_error", "expired_token"], vec![5, 65, 85], Finished),
            (
                1,
                100_000,
                0,
                &["timeout"; 20],
                vec![1, 3, 7, 15, 31, 63, 127, 255, 511, 1023, 2047, 4095, 8191, 16383, 32767, 65535],
                Expired,
            ),
            // What ends it.
            (5, 60, 0, &["expired_token"], vec![5], Finished),
            (5, 60, 0, &[P, "invalid_client"], vec![5, 10], Finished),
            (5, 60, 0, &["page"], vec![5], Finished),
            (5, 60, 0, &["tls"], vec![5], Finished),
            (5, 60, 0, &["bad token"], vec![5], Finished),
        ] {
            assert_eq!(
                requests(interval, lifetime, takes, answers),
                (expected, end),
                "{interval} {lifetime} {answers:?}"
            );
        }
    }
}
