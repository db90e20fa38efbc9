//! kill -9 while cash is taken and statements are brought in: nothing acknowledged is lost, no payment is applied twice, no
//! number of a receipt is used twice or skipped, and the books balance.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use dinh_e2e::{Test, rounds, until};
use rand::Rng as _;
use serde_json::{Value, json};

use crate::one_stop::{Person, TENANT, Ward, path};

/// Clients that take cash at once; one more brings in statements.
const TILLS: usize = 3;
/// The kill comes when so many steps of a round, at most, are acknowledged.
const MOST_BEFORE_KILL: usize = 40;
/// Restart, and what goes by itself, on a busy machine.
const LONGEST: Duration = Duration::from_mins(2);
/// The account of the ward.
const BANK: &str = "970436/1031933430";
/// What a dossier costs, and the parts in which it is paid in cash.
const FEE: u64 = 16_000;
const PARTS: [u64; 2] = [10_000, 6_000];

#[derive(Default)]
struct Board {
    /// Receipts that were acknowledged, by dossier.
    cash: Mutex<BTreeMap<String, BTreeSet<String>>>,
    /// Dossiers whose filing was acknowledged.
    filed: Mutex<BTreeSet<String>>,
    /// Statements that were sent, with the dossiers that they pay.
    statements: Mutex<BTreeMap<String, Vec<String>>>,
    done: AtomicUsize,
    drawn: AtomicUsize,
}

fn locked<T>(what: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    what.lock().unwrap_or_else(PoisonError::into_inner)
}

#[derive(Clone)]
struct Desk {
    citizen: Person,
    clerk: Person,
    treasurer: Person,
    filing: Value,
}

impl Desk {
    fn of(ward: &Ward) -> Result<Self> {
        Ok(Self {
            citizen: ward.person("citizen")?,
            clerk: ward.person("clerk")?,
            treasurer: ward.person("treasurer")?,
            filing: ward.filing("hoa@example.vn"),
        })
    }

    /// Files and receives a dossier; answers its identifier and the reference of its bill.
    async fn bill(&self, board: &Board) -> Result<(String, String)> {
        let reply = self.citizen.post(&path(""), &self.filing).await?.expect(201)?;
        let id = reply.json()?["case"]["id"].as_str().context("an identifier")?.to_owned();
        locked(&board.filed).insert(id.clone());
        self.clerk.act(&id, "accept", json!({})).await?.expect(200)?;
        let bills = self.bills(&id).await?;
        let reference = bills[0]["reference"].as_str().context("a reference")?.to_owned();
        ensure!(bills[0]["asked"] == FEE, "{bills}");
        Ok((id, reference))
    }

    async fn bills(&self, id: &str) -> Result<Value> {
        self.clerk.get(&path(&format!("/{id}/bills"))).await?.expect(200)?.json()
    }

    /// Takes cash for dossier after dossier, until the server is gone.
    async fn take_cash(self, board: Arc<Board>) -> Result<()> {
        loop {
            let (id, reference) = self.bill(&board).await?;
            for amount in PARTS {
                let to = format!("/api/v1/{TENANT}/bills/{reference}/cash");
                let taken = self.clerk.post(&to, &json!({"amount": amount})).await?.expect(200)?.json()?;
                let receipt = taken["payments"][0]["receipt"].as_str().context("a receipt")?.to_owned();
                locked(&board.cash).entry(id.clone()).or_default().insert(receipt);
                board.done.fetch_add(1, Ordering::SeqCst);
            }
        }
    }

