//! What somebody does not see: no way of asking finds it out, and every answer is that of a graph without it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use dinh_access::{
    Account, AccountKind, Action, AttributeMarks, Catalogue, Condition, Effect, Grant, Mask, OfPrincipal,
    OpenWrites, Policy, Principal, Privacy, Purpose, Read, Relation, Rule, RuleBook, Texts, TypeMarks, Whom,
    Write,
};
use dinh_model::{Attribute, Entity, Tenant};
use dinh_ngsild::query::{EntityQuery, Q, TypeExpr};
use dinh_store::{AreaQuery, Bounds, HistoryQuery, IndexSpec, Op, OpError, UpsertMode};
use serde_json::json;

use crate::support::*;

contract!(
    queries_answer_from_what_is_seen,
    counts_are_of_what_is_seen,
    words_of_what_is_hidden_find_nothing,
    what_is_seen_is_found_by_its_index,
    history_and_links_are_of_what_is_seen,
    maps_show_what_is_seen,
    nobody_changes_what_is_out_of_reach,
    a_guess_is_not_confirmed,
    what_is_hidden_is_not_behind_a_link,
);

/// Officers see and change what their units are in charge of; everybody sees what is open; own data is seen masked.
fn policy() -> Policy {
    let rule = |id: &str, whom: Whom, actions: &[Action], when: Condition| Rule {
        id: id.into(),
        pack: "test".into(),
        titles: BTreeMap::new(),
        effect: Effect::Permit,
        whom,
        actions: actions.iter().copied().collect(),
        when,
        text: "".into(),
    };
    let units = Texts::Principal(OfPrincipal::Units);
    let officer = Whom::Roles(["officer".into()].into());
    let open = Condition::Privacy([Privacy::Open].into());
    let not_sensitive = Condition::Privacy([Privacy::Open, Privacy::Internal, Privacy::Personal].into());
    let own_unit = Condition::All(vec![Condition::Related(Relation::Unit, units), not_sensitive]);
    let rules = vec![
        rule("open", Whom::Everybody, &[Action::Read], open),
        rule("unit", officer, &[Action::Read, Action::Write], own_unit),
    ];
    let attribute =
        |name: &str, privacy, mask, relation| (term(name), AttributeMarks { privacy, mask, relation });
    let case = TypeMarks {
        sector: "test".into(),
        privacy: Privacy::Internal,
        attributes: BTreeMap::from([
            attribute("unit", Privacy::Open, Mask::Whole, Some(Relation::Unit)),
            attribute("born", Privacy::Personal, Mask::Date, None),
            attribute("name", Privacy::Personal, Mask::Name, None),
            attribute("illness", Privacy::Sensitive, Mask::Whole, None),
        ]),
    };
    let gauge = TypeMarks {
        sector: "test".into(),
        privacy: Privacy::Open,
        attributes: BTreeMap::from([attribute("keeper", Privacy::Personal, Mask::Name, None)]),
    };
    let types = HashMap::from([(term("Case"), case), (term("Gauge"), gauge)]);
    Policy::new(RuleBook::new(rules), Catalogue::new(types, Privacy::Internal), OpenWrites::Never)
}

fn officer(unit: &str) -> Principal {
    Principal::Account(Arc::new(Account {
        id: "a1".into(),
        kind: AccountKind::Official,
        roles: ["officer".into()].into(),
        units: [format!("urn:ngsi-ld:{unit}").into()].into(),
        ..Account::default()
    }))
}

fn hue() -> Tenant {
    Tenant::parse("hue").unwrap()
}

fn seeing(principal: &Principal) -> Grant<Read> {
    policy().read(principal, &hue(), Purpose::Operations).unwrap()
}

fn changing(principal: &Principal) -> Grant<Write> {
    policy().write(principal, &hue(), Purpose::Operations).unwrap()
}

fn case(number: u32) -> Entity {
    thing("Case", &format!("Case:{number}"))
        .with_value("unit", link(if number.is_multiple_of(4) { "Unit:1" } else { "Unit:2" }))
        .with("born", format!("19{:02}-05-06", number % 100))
        .with("name", format!("Nguyễn Văn Số{number}"))
        .with("illness", format!("bệnh {}", number % 3))
        .with("level", number)
        .at(107.0 + f64::from(number) / 1000.0, 16.0)
}

