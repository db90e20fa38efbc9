//! The server: takes connections until asked to stop, then lets what has begun come to an end.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::serve::{Listener, ListenerExt as _, TapIo};
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
    let service = super::router(app.clone()).into_make_service_with_connect_info::<SocketAddr>();
    let server = axum::serve(listener, service).with_graceful_shutdown(shutdown.clone().cancelled_owned());
    let too_long = async {
        shutdown.cancelled().await;
        app.display().hub.close();
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        outcome = async { server.await } => outcome,
        () = too_long => {
            tracing::info!("connections still open after {} seconds are closed", GRACE.as_secs());
            Ok(())
        }
    }
}
