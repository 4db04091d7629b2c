//! From options to a flow. Everything that is wrong with them is said at once.

mod custom;
mod files;
mod stored;

use std::{sync::Arc, time::Duration};

use acf_core::{ClientAuth, Custom, Flow, FlowBuilder, Scopes, StateStore};

use self::files::Held;
pub(crate) use self::stored::Stored;
use crate::{
    args::{Ask, ProviderArgs, Target, option},
    failed::{Failed, as_options},
    issuer::{CLI_CLIENT, SCOPES},
    known::{self, Known},
    terminal::say,
};

/// What a flow is made for decides what has to be known of a provider.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// A person logs in.
    Login,
    /// A person logs in on another device.
    Device,
    /// The client acts for itself.
    Service,
    /// A token that is there already is refreshed, or given up.
    Stored,
    /// A token is asked about.
    Introspection,
}

impl Purpose {
    /// The keys that have to be given.
    const fn needs(self, discover: bool) -> &'static [&'static str] {
        match self {
            _ if discover => &["issuer", "client_id"],
            Self::Login => &["authorization_endpoint", "token_endpoint", "client_id"],
            Self::Device => &["device_authorization_endpoint", "token_endpoint", "client_id"],
            Self::Service | Self::Stored => &["token_endpoint", "client_id"],
            Self::Introspection => &["token_endpoint", "introspection_endpoint", "client_id"],
        }
    }
}

/// Where nobody ever comes back to: for flows that send nobody anywhere.
pub(crate) const NOWHERE: &str = "http://127.0.0.1/callback";

/// The options, read as far as they make sense.
pub(crate) struct Options<'a> {
    args: &'a ProviderArgs,
    purpose: Purpose,
    pub(crate) scopes: Option<Scopes>,
    pub(crate) params: Vec<(&'a str, &'a str)>,
    held: Held,
    /// How long a login may take, if not as long as the library says.
    pub(crate) lifetime: Option<Duration>,
    pub(crate) mistakes: Vec<String>,
}

/// A flow, and under whose name its tokens are kept.
pub(crate) struct Client {
    pub(crate) flow: Flow,
    /// There is one person at a terminal. What a stored token must not be mistaken for is that of another client, or of
    /// another server: it would be sent there.
    pub(crate) user: String,
}

/// A provider, and the user that its tokens are kept for.
type Built = (FlowBuilder, String);

impl<'a> Options<'a> {
    pub(crate) fn read(args: &'a ProviderArgs, ask: Option<&'a Ask>, purpose: Purpose) -> Self {
        let mut mistakes = Vec::new();
        let custom = &args.custom;
        if args.provider == Target::Custom {
            missing(args, purpose, &mut mistakes);
        } else {
            mistakes.extend(custom.given().iter().map(|option| format!("{option} is for `custom` only")));
        }
        let scopes = ask.filter(|ask| !ask.scopes.is_empty()).map(|ask| {
            Scopes::new(ask.scopes.iter().flat_map(|scopes| scopes.split_whitespace())).unwrap_or_else(|error| {
                mistakes.push(format!("--scope: {error}"));
                Scopes::default()
            })
        });
        let mut params = Vec::new();
        for pair in ask.map(|ask| ask.params.as_slice()).unwrap_or_default() {
            match pair.split_once('=').filter(|(name, _)| !name.is_empty()) {
                Some(split) => params.push(split),
                None => mistakes.push(format!("--param {pair}: write it as NAME=VALUE")),
            }
        }
        if custom.client_secret.is_some() {
            say("acf: other programs can see secrets on the command line; --client-secret-file is safer");
        }
        let held = files::read(custom, &mut mistakes);
        proof(args, &mut mistakes);
        Self { args, purpose, scopes, params, held, lifetime: None, mistakes }
    }

    /// The flow. With a store, tokens are kept there.
    ///
    /// # Errors
    /// Every mistake in the options, one a line; with `--discover` also what goes wrong on the way.
    pub(crate) async fn client(
        &self,
        redirect_uri: &str,
        store: Option<Arc<dyn StateStore>>,
    ) -> Result<Client, Failed> {
        let mut mistakes = self.mistakes.clone();
        let built = match self.args.provider {
            Target::Github | Target::Google | Target::StackExchange => self.known(redirect_uri),
            Target::Demo => self.demo(redirect_uri),
            // Nobody is asked while something is wrong here.
            Target::Custom if self.args.custom.discover && !mistakes.is_empty() => return Err(Failed::usage(mistakes)),
            Target::Custom if self.args.custom.discover => self.discovered(redirect_uri).await?,
            Target::Custom => self.custom(redirect_uri),
        };
        let (mut builder, user) = match built {
            Ok(built) if mistakes.is_empty() => built,
            Ok(_) => return Err(Failed::usage(mistakes)),
            Err(lines) => {
                mistakes.extend(lines.lines().map(as_options));
                return Err(Failed::usage(mistakes));
            }
        };
        if let Some(http) = &self.held.http {
            builder = builder.http_client(http.clone());
        }
        if let Some(lifetime) = self.lifetime {
            builder = builder.login_lifetime(lifetime);
        }
        if let Some(store) = store {
            builder = builder.state_store(store);
        }
        Ok(Client { flow: builder.build()?, user })
    }

