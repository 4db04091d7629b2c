//! What a declaration means: entries and fields, with the roles that fields have by their names.

use acf_rules::{declaration::Endpoint, uri};
use proc_macro2::{Ident, TokenTree};
use quote::quote_spanned;
use syn::{Attribute, Data, DeriveInput, Fields, Generics};

use crate::{
    diag::{Diag, Place, Stage},
    keys::{self, FIELD, Key, Kind},
    parse::{self, Entry},
    value::{Text, Value, plain},
};

/// A declared provider.
pub(crate) struct Provider<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) generics: &'a Generics,
    pub(crate) attributes: &'a [Attribute],
    pub(crate) name: Text,
    pub(crate) entries: Vec<Entry>,
    /// `None` for everything that is no struct with named fields; said already.
    pub(crate) fields: Option<Vec<Field<'a>>>,
}

/// A field and what it was marked with.
pub(crate) struct Field<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) ty: Place,
    /// In the order in which they were given; the first one counts.
    pub(crate) roles: Vec<(Role, Place)>,
    /// Whether its attribute has a mistake, so that nothing more is said about it.
    pub(crate) excused: bool,
}

/// What a field is for.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Role {
    /// A role of the table.
    Key(&'static str),
    /// It fills this placeholder.
    Placeholder(String),
    /// Nothing.
    Skip,
}

impl<'a> Provider<'a> {
    /// Reads a declaration; what cannot be read is in `diag`.
    pub(crate) fn new(input: &'a DeriveInput, diag: &mut Diag) -> Self {
        let entries = parse::entries(&input.attrs, false, &input.ident, diag);
        let default = Text::new(&kebab(&plain(&input.ident)), input.ident.span().into());
        let mut provider = Self {
            ident: &input.ident,
            generics: &input.generics,
            attributes: &input.attrs,
            name: default,
            entries,
            fields: None,
        };
        if let Some(name) = provider.text(&["name"]).cloned() {
            provider.name = name;
        }
        provider.fields = match &input.data {
            Data::Struct(data) => match &data.fields {
                Fields::Named(fields) => Some(fields.named.iter().filter_map(|f| provider.field(f, diag)).collect()),
                Fields::Unnamed(fields) => {
                    let first = fields.unnamed.first().map(Place::of);
                    provider.no_struct(first.unwrap_or_else(|| input.ident.span().into()), diag)
                }
                Fields::Unit => provider.no_struct(input.ident.span().into(), diag),
            },
            Data::Enum(data) => provider.no_struct(data.enum_token.span.into(), diag),
            Data::Union(data) => provider.no_struct(data.union_token.span.into(), diag),
        };
        provider
    }

    fn no_struct<T>(&self, place: Place, diag: &mut Diag) -> Option<T> {
        let help = format!("write `struct {} {{ client_id: ClientId, redirect_uri: RedirectUri }}`", self.ident);
        diag.push(Stage::Rule, place, "`OAuthProvider` needs a struct with named fields", help);
        None
    }

