//! What is kept of oneself, consents, requests, and the desk of those who settle them.

use dinh_access::AccountKind;
use dinh_identity::domain::{AccountId, Days, Handle, Role};
use dinh_identity::{Answer, Details, NewAccount, Office, Origin, Proved, Rights};
use dinh_model::{Attribute, Entity, EntityId, OneOrMany, Tenant, Value};
use http::{Request, header};
use ring::hmac;
use serde_json::json;

use crate::account::{PASSWORD, cookie, get, post};
use crate::house::{Answered, House, now, property, term};

fn hue() -> Tenant {
    Tenant::parse("hue").expect("is a name")
}

fn office(house: &House) -> Office {
    house.identity.office(&house.context.system("test", hue()), &Origin::default()).expect("may")
}

/// An account with a password; a citizen is tied to a person.
async fn account(house: &House, name: &str, kind: AccountKind, subject: Option<&str>) -> AccountId {
    let address = format!("{name}@hue.gov.vn");
    let email = Some(Handle::email(&address).expect("is an address"));
    let details = Details { name: format!("Trần {name}"), email, ..Details::default() };
    let subject = subject.map(|id| EntityId::trusted(format!("urn:ngsi-ld:Person:{id}")));
    let office = office(house);
    let opened = office.open(&NewAccount { kind, details, subject }).await.expect("opens");
    let link = opened.link.expect("a link");
    house.identity.recover(&link, PASSWORD, &Origin::default()).await.expect("a password");
    opened.account.id
}

async fn sign_in(house: &House, name: &str) -> String {
    let form = [("name", format!("{name}@hue.gov.vn")), ("password", PASSWORD.to_owned())];
    let form: Vec<(&str, &str)> = form.iter().map(|(key, value)| (*key, value.as_str())).collect();
    cookie(&post(house, "/hue/sign-in", "", &form).await)
}

/// A citizen whose address was confirmed, signed in.
async fn citizen(house: &House, name: &str) -> String {
    let id = account(house, name, AccountKind::Citizen, Some(name)).await;
    let proved = Proved { email: true, ..Proved::default() };
    office(house).prove(&id, proved).await.expect("is proved");
    sign_in(house, name).await
}

/// Somebody with a role and a second factor shown lately, signed in.
async fn official(house: &House, name: &str, role: &str) -> String {
    let id = account(house, name, AccountKind::Official, None).await;
    let role = Role { tenant: hue(), code: role.to_owned(), unit: None, days: Days::ALWAYS };
    let rights = Rights { roles: vec![role], positions: Vec::new() };
    office(house).set_rights(&id, &rights).await.expect("is given");
    let (address, from) = (format!("{name}@hue.gov.vn"), Origin::default());
    let answer = house.identity.sign_in(&address, PASSWORD, &from).await.expect("signs in");
    let Answer::SignedIn(signed_in) = answer else { unreachable!("there is no second factor yet") };
    let present = house.identity.session(&signed_in.token, &hue()).await.expect("is in").expect("is in");
    let offer = house.identity.totp_offer(&present).await.expect("an offer");
    let confirmed = house.identity.totp_confirm(&present, &offer.ticket, &code(&offer.secret), &from).await;
    format!("dinh-session={}", confirmed.expect("is confirmed").signed_in.token)
}

/// What a telephone shows: RFC 6238.
fn code(secret: &str) -> String {
    let (mut key, mut held, mut bits) = (Vec::new(), 0_u32, 0);
    for letter in secret.bytes() {
        let value = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".bytes().position(|b| b == letter).expect("base 32");
        held = (held << 5) | u32::try_from(value).expect("is small");
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            key.push(u8::try_from((held >> bits) & 255).expect("is a byte"));
        }
    }
    let step = u64::try_from(now().as_micros() / 30_000_000).expect("is positive");
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &key);
    let mac = hmac::sign(&key, &step.to_be_bytes());
    let at = usize::from(mac.as_ref()[19] & 15);
    let number = u32::from_be_bytes(mac.as_ref()[at..at + 4].try_into().expect("four")) & 0x7fff_ffff;
    format!("{:06}", number % 1_000_000)
}

