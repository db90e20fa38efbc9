//! What was filled in so far.

use axum::extract::Request;
use dinh_cases::Kind;
use dinh_casework::DraftContent;
use dinh_forms::{ApplicantTold, Context, Filled, Marks, NoUnits, Source, Units, pruned};
use serde_json::{Map, Value as Json};

use super::form::of_today;
use crate::pages::cases::asks;
use crate::pages::fault::Fault;
use crate::pages::form::{Posted, PostedFile, Tried, Wish, add_row, faults as form_faults, without_files};
use crate::pages::visitor::Visitor;

/// Beginning of the names of the fields that are these pages' own.
pub(in crate::pages::cases) const OWN: &str = "filing.";

/// What was filled in so far: the form of the kind, and what these pages ask beside it.
pub(in crate::pages::cases) struct Draft {
    pub(in crate::pages::cases) filled: Filled,
    pub(in crate::pages::cases) wish: Wish,
    pub(in crate::pages::cases) tried: Tried,
    pub(in crate::pages::cases) own: Vec<(String, String)>,
    pub(in crate::pages::cases) files: Vec<PostedFile>,
    /// Which answers were filled in from what is known, and from where.
    pub(in crate::pages::cases) marks: Marks,
    /// What was posted for the form of the kind, without files.
    pairs: Vec<(String, String)>,
}

