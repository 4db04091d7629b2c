//! A provider that is described by options.

use acf_core::{
    ClientAuth, Credentials, Custom, CustomBuilder, Error, Flow, Metadata, http::ReqwestClient, provider::Post,
};

use super::{Built, Options, Purpose, by_certificate, method, user};
use crate::{failed::Failed, terminal::waiting};

/// Stands in for what was not given, so that the library reports the rest; what is missing is reported by its option.
const ABSENT: &str = "https://absent.invalid/";

impl Options<'_> {
    /// By endpoints.
    pub(super) fn custom(&self, redirect_uri: &str) -> Result<Built, String> {
        let custom = &self.args.custom;
        let client_id = custom.client_id.as_deref().unwrap_or("absent");
        let mut builder = self.named(Custom::builder("custom")).client_id(client_id).redirect_uri(redirect_uri);
        let needed = self.purpose.needs(false);
        for (key, given) in custom.endpoints() {
            let people = matches!(key, "authorization_endpoint" | "device_authorization_endpoint");
            match given.or(needed.contains(&key).then_some(ABSENT)) {
                // Nobody logs in, and a declaration that says so has no place for where.
                Some(_) if self.purpose == Purpose::Service && people => {}
                Some(url) => builder = builder.set(key, url),
                None => {}
            }
        }
        let devices = custom.device_authorization_endpoint.is_some();
        // Without a list, people are sent to an authorization endpoint, unless there is one for devices.
        match self.purpose {
            Purpose::Service => builder = builder.set("grant_types", "client_credentials"),
            Purpose::Stored | Purpose::Introspection if custom.authorization_endpoint.is_none() && !devices => {
                builder = builder.set("grant_types", "refresh_token");
            }
            _ => {}
        }
        if let Some(issuer) = &custom.issuer {
            builder = builder.issuer(issuer);
        }
        // A method without what it needs, or the other way round, has been noted already.
        builder = match method(self.args).filter(|method| self.can(*method)) {
            Some(method) => {
                if let Some(secret) = &self.held.secret {
                    builder = builder.client_secret(secret.clone());
                }
                if let Some(key) = &self.held.key {
                    builder = builder.signing_key(key.clone());
                }
                builder.client_auth(method)
            }
            None => builder.client_auth(ClientAuth::None),
        };
        let token_endpoint = custom.token_endpoint.as_deref().unwrap_or_default();
        Ok((Flow::builder(self.checked(builder).map_err(|error| error.to_string())?), user(client_id, token_endpoint)))
    }

    /// By what its issuer announces.
    pub(super) async fn discovered(&self, redirect_uri: &str) -> Result<Result<Built, String>, Failed> {
        let custom = &self.args.custom;
        let (issuer, client_id) = match (&custom.issuer, &custom.client_id) {
            (Some(issuer), Some(client_id)) => (issuer, client_id),
            // Noted already.
            _ => return Err(Failed::usage(self.mistakes.clone())),
        };
        let http = match &self.held.http {
            Some(http) => http.clone(),
            None => ReqwestClient::new()?,
        };
        let metadata = waiting("asking the issuer what it offers", Metadata::fetch(issuer, &http)).await?;
        let mut credentials = Credentials::new(client_id).redirect_uri(redirect_uri);
        if let Some(secret) = &self.held.secret {
            credentials = credentials.client_secret(secret.clone());
        }
        if let Some(key) = &self.held.key {
            credentials = credentials.signing_key(key.clone());
        }
        if let Some(method) = method(self.args) {
            credentials = credentials.client_auth(method);
        }
        let builder = self.named(metadata.provider(credentials)?.name("custom"));
        let token_endpoint = metadata.token_endpoint().unwrap_or_default();
        let built = self.checked(builder).map(|custom| (Flow::builder(custom), user(client_id, token_endpoint)));
        Ok(built.map_err(|error| error.to_string()))
    }

    /// What does not depend on where the endpoints come from.
    fn named(&self, mut builder: CustomBuilder) -> CustomBuilder {
        let custom = &self.args.custom;
        builder = match &custom.name {
            Some(name) => builder.name(name).display_name(name),
            None => builder.display_name("The provider"),
        };
        if let Some(separator) = &custom.scope_separator {
            builder = builder.scope_separator(separator);
        }
        if let Some(scopes) = &self.scopes {
            builder = builder.scope(scopes.iter());
        }
        if let Some(post) = custom.post.as_deref().and_then(Post::from_name) {
            builder = builder.post(post);
        }
        builder
    }

    /// Builds the provider. Parameters are those of one request and no part of it, but their mistakes belong to the others.
    fn checked(&self, builder: CustomBuilder) -> Result<Custom, Error> {
        let request = match self.purpose {
            Purpose::Login => "authorize",
            // The library checks them before it sends anything; a declaration has no place for them.
            Purpose::Device => return builder.build(),
            _ => "token",
        };
        let with = |builder: CustomBuilder, (name, value): &(&str, &str)| {
            builder.set(format!("{request}.params.{name}"), *value)
        };
        self.params.iter().fold(builder.clone(), with).build()?;
        builder.build()
    }

    /// Whether the client has what the method needs.
    fn can(&self, method: ClientAuth) -> bool {
        match method {
            method if method.needs_secret() => self.held.secret.is_some(),
            ClientAuth::PrivateKeyJwt => self.held.key.is_some(),
            method if by_certificate(method) => self.held.http.is_some(),
            _ => true,
        }
    }
}
