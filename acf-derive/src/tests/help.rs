//! A help that says what to write is followed here by a machine, and then its problem must be gone: in every case of
//! `grammar.txt` and `rules.txt`.

#![allow(clippy::string_slice, reason = "helpers of a test, over texts that it has itself cut")]

use proc_macro2::TokenStream;

use super::{derive, filled_in};
use crate::diag::Problem;

/// A source with the part that a problem underlines.
struct Marked<'a> {
    source: &'a str,
    start: usize,
    end: usize,
}

impl<'a> Marked<'a> {
    fn new(source: &'a str, problem: &Problem) -> Option<Self> {
        let (start, end) = (problem.place.start.start(), problem.place.end.end());
        let offset = |at: usize| source.char_indices().nth(at).map_or(source.len(), |(at, _)| at);
        let one_line = start.line == 1 && end.line == 1;
        one_line.then(|| Self { source, start: offset(start.column), end: offset(end.column) })
    }

    fn wrong(&self) -> &'a str {
        &self.source[self.start..self.end]
    }

    fn replaced(&self, with: &str) -> String {
        format!("{}{with}{}", &self.source[..self.start], &self.source[self.end..])
    }

    /// The entry of a list that the part is in, from comma to comma.
    fn entry(&self) -> Option<(usize, usize)> {
        let mut lists = vec![0];
        let mut found = None;
        let mut quoted = false;
        let mut escaped = false;
        for (at, c) in self.source.char_indices() {
            match c {
                _ if std::mem::take(&mut escaped) => {}
                '\\' => escaped = true,
                '"' => quoted = !quoted,
                _ if quoted => {}
                '(' | '[' | '{' if at < self.start => lists.push(at + 1),
                ')' | ']' | '}' if at < self.start => {
                    lists.pop();
                }
                ',' if at < self.start => *lists.last_mut()? = at + 1,
                '(' | '[' | '{' if at >= self.end => lists.push(at),
                ',' | ')' | ']' | '}' if at >= self.end => {
                    let depth = *found.get_or_insert_with(|| lists.iter().filter(|from| **from <= self.start).count());
                    if lists.len() == depth {
                        return Some((*lists.last()?, at));
                    }
                    if c != ',' {
                        lists.pop();
                    }
                }
                _ => {}
            }
        }
        None
    }

    fn without_entry(&self) -> Option<String> {
        let (from, to) = self.entry()?;
        let (before, behind) = (self.source[..from].trim_end(), &self.source[to..]);
        Some(match before.strip_suffix(',') {
            Some(before) => format!("{before}{behind}"),
            None => format!("{before}{}", behind.strip_prefix(',').unwrap_or(behind)),
        })
    }

    fn entry_as(&self, text: &str) -> Option<String> {
        let (from, to) = self.entry()?;
        Some(format!("{} {text}{}", &self.source[..from], &self.source[to..]))
    }

    fn with_field(&self, field: &str) -> Option<String> {
        let before = self.source[..self.source.rfind('}')?].trim_end();
        let comma = if before.ends_with([',', '{']) { "" } else { "," };
        Some(format!("{before}{comma} {field} }}"))
    }
}

fn with_key(source: &str, text: &str) -> Option<String> {
    let text = text.replace("/..", "/x").replace("HOST", "x.example");
    match source.contains("#[oauth(") {
        true => Some(source.replacen("#[oauth(", &format!("#[oauth({text}, "), 1)),
        false => Some(format!("#[oauth({text})] {source}")),
    }
}

/// Whether a text is `key = ..` or `key(..)`, with the key perhaps in quotes.
fn is_entry(text: &str) -> bool {
    let name = text.trim_start_matches('"');
    let end = name.find(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '-' | '.')).unwrap_or(0);
    let rest = name[end..].trim_start_matches('"');
    end > 0 && (rest.starts_with(" = ") || (rest.starts_with('(') && rest.ends_with(')')))
}

