//! A card that proves why a fee is lower: whose it is, what it takes off, and who may show it.

use dinh_cases::{Channel, Proof, Refused};
use dinh_casework::{CardShown, Error};
use dinh_context::fields::{Fields, Names};
use dinh_model::{Clock as _, Entity};

use crate::house::{House, WARD, copies, hue, urn};

const AN: &str = "Person:an";

fn shown(house: &House, benefits: &[&str], account: &str, holder: Option<&str>) -> CardShown {
    let proof = Proof {
        kind: "person".to_owned(),
        card: "urn:ngsi-ld:Card:1".to_owned(),
        serial: 12,
        benefits: benefits.iter().map(|code| (*code).to_owned()).collect(),
        at: house.clock.now().to_jiff(),
    };
    CardShown { proof, account: account.to_owned(), holder: holder.map(urn) }
}

async fn owed(house: &House, id: &dinh_model::EntityId) -> u64 {
    let charged = house.casework.charged(&hue(), id).await.unwrap();
    charged.charges.iter().map(|(charge, _)| charge.amount).sum()
}

#[tokio::test]
async fn whoever_files_online_proves_it_by_their_own_card() {
    let house = House::open().await;
    let (an, binh) = (house.citizen("an"), house.citizen("binh"));
    let filed = house.casework.file(&an, copies(Channel::Online)).await.unwrap().dossier;
    assert_eq!(owed(&house, &filed.id).await, 16_000);
    let offered = house.casework.provable(&an, &filed.id).await.unwrap();
    assert_eq!(offered.iter().map(|one| one.code.as_str()).collect::<Vec<_>>(), ["copy-free-by-card"]);
    let prove = async |card| house.casework.prove(&an, &filed.id, card).await;
    let other = prove(shown(&house, &["poor-household"], "binh", None)).await;
    assert!(matches!(other, Err(Error::NotTheirCard)), "{other:?}");
    let silent = prove(shown(&house, &[], "an", None)).await;
    assert!(matches!(silent, Err(Error::Refused(Refused::Proof))), "{silent:?}");
    let stranger =
        house.casework.prove(&binh, &filed.id, shown(&house, &["poor-household"], "an", None)).await;
    assert!(matches!(stranger, Err(Error::NoSuch(_))), "{stranger:?}");
    assert_eq!(owed(&house, &filed.id).await, 16_000, "nothing of that has changed anything");
    prove(shown(&house, &["poor-household"], "an", None)).await.unwrap();
    assert_eq!(owed(&house, &filed.id).await, 0);
    let charged = house.casework.charged(&hue(), &filed.id).await.unwrap();
    let proved = charged.charges[0].0.off.as_ref().and_then(|off| off.proved.clone()).unwrap();
    assert_eq!((proved.serial, proved.benefit.as_deref()), (12, Some("poor-household")));
    assert!(house.casework.provable(&an, &filed.id).await.unwrap().is_empty());
}

#[tokio::test]
async fn at_the_counter_the_card_must_be_of_the_person_who_applies() {
    let house = House::open().await;
    let names = Names::default();
    for (id, number) in [(AN, "046184001234"), ("Person:khac", "046184009999")] {
        let mut person = Entity::new(urn(id), names.of("Person"), house.clock.now());
        person.attributes = Fields::new(&names, house.clock.now())
            .with("name", "Trần Thị An")
            .with("personalId", number)
            .attributes;
        house.context.system("test", hue()).create(person).await.unwrap();
    }
    let clerk = house.official("clerk", "one-stop-officer", WARD);
    let filed = house.casework.file(&clerk, copies(Channel::Counter)).await.unwrap().dossier;
    let prove = async |card| house.casework.prove(&clerk, &filed.id, card).await;
    for (account, holder) in [("khac", Some("Person:khac")), ("clerk", None)] {
        let other = prove(shown(&house, &["disabled"], account, holder)).await;
        assert!(matches!(other, Err(Error::NotTheirCard)), "{other:?}");
    }
    // The same number in the register as in the dossier.
    let proved = prove(shown(&house, &["disabled"], "an", Some(AN))).await.unwrap();
    assert_eq!((owed(&house, &filed.id).await, proved.number.is_some()), (0, true));
    let leader = house.official("leader", "unit-leader", WARD);
    assert!(
        house.casework.provable(&leader, &filed.id).await.unwrap().is_empty(),
        "whoever decides shows no card"
    );
}
