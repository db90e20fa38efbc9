//! The form of a kind.

use std::sync::Arc;

use dinh_cases::Kind;
use dinh_forms::{Context, Form, NoUnits, Units};
use dinh_model::admin::Level;
use jiff::civil::Date;

use super::Draft;
use crate::pages::form::{FormView, Sheet, Wish, faults as form_faults, without_files};
use crate::pages::visitor::Visitor;

/// The form of a kind, as it is today.
pub(in crate::pages::cases) fn of_today(visitor: &Visitor, kind: &Kind) -> Option<Arc<Form>> {
    on(visitor, kind, visitor.app.privacy.today())
}

/// The form of a kind, as it was on a day.
pub(in crate::pages::cases) fn on(visitor: &Visitor, kind: &Kind, day: Date) -> Option<Arc<Form>> {
    let (name, packs) = (kind.form.as_deref()?, &visitor.province.packs);
    packs.iter().find_map(|pack| visitor.app.display().forms.on(pack, name, day).cloned())
}

/// The form as it is drawn with what was filled in, and with what is wrong with it once it was sent.
pub(in crate::pages::cases) async fn drawn(
    visitor: &Visitor,
    form: Option<&Form>,
    draft: &mut Draft,
) -> Option<FormView> {
    let form = form?;
    let register = visitor.session.units().await.ok();
    let units: &dyn Units = register.as_deref().map_or(&NoUnits, |register| register);
    let today = visitor.app.privacy.today();
    let context = Context { today, units, files: &draft.tried };
    let home = register
        .as_deref()
        .and_then(|register| register.at(Level::Province, &visitor.province.province_code, today))
        .map(|unit| unit.id.as_str());
    let checks = draft.wish == Wish::Check;
    let faults = if checks { form_faults(form, &draft.filled, &context) } else { Vec::new() };
    // Files do not come back from a browser: they must be chosen again.
    without_files(form, &mut draft.filled);
    let sheet = Sheet {
        form,
        filled: &draft.filled,
        faults: &faults,
        marks: &draft.marks,
        context: &context,
        home,
        lang: visitor.lang(),
    };
    Some(sheet.draw())
}

/// The fields of a form that take files, by their names.
pub(in crate::pages::cases) fn file_fields(form: &Form) -> Vec<String> {
    let takes_files = |field: &&dinh_forms::Field| matches!(field.kind, dinh_forms::Kind::Files(_));
    form.fields.iter().filter(takes_files).map(|field| field.name.clone()).collect()
}
