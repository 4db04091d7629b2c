//! How a provider deviates, request by request: read once out of its definition.

use std::{borrow::Cow, time::Duration};

use acf_rules::{
    declaration::{Entry, kept_name},
    language::{ClientAuth, Encoding, ExpiresUnit, Method, Pkce, Post, Rotates},
    uri,
};
use http::{HeaderMap, HeaderName, HeaderValue, Uri};

use super::{Definition, resolved::Mistakes, template::Template};
use crate::token::MARGIN;

/// Where a request goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Fixed(Uri),
    /// Something in it is filled in with each request.
    Template(Template),
}

/// What the parameters of the RFC are called here, and which of them are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Names {
    renamed: Vec<(String, String)>,
    omitted: Vec<String>,
}

impl Names {
    /// What a parameter is called; `None` where it is not sent.
    pub(crate) fn name<'a>(&'a self, standard: &'a str) -> Option<&'a str> {
        if self.omitted.iter().any(|name| name == standard) {
            return None;
        }
        Some(self.renamed.iter().find(|(from, _)| from == standard).map_or(standard, |(_, to)| to.as_str()))
    }

    /// Whether a parameter of the RFC is called so here, and only here.
    pub(crate) fn is_new(&self, name: &str) -> bool {
        self.renamed.iter().any(|(_, to)| to == name)
    }

    /// Whether everything is called as in the RFC.
    pub(crate) fn is_plain(&self) -> bool {
        self.renamed.is_empty() && self.omitted.is_empty()
    }

    /// These, and of `others` what these do not say: what is named or given a value here is sent here.
    fn or(mut self, others: &Self, given: Option<&'static str>) -> Self {
        let sent = |name: &String| given == Some(name) || self.renamed.iter().any(|(from, _)| from == name);
        self.omitted.extend(others.omitted.iter().filter(|name| !sent(name)).cloned());
        for (from, to) in &others.renamed {
            if !self.renamed.iter().any(|(name, _)| name == from) {
                self.renamed.push((from.clone(), to.clone()));
            }
        }
        self
    }
}

/// The shape of a request that the client makes itself.
#[derive(Clone, Debug)]
pub(crate) struct RequestRules {
    pub(crate) method: Method,
    pub(crate) post: Post,
    pub(crate) client_auth: ClientAuth,
    pub(crate) grant_type: Option<String>,
    pub(crate) params: Vec<(String, Template)>,
    pub(crate) headers: Headers,
    pub(crate) names: Names,
    /// The status of a success, besides 200.
    pub(crate) status: Option<u16>,
}

/// Headers: those that are always the same, and those with something to fill in.
#[derive(Clone, Debug, Default)]
pub(crate) struct Headers {
    pub(crate) fixed: HeaderMap,
    pub(crate) templates: Vec<(HeaderName, Template)>,
}

/// The shape of the authorization request.
#[derive(Clone, Debug, Default)]
pub(crate) struct AuthorizeRules {
    pub(crate) response_type: Option<String>,
    pub(crate) params: Vec<(String, String)>,
    pub(crate) names: Names,
    pub(crate) raw: Vec<String>,
    pub(crate) fragment: Option<String>,
    pub(crate) scope_separator: String,
    pub(crate) pkce: Pkce,
}

/// What the callback looks like.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct CallbackRules {
    pub(crate) names: Names,
    pub(crate) capture: Vec<String>,
    pub(crate) denied: Vec<String>,
    pub(crate) require_iss: bool,
}

/// How the provider's token response deviates.
#[derive(Clone, Debug, Default)]
pub(crate) struct ResponseRules {
    /// Where the members are: a JSON pointer.
    pub(crate) path: Option<String>,
    /// Where the members of the RFC are: names or JSON pointers.
    pub(crate) names: Names,
    /// Used where the response has no `token_type`.
    pub(crate) token_type: Option<String>,
    /// What the provider calls a bearer token.
    pub(crate) token_type_alias: Option<String>,
    pub(crate) expires_unit: ExpiresUnit,
    pub(crate) zero_is_never: bool,
    pub(crate) default_lifetime: Option<Duration>,
    /// The member that holds the lifetime of the refresh token.
    pub(crate) refresh_expires: Option<String>,
    pub(crate) scope_separator: char,
    pub(crate) scope_list: bool,
    pub(crate) status: Option<u16>,
    pub(crate) encoding: Option<Encoding>,
    /// The members to keep, as pointers or names, each with the name that it is kept under; all where it is `None`.
    pub(crate) keep: Option<Vec<(String, String)>>,
    pub(crate) error: ErrorRules,
}

