// Written by the test `declarations_are_current` out of quirks.md; UPDATE=1 writes it anew.

#[allow(unused_imports)]
use acf_core::{BaseUri, ClientId, ClientSecret, Hooks, Host, HostLabel, OAuthProvider, RedirectUri};

pub(crate) fn all() -> Vec<(usize, Box<dyn OAuthProvider>)> {
    vec![
        (1, Box::new(quirk1())),
        (2, Box::new(quirk2())),
        (3, Box::new(quirk3())),
        (4, Box::new(quirk4())),
        (5, Box::new(quirk5())),
        (6, Box::new(quirk6())),
        (7, Box::new(quirk7())),
        (8, Box::new(quirk8())),
        (9, Box::new(quirk9())),
        (10, Box::new(quirk10())),
        (11, Box::new(quirk11())),
        (12, Box::new(quirk12())),
        (13, Box::new(quirk13())),
        (14, Box::new(quirk14())),
        (15, Box::new(quirk15())),
        (16, Box::new(quirk16())),
        (17, Box::new(quirk17())),
        (18, Box::new(quirk18())),
        (19, Box::new(quirk19())),
        (20, Box::new(quirk20())),
        (21, Box::new(quirk21())),
        (23, Box::new(quirk23())),
        (24, Box::new(quirk24())),
        (25, Box::new(quirk25())),
        (26, Box::new(quirk26())),
        (27, Box::new(quirk27())),
        (28, Box::new(quirk28())),
        (29, Box::new(quirk29())),
        (30, Box::new(quirk30())),
        (31, Box::new(quirk31())),
        (32, Box::new(quirk32())),
        (33, Box::new(quirk33())),
        (36, Box::new(quirk36())),
        (37, Box::new(quirk37())),
        (39, Box::new(quirk39())),
        (40, Box::new(quirk40())),
        (41, Box::new(quirk41())),
        (42, Box::new(quirk42())),
        (43, Box::new(quirk43())),
        (44, Box::new(quirk44())),
        (45, Box::new(quirk45())),
        (47, Box::new(quirk47())),
        (48, Box::new(quirk48())),
        (49, Box::new(quirk49())),
        (50, Box::new(quirk50())),
        (51, Box::new(quirk51())),
        (52, Box::new(quirk52())),
        (53, Box::new(quirk53())),
        (54, Box::new(quirk54())),
        (55, Box::new(quirk55())),
        (56, Box::new(quirk56())),
        (57, Box::new(quirk57())),
        (58, Box::new(quirk58())),
        (59, Box::new(quirk59())),
        (60, Box::new(quirk60())),
        (61, Box::new(quirk61())),
        (62, Box::new(quirk62())),
        (63, Box::new(quirk63())),
        (64, Box::new(quirk64())),
        (65, Box::new(quirk65())),
        (66, Box::new(quirk66())),
        (67, Box::new(quirk67())),
        (68, Box::new(quirk68())),
        (69, Box::new(quirk69())),
        (70, Box::new(quirk70())),
        (71, Box::new(quirk71())),
        (72, Box::new(quirk72())),
        (73, Box::new(quirk73())),
        (74, Box::new(quirk74())),
        (75, Box::new(quirk75())),
        (76, Box::new(quirk76())),
        (77, Box::new(quirk77())),
        (78, Box::new(quirk78())),
        (79, Box::new(quirk79())),
        (80, Box::new(quirk80())),
        (82, Box::new(quirk82())),
        (83, Box::new(quirk83())),
        (84, Box::new(quirk84())),
        (85, Box::new(quirk85())),
        (86, Box::new(quirk86())),
        (87, Box::new(quirk87())),
        (88, Box::new(quirk88())),
        (90, Box::new(quirk90())),
        (91, Box::new(quirk91())),
        (92, Box::new(quirk92())),
        (93, Box::new(quirk93())),
        (94, Box::new(quirk94())),
        (98, Box::new(quirk98())),
        (99, Box::new(quirk99())),
        (100, Box::new(quirk100())),
        (101, Box::new(quirk101())),
        (104, Box::new(quirk104())),
        (105, Box::new(quirk105())),
        (106, Box::new(quirk106())),
        (107, Box::new(quirk107())),
        (108, Box::new(quirk108())),
        (109, Box::new(quirk109())),
        (110, Box::new(quirk110())),
        (111, Box::new(quirk111())),
        (112, Box::new(quirk112())),
        (113, Box::new(quirk113())),
        (116, Box::new(quirk116())),
        (117, Box::new(quirk117())),
        (118, Box::new(quirk118())),
        (120, Box::new(quirk120())),
        (121, Box::new(quirk121())),
        (122, Box::new(quirk122())),
        (125, Box::new(quirk125())),
        (126, Box::new(quirk126())),
        (127, Box::new(quirk127())),
        (128, Box::new(quirk128())),
    ]
}

