//! The sentences that tell people which rule an answer breaks and what to do.

use super::Rule;
use crate::text::Text;
use crate::write::{written_day, written_number};

impl Rule {
    /// What to say.
    pub fn message(&self) -> Text {
        match self {
            Self::Digits(_)
            | Self::Small(_)
            | Self::Large(_)
            | Self::Short(_)
            | Self::Long(_)
            | Self::Pattern(_) => self.about_size(),
            Self::Few(_)
            | Self::Many(_)
            | Self::FileSize(_)
            | Self::Early(_)
            | Self::Late(_)
            | Self::UnitEnded(_) => self.about_count(),
            _ => {
                let (vi, en) = self.plain();
                Text::new(vi, en)
            }
        }
    }

    fn plain(&self) -> (&'static str, &'static str) {
        match self {
            Self::Required => ("Mục này cần được trả lời.", "This needs an answer."),
            Self::Consent => ("Cần đánh dấu vào ô này để tiếp tục.", "Tick this box to go on."),
            Self::Unknown => ("Biểu mẫu không có mục này.", "The form has no such field."),
            Self::Shape => (
                "Nội dung không đúng kiểu của mục này.",
                "The value is not of the kind that this field takes.",
            ),
            Self::Number => (
                "Không đọc được số này. Dấu chấm ngăn hàng nghìn, dấu phẩy trước phần lẻ, ví dụ 1.234,5.",
                "This is not a number that can be read. A point groups thousands, a comma comes before decimals, as in 1.234,5.",
            ),
            Self::Integer => (
                "Cần một số nguyên, ví dụ 1.250. Không dùng dấu phẩy.",
                "A whole number is needed, as in 1.250. Use no comma.",
            ),
            Self::Control => (
                "Có ký tự không hiển thị được. Hãy gõ lại mục này.",
                "There are characters that cannot be shown. Please type it again.",
            ),
            Self::Date => (
                "Ngày này không có thật hoặc không đọc được. Hãy ghi ngày/tháng/năm, ví dụ 20/11/2026.",
                "There is no such day. Write day/month/year, as in 20/11/2026.",
            ),
            Self::PartialDate => (
                "Không đọc được ngày này. Hãy ghi 20/11/1950, hoặc 11/1950, hoặc chỉ năm 1950.",
                "This is no day. Write 20/11/1950, or 11/1950, or the year alone, 1950.",
            ),
            Self::Time => (
                "Giờ không đúng. Hãy ghi giờ:phút, ví dụ 14:05.",
                "This is no time of day. Write hours:minutes, as in 14:05.",
            ),
            Self::NotOffered => ("Hãy chọn một trong các mục có sẵn.", "Choose one of what is offered."),
            Self::Twice => {
                ("Có nội dung bị lặp lại. Mỗi nội dung chỉ ghi một lần.", "Something stands there twice.")
            }
            Self::More => (
                "Còn những lỗi khác. Hãy sửa các lỗi trên trước.",
                "There is more that is wrong. Mend the above first.",
            ),
            _ => self.about_papers(),
        }
    }

