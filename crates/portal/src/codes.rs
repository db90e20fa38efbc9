//! Counterparts: systems with which dossiers are exchanged, and what their code lists call what ours call otherwise. Data of
//! packs (`packs/national/counterparts/*.toml`); where a list is not written, its codes are those of the national contract.

use std::collections::BTreeMap;

use dinh_calendar::Named;
use serde::Deserialize;

use crate::message::Fault;

/// A counterpart, as a pack describes it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counterpart {
    /// Its name: `national-portal`.
    pub code: String,
    /// What people call it.
    pub title: Named,
    /// How its services are called, below the address of the configuration.
    pub paths: Paths,
    /// What its lists call our codes: list, our code, theirs. A list that is written is whole: a code that it does not have
    /// cannot be told.
    #[serde(default)]
    pub lists: BTreeMap<List, BTreeMap<String, String>>,
    /// Words in a reply that say that a dossier is there already.
    #[serde(default)]
    pub known_already: Vec<String>,
}

/// Paths below the address of a counterpart.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paths {
    /// Where a session is opened with user name and password; none if none is needed.
    #[serde(default)]
    pub login: Option<String>,
    /// Where services are called.
    pub call: String,
}

/// A code list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum List {
    /// `TrangThaiHoSo`, `TrangThai`: the ten states.
    State,
    /// `KenhThucHien`: 1 at the agency, 2 online, 3 by post.
    Channel,
    /// `LoaiDoiTuong`: 1 citizen, 2 enterprise, 3 state agency, 4 other organisation.
    ApplicantKind,
    /// `LoaiDinhDanh`: 1 twelve digits, 2 nine.
    Identity,
    /// `NoiNopHoSo`: 1 national portal, 2 province.
    FiledAt,
    /// `HinhThuc`: 0 at the counter, 1 by post.
    ReturnedBy,
    /// `HinhThucThu`: 1 at receipt, 2 with a supplement, 3 at return.
    Collected,
    /// `LoaiPhiLePhi`: 1 phí, 2 lệ phí.
    ChargeKind,
    /// `LoaiGiayTo`: 1 original, 2 copy, 3 electronic.
    PaperKind,
    /// `TrangThaiBoSung`: 0 not answered, 1 answered.
    SupplementState,
    /// `DuocThanhToanTrucTuyen`: 0 nothing, 1 portal, 2 agency online, 3 not online.
    Paid,
    /// `MaLinhVuc`, by the name of the field.
    Field,
}

impl List {
    /// The field of the message in which its codes stand.
    pub const fn field(self) -> &'static str {
        match self {
            Self::State => "TrangThaiHoSo",
            Self::Channel => "KenhThucHien",
            Self::ApplicantKind => "LoaiDoiTuong",
            Self::Identity => "LoaiDinhDanh",
            Self::FiledAt => "NoiNopHoSo",
            Self::ReturnedBy => "HinhThuc",
            Self::Collected => "HinhThucThu",
            Self::ChargeKind => "LoaiPhiLePhi",
            Self::PaperKind => "LoaiGiayTo",
            Self::SupplementState => "TrangThaiBoSung",
            Self::Paid => "DuocThanhToanTrucTuyen",
            Self::Field => "MaLinhVuc",
        }
    }

    /// Whether our codes are those of the national contract where a counterpart writes no list. Names of fields are not.
    const fn is_national(self) -> bool {
        !matches!(self, Self::Field)
    }
}

impl Counterpart {
    /// From the text of a pack.
    ///
    /// # Errors
    /// What is wrong with it: also two of our codes that become the same in a list that is read back.
    pub fn checked(self) -> Result<Self, String> {
        for list in [List::State, List::ApplicantKind, List::Channel] {
            let Some(codes) = self.lists.get(&list) else { continue };
            let mut theirs: Vec<&String> = codes.values().collect();
            theirs.sort();
            theirs.dedup();
            if list == List::State && theirs.len() < codes.len() {
                return Err(format!("lists.state: two states of ours have one code of {}", self.code));
            }
        }
        Ok(self)
    }

    /// What the counterpart calls one of our codes.
    ///
    /// # Errors
    /// A code that its list does not have.
    pub fn theirs(&self, list: List, ours: &str) -> Result<String, Fault> {
        let found = match self.lists.get(&list) {
            Some(codes) => codes.get(ours).cloned(),
            None => list.is_national().then(|| ours.to_owned()),
        };
        found.ok_or_else(|| {
            Fault::new(list.field(), format!("the list {list:?} of {} has no code for {ours:?}", self.code))
        })
    }

    /// What we call one of the counterpart's codes: the first of ours that becomes it.
    ///
    /// # Errors
    /// A code that is none of its list.
    pub fn ours(&self, list: List, theirs: &str) -> Result<String, Fault> {
        let found = match self.lists.get(&list) {
            Some(codes) => codes.iter().find(|(_, code)| *code == theirs).map(|(ours, _)| ours.clone()),
            None => list.is_national().then(|| theirs.to_owned()),
        };
        found.ok_or_else(|| {
            Fault::new(list.field(), format!("{theirs:?} is no code of the list {list:?} of {}", self.code))
        })
    }
}
