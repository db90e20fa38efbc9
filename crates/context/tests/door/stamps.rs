//! Time stamps, against a real authority: `openssl ts` behind a small server.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::routing::post;
use dinh_context::audit::Fault;
use tempfile::TempDir;
use tokio::net::TcpListener;

use crate::audit::{HOUR, Sealed, alter};

const CONFIGURATION: &str = "\
[tsa]
default_tsa = authority
[authority]
serial = serial
crypto_device = builtin
signer_cert = cert.pem
signer_key = key.pem
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
";

/// An authority with a certificate of its own.
struct Authority {
    folder: TempDir,
}

impl Authority {
    /// Nothing where there is no OpenSSL.
    fn new() -> Option<Self> {
        if Command::new("openssl").arg("version").output().is_err() {
            let told = b"\nSKIPPED: time stamps: there is no openssl here\n";
            std::io::stderr().write_all(told).unwrap();
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("tsa.cnf"), CONFIGURATION).unwrap();
        std::fs::write(folder.path().join("serial"), "01\n").unwrap();
        let usage = "extendedKeyUsage=critical,timeStamping";
        let make = [
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-keyout",
            "key.pem",
            "-out",
            "cert.pem",
            "-days",
            "30",
            "-subj",
            "/CN=Authority",
            "-addext",
            usage,
        ];
        openssl(folder.path(), &make);
        Some(Self { folder })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Serves time stamps; every second one is the one before again.
    async fn serve(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let folder = Arc::new(self.folder.path().to_owned());
        let reply = async |State(folder): State<Arc<PathBuf>>, query: Bytes| {
            let old = folder.join("old");
            if std::fs::remove_file(&old).is_err() {
                std::fs::write(folder.join("query"), &query).unwrap();
                let configuration = ["-config", "tsa.cnf", "-queryfile", "query", "-out", "reply"];
                openssl(&folder, &[&["ts", "-reply"][..], &configuration].concat());
                std::fs::write(&old, "").unwrap();
            }
            std::fs::read(folder.join("reply")).unwrap()
        };
        let app = Router::new().route("/", post(reply)).with_state(folder);
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        url
    }
}

fn openssl(folder: &Path, arguments: &[&str]) {
    let told = Command::new("openssl").args(arguments).current_dir(folder).output().unwrap();
    assert!(told.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&told.stderr));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_seal_gets_the_time_stamp_of_another_authority() {
    let Some(authority) = Authority::new() else { return };
    let mut sealed = Sealed::new().await;
    sealed.sealing.timestamp_url = Some(authority.serve().await);
    let context = sealed.house.context.clone();
    for number in 1..=2 {
        sealed.write(number).await;
        sealed.clock.advance(HOUR * 24);
        sealed.seal_days().await;
    }
    // The second answer repeats the first: it is over another seal, with another nonce.
    let error = sealed.sealing.stamp_after(&context, 0).await.unwrap_err();
    assert!(error.to_string().contains("over something else"), "{error}");
    let verdict = sealed.examine();
    assert!(verdict.is_clean() && verdict.stamped == 1, "{verdict:?}");
    assert_eq!(sealed.sealing.stamp_after(&context, 1).await.unwrap(), 2);
    let verdict = sealed.examine();
    assert!(verdict.is_clean() && verdict.stamped == 2, "{verdict:?}");
    let kept = &verdict.report.seals[1];
    std::fs::write(authority.path("token"), kept.token.as_ref().unwrap()).unwrap();
    let verify = |digest: &str| {
        let arguments =
            ["ts", "-verify", "-digest", digest, "-token_in", "-in", "token", "-CAfile", "cert.pem"];
        Command::new("openssl").args(arguments).current_dir(authority.folder.path()).output().unwrap()
    };
    assert!(
        verify(&dinh_store::hex(&kept.hash())).status.success(),
        "openssl takes the token for what it is"
    );
    assert!(!verify(&"00".repeat(32)).status.success());
    // The token of the other seal, and one in which a byte was changed.
    alter(
        sealed.house.data(),
        "UPDATE audit_seal SET token = (SELECT token FROM audit_seal WHERE number = 2)",
    );
    assert!(sealed.examine().faults.contains(&Fault::Stamp { number: 1 }));
    alter(
        sealed.house.data(),
        "UPDATE audit_seal SET token = CAST(substr(token, 1, length(token) - 1) || x'00' AS BLOB)",
    );
    assert!(!sealed.examine().is_clean());
}

#[tokio::test]
async fn a_time_stamp_that_cannot_be_had_stops_nothing() {
    let mut sealed = Sealed::new().await;
    let context = sealed.house.context.clone();
    sealed.write(1).await;
    sealed.clock.advance(HOUR * 24);
    for url in ["http://elsewhere.example/tsa", "http://127.0.0.1:1/"] {
        sealed.sealing.timestamp_url = Some(url.to_owned());
        sealed.seal_days().await;
        assert!(sealed.sealing.stamp_after(&context, 0).await.is_err(), "{url}");
    }
    let verdict = sealed.examine();
    assert!(verdict.is_clean() && verdict.stamped == 0 && verdict.report.seals.len() == 1, "{verdict:?}");
}
