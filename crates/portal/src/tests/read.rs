use serde_json::json;

use crate::message::{DossierMessage, when};

fn good() -> serde_json::Value {
    json!({"MaHoSo": "G22.99-261123-0007", "MaTTHC": "2.000635", "ChuHoSo": "Lê Văn Bình", "TrangThaiHoSo": 1,
        "LoaiDoiTuong": "1", "NgayNopHoSo": "20261123083000"})
}

#[test]
fn moments_are_written_in_official_time_and_read_back() {
    let at: jiff::Timestamp = "2026-11-23T17:30:05.6Z".parse().unwrap();
    assert_eq!(when::written(at), "20261124003005");
    assert_eq!(when::read("20261124003005").unwrap(), "2026-11-23T17:30:05Z".parse().unwrap());
    assert_eq!(when::read("20261124").unwrap(), "2026-11-23T17:00:00Z".parse().unwrap());
    for bad in ["", "2026-11-24", "20261324003005", "20261124243005", "2026112400300", "20261124003005Z"] {
        assert_eq!(when::read(bad), None, "{bad}");
    }
}

#[test]
fn codes_may_be_numbers_and_lists_may_be_missing() {
    let message: DossierMessage = serde_json::from_value(good()).unwrap();
    let message = message.checked().unwrap();
    assert_eq!((message.state.as_str(), message.attachments.len()), ("1", 0));
    let one = json!({"MaHoSo": "a", "DinhDanhCHS": {"LoaiDinhDanh": 1, "SoDinhDanh": "046184001234"}, "TaiLieuNop": null,
        "GhiChu": null, "Khac": [1]});
    let message: DossierMessage = serde_json::from_value(one).unwrap();
    assert_eq!(
        (message.identities[0].kind.as_str(), message.identities[0].number.as_str()),
        ("1", "046184001234")
    );
    assert!(serde_json::from_value::<DossierMessage>(json!({"MaHoSo": ["a"]})).is_err());
}

#[test]
fn faults_name_field_and_rule() {
    for (field, bad) in [
        ("MaHoSo", json!("")),
        ("MaHoSo", json!("a\nb")),
        ("MaTTHC", json!("44.000001")),
        ("MaTTHC", json!("1.00001")),
        ("ChuHoSo", json!("")),
        ("TrangThaiHoSo", json!("11")),
        ("TrangThaiHoSo", json!("x")),
        ("TrichYeuHoSo", json!("x".repeat(1_001))),
        ("NgayNopHoSo", json!("hôm qua")),
    ] {
        let mut message = good();
        message[field] = bad.clone();
        let message: DossierMessage = serde_json::from_value(message).unwrap();
        let fault = message.checked().unwrap_err();
        assert_eq!(fault.field, field, "{bad}: {fault}");
    }
    let mut many = good();
    many["TaiLieuNop"] = vec![json!({"TenTepDinhKem": "a"}); 201].into();
    let many: DossierMessage = serde_json::from_value(many).unwrap();
    assert!(many.checked().unwrap_err().to_string().contains("at most 200"));
}
