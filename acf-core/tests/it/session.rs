//! A token's life: stored, used, refreshed, revoked.

use acf_core::{ErrorKind, Flow, MemoryStore, Next, Session, Token};

use crate::{
    shapes::provider,
    stores,
    support::{Naming, Seen, Server, answer, json, logged_in},
};

async fn connected(server: &Server) -> (Flow, Session) {
    let flow = server.flow();
    let session = logged_in(&flow).await;
    (flow, session)
}

/// Rotates refresh tokens and refuses one that was used.
fn rotating() -> impl Fn(&Seen) -> Vec<u8> + Send + Sync + 'static {
    let current = std::sync::Mutex::new(1);
    move |seen| {
        if seen.head.starts_with("POST /revoke") {
            return answer(200, "content-type: text/html\r\n", "<p>whatever");
        }
        if !seen.head.starts_with("POST /token") {
            return answer(200, "", "{}");
        }
        let mut current = current.lock().unwrap();
        let form = seen.form();
        if form["grant_type"] == "refresh_token" {
            if form["refresh_token"] != format!("refresh-{current}") {
                return json(400, r#"{"error":"invalid_grant"}"#);
            }
            *current += 1;
        }
        let lives = if *current == 1 { 5 } else { 3600 };
        json(
            200,
            &format!(
                r#"{{"access_token":"access-{current}","token_type":"bearer","expires_in":{lives},"refresh_token":"refresh-{current}"}}"#
            ),
        )
    }
}

#[tokio::test]
async fn an_expired_token_is_refreshed_by_hand_and_saved() {
    let server = Server::start(rotating()).await;
    let flow = Flow::builder(server.provider().build().unwrap()).refresh_by_hand().build().unwrap();
    let session = logged_in(&flow).await;
    assert_eq!(session.token().await.unwrap_err().kind(), ErrorKind::TokenExpired);
    assert_eq!(session.get(server.url("/me")).send().await.unwrap_err().kind(), ErrorKind::TokenExpired);

    let new = session.refresh().await.unwrap();
    assert_eq!(new.access_token().expose(), "access-2");
    assert_eq!(session.token().await.unwrap(), new);
    assert_eq!(flow.session("u").await.unwrap().token().await.unwrap(), new);
    let form = server.seen().last().unwrap().form();
    assert_eq!((form["grant_type"].as_str(), form["refresh_token"].as_str()), ("refresh_token", "refresh-1"));
    assert_eq!(form["client_secret"], "s3cret+/&=", "a confidential client authenticates here, too");
}

#[tokio::test]
async fn an_expired_token_is_refreshed_before_it_is_used() {
    let server = Server::start(rotating()).await;
    let told = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let tell = std::sync::Arc::clone(&told);
    let flow = Flow::builder(server.provider().build().unwrap())
        .on_refresh(move |key, token| tell.lock().unwrap().push((key.user.clone(), token.clone())))
        .build()
        .unwrap();
    let session = logged_in(&flow).await;
    let calls: Vec<_> = (0..20)
        .map(|_| {
            let (session, url) = (session.clone(), server.url("/me"));
            tokio::spawn(async move { session.get(url).send().await.unwrap().is_success() })
        })
        .collect();
    for call in calls {
        assert!(call.await.unwrap());
    }
    let seen = server.seen();
    assert_eq!(seen.iter().filter(|seen| seen.head.starts_with("POST /token")).count(), 2, "one login, one refresh");
    let sent: Vec<_> = seen.iter().filter_map(|seen| seen.header("authorization")).collect();
    assert_eq!(sent, ["Bearer access-2"; 20]);
    let stored = session.stored_token().await.unwrap();
    assert_eq!(*told.lock().unwrap(), [("u".to_owned(), stored)]);
}

