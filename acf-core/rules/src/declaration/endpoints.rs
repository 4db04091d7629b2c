//! Which endpoints there are, and in which form.

use super::{Declaration, Report, Subject, grants};
use crate::language::Endpoint;

pub(super) fn check(d: &Declaration<'_>, report: &mut Report<'_>) {
    let (mut uses_base, mut has_url) = (false, false);
    for endpoint in Endpoint::ALL.iter().copied() {
        let url_key = endpoint.url_key();
        let (path_key, path) = match endpoint.path_key() {
            Some(key) => (key, d.one("", key)),
            None => (url_key, None),
        };
        let url = d.one("", url_key);
        uses_base |= path.is_some();
        // A field is a source where no constant is; beside one it takes its place only at run time.
        has_url |= url.is_some() || (path.is_none() && d.has_role(url_key));
        if let (Some(_), Some((index, _))) = (path, url) {
            report(
                Subject::Key(index),
                format_args!("the endpoint is given twice, as `{path_key}` and as `{url_key}`"),
                format_args!("keep one of the two"),
            );
        }
        if let Some((index, _)) = path.filter(|_| !d.has("base_uri") && !d.has_role("base_uri")) {
            report(
                Subject::Key(index),
                format_args!("`{path_key}` needs a `base_uri`"),
                format_args!("add `base_uri = \"https://HOST\"`, or use `{url_key}`"),
            );
        }
        if required(d, endpoint) && !given(d, endpoint) {
            report(
                Subject::Whole,
                format_args!("missing `{path_key}`"),
                format_args!("add `{path_key} = \"/..\"`, or `{url_key} = \"https://..\"`"),
            );
        }
    }
    if has_url && !uses_base {
        let subject = match d.one("", "base_uri") {
            Some((index, _)) => Subject::Key(index),
            None if d.has_role("base_uri") => Subject::Role("base_uri"),
            None => return,
        };
        report(
            subject,
            format_args!("`base_uri` is not used: every endpoint is a whole URL"),
            format_args!("remove `base_uri`"),
        );
    }
}

/// A device gets its token without sending anybody to the authorization endpoint (RFC 8628), and so does who acts for
/// itself.
fn required(d: &Declaration<'_>, endpoint: Endpoint) -> bool {
    match endpoint {
        Endpoint::Authorization => {
            grants::sends_people(d) && (d.has("grant_types") || !given(d, Endpoint::DeviceAuthorization))
        }
        Endpoint::Token => true,
        _ => false,
    }
}

/// Whether the endpoint is declared in any form.
pub(super) fn given(d: &Declaration<'_>, endpoint: Endpoint) -> bool {
    endpoint.path_key().is_some_and(|key| d.has(key)) || d.has(endpoint.url_key()) || d.has_role(endpoint.url_key())
}
