//! What the derive costs whoever uses it: CPU time of `cargo check` per provider of six fields.
//!
//! `cargo bench -p acf-derive --bench compile_time` writes crates of 500 structs, with and without a derive, checks them
//! in turn, and divides the difference of the medians. CPU time is what the machine spent (user and system), so other
//! load matters little. The other derives are there for comparison.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stdout, reason = "a program for people")]

use std::{
    fmt::Write,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

const STRUCTS: usize = 500;
const ROUNDS: usize = 5;

/// What one provider may cost, in milliseconds.
const BUDGET: f64 = 0.30;

/// A crate to check: its name, what stands above each struct, and above the field that is not for the derive.
struct Subject {
    name: &'static str,
    above: &'static str,
    mark: &'static str,
}

const ATTRIBUTE: &str = r#"#[derive(acf_core::OAuthProvider)]
#[oauth(
    base_uri = "https://login.forge.example",
    authorization_path = "/{tenant}/oauth2/authorize",
    access_token_path = "/{tenant}/oauth2/token",
    scope("openid", "email"),
    client_auth = client_secret_post,
)]"#;

const SUBJECTS: &[Subject] = &[
    Subject { name: "base", above: "", mark: "" },
    Subject { name: "provider", above: ATTRIBUTE, mark: "#[oauth(skip)]" },
    Subject { name: "debug", above: "#[derive(Debug)]", mark: "" },
    Subject { name: "thiserror", above: "#[derive(Debug, thiserror::Error)]\n#[error(\"{tenant}\")]", mark: "" },
    Subject { name: "serde", above: "#[derive(serde::Deserialize)]", mark: "#[serde(default)]" },
];

fn main() {
    // `cargo test --benches` only asks whether this compiles.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("compile_time");
    write_workspace(&root);
    // Builds what all depend on, and each once.
    check(&root, None);
    let mut times: Vec<Vec<f64>> = SUBJECTS.iter().map(|_| Vec::new()).collect();
    for _ in 0..ROUNDS {
        for (subject, times) in SUBJECTS.iter().zip(&mut times) {
            times.push(check(&root, Some(subject.name)));
        }
    }
    let medians: Vec<f64> = times.into_iter().map(median).collect();
    let base = medians[0];
    println!("CPU of `cargo check`, {STRUCTS} structs of six fields, median of {ROUNDS}; without derive: {base:.0} ms");
    for (subject, time) in SUBJECTS.iter().zip(&medians).skip(1) {
        println!("{:>12}: {:.3} ms per struct", subject.name, (time - base) / STRUCTS as f64);
    }
    let [base, ours, debug, ..] = medians.as_slice() else { return };
    let cost = (ours - base) / STRUCTS as f64;
    println!("the provider costs {:.1} times what std's Debug costs here", (ours - base) / (debug - base));
    println!("it is {} its budget of {BUDGET} ms", if cost <= BUDGET { "within" } else { "OVER" });
}

fn write_workspace(root: &Path) {
    let core = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("acf-core");
    let members: Vec<_> = SUBJECTS.iter().map(|subject| format!("{:?}", subject.name)).collect();
    let workspace = format!(
        "[workspace]\nresolver = \"3\"\nmembers = [{}]\n[workspace.dependencies]\n\
         acf-core = {{ path = {core:?}, default-features = false, features = [\"derive\"] }}\n\
         serde = {{ version = \"1\", features = [\"derive\"] }}\nthiserror = \"2\"\n",
        members.join(", ")
    );
    fs::create_dir_all(root).unwrap();
    fs::write(root.join("Cargo.toml"), workspace).unwrap();
    for Subject { name, above, mark } in SUBJECTS {
        let manifest = format!(
            "[package]\nname = \"with-{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[lib]\npath = \"lib.rs\"\n\
             [dependencies]\nacf-core.workspace = true\nserde.workspace = true\nthiserror.workspace = true\n"
        );
        let mut source = String::from("#![allow(dead_code)]\n");
        for number in 0..STRUCTS {
            writeln!(
                source,
                "{above}\npub struct Forge{number} {{\n    client_id: acf_core::ClientId,\n    client_secret: acf_core::ClientSecret,\n    \
                 redirect_uri: acf_core::RedirectUri,\n    tenant: String,\n    scope: Option<acf_core::Scopes>,\n    \
                 {mark}\n    timeout: u64,\n}}"
            )
            .unwrap();
        }
        fs::create_dir_all(root.join(name)).unwrap();
        fs::write(root.join(name).join("Cargo.toml"), manifest).unwrap();
        fs::write(root.join(name).join("lib.rs"), source).unwrap();
    }
}

/// Checks one crate anew, or all; gives the CPU time in milliseconds.
fn check(root: &Path, subject: Option<&str>) -> f64 {
    if let Some(name) = subject {
        let file = fs::File::options().append(true).open(root.join(name).join("lib.rs")).unwrap();
        file.set_modified(std::time::SystemTime::now()).unwrap();
    }
    let package = subject.map_or_else(|| "--workspace".to_owned(), |name| format!("-pwith-{name}"));
    let output = Command::new("bash")
        .args(["-c", "TIMEFORMAT='%U %S'; time \"$CARGO\" check --quiet \"$0\" 2>&1", &package])
        .env("CARGO", env!("CARGO"))
        .env("CARGO_INCREMENTAL", "0")
        .env("CARGO_TARGET_DIR", root.join("target"))
        .current_dir(root)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}");
    let times = String::from_utf8_lossy(&output.stderr);
    let seconds: f64 = times.split_whitespace().map(|time| time.parse::<f64>().unwrap()).sum();
    seconds * 1000.0
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
