//! What is announced, as a declaration.

use std::fmt::Write;

use acf_rules::{
    language::{ClientAuth, Endpoint, GrantType},
    uri,
};
use sha2::{Digest, Sha256};

use super::Metadata;
use crate::{
    error::Error,
    provider::{Credentials, Custom, CustomBuilder},
};

/// Grants that are known here, by their names in RFC 7591 section 2. A person's password and the implicit grant are retired
/// (RFC 9700 section 2), and never begun because a server still has them.
pub(super) const GRANTS: &[(&str, GrantType)] = &[
    ("authorization_code", GrantType::AuthorizationCode),
    ("refresh_token", GrantType::RefreshToken),
    ("client_credentials", GrantType::ClientCredentials),
    ("urn:ietf:params:oauth:grant-type:device_code", GrantType::DeviceCode),
    ("urn:ietf:params:oauth:grant-type:token-exchange", GrantType::TokenExchange),
    ("urn:ietf:params:oauth:grant-type:jwt-bearer", GrantType::JwtBearer),
];

impl Metadata {
    /// A provider as it is announced, to be changed before it is built: its endpoints, `issuer`, `client_auth`, `pkce`
    /// where S256 is not among those listed, `callback(require_iss)` where each callback has an `iss`, and `grant_types(..)`
    /// where the code grant is not offered. Scopes are asked for by you. [`Definition::attribute`](crate::Definition::attribute)
    /// writes what comes of it as a declaration.
    ///
    /// Its identifier is made of the issuer, and differs for each: under it tokens are stored. Another one is set with
    /// [`CustomBuilder::name`].
    ///
    /// The method of authentication is the one that the credentials [name](Credentials::client_auth). Where they name none:
    /// with a signing key `private_key_jwt`; with a secret the first that is announced of `client_secret_basic`,
    /// `client_secret_post` and `client_secret_jwt`; with neither `none`. Where none is announced, a server knows
    /// `client_secret_basic` (RFC 8414 section 2). Nothing is probed.
    ///
    /// PKCE stays S256 where nothing is announced: what a server does not know it ignores (RFC 6749 section 3.1). It is never
    /// switched off.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if the credentials fit no announced method, or no grant
    /// is offered that can be used.
    pub fn provider(&self, credentials: Credentials) -> Result<CustomBuilder, Error> {
        let method = match credentials.client_auth {
            Some(method) => method,
            None => self.method(&credentials)?,
        };
        let grants = self.grants(method)?;
        let mut builder = Custom::builder(self.name()).issuer(self.issuer());
        let sends_people = grants.is_empty();
        let used: Vec<_> = Endpoint::ALL
            .iter()
            .filter(|endpoint| match endpoint {
                Endpoint::Authorization => sends_people,
                Endpoint::DeviceAuthorization => sends_people || grants.contains(&GrantType::DeviceCode),
                _ => true,
            })
            .filter_map(|endpoint| Some((*endpoint, canonical(self.endpoint_for(method, *endpoint)?))))
            .collect();
        let base = self.base(&used);
        if let Some(base) = &base {
            builder = builder.base_uri(base);
        }
        for (endpoint, url) in &used {
            let path = base.as_deref().and_then(|base| below(base, url));
            builder = match (endpoint.path_key(), path) {
                (Some(key), Some(path)) => builder.set(key, path),
                _ => builder.set(endpoint.url_key(), url),
            };
        }
        let pkce = self.code_challenge_methods_supported().unwrap_or_default();
        if pkce.contains(&"plain") && !pkce.contains(&"S256") && sends_people {
            builder = builder.set("pkce", "plain");
        }
        if self.authorization_response_iss_parameter_supported() && sends_people {
            builder = builder.set("callback.require_iss", "");
        }
        let builder = grants.iter().fold(builder, |builder, grant| builder.set("grant_types", grant.name()));
        Ok(builder.credentials(credentials.client_auth(method)))
    }

    /// What is announced for a client that authenticates so.
    pub(super) fn endpoint_for(&self, method: ClientAuth, endpoint: Endpoint) -> Option<&str> {
        match method {
            // It is the connection that shows the certificate, also to endpoints that ask for no other proof.
            ClientAuth::TlsClientAuth => self.mtls_endpoint(endpoint),
            _ => self.endpoint(endpoint),
        }
    }

