//! What a client proves itself with, read from files.

use std::path::Path;

use acf_core::{ClientSecret, SigningKey, http::ReqwestClient};

use crate::args::CustomArgs;

/// What the client has.
#[derive(Default)]
pub(super) struct Held {
    pub(super) secret: Option<ClientSecret>,
    pub(super) key: Option<SigningKey>,
    /// A transport that shows the certificate.
    pub(super) http: Option<ReqwestClient>,
}

/// Reads all of it; what cannot be read becomes a line.
pub(super) fn read(custom: &CustomArgs, mistakes: &mut Vec<String>) -> Held {
    let mut noted = |line| mistakes.push(line);
    Held {
        secret: secret(custom).map_err(&mut noted).ok().flatten(),
        key: key(custom).map_err(&mut noted).ok().flatten(),
        http: http(custom).map_err(&mut noted).ok().flatten(),
    }
}

fn secret(custom: &CustomArgs) -> Result<Option<ClientSecret>, String> {
    let (option, text) = match (&custom.client_secret, &custom.client_secret_file) {
        (Some(secret), _) => ("--client-secret", secret.clone()),
        (None, Some(path)) => {
            let text = file("--client-secret-file", path)?;
            // Editors end a file with a newline, which is not part of the secret.
            ("--client-secret-file", text.trim_end_matches(['\r', '\n']).to_owned())
        }
        (None, None) => return Ok(None),
    };
    text.parse().map(Some).map_err(|error| format!("{option}: {error}"))
}

fn key(custom: &CustomArgs) -> Result<Option<SigningKey>, String> {
    let Some(path) = &custom.signing_key_file else { return Ok(None) };
    let wrong = |error| format!("--signing-key-file {}: {error}", path.display());
    file("--signing-key-file", path)?.parse().map(Some).map_err(wrong)
}

fn http(custom: &CustomArgs) -> Result<Option<ReqwestClient>, String> {
    let Some(path) = &custom.certificate_file else { return Ok(None) };
    let wrong = |error| format!("--certificate-file {}: {error}", path.display());
    ReqwestClient::with_identity(file("--certificate-file", path)?.as_bytes()).map(Some).map_err(wrong)
}

fn file(option: &str, path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("{option} {}: {error}", path.display()))
}
