use super::{
    ClientAuth, Encoding, Endpoint, ExpiresUnit, Grammar as G, Key,
    Kind::{self, Flag, Group, Map, Names, Number, Path, Placeholder, Role, Scopes, Skip, Text, Word},
    Pkce, Post, Rotates,
};

const fn key(name: &'static str, kind: Kind, example: &'static str, meaning: &'static str) -> Key {
    Key { name, kind, example, meaning, aliases: &[] }
}

impl Key {
    const fn aka(mut self, aliases: &'static [&'static str]) -> Self {
        self.aliases = aliases;
        self
    }
}

/// Ten years in seconds: no lifetime is longer.
const TEN_YEARS: u64 = 10 * 365 * 24 * 60 * 60;

/// What may stand above the struct.
#[rustfmt::skip]
pub static STRUCT: &[Key] = &[
    key("name", Text(G::Identifier), "name = \"my-forge\"",
        "identifier in kebab case: under it tokens are stored, and it begins the names of environment variables. Default: the name of the struct, `StackExchange` as `stack-exchange`")
        .aka(&["id", "slug", "provider"]),
    key("display_name", Text(G::Line), "display_name = \"My Forge\"",
        "what people read. Default: the identifier").aka(&["title", "label"]),
    key("docs", Text(G::Page), "docs = \"https://forge.example/docs/oauth\"",
        "the vendor's page that the declaration was checked against").aka(&["documentation", "doc_url", "docs_url"]),
    key("base_uri", Text(G::BaseUri), "base_uri = \"https://forge.example\"",
        "scheme, host and optional path prefix, to which the paths are joined. https, except on this machine; no query, no trailing slash")
        .aka(&["base_url", "base", "url", "site", "server_url", "server", "host"]),
    key("authorization_path", Text(G::Path), "authorization_path = \"/oauth/authorize\"",
        "where a person logs in and consents (RFC 6749 section 3.1), joined to `base_uri`; required, or the next form")
        .aka(&["authorize_path", "auth_path", "authorization_code_path"]),
    key("authorization_endpoint", Text(G::Endpoint), "authorization_endpoint = \"https://login.forge.example/authorize\"",
        "the same as a whole URL")
        .aka(&["auth_url", "auth_uri", "authorize_url", "authorize_uri", "authorization_url", "authorization_uri", "auth_endpoint", "authorize_endpoint"]),
    key("access_token_path", Text(G::Path), "access_token_path = \"/oauth/token\"",
        "where a code becomes a token (RFC 6749 section 3.2), joined to `base_uri`; required, or the next form")
        .aka(&["token_path", "exchange_path"]),
    key("token_endpoint", Text(G::Endpoint), "token_endpoint = \"https://api.forge.example/token\"",
        "the same as a whole URL")
        .aka(&["token_url", "token_uri", "access_token_url", "access_token_uri", "access_token_endpoint", "exchange_url"]),
    key("refresh_path", Text(G::Path), "refresh_path = \"/oauth/refresh\"",
        "where a token is refreshed, if that is not the token endpoint").aka(&["refresh_token_path"]),
    key("refresh_endpoint", Text(G::Endpoint), "refresh_endpoint = \"https://api.forge.example/refresh\"",
        "the same as a whole URL").aka(&["refresh_url", "refresh_uri", "refresh_token_url", "auto_refresh_url"]),
    key("revocation_path", Text(G::Path), "revocation_path = \"/oauth/revoke\"",
        "where a token is given up (RFC 7009)").aka(&["revoke_path"]),
    key("revocation_endpoint", Text(G::Endpoint), "revocation_endpoint = \"https://api.forge.example/revoke\"",
        "the same as a whole URL").aka(&["revoke_url", "revoke_uri", "revocation_url", "revocation_uri", "revoke_endpoint"]),
    key("introspection_path", Text(G::Path), "introspection_path = \"/oauth/introspect\"",
        "where a token's state is asked for (RFC 7662)").aka(&["introspect_path"]),
    key("introspection_endpoint", Text(G::Endpoint), "introspection_endpoint = \"https://api.forge.example/introspect\"",
        "the same as a whole URL").aka(&["introspect_url", "introspection_url", "introspect_endpoint"]),
    key("device_authorization_path", Text(G::Path), "device_authorization_path = \"/oauth/device\"",
        "where a device without a browser begins (RFC 8628)").aka(&["device_path", "device_code_path"]),
    key("device_authorization_endpoint", Text(G::Endpoint), "device_authorization_endpoint = \"https://api.forge.example/device\"",
        "the same as a whole URL").aka(&["device_url", "device_code_url", "device_endpoint", "device_authorization_url", "device_auth_url"]),
    key("pushed_authorization_path", Text(G::Path), "pushed_authorization_path = \"/oauth/par\"",
        "where an authorization request is left beforehand (RFC 9126)").aka(&["par_path"]),
    key("pushed_authorization_request_endpoint", Text(G::Endpoint), "pushed_authorization_request_endpoint = \"https://api.forge.example/par\"",
        "the same as a whole URL").aka(&["par_endpoint", "par_url", "pushed_authorization_endpoint"]),
    key("userinfo_path", Text(G::Path), "userinfo_path = \"/api/user\"",
        "who a token belongs to (OpenID Connect Core section 5.3, or the vendor's own)").aka(&["user_info_path", "profile_path"]),
    key("userinfo_endpoint", Text(G::Endpoint), "userinfo_endpoint = \"https://api.forge.example/user\"",
        "the same as a whole URL").aka(&["userinfo_url", "userinfo_uri", "user_info_url", "user_info_endpoint", "profile_url"]),
    key("jwks_uri", Text(G::Endpoint), "jwks_uri = \"https://forge.example/jwks.json\"",
        "the provider's public keys (RFC 7517)").aka(&["jwks_url", "jwks", "certs_url"]),
    key("issuer", Text(G::Issuer), "issuer = \"https://forge.example\"",
        "the expected `iss` of the callback (RFC 9207). May hold placeholders").aka(&["iss", "issuer_url", "issuer_uri"]),
    key("client_id", Text(G::ClientId), "client_id = \"forge-cli\"",
        "the client identifier, where every user of the program has the same: a public client. Otherwise it is a field")
        .aka(&["app_id", "consumer_key", "client_key", "application_id"]),
    key("redirect_uri", Text(G::RedirectUri), "redirect_uri = \"http://127.0.0.1:8000/callback\"",
        "the redirect URI, where it is always the same. Otherwise it is a field")
        .aka(&["redirect_url", "callback_url", "callback_uri", "redirect"]),
    key("opaque_redirect_uri", Flag, "opaque_redirect_uri",
        "the redirect URI is a name that the vendor gave, not a URL: it is sent as it is"),
    key("placeholders", Map(G::Line), "placeholders(tenant = \"common\")",
        "what fills a placeholder that no field fills, or whose field is `None`").aka(&["defaults", "placeholder"]),
    key("scope", Scopes, "scope(\"read\", \"write\")",
        "default scopes (RFC 6749 section 3.3), one literal each, or in one text with spaces between: `scope = \"read write\"`. A constant is one scope")
        .aka(&["scopes", "default_scope", "default_scopes"]),
    key("scope_separator", Text(G::Separator), "scope_separator = \",\"",
        "what stands between scopes in the request. Default: a space")
        .aka(&["separator", "scope_delimiter", "scopes_separator", "scope_sep"]),
    key("scope_param", Text(G::Parameter), "scope_param = \"user_scope\"",
        "the parameter that carries the scopes. Default: `scope`").aka(&["scope_parameter", "scope_name"]),
    key("post", Word(&["form", "json"]), "post = json",
        "how the body of token requests is written: `form` (the default) or `json`")
        .aka(&["body", "body_format", "token_request_format", "content_type"]),
    key("client_auth", Word(ClientAuth::NAMES), "client_auth = client_secret_post",
        "how the client says who it is, by the names of RFC 7591: `client_secret_basic`, `client_secret_basic_raw` (without form-encoding), `client_secret_post`, `none`, `private_key_jwt`, `client_secret_jwt`, `tls_client_auth`, `self_signed_tls_client_auth`. Required as soon as there is a secret: never guessed")
        .aka(&["auth", "auth_style", "auth_type", "auth_method", "auth_scheme", "client_credentials_in_body", "token_endpoint_auth_method", "client_authentication"]),
    key("pkce", Word(Pkce::NAMES), "pkce = s256",
        "proof key for code exchange (RFC 7636): `s256` (the default, always sent), `plain`, `off`")
        .aka(&["code_challenge_method", "use_pkce", "enable_pkce"]),
    key("grant_types", Names(G::Parameter), "grant_types(authorization_code, client_credentials)",
        "the grants that are used (RFC 7591 section 2), if it is not the authorization code alone: `authorization_code`, `refresh_token`, `client_credentials`, `device_code`, `token_exchange`, `jwt_bearer`, `password`, `implicit`. Where nobody is sent to the provider, neither an authorization endpoint nor a redirect URI is needed; what is not listed is not sent. Default: whatever the endpoints allow")
        .aka(&["grants", "grant", "flow", "flows"]),
    key("hooks", Flag, "hooks",
        "the struct implements `Hooks`, for what data cannot say: a computed or signed request, a signed callback, an extra exchange, a generated secret")
        .aka(&["hook"]),
    key("authorize", Group(AUTHORIZE), "authorize(params(prompt = \"consent\"))",
        "shapes the authorization request")
        .aka(&["extra", "extra_params", "authorization_params", "auth_params", "authorize_params", "authorization"]),
    key("token", Group(TOKEN), "token(params(audience = \"api\"), headers(\"X-Version\" = \"2\"))",
        "shapes the request that exchanges a code, and what refresh requests inherit")
        .aka(&["token_extra", "token_params", "token_headers", "access_token"]),
    key("refresh", Group(REFRESH), "refresh(grant_type = \"refresh\", client_auth = none)",
        "shapes the refresh request, where it is other than the token request")
        .aka(&["refresh_params", "refresh_token", "refresh_extra"]),
    key("revoke", Group(REVOKE), "revoke(rename(token = \"access_token\"))",
        "shapes the revocation request").aka(&["revocation", "revoke_params"]),
    key("userinfo", Group(USERINFO), "userinfo(path = \"/data\", id = \"id\")",
        "shapes the userinfo request and says where its answer holds what").aka(&["user_info", "profile"]),
    key("api", Group(API), "api(headers(\"X-Access-Token\" = \"{access_token}\"))",
        "shapes every call that a session makes with its token; the userinfo request inherits it").aka(&["api_headers", "resource"]),
    key("token_response", Group(TOKEN_RESPONSE), "token_response(token_type = \"Bearer\")",
        "how the token response deviates").aka(&["token_fields", "response"]),
    key("callback", Group(CALLBACK), "callback(rename(code = \"auth_code\"))",
        "how the callback deviates").aka(&["callback_params", "authorization_response"]),
    key("crate", Path, "crate = ::acf_core",
        "the path of `acf_core`, where it was renamed or re-exported; absolute").aka(&["krate", "crate_path", "crate_root"]),
];

