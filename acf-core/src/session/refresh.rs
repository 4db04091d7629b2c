//! One refresh at a time, by whoever holds the grant, and saved before anybody uses it.

use std::{
    future::Future,
    hash::{DefaultHasher, Hash, Hasher},
    time::{Duration, Instant, SystemTime},
};

use tokio::sync::oneshot;

use super::{
    Session,
    breaker::{Closed, Pass},
    gate::{Brought, Outcome},
    protocol::{Decision, EARLY, Good, age, decide, due_at},
};
use crate::{
    authorization::unix,
    error::{Error, ErrorKind, Next, ProviderError},
    events, executor,
    flow::Flow,
    lock::lock,
    secret::Secret,
    store::{Expect, StoredToken, TokenKey, Version},
    timer::{self, jittered, rest},
    token::{RefreshStage as Stage, Token},
};

/// What a caller wants.
#[derive(Clone)]
pub(super) enum Need {
    /// A token that is good now.
    Good,
    /// Any other than this one.
    Other(Secret),
}

impl Need {
    fn judge(&self, token: &Token, key: &TokenKey, margin: Duration) -> Good {
        if matches!(self, Self::Other(unwanted) if token.access_token() == unwanted) || token.ends_within(margin) {
            return Good::No;
        }
        // Most calls end here: before that no token is due.
        if !token.ends_within(EARLY) {
            return Good::Yes;
        }
        let mut grain = DefaultHasher::new();
        // Of nothing that is not the same with each read: times are moved from clock to clock.
        key.hash(&mut grain);
        let due = token.expires_at().and_then(|end| due_at(token.issued_at(), end, margin, grain.finish()));
        if due.is_some_and(|due| SystemTime::now() >= due) { Good::Due } else { Good::Yes }
    }
}

/// What is known when there is no new token.
enum Failure {
    /// The provider has not used the refresh token up.
    Harmless,
    /// The provider does not accept the refresh token.
    Refused,
    /// Nobody knows.
    Lost,
}

impl Failure {
    const fn name(&self) -> &'static str {
        match self {
            Self::Harmless => "harmless",
            Self::Refused => "refused",
            Self::Lost => "lost",
        }
    }
}

fn failure(error: &Error) -> Failure {
    let status = error.status();
    let code = error.provider().map(|said| said.error());
    match error.kind() {
        ErrorKind::Timeout | ErrorKind::Transport | ErrorKind::TokenResponse => Failure::Lost,
        ErrorKind::Provider if code == Some(REFUSED) => Failure::Refused,
        // "Not now", in so many words: nothing was done.
        ErrorKind::Provider | ErrorKind::Response
            if code == Some("temporarily_unavailable") || error.retry_after().is_some() =>
        {
            Failure::Harmless
        }
        ErrorKind::Provider | ErrorKind::Response if status.is_none_or(|status| !(300..500).contains(&status)) => {
            Failure::Lost
        }
        _ => Failure::Harmless,
    }
}

/// The refresh token is good no longer (RFC 6749 section 5.2).
const REFUSED: &str = "invalid_grant";

/// How much time may pass between the claim and the request. The lease is longer by this, too.
const PROMPT: Duration = Duration::from_secs(5);

/// The pause before the refresh token is sent again, where that is allowed.
const AGAIN: Duration = Duration::from_millis(250);

/// Whoever waits for others looks again when a fifth of what has passed has passed again, and that often at the least: nobody
/// waits much longer than it takes.
const POLL: (f32, Duration) = (1.25, Duration::from_millis(500));

/// How long one caller waits for another one's refresh.
const PATIENCE: Duration = Duration::from_secs(15);

impl Session {
    /// A token that meets the need. `stored` is what was seen.
    pub(super) async fn obtain(&self, need: Need, stored: StoredToken) -> Result<Token, Error> {
        let margin = self.flow.resolved().rules.margin;
        let good = need.judge(&stored.token, &self.key, margin);
        if good == Good::Yes {
            return Ok(stored.token.idle());
        }
        let turn = loop {
            let mut theirs = match self.gate.enter() {
                Ok(turn) => break turn,
                // It is good for a while yet, and somebody is at it.
                Err(_) if good == Good::Due => return Ok(stored.token.idle()),
                Err(theirs) => theirs,
            };
            let Some(told) = timer::within(self.flow.lease(), theirs.wait_for(Option::is_some)).await else {
                let text = "somebody else in this process is refreshing the token and has not finished";
                return Err(Error::new(ErrorKind::Busy, text));
            };
            match told.as_deref() {
                Ok(Some(Ok(Brought { token, new }))) if *new || need.judge(token, &self.key, margin) != Good::No => {
                    return Ok(token.clone());
                }
                Ok(Some(Err(error))) => return Err(error.again()),
                // Not what is needed, or it panicked.
                _ => {}
            }
        };
        if let (Need::Good, Some(error)) = (&need, lock(&self.gate.kept).failed()) {
            return if good == Good::Due { Ok(stored.token.idle()) } else { Err(error.again()) };
        }
        let (session, begun) = (self.clone(), self.flow.refreshing().begun());
        // Once the refresh token may have left, what comes back must be saved, also if nobody waits for it any more.
        let outcome = detached(events::refresh(&self.key).around(async move {
            let _begun = begun;
            let result = session.settle(&need).await;
            turn.end(&result);
            result.map(|brought| brought.token)
        }))
        .await;
        match outcome {
            // What keeps it from being refreshed can wait, unless it is gone.
            Err(error)
                if good == Good::Due
                    && !matches!(error.kind(), ErrorKind::NoToken | ErrorKind::Conflict)
                    && !stored.token.ends_within(margin) =>
            {
                Ok(stored.token.idle())
            }
            outcome => outcome,
        }
    }

