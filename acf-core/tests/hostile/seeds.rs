//! The inputs of the tables as seeds for the fuzz targets, replayed here in any build.
//!
//! `ACF_SEEDS=acf-core/fuzz/corpus cargo test -p acf-core --features sqlite --test hostile seeds` writes them.

use std::{env, fs, path::Path};

use acf_core::{Credentials, ErrorKind, Metadata, Token};

use crate::{
    callback::{self, Does},
    documents::{ISSUER, documents},
    response,
    world::{World, shown},
};

fn seeds() -> Vec<(&'static str, Vec<u8>)> {
    let mut seeds = Vec::new();
    for row in callback::rows() {
        if let Does::Cases(cases) = row.does {
            seeds.extend(cases.into_iter().map(|case| ("callback", case.callback.into_bytes())));
        }
    }
    for case in response::rows().into_iter().flat_map(|row| row.cases) {
        // As the target reads it: the first byte chooses status and content type.
        let status = match case.status {
            400 => 3,
            201 => 4,
            302 => 5,
            401 => 6,
            500.. => 7,
            _ => 0,
        };
        let content_type = match case.content_type {
            "text/html" => 2,
            kind if kind.ends_with("urlencoded") => 3,
            _ => 0,
        };
        let body = [&[status + 8 * content_type], case.body.as_slice()].concat();
        seeds.push(("token_response", body));
    }
    seeds.extend(documents().into_iter().map(|case| ("metadata", case.text.into_bytes())));
    // What is only large teaches a fuzzer nothing.
    seeds.retain(|(_, seed)| seed.len() <= 4096);
    seeds
}

#[tokio::test]
async fn seeds_replay() {
    let seeds = seeds();
    assert!(seeds.len() > 150, "{}", seeds.len());
    if let Ok(corpus) = env::var("ACF_SEEDS") {
        for (index, (target, seed)) in seeds.iter().enumerate() {
            let folder = Path::new(&corpus).join(target);
            fs::create_dir_all(&folder).unwrap();
            fs::write(folder.join(format!("table-{index:03}")), seed).unwrap();
        }
    }
    let world = World::all().await.remove(0);
    let flows = [
        world.flow(),
        world.declared(&[("token_response.encoding", "form"), ("token_response.token_type", "Bearer")]),
        world.declared(&[("callback.rename.code", "auth_code"), ("token_response.path", "/data")]),
    ];
    let (documents, seeds): (Vec<_>, Vec<_>) = seeds.into_iter().partition(|(target, _)| *target == "metadata");
    for (_, document) in documents {
        let credentials = Credentials::new("id").redirect_uri("https://app.example/callback");
        match Metadata::from_json(ISSUER, document).and_then(|metadata| metadata.provider(credentials)?.build()) {
            Ok(custom) => assert!(custom.definition().to_string().contains(&format!("\nissuer={ISSUER}\n"))),
            Err(error) => {
                use ErrorKind::{Configuration, IssuerMismatch, Response};
                assert!(matches!(error.kind(), Response | IssuerMismatch | Configuration), "{error}");
            }
        }
    }
    for flow in &flows {
        for (target, seed) in &seeds {
            let user = world.user();
            let state = flow.begin(&user).await.unwrap().state;
            let result = if *target == "callback" {
                let text = String::from_utf8_lossy(seed).replace("STATE", state.as_str());
                flow.finish(&user, &text).await
            } else {
                world.endpoint.answers(if seed[0] % 8 == 0 { 200 } else { 400 }, response::JSON, &seed[1..]);
                flow.finish(&user, &format!("code=c0de/secret&auth_code=c0de/secret&state={}", state.as_str())).await
            };
            match result {
                Ok(token) => {
                    assert!(token.access_token().expose().bytes().all(|b| b.is_ascii_graphic()));
                    assert!(Token::from_json(&token.expose_json()).unwrap() == token);
                }
                Err(error) => drop(shown(&error, &["c0de/secret", "cl1ent-s3cret"])),
            }
        }
    }
}