/// What an error looks like.
#[derive(Clone, Debug, Default)]
pub(crate) struct ErrorRules {
    pub(crate) path: Option<String>,
    pub(crate) ok: Option<String>,
    pub(crate) code: Option<String>,
    pub(crate) description: Option<String>,
}

/// Where the userinfo answer holds what.
#[derive(Clone, Debug, Default)]
pub(crate) struct UserinfoRules {
    pub(crate) path: Option<String>,
    pub(crate) id: Option<String>,
}

/// How the provider's refresh tokens behave.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct RefreshProfile {
    pub(crate) rotates: Rotates,
    /// How long an old refresh token is accepted after it was used.
    pub(crate) reuse_grace: Option<Duration>,
}

/// Everything that a definition says beyond endpoints and scopes.
#[derive(Clone, Debug)]
pub(crate) struct Rules {
    pub(crate) authorize: AuthorizeRules,
    pub(crate) token: RequestRules,
    /// The shape of the token request of any other grant.
    pub(crate) grant: RequestRules,
    pub(crate) refresh: RequestRules,
    /// The shape of requests that have none of their own: a form by POST.
    pub(crate) plain: RequestRules,
    /// The shape of the device authorization request.
    pub(crate) device: RequestRules,
    pub(crate) revoke: RequestRules,
    /// The shape of the userinfo request; `client_auth` means nothing here.
    pub(crate) userinfo_request: RequestRules,
    pub(crate) userinfo: UserinfoRules,
    /// What every call with a token has.
    pub(crate) api: RequestRules,
    /// Where calls may go; anywhere if there is none.
    pub(crate) origins: Vec<Uri>,
    pub(crate) callback: CallbackRules,
    pub(crate) response: ResponseRules,
    pub(crate) margin: Duration,
    pub(crate) profile: RefreshProfile,
}

/// Looks entries up.
struct Reader<'a, 'm> {
    entries: Vec<Entry<'a>>,
    /// What can be filled in now.
    known: &'a dyn Fn(&str) -> Option<Cow<'a, str>>,
    mistakes: &'m mut Mistakes,
}

impl Rules {
    pub(super) fn new<'a>(
        definition: &'a Definition,
        known: &'a dyn Fn(&str) -> Option<Cow<'a, str>>,
        mistakes: &mut Mistakes,
    ) -> Self {
        let mut reader = Reader { entries: definition.entries().collect(), known, mistakes };
        let post = reader.word("", "post", Post::from_name).unwrap_or(Post::Form);
        let client_auth = reader.word("", "client_auth", ClientAuth::from_name).unwrap_or(ClientAuth::None);
        let request =
            |group: &'static str, reader: &mut Reader<'a, '_>, method: Method, post: Post, auth: ClientAuth| {
                RequestRules {
                    method: reader.word(group, "method", Method::from_name).unwrap_or(method),
                    post: reader.word(group, "post", Post::from_name).unwrap_or(post),
                    client_auth: reader.word(group, "client_auth", ClientAuth::from_name).unwrap_or(auth),
                    grant_type: reader.filled(group, "grant_type"),
                    params: reader.params(group),
                    headers: reader.headers(group),
                    names: reader.names(group),
                    status: reader.number(group, "status").and_then(|status| u16::try_from(status).ok()),
                }
            };
        let token = request("token", &mut reader, Method::Post, post, client_auth);
        let own = request("refresh", &mut reader, token.method, token.post, token.client_auth);
        // What only the exchange of a code knows is not inherited.
        let lasting = |template: &Template| !template.slots().any(|slot| matches!(slot, "code" | "state"));
        let inherited = |params: &[(String, Template)]| {
            params.iter().filter(|(_, template)| lasting(template)).cloned().collect::<Vec<_>>()
        };
        // What a code needs not, such as its grant type, other grants do.
        let mut names = Names { omitted: Vec::new(), ..token.names.clone() };
        let scope_param: Vec<_> =
            reader.text("", "scope_param").map(|name| ("scope".to_owned(), name)).into_iter().collect();
        names.renamed.extend(scope_param.iter().cloned());
        let scope_param = Names { omitted: Vec::new(), renamed: scope_param };
        let grant = RequestRules { grant_type: None, params: inherited(&token.params), names, ..token.clone() };
        let plain = RequestRules {
            method: Method::Post,
            post: Post::Form,
            client_auth: token.client_auth,
            grant_type: None,
            params: Vec::new(),
            headers: Headers::default(),
            names: Names::default(),
            status: None,
        };
        let device = RequestRules { names: scope_param, ..plain.clone() };
        let refresh = RequestRules {
            params: override_by(inherited(&token.params), own.params),
            headers: own.headers.over(&token.headers),
            names: own.names.or(&token.names, own.grant_type.is_some().then_some("grant_type")),
            ..own
        };
        let revoke = request("revoke", &mut reader, Method::Post, Post::Form, token.client_auth);
        let api = request("api", &mut reader, Method::Get, Post::Form, ClientAuth::None);
        let own = request("userinfo", &mut reader, Method::Get, Post::Form, ClientAuth::None);
        let userinfo_request = RequestRules {
            params: override_by(api.params.clone(), own.params),
            headers: own.headers.over(&api.headers),
            ..own
        };
        Self {
            authorize: reader.authorize(),
            token,
            grant,
            refresh,
            plain,
            device,
            revoke,
            userinfo_request,
            userinfo: UserinfoRules { path: reader.text("userinfo", "path"), id: reader.text("userinfo", "id") },
            api,
            origins: reader.origins(),
            callback: CallbackRules {
                names: reader.names("callback"),
                capture: reader.list("callback", "capture"),
                denied: reader.list("callback", "denied"),
                require_iss: reader.has("callback", "require_iss"),
            },
            response: reader.response(),
            margin: reader.number("refresh", "margin").map_or(MARGIN, Duration::from_secs),
            profile: RefreshProfile {
                rotates: reader.word("refresh", "rotates", Rotates::from_name).unwrap_or_default(),
                reuse_grace: reader.number("refresh", "reuse_grace").map(Duration::from_secs),
            },
        }
    }
}

