//! What other sites, other people and hostile input try with the web demo.

use hyper::{Method, StatusCode};

use crate::{
    support::{Browser, Server, free_ports, param},
    trouble::problem,
    web::assert_hardened,
};

#[tokio::test]
async fn somebody_elses_login() {
    let server = Server::start();
    let (mut owner, mut other, mut fresh) = (Browser::default(), Browser::default(), Browser::default());
    other.begin(&server).await;
    let authorize = owner.begin(&server).await;
    let callback = owner.consent(&authorize, "ada", "allow").await;
    for thief in [&mut other, &mut fresh] {
        problem(thief, &server, &callback, "other-browser", 403).await;
        assert_eq!(thief.get(&server.url("/connections/demo")).await.status, StatusCode::NOT_FOUND);
    }
    assert!(server.stored_tokens().is_empty());
    assert_eq!(owner.get(&callback).await.location(), "/connections/demo?done=connected", "its owner can still finish");
}

#[tokio::test]
async fn other_sites_can_neither_begin_nor_change_anything() {
    let server = Server::start();
    let mut browser = Browser::default();
    let refused: [&[(&str, &str)]; 8] = [
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "none"), ("sec-purpose", "prefetch;prerender")],
        &[("sec-purpose", "prefetch")],
        &[("purpose", "prefetch")],
        &[("sec-fetch-site", "same-origin"), ("sec-fetch-dest", "image")],
        &[("sec-fetch-site", "same-origin"), ("sec-fetch-dest", "iframe")],
        &[("sec-fetch-dest", "empty")],
    ];
    for headers in refused {
        let answer = browser.send(Method::GET, &server.url("/login/demo"), headers, "").await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{headers:?}");
        assert_hardened(&answer);
        assert!(browser.cookies.is_empty());
    }
    assert_eq!((server.rows("acf_pending_login"), server.rows("demo_browser")), (0, 0), "nothing has begun");
    for site in ["same-origin", "none"] {
        browser.send(Method::GET, &server.url("/login/demo"), &[("sec-fetch-site", site)], "").await.location();
    }
    browser.post(&server.url("/login/demo"), &[]).await.location();

    browser.connect(&server).await;
    let tokens = server.stored_tokens();
    let foreign: [&[(&str, &str)]; 4] = [
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site"), ("origin", &server.issuer)],
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
    ];
    for headers in foreign {
        for action in ["/connections/demo/disconnect", "/connections/demo/refresh", "/login/demo"] {
            let answer = browser.send(Method::POST, &server.url(action), headers, "").await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{action} {headers:?}");
        }
        let login = format!("{}/login", server.issuer);
        let answer =
            browser.send(Method::POST, &login, &[("sec-fetch-site", "same-site")], "account=ada&request=").await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
    }
    assert_eq!(server.stored_tokens(), tokens);
}

/// Whoever asks ahead of time, or only for the head of the answer, uses nothing up.
#[tokio::test]
async fn a_callback_that_a_browser_asks_for_ahead_of_time() {
    let server = Server::start();
    let mut browser = Browser::default();
    let authorize = browser.begin(&server).await;
    let callback = browser.consent(&authorize, "ada", "allow").await;
    for headers in
        [&[("sec-purpose", "prefetch")], &[("sec-purpose", "prefetch;prerender")], &[("purpose", "prefetch")]]
    {
        let answer = browser.send(Method::GET, &callback, headers, "").await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{headers:?}");
        assert_hardened(&answer);
    }
    let answer = browser.send(Method::POST, &callback, &[("sec-fetch-site", "same-origin")], "").await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_hardened(&answer);
    assert_eq!(browser.get(&callback).await.location(), "/connections/demo?done=connected");
}

/// Logins of one browser do not get into each other's way, and are kept on the server: its one cookie does not grow.
#[tokio::test]
async fn tabs_finish_in_any_order_and_keep_one_cookie() {
    let server = Server::start();
    let mut browser = Browser::default();
    for _ in 0..100 {
        browser.begin(&server).await;
    }
    let mut tabs = Vec::new();
    for account in ["ada", "grace", "ada", "grace"] {
        let authorize = browser.begin(&server).await;
        tabs.push(browser.consent(&authorize, account, "allow").await);
    }
    for tab in [2, 0, 3, 1] {
        assert_eq!(browser.get(&tabs[tab]).await.location(), "/connections/demo?done=connected", "tab {tab}");
    }
    let page = browser.get(&server.url("/connections/demo")).await;
    assert!(page.body.contains("Grace Hopper"), "the last one counts: {}", page.body);
    // The other one is the authorization server's.
    let own = browser.cookies.iter().filter(|(name, _)| *name != "acf_issuer");
    let own: Vec<_> = own.map(|(name, value)| name.len() + value.len()).collect();
    assert!(own.len() == 1 && own[0] < 64, "{:?}", browser.cookies);
}

