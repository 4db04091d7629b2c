//! What is said about each mistake, and where. The cases are in `grammar.txt` and `rules.txt`: a declaration, then what
//! it underlines, the message, and behind `->` the help.

use std::fmt::Write;

use super::{derive, golden, underlined};

/// Runs the cases of a file and writes them with the answers of today.
fn answers(cases: &str) -> String {
    let mut text = String::new();
    for line in cases.lines().filter(|line| !line.starts_with("    ")) {
        writeln!(text, "{line}").unwrap();
        if line.is_empty() || line.starts_with("//") {
            continue;
        }
        let (problems, implementation) = derive(line);
        for problem in &problems {
            let place = underlined(problem);
            writeln!(text, "    {place}: {}\n        -> {}", problem.message, problem.help).unwrap();
            assert!(problem.message.starts_with(|c: char| c.is_lowercase() || c == '`'), "{}", problem.message);
            assert!(!problem.message.ends_with('.') && !problem.help.ends_with('.'), "{}", problem.message);
            assert!(!problem.help.is_empty(), "{}", problem.message);
        }
        // With or without problems there is one implementation.
        if !line.contains("struct X") && !line.contains(" X ") {
            continue;
        }
        assert_eq!(implementation.to_string().matches("OAuthProvider for ").count(), 1, "{line}: {implementation}");
    }
    text
}

#[test]
fn grammar() {
    golden("grammar.txt", &answers(include_str!("grammar.txt")));
}

#[test]
fn rules() {
    golden("rules.txt", &answers(include_str!("rules.txt")));
}

#[test]
fn all_in_one_pass_and_in_order() {
    let (problems, _) = derive(
        "#[oauth(
            access_token_path = \"token\",
            base_uri = \"http://x.example\",
            authorisation_path = \"/a\",
            scope = 5,
        )]
        struct X {
            client_secret: ClientSecret,
            #[oauth(redirect_uri = true)]
            redirect_uri: RedirectUri,
            timeout: u64,
        }",
    );
    let found: Vec<_> = problems.iter().map(|problem| (underlined(problem), problem.message.as_str())).collect();
    let expected = [
        // What cannot be read, from top to bottom,
        ("authorisation_path", "unknown key `authorisation_path`"),
        ("5", "expected a string literal, found an integer"),
        ("=", "`redirect_uri` takes no value"),
        // then what is wrong, from top to bottom,
        ("\"token\"", "`access_token_path` must begin with `/`"),
        ("\"http://x.example\"", "`base_uri` must use https"),
        ("timeout", "field `timeout` has no role"),
        // then what is missing; not `authorization_path`, which was meant above.
        ("X", "missing `client_auth`: how is the secret sent?"),
        ("X", "no field is the `client_id`"),
    ];
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    for (found, expected) in found.iter().zip(expected) {
        assert_eq!((found.0.as_str(), found.1), expected);
    }
}

#[test]
fn a_followed_suggestion_leaves_no_problem() {
    let cases = [
        (
            "base_uri",
            "#[oauth(base_url = \"https://x.example\", authorization_path = \"/a\", access_token_path = \"/t\", client_auth = none)]",
        ),
        (
            "authorization_path",
            "#[oauth(base_uri = \"https://x.example\", authorisation_path = \"/a\", access_token_path = \"/t\", client_auth = none)]",
        ),
        (
            "access_token_path",
            "#[oauth(base_uri = \"https://x.example\", authorization_path = \"/a\", token_path = \"/t\", client_auth = none)]",
        ),
        (
            "token_endpoint",
            "#[oauth(base_uri = \"https://x.example\", authorization_path = \"/a\", token_url = \"https://x.example/t\", client_auth = none)]",
        ),
        (
            "scope",
            "#[oauth(base_uri = \"https://x.example\", authorization_path = \"/a\", access_token_path = \"/t\", scopes(\"a\"))]",
        ),
        (
            "client_auth",
            "#[oauth(base_uri = \"https://x.example\", authorization_path = \"/a\", access_token_path = \"/t\", clientauth = none)]",
        ),
        (
            "token_response",
            "#[oauth(base_uri = \"https://x.example\", authorization_path = \"/a\", access_token_path = \"/t\", token_respons(expires = \"e\"))]",
        ),
    ];
    for (right, attribute) in cases {
        let source = format!("{attribute} struct X {{ client_id: ClientId, redirect_uri: RedirectUri }}");
        let (problems, _) = derive(&source);
        let [problem] = problems.as_slice() else { panic!("{source}: {problems:?}") };
        let named = format!("{}\n{}", problem.message, problem.help);
        assert!(named.contains(&format!("`{right}`")), "{named}");
        let (problems, _) = derive(&source.replace(&underlined(problem), right));
        assert!(problems.is_empty(), "{source}: {problems:?}");
    }
}