#[derive(Clone, OAuthProvider)]
#[oauth(client_auth = client_secret_post, authorization_endpoint = "https://www.forge.example/oauth", token_endpoint = "https://api.forge.example/token")]
pub(crate) struct Quirk1 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk1() -> Quirk1 {
    Quirk1 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, base_uri = "https://{shop}.forge.example")]
pub(crate) struct Quirk2 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
    shop: HostLabel,
}
pub(crate) fn quirk2() -> Quirk2 {
    Quirk2 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap(), shop: "acme".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, base_uri = "https://forge.example")]
pub(crate) struct Quirk3 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
    #[oauth(base_uri)] server: Option<BaseUri>,
}
pub(crate) fn quirk3() -> Quirk3 {
    Quirk3 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap(), server: None }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", access_token_path = "/token", client_auth = client_secret_post, authorization_path = "/{tenant}/authorize", placeholders(tenant = "common"))]
pub(crate) struct Quirk4 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
    tenant: Option<String>,
}
pub(crate) fn quirk4() -> Quirk4 {
    Quirk4 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap(), tenant: None }
}

#[derive(Clone, OAuthProvider)]
#[oauth(authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, base_uri = "https://accounts.forge.{region}")]
pub(crate) struct Quirk5 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
    region: Host,
}
pub(crate) fn quirk5() -> Quirk5 {
    Quirk5 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap(), region: "acme".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, base_uri = "https://{environment}.forge.example")]
pub(crate) struct Quirk6 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
    environment: HostLabel,
}
pub(crate) fn quirk6() -> Quirk6 {
    Quirk6 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap(), environment: "acme".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, base_uri = "https://{account}.forge.example")]
pub(crate) struct Quirk7 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
    account: HostLabel,
}
pub(crate) fn quirk7() -> Quirk7 {
    Quirk7 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap(), account: "acme".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, userinfo_path = "/{version}/me", placeholders(version = "v22.0"))]
pub(crate) struct Quirk8 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk8() -> Quirk8 {
    Quirk8 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, refresh_path = "/oauth/refresh")]
pub(crate) struct Quirk9 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk9() -> Quirk9 {
    Quirk9 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", client_auth = client_secret_post, authorization_path = "/oauth", access_token_path = "/oauth")]
pub(crate) struct Quirk10 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk10() -> Quirk10 {
    Quirk10 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", access_token_path = "/token", client_auth = client_secret_post, authorization_path = "/authorize?v=5.131")]
pub(crate) struct Quirk11 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk11() -> Quirk11 {
    Quirk11 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, authorize(fragment = "wechat_redirect"))]
pub(crate) struct Quirk12 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk12() -> Quirk12 {
    Quirk12 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, callback(capture("accounts-server")), hooks)]
pub(crate) struct Quirk13 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
impl Hooks for Quirk13 {}
pub(crate) fn quirk13() -> Quirk13 {
    Quirk13 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, token_response(keep(instance_url)))]
