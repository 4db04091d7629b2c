// Written by the test `declarations_are_current` out of facts.json; UPDATE=1 writes it anew.

use acf_core::{ClientId, ClientSecret, Host, OAuthProvider, RedirectUri};

/// One provider of each, in the order of the facts.
pub(crate) fn all() -> Vec<Box<dyn OAuthProvider>> {
    vec![
        Box::new(StackexchangeDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect(), site: SEGMENT.to_owned() }),
        Box::new(GoogleDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(GithubDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(GitlabDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect(), host: host() }),
        Box::new(MicrosoftentraidDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect(), tenant: SEGMENT.to_owned() }),
        Box::new(AppleDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(FacebookDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect(), version: SEGMENT.to_owned() }),
        Box::new(InstagramDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(ThreadsDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(LinkedinDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(XDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(DiscordDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(SlackDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(SpotifyDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(TwitchDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(RedditDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(DropboxDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(BoxDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(BitbucketDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(AtlassianDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(NotionDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(LinearDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(FigmaDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(ZoomDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(SalesforceDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect(), host: host() }),
        Box::new(HubspotDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(ShopifyDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect(), api_version: SEGMENT.to_owned(), shop: host() }),
        Box::new(StripeDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(PaypalDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(SquareDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(AmazonDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(OktaDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect(), auth_server: SEGMENT.to_owned(), domain: host() }),
        Box::new(Auth0Declared { client_id: id(), client_secret: secret(), redirect_uri: redirect(), domain: host() }),
        Box::new(KeycloakDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect(), host: host(), realm: SEGMENT.to_owned() }),
        Box::new(CognitoDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect(), domain: host(), region: host(), user_pool_id: SEGMENT.to_owned() }),
        Box::new(WorkosDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(StravaDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(FitbitDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(TiktokDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(LineDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(KakaoDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(NaverDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(VkDeclared { client_id: id(), redirect_uri: redirect() }),
        Box::new(YandexDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(WechatDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(ZendeskDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect(), subdomain: host() }),
        Box::new(AsanaDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(ClickupDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(MondayDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(AirtableDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(IntercomDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(MailchimpDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(PatreonDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(KickDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(RobloxDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(EpicgamesDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(BattlenetDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(EveonlineDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(OsuDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(MyanimelistDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(AnilistDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(CoinbaseDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(DigitaloceanDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(HerokuDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(VercelDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(NetlifyDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(CloudflareDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(HuggingfaceDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(OpenstreetmapDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(MediawikiDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect(), host: host() }),
        Box::new(OrcidDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect(), host: host() }),
        Box::new(GiteaDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect(), host: host() }),
        Box::new(SourcehutDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect(), host: host() }),
        Box::new(MastodonDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect(), host: host() }),
        Box::new(BlueskyDeclared { client_id: id(), redirect_uri: redirect() }),
        Box::new(XeroDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(QuickbooksDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(DocusignDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect(), host: host() }),
        Box::new(TodoistDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(WithingsDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(OuraDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(PolarflowDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect(), user_id: SEGMENT.to_owned() }),
        Box::new(PolarshDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(GarminDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(LichessDeclared { client_id: id(), redirect_uri: redirect() }),
        Box::new(TraktDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(YahooDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(PinterestDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(TumblrDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(SnapchatDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(SoundcloudDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(VimeoDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(WordpressDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(BasecampDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(HarvestDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect(), account_id: SEGMENT.to_owned() }),
        Box::new(CalendlyDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(TypeformDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(WebexDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(PipedriveDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(FreshbooksDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(ZohoDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect(), tld: host() }),
        Box::new(EbayDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(EtsyDeclared { client_id: id(), redirect_uri: redirect() }),
        Box::new(CanvaDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(MiroDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(LarkDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(SentryDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
        Box::new(DeezerDeclared { client_id: id(), client_secret: secret(), redirect_uri: redirect() }),
    ]
}

const SEGMENT: &str = "a b/c";

fn id() -> ClientId {
    "the-id".parse().unwrap()
}

fn secret() -> ClientSecret {
    "s3cret".parse().unwrap()
}

fn redirect() -> RedirectUri {
    "https://app.example/cb".parse().unwrap()
}

fn host() -> Host {
    "forge.example".parse().unwrap()
}

#[derive(OAuthProvider)]
#[oauth(
    name = "stackexchange",
    display_name = "Stack Exchange",
    docs = "https://api.stackexchange.com/docs/authentication",
    authorization_endpoint = "https://stackoverflow.com/oauth",
    token_endpoint = "https://stackoverflow.com/oauth/access_token/json",
    revocation_endpoint = "https://api.stackexchange.com/2.3/access-tokens/{access_token}/invalidate",
    introspection_endpoint = "https://api.stackexchange.com/2.3/access-tokens/{access_token}",
    userinfo_endpoint = "https://api.stackexchange.com/2.3/me?site={site}",
    scope("read_inbox", "no_expiry", "write_access", "private_info"),
    scope_separator = ",",
    client_auth = client_secret_post,
    token_response(expires = "expires", token_type = "Bearer"),
)]
struct StackexchangeDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
    site: String,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "google",
    display_name = "Google",
    docs = "https://developers.google.com/identity/protocols/oauth2",
    authorization_endpoint = "https://accounts.google.com/o/oauth2/v2/auth",
    token_endpoint = "https://oauth2.googleapis.com/token",
    revocation_endpoint = "https://oauth2.googleapis.com/revoke",
    introspection_endpoint = "https://oauth2.googleapis.com/tokeninfo",
    device_authorization_endpoint = "https://oauth2.googleapis.com/device/code",
    userinfo_endpoint = "https://openidconnect.googleapis.com/v1/userinfo",
    issuer = "https://accounts.google.com",
    scope("openid", "email", "profile"),
    client_auth = client_secret_post,
)]
struct GoogleDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "github",
    display_name = "GitHub",
    docs = "https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps",
    authorization_endpoint = "https://github.com/login/oauth/authorize",
    token_endpoint = "https://github.com/login/oauth/access_token",
    revocation_endpoint = "https://api.github.com/applications/{client_id}/token",
    introspection_endpoint = "https://api.github.com/applications/{client_id}/token",
    device_authorization_endpoint = "https://github.com/login/device/code",
    userinfo_endpoint = "https://api.github.com/user",
    scope("read:user", "user:email"),
    client_auth = client_secret_post,
    token(headers("Accept" = "application/json")),
    api(headers("Accept" = "application/vnd.github+json", "User-Agent" = "acf")),
    token_response(scope_separator = ","),
)]
struct GithubDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "gitlab",
    display_name = "GitLab",
    docs = "https://docs.gitlab.com/api/oauth2/",
    authorization_endpoint = "https://{host}/oauth/authorize",
    token_endpoint = "https://{host}/oauth/token",
    revocation_endpoint = "https://{host}/oauth/revoke",
    introspection_endpoint = "https://{host}/oauth/introspect",
    device_authorization_endpoint = "https://{host}/oauth/authorize_device",
    userinfo_endpoint = "https://{host}/oauth/userinfo",
    issuer = "https://{host}",
    scope("read_user", "openid", "profile", "email"),
    client_auth = client_secret_post,
)]
struct GitlabDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
    host: Host,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "microsoftentraid",
    display_name = "Microsoft Entra ID",
    docs = "https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-auth-code-flow",
    authorization_endpoint = "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/authorize",
    token_endpoint = "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token",
    device_authorization_endpoint = "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/devicecode",
    userinfo_endpoint = "https://graph.microsoft.com/oidc/userinfo",
    issuer = "https://login.microsoftonline.com/{tenant}/v2.0",
    scope("openid", "profile", "email", "offline_access", "User.Read"),
    client_auth = client_secret_post,
    token(params("scope" = "{scope}")),
)]
struct MicrosoftentraidDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
    tenant: String,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "apple",
    display_name = "Sign in with Apple",
    docs = "https://developer.apple.com/documentation/signinwithapplerestapi",
    authorization_endpoint = "https://appleid.apple.com/auth/authorize",
    token_endpoint = "https://appleid.apple.com/auth/token",
    revocation_endpoint = "https://appleid.apple.com/auth/revoke",
    issuer = "https://appleid.apple.com",
    scope("name", "email"),
    client_auth = client_secret_post,
    authorize(params("response_mode" = "form_post")),
    callback(form_post),
)]
struct AppleDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "facebook",
    display_name = "Facebook",
    docs = "https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow/",
    authorization_endpoint = "https://www.facebook.com/{version}/dialog/oauth",
    token_endpoint = "https://graph.facebook.com/{version}/oauth/access_token",
    revocation_endpoint = "https://graph.facebook.com/{version}/me/permissions",
    introspection_endpoint = "https://graph.facebook.com/debug_token",
    device_authorization_endpoint = "https://graph.facebook.com/{version}/device/login",
    userinfo_endpoint = "https://graph.facebook.com/{version}/me?fields=id,name,email",
    issuer = "https://www.facebook.com",
    scope("public_profile", "email"),
    scope_separator = ",",
    client_auth = client_secret_post,
)]
struct FacebookDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
    version: String,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "instagram",
    display_name = "Instagram (business login)",
    docs = "https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/business-login",
    authorization_endpoint = "https://www.instagram.com/oauth/authorize",
    token_endpoint = "https://api.instagram.com/oauth/access_token",
    refresh_endpoint = "https://graph.instagram.com/refresh_access_token",
    userinfo_endpoint = "https://graph.instagram.com/me?fields=user_id,username",
    scope("instagram_business_basic"),
    scope_separator = ",",
    client_auth = client_secret_post,
)]
struct InstagramDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "threads",
    display_name = "Threads",
    docs = "https://developers.facebook.com/docs/threads/get-started/get-access-tokens-and-permissions",
    authorization_endpoint = "https://threads.net/oauth/authorize",
    token_endpoint = "https://graph.threads.net/oauth/access_token",
    refresh_endpoint = "https://graph.threads.net/refresh_access_token",
    userinfo_endpoint = "https://graph.threads.net/v1.0/me?fields=id,username",
    scope("threads_basic"),
    scope_separator = ",",
    client_auth = client_secret_post,
)]
struct ThreadsDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "linkedin",
    display_name = "LinkedIn",
    docs = "https://learn.microsoft.com/en-us/linkedin/shared/authentication/authorization-code-flow",
    authorization_endpoint = "https://www.linkedin.com/oauth/v2/authorization",
    token_endpoint = "https://www.linkedin.com/oauth/v2/accessToken",
    revocation_endpoint = "https://www.linkedin.com/oauth/v2/revoke",
    introspection_endpoint = "https://www.linkedin.com/oauth/v2/introspectToken",
    userinfo_endpoint = "https://api.linkedin.com/v2/userinfo",
    issuer = "https://www.linkedin.com/oauth",
    scope("openid", "profile", "email"),
    client_auth = client_secret_post,
    pkce = off,
)]
struct LinkedinDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "x",
    display_name = "X (Twitter)",
    docs = "https://docs.x.com/fundamentals/authentication/oauth-2-0/authorization-code",
    authorization_endpoint = "https://x.com/i/oauth2/authorize",
    token_endpoint = "https://api.x.com/2/oauth2/token",
    revocation_endpoint = "https://api.x.com/2/oauth2/revoke",
    userinfo_endpoint = "https://api.x.com/2/users/me",
    scope("users.read", "tweet.read", "offline.access"),
    client_auth = client_secret_basic,
)]
struct XDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "discord",
    display_name = "Discord",
    docs = "https://discord.com/developers/docs/topics/oauth2",
    authorization_endpoint = "https://discord.com/oauth2/authorize",
    token_endpoint = "https://discord.com/api/oauth2/token",
    revocation_endpoint = "https://discord.com/api/oauth2/token/revoke",
    userinfo_endpoint = "https://discord.com/api/users/@me",
    issuer = "https://discord.com",
    scope("identify", "email"),
    client_auth = client_secret_basic,
)]
struct DiscordDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "slack",
    display_name = "Slack",
    docs = "https://docs.slack.dev/authentication/installing-with-oauth",
    authorization_endpoint = "https://slack.com/oauth/v2/authorize",
    token_endpoint = "https://slack.com/api/oauth.v2.access",
    revocation_endpoint = "https://slack.com/api/auth.revoke",
    userinfo_endpoint = "https://slack.com/api/users.identity",
    scope("chat:write"),
    scope_separator = ",",
    client_auth = client_secret_basic,
)]
struct SlackDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "spotify",
    display_name = "Spotify",
    docs = "https://developer.spotify.com/documentation/web-api/tutorials/code-flow",
    authorization_endpoint = "https://accounts.spotify.com/authorize",
    token_endpoint = "https://accounts.spotify.com/api/token",
    userinfo_endpoint = "https://api.spotify.com/v1/me",
    scope("user-read-email", "user-read-private"),
    client_auth = client_secret_basic,
)]
struct SpotifyDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "twitch",
    display_name = "Twitch",
    docs = "https://dev.twitch.tv/docs/authentication/",
    authorization_endpoint = "https://id.twitch.tv/oauth2/authorize",
    token_endpoint = "https://id.twitch.tv/oauth2/token",
    revocation_endpoint = "https://id.twitch.tv/oauth2/revoke",
    introspection_endpoint = "https://id.twitch.tv/oauth2/validate",
    device_authorization_endpoint = "https://id.twitch.tv/oauth2/device",
    userinfo_endpoint = "https://id.twitch.tv/oauth2/userinfo",
    issuer = "https://id.twitch.tv/oauth2",
    scope("user:read:email", "openid"),
    client_auth = client_secret_post,
    api(headers("Client-Id" = "{client_id}")),
    token_response(scope_list),
)]
struct TwitchDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "reddit",
    display_name = "Reddit",
    docs = "https://github.com/reddit-archive/reddit/wiki/OAuth2",
    authorization_endpoint = "https://www.reddit.com/api/v1/authorize",
    token_endpoint = "https://www.reddit.com/api/v1/access_token",
    revocation_endpoint = "https://www.reddit.com/api/v1/revoke_token",
    userinfo_endpoint = "https://oauth.reddit.com/api/v1/me",
    scope("identity"),
    client_auth = client_secret_basic,
    pkce = off,
    token(headers("User-Agent" = "acf")),
    api(headers("User-Agent" = "acf")),
)]
struct RedditDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "dropbox",
    display_name = "Dropbox",
    docs = "https://developers.dropbox.com/oauth-guide",
    authorization_endpoint = "https://www.dropbox.com/oauth2/authorize",
    token_endpoint = "https://api.dropboxapi.com/oauth2/token",
    revocation_endpoint = "https://api.dropboxapi.com/2/auth/token/revoke",
    userinfo_endpoint = "https://api.dropboxapi.com/2/users/get_current_account",
    issuer = "https://www.dropbox.com",
    scope("account_info.read"),
    client_auth = client_secret_post,
    userinfo(method = post),
)]
struct DropboxDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "box",
    display_name = "Box",
    docs = "https://developer.box.com/guides/authentication/oauth2/",
    authorization_endpoint = "https://account.box.com/api/oauth2/authorize",
    token_endpoint = "https://api.box.com/oauth2/token",
    revocation_endpoint = "https://api.box.com/oauth2/revoke",
    userinfo_endpoint = "https://api.box.com/2.0/users/me",
    scope("root_readwrite"),
    client_auth = client_secret_post,
)]
struct BoxDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "bitbucket",
    display_name = "Bitbucket Cloud",
    docs = "https://support.atlassian.com/bitbucket-cloud/docs/use-oauth-on-bitbucket-cloud/",
    authorization_endpoint = "https://bitbucket.org/site/oauth2/authorize",
    token_endpoint = "https://bitbucket.org/site/oauth2/access_token",
    userinfo_endpoint = "https://api.bitbucket.org/2.0/user",
    scope("account", "email"),
    client_auth = client_secret_basic,
)]
struct BitbucketDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "atlassian",
    display_name = "Atlassian (Jira, Confluence)",
    docs = "https://developer.atlassian.com/cloud/jira/platform/oauth-2-3lo-apps/",
    authorization_endpoint = "https://auth.atlassian.com/authorize",
    token_endpoint = "https://auth.atlassian.com/oauth/token",
    revocation_endpoint = "https://auth.atlassian.com/oauth/revoke",
    userinfo_endpoint = "https://api.atlassian.com/me",
    issuer = "https://auth.atlassian.com",
    scope("read:me", "offline_access"),
    client_auth = client_secret_post,
    post = json,
    authorize(params("audience" = "api.atlassian.com", "prompt" = "consent")),
)]
struct AtlassianDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "notion",
    display_name = "Notion",
    docs = "https://developers.notion.com/docs/authorization",
    authorization_endpoint = "https://api.notion.com/v1/oauth/authorize",
    token_endpoint = "https://api.notion.com/v1/oauth/token",
    revocation_endpoint = "https://api.notion.com/v1/oauth/revoke",
    introspection_endpoint = "https://api.notion.com/v1/oauth/introspect",
    userinfo_endpoint = "https://api.notion.com/v1/users/me",
    client_auth = client_secret_basic,
    post = json,
    authorize(params("owner" = "user")),
    token(headers("Notion-Version" = "2022-06-28")),
    api(headers("Notion-Version" = "2022-06-28")),
)]
struct NotionDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "linear",
    display_name = "Linear",
    docs = "https://linear.app/developers/oauth-2-0-authentication",
    authorization_endpoint = "https://linear.app/oauth/authorize",
    token_endpoint = "https://api.linear.app/oauth/token",
    revocation_endpoint = "https://api.linear.app/oauth/revoke",
    userinfo_endpoint = "https://api.linear.app/graphql",
    scope("read"),
    scope_separator = ",",
    client_auth = client_secret_post,
)]
struct LinearDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "figma",
    display_name = "Figma",
    docs = "https://developers.figma.com/docs/rest-api/authentication/",
    authorization_endpoint = "https://www.figma.com/oauth",
    token_endpoint = "https://api.figma.com/v1/oauth/token",
    refresh_endpoint = "https://api.figma.com/v1/oauth/refresh",
    userinfo_endpoint = "https://api.figma.com/v1/me",
    scope("current_user:read", "file_content:read"),
    scope_separator = ",",
    client_auth = client_secret_basic,
)]
struct FigmaDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "zoom",
    display_name = "Zoom",
    docs = "https://developers.zoom.us/docs/integrations/oauth/",
    authorization_endpoint = "https://zoom.us/oauth/authorize",
    token_endpoint = "https://zoom.us/oauth/token",
    revocation_endpoint = "https://zoom.us/oauth/revoke",
    device_authorization_endpoint = "https://zoom.us/oauth/devicecode",
    userinfo_endpoint = "https://api.zoom.us/v2/users/me",
    scope("user:read"),
    client_auth = client_secret_basic,
)]
struct ZoomDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "salesforce",
    display_name = "Salesforce",
    docs = "https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_web_server_flow.htm",
    authorization_endpoint = "https://{host}/services/oauth2/authorize",
    token_endpoint = "https://{host}/services/oauth2/token",
    revocation_endpoint = "https://{host}/services/oauth2/revoke",
    introspection_endpoint = "https://{host}/services/oauth2/introspect",
    userinfo_endpoint = "https://{host}/services/oauth2/userinfo",
    issuer = "https://{host}",
    scope("api", "refresh_token", "openid"),
    client_auth = client_secret_post,
)]
struct SalesforceDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
    host: Host,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "hubspot",
    display_name = "HubSpot",
    docs = "https://developers.hubspot.com/docs/api-reference/latest/authentication/manage-oauth-tokens",
    authorization_endpoint = "https://app.hubspot.com/oauth/authorize",
    token_endpoint = "https://api.hubapi.com/oauth/2026-03/token",
    revocation_endpoint = "https://api.hubapi.com/oauth/2026-03/token/revoke",
    introspection_endpoint = "https://api.hubapi.com/oauth/2026-03/token/introspect",
    scope("oauth"),
    client_auth = client_secret_post,
)]
struct HubspotDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "shopify",
    display_name = "Shopify (Admin API)",
    docs = "https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/authorization-code-grant",
    authorization_endpoint = "https://{shop}.myshopify.com/admin/oauth/authorize",
    token_endpoint = "https://{shop}.myshopify.com/admin/oauth/access_token",
    userinfo_endpoint = "https://{shop}.myshopify.com/admin/api/{api_version}/graphql.json",
    scope("read_products"),
    scope_separator = ",",
    client_auth = client_secret_post,
    post = json,
    token(params("expiring" = "1")),
    api(headers("X-Shopify-Access-Token" = "{access_token}")),
    token_response(token_type = "Bearer"),
)]
struct ShopifyDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
    api_version: String,
    shop: Host,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "stripe",
    display_name = "Stripe Connect",
    docs = "https://docs.stripe.com/connect/oauth-reference",
    authorization_endpoint = "https://connect.stripe.com/oauth/authorize",
    token_endpoint = "https://connect.stripe.com/oauth/token",
    revocation_endpoint = "https://connect.stripe.com/oauth/deauthorize",
    userinfo_endpoint = "https://api.stripe.com/v1/account",
    scope("read_write"),
    client_auth = client_secret_post,
)]
struct StripeDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "paypal",
    display_name = "PayPal (Log in with PayPal)",
    docs = "https://developer.paypal.com/docs/log-in-with-paypal/",
    authorization_endpoint = "https://www.paypal.com/signin/authorize",
    token_endpoint = "https://api-m.paypal.com/v1/oauth2/token",
    userinfo_endpoint = "https://api-m.paypal.com/v1/identity/oauth2/userinfo?schema=paypalv1.1",
    issuer = "https://www.paypal.com",
    scope("openid", "email", "profile"),
    client_auth = client_secret_basic,
)]
struct PaypalDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "square",
    display_name = "Square",
    docs = "https://developer.squareup.com/docs/oauth-api/overview",
    authorization_endpoint = "https://connect.squareup.com/oauth2/authorize",
    token_endpoint = "https://connect.squareup.com/oauth2/token",
    revocation_endpoint = "https://connect.squareup.com/oauth2/revoke",
    introspection_endpoint = "https://connect.squareup.com/oauth2/token/status",
    userinfo_endpoint = "https://connect.squareup.com/v2/merchants/me",
    scope("MERCHANT_PROFILE_READ"),
    client_auth = client_secret_post,
    post = json,
    token(params("short_lived" = "true")),
    token_response(expires = "expires_at", expires_unit = date_time),
)]
struct SquareDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "amazon",
    display_name = "Login with Amazon",
    docs = "https://developer.amazon.com/docs/login-with-amazon/authorization-code-grant.html",
    authorization_endpoint = "https://www.amazon.com/ap/oa",
    token_endpoint = "https://api.amazon.com/auth/o2/token",
    introspection_endpoint = "https://api.amazon.com/auth/o2/tokeninfo",
    device_authorization_endpoint = "https://api.amazon.com/auth/o2/create/codepair",
    userinfo_endpoint = "https://api.amazon.com/user/profile",
    scope("profile"),
    client_auth = client_secret_post,
)]
struct AmazonDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "okta",
    display_name = "Okta",
    docs = "https://developer.okta.com/docs/api/openapi/okta-oauth/guides/overview/",
    authorization_endpoint = "https://{domain}/oauth2/{auth_server}/v1/authorize",
    token_endpoint = "https://{domain}/oauth2/{auth_server}/v1/token",
    revocation_endpoint = "https://{domain}/oauth2/{auth_server}/v1/revoke",
    introspection_endpoint = "https://{domain}/oauth2/{auth_server}/v1/introspect",
    device_authorization_endpoint = "https://{domain}/oauth2/{auth_server}/v1/device/authorize",
    userinfo_endpoint = "https://{domain}/oauth2/{auth_server}/v1/userinfo",
    issuer = "https://{domain}/oauth2/{auth_server}",
    scope("openid", "profile", "email", "offline_access"),
    client_auth = client_secret_basic,
)]
struct OktaDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
    auth_server: String,
    domain: Host,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "auth0",
    display_name = "Auth0",
    docs = "https://auth0.com/docs/api/authentication",
    authorization_endpoint = "https://{domain}/authorize",
    token_endpoint = "https://{domain}/oauth/token",
    revocation_endpoint = "https://{domain}/oauth/revoke",
    device_authorization_endpoint = "https://{domain}/oauth/device/code",
    userinfo_endpoint = "https://{domain}/userinfo",
    issuer = "https://{domain}/",
    scope("openid", "profile", "email", "offline_access"),
    client_auth = client_secret_post,
)]
struct Auth0Declared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
    domain: Host,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "keycloak",
    display_name = "Keycloak",
    docs = "https://www.keycloak.org/securing-apps/oidc-layers",
    authorization_endpoint = "https://{host}/realms/{realm}/protocol/openid-connect/auth",
    token_endpoint = "https://{host}/realms/{realm}/protocol/openid-connect/token",
    revocation_endpoint = "https://{host}/realms/{realm}/protocol/openid-connect/revoke",
    introspection_endpoint = "https://{host}/realms/{realm}/protocol/openid-connect/token/introspect",
    device_authorization_endpoint = "https://{host}/realms/{realm}/protocol/openid-connect/auth/device",
    userinfo_endpoint = "https://{host}/realms/{realm}/protocol/openid-connect/userinfo",
    issuer = "https://{host}/realms/{realm}",
    scope("openid", "profile", "email"),
    client_auth = client_secret_basic,
)]
struct KeycloakDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
    host: Host,
    realm: String,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "cognito",
    display_name = "Amazon Cognito",
    docs = "https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-userpools-server-contract-reference.html",
    authorization_endpoint = "https://{domain}/oauth2/authorize",
    token_endpoint = "https://{domain}/oauth2/token",
    revocation_endpoint = "https://{domain}/oauth2/revoke",
    userinfo_endpoint = "https://{domain}/oauth2/userInfo",
    issuer = "https://cognito-idp.{region}.amazonaws.com/{user_pool_id}",
    scope("openid", "email", "profile"),
    client_auth = client_secret_basic,
    token(params("client_id" = "{client_id}")),
)]
struct CognitoDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
    domain: Host,
    region: Host,
    user_pool_id: String,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "workos",
    display_name = "WorkOS (SSO)",
    docs = "https://workos.com/docs/reference",
    authorization_endpoint = "https://api.workos.com/sso/authorize",
    token_endpoint = "https://api.workos.com/sso/token",
    userinfo_endpoint = "https://api.workos.com/sso/profile",
    client_auth = client_secret_post,
    authorize(params("provider" = "authkit")),
)]
struct WorkosDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "strava",
    display_name = "Strava",
    docs = "https://developers.strava.com/docs/authentication/",
    authorization_endpoint = "https://www.strava.com/oauth/authorize",
    token_endpoint = "https://www.strava.com/oauth/token",
    revocation_endpoint = "https://www.strava.com/oauth/deauthorize",
    userinfo_endpoint = "https://www.strava.com/api/v3/athlete",
    scope("read"),
    scope_separator = ",",
    client_auth = client_secret_post,
)]
struct StravaDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "fitbit",
    display_name = "Fitbit",
    docs = "https://developers.google.com/health/about",
    authorization_endpoint = "https://www.fitbit.com/oauth2/authorize",
    token_endpoint = "https://api.fitbit.com/oauth2/token",
    revocation_endpoint = "https://api.fitbit.com/oauth2/revoke",
    introspection_endpoint = "https://api.fitbit.com/1.1/oauth2/introspect",
    userinfo_endpoint = "https://api.fitbit.com/1/user/-/profile.json",
    scope("profile"),
    client_auth = client_secret_basic,
)]
struct FitbitDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "tiktok",
    display_name = "TikTok",
    docs = "https://developers.tiktok.com/doc/oauth-user-access-token-management",
    authorization_endpoint = "https://www.tiktok.com/v2/auth/authorize/",
    token_endpoint = "https://open.tiktokapis.com/v2/oauth/token/",
    revocation_endpoint = "https://open.tiktokapis.com/v2/oauth/revoke/",
    userinfo_endpoint = "https://open.tiktokapis.com/v2/user/info/?fields=open_id,union_id,avatar_url,display_name",
    scope("user.info.basic"),
    scope_separator = ",",
    client_auth = client_secret_post,
    authorize(rename(client_id = "client_key")),
    token(rename(client_id = "client_key")),
)]
struct TiktokDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "line",
    display_name = "LINE",
    docs = "https://developers.line.biz/en/docs/line-login/integrate-line-login/",
    authorization_endpoint = "https://access.line.me/oauth2/v2.1/authorize",
    token_endpoint = "https://api.line.me/oauth2/v2.1/token",
    revocation_endpoint = "https://api.line.me/oauth2/v2.1/revoke",
    introspection_endpoint = "https://api.line.me/oauth2/v2.1/verify",
    userinfo_endpoint = "https://api.line.me/v2/profile",
    issuer = "https://access.line.me",
    scope("profile", "openid", "email"),
    client_auth = client_secret_post,
)]
struct LineDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "kakao",
    display_name = "Kakao",
    docs = "https://developers.kakao.com/docs/latest/en/kakaologin/rest-api",
    authorization_endpoint = "https://kauth.kakao.com/oauth/authorize",
    token_endpoint = "https://kauth.kakao.com/oauth/token",
    revocation_endpoint = "https://kapi.kakao.com/v1/user/unlink",
    introspection_endpoint = "https://kapi.kakao.com/v1/user/access_token_info",
    userinfo_endpoint = "https://kapi.kakao.com/v2/user/me",
    issuer = "https://kauth.kakao.com",
    scope("account_email", "profile_nickname"),
    scope_separator = ",",
    client_auth = client_secret_post,
)]
struct KakaoDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "naver",
    display_name = "Naver",
    docs = "https://developers.naver.com/docs/login/api/api.md",
    authorization_endpoint = "https://nid.naver.com/oauth2.0/authorize",
    token_endpoint = "https://nid.naver.com/oauth2.0/token",
    userinfo_endpoint = "https://openapi.naver.com/v1/nid/me",
    client_auth = client_secret_post,
    token(params("state" = "{state}")),
)]
struct NaverDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "vk",
    display_name = "VK ID",
    docs = "https://id.vk.com/about/business/go/docs/ru/vkid/latest/vk-id/connection/api-integration/api-description",
    authorization_endpoint = "https://id.vk.com/authorize",
    token_endpoint = "https://id.vk.com/oauth2/auth",
    revocation_endpoint = "https://id.vk.com/oauth2/revoke",
    userinfo_endpoint = "https://id.vk.com/oauth2/user_info",
    scope("vkid.personal_info", "email", "phone"),
    client_auth = none,
    userinfo(method = post),
)]
struct VkDeclared {
    client_id: ClientId,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "yandex",
    display_name = "Yandex",
    docs = "https://yandex.com/dev/id/doc/en/codes/code-url",
    authorization_endpoint = "https://oauth.yandex.com/authorize",
    token_endpoint = "https://oauth.yandex.com/token",
    revocation_endpoint = "https://oauth.yandex.com/revoke_token",
    device_authorization_endpoint = "https://oauth.yandex.com/device/code",
    userinfo_endpoint = "https://login.yandex.ru/info?format=json",
    scope("login:info", "login:email"),
    client_auth = client_secret_basic,
)]
struct YandexDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "wechat",
    display_name = "WeChat",
    docs = "https://developers.weixin.qq.com/doc/oplatform/en/Website_App/WeChat_Login/Wechat_Login.html",
    authorization_endpoint = "https://open.weixin.qq.com/connect/qrconnect",
    token_endpoint = "https://api.weixin.qq.com/sns/oauth2/access_token",
    refresh_endpoint = "https://api.weixin.qq.com/sns/oauth2/refresh_token",
    introspection_endpoint = "https://api.weixin.qq.com/sns/auth",
    userinfo_endpoint = "https://api.weixin.qq.com/sns/userinfo",
    scope("snsapi_login"),
    scope_separator = ",",
    client_auth = client_secret_post,
    pkce = off,
    authorize(rename(client_id = "appid"), fragment = "wechat_redirect"),
    token(method = get, rename(client_id = "appid", client_secret = "secret")),
    api(params("access_token" = "{access_token}")),
    token_response(token_type = "Bearer", encoding = json),
)]
struct WechatDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "zendesk",
    display_name = "Zendesk",
    docs = "https://developer.zendesk.com/api-reference/ticketing/oauth/grant_type_tokens/",
    authorization_endpoint = "https://{subdomain}.zendesk.com/oauth/authorizations/new",
    token_endpoint = "https://{subdomain}.zendesk.com/oauth/tokens",
    revocation_endpoint = "https://{subdomain}.zendesk.com/api/v2/oauth/tokens/current.json",
    userinfo_endpoint = "https://{subdomain}.zendesk.com/api/v2/users/me.json",
    scope("read"),
    client_auth = client_secret_post,
    post = json,
)]
struct ZendeskDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
    subdomain: Host,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "asana",
    display_name = "Asana",
    docs = "https://developers.asana.com/docs/oauth",
    authorization_endpoint = "https://app.asana.com/-/oauth_authorize",
    token_endpoint = "https://app.asana.com/-/oauth_token",
    revocation_endpoint = "https://app.asana.com/-/oauth_revoke",
    userinfo_endpoint = "https://app.asana.com/api/1.0/openid_connect/userinfo",
    issuer = "https://app.asana.com/api/1.0",
    scope("openid", "email", "profile"),
    client_auth = client_secret_post,
)]
struct AsanaDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "clickup",
    display_name = "ClickUp",
    docs = "https://developer.clickup.com/docs/authentication",
    authorization_endpoint = "https://app.clickup.com/api",
    token_endpoint = "https://api.clickup.com/api/v2/oauth/token",
    userinfo_endpoint = "https://api.clickup.com/api/v2/user",
    client_auth = client_secret_post,
    post = json,
)]
struct ClickupDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "monday",
    display_name = "monday.com",
    docs = "https://developer.monday.com/apps/docs/oauth",
    authorization_endpoint = "https://auth.monday.com/oauth2/authorize",
    token_endpoint = "https://auth.monday.com/oauth2/token",
    userinfo_endpoint = "https://api.monday.com/v2",
    scope("me:read"),
    client_auth = client_secret_post,
    pkce = off,
)]
struct MondayDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "airtable",
    display_name = "Airtable",
    docs = "https://airtable.com/developers/web/api/oauth-reference",
    authorization_endpoint = "https://airtable.com/oauth2/v1/authorize",
    token_endpoint = "https://airtable.com/oauth2/v1/token",
    userinfo_endpoint = "https://api.airtable.com/v0/meta/whoami",
    scope("user.email:read"),
    client_auth = client_secret_basic,
)]
struct AirtableDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "intercom",
    display_name = "Intercom",
    docs = "https://developers.intercom.com/docs/build-an-integration/learn-more/authentication/setting-up-oauth",
    authorization_endpoint = "https://app.intercom.com/oauth",
    token_endpoint = "https://api.intercom.io/auth/eagle/token",
    userinfo_endpoint = "https://api.intercom.io/me",
    client_auth = client_secret_post,
)]
struct IntercomDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "mailchimp",
    display_name = "Mailchimp",
    docs = "https://mailchimp.com/developer/marketing/guides/access-user-data-oauth-2/",
    authorization_endpoint = "https://login.mailchimp.com/oauth2/authorize",
    token_endpoint = "https://login.mailchimp.com/oauth2/token",
    userinfo_endpoint = "https://login.mailchimp.com/oauth2/metadata",
    client_auth = client_secret_post,
    token_response(zero_is_never),
)]
struct MailchimpDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "patreon",
    display_name = "Patreon",
    docs = "https://docs.patreon.com/#oauth",
    authorization_endpoint = "https://www.patreon.com/oauth2/authorize",
    token_endpoint = "https://www.patreon.com/api/oauth2/token",
    revocation_endpoint = "https://www.patreon.com/api/oauth2/revoke",
    userinfo_endpoint = "https://www.patreon.com/api/oauth2/v2/identity",
    scope("identity", "identity[email]"),
    client_auth = client_secret_post,
    api(headers("User-Agent" = "acf")),
)]
struct PatreonDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "kick",
    display_name = "Kick",
    docs = "https://docs.kick.com/getting-started/generating-tokens-oauth2-flow",
    authorization_endpoint = "https://id.kick.com/oauth/authorize",
    token_endpoint = "https://id.kick.com/oauth/token",
    revocation_endpoint = "https://id.kick.com/oauth/revoke",
    introspection_endpoint = "https://api.kick.com/public/v1/token/introspect",
    userinfo_endpoint = "https://api.kick.com/public/v1/users",
    scope("user:read"),
    client_auth = client_secret_post,
)]
struct KickDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "roblox",
    display_name = "Roblox",
    docs = "https://create.roblox.com/docs/cloud/auth/oauth2-overview",
    authorization_endpoint = "https://apis.roblox.com/oauth/v1/authorize",
    token_endpoint = "https://apis.roblox.com/oauth/v1/token",
    revocation_endpoint = "https://apis.roblox.com/oauth/v1/token/revoke",
    introspection_endpoint = "https://apis.roblox.com/oauth/v1/token/introspect",
    userinfo_endpoint = "https://apis.roblox.com/oauth/v1/userinfo",
    issuer = "https://apis.roblox.com/oauth/",
    scope("openid", "profile"),
    client_auth = client_secret_post,
)]
struct RobloxDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "epicgames",
    display_name = "Epic Games",
    docs = "https://dev.epicgames.com/docs/web-api-ref/authentication",
    authorization_endpoint = "https://www.epicgames.com/id/authorize",
    token_endpoint = "https://api.epicgames.dev/epic/oauth/v2/token",
    revocation_endpoint = "https://api.epicgames.dev/epic/oauth/v2/revoke",
    introspection_endpoint = "https://api.epicgames.dev/epic/oauth/v2/tokenInfo",
    device_authorization_endpoint = "https://api.epicgames.dev/epic/oauth/v2/deviceAuthorization",
    userinfo_endpoint = "https://api.epicgames.dev/epic/oauth/v2/userInfo",
    issuer = "https://api.epicgames.dev/epic/oauth/v1",
    scope("basic_profile"),
    client_auth = client_secret_basic_raw,
)]
struct EpicgamesDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "battlenet",
    display_name = "Battle.net",
    docs = "https://community.developer.battle.net/documentation/guides/using-oauth",
    authorization_endpoint = "https://oauth.battle.net/authorize",
    token_endpoint = "https://oauth.battle.net/token",
    introspection_endpoint = "https://oauth.battle.net/check_token",
    userinfo_endpoint = "https://oauth.battle.net/userinfo",
    issuer = "https://oauth.battle.net",
    scope("openid"),
    client_auth = client_secret_basic,
)]
struct BattlenetDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "eveonline",
    display_name = "EVE Online",
    docs = "https://developers.eveonline.com/docs/services/sso/",
    authorization_endpoint = "https://login.eveonline.com/v2/oauth/authorize",
    token_endpoint = "https://login.eveonline.com/v2/oauth/token",
    revocation_endpoint = "https://login.eveonline.com/v2/oauth/revoke",
    scope("publicData"),
    client_auth = client_secret_basic,
    token(omit(redirect_uri)),
)]
struct EveonlineDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "osu",
    display_name = "osu!",
    docs = "https://osu.ppy.sh/docs/#authentication",
    authorization_endpoint = "https://osu.ppy.sh/oauth/authorize",
    token_endpoint = "https://osu.ppy.sh/oauth/token",
    revocation_endpoint = "https://osu.ppy.sh/api/v2/oauth/tokens/current",
    userinfo_endpoint = "https://osu.ppy.sh/api/v2/me",
    scope("identify", "public"),
    client_auth = client_secret_post,
)]
struct OsuDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "myanimelist",
    display_name = "MyAnimeList",
    docs = "https://myanimelist.net/apiconfig/references/authorization",
    authorization_endpoint = "https://myanimelist.net/v1/oauth2/authorize",
    token_endpoint = "https://myanimelist.net/v1/oauth2/token",
    userinfo_endpoint = "https://api.myanimelist.net/v2/users/@me",
    client_auth = client_secret_post,
    pkce = plain,
)]
struct MyanimelistDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "anilist",
    display_name = "AniList",
    docs = "https://docs.anilist.co/guide/auth/",
    authorization_endpoint = "https://anilist.co/api/v2/oauth/authorize",
    token_endpoint = "https://anilist.co/api/v2/oauth/token",
    userinfo_endpoint = "https://graphql.anilist.co",
    client_auth = client_secret_post,
    post = json,
)]
struct AnilistDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "coinbase",
    display_name = "Coinbase",
    docs = "https://docs.cdp.coinbase.com/coinbase-app/oauth2-integration/reference",
    authorization_endpoint = "https://login.coinbase.com/oauth2/auth",
    token_endpoint = "https://login.coinbase.com/oauth2/token",
    revocation_endpoint = "https://login.coinbase.com/oauth2/revoke",
    userinfo_endpoint = "https://api.coinbase.com/v2/user",
    scope("wallet:user:read", "wallet:user:email"),
    scope_separator = ",",
    client_auth = client_secret_post,
)]
struct CoinbaseDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "digitalocean",
    display_name = "DigitalOcean",
    docs = "https://docs.digitalocean.com/reference/api/oauth/",
    authorization_endpoint = "https://cloud.digitalocean.com/v1/oauth/authorize",
    token_endpoint = "https://cloud.digitalocean.com/v1/oauth/token",
    revocation_endpoint = "https://cloud.digitalocean.com/v1/oauth/revoke",
    userinfo_endpoint = "https://api.digitalocean.com/v2/account",
    scope("read"),
    client_auth = client_secret_post,
)]
struct DigitaloceanDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "heroku",
    display_name = "Heroku",
    docs = "https://devcenter.heroku.com/articles/oauth",
    authorization_endpoint = "https://id.heroku.com/oauth/authorize",
    token_endpoint = "https://id.heroku.com/oauth/token",
    userinfo_endpoint = "https://api.heroku.com/account",
    scope("identity"),
    client_auth = client_secret_post,
    api(headers("Accept" = "application/vnd.heroku+json; version=3")),
)]
struct HerokuDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "vercel",
    display_name = "Vercel",
    docs = "https://vercel.com/docs/sign-in-with-vercel/authorization-server-api",
    authorization_endpoint = "https://vercel.com/oauth/authorize",
    token_endpoint = "https://api.vercel.com/login/oauth/token",
    revocation_endpoint = "https://api.vercel.com/login/oauth/token/revoke",
    introspection_endpoint = "https://api.vercel.com/login/oauth/token/introspect",
    device_authorization_endpoint = "https://api.vercel.com/login/oauth/device-authorization",
    userinfo_endpoint = "https://api.vercel.com/login/oauth/userinfo",
    issuer = "https://vercel.com",
    scope("openid", "email", "profile", "offline_access"),
    client_auth = client_secret_basic,
)]
struct VercelDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "netlify",
    display_name = "Netlify",
    docs = "https://docs.netlify.com/api/get-started/#authentication",
    authorization_endpoint = "https://app.netlify.com/authorize",
    token_endpoint = "https://api.netlify.com/oauth/token",
    userinfo_endpoint = "https://api.netlify.com/api/v1/user",
    client_auth = client_secret_post,
)]
struct NetlifyDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "cloudflare",
    display_name = "Cloudflare",
    docs = "https://developers.cloudflare.com/fundamentals/oauth/integrate-with-cloudflare/",
    authorization_endpoint = "https://dash.cloudflare.com/oauth2/auth",
    token_endpoint = "https://dash.cloudflare.com/oauth2/token",
    revocation_endpoint = "https://dash.cloudflare.com/oauth2/revoke",
    userinfo_endpoint = "https://dash.cloudflare.com/oauth2/userinfo",
    issuer = "https://dash.cloudflare.com",
    scope("user-details.read"),
    client_auth = client_secret_basic,
)]
struct CloudflareDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "huggingface",
    display_name = "Hugging Face",
    docs = "https://huggingface.co/docs/hub/oauth",
    authorization_endpoint = "https://huggingface.co/oauth/authorize",
    token_endpoint = "https://huggingface.co/oauth/token",
    device_authorization_endpoint = "https://huggingface.co/oauth/device",
    userinfo_endpoint = "https://huggingface.co/oauth/userinfo",
    issuer = "https://huggingface.co",
    scope("openid", "profile"),
    client_auth = client_secret_basic,
)]
struct HuggingfaceDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "openstreetmap",
    display_name = "OpenStreetMap",
    docs = "https://wiki.openstreetmap.org/wiki/OAuth",
    authorization_endpoint = "https://www.openstreetmap.org/oauth2/authorize",
    token_endpoint = "https://www.openstreetmap.org/oauth2/token",
    revocation_endpoint = "https://www.openstreetmap.org/oauth2/revoke",
    introspection_endpoint = "https://www.openstreetmap.org/oauth2/introspect",
    userinfo_endpoint = "https://www.openstreetmap.org/oauth2/userinfo",
    issuer = "https://www.openstreetmap.org",
    scope("read_prefs", "openid"),
    client_auth = client_secret_post,
)]
struct OpenstreetmapDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "mediawiki",
    display_name = "Wikimedia / MediaWiki",
    docs = "https://www.mediawiki.org/wiki/Extension:OAuth",
    authorization_endpoint = "https://{host}/w/rest.php/oauth2/authorize",
    token_endpoint = "https://{host}/w/rest.php/oauth2/access_token",
    userinfo_endpoint = "https://{host}/w/rest.php/oauth2/resource/profile",
    client_auth = client_secret_post,
    token(headers("User-Agent" = "acf")),
    token_response(encoding = json),
)]
struct MediawikiDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
    host: Host,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "orcid",
    display_name = "ORCID",
    docs = "https://info.orcid.org/documentation/api-tutorials/api-tutorial-get-and-authenticated-orcid-id/",
    authorization_endpoint = "https://{host}/oauth/authorize",
    token_endpoint = "https://{host}/oauth/token",
    revocation_endpoint = "https://{host}/oauth/revoke",
    userinfo_endpoint = "https://{host}/oauth/userinfo",
    issuer = "https://{host}",
    scope("/authenticate", "openid"),
    client_auth = client_secret_post,
    token(headers("Accept" = "application/json")),
)]
struct OrcidDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
    host: Host,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "gitea",
    display_name = "Gitea / Forgejo / Codeberg",
    docs = "https://docs.gitea.com/development/oauth2-provider",
    authorization_endpoint = "https://{host}/login/oauth/authorize",
    token_endpoint = "https://{host}/login/oauth/access_token",
    introspection_endpoint = "https://{host}/login/oauth/introspect",
    userinfo_endpoint = "https://{host}/login/oauth/userinfo",
    issuer = "https://{host}",
    scope("openid", "read:user"),
    client_auth = client_secret_post,
)]
struct GiteaDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
    host: Host,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "sourcehut",
    display_name = "SourceHut",
    docs = "https://man.sr.ht/meta.sr.ht/oauth.md",
    authorization_endpoint = "https://{host}/oauth2/authorize",
    token_endpoint = "https://{host}/oauth2/access-token",
    introspection_endpoint = "https://{host}/oauth2/introspect",
    userinfo_endpoint = "https://{host}/query",
    scope("meta.sr.ht/PROFILE:RO"),
    client_auth = client_secret_basic,
    pkce = off,
)]
struct SourcehutDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
    host: Host,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "mastodon",
    display_name = "Mastodon",
    docs = "https://docs.joinmastodon.org/spec/oauth/",
    authorization_endpoint = "https://{host}/oauth/authorize",
    token_endpoint = "https://{host}/oauth/token",
    revocation_endpoint = "https://{host}/oauth/revoke",
    userinfo_endpoint = "https://{host}/api/v1/accounts/verify_credentials",
    scope("profile"),
    client_auth = client_secret_post,
)]
struct MastodonDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
    host: Host,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "bluesky",
    display_name = "Bluesky (AT Protocol)",
    docs = "https://atproto.com/specs/oauth",
    authorization_endpoint = "https://bsky.social/oauth/authorize",
    token_endpoint = "https://bsky.social/oauth/token",
    revocation_endpoint = "https://bsky.social/oauth/revoke",
    pushed_authorization_request_endpoint = "https://bsky.social/oauth/par",
    issuer = "https://bsky.social",
    scope("atproto", "transition:generic"),
    client_auth = none,
)]
struct BlueskyDeclared {
    client_id: ClientId,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "xero",
    display_name = "Xero",
    docs = "https://developer.xero.com/documentation/guides/oauth2/auth-flow/",
    authorization_endpoint = "https://login.xero.com/identity/connect/authorize",
    token_endpoint = "https://identity.xero.com/connect/token",
    revocation_endpoint = "https://identity.xero.com/connect/revocation",
    introspection_endpoint = "https://identity.xero.com/connect/introspect",
    userinfo_endpoint = "https://api.xero.com/connections",
    issuer = "https://identity.xero.com",
    scope("openid", "profile", "email", "offline_access"),
    client_auth = client_secret_basic,
)]
struct XeroDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "quickbooks",
    display_name = "Intuit QuickBooks Online",
    docs = "https://developer.intuit.com/app/developer/qbo/docs/develop/authentication-and-authorization/oauth-2.0",
    authorization_endpoint = "https://appcenter.intuit.com/connect/oauth2",
    token_endpoint = "https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer",
    revocation_endpoint = "https://developer.api.intuit.com/v2/oauth2/tokens/revoke",
    userinfo_endpoint = "https://accounts.platform.intuit.com/v1/openid_connect/userinfo",
    issuer = "https://oauth.platform.intuit.com/op/v1",
    scope("com.intuit.quickbooks.accounting", "openid"),
    client_auth = client_secret_basic,
    token(headers("Accept" = "application/json")),
)]
struct QuickbooksDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "docusign",
    display_name = "DocuSign",
    docs = "https://developers.docusign.com/platform/auth/authcode/",
    authorization_endpoint = "https://{host}/oauth/auth",
    token_endpoint = "https://{host}/oauth/token",
    userinfo_endpoint = "https://{host}/oauth/userinfo",
    issuer = "https://{host}/",
    scope("signature", "extended"),
    client_auth = client_secret_basic,
)]
struct DocusignDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
    host: Host,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "todoist",
    display_name = "Todoist",
    docs = "https://developer.todoist.com/api/v1/",
    authorization_endpoint = "https://todoist.com/oauth/authorize",
    token_endpoint = "https://todoist.com/oauth/access_token",
    revocation_endpoint = "https://api.todoist.com/api/v1/revoke",
    userinfo_endpoint = "https://api.todoist.com/api/v1/user",
    scope("data:read"),
    scope_separator = ",",
    client_auth = client_secret_post,
)]
struct TodoistDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "withings",
    display_name = "Withings",
    docs = "https://developer.withings.com/developer-guide/v3/integration-guide/public-health-data-api/get-access/oauth-web-flow/",
    authorization_endpoint = "https://account.withings.com/oauth2_user/authorize2",
    token_endpoint = "https://wbsapi.withings.net/v2/oauth2",
    scope("user.info", "user.metrics"),
    scope_separator = ",",
    client_auth = client_secret_post,
    token(params("action" = "requesttoken")),
    token_response(path = "/body"),
)]
struct WithingsDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "oura",
    display_name = "Oura",
    docs = "https://cloud.ouraring.com/docs/authentication",
    authorization_endpoint = "https://cloud.ouraring.com/oauth/authorize",
    token_endpoint = "https://api.ouraring.com/oauth/token",
    revocation_endpoint = "https://api.ouraring.com/oauth/revoke",
    userinfo_endpoint = "https://api.ouraring.com/v2/usercollection/personal_info",
    scope("personal", "daily"),
    client_auth = client_secret_post,
)]
struct OuraDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "polarflow",
    display_name = "Polar AccessLink (fitness)",
    docs = "https://www.polar.com/accesslink-api/",
    authorization_endpoint = "https://flow.polar.com/oauth2/authorization",
    token_endpoint = "https://polarremote.com/v2/oauth2/token",
    userinfo_endpoint = "https://www.polaraccesslink.com/v3/users/{user_id}",
    scope("accesslink.read_all"),
    client_auth = client_secret_basic,
    pkce = off,
    token(headers("Accept" = "application/json;charset=UTF-8")),
)]
struct PolarflowDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
    user_id: String,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "polarsh",
    display_name = "Polar (polar.sh)",
    docs = "https://docs.polar.sh/integrate/oauth2/introduction",
    authorization_endpoint = "https://polar.sh/oauth2/authorize",
    token_endpoint = "https://api.polar.sh/v1/oauth2/token",
    revocation_endpoint = "https://api.polar.sh/v1/oauth2/revoke",
    introspection_endpoint = "https://api.polar.sh/v1/oauth2/introspect",
    userinfo_endpoint = "https://api.polar.sh/v1/oauth2/userinfo",
    issuer = "https://polar.sh",
    scope("openid", "profile", "email"),
    client_auth = client_secret_post,
)]
struct PolarshDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "garmin",
    display_name = "Garmin Connect",
    docs = "https://developerportal.garmin.com/",
    authorization_endpoint = "https://connect.garmin.com/oauth2Confirm",
    token_endpoint = "https://diauth.garmin.com/di-oauth2-service/oauth/token",
    userinfo_endpoint = "https://apis.garmin.com/wellness-api/rest/user/id",
    client_auth = client_secret_post,
)]
struct GarminDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "lichess",
    display_name = "Lichess",
    docs = "https://lichess.org/api#tag/OAuth",
    authorization_endpoint = "https://lichess.org/oauth",
    token_endpoint = "https://lichess.org/api/token",
    revocation_endpoint = "https://lichess.org/api/token",
    userinfo_endpoint = "https://lichess.org/api/account",
    scope("email:read"),
    client_auth = none,
)]
struct LichessDeclared {
    client_id: ClientId,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "trakt",
    display_name = "Trakt",
    docs = "https://trakt.docs.apiary.io/#reference/authentication-oauth",
    authorization_endpoint = "https://trakt.tv/oauth/authorize",
    token_endpoint = "https://api.trakt.tv/oauth/token",
    revocation_endpoint = "https://api.trakt.tv/oauth/revoke",
    device_authorization_endpoint = "https://api.trakt.tv/oauth/device/code",
    userinfo_endpoint = "https://api.trakt.tv/users/me?extended=full",
    client_auth = client_secret_post,
    post = json,
    token(headers("User-Agent" = "acf")),
    api(headers("trakt-api-key" = "{client_id}", "trakt-api-version" = "2")),
)]
struct TraktDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "yahoo",
    display_name = "Yahoo",
    docs = "https://developer.yahoo.com/oauth2/guide/flows_authcode/",
    authorization_endpoint = "https://api.login.yahoo.com/oauth2/request_auth",
    token_endpoint = "https://api.login.yahoo.com/oauth2/get_token",
    revocation_endpoint = "https://api.login.yahoo.com/oauth2/revoke",
    introspection_endpoint = "https://api.login.yahoo.com/oauth2/introspect",
    userinfo_endpoint = "https://api.login.yahoo.com/openid/v1/userinfo",
    issuer = "https://api.login.yahoo.com",
    scope("openid", "profile", "email"),
    client_auth = client_secret_basic,
    refresh(params("redirect_uri" = "{redirect_uri}")),
)]
struct YahooDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "pinterest",
    display_name = "Pinterest",
    docs = "https://developers.pinterest.com/docs/getting-started/set-up-authentication-and-authorization/",
    authorization_endpoint = "https://www.pinterest.com/oauth/",
    token_endpoint = "https://api.pinterest.com/v5/oauth/token",
    userinfo_endpoint = "https://api.pinterest.com/v5/user_account",
    scope("user_accounts:read"),
    scope_separator = ",",
    client_auth = client_secret_basic,
    token(params("continuous_refresh" = "true")),
)]
struct PinterestDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "tumblr",
    display_name = "Tumblr",
    docs = "https://www.tumblr.com/docs/en/api/v2#oauth2-authorization",
    authorization_endpoint = "https://www.tumblr.com/oauth2/authorize",
    token_endpoint = "https://api.tumblr.com/v2/oauth2/token",
    userinfo_endpoint = "https://api.tumblr.com/v2/user/info",
    scope("basic", "offline_access"),
    client_auth = client_secret_post,
)]
struct TumblrDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "snapchat",
    display_name = "Snapchat",
    docs = "https://developers.snap.com/snap-kit/login-kit/overview",
    authorization_endpoint = "https://accounts.snapchat.com/accounts/oauth2/auth",
    token_endpoint = "https://accounts.snapchat.com/accounts/oauth2/token",
    userinfo_endpoint = "https://kit.snapchat.com/v1/me",
    scope("https://auth.snapchat.com/oauth2/api/user.display_name"),
    client_auth = client_secret_post,
)]
struct SnapchatDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "soundcloud",
    display_name = "SoundCloud",
    docs = "https://developers.soundcloud.com/docs/api/guide#authentication",
    authorization_endpoint = "https://secure.soundcloud.com/authorize",
    token_endpoint = "https://secure.soundcloud.com/oauth/token",
    userinfo_endpoint = "https://api.soundcloud.com/me",
    client_auth = client_secret_post,
    token(headers("Accept" = "application/json; charset=utf-8")),
)]
struct SoundcloudDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "vimeo",
    display_name = "Vimeo",
    docs = "https://developer.vimeo.com/api/authentication",
    authorization_endpoint = "https://api.vimeo.com/oauth/authorize",
    token_endpoint = "https://api.vimeo.com/oauth/access_token",
    revocation_endpoint = "https://api.vimeo.com/tokens",
    device_authorization_endpoint = "https://api.vimeo.com/oauth/device",
    userinfo_endpoint = "https://api.vimeo.com/me",
    scope("public"),
    client_auth = client_secret_basic,
    token(headers("Accept" = "application/vnd.vimeo.*+json;version=3.4")),
)]
struct VimeoDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "wordpress",
    display_name = "WordPress.com",
    docs = "https://developer.wordpress.com/docs/oauth2/",
    authorization_endpoint = "https://public-api.wordpress.com/oauth2/authorize",
    token_endpoint = "https://public-api.wordpress.com/oauth2/token",
    introspection_endpoint = "https://public-api.wordpress.com/oauth2/token-info",
    userinfo_endpoint = "https://public-api.wordpress.com/rest/v1/me",
    scope("auth"),
    client_auth = client_secret_post,
)]
struct WordpressDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "basecamp",
    display_name = "Basecamp (37signals)",
    docs = "https://github.com/basecamp/api/blob/master/sections/authentication.md",
    authorization_endpoint = "https://launchpad.37signals.com/authorization/new",
    token_endpoint = "https://launchpad.37signals.com/authorization/token",
    userinfo_endpoint = "https://launchpad.37signals.com/authorization.json",
    client_auth = client_secret_post,
    pkce = off,
    authorize(params("type" = "web_server")),
    token(params("type" = "web_server")),
    refresh(params("type" = "refresh")),
    api(headers("User-Agent" = "acf")),
)]
struct BasecampDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "harvest",
    display_name = "Harvest",
    docs = "https://help.getharvest.com/api-v2/authentication-api/authentication/authentication/",
    authorization_endpoint = "https://id.getharvest.com/oauth2/authorize",
    token_endpoint = "https://id.getharvest.com/api/v2/oauth2/token",
    userinfo_endpoint = "https://id.getharvest.com/api/v2/accounts",
    client_auth = client_secret_post,
    api(headers("Harvest-Account-Id" = "{account_id}", "User-Agent" = "acf")),
)]
struct HarvestDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
    account_id: String,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "calendly",
    display_name = "Calendly",
    docs = "https://developer.calendly.com/how-to-authenticate-with-oauth",
    authorization_endpoint = "https://auth.calendly.com/oauth/authorize",
    token_endpoint = "https://auth.calendly.com/oauth/token",
    revocation_endpoint = "https://auth.calendly.com/oauth/revoke",
    introspection_endpoint = "https://auth.calendly.com/oauth/introspect",
    userinfo_endpoint = "https://api.calendly.com/users/me",
    client_auth = client_secret_basic,
)]
struct CalendlyDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "typeform",
    display_name = "Typeform",
    docs = "https://www.typeform.com/developers/get-started/applications/",
    authorization_endpoint = "https://api.typeform.com/oauth/authorize",
    token_endpoint = "https://api.typeform.com/oauth/token",
    userinfo_endpoint = "https://api.typeform.com/me",
    scope("accounts:read", "offline"),
    client_auth = client_secret_post,
    pkce = off,
)]
struct TypeformDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "webex",
    display_name = "Webex",
    docs = "https://developer.webex.com/docs/integrations",
    authorization_endpoint = "https://webexapis.com/v1/authorize",
    token_endpoint = "https://webexapis.com/v1/access_token",
    device_authorization_endpoint = "https://webexapis.com/v1/device/authorize",
    userinfo_endpoint = "https://webexapis.com/v1/userinfo",
    issuer = "https://idbroker.webex.com/idb",
    scope("spark:people_read"),
    client_auth = client_secret_post,
)]
struct WebexDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "pipedrive",
    display_name = "Pipedrive",
    docs = "https://pipedrive.readme.io/docs/marketplace-oauth-authorization",
    authorization_endpoint = "https://oauth.pipedrive.com/oauth/authorize",
    token_endpoint = "https://oauth.pipedrive.com/oauth/token",
    revocation_endpoint = "https://oauth.pipedrive.com/oauth/revoke",
    userinfo_endpoint = "https://api.pipedrive.com/v1/users/me",
    scope("base"),
    client_auth = client_secret_basic,
    pkce = off,
)]
struct PipedriveDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "freshbooks",
    display_name = "FreshBooks",
    docs = "https://www.freshbooks.com/api/authentication",
    authorization_endpoint = "https://auth.freshbooks.com/oauth/authorize",
    token_endpoint = "https://api.freshbooks.com/auth/oauth/token",
    revocation_endpoint = "https://api.freshbooks.com/auth/oauth/revoke",
    userinfo_endpoint = "https://api.freshbooks.com/auth/api/v1/users/me",
    scope("user:profile:read"),
    client_auth = client_secret_post,
    post = json,
)]
struct FreshbooksDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "zoho",
    display_name = "Zoho",
    docs = "https://www.zoho.com/accounts/protocol/oauth.html",
    authorization_endpoint = "https://accounts.zoho.{tld}/oauth/v2/auth",
    token_endpoint = "https://accounts.zoho.{tld}/oauth/v2/token",
    revocation_endpoint = "https://accounts.zoho.{tld}/oauth/v2/token/revoke",
    device_authorization_endpoint = "https://accounts.zoho.{tld}/oauth/v3/device/code",
    userinfo_endpoint = "https://accounts.zoho.{tld}/oauth/user/info",
    scope("AaaServer.profile.Read"),
    scope_separator = ",",
    client_auth = client_secret_post,
)]
struct ZohoDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
    tld: Host,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "ebay",
    display_name = "eBay",
    docs = "https://developer.ebay.com/api-docs/static/oauth-authorization-code-grant.html",
    authorization_endpoint = "https://auth.ebay.com/oauth2/authorize",
    token_endpoint = "https://api.ebay.com/identity/v1/oauth2/token",
    userinfo_endpoint = "https://apiz.ebay.com/commerce/identity/v1/user/",
    scope("https://api.ebay.com/oauth/api_scope"),
    client_auth = client_secret_basic,
    opaque_redirect_uri,
    token_response(token_type_alias = "User Access Token"),
)]
struct EbayDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "etsy",
    display_name = "Etsy",
    docs = "https://developers.etsy.com/documentation/essentials/authentication/",
    authorization_endpoint = "https://www.etsy.com/oauth/connect",
    token_endpoint = "https://api.etsy.com/v3/public/oauth/token",
    userinfo_endpoint = "https://openapi.etsy.com/v3/application/users/me",
    scope("email_r"),
    client_auth = none,
    api(headers("x-api-key" = "{client_id}")),
)]
struct EtsyDeclared {
    client_id: ClientId,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "canva",
    display_name = "Canva",
    docs = "https://www.canva.dev/docs/connect/authentication/",
    authorization_endpoint = "https://www.canva.com/api/oauth/authorize",
    token_endpoint = "https://api.canva.com/rest/v1/oauth/token",
    revocation_endpoint = "https://api.canva.com/rest/v1/oauth/revoke",
    introspection_endpoint = "https://api.canva.com/rest/v1/oauth/introspect",
    userinfo_endpoint = "https://api.canva.com/rest/v1/users/me",
    scope("profile:read"),
    client_auth = client_secret_basic,
)]
struct CanvaDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "miro",
    display_name = "Miro",
    docs = "https://developers.miro.com/docs/getting-started-with-oauth",
    authorization_endpoint = "https://miro.com/oauth/authorize",
    token_endpoint = "https://api.miro.com/v1/oauth/token",
    revocation_endpoint = "https://api.miro.com/v2/oauth/revoke",
    introspection_endpoint = "https://api.miro.com/v1/oauth-token",
    userinfo_endpoint = "https://api.miro.com/v1/oauth-token",
    scope("identity:read"),
    client_auth = client_secret_post,
    token(post = query),
)]
struct MiroDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "lark",
    display_name = "Lark / Feishu",
    docs = "https://open.feishu.cn/document/authentication-management/access-token/get-user-access-token",
    authorization_endpoint = "https://accounts.feishu.cn/open-apis/authen/v1/authorize",
    token_endpoint = "https://open.feishu.cn/open-apis/authen/v2/oauth/token",
    userinfo_endpoint = "https://open.feishu.cn/open-apis/authen/v1/user_info",
    scope("contact:user.base:readonly", "offline_access"),
    client_auth = client_secret_post,
    post = json,
)]
struct LarkDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "sentry",
    display_name = "Sentry",
    docs = "https://docs.sentry.io/api/auth/",
    authorization_endpoint = "https://sentry.io/oauth/authorize/",
    token_endpoint = "https://sentry.io/oauth/token/",
    device_authorization_endpoint = "https://sentry.io/oauth/device/code/",
    userinfo_endpoint = "https://sentry.io/api/0/users/me/",
    scope("org:read"),
    client_auth = client_secret_post,
)]
struct SentryDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}

#[derive(OAuthProvider)]
#[oauth(
    name = "deezer",
    display_name = "Deezer",
    docs = "https://developers.deezer.com/api/oauth",
    authorization_endpoint = "https://connect.deezer.com/oauth/auth.php",
    token_endpoint = "https://connect.deezer.com/oauth/access_token.php?output=json",
    userinfo_endpoint = "https://api.deezer.com/user/me",
    scope("basic_access", "email"),
    scope_separator = ",",
    scope_param = "perms",
    client_auth = client_secret_post,
    pkce = off,
    authorize(rename(client_id = "app_id")),
    token(post = query, rename(client_id = "app_id", client_secret = "secret")),
    api(params("access_token" = "{access_token}")),
    token_response(expires = "expires"),
)]
struct DeezerDeclared {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
