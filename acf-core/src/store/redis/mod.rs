mod cluster;
mod node;
mod scripts;

use std::{
    fmt,
    sync::Arc,
    time::{Duration, SystemTime},
};

use async_trait::async_trait;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use redis::{Cmd, FromRedisValue, Value, from_redis_value};
use tokio::time::timeout;
use zeroize::Zeroizing;

use self::{
    cluster::Cluster,
    node::{Failure, Node},
    scripts::{FIELDS, LOAD, SAVE, Step, TAKE},
};
use super::{
    Binding, Expect, PendingLogin, StateKey, StateStore, StoredToken, Taken, TokenKey, TokenStore, Version, home::Home,
};
use crate::{
    authorization::milliseconds,
    error::Error,
    tls::{Setup, Tls},
    token::Token,
};

/// Keeps pending logins and tokens in Redis (5 or later, or Valkey), for any number of processes on any number of machines.
///
/// One connection per process carries all calls, and is made anew when it has ended; nothing waits longer than fifteen seconds.
/// Each call is one command or one script on one key, mostly one round trip. What was sent and not answered is not sent
/// again: it is an error, and the login starts over. Times are the server's, so the clocks of the machines may differ.
///
/// ```no_run
/// # async fn example() -> Result<(), acf_core::Error> {
/// let store = acf_core::RedisStore::connect("rediss://app:secret@redis.example.net").await?;
/// for warning in store.warnings().await? {
///     eprintln!("{warning}");
/// }
/// # Ok(())
/// # }
/// ```
///
/// It is connected within a runtime of tokio, with I/O and time, and lives there: it can be called from anywhere, as long as
/// that runtime runs. Clones share the connection.
///
/// # What the server must be
///
/// - **Persistent**: with `appendonly yes`, or the tokens end with the server and everybody logs in again.
/// - **Not forgetful**: with a `maxmemory-policy` of `noeviction` or `volatile-ttl`. With `allkeys-*` tokens disappear when
///   memory is short; [`warnings`](Self::warnings) tells. Anybody can begin logins, and their number is bounded by nothing but
///   their lifetime and `maxmemory`: with `noeviction` a flood of them makes everything that is saved fail, with `volatile-ttl`
///   those that end first give way, and tokens, which never expire, stay.
/// - **The primary**: a replica is refused. Of Sentinel this knows nothing; name what leads to the primary.
/// - **Allowed**: a user needs the keys `~acf:*` (or those of the [prefix](RedisBuilder::prefix)) and the commands
///   `+evalsha +eval +get +set +del +pttl +hget +hset +hdel +hkeys +time`, in a cluster `+cluster|slots +asking`, and for
///   the warnings `+info`.
///
/// # What Redis cannot promise
///
/// Replication is asynchronous. After a failover the newest changes may be missing: a login that was taken may be there again,
/// and a refresh token that was used may be. So "one login, once" and "one refresh at a time" hold in normal operation, and
/// not through a failover; that a save replaces only the version it expects still prevents lost updates. With
/// `min-replicas-to-write 1` a primary that is cut off takes no changes after `min-replicas-max-lag`, which makes the gap
/// small and does not close it; `WAIT`, which does not close it either, is not used. Who cannot accept it takes a database that
/// replicates before it answers.
#[derive(Clone)]
pub struct RedisStore {
    shared: Arc<Shared>,
}

struct Shared {
    /// The runtime that the connection is driven by.
    home: Home,
    server: Server,
    prefix: Box<str>,
}

enum Server {
    One(Node),
    Cluster(Cluster),
}

/// Sets up a [`RedisStore`].
///
/// ```no_run
/// # async fn example(authority: &[u8]) -> Result<(), acf_core::Error> {
/// use acf_core::RedisStore;
///
/// let store = RedisStore::builder("rediss://10.0.0.7").roots(authority)?.prefix("shop").connect().await?;
/// # let _ = store;
/// # Ok(())
/// # }
/// ```
#[must_use = "a store is made by `connect`"]
pub struct RedisBuilder {
    urls: Vec<Zeroizing<String>>,
    cluster: bool,
    prefix: String,
    tls: Setup,
}

impl RedisStore {
    /// Connects to the server of a URL: `redis://user:password@host:port/database`, `rediss://` for TLS with verified
    /// certificates, or `unix:///path`.
    ///
    /// # Errors
    /// As [`RedisBuilder::connect`].
    pub async fn connect(url: impl Into<String>) -> Result<Self, Error> {
        Self::builder(url).connect().await
    }

