//! A provider made at run time, by the rules of the derive.

use std::fmt::Write;

use acf_rules::{
    declaration::{self, Declaration, Entry, Source},
    language::{self, Key, Kind},
    suggest::nearest,
};

use super::{ClientAuth, Credentials, Definition, OAuthProvider, Parts, Post, resolved::Mistakes};
use crate::{error::Error, secret::ClientSecret, signing::SigningKey};

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
    credentials: Credentials,
}

impl Custom {
    /// Begins a definition with its identifier, in kebab case.
    pub fn builder(name: impl Into<String>) -> CustomBuilder {
        CustomBuilder { entries: vec![("name".to_owned(), name.into())], credentials: Credentials::default() }
    }

    /// The definition that was built.
    pub const fn definition(&self) -> &Definition {
        &self.definition
    }
}

impl OAuthProvider for Custom {
    /// What all run-time definitions share: the name `custom` and nothing else.
    fn declaration() -> &'static str {
        "name=custom\n"
    }

    fn parts(&self) -> Parts<'_> {
        let Credentials { client_id, client_secret, signing_key, redirect_uri, .. } = &self.credentials;
        let mut parts = Parts::new(client_id, client_secret, redirect_uri).signing_key(signing_key);
        parts.definition = Some(self.definition.clone());
        parts
    }
}

/// Builds a [`Custom`] provider. Each method is a key of the declaration language; [`set`](Self::set) takes every key.
#[derive(Clone, Debug)]
#[must_use]
pub struct CustomBuilder {
    entries: Vec<(String, String)>,
    credentials: Credentials,
}

