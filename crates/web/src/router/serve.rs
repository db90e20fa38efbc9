//! The server: takes connections until asked to stop, then lets what has begun come to an end.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::serve::ListenerExt as _;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::app::App;

/// How long requests may take to finish once the server is asked to stop. Live events would never finish: they end at
/// once.
const GRACE: Duration = Duration::from_secs(5);

/// Serves until `shutdown` is cancelled, and a little longer for requests under way.
pub async fn serve(listener: TcpListener, app: App, shutdown: CancellationToken) -> io::Result<()> {
    // Small answers must not wait for the acknowledgement of the last packet.
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
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
