use std::sync::{Arc, Mutex};

use dinh_casework::{Contact, Contacts, Error, Messenger, NotSent, Notice, Ways};
use dinh_model::Tenant;
use futures::future::BoxFuture;

use crate::house::{House, OTHER, hue};

/// Writes down what it is to tell, and fails as it is told to, the last of them first.
struct Book {
    name: &'static str,
    told: Mutex<Vec<Notice>>,
    fails: Mutex<Vec<NotSent>>,
}

impl Book {
    fn new(name: &'static str, fails: Vec<NotSent>) -> Arc<Self> {
        Arc::new(Self { name, told: Mutex::default(), fails: Mutex::new(fails) })
    }

    fn told(&self) -> Vec<Notice> {
        self.told.lock().unwrap().clone()
    }
}

impl Messenger for Book {
    fn name(&self) -> &str {
        self.name
    }

    fn reaches(&self, notice: &Notice) -> bool {
        if self.name == "email" { notice.email.is_some() } else { notice.telephone.is_some() }
    }

    fn send<'a>(&'a self, notice: &'a Notice) -> BoxFuture<'a, Result<(), NotSent>> {
        Box::pin(async move {
            if let Some(fault) = self.fails.lock().unwrap().pop() {
                return Err(fault);
            }
            self.told.lock().unwrap().push(notice.clone());
            Ok(())
        })
    }
}

/// Knows everybody by a telephone, and speaks English to them.
struct Known;

impl Contacts for Known {
    fn of<'a>(&'a self, _: &'a Tenant, _: &'a str) -> BoxFuture<'a, Option<Contact>> {
        let contact = Contact { english: true, email: None, telephone: Some("0912345678".to_owned()) };
        Box::pin(async move { Some(contact) })
    }
}