/// Beginning costs the person at the other end nothing, and this one a row that is soon gone.
#[tokio::test]
async fn browsers_that_never_come_back_are_forgotten() {
    let server = Server::start();
    let mut connected = Browser::default();
    connected.connect(&server).await;
    server.sql(
        "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 12000)
         INSERT INTO demo_browser SELECT randomblob(32), n, unixepoch() + 3600 FROM n",
    );
    let mut new = Browser::default();
    let authorize = new.begin(&server).await;
    assert_eq!(server.rows("demo_browser"), 10_000);
    let callback = new.consent(&authorize, "ada", "allow").await;
    assert_eq!(new.get(&callback).await.location(), "/connections/demo?done=connected");
    assert_eq!(connected.get(&server.url("/connections/demo")).await.status, StatusCode::OK);

    server.sql("UPDATE demo_browser SET expires_at = unixepoch() WHERE expires_at < unixepoch() + 90000");
    Browser::default().begin(&server).await;
    assert_eq!(server.rows("demo_browser"), 3, "two that are connected, and a new one");
}

/// What stands for a browser, what stands for a login, and what opens a connection are three things.
#[tokio::test]
async fn a_login_that_was_interrupted_opens_nothing() {
    let server = Server::start();
    let connections = server.url("/connections/demo");
    let (mut owner, mut other) = (Browser::default(), Browser::default());
    let authorize = owner.begin(&server).await;
    let (cookie, state) = (owner.cookies["acf"].clone(), param(&authorize, "state"));
    assert_eq!(owner.get(&connections).await.status, StatusCode::NOT_FOUND, "begun and not finished");
    let callback = owner.consent(&authorize, "ada", "allow").await;
    owner.get(&callback).await.location();

    for value in [&state, &param(&callback, "code"), &param(&authorize, "code_challenge"), &cookie] {
        other.cookies.insert("acf".to_owned(), value.clone());
        assert_eq!(other.get(&connections).await.status, StatusCode::NOT_FOUND, "{value}");
    }
    let swapped = server.url(&format!("/callback/demo?code=x&state={}", owner.cookies["acf"]));
    problem(&mut owner, &server, &swapped, "spent", 400).await;
    assert!(server.stored_tokens().iter().all(|token| *token != owner.cookies["acf"]), "the cookie is no token");
}

/// RFC 9700 section 4.4: each provider has a redirect URI of its own, and a login ends at the one it began for. Where there
/// is no provider, nothing ends at all.
#[tokio::test]
async fn a_login_ends_where_it_began() {
    let server = Server::start_with(|command, _| {
        command.env("GITHUB_CLIENT_ID", "Iv1.id").env("GITHUB_CLIENT_SECRET", "canary-secret");
        command.env("STACK_EXCHANGE_CLIENT_ID", "12").env("STACK_EXCHANGE_CLIENT_SECRET", "\u{7f}");
    });
    let mut browser = Browser::default();
    let authorize = browser.begin(&server).await;
    let callback = browser.consent(&authorize, "ada", "allow").await;
    for (provider, problem) in [
        ("github", "mixed-up?provider=github"),
        ("google", "not-configured?provider=google"),
        ("stack-exchange", "not-configured?provider=stack-exchange"),
    ] {
        let elsewhere = callback.replace("/callback/demo", &format!("/callback/{provider}"));
        // Without the issuer, which would be reason enough.
        let elsewhere = elsewhere.split("&iss=").next().unwrap().replace("?iss=", "?x=");
        assert_eq!(browser.get(&elsewhere).await.location(), format!("/problem/{problem}"));
        for (method, path) in [(Method::GET, ""), (Method::POST, "/call"), (Method::POST, "/refresh")] {
            let url = server.url(&format!("/connections/{provider}{path}"));
            let answer = browser.send(method, &url, &[("sec-fetch-site", "same-origin")], "").await;
            let nothing =
                answer.status == StatusCode::NOT_FOUND || answer.location() == format!("/connections/{provider}");
            assert!(nothing, "{url}: {}", answer.status);
        }
    }
    for provider in ["google", "stack-exchange"] {
        let refused = browser.get(&server.url(&format!("/login/{provider}"))).await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND, "what is set up wrongly begins nothing");
    }
    assert!(server.stored_tokens().is_empty());
    assert_eq!(
        browser.get(&callback).await.location(),
        "/connections/demo?done=connected",
        "its owner can still finish"
    );
}

