//! The register by example and by property.

use std::collections::{BTreeMap, BTreeSet};

use geo::{Rect, coord};
use jiff::civil::{Date, date};
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::{Attribute, Entity, EntityId, GeoValue, Geometry, OneOrMany, Term, Timestamp, Value};

const REFORM: Date = date(2025, 7, 1);
const EVE: Date = date(2025, 6, 30);

fn id(name: &str) -> EntityId {
    EntityId::trusted(format!("urn:ngsi-ld:AdministrativeUnit:VN:{name}"))
}

fn unit(name: &str, code: &str, from: Option<Date>, to: Option<Date>) -> Unit {
    Unit {
        id: id(name),
        code: code.to_owned(),
        level: Level::Commune,
        name: UnitName { vi: name.to_owned(), en: None },
        parent: None,
        span: Span { from, to },
        successors: Vec::new(),
        outline: None,
    }
}

fn square(west: f64, south: f64, side: f64) -> Geometry {
    Rect::new(coord! { x: west, y: south }, coord! { x: west + side, y: south + side }).to_polygon().into()
}

fn link(name: &str, share: Share) -> Succession {
    Succession { unit: id(name), share }
}

/// Phú Xuân took the code of old Phú Thuận; Thuận Lộc went to it whole, An Hòa in part.
fn hue() -> Register {
    let mut thuan_loc = unit("thuan-loc", "19750", None, Some(EVE));
    thuan_loc.successors = vec![link("phu-xuan", Share::Full)];
    let mut phu_thuan = unit("phu-thuan", "19753", None, Some(EVE));
    phu_thuan.successors = vec![link("phu-xuan", Share::Full)];
    let mut an_hoa = unit("an-hoa", "19756", None, Some(EVE));
    an_hoa.successors = vec![link("phu-xuan", Share::Partial), link("huong-an", Share::Partial)];
    let mut phu_xuan = unit("phu-xuan", "19753", Some(REFORM), None);
    phu_xuan.outline = Some(square(107.0, 16.0, 1.0));
    let mut huong_an = unit("huong-an", "19777", Some(REFORM), None);
    huong_an.outline = Some(square(108.0, 16.0, 1.0));
    Register::new(vec![thuan_loc, phu_thuan, an_hoa, phu_xuan, huong_an]).unwrap()
}

