//! A person at a browser: follows redirects, keeps cookies, fills in forms.

use std::collections::BTreeMap;

use acf_core::http::{HttpClient, Limits, Request, ReqwestClient, Response};
use http::{Method, header};

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    Allow,
    Deny,
}

/// Logs in as `alice`, answers the consent page, and returns the URL that the browser is finally sent to, below the
/// redirect URI of the request.
pub(crate) async fn walk(authorization_url: &str, answer: Answer) -> String {
    let mut browser = Browser::new();
    let query = authorization_url.split_once('?').unwrap().1.as_bytes();
    let redirect_uri = form_urlencoded::parse(query).find(|(name, _)| name == "redirect_uri").unwrap().1;
    let mut step = Step::Get(authorization_url.to_owned());
    for _ in 0..20 {
        let (url, response) = browser.load(step).await;
        let location = response.headers().get(header::LOCATION).map(|value| value.to_str().unwrap());
        let html = String::from_utf8_lossy(response.body());
        step = match location {
            Some(callback) if callback.starts_with(&*redirect_uri) => return callback.to_owned(),
            Some(location) => Step::Get(join(&url, location)),
            None if response.status() == 200 => next(&url, &html, answer),
            None => panic!("{url} answered {}: {html}", response.status()),
        };
    }
    panic!("after 20 pages still no callback");
}

/// Opens the page for devices, types the code in, logs in and answers; the page it ends on.
pub(crate) async fn confirm(verification_uri: &str, user_code: &str, answer: Answer) -> String {
    let mut browser = Browser::new();
    let mut step = Step::Get(verification_uri.to_owned());
    let mut typed = false;
    for _ in 0..20 {
        let (url, response) = browser.load(step).await;
        let location = response.headers().get(header::LOCATION).map(|value| value.to_str().unwrap());
        let html = String::from_utf8_lossy(response.body());
        step = match location {
            Some(location) => Step::Get(join(&url, location)),
            None if !html.contains("<form") => return html.into_owned(),
            None => match next(&url, &html, answer) {
                // The one field that is not prefilled. Whoever refused is asked for another code.
                Step::Post(_, body) if body.contains("user_code=alice") && typed => return html.into_owned(),
                Step::Post(url, body) => {
                    typed |= body.contains("user_code=alice");
                    Step::Post(url, body.replace("user_code=alice", &format!("user_code={user_code}")))
                }
                get => get,
            },
        };
    }
    panic!("after 20 pages still no end");
}

/// The page at an address, before anybody does anything.
pub(crate) async fn page(url: &str) -> Response {
    Browser::new().load(Step::Get(url.to_owned())).await.1
}

enum Step {
    Get(String),
    Post(String, String),
}

struct Browser {
    http: ReqwestClient,
    cookies: BTreeMap<String, String>,
}

impl Browser {
    fn new() -> Self {
        Self { http: ReqwestClient::new().unwrap(), cookies: BTreeMap::new() }
    }

    async fn load(&mut self, step: Step) -> (String, Response) {
        let (method, url, body) = match step {
            Step::Get(url) => (Method::GET, url, String::new()),
            Step::Post(url, body) => (Method::POST, url, body),
        };
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request = Request::new(body.into_bytes());
        *request.method_mut() = method;
        *request.uri_mut() = url.parse().unwrap();
        let headers = request.headers_mut();
        headers.insert(header::CONTENT_TYPE, "application/x-www-form-urlencoded".parse().unwrap());
        headers.insert(header::COOKIE, cookies.join("; ").parse().unwrap());
        let response = self.http.send(request, Limits::API).await.unwrap();
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        (url, response)
    }
}

/// What a person does on a page with a login or a consent form.
fn next(url: &str, html: &str, answer: Answer) -> Step {
    let form = between(html, "<form", "</form>").unwrap_or_else(|| panic!("{url} has no form: {html}"));
    let asks_for_login = form.contains("type=\"password\"");
    // One server has a link for those who refuse, the other a second button.
    let cancel =
        html.split("href=\"").skip(1).find_map(|rest| rest.split('"').next().filter(|l| l.ends_with("/abort")));
    if let (Some(link), Answer::Deny, false) = (cancel, answer, asks_for_login) {
        return Step::Get(join(url, &unescape(link)));
    }
    let mut body = form_urlencoded::Serializer::new(String::new());
    for input in form.split("<input").skip(1) {
        let input = input.split('>').next().unwrap_or_default();
        let name = attribute(input, "name").unwrap();
        match name.as_str() {
            "password" => body.append_pair(&name, "any"),
            _ => body.append_pair(&name, &attribute(input, "value").unwrap_or_else(|| "alice".to_owned())),
        };
    }
    if form.contains("name=\"decision\"") {
        body.append_pair("decision", if answer == Answer::Allow { "allow" } else { "deny" });
    }
    Step::Post(join(url, &attribute(form, "action").unwrap()), body.finish())
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    between(tag, &format!(" {name}=\""), "\"").map(unescape)
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    text.split_once(start)?.1.split_once(end).map(|(inner, _)| inner)
}

fn unescape(text: &str) -> String {
    text.replace("&quot;", "\"").replace("&#x27;", "'").replace("&#39;", "'").replace("&amp;", "&")
}

/// A reference that is absolute or begins with `/`.
fn join(base: &str, reference: &str) -> String {
    let origin = base.match_indices('/').nth(2).map_or(base, |(end, _)| base.split_at(end).0);
    if reference.starts_with('/') { format!("{origin}{reference}") } else { reference.to_owned() }
}
