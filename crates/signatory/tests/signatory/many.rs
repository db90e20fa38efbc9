//! Many documents with one confirmation.

use dinh_casework::Error as Case;
use dinh_documents::Standing;
use dinh_model::EntityId;
use dinh_signatory::{Error, MOST};
use jiff::SignedDuration;

use crate::authority::Authority;
use crate::house::{House, urn};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_are_signed_sealed_and_issued_each_with_its_result_and_again_changes_nothing() {
    let Some(authority) = Authority::new().await else { return };
    let house = House::open(&authority, false).await;
    let (own, seal) = (house.own(&authority).await, house.seal(&authority).await);
    let mut ids: Vec<EntityId> = Vec::new();
    for name in ["an", "binh", "chi", "dung"] {
        ids.push(house.numbered(name).await.id);
    }
    let none = urn("Document:none");
    let mut named = ids.clone();
    named.insert(2, none.clone());
    named.push(ids[0].clone());
    let (leader, records) = (house.leader(), house.records());
    // One was signed before: the others are not held back.
    let first = house.signatory.sign(&leader, &own.id, (&ids[..1], false)).await.expect("it is taken");
    assert!(first[0].signed.is_ok());
    let done = house.signatory.sign(&leader, &own.id, (&named, false)).await.expect("it is taken");
    let order: Vec<&EntityId> = done.iter().map(|one| &one.id).collect();
    assert_eq!(order, [&ids[0], &ids[1], &none, &ids[2], &ids[3]], "each once, in their order");
    assert!(matches!(done[0].signed, Err(Error::Casework(Case::SignedAlready))), "{:?}", done[0]);
    assert!(matches!(done[2].signed, Err(Error::Casework(Case::NoDocument(_)))), "{:?}", done[2]);
    assert!([1, 3, 4].iter().all(|at| done[*at].signed.is_ok()), "{done:?}");
    // Cut short after some seals, and done again: what is sealed is only issued.
    let half = house.signatory.sign(&records, &seal.id, (&ids[..2], false)).await.expect("it is taken");
    assert!(half.iter().all(|one| one.signed.is_ok() && one.issued.is_none()), "{half:?}");
    let done = house.signatory.sign(&records, &seal.id, (&ids, true)).await.expect("it is taken");
    assert!(done.iter().all(|one| matches!(one.issued, Some(Ok(())))), "{done:?}");
    for id in &ids {
        let one = house.document(id).await;
        assert_eq!((one.standing, one.signed.len(), one.digests.len()), (Standing::Valid, 2, 3), "{one:?}");
    }
    let again = house.signatory.sign(&records, &seal.id, (&ids, true)).await.expect("it is taken");
    assert!(again.iter().all(|one| one.signed.is_err()), "{again:?}");
    let late = SignedDuration::from_secs(-1);
    let over = house.signatory.sign_within(&leader, &own.id, (&ids, false), late).await.expect("it is taken");
    assert!(over.iter().all(|one| matches!(one.signed, Err(Error::Late))), "{over:?}");
    for wrong in [Vec::new(), vec![none; MOST + 1]] {
        let refused = house.signatory.sign(&leader, &own.id, (&wrong, false)).await;
        assert!(matches!(refused, Err(Error::TooMany { .. })), "{refused:?}");
    }
}
