//! Answers that the house knows already, marked with where they come from.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::answers::{Answers, at, is_blank, put};
use crate::check::Context;
use crate::field::{Field, Kind};
use crate::form::Form;
use crate::path::Path;

/// Where an answer came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "from", content = "id")]
pub enum Source {
    /// The account of who is signed in.
    Account,
    /// An entity of the graph.
    Graph(String),
    /// An earlier dossier, by its number.
    Dossier(String),
}

/// Paths of answers that were filled in, and from where.
pub type Marks = BTreeMap<String, Source>;

impl Form {
    /// Fills what is not answered yet with what `known` says under the keys that fields name (`x-dinh.prefill`), and
    /// marks it. What would break a rule is left out: nobody should have to mend what they did not write.
    pub fn prefill(
        &self,
        answers: &Answers,
        known: &Map<String, Value>,
        source: &Source,
        context: &Context<'_>,
    ) -> (Answers, Marks) {
        let mut filled = answers.clone();
        let mut marks = Marks::new();
        let mut wanted = Vec::new();
        wanting(&self.fields, &Path::default(), &mut wanted);
        for (path, field) in wanted {
            let Some(value) =
                field.prefill.as_ref().and_then(|key| known.get(key)).filter(|value| !is_blank(value))
            else {
                continue;
            };
            if at(&filled, &path).is_some_and(|there| !is_blank(there)) {
                continue;
            }
            let mut tried = filled.clone();
            if !put(&mut tried, &path, value.clone()) {
                continue;
            }
            let text = path.to_string();
            let here = |path: &str| {
                path == text || path.strip_prefix(&text).is_some_and(|rest| rest.starts_with('.'))
            };
            let faults = self.check(&Value::Object(tried.clone()), context);
            if !faults.iter().any(|fault| !fault.soft && here(&fault.path)) {
                filled = tried;
                marks.insert(text, source.clone());
            }
        }
        (self.in_order(&filled), marks)
    }
}

/// The marks of answers that are still as they were filled in; what somebody changed is theirs.
pub fn kept(marks: &Marks, before: &Answers, after: &Answers) -> Marks {
    let same = |path: &str| Path::parse(path).is_some_and(|path| at(before, &path) == at(after, &path));
    marks.iter().filter(|(path, _)| same(path)).map(|(path, source)| (path.clone(), source.clone())).collect()
}

fn wanting<'a>(fields: &'a [Field], before: &Path, found: &mut Vec<(Path, &'a Field)>) {
    for field in fields {
        let path = before.join(&field.name);
        match &field.kind {
            Kind::Group { fields, .. } if field.prefill.is_none() || !field.kind.is_address() => {
                wanting(fields, &path, found);
            }
            Kind::Table { .. } | Kind::Computed { .. } | Kind::Consent => {}
            _ if field.prefill.is_some() => found.push((path, field)),
            _ => {}
        }
    }
}
