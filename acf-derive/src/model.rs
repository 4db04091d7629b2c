//! What a declaration means: entries and fields, with the roles that fields have by their names.

use acf_rules::{
    declaration,
    language::{self, FIELD, Grammar, Key, Kind, STRUCT},
    uri,
};
use proc_macro2::{Ident, Span, TokenTree};

use crate::{
    diag::{Diag, Place, Stage},
    emit::Emit,
    item::{self, Attribute, Body, Generics, Item},
    parse::{Entry, Places, Reader},
    value::{Value, plain},
};

/// A declared provider.
pub(crate) struct Provider<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) generics: &'a Generics,
    pub(crate) attributes: &'a [Attribute],
    pub(crate) entries: Vec<Entry>,
    /// The path of the runtime crate.
    pub(crate) krate: Vec<TokenTree>,
    /// `None` for everything that is no struct with named fields; said already.
    pub(crate) fields: Option<Vec<Field<'a>>>,
    /// Roles of fields that somebody tried to give.
    pub(crate) attempted: Vec<&'static str>,
}

/// A field and what it was marked with.
pub(crate) struct Field<'a> {
    pub(crate) ident: &'a Ident,
    /// Without `r#`.
    pub(crate) name: String,
    pub(crate) ty: Place,
    /// In the order in which they were given; the first one counts.
    pub(crate) roles: Vec<(Role, Place)>,
    /// Whether its attribute has a mistake, so that nothing more is said about it.
    pub(crate) excused: bool,
    /// Whether the role was given by an attribute, and not by the name of the field.
    pub(crate) marked: bool,
}

/// What a field is for.
#[derive(Clone, Debug)]
pub(crate) enum Role {
    /// A role of the table.
    Key(&'static Key),
    /// It fills this placeholder.
    Placeholder(String),
    /// Nothing.
    Skip,
}

impl PartialEq for Role {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Key(a), Self::Key(b)) => std::ptr::eq(*a, *b),
            (Self::Placeholder(a), Self::Placeholder(b)) => a == b,
            (Self::Skip, Self::Skip) => true,
            _ => false,
        }
    }
}

impl<'a> Provider<'a> {
    /// Reads a declaration; what cannot be read is in `diag`.
    pub(crate) fn new(item: &'a Item, diag: &mut Diag) -> Self {
        let ident = &item.ident;
        let mut reader = Reader::new(ident, false, diag);
        reader.name_of(ident);
        reader.attributes(&item.attributes);
        let Reader { mut entries, mut krate, roles: mut attempted, .. } = reader;
        // The default stands first: a name that was given takes its place.
        if entries.iter().skip(1).any(|entry| entry.group.is_empty() && entry.key.name == "name") {
            entries.remove(0);
        }
        if krate.is_empty() {
            krate = Emit::crate_path(ident.span());
        }
        let templates = Templates::of(&entries);
        let fields = match &item.body {
            Body::Fields(fields) => {
                let mut all = Vec::with_capacity(fields.len());
                for field in fields {
                    all.push(Field::new(field, ident, &templates, &mut attempted, diag));
                }
                Some(all)
            }
            Body::Other(place) => {
                let help = format!("write `struct {ident} {{ client_id: ClientId, redirect_uri: RedirectUri }}`");
                diag.push(Stage::Rule, *place, "`OAuthProvider` needs a struct with named fields", help);
                None
            }
        };
        Self { ident, generics: &item.generics, attributes: &item.attributes, entries, krate, fields, attempted }
    }

    /// The fields, none if this is no struct.
    pub(crate) fn fields(&self) -> &[Field<'a>] {
        self.fields.as_deref().unwrap_or_default()
    }

