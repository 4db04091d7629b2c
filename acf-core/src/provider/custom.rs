//! A provider made at run time, by the rules of the derive.

use std::borrow::Cow;

use acf_rules::declaration::{self, ClientAuth, Declaration, Endpoint, Post, Source};

use super::{Definition, OAuthProvider, Parts, definition::List, resolved::Mistakes};
use crate::{error::Error, secret::ClientSecret};

/// A provider that is only known at run time: from command-line options, a database, a discovery document.
///
/// The same rules as for a declaration apply, with the same words, and all mistakes are reported at once.
///
/// ```
/// use acf_core::{ClientAuth, Custom};
///
/// let custom = Custom::builder("forge")
///     .base_uri("https://forge.example")
///     .authorization_path("/authorize")
///     .access_token_path("/token")
///     .client_auth(ClientAuth::ClientSecretBasic)
///     .client_id("id")
///     .client_secret("secret".parse()?)
///     .redirect_uri("https://app.example/callback")
///     .build()?;
/// # let _ = custom;
///
/// let error = Custom::builder("forge").base_uri("http://forge.example").build().unwrap_err();
/// assert_eq!(error.to_string().lines().count(), 5, "{error}");
/// # Ok::<(), acf_core::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Custom {
    definition: Definition,
    client_id: String,
    client_secret: Option<ClientSecret>,
    redirect_uri: String,
}

impl Custom {
    /// Begins a definition with its identifier, in kebab case.
    pub fn builder(name: impl Into<Cow<'static, str>>) -> CustomBuilder {
        let mut definition = Definition::new("");
        definition.name = name.into();
        CustomBuilder {
            custom: Self { definition, client_id: String::new(), client_secret: None, redirect_uri: String::new() },
            client_auth: None,
            paths: [const { None }; 5],
            urls: [const { None }; 5],
        }
    }

    /// The definition that was built.
    pub const fn definition(&self) -> &Definition {
        &self.definition
    }
}

impl OAuthProvider for Custom {
    /// What all run-time definitions share: the name `custom` and nothing else.
    fn definition() -> &'static Definition {
        const CUSTOM: &Definition = &Definition::new("custom");
        CUSTOM
    }

    fn parts(&self) -> Parts<'_> {
        let mut parts = Parts::new(&self.definition, &self.client_id, &self.redirect_uri);
        parts.client_secret = self.client_secret.as_ref();
        parts
    }
}

type Text = Cow<'static, str>;

/// Builds a [`Custom`] provider; each method is a key of the declaration language.
#[derive(Clone, Debug)]
#[must_use]
pub struct CustomBuilder {
    custom: Custom,
    client_auth: Option<ClientAuth>,
    paths: [Option<Text>; 5],
    urls: [Option<Text>; 5],
}

