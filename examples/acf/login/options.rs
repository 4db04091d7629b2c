//! From options to a flow. Everything that is wrong with them is said at once.

use std::time::Duration;

use acf_core::{
    AuthorizationRequest, ClientAuth, ClientSecret, Custom, CustomBuilder, Error, Flow, FlowBuilder, Scopes,
    provider::Post,
};
use tokio::net::TcpStream;
use url::Url;

use crate::{
    args::{CustomArgs, Login, Target},
    issuer::{CLI_CLIENT, SCOPES},
    known,
};

/// There is one person at a terminal.
pub(super) const USER: &str = "terminal";

/// Stands in for what was not given, so that the library reports the rest; what is missing is reported by its option.
const ABSENT: &str = "https://absent.invalid/";

/// The options, read as far as they make sense.
pub(super) struct Options<'a> {
    args: &'a Login,
    redirect_uri: Option<Url>,
    scopes: Option<Scopes>,
    params: Vec<(&'a str, &'a str)>,
    secret: Option<ClientSecret>,
    mistakes: Vec<String>,
}

pub(super) fn read(args: &Login) -> Options<'_> {
    let mut mistakes = Vec::new();
    let custom = &args.custom;

    if args.provider == Target::Custom {
        for (option, given) in [
            ("--authorization-endpoint", custom.authorization_endpoint.is_some()),
            ("--token-endpoint", custom.token_endpoint.is_some()),
            ("--client-id", custom.client_id.is_some()),
        ] {
            if !given {
                mistakes.push(format!("`custom` needs {option}"));
            }
        }
    } else {
        for option in custom.given() {
            mistakes.push(format!("{option} is for `custom` only"));
        }
    }

    let redirect_uri = args.redirect_uri.as_deref().and_then(|text| {
        loopback(text).map_err(|reason| mistakes.push(format!("--redirect-uri {text}: {reason}"))).ok()
    });
    let scopes = (!args.scopes.is_empty()).then(|| {
        Scopes::new(args.scopes.iter().flat_map(|scopes| scopes.split_whitespace())).unwrap_or_else(|error| {
            mistakes.push(format!("--scope: {error}"));
            Scopes::default()
        })
    });
    let params = args.params.iter().filter_map(|pair| {
        let split = pair.split_once('=').filter(|(name, _)| !name.is_empty());
        if split.is_none() {
            mistakes.push(format!("--param {pair}: write it as NAME=VALUE"));
        }
        split
    });
    let params = params.collect();
    let secret = secret(custom).unwrap_or_else(|line| {
        mistakes.push(line);
        None
    });
    let secret_given = custom.client_secret.is_some() || custom.client_secret_file.is_some();
    match method(custom) {
        None if secret_given => {
            mistakes.push("with a client secret, --client-auth has to say how it is sent".to_owned());
        }
        Some(method) if method.needs_secret() && !secret_given => {
            mistakes.push(format!("--client-auth {} needs --client-secret-file", method.name()));
        }
        _ => {}
    }
    Options { args, redirect_uri, scopes, params, secret, mistakes }
}

