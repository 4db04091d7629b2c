//! Problems: where, what, and what to do about it. All of a declaration are collected before any is shown.

use proc_macro2::{Span, TokenStream, TokenTree};

use crate::emit::Emit;

/// The tokens to underline, from first to last. Two spans, because a stable compiler cannot join them for us.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) start: Span,
    pub(crate) end: Span,
}

impl Place {
    /// All of these tokens.
    pub(crate) fn over<'a>(tokens: impl IntoIterator<Item = &'a TokenTree>) -> Self {
        let mut spans = tokens.into_iter().map(|token| match token {
            TokenTree::Group(group) => (group.span_open(), group.span_close()),
            other => (other.span(), other.span()),
        });
        let (start, first_end) = spans.next().unwrap_or_else(|| (Span::call_site(), Span::call_site()));
        Self { start, end: spans.last().map_or(first_end, |(_, end)| end) }
    }

    /// From the start of this to the end of that.
    pub(crate) fn to(self, last: Self) -> Self {
        Self { start: self.start, end: last.end }
    }

    /// Line and column of the first token.
    pub(crate) fn position(self) -> (usize, usize) {
        // Tests and the fuzz target run without a compiler, where the first form does not exist.
        #[cfg(not(any(test, fuzzing)))]
        let (line, column) = (self.start.unwrap().line(), self.start.unwrap().column());
        #[cfg(any(test, fuzzing))]
        let (line, column) = (self.start.start().line, self.start.start().column);
        (line, column)
    }
}

impl From<Span> for Place {
    fn from(span: Span) -> Self {
        Self { start: span, end: span }
    }
}

/// What kind of mistake: the order in which they are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stage {
    /// The attribute cannot be read.
    Grammar,
    /// A value is not right, alone or beside the others.
    Rule,
    /// Something is not there.
    Missing,
}

/// One mistake.
#[derive(Debug)]
pub(crate) struct Problem {
    stage: Stage,
    pub(crate) place: Place,
    pub(crate) message: String,
    pub(crate) help: String,
}

/// Collects the mistakes of one declaration.
#[derive(Debug, Default)]
#[must_use = "problems that nobody reads would let a wrong declaration compile"]
pub(crate) struct Diag {
    problems: Vec<Problem>,
}

impl Diag {
    /// Adds a mistake.
    pub(crate) fn push(
        &mut self,
        stage: Stage,
        place: impl Into<Place>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.problems.push(Problem { stage, place: place.into(), message: message.into(), help: help.into() });
    }

    /// Adds a mistake of the attribute grammar.
    pub(crate) fn grammar(&mut self, place: impl Into<Place>, message: impl Into<String>, help: impl Into<String>) {
        self.push(Stage::Grammar, place, message, help);
    }

    /// How many mistakes there are so far.
    pub(crate) fn count(&self) -> usize {
        self.problems.len()
    }

    /// All mistakes, in the order in which they are shown: what cannot be read, then what is wrong from top to bottom,
    /// then what is missing.
    pub(crate) fn finish(self) -> Vec<Problem> {
        let mut problems = self.problems;
        if problems.len() > 1 {
            problems.sort_by_cached_key(|problem| {
                (problem.stage, (problem.stage == Stage::Rule).then(|| problem.place.position()))
            });
        }
        problems
    }
}

impl Problem {
    pub(crate) fn new(place: impl Into<Place>, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { stage: Stage::Grammar, place: place.into(), message: message.into(), help: help.into() }
    }

    /// The compiler error. A blank line and the indented `= help:` are aligned by rustc like its own.
    pub(crate) fn to_compile_error(&self) -> TokenStream {
        let text = if self.help.is_empty() {
            self.message.clone()
        } else {
            format!("{}\n\n  = help: {}", self.message, self.help)
        };
        let mut braces = Emit::new(self.place.end, 1);
        braces.text(&text);
        let mut call = Emit::new(self.place.end, 1);
        call.braces(braces);
        let mut error = Emit::new(self.place.start, 8);
        error.path(&["core", "compile_error"]).puncts("!").append(call);
        error.finish()
    }
}