pub(crate) struct Quirk14 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk14() -> Quirk14 {
    Quirk14 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, authorize(rename(client_id = "client_key")), token(rename(client_id = "client_key")))]
pub(crate) struct Quirk15 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk15() -> Quirk15 {
    Quirk15 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, authorize(rename(redirect_uri = "redirect_url")))]
pub(crate) struct Quirk16 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk16() -> Quirk16 {
    Quirk16 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, authorize(rename(state = "customField")), callback(rename(state = "customField")))]
pub(crate) struct Quirk17 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk17() -> Quirk17 {
    Quirk17 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, scope_param = "advanced_scopes")]
pub(crate) struct Quirk18 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk18() -> Quirk18 {
    Quirk18 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, authorize(params(user_scope = "identity.basic,identity.email")))]
pub(crate) struct Quirk19 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk19() -> Quirk19 {
    Quirk19 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, scope_separator = ",")]
pub(crate) struct Quirk20 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk20() -> Quirk20 {
    Quirk20 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, scope_separator = "+", authorize(raw(scope)))]
pub(crate) struct Quirk21 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk21() -> Quirk21 {
    Quirk21 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, scope("read"))]
pub(crate) struct Quirk23 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk23() -> Quirk23 {
    Quirk23 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, scope("offline_access"))]
pub(crate) struct Quirk24 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk24() -> Quirk24 {
    Quirk24 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, authorize(params(access_type = "offline", prompt = "consent")))]
pub(crate) struct Quirk25 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk25() -> Quirk25 {
    Quirk25 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, authorize(params(audience = "api.forge.example")))]
pub(crate) struct Quirk26 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk26() -> Quirk26 {
    Quirk26 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, authorize(params(site = "{site}")))]
pub(crate) struct Quirk27 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
    site: String,
}
pub(crate) fn quirk27() -> Quirk27 {
    Quirk27 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap(), site: "acme".to_owned() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, authorize(params(claims = "{\"id_token\":{\"email\":null}}")))]
pub(crate) struct Quirk28 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk28() -> Quirk28 {
    Quirk28 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, authorize(params(resource = "https://graph.forge.example/")))]
pub(crate) struct Quirk29 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk29() -> Quirk29 {
    Quirk29 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, authorize(response_type = "Assertion"))]
pub(crate) struct Quirk30 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk30() -> Quirk30 {
    Quirk30 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, callback(form_post))]
pub(crate) struct Quirk31 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk31() -> Quirk31 {
    Quirk31 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, pkce = plain)]
pub(crate) struct Quirk32 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk32() -> Quirk32 {
    Quirk32 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, hooks)]
pub(crate) struct Quirk33 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
impl Hooks for Quirk33 {}
pub(crate) fn quirk33() -> Quirk33 {
    Quirk33 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, opaque_redirect_uri)]
pub(crate) struct Quirk36 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk36() -> Quirk36 {
    Quirk36 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, authorize(omit(redirect_uri)), token(omit(redirect_uri)))]
pub(crate) struct Quirk37 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk37() -> Quirk37 {
    Quirk37 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, callback(rename(code = "spapi_oauth_code")))]
pub(crate) struct Quirk39 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk39() -> Quirk39 {
    Quirk39 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, callback(form_post))]
pub(crate) struct Quirk40 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk40() -> Quirk40 {
    Quirk40 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, callback(capture(device_id)), token(params(device_id = "{device_id}")))]
pub(crate) struct Quirk41 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk41() -> Quirk41 {
    Quirk41 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, hooks)]
pub(crate) struct Quirk42 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
impl Hooks for Quirk42 {}
pub(crate) fn quirk42() -> Quirk42 {
    Quirk42 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, callback(form_post, capture(user)))]
pub(crate) struct Quirk43 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk43() -> Quirk43 {
    Quirk43 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, callback(rename(error = "error_code", error_description = "error_message"), denied(user_cancelled_login)))]
