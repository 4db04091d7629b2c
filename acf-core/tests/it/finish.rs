//! The callback: who may finish what, in which order it is checked, and what is left afterwards.

use std::{sync::Arc, time::Duration};

use acf_core::{
    Custom, ErrorKind, Flow, MemoryStore, StateStore,
    store::{Binding, PendingLogin, StateKey, Taken},
};

use crate::{
    stores,
    support::{Naming, Server, TOKEN, json, param},
};

/// What is left of a pending login after a failed callback.
#[derive(Clone, Copy, PartialEq)]
enum Left {
    /// Its owner can still finish it.
    Keep,
    /// It is gone.
    Burn,
}

#[tokio::test]
async fn callbacks_that_fail() {
    use ErrorKind::{AccessDenied, BindingMismatch, Callback, IssuerMismatch, Provider, StateMissing, StateUnknown};
    use Left::{Burn, Keep};
    let server = Server::issuing(TOKEN).await;
    let flow = Flow::new(server.provider().issuer("https://forge.example").build().unwrap()).unwrap();
    let cases: &[(&str, &str, ErrorKind, Left)] = &[
        ("u", "code=c&state=STATE&iss=https://evil.example", IssuerMismatch, Keep),
        ("u", "code=c&state=STATE&iss=https://forge.example/", IssuerMismatch, Keep),
        ("u", "code=c&state=STATE&iss=HTTPS://forge.example", IssuerMismatch, Keep),
        ("u", "code=c&state=STATE&iss=https%253A%252F%252Fforge.example", IssuerMismatch, Keep),
        ("u", "error=access_denied&state=STATE&iss=https://evil.example", IssuerMismatch, Keep),
        ("u", "code=c", StateMissing, Keep),
        ("u", "error=access_denied", StateMissing, Keep),
        ("u", "code=c&state=", StateMissing, Keep),
        ("u", "code=c&state=STATEx", StateUnknown, Keep),
        ("u", "code=c&state=STATE%20", StateUnknown, Keep),
        ("u", "code=c&state=' OR 1=1--", StateUnknown, Keep),
        ("u", "code=c&code=d&state=STATE", Callback, Keep),
        ("u", "state=STATE", Callback, Keep),
        ("u", "code=c&state=STATE&access_token=x", Callback, Keep),
        ("somebody else", "code=c&state=STATE", BindingMismatch, Keep),
        ("", "code=c&state=STATE", BindingMismatch, Keep),
        ("somebody else", "error=access_denied&state=STATE", BindingMismatch, Keep),
        ("u", "error=access_denied&state=STATE", AccessDenied, Burn),
        ("u", "error=server_error&state=STATE", Provider, Burn),
        ("u", "error=access_denied&code=c&state=STATE", Callback, Burn),
    ];
    for (user, callback, kind, left) in cases {
        let request = flow.begin("u").await.unwrap();
        let state = request.state.as_str();
        let before = server.seen().len();
        let error = flow.finish(user, &callback.replace("STATE", state)).await.unwrap_err();
        assert_eq!(error.kind(), *kind, "{callback}: {error}");
        assert_eq!(server.seen().len(), before, "{callback}: no token request");

        let again = flow.finish("u", &format!("code=c&state={state}&iss=https://forge.example")).await;
        match left {
            Keep => assert!(again.is_ok(), "{callback}: {again:?}"),
            Burn => assert_eq!(again.unwrap_err().kind(), StateUnknown, "{callback}"),
        }
    }
}

#[tokio::test]
async fn an_issuer_that_nobody_declared_names_the_attribute() {
    let server = Server::issuing(TOKEN).await;
    let flow = server.flow();
    let request = flow.begin("u").await.unwrap();
    let callback = format!("code=c&state={}&iss=https://forge.example", request.state.as_str());
    let error = flow.finish("u", &callback).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::IssuerMismatch);
    assert!(error.to_string().contains("issuer = \"https://forge.example\""), "{error}");
}

#[tokio::test]
async fn a_callback_without_the_promised_issuer_sends_nothing() {
    let server = Server::issuing(TOKEN).await;
    let provider = server.provider().issuer("https://forge.example").set("callback.require_iss", "");
    let flow = Flow::new(provider.build().unwrap()).unwrap();
    let request = flow.begin("u").await.unwrap();
    for answer in ["code=c", "code=c&iss=", "error=access_denied"] {
        let callback = format!("{answer}&state={}", request.state.as_str());
        let error = flow.finish("u", &callback).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::IssuerMismatch, "{answer}: {error}");
    }
    assert_eq!(server.seen().len(), 0);
    let callback = format!("code=c&state={}&iss=https://forge.example", request.state.as_str());
    assert!(flow.finish("u", &callback).await.is_ok(), "the login is kept");
}

