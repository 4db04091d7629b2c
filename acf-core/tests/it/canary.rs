//! No secret shows in `Debug`, `Display` or an error chain of any public type.

use std::fmt::Debug;

use acf_core::{
    ClientSecret, Credentials, Custom, DevicePoll, Flow, JwtAssertion, MemoryStore, NewState, OAuthProvider, Secret,
    StateStore, Token, TokenExchange,
    http::{HttpError, HttpErrorKind},
    store::{Binding, PendingLogin, StateKey, StoredToken, Taken, Version},
};

use crate::support::{Server, answer, json, param};

const CANARY: &str = "canary0123456789";

/// What must not be seen, and what was seen.
#[derive(Default)]
struct Watch {
    secrets: Vec<String>,
}

impl Watch {
    fn debug(&self, what: &str, value: &dyn Debug) {
        self.text(what, &format!("{value:?}"));
        self.text(what, &format!("{value:#?}"));
    }

    fn error(&self, what: &str, error: &acf_core::Error) {
        self.debug(what, error);
        let mut next: Option<&dyn std::error::Error> = Some(error);
        while let Some(error) = next {
            self.text(what, &error.to_string());
            next = error.source();
        }
    }

    fn text(&self, what: &str, text: &str) {
        for secret in self.secrets.iter().map(String::as_str).chain([CANARY]) {
            assert!(!text.contains(secret), "{what} shows {secret}: {text}");
        }
    }
}

/// Sees what a store sees.
#[derive(Clone, Default)]
struct Spy(MemoryStore, std::sync::Arc<std::sync::Mutex<Vec<(StateKey, PendingLogin)>>>);

#[async_trait::async_trait]
impl StateStore for Spy {
    async fn put(&self, key: StateKey, login: PendingLogin) -> Result<(), acf_core::Error> {
        self.1.lock().unwrap().push((key, login.clone()));
        self.0.put(key, login).await
    }

    async fn take(&self, key: &StateKey, binding: &Binding) -> Result<Taken, acf_core::Error> {
        self.0.take(key, binding).await
    }
}

