//! `acf providers`: what is known by name.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::{
    args::Providers,
    failed::Failed,
    known::{KNOWN, Known},
    terminal::print,
};

pub(crate) fn run(args: &Providers) -> Result<(), Failed> {
    // A reader that closes early, such as `head`, is no failure.
    drop(if args.json { print(array()) } else { print(table().trim_end()) });
    Ok(())
}

fn array() -> Value {
    let object = |known: &'static Known| {
        json!({
            "name": known.name(),
            "display_name": known.display_name(),
            "scope": known.scopes().collect::<Vec<_>>().join(" "),
            "environment": known.variables(),
            "documentation": known.docs(),
        })
    };
    KNOWN.iter().map(object).collect()
}

fn table() -> String {
    let mut rows = vec![["NAME", "PROVIDER", "SCOPES", "ENVIRONMENT", "DOCUMENTATION"].map(str::to_owned)];
    for known in &KNOWN {
        rows.push([
            known.name().to_owned(),
            known.display_name().to_owned(),
            known.scopes().collect::<Vec<_>>().join(" "),
            known.variables().join(" "),
            known.docs().to_owned(),
        ]);
    }
    rows.push(["demo", "Demo", "profile notes", "none: run `acf serve`", "acf serve --help"].map(str::to_owned));
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(String::len).max().unwrap_or(0);
    let widths: [usize; 5] = std::array::from_fn(width);
    let mut table = String::new();
    for row in &rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(widths) {
            let _ = write!(line, "{cell:width$}  ");
        }
        let _ = writeln!(table, "{}", line.trim_end());
    }
    table
}