/// The source with what the help asks for, if a machine can do it.
fn followed(source: &str, problem: &Problem) -> Option<String> {
    let at = Marked::new(source, problem)?;
    let (wrong, help, message) = (at.wrong(), problem.help.as_str(), problem.message.as_str());
    let quoted: Vec<_> = help.split('`').skip(1).step_by(2).collect();
    let first = quoted.first().copied();
    let begins = |beginnings: &[&str]| beginnings.iter().any(|beginning| help.starts_with(beginning));
    match help {
        "entries are separated by commas" => Some(at.replaced(&format!(", {wrong}"))),
        "keys and values are written `key = value`" => Some(at.replaced("=")),
        "put a `/` in front" => Some(at.replaced(&wrong.replacen('"', "\"/", 1))),
        "drop the trailing `/`" => Some(at.replaced(&wrong.replace("/\"", "\""))),
        "remove everything from the `#`" => Some(at.replaced(&format!("{}\"", wrong.split('#').next()?))),
        "remove `:443`" => Some(at.replaced(&wrong.replace(":443", ""))),
        "write scheme and host in lower case" => Some(at.replaced(&wrong.to_lowercase())),
        "write one slash" => Some(at.replaced(&wrong.replace("//", "/"))),
        "use https" => Some(at.replaced("\"https://x.example\"")),
        "use \" \", \",\" or \"+\"" => Some(at.replaced("\",\"")),
        "keep one of the two" | "remove one" => at.without_entry(),
        _ if begins(&["remove it", "remove the key", "remove `", "remove one of"]) => {
            // What is an attribute of its own is removed as one.
            if wrong.starts_with('#') { Some(at.replaced("")) } else { at.without_entry() }
        }
        _ if begins(&["did you mean `"]) && message.starts_with("field") => Some(at.replaced(first?)),
        _ if begins(&["did you mean `"]) => Some(at.replaced(first?.rsplit(" = ").next()?)),
        _ if begins(&["did you mean \""]) => {
            let unknown = message.rsplit('`').nth(1)?;
            Some(at.replaced(&wrong.replace(unknown, help.split('"').nth(1)?)))
        }
        _ if begins(&["add a field called `"]) => at.with_field(&format!("{}: String", first?)),
        _ if begins(&["add a field `"]) => at.with_field(first?),
        _ if begins(&["add `client_auth = none` beside"]) => {
            Some(source.replacen("headers(", "client_auth = none, headers(", 1))
        }
        _ if begins(&["add `"]) => with_key(source, first?),
        _ if begins(&["mark it `#[oauth(skip)]`"]) => Some(at.replaced(&format!("#[oauth(skip)] {wrong}"))),
        _ if begins(&["it belongs in `"]) => with_key(&at.without_entry()?, first?),
        _ if begins(&["write `const VALUE"]) => Some(at.replaced("VALUE")),
        _ if begins(&["write just `", "write `", "if it is a parameter, write `"]) && is_entry(first?) => {
            if message.starts_with("unknown `") {
                Some(at.replaced(first?.rsplit(" = ").next()?))
            } else if message.starts_with("unknown key") || wrong == "()" {
                at.entry_as(first?)
            } else {
                None
            }
        }
        _ if begins(&["write just `"]) && !help.contains('#') => at.entry_as(first?),
        _ if is_entry(help) && help.starts_with(|c: char| c.is_alphabetic() || c == '"') => {
            at.entry_as(help.split(", or ").next()?)
        }
        // The right literal.
        _ if help.starts_with('"') && help.ends_with('"') => Some(at.replaced(help)),
        _ => None,
    }
}

#[test]
fn help_that_is_followed_helps() {
    let (mut seen, mut applied) = (0, 0);
    let mut useless = Vec::new();
    for line in [include_str!("grammar.txt"), include_str!("rules.txt")].into_iter().flat_map(str::lines) {
        if line.starts_with("    ") || line.starts_with("//") || line.is_empty() {
            continue;
        }
        let source = filled_in(line);
        let (problems, _) = derive(&source);
        for problem in &problems {
            seen += 1;
            let Some(mended) = followed(&source, problem) else { continue };
            applied += 1;
            let same = |problems: &[Problem]| problems.iter().filter(|p| p.message == problem.message).count();
            let helped = mended.parse::<TokenStream>().is_ok() && same(&derive(&mended).0) < same(&problems);
            if !helped {
                useless.push(format!("{line}\n    {}\n    -> {}\n    {mended}", problem.message, problem.help));
            }
        }
    }
    assert!(useless.is_empty(), "{} of {applied} did not help:\n{}", useless.len(), useless.join("\n\n"));
    assert!(applied * 10 >= seen * 6, "only {applied} of {seen} say what to write");
}
