//! The seven forms of Circular 03/2025/TT-VPCP.

use dinh_documents::{Column, Register};
use serde_json::{Value as Json, json};

use crate::common::{around, set, text, with};

fn paper(more: Json) -> Json {
    let line = |title: &str, text: &str| json!({"title": title, "text": text});
    let paper = json!({
        "number": "H57.12-261121-0007",
        "lines": [line("Họ và tên người nộp", "Nguyễn Thị Ánh Tuyết"), line("Nội dung yêu cầu giải quyết", "Cấp giấy phép xây dựng nhà ở riêng lẻ"), line("Thời gian nhận hồ sơ", "14:05, 21/11/2026"), line("Thời gian trả kết quả", "17:00, 14/12/2026")],
        "list_title": "Thành phần hồ sơ nộp gồm",
        "list": ["Tờ khai", "Bản vẽ thiết kế xây dựng, 02 bộ (bản chính)"],
        "reason": "Bản vẽ thiếu mặt cắt móng; đề nghị bổ sung.",
        "remark": "Giữ giấy này để nhận kết quả.",
        "signs": ["Người nộp hồ sơ", "Người tiếp nhận hồ sơ"],
        "to": "bà Nguyễn Thị Ánh Tuyết",
        "about": "Cấp giấy phép xây dựng nhà ở riêng lẻ",
        "rows": [
            {"unit": "Bộ phận một cửa", "what": "Tiếp nhận hồ sơ", "at": "14:05, 21/11/2026", "result": "Đúng hạn", "note": ""},
            {"unit": "Phòng Kinh tế, Hạ tầng và Đô thị", "what": "Nhận thụ lý", "at": "08:10, 23/11/2026", "result": "Quá hạn", "note": "Bàn giao trễ"},
        ],
    });
    with(around(), json!({"paper": with(paper, more)}))
}

#[test]
fn the_forms_say_what_the_circular_asks_and_can_be_read_aloud() {
    for (template, title) in [
        ("receipt", "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ"),
        ("supplement", "PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ"),
        ("refusal", "PHIẾU TỪ CHỐI TIẾP NHẬN GIẢI QUYẾT HỒ SƠ"),
        ("apology", "XIN LỖI VÀ ĐỀ NGHỊ GIA HẠN THỜI GIAN GIẢI QUYẾT HỒ SƠ"),
        ("stop", "Về việc dừng giải quyết hồ sơ"),
        ("slip", "PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ"),
    ] {
        let pdf = set(template, paper(json!({})));
        let Some(text) = text(&pdf) else { continue };
        for wanted in [
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
            "Độc lập - Tự do - Hạnh phúc",
            "PHƯỜNG THUẬN HÓA",
            "Thuận Hóa, ngày 21 tháng 11 năm 2026",
            title,
            "H57.12-261121-0007",
            "K7QM-2XWA-9PTD-HB4E",
        ] {
            assert!(text.contains(wanted), "{template}: {wanted} is not in {text}");
        }
    }
}

#[test]
fn a_register_goes_over_many_pages_with_its_head_on_each() {
    let column = |title: &str, width| Column { title: title.to_owned(), width };
    let register = Register {
        title: "Sổ theo dõi hồ sơ".to_owned(),
        agency: "Ủy ban nhân dân phường Thuận Hóa".to_owned(),
        period: "Từ 01/11/2026 đến 21/11/2026".to_owned(),
        columns: vec![
            column("STT", 3),
            column("Mã hồ sơ", 10),
            column("Người nộp", 12),
            column("Ghi chú", 8),
        ],
        rows: (1..=120)
            .map(|n| {
                vec![
                    n.to_string(),
                    format!("H57.12-261121-{n:04}"),
                    "Trần Đình Quý".to_owned(),
                    String::new(),
                ]
            })
            .collect(),
    };
    let pdf = set("register", with(around(), json!({"register": register})));
    let Some(text) = text(&pdf) else { return };
    assert!(text.matches("Mã hồ sơ").count() >= 3, "the head stands on each page");
    assert!(text.contains("H57.12-261121-0120") && text.contains("Tổng số: 120"));
}

#[test]
fn many_forms_are_one_file_and_each_counts_its_own_pages() {
    let one = |template: &str| json!({"template": template, "data": paper(json!({}))});
    let pdf = set("bundle", json!({"papers": [one("receipt"), one("slip"), one("receipt")]}));
    let Some(text) = text(&pdf) else { return };
    assert_eq!(text.matches("GIẤY TIẾP NHẬN HỒ SƠ").count(), 2, "{text}");
    assert_eq!(text.matches("K7QM-2XWA-9PTD-HB4E").count(), 3);
}
