//! That a store which breaks a promise is found out.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex},
};

use acf_core::{
    Error, ErrorKind, MemoryStore, StateStore, Token, TokenStore,
    store::{
        Binding, Expect, PendingLogin, StateKey, StoredToken, Taken, TokenKey, Version, check_state_store,
        check_token_store,
    },
};

#[derive(Clone, Copy, Debug, PartialEq)]
enum Fault {
    // Of pending logins.
    Forgets,
    GivesTwice,
    GivesToAnybody,
    DropsForOthers,
    KeepsTheFirst,
    Changes,
    LivesOn,
    // Of tokens.
    ChangesTokens,
    HidesTheVersion,
    ReplacesAnyVersion,
    RevivesTheDead,
    CountsFromOne,
    FoldsCase,
    ForgetsTheConnection,
    ListsNothing,
    SaysNothingWasDeleted,
    LooksBeforeItSaves,
}

#[derive(Clone)]
struct Faulty {
    store: MemoryStore,
    fault: Fault,
    versions: Arc<Mutex<HashMap<String, Version>>>,
    taken: Arc<Mutex<Option<PendingLogin>>>,
    keys: Arc<Mutex<HashSet<StateKey>>>,
}

impl Faulty {
    fn key(&self, key: &TokenKey) -> TokenKey {
        match self.fault {
            Fault::FoldsCase => TokenKey::new(&key.provider, key.user.to_lowercase()).connection(&key.connection),
            Fault::ForgetsTheConnection => TokenKey::new(&key.provider, &key.user),
            _ => key.clone(),
        }
    }

    /// Versions that begin anew with each token.
    async fn counted(&self, key: &TokenKey, token: &Token, expect: Expect) -> Result<Option<Version>, Error> {
        let there = self.store.load(key).await?;
        let mut versions = self.versions.lock().unwrap().clone();
        let next = match (there, versions.get(&key.user)) {
            (Some(_), Some(last)) => Version(last.0 + 1),
            _ => Version(1),
        };
        if let Expect::Version(expected) = expect
            && (versions.get(&key.user) != Some(&expected) || next == Version(1))
        {
            return Ok(None);
        }
        versions.insert(key.user.clone(), next);
        *self.versions.lock().unwrap() = versions;
        self.store.save(key, token, Expect::Anything).await?;
        Ok(Some(next))
    }
}

#[async_trait::async_trait]
impl StateStore for Faulty {
    async fn put(&self, key: StateKey, login: PendingLogin) -> Result<(), Error> {
        match self.fault {
            Fault::Forgets => Ok(()),
            Fault::KeepsTheFirst if !self.keys.lock().unwrap().insert(key) => Ok(()),
            _ => self.store.put(key, login).await,
        }
    }

    async fn take(&self, key: &StateKey, binding: &Binding) -> Result<Taken, Error> {
        let taken = self.store.take(key, binding).await?;
        Ok(match (self.fault, taken) {
            (Fault::GivesTwice, Taken::Login(login)) => {
                *self.taken.lock().unwrap() = Some(login.clone());
                Taken::Login(login)
            }
            (Fault::GivesTwice, Taken::Absent) => self.taken.lock().unwrap().take().map_or(Taken::Absent, Taken::Login),
            (Fault::GivesToAnybody, Taken::Kept(login)) => Taken::Login(login),
            (Fault::DropsForOthers, Taken::Kept(login)) => {
                self.store.take(key, login.binding()).await?;
                Taken::Kept(login)
            }
            (Fault::Changes, Taken::Login(login)) => {
                let text = String::from_utf8(login.to_bytes()).unwrap().replace("write", "WRITE");
                Taken::Login(PendingLogin::from_bytes(text.as_bytes()).unwrap())
            }
            (Fault::LivesOn, Taken::Login(login)) => Taken::Login(login.ending_in(std::time::Duration::from_secs(60))),
            (_, taken) => taken,
        })
    }
}

