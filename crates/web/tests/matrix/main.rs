//! The matrix: every route, asked by everybody, answers as the policies of the house say.
//!
//! Routes are read from the program, callers from the roles of the packs and the ways in which rights end; what each
//! should get is computed by Cedar's own authorizer. A new route without a row in `rows.rs` fails.

#[path = "../support/accounts.rs"]
mod accounts;
mod callers;
mod house;
mod judge;
mod letters;
#[path = "../support/nowhere.rs"]
mod nowhere;
mod oracle;
#[path = "../support/otp.rs"]
mod otp;
mod planted;
mod routes;
mod rows;
#[path = "../support/rules.rs"]
mod rules;

use std::collections::BTreeSet;

use dinh_access::{Action, Purpose};
use http::Request;
use serde_json::json;

use crate::callers::Caller;
use crate::house::{House, KEY, khac, thu};
use crate::judge::{Expected, Judge, Stated};
use crate::oracle::Oracle;
use crate::planted::{Planted, planted};
use crate::rows::{Demand, Row, rows};

/// The subscription that the write key owns.
const SUBSCRIPTION: &str = "urn:ngsi-ld:Subscription:matrix";
/// Houses in which the callers are asked beside one another, every caller in one of them.
const PARTS: usize = 2;
/// Most findings that a failure lists.
const LISTED: usize = 60;

#[test]
fn every_route_has_its_row_in_the_matrix() {
    let there = routes::routes();
    assert!(there.len() > 55, "{}", there.len());
    let in_rows: BTreeSet<_> =
        rows().iter().map(|row| (row.method.to_owned(), row.path.to_owned())).collect();
    let missing: Vec<_> = there.difference(&in_rows).collect();
    assert!(missing.is_empty(), "say in rows.rs what these ask of the policy: {missing:?}");
    let stale: Vec<_> = in_rows.difference(&there).collect();
    assert!(stale.is_empty(), "there are no such routes any more: {stale:?}");
}

#[test]
fn every_route_answers_everybody_as_the_policies_say() {
    let parts: Vec<_> = (0..PARTS).map(|part| std::thread::spawn(move || asked_by_part(part))).collect();
    let wrong: Vec<_> = parts.into_iter().flat_map(|part| part.join().expect("a part has failed")).collect();
    let shown: Vec<_> = wrong.iter().take(LISTED).map(String::as_str).collect();
    assert!(wrong.is_empty(), "{} wrong answers:\n{}", wrong.len(), shown.join("\n"));
}

/// Everything that one part of the callers asks, in a house of its own: what is wrong.
#[tokio::main(flavor = "multi_thread", worker_threads = 1)]
async fn asked_by_part(part: usize) -> Vec<String> {
    let house = House::open().await;
    let (callers, assigned) = callers::callers(&house).await;
    assert!(callers.len() > 40, "{}", callers.len());
    let here = planted(&assigned);
    let elsewhere: Vec<Planted> =
        here.iter().cloned().map(|what| Planted { number: what.number + 50, ..what }).collect();
    for what in &here {
        house.plant(thu(), what).await;
    }
    for what in &elsewhere {
        house.plant(khac(), what).await;
    }
    let oracle = Oracle::new();
    let matrix = Matrix {
        house: &house,
        judge: Judge {
            sights: judge::Sights::default(),
            oracle: &oracle,
            planted: &here,
            elsewhere: &elsewhere,
        },
    };
    matrix.knows_administrators(&callers);
    let mut wrong = Vec::new();
    for row in &rows() {
        for caller in callers.iter().skip(part).step_by(PARTS) {
            matrix.ask(row, caller, &mut wrong).await;
        }
    }
    wrong
}

struct Matrix<'a> {
    house: &'a House,
    judge: Judge<'a>,
}

