//! What goes on by itself ends with the key that began it, and rests while its account is locked.

use anyhow::{Context as _, Result, ensure};
use dinh_e2e::{Api, Notification, PATIENCE, Packs, Receiver, Reply, Server, Test, until};
use reqwest::Method;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::administrator::{Administrator, Browser};
use crate::vocabulary::{gauge, level, subscribe, value, watch_levels};

const UPDATE: &str = "/ngsi-ld/v1/entityOperations/upsert?options=update";

/// A program that comes by a key.
struct Program<'a> {
    api: &'a Api,
    key: String,
}

impl Program<'_> {
    async fn ask(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Reply> {
        let request = self.api.request(method, path).header("authorization", format!("Bearer {}", self.key));
        self.api.send(if let Some(body) = body { request.json(body) } else { request }).await
    }

    async fn subscribe(&self, endpoint: &str) -> Result<String> {
        let body = watch_levels(endpoint);
        let made = self.ask(Method::POST, "/ngsi-ld/v1/subscriptions", Some(&body)).await?.expect(201)?;
        Ok(made.header("location").to_owned())
    }

    async fn status(&self, subscription: &str) -> Result<(String, String)> {
        let told = self.ask(Method::GET, subscription, None).await?.expect(200)?.json()?;
        let text = |name: &str| told[name].as_str().unwrap_or_default().to_owned();
        Ok((text("status"), text("statusReason")))
    }
}

fn heard(heard: &[Notification], level: f64) -> bool {
    heard
        .iter()
        .flat_map(Notification::entities)
        .any(|entity| value(entity, "waterLevel").as_f64() == Some(level))
}

/// Sets a level, and waits until the witness has heard of it: whoever subscribed before has been thought of by then.
async fn witnessed(api: &Api, witness: &Receiver, to: f64) -> Test {
    api.post(UPDATE, &serde_json::json!([level("a", to)])).await?.expect(204)?;
    witness.wait_for("the witness hears it", PATIENCE, |all| heard(all, to)).await.map(drop)
}

#[tokio::test]
async fn what_a_key_began_ends_when_it_is_revoked_and_rests_while_its_account_is_locked() -> Test {
    let packs = Packs::new()?;
    let tenant = packs.tenant();
    let server = Server::start_with(&["--packs".as_ref(), packs.path().as_os_str()]).await?;
    let api = server.tenant(tenant)?;
    let mut administrator = Administrator::first(&server, tenant, Browser::plain()?).await?;
    let account = administrator.system("Trung tâm dự báo", "operator").await?;
    let leaked = Program { api: &api, key: administrator.key(&account).await? };
    let good = Program { api: &api, key: administrator.key(&account).await? };
    api.create(&gauge("a", 0.0)).await?;

    let (stolen, own, witness) =
        (Receiver::start().await?, Receiver::start().await?, Receiver::start().await?);
    let of_leaked = leaked.subscribe(&stolen.url()).await?;
    let of_good = good.subscribe(&own.url()).await?;
    subscribe(&api, &watch_levels(&witness.url())).await?;
    let mut stream = Stream::open(&server, tenant, &leaked.key).await?;
    witnessed(&api, &witness, 1.0).await?;
    stolen.wait_for("the key is good", PATIENCE, |all| heard(all, 1.0)).await?;
    ensure!(good.status(&of_leaked).await? == ("active".to_owned(), String::new()));

    // Something is on its way and cannot be delivered: it must not come after the key is gone.
    stolen.set(dinh_e2e::Mood::Broken);
    witnessed(&api, &witness, 2.0).await?;
    until("it was tried", PATIENCE, || async {
        let told = good.ask(Method::GET, &of_leaked, None).await?.json()?;
        Ok(told["notification"]["timesFailed"].as_u64().filter(|times| *times > 0))
    })
    .await?;
    administrator.revoke(&account, &leaked.key).await?;
    stolen.set(dinh_e2e::Mood::Well);
    stream.ends().await?;
    ensure!(leaked.ask(Method::GET, &of_leaked, None).await?.status == 401);
    let (status, why) = good.status(&of_leaked).await?;
    ensure!(
        status == "paused" && why.contains("the key by which it was made was revoked"),
        "{status}: {why}"
    );
    let listed = good.ask(Method::GET, "/ngsi-ld/v1/subscriptions", None).await?.json()?;
    let paused =
        listed.as_array().map_or(0, |all| all.iter().filter(|one| one["status"] == "paused").count());
    ensure!(paused == 1, "{listed}");
    witnessed(&api, &witness, 3.0).await?;
    own.wait_for("the other key goes on", PATIENCE, |all| heard(all, 3.0)).await?;

    administrator.change(&account, "lock").await?;
    ensure!(good.ask(Method::GET, &of_good, None).await?.status == 401);
    witnessed(&api, &witness, 4.0).await?;
    administrator.change(&account, "unlock").await?;
    witnessed(&api, &witness, 5.0).await?;
    own.wait_for("it goes on once the account is unlocked", PATIENCE, |all| heard(all, 5.0)).await?;
    ensure!(!heard(&own.received(), 4.0), "nothing is told of the time when it was locked");
    for level in [2.0, 3.0, 4.0, 5.0] {
        ensure!(!heard(&stolen.received(), level), "{level} was told by a key that was revoked");
    }
    // Whoever has another key of the account clears it away.
    good.ask(Method::DELETE, &of_leaked, None).await?.expect(204).map(drop)
}

/// Live events, followed by a key.
struct Stream(TcpStream);

impl Stream {
    async fn open(server: &Server, tenant: &str, key: &str) -> Result<Self> {
        let address = server.url().trim_start_matches("http://");
        let mut stream = TcpStream::connect(address).await?;
        let request = format!(
            "GET /api/v1/{tenant}/events HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {key}\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await?;
        let mut first = [0; 4096];
        let read = stream.read(&mut first).await?;
        let head = first.get(..read).context("as much as was read")?;
        ensure!(head.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(head));
        Ok(Self(stream))
    }

    /// Reads on until it ends, which is at once.
    async fn ends(&mut self) -> Test {
        let mut rest = Vec::new();
        let to_the_end = async {
            let mut part = [0; 4096];
            loop {
                let read = self.0.read(&mut part).await?;
                rest.extend_from_slice(part.get(..read).unwrap_or_default());
                // The last chunk of a body: the connection itself may go on.
                if read == 0 || rest.ends_with(b"0\r\n\r\n") {
                    return anyhow::Ok(());
                }
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(5), to_the_end).await.context("it goes on")?
    }
}
