//! Fields that a form does not have, sent along all the same; and the requests of other accounts sent again.

use dinh_identity::domain::AccountId;
use dinh_identity::{Known, Origin};
use dinh_model::Tenant;
use http::Request;
use serde_json::json;

use super::{Desk, REASON};
use crate::account::post;
use crate::house::Answered;

/// What an account holds that no form sets; under the names that it has in records, pages and other programs.
const NOT_THEIRS: &[(&str, &str)] = &[
    ("roles", "administrator"),
    ("roles[]", "administrator"),
    ("roles[0][code]", "administrator"),
    ("role", "administrator"),
    ("isAdmin", "true"),
    ("positions", "[]"),
    ("home", "quang-tri"),
    ("tenant", "quang-tri"),
    ("state", "active"),
    ("kind", "device"),
    ("subject", "urn:ngsi-ld:Person:x"),
    ("represents", "urn:ngsi-ld:Person:x"),
    ("proved", "true"),
    ("seen-identity", "1"),
    ("seen-email", "1"),
    ("stepped_up", "true"),
    ("id", "00000000000000000000000000000000"),
    ("version", "99"),
];

/// The account as it is kept.
async fn known(desk: &Desk, id: &str) -> Known {
    let hue = Tenant::parse("hue").expect("is a name");
    let system = desk.house.context.system("test", hue);
    let office = desk.house.identity.office(&system, &Origin::default()).expect("may");
    office.known(&AccountId::parse(id).expect("an identifier")).await.expect("is there")
}

#[tokio::test]
async fn fields_that_a_form_does_not_have_set_nothing() {
    let desk = Desk::open().await;
    let id = desk.official("Đỗ Văn Đức", "duc@hue.gov.vn", "operator").await;
    let before = known(&desk, &id).await.record;
    let own = desk.enter_stepped_up("duc@hue.gov.vn").await;
    let details = [("do", "details"), ("name", "Đỗ Đức"), ("email", "duc@hue.gov.vn")];
    let changed = post(&desk.house, "/hue/account", &own, &[&details[..], NOT_THEIRS].concat()).await;
    assert_eq!(changed.status, 200, "{}", changed.text());
    let path = format!("/hue/admin/people/{id}");
    let by_hand = [("do", "details"), ("name", "Đỗ Đức"), ("email", "duc@hue.gov.vn"), REASON];
    // An administrator may tie an account to a person, so that one field is the form's own.
    let others: Vec<_> = NOT_THEIRS.iter().copied().filter(|(name, _)| *name != "subject").collect();
    let changed = desk.post(&path, &[&by_hand[..], &others].concat()).await;
    assert_eq!(changed.status, 200, "{}", changed.text());
    let after = known(&desk, &id).await.record;
    assert_eq!(after.name, "Đỗ Đức", "what the form has is set");
    assert_eq!((&after.id, &after.roles), (&before.id, &before.roles));
    assert_eq!((&after.positions, &after.home), (&before.positions, &before.home));
    assert_eq!((&after.subject, &after.kind, &after.state), (&before.subject, &before.kind, &before.state));
    assert_eq!((&after.identity, &after.speaks_for), (&before.identity, &before.speaks_for));
    // Who may not administer is not let in by what the form says, either.
    let climb = [("do", "give-role"), ("role", "administrator"), REASON];
    let refused = post(&desk.house, &path, &own, &[&climb[..], NOT_THEIRS].concat()).await;
    assert!([303, 403, 404].contains(&refused.status), "{}", refused.text());
    assert_eq!(known(&desk, &id).await.record.roles, before.roles);
}

/// Creates an entity under an idempotency key.
async fn create(desk: &Desk, cookie: &str, body: &serde_json::Value) -> Answered {
    let request = Request::post("/ngsi-ld/v1/entities")
        .header("cookie", cookie)
        .header("ngsild-tenant", "hue")
        .header("content-type", "application/json")
        .header("content-length", body.to_string().len())
        .header("idempotency-key", "k-1");
    desk.house.send(request, body.to_string()).await
}

#[tokio::test]
async fn an_idempotency_key_answers_only_the_account_that_used_it() {
    let desk = Desk::open().await;
    desk.official("Đỗ Văn Đức", "duc@hue.gov.vn", "operator").await;
    desk.official("Lê Thị Hoa", "hoa@hue.gov.vn", "operator").await;
    desk.official("Trần Văn Mai", "mai@hue.gov.vn", "operator").await;
    let duc = desk.enter_stepped_up("duc@hue.gov.vn").await;
    let hoa = desk.enter_stepped_up("hoa@hue.gov.vn").await;
    let mai = desk.enter_stepped_up("mai@hue.gov.vn").await;
    let note = |id: &str| json!({"id": id, "type": "Gauge", "keeper": {"type": "Property", "value": "Đức"}});
    let replayed = |answer: &Answered| answer.headers.contains_key("idempotency-replayed");
    let first = create(&desk, &duc, &note("urn:x:1")).await;
    assert!(first.status == 201 && !replayed(&first), "{}", first.text());
    let again = create(&desk, &duc, &note("urn:x:1")).await;
    assert!(again.status == 201 && replayed(&again), "{}", again.text());
    // The same request of another is their own: it is done, and the entity is there.
    let other = create(&desk, &hoa, &note("urn:x:1")).await;
    assert!(other.status == 409 && !replayed(&other), "{} {}", other.status, other.text());
    // Nor does the key tell that somebody else has used it for something else.
    let fresh = create(&desk, &mai, &note("urn:x:3")).await;
    assert!(fresh.status == 201 && !replayed(&fresh), "{} {}", fresh.status, fresh.text());
}