    fn about_papers(&self) -> (&'static str, &'static str) {
        match self {
            Self::PersonalId => (
                "Số định danh cá nhân có đúng 12 chữ số.",
                "A personal identity number has exactly 12 digits.",
            ),
            Self::PersonalIdPlace => (
                "Ba chữ số đầu không phải là mã của tỉnh hay quốc gia nào đã biết. Hãy xem lại; nếu đúng như trên thẻ thì giữ nguyên.",
                "The first three digits are no known code of a province or country. Please check; if it is as on the card, leave it.",
            ),
            Self::PersonalIdSex => (
                "Chữ số thứ tư của số định danh không khớp với giới tính đã chọn. Hãy xem lại; nếu đúng như trên thẻ thì giữ nguyên.",
                "The fourth digit does not go with the sex chosen. Please check; if it is as on the card, leave it.",
            ),
            Self::PersonalIdYear => (
                "Số định danh không khớp với năm sinh đã ghi. Hãy xem lại; nếu đúng như trên thẻ thì giữ nguyên.",
                "The number does not go with the year of birth given. Please check; if it is as on the card, leave it.",
            ),
            Self::OldId => (
                "Số chứng minh nhân dân có đúng 9 chữ số.",
                "An old identity card number has exactly 9 digits.",
            ),
            Self::TaxCode => (
                "Mã số thuế có 10 chữ số, hoặc 13 chữ số (chi nhánh, ví dụ 0100109106-001), hoặc là 12 chữ số định danh cá nhân.",
                "A tax code has 10 digits, or 13 (a branch, as in 0100109106-001), or is a personal identity number of 12.",
            ),
            Self::TaxCodeCheck => (
                "Mã số thuế này không có thật: chữ số kiểm tra không khớp. Hãy xem lại từng chữ số.",
                "There is no such tax code: its check digit does not fit. Please check each digit.",
            ),
            Self::Telephone => (
                "Không đọc được số điện thoại. Ví dụ: 0912 345 678, hoặc +84 912 345 678.",
                "This is no telephone number. For example: 0912 345 678, or +84 912 345 678.",
            ),
            Self::Email => (
                "Địa chỉ thư điện tử không đúng. Ví dụ: hoa@example.vn.",
                "This is no e-mail address. For example: hoa@example.vn.",
            ),
            Self::Unit => (
                "Hãy chọn một đơn vị hành chính có trong danh sách.",
                "Choose an administrative unit of the list.",
            ),
            Self::UnitElsewhere => (
                "Xã, phường này không thuộc tỉnh, thành phố đã chọn. Hãy chọn lại.",
                "This commune is not in the province chosen. Please choose again.",
            ),
            Self::NoFile => (
                "Không tìm thấy tệp này trong hồ sơ. Hãy gửi lại tệp.",
                "The dossier has no such file. Please send it again.",
            ),
            _ => ("Loại tệp này không được nhận.", "This kind of file is not taken."),
        }
    }

    fn about_size(&self) -> Text {
        match self {
            Self::Digits(0) => Self::Integer.message(),
            Self::Digits(n) => Text::new(
                format!("Sau dấu phẩy có nhiều nhất {n} chữ số."),
                format!("There are at most {n} digits after the comma."),
            ),
            Self::Small(least) => {
                Text::new(format!("Số nhỏ nhất là {least}."), format!("The smallest number is {least}."))
            }
            Self::Large(most) => {
                Text::new(format!("Số lớn nhất là {most}."), format!("The largest number is {most}."))
            }
            Self::Short(n) => {
                Text::new(format!("Cần ít nhất {n} ký tự."), format!("At least {n} characters are needed."))
            }
            Self::Long(n) => Text::new(
                format!("Dài nhất là {} ký tự.", whole(*n)),
                format!("There may be at most {} characters.", whole(*n)),
            ),
            Self::Pattern(says) => says.clone(),
            _ => Self::Shape.message(),
        }
    }

    fn about_count(&self) -> Text {
        match self {
            Self::Few(n) => Text::new(format!("Cần ít nhất {n}."), format!("At least {n} needed.")),
            Self::Many(n) => Text::new(format!("Nhiều nhất là {n}."), format!("At most {n}.")),
            Self::Early(day) => {
                let day = written_day(*day);
                Text::new(format!("Ngày sớm nhất là {day}."), format!("The earliest day is {day}."))
            }
            Self::Late(day) => {
                let day = written_day(*day);
                Text::new(format!("Ngày muộn nhất là {day}."), format!("The latest day is {day}."))
            }
            Self::UnitEnded(Some(day)) => {
                let day = written_day(*day);
                Text::new(
                    format!("Đơn vị hành chính này chỉ còn đến ngày {day}. Hãy chọn đơn vị hiện nay."),
                    format!("This unit was in force until {day}. Choose the present one."),
                )
            }
            Self::UnitEnded(None) => Text::new(
                "Đơn vị hành chính này hiện không còn. Hãy chọn đơn vị hiện nay.",
                "This unit is not in force today. Choose the present one.",
            ),
            Self::FileSize(bytes) => {
                let megabytes = whole(usize::try_from(bytes / 1_000_000).unwrap_or(usize::MAX).max(1));
                Text::new(
                    format!("Tệp lớn quá. Mỗi tệp nặng nhất là {megabytes} MB."),
                    format!("The file is too large. A file has at most {megabytes} MB."),
                )
            }
            _ => Self::Shape.message(),
        }
    }
}

fn whole(count: usize) -> String {
    written_number(u32::try_from(count).map_or(f64::INFINITY, f64::from))
}
