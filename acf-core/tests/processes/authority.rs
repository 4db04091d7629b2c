//! An authorization server that ends the whole family when a refresh token comes a second time, and counts; with an API
//! that knows which access token is the current one.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    net::SocketAddr,
    sync::{Arc, LazyLock, Mutex, MutexGuard},
    time::{Duration, Instant, UNIX_EPOCH},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    runtime::Runtime,
};

/// How long a graceful server answers a used refresh token with what it has answered before: longer than any test.
pub(crate) const GRACE: Duration = Duration::from_secs(150);

/// Users with this in their names are graceful ones: they get their tokens from a server that has a [`GRACE`], and the
/// client knows it.
pub(crate) const GRACEFUL: &str = "graceful";

/// A refresh token of theirs that comes a second time is refused, and that is all.
pub(crate) const LENIENT: &str = "lenient";

/// All others are.
pub(crate) const STRICT: &str = "strict";

/// Users with this in their names get access tokens that live 20 seconds; those of all others live an hour.
pub(crate) const SHORT: &str = "short";

/// What happens to one refresh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mishap {
    /// The server is slow to begin, and does its part all the same.
    Delay(Duration),
    /// The server has done its part, and is slow to say so.
    LateAnswer(Duration),
    /// The connection is reset when the server has done its part.
    Reset,
    /// Half of the answer arrives.
    HalfBody,
    /// Status 500 when the server has done its part.
    Failed,
    /// "Come back later": nothing was done.
    Later,
    /// The server does not rotate this time.
    NoRefreshToken,
}

/// The tokens that come of one login.
#[derive(Default)]
struct Family {
    access: u32,
    refresh: u32,
    /// When the current refresh token took the place of the one before.
    rotated: Option<Instant>,
    access_ended: bool,
    revoked: bool,
    /// How often each refresh token came, but for "come back later".
    uses: BTreeMap<String, u32>,
}

#[derive(Default)]
struct State {
    /// Of each user, one for each login.
    families: HashMap<String, Vec<Family>>,
    mishaps: HashMap<String, VecDeque<Mishap>>,
    /// How often the API was called for each user.
    calls: HashMap<String, u32>,
    codes: u32,
}

#[derive(Clone)]
pub(crate) struct Authority {
    pub(crate) address: SocketAddr,
    state: Arc<Mutex<State>>,
}

/// On which the parent serves.
pub(crate) static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap());

impl Authority {
    pub(crate) fn start() -> Self {
        let listener = RUNTIME.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let authority = Self { address: listener.local_addr().unwrap(), state: Arc::default() };
        let served = authority.clone();
        RUNTIME.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                RUNTIME.spawn(serve(served.clone(), stream));
            }
        });
        authority
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// A login of this user's: what would be stored for it, with an access token that lives so many seconds.
    pub(crate) fn log_in(&self, user: &str, lives: i64) -> String {
        let (access, refresh) = self.state().log_in(user);
        let now = i64::try_from(UNIX_EPOCH.elapsed().unwrap().as_secs()).unwrap();
        let (end, issued) = (now + lives, now + lives - 3600);
        format!(
            r#"{{"v":1,"access_token":"{access}","token_type":"Bearer","expires_at":{end},"issued_at":{issued},"refresh_token":"{refresh}","scope":[]}}"#
        )
    }

    /// Ends the access token: the API accepts it no longer.
    pub(crate) fn end_access(&self, user: &str) {
        self.state().last(user).access_ended = true;
    }

    pub(crate) fn next(&self, user: &str, mishap: Mishap) {
        self.state().mishaps.entry(user.to_owned()).or_default().push_back(mishap);
    }

    /// The mishaps that did not happen will not.
    pub(crate) fn calm(&self) {
        self.state().mishaps.clear();
    }

    /// How often each refresh token came, that came at all.
    pub(crate) fn uses(&self, user: &str) -> BTreeMap<String, u32> {
        let state = self.state();
        state.families.get(user).into_iter().flatten().flat_map(|family| family.uses.clone()).collect()
    }

    /// How many refresh tokens came.
    pub(crate) fn posts(&self, user: &str) -> u32 {
        self.uses(user).values().sum()
    }

    /// Whether the user's last login is good still.
    pub(crate) fn is_alive(&self, user: &str) -> bool {
        !self.state().last(user).revoked
    }

    /// How often the API was called.
    pub(crate) fn calls(&self, user: &str) -> u32 {
        self.state().calls.get(user).copied().unwrap_or_default()
    }

    /// How many authorization codes came.
    pub(crate) fn codes(&self) -> u32 {
        self.state().codes
    }
}

impl State {
    fn log_in(&mut self, user: &str) -> (String, String) {
        let families = self.families.entry(user.to_owned()).or_default();
        families.push(Family::default());
        let login = families.len();
        (format!("{user}/{login}/a0"), format!("{user}/{login}/r0"))
    }

    fn last(&mut self, user: &str) -> &mut Family {
        self.families.get_mut(user).and_then(|families| families.last_mut()).unwrap()
    }

