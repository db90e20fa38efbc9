//! Mosquitto, the real broker of the MQTT tests, and a client of it.

use std::net::TcpListener;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use rumqttc::mqttbytes::QoS;
use rumqttc::mqttbytes::v5::Packet;
use rumqttc::{AsyncClient, Event, MqttOptions, PublishOptions};
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::sync::mpsc;

use crate::{PATIENCE, until};

/// Attempts to find a port that is still free when Mosquitto takes it.
const ATTEMPTS: usize = 5;
/// Its settings, in a folder of its own.
const SETTINGS: &str = "mosquitto.conf";
/// What it says, beside them.
const LOG: &str = "mosquitto.log";

/// Mosquitto on a free port, ended when dropped.
#[derive(Debug)]
pub struct Broker {
    child: Child,
    port: u16,
    folder: TempDir,
}

impl Broker {
    /// Starts Mosquitto. Fails loudly when it is not installed: MQTT is part of what has to work.
    pub async fn start() -> Result<Self> {
        for _ in 0..ATTEMPTS {
            let folder = tempfile::Builder::new().prefix("dinh-mosquitto-").tempdir()?;
            let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
            let settings = folder.path().join(SETTINGS);
            std::fs::write(
                &settings,
                format!(
                    "listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\nlog_dest stderr\n"
                ),
            )?;
            let child = spawn_any(&settings)?;
            let mut broker = Self { child, port, folder };
            if broker.answers().await? {
                return Ok(broker);
            }
        }
        bail!("Mosquitto found no free port in {ATTEMPTS} attempts")
    }

    /// False when it ended at once, because somebody else took the port.
    async fn answers(&mut self) -> Result<bool> {
        let port = self.port;
        until("Mosquitto answers", PATIENCE, || {
            let ended = self.child.try_wait();
            async move {
                if ended?.is_some() {
                    return Ok(Some(false));
                }
                Ok(TcpStream::connect(("127.0.0.1", port)).await.is_ok().then_some(true))
            }
        })
        .await
    }

    /// `mqtt://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("mqtt://127.0.0.1:{}", self.port)
    }

    /// The line with which it greeted the first client whose name begins so: the client's version of MQTT is in it.
    pub fn greeting(&self, client: &str) -> Result<String> {
        let log = std::fs::read_to_string(self.folder.path().join(LOG))?;
        let greeting = log.lines().find(|line| line.contains("New client") && line.contains(client));
        greeting.map(str::to_owned).with_context(|| format!("Mosquitto greeted no {client}:\n{log}"))
    }

    /// Ends it, as a power cut would.
    pub async fn kill(&mut self) -> Result<()> {
        self.child.kill().await.context("killing Mosquitto")
    }

    /// Starts it again on the same port.
    pub async fn start_again(&mut self) -> Result<()> {
        self.child = spawn_any(&self.folder.path().join(SETTINGS))?;
        if self.answers().await? { Ok(()) } else { bail!("somebody took port {} meanwhile", self.port) }
    }

    /// A client that has subscribed to `topic` when this returns.
    pub async fn client(&self, name: &str, topic: &str) -> Result<MqttClient> {
        let mut options = MqttOptions::new(name, ("127.0.0.1", self.port));
        options.set_keep_alive(10);
        let (client, mut events) = AsyncClient::builder(options).capacity(1000).build();
        let (send, messages) = mpsc::unbounded_channel();
        let (ready_send, mut ready) = mpsc::channel(1);
        tokio::spawn(async move {
            loop {
                match events.poll().await {
                    Ok(Event::Incoming(Packet::Publish(message))) => {
                        let topic = String::from_utf8_lossy(&message.topic).into_owned();
                        if send.send((topic, message.payload.to_vec())).is_err() {
                            break;
                        }
                    }
                    Ok(Event::Incoming(Packet::SubAck(_))) => drop(ready_send.try_send(())),
                    Ok(_) => {}
                    Err(_broken) => tokio::time::sleep(Duration::from_millis(50)).await,
                }
            }
        });
        client.subscribe(topic, QoS::AtLeastOnce).await?;
        tokio::time::timeout(PATIENCE, ready.recv())
            .await
            .context("Mosquitto did not confirm the subscription")?;
        Ok(MqttClient { client, messages })
    }
}

/// Debian keeps it in `/usr/sbin`, which is not on everybody's path.
fn spawn_any(settings: &Path) -> Result<Child> {
    let started =
        ["mosquitto", "/usr/sbin/mosquitto"].iter().find_map(|program| spawn(program, settings).ok());
    started.context("Mosquitto is not installed, so MQTT cannot be tested; run: make setup")
}

fn spawn(program: &str, settings: &Path) -> std::io::Result<Child> {
    // It gives up root's rights before it could open a file of ours, so it inherits one that is open.
    let log = std::fs::File::create(settings.with_file_name(LOG))?;
    Command::new(program)
        .arg("-c")
        .arg(settings)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log)
        .kill_on_drop(true)
        .spawn()
}

/// A connected MQTT client.
#[derive(Debug)]
pub struct MqttClient {
    client: AsyncClient,
    messages: mpsc::UnboundedReceiver<(String, Vec<u8>)>,
}

impl MqttClient {
    /// Publishes with quality of service 1.
    pub async fn publish(&self, topic: &str, payload: impl Into<bytes::Bytes>) -> Result<()> {
        let options = PublishOptions::at_least_once();
        self.client.publish(topic.to_owned(), payload.into(), options).await.context("publishing")
    }

    /// The next message on the subscribed topic.
    pub async fn next(&mut self) -> Result<(String, Vec<u8>)> {
        let message = tokio::time::timeout(PATIENCE, self.messages.recv()).await;
        message.context("no MQTT message came")?.context("the MQTT client has ended")
    }
}
