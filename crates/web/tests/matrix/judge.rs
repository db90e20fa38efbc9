//! What a caller should get: computed from the shipped policies, never from the code that answers.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use dinh_access::{Action, Privacy, Purpose};

use crate::callers::{Caller, Facts};
use crate::house::Answer;
use crate::letters;
use crate::oracle::Oracle;
use crate::planted::{Planted, TEXTS};
use crate::rows::{Demand, Row};

/// For what somebody says that they ask, and whether they want to see what is masked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Stated {
    pub(crate) purpose: Option<Purpose>,
    pub(crate) reveal: bool,
}

impl Stated {
    /// Nothing is stated.
    pub(crate) const NOTHING: Self = Self { purpose: None, reveal: false };
}

/// What should come of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expected {
    /// The key is refused.
    Refused,
    /// It is not allowed.
    Denied,
    /// As if there were nothing.
    NotThere,
    /// It is done.
    Fine,
}

/// What somebody sees of one entity.
pub(crate) struct Seen {
    /// That it is there.
    itself: bool,
    /// Its texts as they are, in the order of [`TEXTS`].
    texts: [bool; TEXTS.len()],
}

/// What somebody sees of everything, by their name and by what they state.
pub(crate) type Sights = Mutex<HashMap<(String, Stated), Arc<Vec<Seen>>>>;

pub(crate) struct Judge<'a> {
    pub(crate) sights: Sights,
    pub(crate) oracle: &'a Oracle,
    pub(crate) planted: &'a [Planted],
    /// The same in another tenant, which nobody here may ever see.
    pub(crate) elsewhere: &'a [Planted],
}

