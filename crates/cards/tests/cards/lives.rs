//! What happens to a card from the proposal to its end.

use dinh_access::{Account, Purpose};
use dinh_cards::{Asked, Error, Holder, NewCard, Standing, State, Step, Task};
use dinh_credentials::card::{CardKind, open};
use dinh_credentials::status::{Standing as Listed, Token};
use dinh_model::Clock as _;
use dinh_ngsild::query::EntityQuery;

use crate::house::{HOUR, House, OTHER, REASON, UNIT, hue, urn};

const URI: &str = "https://dinh.example/hue/cards/status/0";

async fn listed(house: &House, serial: u32) -> Listed {
    let (jwt, _) = house.cards.status_jwt(&hue(), 0, URI).await.unwrap();
    let keys = house.cards.keys(&hue()).await.unwrap();
    Token::verify_jwt(&jwt, URI, &keys).unwrap().list.get(serial as usize).unwrap()
}

#[tokio::test]
async fn two_people_issue_a_card_that_verifies_without_asking() {
    let house = House::open().await;
    let id = house.cards.propose(&house.officer(), house.new_card()).await.unwrap();
    let version = house.cards.one(&house.officer(), &id).await.unwrap().version;
    let alone = house.cards.decide(&house.officer(), (&id, version), true, REASON).await;
    assert!(matches!(alone, Err(Error::SamePerson)), "{alone:?}");
    let card = house.grant(&id).await;
    assert_eq!((card.state, card.serial), (State::Active, Some(1)));
    assert_eq!(card.number.as_deref(), Some("H57.01.046184001234.CC"));
    let printed = card.printed.clone().unwrap();
    assert!(printed.starts_with(&format!("{}|H57.01.046184001234.CC|", card.random.clone().unwrap())));
    let keys = house.cards.keys(&hue()).await.unwrap();
    let claims = open(card.qr.as_deref().unwrap()).unwrap().verify(&keys, house.seconds()).unwrap();
    assert_eq!((&*claims.name, &*claims.unit), ("Nguyễn Thị Phương Thảo", "Sở Nội vụ"));
    assert!(!card.qr.unwrap().contains("046184001234"));
    assert_eq!(listed(&house, 1).await, Listed::Valid);
    let steps: Vec<_> = card.steps.iter().map(|step| (step.step, step.by.as_str())).collect();
    assert_eq!(steps, [(Step::Propose, "account:officer"), (Step::Approve, "account:head")]);
}

#[tokio::test]
async fn only_those_of_the_unit_manage_its_cards_and_nobody_their_own() {
    let house = House::open().await;
    let stranger = house.official("x", "card-officer", OTHER);
    let clerk = house.official("y", "officer", UNIT);
    for session in [&stranger, &clerk, &house.head()] {
        let refused = house.cards.propose(session, house.new_card()).await;
        assert!(matches!(refused, Err(Error::NotManager)), "{refused:?}");
    }
    let own = house.official("thao", "card-officer", UNIT);
    assert!(matches!(house.cards.propose(&own, house.new_card()).await, Err(Error::OwnCard)));
    let card = house.card().await;
    let refused = house.cards.step(&own, (&card.id, card.version), Step::Revoke, REASON).await;
    assert!(matches!(refused, Err(Error::OwnCard)), "{refused:?}");
    let refused = house.cards.step(&stranger, (&card.id, card.version), Step::Revoke, REASON).await;
    assert!(matches!(refused, Err(Error::NotManager)), "{refused:?}");
    assert!(house.cards.of_units(&stranger, &Asked::default(), 0).await.unwrap().0.is_empty());
    assert!(house.cards.one(&stranger, &card.id).await.is_err());
    let tired = house.session(Account {
        id: "officer".into(),
        roles: ["card-officer".into()].into(),
        units: [urn(UNIT).as_str().into()].into(),
        ..Account::default()
    });
    assert!(matches!(house.cards.propose(&tired, house.new_card()).await, Err(Error::StepUp)));
    let (cards, total) = house.cards.of_units(&house.officer(), &Asked::default(), 0).await.unwrap();
    assert_eq!((cards.len(), total, &*cards[0].name), (1, 1, "Nguyễn Thị Phương Thảo"));
}

