//! One layer, read from a pack and checked.

use std::str::FromStr as _;
use std::sync::Arc;

use dinh_context::packs::{PackFile, Titles};
use dinh_model::{Entity, Term};
use jiff::SignedDuration;
use serde::Deserialize;

use super::class::{Class, MAX_LEVEL, RawClass};
use super::extras::{Around, RawAround, RawThreshold, Threshold};
use super::{Colour, Shape, Sign};

/// Most classes of a layer: more cannot be told apart.
const MAX_CLASSES: usize = 12;

/// Why a layer cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {rule}")]
pub struct LayerError {
    /// The file.
    pub path: String,
    /// The rule that it breaks, as a sentence.
    pub rule: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLayer {
    title: Titles,
    group: Titles,
    #[serde(default)]
    note: Titles,
    #[serde(default = "last")]
    order: u32,
    #[serde(default)]
    visible: bool,
    types: Vec<String>,
    #[serde(default = "location")]
    geometry: String,
    #[serde(default)]
    shape: Shape,
    #[serde(default)]
    icon: Sign,
    #[serde(default)]
    min_zoom: u8,
    #[serde(default = "name")]
    label: String,
    #[serde(default)]
    value: Option<RawValue>,
    #[serde(default, rename = "class")]
    classes: Vec<RawClass>,
    #[serde(default)]
    foremost: Foremost,
    #[serde(default, rename = "column")]
    columns: Vec<RawColumn>,
    #[serde(default, rename = "threshold")]
    thresholds: Vec<RawThreshold>,
    #[serde(default)]
    around: Option<RawAround>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawValue {
    attribute: String,
    #[serde(default)]
    unit: String,
    #[serde(default)]
    digits: Option<u8>,
    #[serde(default)]
    stale_after: Option<String>,
    #[serde(default)]
    chart: ChartKind,
}

/// Which of the classes with the same level speaks for a crowd.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Foremost {
    /// The one named first: legends that begin with the highest rank.
    First,
    /// The one named last: legends that climb from calm to severe.
    #[default]
    Last,
}

/// How the history of a value is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ChartKind {
    /// A line: levels, temperatures.
    #[default]
    Line,
    /// Bars: amounts per interval.
    Bars,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawColumn {
    attribute: String,
    title: Titles,
    #[serde(default)]
    digits: Option<u8>,
}

fn last() -> u32 {
    1000
}

fn location() -> String {
    "location".to_owned()
}

fn name() -> String {
    "name".to_owned()
}

/// The value that a layer shows.
#[derive(Clone, Debug)]
pub struct ValueOf {
    /// The attribute.
    pub attribute: Term,
    /// Its short name.
    pub name: String,
    /// Unit, as people write it.
    pub unit: String,
    /// Decimal places.
    pub digits: Option<u8>,
    /// Age in microseconds from which a value is stale.
    pub stale_after: Option<i64>,
    /// How its history is drawn.
    pub chart: ChartKind,
}

/// A column of the list.
#[derive(Clone, Debug)]
pub struct Column {
    /// The attribute.
    pub attribute: Term,
    /// Its short name.
    pub name: String,
    /// Heading.
    pub title: Titles,
    /// Decimal places, if it holds numbers.
    pub digits: Option<u8>,
}

/// One layer of the map and of the list.
#[derive(Clone, Debug)]
pub struct Layer {
    /// Its name: that of its file.
    pub id: String,
    /// The same name, cheap to keep.
    pub key: Arc<str>,
    /// The pack it comes from.
    pub pack: String,
    /// What people call it.
    pub title: Titles,
    /// The group that it is listed under.
    pub group: Titles,
    /// What else there is to know, e.g. where the classes come from.
    pub note: Titles,
    /// Place among the layers.
    pub order: u32,
    /// Whether it is on at the first visit.
    pub visible: bool,
    /// Types of the entities.
    pub types: Vec<Term>,
    /// The attribute with their geometry.
    pub geometry: Term,
    /// What they are on the ground.
    pub shape: Shape,
    /// Their sign.
    pub sign: Sign,
    /// Zoom level from which they are shown.
    pub min_zoom: u8,
    /// The attribute with their name.
    pub label: Term,
    /// The value shown.
    pub value: Option<ValueOf>,
    /// Classes of value.
    pub classes: Vec<Class>,
    /// Which of the classes with the same level speaks for a crowd.
    pub foremost: Foremost,
    /// Columns of the list after the name and the value.
    pub columns: Vec<Column>,
    /// Values of meaning, drawn and named in charts of the value.
    pub thresholds: Vec<Threshold>,
    /// How the layer answers "what is around me"; none if it does not.
    pub around: Option<Around>,
}

impl Layer {
    /// Reads and checks one file.
    pub fn read(pack: &str, file: &PackFile, expand: &dyn Fn(&str) -> Term) -> Result<Self, LayerError> {
        let failed = |rule: String| LayerError { path: file.path.clone(), rule };
        let text = file.text().map_err(|e| failed(e.to_string()))?;
        Self::parse(pack, file.stem(), text, expand).map_err(failed)
    }