    /// Brings in statement after statement, until the server is gone.
    async fn bring_in(self, board: Arc<Board>) -> Result<()> {
        loop {
            let mut lines = "Ngày giao dịch,Số tham chiếu,Ghi nợ,Ghi có,Số dư,Nội dung\n".to_owned();
            let (mut paid, mut balance) = (Vec::new(), 0);
            for _ in 0..3 {
                let (id, reference) = self.bill(&board).await?;
                let number = board.drawn.fetch_add(1, Ordering::SeqCst);
                balance += FEE;
                writeln!(lines, "23/11/2026,FT{number},0,{FEE},{balance},CT {reference} tu 001")?;
                paid.push(id);
            }
            locked(&board.statements).insert(lines.clone(), paid);
            self.send(lines).await?;
            board.done.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// Sends a statement: 200 for the first time, 409 if it was brought in before.
    async fn send(&self, lines: String) -> Result<u16> {
        let to = format!("/api/v1/{TENANT}/statements?account={BANK}&name=sao-ke.csv&profile=generic");
        let reply = self.treasurer.send(&to, "text/csv", lines.into_bytes()).await?;
        ensure!(matches!(reply.status, 200 | 409), "statement: {} {}", reply.status, reply.text());
        Ok(reply.status)
    }
}

/// Works with all clients until a random number of steps is acknowledged, then kills.
async fn one_round(ward: &mut Ward, board: &Arc<Board>) -> Test {
    let desk = Desk::of(ward)?;
    let begun = board.done.load(Ordering::SeqCst);
    let mut clients: Vec<_> =
        (0..TILLS).map(|_| tokio::spawn(desk.clone().take_cash(Arc::clone(board)))).collect();
    clients.push(tokio::spawn(desk.clone().bring_in(Arc::clone(board))));
    let enough = begun + rand::rng().random_range(10..MOST_BEFORE_KILL);
    until("enough steps are acknowledged", LONGEST, || {
        let so_far = board.done.load(Ordering::SeqCst);
        async move { Ok((so_far >= enough).then_some(())) }
    })
    .await?;
    ward.server.kill().await?;
    for client in clients {
        let why = format!("{:?}", client.await?.err());
        ensure!(!why.contains("expected 200") && !why.contains("statement: "), "{why}");
    }
    Ok(())
}

/// Every statement that was sent is there once, and paid its bills once.
async fn statements_pay_once(desk: &Desk, board: &Board) -> Test {
    let statements = locked(&board.statements).clone();
    for (lines, paid) in statements {
        desk.send(lines.clone()).await?;
        ensure!(desk.send(lines).await? == 409, "a statement is taken twice");
        for id in paid {
            let bills = until("the bill is paid", LONGEST, || async {
                let bills = desk.bills(&id).await?;
                Ok((bills[0]["owed"] == 0).then_some(bills))
            })
            .await?;
            let payments = bills[0]["payments"].as_array().context("payments")?;
            ensure!(payments.len() == 1 && bills[0]["over"] == 0, "paid twice: {bills}");
        }
    }
    Ok(())
}

/// What was acknowledged is there, receipts have no gaps, and the books say what the bills do.
async fn the_books_are_right(desk: &Desk, board: &Board) -> Test {
    let (mut receipts, mut cash, mut bank) = (BTreeSet::new(), 0_i64, 0_i64);
    let filed = locked(&board.filed).clone();
    for id in filed {
        let bills = desk.bills(&id).await?;
        let payments = bills.as_array().into_iter().flatten().filter_map(|bill| bill["payments"].as_array());
        let mut of_case = BTreeSet::new();
        for payment in payments.flatten() {
            let receipt = payment["receipt"].as_str().context("a receipt")?.to_owned();
            ensure!(receipts.insert(receipt.clone()), "{receipt} is used twice");
            let amount = payment["amount"].as_i64().context("an amount")?;
            *(if payment["way"] == "cash" { &mut cash } else { &mut bank }) += amount;
            of_case.insert(receipt);
        }
        let known = locked(&board.cash).get(&id).cloned().unwrap_or_default();
        ensure!(known.is_subset(&of_case), "{id}: {known:?} were acknowledged, and there are {of_case:?}");
    }
    let serials: Vec<u64> =
        receipts.iter().filter_map(|receipt| receipt.rsplit('-').next()?.parse().ok()).collect();
    ensure!(
        serials.len() as u64 == serials.iter().copied().max().unwrap_or_default(),
        "a receipt is skipped: {serials:?}"
    );
    let books = desk.treasurer.get(&format!("/api/v1/{TENANT}/money/balances")).await?.expect(200)?.json()?;
    let balances = books["balances"].as_object().context("balances")?;
    let sum = |kind: &str| -> i64 {
        let of_kind = balances.iter().filter(|(name, _)| name.starts_with(kind));
        of_kind.filter_map(|(_, balance)| balance.as_i64()).sum()
    };
    ensure!(sum("") == 0, "the books do not balance: {books}");
    ensure!(sum("till ") == cash && sum("bank ") == bank, "{cash} in cash, {bank} at the bank: {books}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kill_9_loses_no_payment_and_applies_none_twice() -> Test {
    let mut ward = Ward::start("").await?;
    ward.administrator.collect_at(&ward.unit, BANK).await?;
    let board = Arc::new(Board::default());
    for round in 1..=rounds(4) {
        one_round(&mut ward, &board).await.with_context(|| format!("round {round}"))?;
        ward.server.start_again().await?;
        let desk = Desk::of(&ward)?;
        statements_pay_once(&desk, &board).await.with_context(|| format!("round {round}"))?;
        the_books_are_right(&desk, &board).await.with_context(|| format!("round {round}"))?;
    }
    ensure!(!locked(&board.cash).is_empty() && !locked(&board.statements).is_empty(), "both ways were used");
    Ok(())
}
