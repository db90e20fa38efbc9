//! TLS: with a certificate the server is reached by TLS only, and shows a renewed certificate without a restart.

use std::path::PathBuf;

use anyhow::{Context as _, Result, ensure};
use dinh_e2e::{PATIENCE, Server, Test, run, until};
use reqwest::redirect::Policy;
use reqwest::tls::Version;
use reqwest::{Certificate, Client};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::administrator::{Administrator, Browser, PASSWORD};
use crate::vocabulary::{gauge, subscribe, watch_levels};

/// A folder with a certificate, its key and a configuration that names them.
struct Files(TempDir);

impl Files {
    fn new() -> Result<(Self, Certificate)> {
        let files = Self(tempfile::tempdir()?);
        let text = "[http.tls]\ncertificate = \"cert.pem\"\nkey = \"key.pem\"\n";
        std::fs::write(files.path("dinh.toml"), text)?;
        let certificate = files.renew()?;
        Ok((files, certificate))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Makes a new pair, and returns what a client has to trust.
    fn renew(&self) -> Result<Certificate> {
        let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned(), "localhost".to_owned()])?;
        std::fs::write(self.path("cert.pem"), made.cert.pem())?;
        std::fs::write(self.path("key.pem"), made.signing_key.serialize_pem())?;
        Ok(Certificate::from_pem(made.cert.pem().as_bytes())?)
    }

    async fn serve(&self) -> Result<Server> {
        Server::start_in(&self.path("data"), &["--config", "dinh.toml"]).await
    }
}

fn client(trusted: &Certificate, version: Version) -> Result<Client> {
    drop(rustls::crypto::ring::default_provider().install_default());
    let client = Client::builder()
        .no_proxy()
        .tls_certs_only([trusted.clone()])
        .tls_version_min(version)
        .tls_version_max(version)
        .pool_max_idle_per_host(0)
        .build()?;
    Ok(client)
}

#[tokio::test]
async fn with_a_certificate_the_server_is_reached_by_tls_and_by_nothing_else() -> Test {
    let (files, certificate) = Files::new()?;
    let server = files.serve().await?;
    let url = server.url().to_owned();
    ensure!(url.starts_with("https://127.0.0.1:"), "{url}");
    for version in [Version::TLS_1_2, Version::TLS_1_3] {
        let answer = client(&certificate, version)?.get(format!("{url}/health")).send().await?;
        ensure!(answer.status() == 200, "{version:?}: {}", answer.status());
        let always = answer.headers().get("strict-transport-security").context("tells browsers to stay")?;
        ensure!(always.to_str()?.starts_with("max-age="), "{always:?}");
    }
    // A page of the same name that came without TLS is another site's.
    let form = |origin: String| async {
        let write =
            client(&certificate, Version::TLS_1_3)?.delete(format!("{url}/ngsi-ld/v1/entities/urn:x:a"));
        anyhow::Ok(write.header("origin", origin).send().await?.status().as_u16())
    };
    ensure!(form(url.replace("https:", "http:")).await? == 403);
    ensure!(form(url.clone()).await? == 404);
    let stranger =
        Certificate::from_pem(rcgen::generate_simple_self_signed(["x".to_owned()])?.cert.pem().as_bytes())?;
    let doubting = client(&stranger, Version::TLS_1_3)?.get(format!("{url}/health")).send().await;
    ensure!(doubting.is_err(), "the certificate is the one of the files");
    Ok(())
}