const PARAMS: Key = key(
    "params",
    Map(G::Value),
    "params(audience = \"api\")",
    "fixed parameters. What the flow itself sets cannot be overridden. `{name}` in a value is filled in",
)
.aka(&["param", "query", "parameters", "extra"]);

const HEADERS: Key = key(
    "headers",
    Map(G::HeaderValue),
    "headers(\"X-Version\" = \"2\")",
    "fixed headers. `{name}` in a value is filled in",
)
.aka(&["header"]);

const RENAME: Key =
    key("rename", Map(G::Parameter), "rename(client_id = \"client_key\")", "other names for the parameters of the RFC")
        .aka(&["renames", "map"]);

const OMIT: Key = key("omit", Names(G::Parameter), "omit(redirect_uri)", "parameters of the RFC that are not sent")
    .aka(&["without", "skip"]);

const CLIENT_AUTH: Key = key(
    "client_auth",
    Word(ClientAuth::NAMES),
    "client_auth = none",
    "how the client says who it is in this request, if not as everywhere",
)
.aka(&["auth", "auth_style", "auth_method"]);

const METHOD: Key = key(
    "method",
    Word(&["post", "get"]),
    "method = get",
    "`post` (the default), or `get` with the parameters in the query",
)
.aka(&["verb", "http_method"]);

