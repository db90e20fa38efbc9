//! The national portal and the shipped binary: each step is told once and in order whatever is killed, and what is filed on
//! the portal becomes a dossier.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use dinh_e2e::{PORTAL_LOGIN, PortalMood, PortalServer, Simulated, Test, rounds, until};
use rand::Rng as _;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::one_stop::{KIND, Person, SHIPPED, Ward, path};

/// Restart, and telling what was not told, on a busy machine.
const LONG: Duration = Duration::from_mins(2);
/// The way of a dossier after it was filed.
const WAY: [(&str, &str); 4] =
    [("accept", "clerk"), ("start", "handler"), ("submit", "handler"), ("approve", "leader")];
/// Clients at once.
const CLIENTS: usize = 4;

/// A ward that is connected with a portal; the folder holds the password.
async fn connected(portal: &PortalServer) -> Result<(Ward, TempDir)> {
    let folder = tempfile::tempdir()?;
    let secret = folder.path().join("password");
    let (user, password) = PORTAL_LOGIN;
    std::fs::write(&secret, password)?;
    let config = format!(
        "[[portal.links]]\ntenant = \"hue\"\ncounterpart = \"national-portal\"\naddress = {:?}\nagency = \"H57\"\n\
         user = {user:?}\npassword_file = {:?}\n",
        portal.url(),
        secret.display().to_string(),
    );
    Ok((Ward::start(&config).await?, folder))
}

/// Files dossiers and takes them to their ends, until the server is gone; counts what was acknowledged.
async fn work(people: BTreeMap<&'static str, Person>, filing: Value, board: Arc<Board>) -> Result<()> {
    let person = |name: &str| people.get(name).context("somebody");
    loop {
        let filed = person("citizen")?.post(&path(""), &filing).await?.expect(201)?.json()?;
        let id = filed["case"]["id"].as_str().context("an identifier")?.to_owned();
        let mut version = filed["case"]["version"].clone();
        for (action, who) in WAY {
            let body = json!({"action": action, "version": version, "asked": {}});
            let case =
                person(who)?.post(&path(&format!("/{id}/actions")), &body).await?.expect(200)?.json()?;
            version = case["case"]["version"].clone();
            if let Some(number) = case["case"]["number"].as_str() {
                let mut numbers = board.numbers.lock().unwrap_or_else(PoisonError::into_inner);
                numbers.insert(number.to_owned(), id.clone());
            }
            board.steps.fetch_add(1, Ordering::SeqCst);
        }
    }
}

#[derive(Default)]
struct Board {
    /// Identifiers of dossiers whose receipt was acknowledged, by their numbers.
    numbers: Mutex<BTreeMap<String, String>>,
    steps: AtomicUsize,
}

