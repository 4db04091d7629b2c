//! The rules of a whole provider declaration: each value by its grammar, and what the values must be to one another.
//!
//! The derive makes an [`Entry`] of everything that stands in its attributes, `acf_core::Custom` of everything it was
//! given at run time; both hand them to [`check`] and get the same sentences. The derive maps each [`Subject`] to the token
//! to underline.

mod client;
mod endpoints;
mod grants;
mod placeholders;
mod queries;
mod requests;
mod response;
mod scopes;
mod values;

use core::fmt;

use crate::{
    Checked,
    language::{self, Key},
};

pub use self::{
    placeholders::{is_template, kept_name},
    requests::{check_authorize_param, check_token_param},
};

/// A value of a declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source<'a> {
    /// Its text is known here. The text of a flag is empty.
    Text(&'a str),
    /// A constant, or an attempt that has a mistake: its text is checked where it becomes known, if ever.
    Elsewhere,
}

impl<'a> Source<'a> {
    /// The text, where it is known here.
    pub const fn text(self) -> Option<&'a str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Elsewhere => None,
        }
    }
}

/// One value with its key. A list has an entry for each of its items, a map for each of its pairs.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// The group that the key is in; empty at the top.
    pub group: &'static str,
    /// The key.
    pub key: &'static Key,
    /// The name of a pair; empty otherwise.
    pub name: &'a str,
    /// The value.
    pub value: Source<'a>,
}

/// A declaration as far as the rules look at it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Declaration<'a> {
    /// Everything that was declared, in order.
    pub entries: &'a [Entry<'a>],
    /// The roles that fields hold.
    pub roles: &'a [&'a str],
    /// The placeholders that fields fill.
    pub placeholders: &'a [&'a str],
}

impl<'a> Declaration<'a> {
    /// Every entry of a key, with its index.
    fn all(&self, group: &'a str, key: &'a str) -> impl Iterator<Item = (usize, &'a Entry<'a>)> + use<'a> {
        self.entries.iter().enumerate().filter(move |(_, entry)| entry.group == group && entry.key.name == key)
    }

    /// The entry of a key that has one value.
    fn one(&self, group: &'a str, key: &'a str) -> Option<(usize, &'a Entry<'a>)> {
        // A loop and no iterator, and lengths first: this is what the derive spends its time with, unoptimised.
        let (mut rest, mut index) = (self.entries, 0);
        while let [entry, others @ ..] = rest {
            if entry.key.name.len() == key.len() && entry.group == group && entry.key.name == key {
                return Some((index, entry));
            }
            (rest, index) = (others, index + 1);
        }
        None
    }

    /// The known text of a key.
    fn text(&self, group: &'a str, key: &'a str) -> Option<&'a str> {
        self.one(group, key)?.1.value.text()
    }

    /// Whether anything was declared for a key of the top level.
    fn has(&self, key: &'a str) -> bool {
        self.one("", key).is_some()
    }

    fn has_role(&self, role: &str) -> bool {
        self.roles.contains(&role)
    }
}

/// What a problem is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject<'a> {
    /// The declaration as a whole: something is missing.
    Whole,
    /// The key of the entry of this index.
    Key(usize),
    /// The name of a pair: that of the entry of this index.
    Name(usize),
    /// The value of the entry of this index.
    Value(usize),
    /// The field that holds this role.
    Role(&'a str),
    /// The field that fills the placeholder of this index.
    Placeholder(usize),
}

/// Receives problems: what they are about, the message, and the help.
pub type Report<'r> = dyn FnMut(Subject<'_>, fmt::Arguments<'_>, fmt::Arguments<'_>) + 'r;

/// Checks a declaration and reports every problem, values first, then what is missing.
pub fn check(declaration: &Declaration<'_>, report: &mut Report<'_>) {
    values::check(declaration, report);
    endpoints::check(declaration, report);
    grants::check(declaration, report);
    scopes::check(declaration, report);
    requests::check(declaration, report);
    queries::check(declaration, report);
    response::check(declaration, report);
    placeholders::check(declaration, report);
    client::check(declaration, report);
}

/// Reads a written declaration: a line `group.key.name=value` for each entry, as the derive writes them. What the table
/// of keys does not know is left out.
pub fn read(text: &str) -> impl Iterator<Item = Entry<'_>> {
    text.lines().filter_map(|line| {
        let (whole, value) = line.split_once('=')?;
        let (group, key, name) = language::resolve(whole)?;
        Some(Entry { group, key, name, value: Source::Text(value) })
    })
}

fn violation(subject: Subject<'_>, name: &str, text: &str, checked: Checked, report: &mut Report<'_>) {
    if let Err(violation) = checked {
        report(subject, format_args!("{}", violation.explain(name, text)), format_args!("{}", violation.help()));
    }
}

#[cfg(test)]
mod tests;
