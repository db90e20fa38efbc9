//! Tickets: numbered by day and desk, called in turn, booked within bounds.

use dinh_casework::{Error, TicketState, TicketStep};
use dinh_model::Clock as _;

use crate::house::{House, OTHER, WARD, hue, urn};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn numbers_run_by_day_and_desk_and_are_called_in_turn() {
    let house = House::open().await;
    let (clerk, casework, ward) = (house.clerk(), &house.casework, urn(WARD));
    let many = (0..12).map(|_| {
        let (casework, ward) = (casework.clone(), ward.clone());
        tokio::spawn(async move { casework.take_ticket(&hue(), &ward).await.unwrap().number })
    });
    let mut numbers = Vec::new();
    for one in many.collect::<Vec<_>>() {
        numbers.push(one.await.unwrap());
    }
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=12).collect::<Vec<u32>>());
    assert_eq!(
        casework.take_ticket(&hue(), &urn(OTHER)).await.unwrap().label(),
        "A001",
        "each desk has its own"
    );
    house.pass(10);
    let first = casework.call_next(&clerk, &ward, "3").await.unwrap().unwrap();
    assert_eq!((first.label().as_str(), first.window.as_deref()), ("A001", Some("3")));
    let busy = casework.call_next(&clerk, &ward, "3").await;
    assert!(matches!(busy, Err(Error::Conflict)), "one after another: {busy:?}");
    let wall = casework.wall(&hue(), &ward).await.unwrap();
    assert_eq!((wall.called.len(), wall.waiting, wall.mean_wait), (1, 11, Some(10)));
    let place = casework.ticket(&hue(), &first.id).await.unwrap();
    assert_eq!(place.ticket.state, TicketState::Called);
    casework.step_ticket(&clerk, &first.id, TicketStep::Serve).await.unwrap();
    let served = casework.step_ticket(&clerk, &first.id, TicketStep::End).await.unwrap();
    assert_eq!(served.state, TicketState::Served);
    let again = casework.step_ticket(&clerk, &first.id, TicketStep::Serve).await;
    assert!(matches!(again, Err(Error::Conflict)), "{again:?}");
    let second = casework.call_next(&clerk, &ward, "3").await.unwrap().unwrap();
    casework.step_ticket(&clerk, &second.id, TicketStep::Absent).await.unwrap();
    assert_eq!(casework.line(&clerk, &ward).await.unwrap().absent.len(), 1);
    let back = casework.step_ticket(&clerk, &second.id, TicketStep::Back).await.unwrap();
    assert_eq!(back.state, TicketState::Waiting);
    let stranger = house.official("c2", "one-stop-officer", OTHER);
    for refused in [
        casework.call_next(&stranger, &ward, "1").await.map(drop),
        casework.step_ticket(&stranger, &second.id, TicketStep::CallAgain).await.map(drop),
        casework.line(&house.citizen("an"), &ward).await.map(drop),
    ] {
        assert!(matches!(refused, Err(Error::NotYours)), "{refused:?}");
    }
    house.pass(24 * 60);
    assert_eq!(casework.take_ticket(&hue(), &ward).await.unwrap().label(), "A001", "each day begins anew");
    assert!(matches!(casework.take_ticket(&hue(), &urn("Unit:none")).await, Err(Error::NoUnit(_))));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn appointments_are_within_office_hours_and_bounded() {
    let house = House::open().await;
    let (casework, ward) = (&house.casework, urn(WARD));
    let days = casework.bookable_days();
    assert_eq!(days.first().map(ToString::to_string).as_deref(), Some("2026-11-25"), "the 24th is a day off");
    assert!(days.iter().all(|day| day.weekday().to_monday_one_offset() <= 5), "{days:?}");
    let slots = casework.slots(&hue(), &ward, days[0]).await.unwrap();
    assert_eq!(slots.len(), 24, "eight hours, three slots each");
    let at = slots[0].at;
    assert_eq!(at.to_string(), "2026-11-25T00:30:00Z", "half past seven");
    for who in ["an", "binh", "chi"] {
        casework.book_slot(&house.citizen(who), &ward, at).await.unwrap();
    }
    let full = casework.book_slot(&house.citizen("dung"), &ward, at).await;
    assert!(matches!(full, Err(Error::Slot)), "{full:?}");
    let odd = casework.book_slot(&house.citizen("dung"), &ward, at.plus_micros(60_000_000)).await;
    assert!(matches!(odd, Err(Error::Slot)), "{odd:?}");
    casework.book_slot(&house.citizen("an"), &ward, slots[1].at).await.unwrap();
    let third = casework.book_slot(&house.citizen("an"), &ward, slots[2].at).await;
    assert!(matches!(third, Err(Error::TooMany { .. })), "{third:?}");
    let own = casework.own_tickets(&house.citizen("an")).await.unwrap();
    assert_eq!(own.iter().map(dinh_casework::Ticket::label).collect::<Vec<_>>(), ["H001", "H004"]);
    let theft = casework.cancel_ticket(&house.citizen("binh"), &own[0].id).await;
    assert!(matches!(theft, Err(Error::NoSuch(_))), "{theft:?}");
    casework.cancel_ticket(&house.citizen("an"), &own[1].id).await.unwrap();
    // On the day, appointments come before those who just walk in, once their time has come.
    house.clock.advance(at.micros_since(house.clock.now()) - 1);
    casework.take_ticket(&hue(), &ward).await.unwrap();
    let walked = casework.line(&house.clerk(), &ward).await.unwrap();
    assert_eq!((walked.waiting.len(), walked.booked), (1, 3), "their time has not come yet");
    house.clock.advance(1);
    let line = casework.line(&house.clerk(), &ward).await.unwrap();
    let labels: Vec<String> = line.waiting.iter().map(dinh_casework::Ticket::label).collect();
    assert_eq!(labels, ["H001", "H002", "H003", "A005"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_writes_a_ticket_as_an_entity() {
    let house = House::open().await;
    let ticket = house.casework.take_ticket(&hue(), &urn(WARD)).await.unwrap();
    let names = dinh_context::fields::Names::default();
    let fields = dinh_context::fields::Fields::new(&names, house.clock.now());
    for session in [house.clerk(), house.handler(), house.citizen("an")] {
        let written =
            session.mutate(ticket.id.clone(), fields.clone().with("state", "served").change()).await;
        assert!(written.is_err());
    }
}
