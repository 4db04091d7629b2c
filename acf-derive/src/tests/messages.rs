//! What is said about each mistake, and where. The cases are in `grammar.txt` and `rules.txt`: a declaration, then what
//! it underlines, the message, and behind `->` the help.

use std::fmt::Write;

use super::{derive, filled_in, golden, underlined};
use crate::diag::Problem;

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

/// What a help asks for, done to the source of a case: the text without the mistake, if it can be done by a machine.
fn followed(source: &str, problem: &Problem) -> Option<String> {
    let (start, end) = place(source, problem)?;
    let (before, wrong, behind) = (source.get(..start)?, source.get(start..end)?, source.get(end..)?);
    let help = problem.help.as_str();
    let quoted: Vec<_> = help.split('`').skip(1).step_by(2).collect();
    let replaced = |with: &str| Some(format!("{before}{with}{behind}"));
    let to_the_struct = |text: &str| Some(source.replacen("#[oauth(", &format!("#[oauth({text}, "), 1));
    let with_a_field = |field: &str| {
        let at = source.rfind('}')?;
        let comma = if source.get(..at)?.trim_end().ends_with([',', '{']) { "" } else { "," };
        Some(format!("{}{comma} {field} }}", source.get(..at)?.trim_end()))
    };
    // The entry around the place, up to the commas beside it.
    let entry = || {
        let from = enclosing(before)?;
        let depth = behind.char_indices().scan(0_i32, |depth, (at, c)| {
            match c {
                '(' => *depth += 1,
                ')' | '}' => *depth -= 1,
                _ => {}
            }
            Some((at, c, *depth))
        });
        let to = depth.into_iter().find(|(_, c, depth)| *depth < 0 || (*depth == 0 && *c == ','))?.0;
        Some((from, end + to))
    };
    let without = || {
        let (from, to) = entry()?;
        let (before, behind) = (source.get(..from)?.trim_end(), source.get(to..)?);
        Some(match before.strip_suffix(',') {
            Some(before) => format!("{before}{behind}"),
            None => format!("{before}{}", behind.strip_prefix(',').unwrap_or(behind)),
        })
    };
    let entry_as = |text: &str| {
        let (from, to) = entry()?;
        Some(format!("{} {text}{}", source.get(..from)?, source.get(to..)?))
    };
    let is_entry = |text: &str| {
        text.split([' ', '('])
            .next()
            .is_some_and(|key| !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || c == '_'))
    };
    match help {
        "remove it" | "remove one" | "remove the key" | "remove one of the two" | "keep one of the two" => without(),
        _ if help.starts_with("remove the key") || help.starts_with("remove it:") || help.starts_with("remove it;") => {
            without()
        }
        _ if help.starts_with("remove it from") || help.starts_with("remove it, or") => without(),
        _ if help.starts_with("remove `") => without(),
        "entries are separated by commas" => replaced(&format!(", {wrong}")),
        "put a `/` in front" => replaced(&wrong.replacen('"', "\"/", 1)),
        "drop the trailing `/`" => replaced(&wrong.replace("/\"", "\"")),
        "remove everything from the `#`" => replaced(&format!("{}\"", wrong.split('#').next()?)),
        "remove `:443`" => replaced(&wrong.replace(":443", "")),
        "write scheme and host in lower case" => replaced(&wrong.to_lowercase()),
        "write one slash" => replaced(&wrong.replace("//", "/")),
        "use https" => replaced("\"https://x.example\""),
        "use \" \", \",\" or \"+\"" => replaced("\",\""),
        "keys and values are written `key = value`" => replaced("="),
        "give a value" => match problem.message.as_str() {
            "`scope_separator` is empty" => replaced("\",\""),
            _ => None,
        },
        _ if help.starts_with("did you mean `") => {
            let meant = *quoted.first()?;
            if problem.message.starts_with("field") { replaced(meant) } else { replaced(meant.rsplit(" = ").next()?) }
        }
        _ if help.starts_with("did you mean \"") => {
            replaced(&wrong.replace(wrong.trim_matches('"'), help.split('"').nth(1)?))
        }
        _ if help.starts_with("add a field `") || help.starts_with("mark it") && false => with_a_field(quoted.first()?),
        _ if help.starts_with("add a field called `") => with_a_field(&format!("{}: String", quoted.first()?)),
        _ if help.starts_with("add `#") => None,
        _ if help.starts_with("add `") => {
            to_the_struct(&quoted.first()?.replace("/..", "/x").replace("HOST", "x.example"))
        }
        _ if help.starts_with("mark it `#[oauth(skip)]`") => replaced(&format!("#[oauth(skip)] {wrong}")),
        _ if help.starts_with("write just `#[oauth(") => None,
        _ if help.starts_with("write just `") => entry_as(quoted.first()?),
        _ if help.starts_with("it belongs in `") => {
            without().map(|source| source.replacen("#[oauth(", &format!("#[oauth({}, ", quoted[0]), 1))
        }
        _ if help.starts_with("write `const VALUE") => replaced("VALUE"),
        _ if help.starts_with("write `authorize(") || help.starts_with("if it is a parameter, write `") => {
            entry_as(quoted.first()?)
        }
        _ if help.starts_with("write `") && quoted.first().is_some_and(|text| text.starts_with("struct ")) => None,
        _ if help.starts_with("write `")
            && quoted.first().is_some_and(|text| text.contains(" = ") || text.contains('(')) =>
        {
            if wrong == "()" {
                entry_as(quoted.first()?)
            } else if problem.message.starts_with("unknown key") {
                entry_as(quoted.first()?)
            } else if problem.message.starts_with("unknown") {
                replaced(quoted.first()?.rsplit(" = ").next()?)
            } else {
                None
            }
        }
        _ if help.starts_with('"') && !help.contains(" = ") => replaced(help),
        // A whole entry, or a pair, ready to be pasted.
        _ if is_entry(help) && (help.contains(" = ") || help.ends_with(')')) || help.starts_with('"') => {
            let text = help.split(", or ").next()?;
            entry_as(text)
        }
        _ => None,
    }
}

