//! Sealing day by day, and what an examination finds.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use dinh_access::{Principal, Purpose};
use dinh_context::audit::{Fault, PublicKey, SEALS, SealKey, Sealing, Verdict, examine};
use dinh_context::graph::{Act, AuditQuery, Commit, Note, Op, Origin};
use dinh_model::{ManualClock, Tenant};

use crate::house::{House, gauge, id};

pub(crate) const HOUR: i64 = 3_600_000_000;

pub(crate) struct Sealed {
    pub(crate) house: House,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) sealing: Sealing,
}

impl Sealed {
    /// Saturday, 21 November 2026, 22:00 in Vietnam.
    pub(crate) async fn new() -> Self {
        let clock = Arc::new(ManualClock::at("2026-11-21T15:00:00Z".parse().unwrap()));
        let house = House::with_clock(Arc::<ManualClock>::clone(&clock)).await;
        let folder = house.data().join(SEALS);
        let sealing = Sealing { key: SealKey::from_seed(&[7; 32]).unwrap(), folder, timestamp_url: None };
        Self { house, clock, sealing }
    }

    pub(crate) async fn write(&self, number: u32) {
        self.house.session().create(gauge(number, 1.0)).await.unwrap();
    }

    /// The numbers of the entries of new seals, with their days.
    pub(crate) async fn seal_days(&self) -> Vec<(String, u64, u64)> {
        let made = self.sealing.seal_days(&self.house.context).await.unwrap();
        made.into_iter().map(|kept| (kept.seal.day, kept.seal.first, kept.seal.last)).collect()
    }

    pub(crate) fn examine(&self) -> Verdict {
        self.examine_with(&[self.sealing.key.public()])
    }

    fn examine_with(&self, keys: &[PublicKey]) -> Verdict {
        examine(self.house.data(), keys, std::slice::from_ref(&self.sealing.folder)).unwrap()
    }

    fn file(&self, name: &str) -> PathBuf {
        self.sealing.folder.join(name)
    }
}

#[tokio::test]
async fn a_day_is_sealed_when_it_has_ended_in_the_province() {
    let sealed = Sealed::new().await;
    sealed.write(1).await;
    sealed.clock.advance(HOUR * 3 / 2);
    sealed.write(2).await;
    assert_eq!(sealed.seal_days().await, [], "23:30 in Vietnam");
    sealed.clock.advance(HOUR);
    sealed.write(3).await;
    assert_eq!(sealed.seal_days().await, [("2026-11-21".to_owned(), 1, 2)], "00:30 in Vietnam");
    assert_eq!(sealed.seal_days().await, []);
    sealed.clock.advance(HOUR * 72);
    sealed.write(4).await;
    sealed.clock.advance(HOUR * 24);
    let days = [("2026-11-22".to_owned(), 3, 3), ("2026-11-25".to_owned(), 4, 4)];
    assert_eq!(sealed.seal_days().await, days, "days without entries need no seal");
    assert!(sealed.file("2026-11-25.seal.json").is_file());
    sealed.write(5).await;
    let made = sealed.sealing.seal_all(&sealed.house.context).await.unwrap();
    assert_eq!((made.len(), made[0].seal.whole, made[0].seal.last), (1, false, 5));
    assert!(sealed.file("2026-11-26.000004.seal.json").is_file());
    let verdict = sealed.examine();
    assert!(verdict.is_clean(), "{verdict:?}");
    assert_eq!((verdict.report.seals.len(), verdict.files, verdict.unsealed), (4, 4, 0));
}

#[tokio::test]
async fn every_byte_of_a_file_counts_and_no_seal_may_go() {
    let sealed = Sealed::new().await;
    sealed.write(1).await;
    sealed.clock.advance(HOUR * 24);
    sealed.seal_days().await;
    let path = sealed.file("2026-11-21.seal.json");
    let whole = std::fs::read(&path).unwrap();
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        std::fs::write(&path, bytes).unwrap();
        assert!(!sealed.examine().is_clean(), "byte {at}");
    }
    std::fs::write(&path, &whole).unwrap();
    assert!(sealed.examine().is_clean());
    let other = SealKey::from_seed(&[8; 32]).unwrap().public();
    let key = sealed.sealing.key.public();
    assert_eq!(sealed.examine_with(&[other]).faults, [Fault::Key { number: 1, key }]);
    assert!(sealed.examine_with(&[other, key]).is_clean(), "after the key was changed, both are given");
    std::fs::remove_file(&path).unwrap();
    sealed.sealing.write_missing(&sealed.house.context).await.unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), whole);
    alter(sealed.house.data(), "UPDATE audit_seal SET signature = zeroblob(64)");
    let faults = sealed.examine().faults;
    assert_eq!(faults, [Fault::Signature { number: 1 }, Fault::File { path: path.clone() }]);
    alter(sealed.house.data(), "DELETE FROM audit_seal");
    assert_eq!(sealed.examine().faults, [Fault::Missing { path, number: 1 }]);
}

/// Alters a store behind its back.
pub(crate) fn alter(data: &Path, sql: &str) {
    rusqlite::Connection::open(data.join("graph.sqlite")).unwrap().execute_batch(sql).unwrap();
}

#[tokio::test]
async fn a_session_says_from_where_and_may_read_only_with_the_right() {
    let sealed = Sealed::new().await;
    let origin = Origin { peer: Some("10.0.0.7".into()), session: Some("s-1".into()), request: None };
    let session = sealed.house.session().from_origin(origin.clone());
    session.create(gauge(1, 1.0)).await.unwrap();
    session.note(Note { entities: vec![id(1)], ..Note::of(Act::Reveal) }).await.unwrap();
    let both = Commit::of(vec![Op::delete(id(1)), Op::note(Note::of(Act::Erasure))]);
    session.commit(both).await.unwrap();
    let found = session.audit(AuditQuery::latest(10)).await.unwrap().entries;
    assert_eq!(found.len(), 4);
    assert!(found.iter().all(|entry| entry.origin == origin), "{found:?}");
    assert_eq!(session.looks_at(&id(1), None, 10).await.unwrap().entries.len(), 1);
    let nobody = sealed.house.context.session(
        Principal::Anonymous,
        Tenant::parse("hue").unwrap(),
        Purpose::PublicInformation,
    );
    assert!(nobody.audit(AuditQuery::latest(10)).await.is_err(), "the audit is not for everybody");
    nobody.note(Note::of(Act::SignInRefused)).await.unwrap();
    let last = session.audit(AuditQuery::latest(1)).await.unwrap().entries.remove(0);
    assert_eq!((last.principal.as_str(), last.purpose.as_str()), ("anonymous", "public-information"));
}