impl Options<'_> {
    /// The redirect URI that was asked for.
    pub(super) fn redirect_uri(&self) -> Option<&Url> {
        self.redirect_uri.as_ref()
    }

    pub(super) fn mistakes(&self) -> Vec<String> {
        self.mistakes.clone()
    }

    /// The flow.
    ///
    /// # Errors
    /// Every mistake in the options, one a line.
    pub(super) fn flow(&self, redirect_uri: &str) -> Result<Flow, Vec<String>> {
        let built = match self.args.provider {
            Target::Github => known::provider("github", redirect_uri),
            Target::Google => known::provider("google", redirect_uri),
            Target::StackExchange => known::provider("stack-exchange", redirect_uri),
            Target::Demo => self.demo(redirect_uri),
            Target::Custom => self.custom(redirect_uri),
        };
        let mut mistakes = self.mistakes();
        match built {
            Ok(builder) if mistakes.is_empty() => {
                builder.build().map_err(|error| error.to_string().lines().map(str::to_owned).collect())
            }
            Ok(_) => Err(mistakes),
            Err(lines) => {
                mistakes.extend(lines.lines().map(as_option));
                Err(mistakes)
            }
        }
    }

    /// Begins the one login, with the scopes and parameters that were asked for.
    pub(super) async fn begin(&self, flow: &Flow) -> Result<AuthorizationRequest, Error> {
        let mut begin = flow.begin(USER);
        if let Some(scopes) = &self.scopes {
            begin = begin.scope(scopes.clone());
        }
        for (name, value) in &self.params {
            begin = begin.param(*name, *value);
        }
        begin.await
    }

    /// For `demo`: says so if nobody is there, instead of letting a person find out in the browser.
    pub(super) async fn look_for_server(&self) {
        let Target::Demo = self.args.provider else { return };
        let address = Url::parse(&self.args.server).ok().and_then(|url| {
            let host = url.host_str()?.trim_matches(['[', ']']).to_owned();
            Some((host, url.port_or_known_default()?))
        });
        let Some(address) = address else { return };
        let connected = tokio::time::timeout(Duration::from_secs(2), TcpStream::connect(address)).await;
        if !matches!(connected, Ok(Ok(_))) {
            super::say(format_args!("acf: nothing answers at {}; is `acf serve` running?", self.args.server));
        }
    }

    /// The public client of the demo's authorization server.
    fn demo(&self, redirect_uri: &str) -> Result<FlowBuilder, String> {
        let server = self.args.server.trim_end_matches('/');
        let custom = Custom::builder("demo")
            .display_name("Demo")
            .authorization_endpoint(format!("{server}/authorize"))
            .token_endpoint(format!("{server}/token"))
            .issuer(server.to_owned())
            .scope(SCOPES.iter().map(|(scope, _)| *scope))
            .client_id(CLI_CLIENT)
            .client_auth(ClientAuth::None)
            .redirect_uri(redirect_uri);
        // The one thing that was given is the server: whatever is wrong is wrong with it.
        custom.build().map(Flow::builder).map_err(|error| {
            let text = error.to_string();
            format!("--server {server}: {}", text.lines().next().unwrap_or_default())
        })
    }

    fn custom(&self, redirect_uri: &str) -> Result<FlowBuilder, String> {
        let custom = &self.args.custom;
        let text = |given: &Option<String>, absent: &str| given.clone().unwrap_or_else(|| absent.to_owned());
        let mut builder = Custom::builder("custom")
            .display_name("The provider")
            .authorization_endpoint(text(&custom.authorization_endpoint, ABSENT))
            .token_endpoint(text(&custom.token_endpoint, ABSENT))
            .client_id(text(&custom.client_id, "absent"))
            .redirect_uri(redirect_uri);
        let set = |builder: CustomBuilder, given: &Option<String>, set: fn(CustomBuilder, String) -> CustomBuilder| {
            match given {
                Some(given) => set(builder, given.clone()),
                None => builder,
            }
        };
        builder = set(builder, &custom.issuer, CustomBuilder::issuer);
        builder = set(builder, &custom.scope_separator, CustomBuilder::scope_separator);
        if let Some(scopes) = &self.scopes {
            builder = builder.scope(scopes.iter());
        }
        for (name, value) in &self.params {
            builder = builder.authorize_param(*name, *value);
        }
        if let Some(post) = custom.post.as_deref().and_then(Post::from_name) {
            builder = builder.post(post);
        }
        // A method without a secret, or a secret without a method, has been noted already.
        builder = match (method(custom), self.secret.clone()) {
            (Some(method), Some(secret)) => builder.client_auth(method).client_secret(secret),
            _ => builder.client_auth(ClientAuth::None),
        };
        builder.build().map(Flow::builder).map_err(|error| error.to_string())
    }
}

fn method(custom: &CustomArgs) -> Option<ClientAuth> {
    custom.client_auth.as_deref().and_then(ClientAuth::from_name)
}

fn secret(custom: &CustomArgs) -> Result<Option<ClientSecret>, String> {
    let (option, text) = match (&custom.client_secret, &custom.client_secret_file) {
        (Some(secret), _) => ("--client-secret", secret.clone()),
        (None, Some(path)) => {
            let text = std::fs::read_to_string(path)
                .map_err(|error| format!("--client-secret-file {}: {error}", path.display()))?;
            // Editors end a file with a newline, which is not part of the secret.
            ("--client-secret-file", text.trim_end_matches(['\r', '\n']).to_owned())
        }
        (None, None) => return Ok(None),
    };
    text.parse().map(Some).map_err(|error| format!("{option}: {error}"))
}

/// RFC 8252 section 7.3: plain http is for this machine only, and only there can this program listen.
fn loopback(text: &str) -> Result<Url, &'static str> {
    let url = Url::parse(text).map_err(|_| "this is not a URL")?;
    let here = matches!(url.host_str(), Some("127.0.0.1" | "[::1]" | "localhost"));
    if url.scheme() != "http" || !here {
        return Err("it has to be an http URL of this machine, such as http://127.0.0.1:8123/callback");
    }
    if url.port() == Some(0) || url.fragment().is_some() || !url.username().is_empty() {
        return Err("it has to be an address that can be listened on, without a fragment");
    }
    Ok(url)
}

/// The library speaks of the keys of a declaration; here they are options.
fn as_option(line: &str) -> String {
    let keys = [
        "authorization_endpoint",
        "token_endpoint",
        "client_id",
        "client_secret",
        "client_auth",
        "scope_separator",
        "redirect_uri",
        "issuer",
        "scope",
    ];
    keys.iter()
        .fold(line.to_owned(), |line, key| line.replace(&format!("`{key}`"), &format!("--{}", key.replace('_', "-"))))
}
