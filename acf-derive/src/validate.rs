//! The rules. Those of a declaration are in `acf_rules`, because the runtime has the same; here they meet tokens. Only
//! what is about fields and their roles is judged here.

use acf_rules::declaration::{self, ClientAuth, Declaration, Endpoint, Subject};

use crate::{
    diag::{Diag, Place, Stage},
    keys::{self, FIELD, Kind},
    model::{Field, Provider, Role},
    suggest::nearest,
    value::{Text, Value, plain},
};
use declaration::Source;

/// Applies every rule to a provider.
pub(crate) fn validate(provider: &Provider<'_>, diag: &mut Diag) {
    if provider.fields.is_none() {
        return;
    }
    roles(provider, diag);
    declaration(provider, diag);
}

/// Each field has one role, and each role one field.
fn roles(provider: &Provider<'_>, diag: &mut Diag) {
    for (index, field) in provider.fields().iter().enumerate() {
        let name = plain(field.ident);
        let mut roles = field.roles.iter();
        let Some((role, place)) = roles.next() else {
            if !field.excused {
                no_role(provider, field, &name, diag);
            }
            continue;
        };
        for (second, place) in roles {
            let (message, help) = match (role, second) {
                (Role::Skip, role) | (role, Role::Skip) => {
                    (format!("`skip` contradicts the role {}", describe(role)), "keep one of the two")
                }
                _ => (format!("field `{name}` already has the role {}", describe(role)), "one role per field"),
            };
            diag.push(Stage::Rule, *place, message, help);
        }
        let earlier = provider.fields().iter().take(index);
        let taken = earlier.clone().find(|f| *role != Role::Skip && f.roles.first().is_some_and(|(r, _)| r == role));
        if let Some(taken) = taken {
            diag.push(
                Stage::Rule,
                *place,
                format!("the role {} is already taken by field `{}`", describe(role), taken.ident),
                "mark one of the two `#[oauth(skip)]`, or remove it",
            );
        }
    }
}

fn describe(role: &Role) -> String {
    match role {
        Role::Key(name) => format!("`{name}`"),
        Role::Placeholder(name) => format!("`param = {name}`"),
        Role::Skip => "`skip`".to_owned(),
    }
}

fn no_role(provider: &Provider<'_>, field: &Field<'_>, name: &str, diag: &mut Diag) {
    let roles = FIELD.iter().filter(|key| matches!(key.kind, Kind::Flag | Kind::Endpoint) && key.name != "skip");
    let near = keys::by_alias(FIELD, name)
        .filter(|key| roles.clone().any(|role| role.name == key.name))
        .map(|key| key.name)
        .or_else(|| nearest(name, roles.map(|key| key.name)));
    let unfilled: Vec<_> = provider
        .templates()
        .flat_map(acf_rules::uri::placeholders)
        .filter(|wanted| provider.role(&Role::Placeholder((*wanted).to_owned())).is_none())
        .collect();
    let help = if let Some(role) = near.filter(|role| provider.role(&Role::Key(role)).is_none()) {
        diag.attempted(role);
        format!("did you mean `{role}`? rename it, or mark it `#[oauth({role})]`")
    } else if let Some(placeholder) = nearest(name, unfilled) {
        diag.attempted(placeholder);
        format!("did you mean `{placeholder}`? rename it, or mark it `#[oauth(param = {placeholder})]`")
    } else {
        "mark it `#[oauth(skip)]` if it is yours".to_owned()
    };
    diag.push(Stage::Rule, field.ident.span(), format!("field `{name}` has no role"), help);
}

