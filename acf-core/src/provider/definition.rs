use std::{
    borrow::Cow,
    mem::{forget, replace},
};

use acf_rules::declaration::{ClientAuth, Endpoint, Post};

/// Text of a definition; empty where it was not given.
pub(super) type Text = Cow<'static, str>;

/// A list of a definition: written down in the program, or made at run time.
#[derive(Clone, Debug)]
pub(super) enum List<T: 'static, O> {
    Fixed(&'static [T]),
    Made(Vec<O>),
}

pub(super) type Texts = List<&'static str, String>;
pub(super) type Pairs = List<(&'static str, &'static str), (String, String)>;

type FixedPairs = &'static [(&'static str, &'static str)];

impl Texts {
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        let (fixed, made) = match self {
            Self::Fixed(fixed) => (*fixed, [].as_slice()),
            Self::Made(made) => ([].as_slice(), made.as_slice()),
        };
        fixed.iter().copied().chain(made.iter().map(String::as_str))
    }
}

impl Pairs {
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let (fixed, made) = match self {
            Self::Fixed(fixed) => (*fixed, [].as_slice()),
            Self::Made(made) => ([].as_slice(), made.as_slice()),
        };
        fixed.iter().copied().chain(made.iter().map(|(name, value)| (name.as_str(), value.as_str())))
    }
}

/// What is the same for every user of a provider: endpoints, scopes, and every way in which it deviates.
///
/// The derive builds one as a constant from the attributes it has checked; [`Custom::builder`](super::Custom::builder)
/// builds one at run time by the same rules. It never holds a secret.
#[derive(Clone, Debug)]
pub struct Definition {
    pub(super) name: Text,
    pub(super) display_name: Text,
    pub(super) docs: Text,
    pub(super) base_uri: Text,
    /// In the order of `Endpoint::ALL`; a path begins with `/`.
    pub(super) endpoints: [Text; 5],
    pub(super) issuer: Text,
    pub(super) scopes: Texts,
    pub(super) scope_separator: Text,
    pub(super) scope_param: Text,
    pub(super) post: Post,
    pub(super) client_auth: ClientAuth,
    pub(super) authorize_params: Pairs,
    pub(super) token_params: Pairs,
    pub(super) token_headers: Pairs,
    pub(super) token_type: Text,
    pub(super) expires: Text,
    pub(super) response_scope_separator: Text,
}

/// Setters for the derive, which has checked the values; hidden, because nobody else should skip the checks.
macro_rules! set {
    ($($method:ident($type:ty) => $field:ident = $wrap:path;)*) => {$(
        #[doc(hidden)]
        #[must_use]
        pub const fn $method(mut self, value: $type) -> Self {
            // A plain assignment would drop the old value, which a constant cannot do. The old value is borrowed.
            forget(replace(&mut self.$field, $wrap(value)));
            self
        }
    )*};
}

/// Setters for endpoints: a path or a whole URL.
macro_rules! endpoints {
    ($($method:ident => $endpoint:ident;)*) => {$(
        #[doc(hidden)]
        #[must_use]
        pub const fn $method(self, text: &'static str) -> Self {
            self.set_endpoint(Endpoint::$endpoint, text)
        }
    )*};
}

/// Setters for the client authentication method.
macro_rules! methods {
    ($($method:ident => $auth:ident;)*) => {$(
        #[doc(hidden)]
        #[must_use]
        pub const fn $method(mut self) -> Self {
            self.client_auth = ClientAuth::$auth;
            self
        }
    )*};
}

impl Definition {
    #[doc(hidden)]
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        const NONE: Text = Cow::Borrowed("");
        Self {
            name: Cow::Borrowed(name),
            display_name: NONE,
            docs: NONE,
            base_uri: NONE,
            endpoints: [NONE; 5],
            issuer: NONE,
            scopes: List::Fixed(&[]),
            scope_separator: Cow::Borrowed(" "),
            scope_param: Cow::Borrowed("scope"),
            post: Post::Form,
            client_auth: ClientAuth::None,
            authorize_params: List::Fixed(&[]),
            token_params: List::Fixed(&[]),
            token_headers: List::Fixed(&[]),
            token_type: NONE,
            expires: NONE,
            response_scope_separator: NONE,
        }
    }

    set! {
        set_display_name(&'static str) => display_name = Cow::Borrowed;
        set_docs(&'static str) => docs = Cow::Borrowed;
        set_base_uri(&'static str) => base_uri = Cow::Borrowed;
        set_issuer(&'static str) => issuer = Cow::Borrowed;
        set_scope_separator(&'static str) => scope_separator = Cow::Borrowed;
        set_scope_param(&'static str) => scope_param = Cow::Borrowed;
        set_token_type(&'static str) => token_type = Cow::Borrowed;
        set_expires(&'static str) => expires = Cow::Borrowed;
        set_response_scope_separator(&'static str) => response_scope_separator = Cow::Borrowed;
        set_scope(&'static [&'static str]) => scopes = List::Fixed;
        set_authorize_params(FixedPairs) => authorize_params = List::Fixed;
        set_token_params(FixedPairs) => token_params = List::Fixed;
        set_token_headers(FixedPairs) => token_headers = List::Fixed;
    }

    endpoints! {
        set_authorization => Authorization;
        set_token => Token;
        set_refresh => Refresh;
        set_revocation => Revocation;
        set_userinfo => Userinfo;
    }

    const fn set_endpoint(mut self, endpoint: Endpoint, text: &'static str) -> Self {
        let [authorization, token, refresh, revocation, userinfo] = &mut self.endpoints;
        let slot = match endpoint {
            Endpoint::Authorization => authorization,
            Endpoint::Token => token,
            Endpoint::Refresh => refresh,
            Endpoint::Revocation => revocation,
            _ => userinfo,
        };
        forget(replace(slot, Cow::Borrowed(text)));
        self
    }

    methods! {
        set_client_secret_basic => ClientSecretBasic;
        set_client_secret_basic_raw => ClientSecretBasicRaw;
        set_client_secret_post => ClientSecretPost;
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn set_json(mut self) -> Self {
        self.post = Post::Json;
        self
    }

    /// The identifier, in kebab case: the key under which tokens are stored, and the prefix of environment variables.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What people read; the identifier where none was declared.
    pub fn display_name(&self) -> &str {
        if self.display_name.is_empty() { &self.name } else { &self.display_name }
    }

    /// The vendor's page that the definition was checked against, if it was declared.
    pub fn docs(&self) -> Option<&str> {
        Some(self.docs.as_ref()).filter(|docs| !docs.is_empty())
    }

    /// The declared default scopes.
    pub fn scopes(&self) -> impl Iterator<Item = &str> {
        self.scopes.iter()
    }

    /// The environment variable that [`from_env`](super::OAuthProvider::from_env) reads for a field.
    ///
    /// ```
    /// use acf_core::Custom;
    ///
    /// let custom = Custom::builder("my-forge")
    ///     .authorization_endpoint("https://forge.example/authorize")
    ///     .token_endpoint("https://forge.example/token")
    ///     .client_id("id")
    ///     .redirect_uri("https://app.example/callback")
    ///     .build()?;
    /// assert_eq!(custom.definition().variable("client_id"), "MY_FORGE_CLIENT_ID");
    /// # Ok::<(), acf_core::Error>(())
    /// ```
    pub fn variable(&self, field: &str) -> String {
        format!("{}_{field}", self.name).replace('-', "_").to_ascii_uppercase()
    }
}
