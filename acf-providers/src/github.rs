use acf_core::{BaseUri, ClientId, ClientSecret, Error, Host, OAuthProvider, RedirectUri, Scopes};

/// [GitHub](https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps), for OAuth apps and
/// GitHub apps; also GitHub Enterprise Server, with [`host`](Self::host).
///
/// Tokens of OAuth apps do not expire and are not refreshed; those of GitHub apps do and are, if the app says so. GitHub
/// offers no revocation by RFC 7009: people end a connection at <https://github.com/settings/applications>.
#[derive(Clone, Debug, OAuthProvider, serde::Deserialize)]
#[oauth(
    name = "github",
    display_name = "GitHub",
    docs = "https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps",
    base_uri = "https://github.com",
    authorization_path = "/login/oauth/authorize",
    access_token_path = "/login/oauth/access_token",
    userinfo_endpoint = "https://api.github.com/user",
    // Sent as `iss` since April 2026:
    // https://docs.github.com/en/apps/github-authentication-discovery-endpoints
    issuer = "https://github.com/login/oauth",
    scope("read:user"),
    client_auth = client_secret_post,
    // Asked for with spaces, answered with commas.
    token_response(scope_separator = ","),
)]
pub struct GitHub {
    /// The app's client ID.
    pub client_id: ClientId,
    /// One of the app's client secrets.
    pub client_secret: ClientSecret,
    /// The authorization callback URL, or a path below it.
    pub redirect_uri: RedirectUri,
    /// Scopes instead of the default ones; GitHub apps ignore scopes.
    pub scope: Option<Scopes>,
    /// The server, if it is not github.com; set by [`host`](Self::host), together with the next two.
    #[serde(skip)]
    base_uri: Option<BaseUri>,
    #[serde(skip)]
    #[oauth(userinfo_endpoint)]
    userinfo: Option<String>,
    #[serde(skip)]
    #[oauth(issuer)]
    issuer: Option<String>,
}

crate::preset!(GitHub);

impl GitHub {
    /// Uses a GitHub Enterprise Server, whose API is
    /// [below `/api/v3`](https://docs.github.com/en/enterprise-server@latest/rest/using-the-rest-api/getting-started-with-the-rest-api).
    ///
    /// ```
    /// let github = acf_providers::GitHub::new("id", "secret", "https://app.example/callback")?.host("git.example")?;
    /// let flow = acf_core::Flow::new(github)?;
    /// assert!(flow.authorization_url(&flow.make_state()?).starts_with("https://git.example/login/oauth/authorize?"));
    /// # Ok::<(), acf_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](acf_core::ErrorKind::Configuration) if it is no host name.
    pub fn host(mut self, host: &str) -> Result<Self, Error> {
        let host: Host = host.parse()?;
        self.base_uri = Some(format!("https://{host}").parse()?);
        self.userinfo = Some(format!("https://{host}/api/v3/user"));
        self.issuer = Some(format!("https://{host}/login/oauth"));
        Ok(self)
    }
}
