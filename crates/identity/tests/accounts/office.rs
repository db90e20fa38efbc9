//! What administrators do.

use dinh_access::AccountKind;
use dinh_identity::domain::{Days, Role};
use dinh_identity::{Details, Error, NewAccount, Proved, Rights, What};
use dinh_model::Tenant;

use crate::house::{House, MINUTE, PASSWORD, email, here, hue, role};

#[tokio::test]
async fn no_two_accounts_have_one_address_and_a_freed_one_can_be_given_again() {
    let house = House::new().await;
    let (admin, _) = house.administrator().await;
    let office = house.office(&admin, &hue()).await;
    let first = house.person(&office, AccountKind::Citizen, "dan@hue.vn").await;
    let details =
        Details { name: "Khác".to_owned(), email: Some(email("DAN@hue.vn")), ..Details::default() };
    let new = NewAccount { kind: AccountKind::Citizen, details, subject: None };
    assert!(matches!(office.open(&new).await, Err(Error::Taken)));
    let mut changed = Details::of(&office.account(&first).await.unwrap());
    changed.email = Some(email("dan2@hue.vn"));
    office.change(&first, &changed, None).await.unwrap();
    assert!(matches!(house.identity.sign_in("dan@hue.vn", PASSWORD, &here()).await, Err(Error::Refused)));
    house.enter("dan2@hue.vn").await;
    let second = office.open(&new).await.unwrap().account.id;
    assert_eq!(office.find(&email("dan@hue.vn")).await.unwrap().id, second);
    assert!(matches!(office.change(&second, &changed, None).await, Err(Error::Taken)));
}

#[tokio::test]
async fn rights_change_from_the_next_request_on_and_are_on_record() {
    let house = House::new().await;
    let (admin, _) = house.administrator().await;
    let office = house.office(&admin, &hue()).await;
    let id = house.person(&office, AccountKind::Official, "quan@hue.gov.vn").await;
    let signed_in = house.enter("quan@hue.gov.vn").await;
    let has = async |code: &str| match house.present(&signed_in.token).await.principal() {
        dinh_access::Principal::Account(account) => account.roles.contains(code),
        _ => false,
    };
    assert!(!has("operator").await);
    house.events();
    office.set_rights(&id, &role("operator")).await.unwrap();
    assert!(has("operator").await);
    office.set_rights(&id, &role("leader")).await.unwrap();
    assert!(!has("operator").await && has("leader").await);
    let events = house.events();
    let (given, taken) = (vec!["role:leader".to_owned()], vec!["role:operator".to_owned()]);
    assert_eq!(events[1].what, What::RightsChanged { given, taken });
    assert_eq!(events[1].by, format!("account:{}", house.present(&admin.token).await.id()));
    assert_eq!(events[1].account.as_ref(), Some(&id));
    for bad in ["write-key", "program", "vua"] {
        assert!(matches!(office.set_rights(&id, &role(bad)).await, Err(Error::NoRole(_))), "{bad}");
    }
}

#[tokio::test]
async fn administrators_of_one_tenant_do_not_reach_into_another() {
    let house = House::new().await;
    let (admin, _) = house.administrator().await;
    let central = house.office(&admin, &Tenant::default_tenant()).await;
    let local = house.office(&admin, &hue()).await;
    let elsewhere = Tenant::parse("quang-ngai").unwrap();
    let id = house.person(&local, AccountKind::Official, "quan@hue.gov.vn").await;
    let role = |tenant: &Tenant| Role {
        tenant: tenant.clone(),
        code: "leader".into(),
        unit: None,
        days: Days::ALWAYS,
    };
    let rights = Rights { roles: vec![role(&elsewhere)], positions: Vec::new() };
    assert!(matches!(local.set_rights(&id, &rights).await, Err(Error::Elsewhere(_))));
    // An account that is looked after by the central administrators.
    let other = house.person(&central, AccountKind::Official, "khac@hue.gov.vn").await;
    assert!(matches!(local.lock(&other).await, Err(Error::Elsewhere(_))));
    assert!(matches!(local.recovery_link(&other, true).await, Err(Error::Elsewhere(_))));
    assert!(matches!(local.account(&other).await, Err(Error::Elsewhere(_))));
    let found = local.find(&email("khac@hue.gov.vn")).await.unwrap();
    assert!(found.id == other && found.email.is_none());
    let (listed, more) = local.accounts(None, 100).await.unwrap();
    assert!(more.is_none() && listed.iter().all(|record| record.id != other));
    assert_eq!(central.accounts(None, 100).await.unwrap().0.len(), 3);
    let (page, next) = central.accounts(None, 2).await.unwrap();
    let (rest, end) = central.accounts(next.as_ref(), 2).await.unwrap();
    assert_eq!((page.len(), rest.len(), end), (2, 1, None));
}

#[tokio::test]
async fn nobody_does_it_to_themselves() {
    let house = House::new().await;
    let (admin, _) = house.administrator().await;
    let office = house.office(&admin, &hue()).await;
    let own = house.present(&admin.token).await.id().clone();
    assert!(matches!(office.set_rights(&own, &Rights::default()).await, Err(Error::Oneself)));
    assert!(matches!(office.lock(&own).await, Err(Error::Oneself)));
    assert!(matches!(office.close(&own).await, Err(Error::Oneself)));
    let present = house.present(&admin.token).await;
    assert!(matches!(house.identity.close_own(&present, &here()).await, Err(Error::Oneself)));
}

