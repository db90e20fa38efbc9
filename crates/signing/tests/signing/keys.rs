//! The inventory: who may change it, what is refused, and what is on record.

use dinh_signing::{Error, KeyUse, NewKey, Place, Settings, Standing};

use crate::authority::Authority;
use crate::house::{House, hue, new_key, wanted};

#[tokio::test]
async fn a_key_is_made_certified_used_and_withdrawn() {
    let Some(authority) = Authority::new().await else { return };
    let house = House::trusting(&authority).await;
    let (admin, keeper) = (house.administrator(), house.leader("van-thu"));
    let refused = house.signing.make(&keeper, new_key(Place::Software)).await;
    assert!(matches!(refused, Err(Error::Door(_))), "{refused:?}");
    let key = house.signing.make(&admin, new_key(Place::Software)).await.expect("a key");
    assert_eq!(key.standing(house.signing.now()), Standing::Waiting);
    let early = house.signing.sign(&keeper, &key.id, vec![wanted()]).await;
    assert!(matches!(early, Err(Error::NoCertificate)), "{early:?}");
    let request = key.request.clone().expect("a request");
    let web = authority.certify("web", &request, "web");
    assert!(matches!(house.signing.certify(&admin, &key.id, &web).await, Err(Error::NotForSigning)));
    let other = authority.token("other");
    assert!(matches!(house.signing.certify(&admin, &key.id, &other).await, Err(Error::OtherCertificate)));
    assert!(matches!(house.signing.certify(&admin, &key.id, b"words").await, Err(Error::Certificate(_))));
    let certificate = authority.certify("dau", &request, "leaf");
    house.catch_up();
    let key = house.signing.certify(&admin, &key.id, &certificate).await.expect("it is taken");
    assert_eq!(key.standing(house.signing.now()), Standing::Ready);
    assert_eq!(house.signing.own_keys(&keeper).await.expect("keys").len(), 1);
    assert!(house.signing.own_keys(&admin).await.expect("keys").is_empty());
    // The secret is on no list and in no record as it is.
    let records = house.context.system("test", hue()).records("signing-key", "", 10).await.expect("records");
    let kept = format!("{records:?}");
    assert!(kept.contains("sealed") && !kept.contains("MIGHAgEA"), "{kept}");
    assert!(!format!("{:?}", house.signing.keys(&admin).await.expect("keys")).contains("sealed"));
    let gone = house.signing.withdraw(&admin, &key.id, "Con dấu bị hỏng").await.expect("it is withdrawn");
    assert_eq!(gone.standing(house.signing.now()), Standing::Withdrawn);
    assert!(matches!(house.signing.sign(&keeper, &key.id, vec![wanted()]).await, Err(Error::Withdrawn)));
    let records = house.context.system("test", hue()).records("signing-key", "", 10).await.expect("records");
    assert!(records.iter().all(|record| record.body["sealed"].is_null()));
    let audited = house.audited().await;
    for word in ["made", "certified", "withdrawn", "Con dấu bị hỏng"] {
        assert!(audited.contains(word), "{word}: {audited}");
    }
}

#[tokio::test]
async fn certificates_end_and_are_said_to_before() {
    let Some(authority) = Authority::new().await else { return };
    let house = House::trusting(&authority).await;
    let admin = house.administrator();
    let key = house.signing.make(&admin, new_key(Place::Software)).await.expect("a key");
    let certificate = authority.certify("dau", &key.request.expect("a request"), "leaf");
    house.catch_up();
    let key = house.signing.certify(&admin, &key.id, &certificate).await.expect("it is taken");
    let day = 86_400_000_000;
    house.clock.advance(250 * day);
    assert_eq!(key.standing(house.signing.now()), Standing::EndsSoon);
    house.clock.advance(60 * day);
    assert_eq!(key.standing(house.signing.now()), Standing::Ended);
    let late = house.signing.sign(&house.leader("van-thu"), &key.id, vec![wanted()]).await;
    assert!(matches!(late, Err(Error::NotNow { .. })), "{late:?}");
    let again = house.signing.certify(&admin, &key.id, &certificate).await;
    assert!(matches!(again, Err(Error::NotNow { .. })), "{again:?}");
}

#[tokio::test]
async fn where_there_is_nothing_to_keep_keys_in_none_are_made() {
    let house = House::with(Settings::default()).await;
    let admin = house.administrator();
    assert!(matches!(house.signing.make(&admin, new_key(Place::Software)).await, Err(Error::NoSeal)));
    let module = Place::Module { label: "dau".to_owned() };
    assert!(matches!(house.signing.make(&admin, new_key(module)).await, Err(Error::NoModule)));
    let nobody = NewKey { purpose: KeyUse::Personal, holders: Vec::new(), ..new_key(Place::Elsewhere) };
    assert!(matches!(house.signing.make(&admin, nobody).await, Err(Error::Text { field: "holder", .. })));
    let unnamed = NewKey { title: String::new(), ..new_key(Place::Elsewhere) };
    assert!(matches!(house.signing.make(&admin, unnamed).await, Err(Error::Text { field: "title", .. })));
}
