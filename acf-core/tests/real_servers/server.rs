//! Authorization servers that others wrote, each started as a process of its own.

use std::{
    io::{BufRead, BufReader, Read},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

/// What tells one server from another.
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    /// The environment variable that names the program, the program where it is not set, and its argument.
    run: (&'static str, &'static str, &'static str),
    /// What to do where it does not start.
    install: &'static str,
    pub(crate) authorization_path: &'static str,
    pub(crate) access_token_path: &'static str,
    pub(crate) revocation_path: &'static str,
    pub(crate) userinfo_path: &'static str,
    /// The scope that opens the userinfo endpoint.
    pub(crate) scope: &'static str,
    /// Whether Basic credentials are decoded so strictly that a raw secret with a stray `%` is refused.
    pub(crate) refuses_raw_basic: bool,
}

pub(crate) const OIDC_PROVIDER: Kind = Kind {
    name: "oidc-provider",
    run: ("ACF_NODE", "node", "oidc-provider.mjs"),
    install: "install Node and run `npm ci` in .ci/servers",
    authorization_path: "/auth",
    access_token_path: "/token",
    revocation_path: "/token/revocation",
    userinfo_path: "/me",
    scope: "openid",
    refuses_raw_basic: true,
};

pub(crate) const AUTHLIB: Kind = Kind {
    name: "Authlib",
    run: ("ACF_PYTHON", "python3", "authlib_server.py"),
    install: "run `pip install -r .ci/servers/requirements.txt` and name that Python in ACF_PYTHON",
    authorization_path: "/authorize",
    access_token_path: "/token",
    revocation_path: "/revoke",
    userinfo_path: "/userinfo",
    scope: "profile",
    refuses_raw_basic: false,
};

/// A server that answers. It ends when its input does, which is when this program ends, however that comes about.
pub(crate) struct Server {
    pub(crate) kind: &'static Kind,
    /// Its issuer, which is also the base of its endpoints.
    pub(crate) issuer: String,
    /// Its input among other things, which keeps it running.
    _process: Child,
}

impl Server {
    /// Starts it and waits until it answers.
    pub(crate) fn start(kind: &'static Kind) -> Self {
        let (variable, default, script) = kind.run;
        let program = std::env::var_os(variable).unwrap_or_else(|| default.into());
        let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../.ci/servers").join(script);
        let mut child = Command::new(&program)
            .arg(&script)
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
        let issuer = line.strip_prefix("ready ").unwrap_or_else(|| panic!("{}: {line}", kind.name)).to_owned();
        Self { kind, issuer, _process: child }
    }

    pub(crate) fn userinfo(&self) -> String {
        format!("{}{}", self.issuer, self.kind.userinfo_path)
    }
}
