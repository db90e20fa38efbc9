//! The procedures that ship, read out of the packs and opened in a house.

use dinh_cases::{Channel, Refused};
use dinh_casework::{Error, Filing};
use serde_json::{Value, json};

use crate::house::{House, copies, hue};

fn filing(kind: &str, channel: Channel, answers: &Value) -> Filing {
    Filing {
        kind: kind.to_owned(),
        answers: answers.as_object().cloned().unwrap_or_default(),
        ..copies(channel)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_packs_load_and_the_law_of_the_day_counts() {
    let house = House::open().await;
    let book = house.casework.book();
    let settles = |day: &str| {
        book.settles("1.001193", day.parse().unwrap()).map(|kind| (kind.code.clone(), kind.version))
    };
    assert_eq!(settles("2027-02-28"), Some(("birth-registration".to_owned(), 1)));
    assert_eq!(settles("2027-03-01"), Some(("birth-registration".to_owned(), 2)));
    for procedure in ["2.000635", "1.013225", "1.001612", "1.013061", "1.010041", "1.010727", "1.004222"] {
        assert!(book.settles(procedure, house.today()).is_some(), "{procedure}");
    }
    let of_dossiers = book.open_on(house.today()).filter(|kind| !kind.about_case);
    assert_eq!((of_dossiers.count(), house.casework.complaints().len()), (12, 2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fee_is_paid_before_anything_is_granted() {
    let house = House::open().await;
    let answers = json!({"founders": "person", "filedBy": "owner"});
    let remote = filing("household-business", Channel::Online, &answers);
    let online = house.casework.file(&house.citizen("an"), remote).await.unwrap().dossier;
    let refused = house.act(&house.clerk(), &online, "accept", &[]).await;
    assert!(matches!(refused, Err(Error::Refused(Refused::Guard { .. }))), "{refused:?}");
    let online = house.act(&house.clerk(), &online, "collect", &[("receipt", "0001234")]).await.unwrap();
    house.act(&house.clerk(), &online, "accept", &[]).await.unwrap();
    // At the counter it is received at once, and paid then.
    let counter = filing("household-business", Channel::Counter, &answers);
    let dossier = house.casework.file(&house.clerk(), counter).await.unwrap().dossier;
    assert_eq!(dossier.state, "received");
    let dossier = house.act(&house.handler(), &dossier, "start", &[]).await.unwrap();
    let dossier = house.act(&house.handler(), &dossier, "submit", &[]).await.unwrap();
    let refused = house.act(&house.leader(), &dossier, "approve", &[]).await;
    assert!(matches!(refused, Err(Error::Refused(Refused::Guard { .. }))), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn silence_confirms_the_draft_of_a_birth_certificate() {
    let house = House::open().await;
    let answers = json!({
        "relation": "mother", "motherKnown": true, "fatherKnown": true, "birthProof": "electronic", "copies": false,
    });
    let filing = filing("birth-registration", Channel::Online, &answers);
    let dossier = house.casework.file(&house.citizen("an"), filing).await.unwrap().dossier;
    let dossier = house.act(&house.clerk(), &dossier, "accept", &[]).await.unwrap();
    let dossier = house.act(&house.handler(), &dossier, "start", &[]).await.unwrap();
    let early = house.act(&house.handler(), &dossier, "submit", &[]).await;
    assert!(matches!(early, Err(Error::Refused(Refused::Guard { .. }))), "{early:?}");
    let dossier = house.act(&house.handler(), &dossier, "send-draft", &[]).await.unwrap();
    assert_eq!((dossier.state.as_str(), dossier.due), ("confirming", None));
    // Monday at eight; the Tuesday is a day off, so that a day is over on Wednesday when the office closes.
    house.pass(57 * 60);
    assert_eq!(house.casework.wake_once(&hue()).await.unwrap(), 0);
    house.pass(30);
    assert_eq!(house.casework.wake_once(&hue()).await.unwrap(), 1);
    let shown = house.casework.show(&house.handler(), &dossier.id).await.unwrap();
    assert_eq!(shown.dossier.state, "processing");
}
