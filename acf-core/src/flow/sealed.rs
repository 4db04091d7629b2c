//! Logins that wait in the browser: the pending login travels in a cookie that only this program can read.

use std::{
    fmt,
    future::{Future, IntoFuture},
    pin::Pin,
};

use super::{Begin, Completed, Flow, begin::Drawn, unknown_state};
use crate::{
    authorization::{PendingLogin, ResponseType, State, StateKey, cookie_name},
    callback::Callback,
    error::{Error, ErrorKind},
    events,
    sealing::{Place, SealingKeys},
    token::Token,
};

/// The longest value of a cookie: browsers keep 4096 bytes of name, value and attributes (RFC 6265 section 6.1).
const LONGEST: usize = 4_000;

/// What a cookie of a host that has https is called in front: no other host can set it, nor can anybody without https.
const HOST: &str = "__Host-";

impl<'a> Begin<'a> {
    /// Puts the pending login into a cookie instead of the state store: for a program on many instances that share no store,
    /// or on one that forgets everything between two requests. [`Flow::finish_sealed`] ends it. The flow needs
    /// [`sealing_keys`](super::FlowBuilder::sealing_keys), the same on every instance.
    ///
    /// Each login has a cookie of its own, of about 600 bytes, until it is finished or its lifetime has passed; logins in several
    /// tabs do not disturb each other.
    ///
    /// What it costs: nobody remembers that a login was finished. A callback that arrives twice sends two token requests, of
    /// which the authorization server refuses the second, since a code is good once (RFC 6749 section 4.1.2); and it was
    /// bound by PKCE to this login all the same. Nor can a login be taken back before its end. With a
    /// [`StateStore`](crate::StateStore) that all instances share, both hold. On the other hand nothing has to be kept,
    /// bounded or cleaned up, except that many logins at once make for a long `Cookie` header: begin them by a request that no
    /// other site can make (a form with a token against forgery).
    ///
    /// ```no_run
    /// # async fn example(flow: acf_core::Flow, query: &str, cookies: &str) -> Result<(), acf_core::Error> {
    /// let request = flow.begin("user-42").sealed().await?;
    /// // Answer with `Location: {request.url}`, `Set-Cookie: {request.cookie}` and `Cache-Control: no-store`; then, in the
    /// // handler of the redirect URI, with the `Cookie` header:
    /// let token = flow.finish_sealed("user-42", query, cookies).await?;
    /// # let _ = (request, token);
    /// # Ok(())
    /// # }
    /// ```
    pub fn sealed(self) -> SealedBegin<'a> {
        SealedBegin(self)
    }
}

/// A sealed login that is about to begin: made by [`Begin::sealed`].
#[must_use = "a login begins when this is awaited"]
pub struct SealedBegin<'a>(Begin<'a>);

impl SealedBegin<'_> {
    async fn start(mut self) -> Result<SealedRequest, Error> {
        let flow = self.0.flow;
        let keys = flow.sealing_keys()?;
        if self.0.response_type != ResponseType::Code {
            let text = "a login whose token comes through the browser waits in a store: begin it without `sealed`";
            return Err(Error::configuration(text));
        }
        let posted = self.0.is_posted();
        let Drawn { url, state: new, asked } = self.0.draw().await?;
        let secure = is_secure(&asked.redirect_uri);
        let connection = self.0.then.connection.is_some();
        let login = flow.pending(self.0.user, &new, self.0.then, asked)?;
        let key = StateKey::new(new.as_str(), ResponseType::Code);
        let plain = zeroize::Zeroizing::new(login.to_bytes());
        let value = keys.seal(&place(&[key.as_bytes()]), &plain)?;
        if value.len() > LONGEST {
            return Err(Error::configuration(format!(
                "the login is {} bytes long when it is sealed, and browsers keep cookies of {LONGEST}: shorten `return_to`, or \
                 ask for fewer scopes",
                value.len()
            )));
        }
        let cookie = LoginCookie {
            name: format!("{}{}", if secure { HOST } else { "" }, cookie_name(new.as_str())),
            value,
            max_age: flow.0.login_lifetime.as_secs(),
            secure: secure || posted,
            cross_site: posted,
        };
        events::begun(connection);
        Ok(SealedRequest { url, state: new.state(), cookie })
    }
}

impl<'a> IntoFuture for SealedBegin<'a> {
    type Output = Result<SealedRequest, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(events::begin(self.0.flow.provider()).around(self.start()))
    }
}

impl fmt::Debug for SealedBegin<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SealedBegin").field("provider", &self.0.flow.provider()).finish_non_exhaustive()
    }
}

/// What a sealed login sends to the browser: made by [`Begin::sealed`].
#[must_use = "send the browser to `url`, with the cookie"]
#[non_exhaustive]
pub struct SealedRequest {
    /// Where to send the browser.
    pub url: String,
    /// The `state` inside the URL.
    pub state: State,
    /// The pending login.
    pub cookie: LoginCookie,
}

impl fmt::Debug for SealedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let endpoint = self.url.split('?').next().unwrap_or_default();
        f.debug_struct("SealedRequest")
            .field("url", &format_args!("{endpoint}?***"))
            .field("cookie", &self.cookie)
            .finish_non_exhaustive()
    }
}

/// The cookie of one login, or its removal. `Display` is the value of a `Set-Cookie` header (RFC 6265 section 4.1).
///
/// `HttpOnly`, for the whole of this host and for no other (`__Host-`, `Secure`); for a redirect URI on plain http, which is
/// this machine, it is without both. `SameSite=Lax`: it comes along when the provider sends the browser back, and not when
/// another site posts something. Where the provider itself posts the callback (`callback(form_post)`) it is `None`.
#[derive(Clone)]
pub struct LoginCookie {
    name: String,
    value: String,
    max_age: u64,
    secure: bool,
    cross_site: bool,
}

