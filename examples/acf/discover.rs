//! `acf discover`: what an issuer announces of itself, as a declaration.

use acf_core::{ClientAuth, Credentials, Metadata, http::ReqwestClient};
use serde_json::Value;

use crate::{
    args::Discover,
    failed::{Failed, words},
    terminal::{print, waiting},
};

pub(crate) async fn run(args: &Discover) -> Result<(), Failed> {
    // A person typed the address on their own machine: it may be one of their own network.
    let http = ReqwestClient::new()?;
    let metadata = waiting("asking the issuer what it offers", Metadata::fetch(&args.issuer, &http)).await;
    let metadata = metadata.map_err(|error| {
        let text = words(&error).replace("--issuer", "ISSUER");
        Failed { lines: text.lines().map(str::to_owned).collect(), ..Failed::from(error) }
    })?;
    if args.json {
        return print(Value::Object(metadata.members().clone()));
    }
    print(declaration(args, &metadata)?)
}

/// The source text of a provider, ready to be pasted.
fn declaration(args: &Discover, metadata: &Metadata) -> Result<String, Failed> {
    let method = match &args.client_auth {
        Some(name) => ClientAuth::from_name(name).unwrap_or(ClientAuth::None),
        None => best(metadata),
    };
    // Credentials are for later: these stand in for them. A key cannot be made up, and takes the same declaration.
    let stand_in = if method == ClientAuth::PrivateKeyJwt { ClientAuth::ClientSecretBasic } else { method };
    let mut credentials = Credentials::new("id").redirect_uri("https://app.example/callback").client_auth(stand_in);
    if stand_in.needs_secret() {
        credentials = credentials.client_secret("secret".parse()?);
    }
    let name = args.name.clone().unwrap_or_else(|| name_of(&args.issuer));
    let scopes = args.scopes.iter().flat_map(|scopes| scopes.split_whitespace());
    let custom = metadata.provider(credentials)?.name(&name).scope(scopes).build()?;
    let attribute = custom.definition().attribute();
    let line = |method: ClientAuth| format!("\n    client_auth = {},\n", method.name());
    let attribute = attribute.replace(&line(stand_in), &line(method));

    let fields = [
        ("client_id", "ClientId", true),
        ("client_secret", "ClientSecret", method.needs_secret()),
        ("signing_key", "SigningKey", method == ClientAuth::PrivateKeyJwt),
        ("redirect_uri", "RedirectUri", attribute.contains("\n    authorization_")),
    ];
    let fields: Vec<_> = fields.into_iter().filter(|(_, _, used)| *used).collect();
    let mut types: Vec<_> = fields.iter().map(|(_, of, _)| *of).chain(["OAuthProvider"]).collect();
    types.sort_unstable();
    let fields: String = fields.iter().map(|(field, of, _)| format!("    {field}: {of},\n")).collect();
    Ok(format!(
        "// What {} announces.\nuse acf_core::{{{}}};\n\n#[derive(OAuthProvider, serde::Deserialize)]\n{attribute}\nstruct {} {{\n{fields}}}",
        metadata.issuer(),
        types.join(", "),
        camel(&name),
    ))
}

/// The method of a client that is yet to be registered: the first of these that is announced.
fn best(metadata: &Metadata) -> ClientAuth {
    let announced = metadata.token_endpoint_auth_methods_supported();
    // Where none is announced, a server knows this one (RFC 8414 section 2).
    let announced = announced.unwrap_or_else(|| vec!["client_secret_basic"]);
    let methods = [
        ClientAuth::ClientSecretBasic,
        ClientAuth::ClientSecretPost,
        ClientAuth::PrivateKeyJwt,
        ClientAuth::ClientSecretJwt,
        ClientAuth::TlsClientAuth,
        ClientAuth::SelfSignedTlsClientAuth,
    ];
    methods.into_iter().find(|method| announced.contains(&method.name())).unwrap_or(ClientAuth::None)
}

