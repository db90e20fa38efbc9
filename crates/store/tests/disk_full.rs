//! A disk that is really full: a file system in memory, small, with a weight on it that is taken away again.
//! Needs the right to mount one; without it the test says so, loudly, and is not run.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use dinh_access::{Policy, Principal, Purpose};
use dinh_model::{Attribute, Entity, EntityId, ManualClock, Tenant, Term, Timestamp, Value};
use dinh_store::{Commit, Error, Op, Options, Store};

/// A small file system; gone when dropped.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn mount() -> Option<Self> {
        let dir = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=12m", "dinh-test"])
            .arg(dir.path())
            .output();
        mounted.is_ok_and(|output| output.status.success()).then(|| Self(dir))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let unmounted = Command::new("umount").arg("--lazy").arg(self.0.path()).status();
        assert!(
            unmounted.is_ok_and(|status| status.success()),
            "could not unmount {}",
            self.0.path().display()
        );
    }
}

fn create(n: u32) -> Op {
    let at = Timestamp::from_micros(1);
    let mut entity = Entity::new(EntityId::trusted(format!("urn:x:{n}")), Term::from("x/T"), at);
    let text = "đầy ".repeat(2_000);
    entity.set(Term::from("x/name"), Attribute::new(Value::Property(text.into()), at));
    Op::Create(entity.into())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_is_told_and_outlived() {
    let Some(disk) = SmallDisk::mount() else {
        eprintln!(
            "\n*** NOT RUN: a_full_disk_is_told_and_outlived needs the right to mount a tmpfs (run as root) ***\n"
        );
        return;
    };
    let weight = disk.path().join("weight");
    std::fs::write(&weight, vec![1; 6 << 20]).unwrap();
    let options = Options { checkpoint_pages: 100, ..Options::default() };
    let clock = Arc::new(ManualClock::at(Timestamp::from_micros(1)));
    let store = Store::open(disk.path().join("store"), options, clock).await.unwrap();
    let policy = Policy::default();
    let tenant = Tenant::default_tenant();
    let writing = policy.write(&Principal::System("test".into()), &tenant, Purpose::Operations).unwrap();
    let reading = policy.read(&Principal::System("test".into()), &tenant, Purpose::Operations).unwrap();
    let system = policy.feed(&Principal::System("test".into()), Purpose::Maintenance).unwrap();
    let mut kept = 0;
    let error = loop {
        match store.commit(&writing, Commit::of(vec![create(kept * 2), create(kept * 2 + 1)])).await {
            Ok(receipt) => assert!(receipt.is_ok()),
            Err(error) => break error,
        }
        kept += 1;
    };
    assert!(matches!(error, Error::DiskFull), "{error}");
    assert!(kept > 10, "only {kept} commits before the disk was full");
    // A smaller commit may still fit once the log has started over; whatever is said is true.
    let mut total = u64::from(kept) * 2;
    for n in 0..20 {
        match store.commit(&writing, create(10_000 + n).into()).await {
            Ok(receipt) => total += u64::from(receipt.is_ok()),
            Err(error) => assert!(matches!(error, Error::DiskFull), "{error}"),
        }
    }
    assert_eq!(store.total(&reading).await.unwrap(), total, "reading goes on");
    std::fs::remove_file(&weight).unwrap();
    assert!(store.commit(&writing, create(20_000).into()).await.unwrap().is_ok(), "there is room again");
    assert_eq!(store.total(&reading).await.unwrap(), total + 1);
    assert_eq!(store.head(&system), total + 1);
    let report = store.verify(&system).await.unwrap();
    assert!(report.is_clean(), "{report:#?}");
    store.close().await.unwrap();
}
