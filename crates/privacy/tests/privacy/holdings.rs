//! What is kept of oneself, and who looked.

use dinh_access::Purpose;
use dinh_context::AboutOneself;
use dinh_privacy::{Error, Who};

use crate::house::{House, asked, term, urn};

#[tokio::test]
async fn somebody_sees_what_is_kept_of_themselves_and_nobody_elses() {
    let house = House::open().await;
    let an = house.citizen("an");
    let held = house.privacy.holdings(&an, &urn("Person:an")).await.unwrap();
    let itself = held.itself.unwrap();
    let name = itself.entity.attribute(term("name").as_str()).unwrap();
    assert_eq!(name.text(), Some("Trần Thị An"), "one's own is not masked");
    let groups: Vec<_> = held.groups.iter().map(|group| (group.title.en.as_str(), group.total)).collect();
    assert_eq!(groups, [("Organisations", 1)]);
    assert!(!held.more);
    let page = house.privacy.held(&an, &urn("Person:an"), &term("Organization"), 0, 10).await.unwrap();
    assert_eq!(page.entities[0].entity.id, urn("Organization:huong"));
    for (session, why) in [
        (house.citizen("binh"), "somebody else"),
        (house.account("an", 0, &["Person:an"]), "an address that nobody has confirmed"),
        (house.official("o", "officer", true), "an official"),
    ] {
        let refused = house.privacy.holdings(&session, &urn("Person:an")).await;
        assert!(matches!(refused, Err(Error::NotYours(_))), "{why}");
    }
    let refused = house.privacy.holdings(&house.anonymous(), &urn("Person:an")).await;
    assert!(matches!(refused, Err(Error::NotSignedIn)));
}

#[tokio::test]
async fn a_person_learns_who_looked_why_and_as_what_but_no_name() {
    let house = House::open().await;
    let inspector = house.official("secret-id", "inspector", true).with_purpose(Purpose::Inspection);
    let reason = "kiểm tra theo quyết định 12";
    inspector.revealing(reason).unwrap().find(&urn("Person:an")).await.unwrap().unwrap();
    let an = house.citizen("an");
    let person = urn("Person:an");
    let looks = |which| house.privacy.looks(&an, &person, which, None, 10);
    let noted = looks(AboutOneself::Noted).await.unwrap().looks;
    let [look] = noted.as_slice() else { panic!("{noted:?}") };
    assert_eq!((look.purpose.as_str(), look.reason.as_deref()), ("inspection", Some(reason)));
    assert_eq!(look.who, Who::Somebody { roles: vec!["inspector".to_owned()], units: Vec::new() });
    assert_eq!(
        (look.actions.as_slice(), look.entities.as_slice()),
        (&["reveal"][..], &[urn("Person:an")][..])
    );
    let written = looks(AboutOneself::Written).await.unwrap().looks;
    assert_eq!(written.len(), 2, "the person and the organisation: {written:?}");
    assert!(written.iter().all(|look| look.who == Who::Program("test".to_owned())));
    let json = house.privacy.export(&an, &urn("Person:an")).await.unwrap();
    assert_eq!(json.entities, 2);
    let text = json.json.to_string();
    assert!(text.contains("046184001234") && text.contains(reason) && !text.contains("secret-id"), "{text}");
    let own = looks(AboutOneself::Noted).await.unwrap().looks;
    assert!(own.iter().any(|look| look.who == Who::Oneself && look.actions == ["export"]));
    let other = house.privacy.looks(&an, &urn("Person:binh"), AboutOneself::Noted, None, 10).await;
    assert!(matches!(other, Err(Error::NotYours(_))));
    assert!(house.privacy.export(&house.citizen("binh"), &urn("Person:an")).await.is_err());
}

#[tokio::test]
async fn whoever_represents_somebody_asks_for_them() {
    let house = House::open().await;
    let parent = house.account("parent", 2, &["Person:parent", "Person:binh"]);
    let held = house.privacy.holdings(&parent, &urn("Person:binh")).await.unwrap();
    assert_eq!(held.groups.len(), 1, "the position of the one who is represented");
    let made = house.privacy.file(&parent, asked(dinh_privacy::Kind::Access, Some("Person:binh"))).await;
    assert_eq!(made.unwrap().subject, Some(urn("Person:binh")));
}
