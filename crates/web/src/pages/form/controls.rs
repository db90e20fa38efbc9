//! How single fields are answered: a line, a list, boxes, files.

use dinh_forms::{Answers, Field, Kind, Options, Shown, UnitChoice, UnitsOn, is_blank};
use serde_json::Value;

use super::field::Drawing;
use super::shown::{ChoiceGroup, ChoiceView, FieldView};
use crate::look;
use crate::words::args;

impl Drawing<'_> {
    /// Fills in how a single field is answered.
    pub(super) fn control(&self, field: &Field, around: &Answers, view: &mut FieldView) {
        let value = around.get(&field.name).filter(|value| !is_blank(value));
        match &field.kind {
            Kind::Text(words) => {
                view.control = if words.long { "area" } else { "line" };
                view.max_length = Some(words.max);
                view.suggest.clone_from(&words.suggest);
                view.width = if words.max <= 60 { "middle" } else { "long" };
            }
            Kind::Number(bounds) | Kind::Integer { bounds, money: false } => {
                line(view, "decimal", "short", Some(40));
                view.unit = bounds.unit.as_ref().map(|unit| self.sheet.say(unit));
            }
            Kind::Integer { .. } => {
                line(view, "numeric", "middle", Some(40));
                view.unit = Some("đ".to_owned());
            }
            Kind::Date(_) | Kind::PartialDate(_) => line(view, "text", "short", Some(10)),
            Kind::Time => line(view, "text", "short", Some(5)),
            Kind::PersonalId { .. } | Kind::OldId => line(view, "numeric", "middle", Some(20)),
            Kind::TaxCode => line(view, "text", "middle", Some(20)),
            Kind::Telephone => line(view, "tel", "middle", Some(24)),
            Kind::Email => line(view, "email", "long", Some(254)),
            Kind::YesNo => self.yes_no(view),
            Kind::Choice(options) => {
                view.control = if options.folded { "select" } else { "radio" };
                let chosen = |code: &str| value.and_then(Value::as_str) == Some(code);
                view.choices = self.options(view, options, chosen);
            }
            Kind::Choices { options, .. } => {
                let all = value.and_then(Value::as_array);
                view.control = "boxes";
                view.choices = self
                    .options(view, options, |code| all.is_some_and(|all| all.iter().any(|one| one == code)));
            }
            Kind::Province(on) => self.province(view, *on),
            Kind::Commune { on, province } => {
                let province = around.get(province).and_then(Value::as_str);
                self.commune(view, *on, province);
            }
            Kind::Files(files) => self.files(view, files, value),
            Kind::Consent => view.control = "tick",
            Kind::Computed { shown, .. } => {
                view.control = "output";
                view.unit = (*shown == Shown::Money).then(|| "đ".to_owned());
            }
            Kind::Group { .. } | Kind::Table { .. } => {}
        }
    }

    fn yes_no(&self, view: &mut FieldView) {
        let lang = self.sheet.lang;
        let choice = |code: &str, title: String, id: String| ChoiceView {
            chosen: view.value == code,
            code: code.to_owned(),
            title,
            id,
        };
        let yes = choice("yes", lang.say("form-yes"), view.id.clone());
        let no = choice("no", lang.say("form-no"), format!("{}-no", view.id));
        view.control = "radio";
        view.choices = vec![ChoiceGroup { title: None, all: vec![yes, no] }];
    }

    fn options(
        &self,
        view: &FieldView,
        options: &Options,
        chosen: impl Fn(&str) -> bool,
    ) -> Vec<ChoiceGroup> {
        let all = options.all.iter().enumerate().map(|(index, (code, title))| ChoiceView {
            // The first takes the identifier of the field: that is where the list of faults leads.
            id: if index == 0 { view.id.clone() } else { format!("{}-{code}", view.id) },
            code: code.clone(),
            title: self.sheet.say(title),
            chosen: chosen(code),
        });
        vec![ChoiceGroup { title: None, all: all.collect() }]
    }

    fn province(&self, view: &mut FieldView, on: UnitsOn) {
        let context = self.sheet.context;
        let mut units = context.units.provinces((on == UnitsOn::Today).then_some(context.today));
        if units.is_empty() {
            line(view, "text", "long", Some(120));
            return;
        }
        // One's own province first: most answers are in it.
        if let Some(home) = self.sheet.home {
            units.sort_by_key(|unit| unit.id != home);
        }
        view.control = "select";
        view.refreshes = true;
        view.choices = self.units(view, &units);
    }

    fn commune(&self, view: &mut FieldView, on: UnitsOn, province: Option<&str>) {
        let context = self.sheet.context;
        let listed = !context.units.provinces(None).is_empty();
        let Some(province) = province.filter(|_| listed) else {
            if listed {
                view.control = "select";
                view.choices = Vec::new();
            } else {
                line(view, "text", "long", Some(120));
            }
            return;
        };
        let units = context.units.communes(province, (on == UnitsOn::Today).then_some(context.today));
        if units.is_empty() {
            line(view, "text", "long", Some(120));
            if view.value.starts_with("urn:") {
                view.value.clear();
            }
        } else {
            view.control = "select";
            view.choices = self.units(view, &units);
        }
    }

    fn units(&self, view: &FieldView, units: &[UnitChoice]) -> Vec<ChoiceGroup> {
        let lang = self.sheet.lang;
        let choice = |unit: &UnitChoice| ChoiceView {
            id: String::new(),
            chosen: view.value == unit.id,
            code: unit.id.clone(),
            title: unit.until.map_or_else(
                || unit.name.clone(),
                |day| {
                    let words = args([("name", unit.name.clone()), ("day", look::day(day, lang))]);
                    lang.say_with("form-unit-until", &words)
                },
            ),
        };
        let (now, before): (Vec<_>, Vec<_>) = units.iter().partition(|unit| unit.until.is_none());
        let mut groups = vec![ChoiceGroup { title: None, all: now.into_iter().map(choice).collect() }];
        if !before.is_empty() {
            if let Some(first) = groups.first_mut() {
                first.title = Some(lang.say("form-units-now"));
            }
            let title = Some(lang.say("form-units-before"));
            groups.push(ChoiceGroup { title, all: before.into_iter().map(choice).collect() });
        }
        groups
    }

    fn files(&self, view: &mut FieldView, files: &dinh_forms::Files, value: Option<&Value>) {
        view.control = "file";
        view.accept = files.media.join(",");
        view.multiple = files.count.max > 1;
        view.camera = files.media.iter().any(|one| one.starts_with("image/"));
        let lang = self.sheet.lang;
        let words = args([("count", files.count.max.to_string()), ("size", look::bytes(files.size, lang))]);
        let bound = lang.say_with("form-files-bound", &words);
        view.hint = Some(view.hint.take().map_or_else(|| bound.clone(), |hint| format!("{hint}. {bound}")));
        if !view.described.contains("-hint") {
            let ids = [format!("{}-hint", view.id), std::mem::take(&mut view.described)];
            view.described = ids.join(" ").trim_end().into();
        }
        let ids = value.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        view.files = ids
            .enumerate()
            .filter_map(|(index, id)| {
                let fact = self.sheet.context.files.find(id)?;
                Some(ChoiceView {
                    id: format!("{}-have-{index}", view.id),
                    code: id.to_owned(),
                    title: fact.name,
                    chosen: true,
                })
            })
            .collect();
    }
}

fn line(view: &mut FieldView, mode: &'static str, width: &'static str, most: Option<usize>) {
    view.control = "line";
    view.input_mode = mode;
    view.width = width;
    view.max_length = most;
}