#[tokio::test]
async fn plain_http_and_old_tls_are_refused_and_keep_nobody_waiting() -> Test {
    let (files, certificate) = Files::new()?;
    let server = files.serve().await?;
    let address = server.url().trim_start_matches("https://").to_owned();
    // One who connects and says nothing does not stand in the way.
    let silent = TcpStream::connect(&address).await?;
    let plain = said(&address, b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n").await?;
    ensure!(!plain.starts_with(b"HTTP/"), "{}", String::from_utf8_lossy(&plain));
    let old = said(&address, &old_hello()).await?;
    // A TLS record with an alert: content type 21 (RFC 8446 clause 5.1).
    ensure!(old.first() == Some(&21), "{old:?}");
    let answer =
        client(&certificate, Version::TLS_1_3)?.get(format!("{}/health", server.url())).send().await?;
    ensure!(answer.status() == 200);
    drop(silent);
    Ok(())
}

#[tokio::test]
async fn by_tls_cookies_are_for_this_host_and_tls_alone() -> Test {
    let (files, certificate) = Files::new()?;
    let server = files.serve().await?;
    drop(rustls::crypto::ring::default_provider().install_default());
    let client =
        Client::builder().no_proxy().redirect(Policy::none()).tls_certs_only([certificate]).build()?;
    let mut administrator = Administrator::first(&server, "thu", client.clone()).await?;
    let mut browser = Browser::new(&server, "thu", client.clone());
    let form = [("name", "an@hue.gov.vn"), ("password", PASSWORD), ("next", "/thu/account")];
    let asked = browser.post("/sign-in", &form).await?.expect(200)?;
    ensure!(asked.header("set-cookie").is_empty(), "nobody is signed in before the second factor was shown");
    let cookies = [
        administrator.sign_out().await?.header("set-cookie").to_owned(),
        administrator.session().to_owned(),
        of(&client, &format!("{}/lang/en", server.url())).await?,
        of(&client, &format!("{}/theme/dark", server.url())).await?,
    ];
    for cookie in cookies {
        ensure!(cookie.starts_with("__Host-"), "{cookie}");
        ensure!(cookie.contains("; Secure") && cookie.contains("; SameSite=Lax"), "{cookie}");
        ensure!(cookie.contains("; Path=/;") && !cookie.contains("Domain"), "{cookie}");
    }
    Ok(())
}

#[tokio::test]
async fn who_shows_a_certificate_that_nobody_vouches_for_is_told_nothing() -> Test {
    let (files, certificate) = Files::new()?;
    let (doubtful, plain, teller) = (files.serve().await?, Server::start().await?, Server::start().await?);
    let api = teller.api()?;
    // A notification is an entity like any other to whoever takes it in, so that it can be asked for there.
    let at = |server: &Server| format!("{}/ngsi-ld/v1/entities", server.url());
    let doubted = subscribe(&api, &watch_levels(&at(&doubtful))).await?;
    subscribe(&api, &watch_levels(&at(&plain))).await?;
    api.create(&gauge("a", 1.0)).await?;
    let told = "/ngsi-ld/v1/entities?type=Notification";
    until("the other is told", PATIENCE, || async {
        let there = plain.api()?.json(told).await?;
        Ok(there.as_array().is_some_and(|all| !all.is_empty()).then_some(()))
    })
    .await?;
    until("it was tried", PATIENCE, || async {
        let told = api.json(&doubted).await?;
        Ok(told["notification"]["timesFailed"].as_u64().filter(|times| *times > 0))
    })
    .await?;
    let client = client(&certificate, Version::TLS_1_3)?;
    let there = client.get(format!("{}{told}", doubtful.url())).send().await?;
    ensure!(there.status() == 200, "it could have been told: {}", there.status());
    ensure!(there.text().await? == "[]", "a certificate was believed that nobody vouches for");
    Ok(())
}

/// The cookie that is set at an address.
async fn of(client: &Client, address: &str) -> Result<String> {
    let answer = client.get(address).send().await?;
    let cookie = answer.headers().get("set-cookie").context("a cookie")?;
    Ok(cookie.to_str()?.to_owned())
}

/// Everything that is answered until the connection is closed.
async fn said(address: &str, words: &[u8]) -> Result<Vec<u8>> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(words).await?;
    let mut answer = Vec::new();
    // A connection that is reset has been refused too.
    let read = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut answer)).await?;
    drop(read);
    Ok(answer)
}

/// The greeting of a client that knows TLS 1.1 and nothing newer (RFC 4346 clause 7.4.1.2).
fn old_hello() -> Vec<u8> {
    let mut hello = vec![3, 2];
    hello.extend([7; 32]); // random
    hello.extend([0, 0, 2, 0xc0, 0x13, 1, 0]); // no session; ECDHE_RSA_AES_128_CBC_SHA; no compression
    let length = |bytes: &[u8]| u8::try_from(bytes.len()).unwrap_or(u8::MAX);
    let mut message = vec![1, 0, 0, length(&hello)];
    message.extend(hello);
    let mut record = vec![22, 3, 1, 0, length(&message)];
    record.extend(message);
    record
}

#[tokio::test]
async fn a_renewed_certificate_is_shown_without_a_restart() -> Test {
    let (files, old) = Files::new()?;
    let server = files.serve().await?;
    let health = format!("{}/health", server.url());
    let is_good = |trusted: &Certificate| {
        let client = client(trusted, Version::TLS_1_3);
        let health = health.clone();
        async move { anyhow::Ok(client?.get(health).send().await.is_ok()) }
    };
    ensure!(is_good(&old).await?);
    let new = files.renew()?;
    until("the new certificate is shown", PATIENCE, || async { Ok(is_good(&new).await?.then_some(())) })
        .await?;
    ensure!(!is_good(&old).await?);
    Ok(())
}

#[tokio::test]
async fn files_that_cannot_be_used_are_refused_at_start_in_both_languages() -> Test {
    let (files, _certificate) = Files::new()?;
    let (good_key, good_cert) =
        (std::fs::read_to_string(files.path("key.pem"))?, std::fs::read_to_string(files.path("cert.pem"))?);
    let stranger = rcgen::generate_simple_self_signed(["x".to_owned()])?.signing_key.serialize_pem();
    let faults = [
        ("key.pem", stranger.as_str(), "không phải là khoá của chứng thư", "does not belong"),
        ("key.pem", "nothing", "không có khoá riêng", "no private key"),
        ("cert.pem", good_key.as_str(), "không có chứng thư", "no certificate"),
        ("dinh.toml", "[http.tls]\ncertificate = \"cert.pem\"\n", "http.tls.key", "http.tls.key"),
    ];
    for (name, text, vi, en) in faults {
        let before = std::fs::read_to_string(files.path(name))?;
        std::fs::write(files.path(name), text)?;
        let arguments = ["serve", "--data", "data", "--listen", "127.0.0.1:0", "--config", "dinh.toml"];
        let told = run(files.0.path(), arguments).await?.refused()?.err;
        ensure!(told.contains(vi) && told.contains(en), "{name}: {told}");
        ensure!(!told.contains("BEGIN PRIVATE KEY-----\n"), "a key is never printed");
        std::fs::write(files.path(name), before)?;
    }
    ensure!(std::fs::read_to_string(files.path("cert.pem"))? == good_cert);
    Ok(())
}
