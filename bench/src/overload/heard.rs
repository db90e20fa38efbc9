//! The subscriber that takes what it is told, and remembers of each step whether it heard of it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context as _, Result};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// The steps heard of, by entity.
type Steps = Arc<Mutex<BTreeMap<String, Vec<bool>>>>;

/// Listens until it is dropped. Bytes, not a web server: it shares the cores with what is measured.
pub(super) struct Heard {
    url: String,
    steps: Steps,
    task: JoinHandle<()>,
}

impl Heard {
    pub(super) async fn start() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}/notify", listener.local_addr()?);
        let steps = Steps::default();
        let task = tokio::spawn({
            let steps = Arc::clone(&steps);
            async move {
                while let Ok((stream, _)) = listener.accept().await {
                    tokio::spawn(listen(stream, Arc::clone(&steps)));
                }
            }
        });
        Ok(Self { url, steps, task })
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// How many steps of an entity, from the first to `last`, were never heard of.
    pub(super) fn missing(&self, entity: &str, last: usize) -> usize {
        let steps = self.steps.lock().unwrap_or_else(PoisonError::into_inner);
        let heard =
            steps.get(entity).map_or(0, |heard| heard.iter().take(last + 1).filter(|heard| **heard).count());
        last - heard
    }
}

impl Drop for Heard {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// One connection, to its end: whoever sends closes it when it likes.
async fn listen(stream: TcpStream, steps: Steps) -> Result<()> {
    stream.set_nodelay(true)?;
    let mut stream = BufReader::new(stream);
    loop {
        let (mut length, mut line) = (0, String::new());
        while stream.read_line(&mut line).await? > 2 {
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse()?;
            }
            line.clear();
        }
        let mut body = vec![0; length];
        stream.read_exact(&mut body).await?;
        take(&serde_json::from_slice(&body)?, &steps)?;
        stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await?;
    }
}

fn take(notification: &Value, steps: &Steps) -> Result<()> {
    let mut steps = steps.lock().unwrap_or_else(PoisonError::into_inner);
    for entity in notification["data"].as_array().context("data")? {
        let id = entity["id"].as_str().context("an id")?;
        let step = usize::try_from(entity["step"].as_u64().context("a step")?)?;
        let heard = steps.entry(id.to_owned()).or_default();
        heard.resize(heard.len().max(step + 1), false);
        // The first step is 1; what stands before it was there when the subscription came.
        if let Some(heard) = heard.get_mut(step).filter(|_| step > 0) {
            *heard = true;
        }
    }
    Ok(())
}
