//! The rules. Those of a declaration are in `acf_rules`, because the runtime has the same; here they meet tokens. Only
//! what is about fields and their roles is judged here.

use acf_rules::{
    declaration::{self, Declaration, Source, Subject},
    language::{self, FIELD},
    suggest::nearest,
};

use crate::{
    diag::{Diag, Place, Stage},
    model::{Field, Provider, Role, Templates, is_role},
    unknown::by_alias,
    value::Value,
};

/// Applies every rule to a provider.
pub(crate) fn validate(provider: &Provider<'_>, templates: &Templates<'_>, diag: &mut Diag) {
    if provider.fields.is_none() {
        return;
    }
    // What fields seem to be meant for.
    let mut meant = provider.attempted.clone();
    for (index, field) in provider.fields().iter().enumerate() {
        match field.roles.split_first() {
            Some((first, more)) => meant.extend(roles(provider, index, first, more, diag)),
            None if field.excused => {}
            None => meant.extend(no_role(provider, templates, field, diag)),
        }
    }
    declaration(provider, &meant, diag);
}

/// Each field has one role, and each role one field. Gives the role that the field seems to be meant for as well.
fn roles(
    provider: &Provider<'_>,
    index: usize,
    (role, place): &(Role, Place),
    more: &[(Role, Place)],
    diag: &mut Diag,
) -> Option<&'static str> {
    let field = provider.fields().get(index)?;
    let name = &field.name;
    for (second, place) in more {
        let (message, help) = match (role, second) {
            (Role::Skip, role) | (role, Role::Skip) => {
                (format!("`skip` contradicts the role {}", describe(role)), "keep one of the two")
            }
            _ => (format!("field `{name}` already has the role {}", describe(role)), "one role per field"),
        };
        diag.push(Stage::Rule, *place, message, help);
    }
    let named = || language::find(FIELD, name).filter(|key| is_role(key));
    if let (true, Role::Key(key), Some(other)) = (field.marked, role, named())
        && key.name != other.name
    {
        diag.push(
            Stage::Rule,
            *place,
            format!("field `{name}` is marked `{}`", key.name),
            format!("rename the field to `{}`, or remove the attribute", key.name),
        );
        // It may be meant for either: neither is missing, and neither is taken.
        return Some(other.name);
    }
    let same = |other: &&Field<'_>| other.roles.first().is_some_and(|(other, _)| other == role);
    if let Some(taken) = provider.fields().iter().take(index).find(same).filter(|_| *role != Role::Skip) {
        diag.push(
            Stage::Rule,
            *place,
            format!("the role {} is already taken by field `{}`", describe(role), taken.ident),
            "mark one of the two `#[oauth(skip)]`, or remove it",
        );
    }
    None
}

fn describe(role: &Role) -> String {
    match role {
        Role::Key(key) => format!("`{}`", key.name),
        Role::Placeholder(name) => format!("`param = {name}`"),
        Role::Skip => "`skip`".to_owned(),
    }
}

/// Says that a field has no role, and gives what it seems to be meant for.
fn no_role<'t>(
    provider: &Provider<'_>,
    templates: &Templates<'t>,
    field: &Field<'_>,
    diag: &mut Diag,
) -> Option<&'t str> {
    let name = &field.name;
    let roles = FIELD.iter().filter(|key| is_role(key));
    let near = by_alias(FIELD, name)
        .filter(|key| is_role(key))
        .map(|key| key.name)
        .or_else(|| nearest(name, roles.map(|key| key.name)))
        .filter(|role| provider.holder(role).is_none());
    let unfilled = templates.names().filter(|wanted| provider.placeholders().all(|(filled, _)| filled != *wanted));
    let (help, meant) = if let Some(role) = near {
        (format!("did you mean `{role}`? rename it, or mark it `#[oauth({role})]`"), Some(role))
    } else if let Some(placeholder) = nearest(name, unfilled) {
        let help = format!("did you mean `{placeholder}`? rename it, or mark it `#[oauth(param = {placeholder})]`");
        (help, Some(placeholder))
    } else {
        ("mark it `#[oauth(skip)]` if it is yours".to_owned(), None)
    };
    diag.push(Stage::Rule, field.ident.span(), format!("field `{name}` has no role"), help);
    meant
}

/// What `acf_rules` says about the whole declaration.
fn declaration(provider: &Provider<'_>, meant: &[&str], diag: &mut Diag) {
    let entries: Vec<_> = provider
        .entries
        .iter()
        .map(|entry| declaration::Entry {
            group: entry.group,
            key: entry.key,
            name: &entry.name,
            value: match &entry.value {
                Value::Text(text) => Source::Text(text),
                Value::Constant(_) | Value::Attempted => Source::Elsewhere,
            },
        })
        .collect();
    let mut roles: Vec<_> = provider.fields().iter().filter_map(Field::key).map(|key| key.name).collect();
    // What somebody tried to give counts as given; it comes last, so that it has no place.
    let mut placeholders: Vec<_> = provider.placeholders().map(|(name, _)| name).collect();
    roles.extend_from_slice(meant);
    placeholders.extend_from_slice(meant);
    let declaration = Declaration { entries: &entries, roles: &roles, placeholders: &placeholders };
    declaration::check(&declaration, &mut |subject, message, help| {
        let stage = if subject == Subject::Whole { Stage::Missing } else { Stage::Rule };
        if let Some(place) = place(provider, subject) {
            diag.push(stage, place, message.to_string(), help.to_string());
        }
    });
}

/// The tokens that a problem is about. What has none was attempted, and has its own message.
fn place(provider: &Provider<'_>, subject: Subject<'_>) -> Option<Place> {
    let places = |index: usize| provider.entries.get(index).and_then(|entry| entry.places);
    match subject {
        Subject::Key(index) => places(index).map(|places| places.key),
        Subject::Name(index) => places(index).map(|places| places.name),
        Subject::Value(index) => places(index).map(|places| places.value),
        Subject::Role(name) => provider.holder(name)?.roles.first().map(|(_, place)| *place),
        Subject::Placeholder(index) => provider.placeholders().nth(index).map(|(_, place)| place),
        Subject::Whole => Some(provider.ident.span().into()),
    }
}
