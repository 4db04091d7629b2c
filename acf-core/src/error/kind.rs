//! What happened, and what to do about it.

/// What happened: each kind with its stable [code](Self::code), an example of what brings it, and what helps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A declaration or a value given to this library breaks a rule. The message says which, and what to write.
    ///
    /// Code: `configuration`. Example: `base_uri` with `http://`, or an empty client secret. Cure: write what the message
    /// says.
    Configuration,
    /// The provider declares no endpoint for what was asked of it.
    ///
    /// Code: `unsupported`. Example: [`Flow::revoke`](crate::Flow::revoke) without a `revocation_path`. Cure: declare the
    /// endpoint if the provider has one; else do not ask ([`Flow::can_revoke`](crate::Flow::can_revoke)).
    Unsupported,
    /// The operating system gave no random bytes. Nothing was sent.
    ///
    /// Code: `random`. Example: a sandbox that forbids the system call. Cure: allow it.
    Random,
    /// A store failed. Nothing was sent after the failure.
    ///
    /// Code: `store`. Example: the disk of the database is full, or a row was written by a later release. Cure: mend the
    /// store and call again; what a login had not used up is still there.
    Store,
    /// The callback is no authorization response: repeated parameters, broken encoding, too long, no code.
    ///
    /// Code: `callback`. Example: `?code=a&code=b`. Cure: hand over the query as it arrived; if it did arrive so, begin
    /// the login again.
    Callback,
    /// The callback has no `state`.
    ///
    /// Code: `state_missing`. Example: somebody opened the redirect URI by hand. Cure: begin the login again.
    StateMissing,
    /// No pending login has this `state`: it was finished already, expired long ago, or never began here.
    ///
    /// Code: `state_unknown`. Example: the page of the callback was reloaded; or two processes have a `MemoryStore` each.
    /// Cure: begin the login again; give all processes the same store.
    StateUnknown,
    /// The login took longer than a pending login lives, or a login on another device than its code.
    ///
    /// Code: `state_expired`. Example: the person went for lunch in front of the provider's page. Cure: begin again, or
    /// allow more time ([`FlowBuilder::login_lifetime`](crate::FlowBuilder::login_lifetime)).
    StateExpired,
    /// The login began for another user or in another browser.
    ///
    /// Code: `binding_mismatch`. Example: somebody sent a person the link of their own callback (RFC 6749 section 10.12).
    /// Cure: none; the login stays usable for its owner. If it befalls honest logins, the value given as `user` changes
    /// on the way.
    BindingMismatch,
    /// The login began with another provider, or with other endpoints of this one.
    ///
    /// Code: `provider_mismatch`. Example: two providers share a redirect URI, and the callback was given to the wrong
    /// flow. Cure: a redirect URI for each provider (RFC 9700 section 4.4).
    ProviderMismatch,
    /// The callback's `iss` is not the provider's issuer (RFC 9207 section 2.4), or an issuer's metadata name another one
    /// (RFC 8414 section 3.3).
    ///
    /// Code: `issuer_mismatch`. Example: the declaration has no `issuer` and the provider sends one. Cure: declare it, if
    /// it is the right one ([`Error::attribute`](crate::Error::attribute)).
    IssuerMismatch,
    /// The person, or the provider on their behalf, said no (`access_denied`).
    ///
    /// Code: `access_denied`. Example: the button "Cancel". Cure: none; let them choose.
    AccessDenied,
    /// The provider answered with another error; [`Error::provider`](crate::Error::provider) has its words.
    ///
    /// Code: `provider`. Example: `invalid_client`, because the secret is an old one. Cure: by its code, which
    /// [`Error::next`](crate::Error::next) knows.
    Provider,
    /// The request did not reach the provider, and nothing was sent.
    ///
    /// Code: `not_sent`. Example: no such host, or a closed port. Cure: call again later; a login begins again.
    NotSent,
    /// The server could not prove who it is, or TLS with it cannot be set up. Nothing was sent.
    ///
    /// Code: `tls`. Example: a certificate that has expired, is for another name, or is vouched for by nobody known here.
    /// Cure: at the server; or install `ca-certificates`; or name the authority of one's own network
    /// (`ClientBuilder::roots`).
    Tls,
    /// The connection failed after the request may have left: whether the provider acted on it is unknown.
    ///
    /// Code: `transport`. Example: the answer ends in its middle. Cure: a login begins again; a call that may be made
    /// twice can be made again.
    Transport,
    /// No answer within the deadline. The request may have left.
    ///
    /// Code: `timeout`. Example: a server that sends a byte a second. Cure: as for `Transport`; or allow more time
    /// ([`Limits`](crate::http::Limits)).
    Timeout,
    /// The answer is not what the protocol allows: status, content type, size or form.
    ///
    /// Code: `response`. Example: a page for people, because the address is wrong. Cure: check the endpoint; declare the
    /// deviation, if there is an [attribute](crate::Error::attribute) for it.
    Response,
    /// The token response breaks a rule (RFC 6749 section 5.1).
    ///
    /// Code: `token_response`. Example: it has no `token_type`. Cure: declare the deviation, by the
    /// [attribute](crate::Error::attribute) that the error names.
    TokenResponse,
    /// There is no token for this user.
    ///
    /// Code: `no_token`. Example: the person never logged in, or out again. Cure: send them through the login.
    NoToken,
    /// The access token has expired.
    ///
    /// Code: `token_expired`. Example: its hour is over. Cure: [`Session::refresh`](crate::Session::refresh), or the login
    /// where there is no refresh token.
    TokenExpired,
    /// The stored token was deleted while it was used.
    ///
    /// Code: `conflict`. Example: the person logged out in another tab during a refresh. Cure: send them through the
    /// login; a token is not brought back.
    Conflict,
    /// Another process, or another caller of this one, is refreshing the token and did not finish in time. Nothing was sent.
    ///
    /// Code: `busy`. Example: it was stopped, or the provider answers it slowly. Cure: call again.
    Busy,
}

