//! What a file is, told by its content.

/// The kinds of files that are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A photograph.
    Jpeg,
    /// A picture.
    Png,
    /// A picture; kept as PNG.
    Webp,
    /// A document.
    Pdf,
    /// A document of a word processor (Office Open XML).
    Docx,
    /// A spreadsheet (Office Open XML).
    Xlsx,
    /// Slides (Office Open XML).
    Pptx,
    /// A document of a word processor (OpenDocument).
    Odt,
    /// A spreadsheet (OpenDocument).
    Ods,
    /// Slides (OpenDocument).
    Odp,
    /// Plain text.
    Text,
    /// A table as text.
    Csv,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Jpeg,
        Self::Png,
        Self::Webp,
        Self::Pdf,
        Self::Docx,
        Self::Xlsx,
        Self::Pptx,
        Self::Odt,
        Self::Ods,
        Self::Odp,
        Self::Text,
        Self::Csv,
    ];

    /// Its media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Pdf => "application/pdf",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Pptx => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            Self::Odt => "application/vnd.oasis.opendocument.text",
            Self::Ods => "application/vnd.oasis.opendocument.spreadsheet",
            Self::Odp => "application/vnd.oasis.opendocument.presentation",
            Self::Text => "text/plain",
            Self::Csv => "text/csv",
        }
    }

    /// How names of such files end; the first is the one that is kept.
    pub const fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Jpeg => &["jpg", "jpeg"],
            Self::Png => &["png"],
            Self::Webp => &["webp"],
            Self::Pdf => &["pdf"],
            Self::Docx => &["docx"],
            Self::Xlsx => &["xlsx"],
            Self::Pptx => &["pptx"],
            Self::Odt => &["odt"],
            Self::Ods => &["ods"],
            Self::Odp => &["odp"],
            Self::Text => &["txt"],
            Self::Csv => &["csv"],
        }
    }

    /// The kind whose names end so, whatever the case.
    pub(crate) fn of_ending(ending: &str) -> Option<Self> {
        let ending = ending.to_ascii_lowercase();
        Self::ALL.into_iter().find(|kind| kind.endings().contains(&ending.as_str()))
    }

    /// The kind of that media type; parameters are not looked at.
    pub(crate) fn of_media_type(declared: &str) -> Option<Self> {
        let plain = declared.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        Self::ALL.into_iter().find(|kind| kind.media_type() == plain)
    }

    /// True if `bytes` begin as files of this kind do. Of archives the members tell the rest.
    pub(crate) fn begins(self, bytes: &[u8]) -> bool {
        match self {
            Self::Jpeg => bytes.starts_with(b"\xFF\xD8\xFF"),
            Self::Png => bytes.starts_with(b"\x89PNG\r\n\x1a\n"),
            Self::Webp => bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP"),
            Self::Pdf => bytes.starts_with(b"%PDF-1.") || bytes.starts_with(b"%PDF-2."),
            Self::Docx | Self::Xlsx | Self::Pptx | Self::Odt | Self::Ods | Self::Odp => {
                bytes.starts_with(b"PK\x03\x04")
            }
            Self::Text | Self::Csv => is_text(bytes),
        }
    }

    /// The member that every archive of this kind has.
    pub(crate) const fn member(self) -> Option<&'static str> {
        match self {
            Self::Docx => Some("word/document.xml"),
            Self::Xlsx => Some("xl/workbook.xml"),
            Self::Pptx => Some("ppt/presentation.xml"),
            Self::Odt | Self::Ods | Self::Odp => Some("content.xml"),
            _ => None,
        }
    }

    /// True for pictures, which are written anew.
    pub(crate) const fn is_picture(self) -> bool {
        matches!(self, Self::Jpeg | Self::Png | Self::Webp)
    }
}

/// Text is UTF-8 without control characters but tabs and ends of lines.
fn is_text(bytes: &[u8]) -> bool {
    let allowed = |c: char| !c.is_control() || matches!(c, '\t' | '\r' | '\n');
    std::str::from_utf8(bytes).is_ok_and(|text| text.chars().all(allowed))
}