fn ways(books: &[&Arc<Book>]) -> Ways {
    let messengers = books.iter().map(|book| -> Arc<dyn Messenger> { Arc::<Book>::clone(book) });
    Ways { messengers: messengers.collect(), contacts: None, home: Some("https://hue.example".to_owned()) }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn applicants_are_told_once_and_never_forgotten() {
    let house = House::open().await;
    let filed = house.filed("an").await.dossier;
    house.act(&house.clerk(), &filed, "accept", &[]).await.unwrap();
    let house = house.again().await;
    let book = Book::new("email", vec![NotSent::Later("an@example.vn: try later".to_owned())]);
    let ways = ways(&[&book]);
    let hue = hue();
    let send = || house.casework.send_once(&hue, &ways);
    assert_eq!(send().await.unwrap(), 0, "no answer at first");
    assert_eq!(send().await.unwrap(), 0, "waits before another try");
    assert_eq!(house.casework.notices(&house.clerk()).await.unwrap().waiting, 1);
    house.pass(1);
    assert_eq!(send().await.unwrap(), 1);
    assert_eq!(send().await.unwrap(), 0, "once is enough");
    let told = book.told();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].email.as_deref(), Some("an@example.vn"));
    assert_eq!(told[0].subject(), "Đã tiếp nhận hồ sơ H57.20.01-261123-0001");
    assert!(told[0].text().contains("23/11/2026"), "{}", told[0].text());
    let page = format!("https://hue.example/hue/cases/{}", filed.id);
    assert_eq!(told[0].link.as_deref(), Some(page.as_str()));
    let notices = house.casework.notices(&house.clerk()).await.unwrap();
    assert_eq!((notices.waiting, notices.failed, notices.sent["email"]), (0, 0, 1));
    assert!(notices.channels[0].sent.is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_way_that_reaches_somebody_is_gone_once_and_in_their_language() {
    let house = House::open().await;
    let filed = house.filed("an").await.dossier;
    house.act(&house.clerk(), &filed, "accept", &[]).await.unwrap();
    let email = Book::new("email", Vec::new());
    let sms = Book::new("sms", vec![NotSent::Later("busy".to_owned())]);
    let ways = Ways { contacts: Some(Arc::new(Known)), ..ways(&[&email, &sms]) };
    assert_eq!(house.casework.send_once(&hue(), &ways).await.unwrap(), 1);
    house.pass(1);
    assert_eq!(house.casework.send_once(&hue(), &ways).await.unwrap(), 1);
    let (email, sms) = (email.told(), sms.told());
    assert_eq!((email.len(), sms.len()), (1, 1), "the letter is not sent a second time");
    assert_eq!(sms[0].key, email[0].key);
    assert_eq!(sms[0].telephone.as_deref(), Some("0912345678"));
    assert_eq!(sms[0].subject(), "Dossier H57.20.01-261123-0001 received");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_sent_is_put_aside_with_the_reason_and_may_be_sent_again() {
    let house = House::open().await;
    let filed = house.filed("an").await.dossier;
    let dossier = house.act(&house.clerk(), &filed, "accept", &[]).await.unwrap();
    let book = Book::new("email", vec![NotSent::Never("550 <an@example.vn> unknown".to_owned())]);
    let ways = ways(&[&book]);
    assert_eq!(house.casework.send_once(&hue(), &ways).await.unwrap(), 0);
    let untold = house.casework.untold_of(&house.clerk(), &dossier.id).await.unwrap();
    assert_eq!(untold.len(), 1);
    assert_eq!(untold[0].message, "received");
    let reason = [("email".to_owned(), "550 <…> unknown".to_owned())];
    assert_eq!(untold[0].faults, reason, "no address is kept with it");
    assert_eq!(house.casework.untold(&house.clerk()).await.unwrap().len(), 1);
    let stranger = house.official("stranger", "one-stop-officer", OTHER);
    assert!(house.casework.untold(&stranger).await.unwrap().is_empty(), "not of other units");
    let (clerk, citizen) = (house.clerk(), house.citizen("an"));
    let again = |session, name| house.casework.tell_again(session, &dossier.id, name);
    assert!(matches!(again(&stranger, &untold[0].name).await, Err(Error::NoSuch(_))));
    assert!(matches!(again(&citizen, &untold[0].name).await, Err(Error::NotYours)));
    assert!(matches!(again(&clerk, "none").await, Err(Error::NoSuch(_))));
    again(&clerk, &untold[0].name).await.unwrap();
    assert_eq!(house.casework.send_once(&hue(), &ways).await.unwrap(), 1);
    assert_eq!(book.told().len(), 1);
    assert!(house.casework.untold(&house.clerk()).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_way_that_is_down_rests_and_loses_nothing() {
    let house = House::open().await;
    for name in ["an", "binh", "chi", "dung", "em", "giang"] {
        let filed = house.filed(name).await.dossier;
        house.act(&house.clerk(), &filed, "accept", &[]).await.unwrap();
    }
    let down = || NotSent::Down("connection refused".to_owned());
    let book = Book::new("email", vec![down(), down(), down(), down(), down(), down()]);
    let ways = ways(&[&book]);
    assert_eq!(house.casework.send_once(&hue(), &ways).await.unwrap(), 0);
    let left = book.fails.lock().unwrap().len();
    assert!(left >= 2, "the others wait until it is back: {left}");
    let notices = house.casework.notices(&house.clerk()).await.unwrap();
    assert_eq!((notices.waiting, notices.failed), (6, 0));
    let fault = notices.channels[0].fault.clone().unwrap();
    assert_eq!(fault.1, "connection refused");
    for _ in 0..12 {
        house.pass(30);
        house.casework.send_once(&hue(), &ways).await.unwrap();
    }
    assert_eq!(book.told().len(), 6, "each of them once it is back");
    let notices = house.casework.notices(&house.clerk()).await.unwrap();
    assert_eq!((notices.waiting, notices.channels[0].fault.clone()), (0, None));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_notice_tells_what_was_said_then_whatever_came_later() {
    let house = House::open().await;
    let filed = house.filed("an").await.dossier;
    let dossier = house.act(&house.clerk(), &filed, "accept", &[]).await.unwrap();
    let dossier = house.act(&house.handler(), &dossier, "start", &[]).await.unwrap();
    let asked = [("reason", "Thiếu giấy tờ tuỳ thân.")];
    house.act(&house.handler(), &dossier, "ask-more", &asked).await.unwrap();
    let dossier = house.casework.show(&house.citizen("an"), &filed.id).await.unwrap().dossier;
    let dossier = house.act(&house.citizen("an"), &dossier, "answer", &[]).await.unwrap();
    let asked = [("reason", "Hồ sơ không đủ điều kiện.")];
    house.act(&house.handler(), &dossier, "ask-more", &asked).await.ok();
    let book = Book::new("email", Vec::new());
    house.casework.send_once(&hue(), &ways(&[&book])).await.unwrap();
    let texts: Vec<String> = book.told().iter().map(|notice| notice.text().to_owned()).collect();
    let first = texts.iter().find(|text| text.contains("cần bổ sung"));
    assert!(first.is_some_and(|text| text.contains("Thiếu giấy tờ tuỳ thân.")), "{texts:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_tried_for_ever() {
    let house = House::open().await;
    let filed = house.filed("an").await.dossier;
    house.act(&house.clerk(), &filed, "accept", &[]).await.unwrap();
    let later = || NotSent::Later("mailbox full".to_owned());
    let book = Book::new("email", vec![later(); 20]);
    let ways = ways(&[&book]);
    for _ in 0..20 {
        house.casework.send_once(&hue(), &ways).await.unwrap();
        house.pass(3 * 24 * 60);
    }
    assert_eq!(book.fails.lock().unwrap().len(), 20 - 9, "once, and eight times more");
    let notices = house.casework.notices(&house.clerk()).await.unwrap();
    assert_eq!((notices.waiting, notices.failed), (0, 1));
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
