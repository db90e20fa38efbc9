//! What goes by itself: bills follow cases, lines find bills, and cases learn that they were paid.

use std::time::Duration;

use dinh_context::graph::{Commit, Op, Record};
use dinh_model::{EntityId, Tenant};
use tokio_util::sync::CancellationToken;

use super::Payments;
use crate::Error;

/// Kind of the records that say that a case is to learn that it was paid. Durable with the payment; taken away once the case
/// knows.
pub(super) const SETTLE: &str = "money-settle";
/// How often it is looked.
const EVERY: Duration = Duration::from_secs(2);
/// Records at a time.
const CHUNK: usize = 100;

impl Payments {
    /// Does what goes by itself, until `stop`.
    pub async fn run(&self, stop: CancellationToken) {
        if !self.is_offered() {
            return stop.cancelled().await;
        }
        loop {
            for tenant in self.0.context.tenants() {
                if let Err(error) = self.once(&tenant).await {
                    tracing::warn!(%tenant, %error, "payments were not followed");
                }
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(EVERY) => {}
            }
        }
    }

    /// Does in one tenant what is to be done now.
    ///
    /// # Errors
    /// Those of the graph. What was not done is done the next time.
    pub async fn once(&self, tenant: &Tenant) -> Result<(), Error> {
        if !self.is_offered() {
            return Ok(());
        }
        self.keep_up(tenant).await?;
        self.match_waiting(tenant).await?;
        self.tell_cases(tenant).await?;
        // A case that was told may cost something else now.
        self.keep_up(tenant).await.map(drop)
    }

    async fn tell_cases(&self, tenant: &Tenant) -> Result<(), Error> {
        let own = self.own(tenant);
        let mut after = String::new();
        loop {
            let records = own.records(SETTLE, &after, CHUNK).await?;
            let Some(last) = records.last() else { return Ok(()) };
            after.clone_from(&last.key);
            for record in &records {
                if let Err(error) = self.tell_case(tenant, record).await {
                    tracing::warn!(case = record.key, %error, "a case was not told that it was paid");
                }
            }
        }
    }

    /// Tells one case, and takes the record away once it knows. Told again after a crash, a case that knows does nothing.
    async fn tell_case(&self, tenant: &Tenant, record: &Record) -> Result<(), Error> {
        let own = self.own(tenant);
        let case = record.body["case"].as_str().and_then(|text| EntityId::parse(text).ok());
        let receipt = record.body["receipt"].as_str().unwrap_or_default();
        let knows = match case {
            None => true,
            Some(case) => {
                let bills = self.bills_by(tenant, "case", &case).await?;
                let owes = bills.iter().any(|bill| !bill.bill.owed().is_zero());
                match (owes, self.0.casework.charged(tenant, &case).await) {
                    // Another bill of it is still open: the payment of that one tells it.
                    (true, Ok(_)) | (_, Err(dinh_casework::Error::NoSuch(_))) => true,
                    (false, Ok(_)) => self.0.casework.was_paid(tenant, &case, receipt).await?,
                    (_, Err(error)) => return Err(error.into()),
                }
            }
        };
        if knows {
            let gone = Op::DeleteRecord { kind: SETTLE.to_owned(), key: record.key.clone() };
            own.commit(Commit::atomic(vec![gone])).await?;
        }
        Ok(())
    }
}
