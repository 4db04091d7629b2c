//! How often a login's URL allocates. In a binary of its own, because it counts for the whole process.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test")]

use acf_core::{ClientAuth, Custom, Flow};
use oauth2::{AuthUrl, ClientId, CsrfToken, PkceCodeChallenge, RedirectUrl, Scope, basic::BasicClient};

/// How often `work` allocates; what it returns is dropped outside the count.
fn allocations<T>(work: impl FnOnce() -> T) -> u64 {
    let mut made = None;
    let info = allocation_counter::measure(|| made = Some(work()));
    drop(made);
    info.count_total
}

#[test]
fn a_login_url_is_one_allocation() {
    let provider = Custom::builder("forge")
        .authorization_endpoint("https://forge.example/oauth/authorize")
        .token_endpoint("https://forge.example/oauth/token")
        .scope(["read", "write"])
        .client_auth(ClientAuth::None)
        .client_id("client-id-0123456789")
        .redirect_uri("https://app.example/oauth/callback");
    let flow = Flow::new(provider.build().unwrap()).unwrap();
    let ours = allocations(|| {
        let state = flow.make_state().unwrap();
        (flow.authorization_url(&state), state)
    });
    assert_eq!(ours, 1);

    let client = BasicClient::new(ClientId::new("client-id-0123456789".to_owned()))
        .set_auth_uri(AuthUrl::new("https://forge.example/oauth/authorize".to_owned()).unwrap())
        .set_redirect_uri(RedirectUrl::new("https://app.example/oauth/callback".to_owned()).unwrap());
    let theirs = allocations(|| {
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let request = client.authorize_url(CsrfToken::new_random);
        let request = request.add_scope(Scope::new("read".to_owned())).add_scope(Scope::new("write".to_owned()));
        (request.set_pkce_challenge(challenge).url(), verifier)
    });
    assert_eq!(theirs, 21, "the figure of the peer in the README is out of date");
}
