//! The authorization request.

use acf_core::{ClientAuth, Custom, ErrorKind, Flow};

use crate::support::{Naming, param};

fn provider() -> acf_core::CustomBuilder {
    Custom::builder("forge")
        .authorization_endpoint("https://forge.example/authorize?tenant=x")
        .token_endpoint("https://forge.example/token")
        .client_auth(ClientAuth::None)
        .client_id("the client")
        .redirect_uri("https://app.example/callback?a=b")
}

#[tokio::test]
async fn the_url_holds_everything_once_and_nothing_else() {
    let provider = provider().scope(["a", "b:c"]).authorize_param("prompt", "consent").build().unwrap();
    let flow = Flow::new(provider).unwrap();
    let request = flow.begin("u").await.unwrap();
    let state = request.state.as_str();
    assert_eq!(state.len(), 43);
    let challenge = param(&request.url, "code_challenge").unwrap();
    assert_eq!(
        request.url,
        format!(
            "https://forge.example/authorize?tenant=x&client_id=the%20client&code_challenge={challenge}\
             &code_challenge_method=S256&prompt=consent&redirect_uri=https%3A%2F%2Fapp.example%2Fcallback%3Fa%3Db\
             &response_type=code&scope=a%20b%3Ac&state={state}"
        )
    );
}

#[tokio::test]
async fn options_of_one_login() {
    let flow = Flow::new(provider().scope(["a"]).authorize_param("prompt", "consent").build().unwrap()).unwrap();
    let begin =
        flow.begin("u").scope("x y").param("prompt", "login").param("hd", "é").redirect_uri("http://127.0.0.1:1/");
    let url = begin.await.unwrap().url;
    for (name, value) in [("scope", "x y"), ("prompt", "login"), ("hd", "é"), ("redirect_uri", "http://127.0.0.1:1/")]
    {
        assert_eq!(param(&url, name).as_deref(), Some(value));
        assert_eq!(url.matches(&format!("{name}=")).count(), 1, "{name} once in {url}");
    }
    // Scopes by separator, and none at all.
    let commas = Flow::new(provider().scope(["a", "b"]).scope_separator(",").build().unwrap()).unwrap();
    assert_eq!(param(&commas.begin("u").await.unwrap().url, "scope").as_deref(), Some("a,b"));
    assert_eq!(param(&commas.begin("u").scope([]).await.unwrap().url, "scope"), None);
    let none = Flow::new(provider().build().unwrap()).unwrap();
    assert_eq!(param(&none.begin("u").await.unwrap().url, "scope"), None, "nobody asked for anything");
}

#[tokio::test]
async fn every_wrong_option_is_named_at_once() {
    let flow = Flow::new(provider().build().unwrap()).unwrap();
    let begin = flow
        .begin("u")
        .scope("a\"b")
        .param("state", "x")
        .param("client_secret", "x")
        .redirect_uri("http://evil.example/");
    let error = begin.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    let text = error.to_string();
    assert_eq!(text.lines().count(), 4, "{text}");
    for part in ["scope grammar", "`state` is set by the flow", "address bar", "must use https"] {
        assert!(text.contains(part), "{part} not in {text}");
    }
    assert_eq!(flow.begin("").await.unwrap_err().kind(), ErrorKind::Configuration);
    for own in ["redirect_uri", "client_id", "response_type", "scope", "code_challenge", "code_challenge_method"] {
        let error = flow.begin("u").param(own, "x").await.unwrap_err().to_string();
        assert!(error.contains(&format!("`{own}` is set by the flow")), "{error}");
    }

    // Also by another name, and the last of several.
    let renamed = provider().set("scope_param", "user_scope").set("authorize.rename.state", "s").build().unwrap();
    let flow = Flow::new(renamed).unwrap();
    let error = flow.begin("u").param("user_scope", "x").param("s", "x").await.unwrap_err().to_string();
    assert!(error.contains("`user_scope` is set by the flow") && error.contains("`s` is set by the flow"), "{error}");
    let url = flow.begin("u").param("hd", "a").param("hd", "b").await.unwrap().url;
    assert!(url.contains("&hd=b&") && !url.contains("hd=a"), "{url}");
}

