//! Passkeys, with an authenticator that others have written.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use dinh_access::AccountKind;
use dinh_identity::passkey::Doubt;
use dinh_identity::{Answer, Error, Failure, Means, PasskeyQuestion, SignedIn, What};
use passkey_authenticator::{Authenticator, UiHint, UserCheck, UserValidationMethod};
use passkey_client::{Client, DefaultClientData};
use passkey_crypto::rust_crypto::RustCryptoBackend;
use passkey_types::Passkey;
use passkey_types::ctap2::{Aaguid, Ctap2Error};
use serde_json::{Value, json};

use crate::house::{House, MINUTE, PASSWORD, here, hue};

const ORIGIN: &str = "https://dinh.hue.gov.vn";

/// A person who touches the device and shows a finger.
struct Finger;

#[async_trait::async_trait]
impl UserValidationMethod for Finger {
    type PasskeyItem = Passkey;

    async fn check_user<'a>(
        &self,
        _hint: UiHint<'a, Passkey>,
        presence: bool,
        verification: bool,
    ) -> Result<UserCheck, Ctap2Error> {
        Ok(UserCheck { presence, verification })
    }

    fn is_presence_enabled(&self) -> bool {
        true
    }

    fn is_verification_enabled(&self) -> Option<bool> {
        Some(true)
    }
}

/// A telephone with one passkey.
struct Telephone {
    held: Option<Passkey>,
    counts: bool,
}

impl Telephone {
    fn new() -> Self {
        Self { held: None, counts: false }
    }

    async fn create(&mut self, question: &PasskeyQuestion) -> Value {
        let options = serde_json::from_value(json!({"publicKey": question.options})).unwrap();
        let mut authenticator = Authenticator::new(Aaguid::new_empty(), None, Finger, RustCryptoBackend);
        authenticator.set_make_credentials_with_signature_counter(self.counts);
        let mut client = Client::new(authenticator);
        let url = url::Url::parse(ORIGIN).unwrap();
        let made = client.register(&url, options, DefaultClientData).await.unwrap();
        self.held.clone_from(client.authenticator().store());
        as_browsers_write(serde_json::to_value(made).unwrap())
    }

    async fn answer(&mut self, question: &PasskeyQuestion, page: &str) -> Value {
        let options = serde_json::from_value(json!({"publicKey": question.options})).unwrap();
        let store = self.held.clone();
        let mut client =
            Client::new(Authenticator::new(Aaguid::new_empty(), store, Finger, RustCryptoBackend));
        let url = url::Url::parse(page).unwrap();
        let said = client.authenticate(&url, options, DefaultClientData).await.unwrap();
        self.held.clone_from(client.authenticator().store());
        as_browsers_write(serde_json::to_value(said).unwrap())
    }
}

/// Bytes in base64url, as `toJSON()` writes them.
fn as_browsers_write(json: Value) -> Value {
    match json {
        Value::Array(items) if !items.is_empty() && items.iter().all(Value::is_u64) => {
            let bytes: Vec<u8> =
                items.iter().map(|item| u8::try_from(item.as_u64().unwrap()).unwrap()).collect();
            URL_SAFE_NO_PAD.encode(bytes).into()
        }
        Value::Object(members) => {
            members.into_iter().map(|(name, value)| (name, as_browsers_write(value))).collect()
        }
        other => other,
    }
}

async fn citizen(house: &House) -> SignedIn {
    let (admin, _) = house.administrator().await;
    let office = house.office(&admin, &hue()).await;
    house.person(&office, AccountKind::Citizen, "dan@hue.vn").await;
    house.enter("dan@hue.vn").await
}

async fn with_passkey(house: &House, telephone: &mut Telephone) -> SignedIn {
    let signed_in = citizen(house).await;
    let present = house.present(&signed_in.token).await;
    let question = house.identity.passkey_offer(&present).await.unwrap();
    let made = telephone.create(&question).await;
    house.identity.passkey_add(&present, &question.ticket, ("Điện thoại", &made), &here()).await.unwrap()
}

