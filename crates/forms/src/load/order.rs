//! That conditions and calculations make sense, and in which order they are worked out.

use std::collections::{HashMap, HashSet};

use super::LoadError;
use crate::expr::{self, FieldRef, Rule, Shape, Type};
use crate::field::{Field, Kind, Need, Options};
use crate::form::Form;

/// A form as seen from one of its fields.
struct From<'a> {
    form: &'a Form,
    /// Fields of the row in which the expression stands.
    row: &'a [Field],
}

impl Shape for From<'_> {
    fn of(&self, field: &FieldRef) -> Option<Type> {
        if field.in_row {
            return walk(self.row, &field.names, false).map(kind_of);
        }
        walk(&self.form.fields, &field.names, false).map(kind_of)
    }

    fn column(&self, field: &FieldRef) -> Option<Type> {
        let table = self.form.field(field.names.first()?)?;
        let through_table =
            !field.in_row && field.names.len() > 1 && matches!(table.kind, Kind::Table { .. });
        through_table.then(|| walk(&self.form.fields, &field.names, true).map(kind_of))?
    }
}

/// The field that the names lead to; through a table only if that is asked for.
fn walk<'a>(fields: &'a [Field], names: &[String], through_table: bool) -> Option<&'a Field> {
    let (first, rest) = names.split_first()?;
    let field = fields.iter().find(|field| &field.name == first)?;
    if rest.is_empty() {
        return Some(field);
    }
    if matches!(field.kind, Kind::Table { .. }) && !through_table {
        return None;
    }
    walk(field.kind.fields(), rest, through_table)
}

fn kind_of(field: &Field) -> Type {
    let codes = |options: &Options| options.all.iter().map(|(code, _)| code.clone()).collect();
    match &field.kind {
        Kind::Number(_) | Kind::Integer { .. } | Kind::Computed { .. } => Type::Number,
        Kind::Date(_) | Kind::PartialDate(_) => Type::Date,
        Kind::YesNo | Kind::Consent => Type::Bool,
        Kind::Choice(options) => Type::Code(codes(options)),
        Kind::Choices { options, .. } => Type::Codes(codes(options)),
        Kind::Files(_) => Type::Files,
        Kind::Group { .. } => Type::Group,
        Kind::Table { .. } => Type::Table,
        _ => Type::Text,
    }
}

/// A field with everything that lies around it, from the form inwards.
struct Place<'a> {
    names: Vec<String>,
    field: &'a Field,
    row: &'a [Field],
}

fn places(form: &Form) -> Vec<Place<'_>> {
    fn go<'a>(fields: &'a [Field], before: &[String], row: &'a [Field], all: &mut Vec<Place<'a>>) {
        for field in fields {
            let names: Vec<String> = before.iter().cloned().chain([field.name.clone()]).collect();
            let inner = if matches!(field.kind, Kind::Table { .. }) { field.kind.fields() } else { row };
            go(field.kind.fields(), &names, inner, all);
            all.push(Place { names, field, row });
        }
    }
    let mut all = Vec::new();
    go(&form.fields, &[], &[], &mut all);
    all
}

/// Checks that every condition is one, and every calculation gives a number.
pub(super) fn check(form: &Form) -> Result<(), LoadError> {
    for place in places(form) {
        let shape = From { form, row: place.row };
        let path = place.names.join(".");
        let required = if let Need::If(rule) = &place.field.need { Some(rule) } else { None };
        let computed = if let Kind::Computed { rule, .. } = &place.field.kind { Some(rule) } else { None };
        let wanted = [
            ("visible_if", place.field.visible_if.as_ref(), Type::Bool, "a condition"),
            ("required_if", required, Type::Bool, "a condition"),
            ("rule", computed, Type::Number, "a number"),
        ];
        for (member, rule, wanted, word) in wanted {
            let Some(rule) = rule else { continue };
            let at = || format!("{path}: x-dinh.{member}");
            let found = expr::check(&rule.expr, &shape).map_err(|e| LoadError::new(at(), e.to_string()))?;
            if found != wanted {
                return Err(LoadError::new(at(), format!("is not {word}")));
            }
        }
        siblings(form, &place)?;
    }
    Ok(())
}

