//! Between axum and oxide-auth: requests, responses, and the endpoint that holds the parts together.

use std::borrow::Cow;

use axum::{
    body::Body,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response as HttpResponse},
};
use maud::Markup;
use oxide_auth::{
    code_grant::error::AccessTokenErrorType,
    endpoint::{
        Authorizer, Endpoint, Extension, Issuer, NormalizedParameter, OAuthError, OwnerConsent, OwnerSolicitor,
        QueryParameter, Registrar, Scopes, Solicitation, Template, WebRequest, WebResponse,
    },
    frontends::simple::extensions::{AddonList, Pkce},
};
use url::Url;

use super::{SCOPES, accounts::Account, clients::Clients, grants::Grants, pages};
use crate::{database::Database, web};

/// What oxide-auth reads of a request.
#[derive(Default)]
pub(super) struct Request {
    pub(super) query: NormalizedParameter,
    pub(super) body: NormalizedParameter,
    pub(super) authorization: Option<String>,
}

impl Request {
    pub(super) fn new(query: &str, body: &str, headers: &HeaderMap) -> Self {
        let authorization = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        Self { query: parameters(query), body: parameters(body), authorization: authorization.map(str::to_owned) }
    }
}

/// Parameters; one that is repeated counts as absent (RFC 6749 section 3.1).
pub(super) fn parameters(text: &str) -> NormalizedParameter {
    let mut all = NormalizedParameter::new();
    for (name, value) in form_urlencoded::parse(text.as_bytes()) {
        all.insert_or_poison(name.into_owned().into(), value.into_owned().into());
    }
    all
}

impl WebRequest for Request {
    type Error = OAuthError;
    type Response = Response;

    fn query(&mut self) -> Result<Cow<'_, dyn QueryParameter + 'static>, OAuthError> {
        Ok(Cow::Borrowed(&self.query))
    }

    fn urlbody(&mut self) -> Result<Cow<'_, dyn QueryParameter + 'static>, OAuthError> {
        Ok(Cow::Borrowed(&self.body))
    }

    fn authheader(&mut self) -> Result<Option<Cow<'_, str>>, OAuthError> {
        Ok(self.authorization.as_deref().map(Cow::Borrowed))
    }
}

/// What oxide-auth answers.
pub(super) struct Response {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
    issuer: String,
}

impl Response {
    fn set(&mut self, name: header::HeaderName, value: &str) -> Result<(), OAuthError> {
        let value = value.try_into().map_err(|_| OAuthError::BadRequest)?;
        self.headers.insert(name, value);
        Ok(())
    }
}

impl WebResponse for Response {
    type Error = OAuthError;

    fn ok(&mut self) -> Result<(), OAuthError> {
        self.status = StatusCode::OK;
        Ok(())
    }

    /// 303 and not 302: after the consent form the browser comes with a POST, and has to go on with a GET
    /// (RFC 9700 section 4.12). `iss` tells the client who answered (RFC 9207).
    fn redirect(&mut self, mut url: Url) -> Result<(), OAuthError> {
        url.query_pairs_mut().append_pair("iss", &self.issuer);
        self.status = StatusCode::SEE_OTHER;
        self.set(header::LOCATION, url.as_str())
    }

    fn client_error(&mut self) -> Result<(), OAuthError> {
        self.status = StatusCode::BAD_REQUEST;
        Ok(())
    }

    fn unauthorized(&mut self, scheme: &str) -> Result<(), OAuthError> {
        self.status = StatusCode::UNAUTHORIZED;
        self.set(header::WWW_AUTHENTICATE, scheme)
    }

    fn body_text(&mut self, text: &str) -> Result<(), OAuthError> {
        text.clone_into(&mut self.body);
        self.set(header::CONTENT_TYPE, "text/plain; charset=utf-8")
    }

    fn body_json(&mut self, data: &str) -> Result<(), OAuthError> {
        data.clone_into(&mut self.body);
        self.set(header::CONTENT_TYPE, "application/json")
    }
}

impl IntoResponse for Response {
    fn into_response(self) -> HttpResponse {
        let mut response = HttpResponse::new(Body::from(self.body));
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response
    }
}