async fn filled() -> House {
    let house = House::as_shipped().await;
    let session = house.context.system("test", hue());
    for (id, name) in [("an", "Nguyễn Thị Ẩn"), ("binh", "Lê <b>Bình</b>")] {
        let mut person =
            Entity::new(EntityId::trusted(format!("urn:ngsi-ld:Person:{id}")), term("Person"), now());
        person.set(term("name"), property(json!(name)));
        person.set(term("personalId"), property(json!("046184001234")));
        session.create(person).await.expect("can be created");
    }
    let mut firm = Entity::new(EntityId::trusted("urn:ngsi-ld:Organization:x"), term("Organization"), now());
    let texts = [("vi".to_owned(), OneOrMany::One("Công ty Hương Giang".to_owned()))].into_iter().collect();
    firm.set(term("name"), Attribute::new(Value::Language(texts), now()));
    let to = OneOrMany::One(EntityId::trusted("urn:ngsi-ld:Person:an"));
    firm.set(
        term("representative"),
        Attribute::new(Value::Relationship { object: to, object_type: Vec::new() }, now()),
    );
    session.create(firm).await.expect("can be created");
    house
}

/// Files a request and answers the path of its page.
async fn file(house: &House, cookie: &str, kind: &str) -> String {
    let form =
        [("kind", kind), ("whose", "urn:ngsi-ld:Person:an"), ("text", "Tôi muốn biết <i>mọi</i> điều.")];
    let made = post(house, "/hue/my-data/requests/new", cookie, &form).await;
    assert_eq!(made.status, 303, "{}", made.text());
    made.header(header::LOCATION).to_owned()
}

/// For looking at: the build's folder holds the pages as they were answered.
fn keep(name: &str, answer: &Answered) {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/pages");
    std::fs::create_dir_all(&folder).expect("can be made");
    std::fs::write(folder.join(format!("{name}.html")), &answer.bytes).expect("can be written");
}

/// Keeps a page in both languages.
async fn keep_both(house: &House, name: &str, path: &str, cookie: &str) {
    keep(&format!("{name}.vi"), &get(house, path, cookie).await);
    keep(&format!("{name}.en"), &get(house, path, &format!("{cookie}; lang=en")).await);
}

#[tokio::test]
async fn a_citizen_sees_what_is_kept_and_nobody_else_does() {
    let house = filled().await;
    let an = citizen(&house, "an").await;
    let page = get(&house, "/hue/my-data", &an).await;
    assert_eq!(page.status, 200, "{}", page.text());
    for part in ["Nguyễn Thị Ẩn", "046184001234", "Công ty Hương Giang", "an@hue.gov.vn", "Tôi đồng ý"]
    {
        assert!(page.text().contains(part), "{part}");
    }
    assert_eq!(page.header(header::CACHE_CONTROL), "no-store");
    keep_both(&house, "my-data", "/hue/my-data", &an).await;
    let binh = citizen(&house, "binh").await;
    let other = get(&house, "/hue/my-data?whose=urn:ngsi-ld:Person:an", &binh).await;
    assert!(!other.text().contains("Nguyễn Thị Ẩn"), "an address cannot choose somebody else");
    assert!(other.text().contains("Lê &lt;b>Bình") || other.text().contains("Lê &lt;b&gt;Bình"));
    for path in ["/hue/my-data", "/hue/my-data/requests/new", "/hue/privacy"] {
        let sent = get(&house, path, "").await;
        assert_eq!(sent.status, 303, "{path}");
        assert!(sent.header(header::LOCATION).starts_with("/hue/sign-in?next="), "{path}");
    }
    assert_eq!(get(&house, "/hue/privacy", &an).await.status, 403);
    let export =
        post(&house, "/hue/my-data", &an, &[("do", "export"), ("whose", "urn:ngsi-ld:Person:an")]).await;
    assert!(export.header(header::CONTENT_DISPOSITION).contains("my-data.json"));
    let json: serde_json::Value = serde_json::from_slice(&export.bytes).expect("is JSON");
    assert_eq!(json["entities"].as_array().map(Vec::len), Some(2));
    assert_eq!(json["account"]["email"], "an@hue.gov.vn");
    let foreign =
        post(&house, "/hue/my-data", &binh, &[("do", "export"), ("whose", "urn:ngsi-ld:Person:an")]).await;
    assert_eq!(foreign.status, 422);
    assert!(!foreign.text().contains("046184001234") || foreign.text().contains("Bình"));
}

