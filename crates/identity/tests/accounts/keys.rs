//! Keys of devices and systems.

use std::collections::BTreeSet;

use dinh_access::{AccountKind, Principal};
use dinh_identity::domain::AccountId;
use dinh_identity::{Details, Error, KeyFault, KeyScope, NewAccount, Office, What};
use dinh_model::{Clock as _, Tenant, Term};

use crate::house::{DAY, House, MINUTE, SECOND, from, hue, role, until};

async fn device(office: &Office) -> AccountId {
    let details = Details { name: "Trạm mưa Kim Long".to_owned(), ..Details::default() };
    let opened =
        office.open(&NewAccount { kind: AccountKind::Device, details, subject: None }).await.unwrap();
    assert!(opened.link.is_none());
    office.set_rights(&opened.account.id, &role("device")).await.unwrap();
    opened.account.id
}

fn scope(house: &House) -> KeyScope {
    KeyScope {
        tenants: [hue()].into(),
        types: BTreeSet::new(),
        roles: BTreeSet::new(),
        networks: Vec::new(),
        expires: house.clock.now().plus_micros(30 * DAY),
        per_second: 100,
    }
}

async fn fault(house: &House, text: &str) -> Option<KeyFault> {
    match house.identity.key(text, &from([10, 20, 3, 4]), &hue()).await {
        Ok(_) => None,
        Err(Error::KeyRefused(why)) => Some(why),
        Err(other) => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_key_acts_as_its_account_within_its_scope() {
    let house = House::new().await;
    let (admin, _) = house.administrator().await;
    let office = house.office(&admin, &hue()).await;
    let id = device(&office).await;
    let types: BTreeSet<Term> = [Term::from("https://uri.etsi.org/ngsi-ld/default-context/RainGauge")].into();
    let narrow =
        KeyScope { networks: vec!["10.20.0.0/16".parse().unwrap()], types: types.clone(), ..scope(&house) };
    let made = office.key_make(&id, "Trạm Kim Long", &narrow).await.unwrap();
    let holder = house.identity.key(&made.text, &from([10, 20, 3, 4]), &hue()).await.unwrap();
    let Principal::Account(account) = holder.principal() else { panic!("not an account") };
    assert_eq!((account.kind, account.roles.contains("device")), (AccountKind::Device, true));
    assert_eq!(&*account.id, id.as_str());
    assert_eq!(account.types, types);
    let outside = house.identity.key(&made.text, &from([10, 21, 3, 4]), &hue()).await;
    assert!(matches!(outside, Err(Error::KeyRefused(KeyFault::Network))));
    let elsewhere = Tenant::parse("quang-ngai").unwrap();
    let outside = house.identity.key(&made.text, &from([10, 20, 3, 4]), &elsewhere).await;
    assert!(matches!(outside, Err(Error::KeyRefused(KeyFault::Tenant))));
    // A key for no role that the account has may do nothing.
    let nothing = KeyScope { roles: ["partner".to_owned()].into(), ..scope(&house) };
    let made = office.key_make(&id, "Không vai trò", &nothing).await.unwrap();
    let holder = house.identity.key(&made.text, &from([10, 20, 3, 4]), &hue()).await.unwrap();
    let Principal::Account(account) = holder.principal() else { panic!("not an account") };
    assert!(account.roles.is_empty());
}

#[tokio::test]
async fn a_key_ends_when_it_expires_is_revoked_or_its_account_is_locked() {
    let house = House::new().await;
    let (admin, _) = house.administrator().await;
    let office = house.office(&admin, &hue()).await;
    let id = device(&office).await;
    let made = office.key_make(&id, "Một", &scope(&house)).await.unwrap();
    let other = office.key_make(&id, "Hai", &scope(&house)).await.unwrap();
    assert_eq!(fault(&house, &made.text).await, None);
    let mut wrong = made.text.clone();
    wrong.pop();
    wrong.push(if made.text.ends_with('a') { 'b' } else { 'a' });
    for text in [wrong.as_str(), "dinh_", "khác", &format!("dinh_{}_{}", "a".repeat(16), "b".repeat(52))] {
        assert_eq!(fault(&house, text).await, Some(KeyFault::Unknown), "{text}");
    }
    office.key_revoke(&id, &made.key.id).await.unwrap();
    assert_eq!(fault(&house, &made.text).await, Some(KeyFault::Revoked));
    assert!(matches!(office.key_rotate(&id, &made.key.id, 0).await, Err(Error::NoSuch("key"))));
    assert_eq!(fault(&house, &other.text).await, None);
    office.lock(&id).await.unwrap();
    assert_eq!(fault(&house, &other.text).await, Some(KeyFault::Revoked));
    office.unlock(&id).await.unwrap();
    assert_eq!(fault(&house, &other.text).await, None);
    house.pass(30 * DAY);
    assert_eq!(fault(&house, &other.text).await, Some(KeyFault::Expired));
}

#[tokio::test]
async fn a_rotated_key_is_good_beside_the_former_one_for_as_long_as_said() {
    let house = House::new().await;
    let (admin, _) = house.administrator().await;
    let office = house.office(&admin, &hue()).await;
    let id = device(&office).await;
    let former = office.key_make(&id, "Một", &scope(&house)).await.unwrap();
    let fresh = office.key_rotate(&id, &former.key.id, 2).await.unwrap();
    assert_eq!(fresh.key.id, former.key.id);
    assert_eq!((fault(&house, &former.text).await, fault(&house, &fresh.text).await), (None, None));
    house.pass(120 * MINUTE);
    assert_eq!(fault(&house, &former.text).await, Some(KeyFault::Unknown));
    assert_eq!(fault(&house, &fresh.text).await, None);
    assert!(matches!(office.key_rotate(&id, &former.key.id, 1_000).await, Err(Error::Key { .. })));
}

#[tokio::test]
async fn a_key_is_held_to_its_rate_and_refusals_do_not_flood_the_audit() {
    let house = House::new().await;
    let (admin, _) = house.administrator().await;
    let office = house.office(&admin, &hue()).await;
    let id = device(&office).await;
    let made = office.key_make(&id, "Một", &KeyScope { per_second: 5, ..scope(&house) }).await.unwrap();
    house.events();
    let mut refused = 0;
    for _ in 0..20 {
        refused += u32::from(fault(&house, &made.text).await == Some(KeyFault::Rate));
    }
    assert_eq!(refused, 15);
    assert_eq!(house.happened(), [What::KeyRefused { key: Some(made.key.id.clone()), why: KeyFault::Rate }]);
    house.pass(SECOND);
    assert_eq!(fault(&house, &made.text).await, None);
}

#[tokio::test]
async fn keys_are_bounded_dated_and_for_machines_only() {
    let house = House::new().await;
    let (admin, _) = house.administrator().await;
    let office = house.office(&admin, &hue()).await;
    let id = device(&office).await;
    let now = house.clock.now();
    for bad in [
        KeyScope { tenants: BTreeSet::new(), ..scope(&house) },
        KeyScope { expires: now, ..scope(&house) },
        KeyScope { expires: now.plus_micros(732 * DAY), ..scope(&house) },
        KeyScope { per_second: 0, ..scope(&house) },
    ] {
        assert!(matches!(office.key_make(&id, "x", &bad).await, Err(Error::Key { .. })), "{bad:?}");
    }
    let beyond = KeyScope { tenants: [Tenant::default_tenant()].into(), ..scope(&house) };
    assert!(matches!(office.key_make(&id, "x", &beyond).await, Err(Error::Elsewhere(_))));
    let person = house.person(&office, AccountKind::Citizen, "dan@hue.vn").await;
    assert!(matches!(office.key_make(&person, "x", &scope(&house)).await, Err(Error::Key { .. })));
    for _ in 0..20 {
        office.key_make(&id, "x", &scope(&house)).await.unwrap();
    }
    assert!(matches!(office.key_make(&id, "x", &scope(&house)).await, Err(Error::Misfit(_))));
    let listed = office.keys(&id).await.unwrap();
    assert_eq!(listed.len(), 20);
    assert_eq!(listed[0].last_used, None);
    office.close(&id).await.unwrap();
    assert_eq!(
        house.context.system("test", Tenant::default_tenant()).record_count("identity-key").await.unwrap(),
        0
    );
}

#[tokio::test]
async fn the_last_use_is_on_record_and_survives_a_restart() {
    let house = House::new().await;
    let (admin, _) = house.administrator().await;
    let office = house.office(&admin, &hue()).await;
    let id = device(&office).await;
    let made = office.key_make(&id, "Một", &scope(&house)).await.unwrap();
    house.pass(MINUTE);
    assert_eq!(fault(&house, &made.text).await, None);
    let used = house.clock.now();
    until(async || office.keys(&id).await.unwrap()[0].last_used == Some(used)).await;
    let house = house.restart().await;
    assert_eq!(fault(&house, &made.text).await, None);
}
