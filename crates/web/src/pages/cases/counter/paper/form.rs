//! Which papers there are, and when there is one.

use dinh_calendar::Named;
use dinh_cases::{Case, Outcome};
use jiff::Timestamp;

use crate::words::Lang;

/// Which paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::pages::cases) enum Form {
    Receipt,
    Supplement,
    Refusal,
    Apology,
    Stop,
    Slip,
}

impl Form {
    pub(in crate::pages::cases) const ALL: [Self; 6] =
        [Self::Receipt, Self::Supplement, Self::Refusal, Self::Apology, Self::Stop, Self::Slip];

    /// Its name in addresses, which is that of its template.
    pub(in crate::pages::cases) const fn name(self) -> &'static str {
        match self {
            Self::Receipt => "receipt",
            Self::Supplement => "supplement",
            Self::Refusal => "refusal",
            Self::Apology => "apology",
            Self::Stop => "stop",
            Self::Slip => "slip",
        }
    }

    /// From [`Form::name`].
    pub(in crate::pages::cases) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.name() == name)
    }

    /// Its number in the annex.
    pub(super) const fn number(self) -> &'static str {
        match self {
            Self::Receipt => "01",
            Self::Supplement => "02",
            Self::Refusal => "03",
            Self::Apology => "04",
            Self::Stop => "05",
            Self::Slip => "06",
        }
    }

    pub(in crate::pages::cases) fn title(self, lang: Lang) -> String {
        match self {
            Self::Receipt => lang.say("counter-paper-receipt"),
            Self::Supplement => lang.say("counter-paper-supplement"),
            Self::Refusal => lang.say("counter-paper-refusal"),
            Self::Apology => lang.say("papers-apology"),
            Self::Stop => lang.say("papers-stop"),
            Self::Slip => lang.say("counter-paper-slip"),
        }
    }

    /// Its title in both languages.
    pub(super) fn named(self) -> Named {
        Named { vi: self.title(Lang::Vi), en: self.title(Lang::En) }
    }

    /// True if a case has come so far that there is such a paper: a receipt only of what was received, an apology only for
    /// what was put off, a notice of stopping only where no result was decided. The slip is for those who work on it.
    pub(in crate::pages::cases) fn is_there(self, case: &Case, own: bool) -> bool {
        let ended = |as_this: Outcome| case.ended.is_some_and(|(_, outcome)| outcome == as_this);
        match self {
            Self::Receipt => case.received.is_some(),
            Self::Supplement => !case.supplements.is_empty(),
            Self::Refusal => ended(Outcome::NotAccepted),
            Self::Apology => case.extensions() > 0,
            Self::Stop => ended(Outcome::Stopped),
            Self::Slip => case.received.is_some() && !own,
        }
    }

    /// The moment that it tells of, and which one of its kind it is.
    pub(super) fn tells_of(self, case: &Case) -> Option<(Timestamp, usize)> {
        let ended = case.ended.map(|(at, _)| (at, 0));
        match self {
            Self::Receipt => case.received.map(|at| (at, 0)),
            Self::Supplement => case.supplements.last().map(|last| (last.asked, case.supplements.len())),
            Self::Refusal | Self::Stop => ended,
            Self::Apology => {
                let all = case.clock.as_ref().map(dinh_calendar::Clock::extensions).unwrap_or_default();
                all.last().map(|last| (last.at, all.len()))
            }
            Self::Slip => case.steps.last().map(|last| (last.at, case.steps.len())),
        }
    }
}