impl Board {
    fn numbers(&self) -> BTreeMap<String, String> {
        self.numbers.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Every step of every dossier that was received is there, in its order, and the dossier stands where it stands here.
async fn all_is_told(ward: &Ward, portal: &PortalServer, board: &Board) -> Test {
    let clerk = ward.person("clerk")?;
    let mut wanted: BTreeMap<String, usize> = BTreeMap::new();
    for (number, id) in board.numbers() {
        let shown = clerk.get(&path(&format!("/{id}"))).await?.expect(200)?.json()?;
        wanted.insert(number, shown["steps"].as_array().context("steps")?.len());
    }
    let done = |known: &BTreeMap<String, Simulated>| {
        wanted.iter().all(|(number, steps)| known.get(number).is_some_and(|one| one.steps.len() == *steps))
    };
    let told = portal.wait_for("everything is told", LONG, done).await;
    let known = told.with_context(|| {
        let known = portal.dossiers();
        let lacks = |(number, steps): (&String, &usize)| {
            let there = known.get(number).map_or(0, |one| one.steps.len());
            (there != *steps).then(|| format!("{number}: {there} of {steps}"))
        };
        format!("{:?}; wrong: {:?}", wanted.iter().filter_map(lacks).collect::<Vec<_>>(), portal.wrong())
    })?;
    ensure!(portal.wrong().is_empty(), "{:?}", portal.wrong());
    for (number, steps) in wanted {
        let one = known.get(&number).context("a dossier")?;
        let last = one.steps.last().context("a step")?;
        ensure!(last["TrangThai"] == one.message["TrangThaiHoSo"], "{number}: {steps} {one:?}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kill_9_loses_no_step_and_tells_none_out_of_order() -> Test {
    let portal = PortalServer::start().await?;
    let (mut ward, _secret) = connected(&portal).await?;
    let board = Arc::new(Board::default());
    for round in 1..=rounds(4) {
        // A portal that takes its time is in the middle of something when the house is killed; one whose answers are lost
        // has taken what the house does not know of.
        let mood =
            if round % 2 == 0 { PortalMood::Forgetful } else { PortalMood::Slow(Duration::from_millis(40)) };
        portal.set(mood);
        let names = ["citizen", "clerk", "handler", "leader"];
        let people = names.into_iter().map(|name| Ok((name, ward.person(name)?)));
        let people: BTreeMap<&'static str, Person> = people.collect::<Result<_>>()?;
        let filing = ward.filing("");
        let clients: Vec<_> = (0..CLIENTS)
            .map(|_| tokio::spawn(work(people.clone(), filing.clone(), Arc::clone(&board))))
            .collect();
        let enough = board.steps.load(Ordering::SeqCst) + rand::rng().random_range(10..40);
        until("enough steps are acknowledged", LONG, || {
            let so_far = board.steps.load(Ordering::SeqCst);
            async move { Ok((so_far >= enough).then_some(())) }
        })
        .await?;
        ward.server.kill().await?;
        for client in clients {
            let why = format!("{:?}", client.await?.err().context("a client ends with the server alone")?);
            ensure!(!why.contains("expected 20"), "{why}");
        }
        portal.set(PortalMood::Well);
        ward.server.start_again().await?;
        all_is_told(&ward, &portal, &board).await.with_context(|| format!("round {round}"))?;
    }
    let again: usize = portal.dossiers().values().map(|one| one.again).sum();
    println!("{} dossiers, {} steps came twice and were known", portal.dossiers().len(), again);
    Ok(())
}

fn message(number: &str, unit: &str) -> Value {
    json!({"MaHoSo": number, "MaTTHC": "2.000635", "ChuHoSo": "Lê Văn Bình", "LoaiDoiTuong": "1",
        "MaDoiTuong": "TECH-77", "TrangThaiHoSo": "1", "KenhThucHien": "2", "NgayNopHoSo": "20261123073000",
        "TrichYeuHoSo": "Xin hai bản sao", "NoiNopHoSo": "1", "DonViXuLy": unit,
        "DinhDanhCHS": [{"LoaiDinhDanh": "1", "SoDinhDanh": "046085009999"}]})
}

const PUSH: &str = "/api/v1/hue/portal/national-portal/dossiers";

#[tokio::test]
async fn what_is_filed_on_the_portal_becomes_a_dossier_even_if_the_house_is_killed_right_after_taking_it()
-> Test {
    let portal = PortalServer::start().await?;
    let (mut ward, _secret) = connected(&portal).await?;
    let account = ward.administrator.system("Cổng DVCQG", "national-portal").await?;
    let key = ward.administrator.key(&account).await?;
    let api = ward.server.tenant("hue")?;
    let push = |body: Value, key: Option<String>| {
        let request = api.request(dinh_e2e::Method::POST, PUSH).json(&body);
        let request = match key {
            Some(key) => request.header("authorization", format!("Bearer {key}")),
            None => request,
        };
        api.send(request)
    };
    let number = "H57.20.01-261123-9001";
    let body = json!({"data": [message(number, "H57.20.01"), message("X-1-2", "UBND phường Xa Lạ")]});
    push(body.clone(), None).await?.expect(401)?;
    ward.person("clerk")?.post(PUSH, &body).await?.expect(403)?;
    let odd = push(json!({"data": [{"ChuHoSo": "x"}]}), Some(key.clone())).await?.expect(400)?.json()?;
    ensure!(odd["field"] == "data[0].MaHoSo", "{odd}");
    let kept = push(body.clone(), Some(key.clone())).await?.expect(200)?.json()?;
    ensure!(kept["error_code"] == "0" && kept["result"][0]["already"] == false, "{kept}");
    ward.server.kill().await?;
    ward.server.start_again().await?;
    let again = ward.server.tenant("hue")?;
    let request = again.request(dinh_e2e::Method::POST, PUSH).json(&body);
    let request = request.header("authorization", format!("Bearer {key}"));
    let kept = again.send(request).await?.expect(200)?.json()?;
    ensure!(kept["result"][0]["already"] == true, "{kept}");
    let clerk = ward.person("clerk")?;
    let case = until("it lies on the desk", LONG, || async {
        let page = clerk.get(&path(&format!("?kind={KIND}"))).await?.expect(200)?.json()?;
        let cases = page["cases"].as_array().context("cases")?.clone();
        ensure!(cases.len() <= 1, "{page}");
        Ok(cases.into_iter().next())
    })
    .await?;
    let id = case["id"].as_str().context("an identifier")?;
    clerk.act(id, "accept", json!({})).await?.expect(200)?;
    let told =
        |known: &BTreeMap<String, Simulated>| known.get(number).is_some_and(|one| one.steps.len() == 2);
    let known = portal.wait_for("the portal is told by its own number", LONG, told).await?;
    let numbers: BTreeSet<&str> = known.keys().map(String::as_str).collect();
    ensure!(numbers == BTreeSet::from([number]), "{numbers:?}");
    ensure!(portal.wrong().is_empty(), "{:?}", portal.wrong());
    Ok(())
}

#[tokio::test]
async fn what_cannot_be_taken_waits_on_the_page_with_its_reason_and_the_case_says_when_it_was_told() -> Test {
    let portal = PortalServer::start().await?;
    let (mut ward, _secret) = connected(&portal).await?;
    let account = ward.administrator.system("Cổng DVCQG", "national-portal").await?;
    let key = ward.administrator.key(&account).await?;
    let api = ward.server.tenant("hue")?;
    let number = "H57.20.01-261123-9001";
    let body = json!({"data": [message(number, "H57.20.01"), message("X-1-2", "UBND phường Xa Lạ")]});
    let request = api.request(dinh_e2e::Method::POST, PUSH).json(&body);
    api.send(request.header("authorization", format!("Bearer {key}"))).await?.expect(200)?;
    let operator = ward.administrator.official("truc@hue.gov.vn", "operator", &ward.unit).await?;
    let page = until("it is held", LONG, || async {
        let page = operator.get("/portal").await?.expect(200)?.text();
        Ok(page.contains("X-1-2").then_some(page))
    })
    .await?;
    ensure!(page.contains("UBND phường Xa Lạ") && !page.contains("Lê Văn Bình"), "{page}");
    let clerk = ward.person("clerk")?;
    let case = until("the other lies on the desk", LONG, || async {
        let page = clerk.get(&path(&format!("?kind={KIND}"))).await?.expect(200)?.json()?;
        Ok(page["cases"].get(0).cloned())
    })
    .await?;
    let id = case["id"].as_str().context("an identifier")?;
    clerk.act(id, "accept", json!({})).await?.expect(200)?;
    let desk = ward.administrator.official("motcua@hue.gov.vn", "one-stop-officer", &ward.unit).await?;
    until("the page says when it was told", LONG, || async {
        let page = desk.get(&format!("/cases/{id}")).await?.expect(200)?.text();
        Ok((page.contains("Đã đồng bộ lúc") && page.contains(number)).then_some(()))
    })
    .await
}

#[tokio::test]
async fn a_link_that_cannot_work_is_refused_at_start() -> Test {
    let link = |more: &str| {
        format!(
            "[[portal.links]]\ntenant = \"hue\"\ncounterpart = \"national-portal\"\naddress = \"http://localhost:1\"\n{more}"
        )
    };
    for (config, says) in [
        (link("user = \"a\"\n"), "belong together"),
        (link("at_once = 0\n"), "at_once"),
        (link("").replace("localhost", "elsewhere.example"), "outbound.allow"),
        (link("").replace("national-portal", "nobody"), "no pack describes it"),
    ] {
        let started = Ward::start(&config).await;
        let why = format!("{:?}", started.err().context("it must not start")?);
        ensure!(why.contains(says), "{says}: {why}");
    }
    Ok(())
}

#[tokio::test]
async fn the_list_of_procedures_is_taken_from_the_portal() -> Test {
    let portal = PortalServer::start().await?;
    portal.list(vec![
        json!({"MATTHC": "2.000635", "TENTTHC": "Cấp bản sao trích lục hộ tịch (bản mới)", "SOQUYETDINH": "1872/QĐ-BTP",
            "LINHVUCTHUCHIEN": [{"MALINHVUC": "G15-HT", "TENLINHVUC": "Hộ tịch"}],
            "COQUANTHUCHIEN": [{"MADONVI": "000.00.00.G15", "TENDONVI": "Ủy ban nhân dân cấp xã"}]}),
    ]);
    let (user, password) = PORTAL_LOGIN;
    let folder = tempfile::tempdir()?;
    let secret = folder.path().join("password");
    std::fs::write(&secret, password)?;
    let config = folder.path().join("dinh.toml");
    std::fs::write(
        &config,
        format!(
            "[feeds]\nenabled = false\n[[portal.links]]\ntenant = \"hue\"\ncounterpart = \"national-portal\"\naddress = {:?}\nuser = {user:?}\n\
             password_file = {:?}\ncatalogue = true\n",
            portal.url(),
            secret.display().to_string()
        ),
    )?;
    let server = dinh_e2e::Server::start_with(&[
        "--config".as_ref(),
        config.as_os_str(),
        "--packs".as_ref(),
        SHIPPED.as_ref(),
    ])
    .await?;
    let api = server.tenant("hue")?;
    until("the new edition is there", LONG, || async {
        let reply = api.send(api.request(dinh_e2e::Method::GET, "/api/v1/hue/procedures/2.000635")).await?;
        Ok(reply.text().contains("bản mới").then_some(()))
    })
    .await
}