    async fn settle(&self, need: &Need) -> Outcome {
        let as_stored = |token: &Token| Ok(Brought { token: token.idle(), new: false });
        let (provider, tokens) = (self.flow.resolved(), self.flow.tokens()?);
        if let Some(token) = self.unsaved() {
            if need.judge(&token, &self.key, provider.rules.margin) != Good::No {
                return as_stored(&token);
            }
            // What is stored is older, and its refresh token is used up.
            self.save_unsaved().await?;
        }
        let begun = Instant::now();
        let mut pause = Duration::from_millis(20);
        loop {
            // By itself: a read that is not given up must not hold up those who share one.
            let stored = self.read().await?;
            let (token, stage) = (&stored.token, stored.token.refreshing());
            if !provider.can_refresh(token) {
                // Nothing will be sent: this says so.
                return self.flow.refresh(token).await.map(|token| Brought { token, new: true });
            }
            let good = need.judge(token, &self.key, provider.rules.margin);
            let age = age(stored.saved.map(|saved| saved.ago), stage, SystemTime::now());
            match decide(good, stage, age, self.flow.lease(), &provider.rules.profile) {
                Decision::Use => return as_stored(token),
                // What the provider has said once it would say again.
                Decision::Reauthorize if stage == Stage::Over => {
                    let said = ProviderError::new(REFUSED, None, None, &[]);
                    return Err(Error::from_provider(said, "the refresh token was refused before"));
                }
                Decision::Reauthorize => {
                    let text =
                        "nobody knows whether the refresh token is still good: send the person through the login";
                    return Err(Error::new(ErrorKind::TokenExpired, text));
                }
                Decision::Wait if begun.elapsed() >= PATIENCE => {
                    let text = "another process is refreshing the token and has not finished";
                    return Err(Error::new(ErrorKind::Busy, text));
                }
                Decision::Wait => {
                    events::waiting(age);
                    rest(&mut pause, POLL).await;
                }
                Decision::Try(times) => {
                    let pass = match self.flow.refreshing().breaker.enter(Instant::now()) {
                        Ok(pass) => pass,
                        Err(_) if good == Good::Due => return as_stored(token),
                        Err(Closed::Trouble(Some(error))) => return Err(error),
                        Err(_) if begun.elapsed() >= PATIENCE => {
                            let text = "the provider has been in trouble, and not everybody is asking it again yet";
                            return Err(Error::new(ErrorKind::Busy, text));
                        }
                        Err(_) => {
                            rest(&mut pause, POLL).await;
                            continue;
                        }
                    };
                    let begun = Instant::now();
                    let tried = token.tried(times, false);
                    // Whoever was faster is at it, or is through.
                    let Some(mine) = tokens.save(&self.key, &tried, Expect::Version(stored.version)).await? else {
                        continue;
                    };
                    if begun.elapsed() >= PROMPT {
                        // This process was stopped, or its store is slow: by now somebody else may have stepped in.
                        drop(tokens.save(&self.key, &token.given_back(times), Expect::Version(mine)).await);
                        continue;
                    }
                    if let Some(token) = self.attempt(token, mine, times, &pass).await? {
                        return Ok(Brought { token, new: true });
                    }
                }
            }
        }
    }

