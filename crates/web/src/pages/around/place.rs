//! Which place somebody means: a point, or words that name one.

use std::collections::HashSet;

use dinh_context::Session;
use dinh_model::admin::{Level, Place as UnitPlace, Register, Unit};
use dinh_model::fold;
use geo::Centroid as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::layers::{Place, name_of};
use crate::look::ZONE;
use crate::pages::visitor::Visitor;
use crate::words::Lang;

/// Most places to choose from.
const MOST: usize = 12;
const LOCATION: &str = "https://uri.etsi.org/ngsi-ld/location";
const NAME: &str = "https://uri.etsi.org/ngsi-ld/default-context/name";

/// A place with a name.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Named {
    pub(super) name: String,
    /// What it is, e.g. a ward or a kind of station.
    pub(super) note: Option<String>,
    pub(super) lon: f64,
    pub(super) lat: f64,
}

/// Today in Việt Nam.
pub(super) fn today(visitor: &Visitor) -> Date {
    visitor.now.to_jiff().to_zoned(TimeZone::fixed(ZONE)).date()
}

/// The communes and things of this name, what is written just so first. One commune of the very name is all that
/// somebody can mean.
pub(super) async fn find(visitor: &Visitor, words: &str) -> Result<Vec<Named>, dinh_context::Error> {
    let register = visitor.session.units().await?;
    let mut ranked = ranked(&register, today(visitor), words, visitor.lang());
    let is_name = |rank: u8| rank % 3 < 2;
    if ranked.iter().filter(|(rank, _)| is_name(*rank)).count() == 1 {
        ranked.retain(|(rank, _)| is_name(*rank));
        return Ok(ranked.into_iter().map(|(_, named)| named).collect());
    }
    let mut found: Vec<Named> = ranked.into_iter().map(|(_, named)| named).collect();
    found.extend(things(visitor, &visitor.session, words).await?);
    found.truncate(MOST);
    Ok(found)
}

/// The communes in force on a day, by name.
pub(super) fn communes(register: &Register, day: Date, lang: Lang) -> Vec<Named> {
    let mut found: Vec<Named> =
        register.in_force(Level::Commune, day).filter_map(|unit| named(unit, lang)).collect();
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

/// The communes in force on a day whose names hold the words, those of the name itself first.
fn ranked(register: &Register, day: Date, words: &str, lang: Lang) -> Vec<(u8, Named)> {
    let (exact, folded) = (fold::exact(words), fold::fold(words));
    let mut found: Vec<(u8, Named)> = register
        .in_force(Level::Commune, day)
        .filter_map(|unit| Some((rank(&unit.name.vi, &exact, &folded)?, named(unit, lang)?)))
        .collect();
    found.sort_by(|a, b| (a.0, &a.1.name).cmp(&(b.0, &b.1.name)));
    found
}

/// A commune as a place: its middle.
fn named(unit: &Unit, lang: Lang) -> Option<Named> {
    let middle = unit.outline.as_ref()?.centroid()?;
    Some(Named { name: name_in(unit, lang), note: None, lon: middle.x(), lat: middle.y() })
}

/// How well a name fits: the name itself, its last words, somewhere in it; with accents before without.
fn rank(name: &str, exact: &str, folded: &str) -> Option<u8> {
    let (as_written, plain) = (fold::exact(name), fold::fold(name));
    let fits = |own: &str, wanted: &str| {
        if own == wanted {
            Some(0)
        } else if own.ends_with(&format!(" {wanted}")) {
            Some(1)
        } else if own.contains(wanted) {
            Some(2)
        } else {
            None
        }
    };
    fits(&as_written, exact).or_else(|| fits(&plain, folded).map(|rank| rank + 3))
}

async fn things(
    visitor: &Visitor,
    session: &Session,
    words: &str,
) -> Result<Vec<Named>, dinh_context::Error> {
    let mut hits = session.search(words, &[], MOST * 4).await?;
    // What bears the name comes before what merely mentions it.
    if hits.iter().any(|hit| hit.in_name) {
        hits.retain(|hit| hit.in_name);
    }
    let mut seen = HashSet::new();
    Ok(hits
        .into_iter()
        .filter_map(|hit| {
            let entity = &hit.found.entity;
            let geometry = entity.geometry(LOCATION)?;
            let place = match geometry.as_point() {
                Some((lon, lat)) => Place::Point(lon, lat),
                None => return None,
            };
            let (lon, lat) = place.anchor()?;
            let described = visitor.app.context.types().of(&entity.types).next();
            let note = described.map(|d| visitor.title(&d.title).to_owned());
            Some(Named { name: name_of(entity, &NAME.into(), visitor.lang()).to_string(), note, lon, lat })
        })
        .filter(|named| seen.insert((named.name.clone(), named.note.clone())))
        .collect())
}

/// The name of a unit in a language, in Vietnamese if it has no other.
fn name_in(unit: &Unit, lang: Lang) -> String {
    match (lang, &unit.name.en) {
        (Lang::En, Some(name)) => name.clone(),
        _ => unit.name.vi.clone(),
    }
}

/// The commune that holds a point.
pub(super) fn commune_at(register: &Register, lon: f64, lat: f64, day: Date, lang: Lang) -> Option<String> {
    match register.unit_at(lon, lat, Level::Commune, day)? {
        UnitPlace::Unit(unit) => Some(name_in(unit, lang)),
        UnitPlace::Candidates { present, .. } => Some(name_in(present, lang)),
    }
}

/// A commune's name inside a sentence: the word for its kind begins small in Vietnamese.
pub(super) fn in_sentence(name: &str, lang: Lang) -> String {
    let kinds = ["Phường ", "Xã ", "Đặc khu ", "Thị trấn "];
    match kinds.iter().find_map(|kind| Some((kind, name.strip_prefix(kind)?))) {
        Some((kind, rest)) if lang == Lang::Vi => format!("{}{rest}", kind.to_lowercase()),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_just_so_comes_first() {
        let rank = |name: &str, words: &str| rank(name, &fold::exact(words), &fold::fold(words));
        assert_eq!(rank("Phường Thuận Hóa", "phường thuận hóa"), Some(0));
        assert_eq!(rank("Phường Thuận Hóa", "Thuận Hóa"), Some(1));
        assert_eq!(rank("Phường Thuận Hóa", "thuan hoa"), Some(4));
        assert_eq!(rank("Phường Thuận An", "thuan hoa"), None);
    }

    #[test]
    fn names_fit_into_sentences() {
        assert_eq!(in_sentence("Phường Thuận Hóa", Lang::Vi), "phường Thuận Hóa");
        assert_eq!(in_sentence("Phường Thuận Hóa", Lang::En), "Phường Thuận Hóa");
        assert_eq!(in_sentence("Đình Kim Long", Lang::Vi), "Đình Kim Long");
    }
}
