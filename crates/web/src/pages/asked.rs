//! What an address asks, and addresses that ask a little differently.

use dinh_model::Tenant;
use http::Uri;
use url::form_urlencoded;

use crate::layers::{Layer, Layers};
use crate::tiles::Bounds;

/// Most parameters read.
const MAX_PARAMETERS: usize = 64;
/// Longest text searched for, in characters.
const MAX_WORDS: usize = 200;

/// The parameters of an address, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asked(Vec<(String, String)>);

impl Asked {
    pub(super) fn of(uri: &Uri) -> Self {
        let query = uri.query().unwrap_or_default();
        Self(
            form_urlencoded::parse(query.as_bytes())
                .take(MAX_PARAMETERS)
                .map(|(k, v)| (k.into(), v.into()))
                .collect(),
        )
    }

    /// The first value of a parameter, unless it is empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    /// A parameter as a number.
    pub(super) fn number<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.get(name)?.parse().ok()
    }

    /// True for `name=1`.
    pub(super) fn is_set(&self, name: &str) -> bool {
        self.get(name) == Some("1")
    }

    /// The same with one parameter changed, or left out; the page number starts anew.
    pub(super) fn with(&self, name: &str, value: Option<&str>) -> Self {
        let mut all = self.0.clone();
        all.retain(|(key, _)| key != name && (key != "page" || name == "sel") && key != "part");
        if let Some(value) = value {
            all.push((name.to_owned(), value.to_owned()));
        }
        Self(all)
    }

    /// Only some of the parameters.
    pub(super) fn with_only(&self, names: &[&str]) -> Self {
        Self(self.0.iter().filter(|(key, _)| names.contains(&key.as_str())).cloned().collect())
    }

    /// As the query of an address, with its question mark; nothing if there is nothing to ask.
    pub(super) fn query(&self) -> String {
        if self.0.is_empty() {
            return String::new();
        }
        let text =
            form_urlencoded::Serializer::for_suffix(String::from("?"), 1).extend_pairs(&self.0).finish();
        // These are allowed in a query and read better.
        text.replace("%2C", ",").replace("%3A", ":").replace("%2F", "/")
    }

    /// The layers asked for; those that are on at the first visit if the address names none.
    pub(super) fn layers<'a>(&self, layers: &'a Layers, tenant: &Tenant) -> Vec<&'a Layer> {
        let given = self.0.iter().filter(|(key, _)| key == "layers" || key == "layer");
        let names: Vec<&str> =
            given.flat_map(|(_, value)| value.split(',')).filter(|n| !n.is_empty()).collect();
        let all = layers.of(tenant);
        if names.is_empty() && !self.is_set("chosen") {
            return all.filter(|layer| layer.visible).collect();
        }
        all.filter(|layer| names.contains(&layer.id.as_str())).collect()
    }

    /// The words searched for.
    pub(super) fn words(&self) -> Option<String> {
        let text = self.get("q")?.trim();
        (!text.is_empty()).then(|| text.chars().take(MAX_WORDS).collect())
    }

    /// The box `west,south,east,north`.
    pub(super) fn bbox(&self) -> Option<Bounds> {
        let numbers: Vec<f64> =
            self.get("bbox")?.split(',').map(|n| n.trim().parse().ok()).collect::<Option<_>>()?;
        let [west, south, east, north] = numbers[..] else { return None };
        let fits = (-180.0..=180.0).contains(&west)
            && (-180.0..=180.0).contains(&east)
            && (-90.0..=90.0).contains(&south)
            && (-90.0..=90.0).contains(&north)
            && west < east
            && south < north;
        fits.then_some(Bounds { west, south, east, north })
    }

    /// The place `lon`, `lat`.
    pub(super) fn place(&self) -> Option<(f64, f64)> {
        let (lon, lat): (f64, f64) = (self.number("lon")?, self.number("lat")?);
        ((-180.0..=180.0).contains(&lon) && (-85.0..=85.0).contains(&lat)).then_some((lon, lat))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(query: &str) -> Asked {
        Asked::of(&format!("/hue/?{query}").parse().unwrap())
    }

    #[test]
    fn an_address_is_changed_in_one_place() {
        let asked = asked("layers=rain,bus&sort=name&page=3&part=table&q=H%C6%B0%C6%A1ng");
        assert_eq!(asked.words().as_deref(), Some("Hương"));
        assert_eq!(
            asked.with("sort", Some("-value")).query(),
            "?layers=rain,bus&q=H%C6%B0%C6%A1ng&sort=-value"
        );
        assert_eq!(asked.with("q", None).query(), "?layers=rain,bus&sort=name");
    }

    #[test]
    fn boxes_and_places_must_be_on_earth() {
        assert!(asked("bbox=107,16,108,17").bbox().is_some());
        for bad in ["bbox=108,16,107,17", "bbox=1,2,3", "bbox=a,b,c,d", "bbox=0,0,0,0", "bbox=NaN,1,2,3"] {
            assert_eq!(asked(bad).bbox(), None, "{bad}");
        }
        assert_eq!(asked("lon=107.5&lat=16.4").place(), Some((107.5, 16.4)));
        assert_eq!(asked("lon=107.5&lat=inf").place(), None);
    }
}
