//! What identity providers are kept apart from: one another, the browser, what is kept, and sessions here.

use dinh_identity::oidc::{Fault, Provider as Configured};
use dinh_identity::{Answer, Error};
use serde_json::json;
use std::sync::Arc;

use crate::house::{House, MINUTE, here};
use crate::oidc::{REDIRECT, browse, definition, house, person, returned, sign_in, signed_in};
use crate::provider::{ACCESS, Provider, SECRET, Wrong};

#[tokio::test]
async fn one_name_at_two_providers_is_two_people() {
    let house = House::new().await;
    let (one, other) =
        (Provider::start(Arc::clone(&house.clock)).await, Provider::start(Arc::clone(&house.clock)).await);
    one.person(json!({"sub": "u-1", "name": "Lê Văn Cường", "acr": "1"}));
    other.person(json!({"sub": "u-1", "name": "Kẻ Khác", "acr": "1"}));
    let mut second = definition(&other.issuer, true);
    second.name = "khac".to_owned();
    let configured = [definition(&one.issuer, true), second];
    let configured = configured.map(|what| Configured::new(what, Some(SECRET.to_owned())).unwrap());
    let house = house.with_providers(configured.into()).await;
    let mut accounts = Vec::new();
    for name in ["tinh", "khac", "tinh"] {
        let departure = house.identity.provider_begin(name, REDIRECT, None).await.unwrap();
        let back = browse(&departure.address).await;
        let finished = house.identity.provider_finish(&returned(&back, &departure.binding), &here()).await;
        accounts.push(house.present(&signed_in(finished).token).await.account().clone());
    }
    assert_eq!((accounts[0].name.as_str(), accounts[1].name.as_str()), ("Lê Văn Cường", "Kẻ Khác"));
    assert_ne!(accounts[0].id, accounts[1].id, "a name counts at its own provider alone");
    assert_eq!(accounts[0].id, accounts[2].id);
    // What the one has answered does not finish what was begun with the other.
    let departure = house.identity.provider_begin("tinh", REDIRECT, None).await.unwrap();
    let elsewhere = house.identity.provider_begin("khac", REDIRECT, None).await.unwrap();
    let mut back = browse(&elsewhere.address).await;
    back.insert("state".to_owned(), browse(&departure.address).await["state"].clone());
    let mixed = house.identity.provider_finish(&returned(&back, &departure.binding), &here()).await;
    assert!(matches!(mixed, Err(Error::Provider(Fault::Issuer))), "{mixed:?}");
}

#[tokio::test]
async fn tokens_of_a_provider_go_to_nobody_and_are_not_kept() {
    let (house, provider) = house(true).await;
    let departure = house.identity.provider_begin("tinh", REDIRECT, None).await.unwrap();
    let back = browse(&departure.address).await;
    let answer = house.identity.provider_finish(&returned(&back, &departure.binding), &here()).await;
    let identity_token = provider.handed_out();
    assert!(identity_token.len() > 100, "{identity_token}");
    let handed_to_the_browser = format!("{departure:?} {answer:?}");
    let kinds = ["account", "handle", "secret", "session", "tries", "key"].map(|of| format!("identity-{of}"));
    let kept = house.kept(&kinds.each_ref().map(String::as_str)).await;
    assert!(kept.contains("Lê Văn Cường"), "{kept}");
    let heard = serde_json::to_string(&house.events()).unwrap();
    let present = house.present(&signed_in(answer).token).await;
    let exported = house.identity.export(&present, &here()).await.unwrap().to_string();
    for (place, text) in [
        ("the browser", &handed_to_the_browser),
        ("records", &kept),
        ("the audit", &heard),
        ("exports", &exported),
    ] {
        for token in [identity_token.as_str(), ACCESS, SECRET] {
            assert!(!text.contains(token), "{place} has {token}: {text}");
        }
    }
}

#[tokio::test]
async fn a_provider_that_calls_itself_by_another_name_is_not_asked_further() {
    let (house, provider) = house(true).await;
    provider.wrong(Wrong::Metadata);
    let refused = sign_in(&house).await;
    assert!(matches!(refused, Err(Error::Provider(Fault::Issuer))), "{refused:?}");
    assert_eq!(provider.asked_for_keys(), 0, "nothing that it says of itself is used");
    provider.wrong(Wrong::Nothing);
    signed_in(sign_in(&house).await);
}

#[tokio::test]
async fn sessions_here_and_at_the_provider_end_by_themselves() {
    let (house, provider) = house(true).await;
    let first = signed_in(sign_in(&house).await);
    // They have signed out there, and somebody else sits at that browser: what was opened here goes on.
    provider.person(json!({"sub": "u-9", "name": "Kẻ Khác", "acr": "1"}));
    house.pass(MINUTE);
    let present = house.present(&first.token).await;
    assert_eq!(present.account().name, "Lê Văn Cường");
    // A sign-out here is one here alone: the provider lets them in again without a word.
    provider.person(person());
    house.identity.sign_out(&present, &here()).await.unwrap();
    assert!(!house.is_in(&first.token).await);
    let again = signed_in(sign_in(&house).await);
    // And it ends by our own times, whatever the provider's token says (it is good for five minutes).
    house.pass(10 * MINUTE);
    assert!(house.is_in(&again.token).await);
    house.pass(i64::from(again.session.idle_minutes) * MINUTE);
    assert!(!house.is_in(&again.token).await);
    assert!(matches!(sign_in(&house).await, Ok(Some(Answer::SignedIn(_)))));
}
