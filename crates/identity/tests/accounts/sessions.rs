//! Sessions: how long they last, and how they end.

use dinh_access::{AccountKind, Principal};
use dinh_identity::domain::{Basis, Days, Position, Role};
use dinh_identity::{Details, Error, Rights, What};
use dinh_model::{Attribute, Clock as _, Entity, EntityId, Iri, OneOrMany, Tenant, Timestamp, Value};
use jiff::civil::date;

use crate::house::{DAY, House, MINUTE, email, here, hue, role, until};

#[tokio::test]
async fn officials_and_citizens_stay_as_long_as_the_settings_say() {
    let house = House::new().await;
    let (admin, _) = house.administrator().await;
    let office = house.office(&admin, &hue()).await;
    house.person(&office, AccountKind::Citizen, "dan@hue.vn").await;
    let citizen = house.enter("dan@hue.vn").await;
    let official = house.person(&office, AccountKind::Official, "quan@hue.gov.vn").await;
    office.set_rights(&official, &role("operator")).await.unwrap();
    let official = house.enter("quan@hue.gov.vn").await;
    // Used every 29 minutes it goes on, up to twelve hours.
    for _ in 0..24 {
        house.pass(29 * MINUTE);
        assert!(house.is_in(&official.token).await);
    }
    house.pass(24 * MINUTE);
    assert!(!house.is_in(&official.token).await, "twelve hours are over");
    let official = house.enter("quan@hue.gov.vn").await;
    house.pass(30 * MINUTE);
    assert!(!house.is_in(&official.token).await, "half an hour without a request");
    house.pass(13 * DAY);
    assert!(house.is_in(&citizen.token).await);
    house.pass(DAY);
    assert!(!house.is_in(&citizen.token).await);
    assert!(house.identity.tidy().await.unwrap() >= 3);
}

#[tokio::test]
async fn a_citizen_who_is_given_a_role_begins_anew_with_shorter_sessions() {
    let house = House::new().await;
    let (admin, _) = house.administrator().await;
    let office = house.office(&admin, &hue()).await;
    let id = house.person(&office, AccountKind::Citizen, "dan@hue.vn").await;
    let long = house.enter("dan@hue.vn").await;
    office.set_rights(&id, &role("operator")).await.unwrap();
    assert!(!house.is_in(&long.token).await);
    let short = house.enter("dan@hue.vn").await;
    assert_eq!(short.session.idle_minutes, 30);
}

#[tokio::test]
async fn a_session_outlives_a_restart_and_its_use_too() {
    let house = House::new().await;
    let (admin, _) = house.administrator().await;
    for _ in 0..3 {
        house.pass(25 * MINUTE);
        let present = house.present(&admin.token).await;
        let now = house.clock.now();
        until(async || house.identity.sessions(&present).await.unwrap()[0].seen == now).await;
    }
    let house = house.restart().await;
    assert!(house.is_in(&admin.token).await);
}

#[tokio::test]
async fn what_is_revoked_is_gone_at_once() {
    let house = House::new().await;
    let (admin, _) = house.administrator().await;
    let office = house.office(&admin, &hue()).await;
    let id = house.person(&office, AccountKind::Citizen, "dan@hue.vn").await;
    let mut entered = Vec::new();
    for _ in 0..4 {
        entered.push(house.enter("dan@hue.vn").await);
        house.pass(MINUTE);
    }
    let present = house.present(&entered[0].token).await;
    let listed = house.identity.sessions(&present).await.unwrap();
    let ids: Vec<_> = listed.iter().map(|session| session.id.as_str()).collect();
    assert_eq!(ids, entered.iter().map(|one| one.session.id.as_str()).collect::<Vec<_>>());
    assert_eq!(listed[0].from, here());
    house.events();
    house.identity.session_end(&present, &entered[1].session.id, &here()).await.unwrap();
    assert!(!house.is_in(&entered[1].token).await);
    house.identity.sign_out(&house.present(&entered[2].token).await, &here()).await.unwrap();
    assert!(!house.is_in(&entered[2].token).await);
    assert!(house.is_in(&entered[3].token).await);
    house.identity.sessions_end_others(&present, &here()).await.unwrap();
    assert!(!house.is_in(&entered[3].token).await && house.is_in(&entered[0].token).await);
    let session = |at: usize| entered[at].session.id.clone();
    assert_eq!(
        house.happened(),
        [
            What::SessionsRevoked { sessions: vec![session(1)] },
            What::SignedOut { session: session(2) },
            What::SessionsRevoked { sessions: vec![session(3)] },
        ]
    );
    office.lock(&id).await.unwrap();
    assert!(!house.is_in(&entered[0].token).await);
    let locked = house.identity.sign_in("dan@hue.vn", crate::house::PASSWORD, &here()).await.unwrap_err();
    assert_eq!(locked.code(), "not-active");
    office.unlock(&id).await.unwrap();
    assert!(!house.is_in(&entered[0].token).await);
    house.enter("dan@hue.vn").await;
}

