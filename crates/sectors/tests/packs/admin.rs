//! Administrative units as shipped: one register without contradictions, whose chains all reach today.

use dinh_model::admin::{Level, Place, Register, Share, Unit};
use jiff::civil::{Date, date};

use crate::house::short;
use crate::records::entities;

const TODAY: Date = date(2026, 11, 20);
const BEFORE: Date = date(2024, 6, 1);

fn register() -> Register {
    let units = entities().values().filter(|e| short(&e.types[0]) == "AdministrativeUnit");
    Register::new(units.map(|e| Unit::try_from(e).unwrap()).collect()).unwrap()
}

#[test]
fn the_lists_are_whole() {
    let register = register();
    assert_eq!(register.in_force(Level::Province, TODAY).count(), 34);
    assert_eq!(register.in_force(Level::Province, BEFORE).count(), 63);
    assert_eq!(register.in_force(Level::District, TODAY).count(), 0);
    for (code, now) in [("46", 40), ("44", 78), ("51", 96), ("01", 126)] {
        let province = register.at(Level::Province, code, TODAY).unwrap();
        assert_eq!(register.children(&province.id, TODAY).count(), now, "{code}");
    }
    assert_eq!(register.dangling(), Vec::<&dinh_model::EntityId>::new());
    // Huế 134, Quảng Bình and Quảng Trị 264, Quảng Ngãi and Kon Tum 272, Hà Nội 526.
    assert_eq!(register.in_force(Level::Commune, BEFORE).count(), 134 + 264 + 272 + 526);
}

#[test]
fn every_former_unit_leads_to_units_of_today() {
    let register = register();
    for unit in register.units().iter().filter(|u| u.level != Level::District) {
        let ends = register.on(&unit.id, TODAY);
        assert!(!ends.is_empty(), "{} leads nowhere", unit.id);
        let whole = ends.iter().filter(|e| e.share == Share::Full).count();
        assert!(whole == 0 || ends.len() == 1, "{} went whole to several units", unit.id);
    }
}

#[test]
fn both_directions_say_the_same() {
    let register = register();
    let mut told = 0;
    for entity in entities().values() {
        for attribute in
            entity.attributes.iter().filter(|(n, _)| short(n) == "precededBy").flat_map(|(_, a)| a)
        {
            let dinh_model::Value::Relationship { object, .. } = &attribute.value else {
                panic!("{}", entity.id)
            };
            for former in object.as_slice() {
                told += 1;
                let back = register.successors(former);
                assert!(back.iter().any(|d| d.unit.id == entity.id), "{former} does not know {}", entity.id);
            }
        }
    }
    let links: usize = register.units().iter().map(|u| u.successors.len()).sum();
    assert_eq!(told, links);
}

#[test]
fn points_lie_in_their_communes() {
    let register = register();
    let name = |lon, lat| match register.unit_at(lon, lat, Level::Commune, TODAY) {
        Some(Place::Unit(unit)) => unit.name.vi.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(name(107.5777, 16.4697), "Phường Phú Xuân");
    assert_eq!(name(107.6, 16.462), "Phường Thuận Hoá");
    assert_eq!(name(108.8112, 15.1129), "Phường Cẩm Thành");
    assert_eq!(name(109.118, 15.383), "Đặc khu Lý Sơn");
    assert!(register.unit_at(110.0, 16.0, Level::Commune, TODAY).is_none());
    let Some(Place::Candidates { present, candidates }) =
        register.unit_at(107.5777, 16.4697, Level::Commune, BEFORE)
    else {
        panic!("the former communes are not told")
    };
    assert_eq!(present.name.vi, "Phường Phú Xuân");
    assert!(candidates.iter().any(|c| c.unit.name.vi == "Phường Thuận Hòa"), "{candidates:?}");
    let province = register.unit_at(107.5777, 16.4697, Level::Province, TODAY);
    assert!(matches!(province, Some(Place::Unit(u)) if u.code == "46"));
    // Trường Sa belongs to Khánh Hòa, Hoàng Sa to Đà Nẵng.
    let at = |lon, lat| match register.unit_at(lon, lat, Level::Province, TODAY) {
        Some(Place::Unit(unit)) => unit.code.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(at(114.357, 11.424), "56");
    assert_eq!(at(112.559, 16.04), "48");
}