    /// The family of a token such as `anna/1/r0`, the number behind its letter, and what goes before.
    fn family<'a>(&mut self, token: &'a str) -> Option<(&mut Family, u32, &'a str)> {
        let (of, number) = token.rsplit_once('/')?;
        let (user, login) = of.rsplit_once('/')?;
        let family = self.families.get_mut(user)?.get_mut(login.parse::<usize>().ok()?.checked_sub(1)?)?;
        Some((family, number.get(1..)?.parse().ok()?, of))
    }

    /// Status and body of the answer.
    fn refresh(&mut self, token: &str, rotates: bool) -> (u16, String) {
        const REFUSED: &str = r#"{"error":"invalid_grant"}"#;
        let Some((family, number, of)) = self.family(token) else { return (400, REFUSED.to_owned()) };
        *family.uses.entry(token.to_owned()).or_default() += 1;
        let again = of.contains(GRACEFUL)
            && number + 1 == family.refresh
            && family.rotated.is_some_and(|rotated| rotated.elapsed() < GRACE);
        let refused = number != family.refresh && !again;
        family.revoked |= refused && !of.contains(LENIENT);
        if refused || family.revoked {
            return (400, REFUSED.to_owned());
        }
        if !again {
            (family.access, family.access_ended) = (family.access + 1, false);
            if rotates {
                (family.refresh, family.rotated) = (family.refresh + 1, Some(Instant::now()));
            }
        }
        (200, issued(of, family, rotates))
    }

    /// Whether the API accepts this access token.
    fn accepts(&mut self, token: &str) -> bool {
        let user = token.split('/').next().unwrap_or_default();
        *self.calls.entry(user.to_owned()).or_default() += 1;
        self.family(token)
            .is_some_and(|(family, number, _)| number == family.access && !family.access_ended && !family.revoked)
    }
}

fn issued(of: &str, family: &Family, rotated: bool) -> String {
    let refresh = if rotated { format!(r#","refresh_token":"{of}/r{}""#, family.refresh) } else { String::new() };
    let lives = if of.contains(SHORT) { 20 } else { 3600 };
    format!(r#"{{"access_token":"{of}/a{}","token_type":"Bearer","expires_in":{lives}{refresh}}}"#, family.access)
}

/// Answers requests, one after the other, until the client closes the connection or a mishap does.
async fn serve(authority: Authority, mut stream: TcpStream) -> Option<()> {
    loop {
        let (head, body) = read(&mut stream).await?;
        let form: HashMap<String, String> = form_urlencoded::parse(body.as_bytes()).into_owned().collect();
        let path = head.split(' ').nth(1).unwrap_or_default();
        let (mishap, (status, body)) = match (path, form.get("refresh_token"), form.get("code"), form.get("token")) {
            ("/token", Some(token), ..) => {
                let user = token.split('/').next().unwrap_or_default();
                let mishap = authority.state().mishaps.get_mut(user).and_then(VecDeque::pop_front);
                if let Some(Mishap::Delay(delay)) = mishap {
                    tokio::time::sleep(delay).await;
                }
                let answer = match mishap {
                    Some(Mishap::Later) => (503, r#"{"error":"temporarily_unavailable"}"#.to_owned()),
                    _ => authority.state().refresh(token, mishap != Some(Mishap::NoRefreshToken)),
                };
                (mishap, answer)
            }
            // The code is the user's name.
            ("/token", None, Some(user), _) => {
                let mut state = authority.state();
                state.codes += 1;
                state.log_in(user);
                let of = format!("{user}/{}", state.families.get(user).map_or(0, Vec::len));
                (None, (200, issued(&of, &Family::default(), true)))
            }
            ("/revoke", _, _, Some(token)) => {
                if let Some((family, ..)) = authority.state().family(token) {
                    family.revoked = true;
                }
                (None, (200, String::new()))
            }
            _ => {
                let bearer = head.lines().find_map(|line| line.split_once(": Bearer "));
                let token = bearer.map(|(_, token)| token.to_owned()).unwrap_or_default();
                match authority.state().accepts(&token) {
                    true => (None, (200, format!("\"{token}\""))),
                    false => (None, (401, String::new())),
                }
            }
        };
        let whole = |status: u16, body: &str| {
            let length = body.len();
            format!("HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}")
        };
        let answer = whole(status, &body);
        match mishap {
            Some(Mishap::Reset) => return stream.set_zero_linger().ok(),
            Some(Mishap::HalfBody) => {
                return stream.write_all(&answer.as_bytes()[..answer.len() - body.len() / 2]).await.ok();
            }
            Some(Mishap::Failed) => stream.write_all(whole(500, "<p>oops").as_bytes()).await.ok()?,
            Some(Mishap::LateAnswer(delay)) => {
                tokio::time::sleep(delay).await;
                stream.write_all(answer.as_bytes()).await.ok()?;
            }
            _ => stream.write_all(answer.as_bytes()).await.ok()?,
        }
    }
}

/// Head and body of one request.
pub(crate) async fn read(stream: &mut TcpStream) -> Option<(String, String)> {
    let mut bytes = Vec::new();
    loop {
        let mut chunk = [0; 4096];
        let n = stream.read(&mut chunk).await.ok().filter(|n| *n > 0)?;
        bytes.extend_from_slice(&chunk[..n]);
        let text = String::from_utf8_lossy(&bytes);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
            });
            if body.len() >= length.unwrap_or(0) {
                return Some((head.to_owned(), body.to_owned()));
            }
        }
    }
}