const POST: Key = key(
    "post",
    Word(Post::NAMES),
    "post = query",
    "how the parameters are written: `form`, `json`, or `query` for parameters in the URL and an empty body",
)
.aka(&["body", "encode", "placement"]);

const GRANT_TYPE: Key = key(
    "grant_type",
    Text(G::Value),
    "grant_type = \"fb_exchange_token\"",
    "another value of `grant_type` than that of the RFC",
);

const STATUS: Key =
    key("status", Number(299), "status = 201", "the status of a success, besides 200").aka(&["success_status"]);

static AUTHORIZE: &[Key] = &[
    Key { example: "params(prompt = \"consent\")", ..PARAMS },
    RENAME,
    OMIT,
    key(
        "response_type",
        Text(G::Value),
        "response_type = \"Assertion\"",
        "another value of `response_type` than `code`. Never a token: that would come through the browser",
    ),
    key(
        "raw",
        Names(G::Parameter),
        "raw(scope)",
        "parameters whose value is not percent-encoded, but for what a query cannot hold: a separator such as `,` or `+` stays as it is",
    )
    .aka(&["unencoded", "verbatim"]),
    key(
        "fragment",
        Text(G::Fragment),
        "fragment = \"wechat_redirect\"",
        "what stands behind the `#` of the authorization URL, after the parameters; before them, where it ends with `?`: `\"/oauth/authorize?\"` is the route of a page that is a program in the browser",
    ),
];

