//! kill -9 while documents are signed, sealed and issued: nothing acknowledged is lost, nothing is half signed, no document is
//! without its record, and no number is used twice or skipped.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use dinh_e2e::{Api, Authority, Reply, Test, rounds, run};
use rand::Rng as _;
use reqwest::Method;
use ring::digest::{SHA256, digest};
use serde_json::{Value, json};

use crate::administrator::Browser;
use crate::one_stop::{Person, SHIPPED, TENANT, Ward, path};

/// Documents of a round.
const DOCUMENTS: usize = 6;
/// Documents of one batch, so that several are on their way when the kill comes.
const BATCH: usize = 3;
/// The kill comes after so many milliseconds at most.
const LONGEST: u64 = 2_500;
/// The way of a dossier until its document has a number: action, and who takes it.
const WAY: [(&str, &str); 5] = [
    ("accept", "clerk"),
    ("start", "handler"),
    ("submit", "handler"),
    ("approve", "leader"),
    ("register", "records"),
];

/// Somebody with a key, at the API, in a session of their own.
#[derive(Clone)]
struct Signer {
    api: Api,
    cookie: String,
    key: String,
}

impl Signer {
    fn of(ward: &Ward, browser: &Browser, key: &str) -> Result<Self> {
        let (cookie, key) = (browser.cookie().to_owned(), key.to_owned());
        Ok(Self { api: ward.server.tenant(TENANT)?, cookie, key })
    }

    async fn send(&self, method: Method, at: &str, body: Option<Value>) -> Result<Reply> {
        let request = self.api.request(method, at).header("cookie", &self.cookie);
        let request = match body {
            Some(body) => request.json(&body),
            None => request,
        };
        self.api.send(request).await
    }

    async fn get(&self, at: &str) -> Result<Value> {
        self.send(Method::GET, at, None).await?.expect(200)?.json()
    }

    /// Signs documents; answers what came of each.
    async fn sign(&self, documents: &[String], issue: bool) -> Result<Vec<Value>> {
        let body = json!({"key": self.key, "documents": documents, "issue": issue});
        let at = format!("/api/v1/{TENANT}/documents/signatures");
        let answer = self.send(Method::POST, &at, Some(body)).await?.expect(200)?.json()?;
        Ok(answer["results"].as_array().context("results")?.clone())
    }
}

/// The digests that were acknowledged, by document; and which were acknowledged as issued.
#[derive(Default)]
struct Board {
    digests: Mutex<BTreeMap<String, BTreeSet<String>>>,
    issued: Mutex<BTreeSet<String>>,
}

