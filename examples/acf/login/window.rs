//! What the browser shows when it comes back: a small page, whole in itself, since nothing listens here afterwards.

use maud::{DOCTYPE, html};

/// A page with its status.
pub(super) struct Page {
    status: &'static str,
    mark: &'static str,
    title: String,
    text: String,
}

const CLOSE: &str = "You can close this window and go back to the terminal.";

const STYLE: &str = "
:root { color-scheme: light dark; font: 1.05rem/1.6 system-ui, sans-serif; }
body { min-height: 92vh; margin: 0; display: grid; place-items: center; background: light-dark(#f4f5f9, #12141c);
  color: light-dark(#1c2030, #e8eaf2); }
main { max-width: 26rem; margin: 1.5rem; padding: 2rem 2.25rem; border-radius: 16px; text-align: center;
  background: light-dark(#fff, #1b1e2a); box-shadow: 0 1px 2px #0002, 0 12px 40px #0001; }
p.mark { font-size: 2.5rem; line-height: 1; margin: 0 0 .75rem; }
h1 { font-size: 1.4rem; line-height: 1.3; margin: 0 0 .5rem; }
p { margin: 0; color: light-dark(#565d73, #a3a9bd); text-wrap: balance; }";

impl Page {
    fn new(status: &'static str, mark: &'static str, title: String, text: &str) -> Self {
        Self { status, mark, title, text: text.to_owned() }
    }

    pub(super) fn done(provider: &str) -> Self {
        Self::new("200 OK", "✓", format!("{provider}: you are logged in"), CLOSE)
    }

    pub(super) fn denied(provider: &str) -> Self {
        Self::new("200 OK", "–", format!("{provider}: you did not allow access"), CLOSE)
    }

    pub(super) fn failed(provider: &str) -> Self {
        Self::new(
            "502 Bad Gateway",
            "!",
            format!("{provider}: the login failed"),
            "The terminal says why. You can close this window.",
        )
    }

    /// For requests that are not the answer to the login.
    pub(super) fn not_it(status: &'static str) -> Self {
        let text = "A login is waiting in a terminal, and this is not the answer to it.";
        Self::new(status, "?", "Nothing to see here".to_owned(), text)
    }

    /// The whole HTTP response.
    pub(super) fn response(&self) -> String {
        let body = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    title { (self.title) }
                    link rel="icon" href="data:,";
                    style { (maud::PreEscaped(STYLE)) }
                }
                body { main { p.mark aria-hidden="true" { (self.mark) } h1 { (self.title) } p { (self.text) } } }
            }
        }
        .into_string();
        format!(
            "HTTP/1.1 {}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n\
             Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\n\
             Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; img-src data:; \
             frame-ancestors 'none'; base-uri 'none'; form-action 'none'\r\n\r\n{body}",
            self.status,
            body.len(),
        )
    }
}
