//! Which attribute would accept an answer that was refused. Each text is ready to paste, and is made of nothing but the
//! names of members and short plain words: a value may be a secret.

use acf_rules::language::ExpiresUnit;
use serde_json::Value;

use super::members::Members;
use crate::provider::ResponseRules;

/// When an encoding is declared.
pub(super) const WRITTEN_SO: &str = "its answers are written so";
/// When a lifetime is declared as a point in time.
pub(super) const POINT: &str = "that is the time at which the token ends";
pub(super) const SCOPE_LIST: &str = "token_response(scope_list)";
pub(super) const TOKEN_TYPE: &str = "token_response(token_type = \"Bearer\")";
pub(super) const TOKEN_TYPE_RENAMED: &str = "token_response(rename(token_type = \"tokenType\"))";
pub(super) const ZERO_IS_NEVER: &str = "token_response(zero_is_never)";

/// What providers call an access token otherwise, with what they then call the rest.
const RENAMED: &[(&str, &[(&str, &str)])] = &[
    (
        "accessToken",
        &[
            ("token_type", "tokenType"),
            ("expires_in", "expiresIn"),
            ("refresh_token", "refreshToken"),
            ("id_token", "idToken"),
        ],
    ),
    ("access-token", &[("token_type", "token-type"), ("expires_in", "expires-in"), ("refresh_token", "refresh-token")]),
    ("AccessToken", &[("token_type", "TokenType"), ("expires_in", "ExpiresIn"), ("refresh_token", "RefreshToken")]),
    ("token", &[("refresh_token", "refreshToken")]),
];

/// Members by which providers tell success and error apart, each with its text of success where that is not zero or absent.
const INDICATORS: &[(&str, Option<&str>)] = &[
    ("ok", Some("true")),
    ("success", Some("true")),
    ("errcode", None),
    ("error_code", None),
    ("errorCode", None),
    ("err_code", None),
    ("code", None),
    ("ret", None),
    ("status", None),
];

/// Members that hold the code of an error, and its description.
const CODES: &[&str] = &["code", "type", "errorType", "error_code", "errorCode", "error", "status"];
const DESCRIPTIONS: &[&str] =
    &["error_description", "description", "message", "errmsg", "error_message", "errorMessage", "msg", "error_msg"];

pub(super) fn unit(unit: ExpiresUnit) -> String {
    format!("token_response(expires_unit = {})", unit.name())
}

pub(super) fn status(status: u16) -> String {
    format!("token_response(status = {status})")
}

/// Where the access token may be: the condition, and the attribute.
pub(super) fn access_token(
    members: &Members,
    rules: &ResponseRules,
    confidential: &[&str],
) -> Option<(&'static str, String)> {
    let path = rules.path.as_deref();
    let there = |name: &str| is_text(members.find_at(path, name));
    if let Some((name, others)) = RENAMED.iter().find(|(name, _)| there(name)) {
        let others = others.iter().filter(|(_, other)| members.find_at(path, other).is_some());
        let all: Vec<_> = std::iter::once(("access_token", *name))
            .chain(others.copied())
            .map(|(standard, other)| format!("{standard} = \"{other}\""))
            .collect();
        return Some(("that is what this provider calls it", format!("token_response(rename({}))", all.join(", "))));
    }
    if path.is_none() {
        let holds = |value: &Value| {
            std::iter::once("access_token")
                .chain(RENAMED.iter().map(|(name, _)| *name))
                .any(|name| is_text(value.get(name)))
        };
        let mut objects = members.other.iter().filter(|(_, value)| holds(value)).map(|(name, _)| name);
        if let (Some(name), None) = (objects.next(), objects.next())
            && is_plain_name(name)
            && !confidential.iter().any(|part| name.contains(part))
        {
            return Some(("the members are in that object", format!("token_response(path = \"/{name}\")")));
        }
    }
    error(members, rules).map(|attribute| ("that is how this provider reports an error", attribute))
}

