use dinh_casework::Queue;
use dinh_portal::{ArrivalState, Error, Mapping, MappingList};
use serde_json::{Value as Json, json};

use crate::house::{CODE, House, WARD, hue, urn};

const PORTAL: &str = "national-portal";

pub(crate) fn message(number: &str) -> Json {
    json!({"MaHoSo": number, "MaTTHC": "2.000635", "TenTTHC": "Cấp bản sao trích lục hộ tịch", "ChuHoSo": "Lê Văn Bình",
        "LoaiDoiTuong": "1", "MaDoiTuong": "TECH-77", "TrangThaiHoSo": "1", "KenhThucHien": "2", "Email": "binh@example.vn",
        "SoDienThoai": "0905123456", "TrichYeuHoSo": "Xin cấp bản sao", "NgayNopHoSo": "20261123073000",
        "NoiNopHoSo": "1", "DonViXuLy": CODE, "DinhDanhCHS": [{"LoaiDinhDanh": 1, "SoDinhDanh": "046085009999"}]})
}

pub(crate) async fn taken(house: &House, messages: Vec<Json>) -> Vec<bool> {
    let key = house.session("cong-quoc-gia", Some("national-portal"));
    let taken = house.portal.take(&key, PORTAL, messages).await.unwrap();
    taken.into_iter().map(|one| one.already).collect()
}

async fn held(house: &House) -> Vec<String> {
    let held = house.portal.arrivals(&hue(), ArrivalState::Held).await.unwrap();
    held.rows.into_iter().map(|row| row.reason.unwrap_or_default()).collect()
}

#[tokio::test]
async fn what_is_filed_on_the_portal_becomes_a_dossier_once_and_goes_by_its_number_there() {
    let house = House::open().await;
    assert_eq!(taken(&house, vec![message("H57.20.01-261123-9001")]).await, [false]);
    assert_eq!(taken(&house, vec![message("H57.20.01-261123-9001")]).await, [true]);
    assert_eq!(
        (house.portal.settle_once(&hue()).await.unwrap(), house.portal.settle_once(&hue()).await.unwrap()),
        (1, 0)
    );
    let queue = house.casework.queue(&house.clerk(), &Queue::default(), 0, 10).await.unwrap();
    assert_eq!((queue.total, queue.dossiers[0].kind.as_str()), (1, "civil-status-copy"));
    let shown = house.casework.show(&house.clerk(), &queue.dossiers[0].id).await.unwrap().dossier;
    let applicant = shown.applicant.clone().unwrap();
    assert_eq!((applicant.name.as_str(), applicant.number.as_deref()), ("Lê Văn Bình", Some("046085009999")));
    let arrival = house.portal.arrivals(&hue(), ArrivalState::Taken).await.unwrap().rows.remove(0);
    assert_eq!(arrival.dossier.as_ref(), Some(&shown.id));
    assert_eq!(arrival.message, None, "lists tell nothing of persons");
    house.told().await;
    house.act(&house.clerk(), &shown, "accept").await;
    house.told().await;
    let known = house.there.dossiers();
    assert_eq!(known.keys().collect::<Vec<_>>(), ["H57.20.01-261123-9001"]);
    let known = &known["H57.20.01-261123-9001"];
    assert_eq!(
        (known.message["NoiNopHoSo"].as_str(), known.message["MaDoiTuong"].as_str()),
        (Some("1"), Some("TECH-77"))
    );
    assert!(
        known.message["ThongTinKhac"].as_str().unwrap().contains("Mã hồ sơ tại tỉnh: H57.20.01-261123-0001")
    );
    assert_eq!(known.steps.len(), 2);
    assert_eq!(house.there.wrong(), Vec::<String>::new());
    let read = house.portal.arrived(&house.clerk(), &arrival.id).await.unwrap();
    assert_eq!(read.message.unwrap().subject, "Xin cấp bản sao");
}

#[tokio::test]
async fn what_cannot_be_mapped_waits_with_its_reason_until_somebody_mends_it() {
    let house = House::open().await;
    let mut unknown = message("G22-261123-1");
    unknown["MaTTHC"] = json!("1.999999");
    let mut elsewhere = message("G22-261123-2");
    elsewhere["DonViXuLy"] = json!("UBND phường Xa Lạ");
    taken(&house, vec![unknown, elsewhere]).await;
    assert_eq!(house.portal.settle_once(&hue()).await.unwrap(), 0);
    let why = held(&house).await;
    assert!(why.iter().any(|why| why.starts_with("MaTTHC:") && why.contains("1.999999")), "{why:?}");
    assert!(why.iter().any(|why| why.starts_with("DonViXuLy:") && why.contains("Xa Lạ")), "{why:?}");
    let map = |list, code: &str, means: &str| Mapping { list, code: code.into(), means: means.into() };
    let who = house.administrator();
    let wrong = house.portal.map(&who, &map(MappingList::Procedure, "1.999999", "no-such-kind")).await;
    assert!(matches!(wrong, Err(Error::Cases(_))));
    let wrong = house.portal.map(&who, &map(MappingList::Unit, "x", urn("Unit:none").as_str())).await;
    assert!(matches!(wrong, Err(Error::NoSuch(_))));
    house.portal.map(&who, &map(MappingList::Procedure, "1.999999", "civil-status-copy")).await.unwrap();
    house.portal.map(&who, &map(MappingList::Unit, "UBND phường Xa Lạ", urn(WARD).as_str())).await.unwrap();
    assert_eq!(house.portal.settle_once(&hue()).await.unwrap(), 2);
    assert_eq!(house.portal.mappings(&hue()).await.unwrap().len(), 2);
}