#[async_trait::async_trait]
impl TokenStore for Faulty {
    async fn load(&self, key: &TokenKey) -> Result<Option<StoredToken>, Error> {
        let Some(stored) = self.store.load(&self.key(key)).await? else { return Ok(None) };
        let version = match self.fault {
            Fault::HidesTheVersion => Version(0),
            Fault::CountsFromOne => self.versions.lock().unwrap()[&key.user],
            _ => stored.version,
        };
        let token = match self.fault {
            Fault::ChangesTokens => Token::from_json(&stored.token.expose_json().replace("0.1", "0.2"))?,
            _ => stored.token,
        };
        Ok(Some(StoredToken::new(token, version)))
    }

    async fn save(&self, key: &TokenKey, token: &Token, expect: Expect) -> Result<Option<Version>, Error> {
        let key = self.key(key);
        let there = self.store.load(&key).await?;
        let expect = match (self.fault, expect, there) {
            (Fault::ReplacesAnyVersion, _, Some(_)) | (Fault::RevivesTheDead, _, None) => Expect::Anything,
            (Fault::LooksBeforeItSaves, Expect::Version(expected), Some(there)) if there.version == expected => {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
                Expect::Anything
            }
            (_, expect, _) => expect,
        };
        if self.fault == Fault::CountsFromOne {
            return self.counted(&key, token, expect).await;
        }
        self.store.save(&key, token, expect).await
    }

    async fn delete(&self, key: &TokenKey) -> Result<bool, Error> {
        let deleted = self.store.delete(&self.key(key)).await?;
        Ok(deleted && self.fault != Fault::SaysNothingWasDeleted)
    }

    async fn connections(&self, provider: &str, user: &str) -> Result<Vec<String>, Error> {
        match self.fault {
            Fault::ListsNothing => Ok(Vec::new()),
            _ => self.store.connections(provider, user).await,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_breaks_a_promise_is_found_out() {
    let faulty = |fault| Faulty {
        store: MemoryStore::new(),
        fault,
        versions: Arc::default(),
        taken: Arc::default(),
        keys: Arc::default(),
    };
    let told = |fault: Fault, result: Result<(), Error>, text: &str| {
        let error = result.expect_err(&format!("{fault:?}"));
        assert!(error.kind() == ErrorKind::Configuration && error.to_string().contains(text), "{fault:?}: {error}");
    };
    for (fault, text) in [
        (Fault::Forgets, "does not have a login that was put"),
        (Fault::GivesTwice, "gives a login out twice"),
        (Fault::GivesToAnybody, "gives a login to somebody else"),
        (Fault::DropsForOthers, "drops a login that somebody else asks for"),
        (Fault::KeepsTheFirst, "keeps a login that was replaced"),
        (Fault::Changes, "gives a login out changed"),
        (Fault::LivesOn, "lets a login live longer"),
    ] {
        told(fault, check_state_store(faulty(fault)).await, text);
        check_token_store(faulty(fault)).await.unwrap();
    }
    for (fault, text) in [
        (Fault::ChangesTokens, "gives a token back changed"),
        (Fault::HidesTheVersion, "does not say the version"),
        (Fault::ReplacesAnyVersion, "replaces a version that is not the expected one"),
        (Fault::RevivesTheDead, "brings back a token that was deleted"),
        (Fault::CountsFromOne, "gives a version out twice"),
        (Fault::FoldsCase, "takes one key for another"),
        (Fault::ForgetsTheConnection, "takes one key for another"),
        (Fault::ListsNothing, "does not list the connections"),
        (Fault::SaysNothingWasDeleted, "does not delete a token, or does not say so"),
        (Fault::LooksBeforeItSaves, "lets several of those who save at once"),
    ] {
        told(fault, check_token_store(faulty(fault)).await, text);
        check_state_store(faulty(fault)).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_may_be_chosen_when_the_program_runs() {
    let store: Arc<dyn StateStore> = Arc::new(MemoryStore::new());
    check_state_store(Arc::clone(&store)).await.unwrap();
    check_token_store(Arc::new(store).token_store().unwrap()).await.unwrap();
}
