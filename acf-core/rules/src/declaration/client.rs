//! Who the client is, and how it says so.

use super::{Declaration, Report, Subject, endpoints, grants};
use crate::language::{ClientAuth, Endpoint};

pub(super) fn check(d: &Declaration<'_>, report: &mut Report<'_>) {
    authentication(d, report);
    pkce(d, report);
    for role in ["client_id", "redirect_uri"] {
        if let Some((index, _)) = d.one("", role).filter(|_| d.has_role(role)) {
            report(
                Subject::Key(index),
                format_args!("`{role}` is given twice, as a constant and by a field"),
                format_args!("remove `{role}` here, or the field"),
            );
        }
    }
    if !d.has_role("client_id") && !d.has("client_id") {
        report(
            Subject::Whole,
            format_args!("no field is the `client_id`"),
            format_args!("add a field `client_id: ClientId`, or mark one with `#[oauth(client_id)]`"),
        );
    }
    // Without an authorization endpoint nobody is ever sent back.
    let sent = grants::sends_people(d)
        && (endpoints::given(d, Endpoint::Authorization) || !endpoints::given(d, Endpoint::DeviceAuthorization));
    let omitted = d.all("authorize", "omit").any(|(_, entry)| entry.value.text() == Some("redirect_uri"));
    if !d.has_role("redirect_uri") && !d.has("redirect_uri") && sent && !omitted {
        report(
            Subject::Whole,
            format_args!("no field is the `redirect_uri`"),
            format_args!("add a field `redirect_uri: RedirectUri`, or mark one with `#[oauth(redirect_uri)]`"),
        );
    }
}

/// A secret that a hook makes, or that a template puts where it belongs, needs no field and no method. One that a hook
/// signs or hashes with is never sent, and needs no method either.
fn authentication(d: &Declaration<'_>, report: &mut Report<'_>) {
    let has_secret = d.has_role("client_secret");
    let has_key = d.has_role("signing_key");
    let (mut uses_secret, mut uses_key) = (false, false);
    for group in ["", "token", "refresh", "revoke"] {
        let Some((index, entry)) = d.one(group, "client_auth") else { continue };
        let Some(method) = entry.value.text().and_then(ClientAuth::from_name) else {
            // Unknown, or attempted: it may be any method.
            (uses_secret, uses_key) = (true, true);
            continue;
        };
        uses_secret |= method.needs_secret();
        uses_key |= method == ClientAuth::PrivateKeyJwt;
        let name = method.name();
        if method.needs_secret() && !has_secret && !d.has("hooks") {
            report(
                Subject::Value(index),
                format_args!("`{name}` needs a client secret"),
                format_args!(
                    "add a field `client_secret: ClientSecret`, or write `client_auth = none` for a public client"
                ),
            );
        }
        if method == ClientAuth::PrivateKeyJwt && !has_key && !d.has("hooks") {
            report(
                Subject::Value(index),
                format_args!("`{name}` needs a signing key"),
                format_args!("add a field `signing_key: SigningKey`, or mark one with `#[oauth(signing_key)]`"),
            );
        }
    }
    let in_a_template = d.entries.iter().any(|entry| {
        entry.value.text().is_some_and(|text| crate::uri::placeholders(text).any(|name| name == "client_secret"))
    });
    let declared = d.one("", "client_auth");
    if has_secret && declared.is_none() {
        report(
            Subject::Whole,
            format_args!("missing `client_auth`: how is the secret sent?"),
            format_args!(
                "add `client_auth = client_secret_basic` or `client_auth = client_secret_post`, whichever the provider's page names"
            ),
        );
    } else if has_secret && !uses_secret && !in_a_template && !d.has("hooks") {
        let method = declared.and_then(|(_, entry)| entry.value.text()).unwrap_or("none");
        let message = if method == "none" {
            format_args!("a public client (`client_auth = none`) has no secret")
        } else {
            format_args!("`client_auth = {method}` uses no secret")
        };
        report(
            Subject::Role("client_secret"),
            message,
            format_args!("remove the field, or write the `client_auth` that the provider's page names"),
        );
    }
    if has_key && !uses_key {
        report(
            Subject::Role("signing_key"),
            format_args!("nothing is signed with this key"),
            format_args!("write `client_auth = private_key_jwt`, or remove the field"),
        );
    }
}

fn pkce(d: &Declaration<'_>, report: &mut Report<'_>) {
    let Some((index, entry)) = d.one("", "pkce") else { return };
    let public = match d.one("", "client_auth") {
        Some((_, entry)) => entry.value.text() == Some("none"),
        None => !d.has_role("client_secret"),
    };
    if entry.value.text() == Some("off") && public && !d.has_role("client_secret") {
        report(
            Subject::Value(index),
            format_args!("a public client must use PKCE (RFC 9700 section 2.1.1)"),
            format_args!("remove `pkce = off`"),
        );
    }
}