async fn full(place: &Place) -> Trial {
    let trial = place.open().await;
    let index = |name: &str| IndexSpec { entity_type: term("Case"), attribute: term(name) };
    let specs = vec![index("level"), index("born"), index("illness")];
    trial.store.declare_indexes(&following(), specs).await.unwrap();
    for number in 0..80 {
        trial.create(case(number)).await;
    }
    for number in 0..10 {
        let gauge =
            thing("Gauge", &format!("Gauge:{number}")).with("level", number).with("keeper", "Lê Thị Hoa");
        trial.create(gauge.at(107.5, 16.0)).await;
    }
    trial
}

fn query(text: &str, types: &[&str]) -> EntityQuery {
    let mut query = EntityQuery { limit: 100, count: true, ..EntityQuery::default() };
    if !types.is_empty() {
        query.types = Some(TypeExpr::Any(types.iter().map(|name| TypeExpr::Is(term(name))).collect()));
    }
    if !text.is_empty() {
        let core = dinh_ngsild::context::Context::core();
        query.q = Some(Q::parse(text, &core).unwrap());
    }
    query
}

async fn queries_answer_from_what_is_seen(place: Place) {
    let trial = full(&place).await;
    // Of two types, of which one shows what the other hides.
    let mut both = case(88).with("keeper", "Lê Thị Hoa");
    both.types.push(term("Gauge"));
    trial.create(both).await;
    let everything = reading("hue");
    for principal in [Principal::Anonymous, officer("Unit:1"), officer("Unit:2"), officer("Unit:9")] {
        let grant = seeing(&principal);
        for text in [
            "",
            "level>=40",
            "level>=40;level<60",
            "born>=\"1940-01-01\"",
            "born==\"1904-05-06\"",
            "illness==\"bệnh 1\"",
            "born",
            "illness!=\"bệnh 1\"",
            "level<10|born>\"1970\"",
            "name~=\"Số8\"",
            "keeper",
            "unit==\"urn:ngsi-ld:Unit:1\"",
        ] {
            for types in [&["Case"][..], &["Gauge"], &["Case", "Gauge"], &[]] {
                let query = query(text, types);
                let all = EntityQuery { q: None, ..query.clone() };
                let expected: BTreeSet<String> = trial
                    .store
                    .query(&everything, &all)
                    .await
                    .unwrap()
                    .entities
                    .iter()
                    .filter_map(|stored| grant.sight().view(&stored.entity))
                    .filter(|seen| query.matches(seen))
                    .map(|seen| short(&seen.id))
                    .collect();
                let page = trial.store.query(&grant, &query).await.unwrap();
                let found: BTreeSet<String> = page.entities.iter().map(|s| short(&s.entity.id)).collect();
                // What an index of what is hidden would have found may be missing; nothing may be found by it.
                assert!(found.is_subset(&expected), "{principal} {text:?} {types:?}");
                assert_eq!(found, expected, "{principal} {text:?} {types:?}");
                assert_eq!(page.total, Some(expected.len() as u64), "{principal} {text:?} {types:?}");
            }
        }
    }
    let mine = trial.store.entity(&seeing(&officer("Unit:1")), &id("Case:4")).await.unwrap().unwrap();
    let text = |name: &str| mine.entity.attribute(term(name).as_str()).and_then(Attribute::text);
    assert_eq!(text("name"), Some("N••• V••• S•••"));
    assert_eq!(text("born"), Some("1904-••-••"));
    assert_eq!(text("illness"), None);
    assert!(trial.store.entity(&seeing(&officer("Unit:2")), &id("Case:4")).await.unwrap().is_none());
    trial.assert_sound().await;
}

/// What is internal in other types too does not keep the index of this one from being used.
async fn what_is_seen_is_found_by_its_index(place: Place) {
    let few = dinh_store::Options { scan_budget: 10, ..options() };
    let trial = place.open_with(few).await;
    let spec = IndexSpec { entity_type: term("Case"), attribute: term("level") };
    trial.store.declare_indexes(&following(), vec![spec]).await.unwrap();
    for number in 0..400 {
        trial.create(case(number)).await;
    }
    let found =
        async |text: &str| trial.store.query(&seeing(&officer("Unit:2")), &query(text, &["Case"])).await;
    let page = found("level==201").await.unwrap();
    assert_eq!(page.entities.iter().map(|s| short(&s.entity.id)).collect::<Vec<_>>(), ["Case:201"]);
    assert!(matches!(found("born==\"1904-05-06\"").await, Err(dinh_store::Error::TooComplex { .. })));
}

