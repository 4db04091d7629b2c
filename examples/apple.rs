//! A provider whose client secret is a JWT that the client signs: one hook makes it, for each request anew.
//!
//! `cargo test -p acf-examples --example apple` runs a whole login against a stand-in for Apple.

use std::time::{SystemTime, UNIX_EPOCH};

use acf_core::{ClientId, ClientSecret, Error, Hooks, OAuthProvider, RedirectUri, SigningKey};

/// [Sign in with Apple](https://developer.apple.com/documentation/signinwithapplerestapi). The callback comes by POST, and
/// with the first one only the person's name, as JSON.
#[derive(Clone, OAuthProvider, serde::Deserialize)]
#[oauth(
    docs = "https://developer.apple.com/documentation/signinwithapplerestapi",
    base_uri = "https://appleid.apple.com",
    authorization_path = "/auth/authorize",
    access_token_path = "/auth/token",
    revocation_path = "/auth/revoke",
    jwks_uri = "https://appleid.apple.com/auth/keys",
    issuer = "https://appleid.apple.com",
    scope("name", "email"),
    client_auth = client_secret_post,
    callback(form_post, capture(user)),
    hooks,
)]
struct Apple {
    /// The services ID.
    client_id: ClientId,
    redirect_uri: RedirectUri,
    #[oauth(skip)]
    team_id: String,
    #[oauth(skip)]
    key_id: String,
    /// The `.p8` file.
    #[oauth(skip)]
    private_key: SigningKey,
}

impl Hooks for Apple {
    /// As [Apple's page](https://developer.apple.com/documentation/accountorganizationaldatasharing/creating-a-client-secret)
    /// has it. It may live for six months; five minutes are enough for one request.
    fn client_secret(&self, now: SystemTime) -> Result<Option<ClientSecret>, Error> {
        let now = now.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let claims = serde_json::json!({
            "iss": self.team_id,
            "iat": now,
            "exp": now + 300,
            "aud": "https://appleid.apple.com",
            "sub": self.client_id.as_str(),
        });
        let jwt = self.private_key.clone().with_key_id(&self.key_id).sign(&claims)?;
        jwt.expose().parse().map(Some)
    }
}

#[tokio::main(flavor = "current_thread")]
#[allow(clippy::print_stdout, reason = "a program")]
async fn main() -> Result<(), Error> {
    // APPLE_CLIENT_ID, APPLE_REDIRECT_URI, APPLE_TEAM_ID, APPLE_KEY_ID and APPLE_PRIVATE_KEY.
    let flow = acf_core::Flow::new(Apple::from_env()?)?;
    println!("{}", flow.begin("me").await?.url);
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
mod tests {
    use std::{
        collections::HashMap,
        sync::{Arc, Mutex},
    };

    use acf_core::{
        Flow, HttpClient,
        http::{HttpError, Limits, Request, Response},
    };
    use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
    use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
    use serde_json::Value;

    use super::*;

    /// The key of RFC 7515 appendix A.3, and its public point: nobody's secret.
    const PRIVATE_KEY: &str = include_str!("../acf-core/tests/keys/rfc7515-a3-p256.pem");
    const PUBLIC_X: &str = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
    const PUBLIC_Y: &str = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";

    #[derive(Clone, Default)]
    struct StandIn(Arc<Mutex<Vec<Request>>>);

    #[async_trait::async_trait]
    impl HttpClient for StandIn {
        async fn send(&self, request: Request, _: Limits) -> Result<Response, HttpError> {
            self.0.lock().unwrap().push(request);
            let mut response = Response::new(r#"{"access_token":"a","token_type":"Bearer","refresh_token":"r"}"#.into());
            response.headers_mut().insert("content-type", "application/json".parse().unwrap());
            Ok(response)
        }
    }

    #[tokio::test]
    async fn each_request_has_a_secret_of_its_own_that_apple_can_verify() {
        let apple = Apple {
            client_id: "org.example.app".parse().unwrap(),
            redirect_uri: "https://app.example/callback".parse().unwrap(),
            team_id: "TEAM123456".to_owned(),
            key_id: "KEY1234567".to_owned(),
            private_key: PRIVATE_KEY.parse().unwrap(),
        };
        let stand_in = StandIn::default();
        let flow = Flow::builder(apple).http_client(stand_in.clone()).build().unwrap();
        let request = flow.begin("user").await.unwrap();
        assert!(request.url.contains("response_mode=form_post"), "{}", request.url);

        let body = format!("code=c&state={}&user=%7B%22name%22%3A%22Ada%22%7D", request.state.as_str());
        let token = flow.finish("user", &body).await.unwrap();
        assert_eq!(token.extra("user").unwrap(), r#"{"name":"Ada"}"#);
        flow.refresh(&token).await.unwrap();

        let point = [vec![4], decode(PUBLIC_X), decode(PUBLIC_Y)].concat();
        let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point);
        let seen = stand_in.0.lock().unwrap();
        assert_eq!(seen.len(), 2);
        for request in seen.iter() {
            let form: HashMap<String, String> = form_urlencoded::parse(request.body()).into_owned().collect();
            let (signed, signature) = form["client_secret"].rsplit_once('.').unwrap();
            key.verify(signed.as_bytes(), &decode(signature)).unwrap();
            let (header, claims) = signed.split_once('.').unwrap();
            let json = |text: &str| serde_json::from_slice::<Value>(&decode(text)).unwrap();
            let (header, claims) = (json(header), json(claims));
            assert_eq!((&header["alg"], &header["kid"]), (&"ES256".into(), &"KEY1234567".into()));
            assert_eq!((&claims["iss"], &claims["sub"]), (&"TEAM123456".into(), &"org.example.app".into()));
            assert_eq!(claims["aud"], "https://appleid.apple.com");
            assert!(claims["exp"].as_u64().unwrap() - claims["iat"].as_u64().unwrap() <= 15_777_000);
        }
    }

    fn decode(text: &str) -> Vec<u8> {
        BASE64_URL_SAFE_NO_PAD.decode(text).unwrap()
    }
}