/// RFC 9700 section 4.5: somebody else's code, in a login of one's own. The authorization server compares the verifier.
#[tokio::test]
async fn a_stolen_code_is_of_no_use_in_another_login() {
    let server = Server::start();
    let (mut owner, mut thief) = (Browser::default(), Browser::default());
    let authorize = owner.begin(&server).await;
    let stolen = param(&owner.consent(&authorize, "ada", "allow").await, "code");
    let authorize = thief.begin(&server).await;
    let own = thief.consent(&authorize, "grace", "allow").await;
    let injected = own.replace(&param(&own, "code"), &stolen);
    assert_ne!(injected, own);
    let page = problem(&mut thief, &server, &injected, "refused", 502).await;
    assert!(!page.body.contains("invalid_grant"), "{}", page.body);
    assert!(server.stored_tokens().is_empty());
    problem(&mut thief, &server, &own, "spent", 400).await;
}

/// A page of an error is for nobody else, either (V-45), and what failed here is not used up.
#[tokio::test]
async fn what_breaks_here_is_not_kept_by_anybody() {
    let server = Server::start();
    let mut browser = Browser::default();
    let authorize = browser.begin(&server).await;
    let callback = browser.consent(&authorize, "ada", "allow").await;
    let rename = |from: &str, to: &str| {
        server.database().execute_batch(&format!("ALTER TABLE {from} RENAME TO {to}")).unwrap();
    };
    rename("demo_browser", "gone");
    for url in [&callback, &server.url("/login/demo"), &server.url("/connections/demo"), &server.url("/")] {
        let answer = browser.get(url).await;
        assert_eq!((answer.status, answer.header("set-cookie")), (StatusCode::INTERNAL_SERVER_ERROR, ""), "{url}");
        assert_hardened(&answer);
        assert!(!answer.body.contains("demo_browser"), "{}", answer.body);
    }
    rename("gone", "demo_browser");
    assert_eq!(browser.get(&callback).await.location(), "/connections/demo?done=connected");

    let authorize = browser.begin(&server).await;
    let callback = browser.consent(&authorize, "ada", "allow").await;
    rename("acf_token", "gone");
    let answer = browser.get(&callback).await;
    assert_hardened(&answer);
    assert_eq!((answer.location().as_str(), answer.header("set-cookie")), ("/problem/broken?provider=demo", ""));
}

/// Headers that mean nothing are no reason to fail: not for the demo, and not for its authorization server.
#[tokio::test]
async fn headers_that_mean_nothing() {
    let server = Server::start();
    let long = format!("acf={}", "x".repeat(8 * 1024));
    let many = "acf=1; ".repeat(1_000);
    let cookies = [
        "",
        "=",
        ";;;=;",
        "acf",
        "acf=",
        "acf=é",
        "acf=%00",
        "acf=\"",
        "acf=1; acf=2",
        "acf.0=1; acf.chunks=99999999999",
        &long,
        &many,
    ];
    for cookie in cookies {
        for path in ["/", "/connections/demo", "/callback/demo?code=x&state=y", "/login/demo"] {
            let answer = Browser::default().send(Method::GET, &server.url(path), &[("cookie", cookie)], "").await;
            assert!(answer.status.as_u16() < 500, "{path} {cookie:.40}: {}", answer.status);
        }
    }
    let long = format!("Bearer {}", "x".repeat(8 * 1024));
    let values = [
        "",
        " ",
        "Bearer",
        "Bearer ",
        "Bearer é",
        "bearer a b c",
        "Basic",
        "Basic ====",
        "Basic Og==",
        "Basic /w==",
        ",,,",
        &long,
    ];
    for value in values {
        for (method, path) in
            [(Method::GET, "/userinfo"), (Method::GET, "/notes"), (Method::POST, "/token"), (Method::POST, "/revoke")]
        {
            let url = format!("{}{path}", server.issuer);
            let body = if method == Method::POST { "grant_type=authorization_code&code=x&token=x" } else { "" };
            let answer = Browser::default().send(method, &url, &[("authorization", value)], body).await;
            assert!(answer.status.is_client_error(), "{path} {value:.40}: {}", answer.status);
        }
    }
}

/// A proxy that the environment names would see codes and secrets, and could answer in the provider's place.
#[tokio::test]
async fn a_proxy_of_the_environment_is_not_asked() {
    let nobody = format!("http://127.0.0.1:{}", free_ports()[0]);
    let server = Server::start_with(|command, _| {
        for name in ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
            command.env(name, &nobody);
        }
        command.env_remove("no_proxy").env_remove("NO_PROXY");
    });
    Browser::default().connect(&server).await;
    assert_eq!(server.stored_tokens().len(), 2);
}
