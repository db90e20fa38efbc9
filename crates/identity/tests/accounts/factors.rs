//! Second factors and step-up.

use dinh_access::{AccountKind, Principal};
use dinh_identity::{Answer, Error, Failure, Means, What};
use dinh_model::{Clock as _, Timestamp};
use ring::hmac;

use crate::house::{DAY, House, MINUTE, PASSWORD, SECOND, here, hue, role};

/// What a telephone shows: RFC 6238, written here a second time.
pub(crate) fn code(secret: &str, now: Timestamp) -> String {
    let (mut key, mut held, mut bits) = (Vec::new(), 0_u32, 0);
    for letter in secret.bytes() {
        let value = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".bytes().position(|b| b == letter).unwrap();
        held = (held << 5) | u32::try_from(value).unwrap();
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            key.push(u8::try_from((held >> bits) & 255).unwrap());
        }
    }
    let step = u64::try_from(now.as_micros() / 30_000_000).unwrap();
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &key);
    let mac = hmac::sign(&key, &step.to_be_bytes());
    let at = usize::from(mac.as_ref()[19] & 15);
    let number = u32::from_be_bytes(mac.as_ref()[at..at + 4].try_into().unwrap()) & 0x7fff_ffff;
    format!("{:06}", number % 1_000_000)
}

async fn ticket(house: &House, address: &str) -> String {
    match house.identity.sign_in(address, PASSWORD, &here()).await.unwrap() {
        Answer::SecondFactor { ticket, .. } => ticket,
        Answer::SignedIn(_) => panic!("no second factor was asked for"),
    }
}

#[tokio::test]
async fn a_password_alone_does_not_sign_in_who_has_a_second_factor() {
    let house = House::new().await;
    let (_, secret) = house.administrator().await;
    house.pass(MINUTE);
    let first = ticket(&house, "binh@hue.gov.vn").await;
    let now = code(&secret, house.clock.now());
    let signed_in = house.identity.sign_in_second(&first, &now, &here()).await.unwrap();
    assert!(house.present(&signed_in.token).await.stepped_up());
    // Neither the ticket nor the code is good a second time.
    let again = house.identity.sign_in_second(&first, &now, &here()).await;
    assert!(matches!(again, Err(Error::Expired)), "{again:?}");
    let second = ticket(&house, "binh@hue.gov.vn").await;
    house.events();
    let replay = house.identity.sign_in_second(&second, &now, &here()).await;
    assert!(matches!(replay, Err(Error::WrongCode)), "{replay:?}");
    assert_eq!(house.happened(), [What::SignInFailed { why: Failure::Code, handle: None }]);
    // A ticket lasts five minutes.
    let third = ticket(&house, "binh@hue.gov.vn").await;
    house.pass(5 * MINUTE);
    let late = house.identity.sign_in_second(&third, &code(&secret, house.clock.now()), &here()).await;
    assert!(matches!(late, Err(Error::Expired)), "{late:?}");
}