impl Matrix<'_> {
    /// What is computed can be wrong, too: that nobody runs the house without a second factor is known beforehand.
    fn knows_administrators(&self, callers: &[Caller]) {
        let row = Row::new("GET", "/", Demand::Act(Action::Administer));
        let Some(any) = self.judge.planted.first() else { return };
        let may = |who: &&Caller| self.judge.expected(&row, who, Stated::NOTHING, any) == Expected::Fine;
        let names: Vec<&str> = callers.iter().filter(may).map(|who| who.name.as_str()).collect();
        assert_eq!(names, ["administrator, second factor"]);
    }

    /// Asks what a row says, about each entity where it is about one, for each purpose where it knows purposes.
    async fn ask(&self, row: &Row, who: &Caller, wrong: &mut Vec<String>) {
        let about_each =
            matches!(row.demand, Demand::One(_) | Demand::Kind | Demand::Change(_) | Demand::Create)
                || row.path.contains("{layer}");
        let reveal = |purpose| Stated { purpose: Some(purpose), reveal: true };
        let mut stated = vec![Stated::NOTHING];
        if row.reveals {
            use Purpose::{CaseHandling, Emergency, Inspection, OwnData, Statistics};
            stated.extend([CaseHandling, Emergency, Inspection, OwnData].map(reveal));
            stated.push(Stated { purpose: Some(Statistics), reveal: false });
        }
        let many = self.judge.planted;
        let about = if about_each { many } else { many.get(..1).unwrap_or_default() };
        for what in about {
            for stated in &stated {
                self.ask_about(row, who, *stated, what, wrong).await;
            }
        }
    }

    async fn ask_about(
        &self,
        row: &Row,
        who: &Caller,
        stated: Stated,
        what: &Planted,
        wrong: &mut Vec<String>,
    ) {
        if row.path.contains("{subscriptionId}") && !row.path.contains("csource") {
            self.subscribe().await;
        }
        let expected = self.judge.expected(row, who, stated, what);
        let head = self.house.context.head();
        let changing = matches!(row.demand, Demand::Change(_));
        let before = if changing { self.house.version(what).await } else { None };
        let address = address(row, what);
        let mut request = Request::builder().method(row.method).uri(&address).header("accept-language", "en");
        if address.starts_with("/ngsi-ld") {
            request = request.header("ngsild-tenant", "thu");
        }
        for (name, value) in &who.headers {
            request = request.header(*name, value);
        }
        if let Some(purpose) = stated.purpose {
            request = request.header("dinh-purpose", purpose.name());
        }
        if stated.reveal {
            request = request.header("dinh-reveal", "checking%20the%20matrix");
        }
        let body = row.body.map(|(kind, body)| (kind, body(what)));
        if let Some((kind, body)) = &body {
            request = request.header("content-type", *kind).header("content-length", body.len());
        }
        let body = body.map(|(_, body)| body).unwrap_or_default();
        let asked = format!("{address} {body}");
        let answer = self.house.send(request, body, who.here).await;
        let mut complain = |how: String| {
            wrong.push(format!("{} {address} by {} for {stated:?}: {how}", row.method, who.name));
        };
        if !Judge::status(expected, row, who, &answer) {
            complain(format!("{} where {expected:?} was expected: {}", answer.status, excerpt(&answer.text)));
        }
        for how in self.judge.shown((row, &asked), who, stated, what, &answer) {
            complain(how);
        }
        if !answer.protected {
            complain("the answer may be framed or sniffed".to_owned());
        }
        if row.method == "GET" && head != self.house.context.head() {
            complain("a question has changed something".to_owned());
        }
        let changes = match row.demand {
            Demand::Create if row.past => {
                self.house.remove_new(what).await;
                expected == Expected::Fine
            }
            _ if row.past => expected == Expected::Fine,
            _ if changing => self.house.version(what).await != before,
            Demand::Create => self.house.remove_new(what).await,
            _ => expected == Expected::Fine,
        };
        if changes != (expected == Expected::Fine) {
            complain(format!("something was changed: {changes}, but {expected:?} was expected"));
        }
        if changes && changing {
            self.house.plant(thu(), what).await;
        }
    }

    /// Makes the subscription of the write key, if it is not there.
    async fn subscribe(&self) {
        let body = json!({"id": SUBSCRIPTION, "type": "Subscription", "entities": [{"type": "Bench"}],
            "notification": {"endpoint": {"uri": "http://receiver.example/", "accept": "application/json"}}});
        let body = body.to_string();
        let request = Request::post("/ngsi-ld/v1/subscriptions")
            .header("ngsild-tenant", "thu")
            .header("authorization", format!("Bearer {KEY}"))
            .header("content-type", "application/json")
            .header("content-length", body.len());
        let made = self.house.send(request, body, false).await;
        assert!([201, 409].contains(&made.status), "{}: {}", made.status, made.text);
    }
}

/// The path of a row with something in place of its parameters.
fn address(row: &Row, what: &Planted) -> String {
    let id = what.id();
    let layer = what.kind.to_lowercase();
    let of_operations = row.path.contains("/dead-letters");
    let (z, x, y) = if row.path.contains("{layer}") { ("9", "408", "232") } else { ("0", "0", "0") };
    let filled = [
        ("{tenant}", "thu"),
        ("{entityId}", id.as_str()),
        ("{attrId}", "name"),
        ("{instanceId}", "urn:ngsi-ld:Instance:0-0-0"),
        ("{type}", what.kind),
        ("{subscriptionId}", SUBSCRIPTION),
        ("{contextId}", "urn:x:none"),
        ("{registrationId}", "urn:x:none"),
        ("{entityMapId}", "urn:x:none"),
        ("{snapshotId}", "urn:x:none"),
        ("{pack}", "test"),
        ("{feed}", "benches"),
        ("{form}", "count"),
        ("{layer}", layer.as_str()),
        ("{z}", z),
        ("{x}", x),
        ("{y}", y),
        ("{version}", "0"),
        ("{other}", "1"),
        ("{*name}", "none.css"),
        ("{tag}", "en"),
        ("{provider}", "none"),
        ("{file}", "urn:ngsi-ld:File:none"),
        ("{kind}", "none"),
        ("{code}", "operator"),
        ("{procedure}", "1.000001"),
        ("{name}", "dark"),
        ("{result}", "permit"),
        ("{counterpart}", "national-portal"),
        ("{list}", "0"),
        ("{state}", "none"),
        ("{reference}", "none"),
        ("{id}", if of_operations { "1" } else { id.as_str() }),
    ];
    let path = filled.iter().fold(row.path.to_owned(), |path, (name, value)| path.replace(name, value));
    assert!(!path.contains('{'), "say in main.rs what stands for the parameter of {path}");
    if row.query.is_empty() { path } else { format!("{path}?{}", row.query) }
}

fn excerpt(text: &str) -> String {
    text.chars().take(160).collect()
}