fn locked<T>(what: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    what.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Board {
    fn note(&self, results: &[Value]) {
        for one in results {
            let id = one["id"].as_str().unwrap_or_default().to_owned();
            if let Some(digest) = one["digest"].as_str() {
                locked(&self.digests).entry(id.clone()).or_default().insert(digest.to_owned());
            }
            if one["issued"] == true {
                locked(&self.issued).insert(id);
            }
        }
    }
}

/// Takes dossiers so far that their documents wait to be signed.
async fn numbered(ward: &Ward, count: usize) -> Test {
    let citizen = ward.person("citizen")?;
    for _ in 0..count {
        let filed = citizen.post(&path(""), &ward.filing("hoa@example.vn")).await?.expect(201)?.json()?;
        let id = filed["case"]["id"].as_str().context("an identifier")?.to_owned();
        for (action, who) in WAY {
            let person: Person = ward.person(who)?;
            person.act(&id, action, json!({})).await?.expect(200)?;
        }
    }
    Ok(())
}

/// All documents, as somebody of the ward sees them.
async fn documents(signer: &Signer) -> Result<Vec<Value>> {
    let mut all = Vec::new();
    loop {
        let at = format!("/api/v1/{TENANT}/documents?limit=100&offset={}", all.len());
        let page = signer.get(&at).await?;
        all.extend(page["documents"].as_array().context("documents")?.iter().cloned());
        if all.len() as u64 >= page["total"].as_u64().context("a total")? {
            return Ok(all);
        }
    }
}

fn ids(all: &[Value], standing: &str) -> Vec<String> {
    let fits = all.iter().filter(|one| one["standing"] == standing);
    fits.filter_map(|one| one["id"].as_str().map(str::to_owned)).collect()
}

/// Signs in portions, then seals and issues in portions, until all is done or the server is gone.
async fn work(person: Signer, seal: Signer, board: Arc<Board>, waiting: Vec<String>) -> Result<()> {
    for portion in waiting.chunks(BATCH) {
        board.note(&person.sign(portion, false).await?);
        board.note(&seal.sign(portion, true).await?);
    }
    Ok(())
}

/// What is there agrees with itself and with what was acknowledged.
async fn nothing_is_half_signed(seal: &Signer, board: &Board) -> Test {
    let mut serials = BTreeSet::new();
    for one in documents(seal).await? {
        let id = one["id"].as_str().context("an identifier")?;
        let number: u64 =
            one["serial"].as_str().and_then(|s| s.split('/').next()).context("a number")?.parse()?;
        ensure!(serials.insert(number), "{number} is used twice: {one}");
        let at = format!("/api/v1/{TENANT}/documents/{id}");
        let shown = seal.get(&at).await?;
        let (records, checked) = (&shown["document"]["signatures"], &shown["checked"]);
        let records = records.as_array().context("signatures")?;
        let checked = checked.as_array().context("what was found out")?;
        ensure!(records.len() == checked.len(), "signatures and their records differ: {shown}");
        let good = |one: &Value| one["verdict"] == "genuine" || one["verdict"] == "unknown";
        ensure!(checked.iter().all(good), "a signature does not hold: {shown}");
        let order: Vec<&str> = records.iter().filter_map(|one| one["as"].as_str()).collect();
        let sealed = order == ["person", "seal"];
        ensure!(sealed || order == ["person"] || order.is_empty(), "out of order: {shown}");
        ensure!(one["standing"] != "valid" || sealed, "issued without its signatures: {shown}");
        let file = seal.send(Method::GET, &format!("/{TENANT}/issued/{id}/file"), None).await?.expect(200)?;
        let hash = digest(&SHA256, &file.bytes);
        let hash = hash.as_ref().iter().fold(String::new(), |all, byte| format!("{all}{byte:02x}"));
        ensure!(one["digest"] == hash.as_str(), "the file is another than the record says: {one} {hash}");
        let told = locked(&board.digests).get(id).map(BTreeSet::len).unwrap_or_default();
        ensure!(records.len() >= told, "{told} signatures were acknowledged: {shown}");
        let was_issued = locked(&board.issued).contains(id);
        ensure!(!was_issued || one["standing"] == "valid", "it was acknowledged as issued: {shown}");
        let case = one["case"].as_str().context("a case")?;
        let case = seal.get(&path(&format!("/{case}"))).await?;
        let done = case["case"]["state"] == "done";
        ensure!(done == (one["standing"] == "valid"), "the case stands elsewhere: {case} {one}");
    }
    let last = serials.last().copied().unwrap_or_default();
    ensure!(serials.len() as u64 == last, "a number is skipped: {serials:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kill_9_while_signing_leaves_nothing_half_signed() -> Test {
    let authority = Authority::new()?;
    let config = format!("[signing]\ntrust = {:?}\n", authority.trust());
    let mut ward = Ward::start(&config).await?;
    let unit = ward.unit.clone();
    let chief = ("ba@hue.gov.vn", "unit-leader", &*unit);
    let (leader, own) = ward.administrator.signer(&authority, chief, "personal").await?;
    let clerk = ("bay@hue.gov.vn", "clerk", &*unit);
    let (records, stamp) = ward.administrator.signer(&authority, clerk, "seal").await?;
    let board = Arc::new(Board::default());
    for round in 1..=rounds(4) {
        numbered(&ward, DOCUMENTS).await.with_context(|| format!("round {round}"))?;
        let (person, seal) = (Signer::of(&ward, &leader, &own)?, Signer::of(&ward, &records, &stamp)?);
        let waiting = ids(&documents(&seal).await?, "numbered");
        let client = tokio::spawn(work(person, seal, Arc::clone(&board), waiting));
        tokio::time::sleep(Duration::from_millis(rand::rng().random_range(20..LONGEST))).await;
        ward.server.kill().await?;
        if let Err(error) = client.await? {
            let why = format!("{error:?}");
            ensure!(!why.contains("expected 200"), "{why}");
        }
        let data = ward.server.data().to_owned();
        let verify =
            ["verify".as_ref(), "--data".as_ref(), data.as_os_str(), "--packs".as_ref(), SHIPPED.as_ref()];
        run(&data, verify).await?.succeeded().with_context(|| format!("verify after round {round}"))?;
        ward.server.start_again().await?;
        let seal = Signer::of(&ward, &records, &stamp)?;
        nothing_is_half_signed(&seal, &board).await.with_context(|| format!("round {round}"))?;
    }
    // What was cut short is done again, and goes on where it stopped.
    let (person, seal) = (Signer::of(&ward, &leader, &own)?, Signer::of(&ward, &records, &stamp)?);
    let waiting = ids(&documents(&seal).await?, "numbered");
    work(person, seal.clone(), Arc::clone(&board), waiting).await?;
    nothing_is_half_signed(&seal, &board).await?;
    let all = documents(&seal).await?;
    ensure!(ids(&all, "valid").len() == all.len(), "all are issued in the end: {all:?}");
    Ok(())
}
