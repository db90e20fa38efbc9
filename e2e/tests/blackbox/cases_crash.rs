//! kill -9 while dossiers are filed and decided: nothing acknowledged is lost, no number is used twice or skipped, and every
//! applicant is told.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use dinh_e2e::{MailServer, Test, rounds, run, until};
use rand::Rng as _;
use serde_json::{Value, json};

use crate::one_stop::{Person, SHIPPED, Ward, path};

/// Clients at once.
const CLIENTS: usize = 6;
/// The kill comes when so many steps of a round, at most, are acknowledged.
const MOST_BEFORE_KILL: usize = 60;
/// Restart, and sending what was not sent, on a busy machine.
const LONGEST: Duration = Duration::from_mins(2);
/// The way of a dossier after it was filed: action, and who takes it.
const WAY: [(&str, &str); 6] = [
    ("accept", "clerk"),
    ("start", "handler"),
    ("submit", "handler"),
    ("approve", "leader"),
    ("register", "records"),
    ("issue-on-paper", "records"),
];

/// What is known of a dossier: how many of its steps were acknowledged, and its number if that was told.
#[derive(Clone, Debug, Default)]
struct Known {
    taken: usize,
    number: Option<String>,
}

#[derive(Default)]
struct Board {
    /// Dossiers whose filing was acknowledged, by identifier.
    known: Mutex<BTreeMap<String, Known>>,
    /// Filings that were sent, by their keys; those that were not acknowledged are sent again.
    sent: Mutex<BTreeSet<String>>,
    acknowledged: AtomicUsize,
    drawn: AtomicUsize,
}

impl Board {
    fn change(&self, id: &str, change: impl FnOnce(&mut Known)) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        change(known.entry(id.to_owned()).or_default());
        self.acknowledged.fetch_add(1, Ordering::SeqCst);
    }

    fn all(&self) -> BTreeMap<String, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Those who work on dossiers, and what is filed.
#[derive(Clone)]
struct Desk {
    people: BTreeMap<&'static str, Person>,
    filing: Value,
}

impl Desk {
    fn of(ward: &Ward) -> Result<Self> {
        let names = ["citizen", "clerk", "handler", "leader", "records"];
        let people = names.into_iter().map(|name| Ok((name, ward.person(name)?)));
        Ok(Self { people: people.collect::<Result<_>>()?, filing: ward.filing("hoa@example.vn") })
    }

    fn person(&self, name: &str) -> Result<&Person> {
        self.people.get(name).with_context(|| format!("nobody is called {name}"))
    }

    /// Files with a key against filing twice; answers the identifier once it is acknowledged.
    async fn file(&self, board: &Board, key: &str) -> Result<String> {
        let mut filing = self.filing.clone();
        filing["once"] = json!(key);
        let reply = self.person("citizen")?.post(&path(""), &filing).await?;
        ensure!(matches!(reply.status, 200 | 201), "filing: {} {}", reply.status, reply.text());
        let id = reply.json()?["case"]["id"].as_str().context("an identifier")?.to_owned();
        board.change(&id, |_| {});
        Ok(id)
    }

    /// Files dossiers and takes them to their ends, one after another, until the server is gone.
    async fn work(self, board: Arc<Board>) -> Result<()> {
        loop {
            let key = format!("filing-{}", board.drawn.fetch_add(1, Ordering::SeqCst));
            board.sent.lock().unwrap_or_else(PoisonError::into_inner).insert(key.clone());
            let id = self.file(&board, &key).await?;
            board.sent.lock().unwrap_or_else(PoisonError::into_inner).remove(&key);
            let mut version = 0;
            for (step, (action, who)) in WAY.into_iter().enumerate() {
                if version == 0 {
                    let shown = self.person(who)?.get(&path(&format!("/{id}"))).await?.expect(200)?.json()?;
                    version = shown["case"]["version"].as_u64().context("a version")?;
                }
                let body = json!({"action": action, "version": version, "asked": {}});
                let done = self.person(who)?.post(&path(&format!("/{id}/actions")), &body).await?;
                let case = done.expect(200)?.json()?;
                version = case["case"]["version"].as_u64().context("a version")?;
                let number = case["case"]["number"].as_str().map(str::to_owned);
                board.change(&id, |known| {
                    known.taken = step + 1;
                    known.number = number;
                });
            }
        }
    }
}

