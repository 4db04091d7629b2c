//! Queries that endpoints bring along: the flow adds its parameters to them, and none may come twice (RFC 6749 section 3.1).

use super::{Declaration, Report, Subject, requests};
use crate::language::Endpoint;

const REQUESTS: &[(Endpoint, &str)] = &[
    (Endpoint::Authorization, "authorize"),
    (Endpoint::Token, "token"),
    (Endpoint::Refresh, "refresh"),
    (Endpoint::Revocation, "revoke"),
    (Endpoint::Userinfo, "userinfo"),
];

pub(super) fn check(d: &Declaration<'_>, report: &mut Report<'_>) {
    for (endpoint, group) in REQUESTS.iter().copied() {
        for key in endpoint.path_key().into_iter().chain([endpoint.url_key()]) {
            let Some((index, entry)) = d.one("", key) else { continue };
            let Some((_, query)) = entry.value.text().and_then(|text| text.split_once('?')) else { continue };
            one(d, group, index, query, report);
        }
    }
}

fn one(d: &Declaration<'_>, group: &'static str, index: usize, query: &str, report: &mut Report<'_>) {
    let names =
        || query.split('&').map(|pair| pair.split('=').next().unwrap_or_default()).filter(|name| !name.is_empty());
    for (at, name) in names().enumerate() {
        if requests::sent(d, group, name) {
            report(
                Subject::Value(index),
                format_args!("the query has `{name}`, which the flow itself sends"),
                format_args!("remove it from the query"),
            );
        } else if names().take(at).any(|earlier| earlier == name) {
            report(
                Subject::Value(index),
                format_args!("the query has `{name}` twice"),
                format_args!("keep one; several values go into one string"),
            );
        }
        if let Some((other, _)) = d.all(group, "params").find(|(_, entry)| entry.name == name) {
            report(
                Subject::Name(other),
                format_args!("parameter `{name}` is in the endpoint's query already"),
                format_args!("remove it here, or there"),
            );
        }
    }
}