/// What an identity number is compared with must be there.
fn siblings(form: &Form, place: &Place<'_>) -> Result<(), LoadError> {
    let Kind::PersonalId { sex, born } = &place.field.kind else { return Ok(()) };
    let parent = place.names.split_last().map(|(_, before)| before).unwrap_or_default();
    let around = if parent.is_empty() {
        Some(form.fields.as_slice())
    } else {
        form.at(parent).map(|p| p.kind.fields())
    };
    let kind = |name: &String| around?.iter().find(|field| &field.name == name).map(|field| &field.kind);
    let is_sex = |kind: Option<&Kind>| matches!(kind, Some(Kind::Choice(o)) if o.title("male").is_some() && o.title("female").is_some());
    let is_day = |kind: Option<&Kind>| matches!(kind, Some(Kind::Date(_) | Kind::PartialDate(_)));
    if sex.as_ref().is_some_and(|name| !is_sex(kind(name)))
        || born.as_ref().is_some_and(|name| !is_day(kind(name)))
    {
        let says =
            "x-dinh.sex names a sibling with the choices male and female, x-dinh.born one that is a day";
        return Err(LoadError::new(place.names.join("."), says));
    }
    Ok(())
}

/// The order in which fields are worked out: each after what its condition and its calculation look at. Going round in
/// a circle is refused, naming it.
pub(super) fn of(form: &Form) -> Result<Vec<Vec<String>>, LoadError> {
    let all = places(form);
    let by_path: HashMap<Vec<String>, &Place<'_>> =
        all.iter().map(|place| (place.names.clone(), place)).collect();
    let mut run = Run { by_path: &by_path, done: HashSet::new(), under_way: Vec::new(), order: Vec::new() };
    // In the order of the file, groups before what is in them.
    let mut sorted: Vec<&Place<'_>> = all.iter().collect();
    sorted.sort_by_key(|place| place.names.len());
    for place in sorted {
        run.visit(&place.names)?;
    }
    Ok(run.order)
}

struct Run<'a> {
    by_path: &'a HashMap<Vec<String>, &'a Place<'a>>,
    done: HashSet<Vec<String>>,
    under_way: Vec<Vec<String>>,
    order: Vec<Vec<String>>,
}

impl Run<'_> {
    fn visit(&mut self, names: &[String]) -> Result<(), LoadError> {
        if self.done.contains(names) {
            return Ok(());
        }
        if let Some(start) = self.under_way.iter().position(|one| one == names) {
            let circle: Vec<String> =
                self.under_way.iter().skip(start).chain([&names.to_vec()]).map(|one| one.join(".")).collect();
            let says = format!("conditions and calculations go round in a circle: {}", circle.join(" → "));
            return Err(LoadError::new(names.join("."), says));
        }
        let Some(place) = self.by_path.get(names) else { return Ok(()) };
        self.under_way.push(names.to_vec());
        for before in self.before(place) {
            self.visit(&before)?;
        }
        self.under_way.pop();
        self.done.insert(names.to_vec());
        self.order.push(names.to_vec());
        Ok(())
    }

    /// What must be worked out before a field: the group around it, and what its rules look at, with all within.
    fn before(&self, place: &Place<'_>) -> Vec<Vec<String>> {
        let mut before = Vec::new();
        if let Some((_, parent)) = place.names.split_last().filter(|(_, parent)| !parent.is_empty()) {
            before.push(parent.to_vec());
        }
        let computed = if let Kind::Computed { rule, .. } = &place.field.kind { Some(rule) } else { None };
        for rule in [place.field.visible_if.as_ref(), computed].into_iter().flatten() {
            for seen in looks_at(rule, &place.names) {
                before.extend(self.by_path.keys().filter(|path| path.starts_with(&seen)).cloned());
            }
        }
        // A hash table has no order of its own; the same file must always give the same one.
        before.sort();
        before
    }
}

/// The fields that a rule looks at, by names from the form inwards. The table around is the first name.
fn looks_at(rule: &Rule, names: &[String]) -> Vec<Vec<String>> {
    let table = names.first().cloned().unwrap_or_default();
    let full = |field: &FieldRef| {
        let start = if field.in_row { vec![table.clone()] } else { Vec::new() };
        start.into_iter().chain(field.names.iter().cloned()).collect()
    };
    rule.expr.fields().into_iter().map(full).collect()
}