#[tokio::test]
async fn a_passkey_is_made_and_signs_in_as_both_factors() {
    let house = House::new().await;
    let mut telephone = Telephone::new();
    let signed_in = with_passkey(&house, &mut telephone).await;
    assert!(house.present(&signed_in.token).await.stepped_up());
    let question = house.identity.passkey_question().unwrap();
    let said = telephone.answer(&question, ORIGIN).await;
    house.events();
    let entered = house.identity.sign_in_passkey(&question.ticket, &said, &here()).await.unwrap();
    assert!(matches!(house.happened()[..], [What::SignedIn { means: Means::Passkey, .. }]));
    let present = house.present(&entered.token).await;
    assert!(present.stepped_up());
    let listed = house.identity.passkeys(&present).await.unwrap();
    assert_eq!((listed[0].name.as_str(), listed[0].last_used.is_some()), ("Điện thoại", true));
    // The same answer is not good twice.
    let replay = house.identity.sign_in_passkey(&question.ticket, &said, &here()).await;
    assert!(matches!(replay, Err(Error::Expired)), "{replay:?}");
    // A password alone is no longer enough.
    let answer = house.identity.sign_in("dan@hue.vn", PASSWORD, &here()).await.unwrap();
    assert!(matches!(answer, Answer::SecondFactor { by_code: false, .. }));
    house.identity.passkey_remove(&present, &listed[0].id, &here()).await.unwrap();
    house.enter("dan@hue.vn").await;
}

#[tokio::test]
async fn a_passkey_steps_up_the_session_of_its_own_account_only() {
    let house = House::new().await;
    let mut telephone = Telephone::new();
    let signed_in = with_passkey(&house, &mut telephone).await;
    house.pass(11 * MINUTE);
    let present = house.present(&signed_in.token).await;
    assert!(!present.stepped_up());
    let question = house.identity.passkey_question().unwrap();
    let said = telephone.answer(&question, ORIGIN).await;
    let stepped = house.identity.step_up_passkey(&present, &question.ticket, &said, &here()).await.unwrap();
    assert!(house.present(&stepped.token).await.stepped_up() && !house.is_in(&signed_in.token).await);
    // Somebody else cannot step up with it.
    let office = house.with_office();
    house.person(&office, AccountKind::Citizen, "khac@hue.vn").await;
    let other = house.present(&house.enter("khac@hue.vn").await.token).await;
    let question = house.identity.passkey_question().unwrap();
    let said = telephone.answer(&question, ORIGIN).await;
    house.events();
    let refused = house.identity.step_up_passkey(&other, &question.ticket, &said, &here()).await;
    assert!(matches!(refused, Err(Error::Refused)), "{refused:?}");
    assert_eq!(house.happened(), [What::StepUpFailed { why: Failure::Passkey }]);
}

#[tokio::test]
async fn answers_that_are_not_to_this_question_on_our_page_are_refused() {
    let house = House::new().await;
    let mut telephone = Telephone::new();
    with_passkey(&house, &mut telephone).await;
    let sign_in = async |said: &Value, question: &PasskeyQuestion| match house
        .identity
        .sign_in_passkey(&question.ticket, said, &here())
        .await
    {
        Err(Error::Passkey(doubt)) => doubt,
        other => panic!("{other:?}"),
    };
    let (one, two) = (house.identity.passkey_question().unwrap(), house.identity.passkey_question().unwrap());
    let said = telephone.answer(&one, ORIGIN).await;
    assert_eq!(sign_in(&said, &two).await, Doubt::Challenge);
    // A page of another origin under the same domain.
    let question = house.identity.passkey_question().unwrap();
    let said = telephone.answer(&question, "https://gia-mao.dinh.hue.gov.vn").await;
    assert_eq!(sign_in(&said, &question).await, Doubt::Origin);
    for part in ["signature", "authenticatorData", "clientDataJSON"] {
        let question = house.identity.passkey_question().unwrap();
        let mut said = telephone.answer(&question, ORIGIN).await;
        let text = said["response"][part].as_str().unwrap().to_owned();
        let mut bytes = URL_SAFE_NO_PAD.decode(text).unwrap();
        // Of the authenticator data the counter, of the others the end.
        let at = if part == "authenticatorData" { 36 } else { bytes.len() - 2 };
        bytes[at] ^= 1;
        said["response"][part] = URL_SAFE_NO_PAD.encode(bytes).into();
        let doubt = sign_in(&said, &question).await;
        assert!(matches!(doubt, Doubt::Signature | Doubt::Malformed(_)), "{part}: {doubt}");
        let question = house.identity.passkey_question().unwrap();
        let mut said = telephone.answer(&question, ORIGIN).await;
        said["response"][part] = Value::Null;
        assert_eq!(sign_in(&said, &question).await, Doubt::Malformed(part));
    }
    // A question waits five minutes.
    let question = house.identity.passkey_question().unwrap();
    house.pass(5 * MINUTE);
    let said = telephone.answer(&question, ORIGIN).await;
    let late = house.identity.sign_in_passkey(&question.ticket, &said, &here()).await;
    assert!(matches!(late, Err(Error::Expired)), "{late:?}");
}

