//! What is refused, with the reason: the wrong unit, the wrong order, twice, without a role, by a certificate that has expired,
//! was revoked or is of nobody who is trusted. Nothing changes then.

use dinh_casework::Error as Case;
use dinh_model::EntityId;
use dinh_signatory::{Done, Error};
use dinh_signing::signatures::Verdict;
use dinh_signing::{Error as KeyError, KeyUse};

use crate::authority::Authority;
use crate::house::{House, OTHER, WARD, new};

async fn try_one(
    house: &House,
    session: &dinh_context::Session,
    key: &str,
    id: &EntityId,
) -> Result<Done, Error> {
    let done = house.signatory.sign(session, key, (std::slice::from_ref(id), false)).await?;
    Ok(done.into_iter().next().expect("one"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_of_other_units_the_wrong_order_and_those_without_the_role_are_refused() {
    let Some(authority) = Authority::new().await else { return };
    let house = House::open(&authority, false).await;
    let (own, seal) = (house.own(&authority).await, house.seal(&authority).await);
    let neighbour = house.key(&authority, new(KeyUse::Personal, "leader", OTHER, "Lê Thị Cúc")).await;
    let handlers = house.key(&authority, new(KeyUse::Personal, "handler", WARD, "Trần Dũng")).await;
    let strangers = house.key(&authority, new(KeyUse::Personal, "stranger", OTHER, "Hồ Em")).await;
    let one = house.numbered("an").await;
    let before = house.content(&one.id).await;
    let leader = house.leader();
    // Whose key, of which unit.
    let done = try_one(&house, &leader, &neighbour.id, &one.id).await.expect("it is taken");
    assert!(matches!(done.signed, Err(Error::Signing(KeyError::OtherUnit))), "{done:?}");
    let begun = house.signatory.begin(&leader, &neighbour.id, &one.id).await;
    assert!(matches!(begun, Err(Error::Signing(KeyError::OtherUnit))), "{begun:?}");
    let done = try_one(&house, &house.records(), &own.id, &one.id).await;
    assert!(matches!(done, Err(Error::Signing(KeyError::NoKey))), "{done:?}");
    let handler = house.official("handler", "officer", WARD);
    let done = try_one(&house, &handler, &handlers.id, &one.id).await.expect("it is taken");
    assert!(matches!(done.signed, Err(Error::Casework(Case::NotYours | Case::NoDocument(_)))), "{done:?}");
    let stranger = house.official("stranger", "unit-leader", OTHER);
    let done = try_one(&house, &stranger, &strangers.id, &one.id).await.expect("it is taken");
    assert!(matches!(done.signed, Err(Error::Casework(Case::NoDocument(_)))), "{done:?}");
    let tired = house.session("leader", "unit-leader", WARD, false);
    let done = try_one(&house, &tired, &own.id, &one.id).await;
    assert!(done.as_ref().is_err_and(Error::wants_step_up), "{done:?}");
    // In which order.
    let done = try_one(&house, &house.records(), &seal.id, &one.id).await.expect("it is taken");
    assert!(matches!(done.signed, Err(Error::Casework(Case::NotSigned))), "{done:?}");
    let issues = house.signatory.sign(&leader, &own.id, (std::slice::from_ref(&one.id), true)).await;
    assert!(matches!(issues, Err(Error::NotSeal)), "{issues:?}");
    assert_eq!(house.content(&one.id).await, before, "nothing has changed");
    assert_eq!(house.signatory.keys_for(&leader, &one).await.expect("keys"), std::slice::from_ref(&own));
    assert_eq!(house.signatory.keys_for(&house.records(), &one).await.expect("keys"), []);
    // Once.
    try_one(&house, &leader, &own.id, &one.id).await.expect("it is taken").signed.expect("it is signed");
    let done = try_one(&house, &leader, &own.id, &one.id).await.expect("it is taken");
    assert!(matches!(done.signed, Err(Error::Casework(Case::SignedAlready))), "{done:?}");
    let one = house.document(&one.id).await;
    assert_eq!(house.signatory.keys_for(&house.records(), &one).await.expect("keys"), [seal]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn certificates_that_were_revoked_have_expired_or_are_of_strangers_sign_nothing() {
    let (Some(authority), Some(stranger)) = (Authority::new().await, Authority::new().await) else { return };
    let house = House::open(&authority, false).await;
    let (own, seal) = (house.own(&authority).await, house.seal(&authority).await);
    let foreign = house.key(&stranger, new(KeyUse::Personal, "leader", WARD, "Phan Giang")).await;
    let (one, two) = (house.numbered("an").await, house.numbered("binh").await);
    let leader = house.leader();
    let done = try_one(&house, &leader, &foreign.id, &one.id).await.expect("it is taken");
    assert!(matches!(done.signed, Err(Error::NotBelieved(Verdict::NotTrusted))), "{done:?}");
    try_one(&house, &leader, &own.id, &one.id).await.expect("it is taken").signed.expect("it is signed");
    // An hour later it is asked for again whether anything was revoked.
    authority.revoke("NguynVnBo");
    house.catch_up();
    house.clock.advance(2 * 3_600_000_000);
    let done = try_one(&house, &leader, &own.id, &two.id).await.expect("it is taken");
    assert!(matches!(done.signed, Err(Error::NotBelieved(Verdict::Revoked))), "{done:?}");
    let said = done.signed.expect_err("it is refused").to_string();
    assert!(said.contains("revoked"), "{said}");
    // Nor is a seal put beside a signature that does not hold any more.
    let done = try_one(&house, &house.records(), &seal.id, &one.id).await.expect("it is taken");
    assert!(matches!(done.signed, Err(Error::NotBelieved(Verdict::Revoked))), "{done:?}");
    assert!(house.document(&two.id).await.signed.is_empty());
    house.clock.advance(301 * 86_400_000_000);
    let done = try_one(&house, &leader, &own.id, &two.id).await;
    assert!(matches!(done, Err(Error::Signing(KeyError::NotNow { .. }))), "{done:?}");
}
