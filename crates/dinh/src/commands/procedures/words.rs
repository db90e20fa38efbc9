//! What the commands tell of a file.

use std::path::Path;

use dinh_procedures::Doubt;
use dinh_procedures::read::{self, Reading};

use crate::said::{OrSay as _, place};

/// Refused records that are told one by one; more are counted.
const TOLD: usize = 50;

/// Reads a file.
pub(super) fn read_file(path: &Path) -> anyhow::Result<Reading> {
    let unreadable = || place("không đọc được", "cannot read", path);
    let bytes = std::fs::read(path).or_say(unreadable)?;
    read::read(&bytes).or_say(unreadable)
}

/// The refused records, one by one.
pub(super) fn refused(reading: &Reading) -> Vec<String> {
    let mut lines: Vec<String> =
        reading.refused.iter().take(TOLD).map(|refused| format!("✗ {refused}")).collect();
    if reading.refused.len() > TOLD {
        let more = reading.refused.len() - TOLD;
        lines.push(format!("✗ … và {more} bản ghi khác · and {more} more"));
    }
    lines
}

/// A doubt in both languages.
pub(super) fn doubt(doubt: Doubt) -> &'static str {
    match doubt {
        Doubt::Documents => "thành phần hồ sơ chưa tách được hết · documents not wholly cut",
        Doubt::Forms => "tên mẫu đơn dính với tên giấy tờ · forms not told from names",
        Doubt::Channels => "cách thức thực hiện chưa tách được hết · ways to file not told apart",
        Doubt::TimeUnit => "thời hạn không ghi đơn vị · time limits without a unit",
        Doubt::Fee => "mức phí ghi không hợp lý · fees that cannot be meant",
        Doubt::Results => "kết quả chưa tách được hết · results not told apart",
        Doubt::LegalBasis => "căn cứ pháp lý chưa tách được hết · acts not told apart",
        Doubt::Level => "cấp thực hiện suy ra từ tên cơ quan · levels concluded from agencies",
    }
}
