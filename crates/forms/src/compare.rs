//! What a later edition of a form asks otherwise, field by field: whoever decides about a new edition sees what people will
//! notice, not two files.

use crate::field::{Field, Kind, Need, Options};
use crate::form::Form;
use crate::text::Text;

/// A field that is not the same in both editions.
#[derive(Debug)]
pub struct Difference<'a> {
    /// Names of the fields from the form inwards, without rows: `requester.name`.
    pub path: String,
    /// The field as it is now; as it was if it is gone.
    pub field: &'a Field,
    /// How it differs.
    pub change: Change<'a>,
}

/// How a field differs.
#[derive(Debug)]
pub enum Change<'a> {
    /// The later edition asks it, the earlier one does not. What is within it is not told again.
    Added,
    /// The earlier edition asks it, the later one does not.
    Removed,
    /// Both ask it, differently.
    Changed(Vec<Aspect<'a>>),
}

/// What differs of a field: as it was, and as it is.
#[derive(Debug)]
pub enum Aspect<'a> {
    /// What is asked.
    Title(&'a Text, &'a Text),
    /// How to answer.
    Hint(Option<&'a Text>, Option<&'a Text>),
    /// Whether it must be answered.
    Need(&'a Need, &'a Need),
    /// The condition under which it is asked: whether there is one.
    Condition(bool, bool),
    /// The kind of answer, by its word in form files.
    Answer(&'static str, &'static str),
    /// The smallest number, or the fewest characters, choices, files or rows.
    Least(f64, f64),
    /// The largest number, or the most.
    Most(f64, f64),
    /// What is no longer offered, and what is offered now.
    Options(Vec<&'a Text>, Vec<&'a Text>),
    /// Another rule, which has no short form.
    Rules,
}

impl Form {
    /// What a later edition asks otherwise: its fields in their order, then those that it asks no longer.
    pub fn differences<'a>(&'a self, later: &'a Self) -> Vec<Difference<'a>> {
        let mut found = Vec::new();
        compare("", &self.fields, &later.fields, &mut found);
        found
    }
}

fn compare<'a>(before: &str, was: &'a [Field], is: &'a [Field], found: &mut Vec<Difference<'a>>) {
    let path = |field: &Field| match before {
        "" => field.name.clone(),
        before => format!("{before}.{}", field.name),
    };
    let twin = |field: &Field, others: &'a [Field]| others.iter().find(|one| one.name == field.name);
    for field in is {
        let Some(old) = twin(field, was) else {
            found.push(Difference { path: path(field), field, change: Change::Added });
            continue;
        };
        let aspects = aspects(old, field);
        if !aspects.is_empty() {
            found.push(Difference { path: path(field), field, change: Change::Changed(aspects) });
        }
        compare(&path(field), old.kind.fields(), field.kind.fields(), found);
    }
    for field in was.iter().filter(|field| twin(field, is).is_none()) {
        found.push(Difference { path: path(field), field, change: Change::Removed });
    }
}

fn aspects<'a>(was: &'a Field, is: &'a Field) -> Vec<Aspect<'a>> {
    let mut all = Vec::new();
    if was.title != is.title {
        all.push(Aspect::Title(&was.title, &is.title));
    }
    if was.hint != is.hint {
        all.push(Aspect::Hint(was.hint.as_ref(), is.hint.as_ref()));
    }
    if !same_need(&was.need, &is.need) {
        all.push(Aspect::Need(&was.need, &is.need));
    }
    let conditions = (was.visible_if.as_ref(), is.visible_if.as_ref());
    if conditions.0.map(|rule| &rule.raw) != conditions.1.map(|rule| &rule.raw) {
        all.push(Aspect::Condition(conditions.0.is_some(), conditions.1.is_some()));
    }
    let words = (was.kind.word(), is.kind.word());
    if words.0 == words.1 {
        all.extend(rules(&was.kind, &is.kind));
    } else {
        all.push(Aspect::Answer(words.0, words.1));
    }
    all
}

fn same_need(was: &Need, is: &Need) -> bool {
    match (was, is) {
        (Need::Optional, Need::Optional) | (Need::Always, Need::Always) => true,
        (Need::If(was), Need::If(is)) => was.raw == is.raw,
        _ => false,
    }
}

/// What differs in the rules of two kinds of the same word.
fn rules<'a>(was: &'a Kind, is: &'a Kind) -> Vec<Aspect<'a>> {
    match (was, is) {
        (Kind::Text(was), Kind::Text(is)) => {
            let pattern =
                |words: &'a crate::field::Words| words.pattern.as_ref().map(|(regex, _)| regex.as_str());
            let same = pattern(was) == pattern(is);
            range((was.min, was.max), (is.min, is.max)).chain(other(same)).collect()
        }
        (Kind::Number(was), Kind::Number(is))
        | (Kind::Integer { bounds: was, .. }, Kind::Integer { bounds: is, .. }) => {
            let same = (was.digits, &was.unit) == (is.digits, &is.unit);
            numbers((was.min, was.max), (is.min, is.max)).chain(other(same)).collect()
        }
        (Kind::Date(was), Kind::Date(is)) | (Kind::PartialDate(was), Kind::PartialDate(is)) => {
            other(was == is).collect()
        }
        (Kind::Choice(was), Kind::Choice(is)) => offers(was, is).collect(),
        (Kind::Choices { options: was, count: few }, Kind::Choices { options: is, count: many }) => {
            range((few.min, few.max), (many.min, many.max)).chain(offers(was, is)).collect()
        }
        (Kind::Files(was), Kind::Files(is)) => {
            let same = (&was.media, was.size) == (&is.media, is.size);
            let counts = range((was.count.min, was.count.max), (is.count.min, is.count.max));
            counts.chain(other(same)).collect()
        }
        (Kind::Table { count: was, .. }, Kind::Table { count: is, .. }) => {
            range((was.min, was.max), (is.min, is.max)).collect()
        }
        (Kind::Computed { rule: was, .. }, Kind::Computed { rule: is, .. }) => {
            other(was.raw == is.raw).collect()
        }
        (Kind::Province(was), Kind::Province(is))
        | (Kind::Commune { on: was, .. }, Kind::Commune { on: is, .. }) => other(was == is).collect(),
        _ => Vec::new(),
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "bounds of forms are far below the numbers that a float loses"
)]
fn range<'a>(was: (usize, usize), is: (usize, usize)) -> impl Iterator<Item = Aspect<'a>> {
    numbers((was.0 as f64, was.1 as f64), (is.0 as f64, is.1 as f64))
}

fn numbers<'a>(was: (f64, f64), is: (f64, f64)) -> impl Iterator<Item = Aspect<'a>> {
    let differ = |was: f64, is: f64| was.total_cmp(&is).is_ne();
    let least = differ(was.0, is.0).then_some(Aspect::Least(was.0, is.0));
    least.into_iter().chain(differ(was.1, is.1).then_some(Aspect::Most(was.1, is.1)))
}

fn other<'a>(same: bool) -> impl Iterator<Item = Aspect<'a>> {
    (!same).then_some(Aspect::Rules).into_iter()
}

fn offers<'a>(was: &'a Options, is: &'a Options) -> impl Iterator<Item = Aspect<'a>> {
    let missing = |from: &'a Options, of: &'a Options| -> Vec<&'a Text> {
        let lacks = |one: &&(String, Text)| !from.all.contains(one);
        of.all.iter().filter(lacks).map(|(_, title)| title).collect()
    };
    let (gone, added) = (missing(is, was), missing(was, is));
    (!gone.is_empty() || !added.is_empty()).then_some(Aspect::Options(gone, added)).into_iter()
}
