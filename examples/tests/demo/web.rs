//! The web demo, when all goes well.

use hyper::{Method, StatusCode};

use crate::support::{Answer, Browser, Server, param};

/// What holds for every answer that is not the stylesheet.
pub(crate) fn assert_hardened(answer: &Answer) {
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("referrer-policy"), "no-referrer");
    let policy = answer.header("content-security-policy");
    for part in
        ["default-src 'none'", "style-src 'self'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"]
    {
        assert!(policy.contains(part), "{policy}");
    }
    assert!(!policy.contains("unsafe") && !policy.contains("script"), "{policy}");
    assert!(!answer.body.contains("<script"));
}

#[tokio::test]
async fn a_whole_login() {
    let server = Server::start();
    let mut browser = Browser::default();

    let home = browser.get(&server.url("/")).await;
    assert_hardened(&home);
    assert!(home.body.contains("Connect Demo") && browser.cookies.is_empty());

    let begun = browser.get(&server.url("/login/demo")).await;
    assert_hardened(&begun);
    let cookie = begun.header("set-cookie").to_owned();
    assert!(cookie.starts_with("acf=") && cookie.contains("; Path=/;"), "{cookie}");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && !cookie.contains("Secure"), "{cookie}");
    let authorize = begun.location();
    assert!(authorize.starts_with(&format!("{}/authorize?", server.issuer)), "{authorize}");
    assert_eq!(param(&authorize, "redirect_uri"), server.url("/callback/demo"));
    assert_eq!(param(&authorize, "code_challenge_method"), "S256");

    let before = browser.clone();
    let callback = browser.consent(&authorize, "ada", "allow").await;
    assert_eq!(param(&callback, "iss"), server.issuer);
    let head = browser.send(Method::HEAD, &callback, &[], "").await;
    assert_eq!(head.location(), "/connections/demo");

    let finished = browser.get(&callback).await;
    assert_hardened(&finished);
    assert_eq!(finished.location(), "/connections/demo?done=connected");
    assert!(finished.body.is_empty());
    assert_ne!(before.cookies["acf"], browser.cookies["acf"], "the session is rotated");

    let mut pages = vec![browser.get(&server.url("/connections/demo?done=connected")).await];
    let mut seen = server.stored_tokens();
    assert!(pages[0].body.contains("Connected as <strong>Ada Lovelace"), "{}", pages[0].body);
    assert!(pages[0].body.contains("in 5 minutes") && pages[0].body.contains("Read your notes"));
    assert_eq!(before.clone().get(&server.url("/connections/demo")).await.status, StatusCode::NOT_FOUND);

    let called = browser.post(&server.url("/connections/demo/call"), &[]).await.location();
    pages.push(browser.get(&server.url(&called)).await);
    assert!(pages[1].body.contains("Bernoulli numbers"), "{}", pages[1].body);

    let refreshed = browser.post(&server.url("/connections/demo/refresh"), &[]).await.location();
    assert_eq!(refreshed, "/connections/demo?done=refreshed");
    pages.push(browser.get(&server.url(&refreshed)).await);
    let after = server.stored_tokens();
    assert!(after.iter().all(|token| !seen.contains(token)), "both tokens are new");
    seen.extend(after.clone());
    pages.push(browser.get(&server.url("/")).await);
    assert!(pages[3].body.contains("Connected as Ada Lovelace"));

    let ended = browser.post(&server.url("/connections/demo/disconnect"), &[]).await.location();
    assert_eq!(ended, "/connections/demo?done=disconnected");
    pages.push(browser.get(&server.url(&ended)).await);
    assert_eq!((pages[4].status, server.stored_tokens().len()), (StatusCode::OK, 0));
    assert_eq!(browser.get(&server.url("/connections/demo")).await.status, StatusCode::NOT_FOUND);
    let bearer = format!("Bearer {}", after[0]);
    let userinfo = format!("{}/userinfo", server.issuer);
    let revoked = browser.send(Method::GET, &userinfo, &[("authorization", &bearer)], "").await;
    assert_eq!(revoked.status, StatusCode::UNAUTHORIZED, "revoked at the provider, too");

    for page in &pages {
        assert_hardened(page);
        assert!(seen.iter().all(|token| !page.body.contains(token)), "{}", page.body);
    }
}

#[tokio::test]
async fn a_login_survives_a_crash_and_so_do_tokens() {
    let mut server = Server::start();
    let mut browser = Browser::default();
    let authorize = browser.begin(&server).await;
    server.crash_and_restart();
    let callback = browser.consent(&authorize, "grace", "allow").await;
    server.crash_and_restart();
    assert_eq!(browser.get(&callback).await.location(), "/connections/demo?done=connected");

    server.crash_and_restart();
    let page = browser.get(&server.url("/connections/demo")).await;
    assert!(page.body.contains("Grace Hopper"), "{}", page.body);
    let called = browser.post(&server.url("/connections/demo/call"), &[]).await.location();
    assert_eq!(called, "/connections/demo?done=called");
    let refreshed = browser.post(&server.url("/connections/demo/refresh"), &[]).await.location();
    assert_eq!(refreshed, "/connections/demo?done=refreshed");
}

