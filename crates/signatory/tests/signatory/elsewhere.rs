//! Keys that are elsewhere: what to sign goes out, the signature comes in, for the document for which it was begun.

use dinh_casework::Error as Case;
use dinh_signatory::{Error, Returned};
use dinh_signing::{Error as KeyError, Key, KeyUse, NewKey, Place};

use crate::authority::Authority;
use crate::house::{House, WARD, new};
use crate::judges::agree;

async fn token(house: &House, authority: &Authority) -> Key {
    let admin = house.official("quan-tri", "administrator", WARD);
    let new = NewKey { place: Place::Elsewhere, ..new(KeyUse::Personal, "leader", WARD, "token") };
    let key = house.signing.make(&admin, new).await.expect("a key");
    let certificate = authority.token("token");
    house.catch_up();
    house.signing.certify(&admin, &key.id, &certificate).await.expect("it is taken")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_signs_a_document_in_two_steps_once_and_no_other() {
    let Some(authority) = Authority::new().await else { return };
    let house = House::open(&authority, false).await;
    let key = token(&house, &authority).await;
    let (one, two) = (house.numbered("an").await, house.numbered("binh").await);
    let leader = house.leader();
    let at_once = house.signatory.sign(&leader, &key.id, (std::slice::from_ref(&one.id), false)).await;
    let at_once = at_once.expect("it is taken").remove(0).signed;
    assert!(matches!(at_once, Err(Error::Signing(KeyError::Elsewhere))), "{at_once:?}");
    let begun = house.signatory.begin(&leader, &key.id, &one.id).await.expect("it begins");
    let signature = authority.sign_with("token", &begun.to_sign);
    let (signatory, name) = (&house.signatory, begun.id.as_str());
    let other = signatory.finish(&leader, (&two.id, name), signature.clone()).await;
    assert!(matches!(other, Err(Error::Signing(KeyError::NothingWaits))), "{other:?}");
    let records = signatory.finish(&house.records(), (&one.id, name), signature.clone()).await;
    assert!(matches!(records, Err(Error::Signing(KeyError::NothingWaits))), "{records:?}");
    let wrong = signatory.finish(&leader, (&one.id, name), vec![1; 256]).await;
    assert!(matches!(wrong, Err(Error::Signing(KeyError::Sign(_)))), "{wrong:?}");
    signatory.finish(&leader, (&one.id, name), signature.clone()).await.expect("it is signed");
    house.catch_up();
    agree(&authority, &house.content(&one.id).await, 1);
    let replayed = signatory.finish(&leader, (&one.id, name), signature).await;
    assert!(matches!(replayed, Err(Error::Signing(KeyError::NothingWaits))), "{replayed:?}");
    // Of what was signed for a document that has changed meanwhile nothing is taken.
    let own = house.own(&authority).await;
    let late = signatory.begin(&leader, &key.id, &two.id).await.expect("it begins");
    let done = signatory.sign(&leader, &own.id, (std::slice::from_ref(&two.id), false)).await;
    done.expect("it is taken").remove(0).signed.expect("it is signed");
    let signature = authority.sign_with("token", &late.to_sign);
    let refused = signatory.finish(&leader, (&two.id, &late.id), signature).await;
    assert!(matches!(refused, Err(Error::Casework(Case::Conflict))), "{refused:?}");
    assert_eq!(house.document(&two.id).await.signed.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_signs_many_documents_and_each_is_judged_by_itself() {
    let Some(authority) = Authority::new().await else { return };
    let house = House::open(&authority, false).await;
    let key = token(&house, &authority).await;
    let (one, two, three) =
        (house.numbered("an").await, house.numbered("binh").await, house.numbered("chi").await);
    let (leader, signatory) = (house.leader(), &house.signatory);
    let own = house.own(&authority).await;
    let done = signatory.sign(&leader, &own.id, (std::slice::from_ref(&three.id), false)).await;
    done.expect("it is taken").remove(0).signed.expect("it is signed");
    let ids = [one.id.clone(), two.id.clone(), three.id.clone(), one.id.clone()];
    let begun = signatory.begin_many(&leader, &key.id, &ids).await.expect("the key can be used");
    let named: Vec<_> = begun.iter().map(|one| one.id.clone()).collect();
    assert_eq!(named, ids[..3], "each once, in their order");
    assert!(matches!(begun[2].begun, Err(Error::Casework(Case::SignedAlready))), "{:?}", begun[2]);
    let mut back: Vec<Returned> = begun
        .iter()
        .filter_map(|one| Some((&one.id, one.begun.as_ref().ok()?)))
        .map(|(id, begun)| Returned {
            document: id.clone(),
            signing: begun.id.clone(),
            signature: authority.sign_with("token", &begun.to_sign),
        })
        .collect();
    let good = std::mem::replace(&mut back[1].signature, vec![1; 256]);
    let within = jiff::SignedDuration::MAX;
    let issued = signatory.finish_many(&leader, back.clone(), true, within).await;
    assert!(matches!(issued, Err(Error::NotSeal)), "only after the seal: {issued:?}");
    let done = signatory.finish_many(&leader, back.clone(), false, within).await.expect("it is taken");
    assert!(done[0].signed.is_ok(), "{done:?}");
    assert!(matches!(done[1].signed, Err(Error::Signing(KeyError::Sign(_)))), "{done:?}");
    back[1].signature = good;
    let late = signatory.finish_many(&leader, back.clone(), false, jiff::SignedDuration::from_secs(-1)).await;
    assert!(matches!(late.expect("it is taken")[1].signed, Err(Error::Late)));
    let again = signatory.finish_many(&leader, back, false, within).await.expect("it is taken");
    assert!(matches!(again[0].signed, Err(Error::Signing(KeyError::NothingWaits))), "once: {again:?}");
    assert!(again[1].signed.is_ok(), "{again:?}");
    house.catch_up();
    for id in [&one.id, &two.id] {
        agree(&authority, &house.content(id).await, 1);
    }
    let none = signatory.begin_many(&leader, &key.id, &[]).await;
    assert!(matches!(none, Err(Error::TooMany { most: 100 })), "{none:?}");
}