    fn field(&self, field: &'a syn::Field, diag: &mut Diag) -> Option<Field<'a>> {
        let ident = field.ident.as_ref()?;
        let before = diag.count();
        let mut roles = Vec::new();
        for entry in parse::entries(&field.attrs, true, self.ident, diag) {
            let role = match (entry.key.name, entry.value) {
                ("skip", _) => Role::Skip,
                (_, Value::Name(name)) => Role::Placeholder(name),
                (key, _) => Role::Key(key),
            };
            roles.push((role, entry.name));
        }
        let excused = diag.count() > before;
        let name = plain(ident);
        if roles.is_empty() && !excused {
            let named = keys::find(FIELD, &name).filter(|key| key.name != "skip" && !matches!(key.kind, Kind::Name));
            if let Some(key) = named {
                roles.push((Role::Key(key.name), ident.span().into()));
            } else if self.templates().any(|template| uri::placeholders(template).any(|used| used == name)) {
                roles.push((Role::Placeholder(name), ident.span().into()));
            }
        }
        Some(Field { ident, ty: Place::of(&field.ty), roles, excused })
    }

    /// The entry at `GROUP, KEY` or at `KEY`.
    pub(crate) fn entry(&self, path: &[&str]) -> Option<&Entry> {
        let mut entries = &self.entries;
        let (last, groups) = path.split_last()?;
        for group in groups {
            match entries.iter().find(|entry| entry.key.name == *group).map(|entry| &entry.value) {
                Some(Value::Group(inner)) => entries = inner,
                _ => return None,
            }
        }
        entries.iter().find(|entry| entry.key.name == *last)
    }

    /// The text at that path.
    pub(crate) fn text(&self, path: &[&str]) -> Option<&Text> {
        match &self.entry(path)?.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The names and values of a list of pairs.
    pub(crate) fn pairs(&self, path: &[&str]) -> &[(Text, Text)] {
        match self.entry(path).map(|entry| &entry.value) {
            Some(Value::Map(pairs)) => pairs,
            _ => &[],
        }
    }

    /// The items of `scope`.
    pub(crate) fn scopes(&self) -> &[Text] {
        match self.entry(&["scope"]).map(|entry| &entry.value) {
            Some(Value::List(texts)) => texts,
            _ => &[],
        }
    }

    /// The literals that may have placeholders.
    pub(crate) fn templates(&self) -> impl Iterator<Item = &str> {
        let keys = Endpoint::ALL.iter().flat_map(|endpoint| [endpoint.path_key(), endpoint.url_key()]);
        keys.chain(["base_uri"]).filter_map(|key| self.text(&[key])?.literal.as_deref())
    }

    /// The fields, none if this is no struct.
    pub(crate) fn fields(&self) -> &[Field<'a>] {
        self.fields.as_deref().unwrap_or_default()
    }

    /// Where this role was given to a field.
    pub(crate) fn role(&self, role: &Role) -> Option<Place> {
        self.fields().iter().filter_map(|field| field.roles.first()).find(|(held, _)| held == role).map(|(_, at)| *at)
    }

    /// The names of the placeholders that fields fill, each with the place where that was said.
    pub(crate) fn placeholders(&self) -> impl Iterator<Item = (&str, Place)> {
        self.fields().iter().filter_map(|field| match field.roles.first() {
            Some((Role::Placeholder(name), place)) => Some((name.as_str(), *place)),
            _ => None,
        })
    }

    /// The path of the runtime crate.
    pub(crate) fn krate(&self) -> Vec<TokenTree> {
        let path = match self.entry(&["crate"]).map(|entry| &entry.value) {
            Some(Value::Path(path)) => path.clone(),
            _ => quote_spanned!(self.ident.span()=> ::acf_core),
        };
        path.into_iter().collect()
    }
}

impl Field<'_> {
    /// The key of the table whose role this field has.
    pub(crate) fn key(&self) -> Option<&'static Key> {
        match self.roles.first() {
            Some((Role::Key(name), _)) => keys::find(FIELD, name),
            _ => None,
        }
    }
}

/// `GitHub` -> `git-hub`, `HTTPServer2` -> `http-server2`.
fn kebab(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let mut kebab = String::new();
    for (i, c) in chars.iter().enumerate() {
        let before = i.checked_sub(1).and_then(|i| chars.get(i));
        let after = chars.get(i + 1);
        let word_begins = c.is_uppercase()
            && before.is_some_and(|b| *b != '_' && (!b.is_uppercase() || after.is_some_and(|a| a.is_lowercase())));
        if (word_begins || *c == '_') && !kebab.is_empty() && !kebab.ends_with('-') {
            kebab.push('-');
        }
        if *c != '_' {
            kebab.extend(c.to_lowercase());
        }
    }
    kebab.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::kebab;

    #[test]
    fn names_in_kebab_case() {
        for (name, expected) in [
            ("StackExchange", "stack-exchange"),
            ("GitHub", "git-hub"),
            ("HTTPServer2", "http-server2"),
            ("X", "x"),
            ("OAuth2Forge", "o-auth2-forge"),
            ("My_Forge", "my-forge"),
            ("__A__", "a"),
            ("forge", "forge"),
        ] {
            assert_eq!(kebab(name), expected, "{name}");
        }
    }
}
