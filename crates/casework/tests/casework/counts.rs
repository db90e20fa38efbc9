use dinh_cases::Channel;
use dinh_casework::{Period, Scale};

use crate::house::{House, copies};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_types_a_report() {
    let house = House::open().await;
    let month = Period { from: house.today(), to: house.today() };
    let one = house.casework.file(&house.clerk(), copies(Channel::Counter)).await.unwrap().dossier;
    let two = house.filed("an").await.dossier;
    house.pass(60);
    let two = house.act(&house.clerk(), &two, "accept", &[]).await.unwrap();
    let settle = async |dossier| {
        let dossier = house.act(&house.handler(), dossier, "start", &[]).await.unwrap();
        let dossier = house.act(&house.handler(), &dossier, "submit", &[]).await.unwrap();
        house.approved(&dossier).await
    };
    let settled = Box::pin(settle(&one)).await;
    // The second one is settled on Wednesday; the 24th is a holiday.
    house.pass(48 * 60);
    let late = Box::pin(settle(&two)).await;
    assert_eq!((settled.on_time, late.on_time), (Some(true), Some(false)));
    let all = house.casework.tallies(&house.leader(), month, Scale::Whole).await.unwrap();
    let tally = &all[""];
    assert_eq!((tally.of("received"), tally.of("received.counter"), tally.of("received.online")), (2, 1, 1));
    assert_eq!((tally.of("ended"), tally.of("ended.granted"), tally.of("on-time")), (2, 2, 1));
    assert_eq!(tally.share("on-time", "ended"), Some(50.0));
    assert_eq!((tally.of("left.filed"), tally.of("left-minutes.filed")), (1, 60));
    assert_eq!(tally.of("left-late.received"), 1, "it lay there for more than four hours");
    let other = house.official("l2", "unit-leader", "Unit:phuong-2");
    assert!(house.casework.tallies(&other, month, Scale::Whole).await.unwrap().is_empty(), "another ward's");
    let province = house.official("l3", "leader", "Unit:phuong-2");
    assert_eq!(house.casework.tallies(&province, month, Scale::Whole).await.unwrap()[""].of("ended"), 2);
    let house = house.again().await;
    let again = house.casework.tallies(&house.leader(), month, Scale::Kind).await.unwrap();
    assert_eq!(again["civil-status-copy"].of("ended"), 2);
    let before = Period { from: "2026-01-01".parse().unwrap(), to: "2026-10-31".parse().unwrap() };
    assert!(house.casework.tallies(&house.leader(), before, Scale::Whole).await.unwrap().is_empty());
}
