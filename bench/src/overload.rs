//! More load than there is capacity: what is done must not become less, what is refused must say when to come again, and
//! what was accepted must be notified, whoever else never answers.

mod heard;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use dinh_e2e::{Api, Mood, Receiver, Server};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::Barrier;

use self::heard::Heard;
use crate::options::Options;
use crate::report::{Report, Row, say};

/// Connections at once: within what is worked on at once (1,024 by default), and beyond it.
const CONNECTIONS: [usize; 4] = [64, 512, 2_048, 4_096];
/// Share of the best goodput that must be left beyond capacity.
const FLAT: f64 = 0.9;
/// How long nothing may be told while something is left to tell.
const PATIENCE: Duration = Duration::from_mins(1);
/// Subscriptions; each hears of its share of the entities.
const SUBSCRIPTIONS: usize = 64;

/// What writers do when they are refused.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Manners {
    /// They come again when `Retry-After` says.
    Patient,
    /// They come again a twentieth of a second later, whatever they were told.
    Pushing,
}

#[derive(Default)]
struct Counts {
    accepted: AtomicU64,
    refused: AtomicU64,
}

/// The last value of each entity that was accepted.
type Board = Arc<Mutex<BTreeMap<usize, usize>>>;

fn kind(number: usize) -> String {
    format!("Counter{}", number % SUBSCRIPTIONS)
}

fn id(number: usize) -> String {
    format!("urn:ngsi-ld:Counter:{number}")
}

/// One writer: counts its entity up on a connection of its own. Bytes, not a client: it shares the cores with what is
/// measured.
struct Writer {
    number: usize,
    address: String,
    manners: Manners,
}