    /// Reads and checks the text of one file; the error says which rule it breaks.
    pub fn parse(pack: &str, id: &str, text: &str, expand: &dyn Fn(&str) -> Term) -> Result<Self, String> {
        let raw: RawLayer = toml::from_str(text).map_err(|e| e.to_string())?;
        raw.check(id)?;
        let sign = raw.icon;
        Ok(Self {
            id: id.to_owned(),
            key: id.into(),
            pack: pack.to_owned(),
            title: raw.title,
            group: raw.group,
            note: raw.note,
            order: raw.order,
            visible: raw.visible,
            types: raw.types.iter().map(|t| expand(t)).collect(),
            geometry: expand(&raw.geometry),
            shape: raw.shape,
            sign,
            min_zoom: raw.min_zoom,
            label: expand(&raw.label),
            value: raw.value.map(|value| value.finish(expand)).transpose()?,
            classes: raw.classes.into_iter().map(|c| Class::new(c, sign, expand)).collect(),
            foremost: raw.foremost,
            columns: raw
                .columns
                .into_iter()
                .map(|c| Column {
                    attribute: expand(&c.attribute),
                    name: c.attribute,
                    title: c.title,
                    digits: c.digits,
                })
                .collect(),
            thresholds: raw.thresholds.into_iter().map(|t| t.finish(expand)).collect::<Result<_, _>>()?,
            around: raw.around.map(|around| around.finish(expand)).transpose()?,
        })
    }

    /// The colour of the layer as a whole, light and dark: that of its first class which is neither grey nor a reason
    /// for concern. A crowd in which nothing matters must not look like an alarm.
    pub fn colours(&self) -> Option<(&Colour, &Colour)> {
        let is_calm = |class: &&Class| class.level == 0 && !class.colour.is_grey();
        let first = self.classes.iter().find(is_calm).or_else(|| self.classes.iter().find(|c| c.level == 0));
        let class = first.or(self.classes.first())?;
        Some((&class.colour, &class.dark))
    }

    /// How much the class with this number matters in a crowd, to be compared with others: its level, then its place
    /// among the classes. A class that takes what is left, which mostly is what has no value, comes after all others.
    pub fn weight(&self, class: u8) -> (u8, u8) {
        let Some(found) = self.classes.get(usize::from(class)) else { return (0, 0) };
        let place = match self.foremost {
            _ if found.is_rest() => 0,
            Foremost::First => u8::MAX - class,
            Foremost::Last => class.saturating_add(1),
        };
        (found.level, place)
    }

    /// True if its values are measured again and again, so that they can grow old. Other layers show places.
    pub fn is_measured(&self) -> bool {
        self.value.as_ref().is_some_and(|value| value.stale_after.is_some())
    }

    /// True if an entity with these types may belong here.
    pub fn may_hold(&self, types: &[Term]) -> bool {
        types.iter().any(|t| self.types.contains(t))
    }