#[tokio::test]
async fn a_lost_card_is_shut_at_once_and_told_by_the_list() {
    let house = House::open().await;
    let card = house.card().await;
    let other = house.session(Account { id: "other".into(), assurance: 2, ..Account::default() });
    assert!(matches!(house.cards.report_lost(&other, &card.id, REASON).await, Err(Error::NoSuch(_))));
    assert_eq!(house.cards.own_cards(&house.thao(1)).await.unwrap().len(), 1);
    house.cards.report_lost(&house.thao(1), &card.id, "Mất ví ở chợ Đông Ba").await.unwrap();
    house.cards.report_lost(&house.thao(1), &card.id, "Mất ví ở chợ Đông Ba").await.unwrap();
    assert_eq!(listed(&house, 1).await, Listed::Suspended);
    let checked = house.cards.check(&hue(), card.qr.as_deref().unwrap()).await.unwrap();
    assert_eq!(checked.standing, Standing::Suspended);
    let checked = house.cards.check(&hue(), card.printed.as_deref().unwrap()).await.unwrap();
    assert_eq!((checked.standing, checked.looked_up), (Standing::Suspended, true));
    let now = house.cards.one(&house.head(), &card.id).await.unwrap();
    assert!(now.lost);
    house.cards.step(&house.head(), (&card.id, now.version), Step::Resume, REASON).await.unwrap();
    assert_eq!(listed(&house, 1).await, Listed::Valid);
    let stale = house.cards.step(&house.head(), (&card.id, now.version), Step::Revoke, REASON).await;
    assert!(matches!(stale, Err(Error::Conflict)), "{stale:?}");
    let now = house.cards.one(&house.head(), &card.id).await.unwrap();
    house.cards.step(&house.head(), (&card.id, now.version), Step::Revoke, REASON).await.unwrap();
    assert_eq!(listed(&house, 1).await, Listed::Invalid);
    let now = house.cards.one(&house.head(), &card.id).await.unwrap();
    let again = house.cards.step(&house.head(), (&card.id, now.version), Step::Resume, REASON).await;
    assert!(matches!(again, Err(Error::State(State::Revoked))), "{again:?}");
}

#[tokio::test]
async fn a_renewed_card_takes_the_place_of_the_old_one() {
    let house = House::open().await;
    let card = house.card().await;
    let second = house.cards.propose(&house.officer(), house.new_card()).await;
    assert!(matches!(second, Err(Error::HasOne)), "{second:?}");
    let newer = house.cards.renew(&house.officer(), &card.id, "Thẻ bị hỏng, đổi thẻ mới").await.unwrap();
    assert_eq!(listed(&house, 1).await, Listed::Valid, "the old one holds until the new one is granted");
    let newer = house.grant(&newer).await;
    assert_eq!((newer.serial, newer.number), (Some(2), card.number));
    assert_eq!((listed(&house, 1).await, listed(&house, 2).await), (Listed::Invalid, Listed::Valid));
    let old = house.cards.one(&house.officer(), &card.id).await.unwrap();
    assert_eq!((old.state, old.steps.last().unwrap().step), (State::Revoked, Step::Replace));
}

#[tokio::test]
async fn numbers_and_lists_outlast_the_program_and_expiry_comes_by_itself() {
    let house = House::open().await;
    let card = house.card().await;
    let now = house.cards.one(&house.head(), &card.id).await.unwrap();
    house.cards.step(&house.head(), (&card.id, now.version), Step::Suspend, REASON).await.unwrap();
    let house = house.again().await;
    assert_eq!(listed(&house, 1).await, Listed::Suspended);
    let now = house.cards.one(&house.head(), &card.id).await.unwrap();
    house.cards.step(&house.head(), (&card.id, now.version), Step::Resume, REASON).await.unwrap();
    house.clock.advance(HOUR * 24 * 366 * 5);
    let checked = house.cards.check(&hue(), card.qr.as_deref().unwrap()).await.unwrap();
    assert_eq!(checked.standing, Standing::Expired);
    let next = house.card().await;
    assert_eq!(next.serial, Some(2));
}

#[tokio::test]
async fn keys_are_sealed_hidden_and_follow_each_other_with_time_between() {
    let house = House::open().await;
    let card = house.card().await;
    let first = house.cards.keys(&hue()).await.unwrap();
    let from = house.cards.rotate(&house.officer(), "Thay khoá định kỳ hằng năm").await.unwrap();
    assert_eq!(house.cards.rotate(&house.officer(), "Thay khoá định kỳ hằng năm").await.unwrap(), from);
    let keys = house.cards.keys(&hue()).await.unwrap();
    assert_eq!((first.len(), keys.len()), (1, 2), "the next key is published before it signs");
    let (jwt, _) = house.cards.status_jwt(&hue(), 0, URI).await.unwrap();
    assert!(Token::verify_jwt(&jwt, URI, &first).is_ok(), "until then the first one signs");
    house.clock.advance(25 * HOUR);
    let (jwt, _) = house.cards.status_jwt(&hue(), 0, URI).await.unwrap();
    let keys = house.cards.keys(&hue()).await.unwrap();
    assert!(Token::verify_jwt(&jwt, URI, &first).is_err() && Token::verify_jwt(&jwt, URI, &keys).is_ok());
    assert!(open(card.qr.as_deref().unwrap()).unwrap().verify(&keys, house.seconds()).is_ok());
    // Nobody sees the keys, and the disk has no PKCS #8 of any.
    let names = dinh_context::fields::Names::default();
    for purpose in [Purpose::Operations, Purpose::CaseHandling] {
        let query = EntityQuery::of_type(names.of("CardIssuerKey"));
        let seen = house.officer().with_purpose(purpose).query(query).await;
        assert!(seen.is_err() || seen.unwrap().entities.is_empty());
    }
    let House { context, folder, .. } = house;
    context.close().await.unwrap();
    // The beginning of PKCS #8 of P-256, in base64 as it is kept.
    let needle = b"MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEH";
    for file in std::fs::read_dir(folder.path().join("data")).unwrap() {
        let path = file.unwrap().path();
        let bytes = if path.is_file() { std::fs::read(&path).unwrap() } else { continue };
        assert!(!bytes.windows(needle.len()).any(|part| part == needle), "{}", path.display());
    }
}

