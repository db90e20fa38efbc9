use dinh_e2e::PortalMood;
use serde_json::json;

use crate::house::{House, hue};

fn states(steps: &[serde_json::Value]) -> Vec<&str> {
    steps.iter().filter_map(|step| step["TrangThai"].as_str()).collect()
}

#[tokio::test]
async fn the_portal_is_told_of_each_step_in_order_and_of_the_dossier_as_it_is() {
    let house = House::open().await;
    let filed = house.filed().await;
    assert_eq!(house.told().await, 0, "what has no number is not told");
    let dossier = house.act(&house.clerk(), &filed, "accept").await;
    assert_eq!(house.told().await, 1);
    assert_eq!(house.told().await, 0, "nothing is told twice");
    let number = dossier.number.clone().unwrap();
    let known = house.there.dossiers()[&number].clone();
    assert_eq!(
        (known.message["TrangThaiHoSo"].as_str(), known.message["NoiNopHoSo"].as_str()),
        (Some("2"), Some("2"))
    );
    assert_eq!((states(&known.steps), known.again), (vec!["1", "2"], 0));
    assert_eq!(known.message["DinhDanhCHS"], json!([{"LoaiDinhDanh": "1", "SoDinhDanh": "046184001234"}]));
    let handler = house.session("handler", Some("officer"));
    let dossier = house.act(&handler, &dossier, "start").await;
    house.act(&handler, &dossier, "submit").await;
    assert_eq!(house.told().await, 1, "two steps of one dossier are told together");
    let known = house.there.dossiers()[&number].clone();
    assert_eq!((states(&known.steps), known.told), (vec!["1", "2", "4", "4"], 2));
    assert_eq!(house.there.wrong(), Vec::<String>::new());
    let synced = house.portal.synced(&hue(), &filed.id).await.unwrap().unwrap();
    assert!(synced.told.is_some() && !synced.failed && synced.number.is_none());
}

#[tokio::test]
async fn what_leaves_the_house_is_in_the_audit() {
    let house = House::open().await;
    let dossier = house.received().await;
    house.told().await;
    let entries = house.audit(20).await;
    let noted = entries.iter().find(|entry| {
        let text = format!("{entry:?}");
        text.contains("Export") && text.contains("national-portal")
    });
    let noted = noted.unwrap_or_else(|| panic!("{entries:?}"));
    assert!(format!("{noted:?}").contains(dossier.id.as_str()));
    assert!(!format!("{noted:?}").contains("Trần Thị An"), "who it is stands in the dossier alone");
}

#[tokio::test]
async fn what_concerns_no_national_procedure_stays_at_home() {
    let house = House::open().await;
    let filing = dinh_casework::Filing {
        kind: "feedback".to_owned(),
        answers: serde_json::Map::new(),
        ..crate::house::copies()
    };
    // A suggestion settles no national procedure, whatever becomes of it.
    if let Ok(filed) = house.casework.file(&house.session("an", None), filing).await {
        assert!(house.casework.kind_of(&filed.dossier).unwrap().procedure.is_none());
    }
    assert_eq!((house.told().await, house.there.calls()), (0, 0));
}

#[tokio::test]
async fn while_the_portal_is_away_nothing_is_lost_and_it_is_left_in_peace() {
    let house = House::open().await;
    house.there.set(PortalMood::Away);
    let (one, two) = (house.received().await, house.received().await);
    assert_eq!(house.told().await, 0);
    let calls = house.there.calls();
    assert_eq!((house.told().await, house.there.calls()), (0, calls), "it rests");
    let waiting = house.portal.waiting(&hue()).await.unwrap();
    assert_eq!(waiting.len(), 2);
    let state = &house.portal.states(&hue())[0];
    assert!(state.health.fault.as_ref().is_some_and(|(_, why)| why.contains("503")), "{state:?}");
    let house = house.again().await;
    house.there.set(PortalMood::Well);
    house.pass(400);
    assert_eq!(house.told().await, 2);
    assert!(house.portal.waiting(&hue()).await.unwrap().is_empty());
    let known = house.there.dossiers();
    for dossier in [one, two] {
        assert_eq!(states(&known[&dossier.number.unwrap()].steps), ["1", "2"]);
    }
}