    /// Sets up a store on the server of a URL.
    pub fn builder(url: impl Into<String>) -> RedisBuilder {
        RedisBuilder::new(vec![Zeroizing::new(url.into())], false)
    }

    /// Sets up a store on a cluster. The URLs name some of its servers; user, password and TLS are those of the first. The
    /// other servers are found by asking.
    pub fn cluster<U: Into<String>>(urls: impl IntoIterator<Item = U>) -> RedisBuilder {
        RedisBuilder::new(urls.into_iter().map(|url| Zeroizing::new(url.into())).collect(), true)
    }

    /// What an operator should know of the server's settings, one sentence each: that tokens may be evicted, or do not survive
    /// the server. Meant for the log, once the program has started. Where the user may not use `INFO`, it says so.
    ///
    /// # Errors
    /// [`Error::store`].
    pub async fn warnings(&self) -> Result<Vec<String>, Error> {
        let shared = Arc::clone(&self.shared);
        self.at_home(async move {
            let info = redis::cmd("INFO");
            let said = match &shared.server {
                Server::One(node) => vec![(node.place.clone(), node.send(&info).await)],
                Server::Cluster(cluster) => cluster.everywhere(&info).await?,
            };
            let mut warnings = Vec::new();
            for (place, said) in said {
                match said {
                    Ok(info) => {
                        let info: String = from_redis_value(info).map_err(Error::store)?;
                        warnings.extend(read_info(&info).map(|warning| format!("Redis at {place}: {warning}")));
                    }
                    Err(Failure::Said(error)) if error.code() == Some("NOPERM") => warnings.push(format!(
                        "Redis at {place}: this user may not use INFO, so what it does when memory is short is not known"
                    )),
                    Err(failure) => return Err(failure.into()),
                }
            }
            Ok(warnings)
        })
        .await
    }

    async fn run<T: FromRedisValue>(&self, step: Step) -> Result<T, Error> {
        let shared = Arc::clone(&self.shared);
        let said = self.at_home(Box::pin(async move {
            match shared.send(&step.key, &step.command).await {
                Err(Failure::Said(error)) if error.code() == Some("NOSCRIPT") => match step.in_full() {
                    Some(command) => Ok(shared.send(&step.key, &command).await?),
                    None => Err(Failure::Said(error).into()),
                },
                result => Ok(result?),
            }
        }));
        from_redis_value(said.await?).map_err(|_| Error::store("Redis has something that this store did not put there"))
    }

    /// On the runtime that has the connection.
    async fn at_home<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, Error>> + Send + 'static,
    ) -> Result<T, Error> {
        let late = |_| Error::store("Redis did not answer in time; whether it did what it was asked is not known");
        match &self.shared.server {
            // Connecting has its end, and so has the answer to each command.
            Server::One(_) => self.shared.home.run(work).await,
            Server::Cluster(_) => self.shared.home.run(async move { timeout(LIMIT, work).await.map_err(late)? }).await,
        }
    }

    fn login_key(&self, key: &StateKey) -> Vec<u8> {
        format!("{}:login:{}", self.shared.prefix, BASE64_URL_SAFE_NO_PAD.encode(key.as_bytes())).into_bytes()
    }

    /// All connections of a user are in one row. The length keeps provider and user apart.
    fn token_key(&self, provider: &str, user: &str) -> Vec<u8> {
        format!("{}:token:{}:{provider}:{user}", self.shared.prefix, provider.len()).into_bytes()
    }
}

impl fmt::Debug for RedisStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut store = f.debug_struct("RedisStore");
        match &self.shared.server {
            Server::One(node) => store.field("server", &node.place),
            Server::Cluster(cluster) => store.field("servers", &cluster.seeds()),
        };
        store.field("prefix", &self.shared.prefix).finish_non_exhaustive()
    }
}

impl Shared {
    async fn send(&self, key: &[u8], command: &Cmd) -> Result<Value, Failure> {
        match &self.server {
            Server::One(node) => node.send(command).await,
            Server::Cluster(cluster) => cluster.send(key, command).await,
        }
    }
}

