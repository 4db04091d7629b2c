//! A sound declaration becomes one implementation: what it says as one text, and the values of the fields.
//!
//! Every extra token is paid for in each build of each user: logic belongs into the runtime crate. Nothing here brings a
//! name into scope, so no name of the user's can be in the way.

use acf_rules::language::{Grammar, Kind};
use proc_macro2::{Delimiter, Ident, Literal, Span, TokenStream, TokenTree};

use crate::{
    diag::Place,
    emit::Emit,
    item::Argument,
    model::{Field, Provider, Role, Templates},
    parse::Entry,
    value::Value,
};

/// The implementation.
pub(crate) fn expand(provider: &Provider<'_>, templates: &Templates<'_>) -> TokenStream {
    implementation(provider, declaration(provider), parts(provider, templates))
}

/// The implementation with the bodies of its two methods.
pub(crate) fn implementation(provider: &Provider<'_>, declaration: Emit, parts: Emit) -> TokenStream {
    let krate = provider.krate.as_slice();
    let here = Span::call_site();
    let mut methods = Emit::new(here, 20);
    methods.words(&["fn", "declaration"]).parentheses(Emit::new(here, 0));
    methods.puncts("->&").lifetime("static").path(&["core", "primitive", "str"]).braces(declaration);
    let mut receiver = Emit::new(here, 2);
    receiver.puncts("&").token(this(provider, provider.ident.span()));
    methods.words(&["fn", "parts"]).parentheses(receiver);
    methods.puncts("->").tokens(krate).path(&["Parts"]).puncts("<").lifetime("_").puncts(">").braces(parts);

    let mut whole = Emit::new(here, 24);
    let mut attribute = Emit::new(here, 1);
    attribute.words(&["automatically_derived"]);
    whole.puncts("#").group(Delimiter::Bracket, attribute);
    lints(provider, &mut whole);
    // Resolved where the derive stands, so that a deprecated struct may have the derive without a warning.
    let mut ident = provider.ident.clone();
    ident.set_span(ident.span().resolved_at(here));
    let generics = provider.generics;
    whole.words(&["impl"]).tokens(&generics.parameters).tokens(krate).path(&["OAuthProvider"]);
    whole.words(&["for"]).token(ident).tokens(&generics.arguments).tokens(&generics.clause).braces(methods);
    whole.finish()
}

/// `self`. It must mean the same everywhere, also where a macro has written the type of a field.
fn this(provider: &Provider<'_>, span: Span) -> Ident {
    Ident::new("self", span.resolved_at(provider.ident.span()))
}

/// The body of `declaration`: a line for each entry, as `acf_rules::declaration::read` reads them.
fn declaration(provider: &Provider<'_>) -> Emit {
    let mut body = Emit::new(Span::call_site(), 1);
    let mut joined = body.inner();
    let mut text = String::with_capacity(512);
    for entry in &provider.entries {
        for part in [entry.group, entry.key.name, &entry.name].into_iter().filter(|part| !part.is_empty()) {
            if !text.is_empty() && !text.ends_with('\n') {
                text.push('.');
            }
            text.push_str(part);
        }
        text.push('=');
        match &entry.value {
            Value::Text(value) => text.push_str(value),
            Value::Constant(path) => {
                joined.text(&text).puncts(",").tokens(path).puncts(",");
                text.clear();
                check(provider, entry, path, &mut body);
            }
            Value::Attempted => {}
        }
        text.push('\n');
    }
    if joined.is_empty() {
        body.text(&text);
    } else {
        joined.text(&text);
        body.tokens(&provider.krate).path(&["__private", "join"]).puncts("!").parentheses(joined);
    }
    body
}

/// The rule of a constant whose text only the compiler will know. It is a constant itself, because that is evaluated by
/// `cargo check` too. The call begins and ends at the user's path, so that the error stands there.
fn check(provider: &Provider<'_>, entry: &Entry, path: &[TokenTree], body: &mut Emit) {
    let Place { start, end } = Place::over(path);
    let krate = provider.krate.as_slice();
    // Ours, so that no lint takes the path for the user's.
    let mut rule = body.inner();
    rule.tokens(krate).path(&["__private"]);
    // Through `join`, so that a constant of another type gives one error, and not one for each use.
    let (mut argument, mut joined) = (Emit::new(end, 10), Emit::new(end, 4));
    joined.tokens(path);
    argument.tokens(krate).path(&["__private", "join"]).puncts("!").parentheses(joined);
    match entry.key.kind {
        Kind::Scopes => {
            match provider.entry("scope_separator").map(|entry| &entry.value) {
                Some(Value::Text(separator)) => argument.puncts(",").text(separator),
                Some(Value::Constant(separator)) => argument.puncts(",").tokens(separator),
                _ => argument.puncts(",").text(" "),
            };
            rule.path(&["text", "scope_in_list"])
        }
        Kind::Text(Grammar::RedirectUri) if provider.entry("opaque_redirect_uri").is_some() => {
            grammar(&mut rule, Grammar::Line)
        }
        Kind::Text(kind) | Kind::Names(kind) | Kind::Map(kind) => grammar(&mut rule, kind),
        _ => return,
    }
    .parentheses(argument);
    body.words(&["const", "_"]).puncts(":").parentheses(Emit::new(end, 0)).puncts("=");
    for token in krate {
        let mut token = token.clone();
        // As if it stood at the path, with the meaning it has where it came from.
        token.set_span(token.span().located_at(start));
        body.token(token);
    }
    let mut call = Emit::new(end, 2);
    call.words(&["check"]).parentheses(rule);
    body.path(&["__private"]).puncts("::").tokens(&call.into_tokens()).puncts(";");
}

