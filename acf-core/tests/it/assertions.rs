//! Clients that prove who they are with a signed assertion (RFC 7523), and those that cannot.

use acf_core::{ClientAuth, ErrorKind, Flow};

use crate::support::Server;

fn public(server: &Server, method: ClientAuth) -> acf_core::CustomBuilder {
    acf_core::Custom::builder("forge")
        .base_uri(server.url(""))
        .authorization_path("/authorize")
        .access_token_path("/token")
        .revocation_path("/revoke")
        .client_auth(method)
        .client_id("the client")
        .redirect_uri("https://app.example/callback")
}

#[tokio::test]
async fn what_it_takes_is_asked_for() {
    let server = Server::issuing(crate::support::TOKEN).await;
    for (method, says) in [
        (ClientAuth::PrivateKeyJwt, "`private_key_jwt` needs a signing key"),
        (ClientAuth::ClientSecretJwt, "`client_secret_jwt` needs a client secret"),
    ] {
        let error = public(&server, method).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(error.to_string().contains(says), "{error}");
    }
}

#[cfg(not(feature = "jwt"))]
#[tokio::test]
async fn without_the_feature_it_is_named() {
    let server = Server::issuing(crate::support::TOKEN).await;
    let built = public(&server, ClientAuth::ClientSecretJwt).client_secret("s3cret".parse().unwrap()).build();
    for error in [built.err(), "x".parse::<acf_core::SigningKey>().err()] {
        let error = error.unwrap();
        assert!(error.to_string().contains("the cargo feature `jwt`"), "{error}");
        assert_eq!(error.kind(), ErrorKind::Configuration);
    }
    drop(Flow::new(server.provider().build().unwrap()).unwrap());
}

#[cfg(feature = "jwt")]
mod signed {
    use std::{
        collections::{HashMap, HashSet},
        time::{SystemTime, UNIX_EPOCH},
    };

    use acf_core::{SigningAlgorithm, SigningKey};
    use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
    use ring::{
        hmac,
        rand::SystemRandom,
        signature::{self, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RsaKeyPair, UnparsedPublicKey},
    };
    use rustls_pki_types::{PrivatePkcs8KeyDer, pem::PemObject};
    use serde_json::Value;

    use super::*;
    use crate::support::{TOKEN, logged_in};

    const RSA: &str = include_str!("../keys/rfc7515-a2-rsa.pem");
    const P256: &str = include_str!("../keys/rfc7515-a3-p256.pem");
    const ED25519: &str = include_str!("../keys/rfc8037-a1-ed25519.pem");

    fn der(pem: &str) -> Vec<u8> {
        PrivatePkcs8KeyDer::from_pem_slice(pem.as_bytes()).unwrap().secret_pkcs8_der().to_vec()
    }

