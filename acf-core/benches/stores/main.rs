//! The stores: logins put and taken, tokens loaded and saved, with few rows and with a million; how long callers wait when a
//! token ends under ten thousand of them; and what removing a million expired logins costs the others.
//!
//! `cargo bench -p acf-core --all-features --bench stores [-- PAIRS ROUNDS ROWS [STORE]]`. PostgreSQL and Redis are measured where
//! `ACF_POSTGRES` and `ACF_REDIS` name a server, which loses all rows of this library. Read the ratios: all run in turn.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, clippy::indexing_slicing, missing_docs)]
#![allow(unreachable_pub, clippy::cast_precision_loss, reason = "a bench: figures for people")]

mod by_hand;
mod logins;
mod stampede;

use std::{
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use acf_core::{
    MemoryStore, PostgresStore, RedisStore, SqliteStore, StateStore, Token, TokenStore,
    store::{Expect, Taken, TokenKey},
};

use self::logins::{Logins, logins};

/// A store for both, and what one would have written for logins alone.
struct Candidate {
    name: &'static str,
    states: Arc<dyn StateStore>,
    tokens: Arc<dyn TokenStore>,
    by_hand: Option<Arc<dyn StateStore>>,
}

async fn candidates(capacity: usize) -> Vec<Candidate> {
    fn of<S: StateStore + TokenStore + Clone>(
        name: &'static str,
        store: S,
        by_hand: Option<Arc<dyn StateStore>>,
    ) -> Candidate {
        Candidate { name, states: Arc::new(store.clone()), tokens: Arc::new(store), by_hand }
    }
    let mutexed: Arc<dyn StateStore> = Arc::new(by_hand::Mutexed::open(&fresh("mutex")));
    let sqlite = SqliteStore::open_with_capacity(fresh("acf"), capacity).await.unwrap();
    let mut all =
        vec![of("MemoryStore", MemoryStore::with_capacity(capacity), None), of("SqliteStore", sqlite, Some(mutexed))];
    match std::env::var("ACF_POSTGRES") {
        Ok(url) => {
            let by_hand = by_hand::Postgres::connect(&url).await;
            let store = PostgresStore::connect(&url).await.unwrap().with_capacity(capacity);
            by_hand.clear().await;
            all.push(of("PostgresStore", store, Some(Arc::new(by_hand))));
        }
        Err(_) => println!("SKIPPED PostgresStore: ACF_POSTGRES names no server"),
    }
    match std::env::var("ACF_REDIS") {
        Ok(url) => {
            let by_hand = by_hand::Redis::connect(&url).await;
            by_hand.clear().await;
            all.push(of("RedisStore", RedisStore::connect(&url).await.unwrap(), Some(Arc::new(by_hand))));
        }
        Err(_) => println!("SKIPPED RedisStore: ACF_REDIS names no server"),
    }
    all
}

fn main() {
    let mut numbers = std::env::args().skip(1).filter_map(|argument| argument.parse().ok());
    let pairs: usize = numbers.next().unwrap_or(40_000);
    let rounds: usize = numbers.next().unwrap_or(3);
    let rows: usize = numbers.next().unwrap_or(1_000_000);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let own = Arc::new(logins(pairs, Duration::from_secs(600)).await);
        let mut all = candidates(10 * rows).await;
        if let Some(name) = std::env::args().find(|argument| argument.ends_with("Store")) {
            all.retain(|candidate| candidate.name == name);
        }
        println!("logins put and taken, pairs a second ({rounds} rounds, median)");
        for Candidate { name, states, by_hand, .. } in &all {
            for at_once in [1, 64] {
                let (mut ours, mut theirs) = (Vec::new(), Vec::new());
                for _ in 0..rounds {
                    ours.push(put_and_take(states, &own, some(pairs, at_once), at_once).await);
                    if let Some(by_hand) = by_hand {
                        theirs.push(put_and_take(by_hand, &own, some(pairs, at_once), at_once).await);
                    }
                }
                let ours = median(ours);
                print!("{name:>14} {at_once:>3} at once {ours:>9.0}");
                match theirs.is_empty() {
                    true => println!(),
                    false => println!(", by hand {:>9.0}, ratio {:.2}", median(theirs.clone()), ours / median(theirs)),
                }
            }
        }
        let beside = [0, SOME.min(rows), rows];
        println!("\nat 64 at once, a second, beside {beside:?} logins and as many tokens; ratio of the last two");
        for Candidate { name, states, tokens, .. } in &all {
            let mut all = Vec::new();
            for (had, rows) in [(0, 0), (0, beside[1]), (beside[1], rows)] {
                fill(states, tokens, had..rows).await;
                all.push(figures(states, tokens, &own, pairs, rounds).await);
            }
            let print = |what, [few, some, many]: [f64; 3]| {
                println!("{name:>14} {what:<16} {few:>9.0} {some:>9.0} {many:>9.0}, ratio {:.2}", many / some);
            };
            print("put and taken", [0, 1, 2].map(|n| all[n].0));
            print("loaded and saved", [0, 1, 2].map(|n| all[n].1));
        }
        println!("\none login put and taken while others' million expired ones are removed");
        for Candidate { name, states, .. } in &all {
            purge(name, states, &own, rows).await;
        }
        stampede::run(&all).await;
    });
}

/// So many tokens that no two of those that are used lie on one page of a database.
const SOME: usize = 10_000;

