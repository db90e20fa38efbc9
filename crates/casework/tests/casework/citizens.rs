//! What applicants do with their dossiers: rate them, complain about them, keep drafts.

use dinh_access::Account;
use dinh_cases::{Channel, Refused};
use dinh_casework::{About, Casework, Complaint, Dossier, DraftContent, Error, Period, Scale};
use serde_json::json;

use crate::house::{House, MINUTE, OTHER, copies, hue};

/// A dossier of `an` that was settled by the handler and the leader of the ward, with the secret of its receipt.
async fn settled(house: &House) -> (Dossier, String) {
    let filed = house.filed("an").await;
    let dossier = house.act(&house.clerk(), &filed.dossier, "accept", &[]).await.unwrap();
    let dossier = house.act(&house.handler(), &dossier, "start", &[]).await.unwrap();
    let dossier = house.act(&house.handler(), &dossier, "submit", &[]).await.unwrap();
    let dossier = house.approved(&dossier).await;
    (dossier, filed.secret.unwrap())
}

fn complaint(once: &str) -> Complaint {
    let answers = json!({"matter": "late", "text": "Đã quá ngày hẹn mà chưa có kết quả."});
    Complaint {
        kind: "complaint".to_owned(),
        answers: answers.as_object().cloned().unwrap(),
        once: once.to_owned(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rating_is_counted_once_and_follows_its_change() {
    let house = House::open().await;
    let (dossier, secret) = Box::pin(settled(&house)).await;
    let number = dossier.number.clone().unwrap();
    let on = (&dossier.id, dossier.version);
    let stranger = house.casework.rate(&house.citizen("binh"), on, (5, "")).await;
    assert!(matches!(stranger, Err(Error::NoSuch(_))), "{stranger:?}");
    let official = house.casework.rate(&house.leader(), on, (5, "")).await;
    assert!(matches!(official, Err(Error::Refused(Refused::Role { .. }))), "{official:?}");
    let rated = house.casework.rate(&house.citizen("an"), on, (2, "Phải chờ lâu.")).await.unwrap();
    assert_eq!(rated.rating, Some(2));
    let wrong = house.casework.rate_followed(&hue(), (&number, "AAAAAAAAAA"), (5, "")).await.unwrap();
    assert!(!wrong, "without the secret nobody rates");
    assert!(house.casework.rate_followed(&hue(), (&number, &secret), (4, "")).await.unwrap());
    let followed = house.casework.follow(&hue(), &number, &secret).await.unwrap().unwrap();
    assert_eq!((followed.rated, followed.rate_until.is_some(), followed.about_case), (Some(4), true, false));
    let month = Period { from: house.today(), to: house.today() };
    let all = house.casework.tallies(&house.leader(), month, Scale::Kind).await.unwrap();
    let tally = &all["civil-status-copy"];
    assert_eq!(
        (tally.of("rated"), tally.of("rated.2"), tally.of("rated.4"), tally.of("rating-sum")),
        (1, 0, 1, 4)
    );
    house.pass(8 * 24 * 60);
    let late = house.casework.rate_followed(&hue(), (&number, &secret), (1, "")).await;
    assert!(matches!(late, Err(Error::Refused(Refused::Over(_)))), "{late:?}");
    let shown = house.casework.show(&house.citizen("an"), &dossier.id).await.unwrap();
    assert_eq!((shown.dossier.rating, shown.rate_until), (Some(4), None));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_complaint_is_decided_by_others_than_those_who_worked_on_the_dossier() {
    let house = House::open().await;
    let (dossier, _) = Box::pin(settled(&house)).await;
    let an = house.citizen("an");
    let filed = house.casework.complain(&an, About::Own(&dossier.id), complaint("one")).await.unwrap();
    let one = filed.dossier;
    assert_eq!(one.number.as_deref(), Some("H57.20.01-KN-261123-001"));
    assert_eq!((one.state.as_str(), one.parent.as_ref()), ("filed", Some(&dossier.id)));
    let twice = house.casework.complain(&an, About::Own(&dossier.id), complaint("one")).await.unwrap();
    assert_eq!((twice.dossier.id, twice.secret), (one.id.clone(), None), "sent twice it is one");
    let one = house.act(&house.clerk(), &one, "accept", &[]).await.unwrap();
    let own_work = house.act(&house.handler(), &one, "submit", &[("note", "Không sai.")]).await;
    assert!(matches!(own_work, Err(Error::Refused(Refused::Role { .. }))), "{own_work:?}");
    let other = house.official("other", "officer", crate::house::WARD);
    let one = house.act(&other, &one, "submit", &[("note", "Chậm hai ngày.")]).await.unwrap();
    let answer = [("reason", "Đúng là chậm; chúng tôi xin lỗi.")];
    let own_work = house.act(&house.leader(), &one, "uphold", &answer).await;
    assert!(matches!(own_work, Err(Error::Refused(Refused::Role { .. }))), "{own_work:?}");
    let above = house.official("above", "unit-leader", crate::house::WARD);
    let one = house.act(&above, &one, "uphold", &answer).await.unwrap();
    assert_eq!(one.state, "upheld");
    let shown = house.casework.show(&an, &dossier.id).await.unwrap();
    assert_eq!(shown.children.iter().map(|child| &child.id).collect::<Vec<_>>(), [&one.id]);
    let child = house.casework.show(&an, &one.id).await.unwrap();
    assert_eq!(child.parent.map(|parent| parent.id), Some(dossier.id));
    let month = Period { from: house.today(), to: house.today() };
    let all = house.casework.tallies(&house.leader(), month, Scale::Whole).await.unwrap();
    let tally = &all[""];
    assert_eq!((tally.of("received"), tally.of("about.received"), tally.of("about.ended")), (1, 1, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_shows_the_receipt_complains_and_reads_the_answer() {
    let house = House::open().await;
    let (dossier, secret) = Box::pin(settled(&house)).await;
    let number = dossier.number.clone().unwrap();
    let nobody = house.context.session(
        dinh_access::Principal::Anonymous,
        hue(),
        dinh_access::Purpose::PublicInformation,
    );
    let shown = |secret| About::Shown { number: &number, secret };
    let wrong = house.casework.complain(&nobody, shown("AAAAAAAAAA"), complaint("a")).await;
    assert!(matches!(wrong, Err(Error::NoSuch(_))), "{wrong:?}");
    let filed = house.casework.complain(&nobody, shown(&secret), complaint("a")).await.unwrap();
    let (about, code) = (filed.dossier.number.clone().unwrap(), filed.secret.unwrap());
    let refused = [("reason", "Đã quá thời hiệu khiếu nại.")];
    house.act(&house.clerk(), &filed.dossier, "refuse-intake", &refused).await.unwrap();
    let followed = house.casework.follow(&hue(), &about, &code).await.unwrap().unwrap();
    assert!(followed.about_case);
    assert_eq!(followed.answer.as_deref(), Some("Đã quá thời hiệu khiếu nại."));
    let about_it = About::Shown { number: &about, secret: &code };
    let again = house.casework.complain(&nobody, about_it, complaint("b")).await;
    assert!(matches!(again, Err(Error::NoKind(_))), "nobody complains about a complaint: {again:?}");
    for once in ["c", "d", "e"] {
        house.casework.complain(&nobody, shown(&secret), complaint(once)).await.unwrap();
    }
    let many = house.casework.complain(&nobody, shown(&secret), complaint("f")).await;
    assert!(matches!(many, Err(Error::TooMany { most: 3, .. })), "{many:?}");
    // None is filed as if it were a dossier, and nobody complains about what is not theirs.
    let mut bare = copies(Channel::Online);
    bare.kind = "complaint".to_owned();
    let bare = house.casework.file(&house.citizen("an"), bare).await;
    assert!(matches!(bare, Err(Error::NoKind(_))), "{bare:?}");
    let others = house.casework.complain(&house.leader(), About::Own(&dossier.id), complaint("g")).await;
    assert!(matches!(others, Err(Error::NotYours)), "{others:?}");
    let hidden = house.official("x", "officer", OTHER);
    let hidden = house.casework.complain(&hidden, About::Own(&dossier.id), complaint("g")).await;
    assert!(matches!(hidden, Err(Error::NoSuch(_))), "{hidden:?}");
}

fn content(once: &str) -> DraftContent {
    let pairs = vec![("requester.name".to_owned(), "Trần Thị An".to_owned())];
    DraftContent { once: once.to_owned(), pairs }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_draft_is_its_owners_alone_and_goes_when_it_is_filed() {
    let house = House::open().await;
    let (an, binh) = (house.citizen("an"), house.citizen("binh"));
    let (casework, kind) = (&house.casework, "civil-status-copy");
    let draft = casework.keep_draft(&an, kind, content("one")).await.unwrap();
    house.pass(5);
    let again = casework.keep_draft(&an, kind, content("one")).await.unwrap();
    assert_eq!(draft.id, again.id, "the same form is the same draft");
    assert_eq!(again.expires.micros_since(again.saved), 30 * 24 * 60 * MINUTE);
    let listed = casework.drafts(&an).await.unwrap();
    assert_eq!((listed.len(), listed[0].content.is_none()), (1, true));
    assert_eq!(casework.draft(&an, &draft.id).await.unwrap().content, Some(content("one")));
    assert!(casework.drafts(&binh).await.unwrap().is_empty());
    for stranger in [&binh, &house.clerk(), &house.leader()] {
        let hidden = casework.draft(stranger, &draft.id).await;
        assert!(matches!(hidden, Err(Error::NoSuch(_))), "{hidden:?}");
        let hidden = casework.discard_draft(stranger, &draft.id).await;
        assert!(matches!(hidden, Err(Error::NoSuch(_))), "{hidden:?}");
    }
    let mut filing = copies(Channel::Online);
    filing.once = Some("one".to_owned());
    casework.file(&an, filing).await.unwrap();
    assert!(casework.drafts(&an).await.unwrap().is_empty(), "it has become a dossier");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn drafts_are_bounded_in_number_size_and_days() {
    let house = House::open().await;
    let (an, casework, kind) = (house.citizen("an"), &house.casework, "civil-status-copy");
    for number in 0..Casework::MOST_DRAFTS {
        casework.keep_draft(&an, kind, content(&number.to_string())).await.unwrap();
    }
    let more = casework.keep_draft(&an, kind, content("more")).await;
    assert!(matches!(more, Err(Error::TooMany { most: Casework::MOST_DRAFTS, .. })), "{more:?}");
    casework.keep_draft(&an, kind, content("7")).await.unwrap();
    let mut large = content("7");
    large.pairs.push(("text".to_owned(), "x".repeat(Casework::MOST_DRAFT)));
    let large = casework.keep_draft(&an, kind, large).await;
    assert!(matches!(large, Err(Error::TooMany { most: Casework::MOST_DRAFT, .. })), "{large:?}");
    let unknown = casework.keep_draft(&an, "nothing", content("x")).await;
    assert!(matches!(unknown, Err(Error::NoKind(_))), "{unknown:?}");
    assert_eq!(casework.sweep_drafts(&hue()).await.unwrap(), 0);
    house.pass(30 * 24 * 60);
    assert!(casework.drafts(&an).await.unwrap().is_empty());
    assert_eq!(casework.sweep_drafts(&hue()).await.unwrap(), Casework::MOST_DRAFTS);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn drafts_are_erased_with_the_person() {
    let house = House::open().await;
    let subjects = ["urn:ngsi-ld:Person:an".into()].into();
    let an = Account { id: "an".into(), assurance: 1, subjects, ..Account::default() };
    let an = house.session(an);
    house.casework.keep_draft(&an, "civil-status-copy", content("one")).await.unwrap();
    let officer = house.official("dpo", "privacy-officer", crate::house::WARD);
    let erased = officer.erase(&crate::house::urn("Person:an"), "Yêu cầu xoá số 2026-000001").await.unwrap();
    assert_eq!(erased.erased.len(), 1, "{erased:?}");
    assert!(house.casework.drafts(&an).await.unwrap().is_empty());
}
