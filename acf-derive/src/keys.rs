//! The one table of keys. It drives the parser, the texts about unknown and misplaced keys, the suggestions, the
//! expansion, and the test that keeps `attributes.md` complete.

use acf_rules::declaration::{ClientAuth, Post};

/// A key of `#[oauth(..)]`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Key {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    /// The method of `Definition` (struct) or `Parts` (field) that takes the value; empty for the two fields that
    /// `Parts::new` takes.
    pub(crate) method: &'static str,
    /// The function of `acf_rules` that checks a constant, as `module::function`; empty where any text is right.
    pub(crate) rule: &'static str,
    /// How it is written, ready to be pasted.
    pub(crate) example: &'static str,
    /// What other libraries and people call it.
    pub(crate) aliases: &'static [&'static str],
}

/// What stands behind a key.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    /// `key = ".."`, or the path of a constant.
    Text,
    /// `key("a", "b")`, or `key = "a b"`.
    List,
    /// `key = word`, and the method of `Definition` for each word that is not the default.
    Choice(&'static [(&'static str, &'static str)]),
    /// `key = ::path`.
    Path,
    /// `key(inner = ..)`.
    Group(&'static [Key]),
    /// `key(any_name = "..")`; the grammar of values follows `Key::rule`.
    Map,
    /// `key = name`.
    Name,
    /// `key` alone: the role of a field, or that it has none.
    Flag,
    /// `key` alone: the field gives the URL of the endpoint that `Key::method` names.
    Endpoint,
}

const fn key(name: &'static str, kind: Kind, method: &'static str, rule: &'static str, example: &'static str) -> Key {
    Key { name, kind, method, rule, example, aliases: &[] }
}

impl Key {
    const fn aka(mut self, aliases: &'static [&'static str]) -> Self {
        self.aliases = aliases;
        self
    }

    /// Whether others call it so.
    pub(crate) fn is_called(&self, name: &str) -> bool {
        self.aliases.iter().any(|alias| alias.eq_ignore_ascii_case(name))
    }
}

use Kind::{Choice, Endpoint, Flag, Group, List, Map, Name, Path, Text};

/// What may stand above the struct.
#[rustfmt::skip]
pub(crate) static STRUCT: &[Key] = &[
    key("name", Text, "new", "text::identifier", "name = \"my-forge\"").aka(&["id", "slug", "provider"]),
    key("display_name", Text, "set_display_name", "", "display_name = \"My Forge\"").aka(&["title", "label"]),
    key("docs", Text, "set_docs", "uri::endpoint", "docs = \"https://forge.example/docs/oauth\"").aka(&["documentation", "doc_url", "docs_url"]),
    key("base_uri", Text, "set_base_uri", "uri::base_uri", "base_uri = \"https://forge.example\"")
        .aka(&["base_url", "base", "url", "site", "server_url", "server"]),
    key("authorization_path", Text, "set_authorization", "uri::path", "authorization_path = \"/oauth/authorize\"")
        .aka(&["authorize_path", "auth_path", "authorization_code_path"]),
    key("access_token_path", Text, "set_token", "uri::path", "access_token_path = \"/oauth/token\"")
        .aka(&["token_path", "exchange_path"]),
    key("refresh_path", Text, "set_refresh", "uri::path", "refresh_path = \"/oauth/refresh\"").aka(&["refresh_token_path"]),
    key("revocation_path", Text, "set_revocation", "uri::path", "revocation_path = \"/oauth/revoke\"").aka(&["revoke_path"]),
    key("userinfo_path", Text, "set_userinfo", "uri::path", "userinfo_path = \"/api/user\"").aka(&["user_info_path", "profile_path"]),
    key("authorization_endpoint", Text, "set_authorization", "uri::endpoint", "authorization_endpoint = \"https://login.forge.example/authorize\"")
        .aka(&["auth_url", "auth_uri", "authorize_url", "authorize_uri", "authorization_url", "authorization_uri", "auth_endpoint", "authorize_endpoint"]),
    key("token_endpoint", Text, "set_token", "uri::endpoint", "token_endpoint = \"https://api.forge.example/token\"")
        .aka(&["token_url", "token_uri", "access_token_url", "access_token_uri", "access_token_endpoint", "exchange_url"]),
    key("refresh_endpoint", Text, "set_refresh", "uri::endpoint", "refresh_endpoint = \"https://api.forge.example/refresh\"")
        .aka(&["refresh_url", "refresh_uri", "refresh_token_url", "auto_refresh_url"]),
    key("revocation_endpoint", Text, "set_revocation", "uri::endpoint", "revocation_endpoint = \"https://api.forge.example/revoke\"")
        .aka(&["revoke_url", "revoke_uri", "revocation_url", "revocation_uri", "revoke_endpoint"]),
    key("userinfo_endpoint", Text, "set_userinfo", "uri::endpoint", "userinfo_endpoint = \"https://api.forge.example/user\"")
        .aka(&["userinfo_url", "userinfo_uri", "user_info_url", "user_info_endpoint", "profile_url"]),
    key("issuer", Text, "set_issuer", "uri::issuer", "issuer = \"https://forge.example\"").aka(&["iss", "issuer_url"]),
    key("scope", List, "set_scope", "text::scope_in_list", "scope(\"read\", \"write\")").aka(&["scopes", "default_scope", "default_scopes"]),
    key("scope_separator", Text, "set_scope_separator", "text::scope_separator", "scope_separator = \",\"")
        .aka(&["separator", "scope_delimiter", "scopes_separator", "scope_sep"]),
    key("scope_param", Text, "set_scope_param", "text::parameter_name", "scope_param = \"user_scope\"").aka(&["scope_parameter", "scope_name"]),
    key("post", Choice(&POST), "", "", "post = json").aka(&["body", "body_format", "encoding", "token_request_format", "content_type"]),
    key("client_auth", Choice(&CLIENT_AUTH), "", "", "client_auth = client_secret_post")
        .aka(&["auth", "auth_style", "auth_type", "auth_method", "auth_scheme", "client_credentials_in_body", "token_endpoint_auth_method", "client_authentication"]),
    key("authorize", Group(AUTHORIZE), "", "", "authorize(params(prompt = \"consent\"))")
        .aka(&["extra", "extra_params", "authorization_params", "auth_params", "authorize_params", "authorization"]),
    key("token", Group(TOKEN), "", "", "token(params(audience = \"api\"), headers(\"X-Version\" = \"2\"))")
        .aka(&["token_extra", "token_params", "token_headers", "access_token"]),
    key("token_response", Group(TOKEN_RESPONSE), "", "", "token_response(token_type = \"Bearer\")").aka(&["token_fields", "response"]),
    key("crate", Path, "", "", "crate = ::acf_core").aka(&["krate", "crate_path", "crate_root"]),
];