macro_rules! texts {
    ($($(#[$doc:meta])* $method:ident => $field:ident;)*) => {$(
        $(#[$doc])*
        pub fn $method(mut self, text: impl Into<Cow<'static, str>>) -> Self {
            self.custom.definition.$field = text.into();
            self
        }
    )*};
}

macro_rules! endpoints {
    ($($path:ident, $url:ident => $endpoint:ident;)*) => {$(
        #[doc = concat!("`", stringify!($path), "`: joined to `base_uri`.")]
        pub fn $path(mut self, path: impl Into<Cow<'static, str>>) -> Self {
            if let Some(slot) = self.paths.get_mut(Endpoint::$endpoint as usize) {
                *slot = Some(path.into());
            }
            self
        }

        #[doc = concat!("`", stringify!($url), "`: a whole URL.")]
        pub fn $url(mut self, url: impl Into<Cow<'static, str>>) -> Self {
            if let Some(slot) = self.urls.get_mut(Endpoint::$endpoint as usize) {
                *slot = Some(url.into());
            }
            self
        }
    )*};
}

impl CustomBuilder {
    texts! {
        /// `display_name`: what people read.
        display_name => display_name;
        /// `base_uri`: scheme, host, optional path prefix.
        base_uri => base_uri;
        /// `issuer`: the expected `iss` (RFC 9207).
        issuer => issuer;
        /// `scope_separator`: one character; a space where it is not set.
        scope_separator => scope_separator;
        /// `token_response(token_type = ..)`: used where the response has none.
        token_type => token_type;
        /// `token_response(expires = ..)`: the member that holds the lifetime, if it is not `expires_in`.
        expires => expires;
    }

    endpoints! {
        authorization_path, authorization_endpoint => Authorization;
        access_token_path, token_endpoint => Token;
        refresh_path, refresh_endpoint => Refresh;
        revocation_path, revocation_endpoint => Revocation;
        userinfo_path, userinfo_endpoint => Userinfo;
    }

    /// `scope`: the default scopes.
    pub fn scope<S: Into<String>>(mut self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.custom.definition.scopes = List::Made(scopes.into_iter().map(Into::into).collect());
        self
    }

    /// `post`: how the body of token requests is written.
    pub const fn post(mut self, post: Post) -> Self {
        self.custom.definition.post = post;
        self
    }

    /// `client_auth`: required as soon as there is a secret.
    pub const fn client_auth(mut self, method: ClientAuth) -> Self {
        self.client_auth = Some(method);
        self
    }

    /// `authorize(params(name = value))`: a fixed parameter of the authorization request.
    pub fn authorize_param(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        match &mut self.custom.definition.authorize_params {
            List::Made(pairs) => pairs.push((name.into(), value.into())),
            fixed @ List::Fixed(_) => *fixed = List::Made(vec![(name.into(), value.into())]),
        }
        self
    }

    /// The client identifier.
    pub fn client_id(mut self, client_id: impl Into<String>) -> Self {
        self.custom.client_id = client_id.into();
        self
    }

    /// The client secret.
    pub fn client_secret(mut self, secret: ClientSecret) -> Self {
        self.custom.client_secret = Some(secret);
        self
    }

    /// The redirect URI, as registered with the provider.
    pub fn redirect_uri(mut self, redirect_uri: impl Into<String>) -> Self {
        self.custom.redirect_uri = redirect_uri.into();
        self
    }

    /// Checks everything and makes the provider.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration), which lists every mistake, one a line.
    pub fn build(mut self) -> Result<Custom, Error> {
        let mut mistakes = Mistakes::default();
        let definition = &self.custom.definition;
        let scopes: Vec<_> = definition.scopes.iter().map(Source::Text).collect();
        let params: Vec<_> = definition.authorize_params.iter().map(|(k, v)| (k, Source::Text(v))).collect();
        let declaration = Declaration {
            name: Source::Text(&definition.name),
            base_uri: source(&definition.base_uri),
            paths: self.paths.each_ref().map(|path| path.as_deref().map_or(Source::Absent, Source::Text)),
            urls: self.urls.each_ref().map(|url| url.as_deref().map_or(Source::Absent, Source::Text)),
            issuer: source(&definition.issuer),
            scopes: &scopes,
            scope_separator: source(&definition.scope_separator),
            client_auth: self.client_auth,
            authorize_params: &params,
            token_type: source(&definition.token_type),
            expires: source(&definition.expires),
            has_client_id: !self.custom.client_id.is_empty(),
            has_client_secret: self.custom.client_secret.is_some(),
            has_redirect_uri: !self.custom.redirect_uri.is_empty(),
            ..Declaration::default()
        };
        declaration::check(&declaration, &mut |_, message, help| mistakes.push(format!("{message}: {help}")));
        mistakes.into_result()?;

        let definition = &mut self.custom.definition;
        definition.client_auth = self.client_auth.unwrap_or(ClientAuth::None);
        let given = self.paths.into_iter().zip(self.urls).map(|(path, url)| path.or(url));
        for (slot, text) in definition.endpoints.iter_mut().zip(given) {
            *slot = text.unwrap_or_default();
        }
        // What the rules of a declaration leave to the values themselves: identifier, redirect URI, secret.
        super::Resolved::new(&self.custom.parts())?;
        Ok(self.custom)
    }
}

fn source(text: &str) -> Source<'_> {
    if text.is_empty() { Source::Absent } else { Source::Text(text) }
}
