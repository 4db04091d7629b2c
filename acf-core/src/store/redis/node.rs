//! One server, and the one connection to it.

use std::{
    fmt, io,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use redis::{
    AsyncConnectionConfig, Cmd, ConnectionAddr, IntoConnectionInfo, Pipeline, RedisConnectionInfo, RedisError,
    RedisResult, Value,
    aio::MultiplexedConnection,
    io::tcp::socket2::{SockRef, TcpKeepalive},
};
use rustls::pki_types::ServerName;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    task::JoinHandle,
    time::timeout,
};
use tokio_rustls::TlsConnector;
use zeroize::Zeroizing;

use crate::{
    error::Error,
    lock::lock,
    tls::{NO_ROOTS, Tls},
};

/// For a connection, with all that is said before the first command.
const CONNECT: Duration = Duration::from_secs(5);
/// For an answer.
const ANSWER: Duration = Duration::from_secs(5);
/// What is silent is asked whether it is still there: routers forget a connection, and say nothing.
const SILENCE: Duration = Duration::from_secs(30);

/// Where a server is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Place {
    Tcp(String, u16),
    Unix(PathBuf),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(host, port) => write!(f, "{host}:{port}"),
            Self::Unix(path) => path.display().fmt(f),
        }
    }
}

/// How to speak to a server: who we are, and whether in the clear.
#[derive(Clone)]
pub(super) struct Manner {
    pub(super) login: RedisConnectionInfo,
    pub(super) tls: Option<TlsConnector>,
}

/// The place alone.
pub(super) fn place(url: &str) -> Result<Place, Error> {
    parse(url).map(|(place, ..)| place)
}

/// A URL, taken apart.
pub(super) fn read(url: &str, tls: impl FnOnce() -> Result<Tls, Error>) -> Result<(Place, Manner), Error> {
    let (place, login, encrypted) = parse(url)?;
    let tls = match encrypted {
        false => None,
        true => {
            let tls = tls()?;
            if tls.no_roots {
                return Err(Error::configuration(NO_ROOTS));
            }
            Some(TlsConnector::from(Arc::new(tls.config)))
        }
    };
    Ok((place, Manner { login, tls }))
}

/// Place, login, and whether there is TLS. What is wrong with a URL is said without it: it has a password.
fn parse(url: &str) -> Result<(Place, RedisConnectionInfo, bool), Error> {
    let wrong = |why: &str| Error::configuration(format!("the URL of the Redis server {why}"));
    let (scheme, rest) = url.split_once("://").ok_or_else(|| wrong("begins with redis://, rediss:// or unix://"))?;
    // The crate would take `#insecure` for a wish not to check certificates.
    if rest.contains('#') {
        return Err(wrong("has a fragment; in a password `#` is written %23"));
    }
    let (plain, encrypted) = match scheme {
        "rediss" | "valkeys" => ("redis", true),
        "redis" | "valkey" => ("redis", false),
        "unix" | "redis+unix" | "valkey+unix" => ("unix", false),
        _ => return Err(wrong("begins with redis://, rediss:// or unix://")),
    };
    let read = Zeroizing::new(format!("{plain}://{rest}")).as_str().into_connection_info().map_err(|_| {
        wrong("cannot be read: it is redis://user:password@host:port/database, with what is special percent-encoded")
    })?;
    let place = match read.addr() {
        ConnectionAddr::Tcp(host, port) => Place::Tcp(host.clone(), *port),
        ConnectionAddr::Unix(path) => Place::Unix(path.clone()),
        _ => return Err(wrong("names no server")),
    };
    // Redis before 7.2 would not know it, and a user may not be allowed to say it.
    Ok((place, read.redis_settings().clone().set_skip_set_lib_name(), encrypted))
}

/// A server. The connection is made when it is needed, and anew where the last one has ended.
pub(super) struct Node {
    pub(super) place: Place,
    manner: Manner,
    live: Mutex<Option<Live>>,
    /// Held by whoever makes a new one.
    connecting: tokio::sync::Mutex<()>,
}

/// A connection, and the task that drives it.
#[derive(Clone)]
struct Live {
    connection: MultiplexedConnection,
    driver: Arc<Driver>,
}

struct Driver(JoinHandle<()>);

impl Drop for Driver {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// What went wrong.
pub(super) enum Failure {
    /// Before anything was sent.
    Unreachable(Error),
    /// The server's own words, or the end of the connection.
    Said(RedisError),
}

impl Node {
    pub(super) fn new(place: Place, manner: Manner) -> Self {
        Self { place, manner, live: Mutex::new(None), connecting: tokio::sync::Mutex::default() }
    }

    pub(super) async fn send(&self, command: &Cmd) -> Result<Value, Failure> {
        let mut live = self.live().await?;
        let result = command.query_async(&mut live.connection).await;
        self.settle(&live, result)
    }

    /// Sends a command that another server of the cluster has sent here.
    pub(super) async fn send_asking(&self, command: &Cmd) -> Result<Value, Failure> {
        let mut live = self.live().await?;
        let mut both = Pipeline::with_capacity(2);
        both.cmd("ASKING").ignore().add_command(command.clone());
        let result = both.query_async(&mut live.connection).await;
        self.settle(&live, result).map(|(one,)| one)
    }

