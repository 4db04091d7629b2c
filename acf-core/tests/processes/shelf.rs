//! A store on a server that has a clock of its own, as a program would write one. The server is the parent: it needs no
//! other, and shows what such a store is to the processes whose clocks differ.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::{Duration, Instant, UNIX_EPOCH},
};

use acf_core::{
    Error, HttpClient, StateStore, Token, TokenStore,
    http::{Limits, Request, ReqwestClient},
    store::{Binding, Expect, PendingLogin, StateKey, StoredToken, Taken, TokenKey, Version},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use tokio::{io::AsyncWriteExt, net::TcpListener};

use crate::authority::{RUNTIME, read};

type Key = (String, String);

/// What a process asks the server for.
#[derive(Serialize, Deserialize)]
enum Call {
    Load,
    /// The token, the clock of the process in milliseconds, and the version that must be there.
    Save(String, u64, Option<i64>),
    Delete,
}

/// A token, its version, the clock of whoever saved it, and how many milliseconds ago that was.
type Row = (String, i64, u64, u64);

#[derive(Default)]
struct Shelf {
    rows: HashMap<Key, (String, i64, u64, Instant)>,
    version: i64,
}

impl Shelf {
    fn answer(&mut self, key: Key, call: Call) -> String {
        let there = self.rows.get(&key).map(|row| row.1);
        match call {
            Call::Load => {
                let row = self.rows.get(&key).map(|(token, version, clock, saved)| {
                    (token, version, clock, u64::try_from(saved.elapsed().as_millis()).unwrap())
                });
                serde_json::to_string(&row).unwrap()
            }
            Call::Save(token, clock, expect) if expect.is_none() || expect == there => {
                self.version += 1;
                self.rows.insert(key, (token, self.version, clock, Instant::now()));
                serde_json::to_string(&Some(self.version)).unwrap()
            }
            Call::Save(..) => "null".to_owned(),
            Call::Delete => serde_json::to_string(&self.rows.remove(&key).is_some()).unwrap(),
        }
    }
}

/// Starts the server.
pub(crate) fn start() -> SocketAddr {
    let listener = RUNTIME.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let (address, shelf) = (listener.local_addr().unwrap(), Arc::new(Mutex::new(Shelf::default())));
    RUNTIME.spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let shelf = Arc::clone(&shelf);
            RUNTIME.spawn(async move {
                while let Some((_, body)) = read(&mut stream).await {
                    let (key, call) = serde_json::from_str(&body).unwrap();
                    let body = shelf.lock().unwrap().answer(key, call);
                    let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len());
                    stream.write_all(answer.as_bytes()).await.unwrap();
                }
            });
        }
    });
    address
}

/// The store, as a process has it.
pub(crate) struct Served {
    address: SocketAddr,
    http: ReqwestClient,
}

impl Served {
    pub(crate) fn at(address: SocketAddr) -> Self {
        Self { address, http: ReqwestClient::new().unwrap() }
    }

    async fn call<T: DeserializeOwned>(&self, key: &TokenKey, call: Call) -> Result<T, Error> {
        let body = serde_json::to_vec(&((&key.provider, &key.user), call)).map_err(Error::store)?;
        let request = http::Request::post(format!("http://{}/", self.address)).body(body);
        let request: Request = request.map_err(Error::store)?;
        let answer = self.http.send(request, Limits::API).await.map_err(Error::store)?;
        serde_json::from_slice(answer.body()).map_err(Error::store)
    }
}

#[async_trait::async_trait]
impl TokenStore for Served {
    async fn load(&self, key: &TokenKey) -> Result<Option<StoredToken>, Error> {
        let Some((token, version, clock, ago)) = self.call::<Option<Row>>(key, Call::Load).await? else {
            return Ok(None);
        };
        let stored = StoredToken::new(Token::from_json(&token)?, Version(version));
        Ok(Some(stored.saved_ago(Duration::from_millis(ago), UNIX_EPOCH + Duration::from_millis(clock))))
    }

    async fn save(&self, key: &TokenKey, token: &Token, expect: Expect) -> Result<Option<Version>, Error> {
        let clock = UNIX_EPOCH.elapsed().map_err(Error::store)?.as_millis();
        let expect = match expect {
            Expect::Anything => None,
            Expect::Version(version) => Some(version.0),
        };
        let save = Call::Save(token.expose_json().to_string(), u64::try_from(clock).map_err(Error::store)?, expect);
        Ok(self.call::<Option<i64>>(key, save).await?.map(Version))
    }

    async fn delete(&self, key: &TokenKey) -> Result<bool, Error> {
        self.call(key, Call::Delete).await
    }

    async fn connections(&self, _: &str, _: &str) -> Result<Vec<String>, Error> {
        Err(Error::store("nobody asks for them here"))
    }
}

#[async_trait::async_trait]
impl StateStore for Served {
    async fn put(&self, _: StateKey, _: PendingLogin) -> Result<(), Error> {
        Err(Error::store("it keeps tokens only"))
    }

    async fn take(&self, _: &StateKey, _: &Binding) -> Result<Taken, Error> {
        Err(Error::store("it keeps tokens only"))
    }

    fn token_store(self: Arc<Self>) -> Option<Arc<dyn TokenStore>> {
        Some(self)
    }
}
