//! What the derive costs whoever uses it: CPU time of `cargo check` per provider of six fields.
//!
//! `cargo bench -p acf-derive --bench compile_time` writes crates of 500 structs, with and without a derive, checks them
//! in turn, and divides the difference of the medians. CPU time is what the machine spent (user and system), so other
//! load matters little. The other derives are there for comparison.
//!
//! It then builds a crate that depends on this derive, and one that depends on thiserror, from nothing.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stdout, reason = "a program for people")]

use std::{
    fmt::Write,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

const STRUCTS: usize = 500;
const ROUNDS: usize = 5;

/// What one provider may cost, measured by std's `Debug` on the same struct: 0.30 ms on a machine where that costs as much.
const BUDGET: f64 = 1.0;

/// The dependencies of this derive may take this much of what those of thiserror take to build.
const GRAPH: f64 = 1.10;

/// A crate to check: its name, what stands above each struct, above each field, and above the last one, which is not for
/// the derive.
struct Subject {
    name: &'static str,
    above: &'static str,
    each: &'static str,
    last: &'static str,
}

const fn subject(name: &'static str, above: &'static str, each: &'static str, last: &'static str) -> Subject {
    Subject { name, above, each, last }
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
    subject("base", "", "", ""),
    subject("provider", ATTRIBUTE, "", "#[oauth(skip)]"),
    subject("debug", "#[derive(Debug)]", "", ""),
    subject("thiserror", "#[derive(Debug, thiserror::Error)]\n#[error(\"{tenant}\")]", "", ""),
    subject("serde", "#[derive(serde::Deserialize)]", "", "#[serde(default)]"),
    subject("clap", "#[derive(clap::Args)]", "#[arg(long)]", ""),
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
    let each = |time: f64| (time - base) / STRUCTS as f64;
    println!(
        "CPU of `cargo check`, {STRUCTS} structs of six fields, median of {ROUNDS}; without derive: {base:.0} ms\n"
    );
    println!("{:<12}{:>12}{:>12}", "derive", "ms each", "of Debug");
    for (subject, time) in SUBJECTS.iter().zip(&medians).skip(1) {
        println!("{:<12}{:>12.3}{:>12.2}", subject.name, each(*time), each(*time) / each(medians[2]));
    }
    let verdict = |kept: bool| if kept { "within" } else { "OVER" };
    let kept = each(medians[1]) <= BUDGET * each(medians[2]);
    println!("\nthe provider is {} its budget of {BUDGET:.1} of Debug", verdict(kept));

    let [ours, theirs] = ["acf-derive", "thiserror"].map(|name| graph(&root, name));
    println!("\nclean `cargo check` of the dependencies: acf-derive {ours:.0} ms, thiserror {theirs:.0} ms of CPU");
    println!("ratio {:.2}, {} the limit of {GRAPH}", ours / theirs, verdict(ours / theirs <= GRAPH));
}

/// CPU milliseconds of a first build of a crate that depends on nothing but this.
fn graph(root: &Path, name: &str) -> f64 {
    let derive = env!("CARGO_MANIFEST_DIR");
    let dependency =
        if name == "thiserror" { "thiserror = \"2\"".to_owned() } else { format!("{name} = {{ path = {derive:?} }}") };
    let package = format!("graph-{name}");
    let folder = root.join(&package);
    fs::create_dir_all(&folder).unwrap();
    let manifest = format!(
        "[package]\nname = {package:?}\nversion = \"0.0.0\"\nedition = \"2024\"\n[lib]\npath = \"lib.rs\"\n\
         [workspace]\n[dependencies]\n{dependency}\n"
    );
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    fs::write(folder.join("lib.rs"), "").unwrap();
    let target = folder.join("target");
    // The first time also fetches.
    run(&folder, &target, "");
    let times = (0..ROUNDS).map(|_| {
        fs::remove_dir_all(&target).unwrap();
        run(&folder, &target, "")
    });
    median(times.collect())
}

fn write_workspace(root: &Path) {
    let core = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("acf-core");
    let members: Vec<_> = SUBJECTS.iter().map(|subject| format!("{:?}", subject.name)).collect();
    let workspace = format!(
        "[workspace]\nresolver = \"3\"\nmembers = [{}]\n[workspace.dependencies]\n\
         acf-core = {{ path = {core:?}, default-features = false, features = [\"derive\"] }}\n\
         serde = {{ version = \"1\", features = [\"derive\"] }}\nthiserror = \"2\"\n\
         clap = {{ version = \"4\", features = [\"derive\"] }}\n",
        members.join(", ")
    );
    fs::create_dir_all(root).unwrap();
    fs::write(root.join("Cargo.toml"), workspace).unwrap();
    for Subject { name, above, each, last } in SUBJECTS {
        let manifest = format!(
            "[package]\nname = \"with-{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[lib]\npath = \"lib.rs\"\n\
             [dependencies]\nacf-core.workspace = true\nserde.workspace = true\nthiserror.workspace = true\nclap.workspace = true\n"
        );
        // What clap reads from a command line is text.
        let (id, secret, uri, scopes) = match *name {
            "clap" => ("String", "String", "String", "String"),
            _ => ("acf_core::ClientId", "acf_core::ClientSecret", "acf_core::RedirectUri", "acf_core::Scopes"),
        };
        let mut source = String::from("#![allow(dead_code)]\n");
        for number in 0..STRUCTS {
            writeln!(
                source,
                "{above}\npub struct Forge{number} {{\n    {each} client_id: {id},\n    {each} client_secret: {secret},\n    \
                 {each} redirect_uri: {uri},\n    {each} tenant: String,\n    {each} scope: Option<{scopes}>,\n    \
                 {each} {last}\n    timeout: u64,\n}}"
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
    run(root, &root.join("target"), &package)
}

/// Runs `cargo check` of one package; gives the CPU time in milliseconds.
fn run(root: &Path, target: &Path, package: &str) -> f64 {
    let output = Command::new("bash")
        .args(["-c", "TIMEFORMAT='%U %S'; time \"$CARGO\" check --quiet $0 2>&1", package])
        .env("CARGO", env!("CARGO"))
        .env("CARGO_INCREMENTAL", "0")
        .env("CARGO_TARGET_DIR", target)
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
