//! Signatures by ring, which the TLS of the default transport uses, too.

use std::borrow::Cow;

use ring::{
    hmac,
    rand::SystemRandom,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaKeyPair,
    },
};
use rustls_pki_types::{PrivateKeyDer, pem::PemObject};

use super::SigningAlgorithm;
use crate::error::{Error, ErrorKind};

/// A private key.
pub(super) enum Pair {
    P256(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
    Rsa(RsaKeyPair),
}

impl Pair {
    /// Reads a PEM; the algorithm is the usual one of such a key.
    pub(super) fn read(pem: &str) -> Result<(Self, SigningAlgorithm), Error> {
        let wrong = |what: &str| {
            Error::configuration(format!(
                "`signing_key` {what}: use the PEM of an unencrypted PKCS #8 file with a P-256, Ed25519 or RSA key (2048 \
                 bits or more); `openssl pkcs8 -topk8 -nocrypt` makes one"
            ))
        };
        // No PEM holds a backslash.
        let pem = if pem.contains('\\') { Cow::Owned(pem.replace("\\n", "\n")) } else { Cow::Borrowed(pem) };
        let der =
            PrivateKeyDer::from_pem_slice(pem.as_bytes()).map_err(|_| wrong("is not the PEM of a private key"))?;
        let pair = match &der {
            PrivateKeyDer::Pkcs8(der) => Self::of_pkcs8(der.secret_pkcs8_der()),
            PrivateKeyDer::Pkcs1(der) => RsaKeyPair::from_der(der.secret_pkcs1_der()).ok().map(Self::Rsa),
            _ => None,
        };
        let pair = pair.ok_or_else(|| wrong("is a key that cannot be used"))?;
        let algorithm = match &pair {
            Self::P256(_) => SigningAlgorithm::Es256,
            Self::Ed25519(_) => SigningAlgorithm::EdDsa,
            Self::Rsa(_) => SigningAlgorithm::Rs256,
        };
        Ok((pair, algorithm))
    }

    fn of_pkcs8(der: &[u8]) -> Option<Self> {
        let p256 = || EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der, &SystemRandom::new()).ok();
        // OpenSSL leaves the public key out, against which the private one would be checked.
        let ed25519 = || Ed25519KeyPair::from_pkcs8_maybe_unchecked(der).ok();
        let rsa = || RsaKeyPair::from_pkcs8(der).ok();
        p256().map(Self::P256).or_else(|| ed25519().map(Self::Ed25519)).or_else(|| rsa().map(Self::Rsa))
    }

    pub(super) fn sign(&self, algorithm: SigningAlgorithm, text: &[u8]) -> Result<Vec<u8>, Error> {
        let random = SystemRandom::new();
        // With a key that was read, only randomness can be missing.
        let failed = |_| Error::new(ErrorKind::Random, "the operating system gave no random bytes to sign with");
        match self {
            // The fixed form, which RFC 7518 section 3.4 wants instead of ASN.1.
            Self::P256(pair) => pair.sign(&random, text).map(|signature| signature.as_ref().to_vec()).map_err(failed),
            Self::Ed25519(pair) => Ok(pair.sign(text).as_ref().to_vec()),
            Self::Rsa(pair) => {
                let padding: &dyn ring::signature::RsaEncoding = match algorithm {
                    SigningAlgorithm::Ps256 => &RSA_PSS_SHA256,
                    _ => &RSA_PKCS1_SHA256,
                };
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(padding, &random, text, &mut signature).map_err(failed)?;
                Ok(signature)
            }
        }
    }
}

/// HMAC with SHA-256 (RFC 7518 section 3.2).
pub(super) fn hmac(secret: &[u8], text: &[u8]) -> Result<Vec<u8>, Error> {
    Ok(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), text).as_ref().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
    use ring::signature::{ECDSA_P256_SHA256_FIXED, KeyPair, UnparsedPublicKey};

    const RSA: &str = include_str!("../../tests/keys/rfc7515-a2-rsa.pem");
    const P256: &str = include_str!("../../tests/keys/rfc7515-a3-p256.pem");
    const ED25519: &str = include_str!("../../tests/keys/rfc8037-a1-ed25519.pem");
    const CLAIMS: &str =
        "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

    #[test]
    fn the_examples_of_the_rfcs() {
        let signed = |pem: &str, text: &str| {
            let (pair, algorithm) = Pair::read(pem).unwrap();
            BASE64.encode(pair.sign(algorithm, text.as_bytes()).unwrap())
        };
        // RFC 7515 appendix A.2.
        let text = format!("eyJhbGciOiJSUzI1NiJ9.{CLAIMS}");
        let expected = "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbd\
            s9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN938\
            3LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVm\
            tVrBp0igcN_IoypGlUPQGe77Rw";
        assert_eq!(signed(RSA, &text), expected);
        assert_eq!(signed(include_str!("../../tests/keys/rfc7515-a2-rsa-pkcs1.pem"), &text), expected);
        assert_eq!(signed(&RSA.replace('\n', "\\n"), &text), expected);
        // RFC 8037 appendix A.4.
        let text = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
        let expected = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
        assert_eq!(signed(ED25519, text), expected);
        // RFC 7515 appendix A.1.
        let secret = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
        let text = format!("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.{CLAIMS}");
        let mac = hmac(&BASE64.decode(secret).unwrap(), text.as_bytes()).unwrap();
        assert_eq!(BASE64.encode(mac), "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        // ECDSA signs the same text differently each time: RFC 7515 appendix A.3 can be verified only, by the same key.
        let Pair::P256(pair) = Pair::read(P256).unwrap().0 else { panic!("no P-256") };
        let public = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, pair.public_key().as_ref().to_vec());
        let text = format!("eyJhbGciOiJFUzI1NiJ9.{CLAIMS}");
        let theirs = "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
        for signature in [theirs.to_owned(), signed(P256, &text)] {
            public.verify(text.as_bytes(), &BASE64.decode(signature).unwrap()).unwrap();
        }
    }

    #[test]
    fn what_is_no_key_is_refused_without_showing_it() {
        let public = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAS3cretS3cretS3cretS3cretS3cretS3cretS3cretS3c=\n-----END PUBLIC KEY-----\n";
        let cases = [
            ("", "is not the PEM"),
            ("s3cret", "is not the PEM"),
            (public, "is not the PEM"),
            (RSA.get(..600).unwrap(), "is not the PEM"),
            (&RSA.replace("MII", "AAA"), "cannot be used"),
            (include_str!("../../tests/keys/rfc7515-a3-p256-sec1.pem"), "openssl pkcs8"),
            (include_str!("../../tests/keys/p384.pem"), "P-256, Ed25519 or RSA"),
        ];
        for (pem, says) in cases {
            let error = Pair::read(pem).err().unwrap();
            assert_eq!(error.kind(), ErrorKind::Configuration);
            assert!(error.to_string().contains(says) && !error.to_string().contains("s3cret"), "{error}");
        }
    }
}
