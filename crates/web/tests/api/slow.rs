//! Whoever is slow on purpose keeps nobody waiting and no connection open.

use std::time::Duration;

use dinh_access::OpenWrites;
use dinh_web::HttpSettings;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use crate::house::House;

/// Reads until the other side closes, for at most ten seconds.
async fn to_the_end(stream: &mut TcpStream) -> String {
    let mut all = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut all)).await;
    assert!(read.is_ok(), "the connection stays open: {}", String::from_utf8_lossy(&all));
    String::from_utf8_lossy(&all).into_owned()
}

#[tokio::test]
async fn a_head_that_comes_drop_by_drop_is_not_waited_for_and_a_whole_one_is_answered() {
    let head_timeout = Duration::from_millis(300);
    let house =
        House::with(OpenWrites::Local, HttpSettings { head_timeout, ..HttpSettings::default() }).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stop = CancellationToken::new();
    let server = tokio::spawn(dinh_web::serve(listener, house.app.clone(), None, stop.clone()));

    let mut slow = TcpStream::connect(address).await.unwrap();
    slow.write_all(b"GET /health HTTP/1.1\r\nHost: localhost\r\nX-Slow: ").await.unwrap();
    let mut drops = TcpStream::connect(address).await.unwrap();
    drops.write_all(b"GET /health HTTP/1.1\r\n").await.unwrap();
    let (mut reading, mut writing) = drops.split();
    let dropping = async {
        // As long as the other side takes them; then the rest of the head is late anyway.
        while writing.write_all(b"X: 1\r\n").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let mut all = Vec::new();
    let ending = tokio::time::timeout(Duration::from_secs(10), reading.read_to_end(&mut all));
    tokio::select! {
        () = dropping => {}
        ended = ending => assert!(ended.is_ok(), "drops keep the connection open"),
    }
    assert!(!String::from_utf8_lossy(&all).contains("200 OK"));
    assert!(!to_the_end(&mut slow).await.contains("200 OK"));

    let mut quick = TcpStream::connect(address).await.unwrap();
    quick.write_all(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    assert!(to_the_end(&mut quick).await.starts_with("HTTP/1.1 200 OK"), "and its rest is bounded, too");
    stop.cancel();
    server.await.unwrap().unwrap();
}
