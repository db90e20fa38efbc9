//! People who work with dossiers, over HTTP: each in a session of their own, one request after another.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use dinh_context::fields::{Names, Reading};
use dinh_context::graph::Stored;
use dinh_e2e::{Api, Reply};
use dinh_ngsild::query::{EntityQuery, Literal, Op, Operand, Path, Q};
use rand::Rng as _;
use rand::seq::IndexedRandom as _;

use super::house::{self, House, Worker};
use super::lives::unit;
use crate::samples::Samples;

/// Dossiers of a unit that are known at the beginning.
const KNOWN: usize = 900;

/// What lies in a unit: for reading, and for acting, where each belongs to one person at a time.
#[derive(Debug, Default)]
pub(crate) struct Desk {
    all: Vec<String>,
    open: Mutex<Vec<Paper>>,
}

/// An open dossier.
#[derive(Clone, Debug)]
struct Paper {
    id: String,
    version: u64,
    state: String,
}

impl Desk {
    /// Identifiers of its dossiers.
    pub(super) fn ids(&self) -> &[String] {
        &self.all
    }

    pub(super) async fn of(house: &House, number: u32) -> Result<Self> {
        let session = house.context.system("bench", house::tenant()?);
        let names = Names::default();
        let of_unit = |more: Option<Q>| {
            let compare = |name: &str, text: &str| Q::Compare {
                path: Path::attribute(names.of(name)),
                op: Op::Eq,
                value: Operand::One(Literal::Text(text.to_owned())),
            };
            let unit = compare("competentUnit", unit(number).as_str());
            let q = Some(Q::And([vec![unit], more.into_iter().collect()].concat()));
            EntityQuery { q, limit: KNOWN, ..EntityQuery::of_type(names.of("Dossier")) }
        };
        let all = session.query(of_unit(None)).await?;
        let all = all.entities.iter().map(|stored| stored.entity.id.to_string()).collect();
        let open = session.query(of_unit(Some(Q::Exists(Path::attribute(names.of("desk")))))).await?;
        let paper = |stored: &Stored| {
            let from = Reading { names: &names, entity: &stored.entity };
            let state = from.text("state").unwrap_or_default().to_owned();
            Paper { id: stored.entity.id.to_string(), version: stored.version, state }
        };
        Ok(Self { all, open: Mutex::new(open.entities.iter().map(paper).collect()) })
    }

    fn papers<T>(&self, work: impl FnOnce(&mut Vec<Paper>) -> T) -> T {
        work(&mut self.open.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// What somebody does again and again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Work {
    /// Looks at a dossier of their unit.
    Read,
    /// Looks at the queue.
    Queue,
    /// Takes an action.
    Act,
    /// Looks at what is open, as leaders do.
    Board,
    /// Of ten requests, six look at a dossier, two at the queue, two act.
    All,
}

/// What came of it.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    pub(crate) reads: Samples,
    pub(crate) queues: Samples,
    pub(crate) acts: Samples,
    pub(crate) boards: Samples,
}

/// Somebody at work.
pub(crate) struct Person {
    pub(crate) api: Api,
    pub(crate) worker: Worker,
    pub(crate) desk: Arc<Desk>,
}

impl Person {
    /// Works for some time, with a pause after each request.
    pub(crate) async fn works(&self, work: Work, time: Duration, pause: Duration) -> Result<Seen> {
        let (begun, mut seen) = (Instant::now(), Seen::default());
        while begun.elapsed() < time {
            let what = match (work, rand::rng().random_range(0..10)) {
                _ if self.worker.role == "leader" => Work::Board,
                (Work::All, 0..6) => Work::Read,
                (Work::All, 6..8) => Work::Queue,
                (Work::All, _) => Work::Act,
                (one, _) => one,
            };
            let started = Instant::now();
            match what {
                Work::Read => {
                    self.read().await?;
                    seen.reads.add(started.elapsed());
                }
                Work::Queue => {
                    self.get("/hue/work").await?;
                    seen.queues.add(started.elapsed());
                }
                Work::Board => {
                    self.get("/hue/board/now").await?;
                    seen.boards.add(started.elapsed());
                }
                Work::Act | Work::All => {
                    if self.act().await? {
                        seen.acts.add(started.elapsed());
                    }
                }
            }
            if !pause.is_zero() {
                // Not all at the same moment.
                tokio::time::sleep(pause.mul_f64(rand::rng().random_range(0.5..1.5))).await;
            }
        }
        Ok(seen)
    }

    pub(crate) async fn get(&self, path: &str) -> Result<Reply> {
        let request = self.api.request(dinh_e2e::Method::GET, path).header("cookie", &self.worker.cookie);
        self.api.send(request).await?.expect(200)
    }

    async fn read(&self) -> Result<()> {
        let Some(id) = self.desk.all.choose(&mut rand::rng()) else { return Ok(()) };
        self.get(&format!("/hue/cases/{id}")).await.map(drop)
    }

    /// Takes the next step with an open dossier, or notes something on it. False if it had changed meanwhile.
    async fn act(&self) -> Result<bool> {
        let taken = self.desk.papers(|papers| {
            let at = (!papers.is_empty()).then(|| rand::rng().random_range(0..papers.len()))?;
            Some(papers.swap_remove(at))
        });
        let Some(mut paper) = taken else {
            tokio::time::sleep(Duration::from_millis(1)).await;
            return Ok(false);
        };
        let (action, to) = next(self.worker.role, &paper.state);
        let note = if action == "remark" { "&ask.note=%C4%90%C3%A3+xem." } else { "" };
        let how = if action == "deliver" { "&ask.how=counter" } else { "" };
        let body = format!("do={action}&version={}{note}{how}", paper.version);
        let request = self
            .api
            .request(dinh_e2e::Method::POST, &format!("/hue/cases/{}", paper.id))
            .header("cookie", &self.worker.cookie)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body);
        let reply = self.api.send(request).await?;
        ensure!([200, 303, 409].contains(&reply.status), "{action}: {} {}", reply.status, reply.text());
        let taken = reply.status != 409;
        if taken {
            paper.version += 1;
            paper.state = to.unwrap_or(&paper.state).to_owned();
            if paper.state != "delivered" {
                self.desk.papers(|papers| papers.push(paper));
            }
        }
        Ok(taken)
    }
}

/// The next step of a dossier for somebody with a role, and where it leads; a note where it is not theirs to go on.
fn next(role: &str, state: &str) -> (&'static str, Option<&'static str>) {
    match (role, state) {
        ("one-stop-officer", "filed") => ("accept", Some("received")),
        ("officer", "received") => ("start", Some("processing")),
        ("officer", "processing") => ("submit", Some("deciding")),
        ("unit-leader", "deciding") => ("approve", Some("issuing")),
        ("clerk", "issuing") => ("issue-on-paper", Some("done")),
        ("one-stop-officer", "done") => ("deliver", Some("delivered")),
        _ => ("remark", None),
    }
}