#[tokio::test]
async fn sessions_and_addresses_are_changed_by_who_showed_the_password_lately() {
    let house = House::new().await;
    let (admin, _) = house.administrator().await;
    let office = house.office(&admin, &hue()).await;
    house.person(&office, AccountKind::Citizen, "dan@hue.vn").await;
    let (left_open, other) = (house.enter("dan@hue.vn").await, house.enter("dan@hue.vn").await);
    house.pass(10 * MINUTE);
    // Whoever finds a session open sees the others, and neither ends them nor leads the account elsewhere.
    let present = house.present(&left_open.token).await;
    assert_eq!(house.identity.sessions(&present).await.unwrap().len(), 2);
    let mut elsewhere = Details::of(present.account());
    elsewhere.email = Some(email("ke-khac@hue.vn"));
    house.events();
    for refused in [
        house.identity.session_end(&present, &other.session.id, &here()).await,
        house.identity.sessions_end_others(&present, &here()).await,
        house.identity.details_change(&present, &elsewhere, &here()).await,
    ] {
        assert!(matches!(refused, Err(Error::Confirm { minutes: 10 })), "{refused:?}");
    }
    assert!(house.is_in(&other.token).await);
    assert_eq!(house.present(&other.token).await.account().email.as_ref().unwrap().text, "dan@hue.vn");
    assert_eq!(house.happened(), []);
    let shown = house.identity.step_up(&present, crate::house::PASSWORD, None, &here()).await.unwrap();
    let present = house.present(&shown.token).await;
    house.identity.details_change(&present, &elsewhere, &here()).await.unwrap();
    house.identity.sessions_end_others(&present, &here()).await.unwrap();
    assert!(!house.is_in(&other.token).await && house.is_in(&shown.token).await);
}

#[tokio::test]
async fn the_twenty_first_session_ends_the_one_longest_unused() {
    let house = House::new().await;
    let (admin, _) = house.administrator().await;
    let office = house.office(&admin, &hue()).await;
    house.person(&office, AccountKind::Citizen, "dan@hue.vn").await;
    let mut entered = Vec::new();
    for _ in 0..21 {
        entered.push(house.enter("dan@hue.vn").await);
        house.pass(MINUTE);
    }
    assert!(!house.is_in(&entered[0].token).await);
    assert!(house.is_in(&entered[1].token).await && house.is_in(&entered[20].token).await);
}

#[tokio::test]
async fn tokens_that_were_altered_open_nothing() {
    let house = House::new().await;
    let (admin, _) = house.administrator().await;
    for at in [0, 20, 30, 40, 70] {
        let mut token = admin.token.clone().into_bytes();
        token[at] = if token[at] == b'A' { b'B' } else { b'A' };
        assert!(!house.is_in(&String::from_utf8(token).unwrap()).await, "{at}");
    }
    assert!(house.is_in(&admin.token).await);
}

#[tokio::test]
async fn an_official_acts_for_their_units_with_those_below_and_may_choose_one() {
    let house = House::new().await;
    let (admin, _) = house.administrator().await;
    unit(&house, "so", None).await;
    unit(&house, "phong", Some("so")).await;
    unit(&house, "khac", None).await;
    let office = house.office(&admin, &hue()).await;
    let id = house.person(&office, AccountKind::Official, "quan@hue.gov.vn").await;
    let position = |name: &str, days| Position {
        tenant: hue(),
        unit: uri(name),
        title: "Chuyên viên".to_owned(),
        basis: Basis::Held,
        days,
    };
    let officer =
        Role { tenant: hue(), code: "officer".to_owned(), unit: Some(uri("so")), days: Days::ALWAYS };
    let until_today = Days { from: None, to: Some(date(2026, 11, 20)) };
    let positions = vec![position("so", Days::ALWAYS), position("khac", until_today)];
    office.set_rights(&id, &Rights { roles: vec![officer], positions }).await.unwrap();
    let signed_in = house.enter("quan@hue.gov.vn").await;
    let acts = async |tenant: &Tenant| {
        let present = house.identity.session(&signed_in.token, tenant).await.unwrap().unwrap();
        let Principal::Account(account) = present.principal() else { panic!("not an account") };
        let units: Vec<String> =
            account.units.iter().map(|u| u.rsplit(':').next().unwrap().to_owned()).collect();
        (units.join(" "), account.roles.contains("officer"))
    };
    assert_eq!(acts(&hue()).await, ("khac phong so".to_owned(), true));
    assert_eq!(acts(&Tenant::parse("quang-ngai").unwrap()).await, (String::new(), false));
    let present = house.present(&signed_in.token).await;
    house.identity.act_for(&present, &hue(), Some(&uri("khac")), &here()).await.unwrap();
    assert_eq!(acts(&hue()).await, ("khac".to_owned(), false));
    assert!(house.identity.act_for(&present, &hue(), Some(&uri("phong")), &here()).await.is_err());
    house.identity.act_for(&present, &hue(), None, &here()).await.unwrap();
    // At midnight in Việt Nam, 17:00 UTC, the position ends while the session goes on.
    house.pass((14 * 60 + 50) * MINUTE);
    let signed_in = house.enter("quan@hue.gov.vn").await;
    let units = async || match house.present(&signed_in.token).await.principal() {
        Principal::Account(account) => account.units.len(),
        _ => 0,
    };
    assert_eq!(units().await, 3);
    house.pass(10 * MINUTE);
    assert_eq!(units().await, 2);
}

fn uri(name: &str) -> Iri {
    EntityId::trusted(format!("urn:ngsi-ld:Unit:{name}"))
}

async fn unit(house: &House, name: &str, parent: Option<&str>) {
    let core = dinh_ngsild::context::Context::core();
    let at = Timestamp::from_micros(0);
    let mut entity = Entity::new(uri(name), core.expand("Unit"), at);
    let title = Value::Language([("vi".to_owned(), OneOrMany::One(format!("Đơn vị {name}")))].into());
    entity.set(core.expand("name"), Attribute::new(title, at));
    if let Some(parent) = parent {
        let value = Value::Relationship { object: OneOrMany::One(uri(parent)), object_type: Vec::new() };
        entity.set(core.expand("parent"), Attribute::new(value, at));
    }
    house.context.system("test", hue()).create(entity).await.unwrap();
}
