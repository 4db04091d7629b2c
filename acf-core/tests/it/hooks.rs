//! What data cannot say: each hook at its place in the flow, and nothing sent or stored when one fails.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, SystemTime},
};

use acf_core::{
    CallbackParams, ClientSecret, Draft, Error, ErrorKind, Flow, Hooks, OAuthProvider, Parts, Token,
    hooks::Step,
    http::{Exchange, Request, Response},
};
use async_trait::async_trait;

use crate::support::{Server, TOKEN, json, param};

/// Where a hook fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    Secret,
    Callback,
    Prepare(Step),
    Sign(Step),
    Answer(Step),
    Exchange,
}

/// A provider that deviates everywhere.
#[derive(Clone)]
struct Odd {
    base: String,
    fails: Option<At>,
    log: Arc<Mutex<Vec<String>>>,
}

impl OAuthProvider for Odd {
    fn declaration() -> &'static str {
        "name=odd\nhooks=\nauthorization_path=/authorize\naccess_token_path=/token\nrefresh_path=/refresh\n\
         revocation_path=/revoke\nuserinfo_path=/me\nclient_auth=client_secret_post\nscope=read\n\
         api.headers.X-Secret={client_secret}\n"
    }

    fn parts(&self) -> Parts<'_> {
        Parts::new(&"id", &(), &"https://app.example/cb").base_uri(&self.base).hooks(self)
    }
}

impl Odd {
    fn at(&self, at: At, shown: String) -> Result<(), Error> {
        self.log.lock().unwrap().push(shown);
        match self.fails {
            Some(fails) if fails == at => Err(Error::configuration_error(format!("{at:?} failed"))),
            _ => Ok(()),
        }
    }
}

#[async_trait]
impl Hooks for Odd {
    fn client_secret(&self, now: SystemTime) -> Result<Option<ClientSecret>, Error> {
        assert!(now.elapsed().unwrap() < Duration::from_secs(5));
        self.at(At::Secret, "secret".to_owned())?;
        let made = self.log.lock().unwrap().iter().filter(|line| *line == "secret").count();
        format!("made-{made}").parse().map(Some)
    }

    fn authorize(&self, params: &mut Vec<(String, String)>) {
        assert!(!params.iter().any(|(name, _)| name == "state" || name == "code_challenge"));
        params.push(("signature".to_owned(), params.len().to_string()));
        params.push(("state".to_owned(), "forged".to_owned()));
        params.retain(|(name, _)| name != "scope");
    }

    fn callback(&self, params: &CallbackParams<'_>) -> Result<(), Error> {
        let forged = params.get("hmac") != Some("right");
        self.at(At::Callback, format!("callback {params:?}"))?;
        if forged { Err(Error::callback("the callback is not signed by the provider")) } else { Ok(()) }
    }

    async fn prepare(&self, step: Step, draft: &mut Draft, http: &Exchange<'_>) -> Result<(), Error> {
        self.at(At::Prepare(step), format!("prepare {step:?} {draft:?} {http:?}"))?;
        if step == Step::Token {
            let mut request = Request::new(Vec::new());
            *request.uri_mut() = format!("{}/app-token", self.base).parse().unwrap();
            let app = http.send(request).await?;
            draft.set_header("x-app".parse().unwrap(), app.status().as_str().parse().unwrap());
            let computed = format!("{}-{}", draft.param("code").unwrap(), draft.params().count());
            draft.set_param("computed", computed);
            draft.set_param("code", "changed");
            draft.remove_param("redirect_uri");
            draft.set_endpoint(format!("{}?moved", draft.endpoint()).parse().unwrap());
        }
        Ok(())
    }

    fn sign(&self, step: Step, request: &mut Request) -> Result<(), Error> {
        self.at(At::Sign(step), format!("sign {step:?}"))?;
        let length = request.body().len();
        request.headers_mut().insert("x-signed", length.into());
        Ok(())
    }

    fn answer(&self, step: Step, response: &mut Response) -> Result<(), Error> {
        self.at(At::Answer(step), format!("answer {step:?}"))?;
        let text = String::from_utf8(response.body().to_vec()).unwrap();
        *response.body_mut() = text.trim_start_matches("jsonp(").trim_end_matches(')').to_owned().into();
        Ok(())
    }

    async fn exchange(&self, token: Token, http: &Exchange<'_>) -> Result<Token, Error> {
        self.at(At::Exchange, "exchange".to_owned())?;
        let mut request = Request::new(Vec::new());
        *request.uri_mut() = format!("{}/longer?t={}", self.base, token.access_token().expose()).parse().unwrap();
        let body = http.send(request).await?.into_body();
        Token::from_json(std::str::from_utf8(&body).unwrap())
    }
}