#[tokio::test]
async fn another_providers_login_is_refused_and_kept() {
    let server = Server::issuing(TOKEN).await;
    let store = MemoryStore::new();
    let flow = |name: &'static str| {
        let mut provider = server.provider().build().unwrap();
        if name != "forge" {
            provider = Custom::builder(name)
                .base_uri(server.url(""))
                .authorization_path("/authorize")
                .access_token_path("/token")
                .client_auth(acf_core::ClientAuth::None)
                .client_id("id")
                .redirect_uri("https://app.example/callback")
                .build()
                .unwrap();
        }
        Flow::builder(provider).state_store(store.clone()).build().unwrap()
    };
    let (forge, other) = (flow("forge"), flow("other"));
    let request = forge.begin("u").await.unwrap();
    let callback = format!("code=c&state={}", request.state.as_str());
    assert_eq!(other.finish("u", &callback).await.unwrap_err().kind(), ErrorKind::ProviderMismatch);
    assert_eq!(server.seen().len(), 0);
    forge.finish("u", &callback).await.unwrap();
}

#[tokio::test]
async fn a_login_expires() {
    let server = Server::issuing(TOKEN).await;
    let provider = server.provider().build().unwrap();
    let flow = Flow::builder(provider).login_lifetime(Duration::ZERO).build().unwrap();
    let request = flow.begin("u").await.unwrap();
    let error = flow.finish("u", &format!("code=c&state={}", request.state.as_str())).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::StateExpired);
    assert_eq!(server.seen().len(), 0);
}

#[tokio::test]
async fn a_code_goes_to_the_endpoint_it_was_meant_for_or_nowhere() {
    let (server, moved) = (Server::issuing(TOKEN).await, Server::issuing(TOKEN).await);
    let store = MemoryStore::new();
    let build =
        |server: &Server| Flow::builder(server.provider().build().unwrap()).state_store(store.clone()).build().unwrap();
    let request = build(&server).begin("u").await.unwrap();
    let error = build(&moved).finish("u", &format!("code=c&state={}", request.state.as_str())).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ProviderMismatch);
    assert_eq!((server.seen().len(), moved.seen().len()), (0, 0));
}

/// RFC 9700 section 4.4.1: a hostile provider sends people on to an honest one, and waits for the code at its own token
/// endpoint.
#[tokio::test]
async fn a_mix_up_sends_the_code_to_nobody() {
    let hostile = Server::issuing(TOKEN).await;
    let store = MemoryStore::new();
    let build = |name: &'static str, issuer: Option<&str>| {
        let provider = Custom::builder(name)
            .authorization_endpoint("https://honest.example/authorize")
            .token_endpoint(hostile.url("/token"))
            .client_auth(acf_core::ClientAuth::None)
            .client_id("id")
            .redirect_uri(format!("https://app.example/callback/{name}"));
        let provider = issuer.into_iter().fold(provider, |provider, issuer| provider.issuer(issuer));
        Flow::builder(provider.build().unwrap()).state_store(store.clone()).build().unwrap()
    };
    let honest = build("honest", Some("https://honest.example"));
    for issuer in [None, Some("https://hostile.example")] {
        let attacked = build("hostile", issuer);
        let request = attacked.begin("u").await.unwrap();
        // What the honest provider has never registered, it does not send a code to.
        let redirect_uri = param(&request.url, "redirect_uri").unwrap();
        assert_eq!(redirect_uri, "https://app.example/callback/hostile");
        let callback = format!("code=c&iss=https://honest.example&state={}", request.state.as_str());
        // Back at the hostile provider's redirect URI, and at the honest one's.
        let mismatch = attacked.finish("u", &callback).await.unwrap_err().kind();
        assert_eq!(mismatch, ErrorKind::IssuerMismatch, "{issuer:?}");
        let mismatch = honest.finish("u", &callback).await.unwrap_err().kind();
        assert_eq!(mismatch, ErrorKind::ProviderMismatch, "{issuer:?}");
    }
    assert_eq!(hostile.seen().len(), 0);
}

/// RFC 7636 section 4.4.1: whoever forces an error must not get a weaker login, nor the old one's secrets again.
#[tokio::test]
async fn after_a_refusal_the_next_login_is_new_and_no_weaker() {
    let flow = Server::issuing(TOKEN).await.flow();
    let mut seen = std::collections::HashSet::new();
    for _ in 0..3 {
        let request = flow.begin("u").await.unwrap();
        assert_eq!(param(&request.url, "code_challenge_method").as_deref(), Some("S256"));
        for secret in ["state", "code_challenge"] {
            assert!(seen.insert(param(&request.url, secret).unwrap()), "{secret} is not new");
        }
        let refusal = "error=invalid_request&error_description=code_challenge_method+S256+is+not+supported";
        let error = flow.finish("u", &format!("{refusal}&state={}", request.state.as_str())).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Provider);
    }
}

