//! What happened to a dossier, step by step (`CapNhatTienDoHoSoMC`).

use dinh_cases::{Case, Kind, StepTaken};
use serde::{Deserialize, Serialize};

use super::bounds::Fault;
use super::text::{cut, flat_text};
use super::when;
use super::write::Around;
use crate::codes::{Counterpart, List};

/// Steps of one message, as provinces send them.
pub const AT_ONCE: usize = 10;
/// Longest name of whoever took a step, in characters (the contract).
const BY: usize = 50;
/// Longest description of a step, in characters.
const TEXT: usize = 1_000;

/// One step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Progress {
    /// The number of the dossier.
    #[serde(rename = "MaHoSo", deserialize_with = "flat_text")]
    pub number: String,
    /// Who took it; at most 50 characters.
    #[serde(rename = "NguoiXuLy", deserialize_with = "flat_text")]
    pub by: String,
    /// As what.
    #[serde(rename = "ChucDanh", deserialize_with = "flat_text")]
    pub role: String,
    /// When.
    #[serde(rename = "ThoiDiemXuLy", deserialize_with = "flat_text")]
    pub at: String,
    /// The unit for which they acted.
    #[serde(rename = "PhongBanXuLy", deserialize_with = "flat_text")]
    pub unit: String,
    /// What was done. Begins with the number of the step, so that one that comes twice is known.
    #[serde(rename = "NoiDungXuLy", deserialize_with = "flat_text")]
    pub text: String,
    /// Where the dossier stood after it.
    #[serde(rename = "TrangThai", deserialize_with = "flat_text")]
    pub state: String,
    /// When the step began to wait.
    #[serde(rename = "NgayBatDau", deserialize_with = "flat_text")]
    pub began: String,
    /// When it had to be done.
    #[serde(rename = "NgayKetThucTheoQuyDinh", deserialize_with = "flat_text")]
    pub due: String,
}

/// The steps of a case from one on (counted from 0), each with the national state that it led to. States that the portal
/// does not know leave the dossier where it stood there. Officials are told of by their role and unit, never by name.
///
/// # Errors
/// A state that the counterpart's list does not have.
pub fn progress(
    case: &Case,
    around: &Around<'_>,
    to: &Counterpart,
    from: usize,
) -> Result<Vec<Progress>, Fault> {
    let mut told = Vec::new();
    let mut national = None;
    let mut before = case.opened;
    for (place, step) in case.steps.iter().enumerate() {
        national = around.kind.state(&step.state).and_then(|state| state.national).or(national);
        if place >= from {
            let state = national.unwrap_or(1).to_string();
            told.push(Progress {
                number: around.number.to_owned(),
                by: cut(&doer(around.kind, step, around), BY),
                role: role(around.kind, step),
                at: when::written(step.at),
                unit: step.unit.as_deref().and_then(|unit| around.unit_name(unit)).unwrap_or_default(),
                text: cut(&format!("Bước {}: {}", place + 1, what(around.kind, step)), TEXT),
                state: to.theirs(List::State, &state)?,
                began: when::written(before),
                due: around.due.map(when::written).unwrap_or_default(),
            });
        }
        before = step.at;
    }
    Ok(told)
}

fn role(kind: &Kind, step: &StepTaken) -> String {
    kind.role(&step.role).map_or_else(|| step.role.clone(), |role| role.title.vi.clone())
}

/// Who took a step, without their name: the unit if they acted for one, else their role.
fn doer(kind: &Kind, step: &StepTaken, around: &Around<'_>) -> String {
    let unit = step.unit.as_deref().and_then(|unit| around.unit_name(unit));
    unit.unwrap_or_else(|| role(kind, step))
}

fn what(kind: &Kind, step: &StepTaken) -> String {
    match (kind.action(&step.action), step.action.as_str()) {
        (Some(action), _) => action.title.vi.clone(),
        (None, "open") => "Nộp hồ sơ".to_owned(),
        (None, "adopt") => "Chuyển sang phiên bản quy trình mới".to_owned(),
        (None, "prove") => "Xuất trình thẻ chứng minh diện miễn, giảm phí, lệ phí".to_owned(),
        (None, "succeed") => "Chuyển đến đơn vị kế thừa".to_owned(),
        (None, other) => other.to_owned(),
    }
}
