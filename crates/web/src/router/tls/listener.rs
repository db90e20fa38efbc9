//! Connections that have shaken hands. Who is slow at it keeps nobody else waiting.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::serve::Listener;
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tokio_util::task::AbortOnDropHandle;

use super::Tls;
use super::certificate::PROOF;

/// Longest handshake.
const PATIENCE: Duration = Duration::from_secs(10);
/// Handshakes at once; further connections wait in the system's queue.
const HANDSHAKES: usize = 1024;

type Ready = (TlsStream<TcpStream>, SocketAddr);

/// Takes connections and shakes hands on each, beside one another.
pub(in crate::router) struct TlsListener {
    ready: mpsc::Receiver<Ready>,
    address: SocketAddr,
    _taking: AbortOnDropHandle<()>,
}

impl TlsListener {
    /// Takes the connections of `listener` from now on.
    pub(in crate::router) fn new(listener: TcpListener, tls: &Tls) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let acceptor = TlsAcceptor::from(tls.config().map_err(io::Error::other)?);
        let (sender, ready) = mpsc::channel(HANDSHAKES);
        let taking = AbortOnDropHandle::new(tokio::spawn(take(listener, acceptor, sender)));
        Ok(Self { ready, address, _taking: taking })
    }
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.ready.recv().await {
            Some(ready) => ready,
            // Nobody takes connections any more: the process ends.
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.address)
    }
}

async fn take(mut listener: TcpListener, acceptor: TlsAcceptor, ready: mpsc::Sender<Ready>) {
    let places = Arc::new(Semaphore::new(HANDSHAKES));
    while let Ok(place) = Arc::clone(&places).acquire_owned().await {
        // By way of the trait: it waits a little when the system refuses, instead of failing.
        let (stream, address) = Listener::accept(&mut listener).await;
        let (acceptor, ready) = (acceptor.clone(), ready.clone());
        tokio::spawn(async move {
            match tokio::time::timeout(PATIENCE, acceptor.accept(stream)).await {
                // An authority has seen the proof that it looked for, and says nothing more.
                Ok(Ok(mut stream)) if stream.get_ref().1.alpn_protocol() == Some(PROOF) => {
                    drop(tokio::time::timeout(PATIENCE, stream.shutdown()).await);
                }
                Ok(Ok(stream)) => drop(ready.send((stream, address)).await),
                Ok(Err(error)) => tracing::debug!(%error, "a handshake failed"),
                Err(_elapsed) => tracing::debug!(seconds = PATIENCE.as_secs(), "a handshake took too long"),
            }
            drop(place);
        });
    }
}