#[tokio::test]
async fn what_was_altered_or_is_not_ours_is_said_to_be_so() {
    let house = House::open().await;
    let card = house.card().await;
    let qr = card.qr.unwrap();
    let check = async |text: &str| house.cards.check(&hue(), text).await.unwrap().standing;
    assert_eq!(check(&qr).await, Standing::Valid);
    assert_eq!(check(&format!("\n{qr}\n")).await, Standing::Valid);
    let stranger = House::open().await.card().await.qr.unwrap();
    assert_eq!(check(&stranger).await, Standing::UnknownIssuer);
    assert_eq!(check("https://example.com").await, Standing::NotACard);
    assert_eq!(check("AAAA|H57.01.046184001234.CC|Ai đó|||").await, Standing::UnknownIssuer);
    let counts = house.cards.counts(&house.officer()).await.unwrap();
    assert_eq!(counts.of(CardKind::CivilServant, State::Active), 1);
    let (_, month) = &counts.months[0];
    assert_eq!(
        (month["issued:civil-servant"], month["verified:valid"], month["verified:unknown-issuer"]),
        (1, 2, 2)
    );
}

#[tokio::test]
async fn somebody_sent_to_a_site_shows_for_what_and_until_when() {
    let house = House::open().await;
    let card = house.card().await;
    let now = house.clock.now();
    let until = dinh_model::Timestamp::from(now.to_jiff() + jiff::SignedDuration::from_hours(8));
    let task = Task {
        title: "Kiểm tra an toàn thực phẩm".to_owned(),
        place: "Chợ Đông Ba".to_owned(),
        from: now,
        until,
    };
    let wrong = Task { until: now, ..task.clone() };
    let refused = house.cards.send(&house.head(), (&card.id, card.version), wrong, REASON).await;
    assert!(matches!(refused, Err(Error::Span(_))), "{refused:?}");
    house.cards.send(&house.head(), (&card.id, card.version), task.clone(), REASON).await.unwrap();
    let qr = card.qr.unwrap();
    assert_eq!(house.cards.check(&hue(), &qr).await.unwrap().task, Some(task));
    house.clock.advance(8 * HOUR);
    assert_eq!(house.cards.check(&hue(), &qr).await.unwrap().task, None);
}

#[tokio::test]
async fn a_pilot_card_needs_a_proved_identity_and_somebody_who_decides() {
    let house = House::open().await;
    let new = || NewCard {
        kind: CardKind::Person,
        holder: Holder { position: None, ..house.new_card().holder },
        unit: None,
        ..house.new_card()
    };
    let unsure = house.cards.ask_for(&house.thao(1), new()).await;
    assert!(matches!(unsure, Err(Error::Unproved(2))), "{unsure:?}");
    let stranger = house.session(Account { id: "other".into(), assurance: 2, ..Account::default() });
    assert!(matches!(house.cards.ask_for(&stranger, new()).await, Err(Error::NotYours)));
    let id = house.cards.ask_for(&house.thao(2), new()).await.unwrap();
    let version = house.cards.one(&house.officer(), &id).await.unwrap().version;
    house.cards.decide(&house.officer(), (&id, version), true, REASON).await.unwrap();
    let card = house.cards.one(&house.thao(2), &id).await.unwrap();
    assert_eq!((card.state, card.number), (State::Active, None));
}

#[tokio::test]
async fn a_card_checks_in_once() {
    let house = House::open().await;
    let card = house.card().await;
    let now = house.clock.now();
    let until = dinh_model::Timestamp::from(now.to_jiff() + jiff::SignedDuration::from_hours(2));
    let officer = house.officer();
    let id = house
        .cards
        .open_gathering(&officer, &urn(UNIT), "Họp giao ban tháng 11", (now, until))
        .await
        .unwrap();
    let qr = card.qr.unwrap();
    assert!(house.cards.check_in(&officer, &id, &qr).await.unwrap().1);
    assert!(!house.cards.check_in(&officer, &id, &qr).await.unwrap().1, "once");
    let present = house.cards.presences(&officer, &id).await.unwrap();
    assert_eq!((present.len(), &*present[0].name), (1, "Nguyễn Thị Phương Thảo"));
    let stranger = house.official("x", "card-officer", OTHER);
    assert!(house.cards.presences(&stranger, &id).await.is_err());
    house.clock.advance(3 * HOUR);
    assert!(matches!(house.cards.check_in(&officer, &id, &qr).await, Err(Error::Span(_))));
}
