//! A wallet: OpenID4VCI and OpenID4VP, and everything that is tried twice.

use dinh_cards::{Claim, Error, Outcome, Standing, Step, Wish};
use dinh_credentials::card::CardKind;
use dinh_credentials::key::Signer;
use dinh_credentials::sdjwt::{Binding, SdJwt};
use dinh_credentials::{Refused, jwt};
use dinh_model::EntityId;
use ring::rand::SystemRandom;
use serde_json::{Value as Json, json};

use crate::house::{HOUR, House, REASON, hue};

const ISSUER: &str = "https://dinh.example/hue/cards";
const STATUS: &str = "https://dinh.example/hue/cards/status";

pub(crate) fn wallet() -> Signer {
    let random = SystemRandom::new();
    Signer::from_pkcs8(&Signer::fresh(&random).unwrap(), &random).unwrap()
}

fn proof(key: &Signer, audience: &str, nonce: &str, at: i64) -> String {
    let header = json!({"alg": "ES256", "typ": "openid4vci-proof+jwt", "jwk": key.public().to_jwk()});
    let claims = json!({"aud": audience, "nonce": nonce, "iat": at});
    jwt::sign_with(&header, &claims, key, &SystemRandom::new()).unwrap()
}

pub(crate) async fn fetched(house: &House, key: &Signer) -> String {
    let card = house.card().await;
    fetched_of(house, key, &card.id).await
}

/// The credential of a card of Thảo, with everything that is tried twice.
pub(crate) async fn fetched_of(house: &House, key: &Signer, card: &EntityId) -> String {
    let offer = house.cards.offer(&house.thao(1), card).await.unwrap();
    let (token, _) = house.cards.redeem(&hue(), &offer.code).await.unwrap();
    let again = house.cards.redeem(&hue(), &offer.code).await;
    assert!(matches!(again, Err(Error::Spent("code"))), "{again:?}");
    let nonce = house.cards.nonce(&hue()).await.unwrap();
    let elsewhere = proof(key, "https://other.example", &nonce, house.seconds());
    let refused = house.cards.credential(&hue(), &token, &elsewhere, (ISSUER, STATUS)).await;
    assert!(matches!(refused, Err(Error::Refused(Refused::Other { .. }))), "{refused:?}");
    let good = proof(key, ISSUER, &nonce, house.seconds());
    let credential = house.cards.credential(&hue(), &token, &good, (ISSUER, STATUS)).await.unwrap();
    let replayed = house.cards.credential(&hue(), &token, &good, (ISSUER, STATUS)).await;
    assert!(matches!(replayed, Err(Error::Spent("nonce"))), "{replayed:?}");
    credential
}

pub(crate) fn shown(credential: &str, key: &Signer, request: &Json, at: i64) -> Json {
    shown_with(credential, key, (request, at), &["serial", "name", "unit", "position"])
}

pub(crate) fn shown_with(
    credential: &str,
    key: &Signer,
    (request, at): (&Json, i64),
    names: &[&str],
) -> Json {
    let text = |name: &str| request[name].as_str().unwrap().to_owned();
    let binding = Binding { audience: text("client_id"), nonce: text("nonce"), at };
    let shown = SdJwt::read(credential).unwrap().showing(names);
    json!({"card": [shown.bound(&binding, key, &SystemRandom::new()).unwrap()]})
}

#[tokio::test]
async fn a_wallet_fetches_a_card_and_shows_it_once() {
    let house = House::open().await;
    let key = wallet();
    let credential = fetched(&house, &key).await;
    let ask = async || house.cards.question(&hue(), "https://dinh.example/answer").await.unwrap();
    let (question, other) = (ask().await, ask().await);
    let answer = shown(&credential, &key, &question.request, house.seconds());
    assert_eq!(house.cards.answered(&hue(), &question.secret), None);
    let wrong = house.cards.answer(&hue(), &other.state, &answer).await;
    assert!(matches!(wrong, Err(Error::Refused(Refused::Other { .. }))), "another question: {wrong:?}");
    assert_eq!(house.cards.answer(&hue(), &question.state, &answer).await.unwrap(), Standing::Valid);
    let replayed = house.cards.answer(&hue(), &question.state, &answer).await;
    assert!(matches!(replayed, Err(Error::Repeated)), "{replayed:?}");
    let told = house.cards.answered(&hue(), &question.secret).unwrap();
    assert_eq!((&told["standing"], &told["unit"]), (&json!("valid"), &json!("Sở Nội vụ")));
    assert!(told.get("card_number").is_none(), "what was not asked for is not told");
    assert_eq!(house.cards.answered(&hue(), &question.secret), None, "an answer is fetched once");
}

#[tokio::test]
async fn a_revoked_card_in_a_wallet_is_said_to_be_so() {
    let house = House::open().await;
    let key = wallet();
    let credential = fetched(&house, &key).await;
    let id = house.cards.own_cards(&house.thao(1)).await.unwrap()[0].id.clone();
    let version = house.cards.one(&house.head(), &id).await.unwrap().version;
    house.cards.step(&house.head(), (&id, version), Step::Revoke, REASON).await.unwrap();
    let question = house.cards.question(&hue(), "https://dinh.example/a").await.unwrap();
    let answer = shown(&credential, &key, &question.request, house.seconds());
    assert_eq!(house.cards.answer(&hue(), &question.state, &answer).await.unwrap(), Standing::Revoked);
    assert!(matches!(house.cards.offer(&house.thao(1), &id).await, Err(Error::NotValid(_))));
}