pub(crate) struct Quirk44 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk44() -> Quirk44 {
    Quirk44 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, issuer = "https://forge.example/login/oauth")]
pub(crate) struct Quirk45 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk45() -> Quirk45 {
    Quirk45 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_basic)]
pub(crate) struct Quirk47 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk47() -> Quirk47 {
    Quirk47 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_basic_raw)]
pub(crate) struct Quirk48 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk48() -> Quirk48 {
    Quirk48 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_basic, token(params(client_id = "{client_id}")))]
pub(crate) struct Quirk49 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk49() -> Quirk49 {
    Quirk49 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = none, token(headers(Authorization = "Bearer {client_secret}")))]
pub(crate) struct Quirk50 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk50() -> Quirk50 {
    Quirk50 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, token(rename(client_id = "appid", client_secret = "secret")))]
pub(crate) struct Quirk51 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk51() -> Quirk51 {
    Quirk51 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = none, token(headers(secret_key = "{client_secret}")))]
pub(crate) struct Quirk52 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk52() -> Quirk52 {
    Quirk52 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, post = json)]
pub(crate) struct Quirk53 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk53() -> Quirk53 {
    Quirk53 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, token(post = query))]
pub(crate) struct Quirk54 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk54() -> Quirk54 {
    Quirk54 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, token(method = get))]
pub(crate) struct Quirk55 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk55() -> Quirk55 {
    Quirk55 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, hooks)]
pub(crate) struct Quirk56 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
impl Hooks for Quirk56 {}
pub(crate) fn quirk56() -> Quirk56 {
    Quirk56 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, token(headers(Accept = "application/vnd.forge+json")))]
pub(crate) struct Quirk57 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk57() -> Quirk57 {
    Quirk57 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, token(headers("User-Agent" = "acf")), api(headers("User-Agent" = "acf")))]
pub(crate) struct Quirk58 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk58() -> Quirk58 {
    Quirk58 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, token(headers(Origin = "https://app.example")))]
pub(crate) struct Quirk59 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk59() -> Quirk59 {
    Quirk59 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, token(grant_type = "authorized_code"))]
pub(crate) struct Quirk60 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk60() -> Quirk60 {
    Quirk60 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, token(omit(redirect_uri)))]
pub(crate) struct Quirk61 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk61() -> Quirk61 {
    Quirk61 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, token(params(scope = "{scope}")))]
pub(crate) struct Quirk62 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk62() -> Quirk62 {
    Quirk62 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, token(params(state = "{state}")))]
pub(crate) struct Quirk63 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk63() -> Quirk63 {
    Quirk63 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, token(params(action = "requesttoken")))]
pub(crate) struct Quirk64 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk64() -> Quirk64 {
    Quirk64 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, token(params(response_type = "code")))]
pub(crate) struct Quirk65 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk65() -> Quirk65 {
    Quirk65 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, hooks)]
pub(crate) struct Quirk66 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
impl Hooks for Quirk66 {}
pub(crate) fn quirk66() -> Quirk66 {
    Quirk66 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, hooks)]
pub(crate) struct Quirk67 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
impl Hooks for Quirk67 {}
pub(crate) fn quirk67() -> Quirk67 {
    Quirk67 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, hooks)]
pub(crate) struct Quirk68 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
impl Hooks for Quirk68 {}
pub(crate) fn quirk68() -> Quirk68 {
    Quirk68 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, hooks)]
pub(crate) struct Quirk69 {
    client_id: ClientId,
    redirect_uri: RedirectUri,
}
impl Hooks for Quirk69 {}
pub(crate) fn quirk69() -> Quirk69 {
    Quirk69 { client_id: "id".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, hooks)]
pub(crate) struct Quirk70 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
impl Hooks for Quirk70 {}
pub(crate) fn quirk70() -> Quirk70 {
    Quirk70 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = none)]
