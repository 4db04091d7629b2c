use std::{borrow::Cow, fmt, sync::Arc};

use acf_rules::language::Endpoint;

use super::Definition;
use crate::{
    hooks::Hooks,
    secret::ClientSecret,
    signing::SigningKey,
    value::{BaseUri, ClientId, Host, HostLabel, RedirectUri, Scopes},
};

/// The values of one provider value's fields: what [`OAuthProvider::parts`] returns.
///
/// [`OAuthProvider::parts`]: super::OAuthProvider::parts
#[derive(Clone)]
pub struct Parts<'a> {
    /// Instead of the definition of the type.
    pub(super) definition: Option<Definition>,
    pub(super) client_id: &'a str,
    pub(super) client_secret: Option<&'a ClientSecret>,
    pub(super) signing_key: Option<&'a SigningKey>,
    pub(super) redirect_uri: &'a str,
    pub(super) base_uri: Option<&'a str>,
    pub(super) issuer: Option<&'a str>,
    pub(super) endpoints: [Option<&'a str>; Endpoint::COUNT],
    pub(super) scopes: Option<&'a Scopes>,
    pub(super) placeholders: Vec<Placeholder<'a>>,
    pub(super) hooks: Option<Arc<dyn Hooks>>,
}

#[derive(Clone, Copy)]
pub(super) struct Placeholder<'a> {
    pub(super) name: &'static str,
    pub(super) value: &'a str,
    /// Checked as a host or label already; may stand in a host.
    pub(super) host: bool,
}

impl<'a> Parts<'a> {
    /// The three fields that most providers have: client identifier, client secret, redirect URI. `&()` stands for one
    /// that there is not.
    pub fn new(
        client_id: &'a impl TextValue,
        client_secret: &'a impl SecretValue,
        redirect_uri: &'a impl TextValue,
    ) -> Self {
        Self {
            definition: None,
            client_id: client_id.text(),
            client_secret: client_secret.secret(),
            signing_key: None,
            redirect_uri: redirect_uri.text(),
            base_uri: None,
            issuer: None,
            endpoints: [None; Endpoint::COUNT],
            scopes: None,
            placeholders: Vec::new(),
            hooks: None,
        }
    }

    /// The field that holds the key that client assertions are signed with.
    #[must_use]
    pub fn signing_key(mut self, field: &'a impl SigningKeyValue) -> Self {
        self.signing_key = field.signing_key();
        self
    }

    /// A field that replaces the declared `base_uri`, where it holds a value.
    #[must_use]
    pub fn base_uri(mut self, field: &'a impl OptionalTextValue) -> Self {
        self.base_uri = field.optional_text();
        self
    }

    /// A field that replaces the declared `issuer`, where it holds a value.
    #[must_use]
    pub fn issuer(mut self, field: &'a impl OptionalTextValue) -> Self {
        self.issuer = field.optional_text();
        self
    }

    /// A field that replaces the declared scopes, where it holds a value.
    #[must_use]
    pub fn scope(mut self, field: &'a impl ScopesValue) -> Self {
        self.scopes = field.scopes();
        self
    }

    /// A field that replaces a declared endpoint by a whole URL, where it holds a value.
    #[must_use]
    pub fn endpoint(mut self, endpoint: Endpoint, field: &'a impl OptionalTextValue) -> Self {
        if let Some(slot) = self.endpoints.get_mut(endpoint as usize) {
            *slot = field.optional_text();
        }
        self
    }

    /// A field that fills a placeholder, where it holds a value: in paths percent-encoded as one segment.
    #[must_use]
    pub fn placeholder(mut self, name: &'static str, field: &'a impl OptionalTextValue) -> Self {
        self.placeholders.extend(field.optional_text().map(|value| Placeholder { name, value, host: false }));
        self
    }

    /// A field that fills a placeholder in a host (and in paths), where it holds a value.
    #[must_use]
    pub fn host_placeholder(mut self, name: &'static str, field: &'a impl HostValue) -> Self {
        let value = field.host_text();
        self.placeholders.extend((!value.is_empty()).then_some(Placeholder { name, value, host: true }));
        self
    }

    /// What data cannot say about this provider.
    #[must_use]
    pub fn hooks(mut self, hooks: &(impl Hooks + Clone)) -> Self {
        self.hooks = Some(Arc::new(hooks.clone()));
        self
    }
}

/// Secrets redact themselves; of placeholders only the names, since they may go into headers.
impl fmt::Debug for Parts<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Parts");
        shown.field("client_id", &self.client_id).field("client_secret", &self.client_secret);
        shown.field("signing_key", &self.signing_key).field("redirect_uri", &self.redirect_uri);
        shown.field("base_uri", &self.base_uri).field("issuer", &self.issuer).field("endpoints", &self.endpoints);
        let placeholders: Vec<_> = self.placeholders.iter().map(|placeholder| placeholder.name).collect();
        shown.field("scopes", &self.scopes).field("placeholders", &placeholders);
        shown.field("hooks", &self.hooks.is_some()).finish_non_exhaustive()
    }
}

/// A field that can hold a required text: a client identifier, a redirect URI, a placeholder's value.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot hold this value",
    label = "not text, or not always there",
    note = "use `ClientId`, `RedirectUri`, `String`, or another type that implements `acf_core::TextValue`"
)]
pub trait TextValue {
    /// The text.
    fn text(&self) -> &str;
}

