//! What the owners of subscriptions may do while nobody is at a keyboard.

use dinh_access::AccountKind;

use crate::house::{DAY, House, hue, role};

#[tokio::test]
async fn owners_of_subscriptions_have_the_rights_of_today_and_none_while_they_are_locked() {
    let house = House::new().await;
    let (admin, _) = house.administrator().await;
    let office = house.office(&admin, &hue()).await;
    let id = house.person(&office, AccountKind::Official, "dung@hue.gov.vn").await;
    let directory = house.identity.directory();
    let tenant = hue();
    let roles = async || {
        let acting = directory.acting(id.as_str(), &tenant).await;
        acting.map(|account| account.roles.iter().map(ToString::to_string).collect::<Vec<_>>())
    };
    assert_eq!(roles().await, Some(Vec::new()));
    let mut rights = role("operator");
    let days = &mut rights.roles.first_mut().unwrap().days;
    days.to = Some(jiff::civil::date(2026, 11, 20));
    office.set_rights(&id, &rights).await.unwrap();
    assert_eq!(roles().await, Some(vec!["operator".to_owned()]), "from the next moment on");
    assert!(!directory.acting(id.as_str(), &tenant).await.unwrap().stepped_up);
    office.lock(&id).await.unwrap();
    assert_eq!(roles().await, None, "locked");
    office.unlock(&id).await.unwrap();
    assert_eq!(roles().await, Some(vec!["operator".to_owned()]));
    house.pass(DAY);
    assert_eq!(roles().await, Some(Vec::new()), "the role has ended");
    house.with_office().close(&id).await.unwrap();
    assert_eq!(roles().await, None, "closed");
    assert!(directory.acting("no-such-account", &tenant).await.is_none());
}