/// Works with all clients until a random number of steps is acknowledged, then kills.
async fn one_round(ward: &mut Ward, board: &Arc<Board>) -> Test {
    let desk = Desk::of(ward)?;
    let begun = board.acknowledged.load(Ordering::SeqCst);
    let clients: Vec<_> = (0..CLIENTS).map(|_| tokio::spawn(desk.clone().work(Arc::clone(board)))).collect();
    let enough = begun + rand::rng().random_range(15..MOST_BEFORE_KILL);
    until("enough steps are acknowledged", LONGEST, || {
        let so_far = board.acknowledged.load(Ordering::SeqCst);
        async move { Ok((so_far >= enough).then_some(())) }
    })
    .await?;
    ward.server.kill().await?;
    for client in clients {
        let ended = client.await?;
        ensure!(ended.is_err(), "a client ends with the server alone");
        let why = format!("{:?}", ended.err());
        // Whatever the server answered was an acknowledgement; only the connection may have broken.
        ensure!(!why.contains("expected 200") && !why.contains("filing: "), "{why}");
    }
    Ok(())
}

/// Every dossier that was acknowledged stands at least where it was told to stand, with the number it was told.
async fn nothing_is_lost(desk: &Desk, board: &Board) -> Test {
    for (id, known) in board.all() {
        let shown = desk.person("clerk")?.get(&path(&format!("/{id}"))).await?.expect(200)?.json()?;
        let steps = shown["steps"].as_array().context("steps")?;
        ensure!(steps.len() > known.taken, "{id}: {known:?} was acknowledged: {shown}");
        let number = shown["case"]["number"].as_str().map(str::to_owned);
        ensure!(known.number.is_none() || known.number == number, "{id}: {known:?} {number:?}");
    }
    Ok(())
}

/// Numbers are told once each, one after another without a gap; answers them all.
async fn numbers_have_no_gaps(desk: &Desk) -> Result<BTreeSet<String>> {
    let mut numbers: Vec<String> = Vec::new();
    let (mut offset, mut total) = (0, 1);
    while offset < total {
        let query = format!("?kind={}&limit=100&offset={offset}", crate::one_stop::KIND);
        let page = desk.person("clerk")?.get(&path(&query)).await?.expect(200)?.json()?;
        total = page["total"].as_u64().context("a total")?;
        offset += 100;
        let cases = page["cases"].as_array().context("cases")?;
        numbers.extend(cases.iter().filter_map(|case| case["number"].as_str().map(str::to_owned)));
    }
    let mut serials: BTreeMap<String, BTreeSet<u64>> = BTreeMap::new();
    for number in &numbers {
        let (day, serial) = number.rsplit_once('-').context("a serial")?;
        ensure!(serials.entry(day.to_owned()).or_default().insert(serial.parse()?), "{number} is used twice");
    }
    for (day, serials) in serials {
        let last = serials.last().copied().unwrap_or_default();
        ensure!(serials.len() as u64 == last, "{day}: a number is skipped: {serials:?}");
    }
    Ok(numbers.into_iter().collect())
}

/// Every document has a number of its own, one after another without a gap, and its file; every dossier that was numbered has
/// exactly one, which stands where the dossier does.
async fn documents_and_their_numbers_agree(desk: &Desk) -> Test {
    let mut documents: Vec<Value> = Vec::new();
    loop {
        let at = format!(
            "/ngsi-ld/v1/entities?type=Document&format=simplified&limit=500&offset={}",
            documents.len()
        );
        let page = desk.person("records")?.get(&at).await?.expect(200)?.json()?;
        let page = page.as_array().context("documents")?;
        documents.extend(page.iter().cloned());
        if page.len() < 500 {
            break;
        }
    }
    let mut serials = BTreeSet::new();
    let mut of_dossier: BTreeMap<String, String> = BTreeMap::new();
    for document in &documents {
        let text = |name: &str| document[name].as_str().unwrap_or_default().to_owned();
        let serial = text("serialNumber");
        let number: u64 =
            serial.split('/').next().unwrap_or_default().parse().with_context(|| document.to_string())?;
        ensure!(serials.insert(number), "{serial} is used twice");
        ensure!(
            !text("file").is_empty() && !document["digests"].is_null(),
            "a number without its file: {document}"
        );
        let other = of_dossier.insert(text("dossier"), text("standing"));
        ensure!(other.is_none(), "two documents of one dossier: {document}");
    }
    ensure!(
        serials.last().copied().unwrap_or_default() == serials.len() as u64,
        "a number is skipped: {serials:?}"
    );
    for (state, standing) in [("numbered", "numbered"), ("done", "valid")] {
        let query = format!("?kind={}&state={state}&limit=100", crate::one_stop::KIND);
        let page = desk.person("records")?.get(&path(&query)).await?.expect(200)?.json()?;
        for case in page["cases"].as_array().context("cases")? {
            let id = case["id"].as_str().context("an identifier")?;
            ensure!(of_dossier.get(id).map(String::as_str) == Some(standing), "{case} has no such document");
        }
    }
    Ok(())
}