#[tokio::test]
async fn what_is_too_old_is_refused() {
    let house = House::open().await;
    let key = wallet();
    let credential = fetched(&house, &key).await;
    let question = house.cards.question(&hue(), "https://dinh.example/a").await.unwrap();
    house.clock.advance(HOUR);
    let answer = shown(&credential, &key, &question.request, house.seconds());
    assert!(matches!(house.cards.answer(&hue(), &question.state, &answer).await, Err(Error::Spent("state"))));
    let id = house.cards.own_cards(&house.thao(1)).await.unwrap()[0].id.clone();
    let offer = house.cards.offer(&house.thao(1), &id).await.unwrap();
    house.clock.advance(HOUR);
    assert!(matches!(house.cards.redeem(&hue(), &offer.code).await, Err(Error::Spent("code"))));
}

#[tokio::test]
async fn whoever_asks_sees_what_was_asked_for_and_nothing_else() {
    let house = House::open().await;
    let key = wallet();
    let credential = fetched(&house, &key).await;
    let claims = vec![Claim::Name, Claim::Unit];
    let wish = Wish {
        kind: Some(CardKind::CivilServant),
        claims,
        why: "Kiểm tra tại chợ Đông Ba".to_owned(),
        ..Wish::default()
    };
    let head = house.head();
    let nothing =
        house.cards.ask(&head, &Wish { claims: Vec::new(), ..wish.clone() }, "https://a.example").await;
    assert!(matches!(nothing, Err(Error::Missing("claims"))), "{nothing:?}");
    let silent =
        house.cards.ask(&head, &Wish { why: " ".to_owned(), ..wish.clone() }, "https://a.example").await;
    assert!(matches!(silent, Err(Error::Text { field: "why", .. })), "{silent:?}");
    let question = house.cards.ask(&head, &wish, "https://dinh.example/answer").await.unwrap();
    let asked = &question.request["dcql_query"]["credentials"][0];
    assert_eq!(asked["claims"], json!([{"id": "name", "path": ["name"]}, {"id": "unit", "path": ["unit"]}]));
    assert_eq!(asked["meta"]["vct_values"], json!(["urn:dinh:card:civil-servant:1"]));
    let waiting = house.cards.presentation(&head, &question.state).await.unwrap();
    assert_eq!(waiting.outcome, Outcome::Waiting(question.request.clone()));
    let stranger = house.cards.presentation(&house.officer(), &question.state).await;
    assert!(matches!(stranger, Err(Error::NoSuch(_))), "{stranger:?}");
    // The wallet shows its position too: that is not looked at.
    let answer = shown(&credential, &key, &question.request, house.seconds());
    house.cards.answer(&hue(), &question.state, &answer).await.unwrap();
    let came = house.cards.presentation(&head, &question.state).await.unwrap();
    let Outcome::Shown(told) = came.outcome else { return assert_eq!(came.outcome, Outcome::Gone) };
    let expected = json!({"name": "Nguyễn Thị Phương Thảo", "unit": "Sở Nội vụ"});
    assert_eq!((told.standing, Json::Object(told.claims)), (Standing::Valid, expected));
    assert_eq!((told.hidden, came.repeated), (1, 0), "the number of the card was kept back");
    for times in 1..=2 {
        let replayed = house.cards.answer(&hue(), &question.state, &answer).await;
        assert!(matches!(replayed, Err(Error::Repeated)), "{replayed:?}");
        assert_eq!(house.cards.presentation(&head, &question.state).await.unwrap().repeated, times);
    }
    house.clock.advance(HOUR);
    assert!(house.cards.presentation(&head, &question.state).await.is_err(), "nothing of it is kept");
}

#[tokio::test]
async fn a_presentation_made_for_another_question_is_refused_and_told() {
    let house = House::open().await;
    let key = wallet();
    let credential = fetched(&house, &key).await;
    let wish = Wish { claims: vec![Claim::Name], why: "Vào cổng cơ quan".to_owned(), ..Wish::default() };
    let head = house.head();
    let ask = async || house.cards.ask(&head, &wish, "https://dinh.example/answer").await.unwrap();
    let (first, second) = (ask().await, ask().await);
    let answer = shown(&credential, &key, &first.request, house.seconds());
    let replayed = house.cards.answer(&hue(), &second.state, &answer).await;
    assert!(matches!(replayed, Err(Error::Refused(Refused::Other { claim: "aud", .. }))), "{replayed:?}");
    let came = house.cards.presentation(&head, &second.state).await.unwrap();
    assert_eq!(came.outcome, Outcome::Refused("other".to_owned()));
    // A card of another kind is not what was asked for.
    let wish = Wish { kind: Some(CardKind::Person), ..wish.clone() };
    let third = house.cards.ask(&head, &wish, "https://dinh.example/answer").await.unwrap();
    let answer = shown(&credential, &key, &third.request, house.seconds());
    assert!(house.cards.answer(&hue(), &third.state, &answer).await.is_err());
}
