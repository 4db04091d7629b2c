//! The response of the implicit grant (RFC 6749 section 4.2.2): a fragment that holds the token itself.

use zeroize::Zeroizing;

use super::{Callback, Known, MAX_BYTES, decoded, malformed};
use crate::{
    error::Error,
    hooks::Hooks,
    provider::{CallbackRules, ResponseRules},
};

/// A parsed fragment: what a callback has, and the members of a token response.
pub(crate) struct Fragment {
    pub(crate) callback: Callback,
    pub(crate) members: Vec<(String, Zeroizing<String>)>,
}

impl Fragment {
    /// Parses a fragment, with or without `#`, or the whole URL that the browser was sent to. No parameter may occur twice:
    /// each of them becomes a member of the token.
    pub(crate) fn parse(
        text: &str,
        rules: &CallbackRules,
        response: &ResponseRules,
        hooks: Option<&dyn Hooks>,
    ) -> Result<Self, Error> {
        if text.len() > MAX_BYTES {
            return Err(malformed("is longer than 16 KiB"));
        }
        let pairs = decoded(fragment(text), &rules.names)?;
        if let Some(hooks) = hooks {
            hooks.callback(&super::CallbackParams { pairs: &pairs })?;
        }
        let mut known = Known::default();
        let (mut captured, mut members) = (Vec::new(), Vec::<(String, Zeroizing<String>)>::new());
        for (name, value) in pairs {
            let repeated =
                || malformed(format!("repeats `{}` (RFC 6749 section 3.1)", crate::error::clean(&name, &[])));
            match known.slot(&name, &rules.names).filter(|_| !matches!(name.as_str(), "access_token" | "id_token")) {
                Some((slot, limit)) => {
                    if value.len() > limit {
                        return Err(malformed(format!("has a `{name}` of more than {limit} bytes")));
                    }
                    if slot.replace(value).is_some() {
                        return Err(repeated());
                    }
                }
                None if members.iter().any(|(own, _)| *own == name) => return Err(repeated()),
                None => {
                    if rules.capture.contains(&name) {
                        captured.push((name.clone(), value.to_string()));
                    }
                    members.push((name, value));
                }
            }
        }
        // An empty parameter counts as none (RFC 6749 section 3.1).
        members.retain(|(_, value)| !value.is_empty());
        let has = |standard: &str| {
            let name = response.names.name(standard).unwrap_or(standard);
            members.iter().any(|(own, _)| own == name)
        };
        if has("refresh_token") {
            return Err(malformed(
                "carries a refresh token, which never goes through a browser (RFC 6749 section 4.2.2)",
            ));
        }
        let callback = known.into_callback(rules)?;
        if callback.code.is_some() {
            return Err(malformed("carries a code, which this login did not ask for"));
        }
        match (has("access_token"), callback.error.is_some()) {
            (false, false) => Err(malformed("has neither `access_token` nor `error`")),
            (true, true) => Err(malformed("has both `access_token` and `error`")),
            _ => Ok(Self { callback: Callback { captured, ..callback }, members }),
        }
    }
}

/// The fragment of what was handed over. A URL without one has none.
fn fragment(text: &str) -> &str {
    match text.split_once('#') {
        Some((_, fragment)) => fragment,
        None if text.split('=').next().is_some_and(|head| head.contains("://")) => "",
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    fn parse(text: &str) -> Result<Fragment, Error> {
        Fragment::parse(text, &CallbackRules::default(), &ResponseRules::default(), None)
    }

    #[test]
    fn a_fragment_and_a_url_read_alike() {
        for text in [
            "access_token=a%2Bb&token_type=bearer&state=s&scope=x+y",
            "state=s&iss=https://x.example&access_token=a%2Bb&token_type=bearer&scope=x+y",
            "#state=s&access_token=a%2Bb&token_type=bearer&scope=x%20y&refresh_token=",
            "https://app.example/cb#access_token=a%2Bb&state=s&scope=x+y&token_type=bearer",
            "https://app.example/cb?state=other&access_token=c#access_token=a%2Bb&state=s&scope=x+y&token_type=bearer&&x",
        ] {
            let Fragment { callback, members } = parse(text).unwrap();
            let mut members: Vec<_> = members.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            members.sort_unstable();
            assert_eq!(callback.state.as_str(), "s", "{text}");
            assert_eq!(members, [("access_token", "a+b"), ("scope", "x y"), ("token_type", "bearer")], "{text}");
        }
        let denied = parse("#error=access_denied&error_description=No%0d%0athanks&state=s").unwrap();
        assert_eq!(denied.callback.error.unwrap().error_description(), Some("No  thanks"));
    }

    #[test]
    fn hostile_fragments() {
        use ErrorKind::{Callback as Malformed, StateMissing};
        let token = "access_token=s3cret-t&token_type=bearer&state=s3cret-s";
        for (text, kind) in [
            (String::new(), StateMissing),
            ("#".into(), StateMissing),
            ("https://app.example/cb".into(), StateMissing),
            ("https://app.example/cb?error=access_denied&state=s3cret-s".into(), StateMissing),
            ("access_token=s3cret-t&token_type=bearer".into(), StateMissing),
            ("access_token=s3cret-t&token_type=bearer&state=".into(), StateMissing),
            ("state=s3cret-s".into(), Malformed),
            ("state=s3cret-s&access_token=".into(), Malformed),
            ("https://app.example/cb?access_token=s3cret-t&state=s3cret-s#state=s3cret-s".into(), Malformed),
            (format!("{token}&state=s3cret-s"), Malformed),
            (format!("{token}&access_token=s3cret-u"), Malformed),
            (format!("{token}&%61ccess_token=s3cret-u"), Malformed),
            (format!("{token}&x=s3cret-1&x=s3cret-1"), Malformed),
            (format!("{token}&expires_in=1&expires_in=2"), Malformed),
            (format!("{token}&error=access_denied"), Malformed),
            (format!("{token}&code=s3cret-c"), Malformed),
            (format!("{token}&refresh_token=s3cret-r"), Malformed),
            (format!("{token}&response=s3cret-j"), Malformed),
            (format!("{token}&token=s3cret-j"), Malformed),
            (format!("{token}&x=%zz"), Malformed),
            (format!("{token}&x=%ff"), Malformed),
            (format!("{token}&x=%00"), Malformed),
            (format!("{token}&%0a=x"), Malformed),
            ("access_token=a%0d%0ab&state=s3cret-s".into(), Malformed),
            (format!("access_token=a&state={}", "s".repeat(513)), Malformed),
            (format!("{token}&iss={}", "i".repeat(2049)), Malformed),
            (format!("{token}&x={}", "x".repeat(16 * 1024)), Malformed),
            (format!("{token}{}", "&x".repeat(62)), Malformed),
        ] {
            let error = parse(&text).err().unwrap_or_else(|| panic!("{text}"));
            assert_eq!(error.kind(), kind, "{text}: {error}");
            assert!(!format!("{error} {error:?}").contains("s3cret"), "{error}");
        }
    }
}
