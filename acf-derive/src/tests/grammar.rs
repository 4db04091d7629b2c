use super::*;

const BASE: &str = r#"base_uri = "https://x.example", authorization_path = "/a", access_token_path = "/t", client_auth = client_secret_post"#;
const FIELDS: &str = "client_id: ClientId, client_secret: ClientSecret, redirect_uri: RedirectUri";

#[test]
fn show() {
    let file = std::fs::read_to_string("/tmp/cases.txt").unwrap();
    for case in file.lines().filter(|l| !l.is_empty()) {
        let case = case.replace("BASE", BASE).replace("FIELDS", FIELDS);
        println!("\n{case}");
        for (m, h, u) in problems(&case) {
            println!("   {u:?}: {m}\n        -> {h}");
        }
    }
}
