//! What a flow sends: each request through the same steps, in the same order.

use std::time::SystemTime;

use acf_rules::language::Endpoint;
use http::StatusCode;
use zeroize::Zeroizing;

use super::Flow;
use crate::{
    authorization::{Asked, PendingLogin},
    callback::Callback,
    error::{Error, ErrorKind},
    grant::{self, Call, Draft, Proof, Values},
    hooks::{Hooks, Step},
    http::{Exchange, Limits, Request, Response, check_address},
    provider::{ClientAuth, Pkce, Target},
    secret::ClientSecret,
    token::{self, Expected, Token},
};

impl Flow {
    /// Code for token (RFC 6749 section 4.1.3, RFC 7636 section 4.5). The redirect URI is that of the authorization
    /// request, byte for byte.
    pub(super) async fn exchange_code(
        &self,
        login: &PendingLogin,
        callback: &Callback,
        code: &str,
    ) -> Result<Token, Error> {
        let provider = &self.0.provider;
        let verifier = login.verifier(&callback.state).text();
        let asked = login.asked();
        let own = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &asked.redirect_uri),
            ("code_verifier", verifier.as_str()),
        ];
        let own = if provider.rules.authorize.pkce == Pkce::Off { own.get(..3).unwrap_or(&own) } else { &own };
        let Answer { response, made } = match &provider.token_ready {
            Some(ready) => {
                let request = ready.request(&provider.token_endpoint, own)?;
                self.transmit(request, called(Step::Token)).await?.into()
            }
            // Boxed, so that the future of the usual path stays small.
            None => Box::pin(self.call_token(asked, callback, code, own)).await?,
        };
        let token = {
            let confidential = &self.confidential(&made, &[code, &verifier]);
            let expected = Expected { rules: &provider.rules.response, scopes: &asked.scopes, confidential };
            token::read_token(response, &expected)?.with_captured(&callback.captured)
        };
        match &provider.hooks {
            Some(hooks) => hooks.exchange(token, &self.exchange_with()).await,
            None => Ok(token),
        }
    }

    /// A token request of which something must be worked out each time.
    async fn call_token(
        &self,
        asked: &Asked,
        callback: &Callback,
        code: &str,
        own: &[(&'static str, &str)],
    ) -> Result<Answer, Error> {
        let provider = &self.0.provider;
        let scope = asked.scopes.join(&provider.rules.authorize.scope_separator);
        let values = Values {
            code: Some(code),
            state: Some(&callback.state),
            scope: Some(&scope),
            captured: &callback.captured,
            ..Values::default()
        };
        let endpoint = &Target::Fixed(provider.token_endpoint.clone());
        let rules = &provider.rules.token;
        self.call(Call { step: Step::Token, rules, endpoint, own, values, bearer: None }).await
    }

    /// Refresh token for token (RFC 6749 section 6). It names no scope, which asks for the scope that was granted; some
    /// providers refuse any other.
    pub(super) async fn exchange_refresh(&self, token: &Token) -> Result<Token, Error> {
        let provider = &self.0.provider;
        let rules = &provider.rules.refresh;
        if !self.can_refresh(token) {
            return Err(Error::new(
                ErrorKind::TokenExpired,
                "the token has no refresh token: send the person through the login again",
            ));
        }
        let refresh = token.refresh_token().map(|secret| secret.expose()).unwrap_or_default();
        let own = [("grant_type", "refresh_token"), ("refresh_token", refresh)];
        let Answer { response, made } = match &provider.refresh_ready {
            Some(ready) => {
                let request = ready.request(&provider.refresh_endpoint, &own)?;
                self.transmit(request, called(Step::Refresh)).await?.into()
            }
            None => {
                let scope = token.scopes().join(&provider.rules.authorize.scope_separator);
                let values = Values { scope: Some(&scope), ..Values::of(token) };
                let endpoint = &Target::Fixed(provider.refresh_endpoint.clone());
                let call = Call { step: Step::Refresh, rules, endpoint, own: &own, values, bearer: None };
                Box::pin(self.call(call)).await?
            }
        };
        let confidential = &self.confidential(&made, &[refresh, token.access_token().expose()]);
        let expected = Expected { rules: &provider.rules.response, scopes: token.scopes(), confidential };
        token::read_token(response, &expected).map(|new| token.refreshed_by(new))
    }

    /// Gives one token up (RFC 7009 section 2): a form, also where token requests are JSON. 200 means that the token is
    /// void, whatever the body says.
    pub(super) async fn revoke_one(&self, token: &Token, secret: &str, hint: &str) -> Result<(), Error> {
        let provider = &self.0.provider;
        let endpoint = provider.declared(Endpoint::Revocation, provider.revocation_endpoint.as_ref())?;
        let rules = &provider.rules.revoke;
        let values = Values { token: Some(secret), ..Values::of(token) };
        let own = [("token", secret), ("token_type_hint", hint)];
        let Answer { response, made } =
            self.call(Call { step: Step::Revocation, rules, endpoint, own: &own, values, bearer: None }).await?;
        let declared = rules.status.and_then(|status| StatusCode::from_u16(status).ok());
        if response.status() == StatusCode::OK || Some(response.status()) == declared {
            return Ok(());
        }
        let confidential = &self.confidential(&made, &[secret]);
        let status = response.status();
        let error = token::refusal(response, "the revocation endpoint", &provider.rules.response, confidential);
        if status.is_success() && error.provider().is_none() {
            return Err(error.declare("that is a success here", &format!("revoke(status = {})", status.as_u16())));
        }
        Err(error)
    }

    /// Whether there is something to refresh with. Where the declaration leaves the refresh token out, something else
    /// stands in for it: mostly the access token itself.
    pub(crate) fn can_refresh(&self, token: &Token) -> bool {
        token.refresh_token().is_some() || self.0.provider.rules.refresh.names.name("refresh_token").is_none()
    }

    /// Asks who the token belongs to.
    pub(crate) async fn call_userinfo(&self, endpoint: &Target, token: &Token) -> Result<Answer, Error> {
        let rules = &self.0.provider.rules.userinfo_request;
        let values = Values::of(token);
        self.call(Call { step: Step::Userinfo, rules, endpoint, own: &[], values, bearer: Some(token) }).await
    }

    /// A call whose method, address and body are the caller's: adds the token and what is declared for every call.
    pub(crate) async fn call_api(
        &self,
        mut request: Request,
        token: &Token,
        limits: Limits,
    ) -> Result<Response, Error> {
        let provider = &self.0.provider;
        let hooks = provider.hooks.as_deref();
        let made = made(hooks)?;
        let values = Values { client_secret: self.secret(made.as_ref()), ..Values::of(token) };
        grant::add_token(&mut request, token, &provider.rules.api, &values)?;
        let step = Step::Api;
        if let Some(hooks) = hooks {
            hooks.sign(step, &mut request)?;
            check_address(request.uri())?;
        }
        let mut response = self.http().send(request, limits).await.map_err(|error| error.during(called(step)))?;
        if let Some(hooks) = hooks {
            hooks.answer(step, &mut response)?;
        }
        Ok(response)
    }

    /// One request: proof of who asks, parameters, hooks, encoding, signature; then the answer.
    async fn call(&self, call: Call<'_>) -> Result<Answer, Error> {
        let provider = &self.0.provider;
        let Call { step, rules, endpoint, own, values, bearer } = call;
        let hooks = provider.hooks.as_deref();
        let secret = made(hooks)?;
        let values = Values { client_secret: self.secret(secret.as_ref()), ..values };
        let proof = match bearer {
            // What has a token is proven by it.
            Some(token) => Proof::bearer(token, rules)?,
            None => {
                let audience = provider.token_endpoint.to_string();
                provider.credentials.prove(rules.client_auth, secret.as_ref(), &audience)?
            }
        };
        let assertion = proof.params.iter().find(|(name, _)| *name == "client_assertion");
        let mut made: Vec<_> = assertion.map(|(_, text)| text.clone()).into_iter().collect();
        made.extend(secret.as_ref().map(|secret| Zeroizing::new(secret.expose().to_owned())));
        let mut draft = Draft::new(rules, endpoint.uri(&values)?, own, proof, &values)?;
        if let Some(hooks) = hooks {
            hooks.prepare(step, &mut draft, &self.exchange_with()).await?;
            let assertion = rules.names.name("client_assertion").unwrap_or_default();
            if rules.client_auth == ClientAuth::PrivateKeyJwt && draft.param(assertion).is_none() {
                return Err(Error::configuration(
                    "`private_key_jwt` needs a signing key: set `signing_key`, or set the parameter `client_assertion` in \
                     `Hooks::prepare`",
                ));
            }
        }
        let mut request = draft.into_request()?;
        if let Some(hooks) = hooks {
            hooks.sign(step, &mut request)?;
            check_address(request.uri())?;
        }
        let mut response = self.transmit(request, called(step)).await?;
        if let Some(hooks) = hooks {
            hooks.answer(step, &mut response)?;
        }
        Ok(Answer { response, made })
    }

    /// The client secret of one request.
    fn secret<'a>(&'a self, made: Option<&'a ClientSecret>) -> Option<&'a str> {
        made.or(self.0.provider.credentials.secret.as_ref()).map(ClientSecret::expose)
    }

    /// The transport, for a hook.
    fn exchange_with(&self) -> Exchange<'_> {
        Exchange { client: self.http(), limits: self.0.limits }
    }

    /// No `async fn`: its future would have a place for the request, which belongs to that of the transport.
    fn transmit<'a>(&'a self, request: Request, what: &'a str) -> impl Future<Output = Result<Response, Error>> + 'a {
        let limits: Limits = self.0.limits;
        let answer = self.0.http.send(request, limits);
        async move {
            let response = answer.await.map_err(|error| error.during(what))?;
            if response.body().len() > limits.body {
                return Err(Error::new(ErrorKind::Response, format!("{what}: the answer is larger than the limit")));
            }
            Ok(response)
        }
    }

    /// What must not come back in an error: what was sent, what was made for the request, and the client secret.
    pub(crate) fn confidential<'a>(&'a self, made: &'a [Zeroizing<String>], sent: &[&'a str]) -> Vec<&'a str> {
        let credentials = &self.0.provider.credentials;
        let secret = self.secret(None).into_iter().chain(credentials.encoded());
        secret.chain(made.iter().map(|text| text.as_str())).chain(sent.iter().copied()).collect()
    }
}

/// What came back of a request.
pub(crate) struct Answer {
    pub(crate) response: Response,
    /// The secrets that were made for this request alone.
    pub(crate) made: Vec<Zeroizing<String>>,
}

impl From<Response> for Answer {
    fn from(response: Response) -> Self {
        Self { response, made: Vec::new() }
    }
}

/// The client secret that a hook makes for one request.
fn made(hooks: Option<&dyn Hooks>) -> Result<Option<ClientSecret>, Error> {
    hooks.map_or(Ok(None), |hooks| hooks.client_secret(SystemTime::now()))
}

const fn called(step: Step) -> &'static str {
    match step {
        Step::Token => "the token request",
        Step::Refresh => "the refresh request",
        Step::Revocation => "the revocation request",
        Step::Userinfo => "the userinfo request",
        Step::Api => "the API call",
    }
}
