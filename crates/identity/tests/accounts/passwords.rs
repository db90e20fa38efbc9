//! Signing in with a password.

use dinh_access::AccountKind;
use dinh_identity::password::Weak;
use dinh_identity::{Answer, Error, Failure, What};
use dinh_model::Clock as _;

use crate::house::{DAY, House, PASSWORD, SECOND, from, here, hue, until};

#[tokio::test]
async fn an_unknown_name_and_a_wrong_password_are_answered_alike() {
    let house = House::new().await;
    house.administrator().await;
    house.events();
    let wrong = house.identity.sign_in("binh@hue.gov.vn", "sai mật khẩu rồi", &here()).await.unwrap_err();
    let unknown = house.identity.sign_in("ai@hue.gov.vn", "sai mật khẩu rồi", &here()).await.unwrap_err();
    let nonsense = house.identity.sign_in("💧", "sai mật khẩu rồi", &here()).await.unwrap_err();
    for error in [&wrong, &unknown, &nonsense] {
        assert!(matches!(error, Error::Refused), "{error}");
        assert_eq!(error.to_string(), wrong.to_string());
    }
    let events = house.events();
    let why: Vec<_> = events
        .iter()
        .map(|event| match &event.what {
            What::SignInFailed { why, handle: Some(handle) } => (*why, handle.len(), event.account.is_some()),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        why,
        [(Failure::Password, 64, true), (Failure::Unknown, 64, false), (Failure::Unknown, 64, false)]
    );
    assert_eq!(events[0].from, here());
    let text = serde_json::to_string(&events).unwrap();
    assert!(!text.contains("hue.gov.vn") && !text.contains("sai"), "{text}");
}

#[tokio::test]
async fn guessing_is_slowed_down_for_a_name_and_a_restart_does_not_help() {
    let house = House::new().await;
    house.administrator().await;
    for attempt in 0..12_u8 {
        let origin = from([10, attempt, 0, 1]);
        match house.identity.sign_in("binh@hue.gov.vn", "đoán bừa một câu", &origin).await {
            Err(Error::Refused) if attempt < 6 => {}
            Err(Error::TooSoon { .. }) if attempt >= 6 => {}
            other => panic!("{attempt}: {other:?}"),
        }
    }
    let too_soon = |event: &&What| matches!(event, What::SignInFailed { why: Failure::TooSoon, .. });
    assert_eq!(house.happened().iter().filter(too_soon).count(), 6, "one a minute from each address");
    for _ in 0..3 {
        house
            .identity
            .sign_in("binh@hue.gov.vn", "đoán bừa một câu", &from([10, 7, 0, 1]))
            .await
            .unwrap_err();
    }
    assert_eq!(house.happened(), [], "told already");
    // Names without an account wait just as long.
    for attempt in 0..7_u8 {
        let answer =
            house.identity.sign_in("ai@hue.gov.vn", "đoán bừa một câu", &from([10, attempt, 0, 1])).await;
        assert_eq!(matches!(answer, Err(Error::TooSoon { .. })), attempt == 6, "{answer:?}");
    }
    let kept = async |house: &House| {
        let session = house.context.system("test", dinh_model::Tenant::default_tenant());
        let records = session.records("identity-tries", "", 10).await.unwrap();
        records.into_iter().map(|record| record.body["failures"].as_u64().unwrap()).collect::<Vec<_>>()
    };
    until(async || kept(&house).await == [6]).await;
    let house = house.restart().await;
    let right = house.identity.sign_in("binh@hue.gov.vn", PASSWORD, &here()).await;
    assert!(matches!(right, Err(Error::TooSoon { .. })), "{right:?}");
    house.pass(2 * SECOND);
    house.identity.sign_in("binh@hue.gov.vn", PASSWORD, &here()).await.unwrap();
    until(async || kept(&house).await.is_empty()).await;
}

#[tokio::test]
async fn many_attempts_at_once_are_counted_like_one_after_another() {
    let house = House::new().await;
    house.administrator().await;
    let tries = (0..30_u8).map(|n| {
        let identity = house.identity.clone();
        tokio::spawn(async move {
            identity.sign_in("binh@hue.gov.vn", "đoán bừa một câu", &from([10, n, 0, 1])).await
        })
    });
    let answers = futures::future::join_all(tries).await;
    let looked_at = answers.iter().filter(|a| matches!(a.as_ref().unwrap(), Err(Error::Refused))).count();
    assert_eq!(looked_at, 6);
}

#[tokio::test]
async fn a_new_password_ends_all_other_sessions_and_must_be_good() {
    let house = House::new().await;
    let (admin, _) = house.administrator().await;
    let office = house.office(&admin, &hue()).await;
    house.person(&office, AccountKind::Citizen, "cuong@hue.vn").await;
    let (one, two) = (house.enter("cuong@hue.vn").await, house.enter("cuong@hue.vn").await);
    let present = house.present(&one.token).await;
    let change =
        async |old: &str, new: &str| house.identity.password_change(&present, old, new, &here()).await;
    assert!(matches!(change("không phải", "trâu lội qua sông sâu").await, Err(Error::Refused)));
    for (new, weak) in
        [("ngắn quá", Weak::Short), ("matkhau123456", Weak::Common), ("cuong@hue.vn 99", Weak::Personal)]
    {
        let refused = change(PASSWORD, new).await;
        assert!(matches!(&refused, Err(Error::Weak(why)) if *why == weak), "{new}: {refused:?}");
    }
    house.events();
    let fresh = change(PASSWORD, "trâu lội qua sông sâu").await.unwrap();
    assert!(house.is_in(&fresh.token).await);
    assert!(!house.is_in(&one.token).await && !house.is_in(&two.token).await);
    assert_eq!(house.happened()[0], What::PasswordSet);
    assert!(house.identity.sign_in("cuong@hue.vn", PASSWORD, &here()).await.is_err());
    house.identity.sign_in("cuong@hue.vn", "trâu lội qua sông sâu", &here()).await.unwrap();
}

#[tokio::test]
async fn a_leaked_password_is_not_taken() {
    // SHA-1 of the first one.
    let house = House::new().await.with_leaked("7C30A246D17EDDA299BB34430B0322D0F227B108").await;
    let (admin, _) = house.administrator().await;
    let office = house.office(&admin, &hue()).await;
    house.person(&office, AccountKind::Citizen, "cuong@hue.vn").await;
    let one = house.enter("cuong@hue.vn").await;
    let present = house.present(&one.token).await;
    let change = async |new: &str| house.identity.password_change(&present, PASSWORD, new, &here()).await;
    let refused = change("trâu lội qua sông sâu").await;
    assert!(matches!(refused, Err(Error::Weak(Weak::Breached))), "{refused:?}");
    change("trâu lội qua sông cạn").await.unwrap();
}

#[tokio::test]
async fn no_session_is_handed_out_that_is_not_on_record() {
    let house = House::new().await;
    let (admin, _) = house.administrator().await;
    let office = house.office(&admin, &hue()).await;
    house.person(&office, AccountKind::Citizen, "cuong@hue.vn").await;
    house.deafen(true);
    let answer = house.identity.sign_in("cuong@hue.vn", PASSWORD, &here()).await;
    assert!(matches!(answer, Err(Error::Trail(_))), "{answer:?}");
    house.deafen(false);
    house.enter("cuong@hue.vn").await;
}

#[tokio::test]
async fn the_store_tells_neither_passwords_nor_names_of_secrets() {
    let house = House::new().await;
    let (admin, secret) = house.administrator().await;
    let kinds = ["identity-secret", "identity-session", "identity-handle", "identity-tries"];
    let text = house.kept(&kinds).await;
    assert!(text.contains("$argon2id$"));
    for hidden in [PASSWORD, &secret, &admin.token, "binh@hue.gov.vn"] {
        assert!(!text.contains(hidden), "{hidden} in {text}");
    }
}

#[tokio::test]
async fn a_password_counts_exactly_as_it_was_typed() {
    let house = House::new().await;
    let (admin, _) = house.administrator().await;
    let office = house.office(&admin, &hue()).await;
    house.person(&office, AccountKind::Citizen, "cuong@hue.vn").await;
    let present = house.present(&house.enter("cuong@hue.vn").await.token).await;
    // As long as any may be, with room at its ends, and different in its last sign alone from another.
    let longest =
        format!(" {}Z ", "Sông Hương chảy qua 9 cầu. ".repeat(8).chars().take(197).collect::<String>());
    assert_eq!(longest.chars().count(), 200);
    house.identity.password_change(&present, PASSWORD, &longest, &here()).await.unwrap();
    let first_letters: String = longest.chars().take(64).collect();
    for other in [
        longest.to_uppercase(),
        longest.to_lowercase(),
        longest.trim().to_owned(),
        longest.replace('Z', "z"),
        longest.replace("ô", "o"),
        first_letters,
    ] {
        let refused = house.identity.sign_in("cuong@hue.vn", &other, &here()).await;
        assert!(matches!(refused, Err(Error::Refused | Error::TooSoon { .. })), "{other}: {refused:?}");
        house.pass(DAY);
    }
    house.identity.sign_in("cuong@hue.vn", &longest, &here()).await.unwrap();
}

#[tokio::test]
async fn a_password_grows_old_without_being_asked_for_a_new_one() {
    let house = House::new().await;
    let (admin, _) = house.administrator().await;
    let office = house.office(&admin, &hue()).await;
    house.person(&office, AccountKind::Citizen, "cuong@hue.vn").await;
    for _ in 0..10 {
        house.pass(366 * DAY);
        let signed_in = house.enter("cuong@hue.vn").await;
        let present = house.present(&signed_in.token).await;
        house.identity.totp_offer(&present).await.expect("what asks for a password is open");
    }
}

#[tokio::test]
async fn a_link_for_a_forgotten_password_leaves_the_second_factor() {
    let house = House::new().await;
    house.administrator().await;
    let office = house.with_office();
    let id = house.person(&office, AccountKind::Official, "cuong@hue.gov.vn").await;
    let (_, secret) = house.with_second_factor(&house.enter("cuong@hue.gov.vn").await).await;
    let link = office.recovery_link(&id, false).await.unwrap();
    house.identity.recover(&link, "trâu lội qua sông sâu", &here()).await.unwrap();
    let asked = house.identity.sign_in("cuong@hue.gov.vn", "trâu lội qua sông sâu", &here()).await.unwrap();
    let Answer::SecondFactor { ticket, by_code: true } = asked else {
        panic!("let in by the password alone")
    };
    house.pass(60 * SECOND);
    let code = crate::factors::code(&secret, house.clock.now());
    house.identity.sign_in_second(&ticket, &code, &here()).await.unwrap();
    // Only a link that says so takes it away.
    let link = office.recovery_link(&id, true).await.unwrap();
    house.identity.recover(&link, PASSWORD, &here()).await.unwrap();
    house.enter("cuong@hue.gov.vn").await;
}
