//! Requests of data subjects.

use dinh_model::EntityId;
use dinh_privacy::{By, Decision, DueStep, Error, How, Kind, Sort, State, Step};
use jiff::civil::date;

use crate::house::{DAY, House, asked, hue, term, urn};

fn acknowledge() -> Decision {
    Decision::Acknowledge { involves_others: false }
}

fn complete() -> Decision {
    Decision::Complete { answer: "Đã gửi bản sao dữ liệu.".to_owned(), changed: None }
}

#[tokio::test]
async fn a_request_goes_from_filing_to_answer_with_its_clocks() {
    let house = House::open().await;
    let (privacy, an, officer) = (&house.privacy, house.citizen("an"), house.officer("o", true));
    let made = privacy.file(&an, asked(Kind::Access, Some("Person:an"))).await.unwrap();
    assert_eq!((made.number.as_str(), made.state), ("2026-000001", State::Received));
    assert_eq!((made.acknowledge_by, made.answer_by), (date(2026, 11, 26), date(2026, 12, 3)));
    let due = made.due(privacy.today(), privacy.calendar()).unwrap();
    assert_eq!((due.step, due.working_days, due.overdue), (DueStep::Acknowledge, 2, false));

    let queue = privacy.queue(&officer, Sort::Open, 0, 10).await.unwrap();
    assert_eq!((queue.total, queue.requests[0].text.as_deref()), (1, None), "masked in the list");
    let open = privacy.request_to_settle(&officer, &made.id).await.unwrap();
    assert!(open.text.unwrap().contains("ai đã xem"));
    let settled = privacy.settle(&officer, &made.id, 1, acknowledge()).await.unwrap().request;
    assert_eq!(settled.state, State::Acknowledged);
    let days = Decision::Extend { days: 15, reason: "Phải hỏi đơn vị khác".to_owned() };
    let extended = privacy.settle(&officer, &made.id, settled.version, days.clone()).await.unwrap().request;
    assert_eq!((extended.state, extended.answer_by), (State::Extended, date(2026, 12, 18)));
    let twice = privacy.settle(&officer, &made.id, extended.version, days).await;
    assert!(matches!(twice, Err(Error::Step(_))), "once and no more");
    house.clock.advance(30 * DAY);
    let late = privacy.request(&an, &made.id).await.unwrap();
    let due = late.due(privacy.today(), privacy.calendar()).unwrap();
    assert!(due.overdue && due.working_days < 0, "{due:?}");
    let done = privacy.settle(&officer, &made.id, extended.version, complete()).await.unwrap().request;
    assert_eq!((done.state, done.due(privacy.today(), privacy.calendar())), (State::Done, None));
    assert_eq!(privacy.queue(&officer, Sort::Open, 0, 10).await.unwrap().total, 0);
    assert_eq!(privacy.queue(&officer, Sort::Closed, 0, 10).await.unwrap().total, 1);
    let own = privacy.request(&an, &made.id).await.unwrap();
    assert_eq!(own.answer.as_deref(), Some("Đã gửi bản sao dữ liệu."));
    let steps: Vec<_> = own.steps.iter().map(|taken| (taken.step, taken.by)).collect();
    let expected = [
        (Step::File, By::Requester),
        (Step::Acknowledge, By::Officer),
        (Step::Extend, By::Officer),
        (Step::Complete, By::Officer),
    ];
    assert_eq!(steps, expected);
    let entries = house.audit(50).await;
    assert_eq!(entries.iter().filter(|entry| entry.actions() == ["request"]).count(), 3);
}

#[tokio::test]
async fn illegal_steps_change_nothing() {
    let house = House::open().await;
    let (privacy, an, officer) = (&house.privacy, house.citizen("an"), house.officer("o", true));
    let made = privacy.file(&an, asked(Kind::Access, Some("Person:an"))).await.unwrap();
    let step = |version, decision| privacy.settle(&officer, &made.id, version, decision);
    assert!(matches!(step(1, complete()).await, Err(Error::Step(_))), "not acknowledged yet");
    assert!(matches!(step(7, acknowledge()).await, Err(Error::Conflict)));
    let short = Decision::Refuse { reason: " x ".to_owned() };
    assert!(matches!(step(1, short).await, Err(Error::Text { field: "reason", .. })));
    step(1, acknowledge()).await.unwrap();
    for days in [0, 16] {
        let extend = Decision::Extend { days, reason: "vì sao không".to_owned() };
        assert!(matches!(step(2, extend).await, Err(Error::Days { most: 15 })), "{days}");
    }
    let dropped = privacy.drop_request(&an, &made.id, 2).await.unwrap();
    assert_eq!(dropped.state, State::Withdrawn);
    for decision in [acknowledge(), complete()] {
        assert!(matches!(step(3, decision).await, Err(Error::Step(_))), "it is over");
    }
    assert!(matches!(privacy.drop_request(&an, &made.id, 3).await, Err(Error::Step(_))));
    assert_eq!(privacy.request(&an, &made.id).await.unwrap(), dropped);
}