async fn counts_are_of_what_is_seen(place: Place) {
    let trial = full(&place).await;
    let counts = async |principal: &Principal| -> Vec<(String, u64)> {
        let counts = trial.store.type_counts(&seeing(principal)).await.unwrap();
        let short = |name: &str| name.rsplit('/').next().unwrap_or_default().to_owned();
        counts.into_iter().map(|count| (short(count.entity_type.as_str()), count.count)).collect()
    };
    assert_eq!(counts(&Principal::Anonymous).await, [("Gauge".to_owned(), 10)]);
    let all = [("Case".to_owned(), 20), ("Gauge".to_owned(), 10)];
    assert_eq!(counts(&officer("Unit:1")).await, all);
    let attributes = async |principal: &Principal, of: &str| -> Vec<String> {
        let counts = trial.store.attributes_of_type(&seeing(principal), &term(of)).await.unwrap();
        counts
            .iter()
            .map(|c| c.attribute.as_str().rsplit('/').next().unwrap_or_default().to_owned())
            .collect()
    };
    assert_eq!(attributes(&Principal::Anonymous, "Gauge").await, ["level", "location"]);
    assert_eq!(attributes(&Principal::Anonymous, "Case").await, Vec::<String>::new());
    let shown = ["born", "level", "location", "name", "unit"];
    assert_eq!(attributes(&officer("Unit:1"), "Case").await, shown);
    // An entity of two types is seen only if both let it be.
    let mut both = thing("Gauge", "Gauge:x").with("level", 1);
    both.types.push(term("Case"));
    trial.create(both).await;
    assert_eq!(counts(&Principal::Anonymous).await, [("Gauge".to_owned(), 10)]);
    let page = trial.store.query(&seeing(&Principal::Anonymous), &query("", &["Gauge"])).await.unwrap();
    assert_eq!(page.total, Some(10));
}

async fn words_of_what_is_hidden_find_nothing(place: Place) {
    let trial = full(&place).await;
    let found = async |principal: &Principal, text: &str| {
        trial.store.search(&seeing(principal), text, &[], 50).await.unwrap().len()
    };
    trial.store.declare_search(&following(), vec![term("keeper")]).await.unwrap();
    assert_eq!(trial.store.search(&reading("hue"), "nguyen van", &[], 100).await.unwrap().len(), 80);
    assert_eq!(trial.store.search(&reading("hue"), "hoa", &[], 100).await.unwrap().len(), 10);
    for principal in [Principal::Anonymous, officer("Unit:1")] {
        for text in ["nguyen van", "so4", "hoa", "le thi hoa"] {
            assert_eq!(found(&principal, text).await, 0, "{principal} {text}");
        }
    }
}

async fn history_and_links_are_of_what_is_seen(place: Place) {
    let trial = place.open().await;
    let observed = |value, time: &str| property(value).observed(at(time));
    let mut case = case(4);
    case.set(term("born"), observed(json!("1904-05-06"), "2026-11-01T00:00:00Z"));
    case.set(term("level"), observed(json!(4), "2026-11-01T00:00:00Z"));
    trial.create(case).await;
    let series = async |principal: &Principal| -> Vec<String> {
        let query = HistoryQuery::of(id("Case:4"));
        let history = trial.store.history(&seeing(principal), &query).await.unwrap();
        history
            .series
            .iter()
            .map(|s| s.attribute.as_str().rsplit('/').next().unwrap_or_default().to_owned())
            .collect()
    };
    assert_eq!(series(&officer("Unit:1")).await, ["level"]);
    assert_eq!(series(&officer("Unit:2")).await, Vec::<String>::new());
    assert_eq!(series(&Principal::Anonymous).await, Vec::<String>::new());
    let pointing = async |principal: &Principal| {
        trial.store.referrers(&seeing(principal), &id("Unit:1"), 0, 10).await.unwrap().len()
    };
    assert_eq!((pointing(&officer("Unit:1")).await, pointing(&officer("Unit:2")).await), (1, 0));
    // Of what is gone nobody knows any more whose it was.
    trial.op(Op::delete(id("Case:4"))).await.unwrap();
    assert_eq!(series(&officer("Unit:1")).await, Vec::<String>::new());
    assert_eq!(
        trial.store.history(&reading("hue"), &HistoryQuery::of(id("Case:4"))).await.unwrap().series.len(),
        2
    );
}

async fn maps_show_what_is_seen(place: Place) {
    let trial = full(&place).await;
    let area = AreaQuery {
        bounds: Bounds { west: 106.0, south: 15.0, east: 108.0, north: 17.0 },
        types: Vec::new(),
        property: term("location"),
        limit: 200,
    };
    for (principal, points) in [(Principal::Anonymous, 10), (officer("Unit:1"), 30), (officer("Unit:9"), 10)]
    {
        let found = trial.store.points_in(&seeing(&principal), &area).await.unwrap();
        assert_eq!(found.entities.len(), points, "{principal}");
        let grid = trial.store.grid(&seeing(&principal), &area, 10).await.unwrap();
        assert_eq!(grid.iter().map(|cell| cell.count).sum::<u64>(), points as u64, "{principal}");
    }
}

