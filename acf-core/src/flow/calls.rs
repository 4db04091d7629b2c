//! What a flow sends: each request through the same steps, in the same order.

use std::time::SystemTime;

use zeroize::Zeroizing;

use super::Flow;
use crate::{
    error::{Error, ErrorKind},
    events::Asking,
    grant::{self, Call, Draft, Pair, Proof, Values},
    hooks::{Hooks, Step},
    http::{Exchange, Limits, Request, Response, check_address},
    provider::ClientAuth,
    secret::ClientSecret,
    token::Token,
};

impl Flow {
    /// Runs a request and its response.
    pub(crate) async fn run<P: Pair>(&self, pair: &P) -> Result<P::Output, Error> {
        let provider = &self.0.provider;
        // All that is kept of what was sent: the request itself would make the future of every login larger.
        let mut sent = [""; 8];
        let pending = {
            let call = pair.request(provider)?;
            let secrets = call.own.secrets().chain(call.values.secrets());
            sent.iter_mut().zip(secrets).for_each(|(slot, secret)| *slot = secret);
            match call.ready {
                Some(ready) => Ok((ready.request(&call.endpoint, call.own.params())?, call.step.called())),
                // Boxed, so that the future of the usual path stays small.
                None => Err(Box::pin(self.call(call))),
            }
        };
        let (response, made) = match pending {
            Ok((request, what)) => (self.transmit(request, what).await?, Vec::new()),
            Err(call) => call.await?,
        };
        let sent = sent.into_iter().filter(|secret| !secret.is_empty());
        pair.response(provider, response, &self.confidential(&made, sent))
    }

    /// What a hook makes of the first token of a login.
    pub(super) async fn exchange_further(&self, token: Token) -> Result<Token, Error> {
        match &self.0.provider.hooks {
            Some(hooks) => hooks.exchange(token, &self.exchange_with()).await,
            None => Ok(token),
        }
    }

    /// A call whose method, address and body are the caller's: adds the token and what is declared for every call.
    pub(crate) async fn call_api(
        &self,
        mut request: Request,
        token: &Token,
        limits: Limits,
    ) -> Result<Response, Error> {
        let provider = &self.0.provider;
        provider.may_have_a_token(request.uri())?;
        let hooks = provider.hooks.as_deref();
        let made = made(hooks)?;
        let values = Values { client_secret: self.secret(made.as_ref()), ..Values::of(provider, token) };
        grant::add_token(&mut request, token, &provider.rules.api, &values)?;
        let step = Step::Api;
        if let Some(hooks) = hooks {
            hooks.sign(step, &mut request)?;
            check_address(request.uri())?;
            provider.may_have_a_token(request.uri())?;
        }
        let asking = Asking::about(&request);
        let answer = self.http().send(request, limits).await.map_err(|error| error.during(step.called()));
        asking.done(step.called(), &answer);
        let mut response = answer?;
        if let Some(hooks) = hooks {
            hooks.answer(step, &mut response)?;
        }
        Ok(response)
    }

    /// One request: proof of who asks, parameters, hooks, encoding, signature; then the answer, and the secrets that were
    /// made for this request alone.
    async fn call(&self, call: Call<'_>) -> Result<(Response, Vec<Zeroizing<String>>), Error> {
        let provider = &self.0.provider;
        let Call { step, rules, endpoint, own, more, values, bearer, .. } = call;
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
        let mut draft = Draft::new(rules, endpoint, own.params(), more, proof, &values)?;
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
        let mut response = self.transmit(request, step.called()).await?;
        if let Some(hooks) = hooks {
            hooks.answer(step, &mut response)?;
        }
        Ok((response, made))
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
        let asking = Asking::about(&request);
        let answer = self.0.http.send(request, limits);
        async move {
            let answer = answer.await.map_err(|error| error.during(what));
            asking.done(what, &answer);
            let response = answer?;
            if response.body().len() > limits.body {
                return Err(Error::new(ErrorKind::Response, format!("{what}: the answer is larger than the limit")));
            }
            Ok(response)
        }
    }

    /// What must not come back in an error: what was sent, what was made for the request, and the client secret.
    pub(crate) fn confidential<'a>(
        &'a self,
        made: &'a [Zeroizing<String>],
        sent: impl Iterator<Item = &'a str>,
    ) -> Vec<&'a str> {
        let credentials = &self.0.provider.credentials;
        let secret = self.secret(None).into_iter().chain(credentials.encoded());
        secret.chain(made.iter().map(|text| text.as_str())).chain(sent).collect()
    }
}

/// The client secret that a hook makes for one request.
fn made(hooks: Option<&dyn Hooks>) -> Result<Option<ClientSecret>, Error> {
    hooks.map_or(Ok(None), |hooks| hooks.client_secret(SystemTime::now()))
}