    /// The field that holds the role of that name.
    pub(crate) fn holder(&self, role: &str) -> Option<&Field<'a>> {
        self.fields().iter().find(|field| field.key().is_some_and(|key| key.name == role))
    }

    /// The names of the placeholders that fields fill, each with the place where that was said.
    pub(crate) fn placeholders(&self) -> impl Iterator<Item = (&str, Place)> {
        self.fields().iter().filter_map(|field| match field.roles.first() {
            Some((Role::Placeholder(name), place)) => Some((name.as_str(), *place)),
            _ => None,
        })
    }

    /// Whether this key of the top level was given.
    pub(crate) fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.group.is_empty() && entry.key.name == key)
    }
}

impl Reader<'_> {
    /// The default of `name`.
    fn name_of(&mut self, ident: &Ident) {
        if let Some(key) = language::find(STRUCT, "name") {
            let place = Place::from(ident.span());
            let places = Places { key: place, name: place, value: place };
            self.add(key, places, String::new(), Value::Text(kebab(&plain(ident))));
        }
    }
}

impl Emit {
    /// `::acf_core`.
    fn crate_path(span: Span) -> Vec<TokenTree> {
        let mut path = Self::new(span, 3);
        path.path(&["acf_core"]);
        path.into_tokens()
    }
}

/// The placeholders that texts use, and where.
pub(crate) struct Templates<'a>(Vec<(&'a str, bool)>);

impl<'a> Templates<'a> {
    pub(crate) fn of(entries: &'a [Entry]) -> Self {
        let mut used = Vec::new();
        for entry in entries {
            let Value::Text(text) = &entry.value else { continue };
            if !text.contains('{') || !declaration::is_template(entry.key, entry.group) {
                continue;
            }
            let endpoint = matches!(entry.key.kind, Kind::Text(Grammar::BaseUri | Grammar::Endpoint | Grammar::Issuer));
            let (_, rest) = text.split_once("://").filter(|_| endpoint).unwrap_or(("", ""));
            let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
            used.extend(uri::placeholders(host).map(|name| (name, true)));
            used.extend(uri::placeholders(text).map(|name| (name, false)));
        }
        Self(used)
    }

    /// The names, some more than once.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'a str> {
        self.0.iter().map(|(name, _)| *name)
    }

    /// Whether the placeholder stands in a host.
    pub(crate) fn in_host(&self, name: &str) -> bool {
        self.0.iter().any(|(used, host)| *host && *used == name)
    }
}

impl<'a> Field<'a> {
    fn new(
        field: &'a item::Field,
        owner: &Ident,
        templates: &Templates<'_>,
        attempted: &mut Vec<&'static str>,
        diag: &mut Diag,
    ) -> Self {
        let ident = &field.ident;
        let name = plain(ident);
        let before = diag.count();
        let mut roles = Vec::new();
        if !field.attributes.is_empty() {
            let mut reader = Reader::new(owner, true, diag);
            reader.attributes(&field.attributes);
            attempted.append(&mut reader.roles);
            for entry in reader.entries {
                let Some(places) = entry.places else { continue };
                let role = match (entry.key.kind, entry.value) {
                    (Kind::Skip, _) => Role::Skip,
                    (Kind::Placeholder, Value::Text(name)) => Role::Placeholder(name),
                    _ => Role::Key(entry.key),
                };
                roles.push((role, places.key));
            }
        }
        let (excused, marked) = (diag.count() > before, !roles.is_empty());
        if roles.is_empty() && !excused {
            if let Some(key) = language::find(FIELD, &name).filter(|key| is_role(key)) {
                roles.push((Role::Key(key), ident.span().into()));
            } else if templates.names().any(|used| used == name) {
                roles.push((Role::Placeholder(name.clone()), ident.span().into()));
            }
        }
        Self { ident, name, ty: field.ty, roles, excused, marked }
    }

    /// The key of the table whose role this field has.
    pub(crate) fn key(&self) -> Option<&'static Key> {
        match self.roles.first() {
            Some((Role::Key(key), _)) => Some(key),
            _ => None,
        }
    }
}

/// Whether a field can have this role by its name.
pub(crate) fn is_role(key: &Key) -> bool {
    matches!(key.kind, Kind::Role | Kind::Endpoint(_))
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