    /// True if an entity belongs here: it has one of the types and a place.
    pub fn holds(&self, entity: &Entity) -> bool {
        self.may_hold(&entity.types) && entity.attributes.contains_key(self.geometry.as_str())
    }
}

impl RawLayer {
    fn check(&self, id: &str) -> Result<(), String> {
        let plain = |text: &str| {
            (1..=64).contains(&text.len())
                && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        };
        if !plain(id) {
            return Err(format!("{id:?} is no name for a layer: use 1 to 64 of a-z, 0-9 and '-'"));
        }
        if self.types.is_empty() {
            return Err("\"types\" must name at least one type".to_owned());
        }
        if self.min_zoom > 22 {
            return Err(format!("\"min_zoom\" is {}, it must be 0 to 22", self.min_zoom));
        }
        if self.classes.len() > MAX_CLASSES {
            return Err(format!("there are {} classes, the limit is {MAX_CLASSES}", self.classes.len()));
        }
        if let Some(class) = self.classes.iter().find(|c| c.level() > MAX_LEVEL) {
            return Err(format!("the level of a class is {}, it must be 0 to {MAX_LEVEL}", class.level()));
        }
        for titles in [&self.title, &self.group].into_iter().chain(self.columns.iter().map(|c| &c.title)) {
            if titles.vi.is_empty() || titles.en.is_empty() {
                return Err(format!("the title {titles:?} must be given in vi and en"));
            }
        }
        Ok(())
    }
}

impl RawValue {
    fn finish(self, expand: &dyn Fn(&str) -> Term) -> Result<ValueOf, String> {
        let stale_after = self
            .stale_after
            .map(|text| {
                SignedDuration::from_str(&text)
                    .ok()
                    .filter(SignedDuration::is_positive)
                    .and_then(|d| i64::try_from(d.as_micros()).ok())
                    .ok_or_else(|| {
                        format!("\"stale_after\" is {text:?}, it must be a time span such as 3h or 15m")
                    })
            })
            .transpose()?;
        Ok(ValueOf {
            attribute: expand(&self.attribute),
            name: self.attribute,
            unit: self.unit,
            digits: self.digits,
            stale_after,
            chart: self.chart,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RAIN: &str = r##"
        title = { vi = "Trạm đo mưa", en = "Rain gauges" }
        group = { vi = "Khí tượng thủy văn", en = "Hydrometeorology" }
        order = 20
        visible = true
        types = ["RainGauge"]
        icon = "drop"
        [value]
        attribute = "precipitation"
        unit = "mm"
        digits = 1
        stale_after = "3h"
        [[class]]
        max = 0.1
        colour = "quiet"
        shape = "circle"
        title = { vi = "Không mưa", en = "No rain" }
        [[class]]
        colour = "#0B5C73"
        dark = "river"
        title = { vi = "Có mưa", en = "Rain" }
        [[column]]
        attribute = "address"
        title = { vi = "Địa chỉ", en = "Address" }
        [[threshold]]
        value = 100
        title = { vi = "Mưa rất to", en = "Very heavy rain" }
        tone = "danger"
        [around]
        title = { vi = "Mưa", en = "Rain" }
        within_km = 20
    "##;

    fn expand(name: &str) -> Term {
        Term::from(format!("x/{name}"))
    }

    #[test]
    fn reads_a_layer() {
        let layer = Layer::parse("hydromet", "rain", RAIN, &expand).unwrap();
        assert_eq!((layer.types.len(), layer.label.as_str()), (1, "x/name"));
        assert_eq!(layer.value.as_ref().unwrap().stale_after, Some(3 * 3600 * 1_000_000));
        assert_eq!(layer.classes[0].sign, Sign::Circle);
        assert_eq!(layer.classes[1].sign, Sign::Drop);
        assert!(layer.may_hold(&[Term::from("x/Device"), Term::from("x/RainGauge")]));
        assert!(!layer.may_hold(&[Term::from("x/Device")]));
        assert_eq!(layer.thresholds[0].tone, "danger");
        assert!((layer.around.as_ref().unwrap().within - 20_000.0).abs() < 1e-9);
    }

    #[test]
    fn classes_are_weighed_by_level_then_by_place() {
        let weights = |text: &str| {
            let layer = Layer::parse("hydromet", "rain", text, &expand).unwrap();
            [0, 1, 2, 3].map(|class| layer.weight(class))
        };
        let middle =
            "colour = \"ok\"\nmax = 5\ntitle = { vi = \"a\", en = \"a\" }\n[[class]]\ncolour = \"#0B5C73\"";
        let three = RAIN.replacen("colour = \"#0B5C73\"", middle, 1);
        let [dry, some, rest, unknown] = weights(&three);
        assert!(some > dry && dry > rest && rest >= unknown);
        let [dry, some, rest, _] = weights(&three.replacen("order = 20", "foremost = \"first\"", 1));
        assert!(dry > some && some > rest);
        let [dry, some, ..] = weights(&three.replacen("max = 0.1", "max = 0.1\nlevel = 2", 1));
        assert!(dry > some, "a level decides before the place");
    }

    #[test]
    fn names_the_rule_that_a_layer_breaks() {
        for (id, from, to, part) in [
            ("Rain", "", "", "no name"),
            ("rain", r#"["RainGauge"]"#, "[]", "at least one"),
            ("rain", r#""drop""#, r#""hexagon""#, "hexagon"),
            ("rain", r#""3h""#, r#""soon""#, "soon"),
            ("rain", r#""quiet""#, r#""blue""#, "blue"),
            ("rain", "order = 20", "ordre = 20", "ordre"),
            ("rain", "value = 100", "", "attribute"),
            ("rain", r#"tone = "danger""#, r#"tone = "red""#, "red"),
            ("rain", "within_km = 20", "within_km = 0", "within_km"),
            ("rain", "max = 0.1", "level = 9", "level"),
            ("rain", r#"en = "Address""#, r#"en = """#, "vi and en"),
        ] {
            let text = RAIN.replacen(from, to, usize::from(!from.is_empty()));
            let rule = Layer::parse("hydromet", id, &text, &expand).unwrap_err();
            assert!(rule.contains(part), "{rule}");
        }
    }
}
