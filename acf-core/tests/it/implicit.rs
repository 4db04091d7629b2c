//! The implicit grant: a login whose token comes in the fragment (RFC 6749 section 4.2).

use acf_core::{Error, ErrorKind, Flow, MemoryStore, Token};

use crate::support::{Server, param};

/// The flow of a declaration in lines.
async fn flow(declared: &str) -> (Server, Flow) {
    let server = Server::issuing("{}").await;
    let lines = declared.lines().filter_map(|line| line.split_once('='));
    let builder = lines.fold(server.provider(), |builder, (key, value)| builder.set(key, value));
    let provider = builder.build().unwrap_or_else(|error| panic!("{declared}: {error}"));
    let flow = Flow::builder(provider).state_store(MemoryStore::new()).build().unwrap();
    (server, flow)
}

#[tokio::test]
async fn the_request_asks_for_a_token_and_has_no_challenge() {
    for (declared, own) in [
        ("", "client_id=the%20client&redirect_uri=https%3A%2F%2Fapp.example%2Fcallback&response_type=token&scope=read"),
        (
            "callback.form_post=\nauthorize.response_type=code id_token\nauthorize.params.a=b\ngrant_types=implicit",
            "a=b&client_id=the%20client&redirect_uri=https%3A%2F%2Fapp.example%2Fcallback&response_type=token&scope=read",
        ),
    ] {
        let (_, flow) = flow(declared).await;
        let request = flow.implicit("u").await.unwrap();
        let (_, query) = request.url.split_once('?').unwrap();
        assert_eq!(query, format!("{own}&state={}", request.state.as_str()), "{declared}");
    }
    let (_, flow) = flow("").await;
    let request = flow.implicit("u").scope("a b").param("prompt", "none").redirect_uri("https://app.example/x").await;
    let url = request.unwrap().url;
    let sent = ["scope", "prompt", "redirect_uri"].map(|name| param(&url, name).unwrap());
    assert_eq!(sent, ["a b", "none", "https://app.example/x"]);
}