fn names(descents: &[Descent<'_>]) -> Vec<(String, Share)> {
    descents.iter().map(|d| (d.unit.name.vi.clone(), d.share)).collect()
}

#[test]
fn a_code_names_another_unit_after_the_reform() {
    let register = hue();
    let at = |day| register.at(Level::Commune, "19753", day).map(|u| u.name.vi.as_str());
    assert_eq!(at(EVE), Some("phu-thuan"));
    assert_eq!(at(REFORM), Some("phu-xuan"));
    assert_eq!(register.at(Level::Commune, "19750", REFORM), None);
    assert_eq!(register.at(Level::District, "19753", EVE), None);
    assert_eq!(register.history(Level::Commune, "19753").count(), 2);
    assert_eq!(register.in_force(Level::Commune, date(2026, 11, 20)).count(), 2);
}

#[test]
fn chains_lead_both_ways_and_tell_the_share() {
    let register = hue();
    let today = date(2026, 11, 20);
    assert_eq!(names(&register.on(&id("thuan-loc"), today)), [("phu-xuan".to_owned(), Share::Full)]);
    let an_hoa = names(&register.on(&id("an-hoa"), today));
    assert_eq!(an_hoa, [("huong-an".to_owned(), Share::Partial), ("phu-xuan".to_owned(), Share::Partial)]);
    assert_eq!(names(&register.on(&id("an-hoa"), EVE)), [("an-hoa".to_owned(), Share::Full)]);
    let origins = names(&register.origins(&id("huong-an"), EVE));
    assert_eq!(origins, [("an-hoa".to_owned(), Share::Partial)]);
    assert_eq!(register.predecessors(&id("phu-xuan")).len(), 3);
    assert!(register.on(&id("nowhere"), today).is_empty());
}

#[test]
fn a_point_has_one_unit_today_and_candidates_before_the_reform() {
    let register = hue();
    let today = date(2026, 11, 20);
    let at = |lon, day| register.unit_at(lon, 16.5, Level::Commune, day);
    assert!(matches!(at(107.5, today), Some(Place::Unit(u)) if u.name.vi == "phu-xuan"));
    let Some(Place::Candidates { present, candidates }) = at(107.5, EVE) else { panic!("no candidates") };
    assert_eq!(present.name.vi, "phu-xuan");
    assert_eq!(candidates.len(), 3);
    // On the common boundary the lower code wins, whatever the order of the units.
    assert!(matches!(at(108.0, today), Some(Place::Unit(u)) if u.code == "19753"));
    assert_eq!(at(120.0, today), None);
    assert_eq!(register.unit_at(107.5, 16.5, Level::Province, today), None);
}

#[test]
fn refuses_what_cannot_have_been() {
    let a = unit("a", "00001", None, Some(EVE));
    let twice = Register::new(vec![a.clone(), a.clone()]);
    assert_eq!(twice.unwrap_err(), RegisterError::Twice(id("a")));

    let overlap = Register::new(vec![a.clone(), unit("b", "00001", Some(EVE), None)]);
    assert!(overlap.unwrap_err().to_string().contains("00001"));

    let mut early = a.clone();
    early.successors = vec![link("b", Share::Full)];
    let order = Register::new(vec![early.clone(), unit("b", "00002", Some(EVE), None)]);
    assert!(matches!(order, Err(RegisterError::Order { .. })));

    let backwards = Register::new(vec![unit("c", "00003", Some(REFORM), Some(EVE))]);
    assert_eq!(backwards.unwrap_err(), RegisterError::Backwards(id("c")));

    let register = Register::new(vec![early]).unwrap();
    assert_eq!(register.dangling(), [&id("b")]);
    assert!(register.on(&id("a"), REFORM).is_empty());
}

#[test]
fn reads_units_from_the_graph() {
    let at = Timestamp::from_micros(0);
    let term = |name: &str| Term::new(format!("https://uri.etsi.org/ngsi-ld/default-context/{name}"));
    let mut entity = Entity::new(id("x"), Term::from(UNIT_TYPE), at);
    let mut set = |name: &str, value: Value| entity.set(term(name), Attribute::new(value, at));
    set("code", Value::Property(json!("19753")));
    set("level", Value::Property(json!("commune")));
    let texts = [("vi", "Phường Phú Thuận"), ("en", "Phu Thuan Ward")];
    set("name", Value::Language(texts.map(|(l, t)| (l.to_owned(), OneOrMany::One(t.to_owned()))).into()));
    set("validTo", Value::Property(json!({"@type": "Date", "@value": "2025-06-30"})));
    set("validFrom", Value::Property(json!("2004-07-08")));
    set("parent", Value::Relationship { object: OneOrMany::One(id("hue")), object_type: vec![] });
    for (name, share) in [("y", "full"), ("z", "partial")] {
        let object = OneOrMany::One(id(name));
        let mut link = Attribute::new(Value::Relationship { object, object_type: vec![] }, at);
        link.dataset_id = Some(id(&format!("dataset-{name}")));
        link.sub.insert(term("share"), vec![Attribute::new(Value::Property(json!(share)), at)]);
        entity.set(term("succeededBy"), link);
    }
    let ring = json!([[[0, 0], [1, 0], [1, 1], [0, 0]]]);
    let outline = GeoValue::parse(json!({"type": "Polygon", "coordinates": ring})).unwrap();
    let location = Term::from("https://uri.etsi.org/ngsi-ld/location");
    entity.set(location, Attribute::new(Value::Geo(outline), at));

    let read = Unit::try_from(&entity).unwrap();
    assert_eq!(
        read.name,
        UnitName { vi: "Phường Phú Thuận".to_owned(), en: Some("Phu Thuan Ward".to_owned()) }
    );
    assert_eq!(read.span, Span { from: Some(date(2004, 7, 8)), to: Some(EVE) });
    assert_eq!(read.successors, [link("y", Share::Full), link("z", Share::Partial)]);
    assert_eq!(read.parent, Some(id("hue")));
    assert!(read.outline.is_some());

    entity.set(term("level"), Attribute::new(Value::Property(json!("village")), at));
    assert!(Unit::try_from(&entity).unwrap_err().to_string().contains("village"));
    entity.attributes.remove(term("code").as_str());
    assert!(Unit::try_from(&entity).unwrap_err().to_string().contains("no code"));
}

/// Reforms one after another: each unit of a generation goes to one to three units of the next.
fn generations() -> impl Strategy<Value = Vec<Vec<Vec<u8>>>> {
    let unit = proptest::collection::vec(0_u8..8, 1..4);
    let generation = proptest::collection::vec(unit, 1..9);
    proptest::collection::vec(generation, 1..5)
}

fn reform_day(generation: usize) -> Date {
    date(2000 + i16::try_from(generation).unwrap_or_default() * 5, 7, 1)
}

/// Units of all generations. Codes are those of the place in the generation, so that each reform reuses them.
fn build(generations: &[Vec<Vec<u8>>]) -> Vec<Unit> {
    let mut units = Vec::new();
    for (number, generation) in generations.iter().enumerate() {
        let next = generations.get(number + 1).map(Vec::len);
        for (place, targets) in generation.iter().enumerate() {
            let from = (number > 0).then(|| reform_day(number));
            let to = next.and_then(|_| reform_day(number + 1).yesterday().ok());
            let mut unit = unit(&format!("{number}-{place}"), &format!("{place:05}"), from, to);
            let targets: BTreeSet<usize> =
                next.map(|n| targets.iter().map(|t| usize::from(*t) % n).collect()).unwrap_or_default();
            let share = if targets.len() == 1 { Share::Full } else { Share::Partial };
            unit.successors = targets.iter().map(|t| link(&format!("{}-{t}", number + 1), share)).collect();
            units.push(unit);
        }
    }
    units
}

proptest! {
    #[test]
    fn one_code_names_one_unit_a_day(generations in generations(), year in 1990_i16..2030) {
        let units = build(&generations);
        let register = Register::new(units.clone()).unwrap();
        let day = date(year, 7, 1);
        for code in (0..9).map(|n| format!("{n:05}")) {
            let naive: Vec<_> = units.iter().filter(|u| u.code == code && u.span.contains(day)).collect();
            prop_assert!(naive.len() <= 1);
            prop_assert_eq!(register.at(Level::Commune, &code, day), naive.first().copied());
        }
    }

    #[test]
    fn every_chain_ends_in_units_of_the_day(generations in generations()) {
        let units = build(&generations);
        let register = Register::new(units.clone()).unwrap();
        let today = date(2026, 11, 20);
        for unit in &units {
            let ends = register.on(&unit.id, today);
            prop_assert!(!ends.is_empty(), "{} vanished", unit.id);
            prop_assert!(ends.iter().all(|e| e.unit.span.contains(today)));
            // A territory that went whole went to one unit.
            prop_assert!(ends.iter().all(|e| e.share == Share::Partial) || ends.len() == 1);
            // The way back leads to where the way began.
            let day = unit.span.from.unwrap_or(date(1995, 1, 1));
            for end in ends {
                let origins = register.origins(&end.unit.id, day);
                prop_assert!(origins.iter().any(|o| o.unit.id == unit.id));
            }
        }
    }

    #[test]
    fn points_are_found_as_by_trying_every_outline(
        squares in proptest::collection::vec((0_i32..20, 0_i32..20, 1_i32..6), 1..12),
        lon in 0_i32..50, lat in 0_i32..50,
    ) {
        let units: Vec<Unit> = squares.iter().enumerate().map(|(n, &(west, south, side))| {
            let mut unit = unit(&format!("s{n}"), &format!("{n:05}"), None, None);
            unit.outline = Some(square(f64::from(west), f64::from(south), f64::from(side)));
            unit
        }).collect();
        let (x, y) = (f64::from(lon) / 2.0, f64::from(lat) / 2.0);
        let holds = |&&(west, south, side): &&(i32, i32, i32)| {
            (f64::from(west)..=f64::from(west + side)).contains(&x)
                && (f64::from(south)..=f64::from(south + side)).contains(&y)
        };
        let naive: BTreeMap<usize, _> = squares.iter().enumerate().filter(|(_, s)| holds(s)).collect();
        let register = Register::new(units).unwrap();
        let found = match register.unit_at(x, y, Level::Commune, REFORM) {
            Some(Place::Unit(unit)) => Some(unit.code.clone()),
            _ => None,
        };
        prop_assert_eq!(found, naive.keys().next().map(|n| format!("{n:05}")));
    }
}