/// Asks the person: first who they are, then whether they agree.
pub(super) struct Person {
    pub(super) account: Option<&'static Account>,
    /// What they pressed on the consent page; `None` on the way there.
    pub(super) decision: Option<bool>,
    /// The query of the request, to come back to it.
    pub(super) request: String,
    pub(super) issuer: String,
}

impl Person {
    /// A page of a login in progress. Its forms end in a redirect to the client, which browsers allow only if the
    /// policy of the page with the form names the client.
    fn show(&self, page: &Markup, client: &Url) -> OwnerConsent<Response> {
        let mut response = blank(&self.issuer);
        page.0.clone_into(&mut response.body);
        let policy = web::policy(&client.origin().ascii_serialization());
        let result = response
            .set(header::CONTENT_TYPE, "text/html; charset=utf-8")
            .and_then(|()| response.set(header::CONTENT_SECURITY_POLICY, &policy));
        match result {
            Ok(()) => OwnerConsent::InProgress(response),
            Err(error) => OwnerConsent::Error(error),
        }
    }
}

impl OwnerSolicitor<Request> for Person {
    fn check_consent(&mut self, _: &mut Request, solicitation: Solicitation<'_>) -> OwnerConsent<Response> {
        let asked = solicitation.pre_grant();
        let client_url = asked.redirect_uri.to_url();
        let client = Clients::display_name(&asked.client_id);
        match (self.account, self.decision) {
            (None, _) => self.show(&pages::login(client, &self.request), &client_url),
            (Some(account), None) => {
                // oxide-auth keeps a set; people read them in the same order each time.
                let known = SCOPES.iter().map(|(scope, _)| *scope);
                let scopes: Vec<_> = known.filter(|known| asked.scope.iter().any(|scope| scope == *known)).collect();
                self.show(&pages::consent(client, account, &scopes, &self.request), &client_url)
            }
            (Some(account), Some(true)) => OwnerConsent::Authorized(account.id.to_owned()),
            (Some(_), Some(false)) => OwnerConsent::Denied,
        }
    }
}

/// Clients, grants, the person and PKCE, as oxide-auth wants them: for one request.
pub(super) struct Parts<'a> {
    clients: &'a Clients,
    grants: Grants<'a>,
    person: Option<Person>,
    extensions: AddonList,
    issuer: &'a str,
}

impl<'a> Parts<'a> {
    pub(super) fn new(database: &'a Database, clients: &'a Clients, issuer: &'a str, person: Option<Person>) -> Self {
        let mut extensions = AddonList::new();
        // S256 only, from every client (RFC 9700 section 2.1.1).
        extensions.push_code(Pkce::required());
        Self { clients, grants: Grants::new(database), person, extensions, issuer }
    }
}

fn blank(issuer: &str) -> Response {
    Response { status: StatusCode::OK, headers: HeaderMap::new(), body: String::new(), issuer: issuer.to_owned() }
}

impl Endpoint<Request> for Parts<'_> {
    type Error = OAuthError;

    fn registrar(&self) -> Option<&dyn Registrar> {
        Some(self.clients)
    }

    fn authorizer_mut(&mut self) -> Option<&mut dyn Authorizer> {
        Some(&mut self.grants)
    }

    fn issuer_mut(&mut self) -> Option<&mut dyn Issuer> {
        Some(&mut self.grants)
    }

    fn owner_solicitor(&mut self) -> Option<&mut dyn OwnerSolicitor<Request>> {
        self.person.as_mut().map(|person| person as _)
    }

    fn scopes(&mut self) -> Option<&mut dyn Scopes<Request>> {
        None
    }

    fn response(&mut self, _: &mut Request, mut kind: Template<'_>) -> Result<Response, OAuthError> {
        // oxide-auth calls a wrong code or verifier an invalid request; RFC 6749 section 5.2 and RFC 7636 section 4.6
        // call it an invalid grant, which is what clients act on.
        if let Some(error) = kind.access_token_error()
            && self.grants.code_was_presented
            && error.kind() == AccessTokenErrorType::InvalidRequest
        {
            error.set_type(AccessTokenErrorType::InvalidGrant);
        }
        Ok(blank(self.issuer))
    }

    fn error(&mut self, error: OAuthError) -> OAuthError {
        error
    }

    fn web_error(&mut self, error: OAuthError) -> OAuthError {
        error
    }

    fn extension(&mut self) -> Option<&mut dyn Extension> {
        Some(&mut self.extensions)
    }
}