#[tokio::test]
async fn a_recovery_link_is_good_once_for_half_an_hour_and_ends_all_sessions() {
    let house = House::new().await;
    let (admin, _) = house.administrator().await;
    let office = house.office(&admin, &hue()).await;
    let id = house.person(&office, AccountKind::Citizen, "dan@hue.vn").await;
    let signed_in = house.enter("dan@hue.vn").await;
    let (strong, _) = house.with_second_factor(&signed_in).await;
    let old = office.recovery_link(&id, false).await.unwrap();
    let link = office.recovery_link(&id, true).await.unwrap();
    let fresh = "trâu lội qua sông sâu";
    let recover = async |link: &str, new: &str| house.identity.recover(link, new, &here()).await;
    assert!(matches!(recover(&old, fresh).await, Err(Error::Expired)), "a later link voids it");
    assert!(matches!(recover("khác", fresh).await, Err(Error::Expired)));
    assert!(matches!(recover(&link, "matkhau123456").await, Err(Error::Weak(_))));
    recover(&link, fresh).await.unwrap();
    assert!(matches!(recover(&link, fresh).await, Err(Error::Expired)));
    assert!(!house.is_in(&strong.token).await);
    // The second factor is gone with the password, as the link said.
    let answer = house.identity.sign_in("dan@hue.vn", fresh, &here()).await.unwrap();
    assert!(matches!(answer, dinh_identity::Answer::SignedIn(_)));
    let late = office.recovery_link(&id, false).await.unwrap();
    house.pass(30 * MINUTE);
    assert!(matches!(recover(&late, fresh).await, Err(Error::Expired)));
}

#[tokio::test]
async fn a_recovered_account_need_not_wait_for_the_failures_before() {
    let house = House::new().await;
    let (admin, _) = house.administrator().await;
    let office = house.office(&admin, &hue()).await;
    let id = house.person(&office, AccountKind::Citizen, "dan@hue.vn").await;
    for _ in 0..9 {
        house.pass(3 * MINUTE);
        house.identity.sign_in("dan@hue.vn", "quên mất tiêu rồi", &here()).await.unwrap_err();
    }
    let link = office.recovery_link(&id, false).await.unwrap();
    house.identity.recover(&link, "trâu lội qua sông sâu", &here()).await.unwrap();
    house.identity.sign_in("dan@hue.vn", "trâu lội qua sông sâu", &here()).await.unwrap();
}

#[tokio::test]
async fn what_an_official_has_seen_makes_somebody_known() {
    let house = House::new().await;
    let (admin, _) = house.administrator().await;
    let office = house.office(&admin, &hue()).await;
    let id = house.person(&office, AccountKind::Citizen, "dan@hue.vn").await;
    let signed_in = house.enter("dan@hue.vn").await;
    let assurance = async || match house.present(&signed_in.token).await.principal() {
        dinh_access::Principal::Account(account) => account.assurance,
        _ => 9,
    };
    assert_eq!(assurance().await, 0);
    office.prove(&id, Proved { email: true, ..Proved::default() }).await.unwrap();
    assert_eq!(assurance().await, 1);
    office.prove(&id, Proved { identity: true, ..Proved::default() }).await.unwrap();
    assert_eq!(assurance().await, 2);
    // A new address is not confirmed by the old one.
    let present = house.present(&signed_in.token).await;
    let details = Details { email: Some(email("moi@hue.vn")), ..Details::of(present.account()) };
    house.identity.details_change(&present, &details, &here()).await.unwrap();
    assert_eq!(house.present(&signed_in.token).await.account().email.as_ref().unwrap().verified, None);
}

#[tokio::test]
async fn an_address_is_confirmed_by_who_reads_what_is_sent_there() {
    let house = House::new().await;
    let (admin, _) = house.administrator().await;
    let office = house.office(&admin, &hue()).await;
    house.person(&office, AccountKind::Citizen, "dan@hue.vn").await;
    let signed_in = house.enter("dan@hue.vn").await;
    let present = house.present(&signed_in.token).await;
    let own = email("dan@hue.vn");
    let foreign = house.identity.address_code(&present, &email("binh@hue.gov.vn")).await;
    assert!(matches!(foreign, Err(Error::NoSuch("address"))), "{foreign:?}");
    let sent = house.identity.address_code(&present, &own).await.unwrap();
    assert_eq!((sent.to, sent.code.len()), (own.clone(), 9));
    let confirm = async |code: &str| house.identity.address_confirm(&present, code, &here()).await;
    assert!(matches!(confirm("ABCD-EFGH").await, Err(Error::WrongCode)));
    // A code of another account is none here.
    let other = house.present(&admin.token).await;
    let theirs = house.identity.address_code(&other, &email("binh@hue.gov.vn")).await.unwrap();
    assert!(matches!(confirm(&theirs.code).await, Err(Error::WrongCode)));
    assert_eq!(confirm(&sent.code.to_lowercase()).await.unwrap(), own);
    assert!(house.present(&signed_in.token).await.account().email.as_ref().unwrap().verified.is_some());
    assert!(matches!(confirm(&sent.code).await, Err(Error::WrongCode)), "once");
    let late = house.identity.address_code(&present, &own).await.unwrap();
    house.pass(30 * MINUTE);
    assert!(matches!(confirm(&late.code).await, Err(Error::WrongCode)));
    let answers =
        [confirm("A").await, confirm("A").await, confirm("A").await, confirm("A").await, confirm("A").await];
    assert!(matches!(answers.last(), Some(Err(Error::TooSoon { .. }))), "{answers:?}");
}
