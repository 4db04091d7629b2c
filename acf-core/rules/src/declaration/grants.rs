//! Which grants are used, and what each needs.

use super::{Declaration, Report, Subject, endpoints, requests};
use crate::{
    language::{ClientAuth, Endpoint, GrantType},
    suggest::nearest,
};

pub(super) fn check(d: &Declaration<'_>, report: &mut Report<'_>) {
    for (index, entry) in d.all("", "grant_types") {
        let Some(text) = entry.value.text() else { continue };
        match GrantType::from_name(text) {
            None => unknown(Subject::Value(index), text, report),
            Some(GrantType::DeviceCode) if !endpoints::given(d, Endpoint::DeviceAuthorization) => report(
                Subject::Value(index),
                format_args!("`device_code` needs a device authorization endpoint (RFC 8628 section 3.1)"),
                format_args!(
                    "add `device_authorization_path = \"/..\"`, or `device_authorization_endpoint = \"https://..\"`"
                ),
            ),
            Some(GrantType::ClientCredentials) if is_public(d) => report(
                Subject::Value(index),
                format_args!("`client_credentials` is for confidential clients alone (RFC 6749 section 4.4)"),
                format_args!(
                    "let the client prove who it is: `client_auth = client_secret_basic`, with a field `client_secret: ClientSecret`"
                ),
            ),
            Some(_) => {}
        }
    }
    unused(d, Endpoint::Authorization, sends_people(d), "authorization_code", report);
    unused(d, Endpoint::DeviceAuthorization, uses(d, GrantType::DeviceCode), "device_code", report);
}

fn unknown(subject: Subject<'_>, text: &str, report: &mut Report<'_>) {
    let message = format_args!("unknown grant type `{text}`");
    // `urn:ietf:params:oauth:grant-type:device_code`, and with the hyphens of `jwt-bearer`.
    let last = text.rsplit(':').next().unwrap_or(text);
    let same = |name: &str| name.bytes().eq(last.bytes().map(|byte| if byte == b'-' { b'_' } else { byte }));
    let named = GrantType::NAMES.iter().copied().find(|name| same(name));
    match named.or_else(|| nearest(last, GrantType::NAMES.iter().copied())) {
        Some(name) => report(subject, message, format_args!("did you mean `{name}`?")),
        None => report(subject, message, format_args!("{}", Known)),
    }
}

struct Known;

impl core::fmt::Display for Known {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("known here:")?;
        GrantType::NAMES.iter().try_for_each(|name| write!(f, " `{name}`"))
    }
}

/// An endpoint of a grant that is not used.
fn unused(d: &Declaration<'_>, endpoint: Endpoint, used: bool, grant: &str, report: &mut Report<'_>) {
    let path = endpoint.path_key().and_then(|key| d.one("", key));
    if let Some((index, entry)) = path.or_else(|| d.one("", endpoint.url_key())).filter(|_| !used) {
        report(
            Subject::Key(index),
            format_args!("`{}` is not used: `{grant}` is not among the `grant_types`", entry.key.name),
            format_args!("remove it, or add `{grant}` to `grant_types(..)`"),
        );
    }
}

/// Whether a grant may be used: it is listed, or nothing is.
fn uses(d: &Declaration<'_>, grant: GrantType) -> bool {
    let mut listed = d.all("", "grant_types").peekable();
    // What is not known here may be any.
    let known = |text| GrantType::from_name(text).is_none_or(|listed| listed == grant);
    listed.peek().is_none() || listed.any(|(_, entry)| entry.value.text().is_none_or(known))
}

/// Whether people are sent to the authorization endpoint, and back to the redirect URI.
pub(super) fn sends_people(d: &Declaration<'_>) -> bool {
    uses(d, GrantType::AuthorizationCode) || uses(d, GrantType::Implicit)
}

/// Whether the client proves nothing to the token endpoint, as far as is known here.
fn is_public(d: &Declaration<'_>) -> bool {
    !d.has("hooks") && requests::method(d, "token") == Some(ClientAuth::None.name())
}
