//! Client authentication (RFC 6749 section 2.3): by the declared method, and only by that one.

use std::fmt;

use acf_rules::language::ClientAuth;
use base64::{Engine, prelude::BASE64_STANDARD};
use http::HeaderValue;
use zeroize::Zeroizing;

use crate::{
    error::Error,
    form,
    secret::{ClientSecret, Secret},
    signing::{self, SigningKey},
};

/// Who the client is, and what it can prove that with.
pub(crate) struct Credentials {
    pub(crate) client_id: String,
    pub(crate) secret: Option<ClientSecret>,
    pub(crate) signing_key: Option<SigningKey>,
    /// The `Authorization` headers of the two Basic methods, encoded once.
    basic: Option<HeaderValue>,
    basic_raw: Option<HeaderValue>,
}

/// What authenticates one request.
#[derive(Default)]
pub(crate) struct Proof {
    pub(crate) header: Option<HeaderValue>,
    pub(crate) params: Vec<(&'static str, Zeroizing<String>)>,
}

impl Credentials {
    pub(crate) fn new(client_id: &str, secret: Option<&ClientSecret>, signing_key: Option<&SigningKey>) -> Self {
        let header = |raw| secret.and_then(|secret| basic(client_id, secret, raw));
        Self {
            client_id: client_id.to_owned(),
            secret: secret.cloned(),
            signing_key: signing_key.cloned(),
            basic: header(false),
            basic_raw: header(true),
        }
    }

    /// The secret as the Basic methods write it: a server that shows the headers it was sent shows this.
    pub(crate) fn encoded(&self) -> impl Iterator<Item = &str> {
        let headers = [&self.basic, &self.basic_raw].into_iter().flatten();
        headers.filter_map(|header| header.to_str().ok()?.strip_prefix("Basic "))
    }

    /// Proves who the client is. `made` is a secret for this request alone; `audience` is whom an assertion
    /// is for: the token endpoint's URL (RFC 7523 section 3), also in requests to others of the provider's endpoints.
    pub(crate) fn prove(
        &self,
        method: ClientAuth,
        made: Option<&ClientSecret>,
        audience: &str,
    ) -> Result<Proof, Error> {
        let id = || ("client_id", Zeroizing::new(self.client_id.clone()));
        let secret = || {
            made.or(self.secret.as_ref()).ok_or_else(|| {
                Error::configuration(format!(
                    "`{}` needs a client secret: set `client_secret`, or make one in `Hooks::client_secret`",
                    method.name()
                ))
            })
        };
        Ok(match method {
            ClientAuth::ClientSecretBasic | ClientAuth::ClientSecretBasicRaw => {
                let raw = method == ClientAuth::ClientSecretBasicRaw;
                let ready = if raw { &self.basic_raw } else { &self.basic };
                let header = match made {
                    Some(secret) => basic(&self.client_id, secret, raw),
                    None => ready.clone(),
                };
                secret()?;
                Proof { header, params: Vec::new() }
            }
            ClientAuth::ClientSecretPost => {
                let secret = Zeroizing::new(secret()?.expose().to_owned());
                Proof { header: None, params: vec![id(), ("client_secret", secret)] }
            }
            ClientAuth::PrivateKeyJwt | ClientAuth::ClientSecretJwt => {
                let assertion = match (method, &self.signing_key) {
                    (ClientAuth::ClientSecretJwt, _) => {
                        Some(signing::secret_assertion(secret()?, &self.client_id, audience)?)
                    }
                    (_, Some(key)) => Some(signing::private_key_assertion(key, &self.client_id, audience)?),
                    // A hook signs it, or the request is not sent.
                    (_, None) => None,
                };
                let kind = Zeroizing::new(signing::ASSERTION_TYPE.to_owned());
                let mut params = vec![id(), ("client_assertion_type", kind)];
                let text = |assertion: Secret| Zeroizing::new(assertion.expose().to_owned());
                params.extend(assertion.map(|assertion| ("client_assertion", text(assertion))));
                Proof { header: None, params }
            }
            // The certificate of the connection says it (RFC 8705 section 2), or nothing.
            _ => Proof { header: None, params: vec![id()] },
        })
    }
}

/// Identifier and secret are form-encoded first, as RFC 6749 section 2.3.1 wants it: a space, which nothing else becomes
/// `%20` for, is `+`. Raw: for servers that do not decode them.
fn basic(client_id: &str, secret: &ClientSecret, raw: bool) -> Option<HeaderValue> {
    let pair = if raw {
        Zeroizing::new(format!("{client_id}:{}", secret.expose()))
    } else {
        let room = 3 * (client_id.len() + secret.expose().len()) + 1;
        let mut pair = Zeroizing::new(String::with_capacity(room));
        form::encode(&mut pair, client_id);
        pair.push(':');
        form::encode(&mut pair, secret.expose());
        Zeroizing::new(pair.replace("%20", "+"))
    };
    let text = Zeroizing::new(format!("Basic {}", *Zeroizing::new(BASE64_STANDARD.encode(pair.as_bytes()))));
    let mut value = HeaderValue::from_str(&text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("client_id", &self.client_id).finish_non_exhaustive()
    }
}
