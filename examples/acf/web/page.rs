//! The frame around every page.

use maud::{DOCTYPE, Markup, PreEscaped, html};

/// Whose page it is: people have to see when they are elsewhere.
#[derive(Clone, Copy)]
pub(crate) enum Site {
    Demo,
    Issuer,
}

impl Site {
    const fn name(self) -> &'static str {
        match self {
            Self::Demo => "Auth Code Flow",
            Self::Issuer => "Demo Authorization Server",
        }
    }

    const fn class(self) -> &'static str {
        match self {
            Self::Demo => "demo",
            Self::Issuer => "issuer",
        }
    }

    const fn home(self) -> &'static str {
        "/"
    }

    /// Two links of a chain; a shield.
    const fn mark(self) -> &'static str {
        match self {
            Self::Demo => {
                "<path d='M10.2 13.8a4 4 0 0 0 5.7 0l3-3a4 4 0 0 0-5.7-5.7l-.9.9M13.8 10.2a4 4 0 0 0-5.7 0l-3 3a4 4 0 0 0 \
                 5.7 5.7l.9-.9'/>"
            }
            Self::Issuer => {
                "<path d='M12 3.5 5 6v5.5c0 4.3 2.9 7.4 7 9 4.1-1.6 7-4.7 7-9V6z'/><path d='m9 12 2.2 2.2L15.3 10'/>"
            }
        }
    }
}

/// A whole page.
pub(crate) fn page(site: Site, title: &str, main: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" class=(site.class()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · " (site.name()) }
                link rel="icon" href=(icon(site));
                link rel="stylesheet" href="/style.css";
            }
            body {
                a.skip href="#main" { "Skip to content" }
                header.site {
                    a.brand href=(site.home()) {
                        svg viewBox="0 0 24 24" aria-hidden="true" { (PreEscaped(site.mark())) }
                        span { (site.name()) }
                    }
                    @match site {
                        Site::Demo => span.hint { "demo" },
                        Site::Issuer => span.hint { "not a real account" },
                    }
                }
                main #main tabindex="-1" { (main) }
                footer.site {
                    @match site {
                        Site::Demo => p { "The authorization code flow, running on your machine. Tokens stay in the database file next to it." },
                        Site::Issuer => p { "Stands in for the server of a real provider, so that the flow can be tried offline." },
                    }
                }
            }
        }
    }
}

/// The tab's icon, inline: nothing is loaded from anywhere.
fn icon(site: Site) -> String {
    let colour = match site {
        Site::Demo => "%233d5afe",
        Site::Issuer => "%230f8a6c",
    };
    let mark = site.mark().replace('<', "%3C").replace('>', "%3E");
    format!(
        "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24' fill='none' stroke='{colour}' \
         stroke-width='2.4' stroke-linecap='round' stroke-linejoin='round'%3E{mark}%3C/svg%3E"
    )
}

/// A row of a list of facts.
pub(crate) fn fact(label: &str, value: &Markup) -> Markup {
    html! { div { dt { (label) } dd { (value) } } }
}
