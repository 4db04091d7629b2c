//! What to say about a key that is not known where it stands: it may be known elsewhere, by another name, or be a thing
//! that other libraries declare and this one does not.

use acf_rules::{
    language::{Endpoint, FIELD, Key, Kind, STRUCT, find},
    suggest::nearest,
};
use proc_macro2::Ident;

use crate::{
    diag::Place,
    literal::Literal,
    parse::Reader,
    tokens::{Raw, Shape, Tokens},
};

/// What was written behind the key.
enum Written {
    Nothing,
    Value(Raw),
    List(String, Place),
}

/// Says what an unknown key should have been, and steps over its value.
pub(crate) fn unknown(reader: &mut Reader<'_>, ident: &Ident, name: &str, tokens: &mut Tokens, keys: &'static [Key]) {
    let written = match tokens.take_list() {
        Some((list, place)) => Written::List(list.written(), place),
        None if tokens.take_punct('=').is_some() => Written::Value(tokens.take_value()),
        None => Written::Nothing,
    };
    let top = std::ptr::eq(keys, STRUCT);
    if !reader.field && (name == "client_secret" || find(FIELD, "client_secret").is_some_and(|k| k.is_called(name))) {
        return secret(reader, ident, &written);
    }
    let (message, help) = if let Some(key) = find(if top { FIELD } else { STRUCT }, name) {
        attempt(reader, "", key);
        if top {
            let help = format!("put it on the field that holds the value: `{}`", key.example);
            (format!("`{name}` marks a field"), help)
        } else if reader.field {
            let help = format!("move it into the `#[oauth(..)]` above `struct {}`", reader.owner);
            (format!("`{name}` belongs on the struct"), help)
        } else {
            (format!("`{name}` does not belong in this list"), "move it out of the parentheses".to_owned())
        }
    } else if let Some(help) = habit(name, &written).filter(|_| top) {
        (format!("unknown key `{name}`"), help)
    } else if let Some(key) = by_alias(keys, name) {
        let key = fitting(key, &written);
        attempt(reader, reader.group, key);
        (format!("`{name}` is called `{}` here", key.name), renamed(key, &written))
    } else if let Some((groups, key)) = in_group(STRUCT, name).filter(|_| !reader.field) {
        attempt(reader, groups.last().unwrap_or(&""), key);
        (format!("unknown key `{name}`"), format!("it belongs in `{}`", inside(&groups, &renamed(key, &written))))
    } else if let Some(key) = nearest(name, keys.iter().map(|key| key.name)).and_then(|near| find(keys, near)) {
        attempt(reader, reader.group, key);
        (format!("unknown key `{name}`"), format!("did you mean `{}`?", key.name))
    } else if let Some(key) = by_alias(if top { FIELD } else { STRUCT }, name) {
        // A constant, if the key may be one.
        let constant = find(STRUCT, key.name).filter(|_| top);
        attempt(reader, "", constant.unwrap_or(key));
        let help = match (constant, top) {
            (Some(key), _) => renamed(key, &written),
            (None, true) => format!("put it on the field that holds the value: `{}`", key.example),
            (None, false) => format!("move it into the `#[oauth(..)]` above `struct {}`", reader.owner),
        };
        (format!("`{name}` is called `{}` here", key.name), help)
    } else if find(keys, "params").is_some() {
        let help = format!("if it is a parameter, write `{}`", params(name, &written));
        (format!("unknown key `{name}`"), help)
    } else {
        (format!("unknown key `{name}`"), known(keys))
    };
    reader.diag.grammar(ident.span(), message, help);
}

/// A secret beside a declaration would be in every copy of the program and in its source.
fn secret(reader: &mut Reader<'_>, ident: &Ident, written: &Written) {
    reader.roles.push("client_secret");
    let place = match written {
        Written::Value(raw) if !matches!(raw.shape, Shape::Missing) => raw.place(),
        Written::List(_, place) => *place,
        _ => {
            let help = "put it on the field that holds the value: `#[oauth(client_secret)]`";
            return reader.diag.grammar(ident.span(), format!("`{ident}` marks a field"), help);
        }
    };
    let help = "remove it; add a field `client_secret: ClientSecret`, and load it when the program starts";
    reader.diag.grammar(place, "a secret must not be in source code", help);
}

fn attempt(reader: &mut Reader<'_>, group: &'static str, key: &'static Key) {
    let outer = std::mem::replace(&mut reader.group, group);
    reader.attempt(key);
    reader.group = outer;
}

/// The names of all keys.
pub(crate) fn known(keys: &'static [Key]) -> String {
    let names: Vec<_> = keys.iter().map(|key| format!("`{}`", key.name)).collect();
    format!("known here: {}", names.join(", "))
}

