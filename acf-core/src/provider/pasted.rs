//! For tests: attributes as text, such as errors name them.

use super::{ClientAuth, Custom, Resolved, Rules};

/// The rules of attributes as one writes them, through everything that a declaration goes through.
pub(crate) fn rules(declared: &str) -> Rules {
    let mut builder = Custom::builder("forge")
        .base_uri("https://forge.example")
        .authorization_path("/authorize")
        .access_token_path("/token")
        .client_auth(ClientAuth::None)
        .client_id("id")
        .redirect_uri("https://app.example/callback");
    for (key, value) in entries(declared) {
        builder = builder.set(key, value);
    }
    Resolved::new(&builder.build().unwrap()).unwrap().rules
}

/// The entries that a text of the attribute language stands for.
fn entries(text: &str) -> Vec<(String, String)> {
    fn inner(text: &str, group: &str, out: &mut Vec<(String, String)>) {
        let mut depth = 0;
        let mut quoted = false;
        let parts = text.split(|c: char| {
            quoted ^= c == '"';
            depth += match c {
                '(' if !quoted => 1,
                ')' if !quoted => -1,
                _ => 0,
            };
            c == ',' && depth == 0 && !quoted
        });
        for part in parts.map(str::trim) {
            let whole = |name: &str| if group.is_empty() { name.to_owned() } else { format!("{group}.{name}") };
            let Some(at) = part.find(['(', '=']) else {
                out.push((whole(part), String::new()));
                continue;
            };
            let (name, rest) = part.split_at(at);
            let text = |quoted: &str| quoted.trim().trim_matches('"').to_owned();
            match rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
                Some(items) if matches!(name, "keep" | "capture" | "denied") => {
                    items.split(',').for_each(|item| out.push((whole(name), text(item))));
                }
                Some(items) => inner(items, &if name == "rename" { whole(name) } else { name.to_owned() }, out),
                None => out.push((whole(name.trim()), text(rest.trim_start_matches('=')))),
            }
        }
    }
    let mut out = Vec::new();
    if !text.is_empty() {
        inner(text, "", &mut out);
    }
    out
}