async fn nobody_changes_what_is_out_of_reach(place: Place) {
    let trial = full(&place).await;
    let grant = changing(&officer("Unit:1"));
    let told = async |op: Op| -> Result<u64, OpError> {
        let receipt = trial.store.commit(&grant, op.into()).await.unwrap();
        receipt.results.into_iter().next().unwrap().map(|done| done.version)
    };
    let level = |value: i32| set(&[("level", property(value))]);
    assert_eq!(told(Op::mutate(id("Case:4"), level(1))).await, Ok(2));
    // What is not seen is not there: neither its version nor its being there is told.
    assert_eq!(told(Op::mutate(id("Case:5"), level(1))).await, Err(OpError::NotFound));
    let expecting =
        Op::Mutate { id: id("Case:5"), mutation: Box::new(level(1)), expect: Some(9), types: None };
    assert_eq!(told(expecting).await, Err(OpError::NotFound));
    assert_eq!(told(Op::delete(id("Case:5"))).await, Err(OpError::NotFound));
    assert_eq!(told(Op::upsert(case(5), UpsertMode::Merge)).await, Err(OpError::NotFound));
    // What is seen and may not be changed says so.
    assert!(matches!(told(Op::mutate(id("Gauge:1"), level(1))).await, Err(OpError::Denied(_))));
    // Neither given away nor taken.
    let moved = set(&[("unit", Attribute::new(link("Unit:2"), at(NOW)))]);
    assert!(matches!(told(Op::mutate(id("Case:4"), moved)).await, Err(OpError::Denied(_))));
    assert!(matches!(told(Op::Create(case(101).into())).await, Err(OpError::Denied(_))));
    // The illness is out of reach even in one's own case.
    assert!(matches!(told(Op::Create(case(104).into())).await, Err(OpError::Denied(_))));
    let ill = set(&[("illness", property("khác"))]);
    assert!(matches!(told(Op::mutate(id("Case:4"), ill)).await, Err(OpError::Denied(_))));
    assert!(matches!(told(Op::delete(id("Case:4"))).await, Err(OpError::Denied(_))));
    trial.assert_sound().await;
}

async fn a_guess_is_not_confirmed(place: Place) {
    let trial = full(&place).await;
    let grant = changing(&officer("Unit:1"));
    for guess in ["bệnh 1", "bệnh 2"] {
        let mutation = set(&[("illness", property(guess))]);
        let op = Op::mutate(id("Case:4"), mutation);
        let receipt = trial.store.commit(&grant, op.into()).await.unwrap();
        assert!(matches!(receipt.results[0], Err(OpError::Denied(_))), "{guess}");
    }
}

async fn what_is_hidden_is_not_behind_a_link(place: Place) {
    let trial = full(&place).await;
    for number in 0..8 {
        let gauge =
            thing("Gauge", &format!("Gauge:at{number}")).with_value("about", link(&format!("Case:{number}")));
        trial.create(gauge).await;
    }
    let found = async |principal: &Principal, text: &str| -> Vec<String> {
        let page = trial.store.query(&seeing(principal), &query(text, &["Gauge"])).await.unwrap();
        assert_eq!(page.total, Some(page.entities.len() as u64), "{text}");
        page.entities.iter().map(|stored| short(&stored.entity.id)).collect()
    };
    let (mine, nobody) = (officer("Unit:1"), Principal::Anonymous);
    for hint in ["", "Case:"] {
        let q = |rest: &str| format!("about{{{hint}{rest}");
        // Cases of one's own unit are seen, those of others are not there.
        assert_eq!(found(&mine, &q("level}<8")).await, ["Gauge:at0", "Gauge:at4"], "{hint}");
        assert_eq!(found(&nobody, &q("level}<8")).await, Vec::<String>::new(), "{hint}");
        // What is hidden cannot be guessed; what is masked is compared as its mask.
        assert_eq!(found(&mine, &q("illness}==\"bệnh 1\"")).await, Vec::<String>::new(), "{hint}");
        assert_eq!(found(&mine, &q("born}==\"1904-05-06\"")).await, Vec::<String>::new(), "{hint}");
        assert_eq!(found(&mine, &q("born}==\"1904-••-••\"")).await, ["Gauge:at4"], "{hint}");
    }
}