#[tokio::test]
async fn codes_cannot_be_tried_one_after_another() {
    let house = House::new().await;
    house.administrator().await;
    let mut wrong = 0;
    for _ in 0..20 {
        let ticket = ticket(&house, "binh@hue.gov.vn").await;
        match house.identity.sign_in_second(&ticket, "000000", &here()).await {
            Err(Error::WrongCode) => wrong += 1,
            Err(Error::TooSoon { .. }) => {}
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(wrong, 6, "five for nothing, and one that starts the waiting");
}

#[tokio::test]
async fn a_recovery_code_signs_in_once() {
    let house = House::new().await;
    let (admin, _) = house.administrator().await;
    let present = house.present(&admin.token).await;
    let codes = house.identity.recovery_codes_renew(&present, &here()).await.unwrap();
    assert_eq!(codes.len(), 10);
    let used = codes[3].to_lowercase().replace('-', " ");
    let first = ticket(&house, "binh@hue.gov.vn").await;
    house.events();
    house.identity.sign_in_second(&first, &used, &here()).await.unwrap();
    assert!(matches!(house.happened()[..], [What::SignedIn { means: Means::RecoveryCode, .. }]));
    let again = ticket(&house, "binh@hue.gov.vn").await;
    assert!(house.identity.sign_in_second(&again, &used, &here()).await.is_err());
    // New codes void the others.
    house.identity.recovery_codes_renew(&present, &here()).await.unwrap();
    let voided = ticket(&house, "binh@hue.gov.vn").await;
    assert!(house.identity.sign_in_second(&voided, &codes[4], &here()).await.is_err());
}

#[tokio::test]
async fn a_step_up_lasts_ten_minutes_and_changes_the_token() {
    let house = House::new().await;
    let (admin, secret) = house.administrator().await;
    house.pass(10 * MINUTE - SECOND);
    assert!(house.present(&admin.token).await.stepped_up());
    house.pass(SECOND);
    let present = house.present(&admin.token).await;
    assert!(!present.stepped_up());
    let refused = house.identity.totp_remove(&present, &here()).await;
    assert!(matches!(refused, Err(Error::StepUp { minutes: 10 })), "{refused:?}");
    let no_code = house.identity.step_up(&present, PASSWORD, None, &here()).await;
    assert!(matches!(no_code, Err(Error::WrongCode)), "{no_code:?}");
    let no_password = house.identity.step_up(&present, "sai", Some("123456"), &here()).await;
    assert!(matches!(no_password, Err(Error::Refused)), "{no_password:?}");
    let now = code(&secret, house.clock.now());
    let stepped = house.identity.step_up(&present, PASSWORD, Some(&now), &here()).await.unwrap();
    assert!(!house.is_in(&admin.token).await, "a token that was known before must not gain rights");
    let present = house.present(&stepped.token).await;
    assert!(present.stepped_up());
    house.identity.totp_remove(&present, &here()).await.unwrap();
    house.enter("binh@hue.gov.vn").await;
}

#[tokio::test]
async fn without_a_second_factor_nobody_steps_up_and_administers() {
    let house = House::new().await;
    let (admin, _) = house.administrator().await;
    let office = house.office(&admin, &hue()).await;
    let id = house.person(&office, AccountKind::Official, "cuong@hue.gov.vn").await;
    office.set_rights(&id, &role("administrator")).await.unwrap();
    let signed_in = house.enter("cuong@hue.gov.vn").await;
    let present = house.present(&signed_in.token).await;
    let Principal::Account(account) = present.principal() else { panic!("not an account") };
    assert!(account.roles.contains("administrator") && !account.stepped_up);
    let session = house.context.session(present.principal(), hue(), dinh_access::Purpose::Operations);
    let denied = house.identity.office(&session, &here()).err().unwrap();
    assert_eq!(denied.code(), "denied");
    let same = house.identity.step_up(&present, PASSWORD, None, &here()).await.unwrap();
    assert!(!house.present(&same.token).await.stepped_up());
    let (strong, _) = house.with_second_factor(&same).await;
    house.office(&strong, &hue()).await;
}

#[tokio::test]
async fn a_factor_is_set_up_only_by_who_showed_the_password_lately_and_whose_program_works() {
    let house = House::new().await;
    let (admin, _) = house.administrator().await;
    let office = house.office(&admin, &hue()).await;
    house.person(&office, AccountKind::Citizen, "cuong@hue.vn").await;
    let signed_in = house.enter("cuong@hue.vn").await;
    let present = house.present(&signed_in.token).await;
    let offer = house.identity.totp_offer(&present).await.unwrap();
    assert!(offer.uri.starts_with("otpauth://totp/") && offer.uri.contains(&offer.secret));
    let wrong = house.identity.totp_confirm(&present, &offer.ticket, "000000", &here()).await;
    assert!(matches!(wrong, Err(Error::WrongCode)), "{wrong:?}");
    house.pass(DAY);
    let present = house.present(&signed_in.token).await;
    let late = house.identity.totp_offer(&present).await;
    assert!(matches!(late, Err(Error::Confirm { minutes: 10 })), "{late:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_who_show_one_code_at_the_same_moment_one_gets_in() {
    let house = House::new().await;
    let (_, secret) = house.administrator().await;
    house.pass(MINUTE);
    let mut tickets = Vec::new();
    for _ in 0..5 {
        tickets.push(ticket(&house, "binh@hue.gov.vn").await);
    }
    let now = code(&secret, house.clock.now());
    let tries = tickets.into_iter().map(|ticket| {
        let (identity, now) = (house.identity.clone(), now.clone());
        tokio::spawn(async move { identity.sign_in_second(&ticket, &now, &here()).await })
    });
    let answers = futures::future::join_all(tries).await;
    let entered = answers.iter().filter(|answer| answer.as_ref().unwrap().is_ok()).count();
    assert_eq!(entered, 1, "{answers:?}");
}
