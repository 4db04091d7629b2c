//! Whether a store keeps what [`StateStore`] and [`TokenStore`] ask of it.

use std::{sync::Arc, time::Duration};

use super::{Binding, Expect, PendingLogin, StateKey, StateStore, Taken, TokenKey, TokenStore};
use crate::{
    authorization::{Asked, NewState, ResponseType, Then},
    error::Error,
    token::Token,
    value::Scopes,
};

/// How many ask at once.
const AT_ONCE: usize = 16;

/// Tries a store of one's own out, in a test of the program that brings it: whether a login comes back as it was put, once,
/// to whoever it is bound to, however many ask at once.
///
/// What it puts it takes away again; it may run on a store that is in use. Give it a runtime of several threads, so that those
/// who ask at once do.
///
/// ```
/// # async fn example() -> Result<(), acf_core::Error> {
/// let store = acf_core::MemoryStore::new(); // or one's own
/// acf_core::store::check_state_store(store.clone()).await?;
/// acf_core::store::check_token_store(store).await?;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration), which lists everything that is wrong, one thing a line.
/// [`ErrorKind::Store`](crate::ErrorKind::Store) if the store fails, [`ErrorKind::Random`](crate::ErrorKind::Random).
pub async fn check_state_store(store: impl StateStore + Clone) -> Result<(), Error> {
    let check = States { store };
    let wrong = [
        check.there_and_back().await?,
        check.bound().await?,
        check.replaced().await?,
        check.expired().await?,
        check.once().await?,
    ];
    verdict("state", wrong)
}

/// Tries a store of one's own out, in a test of the program that brings it: whether a token comes back as it was saved, a save
/// replaces what it expects and nothing else, however many save at once, and keys are told apart.
///
/// What it saves it deletes again, under the providers `acf-check` and `ACF-check`.
///
/// # Errors
/// As [`check_state_store`].
pub async fn check_token_store(store: impl TokenStore + Clone) -> Result<(), Error> {
    let check = Tokens { store };
    let wrong = [
        check.there_and_back().await?,
        check.expected().await?,
        check.keys().await?,
        check.connections().await?,
        check.once().await?,
    ];
    verdict("token", wrong)
}

/// What is wrong, as the end of a sentence.
type Wrong = Option<&'static str>;

fn verdict(kind: &str, wrong: impl IntoIterator<Item = Wrong>) -> Result<(), Error> {
    let wrong: Vec<_> = wrong.into_iter().flatten().map(|wrong| format!("the {kind} store {wrong}")).collect();
    if wrong.is_empty() { Ok(()) } else { Err(Error::configuration(wrong.join("\n"))) }
}

/// All at once, on whatever the program runs on.
async fn at_once<T: Send + 'static>(
    calls: Vec<impl Future<Output = Result<T, Error>> + Send + 'static>,
) -> Result<Vec<T>, Error> {
    let mut waiting = Vec::with_capacity(calls.len());
    for call in calls {
        let (done, result) = tokio::sync::oneshot::channel();
        if !crate::executor::begin(async move { drop(done.send(call.await)) }) {
            return Err(Error::configuration("the system has no thread to give"));
        }
        waiting.push(result);
    }
    let mut results = Vec::with_capacity(waiting.len());
    for result in waiting {
        results.push(result.await.map_err(Error::store)??);
    }
    Ok(results)
}

struct States<S> {
    store: S,
}

impl<S: StateStore + Clone> States<S> {
    fn login(user: &str, lives: Duration) -> Result<(StateKey, PendingLogin), Error> {
        let asked = Asked {
            provider: "acf-check".to_owned(),
            issuer: Some("https://forge.example".to_owned()),
            token_endpoint: "https://forge.example/token".to_owned(),
            redirect_uri: "https://app.example/callback?a=b%20c".to_owned(),
            scopes: Scopes::new(["read", "write"])?,
        };
        let then = Then { return_to: Some("/\u{fc}?a='\"".into()), connection: Some("\u{1F511}".into()) };
        let state = NewState::draw()?;
        let login = PendingLogin::new(&state, Binding::new("acf-check", user), lives, then, Arc::new(asked));
        Ok((StateKey::new(state.as_str(), ResponseType::Code), login))
    }

    async fn put(&self, lives: Duration) -> Result<(StateKey, PendingLogin), Error> {
        let (key, login) = Self::login("somebody", lives)?;
        self.store.put(key, login.clone()).await?;
        Ok((key, login))
    }

    async fn there_and_back(&self) -> Result<Wrong, Error> {
        let (key, login) = self.put(MINUTE).await?;
        let (other, _) = Self::login("somebody", MINUTE)?;
        if !matches!(self.store.take(&other, login.binding()).await?, Taken::Absent) {
            return Ok(Some("has a login that was not put"));
        }
        Ok(match self.store.take(&key, login.binding()).await? {
            Taken::Login(taken) if same(&taken, &login) => match self.store.take(&key, login.binding()).await? {
                Taken::Absent => None,
                _ => Some("gives a login out twice"),
            },
            Taken::Login(_) => Some("gives a login out changed"),
            Taken::Kept(_) => Some("does not recognise the binding of a login"),
            Taken::Absent => Some("does not have a login that was put"),
        })
    }

