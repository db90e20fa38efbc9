//! Whether a message says what it must, within its bounds, before anything is sent or taken.

use super::DossierMessage;
use super::when;

/// Longest texts of the contract, in characters: TrichYeuHoSo 1,000 and TenTepDinhKem 4,000.
pub(super) const SUBJECT: usize = 1_000;
pub(super) const FILE_NAME: usize = 4_000;
/// Longest of the others, in characters; the contract names no bound.
const TEXT: usize = 4_000;
/// Longest number or code.
const CODE: usize = 100;
/// Most members of a list.
const LIST: usize = 200;
/// Number of the last of the ten states.
const LAST_STATE: u8 = 10;

/// What is wrong with a message: which field, and which rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {rule}")]
pub struct Fault {
    /// The field, by its name in the message.
    pub field: &'static str,
    /// What it must be.
    pub rule: String,
}

impl Fault {
    pub(crate) fn new(field: &'static str, rule: impl Into<String>) -> Self {
        Self { field, rule: rule.into() }
    }
}

impl DossierMessage {
    /// The same message, if it says what every dossier must and stays within its bounds.
    ///
    /// # Errors
    /// The first fault, with field and rule.
    pub fn checked(self) -> Result<Self, Fault> {
        for (field, text, most) in [
            ("MaHoSo", &self.number, CODE),
            ("MaTTHC", &self.procedure, CODE),
            ("ChuHoSo", &self.applicant, TEXT),
            ("TrangThaiHoSo", &self.state, CODE),
        ] {
            let length = text.chars().count();
            if length == 0 || length > most || text.chars().any(char::is_control) {
                return Err(Fault::new(field, format!("must be 1 to {most} characters on one line")));
            }
        }
        if !is_procedure(&self.procedure) {
            return Err(Fault::new("MaTTHC", "must be the code of a national procedure such as 1.001193"));
        }
        if !self.state.parse().is_ok_and(|state: u8| (1..=LAST_STATE).contains(&state)) {
            return Err(Fault::new("TrangThaiHoSo", "must be 1 to 10"));
        }
        if self.subject.chars().count() > SUBJECT {
            return Err(Fault::new("TrichYeuHoSo", format!("must be at most {SUBJECT} characters")));
        }
        self.moments()?;
        self.lists()?;
        Ok(self)
    }

    fn moments(&self) -> Result<(), Fault> {
        for (field, text) in [
            ("NgayTiepNhan", &self.received),
            ("NgayHenTra", &self.due),
            ("NgayTra", &self.returned),
            ("NgayKetThucXuLy", &self.settled),
            ("NgayTuChoi", &self.refused),
            ("NgayNopHoSo", &self.filed),
        ] {
            if !text.is_empty() && when::read(text).is_none() {
                return Err(Fault::new(field, "must be a moment as yyyyMMddHHmmss"));
            }
        }
        Ok(())
    }

    fn lists(&self) -> Result<(), Fault> {
        for (field, count) in [
            ("TaiLieuNop", self.attachments.len()),
            ("DanhSachLePhi", self.charges.len()),
            ("DanhSachTepDinhKemKhac", self.others.len()),
            ("DanhSachHoSoBoSung", self.supplements.len()),
            ("DanhSachGiayToKetQua", self.outcomes.len()),
            ("DinhDanhCHS", self.identities.len()),
            ("DSKetNoiCSDL", self.sources.len()),
        ] {
            if count > LIST {
                return Err(Fault::new(field, format!("must have at most {LIST} members")));
            }
        }
        if self.attachments.iter().any(|one| one.name.chars().count() > FILE_NAME) {
            return Err(Fault::new("TenTepDinhKem", format!("must be at most {FILE_NAME} characters")));
        }
        Ok(())
    }
}

/// One digit, a point and six digits, as the national list writes codes of procedures (also 5 and 6 begin codes there).
fn is_procedure(code: &str) -> bool {
    match code.split_once('.') {
        Some((of, digits)) => {
            let only = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
            of.len() == 1 && digits.len() == 6 && only(of) && only(digits)
        }
        None => false,
    }
}