    /// Sends the refresh token. `mine` is the row that says so. `None`: look again.
    async fn attempt(
        &self,
        token: &Token,
        mut mine: Version,
        mut times: u8,
        pass: &Pass<'_>,
    ) -> Result<Option<Token>, Error> {
        let tokens = self.flow.tokens()?;
        let begun = Instant::now();
        let note = |noted: Token, mine| async move { tokens.save(&self.key, &noted, Expect::Version(mine)).await };
        loop {
            events::claimed(times);
            let answer = self.flow.refresh(token).await;
            self.observe(pass, &answer);
            let error = match answer {
                Ok(new) => return self.keep(token, new, mine).await,
                Err(error) => error,
            };
            let failure = failure(&error);
            events::not_refreshed(failure.name(), &error);
            match failure {
                // What cannot be noted ends with the lease.
                Failure::Harmless => drop(note(token.given_back(times), mine).await),
                Failure::Refused => {
                    // A rotated refresh token is refused: whoever was faster has stored the new one.
                    if self.read().await?.version != mine {
                        return Ok(None);
                    }
                    drop(note(token.with_refreshing(Stage::Over), mine).await);
                }
                Failure::Lost => {
                    // Counted from before it was sent.
                    let grace = self.flow.resolved().rules.profile.reuse_grace;
                    if times == 1 && grace.is_some_and(|grace| begun.elapsed() + AGAIN < grace) {
                        times += 1;
                        match note(token.tried(times, false), mine).await? {
                            Some(next) => mine = next,
                            None => return Ok(None),
                        }
                        timer::sleep(jittered(AGAIN)).await;
                        continue;
                    }
                    drop(note(token.tried(times, true), mine).await);
                }
            }
            return Err(error);
        }
    }

    /// What an answer says of the provider's health.
    fn observe(&self, pass: &Pass<'_>, answer: &Result<Token, Error>) {
        match answer {
            Err(error) if error.next() == Next::Retry => {
                if pass.troubled(error, &self.key) {
                    events::trouble(self.flow.provider(), error);
                }
            }
            _ => {
                if pass.answered() {
                    events::recovered(self.flow.provider());
                }
            }
        }
    }
}

impl Token {
    fn idle(&self) -> Self {
        self.with_refreshing(Stage::Idle)
    }

    /// As it was before it was to be sent for this many times in a row, and was not: what came of the times before is known
    /// no better.
    fn given_back(&self, times: u8) -> Self {
        match (times, self.refreshing()) {
            (..=1, _) => self.idle(),
            (_, Stage::Tried { at, .. }) => self.with_refreshing(Stage::Tried { at, times: times - 1, lost: true }),
            _ => self.tried(times - 1, true),
        }
    }

    fn tried(&self, times: u8, lost: bool) -> Self {
        self.with_refreshing(Stage::Tried { at: unix(SystemTime::now()), times, lost })
    }
}

impl Flow {
    /// Longer than any attempt lasts, with the time that saving its outcome may take.
    fn lease(&self) -> Duration {
        self.limits().deadline + Duration::from_secs(20)
    }

    /// Waits until every refresh of this flow has come to its end, also those whose callers went away, and every token that was
    /// received is saved: before a program ends, after it has stopped taking requests. At most for `patience`; whether
    /// nothing is left.
    ///
    /// A refresh that is cut off is not lost for good, but its refresh token may be
    /// ([`Session::refresh`]).
    ///
    /// ```no_run
    /// # async fn example(flow: acf_core::Flow) {
    /// if !flow.drain(std::time::Duration::from_secs(15)).await {
    ///     eprintln!("a refresh is still under way");
    /// }
    /// # }
    /// ```
    pub async fn drain(&self, patience: Duration) -> bool {
        let begun = Instant::now();
        while !self.refreshing().is_idle() {
            let Some(left) = patience.checked_sub(begun.elapsed()) else { return false };
            timer::sleep(left.min(Duration::from_millis(10))).await;
        }
        true
    }
}

/// Runs something that must come to its end, also if its caller does not wait for it.
async fn detached<T: Send + 'static>(
    work: impl Future<Output = Result<T, Error>> + Send + 'static,
) -> Result<T, Error> {
    let (done, waiting) = oneshot::channel();
    let begun = executor::begin(async move { drop(done.send(work.await)) });
    match waiting.await {
        Ok(result) => result,
        Err(_) if !begun => Err(Error::store("the system has no thread to refresh the token on")),
        Err(_) => Err(Error::store("the refresh was aborted")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A store with a clock of its own shifts the times of a token by what it measures, a little differently each time.
    #[test]
    fn when_a_token_is_due_does_not_change_from_read_to_read() {
        let (now, key) = (unix(SystemTime::now()), TokenKey::new("forge", "u"));
        for left in [60, 150, 240] {
            let (issued, end) = (now + left - 3600, now + left);
            let text = format!(
                r#"{{"v":1,"access_token":"a","token_type":"b","issued_at":{issued},"expires_at":{end},"scope":[]}}"#
            );
            let token = Token::from_json(&text).unwrap();
            let judged = |ms| {
                let read = token.shifted(|time| time.checked_add(Duration::from_millis(ms)));
                Need::Good.judge(&read, &key, Duration::from_secs(10))
            };
            assert!((1..100).all(|ms| judged(ms) == judged(0)), "{left}");
        }
    }
}