impl RedisBuilder {
    fn new(urls: Vec<Zeroizing<String>>, cluster: bool) -> Self {
        Self { urls, cluster, prefix: "acf".to_owned(), tls: Setup::default() }
    }

    /// What every key begins with, before a colon; `acf` where nothing is set. Programs with different ones do not see each
    /// other on the same server. Letters, digits, `-`, `_` and `.`.
    pub fn prefix(self, name: impl Into<String>) -> Self {
        Self { prefix: name.into(), ..self }
    }

    /// Trusts further authorities beside those of the operating system, for `rediss://`. `pem` holds their certificates.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if there is no certificate in it or one cannot be
    /// read.
    #[cfg(not(target_os = "android"))]
    pub fn roots(self, pem: &[u8]) -> Result<Self, Error> {
        Ok(Self { tls: self.tls.roots(pem)?, ..self })
    }

    /// Shows a certificate to a server that asks for one, for `rediss://`. `pem` holds the certificate, those that vouch for
    /// it, and the private key.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if one of the two is missing or cannot be read.
    pub fn identity(self, pem: &[u8]) -> Result<Self, Error> {
        Ok(Self { tls: self.tls.identity(pem)?, ..self })
    }

    /// Connects.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if a URL or the prefix is wrong, or there is no runtime of
    /// tokio. [`ErrorKind::Store`](crate::ErrorKind::Store) if the server cannot be reached, does not accept the login, or is a
    /// replica.
    pub async fn connect(self) -> Result<RedisStore, Error> {
        let Some(home) = Home::here() else {
            return Err(Error::configuration("`RedisStore` is connected within a runtime of tokio"));
        };
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        if self.prefix.is_empty() || !self.prefix.bytes().all(allowed) {
            let text = "the prefix of the keys in Redis is made of letters, digits, `-`, `_` and `.`";
            return Err(Error::configuration(text));
        }
        let mut urls = self.urls.iter();
        let Some(first) = urls.next() else {
            return Err(Error::configuration("a Redis cluster has at least one server to begin with"));
        };
        let (place, manner) = node::read(first, || Tls::new(self.tls))?;
        let server = if self.cluster {
            let mut seeds = vec![place];
            for url in urls {
                seeds.push(node::place(url)?);
            }
            Server::Cluster(Cluster::new(seeds, manner)?)
        } else {
            Server::One(Node::new(place, manner))
        };
        let store = RedisStore { shared: Arc::new(Shared { home, server, prefix: self.prefix.into() }) };
        // That it answers, may be written to, and lets this user do what is to be done, is better known now than at the first
        // login.
        store.connections("", "").await?;
        Ok(store)
    }
}

impl fmt::Debug for RedisBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisBuilder").field("prefix", &self.prefix).field("tls", &self.tls).finish_non_exhaustive()
    }
}

fn read_info(info: &str) -> impl Iterator<Item = String> {
    let value = |name: &str| info.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).map(str::trim);
    let evicts = value("maxmemory_policy").filter(|policy| policy.starts_with("allkeys-")).map(|policy| {
        format!("its maxmemory-policy {policy} drops tokens when memory is short; set noeviction or volatile-ttl")
    });
    let forgets = value("aof_enabled")
        .filter(|enabled| *enabled == "0")
        .map(|_| "its newest tokens are lost when it ends without warning; set appendonly yes".to_owned());
    [evicts, forgets].into_iter().flatten()
}

/// For all that belongs to one call in a cluster, which may lead from server to server.
const LIMIT: Duration = Duration::from_secs(10);

/// What a value of this form begins with. A later form begins otherwise.
const FORM: &str = "1";

/// Redis keeps a login this much longer than it lives, so that who comes late is told so. Part of the form: the reader takes
/// it off again.
const LATE: Duration = Duration::from_secs(15 * 60);

/// Longer than any login: Redis refuses times that it cannot add.
const LONGEST: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

/// How the value of a login begins that is bound so. All of it is text: an error that repeats bytes could not be read.
fn whose(binding: &Binding) -> String {
    format!("{FORM} {} ", BASE64_URL_SAFE_NO_PAD.encode(binding.as_bytes()))
}

#[async_trait]
impl StateStore for RedisStore {
    async fn put(&self, key: StateKey, login: PendingLogin) -> Result<(), Error> {
        let expires = (login.lifetime().min(LONGEST) + LATE).as_millis().to_string();
        let mut value = whose(login.binding()).into_bytes();
        value.extend(login.to_bytes());
        self.run(Step::command("SET", self.login_key(&key), &[&value, b"PX", expires.as_bytes()])).await
    }