fn grammar(rule: &mut Emit, grammar: Grammar) -> &mut Emit {
    rule.path(&["Grammar", &format!("{grammar:?}")]).puncts(".").words(&["check"])
}

/// The body of `parts`.
fn parts(provider: &Provider<'_>, templates: &Templates<'_>) -> Emit {
    const REQUIRED: [&str; 3] = ["client_id", "client_secret", "redirect_uri"];
    let here = Span::call_site();
    let mut required = Emit::new(here, 14);
    for (index, role) in REQUIRED.into_iter().enumerate() {
        if index > 0 {
            required.puncts(",");
        }
        match provider.holder(role) {
            Some(field) => value(provider, field, &mut required),
            None => {
                required.puncts("&").parentheses(Emit::new(here, 0));
            }
        }
    }
    let mut parts = Emit::new(here, 32);
    parts.tokens(&provider.krate).path(&["Parts", "new"]).parentheses(required);
    for field in provider.fields() {
        let start = field.ty.start.resolved_at(provider.ident.span());
        let mut arguments = Emit::new(start, 8);
        let method = match field.roles.first() {
            Some((Role::Key(key), _)) if REQUIRED.contains(&key.name) => continue,
            Some((Role::Key(key), _)) => match key.kind {
                Kind::Endpoint(endpoint) => {
                    arguments.tokens(&provider.krate).path(&["Endpoint", &format!("{endpoint:?}")]).puncts(",");
                    "endpoint"
                }
                _ => key.name,
            },
            Some((Role::Placeholder(name), _)) => {
                arguments.token(Literal::string(name)).puncts(",");
                if templates.in_host(name) { "host_placeholder" } else { "placeholder" }
            }
            _ => continue,
        };
        value(provider, field, &mut arguments);
        call(&mut parts, method, start, arguments);
    }
    if let Some(places) = provider.entry("hooks").and_then(|entry| entry.places) {
        // A struct without the hooks is told so at this word.
        let span = places.key.start.resolved_at(provider.ident.span());
        let mut argument = Emit::new(span, 1);
        argument.token(this(provider, span));
        call(&mut parts, "hooks", span, argument);
    }
    parts
}

/// Appends `.method(arguments)`.
fn call(parts: &mut Emit, method: &str, span: Span, arguments: Emit) {
    parts.puncts(".").token(Ident::new(method, span)).parentheses(arguments);
}

/// A field, as an argument. It stands at the type of the field: if that cannot have the role, the error is about the type.
fn value(provider: &Provider<'_>, field: &Field<'_>, arguments: &mut Emit) {
    let hygiene = provider.ident.span();
    let start = field.ty.start.resolved_at(hygiene);
    let mut ident = field.ident.clone();
    ident.set_span(field.ty.end.resolved_at(hygiene));
    let mut value = Emit::new(start, 4);
    value.puncts("&").token(this(provider, start)).puncts(".").token(ident);
    arguments.append(value);
}

/// The lints that the struct allows, for the implementation as well. An expectation becomes an allowance: it is met, if
/// anywhere, in the struct. What is deprecated may still have its implementation.
fn lints(provider: &Provider<'_>, whole: &mut Emit) {
    for attribute in provider.attributes {
        let mut inner = whole.inner();
        let mut lints = whole.inner();
        match &attribute.argument {
            Argument::List(list) if attribute.name == "allow" || attribute.name == "expect" => {
                lints.stream(list.clone());
            }
            _ if attribute.name == "deprecated" => {
                lints.words(&["deprecated"]);
            }
            _ => continue,
        }
        inner.words(&["allow"]).parentheses(lints);
        whole.puncts("#").group(Delimiter::Bracket, inner);
    }
}