    /// Host and digest of the issuer. Of two issuers that one could take for each other neither gets the other's tokens.
    fn name(&self) -> String {
        let host = self.host().to_ascii_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), "-");
        let digest = Sha256::digest(self.issuer().as_bytes());
        let mut name = host.trim_matches('-').to_owned() + "-";
        for byte in digest.iter().take(16) {
            // Writing to a string cannot fail.
            let _ = write!(name, "{byte:02x}");
        }
        name
    }

    /// The issuer's host, which is what people know it by.
    pub(crate) fn host(&self) -> &str {
        let rest = self.issuer().split_once("://").map_or("", |(_, rest)| rest);
        rest.split('/').next().unwrap_or_default()
    }

    /// The best method that both sides know.
    fn method(&self, credentials: &Credentials) -> Result<ClientAuth, Error> {
        let announced = self.token_endpoint_auth_methods_supported();
        let knows = |method: ClientAuth| announced.as_ref().is_some_and(|methods| methods.contains(&method.name()));
        let algorithms = self.token_endpoint_auth_signing_alg_values_supported();
        let signs = |name: &str| algorithms.as_ref().is_none_or(|algorithms| algorithms.contains(&name));
        let by_key = credentials.signing_key.as_ref().is_some_and(|key| {
            (knows(ClientAuth::PrivateKeyJwt) && signs(key.algorithm().name()))
                // A key proves nothing in any other way.
                || (announced.is_none() && credentials.client_secret.is_none())
        });
        if by_key {
            return Ok(ClientAuth::PrivateKeyJwt);
        }
        if credentials.client_secret.is_some() {
            let by_secret = [
                (ClientAuth::ClientSecretBasic, announced.is_none() || knows(ClientAuth::ClientSecretBasic)),
                (ClientAuth::ClientSecretPost, knows(ClientAuth::ClientSecretPost)),
                (
                    ClientAuth::ClientSecretJwt,
                    knows(ClientAuth::ClientSecretJwt) && signs("HS256") && cfg!(feature = "jwt"),
                ),
            ];
            if let Some((method, _)) = by_secret.into_iter().find(|(_, known)| *known) {
                return Ok(method);
            }
        } else if credentials.signing_key.is_none() {
            return Ok(ClientAuth::None);
        }
        let held = match (&credentials.signing_key, &credentials.client_secret) {
            (Some(_), Some(_)) => "a signing key and a client secret",
            (Some(_), None) => "a signing key",
            _ => "a client secret",
        };
        let known: Vec<_> =
            ClientAuth::ALL.iter().filter(|method| knows(**method)).map(|method| method.name()).collect();
        let known =
            if known.is_empty() { "no method known here".to_owned() } else { format!("`{}`", known.join("`, `")) };
        Err(Error::configuration(format!(
            "`{}` announces {known} for client authentication, and the credentials hold {held}: register for another method, \
             or name the one that is meant with `Credentials::client_auth`",
            self.issuer()
        )))
    }

    /// The grants to declare: none where there is the code grant, which is the default.
    fn grants(&self, method: ClientAuth) -> Result<Vec<GrantType>, Error> {
        if self.offers_codes() {
            return Ok(Vec::new());
        }
        let offered = self.grant_types_supported().unwrap_or_default();
        let usable = |grant: GrantType| match grant {
            GrantType::AuthorizationCode => false,
            GrantType::ClientCredentials => method != ClientAuth::None,
            GrantType::DeviceCode => self.device_authorization_endpoint().is_some(),
            _ => true,
        };
        let known = GRANTS.iter().filter(|(name, grant)| offered.contains(name) && usable(*grant));
        let grants: Vec<_> = known.map(|(_, grant)| *grant).collect();
        // A refresh token comes from another grant.
        if grants.iter().all(|grant| *grant == GrantType::RefreshToken) {
            return Err(Error::configuration(format!(
                "`{}` announces no grant that this client can use: {}",
                self.issuer(),
                crate::error::clean(&offered.join(" "), &[])
            )));
        }
        Ok(grants)
    }

    pub(super) fn offers_codes(&self) -> bool {
        // Where no grant is listed, this one is meant (RFC 8414 section 2).
        let granted = self.grant_types_supported().is_none_or(|grants| grants.contains(&"authorization_code"));
        granted && self.response_types_supported().is_some_and(|types| types.contains(&"code"))
    }

    /// What most endpoints begin with: the issuer, or the scheme and host of at least two.
    fn base(&self, endpoints: &[(Endpoint, String)]) -> Option<String> {
        let urls =
            || endpoints.iter().filter(|(endpoint, _)| endpoint.path_key().is_some()).map(|(_, url)| url.as_str());
        let issuer = canonical(self.issuer());
        let issuer = issuer.strip_suffix('/').unwrap_or(&issuer);
        let mut best: Option<(&str, usize)> = None;
        for base in [issuer].into_iter().chain(urls().filter_map(origin)) {
            let count = urls().filter(|url| below(base, url).is_some()).count();
            if count > best.map_or(1, |(_, most)| most) {
                best = Some((base, count));
            }
        }
        best.map(|(base, _)| base.to_owned())
    }
}

/// The path of a URL below a base, where a declaration can say it so.
fn below<'a>(base: &str, url: &'a str) -> Option<&'a str> {
    let path = url.strip_prefix(base)?;
    (uri::base_uri(base).is_ok() && uri::path(path).is_ok()).then_some(path)
}

/// Scheme, host and port.
fn origin(url: &str) -> Option<&str> {
    let host = url.find("://")? + 3;
    let end = url.get(host..)?.find(['/', '?']).map_or(url.len(), |at| host + at);
    url.get(..end)
}

/// As declarations have it: scheme and host in lower case, no default port (RFC 3986 section 6.2).
pub(super) fn canonical(url: &str) -> String {
    let Some((origin, rest)) = origin(url).and_then(|origin| Some((origin, url.get(origin.len()..)?))) else {
        return url.to_owned();
    };
    let origin = origin.to_ascii_lowercase();
    let origin = match origin.strip_suffix(":443") {
        Some(without) if origin.starts_with("https:") => without,
        _ => &origin,
    };
    format!("{origin}{rest}")
}
