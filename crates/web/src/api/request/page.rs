//! Pages of long answers (CIM 009 clauses 5.5.9, 6.3.10 and 6.3.13).

use dinh_ngsild::bounds::{DEFAULT_PAGE, PAGE};
use dinh_ngsild::problem::Problem;

use super::Given;

/// Furthest that a page may begin.
const MAX_OFFSET: usize = 1_000_000;

/// Which part of a long answer is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    /// Most items.
    pub(crate) limit: usize,
    /// Items to pass over.
    pub(crate) offset: usize,
    /// Whether the number of all items is wanted.
    pub(crate) count: bool,
    /// The place after which to read on, if everything is read.
    pub(crate) after: Option<u64>,
}

impl Window {
    /// Reads `limit`, `offset` and `count`.
    pub(crate) fn read(given: &Given) -> Result<Self, Problem> {
        let window = Self {
            limit: given.number("limit", PAGE)?.unwrap_or(DEFAULT_PAGE),
            offset: given.number("offset", MAX_OFFSET)?.unwrap_or(0),
            count: given.flag("count")?,
            after: given.place("after")?,
        };
        if window.after.is_some() && (window.count || window.offset > 0 || given.has("orderBy")) {
            return Err(Problem::bad_data(
                "The URL parameter after goes with neither orderBy nor offset nor count.",
            ));
        }
        if window.limit == 0 && !window.count {
            return Err(Problem::bad_data("The URL parameter limit may be 0 only together with count=true."));
        }
        Ok(window)
    }

    /// The part of `items` that is wanted, and whether there are items after it.
    pub(crate) fn cut<T>(&self, items: Vec<T>) -> (Vec<T>, bool) {
        let end = self.offset.saturating_add(self.limit);
        let more = items.len() > end;
        (items.into_iter().skip(self.offset).take(self.limit).collect(), more)
    }

    /// Link to the page after this one, of which `last` is the place of the last item.
    pub(crate) fn link_after(&self, path: &str, given: &Given, media: &str, last: u64) -> String {
        let query = given.to_query(&[("limit", &self.limit.to_string()), ("after", &last.to_string())]);
        format!("<{path}?{query}>; rel=\"next\"; type=\"{media}\"")
    }

    /// Links to the pages before and after, as header values; `media` is the type of the answer, and `more` says
    /// whether there is a page after.
    pub(crate) fn links(&self, path: &str, given: &Given, media: &str, more: bool) -> Vec<String> {
        self.links_spelled(path, media, more, |change| given.to_query(change))
    }

    /// The same with the parameters in the order in which they came.
    pub(crate) fn links_as_asked(&self, path: &str, given: &Given, media: &str, more: bool) -> Vec<String> {
        self.links_spelled(path, media, more, |change| given.to_query_as_asked(change))
    }

    fn links_spelled(
        &self,
        path: &str,
        media: &str,
        more: bool,
        spell: impl Fn(&[(&str, &str)]) -> String,
    ) -> Vec<String> {
        let link = |relation: &str, offset: usize| {
            let (limit, offset) = (self.limit.to_string(), offset.to_string());
            let query = spell(&[("limit", &limit), ("offset", &offset)]);
            format!("<{path}?{query}>; rel=\"{relation}\"; type=\"{media}\"")
        };
        let mut links = Vec::new();
        if self.limit == 0 {
            return links;
        }
        if self.offset > 0 {
            links.push(link("prev", self.offset.saturating_sub(self.limit)));
        }
        if more && self.offset + self.limit <= MAX_OFFSET {
            links.push(link("next", self.offset + self.limit));
        }
        links
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::request::Known;

    const KNOWN: &[Known] = &[
        Known::number("limit", ""),
        Known::number("offset", ""),
        Known::flag("count", ""),
        Known::text("type", ""),
        Known::number("after", ""),
    ];

    fn window(query: &str) -> Result<Window, String> {
        let given = Given::read(Some(query), KNOWN).unwrap();
        Window::read(&given).map_err(|problem| problem.detail)
    }

    #[test]
    fn pages_are_bounded() {
        let first = Window { limit: 20, offset: 0, count: false, after: None };
        assert_eq!(window(""), Ok(first));
        assert_eq!(window("limit=0&count=true"), Ok(Window { limit: 0, count: true, ..first }));
        assert_eq!(window("after=7"), Ok(Window { after: Some(7), ..first }));
        for narrowed in ["after=7&offset=1", "after=7&count=true", "after=x"] {
            assert!(window(narrowed).unwrap_err().contains("after"), "{narrowed}");
        }
        assert!(window("limit=0").unwrap_err().contains("count=true"));
        assert!(window("limit=1001").unwrap_err().contains("1000"));
        assert!(window("offset=1000001").unwrap_err().contains("1000000"));
        assert!(window("offset=-1").is_err());
    }

    #[test]
    fn links_lead_to_the_neighbours_only() {
        let given = Given::read(Some("type=A%7CB&limit=2&offset=3"), KNOWN).unwrap();
        let window = Window::read(&given).unwrap();
        assert_eq!(
            window.links("/x", &given, "application/json", true),
            [
                "</x?limit=2&offset=1&type=A%7CB>; rel=\"prev\"; type=\"application/json\"",
                "</x?limit=2&offset=5&type=A%7CB>; rel=\"next\"; type=\"application/json\"",
            ]
        );
        let first = Window { limit: 2, offset: 0, count: false, after: None };
        assert!(first.links("/x", &given, "application/json", false).is_empty());
        assert_eq!(first.cut(vec![1, 2, 3]), (vec![1, 2], true));
        assert_eq!(window.cut(vec![1, 2, 3, 4]), (vec![4], false));
    }
}
