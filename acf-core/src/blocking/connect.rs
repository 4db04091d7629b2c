//! The connections below ureq: sockets that keep to the deadline of the whole call, with the TLS of all transports on top,
//! and errors that say whether anything was sent.

use std::{
    fmt,
    io::{self, Read, Write},
    net::TcpStream,
    sync::Arc,
    time::{Duration, Instant},
};

use http::Uri;
use rustls::{ClientConfig, ClientConnection, StreamOwned, pki_types::ServerName};
use ureq::{
    Error, Timeout,
    config::Config,
    unversioned::{
        resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver},
        transport::{Buffers, ConnectionDetails, Connector, LazyBuffers, NextTimeout, Transport},
    },
};

use crate::http::{HttpError, HttpErrorKind, tls};

/// ureq's own look-up of names, whose errors mean that nothing was sent.
#[derive(Debug, Default)]
pub(super) struct Resolve(DefaultResolver);

impl Resolver for Resolve {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        self.0.resolve(uri, config, timeout).map_err(|error| match error {
            Error::Timeout(_) => error,
            error => other(HttpError::new(HttpErrorKind::NotSent, error)),
        })
    }
}

/// Opens connections.
#[derive(Debug)]
pub(super) struct Connect {
    pub(super) tls: Arc<ClientConfig>,
}

impl Connector for Connect {
    type Out = Connection;

    fn connect(&self, details: &ConnectionDetails<'_>, _: Option<()>) -> Result<Option<Connection>, Error> {
        let reason = details.timeout.reason;
        let until = until(details.timeout);
        // Nothing of the request leaves before this is done.
        let unsent = |error: io::Error| match error.kind() {
            io::ErrorKind::TimedOut => Error::Timeout(reason),
            _ => other(tls::before_sending(error)),
        };
        let socket = Socket::open(details.addrs.as_ref(), until).map_err(unsent)?;
        let stream = match details.needs_tls() {
            false => Stream::Clear(socket),
            true => Stream::Tls(Box::new(self.secure(socket, details.uri).map_err(unsent)?)),
        };
        let buffers = LazyBuffers::new(details.config.input_buffer_size(), details.config.output_buffer_size());
        Ok(Some(Connection { stream, buffers }))
    }
}

impl Connect {
    fn secure(&self, mut socket: Socket, uri: &Uri) -> io::Result<StreamOwned<ClientConnection, Socket>> {
        let host = uri.host().unwrap_or_default();
        // A URI has brackets around an IPv6 address, and a certificate has none.
        let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        let name = ServerName::try_from(host.to_owned()).map_err(io::Error::other)?;
        let mut tls = ClientConnection::new(Arc::clone(&self.tls), name).map_err(io::Error::other)?;
        tls.complete_io(&mut socket)?;
        Ok(StreamOwned::new(tls, socket))
    }
}

/// An open connection.
pub(super) struct Connection {
    stream: Stream,
    buffers: LazyBuffers,
}

enum Stream {
    Clear(Socket),
    Tls(Box<StreamOwned<ClientConnection, Socket>>),
}

impl Stream {
    fn socket(&mut self) -> &mut Socket {
        match self {
            Self::Clear(socket) => socket,
            Self::Tls(stream) => &mut stream.sock,
        }
    }
}

impl Transport for Connection {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        self.stream.socket().until = until(timeout);
        let output = self.buffers.output().get(..amount).unwrap_or_default();
        let written = match &mut self.stream {
            Stream::Clear(socket) => socket.write_all(output),
            // What TLS could not write it keeps to itself until it is asked.
            Stream::Tls(stream) => stream.write_all(output).and_then(|()| stream.flush()),
        };
        written.map_err(|error| broken(error, timeout.reason))
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        self.stream.socket().until = until(timeout);
        let room = self.buffers.input_append_buf();
        let read = match &mut self.stream {
            Stream::Clear(socket) => socket.read(room),
            Stream::Tls(stream) => stream.read(room),
        };
        let amount = read.map_err(|error| broken(error, timeout.reason))?;
        self.buffers.input_appended(amount);
        Ok(amount > 0)
    }

    fn is_open(&mut self) -> bool {
        self.stream.socket().is_silent()
    }

    fn is_tls(&self) -> bool {
        matches!(self.stream, Stream::Tls(_))
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").field("tls", &self.is_tls()).finish_non_exhaustive()
    }
}

/// A socket that is read and written until a point in time. A timeout of the operating system is for one call, and a server
/// that takes or gives a byte at a time could make any number of them.
struct Socket {
    stream: TcpStream,
    until: Option<Instant>,
}

impl Socket {
    /// Tries the addresses of a host, one after the other; each may take its share of what time is left.
    fn open(addresses: &[std::net::SocketAddr], until: Option<Instant>) -> io::Result<Self> {
        let mut failed = io::Error::from(io::ErrorKind::AddrNotAvailable);
        for (address, behind) in addresses.iter().zip((0..addresses.len() as u32).rev()) {
            let opened = match left(until)? {
                Some(left) => TcpStream::connect_timeout(address, left / (behind + 1)),
                None => TcpStream::connect(address),
            };
            match opened {
                Ok(stream) => {
                    stream.set_nodelay(true)?;
                    return Ok(Self { stream, until });
                }
                Err(error) => failed = error,
            }
        }
        Err(failed)
    }

    /// Whether an idle connection is still there: the server has neither closed it nor sent what nobody asked for.
    fn is_silent(&self) -> bool {
        let peeked = self.stream.set_nonblocking(true).and_then(|()| self.stream.peek(&mut [0]));
        let silent = matches!(peeked, Err(error) if error.kind() == io::ErrorKind::WouldBlock);
        silent && self.stream.set_nonblocking(false).is_ok()
    }
}

impl Read for Socket {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        self.stream.set_read_timeout(left(self.until)?)?;
        self.stream.read(room).map_err(late)
    }
}

impl Write for Socket {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stream.set_write_timeout(left(self.until)?)?;
        self.stream.write(bytes).map_err(late)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn until(timeout: NextTimeout) -> Option<Instant> {
    Instant::now().checked_add(*timeout.after)
}

/// The time that is left, if there is an end; an error after it.
fn left(until: Option<Instant>) -> io::Result<Option<Duration>> {
    let Some(until) = until else { return Ok(None) };
    match until.saturating_duration_since(Instant::now()) {
        Duration::ZERO => Err(io::ErrorKind::TimedOut.into()),
        left => Ok(Some(left)),
    }
}

/// Unix says of a timeout that it would block.
fn late(error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::WouldBlock => io::ErrorKind::TimedOut.into(),
        _ => error,
    }
}

/// An open connection failed. ureq would take some of these errors for the end of an answer, and what was cut off for whole.
fn broken(error: io::Error, reason: Timeout) -> Error {
    match error.kind() {
        io::ErrorKind::TimedOut => Error::Timeout(reason),
        _ => other(HttpError::new(HttpErrorKind::Transport, error)),
    }
}

fn other(error: HttpError) -> Error {
    Error::Other(Box::new(error))
}