impl Draft {
    /// Nothing but some of these pages' own fields.
    pub(in crate::pages::cases) fn of<'f>(own: impl IntoIterator<Item = (&'f str, String)>) -> Self {
        Self {
            filled: Filled::default(),
            wish: Wish::Refresh,
            tried: Tried::default(),
            own: own.into_iter().map(|(name, value)| (format!("{OWN}{name}"), value)).collect(),
            files: Vec::new(),
            marks: Marks::new(),
            pairs: Vec::new(),
        }
    }

    /// What a browser sends back.
    ///
    /// # Errors
    /// The page that says that it is no form, or too much.
    pub(in crate::pages::cases) async fn read(
        visitor: &Visitor,
        kind: &Kind,
        request: Request,
    ) -> Result<Self, Fault> {
        let bad = |says: String| Fault::bad_request(visitor.taste, says);
        let posted = Posted::read(request).await.map_err(|unreadable| bad(unreadable.0))?;
        let (own, mut pairs): (Vec<_>, Vec<_>) =
            posted.pairs.into_iter().partition(|(name, _)| name.starts_with(OWN));
        let (files, of_form): (Vec<_>, Vec<_>) =
            posted.files.into_iter().partition(|file| file.field.starts_with(OWN));
        let kept = pairs.clone();
        let mut tried = Tried::default();
        tried.take(&of_form, &mut pairs);
        let mut filled = Filled::default();
        if let Some(form) = of_today(visitor, kind) {
            let read = form.read(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())));
            filled = read.map_err(|unreadable| bad(unreadable.to_string()))?;
            if let Wish::Add(table) = &posted.wish {
                add_row(&form, &mut filled, table);
            }
        }
        let files = files.into_iter().chain(of_form).collect();
        Ok(Self { filled, wish: posted.wish, tried, own, files, marks: Marks::new(), pairs: kept })
    }

    /// What was kept of it earlier, as it was. What a newer form does not ask any more is left out.
    pub(in crate::pages::cases) fn resumed(visitor: &Visitor, kind: &Kind, content: DraftContent) -> Self {
        let (own, mut pairs): (Vec<_>, Vec<_>) =
            content.pairs.into_iter().partition(|(name, _)| name.starts_with(OWN));
        let mut draft = Self::of([("once", content.once)]);
        draft.own.extend(own);
        if let Some(form) = of_today(visitor, kind) {
            pairs.retain(|(name, value)| form.read([(name.as_str(), value.as_str())]).is_ok());
            let read = form.read(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())));
            draft.filled = read.unwrap_or_default();
        }
        draft.pairs = pairs;
        draft
    }

    /// What is kept of it: everything but files. None without the name of the form that was shown.
    pub(in crate::pages::cases) fn content(&self) -> Option<DraftContent> {
        let once = self.maybe("once")?;
        let name = format!("{OWN}once");
        let own = self.own.iter().filter(|(own, _)| *own != name);
        Some(DraftContent { once, pairs: own.chain(&self.pairs).cloned().collect() })
    }

    /// Who applies, as the form of the kind says it; none for a form that does not ask.
    pub(in crate::pages::cases) async fn applicant(
        &self,
        visitor: &Visitor,
        kind: &Kind,
        answers: &Map<String, Json>,
    ) -> Option<ApplicantTold> {
        let form = of_today(visitor, kind)?;
        let register = visitor.session.units().await.ok();
        let units: &dyn Units = register.as_deref().map_or(&NoUnits, |register| register);
        let context = Context { today: visitor.app.privacy.today(), units, files: &self.tried };
        form.applicant_told(answers, &context)
    }

    /// The answers to the form of the kind; none if something is wrong with them.
    pub(in crate::pages::cases) async fn answers(
        &self,
        visitor: &Visitor,
        kind: &Kind,
    ) -> Option<Map<String, Json>> {
        let Some(form) = of_today(visitor, kind) else { return Some(Map::new()) };
        let register = visitor.session.units().await.ok();
        let units: &dyn Units = register.as_deref().map_or(&NoUnits, |register| register);
        let today = visitor.app.privacy.today();
        let context = Context { today, units, files: &self.tried };
        if form_faults(&form, &self.filled, &context).iter().any(|fault| !fault.soft) {
            return None;
        }
        let mut filled = self.filled.clone();
        without_files(&form, &mut filled);
        Some(pruned(&form.settle(&filled.answers, today).answers).into_iter().collect())
    }

    /// What stands in one of these pages' own fields, without blanks around it.
    pub(in crate::pages::cases) fn own(&self, name: &str) -> String {
        let value = asks::value(&self.own, &format!("{OWN}{name}"));
        value.map(str::trim).unwrap_or_default().to_owned()
    }

    /// The same; none if nothing stands there.
    pub(in crate::pages::cases) fn maybe(&self, name: &str) -> Option<String> {
        Some(self.own(name)).filter(|text| !text.is_empty())
    }

    /// Writes one of these pages' own fields.
    pub(in crate::pages::cases) fn put(&mut self, name: &str, value: String) {
        let name = format!("{OWN}{name}");
        self.own.retain(|(key, _)| *key != name);
        self.own.push((name, value));
    }

    /// True if a file came with it for a part.
    pub(in crate::pages::cases) fn has_file(&self, part: &str) -> bool {
        self.files.iter().any(|file| file.field == part || file.field == format!("{OWN}part.{part}"))
    }

    /// Fills blank answers to the form with what is known under the keys that its fields name (`x-dinh.prefill`).
    pub(in crate::pages::cases) async fn fill_from(
        &mut self,
        visitor: &Visitor,
        kind: &Kind,
        known: &Map<String, Json>,
    ) {
        let Some(form) = of_today(visitor, kind) else { return };
        let register = visitor.session.units().await.ok();
        let units: &dyn Units = register.as_deref().map_or(&NoUnits, |register| register);
        let context = Context { today: visitor.app.privacy.today(), units, files: &self.tried };
        // Who applies was typed by the same official on the same page: it needs no mark of where it is from.
        let (answers, _marks) = form.prefill(&self.filled.answers, known, &Source::Account, &context);
        self.filled.answers = answers;
    }

    /// What makes this filing the same when it comes twice.
    pub(in crate::pages::cases) fn once(&self, visitor: &Visitor) -> String {
        self.maybe("once").unwrap_or_else(|| visitor.app.ids.uuid().simple().to_string())
    }
}
