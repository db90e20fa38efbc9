//! Certificates ordered from an authority (ACME): off by default; once domains are named, the server proves them on its
//! own port, shows what it is given without a restart, and orders no second time while the first one holds.

mod authority;

use anyhow::{Context as _, Result, ensure};
use dinh_e2e::{PATIENCE, Server, Test, until};
use reqwest::{Certificate, Client};

use authority::Authority;

fn client(authority: &Authority) -> Result<Client> {
    drop(rustls::crypto::ring::default_provider().install_default());
    let root = Certificate::from_pem(&authority.root()?)?;
    Ok(Client::builder().no_proxy().tls_certs_only([root]).pool_max_idle_per_host(0).build()?)
}

fn port(server: &Server) -> Result<u16> {
    Ok(server.url().rsplit(':').next().context("has a port")?.parse()?)
}

#[tokio::test]
async fn a_certificate_is_ordered_and_shown_without_a_restart() -> Test {
    let folder = tempfile::tempdir()?;
    let authority = Authority::start(folder.path()).await?;
    let text = format!(
        "[http.tls.acme]\ndomains = [\"localhost\"]\ncontact = \"mailto:an@hue.gov.vn\"\ndirectory = \"{}/directory\"\n",
        authority.url
    );
    std::fs::write(folder.path().join("dinh.toml"), text)?;
    let data = folder.path().join("data");
    let mut server = Server::start_in(&data, &["--config", "dinh.toml"]).await?;
    authority.leads_to(port(&server)?);
    let health = |server: &Server| anyhow::Ok(format!("https://localhost:{}/health", port(server)?));
    let first = health(&server)?;
    until("the ordered certificate is shown", PATIENCE, || async {
        let answer = client(&authority)?.get(&first).send().await;
        Ok(answer.is_ok_and(|answer| answer.status() == 200).then_some(()))
    })
    .await
    .with_context(|| server.log())?;
    ensure!(authority.has_issued());
    let keys = folder.path().join("data-keys/acme");
    for secret in ["certificate-key.pem", "account.json"] {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(keys.join(secret))?.permissions().mode();
        ensure!(mode.trailing_zeros() >= 6, "{secret} is readable by others: {mode:o}");
    }
    // Nobody but an authority is shown a proof, and it is gone once it was looked at.
    let before = std::fs::read(keys.join("certificate.pem"))?;
    server.stop().await?;
    server.start_again().await?;
    ensure!(client(&authority)?.get(health(&server)?).send().await?.status() == 200);
    ensure!(std::fs::read(keys.join("certificate.pem"))? == before, "what holds is not ordered again");
    Ok(())
}

#[tokio::test]
async fn an_authority_that_is_not_allowed_is_not_called() -> Test {
    let folder = tempfile::tempdir()?;
    let text = "[http.tls.acme]\ndomains = [\"dinh.hue.gov.vn\"]\n";
    std::fs::write(folder.path().join("dinh.toml"), text)?;
    let server = Server::start_in(&folder.path().join("data"), &["--config", "dinh.toml"]).await?;
    let refused = || async { Ok(server.log().contains("not on the allow-list").then_some(())) };
    until("the log says why", PATIENCE, refused).await?;
    drop(rustls::crypto::ring::default_provider().install_default());
    let doubting = Client::builder().no_proxy().build()?.get(format!("{}/health", server.url())).send().await;
    ensure!(doubting.is_err(), "what is shown meanwhile vouches for nothing");
    Ok(())
}
