//! The algorithms of the sectors, as feeds may name them (`[[derive]] rule = "…"`).

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use dinh_context::packs::Packs;
use dinh_feeds::derive::{Derivation, Derivations, DerivedAttribute, Readings};
use dinh_model::Timestamp;
use dinh_sectors::air_quality::Table;
use dinh_sectors::rules::{Derived, Rule, Rules};

/// Pack and file of the official table of the air-quality index.
const AIR_QUALITY: (&str, &str) = ("air-quality", "tables/vn-aqi.toml");

/// All algorithms, with the tables of `packs`.
pub(crate) fn derivations(packs: &Packs) -> anyhow::Result<Derivations> {
    let (pack, file) = AIR_QUALITY;
    // Packs of one's own need not bring the table; the one that ships is in force then.
    let table = packs.file(pack, file).or_else(|_absent| Packs::embedded()?.file(pack, file))?;
    let table = Table::parse(table.text()?).with_context(|| format!("{pack}/{file}"))?;
    let rules = Rules::new(table);
    Ok(rules.all().iter().fold(Derivations::new(), |all, rule| all.with(Arc::new(Named(Arc::clone(rule))))))
}

/// One algorithm, as feeds know it.
struct Named(Arc<dyn Rule>);

impl Derivation for Named {
    fn name(&self) -> &str {
        self.0.name()
    }

    fn reads(&self) -> Vec<String> {
        self.0.reads().iter().map(|&name| name.to_owned()).collect()
    }

    fn window(&self) -> Duration {
        self.0.window()
    }

    fn derive(&self, at: Timestamp, readings: &dyn Readings) -> Vec<DerivedAttribute> {
        self.0.apply(at, &Numbers(readings)).into_iter().map(attribute).collect()
    }
}

fn attribute(derived: Derived) -> DerivedAttribute {
    let Derived { name, value, unit } = derived;
    DerivedAttribute { name: name.to_owned(), value, unit: unit.map(str::to_owned) }
}

/// The numbers that a feed knows, as a sector asks for them.
struct Numbers<'a>(&'a dyn Readings);

impl dinh_sectors::rules::Readings for Numbers<'_> {
    fn present(&self, name: &str) -> Option<f64> {
        self.0.present(name)
    }

    fn between(&self, name: &str, from: Timestamp, to: Timestamp) -> Vec<(Timestamp, f64)> {
        self.0.between(name, from, to)
    }
}