    async fn take(&self, key: &StateKey, binding: &Binding) -> Result<Taken, Error> {
        let step = Step::script(&TAKE, self.login_key(key), &[whose(binding).as_bytes()]);
        let Some((taken, left, value)) = self.run::<Option<(bool, i64, Vec<u8>)>>(step).await? else {
            return Ok(Taken::Absent);
        };
        // What somebody has made last for ever is over.
        let left = Duration::from_millis(left.try_into().unwrap_or(0)).saturating_sub(LATE);
        let damaged = || Error::damaged("login");
        let (front, bytes) = value.split_at_checked(whose(binding).len()).ok_or_else(damaged)?;
        let login = PendingLogin::from_bytes(bytes)?.ending_in(left);
        if whose(login.binding()).as_bytes() != front {
            return Err(damaged());
        }
        Ok(if taken { Taken::Login(login) } else { Taken::Kept(login) })
    }

    fn token_store(self: Arc<Self>) -> Option<Arc<dyn TokenStore>> {
        Some(self)
    }
}

/// No field is without a name.
fn field(connection: &str) -> Vec<u8> {
    format!(":{connection}").into_bytes()
}

/// How a row of this version begins.
fn version_text(version: Version) -> String {
    format!("{FORM} {:016x} ", version.0)
}

/// Reads a row: form, version, when it was saved by the server's clock and by the saver's, token.
fn read_row(now: u64, row: &[u8]) -> Result<StoredToken, Error> {
    let parts = || {
        let text = str::from_utf8(row).ok()?;
        let (form, text) = text.split_once(' ')?;
        let (version, text) = text.split_once(' ')?;
        let (saved, text) = text.split_once(' ')?;
        let (at, token) = text.split_once(' ')?;
        let version = (form == FORM && version.len() == 16).then(|| u64::from_str_radix(version, 16).ok())??;
        let at = SystemTime::UNIX_EPOCH.checked_add(Duration::from_millis(at.parse().ok()?))?;
        Some((
            Version(version.cast_signed()),
            Duration::from_millis(now.saturating_sub(saved.parse().ok()?)),
            at,
            token,
        ))
    };
    let (version, ago, at, token) = parts().ok_or_else(|| Error::damaged("token"))?;
    Ok(StoredToken::new(Token::from_json(token)?, version).saved_ago(ago, at))
}

#[async_trait]
impl TokenStore for RedisStore {
    async fn load(&self, key: &TokenKey) -> Result<Option<StoredToken>, Error> {
        let step = Step::script(&LOAD, self.token_key(&key.provider, &key.user), &[&field(&key.connection)]);
        let Some((now, row)) = self.run::<Option<(u64, Vec<u8>)>>(step).await? else { return Ok(None) };
        read_row(now, &Zeroizing::new(row)).map(Some)
    }

    async fn save(&self, key: &TokenKey, token: &Token, expect: Expect) -> Result<Option<Version>, Error> {
        let version = Version::draw()?;
        let expected = match expect {
            Expect::Anything => String::new(),
            Expect::Version(expected) => version_text(expected),
        };
        let rest = Zeroizing::new(format!(" {} {}", milliseconds(SystemTime::now()), *token.expose_json()));
        let row = version_text(version);
        let arguments = [&field(&key.connection), row.as_bytes(), expected.as_bytes(), rest.as_bytes()];
        let step = Step::script(&SAVE, self.token_key(&key.provider, &key.user), &arguments);
        Ok(self.run::<bool>(step).await?.then_some(version))
    }

    async fn delete(&self, key: &TokenKey) -> Result<bool, Error> {
        let field = field(&key.connection);
        self.run(Step::command("HDEL", self.token_key(&key.provider, &key.user), &[&field])).await
    }

    async fn connections(&self, provider: &str, user: &str) -> Result<Vec<String>, Error> {
        let fields = self.run::<Vec<String>>(Step::script(&FIELDS, self.token_key(provider, user), &[])).await?;
        let name = |field: String| field.strip_prefix(':').map(str::to_owned).ok_or_else(|| Error::damaged("token"));
        fields.into_iter().map(name).collect()
    }
}
