//! What administrators do.

use dinh_access::AccountKind;
use dinh_identity::domain::{Days, Role, State};
use dinh_identity::{Details, Error, KeyScope, NewAccount, Proved, Rights, Wanted, What};
use dinh_model::Tenant;

use crate::house::{DAY, House, MINUTE, PASSWORD, email, here, hue, role};

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

#[tokio::test]
async fn a_list_is_searched_without_accents_and_comes_in_pages() {
    let house = House::new().await;
    let (admin, _) = house.administrator().await;
    let office = house.office(&admin, &hue()).await;
    let make = async |kind, name: &str| {
        let details = Details { name: name.to_owned(), ..Details::default() };
        office.open(&NewAccount { kind, details, subject: None }).await.unwrap().account.id
    };
    let duc = make(AccountKind::Official, "Đỗ Văn Đức").await;
    make(AccountKind::Citizen, "Lê Thị Ánh").await;
    let gauge = make(AccountKind::Device, "Trạm đo Kim Long").await;
    let names = async |wanted: Wanted, offset, limit| {
        let found = office.list(&wanted, offset, limit).await.unwrap();
        let names: Vec<_> = found.accounts.into_iter().map(|known| known.record.name).collect();
        (names, found.total, found.cut_off)
    };
    let words = |words: &str| Wanted { words: words.to_owned(), ..Wanted::default() };
    assert_eq!(names(words("duc do"), 0, 9).await, (vec!["Đỗ Văn Đức".to_owned()], 1, false));
    assert_eq!(names(words("không ai"), 0, 9).await, (vec![], 0, false));
    // The administrator's own account is looked after centrally, and is listed here because it has a role here.
    let all = names(Wanted::default(), 0, 9).await;
    assert_eq!(all.0, ["Đỗ Văn Đức", "Lê Thị Ánh", "Trạm đo Kim Long", "Trần Thị Bình"]);
    assert_eq!(names(Wanted::default(), 1, 2).await, (all.0[1..3].to_vec(), 4, false));
    let devices = Wanted { kind: Some(AccountKind::Device), ..Wanted::default() };
    assert_eq!(names(devices, 0, 9).await.0, ["Trạm đo Kim Long"]);
    office.lock(&gauge).await.unwrap();
    let locked = Wanted { state: Some(State::Locked), ..Wanted::default() };
    assert_eq!(names(locked, 0, 9).await.0, ["Trạm đo Kim Long"]);
    office.set_rights(&duc, &role("operator")).await.unwrap();
    let operators = Wanted { role: Some("operator".to_owned()), ..Wanted::default() };
    assert_eq!(names(operators, 0, 9).await.0, ["Đỗ Văn Đức"]);
    let found = office.list(&words("binh@hue.gov.vn"), 0, 9).await.unwrap();
    assert!(!found.accounts[0].cared_for && found.accounts[0].record.email.is_none());
    let elsewhere = house.office(&admin, &Tenant::default_tenant()).await;
    assert!(elsewhere.known(&duc).await.unwrap().cared_for);
}

#[tokio::test]
async fn what_is_done_to_others_goes_on_record_with_its_reason_and_place() {
    let house = House::new().await;
    let (admin, _) = house.administrator().await;
    let office = house.office(&admin, &hue()).await;
    let id = house.person(&office, AccountKind::Official, "quan@hue.gov.vn").await;
    for reason in ["", "vì", &"x".repeat(501), "hai\ndòng đấy"] {
        let office = house.office(&admin, &hue()).await;
        let refused = office.because(reason).err().map(|error| error.code());
        assert_eq!(refused, Some("reason-misfit"), "{reason}");
    }
    house.events();
    let origin = here().at(&hue());
    let session = house.context.system("test", hue());
    let office = house.identity.office(&session, &origin).unwrap().because(" Quyết định 12/QĐ ").unwrap();
    office.set_rights(&id, &role("operator")).await.unwrap();
    let event = house.events().remove(0);
    assert_eq!((event.reason.as_deref(), event.tenant), (Some("Quyết định 12/QĐ"), Some(hue())));
}