impl LoginCookie {
    /// What it is called: another name for each login.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What is in it: letters, digits, `-`, `_` and `.`.
    pub fn value(&self) -> &str {
        &self.value
    }
}

impl fmt::Display for LoginCookie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, value, max_age, .. } = self;
        let same_site = if self.cross_site { "None" } else { "Lax" };
        let secure = if self.secure { "; Secure" } else { "" };
        write!(f, "{name}={value}; Path=/; Max-Age={max_age}; HttpOnly; SameSite={same_site}{secure}")
    }
}

impl fmt::Debug for LoginCookie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LoginCookie").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Logins that wait in the browser.
impl Flow {
    /// Finishes a login that [`Begin::sealed`] began: as [`finish`](Self::finish), with the pending login out of the browser's
    /// cookies.
    ///
    /// `cookies` is the `Cookie` header; where there are several (RFC 9113 section 8.2.3), they are joined by `; `. The one of
    /// this login is found among them. Have the browser remove it afterwards, also after an error:
    /// [`spent_cookie`](Self::spent_cookie).
    ///
    /// # Errors
    /// As [`finish`](Self::finish), in the same order; [`ErrorKind::StateUnknown`] also where the cookie is missing, was
    /// changed, belongs to another login, or was sealed with a key that is not here. [`ErrorKind::Configuration`] if the
    /// flow has no [`sealing_keys`](super::FlowBuilder::sealing_keys).
    pub async fn finish_sealed(&self, user: &str, callback: &str, cookies: &str) -> Result<Token, Error> {
        self.complete_sealed(user, callback, cookies).await.map(|completed| completed.token)
    }

    /// [`finish_sealed`](Self::finish_sealed), for a login that was begun with [`Begin::return_to`].
    ///
    /// # Errors
    /// As [`finish_sealed`](Self::finish_sealed).
    pub async fn complete_sealed(&self, user: &str, callback: &str, cookies: &str) -> Result<Completed, Error> {
        let work = async {
            let keys = self.sealing_keys()?;
            let callback = self.callback(callback)?;
            let login = brought(keys, &callback.state, cookies)?;
            self.answered(user, self.check_owner(user, &login)?, &callback).await
        };
        events::finish(self.provider(), work).await
    }

    /// The `Set-Cookie` that removes the cookie of the login that this callback answers; `None` where the browser brought
    /// none. It is in order after a success and after an error: no callback can be finished twice.
    ///
    /// ```no_run
    /// # async fn example(flow: acf_core::Flow, query: &str, cookies: &str) -> Result<(), acf_core::Error> {
    /// let result = flow.finish_sealed("user-42", query, cookies).await;
    /// if let Some(spent) = flow.spent_cookie(query, cookies) {
    ///     println!("Set-Cookie: {spent}");
    /// }
    /// # result.map(drop)
    /// # }
    /// ```
    pub fn spent_cookie(&self, callback: &str, cookies: &str) -> Option<LoginCookie> {
        let callback = Callback::parse(callback, &self.resolved().rules.callback, None).ok()?;
        let name = named(cookies, &callback.state).next()?.0;
        let secure = name.starts_with(HOST);
        // What it was set with does not matter, but for what the name asks for.
        Some(LoginCookie { name: name.to_owned(), value: String::new(), max_age: 0, secure, cross_site: false })
    }

    fn sealing_keys(&self) -> Result<&SealingKeys, Error> {
        self.0.keys.as_ref().ok_or_else(|| {
            Error::configuration("the flow has no sealing keys: give it some with `Flow::builder(..).sealing_keys(..)`")
        })
    }
}

/// The login that waits in one of the cookies.
fn brought(keys: &SealingKeys, state: &str, cookies: &str) -> Result<PendingLogin, Error> {
    let refused = |why: &dyn fmt::Display| {
        Error::new(ErrorKind::StateUnknown, format!("the cookie of this login cannot be used: {why}"))
    };
    let mut found = named(cookies, state);
    let (name, value) = found.next().ok_or_else(unknown_state)?;
    if found.next().is_some() {
        return Err(refused(&"there are two of its name"));
    }
    if value.len() > LONGEST {
        return Err(refused(&"it is longer than any that was set here"));
    }
    let key = StateKey::new(state, ResponseType::Code);
    let opened = keys.open(&place(&[key.as_bytes()]), value).map_err(|closed| refused(&closed))?;
    let login = PendingLogin::from_bytes(&opened.plain)?;
    if is_secure(&login.login()?.asked().redirect_uri) && !name.starts_with(HOST) {
        return Err(refused(&"it was set under this name by another host, or without https"));
    }
    Ok(login)
}

/// Names and values of the cookies that are called like that of a login with this state (RFC 6265 section 4.2.1).
fn named<'a>(cookies: &'a str, state: &str) -> impl Iterator<Item = (&'a str, &'a str)> {
    let wanted = cookie_name(state);
    let pairs = cookies.split(';').filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(move |(name, _)| name.strip_prefix(HOST).unwrap_or(name) == wanted)
}

/// For one state, and for nothing that is kept elsewhere.
const fn place<'a>(parts: &'a [&'a [u8]]) -> Place<'a> {
    Place { purpose: "cookie", parts }
}

/// Plain http is this machine: a declaration allows it for nothing else.
fn is_secure(redirect_uri: &str) -> bool {
    !redirect_uri.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("http:"))
}