static AUTHORIZE: &[Key] =
    &[key("params", Map, "set_authorize_params", "", "params(prompt = \"consent\")").aka(PARAMS)];

static TOKEN: &[Key] = &[
    key("params", Map, "set_token_params", "", "params(audience = \"api\")").aka(PARAMS),
    key("headers", Map, "set_token_headers", "text::header_value", "headers(\"X-Version\" = \"2\")").aka(&["header"]),
];

static TOKEN_RESPONSE: &[Key] = &[
    key("token_type", Text, "set_token_type", "text::token", "token_type = \"Bearer\"").aka(&["type"]),
    key("expires", Text, "set_expires", "text::parameter_name", "expires = \"expires\"").aka(&["expires_in", "expiry"]),
    key("scope_separator", Text, "set_response_scope_separator", "text::scope_separator", "scope_separator = \",\"")
        .aka(&["separator"]),
];

const PARAMS: &[&str] = &["param", "query", "parameters", "extra"];

const POST: [(&str, &str); 2] = [(Post::Form.name(), ""), (Post::Json.name(), "set_json")];

const CLIENT_AUTH: [(&str, &str); 4] = [
    (ClientAuth::ClientSecretBasic.name(), "set_client_secret_basic"),
    (ClientAuth::ClientSecretBasicRaw.name(), "set_client_secret_basic_raw"),
    (ClientAuth::ClientSecretPost.name(), "set_client_secret_post"),
    (ClientAuth::None.name(), ""),
];

/// What may stand on a field.
#[rustfmt::skip]
pub(crate) static FIELD: &[Key] = &[
    key("client_id", Flag, "", "", "#[oauth(client_id)]").aka(&["app_id", "consumer_key", "client_key", "application_id", "id"]),
    key("client_secret", Flag, "client_secret", "", "#[oauth(client_secret)]").aka(&["secret", "app_secret", "consumer_secret", "client_password"]),
    key("redirect_uri", Flag, "", "", "#[oauth(redirect_uri)]").aka(&["redirect_url", "callback_url", "callback_uri", "callback", "redirect"]),
    key("base_uri", Flag, "base_uri", "", "#[oauth(base_uri)]").aka(&["base_url", "server", "server_url"]),
    key("issuer", Flag, "issuer", "", "#[oauth(issuer)]").aka(&["iss"]),
    key("scope", Flag, "scope", "", "#[oauth(scope)]").aka(&["scopes"]),
    key("authorization_endpoint", Endpoint, "Authorization", "", "#[oauth(authorization_endpoint)]").aka(&["auth_url", "authorize_url", "authorization_url"]),
    key("token_endpoint", Endpoint, "Token", "", "#[oauth(token_endpoint)]").aka(&["token_url", "access_token_url"]),
    key("refresh_endpoint", Endpoint, "Refresh", "", "#[oauth(refresh_endpoint)]").aka(&["refresh_url"]),
    key("revocation_endpoint", Endpoint, "Revocation", "", "#[oauth(revocation_endpoint)]").aka(&["revoke_url", "revocation_url"]),
    key("userinfo_endpoint", Endpoint, "Userinfo", "", "#[oauth(userinfo_endpoint)]").aka(&["userinfo_url", "user_info_url"]),
    key("param", Name, "placeholder", "", "#[oauth(param = tenant)]").aka(&["placeholder"]),
    key("skip", Flag, "", "", "#[oauth(skip)]").aka(&["ignore", "none"]),
];

/// The key of that name.
pub(crate) fn find(keys: &'static [Key], name: &str) -> Option<&'static Key> {
    keys.iter().find(|key| key.name == name)
}

/// The key that others call `name`: one of `keys` if there is one, else of anywhere.
pub(crate) fn by_alias(keys: &'static [Key], name: &str) -> Option<&'static Key> {
    [keys, STRUCT, FIELD].into_iter().flatten().find(|key| key.is_called(name))
}

/// The group that has a key of this name, and that key.
pub(crate) fn in_group(name: &str) -> Option<(&'static Key, &'static Key)> {
    STRUCT.iter().find_map(|group| match group.kind {
        Group(inner) => find(inner, name).map(|key| (group, key)),
        _ => None,
    })
}
