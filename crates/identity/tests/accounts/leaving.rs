//! Taking along and leaving.

use dinh_access::AccountKind;
use dinh_identity::domain::State;
use dinh_identity::{Error, What};

use crate::house::{House, PASSWORD, here, hue};

#[tokio::test]
async fn an_export_holds_everything_but_secrets() {
    let house = House::new().await;
    let (admin, secret) = house.administrator().await;
    let present = house.present(&admin.token).await;
    house.events();
    let export = house.identity.export(&present, &here()).await.unwrap();
    assert_eq!(export["account"]["email"]["text"], "binh@hue.gov.vn");
    assert_eq!(export["account"]["roles"].as_array().unwrap().len(), 2);
    assert_eq!(export["sessions"][0]["from"]["agent"], "Firefox");
    assert_eq!(export["factors"]["recoveryCodesLeft"], 10);
    let text = export.to_string();
    for hidden in ["$argon2id", "\"hash\"", &secret] {
        assert!(!text.contains(hidden), "{hidden}");
    }
    assert_eq!(house.happened(), [What::Exported]);
}

#[tokio::test]
async fn a_closed_account_leaves_a_record_without_personal_data() {
    let house = House::new().await;
    let (admin, _) = house.administrator().await;
    let office = house.office(&admin, &hue()).await;
    let id = house.person(&office, AccountKind::Citizen, "dan@hue.vn").await;
    let signed_in = house.enter("dan@hue.vn").await;
    let present = house.present(&signed_in.token).await;
    house.events();
    house.identity.close_own(&present, &here()).await.unwrap();
    assert!(matches!(&house.happened()[..], [What::SessionsRevoked { .. }, What::Closed]));
    assert!(!house.is_in(&signed_in.token).await);
    let answer = house.identity.sign_in("dan@hue.vn", PASSWORD, &here()).await;
    assert!(matches!(answer, Err(Error::Refused)), "{answer:?}");
    let record = office.account(&id).await.unwrap();
    assert_eq!((record.state, record.name.as_str(), record.email), (State::Closed, "", None));
    let kinds =
        ["identity-account", "identity-secret", "identity-session", "identity-handle", "identity-tries"];
    let text = house.kept(&kinds).await;
    assert!(!text.contains("dan@hue.vn") && !text.contains("Cường"), "{text}");
    assert_eq!(text.matches(id.as_str()).count(), 2, "key and body of the record alone: {text}");
    // Its address is free for somebody else, and it comes back to nobody.
    house.person(&office, AccountKind::Citizen, "dan@hue.vn").await;
    assert!(matches!(office.unlock(&id).await, Err(Error::NotActive)));
    assert!(matches!(office.recovery_link(&id, false).await, Err(Error::NotActive)));
}
