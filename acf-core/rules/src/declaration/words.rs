//! The words of a declaration that are chosen from a list.

/// How a client proves to the token endpoint who it is, by the names of RFC 7591 section 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ClientAuth {
    /// `client_secret_basic`: HTTP Basic, identifier and secret form-encoded first (RFC 6749 section 2.3.1).
    ClientSecretBasic,
    /// `client_secret_basic_raw`: HTTP Basic without the form-encoding, for servers that do not decode it.
    ClientSecretBasicRaw,
    /// `client_secret_post`: identifier and secret in the request body.
    ClientSecretPost,
    /// `none`: a public client sends its identifier alone.
    None,
}

impl ClientAuth {
    /// Every method, in the order in which they are offered to people.
    pub const ALL: &[Self] = &[Self::ClientSecretBasic, Self::ClientSecretBasicRaw, Self::ClientSecretPost, Self::None];

    /// The name used in declarations.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ClientSecretBasic => "client_secret_basic",
            Self::ClientSecretBasicRaw => "client_secret_basic_raw",
            Self::ClientSecretPost => "client_secret_post",
            Self::None => "none",
        }
    }

    /// The method of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|method| method.name() == name)
    }

    /// Whether the method needs a client secret.
    pub const fn needs_secret(self) -> bool {
        !matches!(self, Self::None)
    }
}

/// How the body of a token request is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Post {
    /// `application/x-www-form-urlencoded`, as RFC 6749 section 4.1.3 defines it.
    #[default]
    Form,
    /// `application/json`, for the providers that want it.
    Json,
}

impl Post {
    /// Every encoding.
    pub const ALL: &[Self] = &[Self::Form, Self::Json];

    /// The name used in declarations.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Json => "json",
        }
    }

    /// The encoding of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|post| post.name() == name)
    }
}

/// The endpoints of a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Endpoint {
    /// Where a person logs in and consents (RFC 6749 section 3.1).
    Authorization,
    /// Where a code becomes a token (RFC 6749 section 3.2).
    Token,
    /// Where a refresh token becomes a new token, if that is not the token endpoint.
    Refresh,
    /// Where a token is given up (RFC 7009).
    Revocation,
    /// Who the token belongs to (OpenID Connect Core section 5.3, or the vendor's own).
    Userinfo,
}

impl Endpoint {
    /// Every endpoint.
    pub const ALL: &[Self] = &[Self::Authorization, Self::Token, Self::Refresh, Self::Revocation, Self::Userinfo];

    /// The key that takes a path joined to `base_uri`.
    pub const fn path_key(self) -> &'static str {
        match self {
            Self::Authorization => "authorization_path",
            Self::Token => "access_token_path",
            Self::Refresh => "refresh_path",
            Self::Revocation => "revocation_path",
            Self::Userinfo => "userinfo_path",
        }
    }

    /// The key that takes a whole URL.
    pub const fn url_key(self) -> &'static str {
        match self {
            Self::Authorization => "authorization_endpoint",
            Self::Token => "token_endpoint",
            Self::Refresh => "refresh_endpoint",
            Self::Revocation => "revocation_endpoint",
            Self::Userinfo => "userinfo_endpoint",
        }
    }

    pub(super) const fn required(self) -> bool {
        matches!(self, Self::Authorization | Self::Token)
    }
}
