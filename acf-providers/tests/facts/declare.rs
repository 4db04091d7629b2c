//! Facts about a provider become a declaration, as somebody who reads the vendor's page would write it.

use std::{collections::BTreeSet, fmt::Write};

use super::Fact;

const ENDPOINTS: &[&str] = &[
    "authorization_endpoint",
    "token_endpoint",
    "refresh_endpoint",
    "revocation_endpoint",
    "introspection_endpoint",
    "device_authorization_endpoint",
    "pushed_authorization_request_endpoint",
    "userinfo_endpoint",
    "issuer",
];

/// The whole file of declarations.
pub(crate) fn file(facts: &[Fact]) -> String {
    let mut text = String::from(
        "// Written by the test `declarations_are_current` out of facts.json; UPDATE=1 writes it anew.\n\n\
         use acf_core::{ClientId, ClientSecret, Host, OAuthProvider, RedirectUri};\n\n\
         /// One provider of each, in the order of the facts.\n\
         pub(crate) fn all() -> Vec<Box<dyn OAuthProvider>> {\n    vec![\n",
    );
    for fact in facts {
        let mut fields = vec!["client_id: id()".to_owned()];
        fields.extend((fact.get("client_auth") != "none").then(|| "client_secret: secret()".to_owned()));
        fields.push("redirect_uri: redirect()".to_owned());
        fields.extend(
            placeholders(fact)
                .map(|(name, host)| format!("{name}: {}", if host { "host()" } else { "SEGMENT.to_owned()" })),
        );
        writeln!(text, "        Box::new({} {{ {} }}),", type_name(fact), fields.join(", ")).unwrap();
    }
    text.push_str(
        "    ]\n}\n\nconst SEGMENT: &str = \"a b/c\";\n\n\
         fn id() -> ClientId {\n    \"the-id\".parse().unwrap()\n}\n\n\
         fn secret() -> ClientSecret {\n    \"s3cret\".parse().unwrap()\n}\n\n\
         fn redirect() -> RedirectUri {\n    \"https://app.example/cb\".parse().unwrap()\n}\n\n\
         fn host() -> Host {\n    \"forge.example\".parse().unwrap()\n}\n",
    );
    for fact in facts {
        text.push('\n');
        text.push_str(&declaration(fact));
    }
    text
}

/// The placeholders that fields fill, and whether they stand in a host.
pub(crate) fn placeholders(fact: &Fact) -> impl Iterator<Item = (String, bool)> + use<> {
    let mut names: BTreeSet<String> = BTreeSet::new();
    let mut hosts: BTreeSet<String> = BTreeSet::new();
    let headers = fact.pairs("api_headers");
    let templates = ENDPOINTS.iter().map(|key| fact.get(key)).chain(headers.iter().map(|(_, value)| value.as_str()));
    for template in templates {
        let host = template.strip_prefix("https://").unwrap_or("").split('/').next().unwrap_or("");
        for name in acf_rules::uri::placeholders(template).filter(|name| !KNOWN.contains(name)) {
            names.insert(name.to_owned());
            if acf_rules::uri::placeholders(host).any(|in_host| in_host == name) {
                hosts.insert(name.to_owned());
            }
        }
    }
    names.into_iter().map(move |name| {
        let host = hosts.contains(&name);
        (name, host)
    })
}

/// What the flow fills in by itself.
const KNOWN: &[&str] = &["client_id", "access_token"];

fn type_name(fact: &Fact) -> String {
    let mut chars = fact.get("key").chars();
    chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).chain("Declared".chars()).collect()
}