async fn odd(fails: Option<At>) -> (Server, Odd, Flow) {
    let server = Server::start(|seen| match seen.head.split([' ', '?']).nth(1).unwrap() {
        "/longer" => {
            json(200, r#"{"v":1,"access_token":"longer","token_type":"Bearer","refresh_token":"r","scope":[]}"#)
        }
        "/me" => json(200, r#"jsonp({"sub":"u1"})"#),
        _ => json(200, &format!("jsonp({TOKEN})")),
    })
    .await;
    let odd = Odd { base: server.url(""), fails, log: Arc::default() };
    let flow = Flow::new(odd.clone()).unwrap();
    (server, odd, flow)
}

/// The path of each request, in order.
fn paths(server: &Server) -> Vec<String> {
    server.seen().iter().map(|seen| seen.head.split(' ').nth(1).unwrap().to_owned()).collect()
}

#[tokio::test]
async fn every_hook_has_its_place() {
    let (server, odd, flow) = odd(None).await;
    let request = flow.begin("u").await.unwrap();
    assert_eq!(param(&request.url, "signature").as_deref(), Some("5"), "{}", request.url);
    assert_eq!(param(&request.url, "scope"), None);
    assert_eq!(request.url.matches("state=").count(), 1, "{}", request.url);
    assert!(param(&flow.authorization_url(&flow.make_state().unwrap()), "signature").is_some());

    let callback = format!("code=c0de&hmac=right&state={}", request.state.as_str());
    let token = flow.finish("u", &callback).await.unwrap();
    assert_eq!(token.access_token().expose(), "longer");
    assert_eq!(paths(&server), ["/app-token", "/token?moved", "/longer?t=access-1"]);
    let seen = server.seen()[1].clone();
    assert_eq!((seen.header("x-app"), seen.header("x-signed")), (Some("200"), Some(&*seen.body.len().to_string())));
    let form = seen.form();
    assert_eq!(
        (form["code"].as_str(), form["computed"].as_str(), form["client_secret"].as_str()),
        ("changed", "c0de-6", "made-1")
    );
    assert!(!form.contains_key("redirect_uri"));

    let session = flow.session("u").await.unwrap();
    assert_eq!(session.token().await.unwrap(), token, "the second token is stored");
    assert_eq!(session.userinfo().await.unwrap().id(), Some("u1"));
    session.get(server.url("/api")).send().await.unwrap();
    let seen = server.seen().last().unwrap().clone();
    assert_eq!((seen.header("x-secret"), seen.header("x-signed")), (Some("made-3"), Some("0")));
    assert_eq!(session.refresh().await.unwrap().access_token().expose(), "access-1", "no further exchange");
    assert_eq!(server.seen().last().unwrap().form()["client_secret"], "made-4");
    session.revoke().await.unwrap();
    assert_eq!(paths(&server)[3..], ["/me", "/api", "/refresh", "/revoke", "/revoke"]);

    let log = odd.log.lock().unwrap().join("\n");
    assert!(log.starts_with("callback"), "{log}");
    for step in ["prepare Token", "prepare Userinfo", "sign Api", "answer Refresh", "prepare Revocation"] {
        assert!(log.contains(step), "{step} not in\n{log}");
    }
    for secret in ["c0de", "made-", "access-1", "longer", "right", request.state.as_str()] {
        assert!(!log.contains(secret), "{secret} in\n{log}");
    }
}

#[tokio::test]
async fn an_unsigned_callback_leaves_the_login_usable() {
    let (server, _, flow) = odd(None).await;
    let request = flow.begin("u").await.unwrap();
    let state = request.state.as_str();
    let error = flow.finish("u", &format!("code=c&hmac=wrong&state={state}")).await.unwrap_err();
    assert_eq!((error.kind(), server.seen().len()), (ErrorKind::Callback, 0));
    flow.finish("u", &format!("code=c&hmac=right&state={state}")).await.unwrap();
}

#[tokio::test]
async fn a_hook_that_fails_sends_and_stores_nothing() {
    for (at, sent) in [
        (At::Secret, 0),
        (At::Callback, 0),
        (At::Prepare(Step::Token), 0),
        (At::Sign(Step::Token), 1),
        (At::Answer(Step::Token), 2),
        (At::Exchange, 2),
    ] {
        let (server, _, flow) = odd(Some(at)).await;
        let request = flow.begin("u").await.unwrap();
        let callback = format!("code=c&hmac=right&state={}", request.state.as_str());
        let error = flow.finish("u", &callback).await.unwrap_err();
        assert_eq!(error.to_string(), format!("{at:?} failed"));
        assert_eq!(server.seen().len(), sent, "{at:?}: {:?}", paths(&server));
        assert_eq!(flow.session("u").await.unwrap_err().kind(), ErrorKind::NoToken, "{at:?}");
    }
    for (at, sent) in [
        (At::Prepare(Step::Refresh), 0),
        (At::Sign(Step::Refresh), 0),
        (At::Answer(Step::Refresh), 1),
        (At::Prepare(Step::Userinfo), 0),
        (At::Sign(Step::Userinfo), 0),
        (At::Answer(Step::Userinfo), 1),
        (At::Sign(Step::Api), 0),
        (At::Answer(Step::Api), 1),
        (At::Prepare(Step::Revocation), 0),
    ] {
        let (server, _, flow) = odd(Some(at)).await;
        let request = flow.begin("u").await.unwrap();
        flow.finish("u", &format!("code=c&hmac=right&state={}", request.state.as_str())).await.unwrap();
        let session = flow.session("u").await.unwrap();
        let (before, stored) = (server.seen().len(), session.stored_token().await.unwrap());
        let (At::Prepare(step) | At::Sign(step) | At::Answer(step)) = at else { panic!("{at:?}") };
        let error = match step {
            Step::Refresh => session.refresh().await.map(drop),
            Step::Userinfo => session.userinfo().await.map(drop),
            Step::Api => session.get(server.url("/api")).send().await.map(drop),
            _ => flow.revoke(&stored).await,
        };
        assert_eq!(error.unwrap_err().to_string(), format!("{at:?} failed"));
        assert_eq!(server.seen().len() - before, sent, "{at:?}");
        assert_eq!(session.stored_token().await.unwrap(), stored, "{at:?}");
    }
}

/// A client whose assertion a hook makes.
#[derive(Clone)]
struct Elsewhere(String, fn(&mut Draft));

impl OAuthProvider for Elsewhere {
    fn declaration() -> &'static str {
        "name=elsewhere\nhooks=\nauthorization_path=/authorize\naccess_token_path=/token\nclient_auth=private_key_jwt\n"
    }

    fn parts(&self) -> Parts<'_> {
        Parts::new(&"id", &(), &"https://app.example/cb").base_uri(&self.0).hooks(self)
    }
}