/// What `acf_rules` says about the whole declaration.
fn declaration(provider: &Provider<'_>, diag: &mut Diag) {
    let given = |path: &[&str]| match (provider.text(path), path) {
        (Some(text), _) => source(text),
        (None, [key]) if diag.was_attempted(key) => Source::Elsewhere,
        _ => Source::Absent,
    };
    // A field is a source where no constant is; beside one it takes its place only at run time.
    let or_field = |key: &'static str, constant: Source<'_>| match provider.role(&Role::Key(key)) {
        Some(_) if !constant.is_given() => Source::Elsewhere,
        _ => Source::Absent,
    };
    let mut paths = [Source::Absent; 5];
    let mut urls = [Source::Absent; 5];
    for (endpoint, (path, url)) in Endpoint::ALL.iter().zip(paths.iter_mut().zip(&mut urls)) {
        (*path, *url) = (given(&[endpoint.path_key()]), given(&[endpoint.url_key()]));
        if !url.is_given() {
            *url = or_field(endpoint.url_key(), *path);
        }
    }
    let mut base_uri = given(&["base_uri"]);
    if !base_uri.is_given() {
        base_uri = or_field("base_uri", base_uri);
    }
    let scopes: Vec<_> = provider.scopes().iter().map(source).collect();
    let lists = [["authorize", "params"], ["token", "params"], ["token", "headers"]]
        .map(|path| provider.pairs(&path).iter().map(|(name, value)| (known(name), source(value))).collect::<Vec<_>>());
    let [authorize_params, token_params, token_headers] = &lists;
    // An attempt counts as a field: it comes last, so it has no place.
    let placeholders: Vec<_> = provider.placeholders().map(|(name, _)| name).chain(diag.attempts()).collect();
    let mut client_auth = match provider.entry(&["client_auth"]).map(|entry| &entry.value) {
        Some(Value::Choice { word, .. }) => ClientAuth::from_name(word),
        _ => None,
    };
    let has = |role: &'static str| provider.role(&Role::Key(role)).is_some() || diag.was_attempted(role);
    let mut has_client_secret = has("client_secret");
    if client_auth.is_none() && diag.was_attempted("client_auth") {
        (client_auth, has_client_secret) = (Some(ClientAuth::ClientSecretPost), true);
    }
    let declaration = Declaration {
        name: source(&provider.name),
        docs: given(&["docs"]),
        base_uri,
        paths,
        urls,
        issuer: given(&["issuer"]),
        scopes: &scopes,
        scope_separator: given(&["scope_separator"]),
        scope_param: given(&["scope_param"]),
        client_auth,
        authorize_params,
        token_params,
        token_headers,
        token_type: given(&["token_response", "token_type"]),
        expires: given(&["token_response", "expires"]),
        response_scope_separator: given(&["token_response", "scope_separator"]),
        has_client_id: has("client_id"),
        has_client_secret,
        has_redirect_uri: has("redirect_uri"),
        placeholders: &placeholders,
    };
    let mut found = Vec::new();
    declaration::check(&declaration, &mut |subject, message, help| {
        let stage = if subject == Subject::Whole { Stage::Missing } else { Stage::Rule };
        // What has no place was attempted and has its own message.
        if let Some(place) = place(provider, subject) {
            found.push((stage, place, message.to_string(), help.to_string()));
        }
    });
    for (stage, place, message, help) in found {
        diag.push(stage, place, message, help);
    }
}

fn source(text: &Text) -> Source<'_> {
    text.literal.as_deref().map_or(Source::Elsewhere, Source::Text)
}

fn known(text: &Text) -> &str {
    text.literal.as_deref().unwrap_or_default()
}

/// The tokens that a problem is about.
fn place(provider: &Provider<'_>, subject: Subject) -> Option<Place> {
    let role = |name: &'static str| provider.role(&Role::Key(name));
    match subject {
        Subject::Key(key) => provider.entry(&[key]).map(|entry| entry.name).or_else(|| role(key)),
        Subject::Value("name") => Some(provider.name.place),
        Subject::Value(key) => match provider.entry(&[key]).map(|entry| &entry.value)? {
            Value::Text(text) => Some(text.place),
            Value::Choice { place, .. } => Some(*place),
            _ => None,
        },
        Subject::Scope(index) => provider.scopes().get(index).map(|text| text.place),
        Subject::EntryName(group, list, index) => provider.pairs(&[group, list]).get(index).map(|(name, _)| name.place),
        Subject::EntryValue(group, list, index) => {
            provider.pairs(&[group, list]).get(index).map(|(_, value)| value.place)
        }
        Subject::GroupValue(group, key) => provider.text(&[group, key]).map(|text| text.place),
        Subject::Role(name) => role(name),
        Subject::Placeholder(index) => provider.placeholders().nth(index).map(|(_, place)| place),
        Subject::Whole => Some(provider.ident.span().into()),
    }
}
