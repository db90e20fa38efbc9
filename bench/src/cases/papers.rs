//! Papers, from the click to the last byte of the PDF: receipts of one ward, and its register of a year.

use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use dinh_context::SystemClock;
use dinh_e2e::{Api, Method, Reply, Server};
use dinh_model::Clock as _;
use jiff::ToSpan as _;

use super::drive::Desk;
use super::house::{self, House};
use super::lives::{Lives, unit};
use crate::options::Options;
use crate::report::{Report, Row, say};
use crate::samples::Samples;

/// Dossiers of the ward: its register has two hundred pages and more.
const DOSSIERS: u32 = 4_000;
/// Dossiers of one commit.
const CHUNK: usize = 250;
/// Who opens papers.
const DESK: (&str, u32) = ("one-stop-officer", 0);

/// All of it.
pub(crate) async fn measure(options: &Options, report: &mut Report) -> Result<()> {
    let folder = options.work_folder()?;
    let (data, packs) = (folder.join("papers"), house::packs(&folder)?);
    drop(std::fs::remove_dir_all(&data));
    let arguments = ["--packs".as_ref(), packs.as_os_str()];
    Server::start_in(&data, &arguments).await?.stop().await?;
    say(&format!("Loading {DOSSIERS} dossiers of one ward"));
    let house = House::open(&data, &packs).await?;
    house.units().await?;
    let lives = Lives::until(SystemClock.now())?;
    let of_ward = |number: u32| {
        let mut life = lives.of(number);
        life.filing.receiving = unit(0);
        life
    };
    let all: Vec<_> = (0..DOSSIERS).map(of_ward).collect();
    for chunk in all.chunks(CHUNK) {
        house.casework.bring(&house::tenant()?, chunk.to_vec()).await?;
    }
    house.employ(&[DESK]).await?;
    let worker = house.sign_in(&[DESK]).await?.pop().context("somebody at the desk")?;
    let desk = Desk::of(&house, 0).await?;
    house.close().await?;
    let mut server = Server::start_in(&data, &arguments).await?;
    let api = Api::new(server.url(), None)?;
    let get = async |path: String| -> Result<Reply> {
        api.send(api.request(Method::GET, &path).header("cookie", &worker.cookie)).await?.expect(200)
    };
    let mut receipts = Samples::default();
    let mut first = None;
    let wanted = (options.requests / 4).max(50) as usize;
    for id in desk.ids().iter().cycle().take(wanted) {
        let begun = Instant::now();
        let request = api.request(Method::GET, &format!("/hue/cases/{id}/pdf/receipt"));
        let reply = api.send(request.header("cookie", &worker.cookie)).await?;
        // What was only filed has no receipt yet.
        if reply.status == 404 {
            continue;
        }
        let took = begun.elapsed();
        ensure!(reply.expect(200)?.bytes.starts_with(b"%PDF"), "a receipt is a PDF");
        first.get_or_insert(took);
        receipts.add(took);
    }
    let first = first.context("a receipt")?;
    report.add(Row::figure("the first receipt after the start", first.as_secs_f64() * 1_000.0, "ms"));
    report.add(Row::under("receipt, from click to PDF, p95", receipts.percentile(0.95), "ms", 300.0));
    let today = last_year();
    let ward = unit(0);
    for (form, bar) in [("pdf", 5.0), ("xlsx", 5.0)] {
        let begun = Instant::now();
        let (from, to) = &today;
        get(format!("/hue/register?unit={ward}&from={from}&to={to}&as={form}")).await?;
        let name = format!("register of {DOSSIERS} dossiers, {form}");
        report.add(Row::under(name, begun.elapsed().as_secs_f64(), "s", bar));
    }
    server.stop().await.map(drop)
}

/// A year up to today, as days.
fn last_year() -> (String, String) {
    let today = SystemClock.now().to_jiff().to_zoned(jiff::tz::TimeZone::UTC).date();
    let from = today.checked_sub(364.days()).unwrap_or(today);
    (from.to_string(), today.to_string())
}
