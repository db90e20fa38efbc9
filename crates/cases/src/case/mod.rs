//! One case.

mod charge;
mod counted;
mod part;
mod proof;
mod rating;
mod step;
mod supplement;
mod task;

use std::collections::BTreeMap;

use dinh_calendar::Clock;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

pub use charge::{Charge, Off, ProvedBy};
pub use counted::Counted;
pub use part::{Held, HeldAs};
pub use proof::Proof;
pub use rating::Rating;
pub use step::{Answer, StepTaken};
pub use supplement::Supplement;
pub use task::{Task, TaskState};

/// A case: what the machine knows of it. Who its applicant is and where its files lie is kept by those who use the
/// machine; here stand the answers, since conditions ask for them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// Of which kind it is.
    pub kind: String,
    /// Of which version of it.
    pub version: u32,
    /// Which variant of it, if the kind has any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<String>,
    /// Where it stands.
    pub state: String,
    /// Since when.
    pub since: Timestamp,
    /// Its number, once it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// How it came in.
    pub channel: Channel,
    /// When it was opened.
    pub opened: Timestamp,
    /// When it was sent by post (its postmark), or taken down on paper, if it came in so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent: Option<Timestamp>,
    /// When it was received, once it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received: Option<Timestamp>,
    /// When it ended, and how.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<(Timestamp, Outcome)>,
    /// The form, as it was filled in.
    #[serde(default)]
    pub answers: Map<String, Json>,
    /// Its documents, by the codes of parts.
    #[serde(default)]
    pub parts: BTreeMap<String, Held>,
    /// What actions have set.
    #[serde(default)]
    pub facts: Map<String, Json>,
    /// What it costs, as it was fixed; none for one that costs nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub charges: Option<Vec<Charge>>,
    /// What cards have proved of whoever applies.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proofs: Vec<Proof>,
    /// Its clock, once it has begun.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock: Option<Clock>,
    /// The clock of the state in which it stands, if that has a limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state_clock: Option<Clock>,
    /// What was asked of the applicant, the first time first.
    #[serde(default)]
    pub supplements: Vec<Supplement>,
    /// Opinions asked of others.
    #[serde(default)]
    pub tasks: Vec<Task>,
    /// Escalations of which somebody was told already.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub told: Vec<String>,
    /// The unit that received it.
    pub receiving: String,
    /// The unit that handles it now.
    pub handling: String,
    /// The unit with the power to decide it.
    pub competent: String,
    /// The account to which it was given, if it was given to one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<String>,
    /// Accounts that worked on what it is about: they have no role that is kept apart.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub barred: Vec<String>,
    /// What its applicant thinks of how it was settled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating: Option<Rating>,
    /// What happened, the first thing first. At most [`Case::MOST_STEPS`].
    pub steps: Vec<StepTaken>,
    /// What was counted of it.
    #[serde(skip)]
    pub counted: Counted,
}

/// How a case came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// By its applicant, on the pages.
    Online,
    /// At a counter.
    Counter,
    /// By post.
    Post,
    /// Online, by an official who helps the applicant, in the applicant's own name.
    Assisted,
    /// Taken down on paper without a connection, and brought in later.
    Offline,
    /// By another case.
    Case,
}

/// How a case has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// What was asked for was granted or done.
    Granted,
    /// It was refused.
    Refused,
    /// It was not accepted.
    NotAccepted,
    /// The applicant took it back.
    Withdrawn,
    /// It was stopped.
    Stopped,
}

impl Channel {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Online, Self::Counter, Self::Post, Self::Assisted, Self::Offline, Self::Case];

    /// The name that cases and pages write.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Online => "online",
            Self::Counter => "counter",
            Self::Post => "post",
            Self::Assisted => "assisted",
            Self::Offline => "offline",
            Self::Case => "case",
        }
    }

    /// From [`Channel::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.name() == name)
    }

    /// Its number on the national portal: 1 at the agency, 2 online, 3 by post.
    pub const fn national(self) -> u8 {
        match self {
            Self::Online | Self::Assisted | Self::Case => 2,
            Self::Counter | Self::Offline => 1,
            Self::Post => 3,
        }
    }
}

impl Outcome {
    /// The name that cases and pages write.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Granted => "granted",
            Self::Refused => "refused",
            Self::NotAccepted => "not-accepted",
            Self::Withdrawn => "withdrawn",
            Self::Stopped => "stopped",
        }
    }
}

impl Case {
    /// Most steps of one case. Nothing is done with it beyond that, so that no case grows without bound.
    pub const MOST_STEPS: usize = 500;
    /// Most days between the postmark, or the day on a paper, and the moment at which a case is opened.
    pub const MOST_DAYS_BEFORE: i64 = 30;

    /// From when its time counts if it is received at a moment: from then, but from when it was taken down if that was on
    /// paper and it is received with its opening. What comes by post is received when it arrives, whatever its postmark
    /// says.
    pub fn counts_from(&self, at: Timestamp) -> Timestamp {
        match (self.channel, self.sent) {
            (Channel::Offline, Some(taken)) if at == self.opened => taken.min(at),
            _ => at,
        }
    }

    /// Opinions that are still missing.
    pub fn open_tasks(&self) -> impl Iterator<Item = &Task> {
        self.tasks.iter().filter(|task| task.state == TaskState::Asked)
    }

    /// What was asked of the applicant and not answered yet.
    pub fn open_supplement(&self) -> Option<&Supplement> {
        self.supplements.last().filter(|last| last.answered.is_none())
    }

    /// How often more was asked while the clock ran. What is asked before a case is received does not count: the law
    /// limits how often somebody who has been received is sent home again.
    pub fn supplements_in_time(&self) -> usize {
        self.supplements.iter().filter(|one| one.due_before.is_some()).count()
    }

    /// How often the answer was put off.
    pub fn extensions(&self) -> usize {
        self.clock.as_ref().map_or(0, |clock| clock.extensions().len())
    }
}