/// `first`, with those of the same name replaced by `second`.
fn override_by(mut first: Vec<(String, Template)>, second: Vec<(String, Template)>) -> Vec<(String, Template)> {
    first.retain(|(name, _)| !second.iter().any(|(own, _)| own == name));
    first.extend(second);
    first
}

impl Headers {
    /// These, and of `others` those that these do not have.
    fn over(mut self, others: &Self) -> Self {
        let has = |headers: &Self, name: &HeaderName| {
            headers.fixed.contains_key(name) || headers.templates.iter().any(|(own, _)| own == name)
        };
        for (name, value) in &others.fixed {
            if !has(&self, name) {
                self.fixed.insert(name, value.clone());
            }
        }
        for (name, template) in &others.templates {
            if !has(&self, name) {
                self.templates.push((name.clone(), template.clone()));
            }
        }
        self
    }
}

impl<'a> Reader<'a, '_> {
    fn all(&self, group: &'static str, key: &'static str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let found = self.entries.iter().filter(move |entry| entry.group == group && entry.key.name == key);
        found.map(|entry| (entry.name, entry.value.text().unwrap_or_default()))
    }

    fn one(&self, group: &'static str, key: &'static str) -> Option<&'a str> {
        self.all(group, key).map(|(_, value)| value).next()
    }

    fn text(&self, group: &'static str, key: &'static str) -> Option<String> {
        self.one(group, key).map(str::to_owned)
    }

    fn list(&self, group: &'static str, key: &'static str) -> Vec<String> {
        self.all(group, key).map(|(_, value)| value.to_owned()).collect()
    }

    fn has(&self, group: &'static str, key: &'static str) -> bool {
        self.one(group, key).is_some()
    }

    fn word<T>(&self, group: &'static str, key: &'static str, from_name: impl Fn(&str) -> Option<T>) -> Option<T> {
        self.one(group, key).and_then(from_name)
    }

    fn number(&self, group: &'static str, key: &'static str) -> Option<u64> {
        self.one(group, key)?.parse().ok()
    }

    /// A template of which everything must be known now.
    fn filled(&mut self, group: &'static str, key: &'static str) -> Option<String> {
        let text = self.one(group, key)?;
        self.fill(text)
    }

    fn fill(&mut self, text: &str) -> Option<String> {
        let template = Template::new(text, self.known);
        match template.plain() {
            Some(text) => Some(text.to_owned()),
            None => {
                self.mistakes.push(
                    template
                        .slots()
                        .map(|name| format!("nothing provides `{{{name}}}`"))
                        .collect::<Vec<_>>()
                        .join("\n"),
                );
                None
            }
        }
    }

    fn origins(&mut self) -> Vec<Uri> {
        let declared: Vec<_> = self.all("api", "origins").collect();
        let filled: Vec<_> = declared.into_iter().filter_map(|(_, text)| self.fill(text)).collect();
        let parsed = filled.iter().filter_map(|text| match (uri::base_uri(text), text.parse()) {
            (Ok(()), Ok(uri)) => Some(uri),
            _ => {
                self.mistakes.push(format!("`{text}` is no origin: write it as \"https://HOST\""));
                None
            }
        });
        parsed.collect()
    }

    fn params(&self, group: &'static str) -> Vec<(String, Template)> {
        self.all(group, "params").map(|(name, value)| (name.to_owned(), Template::new(value, self.known))).collect()
    }

    fn headers(&mut self, group: &'static str) -> Headers {
        let mut headers = Headers::default();
        let declared: Vec<_> = self.all(group, "headers").collect();
        for (name, value) in declared {
            let template = Template::new(value, self.known);
            let parsed = HeaderName::from_bytes(name.as_bytes());
            match (parsed, template.plain().map(HeaderValue::from_str)) {
                (Ok(name), None) => headers.templates.push((name, template)),
                (Ok(name), Some(Ok(mut parsed))) => {
                    // What a field fills in may be a credential.
                    parsed.set_sensitive(value.contains('{'));
                    headers.fixed.insert(name, parsed);
                }
                _ => self.mistakes.push(format!("`{name}` is not a header that can be sent")),
            }
        }
        headers
    }

    fn names(&self, group: &'static str) -> Names {
        let renamed = self.all(group, "rename").map(|(from, to)| (from.to_owned(), to.to_owned())).collect();
        Names { renamed, omitted: self.list(group, "omit") }
    }

    fn authorize(&mut self) -> AuthorizeRules {
        let mut names = self.names("authorize");
        names.renamed.extend(self.text("", "scope_param").map(|name| ("scope".to_owned(), name)));
        let declared: Vec<_> = self.all("authorize", "params").collect();
        let mut params: Vec<_> =
            declared.into_iter().filter_map(|(name, value)| Some((name.to_owned(), self.fill(value)?))).collect();
        if self.has("callback", "form_post") && !params.iter().any(|(name, _)| name == "response_mode") {
            params.push(("response_mode".to_owned(), "form_post".to_owned()));
        }
        AuthorizeRules {
            response_type: self.filled("authorize", "response_type"),
            params,
            names,
            raw: self.list("authorize", "raw"),
            fragment: self.text("authorize", "fragment"),
            scope_separator: self.text("", "scope_separator").unwrap_or_else(|| " ".to_owned()),
            pkce: self.word("", "pkce", Pkce::from_name).unwrap_or_default(),
        }
    }

    fn response(&self) -> ResponseRules {
        const GROUP: &str = "token_response";
        let mut names = self.names(GROUP);
        names.renamed.extend(self.text(GROUP, "expires").map(|name| ("expires_in".to_owned(), name)));
        let keep: Vec<_> =
            self.all(GROUP, "keep").map(|(_, member)| (member.to_owned(), kept_name(member).to_owned())).collect();
        ResponseRules {
            path: self.text(GROUP, "path"),
            names,
            token_type: self.text(GROUP, "token_type"),
            token_type_alias: self.text(GROUP, "token_type_alias"),
            expires_unit: self.word(GROUP, "expires_unit", ExpiresUnit::from_name).unwrap_or_default(),
            zero_is_never: self.has(GROUP, "zero_is_never"),
            default_lifetime: self.number(GROUP, "default_lifetime").map(Duration::from_secs),
            refresh_expires: self.text(GROUP, "refresh_expires"),
            scope_separator: self.one(GROUP, "scope_separator").and_then(|text| text.chars().next()).unwrap_or(' '),
            scope_list: self.has(GROUP, "scope_list"),
            status: self.number(GROUP, "status").and_then(|status| u16::try_from(status).ok()),
            encoding: self.word(GROUP, "encoding", Encoding::from_name),
            keep: Some(keep).filter(|keep| !keep.is_empty()),
            error: ErrorRules {
                path: self.text("error", "path"),
                ok: self.text("error", "ok"),
                code: self.text("error", "code"),
                description: self.text("error", "description"),
            },
        }
    }
}