/// Whoever was told that a dossier was accepted or settled finds a letter about it.
async fn everybody_is_told(
    mail: &MailServer,
    desk: &Desk,
    board: &Board,
    numbers: &BTreeSet<String>,
) -> Test {
    let mut wanted: BTreeSet<String> =
        numbers.iter().map(|number| format!("Đã tiếp nhận hồ sơ {number}")).collect();
    for (id, known) in board.all() {
        if let (WAY_DONE, Some(number)) = (known.taken, &known.number) {
            wanted.insert(format!("Hồ sơ {number} đã có kết quả"));
        }
        ensure!(known.taken == 0 || known.number.is_some(), "{id}: {known:?}");
    }
    let missing = |letters: &[Value]| {
        let told: BTreeSet<&str> =
            letters.iter().filter_map(|letter| letter["headers"]["subject"].as_str()).collect();
        wanted.iter().filter(|subject| !told.contains(subject.as_str())).cloned().collect::<Vec<_>>()
    };
    let told = mail.wait_for("everybody is told", LONGEST, |letters| missing(letters).is_empty()).await;
    if let Err(error) = told {
        let kept = desk.person("clerk")?.get(&path("?limit=1")).await?.text();
        return Err(error.context(format!("not told: {:?}; {kept}", missing(&mail.letters()))));
    }
    Ok(())
}

/// All steps of the way.
const WAY_DONE: usize = WAY.len();

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kill_9_loses_no_dossier_no_number_and_no_notice() -> Test {
    let mail = MailServer::start().await?;
    let config = format!(
        "[notices.smtp]\nhost = \"127.0.0.1\"\nport = {}\nsecurity = \"none\"\nfrom = \"motcua@hue.gov.vn\"\n",
        mail.port()
    );
    let mut ward = Ward::start(&config).await?;
    let board = Arc::new(Board::default());
    // A slow machine needs more rounds until one goes all its way.
    let (least, most) = (rounds(6), rounds(6) * 4);
    let done = |board: &Board| board.all().values().any(|known| known.taken == WAY_DONE);
    let mut round = 0;
    while round < least || (round < most && !done(&board)) {
        round += 1;
        one_round(&mut ward, &board).await.with_context(|| format!("round {round}"))?;
        let data = ward.server.data().to_owned();
        // What is sealed, and so not found by its words, is what the packs say.
        let shipped = SHIPPED.as_ref();
        let verify = ["verify".as_ref(), "--data".as_ref(), data.as_os_str(), "--packs".as_ref(), shipped];
        let verified = run(&data, verify).await?;
        verified.succeeded().with_context(|| format!("verify after round {round}"))?;
        ward.server.start_again().await?;
        let desk = Desk::of(&ward)?;
        let unsure = std::mem::take(&mut *board.sent.lock().unwrap_or_else(PoisonError::into_inner));
        for key in unsure {
            // Whether it was filed before the kill or is now: there is one.
            let (first, again) = (desk.file(&board, &key).await?, desk.file(&board, &key).await?);
            ensure!(first == again, "round {round}: {key} was filed twice");
        }
        nothing_is_lost(&desk, &board).await.with_context(|| format!("round {round}"))?;
        let numbers = numbers_have_no_gaps(&desk).await.with_context(|| format!("round {round}"))?;
        documents_and_their_numbers_agree(&desk).await.with_context(|| format!("round {round}"))?;
        everybody_is_told(&mail, &desk, &board, &numbers).await.with_context(|| format!("round {round}"))?;
    }
    ensure!(done(&board), "some were decided: {:?}", board.all());
    Ok(())
}
