use super::Flow;
use crate::{
    discovery::{Difference, Metadata},
    error::Error,
};
#[cfg(feature = "reqwest")]
use crate::{http::ReqwestClient, provider::Credentials};

impl Flow {
    /// A flow with whatever provider the issuer is: fetches what it announces of itself (RFC 8414, OpenID Connect
    /// Discovery), and makes of it what [`Metadata::provider`] says, with the defaults of [`new`](Self::new).
    ///
    /// It connects wherever the issuer says. Where users type issuers in, take the steps one by one, with a client for
    /// public addresses: see [`discovery`](crate::discovery).
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), acf_core::Error> {
    /// use acf_core::{Credentials, Flow};
    ///
    /// let credentials = Credentials::new("id").client_secret("secret".parse()?).redirect_uri("https://app.example/callback");
    /// let flow = Flow::discover("https://login.example", credentials).await?;
    /// let request = flow.begin("user-42").scope("profile").await?;
    /// # let _ = request;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Metadata::fetch`], [`Metadata::provider`] and [`new`](Self::new).
    #[cfg(feature = "reqwest")]
    pub async fn discover(issuer: &str, credentials: Credentials) -> Result<Self, Error> {
        let http = ReqwestClient::new()?;
        let metadata = Metadata::fetch(issuer, &http).await?;
        let provider = metadata.provider(credentials)?.display_name(metadata.host()).build()?;
        Self::builder(provider).http_client(http).build()
    }

    /// Compares the declaration with what its issuer announces today: endpoints, `client_auth`, `pkce`, `require_iss`,
    /// scopes and grants. For a test of your own, or a page for operators; a login needs none of it.
    ///
    /// ```no_run
    /// # async fn example(flow: acf_core::Flow) -> Result<(), acf_core::Error> {
    /// for difference in flow.check_metadata().await? {
    ///     println!("{difference}"); // `pkce`: the method S256 is not announced; announced: none
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if no `issuer` is declared, and as [`Metadata::fetch`].
    pub async fn check_metadata(&self) -> Result<Vec<Difference>, Error> {
        let provider = self.resolved();
        let issuer = provider.issuer.as_deref().ok_or_else(|| {
            let name = &provider.display_name;
            Error::configuration(format!("{name} declares no `issuer`, whose metadata could be compared: declare it"))
        })?;
        let metadata = Metadata::fetch_within(issuer, self.http(), self.0.limits).await?;
        Ok(metadata.differences(provider))
    }
}
