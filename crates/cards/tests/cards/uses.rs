//! What a card that was shown is used for: a second factor, an exemption; once, by whom it belongs to, while it holds.

use dinh_access::Account;
use dinh_cards::{Claim, Error, Holder, NewBenefit, NewCard, ShownCard, Standing, Step, Use, Wish};
use dinh_credentials::card::CardKind;
use dinh_credentials::key::Signer;
use serde_json::json;

use crate::house::{House, REASON, UNIT, hue, urn};
use crate::wallets::{fetched, fetched_of, shown_with, wallet};

const AT: &str = "https://dinh.example/answer";
const CASE: &str = "urn:ngsi-ld:Dossier:1";

fn step_up() -> Wish {
    Wish {
        kind: Some(CardKind::CivilServant),
        claims: vec![Claim::Serial],
        why: "Xác thực lần hai".to_owned(),
        purpose: Use::StepUp,
        about: String::new(),
    }
}

/// Asks as Thảo, answers with a card, and uses what was shown.
async fn stepped_up(house: &House, credential: &str, key: &Signer) -> Result<ShownCard, Error> {
    let thao = house.thao(1);
    let question = house.cards.ask(&thao, &step_up(), AT).await.unwrap();
    let early = house.cards.shown_for(&thao, &question.state, Use::StepUp, "").await;
    assert!(matches!(early, Err(Error::NotShown)), "{early:?}");
    let answer = shown_with(credential, key, (&question.request, house.seconds()), &["serial"]);
    drop(house.cards.answer(&hue(), &question.state, &answer).await);
    let used = house.cards.shown_for(&thao, &question.state, Use::StepUp, "").await;
    let again = house.cards.shown_for(&thao, &question.state, Use::StepUp, "").await;
    assert!(again.is_err(), "what was shown counts once: {again:?}");
    used
}

async fn used(house: &House, what: &str) -> i64 {
    let counts = house.cards.counts(&house.officer()).await.unwrap();
    counts.months.first().and_then(|(_, all)| all.get(what).copied()).unwrap_or_default()
}

#[tokio::test]
async fn ones_own_card_steps_up_once_while_it_holds() {
    let house = House::open().await;
    let key = wallet();
    let credential = fetched(&house, &key).await;
    let card = house.cards.own_cards(&house.thao(1)).await.unwrap().remove(0);
    let proof = stepped_up(&house, &credential, &key).await.unwrap();
    assert_eq!((proof.card, proof.account.as_str()), (card.id.clone(), "thao"));
    assert_eq!(used(&house, "used:step-up:civil-servant").await, 1);
    assert_eq!(used(&house, "used:presentation:civil-servant").await, 0, "it was not merely looked at");
    let head = house.head();
    house.cards.step(&head, (&card.id, card.version), Step::Suspend, REASON).await.unwrap();
    let refused = stepped_up(&house, &credential, &key).await;
    assert!(matches!(refused, Err(Error::DoesNotHold(Standing::Suspended))), "{refused:?}");
    let version = house.cards.one(&head, &card.id).await.unwrap().version;
    house.cards.step(&head, (&card.id, version), Step::Revoke, REASON).await.unwrap();
    let refused = stepped_up(&house, &credential, &key).await;
    assert!(matches!(refused, Err(Error::DoesNotHold(Standing::Revoked))), "{refused:?}");
    assert_eq!(used(&house, "used:step-up:civil-servant").await, 1);
}

#[tokio::test]
async fn a_card_that_is_revoked_after_it_was_shown_does_not_count() {
    let house = House::open().await;
    let key = wallet();
    let credential = fetched(&house, &key).await;
    let card = house.cards.own_cards(&house.thao(1)).await.unwrap().remove(0);
    let question = house.cards.ask(&house.thao(1), &step_up(), AT).await.unwrap();
    let answer = shown_with(&credential, &key, (&question.request, house.seconds()), &["serial"]);
    assert_eq!(house.cards.answer(&hue(), &question.state, &answer).await.unwrap(), Standing::Valid);
    house.cards.step(&house.head(), (&card.id, card.version), Step::Revoke, REASON).await.unwrap();
    let refused = house.cards.shown_for(&house.thao(1), &question.state, Use::StepUp, "").await;
    assert!(matches!(refused, Err(Error::DoesNotHold(Standing::Revoked))), "{refused:?}");
}

#[tokio::test]
async fn a_card_of_somebody_else_and_one_shown_for_something_else_do_not_step_up() {
    let house = House::open().await;
    let key = wallet();
    let credential = fetched(&house, &key).await;
    let other = house.session(Account { id: "khac".into(), ..Account::default() });
    let question = house.cards.ask(&other, &step_up(), AT).await.unwrap();
    let answer = shown_with(&credential, &key, (&question.request, house.seconds()), &["serial"]);
    assert_eq!(house.cards.answer(&hue(), &question.state, &answer).await.unwrap(), Standing::Valid);
    let refused = house.cards.shown_for(&house.thao(1), &question.state, Use::StepUp, "").await;
    assert!(matches!(refused, Err(Error::NoSuch(_))), "whoever did not ask: {refused:?}");
    let refused = house.cards.shown_for(&other, &question.state, Use::StepUp, "").await;
    assert!(matches!(refused, Err(Error::OtherHolder)), "{refused:?}");
    // What was asked for at a gate is no second factor, whoever asks.
    let gate = Wish { purpose: Use::Presentation, ..step_up() };
    let question = house.cards.ask(&house.thao(1), &gate, AT).await.unwrap();
    let answer = shown_with(&credential, &key, (&question.request, house.seconds()), &["serial"]);
    house.cards.answer(&hue(), &question.state, &answer).await.unwrap();
    let refused = house.cards.shown_for(&house.thao(1), &question.state, Use::StepUp, "").await;
    assert!(matches!(refused, Err(Error::NoSuch("question"))), "{refused:?}");
    assert_eq!(used(&house, "used:presentation:civil-servant").await, 1);
    let altered = answer["card"][0].as_str().unwrap().replacen("ey", "eY", 1);
    let question = house.cards.ask(&house.thao(1), &step_up(), AT).await.unwrap();
    drop(house.cards.answer(&hue(), &question.state, &json!({"card": [altered]})).await);
    let refused = house.cards.shown_for(&house.thao(1), &question.state, Use::StepUp, "").await;
    assert!(matches!(refused, Err(Error::Unbelieved(_))), "{refused:?}");
}

