//! `RedisStore`, with servers of every kind. `.ci/run` names some; those with settings of their own are started here.

use std::{
    net::TcpListener,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, SystemTime},
};

use acf_core::{
    Error, ErrorKind, Flow, RedisStore, StateStore, TokenStore,
    store::{Binding, Expect, PendingLogin, StateKey, Taken, TokenKey, check_state_store, check_token_store},
};
use redis::{AsyncConnectionConfig, FromRedisValue, aio::MultiplexedConnection};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};

use super::token;
use crate::support::Naming;

fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set; `.ci/servers/redis.py` starts what it names"))
}

/// A prefix that no other test uses.
fn prefix() -> String {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    format!("acf-test-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

/// A server with settings of its own, which ends with the test.
struct Own {
    process: Child,
    port: u16,
    directory: PathBuf,
}

impl Own {
    async fn start(settings: &[&str]) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(prefix());
        std::fs::create_dir_all(&directory).unwrap();
        let process = Command::new("redis-server")
            .args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--dir"])
            .arg(&directory)
            .args(settings)
            .stdout(Stdio::null())
            .spawn()
            .expect("redis-server is in PATH");
        let own = Self { process, port, directory };
        for _ in 0..200 {
            if TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
                return own;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("redis-server does not start: {settings:?}");
    }

    fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    async fn store(&self) -> RedisStore {
        RedisStore::connect(self.url()).await.unwrap()
    }

    async fn control(&self) -> Control {
        Control::new(&self.url()).await
    }

    fn signal(&self, name: &str) {
        assert!(Command::new("kill").args([name, &self.process.id().to_string()]).status().unwrap().success());
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
        drop(std::fs::remove_dir_all(&self.directory));
    }
}

/// Another connection to a server, to look at it and to trouble it.
struct Control(MultiplexedConnection);

impl Control {
    async fn new(url: &str) -> Self {
        let config = AsyncConnectionConfig::new().set_response_timeout(Some(Duration::from_secs(20)));
        let client = redis::Client::open(url).unwrap();
        Self(client.get_multiplexed_async_connection_with_config(&config).await.unwrap())
    }

    async fn say<T: FromRedisValue>(&mut self, command: &str) -> T {
        self.say_all(&command.split(' ').collect::<Vec<_>>()).await
    }

    async fn say_all<T: FromRedisValue>(&mut self, words: &[&str]) -> T {
        redis::cmd(words[0]).arg(&words[1..]).query_async(&mut self.0).await.unwrap()
    }
}

/// A login that was begun, as a store sees it.
#[derive(Clone, Default)]
struct Seen(Arc<std::sync::Mutex<Vec<(StateKey, PendingLogin)>>>);

#[async_trait::async_trait]
impl StateStore for Seen {
    async fn put(&self, key: StateKey, login: PendingLogin) -> Result<(), Error> {
        self.0.lock().unwrap().push((key, login));
        Ok(())
    }

    async fn take(&self, _: &StateKey, _: &Binding) -> Result<Taken, Error> {
        Ok(Taken::Absent)
    }
}

async fn login() -> (StateKey, PendingLogin) {
    let seen = Seen::default();
    let builder = Flow::builder(Naming::provider("forge").build().unwrap()).state_store(seen.clone());
    drop(builder.http_client(Naming::default()).build().unwrap().begin("u").await.unwrap());
    seen.0.lock().unwrap().pop().unwrap()
}

fn flow(store: &RedisStore, lifetime: u64) -> Flow {
    Flow::builder(Naming::provider("forge").build().unwrap())
        .state_store(store.clone())
        .http_client(Naming::default())
        .login_lifetime(Duration::from_secs(lifetime))
        .build()
        .unwrap()
}

/// Everything that an error shows.
fn shown(error: &(dyn std::error::Error + 'static)) -> String {
    format!("{error} {error:?} {}", error.source().map(shown).unwrap_or_default())
}

/// Each call of both stores, and what came of it.
async fn each_call(store: &RedisStore) -> [(&'static str, Result<(), Error>); 7] {
    let ((key, login), whose) = (login().await, TokenKey::new("forge", "nobody"));
    let binding = *login.binding();
    let version = acf_core::store::Version(0);
    [
        ("put", store.put(key, login).await),
        ("take", store.take(&key, &binding).await.map(drop)),
        ("load", store.load(&whose).await.map(drop)),
        ("save", store.save(&whose, &token(), Expect::Anything).await.map(drop)),
        ("save a version", store.save(&whose, &token(), Expect::Version(version)).await.map(drop)),
        ("delete", store.delete(&whose).await.map(drop)),
        ("connections", store.connections("forge", "nobody").await.map(drop)),
    ]
}

async fn all_fail(store: &RedisStore, why: &str) {
    for (call, result) in each_call(store).await {
        let error = result.expect_err(call);
        assert_eq!(error.kind(), ErrorKind::Store, "{call}");
        assert!(shown(&error).contains(why), "{call}: {}", shown(&error));
    }
}

async fn all_succeed(store: &RedisStore) {
    for (call, result) in each_call(store).await {
        result.unwrap_or_else(|error| panic!("{call}: {}", shown(&error)));
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Redis"]
async fn it_keeps_what_is_asked_of_it() {
    let socket = Own::start(&["--unixsocket", "redis.sock"]).await;
    let roots = std::fs::read(variable("ACF_REDIS_CA")).unwrap();
    let cluster = variable("ACF_REDIS_CLUSTER");
    for (name, builder) in [
        ("tcp", RedisStore::builder(variable("ACF_REDIS"))),
        ("tls", RedisStore::builder(variable("ACF_REDIS_TLS")).roots(&roots).unwrap()),
        ("unix", RedisStore::builder(format!("unix://{}/redis.sock", socket.directory.display()))),
        ("cluster", RedisStore::cluster(cluster.split(','))),
    ] {
        let store =
            builder.prefix(prefix()).connect().await.unwrap_or_else(|error| panic!("{name}: {}", shown(&error)));
        check_state_store(store.clone()).await.unwrap_or_else(|error| panic!("{name}: {}", shown(&error)));
        check_token_store(store).await.unwrap_or_else(|error| panic!("{name}: {}", shown(&error)));
    }
}

/// Each on a connection of its own, as processes are.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Redis"]
async fn of_many_processes_one_gets_the_login() {
    let prefix = prefix();
    let mut stores = Vec::new();
    for _ in 0..16 {
        stores.push(RedisStore::builder(variable("ACF_REDIS")).prefix(&prefix).connect().await.unwrap());
    }
    for _ in 0..20 {
        let (key, login) = login().await;
        stores[0].put(key, login.clone()).await.unwrap();
        let take = |store: &RedisStore| {
            let (store, binding) = (store.clone(), *login.binding());
            tokio::spawn(async move { matches!(store.take(&key, &binding).await.unwrap(), Taken::Login(_)) })
        };
        let takers: Vec<_> = stores.iter().map(take).collect();
        let mut taken = 0;
        for taker in takers {
            taken += usize::from(taker.await.unwrap());
        }
        assert_eq!(taken, 1);
    }
}

#[tokio::test]
#[ignore = "needs Redis"]
async fn each_call_is_one_round_trip() {
    let own = Own::start(&[]).await;
    let (store, mut control) = (own.store().await, own.control().await);
    let mut monitor = BufReader::new(TcpStream::connect(("127.0.0.1", own.port)).await.unwrap());
    monitor.write_all(b"MONITOR\r\n").await.unwrap();
    // What clients have sent since the last time; what scripts do is marked, and left out.
    let mut sent = async || {
        control.say::<()>("ECHO end").await;
        let mut sent = Vec::new();
        loop {
            let mut line = String::new();
            monitor.read_line(&mut line).await.unwrap();
            match line.split('"').nth(1) {
                Some("ECHO") => return sent,
                Some(command) if !line.contains(" lua] ") => sent.push(command.to_owned()),
                _ => {}
            }
        }
    };
    sent().await;
    // The server has seen the script of `connections`, when the store connected, and no other.
    all_succeed(&store).await;
    let first = ["SET", "EVALSHA", "EVAL", "EVALSHA", "EVAL", "EVALSHA", "EVAL", "EVALSHA", "HDEL", "EVALSHA"];
    assert_eq!(sent().await, first);
    all_succeed(&store).await;
    assert_eq!(sent().await, ["SET", "EVALSHA", "EVALSHA", "EVALSHA", "EVALSHA", "HDEL", "EVALSHA"]);
    own.control().await.say::<()>("SCRIPT FLUSH").await;
    all_succeed(&store).await;
    assert_eq!(sent().await.iter().filter(|command| *command == "EVAL").count(), 4);
}

/// A connection that ends while nothing is on its way costs no call.
#[tokio::test]
#[ignore = "needs Redis"]
async fn a_connection_that_was_cut_is_replaced() {
    let own = Own::start(&[]).await;
    let (store, mut control) = (own.store().await, own.control().await);
    for _ in 0..5 {
        let cut: i64 = control.say("CLIENT KILL TYPE normal SKIPME yes").await;
        assert_eq!(cut, 1);
        // The server cuts before it answers this, and this runtime reads in the order of what comes.
        for _ in 0..3 {
            control.say::<()>("PING").await;
        }
        all_succeed(&store).await;
    }
}

/// Redis's clock decides, whatever this machine's says.
#[tokio::test]
#[ignore = "needs Redis"]
async fn a_login_ends_by_the_clock_of_the_server() {
    let own = Own::start(&[]).await;
    let (store, mut control) = (own.store().await, own.control().await);
    for (lifetime, left, expected) in [
        (0, None, Err(ErrorKind::StateExpired)),
        (600, None, Ok(())),
        // Of what the server has left, the last quarter of an hour is for those who come late.
        (600, Some(14 * 60), Err(ErrorKind::StateExpired)),
        (0, Some(16 * 60), Ok(())),
        (600, Some(0), Err(ErrorKind::StateUnknown)),
    ] {
        let flow = flow(&store, lifetime);
        let request = flow.begin("u").await.unwrap();
        let keys: Vec<String> = control.say("KEYS acf:login:*").await;
        assert_eq!(keys.len(), 1);
        let stays: i64 = control.say(&format!("TTL {}", keys[0])).await;
        assert!((lifetime as i64 + 890..=lifetime as i64 + 900).contains(&stays), "{stays}");
        if let Some(left) = left {
            control.say::<()>(&format!("EXPIRE {} {left}", keys[0])).await;
        }
        let finished = flow.finish("u", &format!("code=c&state={}", request.state.as_str())).await;
        assert_eq!(finished.map(drop).map_err(|error| error.kind()), expected, "{lifetime} {left:?}");
        assert_eq!(control.say::<i64>(&format!("EXISTS {}", keys[0])).await, 0);
    }
    // What somebody has made last for ever is over.
    let (key, login) = login().await;
    store.put(key, login.clone()).await.unwrap();
    let keys: Vec<String> = control.say("KEYS acf:login:*").await;
    control.say::<()>(&format!("PERSIST {}", keys[0])).await;
    let Taken::Login(taken) = store.take(&key, login.binding()).await.unwrap() else { panic!("it is there") };
    assert_eq!(taken.lifetime(), Duration::ZERO);
}

/// Saved by a machine whose clock is an hour behind: the token ends an hour later by ours.
#[tokio::test]
#[ignore = "needs Redis"]
async fn a_token_is_understood_on_a_machine_with_another_clock() {
    let own = Own::start(&[]).await;
    let (store, mut control) = (own.store().await, own.control().await);
    let flow = flow(&store, 600);
    let request = flow.begin("u").await.unwrap();
    let token = flow.finish("u", &format!("code=c&state={}", request.state.as_str())).await.unwrap();
    let row: String = control.say("HGET acf:token:5:forge:u :").await;
    let parts: Vec<_> = row.splitn(5, ' ').collect();
    let behind = (parts[3].parse::<u64>().unwrap() - 3_600_000).to_string();
    let row = [parts[0], parts[1], parts[2], behind.as_str(), parts[4]].join(" ");
    control.say_all::<()>(&["HSET", "acf:token:5:forge:u", ":", &row]).await;
    let read = flow.session("u").await.unwrap().token().await.unwrap();
    let later = read.expires_at().unwrap().duration_since(token.expires_at().unwrap()).unwrap();
    assert!((3_590..=3_610).contains(&later.as_secs()), "{later:?}");
    assert!(read.expires_at().unwrap() > SystemTime::now());
}

#[tokio::test]
#[ignore = "needs Redis"]
async fn what_cannot_be_read_is_an_error_and_stays() {
    let own = Own::start(&[]).await;
    let (store, mut control) = (own.store().await, own.control().await);
    let whose = TokenKey::new("forge", "u");
    let (row, field) = ("acf:token:5:forge:u", ":");
    let (time, json) = ("1700000000000", r#"{"v":1,"access_token":"a","token_type":"Bearer","scope":[]}"#);
    let good = format!("1 00000000000000ff {time} {time} {json}");
    control.say_all::<()>(&["HSET", row, field, &good]).await;
    assert_eq!(store.load(&whose).await.unwrap().unwrap().version.0, 255);
    for damaged in [
        String::new(),
        "1".to_owned(),
        json.to_owned(),
        good.replacen('1', "2", 1),
        good.replacen("ff", "fg", 1),
        good.replacen("ff", "f", 1),
        good.replacen(time, "soon", 1),
        good.replacen(time, "-1", 2),
        good[..good.len() - 1].to_owned(),
    ] {
        control.say_all::<()>(&["HSET", row, field, &damaged]).await;
        let error = store.load(&whose).await.expect_err(&damaged);
        assert_eq!(error.kind(), ErrorKind::Store, "{damaged}");
        assert_eq!(control.say_all::<String>(&["HGET", row, field]).await, damaged);
    }

    let (key, login) = login().await;
    store.put(key, login.clone()).await.unwrap();
    let keys: Vec<String> = control.say("KEYS acf:login:*").await;
    for damaged in ["", "x", &"x".repeat(33), &"x".repeat(300)] {
        control.say_all::<()>(&["SET", &keys[0], damaged, "KEEPTTL"]).await;
        assert_eq!(store.take(&key, login.binding()).await.unwrap_err().kind(), ErrorKind::Store, "{damaged}");
        assert_eq!(control.say_all::<String>(&["GET", &keys[0]]).await, damaged);
    }

    // Somebody else's keys.
    control.say::<()>(&format!("DEL {row} {}", keys[0])).await;
    control.say::<()>(&format!("SADD {row} x")).await;
    control.say::<()>(&format!("SADD {} x", keys[0])).await;
    let said = [store.load(&whose).await.map(drop).unwrap_err(), store.take(&key, login.binding()).await.unwrap_err()];
    assert!(said.iter().all(|error| shown(error).contains("did not put there")), "{said:?}");
    assert_eq!(control.say::<String>(&format!("TYPE {row}")).await, "set");
}

/// Neither what it has nor that it has nothing: a replica may not know better.
#[tokio::test]
#[ignore = "needs Redis"]
async fn a_replica_is_refused() {
    let primary = Own::start(&[]).await;
    let port = primary.port.to_string();
    let replica = Own::start(&["--replicaof", "127.0.0.1", &port]).await;
    let error = RedisStore::connect(replica.url()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Store);
    assert!(shown(&error).contains("a replica"), "{}", shown(&error));

    // After a failover the connection is still there.
    let store = primary.store().await;
    all_succeed(&store).await;
    primary.control().await.say::<()>(&format!("REPLICAOF 127.0.0.1 {}", replica.port)).await;
    all_fail(&store, "a replica").await;
}

/// A name that leads to the primary leads to another server after a failover, and the old one keeps its connections.
#[tokio::test]
#[ignore = "needs Redis"]
async fn a_primary_that_has_become_a_replica_is_left() {
    let primary = Own::start(&[]).await;
    let replica = Own::start(&["--replicaof", "127.0.0.1", &primary.port.to_string()]).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("redis://{}", listener.local_addr().unwrap());
    let leads_to = Arc::new(AtomicUsize::new(primary.port.into()));
    let port = Arc::clone(&leads_to);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let port = u16::try_from(port.load(Ordering::SeqCst)).unwrap();
            let mut server = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
            tokio::spawn(async move { tokio::io::copy_bidirectional(&mut stream, &mut server).await });
        }
    });
    let store = RedisStore::connect(&url).await.unwrap();
    replica.control().await.say::<()>("REPLICAOF NO ONE").await;
    primary.control().await.say::<()>(&format!("REPLICAOF 127.0.0.1 {}", replica.port)).await;
    leads_to.store(replica.port.into(), Ordering::SeqCst);
    let error = store.delete(&TokenKey::new("forge", "u")).await.unwrap_err();
    assert!(shown(&error).contains("a replica"), "{}", shown(&error));
    all_succeed(&store).await;
}

#[tokio::test]
#[ignore = "needs Redis"]
async fn without_memory_nothing_is_saved_and_everything_is_there() {
    let own = Own::start(&["--maxmemory-policy", "noeviction"]).await;
    let (store, mut control) = (own.store().await, own.control().await);
    let ((key, login), (other, _), whose) = (login().await, login().await, TokenKey::new("forge", "u"));
    store.put(key, login.clone()).await.unwrap();
    let version = store.save(&whose, &token(), Expect::Anything).await.unwrap().unwrap();
    control.say::<()>("CONFIG SET maxmemory 1mb").await;
    for error in [
        store.put(other, login.clone()).await.unwrap_err(),
        store.save(&whose, &token(), Expect::Anything).await.unwrap_err(),
        store.save(&whose, &token(), Expect::Version(version)).await.unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::Store);
        assert!(shown(&error).contains("no memory left"), "{}", shown(&error));
    }
    assert_eq!(store.load(&whose).await.unwrap().unwrap().version, version);
    assert_eq!(store.connections("forge", "u").await.unwrap(), [""]);
    assert!(matches!(store.take(&key, login.binding()).await.unwrap(), Taken::Login(_)));
    assert!(store.delete(&whose).await.unwrap());
}

#[tokio::test]
#[ignore = "needs Redis"]
async fn programs_with_prefixes_of_their_own_do_not_see_each_other() {
    let own = Own::start(&[]).await;
    let one = own.store().await;
    let two = RedisStore::builder(own.url()).prefix("shop").connect().await.unwrap();
    let ((key, login), whose) = (login().await, TokenKey::new("forge", "u").connection("work"));
    one.put(key, login.clone()).await.unwrap();
    one.save(&whose, &token(), Expect::Anything).await.unwrap();
    assert!(matches!(two.take(&key, login.binding()).await.unwrap(), Taken::Absent));
    assert!(two.load(&whose).await.unwrap().is_none());
    assert!(two.connections("forge", "u").await.unwrap().is_empty());
    assert!(!two.delete(&whose).await.unwrap());
    assert_eq!(one.connections("forge", "u").await.unwrap(), ["work"]);
    assert!(matches!(one.take(&key, login.binding()).await.unwrap(), Taken::Login(_)));
    for wrong in ["", "a:b", "{a}", "\u{fc}", "a b"] {
        let error = RedisStore::builder(own.url()).prefix(wrong).connect().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{wrong}");
    }
}

/// What the documentation tells an operator to allow is enough.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Redis"]
async fn a_user_with_few_rights_is_enough_and_a_password_is_never_shown() {
    const PASSWORD: &str = "pa/ss:w#rd";
    let own = Own::start(&[]).await;
    let mut control = own.control().await;
    let rights = "~acf:* +evalsha +eval +get +set +del +pttl +hget +hset +hdel +hkeys +time";
    control.say::<()>(&format!("ACL SETUSER app on >{PASSWORD} {rights}")).await;
    let url = |password: &str| format!("redis://app:{password}@127.0.0.1:{}", own.port);
    let encoded = "pa%2Fss%3Aw%23rd";
    let store = RedisStore::connect(url(encoded)).await.unwrap();
    check_state_store(store.clone()).await.unwrap();
    check_token_store(store.clone()).await.unwrap();
    let warnings = store.warnings().await.unwrap();
    assert!(matches!(warnings.as_slice(), [one] if one.contains("INFO")), "{warnings:?}");

    let mut texts = vec![format!("{store:?} {warnings:?} {:?}", RedisStore::builder(url(encoded)))];
    control.say::<()>("ACL SETUSER app -set").await;
    let (key, login) = login().await;
    let error = store.put(key, login).await.unwrap_err();
    assert!(shown(&error).contains("NoPerm"), "{}", shown(&error));
    texts.push(shown(&error));
    let error = RedisStore::connect(url("pa%2Fss%3Aw")).await.unwrap_err();
    assert!(shown(&error).contains("does not accept the user name or the password"), "{}", shown(&error));
    texts.push(shown(&error));
    control.say::<()>("ACL SETUSER app off").await;
    texts.push(shown(&RedisStore::connect(url(encoded)).await.unwrap_err()));
    control.say::<()>("CLIENT KILL USER app").await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    texts.push(shown(&store.connections("", "").await.unwrap_err()));
    for text in texts {
        assert!(!text.contains("ss:w") && !text.contains("%2F") && !text.contains("pa/"), "{text}");
    }
}

/// Of a command that it does not know, the server repeats the arguments.
#[tokio::test]
#[ignore = "needs Redis"]
async fn what_a_server_repeats_is_not_shown() {
    let own = Own::start(&["--rename-command", "SET", "PUT"]).await;
    let (key, login) = login().await;
    let error = own.store().await.put(key, login).await.unwrap_err();
    let text = shown(&error);
    assert!(text.contains("unknown command") && !text.contains("acf:login"), "{text}");
}

#[tokio::test]
#[ignore = "needs Redis"]
async fn what_an_operator_should_know() {
    for (settings, expected) in [
        (["allkeys-lru", "yes"], &["allkeys-lru"][..]),
        (["allkeys-random", "no"], &["allkeys-random", "appendonly"]),
        (["noeviction", "no"], &["appendonly"]),
        (["noeviction", "yes"], &[]),
        (["volatile-ttl", "yes"], &[]),
    ] {
        let own = Own::start(&["--maxmemory-policy", settings[0], "--appendonly", settings[1]]).await;
        let warnings = own.store().await.warnings().await.unwrap();
        let right = warnings.len() == expected.len()
            && warnings.iter().zip(expected).all(|(warning, expected)| warning.contains(expected));
        assert!(right, "{settings:?}: {warnings:?}");
    }
}

#[cfg(unix)]
#[tokio::test]
#[ignore = "needs Redis"]
async fn a_server_that_has_stopped_is_not_waited_for() {
    let own = Own::start(&[]).await;
    let (store, mut control) = (own.store().await, own.control().await);
    let mut clients = async || control.say::<String>("CLIENT LIST TYPE normal").await;
    let id = |client: &str| client.split(' ').next().unwrap().to_owned();
    let before = clients().await.lines().map(id).collect::<Vec<_>>();
    own.signal("-STOP");
    let calls = async {
        // On the connection that there is, and on the attempt to make another one.
        for _ in 0..2 {
            let error = store.connections("forge", "u").await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Store);
            assert!(shown(&error).contains("in time"), "{}", shown(&error));
        }
    };
    tokio::time::timeout(Duration::from_secs(60), calls).await.unwrap();
    own.signal("-CONT");
    all_succeed(&store).await;
    let kept = clients().await.lines().map(id).filter(|client| before.contains(client)).count();
    assert_eq!((before.len(), kept), (2, 1), "what does not answer is not asked again");
}

#[tokio::test]
#[ignore = "needs Redis"]
async fn a_certificate_that_nobody_vouches_for_is_refused() {
    for (url, expected) in [
        (variable("ACF_REDIS_TLS"), "certificate"),
        // The server does not speak TLS there, and the other way round.
        (variable("ACF_REDIS").replacen("redis://", "rediss://", 1), "no connection"),
        (variable("ACF_REDIS_TLS").replacen("rediss://", "redis://", 1), "connection"),
    ] {
        let error = RedisStore::connect(&url).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Store, "{url}");
        assert!(shown(&error).contains(expected), "{url}: {}", shown(&error));
    }
}

/// From a thread that has no runtime, or one without I/O; and not from beyond the end of the one that it lives on.
#[test]
#[ignore = "needs Redis"]
fn it_lives_on_the_runtime_that_it_was_connected_on() {
    let own = tokio::runtime::Runtime::new().unwrap();
    let bare = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let store = own.block_on(RedisStore::builder(variable("ACF_REDIS")).prefix(prefix()).connect()).unwrap();
    bare.block_on(all_succeed(&store));
    let mut elsewhere = std::pin::pin!(RedisStore::connect(variable("ACF_REDIS")));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let std::task::Poll::Ready(nowhere) = elsewhere.as_mut().poll(&mut context) else { panic!("it does not wait") };
    assert_eq!(nowhere.unwrap_err().kind(), ErrorKind::Configuration);
    let unable = bare.block_on(RedisStore::connect(variable("ACF_REDIS"))).unwrap_err();
    assert!(shown(&unable).contains("no I/O"), "{}", shown(&unable));
    drop(own);
    bare.block_on(all_fail(&store, "has ended"));
}

/// While the slot of a key moves from one server to another, and after that.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Redis"]
async fn a_key_is_followed_through_the_cluster() {
    let urls = variable("ACF_REDIS_CLUSTER");
    let urls: Vec<_> = urls.split(',').collect();
    let prefix = prefix();
    let store = RedisStore::cluster([urls[0]]).prefix(&prefix).connect().await.unwrap();
    let whose = TokenKey::new("forge", "u");
    let key = format!("{prefix}:token:5:forge:u");
    let mut nodes = Vec::new();
    for url in &urls {
        let mut control = Control::new(url).await;
        let name: String = control.say("CLUSTER MYID").await;
        nodes.push((control, name));
    }
    let slot: u16 = nodes[0].0.say(&format!("CLUSTER KEYSLOT {key}")).await;
    let version = store.save(&whose, &token(), Expect::Anything).await.unwrap().unwrap();
    let mut owner = usize::MAX;
    for (number, (control, _)) in nodes.iter_mut().enumerate() {
        if control.say::<u64>(&format!("CLUSTER COUNTKEYSINSLOT {slot}")).await > 0 {
            owner = number;
        }
    }
    let (from, to) = (owner, (owner + 1) % nodes.len());
    let (from_name, to_name) = (nodes[from].1.clone(), nodes[to].1.clone());
    nodes[to].0.say::<()>(&format!("CLUSTER SETSLOT {slot} IMPORTING {from_name}")).await;
    nodes[from].0.say::<()>(&format!("CLUSTER SETSLOT {slot} MIGRATING {to_name}")).await;
    assert_eq!(store.load(&whose).await.unwrap().unwrap().version, version, "it is where it was");
    let port = urls[to].rsplit(':').next().unwrap();
    nodes[from].0.say::<()>(&format!("MIGRATE 127.0.0.1 {port} {key} 0 5000")).await;
    assert_eq!(store.load(&whose).await.unwrap().unwrap().version, version, "whoever had it says where it is");
    let version = store.save(&whose, &token(), Expect::Version(version)).await.unwrap().unwrap();
    for (control, _) in &mut nodes {
        control.say::<()>(&format!("CLUSTER SETSLOT {slot} NODE {to_name}")).await;
    }
    assert_eq!(store.load(&whose).await.unwrap().unwrap().version, version, "the map is read anew");
    assert!(store.delete(&whose).await.unwrap());
    assert_eq!(store.warnings().await.unwrap().len(), nodes.len(), "every server is asked");
}

/// Three servers: by the map of the first one, which has one slot, the second has all others. They say what is said in their
/// name to those who ask for fields.
struct Pretended {
    url: String,
    ports: [u16; 3],
    says: Arc<std::sync::Mutex<[String; 3]>>,
    map: Arc<AtomicUsize>,
    /// How often the map was asked for, and the third one connected to.
    asked: Arc<AtomicUsize>,
    connected: Arc<AtomicUsize>,
}

const NO_FIELDS: &str = "*0\r\n";

impl Pretended {
    async fn start() -> Self {
        let mut listeners = Vec::new();
        for _ in 0..3 {
            listeners.push(tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap());
        }
        let ports = std::array::from_fn(|number| listeners[number].local_addr().unwrap().port());
        let own = Self {
            url: format!("redis://127.0.0.1:{}", ports[0]),
            ports,
            says: Arc::new(std::array::from_fn(|_| NO_FIELDS.to_owned()).into()),
            map: Arc::new(1.into()),
            asked: Arc::default(),
            connected: Arc::default(),
        };
        for (number, listener) in listeners.into_iter().enumerate() {
            let (says, map) = (Arc::clone(&own.says), Arc::clone(&own.map));
            let (asked, connected) = (Arc::clone(&own.asked), Arc::clone(&own.connected));
            tokio::spawn(async move {
                while let Ok((stream, _)) = listener.accept().await {
                    connected.fetch_add(usize::from(number == 2), Ordering::SeqCst);
                    let (says, map, asked) = (Arc::clone(&says), Arc::clone(&map), Arc::clone(&asked));
                    tokio::spawn(async move {
                        let mut lines = BufReader::new(stream).lines();
                        while let Ok(Some(line)) = lines.next_line().await {
                            let answer = match line.as_str() {
                                "SLOTS" => {
                                    asked.fetch_add(1, Ordering::SeqCst);
                                    let range = |first: u16, last: u16, port: u16| {
                                        format!("*3\r\n:{first}\r\n:{last}\r\n*2\r\n$9\r\n127.0.0.1\r\n:{port}\r\n")
                                    };
                                    let others = range(1, 16_383, ports[map.load(Ordering::SeqCst)]);
                                    format!("*2\r\n{}{others}", range(0, 0, ports[0]))
                                }
                                "ASKING" => "+OK\r\n".to_owned(),
                                "EVALSHA" => says.lock().unwrap()[number].clone(),
                                _ => continue,
                            };
                            lines.get_mut().write_all(answer.as_bytes()).await.unwrap();
                        }
                    });
                }
            });
        }
        own
    }

    async fn store(&self) -> RedisStore {
        RedisStore::cluster([&self.url]).connect().await.unwrap()
    }

    /// From now on.
    fn say(&self, number: usize, answer: impl Into<String>) {
        self.says.lock().unwrap()[number] = answer.into();
    }
}

/// Whoever had the slot knows better than those who were not told yet.
#[tokio::test]
async fn a_server_that_others_do_not_know_of_yet_is_found() {
    for word in ["MOVED", "ASK"] {
        let cluster = Pretended::start().await;
        let store = cluster.store().await;
        cluster.say(1, format!("-{word} 1 127.0.0.1:{}\r\n", cluster.ports[2]));
        let calls = (0..100).map(|_| {
            let store = store.clone();
            tokio::spawn(async move { store.connections("forge", "u").await })
        });
        for call in calls.collect::<Vec<_>>() {
            let result = call.await.unwrap();
            result.unwrap_or_else(|error| panic!("{word}: {}", shown(&error)));
        }
        // Not each on its own: there are many, and a cluster in trouble has enough to do.
        assert!(cluster.asked.load(Ordering::SeqCst) <= 2, "{word}");
        assert_eq!(cluster.connected.load(Ordering::SeqCst), 1, "{word}");
    }
}

/// Its keys may be somebody else's by now, which those know who are not cut off.
#[tokio::test]
async fn a_server_that_is_cut_off_is_not_believed() {
    let cluster = Pretended::start().await;
    let store = cluster.store().await;
    cluster.say(1, "-CLUSTERDOWN The cluster is down\r\n");
    cluster.map.store(2, Ordering::SeqCst);
    let error = store.connections("forge", "u").await.unwrap_err();
    assert!(shown(&error).contains("not complete"), "{}", shown(&error));
    store.connections("forge", "u").await.unwrap();
}

/// What was sent and not answered has perhaps been done: it does not go out a second time.
#[tokio::test]
async fn a_command_that_was_not_answered_is_not_repeated() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("redis://{}", listener.local_addr().unwrap());
    let seen = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&seen);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut bytes = [0; 4096];
            while let Ok(1..) = stream.read(&mut bytes).await {
                // Two fields in answer to the first command, and no answer to any other.
                if counter.fetch_add(1, Ordering::SeqCst) > 0 {
                    break;
                }
                stream.write_all(b"*1\r\n$1\r\n:\r\n").await.unwrap();
            }
        }
    });
    let store = RedisStore::connect(url).await.unwrap();
    for (number, (call, result)) in each_call(&store).await.into_iter().enumerate() {
        assert_eq!(result.unwrap_err().kind(), ErrorKind::Store, "{call} {number}");
    }
    assert_eq!(seen.load(Ordering::SeqCst), 1 + 7);
}

#[tokio::test]
async fn a_url_that_is_wrong_is_not_shown() {
    for url in [
        "",
        "secret",
        "http://:secret@localhost",
        "redis://:secret@localhost:99999",
        "redis://:secret@localhost/x",
        "redis://:secret@",
        "rediss://:secret@localhost#insecure",
        "redis://:secret#@localhost",
        "redis://:secret@localhost?protocol=9",
    ] {
        let error = RedisStore::connect(url).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{url}");
        assert!(!shown(&error).contains("secret"), "{}", shown(&error));
    }
    let error = RedisStore::cluster(["redis://localhost/1"]).connect().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    let error = RedisStore::cluster::<&str>([]).connect().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let error = RedisStore::connect(format!("redis://:secret@{closed}")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Store);
    assert!(shown(&error).contains(&closed.to_string()) && !shown(&error).contains("secret"), "{}", shown(&error));
}
