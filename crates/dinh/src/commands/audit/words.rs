//! What the audit says, in both languages.

use dinh_context::audit::Fault;
use dinh_store::Break;

use crate::said::Words;

/// A thing that was done.
pub(super) fn action(name: &str) -> Words {
    let vi = match name {
        "created" => "tạo",
        "updated" => "sửa",
        "deleted" => "xoá",
        "record" => "ghi bản ghi",
        "reveal" => "xem dữ liệu cá nhân",
        "export" => "xuất dữ liệu",
        "sign-in" => "đăng nhập",
        "sign-in-refused" => "đăng nhập không thành",
        "sign-out" => "đăng xuất",
        "denied" => "bị từ chối",
        "account" => "tài khoản",
        "role" => "vai trò",
        "key" => "khoá",
        "policy" => "chính sách truy cập",
        "consent" => "sự đồng ý",
        "erasure" => "xoá dữ liệu cá nhân",
        "configuration" => "cấu hình",
        "explain" => "hỏi vì sao được phép",
        "stamp" => "đóng dấu thời gian",
        other => other,
    };
    Words::new(vi, name)
}

/// Something that is not as it was written.
pub(super) fn fault(fault: &Fault) -> Words {
    let vi = match fault {
        Fault::Chain(fault) => chain(fault),
        Fault::Signature { number } => format!("chữ ký của niêm phong {number} không khớp với nội dung"),
        Fault::Key { number, key } => format!("niêm phong {number} được ký bằng khoá khác: {key}"),
        Fault::Stamp { number } => {
            format!("dấu thời gian của niêm phong {number} không phải của niêm phong ấy")
        }
        Fault::File { path } => {
            format!("tệp {} không giống niêm phong trong kho", path.display())
        }
        Fault::Missing { path, number } => {
            format!("tệp {} chứa niêm phong {number}, mà kho không có", path.display())
        }
        other => other.to_string(),
    };
    Words::new(vi, fault.to_string())
}

fn chain(fault: &Break) -> String {
    match fault {
        Break::Gap { after, found } => format!("thiếu mục: sau mục {after} là mục {found}"),
        Break::Hash { seq } => {
            format!("mục {seq} không còn như lúc ghi: mã băm không khớp với nội dung và với mục trước nó")
        }
        Break::Time { seq } => format!("mục {seq} có thời điểm sớm hơn mục trước nó"),
        Break::Unreadable { seq } => format!("không đọc được mục {seq}"),
        Break::Changes { seq, expected, found } => {
            format!(
                "mục {seq} kể về các thay đổi từ số {found}, nhưng các mục trước nó dừng trước số {expected}"
            )
        }
        Break::Digest { seq } => {
            format!("dòng thay đổi không còn giữ nguyên những thay đổi mà mục {seq} kể")
        }
        Break::Untold { from, to } => {
            format!("không mục nào kể về các thay đổi từ {from} đến {to}: phần cuối của nhật ký đã mất")
        }
        Break::Subjects { seq } => format!("chỉ mục người bị xem không khớp với mục {seq}"),
        Break::SubjectsLeft { found, expected } => {
            format!("chỉ mục người bị xem có {found} dòng, nhưng các mục chỉ nêu {expected}")
        }
        Break::SealGap { after, found } => {
            format!("thiếu niêm phong: sau niêm phong {after} là niêm phong {found}")
        }
        Break::SealUnreadable { number } => format!("không đọc được niêm phong {number}"),
        Break::SealPrevious { number } => format!("niêm phong {number} không nối tiếp niêm phong trước nó"),
        Break::SealEntry { number, seq } => {
            format!(
                "mục {seq}, mục cuối mà niêm phong {number} bao gồm, không phải là mục đã được niêm phong"
            )
        }
        Break::SealStamp { number } => {
            format!("không mục nào kể về dấu thời gian của niêm phong {number}")
        }
        Break::CutOff { number, sealed, last } => {
            format!("niêm phong {number} bao gồm đến mục {sealed}, nhưng nhật ký dừng ở mục {last}")
        }
        other => other.to_string(),
    }
}