#[tokio::test]
async fn a_benefit_is_proved_by_the_card_that_says_it_until_it_is_over() {
    let house = House::open().await;
    let key = wallet();
    let thao = house.thao(2);
    let holder = Holder {
        account: "thao".to_owned(),
        name: "Thảo".to_owned(),
        subject: Some(urn("Person:thao")),
        position: None,
        personal_id: None,
    };
    let new = NewCard {
        kind: CardKind::Person,
        holder,
        unit: None,
        code: None,
        reason: REASON.to_owned(),
        photo: None,
    };
    let id = house.cards.ask_for(&thao, new).await.unwrap();
    let officer = house.official("desk", "card-officer", UNIT);
    let version = async || house.cards.one(&officer, &id).await.unwrap().version;
    house.cards.decide(&officer, (&id, version().await), true, REASON).await.unwrap();
    let day = |text: &str| text.parse::<jiff::civil::Date>().unwrap();
    let new = |code: &str, until: &str| {
        let proof = "Giấy chứng nhận hộ nghèo số 12/2026".to_owned();
        NewBenefit { code: code.to_owned(), until: day(until), proof }
    };
    for (wrong, expected) in [
        (new("social-enterprise", "2027-06-30"), "no benefit"),
        (new("poor-household", "2026-11-22"), "the end must be after"),
        (new("poor-household", "2032-06-30"), "the end must be after"),
    ] {
        let refused = house.cards.entitle(&officer, (&id, version().await), wrong, REASON).await.unwrap_err();
        assert!(refused.to_string().contains(expected), "{refused}");
    }
    let own =
        house.cards.entitle(&thao, (&id, version().await), new("poor-household", "2027-06-30"), REASON).await;
    assert!(matches!(own, Err(Error::NotManager)), "{own:?}");
    let entered = new("poor-household", "2027-06-30");
    house.cards.entitle(&officer, (&id, version().await), entered, REASON).await.unwrap();
    let credential = fetched_of(&house, &key, &id).await;
    let wish = Wish {
        kind: Some(CardKind::Person),
        claims: vec![Claim::Name, Claim::Benefits],
        why: "Miễn phí cấp bản sao".to_owned(),
        purpose: Use::Exemption,
        about: CASE.to_owned(),
    };
    let clerk = house.official("clerk", "one-stop-officer", UNIT);
    let prove = async |names: &[&str]| {
        let question = house.cards.ask(&clerk, &wish, AT).await.unwrap();
        let answer = shown_with(&credential, &key, (&question.request, house.seconds()), names);
        house.cards.answer(&hue(), &question.state, &answer).await.unwrap();
        let elsewhere = house.cards.shown_for(&clerk, &question.state, Use::Exemption, "other").await;
        assert!(matches!(elsewhere, Err(Error::NoSuch("question"))), "for another case: {elsewhere:?}");
        house.cards.shown_for(&clerk, &question.state, Use::Exemption, CASE).await.unwrap()
    };
    let proof = prove(&["name", "benefits"]).await;
    assert_eq!((proof.benefits, proof.holder), (vec!["poor-household".to_owned()], Some(urn("Person:thao"))));
    assert_eq!(prove(&["name"]).await.benefits, Vec::<String>::new(), "what was kept back is not proved");
    house.cards.disentitle(&officer, (&id, version().await), "poor-household", REASON).await.unwrap();
    let gone = prove(&["name", "benefits"]).await;
    assert_eq!(gone.benefits, Vec::<String>::new(), "the wallet still says so, the house does not");
    assert_eq!(used(&house, "used:exemption:person").await, 3);
}

#[tokio::test]
async fn tariffs_ask_for_benefits_that_cards_say() {
    let house = House::open().await;
    let rules = house.cards.rules().unwrap();
    let mut asked = 0;
    for file in house.context.packs().files("one-stop", "fees", ".toml").unwrap() {
        let tariff: serde_json::Value = file.toml().unwrap();
        for one in tariff["reduction"].as_array().unwrap() {
            let named = |name: &str| one["proved_by"][name].as_array().cloned().unwrap_or_default();
            for benefit in named("benefits") {
                let known = rules.benefits().iter().find(|known| benefit == known.code.as_str()).unwrap();
                let kinds = named("cards");
                assert!(known.cards.iter().any(|kind| kinds.contains(&json!(kind.name()))), "{benefit}");
                asked += 1;
            }
        }
    }
    assert!(asked > 0, "a fee is exempted by card");
}
