use std::{borrow::Cow, fmt};

use acf_rules::declaration::{Entry, read};

/// What is the same for every user of a provider: endpoints, scopes, and every way in which it deviates.
///
/// It is written text, a line for each entry (`group.key.name=value`). The derive writes it out of the attributes that it
/// has checked; [`Custom::builder`](super::Custom::builder) writes one at run time by the same rules. `Display` shows it.
/// It never holds a secret.
///
/// Text, and not a struct with a field for each key, because it costs the compiler of whoever declares a provider a single
/// literal, however much there is to declare.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition(Cow<'static, str>);

impl Definition {
    /// What the derive has written, and checked.
    pub(super) const fn declared(text: &'static str) -> Self {
        Self(Cow::Borrowed(text))
    }

    pub(super) const fn made(text: String) -> Self {
        Self(Cow::Owned(text))
    }

    /// Everything that is declared, in order.
    pub(super) fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        read(&self.0)
    }

    /// The first value of a key.
    pub(super) fn value(&self, key: &str) -> Option<&str> {
        self.0.lines().filter_map(|line| line.split_once('=')).find(|(name, _)| *name == key).map(|(_, value)| value)
    }

    /// The identifier, in kebab case: the key under which tokens are stored, and the prefix of environment variables.
    pub fn name(&self) -> &str {
        self.value("name").unwrap_or_default()
    }

    /// What people read; the identifier where none was declared.
    pub fn display_name(&self) -> &str {
        self.value("display_name").unwrap_or_else(|| self.name())
    }

    /// The vendor's page that the definition was checked against, if it was declared.
    pub fn docs(&self) -> Option<&str> {
        self.value("docs")
    }

    /// The declared default scopes.
    pub fn scopes(&self) -> impl Iterator<Item = &str> {
        self.0.lines().filter_map(|line| line.strip_prefix("scope="))
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
        format!("{}_{field}", self.name()).replace('-', "_").to_ascii_uppercase()
    }
}

/// As it is written.
impl fmt::Display for Definition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
