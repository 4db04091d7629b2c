//! The whole macro without a compiler: source text in, problems or an expansion out.

#[cfg(any())]
mod grammar;

use std::str::FromStr;

use proc_macro2::TokenStream;

use crate::{diag::Problem, run};

/// The problems of a source text: message, help, and the text that is underlined.
fn problems(source: &str) -> Vec<(String, String, String)> {
    let stream = TokenStream::from_str(source).unwrap();
    let (problems, _) = run(stream);
    problems.into_iter().map(|problem| (problem.message.clone(), problem.help.clone(), underlined(&problem))).collect()
}

fn underlined(problem: &Problem) -> String {
    let span = problem.place.start.join(problem.place.end).unwrap();
    span.source_text().unwrap_or_default()
}
