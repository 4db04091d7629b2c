//! A definition as the attribute that declares it.

use acf_rules::{
    declaration::Entry,
    language::{Key, Kind, STRUCT},
};

use super::Definition;

impl Definition {
    /// The attribute that declares this, ready to be pasted above a struct with the derive: for a provider that was found
    /// out at run time and is to be one of the program's own, checked by the compiler.
    ///
    /// ```
    /// use acf_core::{ClientAuth, Custom};
    ///
    /// let custom = Custom::builder("forge")
    ///     .base_uri("https://forge.example")
    ///     .authorization_path("/authorize")
    ///     .access_token_path("/token")
    ///     .client_auth(ClientAuth::None)
    ///     .set("callback.require_iss", "")
    ///     .issuer("https://forge.example")
    ///     .client_id("id")
    ///     .redirect_uri("https://app.example/callback")
    ///     .build()?;
    /// assert_eq!(
    ///     custom.definition().attribute(),
    ///     r##"#[oauth(
    ///     name = "forge",
    ///     base_uri = "https://forge.example",
    ///     authorization_path = "/authorize",
    ///     access_token_path = "/token",
    ///     issuer = "https://forge.example",
    ///     client_auth = none,
    ///     callback(require_iss),
    /// )]"##,
    /// );
    /// # Ok::<(), acf_core::Error>(())
    /// ```
    pub fn attribute(&self) -> String {
        let entries: Vec<_> = self.entries().collect();
        let keys = written("", STRUCT, &entries);
        keys.iter().fold("#[oauth(\n".to_owned(), |text, key| text + "    " + key + ",\n") + ")]"
    }
}

/// What is declared of a group, key by key in the order of the reference.
fn written(group: &str, keys: &'static [Key], entries: &[Entry<'_>]) -> Vec<String> {
    let of = |key: &'static Key| {
        let mut values = entries.iter().filter(move |entry| entry.group == group && entry.key.name == key.name);
        let text = |entry: &Entry<'_>| entry.value.text().unwrap_or_default().to_owned();
        let items = match key.kind {
            Kind::Group(inner) => written(key.name, inner, entries),
            Kind::Flag => return values.next().map(|_| key.name.to_owned()),
            Kind::Word(_) | Kind::Number(_) => {
                return values.next().map(|entry| format!("{} = {}", key.name, text(entry)));
            }
            Kind::Text(_) => return values.next().map(|entry| format!("{} = {:?}", key.name, text(entry))),
            Kind::Scopes => values.map(|entry| format!("{:?}", text(entry))).collect(),
            Kind::Names(_) => values.map(|entry| named(&text(entry))).collect(),
            Kind::Map(_) => values.map(|entry| format!("{} = {:?}", named(entry.name), text(entry))).collect(),
            _ => Vec::new(),
        };
        (!items.is_empty()).then(|| format!("{}({})", key.name, items.join(", ")))
    };
    keys.iter().filter_map(of).collect()
}

/// A name as an identifier where it can be one.
fn named(name: &str) -> String {
    let mut bytes = name.bytes();
    let first = bytes.next().is_some_and(|b| b.is_ascii_lowercase());
    // A keyword is none, and none of them has a `_`.
    let identifier = first && name.contains('_') && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if identifier { name.to_owned() } else { format!("{name:?}") }
}
