//! Where logins and tokens are kept: a file of the person's own, or a server that many share.

use std::{
    ffi::{OsStr, OsString},
    fmt,
    path::{Path, PathBuf},
    str::FromStr,
    sync::Arc,
};

use acf_core::{Error, PostgresStore, RedisStore, SqliteStore, StateStore};
use clap::{Arg, Command, builder::TypedValueParser, error::ErrorKind};

use crate::failed::{Exit, Failed};

/// A place for logins and tokens.
#[derive(Clone)]
pub(crate) enum Place {
    /// An SQLite file.
    File(PathBuf),
    /// The URL of a PostgreSQL server.
    Postgres(String),
    /// The URL of a Redis server.
    Redis(String),
}

impl FromStr for Place {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            return Ok(Self::File(path.into()));
        }
        let scheme = text.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase()).unwrap_or_default();
        let is_server = matches!(scheme.as_str(), "postgres" | "postgresql" | "redis" | "rediss");
        match text.split_once("://") {
            None if text.is_empty() => Err("it is empty".to_owned()),
            // Otherwise tokens would go into a file that nobody meant, of a name that may hold a password.
            None if is_server => Err(format!("{scheme}: has to go on with //, as in {scheme}://host")),
            None => Ok(Self::File(text.into())),
            Some(("postgres" | "postgresql", _)) => Ok(Self::Postgres(text.to_owned())),
            Some(("redis" | "rediss", _)) => Ok(Self::Redis(text.to_owned())),
            Some((scheme, _)) => Err(format!(
                "nothing is known of {scheme}://: it has to be a path, sqlite:PATH, postgres://.. or redis://.."
            )),
        }
    }
}

/// Without user and password.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Postgres(url) | Self::Redis(url)) = self else {
            let Self::File(path) = self else { return Ok(()) };
            return path.display().fmt(f);
        };
        let (scheme, rest) = url.split_once("://").unwrap_or_default();
        let (authority, _) = rest.split_once(['/', '?']).unwrap_or((rest, ""));
        let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        write!(f, "{scheme}://{host}")
    }
}

/// Reads the option `--store`. What cannot be read is not repeated, which clap does: it may hold a password.
#[derive(Clone)]
pub(crate) struct PlaceParser;

impl TypedValueParser for PlaceParser {
    type Value = Place;

    fn parse_ref(&self, command: &Command, _: Option<&Arg>, text: &OsStr) -> Result<Place, clap::Error> {
        let error = |reason| clap::Error::raw(ErrorKind::ValueValidation, format!("--store: {reason}\n"));
        Place::read(text).map_err(|reason| error(reason).with_cmd(command))
    }
}

impl Place {
    fn read(text: &OsStr) -> Result<Self, String> {
        // What is no text is a path.
        text.to_str().map_or_else(|| Ok(Self::File(text.into())), str::parse)
    }

    /// The place: the one that was asked for, that of `ACF_STORE`, or a file where the system keeps data of programs.
    ///
    /// # Errors
    /// If nobody says where that is.
    pub(crate) fn of_the_person(asked: Option<&Self>) -> Result<Self, Failed> {
        let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        if let Some(place) = asked {
            return Ok(place.clone());
        }
        if let Some(text) = variable("ACF_STORE") {
            return Self::read(&text).map_err(|reason| Failed::usage(vec![format!("ACF_STORE: {reason}")]));
        }
        let file = data_directory(&variable).map(|directory| directory.join("acf").join("tokens.db"));
        file.map(Self::File).ok_or_else(|| {
            let line = "there is no home directory to keep tokens in: pass --store, or set ACF_STORE";
            Failed::usage(vec![line.to_owned()])
        })
    }

    /// Whether something may have been stored there before.
    pub(crate) fn may_exist(&self) -> bool {
        !matches!(self, Self::File(path) if !path.exists())
    }