fn declaration(fact: &Fact) -> String {
    let mut keys = vec![
        format!("name = {:?}", fact.get("key")),
        format!("display_name = {:?}", fact.get("name")),
        format!("docs = {:?}", fact.get("docs")),
    ];
    keys.extend(
        ENDPOINTS.iter().filter(|key| !fact.get(key).is_empty()).map(|key| format!("{key} = {:?}", fact.get(key))),
    );
    if !fact.list("scopes").is_empty() {
        keys.push(format!("scope({})", quoted(fact.list("scopes").iter())));
    }
    for key in ["scope_separator", "scope_param"] {
        keys.extend((!fact.get(key).is_empty()).then(|| format!("{key} = {:?}", fact.get(key))));
    }
    let auth = if fact.has("basic_raw") { "client_secret_basic_raw" } else { fact.get("client_auth") };
    keys.push(format!("client_auth = {auth}"));
    if fact.get("token_encoding") == "json" {
        keys.push("post = json".to_owned());
    }
    if !fact.get("pkce").is_empty() {
        keys.push(format!("pkce = {}", fact.get("pkce")));
    }
    if fact.has("redirect_is_runame") {
        keys.push("opaque_redirect_uri".to_owned());
    }
    let renames: Vec<_> = [("client_id", "client_id_param"), ("client_secret", "client_secret_param")]
        .into_iter()
        .filter(|(_, key)| !fact.get(key).is_empty())
        .map(|(standard, key)| format!("{standard} = {:?}", fact.get(key)))
        .collect();

    let mut authorize = Vec::new();
    authorize.extend(params("params", fact, "authorize_params", &[]));
    if !fact.get("client_id_param").is_empty() {
        authorize.push(format!("rename(client_id = {:?})", fact.get("client_id_param")));
    }
    if !fact.get("authorize_fragment").is_empty() {
        authorize.push(format!("fragment = {:?}", fact.get("authorize_fragment")));
    }
    keys.extend(group("authorize", &authorize));

    let mut token = Vec::new();
    if fact.get("token_method") == "get" {
        token.push("method = get".to_owned());
    } else if fact.get("token_parameters") == "query" || fact.has("token_params_in_query") {
        token.push("post = query".to_owned());
    }
    let mut more = Vec::new();
    more.extend(fact.has("state_on_token").then_some(("state", "{state}")));
    more.extend(fact.has("scope_on_token").then_some(("scope", "{scope}")));
    more.extend(fact.has("client_id_with_basic").then_some(("client_id", "{client_id}")));
    token.extend(params("params", fact, "token_params", &more));
    token.extend(params("headers", fact, "token_headers", &[]));
    if !renames.is_empty() {
        token.push(format!("rename({})", renames.join(", ")));
    }
    token.extend(fact.has("redirect_uri_not_sent").then(|| "omit(redirect_uri)".to_owned()));
    keys.extend(group("token", &token));

    let more: &[_] = if fact.has("redirect_on_refresh") { &[("redirect_uri", "{redirect_uri}")] } else { &[] };
    keys.extend(group("refresh", &params("params", fact, "refresh_params", more).into_iter().collect::<Vec<_>>()));
    let in_query: &[_] = if fact.has("token_in_query") { &[("access_token", "{access_token}")] } else { &[] };
    let api: Vec<_> = params("params", fact, "api_params", in_query)
        .into_iter()
        .chain(params("headers", fact, "api_headers", &[]))
        .collect();
    keys.extend(group("api", &api));
    keys.extend(fact.has("userinfo_post").then(|| "userinfo(method = post)".to_owned()));

    let mut response = Vec::new();
    if !fact.get("token_path").is_empty() {
        response.push(format!("path = {:?}", fact.get("token_path")));
    }
    if !fact.get("expires_field").is_empty() {
        response.push(format!("expires = {:?}", fact.get("expires_field")));
        response.extend((fact.get("expires_field") == "expires_at").then(|| "expires_unit = date_time".to_owned()));
    }
    response.extend(fact.has("no_token_type").then(|| "token_type = \"Bearer\"".to_owned()));
    response.extend(fact.has("token_type_nonstandard").then(|| "token_type_alias = \"User Access Token\"".to_owned()));
    response.extend(fact.has("scope_array").then(|| "scope_list".to_owned()));
    response.extend(fact.has("scope_response_comma").then(|| "scope_separator = \",\"".to_owned()));
    response.extend(fact.has("expires_zero").then(|| "zero_is_never".to_owned()));
    response.extend(fact.has("content_type_text").then(|| "encoding = json".to_owned()));
    keys.extend(group("token_response", &response));
    keys.extend(fact.has("form_post").then(|| "callback(form_post)".to_owned()));

    let mut text = String::from("#[derive(OAuthProvider)]\n#[oauth(\n");
    for key in keys {
        writeln!(text, "    {key},").unwrap();
    }
    writeln!(text, ")]\nstruct {} {{\n    client_id: ClientId,", type_name(fact)).unwrap();
    if auth != "none" {
        text.push_str("    client_secret: ClientSecret,\n");
    }
    text.push_str("    redirect_uri: RedirectUri,\n");
    for (name, host) in placeholders(fact) {
        writeln!(text, "    {name}: {},", if host { "Host" } else { "String" }).unwrap();
    }
    text.push_str("}\n");
    text
}

fn params(list: &str, fact: &Fact, key: &str, more: &[(&str, &str)]) -> Option<String> {
    let own = fact.pairs(key);
    let pairs: Vec<_> = own
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .chain(more.iter().copied())
        .filter(|(_, value)| *value != "{access_token}" || list == "params" || key == "api_headers")
        .map(|(name, value)| format!("{name:?} = {value:?}"))
        .collect();
    (!pairs.is_empty()).then(|| format!("{list}({})", pairs.join(", ")))
}

fn group(name: &str, inner: &[String]) -> Option<String> {
    (!inner.is_empty()).then(|| format!("{name}({})", inner.join(", ")))
}

fn quoted<'a>(texts: impl Iterator<Item = &'a String>) -> String {
    texts.map(|text| format!("{text:?}")).collect::<Vec<_>>().join(", ")
}
