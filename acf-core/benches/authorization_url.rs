//! Authorization URL with a fresh state and an S256 challenge: this crate, `oauth2`, and by hand.
//!
//! `cargo bench -p acf-core --bench authorization_url`. The ratio to read is the median of `acf` to that of `oauth2`;
//! `tests/allocations.rs` counts the allocations of both.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "a bench")]

use acf_core::{ClientAuth, Custom, Flow};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use divan::{Bencher, black_box};
use oauth2::{AuthUrl, ClientId, CsrfToken, PkceCodeChallenge, RedirectUrl, Scope, TokenUrl, basic::BasicClient};
use sha2::{Digest, Sha256};

fn main() {
    divan::main();
}

#[divan::bench(sample_size = 500)]
fn acf(bencher: Bencher<'_, '_>) {
    let provider = Custom::builder("forge")
        .authorization_endpoint("https://forge.example/oauth/authorize")
        .token_endpoint("https://forge.example/oauth/token")
        .scope(["read", "write"])
        .client_auth(ClientAuth::None)
        .client_id("client-id-0123456789")
        .redirect_uri("https://app.example/oauth/callback");
    let flow = Flow::new(provider.build().unwrap()).unwrap();
    bencher.bench_local(|| {
        let state = flow.make_state().unwrap();
        (flow.authorization_url(black_box(&state)), state)
    });
}

#[divan::bench(sample_size = 500)]
fn oauth2(bencher: Bencher<'_, '_>) {
    let client = BasicClient::new(ClientId::new("client-id-0123456789".to_owned()))
        .set_auth_uri(AuthUrl::new("https://forge.example/oauth/authorize".to_owned()).unwrap())
        .set_token_uri(TokenUrl::new("https://forge.example/oauth/token".to_owned()).unwrap())
        .set_redirect_uri(RedirectUrl::new("https://app.example/oauth/callback".to_owned()).unwrap());
    bencher.bench_local(|| {
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let request = client
            .authorize_url(CsrfToken::new_random)
            .add_scope(Scope::new("read".to_owned()))
            .add_scope(Scope::new("write".to_owned()))
            .set_pkce_challenge(black_box(challenge));
        (request.url(), verifier)
    });
}

/// The least that can be done: what is left is one system call, two hashes' worth of encoding and one string.
#[divan::bench(sample_size = 500)]
fn by_hand(bencher: Bencher<'_, '_>) {
    const PREFIX: &str = "https://forge.example/oauth/authorize?response_type=code&client_id=client-id-0123456789\
        &redirect_uri=https%3A%2F%2Fapp.example%2Foauth%2Fcallback&scope=read%20write&code_challenge_method=S256&state=";
    bencher.bench_local(|| {
        let mut random = [0_u8; 64];
        getrandom::fill(&mut random).unwrap();
        let (mut state, mut verifier, mut challenge) = ([0_u8; 43], [0_u8; 43], [0_u8; 43]);
        BASE64_URL_SAFE_NO_PAD.encode_slice(random.first_chunk::<32>().unwrap(), &mut state).unwrap();
        BASE64_URL_SAFE_NO_PAD.encode_slice(random.last_chunk::<32>().unwrap(), &mut verifier).unwrap();
        BASE64_URL_SAFE_NO_PAD.encode_slice(Sha256::digest(verifier), &mut challenge).unwrap();
        let mut url = String::with_capacity(PREFIX.len() + 102);
        url.push_str(PREFIX);
        url.push_str(std::str::from_utf8(&state).unwrap());
        url.push_str("&code_challenge=");
        url.push_str(std::str::from_utf8(&challenge).unwrap());
        (url, verifier)
    });
}