#[tokio::test]
async fn a_device_that_does_not_verify_its_holder_is_not_enough() {
    let house = House::new().await;
    let mut telephone = Telephone::new();
    with_passkey(&house, &mut telephone).await;
    let mut question = house.identity.passkey_question().unwrap();
    question.options["userVerification"] = "discouraged".into();
    let said = telephone.answer(&question, ORIGIN).await;
    let refused = house.identity.sign_in_passkey(&question.ticket, &said, &here()).await;
    assert!(matches!(refused, Err(Error::Passkey(Doubt::Person))), "{refused:?}");
}

#[tokio::test]
async fn a_copy_of_a_passkey_that_counts_is_noticed() {
    let house = House::new().await;
    let mut telephone = Telephone { counts: true, ..Telephone::new() };
    with_passkey(&house, &mut telephone).await;
    let mut copy = Telephone { held: telephone.held.clone(), counts: true };
    for _ in 0..2 {
        let question = house.identity.passkey_question().unwrap();
        let said = telephone.answer(&question, ORIGIN).await;
        house.identity.sign_in_passkey(&question.ticket, &said, &here()).await.unwrap();
    }
    let question = house.identity.passkey_question().unwrap();
    let said = copy.answer(&question, ORIGIN).await;
    let refused = house.identity.sign_in_passkey(&question.ticket, &said, &here()).await;
    assert!(matches!(refused, Err(Error::Passkey(Doubt::Copied))), "{refused:?}");
}

#[tokio::test]
async fn a_passkey_is_made_by_who_was_asked_and_once() {
    let house = House::new().await;
    let mut telephone = Telephone::new();
    let signed_in = with_passkey(&house, &mut telephone).await;
    let present = house.present(&signed_in.token).await;
    let question = house.identity.passkey_offer(&present).await.unwrap();
    let excluded = question.options["excludeCredentials"][0]["id"].as_str().unwrap();
    assert_eq!(excluded, house.identity.passkeys(&present).await.unwrap()[0].id);
    let made = Telephone::new().create(&question).await;
    let office = house.with_office();
    house.person(&office, AccountKind::Citizen, "khac@hue.vn").await;
    let other = house.present(&house.enter("khac@hue.vn").await.token).await;
    let stolen = house.identity.passkey_add(&other, &question.ticket, ("x", &made), &here()).await;
    assert!(matches!(stolen, Err(Error::Expired)), "{stolen:?}");
    // The ticket is spent by the attempt.
    let again = house.identity.passkey_add(&present, &question.ticket, ("x", &made), &here()).await;
    assert!(matches!(again, Err(Error::Expired)), "{again:?}");
    let question = house.identity.passkey_offer(&present).await.unwrap();
    let foreign = house.identity.passkey_add(&present, &question.ticket, ("x", &made), &here()).await;
    assert!(matches!(foreign, Err(Error::Passkey(Doubt::Challenge))), "{foreign:?}");
    let question = house.identity.passkey_offer(&present).await.unwrap();
    let second = Telephone::new().create(&question).await;
    let fresh =
        house.identity.passkey_add(&present, &question.ticket, ("Hai", &second), &here()).await.unwrap();
    let present = house.present(&fresh.token).await;
    assert_eq!(house.identity.passkeys(&present).await.unwrap().len(), 2);
}
