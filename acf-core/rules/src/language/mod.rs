//! The language in which providers are declared: every key, what it takes, and the grammar of its values.
//!
//! This is the one table of keys. The derive reads attributes by it and makes its texts about unknown keys, its
//! suggestions and its reference of it; the runtime reads by it what the derive has written.

mod grammar;
mod keys;
mod words;

pub use self::{
    grammar::Grammar,
    keys::{FIELD, STRUCT},
    words::{ClientAuth, Encoding, Endpoint, ExpiresUnit, GrantType, Method, Pkce, Post, Rotates},
};

/// A key of the language.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// What stands behind it.
    pub kind: Kind,
    /// How it is written, ready to be pasted.
    pub example: &'static str,
    /// What it means, in the words of the reference.
    pub meaning: &'static str,
    /// What other libraries and people call it.
    pub aliases: &'static [&'static str],
}

/// What stands behind a key.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Kind {
    /// `key = ".."`, or the path of a constant.
    Text(Grammar),
    /// `key("a", "b")`, or `key = "a b"`.
    Scopes,
    /// `key(a, "b")`: names or texts.
    Names(Grammar),
    /// `key = word`.
    Word(&'static [&'static str]),
    /// `key = 60`, at least 1 and at most this.
    Number(u64),
    /// `key(name = "..")`, values of this grammar.
    Map(Grammar),
    /// `key(inner = ..)`.
    Group(&'static [Key]),
    /// `key` alone.
    Flag,
    /// `crate = ::path`: for the derive alone.
    Path,
    /// On a field: the role of that name.
    Role,
    /// On a field: the field gives the URL of this endpoint.
    Endpoint(Endpoint),
    /// On a field, `param = name`: the field fills this placeholder.
    Placeholder,
    /// On a field: the field is for something else.
    Skip,
}

impl Key {
    /// Whether others call it so.
    pub fn is_called(&self, name: &str) -> bool {
        self.aliases.iter().any(|alias| alias.eq_ignore_ascii_case(name))
    }
}

/// The key of that name.
pub fn find(keys: &'static [Key], name: &str) -> Option<&'static Key> {
    keys.iter().find(|key| key.name == name)
}

/// A key found by its whole name: `group.key`, or `key` where it stands alone. What stands behind it names an entry of a
/// map.
pub fn resolve(whole: &str) -> Option<(&'static str, &'static Key, &str)> {
    let (first, rest) = whole.split_once('.').unwrap_or((whole, ""));
    let Some(group) = STRUCT.iter().find_map(|key| group(key, first)) else {
        return find(STRUCT, first).map(|key| ("", key, rest));
    };
    let Kind::Group(keys) = group.kind else { return None };
    let (second, name) = rest.split_once('.').unwrap_or((rest, ""));
    find(keys, second).map(|key| (group.name, key, name))
}

/// The group of that name: this key, or one inside it.
fn group(key: &'static Key, name: &str) -> Option<&'static Key> {
    match key.kind {
        Kind::Group(_) if key.name == name => Some(key),
        Kind::Group(inner) => inner.iter().find_map(|key| group(key, name)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::{collections::HashSet, vec::Vec};

    fn all(keys: &'static [Key], names: &mut Vec<&'static str>) {
        for key in keys {
            if let Kind::Group(inner) = key.kind {
                names.push(key.name);
                all(inner, names);
            }
        }
    }

    #[test]
    fn each_group_has_one_name() {
        let mut names = Vec::new();
        all(STRUCT, &mut names);
        let unique: HashSet<_> = names.iter().collect();
        assert_eq!(unique.len(), names.len(), "{names:?}");
    }

    #[test]
    fn whole_names() {
        let found = |whole| resolve(whole).map(|(group, key, name)| (group, key.name, name));
        assert_eq!(found("base_uri"), Some(("", "base_uri", "")));
        assert_eq!(found("placeholders.tenant"), Some(("", "placeholders", "tenant")));
        assert_eq!(found("authorize.params.user.fields"), Some(("authorize", "params", "user.fields")));
        assert_eq!(found("error.code"), Some(("error", "code", "")));
        assert_eq!(found("nonsense"), None);
        assert_eq!(found("token.nonsense"), None);
    }

    #[test]
    fn examples_and_meanings_are_there() {
        fn look(keys: &'static [Key]) {
            for key in keys {
                assert!(key.example.contains(key.name), "{}", key.name);
                assert!(!key.meaning.is_empty() && !key.meaning.ends_with('.'), "{}", key.name);
                if let Kind::Group(inner) = key.kind {
                    look(inner);
                }
            }
        }
        look(STRUCT);
        look(FIELD);
    }
}
