use std::sync::{Arc, Mutex};

use dinh_casework::{Messenger, NotSent, Notice};
use futures::future::BoxFuture;

use crate::house::{House, hue};

/// Writes down what it is to tell, and fails as often as it is told to.
#[derive(Default)]
struct Book {
    told: Mutex<Vec<Notice>>,
    fails: Mutex<usize>,
}

impl Messenger for Book {
    fn send<'a>(&'a self, notice: &'a Notice) -> BoxFuture<'a, Result<(), NotSent>> {
        Box::pin(async move {
            let mut fails = self.fails.lock().unwrap();
            if *fails > 0 {
                *fails -= 1;
                return Err(NotSent::Later("no answer".to_owned()));
            }
            self.told.lock().unwrap().push(notice.clone());
            Ok(())
        })
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn applicants_are_told_once_and_never_forgotten() {
    let house = House::open().await;
    let filed = house.filed("an").await.dossier;
    house.act(&house.clerk(), &filed, "accept", &[]).await.unwrap();
    let house = house.again().await;
    let book = Arc::new(Book { fails: Mutex::new(1), ..Book::default() });
    let ways: [Arc<dyn Messenger>; 1] = [Arc::<Book>::clone(&book)];
    assert_eq!(house.casework.send_once(&hue(), &ways).await.unwrap(), 0, "no answer at first");
    assert_eq!(house.casework.send_once(&hue(), &ways).await.unwrap(), 0, "waits before another try");
    house.pass(1);
    assert_eq!(house.casework.send_once(&hue(), &ways).await.unwrap(), 1);
    assert_eq!(house.casework.send_once(&hue(), &ways).await.unwrap(), 0, "once is enough");
    let told = book.told.lock().unwrap();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].email.as_deref(), Some("an@example.vn"));
    assert_eq!(told[0].subject.vi, "Đã tiếp nhận hồ sơ H57.20.01-261123-0001");
    assert!(told[0].text.vi.contains("23/11/2026"), "{}", told[0].text.vi);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn time_that_runs_out_is_seen() {
    let house = House::open().await;
    let filed = house.filed("an").await.dossier;
    let dossier = house.act(&house.clerk(), &filed, "accept", &[]).await.unwrap();
    assert_eq!(house.casework.wake_once(&hue()).await.unwrap(), 0);
    house.pass(8 * 60);
    assert_eq!(house.casework.wake_once(&hue()).await.unwrap(), 1, "nearly due");
    assert_eq!(house.casework.wake_once(&hue()).await.unwrap(), 0, "once is enough");
    house.pass(24 * 60);
    assert_eq!(house.casework.wake_once(&hue()).await.unwrap(), 1, "late");
    let shown = house.casework.show(&house.handler(), &dossier.id).await.unwrap();
    assert_eq!(shown.dossier.case.unwrap().told, ["nearly-due", "late"]);
}
