//! Consents.

use dinh_context::graph::What;
use dinh_privacy::{Error, How};

use crate::house::{DAY, House, hue, urn};

#[tokio::test]
async fn consent_is_given_for_a_text_and_taken_back_as_easily() {
    let house = House::open().await;
    let (privacy, an, subject) = (&house.privacy, house.citizen("an"), urn("Person:an"));
    let before = privacy.standings(&an, &subject).await.unwrap();
    assert!(before.len() >= 3 && before.iter().all(|one| one.consent.is_none() && one.earlier.is_none()));
    assert!(privacy.may_use(&hue(), &subject, "case-notices").await.unwrap().is_none(), "never assumed");

    let given = privacy.give(&an, &subject, ("case-notices", 1), How::Page).await.unwrap();
    let purpose = privacy.purposes().version("case-notices", 1).unwrap();
    assert_eq!((given.text_digest.as_str(), given.given_by.as_str()), (&*purpose.digest(), "account:an"));
    let again = privacy.give(&an, &subject, ("case-notices", 1), How::Page).await.unwrap();
    assert_eq!(again.id, given.id, "nobody consents twice");
    assert_eq!(privacy.may_use(&hue(), &subject, "case-notices").await.unwrap().unwrap().id, given.id);
    for (other, code) in [("Person:binh", "case-notices"), ("Person:an", "share-with-school")] {
        assert!(privacy.may_use(&hue(), &urn(other), code).await.unwrap().is_none(), "{other} {code}");
    }
    let receipt = privacy.receipt(&an, &given.id).await.unwrap();
    assert!(receipt.is_whole() && receipt.to_json()["text"]["text"]["vi"].as_str().unwrap().contains("SMS"));

    house.clock.advance(DAY);
    let taken = privacy.take_back(&an, &given.id).await.unwrap();
    assert!(taken.withdrawn.is_some());
    assert!(privacy.may_use(&hue(), &subject, "case-notices").await.unwrap().is_none());
    let after = privacy.standings(&an, &subject).await.unwrap();
    let notices = after.iter().find(|one| one.purpose.code == "case-notices").unwrap();
    assert!(notices.consent.is_none() && notices.earlier.as_ref().unwrap().id == given.id);
    let renewed = privacy.give(&an, &subject, ("case-notices", 1), How::Counter).await.unwrap();
    assert_ne!(renewed.id, given.id, "the old one stays as evidence");
    let notes = house.audit(20).await;
    let consents = notes.iter().filter(|entry| entry.actions() == ["consent"]).count();
    assert_eq!(consents, 3, "given, taken back, given");
    let by = |entry: &dinh_context::graph::Entry| entry.principal == "account:an";
    assert!(notes.iter().filter(|entry| matches!(&entry.what, What::Did(_))).take(3).all(by));
}

#[tokio::test]
async fn what_is_not_ones_own_is_not_there() {
    let house = House::open().await;
    let (privacy, an, binh) = (&house.privacy, house.citizen("an"), house.citizen("binh"));
    let given = privacy.give(&an, &urn("Person:an"), ("case-notices", 1), How::Page).await.unwrap();
    assert!(matches!(privacy.receipt(&binh, &given.id).await, Err(Error::NoSuch("consent"))));
    assert!(matches!(privacy.take_back(&binh, &given.id).await, Err(Error::NoSuch("consent"))));
    assert!(matches!(privacy.take_back(&an, &urn("Person:an")).await, Err(Error::NoSuch("consent"))));
    let forged = privacy.give(&binh, &urn("Person:an"), ("case-notices", 1), How::Page).await;
    assert!(matches!(forged, Err(Error::NotYours(_))));
    for (purpose, refused) in [(("case-notices", 2), "text"), (("no-such", 1), "purpose")] {
        let error = privacy.give(&an, &urn("Person:an"), purpose, How::Page).await.unwrap_err().to_string();
        assert!(error.contains(refused), "{error}");
    }
    // The paper itself is out of everybody's reach, its subject's included.
    for session in [an, binh, house.official("s", "data-steward", true), house.officer("o", true)] {
        assert!(session.delete(given.id.clone()).await.is_err());
    }
    assert!(house.official("l", "leader", true).find(&given.id).await.unwrap().is_none());
    assert!(house.officer("o", false).find(&given.id).await.unwrap().is_some());
}
