//! What an answer says about an error (RFC 6749 section 5.2), by the declaration where it deviates.

use serde_json::Value;

use super::{hint, members::Members};
use crate::{error::ProviderError, provider::ResponseRules, token::text};

/// What the provider said, where the answer reports an error. `refused` tells that its status does so already.
///
/// Every place is looked for in the object at `path` first, and then at the top: many providers keep their error beside
/// the object that holds the token.
pub(super) fn said(
    members: &Members,
    refused: bool,
    rules: &ResponseRules,
    confidential: &[&str],
) -> Option<ProviderError> {
    let declared = &rules.error;
    let path = rules.path.as_deref();
    let find = |place: &str| {
        let found = members.find_at(path, place).or_else(|| path.and_then(|_| members.find(place)));
        found.filter(|value| !value.is_null())
    };
    let indicator = declared.path.as_deref().map(&find);
    let code = declared.code.as_deref().and_then(find).or_else(|| find("error"));
    let failed = match indicator {
        // The status stands over the body: an answer that is refused is not made good by a member.
        Some(value) => is_error(value, declared.ok.as_deref()) || (refused && code.is_some()),
        // Some providers report errors with status 200 and a standard body (GitHub does).
        None => code.is_some(),
    };
    if !failed {
        return None;
    }
    // A number or a word that tells success from error is a code, too; `false` is none.
    let own = || indicator.flatten().filter(|value| !value.is_boolean());
    let code = code.or_else(own);
    let description = match declared.description.as_deref() {
        Some(place) => find(place),
        None => find("error_description"),
    };
    // An object where a code should be is an error all the same: its words are shown until they are declared.
    let within = code.filter(|_| declared.code.is_none()).map(hint::within);
    let description = description.or_else(|| within.and_then(|(_, description)| description));
    let code = within.and_then(|(code, _)| code).or(code).and_then(text).unwrap_or_default();
    let (description, uri) = (description.and_then(text), find("error_uri").and_then(text));
    Some(ProviderError::new(&code, description.as_deref(), uri.as_deref(), confidential))
}

/// Whether the member that tells success and error apart says error. With a declared text of success everything else is
/// an error, its absence as well: an answer without it is none that the declaration knows.
fn is_error(value: Option<&Value>, ok: Option<&str>) -> bool {
    match (ok, value) {
        (Some(ok), value) => value.and_then(text).is_none_or(|text| text != ok),
        (None, None | Some(Value::Null)) => false,
        (None, Some(Value::Bool(error))) => *error,
        (None, Some(Value::Number(number))) => number.as_f64() != Some(0.0),
        (None, Some(Value::String(text))) => !matches!(text.as_str(), "" | "0"),
        (None, Some(Value::Array(_) | Value::Object(_))) => true,
    }
}