#[tokio::test]
async fn a_token_that_came_from_elsewhere_is_stored_and_refreshed_like_any_other() {
    let server = Server::start(rotating()).await;
    let flow = server.flow();
    let kept = r#"{"v":1,"access_token":"old","token_type":"Bearer","expires_at":1,"refresh_token":"refresh-1","scope":["read"]}"#;
    flow.store_token("u", &Token::from_json(kept).unwrap()).await.unwrap();
    let new = flow.session("u").await.unwrap().token().await.unwrap();
    assert_eq!((new.access_token().expose(), new.scopes().contains("read")), ("access-2", true));
    assert_eq!(flow.store_token("", &new).await.unwrap_err().kind(), ErrorKind::Configuration);
}

#[tokio::test]
async fn of_many_refreshes_at_once_one_is_sent() {
    for (server, tokens) in [
        (Server::start(rotating()).await, ["access-2", "access-3"]),
        // Some providers issue the same token again, and some that are used up at once.
        (Server::issuing(crate::support::TOKEN).await, ["access-1"; 2]),
        (
            Server::issuing(r#"{"access_token":"a","token_type":"bearer","expires_in":1,"refresh_token":"r"}"#).await,
            ["a"; 2],
        ),
    ] {
        let (_, session) = connected(&server).await;
        let tasks: Vec<_> = (0..20)
            .map(|_| {
                tokio::spawn({
                    let session = session.clone();
                    async move { session.refresh().await }
                })
            })
            .collect();
        for task in tasks {
            assert_eq!(task.await.unwrap().unwrap().access_token().expose(), tokens[0]);
        }
        assert_eq!(server.seen().len(), 2, "one login, one refresh");
        assert_eq!(session.refresh().await.unwrap().access_token().expose(), tokens[1], "later, it is a new refresh");
        assert_eq!(server.seen().len(), 3);
    }
}

#[tokio::test]
async fn a_race_lost_to_another_process_re_reads_instead_of_failing() {
    let server = Server::start(rotating()).await;
    let store = MemoryStore::new();
    let build = || Flow::builder(server.provider().build().unwrap()).state_store(store.clone()).build().unwrap();
    let ours = build();
    let request = ours.begin("u").await.unwrap();
    ours.finish("u", &format!("code=c&state={}", request.state.as_str())).await.unwrap();
    // The other process has refreshed, and saves while our request with the old refresh token is under way.
    let key = acf_core::store::TokenKey::new("forge", "u");
    let old = acf_core::TokenStore::load(&store, &key).await.unwrap().unwrap();
    let theirs = build().session("u").await.unwrap().refresh().await.unwrap();
    acf_core::TokenStore::save(&store, &key, &old.token, acf_core::store::Expect::Anything).await.unwrap();
    let late = {
        let store = store.clone();
        let theirs = theirs.clone();
        Server::start(move |_| {
            let (store, theirs, key) = (store.clone(), theirs.clone(), acf_core::store::TokenKey::new("forge", "u"));
            std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
                let save = acf_core::TokenStore::save(&store, &key, &theirs, acf_core::store::Expect::Anything);
                runtime.block_on(save).unwrap();
            })
            .join()
            .unwrap();
            json(400, r#"{"error":"invalid_grant"}"#)
        })
        .await
    };
    let flow = Flow::builder(late.provider().build().unwrap()).state_store(store.clone()).build().unwrap();
    assert_eq!(flow.session("u").await.unwrap().refresh().await.unwrap(), theirs);
}