static TOKEN: &[Key] = &[METHOD, POST, CLIENT_AUTH, GRANT_TYPE, PARAMS, HEADERS, RENAME, OMIT];

static REFRESH: &[Key] = &[
    METHOD,
    POST,
    CLIENT_AUTH,
    GRANT_TYPE,
    PARAMS,
    HEADERS,
    Key { example: "rename(refresh_token = \"token\")", ..RENAME },
    Key { example: "omit(refresh_token)", ..OMIT },
    key(
        "margin",
        Number(24 * 60 * 60),
        "margin = 30",
        "how many seconds before its end a token counts as expired. Default: 10",
    )
    .aka(&["leeway", "early", "refresh_margin"]),
    key(
        "rotates",
        Word(Rotates::NAMES),
        "rotates = never",
        "whether a refresh ends the refresh token that was used: `always` (the default: it is sent once), or `never` (it may be sent again when an answer was lost)",
    )
    .aka(&["rotation", "rotate"]),
    key(
        "reuse_grace",
        Number(24 * 60 * 60),
        "reuse_grace = 30",
        "for how many seconds after a refresh the old refresh token is still accepted: so long it may be sent again when an answer was lost",
    )
    .aka(&["grace", "grace_period", "leeway_seconds", "overlap"]),
];

static REVOKE: &[Key] = &[
    Key {
        kind: Word(&["post", "get", "put", "delete"]),
        example: "method = delete",
        meaning: "`post` (the default), or `get`, `put`, `delete`",
        ..METHOD
    },
    POST,
    CLIENT_AUTH,
    PARAMS,
    HEADERS,
    Key { example: "rename(token = \"access_token\")", ..RENAME },
    Key { example: "omit(token_type_hint)", ..OMIT },
    Key { example: "status = 204", ..STATUS },
];

static USERINFO: &[Key] = &[
    Key { kind: Word(&["get", "post"]), example: "method = post", meaning: "`get` (the default), or `post`", ..METHOD },
    Key { example: "post = json", ..POST },
    PARAMS,
    HEADERS,
    key(
        "path",
        Text(G::Member),
        "path = \"/data\"",
        "where the person is described in the answer: a JSON pointer (RFC 6901)",
    ),
    key("id", Text(G::Member), "id = \"user_id\"", "the member that identifies the person. Default: `sub`, or `id`")
        .aka(&["id_key", "sub", "subject"]),
];

