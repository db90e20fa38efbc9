//! What was sent by post, or taken down on paper before it was opened: whoever says so says when, and the machine knows it.

use serde_json::{Map, json};

use super::*;

fn opened(channel: Channel, sent: Option<&str>) -> Result<Case, Refused> {
    let house = House::copies();
    let rules = house.rules(at("2026-11-23T08:00"));
    let answers: Map<String, Json> = json!({"copies": 1}).as_object().cloned().unwrap_or_default();
    let base = house.opening(&rules, "2026-11-23T08:00", answers);
    house.kind.open(Opening { channel, sent: sent.map(at), ..base }).map(|moved| moved.case)
}

#[test]
fn only_what_came_by_post_or_on_paper_was_sent_before() {
    for channel in [Channel::Online, Channel::Counter, Channel::Assisted] {
        assert!(opened(channel, None).is_ok());
        assert_eq!(
            opened(channel, Some("2026-11-20T08:00")),
            Err(Refused::Sent),
            "{channel:?}: no backdating"
        );
    }
    for channel in [Channel::Post, Channel::Offline] {
        assert!(opened(channel, Some("2026-11-20T08:00")).is_ok());
        for no in ["2026-11-23T08:01", "2026-10-24T07:59"] {
            assert_eq!(opened(channel, Some(no)), Err(Refused::Sent), "{channel:?} {no}");
        }
    }
    assert_eq!(opened(Channel::Offline, None), Err(Refused::Sent), "a paper has a day");
}

#[test]
fn a_postmark_moves_no_clock_and_a_paper_does() {
    let house = House::copies();
    let received = |channel| {
        let case = opened(channel, Some("2026-11-20T08:00")).expect("opens");
        house.does(&case, "2026-11-23T08:00", &clerk(), "accept", &[])
    };
    let by_post = received(Channel::Post);
    assert_eq!(by_post.received, Some(at("2026-11-23T08:00")), "it is received when it arrives");
    assert_eq!(by_post.due(&house.schedule), Some(at("2026-11-23T17:30")));
    let on_paper = received(Channel::Offline);
    assert_eq!(on_paper.received, Some(at("2026-11-20T08:00")), "it was received when it was taken down");
    assert_eq!(
        on_paper.due(&house.schedule),
        Some(at("2026-11-20T17:30")),
        "and is due as the paper promised"
    );
    assert_eq!(on_paper.opened, at("2026-11-23T08:00"), "when it was brought in stays on record");
}

#[test]
fn what_was_on_paper_and_incomplete_counts_from_when_it_is_complete() {
    let house = House::copies();
    let case = opened(Channel::Offline, Some("2026-11-20T08:00")).expect("opens");
    let reason = [("reason", text("Thiếu văn bản uỷ quyền"))];
    let case = house.does(&case, "2026-11-23T08:00", &clerk(), "ask-completion", &reason);
    let case = house.does(&case, "2026-11-23T09:00", &clerk(), "complete", &[]);
    let case = house.does(&case, "2026-11-23T09:30", &clerk(), "accept", &[]);
    assert_eq!(case.received, Some(at("2026-11-23T09:30")));
}