impl Judge<'_> {
    fn purpose(who: &Facts, stated: Stated) -> Purpose {
        let usual = if who.stranger { Purpose::PublicInformation } else { Purpose::Operations };
        stated.purpose.unwrap_or(usual)
    }

    /// Whether a key that is bound to types is for this one.
    fn bound(who: &Facts, what: &Planted) -> bool {
        who.types.is_empty() || who.types.contains(what.kind)
    }

    /// Whether somebody sees an entity at all.
    pub(crate) fn sees(&self, who: &Facts, stated: Stated, what: &Planted) -> bool {
        Self::bound(who, what)
            && self.oracle.allows(who, Action::Read, Self::purpose(who, stated), what, what.privacy)
    }

    /// Whether somebody sees an attribute as it is.
    fn sees_plain(&self, who: &Facts, stated: Stated, what: &Planted, attribute: &str) -> bool {
        let (why, mark) = (Self::purpose(who, stated), what.privacy_of(attribute));
        let revealed = || stated.reveal && self.oracle.allows(who, Action::Reveal, why, what, mark);
        self.sees(who, stated, what)
            && self.oracle.allows(who, Action::Read, why, what, mark)
            && (mark < Privacy::Personal || revealed())
    }

    /// What somebody sees of each entity, worked out once.
    fn sight(&self, who: &Facts, stated: Stated) -> Arc<Vec<Seen>> {
        let name = (who.name.clone(), stated);
        let known = self.sights.lock().unwrap_or_else(PoisonError::into_inner).get(&name).cloned();
        known.unwrap_or_else(|| {
            let of = |what: &Planted| Seen {
                itself: self.sees(who, stated, what),
                texts: TEXTS.map(|(text, _)| self.sees_plain(who, stated, what, text)),
            };
            let sight = Arc::new(self.planted.iter().map(of).collect::<Vec<_>>());
            self.sights.lock().unwrap_or_else(PoisonError::into_inner).insert(name, Arc::clone(&sight));
            sight
        })
    }

    /// Whether somebody may change attributes of an entity.
    pub(crate) fn writes(&self, who: &Facts, what: &Planted, attributes: &[&str]) -> bool {
        let marks = attributes.iter().map(|name| what.privacy_of(name)).chain([what.privacy]);
        let why = Self::purpose(who, Stated::NOTHING);
        Self::bound(who, what)
            && marks.into_iter().all(|mark| self.oracle.allows(who, Action::Write, why, what, mark))
    }

    /// Whether somebody may write every entity of the feed's type, tied to nobody as it may be.
    fn feeds(&self, who: &Facts) -> bool {
        self.planted.first().is_some_and(|bench| self.writes(who, bench, &[]))
    }

    /// Whether somebody may mend what a feed has rejected: nobody knows how it is marked, so it is internal.
    fn mends(&self, who: &Facts) -> bool {
        let undescribed = self.planted.iter().find(|what| what.sector.is_empty() && what.units.is_empty());
        self.feeds(who)
            && who.types.is_empty()
            && undescribed.is_some_and(|song| self.sees(who, Stated::NOTHING, song))
    }

    /// Whether somebody sees what anybody has asked about personal data.
    fn settles(&self, who: &Facts) -> bool {
        let nobodys = BTreeSet::new;
        let request = Planted {
            number: 2_000,
            kind: "DataRequest",
            sector: "privacy",
            privacy: Privacy::Internal,
            owners: nobodys(),
            units: nobodys(),
            assignees: nobodys(),
        };
        self.oracle.allows(who, Action::Read, Purpose::CaseHandling, &request, request.privacy)
    }

    /// Whether somebody runs the house.
    fn runs(&self, who: &Facts, why: Purpose) -> bool {
        who.types.is_empty() && self.oracle.acts(who, Action::Administer, why)
    }

    /// What should come of a request about an entity.
    pub(crate) fn expected(&self, row: &Row, who: &Caller, stated: Stated, what: &Planted) -> Expected {
        if matches!(row.demand, Demand::Free) {
            return Expected::Fine;
        }
        let Some(who) = &who.facts else { return Expected::Refused };
        let why = Self::purpose(who, stated);
        if stated.reveal && !self.oracle.could(who, Action::Reveal, why) {
            return Expected::Denied;
        }
        let denied_unless = |allowed: bool| if allowed { Expected::Fine } else { Expected::Denied };
        let could_write = || self.oracle.could(who, Action::Write, why);
        let there_if = |there: bool| if there { Expected::Fine } else { Expected::NotThere };
        match row.demand {
            Demand::Free | Demand::Enter | Demand::All(_) | Demand::Kinds | Demand::Letters => Expected::Fine,
            Demand::One(_) => there_if(self.sees(who, stated, what)),
            Demand::Kind => {
                let of_it = self.planted.iter().filter(|one| one.kind == what.kind);
                there_if(of_it.into_iter().any(|one| self.sees(who, stated, one)))
            }
            Demand::Write => denied_unless(could_write()),
            Demand::Feed => denied_unless(self.feeds(who)),
            Demand::Mend => denied_unless(self.mends(who)),
            Demand::SignedIn => denied_unless(who.signed_in),
            Demand::Role(roles) => {
                denied_unless(who.signed_in && roles.iter().any(|role| who.roles.contains(*role)))
            }
            Demand::Keyed(roles) => {
                denied_unless(!who.id.is_empty() && roles.iter().any(|role| who.roles.contains(*role)))
            }
            Demand::Metrics => {
                denied_unless(["local", "write-key"].iter().any(|role| who.roles.contains(*role)))
            }
            Demand::Act(action) => denied_unless(who.types.is_empty() && self.oracle.acts(who, action, why)),
            Demand::Either(one, other) => {
                let acts = |action| self.oracle.acts(who, action, why);
                denied_unless(who.types.is_empty() && (acts(one) || acts(other)))
            }
            Demand::Account => denied_unless(!who.id.is_empty()),
            Demand::Officer => denied_unless(who.signed_in && self.settles(who)),
            Demand::ChangeOfWriteKey | Demand::Create | Demand::Change(_) if !could_write() => {
                Expected::Denied
            }
            Demand::ActOfWriteKeyOrRun if !could_write() && !self.runs(who, why) => Expected::Denied,
            Demand::OfWriteKeyOrRun | Demand::ActOfWriteKeyOrRun => {
                there_if(who.roles.contains("write-key") || self.runs(who, why))
            }
            Demand::OfWriteKey | Demand::ChangeOfWriteKey => there_if(who.roles.contains("write-key")),
            Demand::Create => denied_unless(self.writes(who, what, &["name"])),
            Demand::Change(attributes) if self.writes(who, what, attributes) => Expected::Fine,
            Demand::Change(_) if self.sees(who, stated, what) => Expected::Denied,
            Demand::Change(_) => Expected::NotThere,
        }
    }

    /// Whether an answer is what was expected.
    pub(crate) fn status(expected: Expected, row: &Row, who: &Caller, answer: &Answer) -> bool {
        let nobody = who.facts.as_ref().is_some_and(|who| who.nobody);
        let to_sign_in = answer.status == 303
            && ["/sign-in", "step-up", "/account"].iter().any(|place| answer.location.contains(place));
        // Of many entities at once, each is told its own fate.
        let of_many = row.path.contains("entityOperations") && answer.status == 207;
        let batch_of_one = row.path.contains("entityOperations") && answer.status == 400;
        if matches!(row.demand, Demand::Metrics) && expected == Expected::Denied {
            return answer.status == 401;
        }
        match expected {
            Expected::Refused => answer.status == 401,
            Expected::Denied if of_many || batch_of_one => true,
            // This machine is nobody in particular and may write all the same: it is not told to sign in.
            Expected::Denied if who.here && answer.status == 403 => true,
            // Whoever has no account is told so, the program with the write key too.
            Expected::Denied if matches!(row.demand, Demand::Account) => answer.status == 401,
            Expected::Denied if matches!(row.demand, Demand::Keyed(_)) => matches!(answer.status, 401 | 403),
            Expected::Denied if nobody => answer.status == 401 || to_sign_in,
            Expected::Denied => answer.status == 403 || to_sign_in,
            Expected::NotThere => answer.status == 404 || of_many || batch_of_one,
            Expected::Fine => {
                let done = (200..400).contains(&answer.status) && answer.status != 207;
                (done && !answer.location.contains("/sign-in")) || row.also.contains(&answer.status)
            }
        }
    }

    /// What an answer shows that it must not, and what it hides that it should show. `asked` is the request itself.
    pub(crate) fn shown(
        &self,
        (row, asked): (&Row, &str),
        who: &Caller,
        stated: Stated,
        about: &Planted,
        answer: &Answer,
    ) -> Vec<String> {
        // The pages about oneself state by themselves why they look.
        let own = Stated { purpose: Some(Purpose::OwnData), reveal: true };
        let stated = if row.path.contains("/my-data") { own } else { stated };
        let mut wrong = Vec::new();
        let (there, known) = (markers(&answer.text), markers(asked));
        let mut check = |marker: &str, may: bool, must: bool| {
            if there.contains(marker) && !known.contains(marker) && !may {
                wrong.push(format!("shows {marker}"));
            } else if must && may && !there.contains(marker) {
                wrong.push(format!("hides {marker}"));
            }
        };
        let (shows, all): (&[&str], bool) = match row.demand {
            Demand::All(names) => (names, true),
            Demand::One(names) => (names, false),
            _ => (&[], false),
        };
        let facts = who.facts.as_ref();
        let done = answer.status == 200;
        let sight = facts.map(|who| self.sight(who, stated));
        let nothing = Seen { itself: false, texts: [false; TEXTS.len()] };
        for (at, what) in self.planted.iter().enumerate() {
            let meant = done && (all || what == about);
            let seen = sight.as_ref().and_then(|sight| sight.get(at)).unwrap_or(&nothing);
            let is_plain = |wanted: &str| {
                TEXTS.iter().zip(seen.texts).any(|((name, _), plain)| *name == wanted && plain)
            };
            let found_by = shows.first().is_some_and(|name| facts.is_some() && (!all || is_plain(name)));
            // What is sensitive is in no index of words, for nobody.
            let found_by = found_by && !(row.path.ends_with("/search") && what.privacy == Privacy::Sensitive);
            // The audit names what things were done to, and says nothing of what they are.
            let audited = matches!(row.demand, Demand::Act(Action::Audit));
            check(&format!("mk{:02}idx", what.number), seen.itself || (done && audited), meant && found_by);
            for ((name, _), plain) in TEXTS.iter().zip(seen.texts) {
                check(&what.marker(name), plain, meant && shows.contains(name));
            }
        }
        let of_elsewhere = |marker: &&&str| {
            let number = marker.get(2..4).and_then(|digits| digits.parse().ok());
            self.elsewhere.iter().any(|what| Some(what.number) == number)
        };
        wrong.extend(there.iter().filter(of_elsewhere).map(|marker| format!("shows {marker} of elsewhere")));
        // These are words of their own.
        let mut look_for = |word: &str, may: bool, must: bool| match answer.text.contains(word) {
            true if !may && !asked.contains(word) => wrong.push(format!("shows {word}")),
            false if must && may => wrong.push(format!("hides {word}")),
            _ => {}
        };
        let mends = facts.is_some_and(|who| self.mends(who));
        let letters = matches!(row.demand, Demand::Letters | Demand::Mend);
        look_for(letters::MARKER, mends, done && row.method == "GET" && letters);
        if matches!(row.demand, Demand::Kinds) {
            for what in self.planted {
                let of_it = self.planted.iter().filter(|one| one.kind == what.kind);
                let seen = facts.is_some_and(|who| of_it.into_iter().any(|one| self.sees(who, stated, one)));
                look_for(what.kind, seen, done);
            }
        }
        wrong
    }
}

/// The markers in a text: `mk`, two digits, small letters up to the first `x`. Found in one go, since most answers are long and
/// markers are many.
fn markers(text: &str) -> BTreeSet<&str> {
    let bytes = text.as_bytes();
    let mut found = BTreeSet::new();
    let mut at = 0;
    while let Some(&[m, k, tens, ones]) = bytes.get(at..at + 4) {
        if m == b'm' && k == b'k' && tens.is_ascii_digit() && ones.is_ascii_digit() {
            let rest = bytes.get(at + 4..).unwrap_or_default();
            let letters = rest.iter().take_while(|byte| byte.is_ascii_lowercase()).count();
            let to_the_x = rest.iter().take(letters).position(|byte| *byte == b'x').map(|x| x + 1);
            let letters = to_the_x.unwrap_or(letters);
            found.extend(text.get(at..at + 4 + letters));
            at += 4 + letters;
        } else {
            at += 1;
        }
    }
    found
}

#[test]
fn markers_are_found_wherever_they_stand() {
    let text = "mk07idx,\u{1ea3}mk08namex\"mk5x mmk09phonexyz mk51";
    assert_eq!(markers(text), BTreeSet::from(["mk07idx", "mk08namex", "mk09phonex", "mk51"]));
}
