//! What somebody has typed into a form.

use dinh_model::Iri;
use jiff::civil::Date;
use url::form_urlencoded;

/// Most fields that are read of one form.
const MAX_FIELDS: usize = 256;
/// Most bytes of one field: none of these forms asks for more.
const MAX_FIELD: usize = 4 << 10;

/// The fields of a form, in order.
#[derive(Clone, Debug, Default)]
pub(super) struct Given(Vec<(String, String)>);

/// What is typed wrong: in which field, and what is said beside it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub(super) struct Trouble {
    /// Name of the field; empty for the form as a whole.
    pub(super) field: String,
    pub(super) text: String,
}

impl Trouble {
    pub(super) fn new(field: &str, text: String) -> Self {
        Self { field: field.to_owned(), text }
    }
}

impl Given {
    /// Reads a body of the type `application/x-www-form-urlencoded`; longer fields are cut off.
    pub(super) fn read(body: &[u8]) -> Self {
        let fields = form_urlencoded::parse(body).take(MAX_FIELDS);
        Self(fields.map(|(name, value)| (name.into_owned(), cut(&value).to_owned())).collect())
    }

    /// Fields that were not typed, but are shown as if they were.
    pub(super) fn of<const N: usize>(fields: [(&str, String); N]) -> Self {
        Self(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    /// A field without the space around it; empty if it is not there.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.trim())
    }

    /// A field, unless it is empty.
    pub(super) fn some(&self, name: &str) -> Option<&str> {
        Some(self.get(name)).filter(|value| !value.is_empty())
    }

    /// All values of a field that can be chosen several times.
    pub(super) fn all(&self, name: &str) -> Vec<&str> {
        self.0.iter().filter(|(field, _)| field == name).map(|(_, value)| value.trim()).collect()
    }

    /// True for a box that is ticked.
    pub(super) fn is_ticked(&self, name: &str) -> bool {
        self.some(name).is_some()
    }

    /// A day as browsers send it, `2026-11-20`; the field's name if it is none.
    pub(super) fn day<'n>(&self, name: &'n str) -> Result<Option<Date>, &'n str> {
        self.some(name).map(str::parse).transpose().map_err(|_not_a_day| name)
    }

    /// A URI; the field's name if it is none.
    pub(super) fn uri<'n>(&self, name: &'n str) -> Result<Option<Iri>, &'n str> {
        self.some(name).map(Iri::parse).transpose().map_err(|_not_a_uri| name)
    }

    /// Every field by name, as it was typed, to be shown again. Of several of one name, the first.
    pub(super) fn again(&self) -> std::collections::BTreeMap<String, String> {
        let mut fields = std::collections::BTreeMap::new();
        for (name, value) in &self.0 {
            fields.entry(name.clone()).or_insert_with(|| value.clone());
        }
        fields
    }
}

fn cut(text: &str) -> &str {
    let mut end = text.len().min(MAX_FIELD);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read_with_its_bounds() {
        let given =
            Given::read("name=+L%C3%AA+An+&day=2026-11-20&bad=20.11.&role=a&role=b&tick=1".as_bytes());
        assert_eq!((given.get("name"), given.get("none")), ("Lê An", ""));
        assert_eq!(given.day("day").unwrap().unwrap().to_string(), "2026-11-20");
        assert_eq!((given.day("bad"), given.day("none")), (Err("bad"), Ok(None)));
        assert_eq!(given.all("role"), ["a", "b"]);
        assert!(given.is_ticked("tick") && !given.is_ticked("none"));
        assert_eq!(given.uri("name"), Err("name"));
        let long = Given::read(format!("a={}", "ạ".repeat(5_000)).as_bytes());
        assert!(long.get("a").len() <= MAX_FIELD && long.get("a").chars().all(|c| c == 'ạ'));
    }
}