/// A field whose text takes the place of a declared value: [`TextValue`] types and `Option` of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot hold this value",
    label = "not text",
    note = "use `BaseUri`, `String`, `Option` of these, or another type that implements `acf_core::TextValue`"
)]
pub trait OptionalTextValue {
    /// The text, if there is one.
    fn optional_text(&self) -> Option<&str>;
}

/// A field that can hold a client secret: it must not be printable by accident.
#[diagnostic::on_unimplemented(
    message = "`{Self}` would print the secret with `{{:?}}`",
    label = "a plain type for a secret",
    note = "use `acf_core::ClientSecret`, which is redacted in `Debug` and wiped when dropped"
)]
pub trait SecretValue {
    /// The secret, if there is one.
    fn secret(&self) -> Option<&ClientSecret>;
}

/// A field that can hold the key of client assertions.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot sign",
    label = "no signing key",
    note = "use `acf_core::SigningKey` or `Option<SigningKey>`"
)]
pub trait SigningKeyValue {
    /// The key, if there is one.
    fn signing_key(&self) -> Option<&SigningKey>;
}

impl SigningKeyValue for SigningKey {
    fn signing_key(&self) -> Option<&SigningKey> {
        Some(self)
    }
}

#[diagnostic::do_not_recommend]
impl<T: SigningKeyValue> SigningKeyValue for Option<T> {
    fn signing_key(&self) -> Option<&SigningKey> {
        self.as_ref().and_then(T::signing_key)
    }
}

/// A field that can hold scopes.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot hold scopes",
    label = "not a set of scopes",
    note = "use `acf_core::Scopes` or `Option<Scopes>`"
)]
pub trait ScopesValue {
    /// The scopes, if there are any.
    fn scopes(&self) -> Option<&Scopes>;
}

/// A field that may fill a placeholder in a host, so that the value cannot point the request elsewhere.
#[diagnostic::on_unimplemented(
    message = "`{Self}` may not choose a host",
    label = "could carry `/`, `@` or a dot, and so redirect requests to somebody else",
    note = "use `HostLabel` (one DNS label), `Host` (a whole host), or an enum of hosts that implements `acf_core::HostValue`"
)]
pub trait HostValue {
    /// The label or host, empty where there is none. It is checked again by the grammar of a host when the flow is built.
    fn host_text(&self) -> &str;
}

macro_rules! text_values {
    ($($type:ty),*) => {$(
        impl TextValue for $type {
            fn text(&self) -> &str {
                self.as_ref()
            }
        }
    )*};
}

text_values!(String, str, Box<str>, Arc<str>, Cow<'_, str>, ClientId, RedirectUri, BaseUri, Host, HostLabel);

/// What is declared holds: there is no field.
#[diagnostic::do_not_recommend]
impl TextValue for () {
    fn text(&self) -> &str {
        ""
    }
}

#[diagnostic::do_not_recommend]
impl<T: TextValue + ?Sized> TextValue for &T {
    fn text(&self) -> &str {
        (**self).text()
    }
}

#[diagnostic::do_not_recommend]
impl<T: TextValue> OptionalTextValue for T {
    fn optional_text(&self) -> Option<&str> {
        Some(self.text())
    }
}

#[diagnostic::do_not_recommend]
impl<T: TextValue> OptionalTextValue for Option<T> {
    fn optional_text(&self) -> Option<&str> {
        self.as_ref().map(T::text)
    }
}

/// There is no secret.
#[diagnostic::do_not_recommend]
impl SecretValue for () {
    fn secret(&self) -> Option<&ClientSecret> {
        None
    }
}

impl SecretValue for ClientSecret {
    fn secret(&self) -> Option<&ClientSecret> {
        Some(self)
    }
}

#[diagnostic::do_not_recommend]
impl<T: SecretValue> SecretValue for Option<T> {
    fn secret(&self) -> Option<&ClientSecret> {
        self.as_ref().and_then(T::secret)
    }
}

#[diagnostic::do_not_recommend]
impl<T: SecretValue + ?Sized> SecretValue for &T {
    fn secret(&self) -> Option<&ClientSecret> {
        (**self).secret()
    }
}

#[diagnostic::do_not_recommend]
impl<T: SecretValue + ?Sized> SecretValue for Arc<T> {
    fn secret(&self) -> Option<&ClientSecret> {
        (**self).secret()
    }
}

impl ScopesValue for Scopes {
    fn scopes(&self) -> Option<&Scopes> {
        Some(self)
    }
}

#[diagnostic::do_not_recommend]
impl<T: ScopesValue> ScopesValue for Option<T> {
    fn scopes(&self) -> Option<&Scopes> {
        self.as_ref().and_then(T::scopes)
    }
}

impl HostValue for Host {
    fn host_text(&self) -> &str {
        self.as_str()
    }
}

impl HostValue for HostLabel {
    fn host_text(&self) -> &str {
        self.as_str()
    }
}

#[diagnostic::do_not_recommend]
impl<T: HostValue> HostValue for Option<T> {
    fn host_text(&self) -> &str {
        self.as_ref().map_or("", T::host_text)
    }
}
