//! What is known of a procedure.

use serde::{Deserialize, Serialize};

use crate::{Audience, ChannelKind, Code, Level, TimeUnit};

/// A procedure, in one edition. Texts are Vietnamese, as published.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Procedure {
    /// Code in the national list.
    pub code: Code,
    /// Its name.
    pub name: String,
    /// Number of the decision that published it.
    pub decision: String,
    /// Levels of administration at which it is done.
    pub levels: Vec<Level>,
    /// Kind, as the list writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Fields of administration (lĩnh vực).
    pub fields: Vec<Named>,
    /// Agencies that do it.
    pub agencies: Vec<Named>,
    /// Agencies that decide.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authorities: Vec<String>,
    /// Agencies that decide in their place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub delegated: Vec<String>,
    /// Agencies that take part.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub taking_part: Vec<String>,
    /// Where dossiers are taken in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reception: Option<String>,
    /// Who may ask for it.
    pub applicants: Vec<String>,
    /// How it goes, by case.
    pub steps: Vec<StepSet>,
    /// Ways to file, with time limits and fees.
    pub channels: Vec<Channel>,
    /// What to bring, by case.
    pub documents: Vec<DocumentSet>,
    /// What must hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conditions: Option<String>,
    /// What comes of it.
    pub results: Vec<Outcome>,
    /// Acts it stands on.
    pub legal_basis: Vec<Act>,
    /// Names of procedures that belong to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<String>,
    /// Words it should be found by.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keywords: Vec<String>,
    /// More about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Its page on the national portal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// What could not be read with certainty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub doubts: Vec<Doubt>,
}

impl Procedure {
    /// Who files, in the three groups that lists offer. Everybody where the record names nobody.
    pub fn audiences(&self) -> Vec<Audience> {
        let of = |audience: &Audience| {
            self.applicants.iter().any(|a| Audience::of_applicant(a) == Some(*audience))
        };
        let told: Vec<Audience> = Audience::ALL.into_iter().filter(of).collect();
        if told.is_empty() { Audience::ALL.to_vec() } else { told }
    }

    /// True if the list says `Miễn phí` and adds nothing: where it adds a remark, the remark often names a fee.
    pub fn is_free(&self) -> bool {
        let mut fees = self.channels.iter().flat_map(|way| &way.fees).peekable();
        fees.peek().is_some() && fees.all(|fee| fee.amount == Some(0) && fee.note.is_none())
    }

    /// Who does it: the agencies, or else those that decide.
    pub fn doers(&self) -> Vec<&str> {
        let agencies: Vec<&str> = self.agencies.iter().map(|agency| agency.name.as_str()).collect();
        if agencies.is_empty() { self.authorities.iter().map(String::as_str).collect() } else { agencies }
    }

    /// The level nearest to a citizen.
    pub fn nearest(&self) -> Level {
        self.levels.iter().copied().min().unwrap_or(Level::Other)
    }
}

/// Something with a name and perhaps a code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// Code, where the source has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Name.
    pub name: String,
}

impl Named {
    /// Without a code.
    pub fn only(name: impl Into<String>) -> Self {
        Self { code: None, name: name.into() }
    }
}

/// The steps of one case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepSet {
    /// Which case; none if there is but one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
    /// One after the other. A step may have several lines.
    pub steps: Vec<String>,
}

/// One way to file, for one case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Channel {
    /// Which way.
    pub kind: ChannelKind,
    /// Time limit; none if the source gives none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<Duration>,
    /// What it costs, as told; empty if the source says nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fees: Vec<Fee>,
    /// More, as told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A time limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Duration {
    /// What it counts in.
    pub unit: TimeUnit,
    /// How many hundredths: half a day is 50.
    pub hundredths: u32,
    /// False if the source gave a bare number, which the portal counts in working days.
    pub unit_told: bool,
}

/// A fee.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fee {
    /// In đồng; 0 is free; none if the source tells it in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<u64>,
    /// What the source says of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// What to bring in one case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentSet {
    /// Which case or group; none for what all bring.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
    /// The documents. One with no copy asked for is a remark.
    pub documents: Vec<Document>,
}

/// A document of a dossier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// Code, where the source has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// What it is.
    pub name: String,
    /// How many originals.
    pub originals: u16,
    /// How many copies.
    pub copies: u16,
    /// Forms to fill in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub forms: Vec<Form>,
}

impl Document {
    /// True if nothing is to be brought: the list has put a remark into the table.
    pub fn is_remark(&self) -> bool {
        self.originals == 0 && self.copies == 0
    }
}

/// A form to fill in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form {
    /// Its name, or that of its file.
    pub name: String,
    /// Where it is, if the source says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// What comes of a procedure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// Code in the national list of results, e.g. `KQ.G15.000031`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// What it is.
    pub name: String,
}

/// An act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Act {
    /// Its number, e.g. `123/2015/NĐ-CP`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Its title.
    pub title: String,
}

/// What could not be read with certainty. The texts concerned are kept whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Doubt {
    /// The list of documents could not be cut into documents everywhere.
    Documents,
    /// Where the name of a document ends and that of its form begins.
    Forms,
    /// The ways to file could not be told apart.
    Channels,
    /// A time limit is a bare number.
    TimeUnit,
    /// A fee is given as a number that cannot be meant.
    Fee,
    /// Results could not be told apart.
    Results,
    /// The acts could not be told apart.
    LegalBasis,
    /// The level was concluded from the names of the agencies.
    Level,
}
