//! Loading the dossiers: every step is taken by the real machine, in memory and at its time, and a dossier comes in with
//! all of them in one commit. Ten commits for each of a million would be ten million changes, which no test disk holds.

use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;

use anyhow::{Context as _, Result};
use dinh_context::SystemClock;
use dinh_e2e::Server;
use dinh_model::Clock as _;

use super::house::{self, House, Worker};
use super::lives::Lives;
use crate::options::Options;
use crate::report::{Report, Row, say};

/// Dossiers of one commit.
const CHUNK: u32 = 250;
/// Units whose people work while it is measured; each has four: the desk, an officer, a head, a records clerk.
const OFFICES: u32 = 12;

/// The loaded province.
pub(crate) struct Province {
    pub(crate) dossiers: u32,
    pub(crate) data: PathBuf,
    pub(crate) packs: PathBuf,
}

/// Those who work: fifty, two of them leaders of the province.
pub(crate) fn people() -> Vec<(&'static str, u32)> {
    let roles = ["one-stop-officer", "officer", "unit-leader", "clerk"];
    let mut people: Vec<_> = (0..OFFICES).flat_map(|unit| roles.map(|role| (role, unit))).collect();
    people.extend([("leader", 0), ("leader", 1)]);
    people
}

/// Finds the province of an earlier run, or makes one.
pub(crate) async fn prepare(options: &Options, report: &mut Report) -> Result<Province> {
    let folder = options.work_folder()?;
    let province = Province {
        dossiers: options.dossiers,
        data: folder.join(format!("cases-{}", options.dossiers)),
        packs: house::packs(&folder)?,
    };
    let finished = folder.join(format!("cases-{}.finished", options.dossiers));
    if finished.exists() {
        say(&format!("Using the dossiers in {}", province.data.display()));
        return Ok(province);
    }
    drop(std::fs::remove_dir_all(&province.data));
    // One start, so that there are keys and indexes before the load.
    province.serve().await?.stop().await?;
    say(&format!("Loading {} dossiers", province.dossiers));
    let begun = Instant::now();
    let house = Arc::new(House::open(&province.data, &province.packs).await?);
    house.units().await?;
    load(&house, province.dossiers).await?;
    let rate = f64::from(province.dossiers) / begun.elapsed().as_secs_f64();
    report.add(Row::figure(
        format!("loading {} dossiers of ten steps", province.dossiers),
        rate,
        "dossiers/s",
    ));
    house.employ(&people()).await?;
    Arc::into_inner(house).context("nobody else has it")?.close().await?;
    File::create(finished)?;
    Ok(province)
}

async fn load(house: &Arc<House>, dossiers: u32) -> Result<()> {
    let lives = Arc::new(Lives::until(SystemClock.now())?);
    let next = Arc::new(AtomicU32::new(0));
    let begun = Instant::now();
    let worker = || {
        let (house, lives, next) = (Arc::clone(house), Arc::clone(&lives), Arc::clone(&next));
        tokio::spawn(async move {
            loop {
                let first = next.fetch_add(CHUNK, Ordering::Relaxed);
                if first >= dossiers {
                    return Ok::<(), anyhow::Error>(());
                }
                let last = dossiers.min(first + CHUNK);
                let cases = (first..last).map(|number| lives.of(number)).collect();
                house.casework.bring(&house::tenant()?, cases).await?;
                if first.is_multiple_of(CHUNK * 200) {
                    let rate = f64::from(last) / begun.elapsed().as_secs_f64();
                    say(&format!("  {last} dossiers, {rate:.0}/s"));
                }
            }
        })
    };
    let workers = [worker(), worker(), worker()];
    for worker in workers {
        worker.await??;
    }
    Ok(())
}

impl Province {
    /// Starts a server on it.
    pub(crate) async fn serve(&self) -> Result<Server> {
        Server::start_in(&self.data, &["--packs".as_ref(), self.packs.as_os_str()]).await
    }

    /// Those who work, signed in, with the open dossiers of each of their units.
    pub(crate) async fn staff(&self) -> Result<(Vec<Worker>, Vec<super::drive::Desk>)> {
        let house = House::open(&self.data, &self.packs).await?;
        let workers = house.sign_in(&people()).await?;
        let mut desks = Vec::new();
        for unit in 0..OFFICES {
            desks.push(super::drive::Desk::of(&house, unit).await?);
        }
        house.close().await?;
        Ok((workers, desks))
    }
}