#[tokio::test]
async fn others_see_nothing_and_settle_nothing() {
    let house = House::open().await;
    let (privacy, an) = (&house.privacy, house.citizen("an"));
    let made = privacy.file(&an, asked(Kind::Copy, Some("Person:an"))).await.unwrap();
    let binh = house.citizen("binh");
    assert!(matches!(privacy.request(&binh, &made.id).await, Err(Error::NoSuch("request"))));
    assert!(matches!(privacy.drop_request(&binh, &made.id, 1).await, Err(Error::NoSuch("request"))));
    for role in ["officer", "administrator", "leader", "operator", "data-steward", "auditor", "inspector"] {
        let official = house.official("x", role, true);
        assert!(matches!(privacy.queue(&official, Sort::Open, 0, 5).await, Err(Error::NotOfficer)), "{role}");
        assert!(official.find(&made.id).await.unwrap().is_none(), "{role}");
        assert!(privacy.settle(&official, &made.id, 1, acknowledge()).await.is_err(), "{role}");
    }
    let without = house.officer("o", false);
    assert!(privacy.queue(&without, Sort::Open, 0, 5).await.is_ok());
    assert!(matches!(privacy.settle(&without, &made.id, 1, acknowledge()).await, Err(Error::StepUp)));
    assert!(house.officer("o", true).delete(made.id.clone()).await.is_err(), "it goes by steps alone");
    let own = privacy.file(&house.officer("o", true), asked(Kind::Copy, None)).await.unwrap();
    let oneself = privacy.settle(&house.officer("o", true), &own.id, 1, acknowledge()).await;
    assert!(matches!(oneself, Err(Error::OwnRequest)));
}

#[tokio::test]
async fn numbers_have_no_gaps_and_accounts_a_bound() {
    let house = House::open().await;
    let privacy = &house.privacy;
    let nameless = house.account("nobody", 0, &[]);
    let made = (0..20).map(|_| privacy.file(&nameless, asked(Kind::Access, None)));
    let mut numbers: Vec<String> =
        futures_of(made).await.into_iter().map(|request| request.unwrap().number).collect();
    numbers.sort();
    let expected: Vec<String> = (1..=20).map(|number| format!("2026-{number:06}")).collect();
    assert_eq!(numbers, expected);
    let more = privacy.file(&nameless, asked(Kind::Access, None)).await;
    assert!(matches!(more, Err(Error::TooMany { most: 20, .. })));
    let (page, total) = privacy.own_requests(&nameless, 0, 5).await.unwrap();
    assert_eq!((page.len(), total), (5, 20));
    let an = house.citizen("an");
    assert!(matches!(privacy.file(&an, asked(Kind::Erase, None)).await, Err(Error::NoSubject)));
    assert!(matches!(
        privacy.file(&an, asked(Kind::Access, Some("Person:binh"))).await,
        Err(Error::NotYours(_))
    ));
    let mut blank = asked(Kind::Access, None);
    blank.text = "   \u{7}  ".to_owned();
    assert!(matches!(privacy.file(&an, blank).await, Err(Error::Text { field: "text", .. })));
    assert_eq!(privacy.file(&an, asked(Kind::Access, None)).await.unwrap().number, "2026-000021");
}

