//! What was declared on the portal fills our form in; what cannot be read is told beside it, and nothing is lost.

use dinh_casework::Queue;
use dinh_portal::{ArrivalState, Mapping, MappingList};
use serde_json::{Value as Json, json};

use crate::arrive::{message, taken};
use crate::house::{House, hue};

fn declared() -> Json {
    json!({
        "nguoiYeuCau": {"ngaySinh": "19850612", "diaChi": "12 Lê Lợi"},
        "quanHe": "1", "loaiHoTich": "KS",
        "nguoiDuocCap": {"hoTen": "Lê Văn Bình", "ngaySinh": "12/06/1985", "gioiTinh": "1"},
        "noiDangKy": "UBND xã Thuỷ Thanh", "ngayDangKy": "1985", "soBanSao": 3, "mienPhi": "0",
        "mucDich": "Làm hồ sơ việc làm", "camDoan": "1",
    })
}

/// The only dossier, and what came with it: values that are in the form, and those that are not with the Vietnamese reason.
async fn came(house: &House) -> (Json, Vec<String>, Vec<(String, String, String)>, Vec<String>) {
    let queue = house.casework.queue(&house.clerk(), &Queue::default(), 0, 10).await.unwrap();
    let shown = house.casework.show(&house.clerk(), &queue.dossiers[0].id).await.unwrap().dossier;
    let row = house.portal.arrivals(&hue(), ArrivalState::Taken).await.unwrap().rows.remove(0);
    let arrival = house.portal.arrived(&house.clerk(), &row.id).await.unwrap();
    let all = house.portal.declared(&hue(), &arrival).await.unwrap();
    let (good, bad): (Vec<_>, Vec<_>) = all.into_iter().partition(|one| one.fault.is_none());
    let good = good.into_iter().filter_map(|one| one.to.map(|(path, _)| path)).collect();
    let bad = bad.into_iter().map(|one| (one.name, one.value, one.fault.unwrap().vi)).collect();
    (Json::Object(shown.case.unwrap().answers), good, bad, row.remarks)
}

#[tokio::test]
async fn what_was_declared_on_the_portal_need_not_be_typed_again() {
    for (way, number) in [("object", "1"), ("text", "2"), ("list", "3")] {
        let house = House::open().await;
        let mut one = message(&format!("G22-261123-{number}"));
        one["DiaChi"] = json!("12 Lê Lợi, phường Phú Xuân");
        one["DuLieu"] = match way {
            "object" => declared(),
            "text" => json!(declared().to_string()),
            _ => {
                let pairs = declared().as_object().cloned().unwrap();
                pairs.into_iter().map(|(name, value)| json!({"Ma": name, "GiaTri": value})).collect()
            }
        };
        taken(&house, vec![one]).await;
        assert_eq!(house.portal.settle_once(&hue()).await.unwrap(), 1, "{way}");
        let (answers, good, bad, remarks) = came(&house).await;
        let requester = &answers["requester"];
        assert_eq!(
            (&requester["name"], &requester["personalId"]),
            (&json!("Lê Văn Bình"), &json!("046085009999"))
        );
        assert_eq!(
            (&requester["telephone"], &requester["email"]),
            (&json!("0905123456"), &json!("binh@example.vn"))
        );
        assert_eq!(
            (&requester["birthDate"], &requester["address"]["detail"]),
            (&json!("1985-06-12"), &json!("12 Lê Lợi"))
        );
        assert_eq!((&answers["relation"], &answers["event"]), (&json!("self"), &json!("birth")));
        assert_eq!(
            (&answers["copies"], &answers["exempt"], &answers["pledge"]),
            (&json!(3), &json!(false), &json!(true))
        );
        assert_eq!(
            (&answers["registeredOn"], &answers["subject"]["birthDate"]),
            (&json!("1985"), &json!("1985-06-12"))
        );
        assert_eq!((bad, remarks), (Vec::new(), Vec::<String>::new()), "{way}");
        assert!(good.len() >= 16, "{good:?}");
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_told_beside_the_form_and_stays() {
    let house = House::open().await;
    let mut one = message("G22-261123-4");
    one["DuLieu"] = declared();
    one["DuLieu"]["soBanSao"] = json!("ba bản");
    one["DuLieu"]["loaiHoTich"] = json!("XYZ");
    one["DuLieu"]["loaiHoTichKhac"] = json!("Ghi chú ly hôn");
    one["DuLieu"]["mauSac"] = json!("xanh");
    one["Email"] = json!("không có");
    taken(&house, vec![one]).await;
    assert_eq!(house.portal.settle_once(&hue()).await.unwrap(), 1, "it is a dossier all the same");
    let (answers, _, bad, remarks) = came(&house).await;
    assert_eq!(
        (&answers["copies"], &answers["event"], &answers["requester"]["email"]),
        (&Json::Null, &Json::Null, &Json::Null)
    );
    assert_eq!(answers["requester"]["name"], json!("Lê Văn Bình"));
    let names: Vec<(&str, &str)> =
        bad.iter().map(|(name, value, _)| (name.as_str(), value.as_str())).collect();
    for expected in [
        ("DuLieu.soBanSao", "ba bản"),
        ("DuLieu.loaiHoTich", "XYZ"),
        ("DuLieu.loaiHoTichKhac", "Ghi chú ly hôn"),
        ("DuLieu.mauSac", "xanh"),
        ("Email", "không có"),
    ] {
        assert!(names.contains(&expected), "{expected:?}: {bad:?}");
    }
    assert_eq!(names.len(), 5, "{bad:?}");
    assert!(remarks.iter().any(|remark| remark.starts_with("Tờ khai, Số lượng bản sao:")), "{remarks:?}");
    assert!(!remarks.join(" ").contains("ba bản"), "lists tell nothing of what was said");
}

#[tokio::test]
async fn procedures_whose_codes_begin_with_5_or_6_become_dossiers() {
    let house = House::open().await;
    let mut one = message("G22-261123-5");
    one["MaTTHC"] = json!("6.000123");
    taken(&house, vec![one]).await;
    assert_eq!(house.portal.settle_once(&hue()).await.unwrap(), 0);
    let (list, code) = (MappingList::Procedure, "6.000123".to_owned());
    let map = Mapping { list, code, means: "civil-status-copy".to_owned() };
    house.portal.map(&house.administrator(), &map).await.unwrap();
    assert_eq!(house.portal.settle_once(&hue()).await.unwrap(), 1);
    // What the national list has a dossier may have: 1.946 of its codes begin with 1, 41 with 5 and 70 with 6.
    let pattern = |text: &str, name: &str| {
        let schema: Json = serde_json::from_str(text).unwrap();
        schema["properties"][name]["pattern"].as_str().unwrap().to_owned()
    };
    let listed = include_str!("../../../../packs/procedures/types/Procedure.json");
    let kept = include_str!("../../../../packs/one-stop/types/Dossier.json");
    assert_eq!(pattern(kept, "procedure"), pattern(listed, "code"));
}