#[tokio::test]
async fn fragments() {
    use ErrorKind::{AccessDenied, Callback, IssuerMismatch, Provider, StateMissing, TokenResponse};
    // What comes behind the state, and whether the login is there afterwards.
    for (declared, fragment, outcome, left) in [
        ("", "&access_token=t0ken&token_type=bearer", Ok("t0ken read"), false),
        (
            "",
            "&access_token=t0ken&token_type=Bearer&expires_in=3600&scope=a+b&id_token=j",
            Ok("t0ken a b ends j"),
            false,
        ),
        ("", "&access_token=t0ken&token_type=bearer&session_state=x", Ok("t0ken read x"), false),
        (
            "token_response.token_type=Bearer\ntoken_response.expires=expires",
            "&access_token=t0ken&expires=86400",
            Ok("t0ken read ends"),
            false,
        ),
        (
            "token_response.path=/data\nscope_separator=,",
            "&access_token=t0ken&token_type=bearer",
            Ok("t0ken read"),
            false,
        ),
        (
            "token_response.rename.access_token=accessToken",
            "&accessToken=t0ken&token_type=bearer",
            Ok("t0ken read"),
            false,
        ),
        (
            "issuer=https://as.example",
            "&access_token=t0ken&token_type=bearer&iss=https://as.example",
            Ok("t0ken read"),
            false,
        ),
        ("", "&access_token=t0ken", Err(TokenResponse), false),
        ("", "&access_token=t0ken&token_type=mac", Err(TokenResponse), false),
        ("", "&access_token=t0ken&token_type=N_A", Err(TokenResponse), false),
        ("", "&access_token=t0+ken&token_type=bearer", Err(TokenResponse), false),
        ("", "&access_token=t0ken&token_type=bearer&expires_in=-1", Err(TokenResponse), false),
        ("", "&access_token=t0ken&token_type=bearer&expires_in=soon", Err(TokenResponse), false),
        ("", "&access_token=t0ken&token_type=bearer&scope=%22", Err(TokenResponse), false),
        ("", "&error=access_denied&error_description=t0ken", Err(AccessDenied), false),
        ("", "&error=server_error", Err(Provider), false),
        // Nothing is used up by what is no answer to it.
        ("", "", Err(Callback), true),
        ("", "&access_token=t0ken&token_type=bearer&refresh_token=r", Err(Callback), true),
        ("", "&access_token=t0ken&token_type=bearer&code=c", Err(Callback), true),
        ("", "&access_token=t0ken&token_type=bearer&error=access_denied", Err(Callback), true),
        ("", "&access_token=t0ken&access_token=t0ken&token_type=bearer", Err(Callback), true),
        ("", "&access_token=t0ken&token_type=bearer&x=%zz", Err(Callback), true),
        ("", "x&access_token=t0ken&token_type=bearer", Err(ErrorKind::StateUnknown), true),
        ("", "&access_token=t0ken&token_type=bearer&iss=https://as.example", Err(IssuerMismatch), true),
        (
            "issuer=https://as.example\ncallback.require_iss=",
            "&access_token=t0ken&token_type=bearer",
            Err(IssuerMismatch),
            true,
        ),
    ] {
        let (server, flow) = flow(declared).await;
        let request = flow.implicit("u").return_to("/x").await.unwrap();
        let state = request.state.as_str();
        let about = format!("{declared} {fragment}");
        let finished = flow.finish_fragment("u", &format!("#state={state}{fragment}")).await;
        let shown = |token: &Token| {
            assert_eq!((token.token_type(), token.refresh_token()), ("Bearer", None));
            let mut shown = format!("{} {}", token.access_token().expose(), token.scopes());
            shown += token.expires_at().map_or("", |_| " ends");
            for more in
                [token.id_token().map(|token| token.expose()), token.extra("session_state").and_then(|v| v.as_str())]
            {
                shown += &more.map(|text| format!(" {text}")).unwrap_or_default();
            }
            shown
        };
        let expected = outcome.map(str::to_owned);
        assert_eq!(finished.as_ref().map(shown).map_err(Error::kind), expected, "{about}");
        let stored = flow.session("u").await;
        assert_eq!(stored.is_ok(), finished.is_ok(), "{about}");
        if let Err(error) = &finished {
            assert!(!format!("{error} {error:?}").contains(state), "{error}");
        } else {
            assert_eq!(stored.unwrap().token().await.unwrap(), finished.unwrap());
        }
        assert_eq!(server.seen().len(), 0, "{about}: nothing is sent");
        if declared.is_empty() {
            let again = format!("access_token=again&token_type=bearer&state={state}");
            let again = flow.complete_fragment("u", &again).await.map(|completed| completed.return_to);
            let expected = if left { Ok(Some("/x".to_owned())) } else { Err(ErrorKind::StateUnknown) };
            assert_eq!(again.map_err(|error| error.kind()), expected, "{about}");
        }
    }
    let (_, flow) = flow("").await;
    assert_eq!(flow.finish_fragment("u", "access_token=a").await.unwrap_err().kind(), StateMissing);
}

/// RFC 9700 section 4.4: an answer of one kind ends no login of the other, and uses up none.
#[tokio::test]
async fn a_code_and_a_token_are_not_taken_for_each_other() {
    let server = Server::issuing(crate::support::TOKEN).await;
    let flow = server.flow();
    let (code, token) = (flow.begin("u").await.unwrap().state, flow.implicit("u").await.unwrap().state);
    let as_code = |state: acf_core::State| format!("code=c&state={}", state.as_str());
    let as_token = |state: acf_core::State| format!("#access_token=a&token_type=bearer&state={}", state.as_str());
    for error in [
        flow.finish("u", &as_code(token)).await.unwrap_err(),
        flow.finish_fragment("u", &as_token(code)).await.unwrap_err(),
        flow.check_user_state("u", token.as_str()).await.unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::StateUnknown);
    }
    let other = flow.finish_fragment("somebody", &as_token(token)).await.unwrap_err();
    assert_eq!((other.kind(), server.seen().len()), (ErrorKind::BindingMismatch, 0));
    assert_eq!(flow.finish_fragment("u", &as_token(token)).await.unwrap().access_token().expose(), "a");
    flow.finish("u", &as_code(code)).await.unwrap();
}

#[tokio::test]
async fn what_is_not_listed_is_not_begun() {
    let (_, flow) = flow("grant_types=authorization_code").await;
    assert_eq!(flow.implicit("u").await.unwrap_err().kind(), ErrorKind::Unsupported);
    let error = flow.finish_fragment("u", "access_token=a&state=s").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
}
