//! Results that are drawn up, numbered and issued here, and whether a paper is genuine.

use dinh_cases::Channel;
use dinh_casework::{Dossier, Error, PaperOf, Signer};
use dinh_context::Session;
use dinh_documents::{Altered, Digest, Standing};
use serde_json::json;

use crate::house::{House, OTHER, copies, hue, urn};

/// By which the leader signs.
const KEY: (Signer, &str) = (Signer::Person, "khoa-1");

/// A dossier that was approved and waits to be issued.
async fn waiting(house: &House, name: &str) -> Dossier {
    let dossier = house.filed(name).await.dossier;
    let dossier = house.act(&house.clerk(), &dossier, "accept", &[]).await.unwrap();
    let dossier = house.act(&house.handler(), &dossier, "start", &[]).await.unwrap();
    let dossier = house.act(&house.handler(), &dossier, "submit", &[]).await.unwrap();
    house.act(&house.leader(), &dossier, "approve", &[]).await.unwrap()
}

async fn documents(house: &House, session: &Session) -> Vec<dinh_casework::Issued> {
    house.casework.documents_of_units(session, None, (0, 50)).await.unwrap().documents
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_numbered_is_nobodys_until_it_is_issued() {
    let house = House::open().await;
    let dossier = Box::pin(waiting(&house, "an")).await;
    assert_eq!((dossier.state.as_str(), dossier.ended), ("issuing", None));
    let refused = house.act(&house.handler(), &dossier, "register", &[]).await;
    assert!(matches!(refused, Err(Error::Refused(dinh_cases::Refused::Role { .. }))), "{refused:?}");
    let early = house.act(&house.records(), &dossier, "issue", &[]).await;
    assert!(matches!(early, Err(Error::Refused(_))), "what must be signed is numbered first: {early:?}");
    let dossier = house.act(&house.records(), &dossier, "register", &[]).await.unwrap();
    assert_eq!(dossier.state, "numbered");
    let one = documents(&house, &house.records()).await.remove(0);
    assert_eq!((one.lacks(), &one.by_hand), (Some(Signer::Person), &None));
    assert_eq!((one.serial.as_str(), one.standing, one.issued), ("1/TL-BS", Standing::Numbered, None));
    let (an, binh) = (house.citizen("an"), house.citizen("binh"));
    assert_eq!(house.casework.own_documents(&an).await.unwrap(), []);
    assert!(matches!(house.casework.open_document(&an, &one.id).await, Err(Error::NoDocument(_))));
    let unsigned = house.act(&house.records(), &dossier, "issue", &[]).await;
    let waits_for =
        |signer| move |error: &Error| matches!(error, Error::Unsigned { signer: one, .. } if *one == signer);
    assert!(unsigned.as_ref().is_err_and(waits_for(Signer::Person)), "{unsigned:?}");
    assert_eq!(house.casework.own_documents(&an).await.unwrap(), [], "nothing is in the locker");
    let told = house.casework.check_paper(&hue(), Some(&one.code), None).await.unwrap().unwrap();
    assert_eq!((told.standing, told.by_hand), (Standing::Numbered, false), "nothing is called valid");
    let dossier = house.act(&house.records(), &dossier, "issue-on-paper", &[]).await.unwrap();
    assert_eq!((dossier.state.as_str(), dossier.on_time), ("done", Some(true)));
    let by_hand = documents(&house, &house.records()).await.remove(0).by_hand.expect("it is written down");
    assert_eq!(by_hand.by, "records");
    let told = house.casework.check_paper(&hue(), Some(&one.code), None).await.unwrap().unwrap();
    assert_eq!((told.standing, told.by_hand), (Standing::Valid, true));
    let held = house.casework.own_documents(&an).await.unwrap();
    assert_eq!(
        (held[0].serial.as_deref(), held[0].standing, held[0].has_file),
        (Some("1/TL-BS"), Standing::Valid, true)
    );
    let file = house.casework.open_document(&an, &one.id).await.unwrap();
    assert!(file.content.starts_with(b"%PDF-1.7"), "a PDF");
    assert_eq!(Digest::of(&file.content).to_string(), one.digests[0], "the file that was numbered");
    assert!(matches!(house.casework.open_document(&binh, &one.id).await, Err(Error::NoDocument(_))));
    assert_eq!(documents(&house, &house.official("x", "clerk", OTHER)).await, []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn numbers_have_no_gaps_and_what_is_given_up_keeps_its_own() {
    let house = House::open().await;
    let one = Box::pin(waiting(&house, "an")).await;
    let one = house.act(&house.records(), &one, "register", &[]).await.unwrap();
    let reason = [("reason", "Sai họ tên người được cấp")];
    let back = house.act(&house.records(), &one, "give-up", &reason).await.unwrap();
    assert_eq!(back.state, "deciding");
    let given_up = documents(&house, &house.records()).await.remove(0);
    assert_eq!((given_up.standing, given_up.file), (Standing::Void, None));
    house.approved(&back).await;
    let two = Box::pin(waiting(&house, "binh")).await;
    house.act(&house.records(), &two, "issue-on-paper", &[]).await.unwrap();
    let house = house.again().await;
    let three = Box::pin(waiting(&house, "chi")).await;
    house.act(&house.records(), &three, "issue-on-paper", &[]).await.unwrap();
    let mut serials: Vec<(String, Standing)> =
        documents(&house, &house.records()).await.into_iter().map(|one| (one.serial, one.standing)).collect();
    serials.sort_by(|a, b| a.0.cmp(&b.0));
    let of = |serial: &str, standing| (serial.to_owned(), standing);
    let valid = Standing::Valid;
    assert_eq!(
        serials,
        [of("1/TL-BS", Standing::Void), of("2/TL-BS", valid), of("3/TL-BS", valid), of("4/TL-BS", valid)]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_at_once_get_a_number_each() {
    let house = House::open().await;
    let mut all = Vec::new();
    for name in ["an", "binh", "chi", "dung", "em", "giang"] {
        all.push(Box::pin(waiting(&house, name)).await);
    }
    let records = house.records();
    let issued =
        futures::future::join_all(all.iter().map(|one| house.act(&records, one, "issue-on-paper", &[])))
            .await;
    assert!(issued.iter().all(Result::is_ok), "{issued:?}");
    let mut serials: Vec<String> =
        documents(&house, &house.records()).await.into_iter().map(|one| one.serial).collect();
    serials.sort();
    assert_eq!(serials, (1..=6).map(|n| format!("{n}/TL-BS")).collect::<Vec<_>>());
    // The same step twice is one step, and one number.
    let again = house.act(&records, &all[0], "issue-on-paper", &[]).await;
    assert!(again.is_err());
    assert_eq!(documents(&house, &house.records()).await.len(), 6);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_signature_is_added_behind_and_changes_nothing() {
    let house = House::open().await;
    let dossier = Box::pin(waiting(&house, "an")).await;
    let dossier = house.act(&house.records(), &dossier, "register", &[]).await.unwrap();
    let id = documents(&house, &house.records()).await.remove(0).id;
    let (one, before) = house.casework.document_to_sign(&house.leader(), &id, Signer::Person).await.unwrap();
    assert!(matches!(
        house.casework.document_to_sign(&house.handler(), &id, Signer::Person).await,
        Err(Error::NotYours | Error::NoDocument(_))
    ));
    let mut altered = before.clone();
    altered[10] ^= 1;
    altered.extend(b"more");
    let refused = house.casework.add_to_document(&house.leader(), (&id, one.version), altered, KEY).await;
    assert!(matches!(refused, Err(Error::Altered(Altered::At { at: 10 }))), "{refused:?}");
    let signed = [before.as_slice(), b"\n% an incremental update\n%%EOF\n"].concat();
    let add = house.casework.add_to_document(&house.leader(), (&id, one.version), signed.clone(), KEY).await;
    assert_eq!(add.unwrap(), Digest::of(&signed));
    let late = house.casework.add_to_document(&house.leader(), (&id, one.version), signed.clone(), KEY).await;
    assert!(matches!(late, Err(Error::Conflict)), "{late:?}");
    let unsealed = house.act(&house.records(), &dossier, "issue", &[]).await;
    assert!(matches!(unsealed, Err(Error::Unsigned { signer: Signer::Seal, .. })), "{unsealed:?}");
    let half = house.act(&house.records(), &dossier, "issue-on-paper", &[]).await;
    assert!(matches!(half, Err(Error::HalfSigned(_))), "{half:?}");
    let (one, signed) = house.casework.document_to_sign(&house.records(), &id, Signer::Seal).await.unwrap();
    let signed = [signed.as_slice(), b"\n% another update\n%%EOF\n"].concat();
    let seal = (Signer::Seal, "khoa-2");
    house.casework.add_to_document(&house.records(), (&id, one.version), signed.clone(), seal).await.unwrap();
    assert_eq!(house.casework.issued_for(&house.records(), &id).await.unwrap().lacks(), None);
    house.act(&house.records(), &dossier, "issue", &[]).await.unwrap();
    let file = house.casework.open_document(&house.citizen("an"), &id).await.unwrap();
    assert_eq!(file.content, signed, "what was signed is what is issued");
    let check = async |content: &[u8]| {
        let checked = house.casework.check_paper(&hue(), Some(&one.code), Some(&Digest::of(content))).await;
        checked.unwrap().unwrap().genuine
    };
    assert_eq!((check(&signed).await, check(&before).await), (Some(true), Some(false)));
    let issued = house.casework.document_to_sign(&house.leader(), &id, Signer::Person).await;
    assert!(matches!(issued, Err(Error::Standing(_))), "{:?}", issued.map(|one| one.0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_holds_a_document_finds_out_what_became_of_it() {
    let house = House::open().await;
    let dossier = Box::pin(waiting(&house, "an")).await;
    house.act(&house.records(), &dossier, "issue-on-paper", &[]).await.unwrap();
    let one = documents(&house, &house.records()).await.remove(0);
    let check = async |code| house.casework.check_paper(&hue(), Some(code), None).await.unwrap();
    let told = check(&one.code).await.unwrap();
    assert_eq!(
        (told.standing, told.unit.as_str(), told.genuine),
        (Standing::Valid, "urn:ngsi-ld:Unit:phuong-1", None)
    );
    assert_eq!(house.casework.check_paper(&hue(), None, Some(&Digest::of(b"another"))).await.unwrap(), None);
    let by_file: Digest = one.digests[0].parse().unwrap();
    let found = house.casework.check_paper(&hue(), None, Some(&by_file)).await.unwrap().unwrap();
    assert_eq!((found.code, found.genuine), (one.code.clone(), Some(true)));
    let silent = house.casework.replace_document(&house.records(), (&one.id, one.version), "x").await;
    assert!(matches!(silent, Err(Error::Refused(_))), "{silent:?}");
    let reason = "Sai ngày sinh của người được cấp";
    let new = Box::pin(replaced(&house, &one.id, reason)).await;
    assert_eq!((new.serial.as_str(), new.replaces.as_ref()), ("3/TL-BS", Some(&one.id)));
    let told = check(&one.code).await.unwrap();
    assert_eq!((told.standing, told.replaced_by), (Standing::Replaced, Some(new.code.clone())));
    let held = house.casework.own_documents(&house.citizen("an")).await.unwrap();
    let usable: Vec<&str> =
        held.iter().filter(|one| one.is_valid).filter_map(|one| one.serial.as_deref()).collect();
    assert_eq!(usable, ["3/TL-BS"]);
    let usurped = house.casework.revoke_document(&house.records(), (&new.id, new.version), reason).await;
    assert!(matches!(usurped, Err(Error::NotYours)), "{usurped:?}");
    house.casework.revoke_document(&house.leader(), (&new.id, new.version), reason).await.unwrap();
    assert_eq!(check(&new.code).await.unwrap().standing, Standing::Revoked);
    assert!(
        house.casework.own_documents(&house.citizen("an")).await.unwrap().iter().all(|one| !one.is_valid)
    );
}

/// Replaces a document, after one that was to take its place was given up; the old one holds until the new one is released.
async fn replaced(house: &House, id: &dinh_model::EntityId, reason: &str) -> dinh_casework::Issued {
    let (casework, records) = (&house.casework, house.records());
    let now = async |id| casework.issued_for(&records, id).await.unwrap();
    let one = now(id).await;
    let first = casework.replace_document(&records, (id, one.version), reason).await.unwrap();
    let (old, first) = (now(id).await, now(&first).await);
    assert_eq!(
        (old.standing, first.standing),
        (Standing::Valid, Standing::Numbered),
        "it waits to be signed"
    );
    let two = casework.replace_document(&records, (id, old.version), reason).await;
    assert!(matches!(two, Err(Error::Conflict)), "one at a time: {two:?}");
    let unsigned = casework.release_document(&records, (&first.id, first.version), false).await;
    assert!(matches!(unsigned, Err(Error::Unsigned { .. })), "{unsigned:?}");
    let other = casework.release_document(&house.leader(), (&first.id, first.version), true).await;
    assert!(matches!(other, Err(Error::NotYours)), "{other:?}");
    casework.give_up_replacement(&records, (&first.id, first.version), reason).await.unwrap();
    let old = now(id).await;
    assert_eq!((now(&first.id).await.standing, old.standing), (Standing::Void, Standing::Valid));
    let new = casework.replace_document(&records, (id, old.version), reason).await.unwrap();
    let waits = now(&new).await;
    casework.release_document(&records, (&new, waits.version), true).await.unwrap();
    let new = now(&new).await;
    assert_eq!((new.standing, now(id).await.standing), (Standing::Valid, Standing::Replaced));
    assert!(new.by_hand.is_some());
    new
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_is_checked_by_code_and_file_too() {
    let house = House::open().await;
    let dossier = house.casework.file(&house.clerk(), copies(Channel::Counter)).await.unwrap().dossier;
    let paper = json!({
        "number": dossier.number, "lines": [{"title": "Họ và tên", "text": "Trần Thị An"}], "list_title": "Thành phần",
        "list": ["Tờ khai"], "reason": null, "rows": [], "signs": ["Người nộp", "Người tiếp nhận"], "remark": "",
    });
    let of = PaperOf {
        dossier: dossier.id.clone(),
        unit: dossier.receiving.clone(),
        template: "receipt",
        which: 0,
        title: dinh_calendar::Named { vi: "Giấy tiếp nhận".to_owned(), en: "Receipt".to_owned() },
        at: dossier.received.unwrap(),
        paper,
    };
    let one = house.casework.set_form(&hue(), of.clone()).await.unwrap();
    house.pass(60);
    assert_eq!(one, house.casework.set_form(&hue(), of).await.unwrap(), "the same whenever it is asked for");
    let told = house.casework.check_paper(&hue(), None, Some(&Digest::of(&one))).await.unwrap().unwrap();
    assert_eq!(
        (told.title.vi.as_str(), told.genuine, told.unit),
        ("Giấy tiếp nhận", Some(true), urn("Unit:phuong-1"))
    );
    let altered = [one.as_slice(), b" "].concat();
    let told =
        house.casework.check_paper(&hue(), Some(&told.code), Some(&Digest::of(&altered))).await.unwrap();
    assert_eq!(told.unwrap().genuine, Some(false));
}
