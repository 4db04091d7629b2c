//! `acf serve`: the web demo and its authorization server, on two ports of this machine.

use std::{
    io::Write,
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use axum::Router;
use tokio::{net::TcpListener, sync::watch};

use crate::{
    args::Serve,
    database::Database,
    demo::{self, Demo, Setup},
    failed::{Exit, Failed},
    issuer::{self, Issuer},
    store::Place,
};

/// Serves until Ctrl-C or SIGTERM.
///
/// # Errors
/// One line for people: a port that is taken, a file that cannot be opened, a URL that is none.
pub(crate) async fn run(args: Serve) -> Result<(), Failed> {
    args.log.start();
    let machine = |line| Failed::new(Exit::Machine, line);
    let port = args.port.unwrap_or(8000);
    let (listener, port) = bind(port, "--port").await.map_err(machine)?;
    let issuer_port = args.issuer_port.unwrap_or_else(|| port.checked_add(1).unwrap_or(0));
    let (issuer_listener, issuer_port) = bind(issuer_port, "--issuer-port").await.map_err(machine)?;
    let local = format!("http://127.0.0.1:{port}");
    let origin = args.public_url.unwrap_or_else(|| local.clone());
    let issuer_url = args.issuer_url.unwrap_or_else(|| format!("http://127.0.0.1:{issuer_port}"));

    let place = args.store.unwrap_or_else(|| Place::File(args.database.clone()));
    let store = place.open().await?;
    let database = Database::open(&args.database)
        .map_err(|error| machine(format!("{} cannot be opened: {error}", args.database.display())))?;
    let (issuer, secret) =
        Issuer::open(database.clone(), issuer_url.clone(), demo::redirect_uri(&origin, issuer::DEMO_CLIENT))
            .await
            .map_err(|failure| machine(format!("{} cannot be used: {failure}", args.database.display())))?;
    let demo = Demo::open(Setup { database, store, origin, issuer: issuer_url, secret })?;

    let (stop, stopped) = watch::channel(());
    let servers = async {
        tokio::join!(
            serve(listener, demo::router(Arc::clone(&demo)), stopped.clone()),
            serve(issuer_listener, issuer::router(issuer), stopped.clone()),
        )
    };
    drop(writeln!(std::io::stdout(), "listening on {local}").and_then(|()| std::io::stdout().flush()));
    tokio::pin!(servers);
    tokio::select! {
        (one, other) = &mut servers => return one.and(other).map_err(|error| machine(error.to_string())),
        () = signal() => drop(stop.send(())),
    }
    // Requests that have begun may finish; browsers that merely keep a connection open are not waited for.
    drop(tokio::time::timeout(Duration::from_secs(3), servers).await);
    demo.drain(Duration::from_secs(10)).await;
    Ok(())
}

async fn serve(listener: TcpListener, router: Router, mut stopped: watch::Receiver<()>) -> std::io::Result<()> {
    let stop = async move { drop(stopped.changed().await) };
    axum::serve(listener, router).with_graceful_shutdown(stop).await
}

/// Loopback only: this is a demo, and a proxy in front of it can listen elsewhere.
async fn bind(port: u16, option: &str) -> Result<(TcpListener, u16), String> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let bound = async {
        let listener = TcpListener::bind(address).await?;
        let port = listener.local_addr()?.port();
        Ok((listener, port))
    };
    bound.await.map_err(|error: std::io::Error| match error.kind() {
        std::io::ErrorKind::AddrInUse => {
            format!("port {port} is already in use: stop what uses it, or choose another with {option}")
        }
        _ => format!("port {port} cannot be opened: {error}"),
    })
}

#[cfg(unix)]
async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = match signal(SignalKind::terminate()) {
        Ok(terminate) => terminate,
        Err(_) => return std::future::pending().await,
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}

#[cfg(not(unix))]
async fn signal() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