    /// Checks the signature by the public half of the key.
    fn verify(algorithm: &str, text: &str, signature: &[u8]) {
        let (verification, public): (&dyn signature::VerificationAlgorithm, Vec<u8>) = match algorithm {
            "ES256" => {
                let own = &signature::ECDSA_P256_SHA256_FIXED_SIGNING;
                let pair = EcdsaKeyPair::from_pkcs8(own, &der(P256), &SystemRandom::new()).unwrap();
                (&signature::ECDSA_P256_SHA256_FIXED, pair.public_key().as_ref().to_vec())
            }
            "EdDSA" => {
                let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der(ED25519)).unwrap();
                (&signature::ED25519, pair.public_key().as_ref().to_vec())
            }
            rsa => {
                let pair = RsaKeyPair::from_pkcs8(&der(RSA)).unwrap();
                let by: &dyn signature::VerificationAlgorithm = match rsa {
                    "RS256" => &signature::RSA_PKCS1_2048_8192_SHA256,
                    "PS256" => &signature::RSA_PSS_2048_8192_SHA256,
                    other => panic!("{other}"),
                };
                (by, pair.public_key().as_ref().to_vec())
            }
        };
        UnparsedPublicKey::new(verification, public).verify(text.as_bytes(), signature).unwrap();
    }

    /// The header and the claims of a verified token.
    fn read(jwt: &str) -> (Value, Value) {
        let (text, signature) = jwt.rsplit_once('.').unwrap();
        let signature = BASE64.decode(signature).unwrap();
        let (header, claims) = text.split_once('.').unwrap();
        let json = |part: &str| serde_json::from_slice::<Value>(&BASE64.decode(part).unwrap()).unwrap();
        let (header, claims) = (json(header), json(claims));
        match header["alg"].as_str().unwrap() {
            "HS256" => {
                let key = hmac::Key::new(hmac::HMAC_SHA256, b"s3cret");
                hmac::verify(&key, text.as_bytes(), &signature).unwrap();
            }
            algorithm => verify(algorithm, text, &signature),
        }
        (header, claims)
    }

    /// The forms of a login, a refresh and a revocation.
    async fn forms(server: &Server, provider: acf_core::CustomBuilder) -> Vec<HashMap<String, String>> {
        let before = server.seen().len();
        let flow = Flow::new(provider.build().unwrap()).unwrap();
        let session = logged_in(&flow).await;
        session.refresh().await.unwrap();
        session.revoke().await.unwrap();
        let seen = server.seen().split_off(before);
        assert!(seen.iter().all(|seen| seen.header("authorization").is_none()));
        seen.iter().map(crate::support::Seen::form).collect()
    }

    #[tokio::test]
    async fn every_request_has_an_assertion_of_its_own() {
        let server = Server::issuing(TOKEN).await;
        let private = |key: &str| public(&server, ClientAuth::PrivateKeyJwt).signing_key(key.parse().unwrap());
        let pss = SigningKey::from_pem(RSA, SigningAlgorithm::Ps256).unwrap().with_key_id("key-1");
        let by_secret = public(&server, ClientAuth::ClientSecretJwt).client_secret("s3cret".parse().unwrap());
        let mut identifiers = HashSet::new();
        for (provider, algorithm, key_id) in [
            (private(P256), "ES256", None),
            (private(RSA), "RS256", None),
            (private(&ED25519.replace('\n', "\\n")), "EdDSA", None),
            (public(&server, ClientAuth::PrivateKeyJwt).signing_key(pss), "PS256", Some("key-1")),
            (by_secret, "HS256", None),
        ] {
            assert!(!format!("{provider:?}").contains("PRIVATE"));
            for form in forms(&server, provider).await {
                assert_eq!(form["client_assertion_type"], "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
                assert_eq!(form["client_id"], "the client");
                assert!(!form.contains_key("client_secret"));
                let (header, claims) = read(&form["client_assertion"]);
                assert_eq!((header["alg"].as_str(), header["typ"].as_str()), (Some(algorithm), Some("JWT")));
                assert_eq!(header.get("kid").and_then(Value::as_str), key_id);
                assert_eq!((&claims["iss"], &claims["sub"]), (&"the client".into(), &"the client".into()));
                assert_eq!(claims["aud"], server.url("/token"), "of every request");
                let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
                let (from, until) = (claims["iat"].as_u64().unwrap(), claims["exp"].as_u64().unwrap());
                assert!(now.abs_diff(from) < 30 && until == from + 60);
                assert_eq!(BASE64.decode(claims["jti"].as_str().unwrap()).unwrap().len(), 16);
                identifiers.insert(claims["jti"].to_string());
            }
        }
        assert_eq!(identifiers.len(), server.seen().len());
    }

    #[tokio::test]
    async fn its_parameters_may_be_called_otherwise() {
        let server = Server::issuing(TOKEN).await;
        let provider = public(&server, ClientAuth::PrivateKeyJwt)
            .signing_key(P256.parse().unwrap())
            .set("token.rename.client_assertion", "jwt")
            .set("token.rename.client_assertion_type", "jwt_type")
            .set("token.omit", "client_id");
        let form = forms(&server, provider).await.remove(0);
        assert!(form.contains_key("jwt") && form.contains_key("jwt_type") && !form.contains_key("client_assertion"));
        assert!(!form.contains_key("client_id"));
    }

    #[test]
    fn a_key_signs_by_what_it_is() {
        let error = SigningKey::from_pem(P256, SigningAlgorithm::Rs256).unwrap_err();
        assert_eq!(error.to_string(), "`signing_key` is a key for ES256, which cannot sign RS256");
        let key: SigningKey = serde_json::from_value(Value::from(ED25519)).unwrap();
        assert_eq!((key.algorithm(), format!("{key:?}")), (SigningAlgorithm::EdDsa, "SigningKey(EdDSA)".to_owned()));
        let token = key.with_key_id("k").sign(&serde_json::json!({ "a": 1 })).unwrap();
        let (header, claims) = read(token.expose());
        assert_eq!((&header["kid"], &claims["a"]), (&"k".into(), &1.into()));
    }
}
