//! Signing, here and elsewhere, and checking by what other authorities say.

use dinh_model::EntityId;
use dinh_signing::signatures::{Finding, Verdict};
use dinh_signing::{Error, Key, Place, Wanted};

use crate::authority::Authority;
use crate::house::{House, new_key, page, wanted};

async fn certified(house: &House, authority: &Authority) -> Key {
    let admin = house.administrator();
    let key = house.signing.make(&admin, new_key(Place::Software)).await.expect("a key");
    let certificate = authority.certify("dau", &key.request.expect("a request"), "leaf");
    house.catch_up();
    house.signing.certify(&admin, &key.id, &certificate).await.expect("it is taken")
}

#[tokio::test]
async fn many_are_signed_with_one_confirmation_and_each_says_what_came_of_it() {
    let Some(authority) = Authority::new().await else { return };
    let house = House::trusting(&authority).await;
    let key = certified(&house, &authority).await;
    let keeper = house.leader("van-thu");
    let other_unit = EntityId::parse("urn:ngsi-ld:Unit:phu-xuan").ok();
    let documents = vec![
        Wanted { unit: key.unit.clone(), ..wanted() },
        Wanted { pdf: b"words".to_vec(), ..wanted() },
        Wanted { unit: other_unit, ..wanted() },
        wanted(),
    ];
    let signed = house.signing.sign(&keeper, &key.id, documents).await.expect("they are taken");
    assert!(matches!(signed[1], Err(Error::Sign(_))), "{:?}", signed[1].as_ref().err());
    assert!(matches!(signed[2], Err(Error::OtherUnit)), "{:?}", signed[2].as_ref().err());
    for at in [0, 3] {
        let pdf = signed[at].as_ref().expect("it is signed").clone();
        house.catch_up();
        let report = house.signing.check(pdf).await.expect("a report");
        assert_eq!(report.verdict(), Some(Verdict::Genuine), "{report:#?}");
        assert!(report.signatures[0].stamp.is_some());
        assert_eq!(report.signatures[0].signer.as_ref().expect("a signer").name, "UBND phường Thuận Hóa");
    }
    // Asked once each for the list and the answer, for both documents.
    assert_eq!(authority.asked(), 2);
    let stranger = house.signing.sign(&house.leader("ai-do"), &key.id, vec![wanted()]).await;
    assert!(matches!(stranger, Err(Error::NoKey)), "{stranger:?}");
    let once = house.signing.sign(&house.account("van-thu", "leader", false), &key.id, vec![wanted()]).await;
    assert!(matches!(once, Err(Error::StepUp)), "{once:?}");
}

#[tokio::test]
async fn revocation_is_asked_for_and_an_authority_that_is_away_is_borne_for_a_while() {
    let Some(authority) = Authority::new().await else { return };
    let house = House::trusting(&authority).await;
    let key = certified(&house, &authority).await;
    let signed =
        house.signing.sign(&house.leader("van-thu"), &key.id, vec![wanted()]).await.expect("it is taken");
    let pdf = signed.into_iter().next().expect("one").expect("it is signed");
    house.catch_up();
    assert_eq!(house.signing.check(pdf.clone()).await.expect("a report").verdict(), Some(Verdict::Genuine));
    authority.goes_away();
    let (hour, day) = (3_600_000_000, 86_400_000_000);
    house.clock.advance(2 * hour);
    assert_eq!(house.signing.check(pdf.clone()).await.expect("a report").verdict(), Some(Verdict::Genuine));
    // The list is new for thirty days, and a day more is borne.
    house.clock.advance(32 * day);
    let report = house.signing.check(pdf.clone()).await.expect("a report");
    assert_eq!(report.verdict(), Some(Verdict::Unknown), "{report:#?}");
    assert!(report.signatures[0].findings.iter().any(|one| matches!(one, Finding::RevocationOld { .. })));
    // Another house has never heard of it.
    let fresh = House::trusting(&authority).await;
    let report = fresh.signing.check(pdf).await.expect("a report");
    assert!(report.signatures[0].findings.iter().any(|one| matches!(one, Finding::RevocationUnknown { .. })));
    assert!(fresh.signing.check(page()).await.expect("a report").verdict().is_none());
}

#[tokio::test]
async fn a_revoked_certificate_is_told() {
    let Some(authority) = Authority::new().await else { return };
    let house = House::trusting(&authority).await;
    let key = certified(&house, &authority).await;
    authority.revoke("dau");
    house.catch_up();
    let signed =
        house.signing.sign(&house.leader("van-thu"), &key.id, vec![wanted()]).await.expect("it is taken");
    let pdf = signed.into_iter().next().expect("one").expect("it is signed");
    house.catch_up();
    let report = house.signing.check(pdf).await.expect("a report");
    assert_eq!(report.verdict(), Some(Verdict::Revoked), "{report:#?}");
}

#[tokio::test]
async fn a_token_elsewhere_signs_in_two_steps_once_and_in_time() {
    let Some(authority) = Authority::new().await else { return };
    let house = House::trusting(&authority).await;
    let (admin, keeper) = (house.administrator(), house.leader("van-thu"));
    let key = house.signing.make(&admin, new_key(Place::Elsewhere)).await.expect("a key");
    let certificate = authority.token("token");
    house.catch_up();
    let key = house.signing.certify(&admin, &key.id, &certificate).await.expect("it is taken");
    let here = house.signing.sign(&keeper, &key.id, vec![wanted()]).await;
    assert!(matches!(here, Err(Error::Elsewhere)), "{here:?}");
    let begun = house.signing.begin(&keeper, &key.id, wanted()).await.expect("it begins");
    assert_eq!(begun.digest.len(), 32);
    let signature = authority.sign_with("token", &begun.to_sign);
    let stranger = house.signing.finish(&house.leader("ai-do"), &begun.id, signature.clone()).await;
    assert!(matches!(stranger, Err(Error::NothingWaits)), "{stranger:?}");
    let wrong = house.signing.finish(&keeper, &begun.id, vec![1; 256]).await;
    assert!(matches!(wrong, Err(Error::Sign(_))), "{wrong:?}");
    let pdf = house.signing.finish(&keeper, &begun.id, signature.clone()).await.expect("it is signed");
    house.catch_up();
    assert_eq!(house.signing.check(pdf).await.expect("a report").verdict(), Some(Verdict::Genuine));
    let replayed = house.signing.finish(&keeper, &begun.id, signature).await;
    assert!(matches!(replayed, Err(Error::NothingWaits)), "{replayed:?}");
    let late = house.signing.begin(&keeper, &key.id, wanted()).await.expect("it begins");
    let signature = authority.sign_with("token", &late.to_sign);
    house.clock.advance(11 * 60_000_000);
    let late = house.signing.finish(&keeper, &late.id, signature).await;
    assert!(matches!(late, Err(Error::NothingWaits)), "{late:?}");
}

#[tokio::test]
async fn certificates_of_strangers_send_us_nowhere() {
    let (Some(authority), Some(stranger)) = (Authority::new().await, Authority::new().await) else { return };
    let house = House::trusting(&stranger).await;
    let key = certified(&house, &stranger).await;
    let signed =
        house.signing.sign(&house.leader("van-thu"), &key.id, vec![wanted()]).await.expect("it is taken");
    let pdf = signed.into_iter().next().expect("one").expect("it is signed");
    let other = House::trusting(&authority).await;
    let report = other.signing.check(pdf).await.expect("a report");
    assert_eq!(report.verdict(), Some(Verdict::NotTrusted), "{report:#?}");
    assert_eq!(stranger.asked(), 0);
}
