//! Signing in with an identity provider.

use dinh_access::{AccountKind, Principal};
use dinh_identity::oidc::{Fault, Provider as Configured, ProviderDefinition};
use dinh_identity::{Answer, Error, Failure, Means, Return, SignedIn, What};
use serde_json::json;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use crate::house::{DAY, House, MINUTE, here, hue};
use crate::provider::{CLIENT, Provider, SECRET, Wrong};

pub(crate) const REDIRECT: &str = "https://dinh.hue.gov.vn/dang-nhap/tro-ve";

pub(crate) fn definition(issuer: &str, opens_accounts: bool) -> ProviderDefinition {
    toml::from_str(&format!(
        r#"
        name = "tinh"
        title = {{ vi = "Tài khoản tỉnh", en = "Provincial account" }}
        issuer = "{issuer}"
        client_id = "{CLIENT}"
        scopes = ["profile", "email"]
        userinfo = true
        opens_accounts = {opens_accounts}
        [claims]
        name = "name"
        email = "email"
        personal_id = "cccd"
        enterprise_code = "mst"
        level = "acr"
        levels = {{ "2" = 2 }}
        means = "amr"
        strong = ["otp"]
        "#
    ))
    .unwrap()
}

pub(crate) async fn house(opens_accounts: bool) -> (House, Arc<Provider>) {
    let house = House::new().await;
    let provider = Provider::start(Arc::clone(&house.clock)).await;
    provider.person(person());
    let configured =
        Configured::new(definition(&provider.issuer, opens_accounts), Some(SECRET.to_owned())).unwrap();
    (house.with_providers(vec![configured]).await, provider)
}

pub(crate) fn person() -> serde_json::Value {
    json!({"sub": "u-1", "name": "Lê Văn Cường", "email": "cuong@hue.vn", "email_verified": true,
           "cccd": "046090001234", "acr": "2", "amr": ["pwd"]})
}

/// The browser goes there and comes back.
pub(crate) async fn browse(address: &str) -> HashMap<String, String> {
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let answer = client.get(address).send().await.unwrap();
    let back = url::Url::parse(answer.headers()["location"].to_str().unwrap()).unwrap();
    assert!(back.as_str().starts_with(REDIRECT));
    back.query_pairs().into_owned().collect()
}

pub(crate) fn returned<'a>(back: &'a HashMap<String, String>, binding: &'a str) -> Return<'a> {
    Return {
        state: &back["state"],
        code: back.get("code").map(String::as_str),
        error: None,
        issuer: back.get("iss").map(String::as_str),
        binding,
    }
}

pub(crate) async fn sign_in(house: &House) -> Result<Option<Answer>, Error> {
    let departure = house.identity.provider_begin("tinh", REDIRECT, None).await?;
    let back = browse(&departure.address).await;
    house.identity.provider_finish(&returned(&back, &departure.binding), &here()).await
}

pub(crate) fn signed_in(answer: Result<Option<Answer>, Error>) -> SignedIn {
    match answer.unwrap().unwrap() {
        Answer::SignedIn(signed_in) => *signed_in,
        Answer::SecondFactor { .. } => panic!("a second factor was asked for"),
    }
}

#[tokio::test]
async fn somebody_new_gets_an_account_and_finds_it_again() {
    let (house, provider) = house(true).await;
    let first = signed_in(sign_in(&house).await);
    let present = house.present(&first.token).await;
    let record = present.account();
    assert_eq!((record.kind, record.name.as_str()), (AccountKind::Citizen, "Lê Văn Cường"));
    assert!(record.email.as_ref().unwrap().verified.is_some());
    let Principal::Account(account) = present.principal() else { panic!("not an account") };
    assert_eq!((account.assurance, account.stepped_up), (2, false));
    assert!(account.subjects.contains("urn:ngsi-ld:Organization:3301234567"));
    let happened = house.happened();
    assert!(matches!(happened.last(), Some(What::SignedIn { means: Means::Provider, .. })), "{happened:?}");
    // Under another key of another kind, which the keys that are known here do not hold yet.
    provider.rotate();
    house.pass(MINUTE);
    let again = signed_in(sign_in(&house).await);
    assert_eq!(house.present(&again.token).await.id(), present.id());
    assert_eq!(provider.asked_for_keys(), 2);
    // Neither number nor name at the provider is kept to be read.
    let kept = house.kept(&["identity-account", "identity-handle"]).await;
    assert!(!kept.contains("046090001234") && !kept.contains("u-1"), "{kept}");
    // What a provider says of an enterprise ends when it is not said again.
    provider.person(json!({"sub": "u-1", "mst": "x", "acr": "2"}));
    house.pass(15 * DAY);
    let later = signed_in(sign_in(&house).await);
    let Principal::Account(account) = house.present(&later.token).await.principal() else {
        panic!("no account")
    };
    assert!(account.subjects.is_empty(), "{account:?}");
}

