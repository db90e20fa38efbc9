//! Why an upload is refused, in words that name the rule.

/// The same in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// Vietnamese.
    pub vi: String,
    /// English.
    pub en: String,
}

/// Why an upload is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.words().en)]
pub enum Refused {
    /// There is nothing in it.
    Empty,
    /// It has more bytes than this.
    TooLarge(usize),
    /// Files whose names end so, or that declare themselves so, are not taken.
    NotTaken(String),
    /// Name, declared type and content do not agree; which one does not.
    Disagrees(&'static str),
    /// A picture cannot be decoded, or is larger than this many pixels.
    Picture(u64),
    /// A PDF is broken, or locked so that nobody can look into it.
    Unreadable,
    /// A PDF would run a program: this part of it.
    Active(&'static str),
    /// A document holds macros.
    Macros,
    /// An archive is broken, or locked.
    Archive,
    /// An archive has more members than this.
    Members(usize),
    /// It unpacks to more bytes than this.
    Swells(u64),
    /// The scanner has found something; its name.
    Infected(String),
    /// A scanner is configured, and does not answer: nothing is let through.
    Unscanned,
}

impl Refused {
    /// The reason for people: what is wrong, and the rule.
    pub fn words(&self) -> Words {
        let (vi, en) = match self {
            Self::Empty => ("Tệp rỗng.".to_owned(), "The file is empty.".to_owned()),
            Self::TooLarge(most) => (
                format!("Tệp lớn hơn {} MiB, mức lớn nhất được nhận.", most >> 20),
                format!("The file is larger than {} MiB, the most that is taken.", most >> 20),
            ),
            Self::NotTaken(what) => (
                format!(
                    "Không nhận loại tệp {what:?}; hãy gửi ảnh JPEG, PNG hoặc WebP, PDF, văn bản, bảng tính, trình chiếu, TXT hoặc CSV."
                ),
                format!(
                    "Files of the kind {what:?} are not taken; send a JPEG, PNG or WebP picture, PDF, a document, spreadsheet or slides, TXT or CSV."
                ),
            ),
            Self::Disagrees(which) => (
                format!(
                    "Nội dung tệp không khớp với {}.",
                    if *which == "name" { "đuôi tên tệp" } else { "loại tệp đã khai" }
                ),
                format!("The content of the file does not agree with its {which}."),
            ),
            Self::Picture(most) => (
                format!("Ảnh hỏng, hoặc có hơn {most} điểm ảnh, mức lớn nhất được nhận."),
                format!("The picture is broken, or has more than {most} pixels, the most that is taken."),
            ),
            Self::Unreadable => (
                "Tệp PDF hỏng hoặc bị khoá nên không kiểm tra được.".to_owned(),
                "The PDF is broken or locked, so that it cannot be checked.".to_owned(),
            ),
            Self::Active(part) => (
                format!("Tệp PDF chứa phần tự chạy ({part}); hãy in lại ra PDF thường rồi gửi."),
                format!(
                    "The PDF holds something that runs by itself ({part}); print it to a plain PDF and send that."
                ),
            ),
            Self::Macros => (
                "Tệp chứa macro; hãy lưu lại không có macro rồi gửi.".to_owned(),
                "The file holds macros; save it without them and send that.".to_owned(),
            ),
            Self::Archive => (
                "Tệp hỏng hoặc bị khoá nên không kiểm tra được.".to_owned(),
                "The file is broken or locked, so that it cannot be checked.".to_owned(),
            ),
            Self::Members(most) => (
                format!("Tệp nén chứa hơn {most} mục, mức lớn nhất được nhận."),
                format!("The archive holds more than {most} members, the most that are taken."),
            ),
            Self::Swells(most) => (
                format!("Tệp giải nén ra quá lớn (hơn {} MiB hoặc quá nhiều lần cỡ nén).", most >> 20),
                format!(
                    "The file unpacks to too much (more than {} MiB, or too many times its packed size).",
                    most >> 20
                ),
            ),
            Self::Infected(name) => (
                format!("Phần mềm quét phát hiện mã độc trong tệp: {name}."),
                format!("The scanner has found malware in the file: {name}."),
            ),
            Self::Unscanned => (
                "Chưa quét được mã độc nên chưa nhận tệp; xin thử lại sau ít phút.".to_owned(),
                "The file could not be scanned for malware and is not taken yet; try again in a few minutes."
                    .to_owned(),
            ),
        };
        Words { vi, en }
    }
}
