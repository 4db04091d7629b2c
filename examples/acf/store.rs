//! Where `acf login --save` keeps tokens: an SQLite file of the person's own.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

use acf_core::SqliteStore;

use crate::failed::{Exit, Failed};

/// The file: the one that was asked for, that of `ACF_STORE`, or where the system keeps data of programs.
///
/// # Errors
/// If nobody says where that is.
pub(crate) fn path(asked: Option<&Path>) -> Result<PathBuf, Failed> {
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let chosen = asked.map(Path::to_owned).or_else(|| variable("ACF_STORE").map(PathBuf::from));
    chosen.or_else(|| Some(data_directory(&variable)?.join("acf").join("tokens.db"))).ok_or_else(|| {
        Failed::usage(vec!["there is no home directory to keep tokens in: pass --store, or set ACF_STORE".to_owned()])
    })
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

/// Opens the file, and makes it and the directories above it where they do not exist: for the owner only.
///
/// # Errors
/// A line that names the file.
pub(crate) async fn open(path: &Path) -> Result<SqliteStore, Failed> {
    if let Some(directory) = path.parent().filter(|directory| !directory.as_os_str().is_empty()) {
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(directory).map_err(|error| {
            Failed::new(Exit::Machine, format!("{} cannot be created: {error}", directory.display()))
        })?;
    }
    Ok(SqliteStore::open(path).await?)
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
}