    async fn bound(&self) -> Result<Wrong, Error> {
        let (key, login) = self.put(MINUTE).await?;
        for other in [Binding::new("acf-check", "somebody else"), Binding::NOBODY] {
            match self.store.take(&key, &other).await? {
                Taken::Kept(kept) if same(&kept, &login) => {}
                Taken::Kept(_) => return Ok(Some("shows a login changed")),
                Taken::Login(_) => return Ok(Some("gives a login to somebody else")),
                Taken::Absent => return Ok(Some("drops a login that somebody else asks for")),
            }
        }
        Ok(match self.store.take(&key, login.binding()).await? {
            Taken::Login(_) => None,
            _ => Some("drops a login that somebody else asks for"),
        })
    }

    async fn replaced(&self) -> Result<Wrong, Error> {
        let (key, _) = self.put(MINUTE).await?;
        let (_, login) = Self::login("somebody else", MINUTE)?;
        self.store.put(key, login.clone()).await?;
        let taken = self.store.take(&key, login.binding()).await?;
        Ok((!matches!(taken, Taken::Login(taken) if same(&taken, &login))).then_some("keeps a login that was replaced"))
    }

    /// It may say that the login is over, or know nothing of it any more.
    async fn expired(&self) -> Result<Wrong, Error> {
        let (key, login) = self.put(Duration::ZERO).await?;
        Ok(match self.store.take(&key, login.binding()).await? {
            Taken::Login(taken) if !taken.is_expired() => Some("lets a login live longer than it should"),
            _ => None,
        })
    }

    async fn once(&self) -> Result<Wrong, Error> {
        let (key, login) = self.put(MINUTE).await?;
        let take = |_| {
            let (store, binding) = (self.store.clone(), *login.binding());
            async move { store.take(&key, &binding).await }
        };
        let taken = at_once((0..AT_ONCE).map(take).collect()).await?;
        let times = taken.iter().filter(|taken| matches!(taken, Taken::Login(_))).count();
        Ok((times != 1).then_some("gives a login out to several of those who ask at once, or to none"))
    }
}

const MINUTE: Duration = Duration::from_secs(60);

/// A store with a clock of its own may round.
fn same(one: &PendingLogin, other: &PendingLogin) -> bool {
    one.expires_at().abs_diff(other.expires_at()) <= 2 && same_but_for_the_end(&one.to_bytes(), &other.to_bytes())
}

fn same_but_for_the_end(one: &[u8], other: &[u8]) -> bool {
    let read = |bytes| {
        serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(bytes).map(|mut row| {
            row.remove("expires_at");
            row
        })
    };
    matches!((read(one), read(other)), (Ok(one), Ok(other)) if one == other)
}

struct Tokens<S> {
    store: S,
}

const PROVIDER: &str = "acf-check";

impl<S: TokenStore + Clone> Tokens<S> {
    fn token(text: &str) -> Result<Token, Error> {
        // As long as some providers' tokens are, with what a careless column would change.
        let long = "x".repeat(8 * 1024);
        Token::from_json(&format!(
            r#"{{"v":1,"access_token":"{text}-{long}","token_type":"Bearer","expires_at":4102444800,"refresh_token":"r","scope":["a","b"],"extra":{{"x":[1,0.1,"\u0000\u00fc"]}},"refreshing":{{"tried":{{"at":1,"times":1,"lost":false}}}}}}"#
        ))
    }

    /// A key that nobody else uses at this time.
    fn key() -> Result<TokenKey, Error> {
        Ok(TokenKey::new(PROVIDER, NewState::draw()?.as_str()))
    }

    async fn there_and_back(&self) -> Result<Wrong, Error> {
        let (key, token) = (Self::key()?, Self::token("one")?);
        if self.store.load(&key).await?.is_some() || self.store.delete(&key).await? {
            return Ok(Some("has a token that was not saved"));
        }
        let version = self.store.save(&key, &token, Expect::Anything).await?;
        let stored = self.store.load(&key).await?;
        let deleted = self.store.delete(&key).await?;
        let Some(stored) = stored else { return Ok(Some("does not have a token that was saved")) };
        let whole = stored.token == token && stored.token.refreshing() == token.refreshing();
        Ok(match () {
            () if !whole => Some("gives a token back changed"),
            () if Some(stored.version) != version => Some("does not say the version that it saved"),
            () if !deleted || self.store.load(&key).await?.is_some() => {
                Some("does not delete a token, or does not say so")
            }
            () => None,
        })
    }

