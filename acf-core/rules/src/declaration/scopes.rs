//! Scopes beside one another and beside their separator.

use super::{Declaration, Report, Subject, violation};
use crate::{Rule, text};

pub(super) fn check(d: &Declaration<'_>, report: &mut Report<'_>) {
    let declared = d.one("", "scope_separator").map(|(_, entry)| entry.value.text());
    let separator = declared.flatten().filter(|text| text::scope_separator(text).is_ok()).unwrap_or(" ");
    // With an unknown separator a comma may be right.
    let spaces = separator == " " && declared != Some(None);
    for (index, scope) in d.all("", "scope") {
        let Some(text) = scope.value.text() else { continue };
        let subject = Subject::Value(index);
        let earlier = || d.all("", "scope").take_while(|(at, _)| *at < index).filter_map(|(_, e)| e.value.text());
        match text::scope_in_list(text, separator) {
            Err(v) if v.rule() == Rule::SeveralScopes => {
                report(subject, format_args!("`{text}` holds several scopes"), format_args!("{}", v.help()));
            }
            Ok(()) if text.contains(',') && spaces => report(
                subject,
                format_args!("`{text}` would be sent as one scope"),
                format_args!("write scope(\"a\", \"b\"); if the provider wants commas, add `scope_separator = \",\"`"),
            ),
            Ok(()) if earlier().any(|earlier| earlier == text) => {
                report(subject, format_args!("scope `{text}` is given twice"), format_args!("remove one"));
            }
            checked => {
                violation(subject, "scope", text, checked, report);
                if let Some(other) = earlier().find(|earlier| earlier.eq_ignore_ascii_case(text)) {
                    report(
                        subject,
                        format_args!("scopes `{other}` and `{text}` differ only by case"),
                        format_args!("keep the one that the provider's page names; case counts"),
                    );
                }
            }
        }
    }
    if let (Some((index, _)), Some(_)) =
        (d.one("", "scope_param"), d.all("authorize", "rename").find(|(_, entry)| entry.name == "scope"))
    {
        report(
            Subject::Key(index),
            format_args!("the parameter of the scopes is named twice, by `scope_param` and by `rename(scope = ..)`"),
            format_args!("keep `scope_param`"),
        );
    }
}