#[tokio::test]
async fn no_public_type_shows_a_secret() {
    let token_json = format!(
        r#"{{"v":1,"access_token":"{CANARY}a","token_type":"Bearer","refresh_token":"{CANARY}r","id_token":"{CANARY}i","scope":["read"],"extra":{{"team":"{CANARY}x"}}}}"#
    );
    let server = Server::start(|seen| match seen.form().get("code").map(String::as_str) {
        // The endpoint repeats everything that it was sent, in every way an error can.
        Some("canary0123456789-json") => {
            let said = seen.body.replace('"', "'");
            json(
                400,
                &format!(r#"{{"error":"invalid_grant","error_description":"{said}","error_uri":"https://x/?{said}"}}"#),
            )
        }
        Some("canary0123456789-plain") => {
            answer(500, "content-type: text/plain\r\n", &format!("you sent {:?}", seen.form()))
        }
        Some("canary0123456789-broken") => {
            json(200, &format!(r#"{{"access_token":"{CANARY} {CANARY}","token_type":"bearer"}}"#))
        }
        Some("canary0123456789-cut") => json(200, &format!(r#"{{"access_token":"{CANARY}"#)),
        Some("canary0123456789-type") => json(200, &format!(r#"{{"access_token":"{CANARY}","token_type":7}}"#)),
        _ if seen.head.starts_with("POST /device ") => json(
            200,
            &format!(
                r#"{{"device_code":"{CANARY}d","user_code":"{CANARY}","verification_uri":"https://x.example/{CANARY}","expires_in":60,"interval":1}}"#
            ),
        ),
        _ => json(
            200,
            &format!(
                r#"{{"access_token":"{CANARY}a","token_type":"bearer","refresh_token":"{CANARY}r","team":"{CANARY}"}}"#
            ),
        ),
    })
    .await;
    #[cfg(feature = "tracing")]
    let (told, _listening) = crate::events::listen();
    let provider = server.provider().client_secret(CANARY.parse().unwrap());
    let mut watch = Watch::default();
    watch.debug("CustomBuilder", &provider);
    let provider: Custom = provider.build().unwrap();
    watch.debug("Custom", &provider);
    watch.debug("Parts", &provider.parts());
    watch.debug("Definition", provider.definition());

    let secret: ClientSecret = CANARY.parse().unwrap();
    watch.debug("Credentials", &Credentials::new("id").client_secret(secret.clone()));
    watch.debug("ClientSecret", &secret);
    watch.debug("Secret", &Secret::from(CANARY.to_owned()));
    watch.error("ClientSecret", &format!("{CANARY}\n").parse::<ClientSecret>().unwrap_err());

    let store = Spy::default();
    let builder = Flow::builder(provider).state_store(store.clone()).token_store(store.0.clone());
    watch.debug("FlowBuilder", &builder);
    let flow = builder.build().unwrap();
    watch.debug("Flow", &flow);
    watch.debug("Begin", &flow.begin("u").param("login_hint", CANARY));

    let new: NewState = flow.make_state().unwrap();
    watch.secrets.extend([new.as_str().to_owned(), param(&flow.authorization_url(&new), "code_challenge").unwrap()]);
    watch.debug("NewState", &new);
    flow.store_user_state("u", &new).await.unwrap();
    let request = flow.begin("u").await.unwrap();
    watch.secrets.push(request.state.as_str().to_owned());
    watch.debug("AuthorizationRequest", &request);
    watch.debug("State", &request.state);
    for (key, login) in store.1.lock().unwrap().iter() {
        watch.debug("StateKey", key);
        watch.debug("PendingLogin", login);
        watch.debug("Binding", login.binding());
        watch.debug("Taken", &Taken::Kept(login.clone()));
        watch.text("PendingLogin::to_bytes", &String::from_utf8(login.to_bytes()).unwrap());
    }

    let token = Token::from_json(&token_json).unwrap();
    watch.debug("Token", &token);
    watch.debug("StoredToken", &StoredToken::new(token, Version(1)));
    watch.error("Token", &Token::from_json(&token_json.replace("\"v\":1", "\"v\":9")).unwrap_err());

    for code in ["json", "plain", "broken", "cut", "type"] {
        let request = flow.begin("u").await.unwrap();
        watch.secrets.push(request.state.as_str().to_owned());
        let callback = format!("code={CANARY}-{code}&state={}", request.state.as_str());
        let error = flow.finish("u", &callback).await.unwrap_err();
        watch.secrets.push(server.seen().last().unwrap().form()["code_verifier"].clone());
        watch.error(code, &error);
        // Its callback once more, to somebody else, and with what does not belong there.
        watch.error("replay", &flow.finish("u", &callback).await.unwrap_err());
        watch.error("token", &flow.finish("u", &format!("{callback}&access_token={CANARY}")).await.unwrap_err());
        watch.error("broken", &flow.finish("u", &format!("{callback}%zz")).await.unwrap_err());
    }

    let request = flow.begin("u").await.unwrap();
    let denied = format!("error=access_denied&error_description={}&state={0}", request.state.as_str());
    watch.secrets.push(request.state.as_str().to_owned());
    watch.error("denied", &flow.finish("u", &denied).await.unwrap_err());

    let request = flow.begin("u").await.unwrap();
    watch.secrets.push(request.state.as_str().to_owned());
    let completed = flow.complete("u", &format!("code=fine&state={}", request.state.as_str())).await.unwrap();
    watch.debug("Completed", &completed);
    let session = flow.session("u").await.unwrap();
    watch.debug("Session", &session);
    let secret = || Secret::from(CANARY.to_owned());
    let exchange =
        TokenExchange::new(secret(), TokenExchange::JWT).actor(secret(), TokenExchange::JWT).audience(CANARY);
    watch.debug("TokenExchange", &exchange);
    watch.debug("ExchangeRequest", &flow.exchange_token(exchange.clone()).param("x", CANARY));
    watch.debug("TokenRequest", &flow.jwt_bearer(&secret()).param("x", CANARY));
    watch.debug("JwtAssertion", &JwtAssertion::new("me", CANARY, "you").claim("email", CANARY));
    let device = server.provider().set("device_authorization_path", "/device");
    let device = Flow::new(device.build().unwrap()).unwrap();
    watch.debug("DeviceRequest", &device.device().param("x", CANARY));
    let mut login = device.device().await.unwrap().save_for("u");
    watch.debug("DeviceLogin", &login);
    tokio::time::sleep(login.interval()).await;
    let done = login.poll().await.unwrap();
    assert!(matches!(done, DevicePoll::Done(_)));
    watch.debug("DevicePoll", &done);
    watch.error("DeviceLogin", &login.poll().await.unwrap_err());
    #[cfg(feature = "encrypted")]
    sealed(&mut watch, server.provider().build().unwrap()).await;
    watch.debug("ApiRequest", &session.get(server.url(&format!("/me?token={CANARY}"))));
    watch.debug("ApiResponse", &session.get(server.url("/me")).send().await.unwrap());
    watch.debug("MemoryStore", &store.0);
    let unreachable = session.get(format!("http://127.0.0.1:1/me?key={CANARY}")).send().await.unwrap_err();
    watch.error("unreachable", &unreachable);
    watch.debug("HttpError", &HttpError::new(HttpErrorKind::Timeout, "slow"));
    #[cfg(feature = "tracing")]
    {
        let told = told.lock().unwrap();
        assert!(told.len() > 20, "{}", told.len());
        told.iter().for_each(|told| watch.debug("an event", told));
    }
}

/// Keys, and a login that waits in the browser.
#[cfg(feature = "encrypted")]
async fn sealed(watch: &mut Watch, provider: Custom) {
    use acf_core::{Encrypted, SealingKey, SealingKeys};

    let key = SealingKey::from(*CANARY.repeat(2).as_bytes().first_chunk().unwrap());
    watch.secrets.push(key.expose_base64().to_string());
    watch.debug("SealingKey", &key);
    let text = format!("{}:a", key.expose_base64().as_str());
    watch.error("SealingKeys", &text.parse::<SealingKeys>().unwrap_err());
    let keys = SealingKeys::new("id", key).unwrap();
    watch.debug("SealingKeys", &keys);
    watch.debug("Encrypted", &Encrypted::new(MemoryStore::new(), keys.clone()));
    let flow = Flow::builder(provider).sealing_keys(keys);
    watch.debug("FlowBuilder", &flow);
    let flow = flow.build().unwrap();
    watch.debug("SealedBegin", &flow.begin("u").param("login_hint", CANARY).sealed());
    let request = flow.begin("u").return_to(&format!("/{CANARY}")).sealed().await.unwrap();
    watch.secrets.extend([request.state.as_str().to_owned(), request.cookie.value().to_owned()]);
    watch.debug("SealedRequest", &request);
    watch.debug("LoginCookie", &request.cookie);
    let callback = format!("code={CANARY}-json&state={}", request.state.as_str());
    let cookie = format!("{}={}", request.cookie.name(), request.cookie.value());
    for (user, cookies) in [("u", format!("{cookie}A")), ("somebody else", cookie.clone()), ("u", cookie)] {
        watch.error("finish_sealed", &flow.finish_sealed(user, &callback, &cookies).await.unwrap_err());
    }
}