static API: &[Key] = &[
    Key { example: "params(access_token = \"{access_token}\")", ..PARAMS },
    Key { example: "headers(\"X-Access-Token\" = \"{access_token}\")", ..HEADERS },
    key(
        "origins",
        Names(G::BaseUri),
        "origins(\"https://api.forge.example\")",
        "where a session sends its token: to these, with their path where they have one, and nowhere else. Default: to whatever https address the program gives it",
    )
    .aka(&["origin", "hosts", "allowed_hosts", "audience"]),
];

static TOKEN_RESPONSE: &[Key] = &[
    key("path", Text(G::Member), "path = \"/data\"", "where the members are, if not at the top: a JSON pointer (RFC 6901)"),
    key(
        "rename",
        Map(G::Member),
        "rename(access_token = \"accessToken\")",
        "where the members of the RFC are: other names, or JSON pointers, in the object at `path`",
    ),
    key("token_type", Text(G::Token), "token_type = \"Bearer\"", "the type of a token whose response has no `token_type`").aka(&["type"]),
    key(
        "token_type_alias",
        Text(G::Line),
        "token_type_alias = \"User Access Token\"",
        "what the provider calls a bearer token",
    ),
    key("expires", Text(G::Member), "expires = \"expires\"", "the member that holds the lifetime, where it is not `expires_in`")
        .aka(&["expires_in", "expiry"]),
    key(
        "expires_unit",
        Word(ExpiresUnit::NAMES),
        "expires_unit = unix_time",
        "what it counts: `seconds` from now (the default), `milliseconds`, `minutes`; or a point in time: `unix_time`, `unix_time_milliseconds`, `date_time` (RFC 3339)",
    )
    .aka(&["unit"]),
    key("zero_is_never", Flag, "zero_is_never", "a lifetime of zero or less means that the token does not end"),
    key(
        "default_lifetime",
        Number(TEN_YEARS),
        "default_lifetime = 3600",
        "the lifetime in seconds, where the response does not say",
    )
    .aka(&["default_expires_in", "lifetime"]),
    key(
        "refresh_expires",
        Text(G::Member),
        "refresh_expires = \"refresh_token_expires_in\"",
        "the member that holds the lifetime of the refresh token, in the same unit",
    )
    .aka(&["refresh_expires_in", "refresh_token_expires_in"]),
    key("scope_separator", Text(G::Separator), "scope_separator = \",\"", "what stands between the granted scopes. Default: a space")
        .aka(&["separator"]),
    key("scope_list", Flag, "scope_list", "the granted scopes are a JSON array of strings"),
    STATUS,
    key(
        "encoding",
        Word(Encoding::NAMES),
        "encoding = form",
        "the response is `json` or `form`, whatever its content type says. Default: JSON that says so",
    ),
    key(
        "keep",
        Names(G::Member),
        "keep(team_id, \"/user/id\")",
        "further members to keep with the token: names in the object at `path`, or JSON pointers from the top. Default: all in the object at `path` beside those of the RFC",
    )
    .aka(&["extra", "capture"]),
    key(
        "error",
        Group(ERROR),
        "error(path = \"/ok\", ok = \"true\", code = \"/error\")",
        "how an error looks, also with status 200",
    ),
];

static ERROR: &[Key] = &[
    key("path", Text(G::Member), "path = \"/ok\"", "the member that tells success and error apart, whatever else is there; looked for in the object at the `path` of `token_response`, then at the top, as are all places of this group").aka(&["field"]),
    key(
        "ok",
        Text(G::Line),
        "ok = \"true\"",
        "its text on success; anything else is an error, an answer without the member as well. Without `ok` success is: absent, null, false, zero or empty",
    )
    .aka(&["success"]),
    key("code", Text(G::Member), "code = \"/errors/0/type\"", "the member that holds the error code, text or number. Default: `error`, or the member at `path`"),
    key(
        "description",
        Text(G::Member),
        "description = \"/errors/0/message\"",
        "the member that holds the description. Default: `error_description`",
    )
    .aka(&["message", "text"]),
];