#[tokio::test]
async fn an_answer_that_is_lost_leads_to_no_second_dossier_and_no_step_out_of_order() {
    let house = House::open().await;
    let dossier = house.received().await;
    house.there.set(PortalMood::Forgetful);
    assert_eq!(house.told().await, 0);
    house.there.set(PortalMood::Well);
    house.pass(400);
    assert_eq!(house.told().await, 1, "it is there already, so it is told as a change");
    let known = house.there.dossiers()[&dossier.number.unwrap()].clone();
    assert_eq!((states(&known.steps), known.told), (vec!["1", "2"], 2));
    assert_eq!(house.there.wrong(), Vec::<String>::new());
}

#[tokio::test]
async fn a_session_that_is_over_is_opened_again() {
    let house = House::open().await;
    house.received().await;
    house.told().await;
    house.there.end_session();
    house.received().await;
    assert_eq!(house.told().await, 1);
}

#[tokio::test]
async fn what_is_refused_waits_for_a_person_with_its_reason() {
    let house = House::open().await;
    let (wrong, right) = (house.received().await, house.received().await);
    let number = wrong.number.clone().unwrap();
    let text = "Số giấy tờ 046184001234 không hợp lệ".to_owned();
    house.there.set(PortalMood::Refusing(number.clone(), "-5".to_owned(), text));
    assert_eq!(house.told().await, 1, "one that is refused holds up nobody");
    let failed = house.portal.failed(&hue()).await.unwrap();
    assert_eq!((failed.len(), failed[0].number.as_deref()), (1, Some(number.as_str())));
    assert_eq!(
        (failed[0].code.as_deref(), failed[0].why.as_str()),
        (Some("-5"), "Số giấy tờ … không hợp lệ")
    );
    assert!(house.portal.waiting(&hue()).await.unwrap().is_empty());
    house.there.set(PortalMood::Well);
    house.pass(400);
    house.portal.tell_again(&house.administrator(), &wrong.id, false).await.unwrap();
    assert_eq!(house.told().await, 1);
    assert!(house.portal.failed(&hue()).await.unwrap().is_empty());
    assert_eq!(house.there.dossiers().len(), 2);
    let none =
        house.portal.tell_again(&house.administrator(), &crate::house::urn("Dossier:none"), false).await;
    assert!(matches!(none, Err(dinh_portal::Error::NoSuch(_))));
    drop(right);
}

#[tokio::test]
async fn an_odd_answer_is_tried_again_later_and_then_shown_to_a_person() {
    let house = House::open().await;
    house.received().await;
    house.there.set(PortalMood::Odd);
    for _ in 0..8 {
        house.told().await;
        house.pass(90_000);
    }
    let failed = house.portal.failed(&hue()).await.unwrap();
    assert_eq!(failed.len(), 1);
    assert!(failed[0].why.contains("no JSON"), "{failed:?}");
}

#[tokio::test]
async fn dossiers_that_were_there_before_are_told_once_the_link_is_there() {
    let house = House::open().await;
    let dossier = house.received().await;
    house.portal.forget_position(&hue()).await.unwrap();
    assert_eq!(house.told().await, 1);
    assert!(house.there.dossiers().contains_key(&dossier.number.unwrap()));
}

#[tokio::test]
async fn what_the_portal_knows_is_counted_once_in_the_month_of_its_receipt() {
    use dinh_casework::{Among, Period};
    let house = House::open().await;
    let dossier = house.received().await;
    house.received().await;
    house.told().await;
    house.act(&house.session("handler", Some("officer")), &dossier, "start").await;
    house.told().await;
    house.portal.tell_again(&house.administrator(), &dossier.id, true).await.unwrap();
    house.told().await;
    let day = "2026-11-23".parse().unwrap();
    let leader = house.session("leader", Some("unit-leader"));
    let measured =
        house.casework.measured(&leader, Period { from: day, to: day }, &Among::default()).await.unwrap();
    assert_eq!((measured.tally.of("synced"), measured.tally.of("received")), (2, 2));
}

#[tokio::test]
async fn what_was_trimmed_from_the_feed_is_told_all_the_same() {
    let (house, dossier) = House::open().await.outrun().await;
    assert_eq!(house.told().await, 1);
    assert_eq!(states(&house.there.dossiers()[&dossier.number.unwrap()].steps), ["1", "2"]);
}