/// How an answer may report an error, where that is not declared.
pub(super) fn error(members: &Members, rules: &ResponseRules) -> Option<String> {
    if rules.error.path.is_some() || rules.error.code.is_some() {
        return None;
    }
    let says = |(name, ok): &&(&str, Option<&str>)| match (members.find(name), ok) {
        (Some(Value::Bool(value)), Some(_)) => !value,
        (Some(Value::Number(number)), None) => number.as_f64() != Some(0.0),
        // A word in `status` or `code` may stand for success just as well.
        (Some(Value::String(text)), None) => !matches!(text.as_str(), "" | "0") && name.starts_with("err"),
        _ => false,
    };
    if let Some((name, ok)) = INDICATORS.iter().find(says) {
        let ok = ok.map(|ok| format!(", ok = \"{ok}\"")).unwrap_or_default();
        let description = first(DESCRIPTIONS, |name| is_text(members.find(name)))
            .filter(|name| *name != "error_description")
            .map(|name| format!(", description = \"{name}\""))
            .unwrap_or_default();
        return Some(format!("token_response(error(path = \"{name}\"{ok}{description}))"));
    }
    // An object, or a list of them, in place of a code.
    ["/error", "/errors/0", "/fault", "/meta"].into_iter().find_map(|place| {
        let inner = members.find(place).filter(|value| value.is_object())?;
        let code = first(CODES, |name| is_scalar(inner, name)).map(|name| format!("code = \"{place}/{name}\""));
        let description =
            first(DESCRIPTIONS, |name| is_scalar(inner, name)).map(|name| format!("description = \"{place}/{name}\""));
        let parts: Vec<_> = [code, description].into_iter().flatten().collect();
        (!parts.is_empty()).then(|| format!("token_response(error({}))", parts.join(", ")))
    })
}

/// The code and the description in an object that stands in place of a code.
pub(super) fn within(error: &Value) -> (Option<&Value>, Option<&Value>) {
    let at = |names: &[&'static str]| error.get(first(names, |name| is_scalar(error, name))?);
    (at(CODES), at(DESCRIPTIONS))
}

/// How a body that is no announced JSON may be read.
pub(super) fn encoding(body: &[u8]) -> Option<&'static str> {
    // Almost any text splits at `&` and `=`, a page for people as well.
    let tells = |members: &Members| {
        ["access_token", "error"].iter().any(|name| members.find(name).is_some())
            && members.other.keys().all(|name| is_plain_name(name))
    };
    if serde_json::from_slice::<Members>(body).is_ok() {
        Some("token_response(encoding = json)")
    } else if Members::from_form(body).is_ok_and(|members| tells(&members)) {
        Some("token_response(encoding = form)")
    } else {
        None
    }
}

/// What a token type that is not known may be declared as. A type that is known is not another name for a bearer token: it
/// must be proven in another way (RFC 6749 section 7.1).
pub(super) fn token_type_alias(sent: &str) -> Option<String> {
    const OTHER_TYPES: &[&str] = &["mac", "dpop", "pop", "hmac", "hok", "basic", "none", "n_a"];
    let other = OTHER_TYPES.iter().any(|name| sent.eq_ignore_ascii_case(name));
    (is_word(sent) && !other).then(|| format!("token_response(token_type_alias = \"{sent}\")"))
}

/// Whether a text is a few short words, which no secret is.
pub(super) fn is_word(text: &str) -> bool {
    let short = |word: &str| (1..=16).contains(&word.len());
    text.len() <= 40
        && text.split(' ').all(short)
        && text.bytes().all(|b| b.is_ascii_alphabetic() || matches!(b, b' ' | b'_' | b'-'))
}

/// Whether a name can be pasted, and is no data.
fn is_plain_name(name: &str) -> bool {
    (1..=40).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
}

fn is_text(value: Option<&Value>) -> bool {
    value.and_then(Value::as_str).is_some_and(|text| !text.is_empty())
}

fn is_scalar(object: &Value, name: &str) -> bool {
    object.get(name).is_some_and(|value| value.is_string() || value.is_number())
}

fn first<'a>(names: &[&'a str], is: impl Fn(&str) -> bool) -> Option<&'a str> {
    names.iter().find(|name| is(name)).copied()
}