macro_rules! texts {
    ($($(#[$doc:meta])* $method:ident => $key:literal;)*) => {$(
        $(#[$doc])*
        pub fn $method(self, text: impl Into<String>) -> Self {
            self.set($key, text)
        }
    )*};
}

impl CustomBuilder {
    /// Any entry of the [declaration language](macro@crate::OAuthProvider): `set("base_uri", ..)`,
    /// `set("token_response.expires", "expires")`, `set("authorize.params.prompt", "consent")`. A list takes an entry for
    /// each of its items, a flag an empty text.
    pub fn set(mut self, key: impl Into<String>, text: impl Into<String>) -> Self {
        self.entries.push((key.into(), text.into()));
        self
    }

    texts! {
        /// `name`: another identifier.
        name => "name";
        /// `display_name`: what people read.
        display_name => "display_name";
        /// `base_uri`: scheme, host, optional path prefix.
        base_uri => "base_uri";
        /// `authorization_path`: joined to `base_uri`.
        authorization_path => "authorization_path";
        /// `authorization_endpoint`: a whole URL.
        authorization_endpoint => "authorization_endpoint";
        /// `access_token_path`: joined to `base_uri`.
        access_token_path => "access_token_path";
        /// `token_endpoint`: a whole URL.
        token_endpoint => "token_endpoint";
        /// `refresh_path`: joined to `base_uri`.
        refresh_path => "refresh_path";
        /// `refresh_endpoint`: a whole URL.
        refresh_endpoint => "refresh_endpoint";
        /// `revocation_path`: joined to `base_uri`.
        revocation_path => "revocation_path";
        /// `revocation_endpoint`: a whole URL.
        revocation_endpoint => "revocation_endpoint";
        /// `userinfo_path`: joined to `base_uri`.
        userinfo_path => "userinfo_path";
        /// `userinfo_endpoint`: a whole URL.
        userinfo_endpoint => "userinfo_endpoint";
        /// `issuer`: the expected `iss` (RFC 9207).
        issuer => "issuer";
        /// `scope_separator`: one character; a space where it is not set.
        scope_separator => "scope_separator";
        /// `token_response(token_type = ..)`: used where the response has none.
        token_type => "token_response.token_type";
        /// `token_response(expires = ..)`: the member that holds the lifetime, if it is not `expires_in`.
        expires => "token_response.expires";
    }

    /// `scope`: the default scopes.
    pub fn scope<S: Into<String>>(self, scopes: impl IntoIterator<Item = S>) -> Self {
        scopes.into_iter().fold(self, |builder, scope| builder.set("scope", scope))
    }

    /// `post`: how the body of token requests is written.
    pub fn post(self, post: Post) -> Self {
        self.set("post", post.name())
    }

    /// `client_auth`: required as soon as there is a secret.
    pub fn client_auth(self, method: ClientAuth) -> Self {
        self.set("client_auth", method.name())
    }

    /// `authorize(params(name = value))`: a fixed parameter of the authorization request.
    pub fn authorize_param(self, name: impl AsRef<str>, value: impl Into<String>) -> Self {
        self.set(format!("authorize.params.{}", name.as_ref()), value)
    }

    /// Who the client is, in one value. Replaces what was said of it before, but for a `client_auth` that it leaves open.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        let method = credentials.client_auth;
        self.credentials = credentials;
        match method {
            Some(method) => self.client_auth(method),
            None => self,
        }
    }

    /// The client identifier.
    pub fn client_id(mut self, client_id: impl Into<String>) -> Self {
        self.credentials.client_id = client_id.into();
        self
    }

    /// The client secret.
    pub fn client_secret(mut self, secret: ClientSecret) -> Self {
        self.credentials.client_secret = Some(secret);
        self
    }

    /// The key of `client_auth = private_key_jwt`.
    pub fn signing_key(mut self, key: SigningKey) -> Self {
        self.credentials.signing_key = Some(key);
        self
    }

    /// The redirect URI, as registered with the provider.
    pub fn redirect_uri(mut self, redirect_uri: impl Into<String>) -> Self {
        self.credentials.redirect_uri = redirect_uri.into();
        self
    }

    /// Checks everything and makes the provider.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration), which lists every mistake, one a line.
    pub fn build(self) -> Result<Custom, Error> {
        let mut mistakes = Mistakes::default();
        let mut entries: Vec<Entry<'_>> = Vec::with_capacity(self.entries.len());
        for (whole, value) in &self.entries {
            match language::resolve(whole).filter(|(_, key, name)| settable(key, name)) {
                // A flag says what it says by being there.
                Some((_, key, _)) if matches!(key.kind, Kind::Flag) && !value.is_empty() => {
                    mistakes.push(format!("`{}` is a flag: its text must be empty", key.name));
                }
                Some((group, key, name)) => entries.push(Entry { group, key, name, value: Source::Text(value) }),
                None => {
                    let near = nearest(whole, language::STRUCT.iter().map(|key| key.name));
                    let hint =
                        near.map_or_else(|| "see the reference".to_owned(), |key| format!("did you mean `{key}`?"));
                    mistakes.push(format!("unknown key `{whole}`: {hint}"));
                }
            }
        }
        // Of a key that has one value, the last one set counts.
        let mut kept: Vec<Entry<'_>> = Vec::with_capacity(entries.len());
        for entry in entries {
            let one = !matches!(entry.key.kind, Kind::Scopes | Kind::Names(_) | Kind::Map(_));
            if one {
                kept.retain(|earlier| (earlier.group, earlier.key.name) != (entry.group, entry.key.name));
            }
            kept.push(entry);
        }
        let roles: Vec<&str> = [
            ("client_id", !self.credentials.client_id.is_empty()),
            ("client_secret", self.credentials.client_secret.is_some()),
            ("signing_key", self.credentials.signing_key.is_some()),
            ("redirect_uri", !self.credentials.redirect_uri.is_empty()),
        ]
        .into_iter()
        .filter_map(|(role, given)| given.then_some(role))
        .collect();
        let declaration = Declaration { entries: &kept, roles: &roles, placeholders: &[] };
        declaration::check(&declaration, &mut |_, message, help| mistakes.push(format!("{message}: {help}")));
        mistakes.into_result()?;

        let mut text = String::new();
        for Entry { group, key, name, value } in &kept {
            let parts = [*group, key.name, *name];
            let whole: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{}={}", whole.join("."), value.text().unwrap_or_default());
        }
        let custom = Custom { definition: Definition::made(text), credentials: self.credentials };
        // What the rules of a declaration leave to the values themselves: identifier, redirect URI, secret.
        super::Resolved::new(&custom)?;
        Ok(custom)
    }
}

/// Whether a key means something at run time. Only an entry of a map has a name.
fn settable(key: &Key, name: &str) -> bool {
    let map = matches!(key.kind, Kind::Map(_));
    map != name.is_empty() && key.name != "hooks" && !matches!(key.kind, Kind::Path)
}
