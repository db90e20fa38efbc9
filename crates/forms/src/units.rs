//! Administrative units as forms need them: which there are, on which day.

use dinh_model::EntityId;
use dinh_model::admin::{Level, Register, Unit};
use jiff::civil::Date;

/// A unit that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitChoice {
    /// Its identifier in the graph: a code alone was given to several.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// The last day on which it was in force; none while it is.
    pub until: Option<Date>,
}

/// A unit that was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitFact {
    /// What it is called.
    pub name: String,
    /// Whether it is a province or city on that level.
    pub is_province: bool,
    /// The province that it is in; itself if it is one.
    pub province: Option<String>,
    /// The first day on which it was in force, where known.
    pub from: Option<Date>,
    /// The last day.
    pub until: Option<Date>,
}

/// The list of administrative units.
pub trait Units: Send + Sync {
    /// Provinces and cities on that level in force on `day`; all that ever were if there is none. By name.
    fn provinces(&self, day: Option<Date>) -> Vec<UnitChoice>;
    /// Communes of a province, likewise. Empty where the communes of that province are not listed.
    fn communes(&self, province: &str, day: Option<Date>) -> Vec<UnitChoice>;
    /// A unit by its identifier.
    fn find(&self, id: &str) -> Option<UnitFact>;
}

/// No list at all: places are written in words.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoUnits;

impl Units for NoUnits {
    fn provinces(&self, _day: Option<Date>) -> Vec<UnitChoice> {
        Vec::new()
    }

    fn communes(&self, _province: &str, _day: Option<Date>) -> Vec<UnitChoice> {
        Vec::new()
    }

    fn find(&self, _id: &str) -> Option<UnitFact> {
        None
    }
}

impl Units for Register {
    fn provinces(&self, day: Option<Date>) -> Vec<UnitChoice> {
        chosen(self.units().iter().filter(|unit| unit.level == Level::Province), day)
    }

    fn communes(&self, province: &str, day: Option<Date>) -> Vec<UnitChoice> {
        let within = |unit: &&Unit| {
            unit.level == Level::Commune && above(self, unit).is_some_and(|p| p.as_str() == province)
        };
        chosen(self.units().iter().filter(within), day)
    }

    fn find(&self, id: &str) -> Option<UnitFact> {
        let unit = self.get(&EntityId::parse(id).ok()?)?;
        let is_province = unit.level == Level::Province;
        let province = if is_province { Some(&unit.id) } else { above(self, unit) };
        Some(UnitFact {
            name: unit.name.vi.clone(),
            is_province,
            province: province.map(|id| id.as_str().to_owned()),
            from: unit.span.from,
            until: unit.span.to,
        })
    }
}

/// The province of a commune, directly or by way of its district of before.
fn above<'a>(register: &'a Register, unit: &'a Unit) -> Option<&'a EntityId> {
    let parent = unit.parent.as_ref()?;
    match register.get(parent) {
        Some(district) if district.level == Level::District => district.parent.as_ref(),
        _ => Some(parent),
    }
}

/// Those in force on the day; present ones first, then by name as Vietnamese sorts without accents.
fn chosen<'a>(units: impl Iterator<Item = &'a Unit>, day: Option<Date>) -> Vec<UnitChoice> {
    let in_force = units.filter(|unit| day.is_none_or(|day| unit.span.contains(day)));
    let mut all: Vec<UnitChoice> = in_force
        .map(|unit| UnitChoice {
            id: unit.id.as_str().to_owned(),
            name: unit.name.vi.clone(),
            until: unit.span.to,
        })
        .collect();
    all.sort_by_cached_key(|unit| (unit.until.is_some(), dinh_model::fold::fold(&unit.name), unit.until));
    all
}