    /// The next call does not use a connection that does not answer, nor one to a server that has become a replica: by now its
    /// name may lead to another one.
    fn settle<T>(&self, used: &Live, result: RedisResult<T>) -> Result<T, Failure> {
        if let Err(error) = &result
            && (error.is_io_error() || error.is_unrecoverable_error() || says(error, "READONLY"))
        {
            self.slot().take_if(|live| Arc::ptr_eq(&live.driver, &used.driver));
        }
        result.map_err(Failure::Said)
    }

    fn slot(&self) -> MutexGuard<'_, Option<Live>> {
        lock(&self.live)
    }

    /// The connection, if there is one that has not ended.
    fn current(&self) -> Option<Live> {
        let mut slot = self.slot();
        slot.take_if(|live| live.driver.0.is_finished());
        slot.clone()
    }

    /// The connection. Whoever waits for another one's attempt does so within the same bound.
    async fn live(&self) -> Result<Live, Failure> {
        if let Some(live) = self.current() {
            return Ok(live);
        }
        let connected = timeout(CONNECT, async {
            let _turn = self.connecting.lock().await;
            if let Some(live) = self.current() {
                return Ok(live);
            }
            let live = self.connect().await?;
            Ok::<_, RedisError>(self.slot().insert(live).clone())
        });
        let failed = match connected.await {
            Ok(Ok(live)) => return Ok(live),
            Ok(Err(error)) if error.is_io_error() => error.to_string(),
            Ok(Err(error)) => sentence(&error),
            Err(_) => "it does not answer in time".to_owned(),
        };
        Err(Failure::Unreachable(Error::store(format!("no connection to Redis at {}: {failed}", self.place))))
    }

    async fn connect(&self) -> RedisResult<Live> {
        match &self.place {
            Place::Tcp(host, port) => {
                let stream = TcpStream::connect((host.as_str(), *port)).await?;
                stream.set_nodelay(true)?;
                let keep = TcpKeepalive::new().with_time(SILENCE).with_interval(SILENCE / 3);
                SockRef::from(&stream).set_tcp_keepalive(&keep)?;
                match &self.manner.tls {
                    None => self.begin(stream).await,
                    Some(tls) => {
                        let name = ServerName::try_from(host.clone()).map_err(io::Error::other)?;
                        self.begin(tls.connect(name, stream).await?).await
                    }
                }
            }
            #[cfg(unix)]
            Place::Unix(path) => self.begin(tokio::net::UnixStream::connect(path).await?).await,
            #[cfg(not(unix))]
            Place::Unix(_) => Err(io::Error::from(io::ErrorKind::Unsupported).into()),
        }
    }

    async fn begin(&self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) -> RedisResult<Live> {
        let config = AsyncConnectionConfig::new().set_response_timeout(Some(ANSWER));
        let (connection, driver) = MultiplexedConnection::new_with_config(&self.manner.login, stream, config).await?;
        Ok(Live { connection, driver: Arc::new(Driver(tokio::spawn(driver))) })
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Unreachable(error) => error,
            Failure::Said(error) => Self::store(sentence(&error)),
        }
    }
}

/// Whether this is its code. Before Redis 7 the error of a script has it somewhere inside.
fn says(error: &RedisError, code: &str) -> bool {
    error.code() == Some(code) || error.to_string().contains(&format!("-{code} "))
}

/// What a server's codes mean.
const MEANINGS: [(&str, &str); 9] = [
    ("READONLY", "this Redis server is a replica, which takes no changes: name the primary"),
    ("OOM", "Redis has no memory left (`maxmemory`)"),
    ("LOADING", "Redis is still loading its data"),
    ("MISCONF", "Redis cannot write to its disk, and so takes no changes"),
    ("NOREPLICAS", "Redis has fewer replicas than `min-replicas-to-write`, and so takes no changes"),
    ("NOAUTH", "Redis wants a user name or a password, which belong into the URL"),
    ("WRONGPASS", "Redis does not accept the user name or the password"),
    ("CLUSTERDOWN", "the Redis cluster is not complete"),
    ("WRONGTYPE", "under a key of this store Redis has something that this store did not put there"),
];

/// An error in a sentence that holds nothing that was sent.
pub(super) fn sentence(error: &RedisError) -> String {
    if error.is_timeout() {
        return "Redis did not answer in time; whether it did what it was asked is not known".to_owned();
    }
    if error.is_io_error() {
        return format!("the connection to Redis has ended ({error})");
    }
    if matches!(error.kind(), redis::ErrorKind::AuthenticationFailed) {
        return "Redis does not accept the user name or the password".to_owned();
    }
    if matches!(error.kind(), redis::ErrorKind::Parse | redis::ErrorKind::UnexpectedReturnType) {
        return "the answer cannot be read: what answers may not be Redis".to_owned();
    }
    let said = error.to_string();
    // Of a command that it does not know, the server repeats the arguments.
    let said = said.split_once(", with args").map_or(said.as_str(), |(before, _)| before);
    let known = MEANINGS.iter().find(|(word, _)| says(error, word));
    known.map_or_else(|| format!("Redis refuses: {said}"), |(_, meaning)| (*meaning).to_owned())
}
