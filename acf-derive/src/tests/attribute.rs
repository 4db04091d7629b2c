//! What the runtime writes as an attribute, the macro accepts, and means the same by it.

use acf_core::{Credentials, Custom, CustomBuilder, Metadata};

use super::expansion::{SHAPED, STACK_EXCHANGE, written};

/// Builds it, has its attribute written, and derives from that.
fn check(builder: CustomBuilder) {
    let custom = builder.build().unwrap();
    let fields = match custom.definition().to_string().contains("client_auth=none") {
        true => "client_id: A, redirect_uri: B",
        false => "client_id: A, client_secret: S, redirect_uri: B",
    };
    let attribute = custom.definition().attribute();
    // In the order of the reference, which need not be that of what was read.
    let sorted = |text: &str| {
        let mut lines: Vec<_> = text.lines().map(str::to_owned).collect();
        lines.sort_unstable();
        lines
    };
    let derived = written(&format!("{attribute} struct X {{ {fields} }}"));
    assert_eq!(sorted(&derived), sorted(&custom.definition().to_string()), "{attribute}");
}

fn confidential() -> Credentials {
    Credentials::new("id").client_secret("secret".parse().unwrap()).redirect_uri("https://app.example/callback")
}

#[test]
fn definitions_are_written_as_they_were_declared() {
    for source in [STACK_EXCHANGE, SHAPED] {
        let declared = written(source);
        let set = |builder: CustomBuilder, line: &str| {
            let (key, value) = line.split_once('=').unwrap();
            builder.set(key, value)
        };
        check(declared.lines().fold(Custom::builder("x").credentials(confidential()), set));
    }
    check(
        Custom::builder("quotes")
            .authorization_endpoint("https://x.example/a")
            .token_endpoint("https://x.example/t")
            .credentials(confidential())
            .set("client_auth", "client_secret_post")
            .set("display_name", "The \"Forge\" \\ é")
            .scope(["type", "a:b", "self"])
            .set("authorize.params.type", "{client_id}")
            .set("authorize.params.user.fields", "a'b")
            .set("token.params.body", "{\"a\":1}")
            .set("token.headers.X-Version", "2"),
    );
}

#[test]
fn what_is_announced_is_accepted_as_a_declaration() {
    let everything = r#"
        "revocation_endpoint": "https://login.example/r?a=b", "introspection_endpoint": "https://api.example/i",
        "device_authorization_endpoint": "https://LOGIN.example:443/d", "userinfo_endpoint": "https://api.example/",
        "pushed_authorization_request_endpoint": "https://login.example/p", "jwks_uri": "https://login.example/k",
        "code_challenge_methods_supported": ["plain"], "authorization_response_iss_parameter_supported": true,
    "#;
    let machines = r#""grant_types_supported": ["client_credentials", "refresh_token",
        "urn:ietf:params:oauth:grant-type:token-exchange", "urn:ietf:params:oauth:grant-type:jwt-bearer"],"#;
    for more in ["", everything, machines] {
        let document = format!(
            r#"{{{more} "issuer": "https://login.example", "authorization_endpoint": "https://login.example/a",
                "token_endpoint": "https://login.example/t", "response_types_supported": ["code"]}}"#
        );
        let metadata = Metadata::from_json("https://login.example", document).unwrap();
        check(metadata.provider(confidential()).unwrap());
        check(metadata.provider(confidential()).unwrap().scope(["openid", "a:b"]));
        let public = Credentials::new("id").redirect_uri("https://app.example/callback");
        check(metadata.provider(public).unwrap());
    }
}