/// Runs them at once.
async fn futures_of<F: Future>(all: impl Iterator<Item = F>) -> Vec<F::Output> {
    let mut done = Vec::new();
    let mut running: Vec<_> = all.map(Box::pin).collect();
    std::future::poll_fn(|cx| {
        running.retain_mut(|one| match one.as_mut().poll(cx) {
            std::task::Poll::Ready(output) => {
                done.push(output);
                false
            }
            std::task::Poll::Pending => true,
        });
        if running.is_empty() { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    done
}

async fn through(house: &House, kind: Kind) -> EntityId {
    let (privacy, officer) = (&house.privacy, house.officer("o", true));
    let made = privacy.file(&house.citizen("an"), asked(kind, Some("Person:an"))).await.unwrap();
    privacy.settle(&officer, &made.id, 1, acknowledge()).await.unwrap();
    privacy.settle(&officer, &made.id, 2, complete()).await.unwrap();
    made.id
}

#[tokio::test]
async fn restricted_data_is_hidden_from_all_but_its_subject_and_the_officer() {
    let house = House::open().await;
    let inspector = house.official("i", "inspector", true).with_purpose(dinh_access::Purpose::Inspection);
    assert!(inspector.find(&urn("Person:an")).await.unwrap().is_some());
    let request = through(&house, Kind::Restrict).await;
    assert!(inspector.find(&urn("Person:an")).await.unwrap().is_none());
    assert!(inspector.find(&urn("Person:binh")).await.unwrap().is_some(), "nobody else's");
    let held = house.privacy.holdings(&house.citizen("an"), &urn("Person:an")).await.unwrap();
    let person = held.itself.unwrap().entity;
    assert_eq!(person.attribute(term("name").as_str()).unwrap().text(), Some("Trần Thị An"));
    let seen = house.officer("o", true).find(&urn("Person:an")).await.unwrap().unwrap();
    assert!(seen.entity.is_a(term("RestrictedProcessing").as_str()));
    assert_ne!(seen.entity.attribute(term("name").as_str()).unwrap().text(), Some("Trần Thị An"));
    assert!(seen.entity.attribute(term("restrictedBy").as_str()).is_some(), "{request}");
}

#[tokio::test]
async fn a_restriction_is_lifted_at_its_subjects_wish_by_an_officer_and_on_record() {
    let house = House::open().await;
    let inspector = house.official("i", "inspector", true).with_purpose(dinh_access::Purpose::Inspection);
    let lift = || asked(Kind::Lift, Some("Person:an"));
    let refused = house.privacy.file(&house.citizen("an"), lift()).await;
    assert!(matches!(refused, Err(Error::NotRestricted(_))), "{refused:?}");
    let before = house.context.system("test", hue()).find(&urn("Person:an")).await.unwrap().unwrap();
    through(&house, Kind::Restrict).await;
    assert!(inspector.find(&urn("Person:an")).await.unwrap().is_none());
    // Another who does not speak for them cannot ask for it.
    let others = house.privacy.file(&house.citizen("binh"), lift()).await;
    assert!(matches!(others, Err(Error::NotYours(_))), "{others:?}");
    through(&house, Kind::Lift).await;
    assert!(inspector.find(&urn("Person:an")).await.unwrap().is_some());
    let after = house.context.system("test", hue()).find(&urn("Person:an")).await.unwrap().unwrap();
    assert_eq!(after.entity.types, before.entity.types);
    let content = |stored: &dinh_context::graph::Stored| {
        let all = stored.entity.attributes.iter();
        all.map(|(name, instances)| {
            format!("{name} {:?}", instances.iter().map(|one| &one.value).collect::<Vec<_>>())
        })
        .collect::<Vec<_>>()
    };
    assert_eq!(content(&after), content(&before), "nothing else has changed");
    let entries = house.audit(50).await;
    assert!(entries.iter().any(|entry| entry.actions().contains(&"request")));
}

#[tokio::test]
async fn an_erasure_is_carried_out_and_tells_what_stays() {
    let house = House::open().await;
    let an = house.citizen("an");
    house.privacy.give(&an, &urn("Person:an"), ("case-notices", 1), How::Page).await.unwrap();
    let request = through(&house, Kind::Erase).await;
    let everything = house.context.system("test", hue());
    assert!(everything.find(&urn("Person:an")).await.unwrap().is_none());
    assert!(everything.find(&urn("Person:binh")).await.unwrap().is_some(), "nobody else");
    assert!(
        everything.find(&urn("Organization:huong")).await.unwrap().is_some(),
        "an enterprise is no person"
    );
    let own = house.privacy.request(&an, &request).await.unwrap();
    assert_eq!((own.state, own.answer.as_deref()), (State::Done, Some("Đã gửi bản sao dữ liệu.")));
    let kept: u64 = own.kept.iter().map(|rule| rule.count).sum();
    assert_eq!(kept, 3, "the enterprise, the consent and the request: {:?}", own.kept);
    assert!(own.kept.iter().all(|rule| !rule.basis.vi.is_empty()));
    let erasures = house.audit(50).await;
    assert!(erasures.iter().any(|entry| entry.actions().contains(&"erasure")));
}

#[tokio::test]
async fn withdrawal_by_an_officer_takes_back_every_consent() {
    let house = House::open().await;
    let an = house.citizen("an");
    for code in ["case-notices", "satisfaction-survey"] {
        house.privacy.give(&an, &urn("Person:an"), (code, 1), How::Page).await.unwrap();
    }
    through(&house, Kind::Withdraw).await;
    for code in ["case-notices", "satisfaction-survey"] {
        assert!(house.privacy.may_use(&hue(), &urn("Person:an"), code).await.unwrap().is_none(), "{code}");
    }
}