static CALLBACK: &[Key] = &[
    Key { example: "rename(code = \"auth_code\")", meaning: "other names for the parameters of the RFC", ..RENAME },
    key(
        "capture",
        Names(G::Parameter),
        "capture(realmId)",
        "further parameters to keep with the token; `{realmId}` in later requests is filled with them",
    )
    .aka(&["keep"]),
    key("form_post", Flag, "form_post", "the callback comes by POST: `response_mode=form_post` is asked for")
        .aka(&["post"]),
    key(
        "require_iss",
        Flag,
        "require_iss",
        "a callback without `iss` is an error: the provider's metadata say `authorization_response_iss_parameter_supported` (RFC 9207 section 2.4)",
    )
    .aka(&["iss", "iss_required", "authorization_response_iss_parameter_supported"]),
    key(
        "denied",
        Names(G::Line),
        "denied(user_cancelled_login)",
        "error codes that mean the person said no, besides `access_denied`",
    ),
];

/// What may stand on a field.
#[rustfmt::skip]
pub static FIELD: &[Key] = &[
    key("client_id", Role, "#[oauth(client_id)]", "the client identifier; required, unless it is a constant. `ClientId`, `String`, or another `TextValue`")
        .aka(&["app_id", "consumer_key", "client_key", "application_id", "id"]),
    key("client_secret", Role, "#[oauth(client_secret)]", "the client secret: `ClientSecret` or `Option<ClientSecret>`. A type that would print it does not compile")
        .aka(&["secret", "app_secret", "consumer_secret", "client_password"]),
    key("redirect_uri", Role, "#[oauth(redirect_uri)]", "where the provider sends people back to; required, unless it is a constant")
        .aka(&["redirect_url", "callback_url", "callback_uri", "callback", "redirect"]),
    key("signing_key", Role, "#[oauth(signing_key)]", "the private key of `client_auth = private_key_jwt`: `SigningKey`").aka(&["private_key", "key"]),
    key("base_uri", Role, "#[oauth(base_uri)]", "takes the place of the declared `base_uri`, where the field holds a value").aka(&["base_url", "server", "server_url"]),
    key("issuer", Role, "#[oauth(issuer)]", "takes the place of the declared `issuer`, where the field holds a value").aka(&["iss"]),
    key("scope", Role, "#[oauth(scope)]", "takes the place of the declared scopes: `Scopes` or `Option<Scopes>`").aka(&["scopes"]),
    endpoint("authorization_endpoint", Endpoint::Authorization, "#[oauth(authorization_endpoint)]").aka(&["auth_url", "authorize_url", "authorization_url"]),
    endpoint("token_endpoint", Endpoint::Token, "#[oauth(token_endpoint)]").aka(&["token_url", "access_token_url"]),
    endpoint("refresh_endpoint", Endpoint::Refresh, "#[oauth(refresh_endpoint)]").aka(&["refresh_url"]),
    endpoint("revocation_endpoint", Endpoint::Revocation, "#[oauth(revocation_endpoint)]").aka(&["revoke_url", "revocation_url"]),
    endpoint("introspection_endpoint", Endpoint::Introspection, "#[oauth(introspection_endpoint)]").aka(&["introspection_url"]),
    endpoint("device_authorization_endpoint", Endpoint::DeviceAuthorization, "#[oauth(device_authorization_endpoint)]").aka(&["device_url"]),
    endpoint("pushed_authorization_request_endpoint", Endpoint::PushedAuthorization, "#[oauth(pushed_authorization_request_endpoint)]").aka(&["par_endpoint"]),
    endpoint("userinfo_endpoint", Endpoint::Userinfo, "#[oauth(userinfo_endpoint)]").aka(&["userinfo_url", "user_info_url"]),
    endpoint("jwks_uri", Endpoint::Jwks, "#[oauth(jwks_uri)]").aka(&["jwks_url"]),
    key("param", Placeholder, "#[oauth(param = tenant)]", "fills the placeholder of that name").aka(&["placeholder"]),
    key("skip", Skip, "#[oauth(skip)]", "nothing: the field is yours").aka(&["ignore", "none"]),
];

const fn endpoint(name: &'static str, endpoint: Endpoint, example: &'static str) -> Key {
    key(
        name,
        Kind::Endpoint(endpoint),
        example,
        "takes the place of the declared endpoint, where the field holds a value",
    )
}