#[tokio::test]
async fn one_number_is_one_account_and_an_address_alone_is_nobody() {
    let (house, provider) = house(true).await;
    let (admin, _) = house.administrator().await;
    let office = house.office(&admin, &hue()).await;
    let known = house.person(&office, AccountKind::Citizen, "cuong@hue.vn").await;
    // The provider says the same address, which does not make it the same person.
    let first = signed_in(sign_in(&house).await);
    let present = house.present(&first.token).await;
    assert!(*present.id() != known && present.account().email.is_none());
    // Another account at the provider with the same proved number is the same person.
    provider.person(json!({"sub": "u-2", "name": "Lê Văn Cường", "cccd": "046090001234", "acr": "2"}));
    let second = signed_in(sign_in(&house).await);
    assert_eq!(house.present(&second.token).await.id(), present.id());
    // A number that is not proved is only a claim.
    provider.person(json!({"sub": "u-3", "name": "Kẻ Khác", "cccd": "046090001234", "acr": "1"}));
    let third = signed_in(sign_in(&house).await);
    assert_ne!(house.present(&third.token).await.id(), present.id());
}

#[tokio::test]
async fn where_aprovider_opens_no_accounts_one_is_linked_first() {
    let (house, provider) = house(false).await;
    let refused = sign_in(&house).await;
    assert!(matches!(refused, Err(Error::Provider(Fault::NoAccount))), "{refused:?}");
    let (admin, _) = house.administrator().await;
    let office = house.office(&admin, &hue()).await;
    let id = house.person(&office, AccountKind::Official, "cuong@hue.gov.vn").await;
    let entered = house.enter("cuong@hue.gov.vn").await;
    let present = house.present(&entered.token).await;
    let departure = house.identity.provider_begin("tinh", REDIRECT, Some(&present)).await.unwrap();
    let back = browse(&departure.address).await;
    let linked = house.identity.provider_finish(&returned(&back, &departure.binding), &here()).await.unwrap();
    assert!(linked.is_none());
    let byprovider = signed_in(sign_in(&house).await);
    let present = house.present(&byprovider.token).await;
    assert_eq!(*present.id(), id);
    // Who has a second factor here is asked for it, unless one was shown there.
    let (strong, _) = house.with_second_factor(&byprovider).await;
    assert!(matches!(sign_in(&house).await.unwrap().unwrap(), Answer::SecondFactor { .. }));
    provider.person(json!({"sub": "u-1", "amr": ["pwd", "otp"]}));
    let stepped = signed_in(sign_in(&house).await);
    assert!(house.present(&stepped.token).await.stepped_up());
    // Without the link it is nobody again (the number was never proved of this account by somebody else).
    let present = house.present(&strong.token).await;
    house.identity.provider_unlink(&present, "tinh", &here()).await.unwrap();
    assert!(matches!(sign_in(&house).await, Err(Error::Provider(Fault::NoAccount))));
}

