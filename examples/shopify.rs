//! A provider that signs its callbacks: the declaration says everything but the signature, which one hook verifies.
//!
//! `cargo test -p acf-examples --example shopify` runs a whole login against a stand-in for Shopify.

use acf_core::{CallbackParams, ClientId, ClientSecret, Error, Hooks, HostLabel, OAuthProvider, RedirectUri};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// [Shopify](https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/authorization-code-grant), for
/// one shop.
#[derive(Clone, OAuthProvider, serde::Deserialize)]
#[oauth(
    docs = "https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/authorization-code-grant",
    base_uri = "https://{shop}.myshopify.com",
    authorization_path = "/admin/oauth/authorize",
    access_token_path = "/admin/oauth/access_token",
    scope("read_products"),
    scope_separator = ",",
    client_auth = client_secret_post,
    token(params(expiring = "1")),
    // No `token_type`; a token of an online app also says who the person is.
    token_response(token_type = "Bearer", scope_separator = ","),
    api(headers("X-Shopify-Access-Token" = "{access_token}")),
    hooks,
)]
struct Shopify {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
    shop: HostLabel,
}

impl Hooks for Shopify {
    fn callback(&self, params: &CallbackParams<'_>) -> Result<(), Error> {
        let host = format!("{}.myshopify.com", self.shop);
        if params.get("shop") != Some(host.as_str()) {
            return Err(Error::callback("the callback comes from another shop"));
        }
        let pairs = params.iter().filter(|(name, _)| *name != "hmac").collect();
        match params.get("hmac") {
            Some(hmac) if is_signed(pairs, hmac, self.client_secret.expose()) => Ok(()),
            _ => Err(Error::callback("the callback is not signed by Shopify")),
        }
    }
}

/// HMAC-SHA256 over all other parameters, sorted; compared in constant time.
fn is_signed(mut pairs: Vec<(&str, &str)>, signature: &str, secret: &str) -> bool {
    pairs.sort_unstable();
    let text: Vec<_> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return false };
    mac.update(text.join("&").as_bytes());
    let digits = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    let bytes: Option<Vec<u8>> = signature.as_bytes().chunks(2).map(digits).collect();
    bytes.is_some_and(|bytes| mac.verify_slice(&bytes).is_ok())
}

#[tokio::main(flavor = "current_thread")]
#[allow(clippy::print_stdout, reason = "a program")]
async fn main() -> Result<(), Error> {
    // SHOPIFY_CLIENT_ID, SHOPIFY_CLIENT_SECRET, SHOPIFY_REDIRECT_URI and SHOPIFY_SHOP.
    let flow = acf_core::Flow::new(Shopify::from_env()?)?;
    println!("{}", flow.begin("me").await?.url);
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::sync::{Arc, Mutex};

    use acf_core::{
        ErrorKind, Flow, HttpClient,
        http::{HttpError, Limits, Request, Response},
    };

    use super::*;

    /// The example of Shopify's page: its parameters, its signature, the secret `hush`.
    const PAIRS: [(&str, &str); 4] = [
        ("timestamp", "1337178173"),
        ("code", "0907a61c0c8d55e99db179b68161bc00"),
        ("state", "0.6784241404160823"),
        ("shop", "some-shop.myshopify.com"),
    ];
    const SIGNATURE: &str = "700e2dadb827fcc8609e9d5ce208b2e9cdaab9df07390d2cbca10d7c328fc4bf";

    #[test]
    fn the_signature_of_the_documentation() {
        assert!(is_signed(PAIRS.to_vec(), SIGNATURE, "hush"));
        assert!(!is_signed(PAIRS.to_vec(), SIGNATURE, "hash"));
        assert!(!is_signed(PAIRS.iter().copied().skip(1).collect(), SIGNATURE, "hush"));
        for wrong in ["", "zz", "7", SIGNATURE.trim_start_matches("700")] {
            assert!(!is_signed(PAIRS.to_vec(), wrong, "hush"), "{wrong}");
        }
    }

    #[derive(Clone, Default)]
    struct StandIn(Arc<Mutex<Vec<Request>>>);

    #[async_trait::async_trait]
    impl HttpClient for StandIn {
        async fn send(&self, request: Request, _: Limits) -> Result<Response, HttpError> {
            self.0.lock().unwrap().push(request);
            let mut response = Response::new(r#"{"access_token":"shpat_1","scope":"read_products"}"#.into());
            response.headers_mut().insert("content-type", "application/json".parse().unwrap());
            Ok(response)
        }
    }

    #[tokio::test]
    async fn a_login_with_a_forged_and_then_the_right_callback() {
        let shopify = Shopify {
            client_id: "id".parse().unwrap(),
            client_secret: "hush".parse().unwrap(),
            redirect_uri: "https://app.example/callback".parse().unwrap(),
            shop: "some-shop".parse().unwrap(),
        };
        let stand_in = StandIn::default();
        let flow = Flow::builder(shopify).http_client(stand_in.clone()).build().unwrap();
        let request = flow.begin("user").await.unwrap();
        assert!(request.url.starts_with("https://some-shop.myshopify.com/admin/oauth/authorize?"));

        let text = format!("code=c&shop=some-shop.myshopify.com&state={}&timestamp=1", request.state.as_str());
        let forged = format!("{text}&hmac={SIGNATURE}");
        assert_eq!(flow.finish("user", &forged).await.unwrap_err().kind(), ErrorKind::Callback);
        assert!(stand_in.0.lock().unwrap().is_empty(), "nothing was sent");

        let mut mac = Hmac::<Sha256>::new_from_slice(b"hush").unwrap();
        mac.update(text.as_bytes());
        let signature: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        flow.finish("user", &format!("{text}&hmac={signature}")).await.unwrap();

        let session = flow.session("user").await.unwrap();
        session.get("https://some-shop.myshopify.com/admin/api/2025-07/shop.json").send().await.unwrap();
        let seen = stand_in.0.lock().unwrap();
        assert_eq!(seen.last().unwrap().headers()["x-shopify-access-token"], "shpat_1");
        assert!(!seen.last().unwrap().headers().contains_key("authorization"));
    }
}