pub(crate) struct Quirk71 {
    client_id: ClientId,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk71() -> Quirk71 {
    Quirk71 { client_id: "id".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, token_response(encoding = form))]
pub(crate) struct Quirk72 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk72() -> Quirk72 {
    Quirk72 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, token_response(encoding = json))]
pub(crate) struct Quirk73 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk73() -> Quirk73 {
    Quirk73 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, hooks)]
pub(crate) struct Quirk74 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
impl Hooks for Quirk74 {}
pub(crate) fn quirk74() -> Quirk74 {
    Quirk74 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, hooks)]
pub(crate) struct Quirk75 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
impl Hooks for Quirk75 {}
pub(crate) fn quirk75() -> Quirk75 {
    Quirk75 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, token_response(path = "/data"))]
pub(crate) struct Quirk76 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk76() -> Quirk76 {
    Quirk76 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, token_response(keep("/authed_user/id", authed_user)))]
pub(crate) struct Quirk77 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk77() -> Quirk77 {
    Quirk77 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, token_response(rename(access_token = "accessToken", refresh_token = "refreshToken")))]
pub(crate) struct Quirk78 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk78() -> Quirk78 {
    Quirk78 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, token_response(expires = "expires"))]
pub(crate) struct Quirk79 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk79() -> Quirk79 {
    Quirk79 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, token_response(expires = "expiresAt", expires_unit = date_time))]
pub(crate) struct Quirk80 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk80() -> Quirk80 {
    Quirk80 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, token_response(default_lifetime = 3600))]
pub(crate) struct Quirk82 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk82() -> Quirk82 {
    Quirk82 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, token_response(zero_is_never))]
pub(crate) struct Quirk83 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk83() -> Quirk83 {
    Quirk83 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, token_response(expires_unit = milliseconds))]
pub(crate) struct Quirk84 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk84() -> Quirk84 {
    Quirk84 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, token_response(token_type = "Bearer"))]
pub(crate) struct Quirk85 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk85() -> Quirk85 {
    Quirk85 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, token_response(token_type_alias = "User Access Token"))]
pub(crate) struct Quirk86 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk86() -> Quirk86 {
    Quirk86 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, token_response(scope_list))]
pub(crate) struct Quirk87 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk87() -> Quirk87 {
    Quirk87 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, token_response(scope_separator = ","))]
pub(crate) struct Quirk88 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk88() -> Quirk88 {
    Quirk88 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, token_response(refresh_expires = "refresh_token_expires_in"))]
pub(crate) struct Quirk90 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk90() -> Quirk90 {
    Quirk90 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, token_response(keep(athlete)))]
pub(crate) struct Quirk91 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk91() -> Quirk91 {
    Quirk91 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, token_response(error(path = "/ok", ok = "true", code = "/error")))]
pub(crate) struct Quirk92 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk92() -> Quirk92 {
    Quirk92 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, token_response(error(code = "/errors/0/errorType", description = "/errors/0/message")))]
pub(crate) struct Quirk93 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk93() -> Quirk93 {
    Quirk93 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, token_response(status = 201))]
pub(crate) struct Quirk94 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk94() -> Quirk94 {
    Quirk94 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, refresh(omit(refresh_token), params(access_token = "{access_token}")))]
pub(crate) struct Quirk98 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk98() -> Quirk98 {
    Quirk98 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, refresh(method = get, grant_type = "ig_refresh_token", rename(refresh_token = "access_token")))]
pub(crate) struct Quirk99 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk99() -> Quirk99 {
    Quirk99 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, refresh(params(redirect_uri = "{redirect_uri}")))]
pub(crate) struct Quirk100 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk100() -> Quirk100 {
    Quirk100 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, refresh(client_auth = none))]
pub(crate) struct Quirk101 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk101() -> Quirk101 {
    Quirk101 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, refresh(margin = 30))]