#[tokio::test]
async fn no_token_is_believed_that_is_not_for_us_now_and_signed() {
    let (house, provider) = house(true).await;
    let cases = [
        (Wrong::Nonce, Fault::Nonce),
        (Wrong::Issuer, Fault::Issuer),
        (Wrong::Mixed, Fault::Issuer),
        (Wrong::Audience, Fault::Audience),
        (Wrong::Party, Fault::Audience),
        (Wrong::Expired, Fault::Expired),
        (Wrong::Future, Fault::Expired),
        (Wrong::Signature, Fault::Signature),
        (Wrong::Unsigned, Fault::Signature),
        (Wrong::Confused, Fault::Signature),
        (Wrong::Stranger, Fault::Signature),
        (Wrong::Userinfo, Fault::Claim("the same person twice (sub)")),
        (Wrong::Access, Fault::Malformed("it is a token of another kind")),
        (Wrong::Bearer, Fault::Malformed("it is a token of another kind")),
    ];
    for (wrong, fault) in cases {
        provider.wrong(wrong);
        // The audit is told once a minute.
        house.pass(MINUTE);
        house.events();
        let answer = sign_in(&house).await;
        assert!(matches!(&answer, Err(Error::Provider(found)) if *found == fault), "{wrong:?}: {answer:?}");
        assert_eq!(
            house.happened(),
            [What::SignInFailed { why: Failure::Provider, handle: None }],
            "{wrong:?}"
        );
    }
    assert!(house.identity.awaits_set_up().await.unwrap(), "no account was made");
    provider.wrong(Wrong::Nothing);
    signed_in(sign_in(&house).await);
}

#[tokio::test]
async fn an_answer_counts_once_soon_and_in_the_browser_that_asked() {
    let (house, _) = house(true).await;
    let finish = async |back: &HashMap<String, String>, binding: &str| {
        house.identity.provider_finish(&returned(back, binding), &here()).await
    };
    let state = |answer: &Result<Option<Answer>, Error>| matches!(answer, Err(Error::Provider(Fault::State)));
    let departure = house.identity.provider_begin("tinh", REDIRECT, None).await.unwrap();
    let back = browse(&departure.address).await;
    signed_in(finish(&back, &departure.binding).await);
    assert!(state(&finish(&back, &departure.binding).await), "a replayed state");
    // Somebody lures another browser to the end of their own sign-in.
    let departure = house.identity.provider_begin("tinh", REDIRECT, None).await.unwrap();
    let back = browse(&departure.address).await;
    assert!(state(&finish(&back, "khác").await));
    let departure = house.identity.provider_begin("tinh", REDIRECT, None).await.unwrap();
    let mut back = browse(&departure.address).await;
    house.pass(10 * MINUTE);
    assert!(state(&finish(&back, &departure.binding).await), "too late");
    back.insert("state".to_owned(), "bịa".to_owned());
    assert!(state(&finish(&back, &departure.binding).await), "never given");
    // A code that somebody else's verifier belongs to.
    let (mine, theirs) = (
        house.identity.provider_begin("tinh", REDIRECT, None).await.unwrap(),
        house.identity.provider_begin("tinh", REDIRECT, None).await.unwrap(),
    );
    let (mut back, stolen) = (browse(&mine.address).await, browse(&theirs.address).await);
    back.insert("code".to_owned(), stolen["code"].clone());
    let answer = finish(&back, &mine.binding).await;
    assert!(matches!(&answer, Err(Error::Provider(Fault::Refused(e))) if e == "invalid_grant"), "{answer:?}");
    let refused = Return { error: Some("access_denied"), ..Return::default() };
    assert!(house.identity.provider_finish(&refused, &here()).await.is_err());
    let nobody = house.identity.provider_begin("khac", REDIRECT, None).await;
    assert!(matches!(nobody, Err(Error::Provider(Fault::NoProvider(_)))));
}

#[test]
fn settings_that_would_be_unsafe_are_refused_and_the_examples_are_not() {
    for issuer in ["http://sso.hue.gov.vn", "https://sso.hue.gov.vn/?x", "ftp://127.0.0.1", "sso.hue.gov.vn"]
    {
        let refused = Configured::new(definition(issuer, false), Some(SECRET.to_owned()));
        assert!(matches!(refused, Err(Error::Settings(_))), "{issuer}");
    }
    assert!(Configured::new(definition("https://sso.hue.gov.vn", false), None).is_err(), "no secret");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/access/oidc");
    let mut examples = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        Configured::new(toml::from_str(&text).unwrap(), Some(SECRET.to_owned())).unwrap();
        examples += 1;
    }
    assert_eq!(examples, 2);
}
