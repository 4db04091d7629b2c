//! Every attribute that shapes a request, with the bytes that it makes.

use acf_core::{Custom, Flow};

use crate::support::{Seen, Server, answer, json, param};

/// What the token endpoint issues: `uid` needs escaping where it stands in a path.
const ISSUED: &str = r#"{"access_token":"access-1","token_type":"bearer","expires_in":3600,"refresh_token":"refresh-1","id_token":"id-1","uid":"a/b","team":7}"#;

/// In expected requests: what most of them have in common.
const SHORT: &[(&str, &str)] = &[
    ("<url>", "/authorize?client_id=id&code_challenge=CHALLENGE&code_challenge_method=S256"),
    ("<uri>", "redirect_uri=https%3A%2F%2Fapp.example%2Fcb"),
    ("<grant>", "grant_type=authorization_code&<code>"),
    ("<code>", "code=c&redirect_uri=https%3A%2F%2Fapp.example%2Fcb&code_verifier=VERIFIER"),
    ("<refresh>", "grant_type=refresh_token&refresh_token=refresh-1"),
    ("<revoke>", "token=refresh-1&token_type_hint=refresh_token"),
    ("<post>", "client_id=id&client_secret=s3cret"),
    ("<basic>", "[authorization: Basic aWQ6czNjcmV0]"),
    ("<bearer>", "[authorization: Bearer access-1]"),
];

