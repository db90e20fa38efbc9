use serde_json::json;

use super::counterpart;
use crate::reply::{Verdict, verdict};

#[test]
fn replies_mean_what_the_contract_says() {
    let from = counterpart("national-portal");
    let of = |code: &str, text: &str| verdict(&json!({"error_code": code, "message": text}), &from);
    assert_eq!((of("0", ""), of("00", "ok"), of("-0", "")), (Verdict::Taken, Verdict::Taken, Verdict::Taken));
    assert_eq!(verdict(&json!({"error_code": 0}), &from), Verdict::Taken);
    for code in ["-3", "3"] {
        assert_eq!(of(code, "Hồ sơ Đã Tồn Tại trong hệ thống"), Verdict::Known, "{code}");
    }
    let refused = |code: &str, text: &str| Verdict::Refused { code: code.into(), text: text.into() };
    assert_eq!(of("-3", "Mã thủ tục không đúng"), refused("-3", "Mã thủ tục không đúng"));
    assert_eq!(of("5", "đã tồn tại"), refused("5", "đã tồn tại"));
    assert_eq!(of("-1", "Session hết hạn"), Verdict::Session);
    assert_eq!(of("", ""), refused("", ""));
    assert!(matches!(verdict(&json!({"status": "ok"}), &from), Verdict::Odd(_)));
    let Verdict::Refused { text, .. } = of("9", &"x\n".repeat(400)) else { panic!("is refused") };
    assert!(text.chars().count() <= 300 && !text.contains('\n'));
}
