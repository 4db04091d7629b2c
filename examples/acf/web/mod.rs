//! What both servers of the demo share: the page around every page, response headers, cookies.

pub(crate) mod cookie;
pub(crate) mod page;

use std::io::Write;

use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

/// The content security policy of every page: no script at all, our own stylesheet, images of our own or inline.
/// `also_to` are the origins, apart from our own, that a form may lead to; browsers apply this to redirects, too.
pub(crate) fn policy(also_to: &str) -> String {
    let form_action = if also_to.is_empty() { "'self'".to_owned() } else { format!("'self' {also_to}") };
    format!(
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action {form_action}; \
         frame-ancestors 'none'; base-uri 'none'"
    )
}

/// Middleware: the headers of every answer, whoever made it.
pub(crate) async fn harden(mut response: Response) -> Response {
    let headers = response.headers_mut();
    let mut default = |name: header::HeaderName, value: HeaderValue| {
        headers.entry(name).or_insert(value);
    };
    // Tokens are masked, but who is connected is nobody else's business (BFF guidance: `no-store` on every answer).
    default(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    default(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // The callback's query holds the code: no page may be told where the browser came from.
    default(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    if let Ok(policy) = policy("").try_into() {
        default(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// The stylesheet: the only thing that may be cached.
pub(crate) async fn stylesheet() -> Response {
    let headers = [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "public, max-age=3600")];
    (headers, include_str!("style.css")).into_response()
}

/// Whether a request that changes something comes from a page of ours.
///
/// Every current browser sends `Sec-Fetch-Site`, and a page cannot forge it. For older ones `Origin` has to be ours;
/// `null` is not. A program without a browser sends neither, and has no cookies that a page could misuse.
pub(crate) fn is_ours(headers: &HeaderMap, origin: &str) -> bool {
    match (headers.get("sec-fetch-site"), headers.get(header::ORIGIN)) {
        (Some(site), _) => matches!(site.as_bytes(), b"same-origin" | b"none"),
        (None, Some(from)) => from.as_bytes() == origin.as_bytes(),
        (None, None) => true,
    }
}

/// Whether a browser asks before anybody wants it, to have the page at hand.
pub(crate) fn is_ahead_of_time(headers: &HeaderMap) -> bool {
    let purposes = ["sec-purpose", "purpose"].into_iter().filter_map(|name| headers.get(name)?.to_str().ok());
    purposes.into_iter().any(|purpose| purpose.contains("prefetch") || purpose.contains("prerender"))
}

/// A redirect that turns every method into a GET.
pub(crate) fn see_other(location: &str) -> Response {
    match HeaderValue::from_str(location) {
        Ok(location) => (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response(),
        Err(_) => StatusCode::BAD_REQUEST.into_response(),
    }
}

/// Adds a `Set-Cookie`.
pub(crate) fn with_cookie(mut response: Response, cookie: Option<String>) -> Response {
    if let Some(cookie) = cookie.and_then(|cookie| cookie.try_into().ok()) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// A line for whoever runs the server. Nothing that fails here is worth failing for.
pub(crate) fn log(line: impl std::fmt::Display) {
    drop(writeln!(std::io::stderr(), "acf: {line}"));
}