    async fn expected(&self) -> Result<Wrong, Error> {
        let (key, one, two) = (Self::key()?, Self::token("one")?, Self::token("two")?);
        let Some(first) = self.store.save(&key, &one, Expect::Anything).await? else {
            return Ok(Some("does not save a token where anything may be replaced"));
        };
        let Some(second) = self.store.save(&key, &two, Expect::Version(first)).await? else {
            return Ok(Some("does not replace the version that is there"));
        };
        let late = self.store.save(&key, &one, Expect::Version(first)).await?;
        let kept = self.store.load(&key).await?.is_some_and(|stored| stored.token == two && stored.version == second);
        self.store.delete(&key).await?;
        let dead = self.store.save(&key, &one, Expect::Version(second)).await?;
        let new = self.store.save(&key, &one, Expect::Anything).await?;
        let replaced = self.store.save(&key, &two, Expect::Version(second)).await?;
        self.store.delete(&key).await?;
        Ok(match () {
            () if late.is_some() || !kept => Some("replaces a version that is not the expected one"),
            () if dead.is_some() => Some("brings back a token that was deleted"),
            () if new.is_none_or(|new| new == first || new == second) || replaced.is_some() => {
                Some("gives a version out twice, so that a token stored anew is mistaken for the old one")
            }
            () => None,
        })
    }

    /// Neither case nor normalisation nor what some collation ignores makes one key of two.
    async fn keys(&self) -> Result<Wrong, Error> {
        let unique = Self::key()?.user;
        let endings = [
            "u",
            "U",
            "u ",
            " u",
            "\u{fc}",
            "u\u{308}",
            "\u{dc}",
            "\u{ff55}",
            "u\u{200b}",
            "%",
            "_",
            "u%",
            ":",
            "{}",
            "",
        ];
        let keys: Vec<_> = endings
            .iter()
            .map(|ending| TokenKey::new(PROVIDER, format!("{unique}{ending}")))
            .chain(
                endings
                    .iter()
                    .filter(|ending| !ending.is_empty())
                    .map(|ending| TokenKey::new(PROVIDER, &unique).connection(*ending)),
            )
            .chain([TokenKey::new("ACF-check", &unique), TokenKey::new(PROVIDER, format!("{unique}:")).connection("u")])
            .collect();
        let mut wrong = None;
        for (number, key) in keys.iter().enumerate() {
            if self.store.load(key).await?.is_some() {
                wrong = Some("takes one key for another");
            }
            self.store.save(key, &Self::token(&number.to_string())?, Expect::Anything).await?;
        }
        for (number, key) in keys.iter().enumerate() {
            let expected = Self::token(&number.to_string())?;
            if !self.store.load(key).await?.is_some_and(|stored| stored.token == expected)
                || !self.store.delete(key).await?
            {
                wrong = Some("takes one key for another");
            }
        }
        Ok(wrong)
    }

    async fn connections(&self) -> Result<Wrong, Error> {
        let (key, token) = (Self::key()?, Self::token("one")?);
        let list = async || {
            let mut names = self.store.connections(&key.provider, &key.user).await?;
            names.sort_unstable();
            Ok::<_, Error>(names)
        };
        let before = list().await?;
        for name in ["", "work", "at home: \u{fc}"] {
            self.store.save(&key.clone().connection(name), &token, Expect::Anything).await?;
        }
        let all = list().await?;
        self.store.delete(&key.clone().connection("work")).await?;
        let fewer = list().await?;
        for name in ["", "at home: \u{fc}"] {
            self.store.delete(&key.clone().connection(name)).await?;
        }
        let right = before.is_empty()
            && all == ["", "at home: \u{fc}", "work"]
            && fewer == ["", "at home: \u{fc}"]
            && list().await?.is_empty();
        Ok((!right).then_some("does not list the connections of a user as they are"))
    }

    async fn once(&self) -> Result<Wrong, Error> {
        let (key, token) = (Self::key()?, Self::token("one")?);
        let Some(version) = self.store.save(&key, &token, Expect::Anything).await? else {
            return Ok(Some("does not save a token where anything may be replaced"));
        };
        let save = |number: usize| {
            let (store, key) = (self.store.clone(), key.clone());
            async move { store.save(&key, &Self::token(&number.to_string())?, Expect::Version(version)).await }
        };
        let saved = at_once((0..AT_ONCE).map(save).collect()).await?;
        let winner = saved.iter().position(Option::is_some);
        let stored = self.store.load(&key).await?;
        self.store.delete(&key).await?;
        let right = saved.iter().flatten().count() == 1
            && matches!((winner, stored), (Some(winner), Some(stored))
                if stored.token == Self::token(&winner.to_string())? && Some(stored.version) == saved.get(winner).copied().flatten());
        Ok((!right).then_some("lets several of those who save at once replace the same version, or none"))
    }
}
