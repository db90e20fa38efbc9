//! Who applies: for whom somebody files, and what the form of the kind does not ask of them.

use dinh_access::Principal;
use dinh_casework::{Applicant, ApplicantKind};
use dinh_forms::{ApplicantFields, ApplicantTold, Form, Source};
use dinh_model::EntityId;
use serde::Serialize;

use super::filing::{self, Draft, For, Known, Pick};
use crate::pages::visitor::Visitor;
use crate::words::{Lang, args};

/// For whom somebody files, of those for whom they may.
pub(super) struct Who {
    all: Vec<For>,
    chosen: Option<usize>,
}

/// What the page asks of who applies.
#[derive(Serialize)]
pub(super) struct Block {
    /// For whom may be chosen; empty where there is no choice.
    choices: Vec<Pick>,
    /// For whom it is.
    chosen: String,
    fields: Vec<Asked>,
}

/// A field.
#[derive(Serialize)]
struct Asked {
    name: &'static str,
    label: String,
    hint: Option<String>,
    kind: &'static str,
    most: usize,
    required: bool,
    value: String,
    /// From where it was filled in.
    mark: Option<String>,
}

impl Who {
    /// Whom the draft names, if they may file for them; themselves otherwise.
    pub(super) async fn of(visitor: &Visitor, draft: &mut Draft) -> Self {
        let all = filing::filing_for(visitor).await;
        let wanted = draft.own("for");
        let chosen = all.iter().position(|one| one.id == wanted).or((!all.is_empty()).then_some(0));
        draft.own.retain(|(name, _)| *name != format!("{}for", filing::OWN));
        if let Some(chosen) = chosen.and_then(|at| all.get(at)) {
            draft.own.push((format!("{}for", filing::OWN), chosen.id.clone()));
        }
        Self { all, chosen }
    }

    fn chosen(&self) -> Option<&For> {
        self.all.get(self.chosen?)
    }

    fn organisation(&self) -> Option<&For> {
        self.chosen().filter(|one| one.organisation)
    }
}

/// What is asked beside the form: everything that the form does not say of who applies, filled in with what is known.
pub(super) fn block(
    visitor: &Visitor,
    form: Option<&Form>,
    who: Who,
    (draft, anew): (&Draft, bool),
    known: &[Known],
) -> Block {
    let lang = visitor.lang();
    let organisation = who.organisation().is_some();
    let asks = form.and_then(|form| form.applicant.as_ref());
    // A form that asks for a person does not say who the organisation is for which they file.
    let asks = asks.filter(|asks| asks.organisation || !organisation);
    let says = |name: &str| asks.is_some_and(|asks| is_said(asks, name));
    let mut fields = Vec::new();
    for mut field in all(lang, organisation) {
        if says(field.name) {
            continue;
        }
        let found = filing::first(known, keys(field.name, organisation));
        field.value = draft.own(field.name);
        if anew && let Some((value, _)) = found {
            value.clone_into(&mut field.value);
        }
        let same = found.filter(|(value, _)| *value == field.value);
        field.mark = same.map(|(_, source)| mark(source, lang));
        fields.push(field);
    }
    let chosen = who.chosen().map(|one| one.id.clone()).unwrap_or_default();
    let several = who.all.len() > 1;
    let pick = |one: For| Pick { value: one.id, title: one.name };
    let choices = if several { who.all.into_iter().map(pick).collect() } else { Vec::new() };
    Block { choices, chosen, fields }
}

fn is_said(asks: &ApplicantFields, name: &str) -> bool {
    match name {
        "name" => true,
        "number" => asks.number.is_some(),
        "telephone" => asks.telephone.is_some(),
        "email" => asks.email.is_some(),
        _ => asks.address.is_some(),
    }
}

/// The keys under which a field is known, the best one first.
fn keys(name: &str, organisation: bool) -> &'static [&'static str] {
    match (name, organisation) {
        ("name", false) => &["person.name"],
        ("name", true) => &["organisation.name"],
        ("number", false) => &["person.personalId"],
        ("number", true) => &["organisation.taxCode"],
        ("telephone", false) => &["person.telephone"],
        ("telephone", true) => &["organisation.telephone", "person.telephone"],
        ("email", false) => &["person.email"],
        ("email", true) => &["organisation.email", "person.email"],
        (_, false) => &["person.place"],
        (_, true) => &["organisation.place"],
    }
}

fn all(lang: Lang, organisation: bool) -> [Asked; 5] {
    let field = |name, label, kind, most| Asked {
        name,
        label,
        hint: None,
        kind,
        most,
        required: false,
        value: String::new(),
        mark: None,
    };
    let (name, number, hint) = if organisation {
        (lang.say("citizen-organisation"), lang.say("citizen-tax-code"), None)
    } else {
        let hint = Some(lang.say("cases-file-number-hint"));
        (lang.say("cases-file-name"), lang.say("cases-applicant-number"), hint)
    };
    [
        Asked { required: true, ..field("name", name, "text", 200) },
        Asked { hint, ..field("number", number, "text", 20) },
        field("telephone", lang.say("cases-telephone"), "tel", 20),
        field("email", lang.say("cases-email"), "email", 254),
        field("address", lang.say("cases-address"), "text", 300),
    ]
}

fn mark(source: &Source, lang: Lang) -> String {
    match source {
        Source::Account => lang.say("form-mark-account"),
        Source::Graph(_) => lang.say("form-mark-graph"),
        Source::Dossier(number) => lang.say_with("form-mark-dossier", &args([("number", number.clone())])),
    }
}

/// Who applies, by what the form says and what was asked beside it.
pub(super) async fn of(visitor: &Visitor, draft: &Draft, told: Option<ApplicantTold>) -> Applicant {
    let all = filing::filing_for(visitor).await;
    let wanted = draft.own("for");
    let chosen = all.iter().find(|one| one.id == wanted).or_else(|| all.first());
    let organisation = chosen.is_some_and(|one| one.organisation);
    let told = told.unwrap_or_default();
    let typed = |name: &str| draft.maybe(name);
    let own_name = visitor.guest.present.as_ref().map(|present| present.account().name.clone());
    // Somebody of whom the graph holds nothing yet files for themselves all the same.
    let first = match visitor.session.principal() {
        Principal::Account(account) => account.subjects.first().map(ToString::to_string),
        _ => None,
    };
    let subject = chosen.map(|one| one.id.clone()).or(first);
    let name = typed("name").or_else(|| told.name.clone());
    Applicant {
        kind: if organisation { ApplicantKind::Enterprise } else { ApplicantKind::Person },
        name: name.unwrap_or_default(),
        subject: subject.and_then(|subject| EntityId::parse(&subject).ok()),
        number: typed("number").or(told.number),
        telephone: typed("telephone").or(told.telephone),
        email: typed("email").or(told.email),
        address: typed("address").or(told.address),
        by: own_name.filter(|_| organisation),
        by_number: None,
    }
}