#[tokio::test]
async fn a_hundred_identical_callbacks_send_one_request_and_succeed_once() {
    for (name, store) in stores::all().await {
        let server = Server::issuing(TOKEN).await;
        let flow = Flow::builder(server.provider().build().unwrap()).state_store(store).build().unwrap();
        let request = flow.begin("u").await.unwrap();
        let callback = Arc::new(format!("code=c&state={}", request.state.as_str()));
        let barrier = Arc::new(tokio::sync::Barrier::new(100));
        let tasks: Vec<_> = (0..100)
            .map(|_| {
                let (flow, callback, barrier) = (flow.clone(), Arc::clone(&callback), Arc::clone(&barrier));
                tokio::spawn(async move {
                    barrier.wait().await;
                    flow.finish("u", &callback).await
                })
            })
            .collect();
        let mut succeeded = 0;
        for task in tasks {
            match task.await.unwrap() {
                Ok(_) => succeeded += 1,
                Err(error) => assert_eq!(error.kind(), ErrorKind::StateUnknown, "{name}"),
            }
        }
        assert_eq!((succeeded, server.seen().len()), (1, 1), "{name}");
    }
}

#[tokio::test]
async fn a_refused_code_is_not_sent_again() {
    let server =
        Server::start(|_| json(400, r#"{"error":"invalid_grant","error_description":"code c0de-123 is old"}"#)).await;
    let flow = server.flow();
    let request = flow.begin("u").await.unwrap();
    let callback = format!("code=c0de-123&state={}", request.state.as_str());
    let error = flow.finish("u", &callback).await.unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::Provider, Some(400)));
    assert_eq!(error.provider().unwrap().error(), "invalid_grant");
    assert_eq!(error.next(), acf_core::Next::Reauthorize);
    assert_eq!(error.to_string(), "the token endpoint refused: invalid_grant (code *** is old)");
    assert_eq!(flow.finish("u", &callback).await.unwrap_err().kind(), ErrorKind::StateUnknown);
    assert_eq!(server.seen().len(), 1);
    assert_eq!(flow.session("u").await.unwrap_err().kind(), ErrorKind::NoToken, "nothing was stored");
}

#[tokio::test]
async fn the_steps_of_the_python_package() {
    let server = Server::issuing(TOKEN).await;
    let flow = server.flow();
    let new = flow.make_state().unwrap();
    flow.store_user_state("u", &new).await.unwrap();
    let url = flow.authorization_url(&new);
    let state = param(&url, "state").unwrap();
    assert_eq!(state, new.as_str());

    let check = async |user, state| flow.check_user_state(user, state).await.map_err(|error| error.kind());
    assert_eq!(check("u", &state).await, Ok(()));
    assert_eq!(check("u", &state).await, Ok(()), "checking does not use it up");
    assert_eq!(check("v", &state).await, Err(ErrorKind::BindingMismatch));
    assert_eq!(check("u", "x").await, Err(ErrorKind::StateUnknown));

    let error = flow.fetch_access_token("v", "c", &state).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BindingMismatch);
    let token = flow.fetch_access_token("u", "c", &state).await.unwrap();
    assert_eq!(token.access_token().expose(), "access-1");
    assert_eq!(check("u", &state).await, Err(ErrorKind::StateUnknown));
    assert_eq!(server.seen().len(), 1);
}

/// A store that finds a login by its state alone.
#[derive(Default)]
struct Forgetful(std::sync::Mutex<Option<PendingLogin>>);

#[async_trait::async_trait]
impl StateStore for Forgetful {
    async fn put(&self, _: StateKey, login: PendingLogin) -> Result<(), acf_core::Error> {
        *self.0.lock().unwrap() = Some(login);
        Ok(())
    }

    async fn take(&self, _: &StateKey, _: &Binding) -> Result<Taken, acf_core::Error> {
        Ok(self.0.lock().unwrap().take().map_or(Taken::Absent, Taken::Login))
    }
}

#[tokio::test]
async fn a_store_that_forgets_whose_login_it_is_gives_it_to_nobody_else() {
    let naming = Naming::default();
    let flow = Flow::builder(Naming::provider("forge").build().unwrap());
    let flow = flow.state_store(Forgetful::default()).http_client(naming.clone()).build().unwrap();
    for (user, kind, calls) in [("somebody else", Some(ErrorKind::BindingMismatch), 0), ("u", None, 1)] {
        let callback = format!("code=c&state={}", flow.begin("u").await.unwrap().state.as_str());
        assert_eq!(flow.finish(user, &callback).await.err().map(|error| error.kind()), kind);
        assert_eq!(naming.calls(), calls);
    }
}

/// A store of two methods, as a user would write one, that fails.
struct Down;

#[async_trait::async_trait]
impl StateStore for Down {
    async fn put(&self, _: StateKey, _: PendingLogin) -> Result<(), acf_core::Error> {
        Err(acf_core::Error::store("disk full"))
    }

    async fn take(&self, _: &StateKey, _: &Binding) -> Result<Taken, acf_core::Error> {
        Err(acf_core::Error::store("disk full"))
    }
}

#[tokio::test]
async fn a_store_that_fails_fails_the_login() {
    let server = Server::issuing(TOKEN).await;
    let flow = Flow::builder(server.provider().build().unwrap()).state_store(Down).build().unwrap();
    assert_eq!(flow.begin("u").await.unwrap_err().kind(), ErrorKind::Store);
    assert_eq!(flow.finish("u", "code=c&state=s").await.unwrap_err().kind(), ErrorKind::Store);
    assert_eq!(server.seen().len(), 0);
}