#[tokio::test]
async fn a_refresh_response_without_a_refresh_token_keeps_the_old_one() {
    let server = Server::start(|seen| {
        let refresh = if seen.form()["grant_type"] == "refresh_token" { "" } else { r#","refresh_token":"r""# };
        json(200, &format!(r#"{{"access_token":"a","token_type":"bearer"{refresh}}}"#))
    })
    .await;
    let (_, session) = connected(&server).await;
    assert_eq!(session.refresh().await.unwrap().refresh_token().unwrap().expose(), "r");
}

#[tokio::test]
async fn a_failed_refresh_leaves_the_token_as_it_was() {
    for (status, said, next) in [
        (503, "temporarily_unavailable", Next::Retry),
        (500, "server_error", Next::Retry),
        (400, "invalid_grant", Next::Reauthorize),
        (401, "invalid_client", Next::FixConfiguration),
    ] {
        let server = Server::start(move |seen| match seen.form()["grant_type"].as_str() {
            "refresh_token" => json(status, &format!(r#"{{"error":"{said}"}}"#)),
            _ => json(200, r#"{"access_token":"a","token_type":"bearer","expires_in":1,"refresh_token":"r"}"#),
        })
        .await;
        let flow = Flow::builder(server.provider().build().unwrap()).refresh_by_hand().build().unwrap();
        let session = logged_in(&flow).await;
        let before = session.stored_token().await.unwrap();
        let error = session.refresh().await.unwrap_err();
        assert_eq!((error.kind(), error.next()), (ErrorKind::Provider, next));
        assert_eq!(session.stored_token().await.unwrap(), before);
        // Kept is not good: what has expired is handed to nobody, whatever became of the refresh.
        assert_eq!(session.token().await.unwrap_err().kind(), ErrorKind::TokenExpired);
        assert_eq!(session.get(server.url("/me")).send().await.unwrap_err().kind(), ErrorKind::TokenExpired);
        assert_eq!(server.seen().len(), 2, "one login, one refresh");
    }
}

/// Of two providers with one store, each with many users, nobody ever gets what belongs to somebody else.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_token_belongs_to_whom_it_was_asked_for() {
    for (name, store) in stores::all().await {
        let naming = Naming::default();
        let mut tasks = Vec::new();
        for provider in ["forge", "other"] {
            let flow = Flow::builder(Naming::provider(provider).build().unwrap()).state_store(store.clone());
            let flow = flow.http_client(naming.clone()).build().unwrap();
            for user in 0..25 {
                let flow = flow.clone();
                tasks.push(tokio::spawn(async move {
                    let (user, own) = (user.to_string(), format!("{provider}-{user}."));
                    let is_own = |token: &Token| {
                        let texts = [Some(token.access_token()), token.refresh_token()].map(|t| t.unwrap().expose());
                        texts[0].starts_with(&format!("access.{own}")) && texts[1].starts_with(&own)
                    };
                    let request = flow.begin(&user).await.unwrap();
                    let callback = format!("code={own}&state={}", request.state.as_str());
                    assert!(is_own(&flow.finish(&user, &callback).await.unwrap()));
                    let session = flow.session(&user).await.unwrap();
                    for _ in 0..3 {
                        let (one, two, read) = tokio::join!(session.refresh(), session.refresh(), session.token());
                        for token in [one, two, read] {
                            assert!(is_own(&token.unwrap()), "{own}");
                        }
                    }
                }));
            }
        }
        for task in tasks {
            task.await.unwrap_or_else(|error| panic!("{name}: {error}"));
        }
        assert!(naming.calls() >= 200, "{name}");
    }
}

#[tokio::test]
async fn the_token_goes_into_one_header_and_only_to_safe_addresses() {
    let server = Server::start(|seen| match seen.head.contains("/token") {
        true => json(200, crate::support::TOKEN),
        false if seen.head.contains("/away") => answer(302, "location: /elsewhere\r\n", ""),
        false => json(403, r#"{"me":"u"}"#),
    })
    .await;
    let (_, session) = connected(&server).await;
    let reply = session.post(server.url("/me?x=1")).header("x-a", "b").json(&["c"]).send().await.unwrap();
    assert_eq!((reply.status().as_u16(), reply.is_success()), (403, false));
    assert_eq!(reply.json::<serde_json::Value>().unwrap()["me"], "u");
    let seen = server.seen().last().unwrap().clone();
    assert!(seen.head.starts_with("POST /me?x=1 "), "{}", seen.head);
    assert_eq!(seen.header("authorization"), Some("Bearer access-1"));
    assert_eq!((seen.header("x-a"), seen.body.as_str()), (Some("b"), r#"["c"]"#));

    let reply = session.get(server.url("/away")).send().await.unwrap();
    assert_eq!(reply.status().as_u16(), 302, "a redirect is handed over, not followed");
    let calls = server.seen().len();
    for url in [
        "http://example.com/",
        "ftp://example.com/",
        "https://u:p@example.com/",
        "https://",
        // Nothing is joined to a base, so nothing leads away from one.
        "/me",
        "//evil.example/me",
        "\\\\evil.example/me",
        "@evil.example/me",
        "https:evil.example/me",
        "https://api.example@evil.example/me",
        "https://api.example\\@evil.example/me",
    ] {
        assert_eq!(session.get(url).send().await.unwrap_err().kind(), ErrorKind::Configuration, "{url}");
    }
    let forged = session.get(server.url("/me")).header("Authorization", "Basic x").send().await;
    assert_eq!(forged.unwrap_err().kind(), ErrorKind::Configuration);
    assert_eq!(server.seen().len(), calls);
}

/// Whatever an API has against a token (RFC 6750 section 3), the answer is the caller's: nothing is read out of the
/// challenge, nothing is sent a second time, and no refresh token is spent on it.
#[tokio::test]
async fn what_an_api_refuses_is_handed_over() {
    for (status, challenges) in [
        (401, &["Bearer error=\"invalid_token\""][..]),
        (401, &["Basic realm=\"a, Bearer b\", bearer ERROR=\"invalid\\\"_token\"", "DPoP algs=\"ES256\""]),
        (401, &["Bearer realm=\"unterminated"]),
        (401, &[",,=,\\\"", "Bearer", ""]),
        (401, &[]),
        (403, &["Bearer error=\"insufficient_scope\", scope=\"admin\""]),
    ] {
        let server = Server::start(move |seen| match seen.head.starts_with("POST /token") {
            true => json(200, crate::support::TOKEN),
            false => {
                let lines: String = challenges.iter().map(|line| format!("www-authenticate: {line}\r\n")).collect();
                answer(status, &lines, "no")
            }
        })
        .await;
        let (_, session) = connected(&server).await;
        let before = session.stored_token().await.unwrap();
        let reply = session.get(server.url("/me")).send().await.unwrap();
        assert_eq!((reply.status().as_u16(), reply.text().as_str()), (status, "no"));
        assert_eq!(reply.header("www-authenticate"), challenges.first().copied(), "{challenges:?}");
        let requests = if status == 401 { 4 } else { 2 };
        assert_eq!(server.seen().len(), requests, "a login and a call; after a 401, a refresh and one more call");
        if status == 403 {
            assert_eq!(session.stored_token().await.unwrap(), before);
        }
    }
}

#[tokio::test]
async fn a_token_that_an_api_accepts_no_longer_is_refreshed_once_for_all_who_used_it() {
    let rotating = rotating();
    let server = Server::start(move |seen| match seen.header("authorization") {
        Some("Bearer access-2") => answer(200, "", &seen.body),
        Some(_) => answer(401, "www-authenticate: Bearer error=\"invalid_token\"\r\n", "no"),
        None => rotating(seen),
    })
    .await;
    let flow = Flow::builder(server.provider().set("refresh.margin", "1").build().unwrap()).build().unwrap();
    let session = logged_in(&flow).await;
    let calls: Vec<_> = (0..20)
        .map(|n| {
            let (session, url) = (session.clone(), server.url("/me"));
            tokio::spawn(
                async move { session.post(url).body(n.to_string()).send().await.unwrap().text() == n.to_string() },
            )
        })
        .collect();
    for call in calls {
        assert!(call.await.unwrap(), "the same call, with its body");
    }
    let seen = server.seen();
    assert_eq!(seen.iter().filter(|seen| seen.head.starts_with("POST /token")).count(), 2, "one login, one refresh");
}

#[tokio::test]
async fn revocation_tells_the_provider_and_forgets_here() {
    let server = Server::start(rotating()).await;
    let (flow, session) = connected(&server).await;
    session.revoke().await.unwrap();
    let revoked: Vec<_> = server
        .seen()
        .iter()
        .skip(1)
        .map(|seen| (seen.form()["token"].clone(), seen.form()["token_type_hint"].clone()))
        .collect();
    let expected =
        [("refresh-1", "refresh_token"), ("access-1", "access_token")].map(|(a, b)| (a.to_owned(), b.to_owned()));
    assert_eq!(revoked, expected);
    assert_eq!(flow.session("u").await.unwrap_err().kind(), ErrorKind::NoToken);
}

#[tokio::test]
async fn a_revocation_that_fails_still_forgets_here_and_says_so() {
    let server = Server::start(|seen| match seen.head.starts_with("POST /revoke") {
        true => answer(503, "retry-after: 7\r\n", "later"),
        false => json(200, crate::support::TOKEN),
    })
    .await;
    let (flow, session) = connected(&server).await;
    let error = session.revoke().await.unwrap_err();
    assert_eq!((error.status(), error.next()), (Some(503), Next::Retry));
    assert_eq!(error.retry_after(), Some(std::time::Duration::from_secs(7)));
    assert_eq!(flow.session("u").await.unwrap_err().kind(), ErrorKind::NoToken);
}

#[tokio::test]
async fn what_a_provider_or_a_flow_does_not_have_is_a_clear_error() {
    let server = Server::issuing(r#"{"access_token":"a","token_type":"bearer"}"#).await;
    let provider = acf_core::Custom::builder("plain")
        .base_uri(server.url(""))
        .authorization_path("/authorize")
        .access_token_path("/token")
        .client_auth(acf_core::ClientAuth::None)
        .client_id("id")
        .redirect_uri("https://app.example/callback");
    let flow = Flow::new(provider.build().unwrap()).unwrap();
    let request = flow.begin("u").await.unwrap();
    let token = flow.finish("u", &format!("code=c&state={}", request.state.as_str())).await.unwrap();
    assert_eq!(flow.revoke(&token).await.unwrap_err().kind(), ErrorKind::Unsupported);
    assert_eq!(flow.refresh(&token).await.unwrap_err().kind(), ErrorKind::TokenExpired);
    assert_eq!(flow.session("nobody").await.unwrap_err().kind(), ErrorKind::NoToken);
}

#[tokio::test]
async fn a_token_survives_its_flow() {
    for (name, store) in stores::all().await {
        let server = Server::issuing(crate::support::TOKEN).await;
        let build = || Flow::builder(server.provider().build().unwrap()).state_store(store.clone()).build().unwrap();
        let request = build().begin("u").await.unwrap();
        let token = build().finish("u", &format!("code=c&state={}", request.state.as_str())).await.unwrap();
        let restored = build().session("u").await.unwrap().token().await.unwrap();
        assert_eq!(restored.access_token(), token.access_token(), "{name}");
        assert_eq!(restored.refresh_token(), token.refresh_token(), "{name}");
        assert_eq!(build().session("v").await.unwrap_err().kind(), ErrorKind::NoToken, "{name}");
    }
    // Two flows with a memory store each share nothing.
    let separate =
        Flow::builder(Server::issuing("{}").await.provider().build().unwrap()).state_store(MemoryStore::new());
    assert_eq!(separate.build().unwrap().session("u").await.unwrap_err().kind(), ErrorKind::NoToken);
}

#[tokio::test]
async fn a_token_counts_as_expired_by_the_declared_margin() {
    let server = Server::issuing(crate::support::TOKEN).await;
    for (lines, expired) in [("refresh.margin=3700", true), ("refresh.margin=3500", false), ("", false)] {
        let flow = Flow::builder(provider(&server, lines)).refresh_by_hand().build().unwrap();
        let token = logged_in(&flow).await.token().await;
        assert_eq!(token.err().map(|error| error.kind()), expired.then_some(ErrorKind::TokenExpired), "{lines}");
    }
}

#[tokio::test]
async fn without_a_refresh_token_the_access_token_may_stand_in_for_it() {
    let server = Server::issuing(r#"{"access_token":"a","token_type":"bearer","expires_in":5}"#).await;
    let by_access_token = "refresh.omit=refresh_token\nrefresh.params.access_token={access_token}";
    for (lines, advice) in [(by_access_token, "refresh it"), ("", "send the person through the login")] {
        let flow = Flow::builder(provider(&server, lines)).refresh_by_hand().build().unwrap();
        let session = logged_in(&flow).await;
        let error = session.token().await.unwrap_err();
        assert_eq!(error.to_string(), format!("the access token has expired: {advice}"));
        let sent = server.seen().len();
        let refreshed = session.refresh().await;
        assert_eq!(refreshed.is_ok(), lines == by_access_token, "{refreshed:?}");
        assert_eq!(server.seen().len() - sent, usize::from(lines == by_access_token));
    }
    assert!(!server.seen().iter().any(|seen| seen.body.contains("refresh_token=")));
}

#[tokio::test]
async fn the_declared_status_of_a_revocation_is_a_success() {
    let server = Server::start(|seen| match seen.head.starts_with("POST /revoke") {
        true => answer(204, "", ""),
        false => json(200, crate::support::TOKEN),
    })
    .await;
    for (lines, status) in [("revoke.status=204", None), ("", Some(204)), ("revoke.status=202", Some(204))] {
        let revoked = logged_in(&Flow::new(provider(&server, lines)).unwrap()).await.revoke().await;
        assert_eq!(revoked.err().map(|error| error.status()), status.map(Some), "{lines}");
    }
}

#[tokio::test]
async fn what_the_caller_of_an_api_sets_is_not_overridden() {
    let server = Server::issuing(crate::support::TOKEN).await;
    let lines = "api.headers.X-Version=1\napi.headers.X-Token={access_token}\napi.params.v=1\napi.params.w=2";
    let session = logged_in(&Flow::new(provider(&server, lines)).unwrap()).await;
    session.put(server.url("/a?%76=9")).header("x-version", "7").body("body").send().await.unwrap();
    let seen = server.seen().last().unwrap().clone();
    assert!(seen.head.starts_with("PUT /a?%76=9&w=2 HTTP/1.1"), "{}", seen.head);
    assert_eq!((seen.header("x-version"), seen.header("x-token")), (Some("7"), Some("access-1")));
    assert_eq!((seen.header("authorization"), seen.body.as_str()), (None, "body"));
}

#[tokio::test]
async fn a_token_goes_to_no_other_origin_than_the_declared_ones() {
    let server = Server::issuing(crate::support::TOKEN).await;
    let other = Server::issuing("{}").await;
    let (port, origin) = (server.address.port(), server.url(""));
    let lines = format!("api.origins={origin}/v1\napi.origins=https://api.example");
    let session = logged_in(&Flow::new(provider(&server, &lines)).unwrap()).await;
    let before = server.seen().len();
    for url in [
        server.url("/v2/me"),
        server.url("/v12"),
        server.url("/v1/../v2"),
        other.url("/v1/me"),
        format!("http://localhost:{port}/v1"),
        "https://api.example.evil/".to_owned(),
        "https://api.example:444/".to_owned(),
        "http://api.example/".to_owned(),
        "https://api.example@evil.example/".to_owned(),
    ] {
        let error = session.get(&url).send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{url}: {error}");
    }
    assert_eq!((server.seen().len(), other.seen().len()), (before, 0));
    for url in [server.url("/v1"), server.url("/v1/me?x=/../"), format!("HTTP://127.0.0.1:{port}/v1/")] {
        assert!(session.get(&url).send().await.unwrap().is_success(), "{url}");
    }
}
