//! Cookies: always `HttpOnly`, `SameSite=Lax`, for the whole site and for no other host.
//!
//! `Lax` and not `Strict`: the provider's redirect is a navigation from another site, and has to bring the cookie.

use axum::http::{HeaderMap, header};

/// The value of a cookie. One that was sent twice is not trusted: some other host has put one of them there.
pub(crate) fn read(headers: &HeaderMap, name: &str) -> Option<String> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs = all.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let mut values = pairs.filter(|(given, _)| *given == name).map(|(_, value)| value);
    match (values.next(), values.next()) {
        (Some(value), None) if !value.is_empty() => Some(value.to_owned()),
        _ => None,
    }
}

/// `Set-Cookie`; a lifetime of 0 removes it.
///
/// Without `Secure` only for plain http on this machine: Safari, and most programs that are not browsers, drop `Secure`
/// cookies there, and nobody is on that wire.
pub(crate) fn set(name: &str, value: &str, lifetime: i64, secure: bool) -> String {
    let secure = if secure { "; Secure" } else { "" };
    format!("{name}={value}; Path=/; Max-Age={lifetime}; HttpOnly; SameSite=Lax{secure}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_read_if_it_is_there_once() {
        for (header, value) in [
            ("acf=1", Some("1")),
            ("a=b; acf=1; acfx=2", Some("1")),
            ("acf=1; acf=2", None),
            ("acf=", None),
            ("xacf=1", None),
            ("", None),
        ] {
            let headers = HeaderMap::from_iter([(header::COOKIE, header.parse().unwrap())]);
            assert_eq!(read(&headers, "acf").as_deref(), value, "{header}");
        }
    }
}
