//! Statements: ten thousand lines are read and matched with ten thousand bills. In process, because what is measured is the
//! reading and the matching, and not the file on its way.

use std::fmt::Write as _;
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use dinh_ledger::{Came, CsvProfile, Dong, Format, Match, Open, Reference, Statement, matched};

use crate::report::{Report, Row, say};

/// Lines, and bills.
const MANY: u64 = 10_000;
/// Between the numbers of references.
const STRIDE: u64 = 7_919_377_011;
/// The bar, in seconds.
const BAR: f64 = 5.0;
/// The form of the table.
const PROFILE: &str = include_str!("../../packs/payments/banks/generic.toml");

/// Measures all of it.
pub(crate) fn measure(report: &mut Report) -> Result<()> {
    say("Matching statements");
    let references: Vec<Reference> = (1..=MANY).map(|number| Reference::nth(number * STRIDE)).collect();
    let profile: CsvProfile = toml::from_str(PROFILE).context("the form of the table")?;
    let file = statement(&references)?;
    let begun = Instant::now();
    let read = Statement::read(file.as_bytes(), Format::Csv(&profile)).context("reading")?;
    let reading = begun.elapsed().as_secs_f64();
    let open = references.iter().map(|reference| {
        let (owed, since) = (Dong::new(16_000)?, "2026-11-20".parse()?);
        Ok(Open { reference: reference.clone(), owed, since })
    });
    let bills = open.collect::<Result<Vec<_>>>()?;
    let lines = read.lines.iter().map(|line| {
        let amount = Dong::new(line.amount.unsigned_abs())?;
        Ok(Came { text: &line.text, amount, day: line.day })
    });
    let lines = lines.collect::<Result<Vec<_>>>()?;
    let begun = Instant::now();
    let found = matched(&lines, &bills);
    let matching = begun.elapsed().as_secs_f64();
    ensure!(found.iter().all(|one| !matches!(one.what, Match::Unknown)), "every line has its bill");
    report.add(Row::figure("10,000 lines of a statement: read", reading, "s"));
    report.add(Row::under("10,000 lines of a statement: matched with 10,000 bills", matching, "s", BAR));
    Ok(())
}

/// A statement of a busy day: most pay what is owed, some less, some more, one in seven without a reference.
fn statement(references: &[Reference]) -> Result<String> {
    let mut file = "Ngày giao dịch,Số tham chiếu,Ghi nợ,Ghi có,Số dư,Nội dung\n".to_owned();
    let mut balance = 0;
    for (place, reference) in references.iter().enumerate() {
        let (amount, words) = match (place % 7, place % 10) {
            (0, _) => (16_000, "chuyen tien le phi".to_owned()),
            (_, 3) => (10_000, said(place, reference)),
            (_, 7) => (20_000, said(place, reference)),
            _ => (16_000, said(place, reference)),
        };
        balance += amount;
        writeln!(file, "23/11/2026 10:00:00,FT{place},0,{amount},{balance},{words}")?;
    }
    Ok(file)
}

fn said(place: usize, reference: &Reference) -> String {
    format!("MBVCB.{place}.{}.CT tu 0011001 NGUYEN VAN A", reference.as_str().to_lowercase())
}
