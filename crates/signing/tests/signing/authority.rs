//! An authority as openssl makes one, behind a server: its list of revoked certificates, its responder, its time stamps.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::routing::{get, post};
use http::StatusCode;
use tempfile::TempDir;

const CONFIG: &str = "
[req]
distinguished_name = dn
prompt = no
[dn]
CN = none
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
[leaf]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature, nonRepudiation
crlDistributionPoints = URI:ADDRESS/ca.crl
authorityInfoAccess = OCSP;URI:ADDRESS/ocsp
[stamps]
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[web]
keyUsage = critical, keyEncipherment
[ca]
default_ca = own
[own]
database = index.txt
serial = serial
crlnumber = crlnumber
default_md = sha256
default_crl_days = 30
new_certs_dir = .
policy = any
unique_subject = no
[any]
commonName = supplied
organizationName = optional
countryName = optional
[tsa]
default_tsa = tsa1
[tsa1]
serial = tsaserial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256
ess_cert_id_alg = sha256
";

/// What the server shares with the test.
struct Shared {
    folder: PathBuf,
    away: AtomicBool,
    asked: AtomicUsize,
}

/// An authority.
pub(crate) struct Authority {
    folder: TempDir,
    pub(crate) url: String,
    shared: Arc<Shared>,
}

impl Authority {
    /// Nothing where there is no OpenSSL.
    pub(crate) async fn new() -> Option<Self> {
        if Command::new("openssl").arg("version").output().is_err() {
            let told = b"\nSKIPPED: signing: there is no openssl here\n";
            std::io::stderr().write_all(told).expect("standard error takes words");
            return None;
        }
        let folder = TempDir::new().expect("a folder");
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let path = &folder.path().to_owned();
        for (file, text) in [
            ("openssl.cnf", CONFIG.replace("ADDRESS", &url)),
            ("index.txt", String::new()),
            ("serial", "1000\n".to_owned()),
            ("crlnumber", "01\n".to_owned()),
            ("tsaserial", "01\n".to_owned()),
        ] {
            std::fs::write(path.join(file), text).expect("a file");
        }
        openssl(
            path,
            "req -x509 -newkey rsa:2048 -nodes -keyout root.key -subj /C=VN/CN=Root -days 3650 -config openssl.cnf -extensions root -out root.pem",
        );
        let shared = Arc::new(Shared {
            folder: path.to_owned(),
            away: AtomicBool::default(),
            asked: AtomicUsize::default(),
        });
        let router = Router::new()
            .route("/ca.crl", get(list))
            .route("/ocsp", post(answer))
            .route("/tsa", post(stamp))
            .with_state(Arc::clone(&shared));
        tokio::spawn(async move { axum::serve(listener, router).await });
        let authority = Self { folder, url, shared };
        openssl(
            path,
            "req -newkey rsa:2048 -nodes -keyout stamps.key -subj /CN=Stamps -config openssl.cnf -out stamps.csr",
        );
        authority.sign_request("stamps", "stamps");
        Some(authority)
    }

    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    fn sign_request(&self, name: &str, section: &str) -> Vec<u8> {
        openssl(
            self.folder.path(),
            &format!(
                "ca -batch -notext -config openssl.cnf -name own -cert root.pem -keyfile root.key -extfile openssl.cnf -extensions {section} -days 300 -in {name}.csr -out {name}.pem"
            ),
        );
        std::fs::read(self.path(&format!("{name}.pem"))).expect("a certificate")
    }

    /// The certificate that a request asks for.
    pub(crate) fn certify(&self, name: &str, request: &str, section: &str) -> Vec<u8> {
        std::fs::write(self.path(&format!("{name}.csr")), request).expect("a request");
        self.sign_request(name, section)
    }

    /// A key with its certificate that is nowhere but here: a token at somebody's desk.
    pub(crate) fn token(&self, name: &str) -> Vec<u8> {
        openssl(
            self.folder.path(),
            &format!(
                "req -newkey rsa:2048 -nodes -keyout {name}.key -subj /CN={name} -config openssl.cnf -out {name}.csr"
            ),
        );
        self.sign_request(name, "leaf")
    }

    /// What the token signs.
    pub(crate) fn sign_with(&self, name: &str, message: &[u8]) -> Vec<u8> {
        std::fs::write(self.path("message"), message).expect("a message");
        openssl(self.folder.path(), &format!("dgst -sha256 -sign {name}.key -out signature message"));
        std::fs::read(self.path("signature")).expect("a signature")
    }

    pub(crate) fn revoke(&self, name: &str) {
        openssl(
            self.folder.path(),
            &format!("ca -config openssl.cnf -name own -cert root.pem -keyfile root.key -revoke {name}.pem"),
        );
    }

    pub(crate) fn goes_away(&self) {
        self.shared.away.store(true, Ordering::SeqCst);
    }

    /// How often lists and answers were asked for.
    pub(crate) fn asked(&self) -> usize {
        self.shared.asked.load(Ordering::SeqCst)
    }
}

async fn list(State(shared): State<Arc<Shared>>) -> Result<Vec<u8>, StatusCode> {
    shared.asked.fetch_add(1, Ordering::SeqCst);
    made(
        &shared,
        "ca -config openssl.cnf -name own -cert root.pem -keyfile root.key -gencrl -out ca.crl",
        "ca.crl",
    )
}

async fn answer(State(shared): State<Arc<Shared>>, question: Bytes) -> Result<Vec<u8>, StatusCode> {
    shared.asked.fetch_add(1, Ordering::SeqCst);
    std::fs::write(shared.folder.join("ocsp.req"), question).expect("a question");
    made(
        &shared,
        "ocsp -index index.txt -CA root.pem -rsigner root.pem -rkey root.key -reqin ocsp.req -respout ocsp.resp -ndays 7",
        "ocsp.resp",
    )
}

async fn stamp(State(shared): State<Arc<Shared>>, question: Bytes) -> Result<Vec<u8>, StatusCode> {
    std::fs::write(shared.folder.join("ts.req"), question).expect("a question");
    made(
        &shared,
        "ts -reply -config openssl.cnf -section tsa1 -queryfile ts.req -signer stamps.pem -inkey stamps.key -out ts.resp",
        "ts.resp",
    )
}

fn made(shared: &Shared, arguments: &str, file: &str) -> Result<Vec<u8>, StatusCode> {
    if shared.away.load(Ordering::SeqCst) {
        return Err(StatusCode::SERVICE_UNAVAILABLE);
    }
    openssl(&shared.folder, arguments);
    Ok(std::fs::read(shared.folder.join(file)).expect("an answer"))
}

fn openssl(folder: &Path, arguments: &str) {
    let output = Command::new("openssl")
        .args(arguments.split(' '))
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .expect("openssl starts");
    assert!(output.status.success(), "{arguments}: {}", String::from_utf8_lossy(&output.stderr));
}