#[tokio::test]
async fn an_account_without_a_person_learns_how_to_get_one() {
    let house = filled().await;
    account(&house, "la", AccountKind::Citizen, None).await;
    let la = sign_in(&house, "la").await;
    let page = get(&house, "/hue/my-data", &la).await;
    assert!(page.text().contains("chưa gắn với người nào") && page.text().contains("la@hue.gov.vn"));
    keep_both(&house, "my-data-nobody", "/hue/my-data", &la).await;
    let form = [("kind", "access"), ("whose", ""), ("text", "Tài khoản này có những gì?")];
    assert_eq!(post(&house, "/hue/my-data/requests/new", &la, &form).await.status, 303);
    let erase = [("kind", "erase"), ("whose", ""), ("text", "Hãy xoá tất cả.")];
    assert_eq!(post(&house, "/hue/my-data/requests/new", &la, &erase).await.status, 422);
    account(&house, "ba", AccountKind::Citizen, Some("an")).await;
    let unsure = sign_in(&house, "ba").await;
    let page = get(&house, "/hue/my-data", &unsure).await.text();
    assert!(page.contains("chưa xác nhận") && !page.contains("046184001234"), "anybody may type an address");
}

#[tokio::test]
async fn consent_is_given_and_taken_back_with_one_button_each() {
    let house = filled().await;
    let an = citizen(&house, "an").await;
    let give =
        [("do", "give"), ("whose", "urn:ngsi-ld:Person:an"), ("purpose", "case-notices"), ("version", "1")];
    assert!(
        get(&house, "/hue/my-data", &an).await.text().contains("Chưa đồng ý"),
        "nothing is ticked before"
    );
    let given = post(&house, "/hue/my-data", &an, &give).await;
    assert!(
        given.text().contains("Đã ghi sự đồng ý") && given.text().contains("Đã đồng ý lúc 14:05 20/11/2026")
    );
    let id = between(&given.text(), "name=\"consent\" value=\"", "\"");
    let receipt = get(&house, &format!("/hue/my-data/consents/{id}"), &an).await;
    assert!(receipt.text().contains("SHA-256") && receipt.text().contains("tin nhắn SMS"));
    keep_both(&house, "receipt", &format!("/hue/my-data/consents/{id}"), &an).await;
    let file = get(&house, &format!("/hue/my-data/consents/{id}?form=json"), &an).await;
    let json: serde_json::Value = serde_json::from_slice(&file.bytes).expect("is JSON");
    assert_eq!(json["purpose"], "case-notices");
    let old =
        [("do", "give"), ("whose", "urn:ngsi-ld:Person:an"), ("purpose", "case-notices"), ("version", "7")];
    assert_eq!(post(&house, "/hue/my-data", &an, &old).await.status, 409);
    let binh = citizen(&house, "binh").await;
    let back = [("do", "take-back"), ("consent", id.as_str())];
    assert_eq!(post(&house, "/hue/my-data", &binh, &back).await.status, 404);
    assert_eq!(get(&house, &format!("/hue/my-data/consents/{id}"), &binh).await.status, 404);
    let taken = post(&house, "/hue/my-data", &an, &back).await;
    assert!(taken.text().contains("Đã rút lại lúc"), "{}", taken.text());
}