impl ErrorKind {
    /// A stable name for logs, metrics and comparison across releases.
    ///
    /// ```
    /// assert_eq!(acf_core::ErrorKind::StateUnknown.code(), "state_unknown");
    /// ```
    pub const fn code(self) -> &'static str {
        match self {
            Self::Configuration => "configuration",
            Self::Unsupported => "unsupported",
            Self::Random => "random",
            Self::Store => "store",
            Self::Callback => "callback",
            Self::StateMissing => "state_missing",
            Self::StateUnknown => "state_unknown",
            Self::StateExpired => "state_expired",
            Self::BindingMismatch => "binding_mismatch",
            Self::ProviderMismatch => "provider_mismatch",
            Self::IssuerMismatch => "issuer_mismatch",
            Self::AccessDenied => "access_denied",
            Self::Provider => "provider",
            Self::NotSent => "not_sent",
            Self::Tls => "tls",
            Self::Transport => "transport",
            Self::Timeout => "timeout",
            Self::Response => "response",
            Self::TokenResponse => "token_response",
            Self::NoToken => "no_token",
            Self::TokenExpired => "token_expired",
            Self::Conflict => "conflict",
            Self::Busy => "busy",
        }
    }
}

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Next {
    /// The same call may succeed later; after [`Error::retry_after`](crate::Error::retry_after), where the provider said
    /// so. Never the answer to a login whose callback was used up.
    Retry,
    /// Send the person through the login again.
    Reauthorize,
    /// Something that was written down is wrong: the declaration, a credential, a registered redirect URI.
    FixConfiguration,
    /// Nothing will help: the person said no, or the request was not theirs.
    GiveUp,
}

#[cfg(test)]
mod tests {
    /// The variants, each with its docs, of this very file.
    fn documented() -> Vec<(&'static str, String)> {
        let source = include_str!("kind.rs");
        let body = source.split_once("pub enum ErrorKind {").unwrap().1.split_once("\n}").unwrap().0;
        let mut docs = String::new();
        let mut variants = Vec::new();
        for line in body.lines().map(str::trim).filter(|line| !line.is_empty()) {
            match line.strip_prefix("///") {
                Some(text) => docs += text,
                None => variants.push((line.trim_end_matches(','), std::mem::take(&mut docs))),
            }
        }
        variants
    }

    #[test]
    fn the_docs_name_every_code_once_with_an_example_and_a_cure() {
        let variants = documented();
        let codes =
            include_str!("kind.rs").lines().filter_map(|line| line.trim().strip_prefix("Self::")?.split_once(" => "));
        let codes: Vec<_> = codes.map(|(name, code)| (name, code.trim_matches(['"', ','].as_slice()))).collect();
        assert_eq!(variants.len(), 23);
        assert_eq!(
            variants.iter().map(|(name, _)| *name).collect::<Vec<_>>(),
            codes.iter().map(|(n, _)| *n).collect::<Vec<_>>()
        );
        for ((name, docs), (_, code)) in variants.iter().zip(&codes) {
            for part in [format!("Code: `{code}`."), " Example: ".to_owned(), " Cure: ".to_owned()] {
                assert_eq!(docs.matches(&part).count(), 1, "{name}: {part}");
            }
            let all: usize = variants.iter().map(|(_, docs)| docs.matches(&format!("Code: `{code}`")).count()).sum();
            assert_eq!(all, 1, "{code}");
        }
    }
}