/// The key that others call `name`.
pub(crate) fn by_alias(keys: &'static [Key], name: &str) -> Option<&'static Key> {
    keys.iter().find(|key| key.is_called(name))
}

/// The form of an endpoint that fits what was written: a path, or a whole URL.
fn fitting(key: &'static Key, written: &Written) -> &'static Key {
    let Written::Value(raw) = written else { return key };
    let Some(text) = raw.literal() else { return key };
    let is = |endpoint: &&Endpoint| endpoint.url_key() == key.name || endpoint.path_key() == Some(key.name);
    let other = Endpoint::ALL.iter().find(is).and_then(|endpoint| {
        if text.starts_with('/') { endpoint.path_key() } else { text.contains("://").then_some(endpoint.url_key()) }
    });
    other.and_then(|name| find(STRUCT, name)).unwrap_or(key)
}

/// The groups that lead to a key of this name, and that key; by its own name, or else by one that others use.
fn in_group(keys: &'static [Key], name: &str) -> Option<(Vec<&'static str>, &'static Key)> {
    let search = |key: &dyn Fn(&'static [Key]) -> Option<&'static Key>| groups(keys, key);
    search(&|keys| find(keys, name)).or_else(|| search(&|keys| by_alias(keys, name)))
}

fn groups(
    keys: &'static [Key],
    search: &dyn Fn(&'static [Key]) -> Option<&'static Key>,
) -> Option<(Vec<&'static str>, &'static Key)> {
    keys.iter().find_map(|group| {
        let Kind::Group(inner) = group.kind else { return None };
        if let Some(key) = search(inner) {
            return Some((vec![group.name], key));
        }
        let (mut path, key) = groups(inner, search)?;
        path.insert(0, group.name);
        Some((path, key))
    })
}

fn inside(groups: &[&str], text: &str) -> String {
    groups.iter().rev().fold(text.to_owned(), |text, group| format!("{group}({text})"))
}

/// What was written, under the right name: ready to be pasted.
fn renamed(key: &'static Key, written: &Written) -> String {
    match (key.kind, written) {
        (Kind::Text(_), Written::Value(raw)) if raw.literal().is_some() || raw.is_path() => {
            format!("{} = {}", key.name, raw.written())
        }
        (Kind::Number(_), Written::Value(raw)) if matches!(raw.shape, Shape::Literal(Literal::Integer(_))) => {
            format!("{} = {}", key.name, raw.written())
        }
        (Kind::Scopes | Kind::Names(_) | Kind::Map(_), Written::List(list, _)) => format!("{}({list})", key.name),
        (Kind::Word(words), Written::Value(raw)) => {
            let word = raw.literal().map_or_else(|| raw.written(), str::to_owned);
            if words.contains(&word.as_str()) { format!("{} = {word}", key.name) } else { key.example.to_owned() }
        }
        (Kind::Group(keys), Written::List(list, _)) => {
            let first = list.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
            if find(keys, first).is_some() {
                format!("{}({list})", key.name)
            } else if find(keys, "params").is_some() {
                format!("{}(params({list}))", key.name)
            } else {
                key.example.to_owned()
            }
        }
        _ => key.example.to_owned(),
    }
}

fn params(name: &str, written: &Written) -> String {
    match written {
        Written::Value(raw) if raw.literal().is_some() => format!("params({name} = {})", raw.written()),
        _ => format!("params({name} = \"..\")"),
    }
}

/// Things that other libraries declare.
fn habit(name: &str, written: &Written) -> Option<String> {
    Some(match name {
        "client_credentials" | "password" | "implicit" | "device" | "device_flow" | "token_exchange" => {
            "remove it: a grant is a method of `Flow`, such as `client_credentials()` or `device()`; what else than the authorization code is used may be listed in `grant_types(..)`"
                .to_owned()
        }
        "preset" | "extends" | "inherit" => {
            "remove it: a preset is a type, such as `acf_providers::GitHub`, used instead of this struct".to_owned()
        }
        "timeout" | "deadline" | "limits" | "max_body" => {
            "remove it: times and sizes are set with `Flow::builder(..).limits(..)`".to_owned()
        }
        "http_client" | "client" | "proxy" | "user_agent" | "retries" => {
            "remove it: the HTTP client is set with `Flow::builder(..).http_client(..)`".to_owned()
        }
        "store" | "state_store" | "token_store" => {
            "remove it: a store is set with `Flow::builder(..).state_store(..)`".to_owned()
        }
        "allow" | "allow_http" | "insecure" | "lints" => {
            "remove it: no rule can be switched off; what the provider does differently has a key of its own".to_owned()
        }
        "nonce" => {
            "remove it: add a fresh one in `Hooks::authorize`, or with `.param(\"nonce\", ..)` after `begin(..)`"
                .to_owned()
        }
        "state" | "csrf" | "code_verifier" | "code_challenge" | "verifier_length" | "state_length" => {
            "remove it: the flow makes it anew for each login".to_owned()
        }
        "env" | "env_prefix" | "prefix" => "remove it: environment variables begin with the `name`".to_owned(),
        "discovery" | "discovery_url" | "well_known" | "server_metadata_url" | "openid_configuration" | "metadata" => {
            "name the endpoints that the document lists, and its `issuer`".to_owned()
        }
        "base_path" | "path_prefix" => "put it behind the host: `base_uri = \"https://HOST/path\"`".to_owned(),
        "mtls" | "cert" | "certificate" => "write `client_auth = tls_client_auth`".to_owned(),
        "public" | "confidential" => "write `client_auth`: `client_auth = none` for a public client".to_owned(),
        "disable_pkce" | "no_pkce" => "write `pkce = off`".to_owned(),
        "id_token" => "write `issuer = \"https://HOST\"`, and the scope `openid`".to_owned(),
        "prompt"
        | "access_type"
        | "audience"
        | "login_hint"
        | "max_age"
        | "response_mode"
        | "resource"
        | "display"
        | "ui_locales"
        | "acr_values"
        | "hd"
        | "domain_hint"
        | "include_granted_scopes" => {
            format!("write `authorize({})`", params(name, written))
        }
        _ => return None,
    })
}
