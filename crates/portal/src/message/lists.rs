//! Lists within a dossier's message.

use serde::{Deserialize, Serialize};

use super::text::{flat_text, some_list};

/// A document that was handed in (TaiLieuNop).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Attachment {
    /// Its identifier with whoever keeps it.
    #[serde(rename = "TepDinhKemId", deserialize_with = "flat_text")]
    pub id: String,
    /// What it is called; at most 4,000 characters.
    #[serde(rename = "TenTepDinhKem", deserialize_with = "flat_text")]
    pub name: String,
    /// Whether it was taken away again: `True` or `False`.
    #[serde(rename = "IsDeleted", deserialize_with = "flat_text")]
    pub deleted: String,
    /// Code of the part of the dossier that it is.
    #[serde(rename = "MaThanhPhanHoSo", deserialize_with = "flat_text")]
    pub part: String,
    /// Where its content is fetched; empty if it is kept at home.
    #[serde(rename = "DuongDanTaiTepTin", deserialize_with = "flat_text")]
    pub url: String,
    /// `1` if it is there as a file.
    #[serde(rename = "DuocSoHoa", deserialize_with = "flat_text")]
    pub digitised: String,
    /// `1` if it was taken from what the applicant has already.
    #[serde(rename = "DuocTaiSuDung", deserialize_with = "flat_text")]
    pub reused: String,
    /// `1` if that was the national store.
    #[serde(rename = "DuocLayTuKhoDMQG", deserialize_with = "flat_text")]
    pub from_national_store: String,
    /// Code of the result that it stands for.
    #[serde(rename = "MaKetQuaThayThe", deserialize_with = "flat_text")]
    pub replaces: String,
}

/// What a dossier costs (DanhSachLePhi).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Charge {
    /// What it is called.
    #[serde(rename = "TenPhiLePhi", deserialize_with = "flat_text")]
    pub name: String,
    /// Its code.
    #[serde(rename = "MaPhiLePhi", deserialize_with = "flat_text")]
    pub code: String,
    /// When it is collected, by the counterpart's list.
    #[serde(rename = "HinhThucThu", deserialize_with = "flat_text")]
    pub collected: String,
    /// How much, in đồng.
    #[serde(rename = "Gia", deserialize_with = "flat_text")]
    pub amount: String,
    /// `1` a fee (phí), `2` a charge (lệ phí), by the counterpart's list.
    #[serde(rename = "LoaiPhiLePhi", deserialize_with = "flat_text")]
    pub kind: String,
}

/// Another paper that came with it (DanhSachTepDinhKemKhac).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OtherPaper {
    /// What it is called.
    #[serde(rename = "TenGiayTo", deserialize_with = "flat_text")]
    pub name: String,
    /// How many.
    #[serde(rename = "SoLuong", deserialize_with = "flat_text")]
    pub count: String,
    /// `1` original, `2` copy, by the counterpart's list.
    #[serde(rename = "LoaiGiayTo", deserialize_with = "flat_text")]
    pub kind: String,
}

/// More that was asked of the applicant (DanhSachHoSoBoSung).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Supplement {
    /// Its number within the dossier.
    #[serde(rename = "HoSoBoSungId", deserialize_with = "flat_text")]
    pub id: String,
    /// Who asked.
    #[serde(rename = "NguoiYeuCauBoSung", deserialize_with = "flat_text")]
    pub asked_by: String,
    /// What for.
    #[serde(rename = "NoiDungBoSung", deserialize_with = "flat_text")]
    pub text: String,
    /// When.
    #[serde(rename = "NgayBoSung", deserialize_with = "flat_text")]
    pub asked: String,
    /// Who took in the answer.
    #[serde(rename = "NguoiTiepNhanBoSung", deserialize_with = "flat_text")]
    pub taken_by: String,
    /// What they said of it.
    #[serde(rename = "ThongTinTiepNhan", deserialize_with = "flat_text")]
    pub taken_note: String,
    /// When it was answered.
    #[serde(rename = "NgayTiepNhanBoSung", deserialize_with = "flat_text")]
    pub answered: String,
    /// `0` not answered, `1` answered, by the counterpart's list.
    #[serde(rename = "TrangThaiBoSung", deserialize_with = "flat_text")]
    pub state: String,
    /// When the dossier was due before.
    #[serde(rename = "NgayHenTraTruoc", deserialize_with = "flat_text")]
    pub due_before: String,
    /// When it is due since then.
    #[serde(rename = "NgayHenTraMoi", deserialize_with = "flat_text")]
    pub due_after: String,
    /// What was asked for.
    #[serde(rename = "DanhSachGiayToBoSung", deserialize_with = "some_list")]
    pub papers: Vec<OtherPaper>,
    /// What it cost.
    #[serde(rename = "DanhSachLePhiBoSung", deserialize_with = "some_list")]
    pub charges: Vec<Charge>,
}

/// What came of it (DanhSachGiayToKetQua).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Outcome {
    /// What it is called.
    #[serde(rename = "TenGiayTo", deserialize_with = "flat_text")]
    pub name: String,
    /// Code of the result.
    #[serde(rename = "MaThanhPhanHoSo", deserialize_with = "flat_text")]
    pub part: String,
    /// Its identifier with whoever keeps it.
    #[serde(rename = "GiayToId", deserialize_with = "flat_text")]
    pub id: String,
    /// Where its content is fetched; empty if it is kept at home.
    #[serde(rename = "DuongDanTepTinKetQua", deserialize_with = "flat_text")]
    pub url: String,
    /// Its number.
    #[serde(rename = "MaGiayToKetQua", deserialize_with = "flat_text")]
    pub number: String,
}

/// By which number an applicant is known (DinhDanhCHS).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Identity {
    /// `1` personal identification number (12 digits), `2` the older one (9).
    #[serde(rename = "LoaiDinhDanh", deserialize_with = "flat_text")]
    pub kind: String,
    /// The number.
    #[serde(rename = "SoDinhDanh", deserialize_with = "flat_text")]
    pub number: String,
}

/// A database from which something was taken (DSKetNoiCSDL).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Source {
    /// Its code.
    #[serde(rename = "MaCSDL", deserialize_with = "flat_text")]
    pub code: String,
}
