//! What a client proves itself with, read from files.

use std::path::Path;

use acf_core::{ClientSecret, SigningKey, http::ReqwestClient};

use crate::args::CustomArgs;

/// What the client has.
#[derive(Default)]
pub(super) struct Held {
    pub(super) secret: Option<ClientSecret>,
    pub(super) key: Option<SigningKey>,
    /// A transport that shows the certificate, and trusts who else is to be trusted.
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
    if custom.certificate_file.is_none() && custom.ca_file.is_none() {
        return Ok(None);
    }
    let mut builder = ReqwestClient::builder();
    if let Some(path) = &custom.certificate_file {
        let wrong = |error| format!("--certificate-file {}: {error}", path.display());
        builder = builder.identity(file("--certificate-file", path)?.as_bytes()).map_err(wrong)?;
    }
    if let Some(path) = &custom.ca_file {
        let wrong = |error| format!("--ca-file {}: {error}", path.display());
        builder = builder.roots(file("--ca-file", path)?.as_bytes()).map_err(wrong)?;
    }
    builder.build().map(Some).map_err(|error| format!("--certificate-file, --ca-file: {error}"))
}

fn file(option: &str, path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("{option} {}: {error}", path.display()))
}