#[tokio::test]
async fn files_come_from_allowed_hosts_alone_and_are_looked_at() {
    let house = House::open().await;
    let pdf = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n\
        trailer<</Root 1 0 R>>\n%%EOF\n";
    let good = house.there.offer("uy-quyen.pdf", "application/pdf", pdf);
    let kind = house.casework.book().settles("2.000635", "2026-11-23".parse().unwrap()).unwrap().clone();
    let part = kind.parts.first().expect("a part").code.clone();
    let with = |number: &str, url: &str| {
        let mut with = message(number);
        with["TaiLieuNop"] =
            json!([{"TenTepDinhKem": "Giấy uỷ quyền", "MaThanhPhanHoSo": part, "DuongDanTaiTepTin": url}]);
        with
    };
    let lie = house.there.offer("anh.jpg", "image/jpeg", b"<html>");
    taken(
        &house,
        vec![with("a-1-1", &good), with("a-1-2", "http://elsewhere.example/x.pdf"), with("a-1-3", &lie)],
    )
    .await;
    house.portal.settle_once(&hue()).await.unwrap();
    let why = held(&house).await;
    assert_eq!(why.len(), 2, "{why:?}");
    assert!(why.iter().any(|why| why.contains("allow-list")), "{why:?}");
    assert!(why.iter().any(|why| why.starts_with("TaiLieuNop")), "{why:?}");
    let taken = house.portal.arrivals(&hue(), ArrivalState::Taken).await.unwrap().rows.remove(0);
    let shown = house.casework.show(&house.clerk(), taken.dossier.as_ref().unwrap()).await.unwrap().dossier;
    let case = shown.case.unwrap();
    let file = urn(case.parts[&part].files[0].trim_start_matches("urn:ngsi-ld:"));
    let opened = house.casework.open_file(&house.clerk(), &shown.id, &file).await.unwrap();
    assert_eq!((opened.media_type.as_str(), opened.content.as_slice()), ("application/pdf", pdf.as_slice()));
    // Somebody decides to take them without the files.
    for row in house.portal.arrivals(&hue(), ArrivalState::Held).await.unwrap().rows {
        house.portal.try_again(&house.administrator(), &row.id, true).await.unwrap();
    }
    assert_eq!(house.portal.settle_once(&hue()).await.unwrap(), 2);
    let taken = house.portal.arrivals(&hue(), ArrivalState::Taken).await.unwrap().rows;
    assert_eq!(taken.iter().filter(|row| !row.remarks.is_empty()).count(), 2);
}

#[tokio::test]
async fn what_comes_again_with_another_content_is_shown_to_a_person() {
    let house = House::open().await;
    taken(&house, vec![message("H57.20.01-261123-9001")]).await;
    house.portal.settle_once(&hue()).await.unwrap();
    let mut other = message("H57.20.01-261123-9001");
    other["ChuHoSo"] = json!("Lê Văn Bính");
    assert_eq!(taken(&house, vec![other]).await, [false]);
    assert_eq!(house.portal.settle_once(&hue()).await.unwrap(), 0);
    let changed = house.portal.arrivals(&hue(), ArrivalState::Changed).await.unwrap().rows.remove(0);
    assert!(changed.dossier.is_some() && changed.reason.is_some());
    house.portal.set_aside(&house.administrator(), &changed.id).await.unwrap();
    assert!(matches!(
        house.portal.set_aside(&house.administrator(), &changed.id).await,
        Err(Error::Conflict)
    ));
}

#[tokio::test]
async fn what_cannot_even_be_kept_is_refused_with_field_and_rule() {
    let house = House::open().await;
    let key = house.session("cong-quoc-gia", Some("national-portal"));
    let none =
        house.portal.take(&key, PORTAL, vec![message("a-1-1"), json!({"ChuHoSo": "x"})]).await.unwrap_err();
    assert!(none.to_string().starts_with("data[1].MaHoSo: must be 1 to 100"), "{none}");
    assert_eq!(
        house.portal.arrivals(&hue(), ArrivalState::Waiting).await.unwrap().total,
        0,
        "none of them is kept"
    );
    let many = vec![message("a-1-1"); 51];
    assert!(matches!(house.portal.take(&key, PORTAL, many).await, Err(Error::TooMany { most: 50, .. })));
    let other = house.portal.take(&key, "ministry-hosted", vec![message("a-1-1")]).await;
    assert!(matches!(other, Err(Error::NoCounterpart(_))));
}