#[async_trait]
impl Hooks for Elsewhere {
    async fn prepare(&self, _: Step, draft: &mut Draft, _: &Exchange<'_>) -> Result<(), Error> {
        (self.1)(draft);
        Ok(())
    }
}

#[tokio::test]
async fn what_a_hook_leaves_out_or_points_elsewhere_is_not_sent() {
    let assert: fn(&mut Draft) = |draft| draft.set_param("client_assertion", "signed");
    let elsewhere: fn(&mut Draft) = |draft| {
        draft.set_param("client_assertion", "signed");
        draft.set_endpoint("http://forge.example/token?secret=s3cret".parse().unwrap());
    };
    for (prepare, says) in [
        (assert, None),
        (|_| {}, Some("`private_key_jwt` needs a signing key")),
        (elsewhere, Some("`url` must use https")),
    ] {
        let server = Server::issuing(TOKEN).await;
        let flow = Flow::new(Elsewhere(server.url(""), prepare)).unwrap();
        let request = flow.begin("u").await.unwrap();
        let finished = flow.finish("u", &format!("code=c&state={}", request.state.as_str())).await;
        match says {
            None => {
                finished.unwrap();
                let form = server.seen()[0].form();
                assert_eq!((form["client_assertion"].as_str(), form["client_id"].as_str()), ("signed", "id"));
            }
            Some(says) => {
                let error = finished.unwrap_err();
                assert_eq!((error.kind(), server.seen().len()), (ErrorKind::Configuration, 0));
                assert!(error.to_string().contains(says) && !error.to_string().contains("s3cret"), "{error}");
            }
        }
    }
}

#[tokio::test]
async fn a_secret_that_a_hook_makes_is_masked_like_any_other() {
    let server = Server::start(|seen| {
        let said = seen.body.replace(['&', '='], " ");
        json(400, &format!(r#"{{"error":"invalid_client","error_description":"{said}"}}"#))
    })
    .await;
    let odd = Odd { base: server.url(""), fails: None, log: Arc::default() };
    let flow = Flow::new(odd).unwrap();
    let request = flow.begin("u").await.unwrap();
    let callback = format!("code=c0de&hmac=right&state={}", request.state.as_str());
    let error = flow.finish("u", &callback).await.unwrap_err();
    assert_eq!(error.provider().unwrap().error(), "invalid_client");
    assert!(error.to_string().contains("client_secret ***") && !error.to_string().contains("made-"), "{error}");
}