/// The text between two others.
fn between(text: &str, start: &str, end: &str) -> String {
    let rest = text.split(start).nth(1).expect("is there");
    rest.split(end).next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_request_is_filed_acknowledged_completed_and_read() {
    let house = filled().await;
    let an = citizen(&house, "an").await;
    keep_both(&house, "request-new", "/hue/my-data/requests/new", &an).await;
    let path = file(&house, &an, "access").await;
    let own = get(&house, &path, &an).await.text();
    for part in
        ["Yêu cầu số 2026-000001", "còn 2 ngày làm việc", "30/11/2026", "&lt;i&gt;mọi&lt;", "Rút yêu cầu"]
    {
        assert!(own.contains(part), "{part}: {own}");
    }
    let officer = official(&house, "dpo", "privacy-officer").await;
    let queue = get(&house, "/hue/privacy", &officer).await;
    assert!(queue.text().contains("2026-000001") && queue.text().contains("25/11/2026"), "{}", queue.text());
    keep_both(&house, "queue", "/hue/privacy", &officer).await;
    let desk = path.replace("my-data/requests", "privacy");
    let page = get(&house, &desk, &officer).await;
    assert!(page.text().contains("&lt;i&gt;mọi&lt;") && page.text().contains("Xác nhận đã nhận"));
    keep_both(&house, "settle-received", &desk, &officer).await;
    let early = [("do", "complete"), ("version", "1"), ("answer", "Đã gửi bản sao.")];
    let refused = post(&house, &desk, &officer, &early).await;
    assert_eq!(refused.status, 409);
    assert!(refused.text().contains("không còn làm được"), "{}", refused.text());
    let step = [("do", "acknowledge"), ("version", "1"), ("others", "1")];
    let acknowledged = post(&house, &desk, &officer, &step).await;
    assert!(acknowledged.text().contains("10/12/2026"), "20 days where others must act");
    let short = [("do", "complete"), ("version", "2"), ("answer", "ừ")];
    assert_eq!(post(&house, &desk, &officer, &short).await.status, 422);
    let stale = [("do", "refuse"), ("version", "1"), ("reason", "Không đúng thẩm quyền")];
    assert_eq!(post(&house, &desk, &officer, &stale).await.status, 409);
    keep_both(&house, "settle", &desk, &officer).await;
    let done = [("do", "complete"), ("version", "2"), ("answer", "Anh/chị tải bản sao ở dưới.")];
    let done = post(&house, &desk, &officer, &done).await;
    assert!(done.status == 200 && done.text().contains("Đã giải quyết"), "{}", done.text());
    let own = get(&house, &path, &an).await.text();
    assert!(
        own.contains("tải bản sao ở dưới") && own.contains("Tải dữ liệu về") && !own.contains("Rút yêu cầu<")
    );
    keep_both(&house, "request", &path, &an).await;
    let mine = get(&house, "/hue/my-data", &an).await.text();
    assert!(mine.contains("Cán bộ bảo vệ dữ liệu cá nhân") && mine.contains("Giải quyết yêu cầu"), "{mine}");
    keep_both(&house, "my-data-full", "/hue/my-data", &an).await;
    assert_eq!(
        get(&house, "/hue/privacy?show=closed", &officer).await.text().matches("2026-000001").count(),
        1
    );
    keep_both(&house, "queue-closed", "/hue/privacy?show=closed", &officer).await;
    keep_both(&house, "looks", "/hue/my-data/looks", &an).await;
    let changed = get(&house, "/hue/my-data/looks?which=written", &an).await.text();
    assert!(changed.contains("Chương trình của hệ thống"), "{changed}");
    for cookie in [&an, &officer] {
        assert_eq!(
            get(&house, "/hue/privacy/urn:ngsi-ld:DataRequest:none", cookie).await.status,
            if cookie == &an { 403 } else { 404 }
        );
    }
    let binh = citizen(&house, "binh").await;
    assert_eq!(get(&house, &path, &binh).await.status, 404);
    assert_eq!(post(&house, &path, &binh, &[("version", "3")]).await.status, 404);
}

#[tokio::test]
async fn what_the_form_of_a_request_does_not_have_settles_nothing() {
    let house = filled().await;
    let an = citizen(&house, "an").await;
    let form = [
        ("kind", "access"),
        ("whose", "urn:ngsi-ld:Person:an"),
        ("text", "Tôi muốn biết mọi điều."),
        ("state", "done"),
        ("answer", "Đã xong."),
        ("number", "1999-000001"),
        ("account", "00000000000000000000000000000000"),
        ("subject", "urn:ngsi-ld:Person:binh"),
        ("filedAt", "1999-01-01T00:00:00Z"),
        ("answerBy", "2099-01-01"),
        ("do", "complete"),
    ];
    let made = post(&house, "/hue/my-data/requests/new", &an, &form).await;
    assert_eq!(made.status, 303, "{}", made.text());
    let own = get(&house, made.header(header::LOCATION), &an).await.text();
    assert!(own.contains("Yêu cầu số 2026-000001") && own.contains("Rút yêu cầu"), "{own}");
    for part in ["1999", "2099", "Đã xong.", "Person:binh"] {
        assert!(!own.contains(part), "{part}: {own}");
    }
}

/// Asks the API with a session.
async fn api(
    house: &House,
    method: &str,
    path: &str,
    cookie: &str,
    body: serde_json::Value,
) -> (u16, serde_json::Value) {
    let request = Request::builder().method(method).uri(format!("/api/v1/hue/privacy/{path}"));
    let request = request.header(header::COOKIE, cookie).header(header::CONTENT_TYPE, "application/json");
    let text = if body.is_null() { String::new() } else { body.to_string() };
    let answer = house.send(request, text).await;
    (answer.status, serde_json::from_slice(&answer.bytes).unwrap_or_default())
}

#[tokio::test]
async fn programs_do_the_same_over_the_api() {
    let house = filled().await;
    let (an, subject) = (citizen(&house, "an").await, "urn:ngsi-ld:Person:an");
    let none = serde_json::Value::Null;
    let list = format!("consents?subject={subject}");
    let (status, purposes) = api(&house, "GET", &list, &an, none.clone()).await;
    assert_eq!(
        (status, &purposes[0]["purpose"], &purposes[0]["consent"]),
        (200, &json!("case-notices"), &none)
    );
    let giving = json!({"subject": subject, "purpose": "case-notices", "version": 1});
    let (status, consent) = api(&house, "POST", "consents", &an, giving.clone()).await;
    assert_eq!((status, &consent["textVersion"]), (200, &json!(1)));
    let id = consent["id"].as_str().expect("an identifier");
    let (status, taken) = api(&house, "DELETE", &format!("consents/{id}"), &an, none.clone()).await;
    assert!(status == 200 && taken["withdrawnAt"].is_string());

    let asking = json!({"kind": "restrict", "subject": subject, "text": "Xin hạn chế xử lý."});
    let (status, made) = api(&house, "POST", "requests", &an, asking.clone()).await;
    assert_eq!((status, &made["state"], &made["answerBy"]), (200, &json!("received"), &json!("2026-12-05")));
    let path = format!("requests/{}", made["id"].as_str().expect("an identifier"));
    let (_, one) = api(&house, "GET", &path, &an, none.clone()).await;
    assert_eq!(one["text"], "Xin hạn chế xử lý.");
    let (_, all) = api(&house, "GET", "requests", &an, none.clone()).await;
    assert_eq!((all.as_array().map(Vec::len), &all[0]["text"]), (Some(1), &none), "masked in the list");
    let binh = citizen(&house, "binh").await;
    for (method, path, cookie, body, refused) in [
        ("GET", "requests", "", none.clone(), 401),
        ("POST", "requests", "", asking.clone(), 401),
        ("GET", &list, &binh, none.clone(), 403),
        ("POST", "consents", &binh, giving, 403),
        ("POST", "requests", &binh, asking, 403),
        ("GET", &path, &binh, none.clone(), 404),
        ("DELETE", &format!("{path}?version=1"), &binh, none.clone(), 404),
        ("DELETE", &format!("{path}?version=9"), &an, none.clone(), 409),
        ("POST", "requests", &an, json!({"kind": "access", "text": "x"}), 422),
        ("POST", "requests", &an, json!({"kind": "everything", "text": "Cho tôi biết."}), 400),
        ("POST", "requests", &an, json!({"kind": "access", "text": "Cho tôi biết.", "state": "done"}), 400),
        ("POST", "consents", &an, json!({"subject": subject, "purpose": "case-notices", "version": 9}), 409),
        ("GET", "consents?subject=x", &an, none.clone(), 400),
        ("GET", "requests?limt=1", &an, none.clone(), 400),
    ] {
        let (status, problem) = api(&house, method, path, cookie, body).await;
        assert_eq!(status, refused, "{method} {path}: {problem}");
        assert!(
            problem["detail"].as_str().is_some_and(|detail| detail.len() > 10),
            "{method} {path}: {problem}"
        );
    }
    let (status, dropped) = api(&house, "DELETE", &format!("{path}?version=1"), &an, none.clone()).await;
    assert_eq!((status, &dropped["state"]), (200, &json!("withdrawn")));
    let (status, _) = api(&house, "DELETE", &format!("{path}?version=2"), &an, none).await;
    assert_eq!(status, 409, "it is over");
}

#[tokio::test]
async fn an_officer_without_a_second_factor_is_sent_to_show_it() {
    let house = filled().await;
    let an = citizen(&house, "an").await;
    let desk = file(&house, &an, "copy").await.replace("my-data/requests", "privacy");
    let id = account(&house, "moi", AccountKind::Official, None).await;
    let role = Role { tenant: hue(), code: "privacy-officer".to_owned(), unit: None, days: Days::ALWAYS };
    office(&house)
        .set_rights(&id, &Rights { roles: vec![role], positions: Vec::new() })
        .await
        .expect("given");
    let session = sign_in(&house, "moi").await;
    let sent = get(&house, &desk, &session).await;
    assert_eq!(sent.status, 303);
    assert!(sent.header(header::LOCATION).starts_with("/hue/account?next="));
    assert_eq!(get(&house, "/hue/privacy", &session).await.status, 200, "the queue says nothing of persons");
}

#[tokio::test]
async fn what_is_masked_is_shown_once_for_a_purpose_and_a_reason() {
    let house = filled().await;
    let inspector = official(&house, "tra", "inspector").await;
    let path = "/hue/entity/urn:ngsi-ld:Person:an";
    let shut = get(&house, path, &inspector).await;
    assert!(shut.text().contains("Cần nêu mục đích") && !shut.text().contains("N•••"), "{}", shut.text());
    let form = [("purpose", "inspection"), ("reason", "quyết định thanh tra 12")];
    assert!(post(&house, path, &inspector, &form).await.text().contains("046184001234"));
    let an = citizen(&house, "an").await;
    let masked = get(&house, path, &an).await;
    assert!(!masked.text().contains("046184001234") && masked.text().contains("Xem dữ liệu đang che"));
    keep_both(&house, "entity-masked", path, &an).await;
    let short = post(&house, path, &an, &[("purpose", "own-data"), ("reason", "ừ")]).await;
    assert_eq!(short.status, 422);
    assert!(!short.text().contains("046184001234") && short.text().contains("Hãy nêu lý do"));
    let shown = post(&house, path, &an, &[("purpose", "own-data"), ("reason", "kiểm tra số của tôi")]).await;
    assert!(shown.status == 200 && shown.text().contains("046184001234"));
    assert_eq!(shown.header(header::CACHE_CONTROL), "no-store");
    keep("entity-shown.vi", &shown);
    for purpose in ["inspection", "nonsense", "operations", ""] {
        let refused = post(&house, path, &an, &[("purpose", purpose), ("reason", "kiểm tra số")]).await;
        assert_eq!(refused.status, 403, "{purpose}");
    }
    assert!(!get(&house, path, &an).await.text().contains("046184001234"), "once and no more");
    let anonymous = post(&house, path, "", &[("purpose", "own-data"), ("reason", "kiểm tra số")]).await;
    assert_eq!(anonymous.status, 404);
    let others = get(&house, "/hue/my-data/looks", &an).await.text();
    assert!(others.contains("quyết định thanh tra 12") && others.contains("Thanh tra"), "{others}");
    assert!(
        !others.contains("kiểm tra số của tôi") && !others.contains("Trần tra"),
        "no name, and not one's own"
    );
    let all = get(&house, "/hue/my-data/looks?mine=1", &an).await.text();
    assert!(all.contains("kiểm tra số của tôi"));
}

/// Sends one file as a browser does (RFC 7578).
async fn send(
    house: &House,
    path: &str,
    cookie: &str,
    (name, kind): (&str, &str),
    content: &str,
) -> Answered {
    let body = format!(
        "--bien\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: {kind}\r\n\r\n{content}\r\n--bien--\r\n"
    );
    let request = Request::post(path)
        .header(header::ACCEPT_LANGUAGE, "vi")
        .header(header::COOKIE, cookie)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=bien");
    house.send(request, body).await
}

#[tokio::test]
async fn a_file_is_looked_at_sealed_and_opened_by_those_concerned() {
    let house = filled().await;
    let an = citizen(&house, "an").await;
    let path = file(&house, &an, "correct").await;
    let to = format!("{path}/files");
    let text = "Số nhà đúng là 12, không phải 21.";
    let sent = send(&house, &to, &an, ("đơn của tôi.txt", "text/plain"), text).await;
    assert_eq!(sent.status, 200, "{}", sent.text());
    assert!(sent.text().contains("Đã đính kèm tệp") && sent.text().contains("đơn"), "{}", sent.text());
    let disguised = send(&house, &to, &an, ("quyết định.pdf", "application/pdf"), "MZ\u{90}\u{0}").await;
    assert_eq!(disguised.status, 422);
    let script = send(&house, &to, &an, ("a.html", "text/html"), "<script>alert(1)</script>").await;
    assert_eq!(script.status, 422);
    assert!(!script.text().contains("<script>alert"));
    assert_eq!(post(&house, &to, &an, &[("file", "x")]).await.status, 422, "no file at all");

    let binh = citizen(&house, "binh").await;
    let others = send(&house, &to, &binh, ("x.txt", "text/plain"), "x").await;
    assert_eq!(others.status, 404, "somebody else's request");
    let page = get(&house, &path, &an).await.text();
    let href = between(&page, "class=\"plain files\"><li><a href=\"", "\"");
    let opened = get(&house, &href, &an).await;
    assert_eq!((opened.status, opened.text().as_str()), (200, text));
    assert!(opened.header(header::CONTENT_DISPOSITION).starts_with("attachment; filename*=UTF-8''"));
    assert_eq!(opened.header(header::X_CONTENT_TYPE_OPTIONS), "nosniff");
    assert!(opened.header(header::CONTENT_SECURITY_POLICY).contains("sandbox"));
    assert_eq!(get(&house, &href, &binh).await.status, 404);

    let officer = official(&house, "dpo", "privacy-officer").await;
    let desk = path.replace("my-data/requests", "privacy");
    assert!(get(&house, &desk, &officer).await.text().contains("đơn của tôi.txt"));
    let of_desk = href.replace("my-data/requests", "privacy");
    assert_eq!(get(&house, &of_desk, &officer).await.text(), text);
    assert_ne!(get(&house, &of_desk, &an).await.status, 200, "the desk is for officers");
    let looks = get(&house, "/hue/my-data/looks", &an).await.text();
    assert!(looks.contains("Giải quyết yêu cầu"), "the person learns who opened it");
}