/// Where the entry around the end of this text begins.
fn enclosing(before: &str) -> Option<usize> {
    let mut depth = 0_i32;
    for (at, c) in before.char_indices().rev() {
        match c {
            ')' => depth += 1,
            '(' | '{' if depth == 0 => return Some(at + c.len_utf8()),
            '(' => depth -= 1,
            ',' if depth == 0 => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// The bytes of the source that a problem underlines.
fn place(source: &str, problem: &Problem) -> Option<(usize, usize)> {
    let (start, end) = (problem.place.start.start(), problem.place.end.end());
    let offset = |at: usize| source.char_indices().nth(at).map_or(source.len(), |(at, _)| at);
    (start.line == 1 && end.line == 1).then(|| (offset(start.column), offset(end.column)))
}

/// A help that can be followed by a machine makes its problem go away, in every case of the goldens.
#[test]
fn help_helps() {
    let (mut problems_seen, mut applied) = (0, 0);
    let mut wrong = Vec::new();
    for line in [include_str!("grammar.txt"), include_str!("rules.txt")].into_iter().flat_map(str::lines) {
        if line.starts_with("    ") || line.starts_with("//") || line.is_empty() {
            continue;
        }
        let source = filled_in(line);
        let (problems, _) = derive(&source);
        for problem in &problems {
            problems_seen += 1;
            let Some(mended) = followed(&source, problem) else { continue };
            applied += 1;
            if mended.parse::<proc_macro2::TokenStream>().is_err() {
                wrong.push(format!("{line}\n    {}\n    -> {}\n    {mended}", problem.message, problem.help));
                continue;
            }
            let (left, _) = derive(&mended);
            let count = |problems: &[Problem]| problems.iter().filter(|p| p.message == problem.message).count();
            if count(&left) >= count(&problems) {
                wrong.push(format!("{line}\n    {}\n    -> {}\n    {mended}", problem.message, problem.help));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {applied}\n{}", wrong.len(), wrong.join("\n\n"));
    assert!(applied * 10 >= problems_seen * 6, "only {applied} of {problems_seen} could be followed");
    println!("{applied} of {problems_seen}");
}