/// A declaration in lines, beside what every row has; the request to look at; what it is.
type Row = (&'static str, &'static str, &'static str);

#[rustfmt::skip]
const AUTHORIZE: &[Row] = &[
    ("", "authorize", "<url>&<uri>&response_type=code&scope=read&state=STATE"),
    ("authorize.params.prompt=consent", "authorize", "<url>&prompt=consent&<uri>&response_type=code&scope=read&state=STATE"),
    ("authorize.params.sid={client_id}/1", "authorize", "<url>&<uri>&response_type=code&scope=read&sid=id%2F1&state=STATE"),
    (
        "authorize.rename.client_id=appid\nauthorize.rename.state=s\nauthorize.rename.code_challenge=h",
        "authorize",
        "/authorize?appid=id&code_challenge_method=S256&h=CHALLENGE&<uri>&response_type=code&s=STATE&scope=read",
    ),
    ("authorize.omit=scope\nauthorize.omit=response_type", "authorize", "<url>&<uri>&state=STATE"),
    ("authorize.omit=redirect_uri", "authorize", "<url>&response_type=code&scope=read&state=STATE"),
    ("authorize.response_type=Assertion", "authorize", "<url>&<uri>&response_type=Assertion&scope=read&state=STATE"),
    ("authorize.fragment=wechat_redirect", "authorize", "<url>&<uri>&response_type=code&scope=read&state=STATE#wechat_redirect"),
    ("authorize.fragment=/login?x", "authorize", "<url>&<uri>&response_type=code&scope=read&state=STATE#/login?x"),
    ("authorize.fragment=/login?\nauthorization_path=/?v=2", "authorize", "/?v=2#/login?client_id=id&code_challenge=CHALLENGE&code_challenge_method=S256&<uri>&response_type=code&scope=read&state=STATE"),
    ("authorize.params.request=authorize", "authorize", "<url>&<uri>&request=authorize&response_type=code&scope=read&state=STATE"),
    ("scope=x:y\nscope_separator=+", "authorize", "<url>&<uri>&response_type=code&scope=read%2Bx%3Ay&state=STATE"),
    ("scope=x:y\nscope_separator=+\nauthorize.raw=scope", "authorize", "<url>&<uri>&response_type=code&scope=read+x:y&state=STATE"),
    ("authorize.params.p=a&b#c d%,\nauthorize.raw=p", "authorize", "<url>&p=a%26b%23c%20d%25,&<uri>&response_type=code&scope=read&state=STATE"),
    ("scope_param=user_scope", "authorize", "<url>&<uri>&response_type=code&state=STATE&user_scope=read"),
    ("scope_param=user_scope\nauthorize.params.scope_hint=x", "authorize", "<url>&<uri>&response_type=code&scope_hint=x&state=STATE&user_scope=read"),
    ("pkce=off", "authorize", "/authorize?client_id=id&<uri>&response_type=code&scope=read&state=STATE"),
    ("pkce=plain", "authorize", "/authorize?client_id=id&code_challenge=CHALLENGE&code_challenge_method=plain&<uri>&response_type=code&scope=read&state=STATE"),
    ("callback.form_post=", "authorize", "<url>&<uri>&response_mode=form_post&response_type=code&scope=read&state=STATE"),
    ("authorization_path=/a?x=1", "authorize", "/a?x=1&client_id=id&code_challenge=CHALLENGE&code_challenge_method=S256&<uri>&response_type=code&scope=read&state=STATE"),
    ("placeholders.tenant=a b\nauthorization_path=/{tenant}\nauthorize.omit=scope", "authorize", "/a%20b?client_id=id&code_challenge=CHALLENGE&code_challenge_method=S256&<uri>&response_type=code&state=STATE"),
    ("client_id=forge-cli", "authorize", "/authorize?client_id=forge-cli&code_challenge=CHALLENGE&code_challenge_method=S256&<uri>&response_type=code&scope=read&state=STATE"),
    ("redirect_uri=http://127.0.0.1:1/cb", "authorize", "<url>&redirect_uri=http%3A%2F%2F127.0.0.1%3A1%2Fcb&response_type=code&scope=read&state=STATE"),
    ("redirect_uri=Forge-RuName\nopaque_redirect_uri=", "authorize", "<url>&redirect_uri=Forge-RuName&response_type=code&scope=read&state=STATE"),
];

#[rustfmt::skip]
const TOKEN: &[Row] = &[
    ("", "token", "POST /token [form] <grant>&<post>"),
    ("token.method=get", "token", "GET /token?<grant>&<post>"),
    ("token.method=get\naccess_token_path=/token?v=2", "token", "GET /token?v=2&<grant>&<post>"),
    ("token.post=query", "token", "POST /token?<grant>&<post>"),
    ("post=json", "token", r#"POST /token [json] {"grant_type":"authorization_code","code":"c","redirect_uri":"https://app.example/cb","code_verifier":"VERIFIER","client_id":"id","client_secret":"s3cret"}"#),
    ("post=json\ntoken.post=form", "token", "POST /token [form] <grant>&<post>"),
    ("token.client_auth=client_secret_basic", "token", "POST /token <basic> [form] <grant>"),
    ("token.client_auth=client_secret_basic_raw", "token", "POST /token <basic> [form] <grant>"),
    ("token.client_auth=none", "token", "POST /token [form] <grant>&client_id=id"),
    ("client_auth=tls_client_auth", "token", "POST /token [form] <grant>&client_id=id"),
    ("token.client_auth=client_secret_basic\ntoken.params.client_id={client_id}", "token", "POST /token <basic> [form] <grant>&client_id=id"),
    ("token.grant_type=authorized_code", "token", "POST /token [form] grant_type=authorized_code&<code>&<post>"),
    ("token.params.audience=api", "token", "POST /token [form] <grant>&audience=api&<post>"),
    ("token.params.a={state}\ntoken.params.b={code}+{code}\ntoken.params.c={client_secret}", "token", "POST /token [form] <grant>&a=STATE&b=c%2Bc&c=s3cret&<post>"),
    // What turns out to be empty is not sent; a text that was declared is.
    ("callback.capture=none\ntoken.params.n={none}\ntoken.params.m=x{none}", "token", "POST /token [form] <grant>&m=x&<post>"),
    ("token.params.scope={scope}\nscope=x\nscope_separator=,", "token", "POST /token [form] <grant>&scope=read%2Cx&<post>"),
    ("token.params.tenant={tenant}/\nplaceholders.tenant=common", "token", "POST /token [form] <grant>&tenant=common%2F&<post>"),
    ("token.params.data={\"a\":1}", "token", "POST /token [form] <grant>&data=%7B%22a%22%3A1%7D&<post>"),
    ("token.headers.X-Version=2\ntoken.headers.X-Key={client_id}.{client_secret}", "token", "POST /token [x-key: id.s3cret] [x-version: 2] [form] <grant>&<post>"),
    ("token.headers.Accept=text/json", "token", "POST /token [accept: text/json] [form] <grant>&<post>"),
    ("client_auth=none\ntoken.headers.Authorization=Bearer {client_secret}", "token", "POST /token [authorization: Bearer s3cret] [form] <grant>&client_id=id"),
    ("token.rename.client_id=app_id\ntoken.rename.client_secret=secret\ntoken.rename.code=auth_code", "token", "POST /token [form] grant_type=authorization_code&auth_code=c&<uri>&code_verifier=VERIFIER&app_id=id&secret=s3cret"),
    ("token.omit=redirect_uri\ntoken.omit=grant_type", "token", "POST /token [form] code=c&code_verifier=VERIFIER&<post>"),
    ("token.omit=client_id", "token", "POST /token [form] <grant>&client_secret=s3cret"),
    ("pkce=off", "token", "POST /token [form] grant_type=authorization_code&code=c&<uri>&<post>"),
    ("pkce=off\ntoken.rename.code=k", "token", "POST /token [form] grant_type=authorization_code&k=c&<uri>&<post>"),
    ("pkce=plain", "token", "POST /token [form] grant_type=authorization_code&code=c&<uri>&code_verifier=CHALLENGE&<post>"),
    ("callback.capture=realmId\ntoken.params.r={realmId}\ntoken.headers.X-Realm={realmId}", "token", "POST /token [x-realm: 12/3] [form] <grant>&r=12%2F3&<post>"),
    ("placeholders.tenant=..x\naccess_token_path=/{tenant}/t", "token", "POST /..x/t [form] <grant>&<post>"),
];

#[rustfmt::skip]
const REFRESH: &[Row] = &[
    ("", "refresh", "POST /token [form] <refresh>&<post>"),
    ("refresh_path=/refresh", "refresh", "POST /refresh [form] <refresh>&<post>"),
    // Inherited from `token`, and what takes its place.
    ("token.method=get", "refresh", "GET /token?<refresh>&<post>"),
    ("token.method=get\nrefresh.method=post", "refresh", "POST /token [form] <refresh>&<post>"),
    ("token.post=json", "refresh", r#"POST /token [json] {"grant_type":"refresh_token","refresh_token":"refresh-1","client_id":"id","client_secret":"s3cret"}"#),
    ("token.post=json\nrefresh.post=query", "refresh", "POST /token?<refresh>&<post>"),
    ("token.client_auth=client_secret_basic", "refresh", "POST /token <basic> [form] <refresh>"),
    ("refresh.client_auth=none", "refresh", "POST /token [form] <refresh>&client_id=id"),
    ("refresh.client_auth=none", "token", "POST /token [form] <grant>&<post>"),
    ("token.params.a=1\ntoken.params.b={client_id}", "refresh", "POST /token [form] <refresh>&a=1&b=id&<post>"),
    ("token.params.a=1\nrefresh.params.a=2", "refresh", "POST /token [form] <refresh>&a=2&<post>"),
    ("token.params.a={state}\ntoken.params.b={code}", "refresh", "POST /token [form] <refresh>&<post>"),
    ("token.headers.X-A=1\ntoken.headers.X-B=1\nrefresh.headers.X-b=2", "refresh", "POST /token [x-a: 1] [x-b: 2] [form] <refresh>&<post>"),
    ("token.rename.client_id=app_id\nrefresh.rename.refresh_token=token", "refresh", "POST /token [form] grant_type=refresh_token&token=refresh-1&app_id=id&client_secret=s3cret"),
    ("token.omit=grant_type\ntoken.omit=redirect_uri", "refresh", "POST /token [form] refresh_token=refresh-1&<post>"),
    ("token.omit=grant_type\nrefresh.grant_type=again", "refresh", "POST /token [form] grant_type=again&refresh_token=refresh-1&<post>"),
    ("token.grant_type=authorized_code", "refresh", "POST /token [form] <refresh>&<post>"),
    ("callback.capture=realmId\ntoken.params.r={realmId}", "refresh", "POST /token [form] <refresh>&r=12%2F3&<post>"),
    // Its own.
    ("refresh.grant_type=fb_exchange_token", "refresh", "POST /token [form] grant_type=fb_exchange_token&refresh_token=refresh-1&<post>"),
    ("refresh.omit=refresh_token\nrefresh.params.access_token={access_token}", "refresh", "POST /token [form] grant_type=refresh_token&access_token=access-1&<post>"),
    ("refresh.params.again={refresh_token}\nrefresh.params.redirect_uri={redirect_uri}", "refresh", "POST /token [form] <refresh>&again=refresh-1&<uri>&<post>"),
    ("refresh.params.scope={scope}\nrefresh.params.uid={uid}\ntoken_response.keep=uid", "refresh", "POST /token [form] <refresh>&scope=read&uid=a%2Fb&<post>"),
    ("refresh.headers.X-Token={access_token}", "refresh", "POST /token [x-token: access-1] [form] <refresh>&<post>"),
];

#[rustfmt::skip]
const REVOKE: &[Row] = &[
    ("", "revoke", "POST /revoke [form] <revoke>&<post>"),
    ("post=json\ntoken.params.a=1\ntoken.method=get", "revoke", "POST /revoke [form] <revoke>&<post>"),
    ("token.client_auth=client_secret_basic", "revoke", "POST /revoke <basic> [form] <revoke>"),
    ("revoke.method=get", "revoke", "GET /revoke?<revoke>&<post>"),
    ("revoke.method=put", "revoke", "PUT /revoke [form] <revoke>&<post>"),
    ("revoke.method=delete\nrevoke.post=query", "revoke", "DELETE /revoke?<revoke>&<post>"),
    ("revoke.post=json", "revoke", r#"POST /revoke [json] {"token":"refresh-1","token_type_hint":"refresh_token","client_id":"id","client_secret":"s3cret"}"#),
    ("revoke.client_auth=none\nrevoke.headers.Authorization=Bearer {access_token}\nrevoke.omit=client_id", "revoke", "POST /revoke <bearer> [form] <revoke>"),
    ("revoke.rename.token=access_token\nrevoke.omit=token_type_hint", "revoke", "POST /revoke [form] access_token=refresh-1&<post>"),
    ("revoke.omit=token\nrevoke.omit=token_type_hint\nrevoke.params.t={token}.{team}\ntoken_response.keep=team", "revoke", "POST /revoke [form] t=refresh-1.7&<post>"),
    ("revocation_path=/u/{uid}/{token}\ntoken_response.keep=uid", "revoke", "POST /u/a%2Fb/refresh-1 [form] <revoke>&<post>"),
];

#[rustfmt::skip]
const USERINFO: &[Row] = &[
    ("", "userinfo", "GET /me <bearer>"),
    ("userinfo.method=post", "userinfo", "POST /me <bearer> [form]"),
    ("userinfo.method=post\nuserinfo.post=query\nuserinfo.params.a=1", "userinfo", "POST /me?a=1 <bearer>"),
    ("userinfo.method=post\nuserinfo.post=json\nuserinfo.params.query={ viewer { id } }", "userinfo", r#"POST /me <bearer> [json] {"query":"{ viewer { id } }"}"#),
    ("userinfo.params.access_token={access_token}\nuserinfo_path=/me?v=5", "userinfo", "GET /me?v=5&access_token=access-1"),
    ("userinfo.method=post\nuserinfo.params.token={access_token}", "userinfo", "POST /me [form] token=access-1"),
    ("userinfo.headers.X-Token={access_token}\nuserinfo.headers.Client-Id={client_id}", "userinfo", "GET /me [client-id: id] [x-token: access-1]"),
    ("userinfo.headers.Authorization=OAuth {access_token}", "userinfo", "GET /me [authorization: OAuth access-1]"),
    ("userinfo.headers.Authorization=Bearer {id_token}", "userinfo", "GET /me [authorization: Bearer id-1]"),
    ("userinfo_path=/u/{uid}?t={team}\ntoken_response.keep=uid\ntoken_response.keep=team", "userinfo", "GET /u/a%2Fb?t=7 <bearer>"),
    ("userinfo_path=/t/{access_token}", "userinfo", "GET /t/access-1 <bearer>"),
    ("userinfo.params.proof={client_secret}", "userinfo", "GET /me?proof=s3cret <bearer>"),
    ("callback.capture=realmId\nuserinfo_path=/u/{realmId}", "userinfo", "GET /u/12%2F3 <bearer>"),
    // Inherited from `api`, and what takes its place.
    ("api.headers.X-Version=1\napi.params.a=1", "userinfo", "GET /me?a=1 <bearer> [x-version: 1]"),
    ("api.headers.X-Version=1\nuserinfo.headers.x-version=2", "userinfo", "GET /me <bearer> [x-version: 2]"),
    ("api.params.access_token={access_token}\nuserinfo.params.access_token=no", "userinfo", "GET /me?access_token=no <bearer>"),
];

#[rustfmt::skip]
const API: &[Row] = &[
    ("", "api", "GET /api?x=1 <bearer>"),
    ("api.params.access_token={access_token}", "api", "GET /api?x=1&access_token=access-1"),
    ("api.params.x=2\napi.params.uid={uid}\ntoken_response.keep=uid", "api", "GET /api?x=1&uid=a%2Fb <bearer>"),
    ("callback.capture=none\napi.params.n={none}", "api", "GET /api?x=1 <bearer>"),
    ("api.headers.Authorization=token {access_token}", "api", "GET /api?x=1 [authorization: token access-1]"),
    ("api.headers.X-Access-Token={access_token}", "api", "GET /api?x=1 [x-access-token: access-1]"),
    ("api.headers.Client-Id={client_id}\napi.headers.X-Api-Key={client_secret}", "api", "GET /api?x=1 <bearer> [client-id: id] [x-api-key: s3cret]"),
];

/// A provider of these lines beside what every row has.
pub fn provider(server: &Server, lines: &str) -> Custom {
    try_provider(server, lines).unwrap_or_else(|error| panic!("{lines}\n{error}"))
}

pub fn try_provider(server: &Server, lines: &str) -> Result<Custom, acf_core::Error> {
    let declared = |key: &str| lines.lines().any(|line| line.split('=').next() == Some(key));
    let mut builder = Custom::builder("forge").base_uri(server.url("")).set("scope", "read");
    for (key, value) in [
        ("authorization_path", "/authorize"),
        ("access_token_path", "/token"),
        ("revocation_path", "/revoke"),
        ("userinfo_path", "/me"),
        ("client_auth", "client_secret_post"),
    ] {
        let whole = key.strip_suffix("_path").map(|name| format!("{name}_endpoint"));
        if !whole.is_some_and(|whole| declared(&whole)) {
            builder = builder.set(key, value);
        }
    }
    for line in lines.lines() {
        let (key, value) = line.split_once('=').unwrap();
        builder = builder.set(key, value);
    }
    if !declared("client_id") {
        builder = builder.client_id("id");
    }
    if !declared("redirect_uri") {
        builder = builder.redirect_uri("https://app.example/cb");
    }
    let public =
        ["client_auth=none", "client_auth=tls_client_auth"].iter().any(|line| lines.lines().any(|l| l == *line));
    if !public || lines.contains("{client_secret}") {
        builder = builder.client_secret("s3cret".parse().unwrap());
    }
    builder.build()
}

/// `METHOD target [header: value] [form|json] body`, without the headers that every request has.
fn shown(seen: &Seen) -> String {
    let mut lines = seen.head.lines();
    let mut shown = vec![lines.next().unwrap().trim_end_matches(" HTTP/1.1").to_owned()];
    let mut headers: Vec<_> = lines.map(|line| line.split_once(": ").unwrap()).collect();
    headers.sort_unstable();
    for (name, value) in &headers {
        match (*name, *value) {
            ("host" | "user-agent" | "content-length" | "content-type", _)
            | ("accept", "application/json" | "*/*")
            | ("accept-encoding", "identity") => {}
            _ => shown.push(format!("[{name}: {value}]")),
        }
    }
    match seen.header("content-type") {
        Some("application/x-www-form-urlencoded") => shown.push("[form]".to_owned()),
        Some("application/json") => shown.push("[json]".to_owned()),
        other => assert_eq!(other, None),
    }
    shown.extend(Some(seen.body.clone()).filter(|body| !body.is_empty()));
    shown.join(" ")
}

async fn issuing() -> Server {
    Server::start(|seen| match seen.head.split([' ', '?']).nth(1).unwrap() {
        "/revoke" => answer(200, "", ""),
        path if path.starts_with("/me") || path.starts_with("/t/") => json(200, r#"{"sub":"u1"}"#),
        _ => json(200, ISSUED),
    })
    .await
}

/// RFC 6749 section 3.2: no parameter twice, and none without a value.
fn each_once(seen: &Seen, lines: &str) {
    let target = seen.head.split(' ').nth(1).unwrap();
    let query = target.split_once('?').map_or("", |(_, query)| query);
    let body = if seen.body.starts_with('{') { "" } else { &seen.body };
    let mut names = std::collections::HashSet::new();
    for (name, value) in [query, body].into_iter().flat_map(|form| form_urlencoded::parse(form.as_bytes())) {
        assert!(!value.is_empty(), "`{name}` is empty in the request of\n{lines}");
        assert!(names.insert(name.clone()), "`{name}` is sent twice in the request of\n{lines}");
    }
}

async fn check(rows: &[Row]) {
    let server = issuing().await;
    for (lines, step, expected) in rows {
        let flow = Flow::new(provider(&server, lines)).unwrap_or_else(|error| panic!("{lines}\n{error}"));
        let state_of = |url: &str| param(url, "state").or_else(|| param(url, "s")).unwrap();
        let request = flow.begin("u").await.unwrap();
        let state = state_of(&request.url);
        let challenge = param(&request.url, "code_challenge").or_else(|| param(&request.url, "h"));
        flow.finish("u", &format!("code=c&realmId=12/3&none=&state={state}"))
            .await
            .unwrap_or_else(|error| panic!("{lines}\n{error}"));
        let session = flow.session("u").await.unwrap();
        let mut at = server.seen().len();
        let done = match *step {
            "refresh" => session.refresh().await.map(drop),
            "revoke" => flow.revoke(&session.token().await.unwrap()).await,
            "userinfo" => session.userinfo().await.map(drop),
            "api" => session.get(server.url("/api?x=1")).send().await.map(drop),
            _ => {
                at -= 1;
                Ok(())
            }
        };
        done.unwrap_or_else(|error| panic!("{step} of {lines}\n{error}"));
        let mut got = match *step {
            "authorize" => request.url.strip_prefix(&server.url("")).unwrap().to_owned(),
            _ => shown(&server.seen()[at]),
        };
        got = got.replace(&state, "STATE");
        if let Some(challenge) = challenge {
            got = got.replace(&challenge, "CHALLENGE");
        }
        for mark in ["code_verifier=", "\"code_verifier\":\""] {
            if let Some((before, after)) = got.clone().split_once(mark)
                && !after.starts_with("CHALLENGE")
            {
                got = format!("{before}{mark}VERIFIER{}", &after[43..]);
            }
        }
        // The usual request; what a declaration wants to be empty is not in the tables.
        if *step != "authorize" {
            each_once(&server.seen()[at], lines);
        }
        let expected = SHORT.iter().fold((*expected).to_owned(), |text, (short, long)| text.replace(short, long));
        assert_eq!(got, expected, "{step} of\n{lines}");
    }
}

#[tokio::test]
async fn the_authorization_request() {
    check(AUTHORIZE).await;
}

#[tokio::test]
async fn the_token_request() {
    check(TOKEN).await;
}

#[tokio::test]
async fn the_refresh_request() {
    check(REFRESH).await;
}

#[tokio::test]
async fn the_revocation_request() {
    check(REVOKE).await;
}

#[tokio::test]
async fn the_userinfo_request() {
    check(USERINFO).await;
}

#[tokio::test]
async fn calls_to_an_api() {
    check(API).await;
}
