//! A card as a second factor: only where an administrator lets it count, after the password, and for that tenant alone.

use dinh_access::AccountKind;
use dinh_identity::{Error, Failure, Means, Misfit, What};
use dinh_model::Tenant;

use crate::house::{House, MINUTE, PASSWORD, here, hue, role};

const WHY: &str = "Quyết định 45/QĐ-UBND: cán bộ dùng thẻ để xác thực";

#[tokio::test]
async fn cards_count_once_an_administrator_says_why() {
    let house = House::new().await;
    let (admin, _) = house.administrator().await;
    let office = async || house.office(&admin, &hue()).await;
    let id = house.person(&office().await, AccountKind::Official, "hoa@hue.gov.vn").await;
    office().await.set_rights(&id, &role("operator")).await.unwrap();
    let present = house.present(&house.enter("hoa@hue.gov.vn").await.token).await;
    let begun = house.identity.before_card(&present, &hue(), PASSWORD, &here()).await;
    assert!(matches!(begun, Err(Error::CardsDoNotCount)), "{begun:?}");
    let silent = office().await.cards_count(true).await;
    assert!(matches!(silent, Err(Error::Misfit(Misfit::Reason { .. }))), "{silent:?}");
    house.events();
    office().await.because(WHY).unwrap().cards_count(true).await.unwrap();
    let told = house.events();
    assert_eq!(told.last().map(|event| event.what.clone()), Some(What::CardsCount { allowed: true }));
    assert_eq!(told.last().and_then(|event| event.reason.as_deref()), Some(WHY));
    assert_eq!(house.identity.by_card(&hue()).await.unwrap().reason, WHY);

    let wrong = house.identity.before_card(&present, &hue(), "không phải mật khẩu", &here()).await;
    assert!(matches!(wrong, Err(Error::Refused)), "{wrong:?}");
    let begun = house.identity.before_card(&present, &hue(), PASSWORD, &here()).await.unwrap();
    let present = house.present(&begun.token).await;
    assert!(!present.stepped_up(), "the password alone is no second factor");
    let done = house.identity.step_up_card(&present, &hue(), &here()).await.unwrap();
    assert!(!house.is_in(&begun.token).await, "the old token is good no more");
    assert!(house.present(&done.token).await.stepped_up());
    let told = house.happened();
    assert!(matches!(told.last(), Some(What::SteppedUp { means: Means::Card, .. })), "{told:?}");
    let other = Tenant::parse("da-nang").unwrap();
    let elsewhere = house.identity.session(&done.token, &other).await.unwrap().unwrap();
    assert!(!elsewhere.stepped_up(), "another province has not allowed it");
    house.pass(10 * MINUTE);
    assert!(!house.present(&done.token).await.stepped_up(), "it counts for ten minutes");

    house.with_office().because("Tạm dừng thí điểm").unwrap().cards_count(false).await.unwrap();
    let present = house.present(&done.token).await;
    let refused = house.identity.step_up_card(&present, &hue(), &here()).await;
    assert!(matches!(refused, Err(Error::CardsDoNotCount)), "{refused:?}");
}

#[tokio::test]
async fn a_card_needs_the_password_before_it_and_changes_no_factors() {
    let house = House::new().await;
    let (admin, _) = house.administrator().await;
    house.office(&admin, &hue()).await.because(WHY).unwrap().cards_count(true).await.unwrap();
    house.pass(11 * MINUTE);
    let present = house.present(&admin.token).await;
    let early = house.identity.step_up_card(&present, &hue(), &here()).await;
    assert!(matches!(early, Err(Error::Confirm { .. })), "{early:?}");
    let begun = house.identity.before_card(&present, &hue(), PASSWORD, &here()).await.unwrap();
    let done =
        house.identity.step_up_card(&house.present(&begun.token).await, &hue(), &here()).await.unwrap();
    let present = house.present(&done.token).await;
    let removed = house.identity.totp_remove(&present, &here()).await;
    assert!(matches!(removed, Err(Error::StepUp { .. })), "{removed:?}");
    house.events();
    house.identity.card_refused(&present, &here()).await.unwrap();
    assert_eq!(house.happened(), [What::StepUpFailed { why: Failure::Card }]);
}
