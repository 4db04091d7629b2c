//! Authorization servers that others wrote, each started as a process of its own.

use std::{
    io::{BufRead, BufReader, Read},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use acf_core::ClientAuth;

/// What tells one server from another.
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    /// The environment variable that names the program, the program where it is not set, and the script that it runs, if
    /// it is no server by itself.
    run: (&'static str, &'static str, Option<&'static str>),
    /// What to do where it does not start.
    install: &'static str,
    pub(crate) authorization_path: &'static str,
    pub(crate) access_token_path: &'static str,
    pub(crate) revocation_path: Option<&'static str>,
    pub(crate) introspection_path: Option<&'static str>,
    pub(crate) userinfo_path: &'static str,
    /// The scope that opens the userinfo endpoint.
    pub(crate) scope: &'static str,
    /// How a Basic secret with reserved characters may come: form-encoded (RFC 6749 section 2.3.1), as it is, or either.
    pub(crate) basic: &'static [ClientAuth],
    /// How a client refreshes that sends its secret in the body of other requests.
    pub(crate) refresh_of_post: ClientAuth,
    /// Whether a code is gone after somebody sent it with a wrong verifier.
    pub(crate) a_wrong_verifier_burns_the_code: bool,
}

pub(crate) const OIDC_PROVIDER: Kind = Kind {
    name: "oidc-provider",
    run: ("ACF_NODE", "node", Some("oidc-provider.mjs")),
    install: "install Node and run `npm ci` in .ci/servers",
    authorization_path: "/auth",
    access_token_path: "/token",
    revocation_path: Some("/token/revocation"),
    introspection_path: Some("/token/introspection"),
    userinfo_path: "/me",
    scope: "openid",
    basic: &[ClientAuth::ClientSecretBasic],
    refresh_of_post: ClientAuth::ClientSecretPost,
    a_wrong_verifier_burns_the_code: false,
};

pub(crate) const AUTHLIB: Kind = Kind {
    name: "Authlib",
    run: ("ACF_PYTHON", "python3", Some("authlib_server.py")),
    install: "run `pip install -r .ci/servers/requirements.txt` and name that Python in ACF_PYTHON",
    authorization_path: "/authorize",
    access_token_path: "/token",
    revocation_path: Some("/revoke"),
    introspection_path: Some("/introspect"),
    userinfo_path: "/userinfo",
    scope: "profile",
    basic: &[ClientAuth::ClientSecretBasic, ClientAuth::ClientSecretBasicRaw],
    refresh_of_post: ClientAuth::ClientSecretPost,
    a_wrong_verifier_burns_the_code: false,
};

pub(crate) const OXIDE_AUTH: Kind = Kind {
    name: "oxide-auth",
    run: ("ACF_OXIDE_AUTH", "acf-ci-oxide-auth", None),
    install: "build .ci/servers/oxide-auth and name the program in ACF_OXIDE_AUTH",
    authorization_path: "/authorize",
    access_token_path: "/token",
    revocation_path: None,
    introspection_path: None,
    userinfo_path: "/userinfo",
    scope: "profile",
    basic: &[ClientAuth::ClientSecretBasicRaw],
    refresh_of_post: ClientAuth::ClientSecretBasicRaw,
    a_wrong_verifier_burns_the_code: true,
};

/// It knows no clients, so it refuses none.
pub(crate) const MOCK_SERVER: Kind = Kind {
    name: "oauth2-mock-server",
    run: ("ACF_NODE", "node", Some("oauth2-mock-server.mjs")),
    install: "install Node and run `npm ci` in .ci/servers",
    authorization_path: "/authorize",
    access_token_path: "/token",
    revocation_path: None,
    introspection_path: None,
    userinfo_path: "/userinfo",
    scope: "profile",
    basic: &[ClientAuth::ClientSecretBasic, ClientAuth::ClientSecretBasicRaw],
    refresh_of_post: ClientAuth::ClientSecretPost,
    a_wrong_verifier_burns_the_code: true,
};

/// A server that answers. It ends when its input does, which is when this program ends, however that comes about.
pub(crate) struct Server {
    pub(crate) kind: &'static Kind,
    /// The base of its endpoints, which is also its issuer, but for oauth2-mock-server's.
    pub(crate) issuer: String,
    /// The base of the same endpoints over TLS, where it has been told to have them.
    pub(crate) secure: Option<String>,
    /// Its input among other things, which keeps it running.
    _process: Child,
}

impl Server {
    /// Starts it and waits until it answers.
    pub(crate) fn start(kind: &'static Kind) -> Self {
        Self::start_with(kind, &[])
    }

    /// The same, with arguments of its own.
    pub(crate) fn start_with(kind: &'static Kind, arguments: &[&str]) -> Self {
        let (variable, default, script) = kind.run;
        let program = std::env::var_os(variable).unwrap_or_else(|| default.into());
        let scripts = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../.ci/servers");
        let mut child = Command::new(&program)
            .args(script.map(|script| scripts.join(script)))
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{program:?} ({variable}) does not start: {error}; {}", kind.install));
        let (stdout, mut stderr) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());

        // Both pipes are read to their end, or the server would stop at a full one.
        let complaints = thread::spawn(move || {
            let mut text = Vec::new();
            drop(stderr.read_to_end(&mut text));
            String::from_utf8_lossy(&text).into_owned()
        });
        let (first, ready) = mpsc::channel();
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                drop(first.send(line));
            }
        });
        let line = ready.recv_timeout(Duration::from_secs(30)).unwrap_or_else(|_| {
            drop((child.kill(), child.wait()));
            panic!("{} does not start; {}\n{}", kind.name, kind.install, complaints.join().unwrap())
        });
        let ready = line.strip_prefix("ready ").unwrap_or_else(|| panic!("{}: {line}", kind.name));
        let mut bases = ready.split(' ').map(str::to_owned);
        Self { kind, issuer: bases.next().unwrap(), secure: bases.next(), _process: child }
    }

    pub(crate) fn userinfo(&self) -> String {
        format!("{}{}", self.issuer, self.kind.userinfo_path)
    }
}
