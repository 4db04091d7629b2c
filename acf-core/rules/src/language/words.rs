//! The words that are chosen from a list.

/// An enum with the word for each of its values.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$inner:meta])* $value:ident = $word:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$inner])* $value,)*
        }

        impl $name {
            /// Every value, in the order in which they are offered to people.
            pub const ALL: &[Self] = &[$(Self::$value),*];

            /// The word for each, in the same order.
            pub const NAMES: &[&str] = &[$($word),*];

            /// The word used in declarations.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$value => $word,)*
                }
            }

            /// The value of that word.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.name() == name)
            }
        }
    )*};
}

words! {
    /// How a client proves to an endpoint who it is, by the names of RFC 7591 section 2.
    ClientAuth {
        /// HTTP Basic, identifier and secret form-encoded first (RFC 6749 section 2.3.1).
        ClientSecretBasic = "client_secret_basic",
        /// HTTP Basic without the form-encoding, for servers that do not decode it.
        ClientSecretBasicRaw = "client_secret_basic_raw",
        /// Identifier and secret in the request.
        ClientSecretPost = "client_secret_post",
        /// A public client sends its identifier alone.
        #[default]
        None = "none",
        /// An assertion signed with the client's private key (RFC 7523 section 2.2).
        PrivateKeyJwt = "private_key_jwt",
        /// An assertion authenticated with the client secret (RFC 7523 section 2.2).
        ClientSecretJwt = "client_secret_jwt",
        /// The client certificate of the TLS connection, vouched for by an authority (RFC 8705 section 2.1).
        TlsClientAuth = "tls_client_auth",
        /// The client certificate of the TLS connection, which the provider knows itself (RFC 8705 section 2.2).
        SelfSignedTlsClientAuth = "self_signed_tls_client_auth",
    }

    /// A grant that a client uses, by the names of RFC 7591 section 2; those that are a URN there by the URN's last part.
    GrantType {
        /// A person logs in and consents (RFC 6749 section 4.1).
        #[default]
        AuthorizationCode = "authorization_code",
        /// A refresh token for a token (RFC 6749 section 6): possible beside any other, listed or not.
        RefreshToken = "refresh_token",
        /// The client acts for itself (RFC 6749 section 4.4).
        ClientCredentials = "client_credentials",
        /// A person confirms on another device (RFC 8628).
        DeviceCode = "device_code",
        /// A token for a token (RFC 8693).
        TokenExchange = "token_exchange",
        /// A signed assertion for a token (RFC 7523 section 2.1).
        JwtBearer = "jwt_bearer",
        /// A person's password, retired (RFC 9700 section 2.4).
        Password = "password",
        /// A token through the browser, retired (RFC 9700 section 2.1.2).
        Implicit = "implicit",
    }

    /// How the parameters of a request are written.
    Post {
        /// `application/x-www-form-urlencoded`, as RFC 6749 section 4.1.3 defines it.
        #[default]
        Form = "form",
        /// `application/json`, for the providers that want it.
        Json = "json",
        /// In the query of the URL, with an empty body, for the providers that read nothing else.
        Query = "query",
    }

    /// The method of a request.
    Method {
        /// `POST`.
        #[default]
        Post = "post",
        /// `GET`, with the parameters in the query.
        Get = "get",
        /// `PUT`.
        Put = "put",
        /// `DELETE`.
        Delete = "delete",
    }

    /// Whether a refresh ends the refresh token that was used (RFC 9700 section 4.14.2).
    Rotates {
        /// It does, or nobody knows: a refresh token is sent once.
        #[default]
        Always = "always",
        /// It does not: a refresh token may be sent again.
        Never = "never",
    }

    /// Proof Key for Code Exchange (RFC 7636).
    Pkce {
        /// With every login, by the method S256.
        #[default]
        S256 = "s256",
        /// By the method `plain`, for servers that know no other.
        Plain = "plain",
        /// Never, for servers that refuse the parameters.
        Off = "off",
    }

    /// What the number in a token's lifetime counts.
    ExpiresUnit {
        /// Seconds from now.
        #[default]
        Seconds = "seconds",
        /// Milliseconds from now.
        Milliseconds = "milliseconds",
        /// Minutes from now.
        Minutes = "minutes",
        /// Seconds since the Unix epoch.
        UnixTime = "unix_time",
        /// Milliseconds since the Unix epoch.
        UnixTimeMilliseconds = "unix_time_milliseconds",
        /// A date and time as text (RFC 3339).
        DateTime = "date_time",
    }

    /// How a token response is written, whatever its content type says.
    Encoding {
        /// JSON.
        #[default]
        Json = "json",
        /// `application/x-www-form-urlencoded`.
        Form = "form",
    }
}

impl ClientAuth {
    /// Whether the method needs a client secret.
    pub const fn needs_secret(self) -> bool {
        matches!(
            self,
            Self::ClientSecretBasic | Self::ClientSecretBasicRaw | Self::ClientSecretPost | Self::ClientSecretJwt
        )
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
    /// Where a token's state is asked for (RFC 7662).
    Introspection,
    /// Where a device without a browser begins (RFC 8628).
    DeviceAuthorization,
    /// Where an authorization request is left beforehand (RFC 9126).
    PushedAuthorization,
    /// Who the token belongs to (OpenID Connect Core section 5.3, or the vendor's own).
    Userinfo,
    /// The provider's public keys (RFC 7517).
    Jwks,
}

impl Endpoint {
    /// Every endpoint.
    pub const ALL: &[Self] = &[
        Self::Authorization,
        Self::Token,
        Self::Refresh,
        Self::Revocation,
        Self::Introspection,
        Self::DeviceAuthorization,
        Self::PushedAuthorization,
        Self::Userinfo,
        Self::Jwks,
    ];

    /// How many there are.
    pub const COUNT: usize = Self::ALL.len();

    /// The key that takes a path joined to `base_uri`; none for the keys of RFC 7517.
    pub const fn path_key(self) -> Option<&'static str> {
        Some(match self {
            Self::Authorization => "authorization_path",
            Self::Token => "access_token_path",
            Self::Refresh => "refresh_path",
            Self::Revocation => "revocation_path",
            Self::Introspection => "introspection_path",
            Self::DeviceAuthorization => "device_authorization_path",
            Self::PushedAuthorization => "pushed_authorization_path",
            Self::Userinfo => "userinfo_path",
            Self::Jwks => return None,
        })
    }

    /// The key that takes a whole URL, by the names of RFC 8414.
    pub const fn url_key(self) -> &'static str {
        match self {
            Self::Authorization => "authorization_endpoint",
            Self::Token => "token_endpoint",
            Self::Refresh => "refresh_endpoint",
            Self::Revocation => "revocation_endpoint",
            Self::Introspection => "introspection_endpoint",
            Self::DeviceAuthorization => "device_authorization_endpoint",
            Self::PushedAuthorization => "pushed_authorization_request_endpoint",
            Self::Userinfo => "userinfo_endpoint",
            Self::Jwks => "jwks_uri",
        }
    }
}