    /// Makes the directories above a file, for the owner only.
    ///
    /// # Errors
    /// A line that names the directory.
    pub(crate) fn prepare(&self) -> Result<(), Failed> {
        match self {
            Self::File(path) => make_directories(path),
            Self::Postgres(_) | Self::Redis(_) => Ok(()),
        }
    }

    /// Opens it. A file is made where it does not exist, for the owner only.
    ///
    /// # Errors
    /// A line that names the place.
    pub(crate) async fn open(&self) -> Result<Arc<dyn StateStore>, Failed> {
        match self {
            Self::File(path) => Ok(Arc::new(SqliteStore::open(path).await?)),
            Self::Postgres(url) => Ok(Arc::new(PostgresStore::connect(url).await.map_err(|error| self.named(error))?)),
            Self::Redis(url) => Ok(Arc::new(RedisStore::connect(url).await.map_err(|error| self.named(error))?)),
        }
    }

    /// What went wrong with a server, which the library does not name: it knows nothing of it but the URL with the password.
    fn named(&self, error: Error) -> Failed {
        let failed = Failed::from(error);
        Failed { lines: failed.lines.iter().map(|line| format!("{self}: {line}")).collect(), ..failed }
    }
}

/// The directory for data of programs (XDG Base Directory; Apple's and Microsoft's customs).
fn data_directory(variable: &dyn Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let absolute = |name: &str| variable(name).map(PathBuf::from).filter(|path| path.is_absolute());
    if cfg!(windows) {
        absolute("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        Some(absolute("HOME")?.join("Library").join("Application Support"))
    } else {
        // A relative path is to be ignored, says XDG.
        absolute("XDG_DATA_HOME").or_else(|| Some(absolute("HOME")?.join(".local").join("share")))
    }
}

fn make_directories(path: &Path) -> Result<(), Failed> {
    let Some(directory) = path.parent().filter(|directory| !directory.as_os_str().is_empty()) else { return Ok(()) };
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    let made = builder.create(directory);
    made.map_err(|error| Failed::new(Exit::Machine, format!("{} cannot be created: {error}", directory.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(all(unix, not(target_os = "macos")))]
    #[test]
    fn data_is_where_xdg_says() {
        let with = |xdg: &'static str, home: &'static str| {
            data_directory(&move |name| match name {
                "XDG_DATA_HOME" => Some(xdg.into()),
                "HOME" => Some(home.into()),
                _ => None,
            })
        };
        for (xdg, home, directory) in [
            ("/data", "/home/ada", Some("/data")),
            ("", "/home/ada", Some("/home/ada/.local/share")),
            ("data", "/home/ada", Some("/home/ada/.local/share")),
            ("", "", None),
        ] {
            assert_eq!(with(xdg, home), directory.map(PathBuf::from), "{xdg} {home}");
        }
    }

    #[test]
    fn a_place_is_a_path_or_a_url_and_shows_no_password() {
        for (text, shown) in [
            ("tokens.db", Ok("tokens.db")),
            ("sqlite:/var/lib/acf.db", Ok("/var/lib/acf.db")),
            ("postgres://ada:s3cret@db.example:5432/acf?sslmode=require", Ok("postgres://db.example:5432")),
            ("postgresql://db.example", Ok("postgresql://db.example")),
            ("rediss://:s3cr@et@cache.example/0", Ok("rediss://cache.example")),
            ("mysql://db.example", Err("mysql://")),
            ("redis:localhost", Err("redis://host")),
            ("Postgres:/ada:s3cret@db.example", Err("postgres://host")),
            ("", Err("empty")),
        ] {
            match (text.parse::<Place>(), shown) {
                (Ok(place), Ok(shown)) => assert_eq!(place.to_string(), shown),
                (Err(error), Err(part)) => assert!(error.contains(part) && !error.contains("s3cret"), "{error}"),
                (other, _) => panic!("{text}: {}", other.is_ok()),
            }
        }
    }
}
