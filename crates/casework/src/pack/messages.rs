//! What people are told when something happens to a case.

use std::collections::BTreeMap;

use dinh_calendar::Named;
use serde::Deserialize;

/// A message: a subject and a text, in both languages. `{number}`, `{title}`, `{due}`, `{reason}`, `{tracking}` and `{unit}` are filled in.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// Its subject.
    pub subject: Named,
    /// Its text.
    pub text: Named,
}

/// Messages by their names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Messages(pub BTreeMap<String, Message>);

impl Messages {
    /// A message by its name.
    pub fn get(&self, name: &str) -> Option<&Message> {
        self.0.get(name)
    }
}

impl Message {
    /// The subject and the text in one language, with values filled in. What has no value is left out.
    pub fn filled(&self, vietnamese: bool, values: &BTreeMap<&str, String>) -> (String, String) {
        let pick = |named: &Named| if vietnamese { named.vi.clone() } else { named.en.clone() };
        (fill(&pick(&self.subject), values), fill(&pick(&self.text), values))
    }
}

fn fill(text: &str, values: &BTreeMap<&str, String>) -> String {
    let (mut filled, mut rest) = (String::new(), text);
    while let Some((before, from)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((name, after)) = from.split_once('}') else {
            filled.push('{');
            rest = from;
            continue;
        };
        filled.push_str(values.get(name).map_or("", String::as_str));
        rest = after;
    }
    filled.push_str(rest);
    filled
}