    fn known(&self, redirect_uri: &str) -> Result<Built, String> {
        let name = self.args.provider.name();
        let builder = known::provider(name, redirect_uri)?;
        let client_id = Known::find(name).and_then(Known::client_id).unwrap_or_default();
        Ok((builder, user(&client_id, name)))
    }

    /// The public client of the demo's authorization server.
    fn demo(&self, redirect_uri: &str) -> Result<Built, String> {
        let server = self.args.server.trim_end_matches('/');
        let token_endpoint = format!("{server}/token");
        let custom = Custom::builder("demo")
            .display_name("Demo")
            .authorization_endpoint(format!("{server}/authorize"))
            .token_endpoint(&token_endpoint)
            .revocation_endpoint(format!("{server}/revoke"))
            .issuer(server.to_owned())
            .scope(SCOPES.iter().map(|(scope, _)| *scope))
            .client_id(CLI_CLIENT)
            .client_auth(ClientAuth::None)
            .redirect_uri(redirect_uri);
        // The one thing that was given is the server: whatever is wrong is wrong with it.
        let custom = custom.build().map_err(|error| {
            let text = error.to_string();
            format!("--server {server}: {}", text.lines().next().unwrap_or_default())
        })?;
        Ok((Flow::builder(custom), user(CLI_CLIENT, &token_endpoint)))
    }
}

fn user(client_id: &str, at: &str) -> String {
    format!("{client_id} at {at}")
}

/// What `custom` needs and does not have, or has twice.
fn missing(args: &ProviderArgs, purpose: Purpose, mistakes: &mut Vec<String>) {
    let custom = &args.custom;
    let given = custom.given();
    for key in purpose.needs(custom.discover).iter().map(|key| option(key)) {
        if !given.contains(&key) {
            let whose = if custom.discover { "`--discover`" } else { "`custom`" };
            mistakes.push(format!("{whose} needs {key}"));
        }
    }
    if custom.discover {
        let endpoints = custom.endpoints().into_iter().filter(|(_, value)| value.is_some());
        mistakes
            .extend(endpoints.map(|(key, _)| format!("{} is what --discover finds out: leave it out", option(key))));
    }
}

/// The method of `--client-auth`.
fn method(args: &ProviderArgs) -> Option<ClientAuth> {
    args.custom.client_auth.as_deref().and_then(ClientAuth::from_name)
}

/// Whether method and credentials fit each other. What the library says of them anyway is left to it.
fn proof(args: &ProviderArgs, mistakes: &mut Vec<String>) {
    let custom = &args.custom;
    let secret = custom.client_secret.is_some() || custom.client_secret_file.is_some();
    let (key, certificate) = (custom.signing_key_file.is_some(), custom.certificate_file.is_some());
    let Some(method) = method(args) else {
        // What is announced decides; a certificate is never chosen.
        if secret && !custom.discover {
            mistakes.push("with a client secret, --client-auth has to say how it is sent".to_owned());
        }
        if key && !custom.discover {
            mistakes.push("with a signing key, --client-auth has to be private_key_jwt".to_owned());
        }
        if certificate {
            mistakes.push(
                "with a certificate, --client-auth has to say what else is sent: tls_client_auth, if nothing"
                    .to_owned(),
            );
        }
        return;
    };
    let lacks = match method {
        method if method.needs_secret() && !secret => "--client-secret-file",
        ClientAuth::PrivateKeyJwt if !key => "--signing-key-file",
        method if by_certificate(method) && !certificate => "--certificate-file",
        _ => return,
    };
    mistakes.push(format!("--client-auth {} needs {lacks}", method.name()));
}

/// Whether the connection says who the client is (RFC 8705).
fn by_certificate(method: ClientAuth) -> bool {
    method.name().ends_with("tls_client_auth")
}