pub(crate) struct Quirk104 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk104() -> Quirk104 {
    Quirk104 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, revocation_path = "/permissions", revoke(method = delete, rename(token = "access_token"), omit(token_type_hint)))]
pub(crate) struct Quirk105 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk105() -> Quirk105 {
    Quirk105 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, introspection_path = "/oauth/introspect")]
pub(crate) struct Quirk106 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk106() -> Quirk106 {
    Quirk106 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, api(params(access_token = "{access_token}")))]
pub(crate) struct Quirk107 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk107() -> Quirk107 {
    Quirk107 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, api(headers(Authorization = "OAuth {access_token}")))]
pub(crate) struct Quirk108 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk108() -> Quirk108 {
    Quirk108 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, api(headers("X-Forge-Access-Token" = "{access_token}")))]
pub(crate) struct Quirk109 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk109() -> Quirk109 {
    Quirk109 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, api(headers("Client-Id" = "{client_id}", "Forge-Version" = "2022-06-28")))]
pub(crate) struct Quirk110 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk110() -> Quirk110 {
    Quirk110 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, userinfo_path = "/me", userinfo(method = post))]
pub(crate) struct Quirk111 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk111() -> Quirk111 {
    Quirk111 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, userinfo_path = "/graphql", userinfo(method = post, post = json, params(query = "{ viewer { id } }"), path = "/data/viewer"))]
pub(crate) struct Quirk112 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk112() -> Quirk112 {
    Quirk112 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, userinfo_path = "/users/{user_id}", token_response(keep(user_id)))]
pub(crate) struct Quirk113 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk113() -> Quirk113 {
    Quirk113 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, userinfo_path = "/me", userinfo(path = "/data/0"))]
pub(crate) struct Quirk116 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk116() -> Quirk116 {
    Quirk116 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, hooks)]
pub(crate) struct Quirk117 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
impl Hooks for Quirk117 {}
pub(crate) fn quirk117() -> Quirk117 {
    Quirk117 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, userinfo_path = "/me", userinfo(id = "uid"))]
pub(crate) struct Quirk118 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk118() -> Quirk118 {
    Quirk118 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, issuer = "https://login.forge.example/{tenant}/v2.0")]
pub(crate) struct Quirk120 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
    tenant: String,
}
pub(crate) fn quirk120() -> Quirk120 {
    Quirk120 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap(), tenant: "acme".to_owned() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, hooks)]
pub(crate) struct Quirk121 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
impl Hooks for Quirk121 {}
pub(crate) fn quirk121() -> Quirk121 {
    Quirk121 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, userinfo_endpoint = "https://api.forge.example/me")]
pub(crate) struct Quirk122 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk122() -> Quirk122 {
    Quirk122 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, authorize(fragment = "/oauth/authorize?"))]
pub(crate) struct Quirk125 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk125() -> Quirk125 {
    Quirk125 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, hooks)]
pub(crate) struct Quirk126 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
impl Hooks for Quirk126 {}
pub(crate) fn quirk126() -> Quirk126 {
    Quirk126 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = client_secret_post, authorize(params(request = "authorize")))]
pub(crate) struct Quirk127 {
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUri,
}
pub(crate) fn quirk127() -> Quirk127 {
    Quirk127 { client_id: "id".parse().unwrap(), client_secret: "s".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap() }
}

#[derive(Clone, OAuthProvider)]
#[oauth(base_uri = "https://forge.example", authorization_path = "/authorize", access_token_path = "/token", client_auth = none, hooks)]
pub(crate) struct Quirk128 {
    client_id: ClientId,
    redirect_uri: RedirectUri,
    client_secret: ClientSecret,
}
impl Hooks for Quirk128 {}
pub(crate) fn quirk128() -> Quirk128 {
    Quirk128 { client_id: "id".parse().unwrap(), redirect_uri: "https://app.example/cb".parse().unwrap(), client_secret: "acme".parse().unwrap() }
}