#[tokio::test]
async fn a_provider_without_the_code_grant_sends_nobody_anywhere() {
    let builder = || Custom::builder("tv").token_endpoint("https://forge.example/token").client_id("id");
    let device = builder().set("device_authorization_endpoint", "https://forge.example/device");
    let itself = builder()
        .client_auth(ClientAuth::ClientSecretBasic)
        .client_secret("hush".parse().unwrap())
        .set("grant_types", "client_credentials");
    for (provider, named) in [(device, "`authorization_path`"), (itself, "`authorization_code`")] {
        let flow = Flow::new(provider.build().unwrap()).unwrap();
        let error = flow.begin("u").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported);
        assert!(error.to_string().contains(named), "{error}");
        assert_eq!(flow.authorization_url(&flow.make_state().unwrap()), "");
    }
}

#[tokio::test]
async fn a_login_remembers_only_local_targets() {
    let flow =
        Flow::builder(Naming::provider("forge").build().unwrap()).http_client(Naming::default()).build().unwrap();
    let remembered = async |asked: &str| {
        let request = flow.begin("u").return_to(asked).await.unwrap();
        flow.complete("u", &format!("code=c&state={}", request.state.as_str())).await.unwrap().return_to
    };
    for local in ["/", "/settings?tab=1", "/a/b-c#d", "/search?next=//evil.example", "/a%20b", "/@me"] {
        assert_eq!(remembered(local).await.as_deref(), Some(local));
    }
    let long = format!("/{}", "a".repeat(10 * 1024));
    let hostile = [
        "",
        "settings",
        "?x=1",
        "https://evil.example",
        "http://[",
        "%",
        "/%",
        "/%zz",
        "https:evil.example",
        "https:/evil.example",
        "HTTPS://evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "///evil.example",
        "////evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "\\/evil.example",
        "/\\/evil.example",
        "/%5cevil.example",
        "/%5Cevil.example",
        "/%2fevil.example",
        "/%2F%2Fevil.example",
        "/..//evil.example",
        "/../evil",
        "/%2e%2e//evil.example",
        "/.//evil.example",
        "/a//evil.example",
        "/\tevil.example",
        "/\t/evil.example",
        "/%09/evil.example",
        "\t//evil.example",
        " //evil.example",
        "/ /evil.example",
        "/\r\nSet-Cookie: a=b",
        "/%0d%0aSet-Cookie:%20a=b",
        "/%00/evil.example",
        "/\u{2215}evil.example",
        "/\u{FF0F}evil.example",
        "/%E2%88%95evil.example",
        "/\u{3002}evil.example",
        "//app.example@evil.example",
        "https://app.example@evil.example",
        "https://app.example.evil.example",
        "https://evilapp.example",
        "//app.example:443#@evil.example",
        "/\u{200B}/evil.example",
        &long,
    ];
    assert!(hostile.len() >= 40);
    for target in hostile {
        assert_eq!(remembered(target).await.as_deref(), Some("/"), "{target:?}");
    }
}

#[test]
fn values_that_break_a_rule_are_all_named() {
    let error = Custom::builder("Forge")
        .base_uri("http://forge.example/")
        .authorization_path("authorize")
        .token_endpoint("/token")
        .scope(["a b"])
        .client_secret("x".parse().unwrap())
        .client_id(" id")
        .build()
        .unwrap_err();
    let text = error.to_string();
    for part in [
        "`name`",
        "`base_uri`",
        "`authorization_path`",
        "`token_endpoint` is a path",
        "several scopes",
        "`client_auth`",
        "`redirect_uri`",
    ] {
        assert!(text.contains(part), "{part} not in\n{text}");
    }
}

#[test]
fn what_programs_share_between_threads_may_be_shared() {
    fn shared<T: Send + Sync + 'static>() {}
    shared::<Flow>();
    shared::<acf_core::Session>();
    shared::<acf_core::Token>();
    shared::<acf_core::Error>();
    // A list of providers of several types.
    let provider = provider().build().unwrap();
    let providers: [Box<dyn acf_core::OAuthProvider>; 1] = [Box::new(provider)];
    assert_eq!(providers[0].describe().name(), "forge");
}
