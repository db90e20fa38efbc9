//! Life events: which procedures belong to a birth, a house, a business. Data of the pack `procedures`.

use dinh_model::fold::words;
use serde::{Deserialize, Serialize};

use crate::{Level, Procedure};

/// A title in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Titles {
    /// Vietnamese.
    pub vi: String,
    /// English.
    pub en: String,
}

impl Titles {
    /// The title in `language`, Vietnamese unless it is `en`.
    pub fn in_language(&self, language: &str) -> &str {
        if language == "en" { &self.en } else { &self.vi }
    }
}

/// Why a table of life events cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LifeEventError {
    /// It is not what it should be.
    #[error("{0}")]
    Form(String),
    /// A name stands twice.
    #[error("event {0:?} stands twice")]
    Twice(String),
    /// A rule would hold for everything.
    #[error("event {0:?}: a rule without fields, codes and words would hold for every procedure")]
    Everything(String),
    /// A way of saying has nothing to say.
    #[error("synonym {0:?}: words and means must each hold a word")]
    Empty(String),
}

/// Life events and other ways of saying things.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LifeEvents {
    /// The events, in the order in which they are offered.
    #[serde(default, rename = "event")]
    events: Vec<LifeEvent>,
    /// What people say, and what the list says.
    #[serde(default, rename = "synonym")]
    synonyms: Vec<Synonym>,
    /// Hash over the table.
    #[serde(skip)]
    digest: String,
}

/// One event.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LifeEvent {
    /// Its name in the graph and in addresses.
    pub id: String,
    /// What people call it.
    pub title: Titles,
    /// Its drawing.
    pub icon: String,
    /// Any of these makes a procedure belong to it.
    #[serde(default, rename = "rule")]
    rules: Vec<Rule>,
}

/// A rule: everything that it names must hold.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Rule {
    /// One of these codes.
    codes: Vec<String>,
    /// One of these fields, as the list writes them.
    fields: Vec<String>,
    /// One of these phrases stands in the name. Accents play no part.
    words: Vec<String>,
    /// None of these does.
    without: Vec<String>,
    /// It is done at one of these levels.
    levels: Vec<Level>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Synonym {
    words: Vec<String>,
    means: String,
}

impl LifeEvents {
    /// Reads a table.
    pub fn parse(text: &str) -> Result<Self, LifeEventError> {
        let mut table: Self =
            toml::from_str(text).map_err(|error| LifeEventError::Form(error.to_string()))?;
        for (place, event) in table.events.iter().enumerate() {
            if table.events.iter().take(place).any(|earlier| earlier.id == event.id) {
                return Err(LifeEventError::Twice(event.id.clone()));
            }
            if event.rules.iter().any(|r| r.codes.is_empty() && r.fields.is_empty() && r.words.is_empty()) {
                return Err(LifeEventError::Everything(event.id.clone()));
            }
        }
        for synonym in &table.synonyms {
            if words(&synonym.means).is_empty() || synonym.words.iter().any(|said| words(said).is_empty()) {
                return Err(LifeEventError::Empty(synonym.means.clone()));
            }
        }
        table.digest = crate::content_hash(&text.into());
        Ok(table)
    }

    /// The events, in the order in which they are offered.
    pub fn events(&self) -> &[LifeEvent] {
        &self.events
    }

    /// One event.
    pub fn event(&self, id: &str) -> Option<&LifeEvent> {
        self.events.iter().find(|event| event.id == id)
    }

    /// The events that a procedure belongs to.
    pub fn of(&self, procedure: &Procedure) -> Vec<String> {
        let name = spaced(&procedure.name);
        let belongs = |event: &&LifeEvent| event.rules.iter().any(|rule| rule.holds(procedure, &name));
        self.events.iter().filter(belongs).map(|event| event.id.clone()).collect()
    }

    /// Changes whenever records would be read otherwise: by another reader, or with another table.
    pub fn reader(&self) -> String {
        let table = self.digest.get(..12).unwrap_or("none");
        format!("{}-{table}", crate::READER)
    }

    /// What people say, folded, with what the list says instead.
    pub(crate) fn synonyms(&self) -> impl Iterator<Item = (Vec<String>, Vec<String>)> {
        self.synonyms.iter().flat_map(|synonym| {
            let means = words(&synonym.means);
            synonym.words.iter().map(move |said| (words(said), means.clone()))
        })
    }
}

impl Rule {
    fn holds(&self, procedure: &Procedure, name: &str) -> bool {
        let has = |phrase: &String| name.contains(&spaced(phrase));
        (self.codes.is_empty() || self.codes.iter().any(|code| code == procedure.code.as_str()))
            && (self.fields.is_empty()
                || procedure.fields.iter().any(|field| self.fields.contains(&field.name)))
            && (self.words.is_empty() || self.words.iter().any(has))
            && (self.levels.is_empty() || procedure.levels.iter().any(|level| self.levels.contains(level)))
            && !self.without.iter().any(has)
    }
}

/// The folded words with a space around each, so that phrases are found as whole words.
fn spaced(text: &str) -> String {
    format!(" {} ", words(text).join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_that_means_everything_is_refused() {
        let event = "[[event]]\nid = \"a\"\ntitle = { vi = \"A\", en = \"A\" }\nicon = \"a\"\n";
        let all = format!("{event}[[event.rule]]\nwithout = [\"x\"]\n");
        assert_eq!(LifeEvents::parse(&all).err(), Some(LifeEventError::Everything("a".into())));
        let twice = format!("{event}{event}");
        assert_eq!(LifeEvents::parse(&twice).err(), Some(LifeEventError::Twice("a".into())));
        assert!(matches!(LifeEvents::parse("[[event]]\nid = 1"), Err(LifeEventError::Form(_))));
        assert!(matches!(
            LifeEvents::parse("[[synonym]]\nwords = [\" \"]\nmeans = \"a\""),
            Err(LifeEventError::Empty(_))
        ));
    }
}
