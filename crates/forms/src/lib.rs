//! Floor 1: what a form asks, and whether answers follow its rules. Pure: the day, the administrative units and the
//! files of a dossier come as arguments.
//!
//! A [`Form`] is one JSON file of a pack: the JSON Schema of its answers (draft 2020-12, of which a few keywords are
//! understood) with `x-dinh` saying what is asked, in which steps and groups, and under which conditions. It is checked
//! as a whole when it is loaded: fields that do not exist, types that do not go together, conditions that go round in
//! circles are refused with the place in the file.
//!
//! [`Form::read`] reads what a browser posts, [`Form::settle`] works out what is asked and computed, [`Form::check`]
//! says what is wrong, field by field and in both languages, [`Form::accept`] gives the answers as they are filed,
//! [`Form::differences`] tells what a later edition asks otherwise.
//! Conditions and calculations run here always; what the browser does with the same rules is comfort.

mod answers;
mod applicant;
mod check;
mod compare;
mod days;
pub mod expr;
mod fault;
mod field;
mod form;
mod load;
mod path;
mod prefill;
mod read;
mod settle;
mod shelf;
mod suggest;
mod summary;
mod text;
mod units;
mod write;

pub use answers::{Answers, at, is_blank, pruned};
pub use applicant::{ApplicantFields, ApplicantTold};
pub use check::{
    Context, FileFact, Files as DossierFiles, NoFiles, PersonalIdSays, is_enterprise_code, is_tax_code,
};
pub use compare::{Aspect, Change, Difference};
pub use fault::{Fault, Rule};
pub use field::{Bounds, Count, Day, Days, Field, Files, Kind, Need, Options, Shown, UnitsOn, What, Words};
pub use form::{Form, Logic, Section, Step};
pub use load::{LoadError, MOST_FIELDS, MOST_FILE, MOST_ROWS};
pub use path::Path;
pub use prefill::{Marks, Source, kept};
pub use read::{Filled, MOST_BYTES, MOST_PAIRS, MOST_VALUE, ReadError};
pub use settle::Settled;
pub use shelf::{Shelf, Twice};
pub use summary::{Answer, Entry, SummaryGroup};
pub use text::Text;
pub use units::{NoUnits, UnitChoice, UnitFact, Units};
pub use write::typed;