#[tokio::test]
async fn factors_and_sessions_of_others_are_seen_and_taken_away() {
    let house = House::new().await;
    let (admin, _) = house.administrator().await;
    let office = house.office(&admin, &hue()).await;
    let id = house.person(&office, AccountKind::Official, "quan@hue.gov.vn").await;
    let none = office.factors(&id).await.unwrap();
    assert!(none.password.is_some() && none.totp.is_none() && none.link_until.is_none());
    assert!(matches!(office.factors_drop(&id).await, Err(Error::NoSuch("factor"))));
    let first = house.enter("quan@hue.gov.vn").await;
    let (strong, _) = house.with_second_factor(&first).await;
    let kept = office.factors(&id).await.unwrap();
    assert!(kept.totp.is_some() && kept.recovery_codes == 10);
    office.recovery_link(&id, false).await.unwrap();
    assert!(office.factors(&id).await.unwrap().link_until.is_some());
    let sessions = office.sessions(&id).await.unwrap();
    assert_eq!(sessions.len(), 1);
    assert!(matches!(office.session_end(&id, "khác").await, Err(Error::NoSuch("session"))));
    office.session_end(&id, &sessions[0].id).await.unwrap();
    assert!(!house.is_in(&strong.token).await);
    house.events();
    office.factors_drop(&id).await.unwrap();
    assert!(office.factors(&id).await.unwrap().totp.is_none());
    assert_eq!(house.happened(), [What::FactorRemoved { factor: dinh_identity::Means::Totp }]);
    house.enter("quan@hue.gov.vn").await;
}

#[tokio::test]
async fn who_accounts_are_is_said_to_those_who_administer_or_audit() {
    let house = House::new().await;
    let (admin, _) = house.administrator().await;
    let office = house.office(&admin, &hue()).await;
    let id = house.person(&office, AccountKind::Official, "quan@hue.gov.vn").await;
    let nobody = house.context.session(
        dinh_access::Principal::Anonymous,
        hue(),
        dinh_access::Purpose::PublicInformation,
    );
    assert!(matches!(house.identity.lookup(&nobody), Err(Error::Door(_))));
    let lookup = house.identity.lookup(&house.context.system("test", hue())).unwrap();
    let cards = lookup.named("cuong le", 5).await.unwrap();
    assert_eq!(cards.iter().map(|card| &card.id).collect::<Vec<_>>(), [&id]);
    assert_eq!(lookup.named("quan@hue.gov.vn", 5).await.unwrap(), cards);
    assert_eq!(lookup.card(&id).await.unwrap().unwrap().name, "Lê Văn Cường");
    office.set_rights(&id, &role("operator")).await.unwrap();
    let acting = lookup.acting(&id, true).await.unwrap().unwrap();
    assert!(acting.stepped_up && acting.roles.contains("operator"));
    office.lock(&id).await.unwrap();
    assert_eq!(lookup.acting(&id, false).await.unwrap(), None);
}

#[tokio::test]
async fn all_keys_are_listed_with_whose_they_are() {
    let house = House::new().await;
    let (admin, _) = house.administrator().await;
    let office = house.office(&admin, &hue()).await;
    assert!(office.all_keys().await.unwrap().is_empty());
    let details = Details { name: "Trạm đo Kim Long".to_owned(), ..Details::default() };
    let new = NewAccount { kind: AccountKind::Device, details, subject: None };
    let id = office.open(&new).await.unwrap().account.id;
    let scope = KeyScope {
        tenants: [hue()].into(),
        types: [].into(),
        roles: [].into(),
        networks: Vec::new(),
        expires: house.context.clock().now().plus_micros(DAY),
        per_second: 5,
    };
    let made = office.key_make(&id, "Khoá trạm", &scope).await.unwrap();
    let keys = office.all_keys().await.unwrap();
    assert_eq!((keys[0].0.id.as_str(), keys[0].1.as_str()), (made.key.id.as_str(), "Trạm đo Kim Long"));
    let elsewhere = house.office(&admin, &Tenant::default_tenant()).await;
    assert_eq!(elsewhere.all_keys().await.unwrap().len(), 1);
}