impl Writer {
    /// Writes until the time is up, once all have come in.
    async fn write(
        self,
        all_in: Arc<Barrier>,
        length: Duration,
        counts: Arc<Counts>,
        board: Board,
    ) -> Result<()> {
        let mut connection = TcpStream::connect(&self.address).await?;
        connection.set_nodelay(true)?;
        all_in.wait().await;
        let end = Instant::now() + length;
        let mut value = note(&board, self.number, None);
        let mut buffer = vec![0; 4_096];
        while Instant::now() < end {
            let body = format!(r#"{{"type":"Property","value":{}}}"#, value + 1);
            let request = format!(
                "PATCH /ngsi-ld/v1/entities/{}/attrs/step HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
                id(self.number),
                self.address,
                body.len(),
            );
            connection.write_all(request.as_bytes()).await?;
            let answer = answer(&mut connection, &mut buffer).await?;
            match answer.status {
                204 => {
                    value += 1;
                    counts.accepted.fetch_add(1, Ordering::Relaxed);
                    note(&board, self.number, Some(value));
                }
                503 => {
                    counts.refused.fetch_add(1, Ordering::Relaxed);
                    let told = answer.retry_after.context("a refusal without Retry-After")?;
                    let pause =
                        if self.manners == Manners::Patient { told } else { Duration::from_millis(50) };
                    tokio::time::sleep(pause).await;
                }
                other => bail!("an update was answered with {other}"),
            }
        }
        Ok(())
    }
}

/// The last value of an entity, or the one that has just been accepted.
fn note(board: &Board, number: usize, value: Option<usize>) -> usize {
    let mut board = board.lock().unwrap_or_else(PoisonError::into_inner);
    let last = board.entry(number).or_default();
    *last = value.unwrap_or(*last);
    *last
}

struct Answer {
    status: u16,
    retry_after: Option<Duration>,
}

/// Reads one answer to its end.
async fn answer(connection: &mut TcpStream, buffer: &mut [u8]) -> Result<Answer> {
    let mut filled = 0;
    loop {
        let read = connection.read(buffer.get_mut(filled..).context("an answer too long")?).await?;
        ensure!(read > 0, "the server closed a connection");
        filled += read;
        let text = std::str::from_utf8(buffer.get(..filled).unwrap_or_default())?;
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let header = |name: &str| {
            let mut lines = head.lines().filter_map(|line| line.split_once(": "));
            lines.find(|(header, _)| header.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
        };
        let length: usize = header("content-length").map_or(Ok(0), str::parse)?;
        if body.len() < length {
            continue;
        }
        let status = head.split(' ').nth(1).context("a status")?.parse()?;
        let seconds = header("retry-after").map(str::parse).transpose()?;
        return Ok(Answer { status, retry_after: seconds.map(Duration::from_secs) });
    }
}

/// What one step of the load came to, a second.
struct Step {
    accepted: f64,
    refused: f64,
}

async fn step(
    server: &Server,
    connections: usize,
    manners: Manners,
    length: Duration,
    board: &Board,
) -> Result<Step> {
    let counts = Arc::new(Counts::default());
    let all_in = Arc::new(Barrier::new(connections + 1));
    let address = server.url().trim_start_matches("http://").to_owned();
    let connecting = Instant::now();
    let writers: Vec<_> = (0..connections)
        .map(|number| Writer { number, address: address.clone(), manners })
        .map(|writer| writer.write(Arc::clone(&all_in), length, Arc::clone(&counts), Arc::clone(board)))
        .map(tokio::spawn)
        .collect();
    tokio::time::timeout(PATIENCE, all_in.wait()).await.context("not all writers came in")?;
    let connected = connecting.elapsed().as_secs_f64();
    tokio::time::sleep(length).await;
    #[expect(clippy::cast_precision_loss, reason = "some million requests")]
    let rate = |count: &AtomicU64| count.load(Ordering::Relaxed) as f64 / length.as_secs_f64();
    let (accepted, refused) = (rate(&counts.accepted), rate(&counts.refused));
    for writer in writers {
        writer.await??;
    }
    say(&format!(
        "  {connections} connections, in after {connected:.1} s: {accepted:.0}/s accepted, {refused:.0}/s refused"
    ));
    Ok(Step { accepted, refused })
}

async fn prepare(api: &Api, alive: &str, dead: &str) -> Result<()> {
    let most = CONNECTIONS.into_iter().max().unwrap_or_default();
    for first in (0..most).step_by(512) {
        let batch: Vec<_> = (first..first + 512)
            .map(|n| json!({"id": id(n), "type": kind(n), "step": {"type": "Property", "value": 0}}))
            .collect();
        api.post("/ngsi-ld/v1/entityOperations/create", &json!(batch)).await?.expect(201)?;
    }
    // Of every type one subscriber takes what is told, and another never answers.
    for number in 0..SUBSCRIPTIONS {
        for receiver in [alive, dead] {
            let subscription = json!({
                "type": "Subscription",
                "entities": [{"type": kind(number)}],
                "watchedAttributes": ["step"],
                "notification": {"format": "keyValues", "endpoint": {"uri": receiver, "accept": "application/json"}},
            });
            api.post("/ngsi-ld/v1/subscriptions", &subscription).await?.expect(201)?;
        }
    }
    Ok(())
}

/// How many steps were accepted and never told, once all are told or nothing has come for a while.
async fn untold(heard: &Heard, board: &Board) -> usize {
    let accepted = board.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let missing = || accepted.iter().map(|(number, last)| heard.missing(&id(*number), *last)).sum();
    let (mut least, mut since) = (usize::MAX, Instant::now());
    loop {
        let missing: usize = missing();
        if missing == 0 || since.elapsed() > PATIENCE {
            return missing;
        }
        if missing < least {
            (least, since) = (missing, Instant::now());
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// Loads the server within its capacity and beyond, by writers who wait as they are told and by others.
pub(crate) async fn measure(options: &Options, report: &mut Report) -> Result<()> {
    say("More load than there is capacity");
    let server = Server::start().await?;
    let (heard, dead) = (Heard::start().await?, Receiver::start().await?);
    dead.set(Mood::Hanging);
    prepare(&server.api()?, heard.url(), &dead.url()).await?;
    let (board, length) = (Board::default(), Duration::from_secs(options.seconds));
    let most = CONNECTIONS.into_iter().max().unwrap_or_default();
    let patient = CONNECTIONS.map(|connections| (connections, Manners::Patient));
    let (mut best, mut untold): (f64, usize) = (0.0, 0);
    for (connections, manners) in patient.into_iter().chain([(most, Manners::Pushing)]) {
        let done = step(&server, connections, manners, length, &board).await?;
        let who = if manners == Manners::Patient { "who wait as told" } else { "who come again at once" };
        let name = format!("updates from {connections} {who}, accepted ({:.0}/s refused)", done.refused);
        let row = Row::figure(name, done.accepted, "/s");
        report.add(if best > 0.0 { flat(row, best) } else { row });
        best = best.max(done.accepted);
        // Every step begins with nothing left to tell, so that none works for another.
        let begun = Instant::now();
        untold += self::untold(&heard, &board).await;
        say(&format!("  the last one was told {:.1} s after the end", begun.elapsed().as_secs_f64()));
    }
    let accepted: usize = board.lock().unwrap_or_else(PoisonError::into_inner).values().sum();
    #[expect(clippy::cast_precision_loss, reason = "some million steps")]
    let untold = untold as f64;
    let name = format!("of {accepted} accepted, beside a subscriber that never answers, never notified");
    report.add(Row::under(name, untold, "updates", 1.0));
    Ok(())
}

/// With the bar that goodput stays what it was.
fn flat(row: Row, best: f64) -> Row {
    Row { least_ratio: Some(FLAT), ..row.beside(best, "the best with fewer") }
}
