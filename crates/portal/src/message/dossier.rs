//! A dossier as the portal knows it (HoSoDongBoDVC).

use serde::{Deserialize, Serialize};

use super::lists::{Attachment, Charge, Identity, OtherPaper, Outcome, Source, Supplement};
use super::text::{flat_text, some_list};

/// A dossier, of `DongBoHoSoMC`. Moments are written as [`super::when`] says; codes are those of the counterpart's lists.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DossierMessage {
    /// Its number.
    #[serde(rename = "MaHoSo", deserialize_with = "flat_text")]
    pub number: String,
    /// Code of the national procedure: `1.001193`.
    #[serde(rename = "MaTTHC", deserialize_with = "flat_text")]
    pub procedure: String,
    /// What the procedure is called.
    #[serde(rename = "TenTTHC", deserialize_with = "flat_text")]
    pub procedure_name: String,
    /// Code of its field.
    #[serde(rename = "MaLinhVuc", deserialize_with = "flat_text")]
    pub field: String,
    /// What the field is called.
    #[serde(rename = "TenLinhVuc", deserialize_with = "flat_text")]
    pub field_name: String,
    /// How it came in: 1 at the agency, 2 online, 3 by post.
    #[serde(rename = "KenhThucHien", deserialize_with = "flat_text")]
    pub channel: String,
    /// Who applies.
    #[serde(rename = "ChuHoSo", deserialize_with = "flat_text")]
    pub applicant: String,
    /// What kind of applicant: 1 citizen, 2 enterprise, 3 state agency, 4 other organisation.
    #[serde(rename = "LoaiDoiTuong", deserialize_with = "flat_text")]
    pub applicant_kind: String,
    /// The applicant's identifier on the portal (TechID).
    #[serde(rename = "MaDoiTuong", deserialize_with = "flat_text")]
    pub tech_id: String,
    /// What else is to be said of it.
    #[serde(rename = "ThongTinKhac", deserialize_with = "flat_text")]
    pub other: String,
    /// The applicant's e-mail address.
    #[serde(rename = "Email", deserialize_with = "flat_text")]
    pub email: String,
    /// Their fax number.
    #[serde(rename = "Fax", deserialize_with = "flat_text")]
    pub fax: String,
    /// Their telephone number.
    #[serde(rename = "SoDienThoai", deserialize_with = "flat_text")]
    pub telephone: String,
    /// What it is about; at most 1,000 characters.
    #[serde(rename = "TrichYeuHoSo", deserialize_with = "flat_text")]
    pub subject: String,
    /// When it was received.
    #[serde(rename = "NgayTiepNhan", deserialize_with = "flat_text")]
    pub received: String,
    /// When it is due.
    #[serde(rename = "NgayHenTra", deserialize_with = "flat_text")]
    pub due: String,
    /// Where it stands: 1 to 10.
    #[serde(rename = "TrangThaiHoSo", deserialize_with = "flat_text")]
    pub state: String,
    /// When the result was handed over.
    #[serde(rename = "NgayTra", deserialize_with = "flat_text")]
    pub returned: String,
    /// How.
    #[serde(rename = "ThongTinTra", deserialize_with = "flat_text")]
    pub returned_note: String,
    /// 0 at the counter, 1 by post.
    #[serde(rename = "HinhThuc", deserialize_with = "flat_text")]
    pub returned_by: String,
    /// When it was settled.
    #[serde(rename = "NgayKetThucXuLy", deserialize_with = "flat_text")]
    pub settled: String,
    /// The unit that handles it.
    #[serde(rename = "DonViXuLy", deserialize_with = "flat_text")]
    pub unit: String,
    /// A note.
    #[serde(rename = "GhiChu", deserialize_with = "flat_text")]
    pub note: String,
    /// Where it was filed: 1 on the national portal, 2 with the province.
    #[serde(rename = "NoiNopHoSo", deserialize_with = "flat_text")]
    pub filed_at: String,
    /// `1` if any part of it is there as a file.
    #[serde(rename = "HoSoCoThanhPhanSoHoa", deserialize_with = "flat_text")]
    pub digitised: String,
    /// `1` if the applicant's account was verified by VNeID.
    #[serde(rename = "TaiKhoanDuocXacThucVoiVNeID", deserialize_with = "flat_text")]
    pub verified: String,
    /// How it was paid: 0 nothing to pay, 1 on the portal, 2 with the agency online, 3 not online.
    #[serde(rename = "DuocThanhToanTrucTuyen", deserialize_with = "flat_text")]
    pub paid_online: String,
    /// When it was refused.
    #[serde(rename = "NgayTuChoi", deserialize_with = "flat_text")]
    pub refused: String,
    /// When it was filed.
    #[serde(rename = "NgayNopHoSo", deserialize_with = "flat_text")]
    pub filed: String,
    /// What was handed in.
    #[serde(rename = "TaiLieuNop", deserialize_with = "some_list")]
    pub attachments: Vec<Attachment>,
    /// What it costs.
    #[serde(rename = "DanhSachLePhi", deserialize_with = "some_list")]
    pub charges: Vec<Charge>,
    /// What else came with it.
    #[serde(rename = "DanhSachTepDinhKemKhac", deserialize_with = "some_list")]
    pub others: Vec<OtherPaper>,
    /// What more was asked.
    #[serde(rename = "DanhSachHoSoBoSung", deserialize_with = "some_list")]
    pub supplements: Vec<Supplement>,
    /// What came of it.
    #[serde(rename = "DanhSachGiayToKetQua", deserialize_with = "some_list")]
    pub outcomes: Vec<Outcome>,
    /// By which numbers the applicant is known.
    #[serde(rename = "DinhDanhCHS", deserialize_with = "some_list")]
    pub identities: Vec<Identity>,
    /// Databases from which something was taken.
    #[serde(rename = "DSKetNoiCSDL", deserialize_with = "some_list")]
    pub sources: Vec<Source>,
}