/// One at a time is slow; a tenth is enough.
fn some(pairs: usize, at_once: usize) -> usize {
    if at_once == 1 { pairs / 10 } else { pairs }
}

fn median(mut runs: Vec<f64>) -> f64 {
    runs.sort_by(f64::total_cmp);
    runs[runs.len() / 2]
}

fn fresh(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("bench-{name}.db"));
    for end in ["", "-wal", "-shm"] {
        drop(std::fs::remove_file(format!("{}{end}", path.display())));
    }
    path
}

/// Does something for so many numbers, so many at once; how many a second.
async fn rate<F: Future<Output = ()> + Send + 'static>(
    count: usize,
    at_once: usize,
    work: impl Fn(usize) -> F + Clone + Send + 'static,
) -> f64 {
    let began = Instant::now();
    let mut lanes = tokio::task::JoinSet::new();
    for lane in 0..at_once {
        let work = work.clone();
        lanes.spawn(async move {
            for number in (lane..count).step_by(at_once) {
                work(number).await;
            }
        });
    }
    lanes.join_all().await;
    count as f64 / began.elapsed().as_secs_f64()
}

async fn put_and_take(store: &Arc<dyn StateStore>, logins: &Arc<Logins>, pairs: usize, at_once: usize) -> f64 {
    let (store, logins) = (Arc::clone(store), Arc::clone(logins));
    let pair = move |number: usize| {
        let (store, logins) = (Arc::clone(&store), Arc::clone(&logins));
        async move {
            let (key, login) = &logins[number];
            store.put(*key, login.clone()).await.unwrap();
            let taken = store.take(key, login.binding()).await.unwrap();
            assert!(matches!(taken, Taken::Login(_)));
        }
    };
    rate(pairs, at_once, pair).await
}

fn token() -> Token {
    let text = r#"{"v":1,"access_token":"ya29.a0AfB_byC-1234567890abcdefghijklmnopqrstuvwxyz","token_type":"Bearer","expires_at":4102444800,"refresh_token":"1//0gabcdefghijklmnopqrstuvwxyz-1234567890","scope":["read","write"]}"#;
    Token::from_json(text).unwrap()
}

fn key(number: usize) -> TokenKey {
    TokenKey::new("forge", format!("user-{number}"))
}

async fn load_and_save(store: &Arc<dyn TokenStore>, pairs: usize) -> f64 {
    let (store, token) = (Arc::clone(store), token());
    for number in 0..pairs.min(1_000) {
        store.save(&key(number), &token, Expect::Anything).await.unwrap();
    }
    let pair = move |number: usize| {
        let (store, token) = (Arc::clone(&store), token.clone());
        async move {
            let key = key(number % 1_000);
            // Another lane may be faster: then nothing is saved, which costs the same.
            let stored = store.load(&key).await.unwrap().unwrap();
            store.save(&key, &token, Expect::Version(stored.version)).await.unwrap();
        }
    };
    rate(pairs, 64, pair).await
}

async fn figures(
    states: &Arc<dyn StateStore>,
    tokens: &Arc<dyn TokenStore>,
    logins: &Arc<Logins>,
    pairs: usize,
    rounds: usize,
) -> (f64, f64) {
    let (mut first, mut second) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        first.push(put_and_take(states, logins, pairs, 64).await);
        second.push(load_and_save(tokens, pairs / 4).await);
    }
    (median(first), median(second))
}

async fn fill(states: &Arc<dyn StateStore>, tokens: &Arc<dyn TokenStore>, rows: std::ops::Range<usize>) {
    put_all(states, rows.len(), Duration::from_secs(3600)).await;
    let (tokens, token) = (Arc::clone(tokens), token());
    let save = move |number: usize| {
        let (tokens, token) = (Arc::clone(&tokens), token.clone());
        let number = number + rows.start;
        async move { assert!(tokens.save(&key(number), &token, Expect::Anything).await.unwrap().is_some()) }
    };
    rate(rows.len(), 256, save).await;
}

async fn put_all(states: &Arc<dyn StateStore>, rows: usize, lifetime: Duration) {
    const AT_A_TIME: usize = 50_000;
    for _ in 0..rows.div_ceil(AT_A_TIME) {
        let (states, logins) = (Arc::clone(states), Arc::new(logins(AT_A_TIME.min(rows), lifetime).await));
        let count = logins.len();
        let put = move |number: usize| {
            let (states, (key, login)) = (Arc::clone(&states), logins[number].clone());
            async move { states.put(key, login).await.unwrap() }
        };
        rate(count, 256, put).await;
    }
}

/// Logins that have ended pile up first: nobody begins any, so that nothing is removed yet.
async fn purge(name: &str, states: &Arc<dyn StateStore>, logins: &Arc<Logins>, rows: usize) {
    let one = async |count: usize| {
        let mut took = Vec::with_capacity(count);
        for (key, login) in logins.iter().cycle().take(count) {
            let began = Instant::now();
            states.put(*key, login.clone()).await.unwrap();
            states.take(key, login.binding()).await.unwrap();
            took.push(began.elapsed());
        }
        took.sort_unstable();
        (took[count / 2], took[count - count / 1_000 - 1])
    };
    let quiet = one(5_000).await;
    put_all(states, rows, Duration::from_secs(1)).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let busy = one(5_000).await;
    println!(
        "{name:>14} median {:>6.0?}, 99.9 % {:>6.0?}; before, median {:>6.0?}, 99.9 % {:>6.0?}",
        busy.0, busy.1, quiet.0, quiet.1
    );
}
