//! The server: takes connections until asked to stop, then lets what has begun come to an end.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::serve::{Listener, ListenerExt as _, TapIo};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::tls::{Tls, TlsListener};
use crate::app::App;

/// How long requests may take to finish once the server is asked to stop. Live events would never finish: they end at
/// once.
const GRACE: Duration = Duration::from_secs(5);

/// Serves until `shutdown` is cancelled, and a little longer for requests under way: by TLS if there is a certificate,
/// and then by TLS only.
pub async fn serve(
    listener: TcpListener,
    app: App,
    tls: Option<Tls>,
    shutdown: CancellationToken,
) -> io::Result<()> {
    // Small answers must not wait for the acknowledgement of the last packet.
    let Some(tls) = tls else {
        let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
        return answer(listener, app, shutdown).await;
    };
    let secured = TlsListener::new(listener, &tls)?;
    if let Some(acme) = tls.acme() {
        tokio::spawn(acme.keep(tls.clone(), app.context.clone(), shutdown.clone()));
    }
    tokio::spawn(tls.follow(shutdown.clone()));
    let secured = secured.tap_io(|stream| drop(stream.get_ref().0.set_nodelay(true)));
    answer(secured, app, shutdown).await
}

async fn answer<L, F>(listener: TapIo<L, F>, app: App, shutdown: CancellationToken) -> io::Result<()>
where
    L: Listener<Addr = SocketAddr>,
    F: FnMut(&mut L::Io) + Send + 'static,
{
    let server = connections(listener, &app, shutdown.clone());
    let too_long = async {
        shutdown.cancelled().await;
        app.display().hub.close();
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        () = server => Ok(()),
        () = too_long => {
            tracing::info!("connections still open after {} seconds are closed", GRACE.as_secs());
            Ok(())
        }
    }
}

/// Takes connections and answers on each, beside one another. Whoever sends the head of a request drop by drop, or keeps
/// a connection open for nothing, is not waited for.
async fn connections<L, F>(mut listener: TapIo<L, F>, app: &App, shutdown: CancellationToken)
where
    L: Listener<Addr = SocketAddr>,
    F: FnMut(&mut L::Io) + Send + 'static,
{
    let front = super::front(app.clone());
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(app.settings.head_timeout);
    // Clients that compare names of headers letter by letter expect them as people write them.
    http.title_case_headers(true);
    let under_way = GracefulShutdown::new();
    loop {
        let (stream, peer) = tokio::select! {
            () = shutdown.cancelled() => break,
            taken = listener.accept() => taken,
        };
        let front = front.clone();
        let service = service_fn(move |request: http::Request<Incoming>| {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            let front = front.clone();
            async move { Ok::<_, Infallible>(front.answer(request).await) }
        });
        let connection = under_way.watch(http.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::trace!(%error, "a connection has ended early");
            }
        });
    }
    drop(listener);
    under_way.shutdown().await;
}
