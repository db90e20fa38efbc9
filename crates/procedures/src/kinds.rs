//! Short lists of the national data: levels, applicants, channels, units of time.

use serde::{Deserialize, Serialize};

/// At which level of administration a procedure is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Commune, ward, special zone.
    Commune,
    /// Province or city.
    Province,
    /// Ministry or an agency of it.
    Ministry,
    /// Another agency, such as the board of an industrial zone.
    Other,
}

impl Level {
    /// All, the nearest to a citizen first.
    pub const ALL: [Self; 4] = [Self::Commune, Self::Province, Self::Ministry, Self::Other];

    /// Its name in the graph and in addresses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Commune => "commune",
            Self::Province => "province",
            Self::Ministry => "ministry",
            Self::Other => "other",
        }
    }

    /// From [`Level::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.name() == name)
    }

    /// As the national list writes it: `Cấp xã`.
    pub(crate) fn of_list(text: &str) -> Option<Self> {
        Some(match text {
            "Cấp xã" => Self::Commune,
            "Cấp tỉnh" => Self::Province,
            "Cấp bộ" => Self::Ministry,
            "Cơ quan khác" => Self::Other,
            _ => return None,
        })
    }
}

/// Who files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Audience {
    /// People: citizens, foreigners, Vietnamese abroad, officials as persons.
    Person,
    /// Enterprises and cooperatives.
    Enterprise,
    /// Other organisations.
    Organisation,
}

impl Audience {
    /// All, as they are offered.
    pub const ALL: [Self; 3] = [Self::Person, Self::Enterprise, Self::Organisation];

    /// Its name in the graph and in addresses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Enterprise => "enterprise",
            Self::Organisation => "organisation",
        }
    }

    /// From [`Audience::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|audience| audience.name() == name)
    }

    /// Of one applicant as the national list writes it.
    pub fn of_applicant(text: &str) -> Option<Self> {
        let folded = dinh_model::fold::fold(text);
        let begins = |starts: &[&str]| starts.iter().any(|start| folded.starts_with(start));
        if begins(&["cong dan", "nguoi", "can bo", "dang vien", "ca nhan", "ho gia dinh"]) {
            Some(Self::Person)
        } else if begins(&["doanh nghiep", "hop tac xa", "ho kinh doanh"]) {
            Some(Self::Enterprise)
        } else if begins(&["to chuc", "co quan"]) {
            Some(Self::Organisation)
        } else {
            None
        }
    }
}

/// How a dossier is filed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChannelKind {
    /// At the counter (national code 1).
    Counter,
    /// Online (2).
    Online,
    /// By public post (3).
    Post,
}

impl ChannelKind {
    /// From the code of the national API (`KENH`).
    pub(crate) fn of_code(code: u64) -> Option<Self> {
        Some(match code {
            1 => Self::Counter,
            2 => Self::Online,
            3 => Self::Post,
            _ => return None,
        })
    }

    /// From what the portal writes.
    pub(crate) fn of_portal(text: &str) -> Option<Self> {
        Some(match text {
            "Trực tiếp" => Self::Counter,
            "Trực tuyến" => Self::Online,
            "Dịch vụ bưu chính" => Self::Post,
            _ => return None,
        })
    }

    /// As the portal writes it.
    pub(crate) const fn on_portal(self) -> &'static str {
        match self {
            Self::Counter => "Trực tiếp",
            Self::Online => "Trực tuyến",
            Self::Post => "Dịch vụ bưu chính",
        }
    }
}

/// What a time limit counts in. The names are those that calendars use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TimeUnit {
    /// Working days.
    WorkingDay,
    /// Days.
    Day,
    /// Hours.
    Hour,
    /// Months.
    Month,
}

impl TimeUnit {
    /// From `DONVITINH` of the national API, which the portal shows too.
    pub(crate) fn of_list(text: &str) -> Option<Self> {
        Some(match dinh_model::fold::fold(text.trim()).as_str() {
            "ngay lam viec" => Self::WorkingDay,
            "ngay" => Self::Day,
            "gio" => Self::Hour,
            "thang" => Self::Month,
            _ => return None,
        })
    }
}
