use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use acf_core::{
    ClientAuth, Custom, Error, Flow, StateStore,
    store::{Binding, PendingLogin, StateKey, Taken},
};

pub type Logins = Vec<(StateKey, PendingLogin)>;

/// Real logins, as a flow makes them.
pub async fn logins(count: usize, lifetime: Duration) -> Logins {
    #[derive(Clone, Default)]
    struct Keep(Arc<Mutex<Logins>>);

    #[async_trait::async_trait]
    impl StateStore for Keep {
        async fn put(&self, key: StateKey, login: PendingLogin) -> Result<(), Error> {
            self.0.lock().unwrap().push((key, login));
            Ok(())
        }

        async fn take(&self, _: &StateKey, _: &Binding) -> Result<Taken, Error> {
            Ok(Taken::Absent)
        }
    }

    let keep = Keep::default();
    let provider = Custom::builder("forge")
        .authorization_endpoint("https://forge.example/oauth/authorize")
        .token_endpoint("https://forge.example/oauth/token")
        .scope(["read", "write"])
        .client_auth(ClientAuth::None)
        .client_id("client-id-0123456789")
        .redirect_uri("https://app.example/oauth/callback");
    let flow =
        Flow::builder(provider.build().unwrap()).state_store(keep.clone()).login_lifetime(lifetime).build().unwrap();
    for _ in 0..count {
        drop(flow.begin("user-42").await.unwrap());
    }
    std::mem::take(&mut *keep.0.lock().unwrap())
}
