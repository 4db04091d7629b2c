use crate::{Checked, text, uri};

/// What a text of the language must be. Each is one function of [`uri`] or [`text`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Grammar {
    /// One line of any text: [`text::line`].
    Line,
    /// [`text::identifier`].
    Identifier,
    /// [`uri::base_uri`], written as in [`uri::canonical`].
    BaseUri,
    /// [`uri::path`].
    Path,
    /// [`uri::endpoint`], written as in [`uri::canonical`].
    Endpoint,
    /// [`uri::issuer`].
    Issuer,
    /// [`uri::page`].
    Page,
    /// [`uri::redirect_uri`].
    RedirectUri,
    /// [`text::client_id`].
    ClientId,
    /// [`text::scope_token`]; in a declaration [`text::scope_in_list`].
    Scope,
    /// [`text::scope_separator`].
    Separator,
    /// [`text::parameter_name`].
    Parameter,
    /// The value of a parameter, with placeholders: [`text::value`].
    Value,
    /// The value of a header, with placeholders: [`text::header_value`].
    HeaderValue,
    /// [`text::token`].
    Token,
    /// The name of a member, or a JSON pointer to it: [`text::member`].
    Member,
    /// [`text::fragment`].
    Fragment,
}

impl Grammar {
    /// Checks a text.
    ///
    /// # Errors
    /// The first violation.
    pub const fn check(self, text: &str) -> Checked {
        match self {
            Self::Line => text::line(text),
            Self::Identifier => text::identifier(text),
            Self::BaseUri => canonical(text, uri::base_uri(text)),
            Self::Path => uri::path(text),
            Self::Endpoint => canonical(text, uri::endpoint(text)),
            Self::Issuer => uri::issuer(text),
            Self::Page => uri::page(text),
            Self::RedirectUri => uri::redirect_uri(text),
            Self::ClientId => text::client_id(text),
            Self::Scope => text::scope_token(text),
            Self::Separator => text::scope_separator(text),
            Self::Parameter => text::parameter_name(text),
            Self::Value => text::value(text),
            Self::HeaderValue => text::header_value(text),
            Self::Token => text::token(text),
            Self::Member => text::member(text),
            Self::Fragment => text::fragment(text),
        }
    }
}

const fn canonical(text: &str, checked: Checked) -> Checked {
    match checked {
        Ok(()) => uri::canonical(text),
        wrong => wrong,
    }
}
