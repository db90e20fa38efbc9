//! Credentials for wallets.

use ring::rand::SystemRandom;
use serde_json::{Value as Json, json};

use super::{NOW, signer, trusted};
use crate::jwt;
use crate::key::{Jwk, PublicKey, Signer};
use crate::sdjwt::{Asked, Binding, Disclosure, Issue, SdJwt, TYPE, issue, verify};

/// RFC 9901, sections 4.2.1 to 4.2.3 and 5.1.
#[test]
fn the_disclosures_of_the_rfc() {
    let rows = [
        (
            "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0",
            Some("family_name"),
            json!("Möbius"),
            "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0",
        ),
        (
            "WyJsa2x4RjVqTVlsR1RQVW92TU5JdkNBIiwgIkZSIl0",
            None,
            json!("FR"),
            "w0I8EKcdCtUPkGCNUrfwVp2xEgNjtoIDlOxc9-PlOhs",
        ),
        (
            "WyIyR0xDNDJzS1F2ZUNmR2ZyeU5STjl3IiwgImdpdmVuX25hbWUiLCAiSm9obiJd",
            Some("given_name"),
            json!("John"),
            "jsu9yVulwQQlhFlM_3JlzMaSFzglhQG0DpfayQwLUK4",
        ),
    ];
    for (text, name, value, digest) in rows {
        let read = Disclosure::read(text).unwrap();
        assert_eq!((read.name(), read.value(), &*read.digest()), (name, &value, digest));
    }
}

/// RFC 7638 is for RSA; this is the key of RFC 7517, appendix A.1, with the thumbprint that `jose` gives.
#[test]
fn a_key_and_its_json() {
    let jwk: Jwk = serde_json::from_value(json!({
        "kty": "EC", "crv": "P-256",
        "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
        "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
    }))
    .unwrap();
    let key = PublicKey::from_jwk(&jwk).unwrap();
    assert_eq!(key.to_jwk(), jwk);
    assert_eq!(key.thumbprint(), "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s");
    assert!(PublicKey::from_jwk(&Jwk { crv: "P-384".to_owned(), ..jwk.clone() }).is_err());
    assert!(PublicKey::from_jwk(&Jwk { x: "AAAA".to_owned(), ..jwk }).is_err());
}

fn issued(issuer: &Signer, holder: &Signer) -> String {
    let open = json!({
        "iss": "https://dinh.example/lam-dong", "iat": NOW - 60, "exp": NOW + 86_400, "vct": "urn:dinh:card:civil-servant",
        "status": {"status_list": {"idx": 7, "uri": "https://dinh.example/status"}},
    });
    let Json::Object(open) = open else { unreachable!() };
    let hidden = vec![
        ("name".to_owned(), json!("Nguyễn Thị Phương Thảo")),
        ("unit".to_owned(), json!("Sở Nội vụ")),
        ("personalNumber".to_owned(), json!("079200000123")),
    ];
    let what = Issue { open, hidden, holder: Some(holder.public().to_jwk()) };
    issue(&what, issuer, &SystemRandom::new()).unwrap()
}

fn asked() -> Asked {
    Asked { audience: "x509_san_dns:dinh.example".to_owned(), nonce: "n-1".to_owned(), within: 300 }
}

fn shown(text: &str, holder: &Signer, nonce: &str) -> String {
    let binding = Binding { audience: asked().audience, nonce: nonce.to_owned(), at: NOW };
    SdJwt::read(text).unwrap().showing(&["unit"]).bound(&binding, holder, &SystemRandom::new()).unwrap()
}

#[test]
fn the_holder_shows_one_claim_and_keeps_the_others() {
    let (issuer, holder) = (signer(), signer());
    let text = shown(&issued(&issuer, &holder), &holder, "n-1");
    let presented = verify(&text, &trusted(&issuer), NOW, Some(&asked())).unwrap();
    assert_eq!(presented.claims["unit"], "Sở Nội vụ");
    assert!(!presented.claims.contains_key("name") && !presented.claims.contains_key("_sd"));
    assert_eq!(presented.status(), Some(("https://dinh.example/status", 7)));
    assert_eq!(presented.holder, Some(holder.public()));
    assert!(
        !text.contains(&SdJwt::read(&issued(&issuer, &holder)).unwrap().disclosures[2].text().to_owned())
    );
}

#[test]
fn what_was_shown_to_one_cannot_be_shown_to_another() {
    let (issuer, holder, thief) = (signer(), signer(), signer());
    let (text, keys) = (issued(&issuer, &holder), trusted(&issuer));
    let refused = |text: &str, now| verify(text, &keys, now, Some(&asked())).unwrap_err().code();
    assert_eq!(refused(&shown(&text, &holder, "n-2"), NOW), "other");
    assert_eq!(refused(&shown(&text, &thief, "n-1"), NOW), "bad-signature");
    assert_eq!(refused(&shown(&text, &holder, "n-1"), NOW + 400), "expired");
    assert_eq!(refused(&text, NOW), "malformed");
    assert_eq!(refused(&shown(&text, &holder, "n-1"), NOW + 90_000), "expired");
    // One more claim than the holder signed for.
    let whole = SdJwt::read(&text).unwrap();
    let more = shown(&text, &holder, "n-1").replacen('~', &format!("~{}~", whole.disclosures[0].text()), 1);
    assert_eq!(refused(&more, NOW), "other");
    assert_eq!(verify(&text, &trusted(&thief), NOW, None).unwrap_err().code(), "unknown-issuer");
}

#[test]
fn the_rules_of_section_7_1() {
    let issuer = signer();
    let random = SystemRandom::new();
    let one = Disclosure::fresh("name", &json!("A"), &random).unwrap();
    let refused = |claims: Json, beside: &[&Disclosure]| {
        let mut claims = claims;
        claims["iat"] = json!(NOW);
        let mut text = jwt::sign(TYPE, &claims, &issuer, &random).unwrap() + "~";
        for disclosure in beside {
            text = text + disclosure.text() + "~";
        }
        verify(&text, &trusted(&issuer), NOW, None).map(|found| Json::Object(found.claims))
    };
    let digest = one.digest();
    assert_eq!(refused(json!({"_sd": [digest]}), &[&one]).unwrap()["name"], "A");
    assert_eq!(refused(json!({"deep": {"_sd": [digest]}}), &[&one]).unwrap()["deep"]["name"], "A");
    assert!(refused(json!({}), &[&one]).is_err(), "fits nowhere");
    assert!(refused(json!({"_sd": [digest, digest]}), &[&one]).is_err(), "a hash twice");
    assert!(refused(json!({"_sd": [digest]}), &[&one, &one]).is_err(), "a disclosure twice");
    assert!(refused(json!({"_sd": [digest], "name": "B"}), &[&one]).is_err(), "there already");
    assert!(refused(json!({"list": [{"...": digest}]}), &[&one]).is_err(), "a claim in a list");
    assert!(refused(json!({"_sd": [digest], "_sd_alg": "md5"}), &[&one]).is_err(), "another hash");
    let kept = refused(json!({"_sd": [digest], "list": [{"...": "x"}, 2]}), &[]).unwrap();
    assert_eq!(kept["list"], json!([2]));
}