/// A name in kebab case: the labels of the host, without the last one.
fn name_of(issuer: &str) -> String {
    let host =
        url::Url::parse(issuer).ok().and_then(|url| url.domain().map(str::to_ascii_lowercase)).unwrap_or_default();
    let labels: Vec<_> = host.split('.').flat_map(|label| label.split('-')).filter(|part| !part.is_empty()).collect();
    let named = labels.len() > 1 && labels.iter().all(|part| part.starts_with(|c: char| c.is_ascii_lowercase()));
    match labels.split_last() {
        Some((_, first)) if named => first.join("-"),
        _ => "provider".to_owned(),
    }
}

fn camel(kebab: &str) -> String {
    let word = |word: &str| {
        let mut chars = word.chars();
        chars.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(chars).collect::<String>()
    };
    kebab.split('-').map(word).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(metadata: &str, change: impl FnOnce(&mut Discover)) -> Result<String, Failed> {
        let issuer = "https://id.forge.example";
        let metadata = metadata.replace("ISSUER", issuer);
        let mut args =
            Discover { issuer: issuer.to_owned(), name: None, client_auth: None, scopes: Vec::new(), json: false };
        change(&mut args);
        declaration(&args, &Metadata::from_json(issuer, metadata).unwrap())
    }

    const LOGIN: &str = r#"{"issuer":"ISSUER","authorization_endpoint":"ISSUER/authorize","token_endpoint":"ISSUER/token",
        "response_types_supported":["code"]}"#;

    #[test]
    fn a_struct_has_the_fields_of_its_method() {
        let text = written(LOGIN, |args| args.scopes = vec!["read write".to_owned()]).unwrap();
        assert_eq!(
            text,
            r#"// What https://id.forge.example announces.
use acf_core::{ClientId, ClientSecret, OAuthProvider, RedirectUri};

#[derive(OAuthProvider, serde::Deserialize)]
#[oauth(
    name = "id-forge",
    base_uri = "https://id.forge.example",
    authorization_path = "/authorize",
    access_token_path = "/token",
    issuer = "https://id.forge.example",
    scope("read", "write"),
    client_auth = client_secret_basic,
)]
struct IdForge {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}"#
        );
        for (method, fields) in [
            ("none", "{\n    client_id: ClientId,\n    redirect_uri: RedirectUri,\n}"),
            (
                "private_key_jwt",
                "{\n    client_id: ClientId,\n    signing_key: SigningKey,\n    redirect_uri: RedirectUri,\n}",
            ),
            ("tls_client_auth", "{\n    client_id: ClientId,\n    redirect_uri: RedirectUri,\n}"),
        ] {
            let text = written(LOGIN, |args| args.client_auth = Some(method.to_owned())).unwrap();
            assert!(text.contains(&format!("\n    client_auth = {method},\n")) && text.ends_with(fields), "{text}");
        }
    }

    #[test]
    fn who_acts_for_itself_comes_back_to_nowhere() {
        let metadata = r#"{"issuer":"ISSUER","token_endpoint":"ISSUER/token","response_types_supported":[],
            "grant_types_supported":["client_credentials"],"token_endpoint_auth_methods_supported":["private_key_jwt"]}"#;
        let text = written(metadata, |args| args.name = Some("my-forge".to_owned())).unwrap();
        assert!(text.contains("client_auth = private_key_jwt") && text.contains("struct MyForge {\n"), "{text}");
        assert!(text.ends_with("{\n    client_id: ClientId,\n    signing_key: SigningKey,\n}"), "{text}");
    }

    #[test]
    fn names_come_from_hosts() {
        for (issuer, name) in [
            ("https://accounts.google.com", "accounts-google"),
            ("https://id.my-forge.example/tenant", "id-my-forge"),
            ("http://127.0.0.1:9400", "provider"),
            ("http://localhost:9400", "provider"),
            ("https://3d.example", "provider"),
        ] {
            assert_eq!(name_of(issuer), name);
        }
    }
}
