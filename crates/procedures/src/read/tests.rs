use serde_json::{Value as Json, json};

use super::*;
use crate::{ChannelKind, Doubt, Level, TimeUnit};

fn national() -> Json {
    json!({
        "MATTHC": "2.000635",
        "TENTTHC": "Cấp bản sao Trích lục hộ tịch",
        "SOQUYETDINH": "163/QĐ-BTP",
        "LINHVUCTHUCHIEN": [{"MALINHVUC": "G15-HT", "TENLINHVUC": "Hộ tịch"}],
        "COQUANTHUCHIEN": [{"MADONVI": "1", "TENDONVI": "Ủy ban nhân dân xã, phường"}],
        "TRINHTUTHUCHIEN": [{"TRUONGHOP": "Trực tiếp", "TRINHTU": [{"TENTRINHTU": "Nộp"}, {"TENTRINHTU": "Nhận"}]}],
        "CACHTHUCTHUCHIEN": [
            {"KENH": "1", "THOIGIAN": [{"THOIGIANGIAIQUYET": "0,5", "DONVITINH": "Ngày làm việc", "PHILEPHI": [{"SOTIEN": 8000, "MOTA": "bản"}]}]},
            {"KENH": 2, "THOIGIAN": {"THOIGIANGIAIQUYET": 1}}
        ],
        "THANHPHANHOSO": [{"TRUONGHOP": null, "GIAYTO": [{"MAGIAYTO": "GT1", "TENGIAYTO": "Tờ khai", "SOBANCHINH": "1", "MAUDON": [{"TENMAUDON": "Mẫu 1", "URL": "https://example.vn/1.doc"}]}]}],
        "DOITUONGTHUCHIEN": "Công dân Việt Nam, Người nước ngoài",
        "KETQUATHUCHIEN": [{"MAKETQUA": "KQ.G15.000001", "TENKETQUA": "Bản sao trích lục"}],
        "CANCUPHAPLY": [{"SOVANBAN": "60/2014/QH13", "TENVANBAN": "Luật Hộ tịch"}],
        "YEUCAU": "Không có thông tin"
    })
}

fn refusals(records: &Json) -> Vec<String> {
    let reading = read(records.to_string().as_bytes()).expect("a readable file");
    reading.refused.iter().map(ToString::to_string).collect()
}

#[test]
fn answers_of_the_national_api_are_read() {
    let answer = json!({ "result": [national()] });
    let reading = read(answer.to_string().as_bytes()).expect("a readable file");
    let [record] = &reading.records[..] else { unreachable!("one record: {:?}", reading.refused) };
    let procedure = &record.procedure;
    assert_eq!(
        (procedure.levels.as_slice(), procedure.decision.as_str()),
        (&[Level::Commune][..], "163/QĐ-BTP")
    );
    assert_eq!(procedure.steps[0].steps, ["Nộp", "Nhận"]);
    let [counter, online] = &procedure.channels[..] else { unreachable!("two ways") };
    let time = counter.time.expect("a time");
    assert_eq!((counter.kind, time.unit, time.hundredths), (ChannelKind::Counter, TimeUnit::WorkingDay, 50));
    assert_eq!(counter.fees[0].amount, Some(8_000));
    assert_eq!((online.kind, online.time.map(|time| time.unit_told)), (ChannelKind::Online, Some(false)));
    assert_eq!(procedure.documents[0].documents[0].forms[0].url.as_deref(), Some("https://example.vn/1.doc"));
    assert_eq!((procedure.applicants.len(), procedure.conditions.as_deref()), (2, None));
    assert_eq!(procedure.doubts, [Doubt::TimeUnit, Doubt::Level]);
}

#[test]
fn a_bad_record_is_refused_by_field_and_stops_nothing() {
    let mut wrong_way = national();
    wrong_way["MATTHC"] = json!("1.000002");
    wrong_way["CACHTHUCTHUCHIEN"][0]["KENH"] = json!(9);
    let records = json!([
        national(),
        { "MATTHC": "12.5", "TENTTHC": "x" },
        { "ma_thu_tuc": "1.000003" },
        "text",
        wrong_way,
        national(),
    ]);
    let reading = read(records.to_string().as_bytes()).expect("a readable file");
    assert_eq!(reading.records.len(), 1);
    assert_eq!(
        refusals(&records),
        [
            "2 (12.5): MATTHC: \"12.5\" is not a code like 1.001193",
            "3 (1.000003): ten_thu_tuc: is missing or empty",
            "4: record: has neither MATTHC nor ma_thu_tuc: it is no record of a procedure",
            "5 (1.000002): CACHTHUCTHUCHIEN.KENH: must be 1, 2 or 3",
            "6 (2.000635): code: 2.000635 stands in an earlier record of this file",
        ]
    );
}

#[test]
fn lines_that_are_no_json_are_refused_one_by_one() {
    let text = format!("{}\n{{broken\n", national());
    let reading = read(text.as_bytes()).expect("a readable file");
    assert_eq!((reading.records.len(), reading.refused.len()), (1, 1));
    assert_eq!((reading.refused[0].place, reading.refused[0].field.as_str()), (2, "record"));
}

#[test]
fn files_that_cannot_be_read_say_why() {
    assert_eq!(read(b"").err(), Some(FileFault::Empty));
    assert_eq!(read(&[0xff, 0xfe]).err(), Some(FileFault::NoText));
    assert!(matches!(read(b"[1, "), Err(FileFault::NotJson(_))));
    assert!(matches!(read(&[0x1f, 0x8b, 1, 2]), Err(FileFault::Packed(_))));
}

proptest::proptest! {
    #[test]
    fn nothing_that_is_read_panics(name in ".{0,40}", text in "[A-Za-zĐđ0-9 /.,;:()Mã\n-]{0,200}", number in proptest::num::u64::ANY) {
        let record = json!({
            "ma_thu_tuc": "1.000001", "ten_thu_tuc": name, "so_quyet_dinh": "1/QĐ", "cap_thuc_hien": "Cấp xã",
            "linh_vuc": "Hộ tịch", "trinh_tu_thuc_hien": text,
            "cach_thuc_thuc_hien": format!("Hình thức nộpThời gianPhí, lệ phíMô tảTrực tiếp{number}{text}"),
            "thanh_phan_ho_so": format!("{text}Tên giấy tờMẫu đơn, tờ khaiSố lượng{text}{number} bản chính,1 bản sao{text}.docx1 bản chính"),
            "can_cu_phap_ly": format!("{text}{number}/2024/NĐ-CP{text}"),
            "ket_qua_xu_ly": format!("{text}Mã: KQ.G15.000031{text}"),
            "channels_parsed": [{"channel": "Trực tiếp", "time": number % 1000, "time_unit": null}],
        });
        let reading = read(record.to_string().as_bytes()).expect("a readable file");
        proptest::prop_assert_eq!(reading.records.len() + reading.refused.len(), 1);
    }
}