#[tokio::test]
async fn an_expired_token_is_refreshed_before_a_call() {
    let server = Server::start();
    let mut browser = Browser::default();
    browser.connect(&server).await;
    let before = server.stored_tokens();
    server.sql("UPDATE acf_token SET token = json_set(token, '$.expires_at', 1000000000)");
    assert!(browser.get(&server.url("/connections/demo")).await.body.contains(" days ago"));
    let called = browser.post(&server.url("/connections/demo/call"), &[]).await.location();
    assert_eq!(called, "/connections/demo?done=called");
    assert_ne!(server.stored_tokens(), before);
}

#[tokio::test]
async fn credentials_in_the_environment_switch_a_provider_on() {
    let server = Server::start_with(|command, _| {
        command.env("GITHUB_CLIENT_ID", "Iv1.id").env("GITHUB_CLIENT_SECRET", "canary-secret");
        command.env("STACK_EXCHANGE_CLIENT_ID", "12").env("STACK_EXCHANGE_CLIENT_SECRET", "canary-secret");
    });
    let mut browser = Browser::default();
    let home = browser.get(&server.url("/")).await.body;
    assert!(home.contains("Connect GitHub") && !home.contains("GITHUB_CLIENT_ID") && !home.contains("canary"));
    assert!(home.contains("GOOGLE_CLIENT_SECRET") && home.contains("/callback/<wbr>google"), "{home}");

    let authorize = browser.get(&server.url("/login/github")).await.location();
    assert!(authorize.starts_with("https://github.com/login/oauth/authorize?"), "{authorize}");
    assert_eq!(param(&authorize, "client_id"), "Iv1.id");
    assert_eq!(param(&authorize, "redirect_uri"), server.url("/callback/github"));
    assert!(!authorize.contains("canary"));
    let authorize = browser.get(&server.url("/login/stack-exchange")).await.location();
    assert!(authorize.starts_with("https://stackoverflow.com/oauth?"), "{authorize}");

    let missing = browser.get(&server.url("/login/google")).await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    assert!(missing.body.contains("Google is not set up yet"));
}

#[tokio::test]
async fn behind_https_cookies_are_bound_to_the_host() {
    let server = Server::start_with(|command, _| {
        command.args(["--public-url", "https://demo.example"]);
    });
    let mut browser = Browser::default();
    // Whatever the Host header says: the redirect URI comes from the configuration.
    let hostile: &[_] = &[("host", "evil.example"), ("x-forwarded-host", "evil.example")];
    let begun = browser.send(Method::GET, &server.url("/login/demo"), hostile, "").await;
    assert_eq!(param(&begun.location(), "redirect_uri"), "https://demo.example/callback/demo");
    let mut cookie: Vec<_> = begun.header("set-cookie").split("; ").skip(1).collect();
    cookie.sort_unstable();
    assert_eq!(cookie, ["HttpOnly", "Max-Age=86400", "Path=/", "SameSite=Lax", "Secure"]);
    assert_eq!(browser.cookies.keys().collect::<Vec<_>>(), ["__Host-acf"], "for this host alone, by its name");
}

#[tokio::test]
async fn localhost_is_brought_to_the_address_that_logins_come_back_to() {
    let server = Server::start();
    let host = server.origin.replace("http://127.0.0.1", "localhost");
    let answer = Browser::default().send(Method::GET, &server.url("/?a=b"), &[("host", &host)], "").await;
    assert_eq!(answer.location(), server.url("/?a=b"));
}

#[tokio::test]
async fn the_stylesheet_may_be_cached() {
    let server = Server::start();
    for site in [&server.origin, &server.issuer] {
        let style = Browser::default().get(&format!("{site}/style.css")).await;
        assert_eq!(style.header("content-type"), "text/css; charset=utf-8");
        assert!(style.header("cache-control").starts_with("public"));
    }
}

#[tokio::test]
async fn a_machine_without_root_certificates_runs_the_demo() {
    let server = Server::start_with(|command, _| {
        command.env("SSL_CERT_FILE", "/nonexistent").env("SSL_CERT_DIR", "/nonexistent");
    });
    let connected = Browser::default().connect(&server).await;
    assert_eq!(connected.status, StatusCode::OK);
    assert!(connected.body.contains("You are connected."), "{}", connected.body);
}
