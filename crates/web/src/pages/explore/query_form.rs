//! The fields of which a question is put together.

use serde::Serialize;

use super::ask::Question;
use crate::pages::asked::Asked;
use crate::words::Lang;

/// Representations of entities that can be asked for.
pub(super) const ACCEPTS: [&str; 3] = ["application/json", "application/ld+json", "application/geo+json"];
/// Ways to write an attribute.
const REPRESENTATIONS: [&str; 4] = ["concise", "keyValues", "temporalValues", "aggregatedValues"];
/// Entities asked for unless told otherwise.
const USUAL: &str = "10";

/// Which entities.
const WHICH: [&str; 6] = ["type", "id", "idPattern", "q", "attrs", "scopeQ"];
/// Where.
const WHERE: [&str; 4] = ["georel", "geometry", "coordinates", "geoproperty"];
/// How the answer looks.
const HOW: [&str; 6] = ["pick", "omit", "lang", "orderBy", "limit", "offset"];
/// Of what time.
const WHEN: [&str; 7] =
    ["timerel", "timeAt", "endTimeAt", "timeproperty", "lastN", "aggrMethods", "aggrPeriodDuration"];

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// Entities as they are.
    Entities,
    /// Their evolution.
    Temporal,
}

impl What {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Entities => "entities",
            Self::Temporal => "temporal",
        }
    }

    fn path(self) -> &'static str {
        match self {
            Self::Entities => "/ngsi-ld/v1/entities",
            Self::Temporal => "/ngsi-ld/v1/temporal/entities",
        }
    }
}

/// What was chosen and typed.
pub(super) struct Form {
    pub(super) what: What,
    pub(super) accept: &'static str,
    pub(super) representation: &'static str,
    pub(super) system: bool,
    pub(super) count: bool,
    pub(super) context: Option<String>,
    fields: Vec<(&'static str, String)>,
}

/// Fields that belong together.
#[derive(Serialize)]
pub(super) struct Group {
    id: &'static str,
    title: String,
    open: bool,
    fields: Vec<Field>,
}

/// A field.
#[derive(Serialize)]
struct Field {
    name: &'static str,
    value: String,
    example: &'static str,
}

impl Form {
    pub(super) fn of(asked: &Asked) -> Self {
        let one_of = |name: &str, all: &[&'static str]| {
            asked.get(name).and_then(|given| all.iter().find(|one| **one == given)).copied()
        };
        let all = WHICH.iter().chain(&WHERE).chain(&HOW).chain(&WHEN);
        let fields = all.map(|name| (*name, asked.get(name).unwrap_or_default().trim().to_owned()));
        Self {
            what: if asked.get("what") == Some("temporal") { What::Temporal } else { What::Entities },
            accept: one_of("accept", &ACCEPTS).unwrap_or("application/json"),
            representation: one_of("as", &REPRESENTATIONS).unwrap_or_default(),
            system: asked.is_set("sysAttrs"),
            count: asked.is_set("count"),
            context: asked.get("context").map(str::trim).filter(|url| !url.is_empty()).map(str::to_owned),
            fields: fields.collect(),
        }
    }

    /// What it asks of the API.
    pub(super) fn question(&self) -> Question {
        let temporal = self.what == What::Temporal;
        let mut question = Question::get(self.what.path()).accepting(self.accept);
        for (name, value) in &self.fields {
            if temporal || !WHEN.contains(name) {
                let usual = if *name == "limit" && value.is_empty() { USUAL } else { value };
                question = question.with(name, usual);
            }
        }
        let options: Vec<&str> = [self.representation, if self.system { "sysAttrs" } else { "" }]
            .into_iter()
            .filter(|one| !one.is_empty())
            .collect();
        question
            .with("options", options.join(","))
            .with("count", if self.count { "true" } else { "" })
            .in_context(self.context.as_deref())
    }

    /// Its fields, in groups. Those beyond the first are open if anything stands in them.
    pub(super) fn groups(&self, lang: Lang) -> Vec<Group> {
        let group = |id: &'static str, title: String, names: &[&'static str]| {
            let fields: Vec<Field> = self
                .fields
                .iter()
                .filter(|(name, _)| names.contains(name))
                .map(|(name, value)| Field { name, value: value.clone(), example: example(name) })
                .collect();
            let open = id == "which" || fields.iter().any(|field| !field.value.is_empty());
            Group { id, title, open, fields }
        };
        vec![
            group("which", lang.say("explore-group-which"), &WHICH),
            group("where", lang.say("explore-group-where"), &WHERE),
            group("when", lang.say("explore-group-when"), &WHEN),
            group("how", lang.say("explore-group-how"), &HOW),
        ]
    }
}

/// How such a field is filled in.
fn example(name: &str) -> &'static str {
    match name {
        "type" => "RiverGauge",
        "id" => "urn:ngsi-ld:RiverGauge:kim-long",
        "idPattern" => "^urn:ngsi-ld:RiverGauge:.*",
        "q" => "waterLevel>2",
        "attrs" | "pick" => "waterLevel,name",
        "scopeQ" => "/hue/#",
        "georel" => "near;maxDistance==5000",
        "geometry" => "Point",
        "coordinates" => "[107.58,16.46]",
        "geoproperty" | "omit" => "location",
        "lang" => "vi",
        "orderBy" => "name",
        "limit" => USUAL,
        "offset" => "0",
        "timerel" => "after",
        "timeAt" => "2026-11-20T00:00:00Z",
        "endTimeAt" => "2026-11-21T00:00:00Z",
        "timeproperty" => "observedAt",
        "lastN" => "10",
        "aggrMethods" => "avg,max",
        "aggrPeriodDuration" => "PT1H",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(query: &str) -> String {
        let asked = Asked::of(&format!("/hue/explore/query?{query}").parse().unwrap());
        Form::of(&asked).question().line()
    }

    #[test]
    fn fields_become_a_question() {
        assert_eq!(line(""), "GET /ngsi-ld/v1/entities?limit=10");
        assert_eq!(
            line("type=RiverGauge&q=waterLevel%3E2&as=keyValues&sysAttrs=1&count=1&limit=5&timerel=after"),
            "GET /ngsi-ld/v1/entities?type=RiverGauge&q=waterLevel%3E2&limit=5&options=keyValues,sysAttrs&count=true"
        );
        assert_eq!(
            line("what=temporal&type=A&timerel=after&timeAt=2026-01-01T00:00:00Z&as=nonsense"),
            "GET /ngsi-ld/v1/temporal/entities?type=A&limit=10&timerel=after&timeAt=2026-01-01T00:00:00Z"
        );
    }
}
