//! Signing in, and one's own account.

use dinh_web::HttpSettings;
use http::{Request, header};

use crate::house::{Answered, House};

pub(crate) const PASSWORD: &str = "sông Hương chảy qua thành phố";

pub(crate) async fn post(house: &House, path: &str, cookie: &str, form: &[(&str, &str)]) -> Answered {
    let body: String = form
        .iter()
        .map(|(name, value)| {
            format!(
                "{name}={}",
                percent_encoding::utf8_percent_encode(value, percent_encoding::NON_ALPHANUMERIC)
            )
        })
        .collect::<Vec<_>>()
        .join("&");
    let request = Request::post(path)
        .header(header::ACCEPT_LANGUAGE, "vi")
        .header(header::COOKIE, cookie)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    house.send(request, body).await
}

pub(crate) async fn get(house: &House, path: &str, cookie: &str) -> Answered {
    house.ask(Request::get(path).header(header::ACCEPT_LANGUAGE, "vi").header(header::COOKIE, cookie)).await
}

/// The cookie that an answer sets, as a browser sends it back.
pub(crate) fn cookie(answer: &Answered) -> String {
    let set = answer.header(header::SET_COOKIE);
    assert!(set.contains("HttpOnly") && set.contains("SameSite=Lax"), "{set}");
    set.split(';').next().unwrap_or_default().to_owned()
}

/// The first administrator, signed in.
async fn administrator(house: &House) -> String {
    let code = house.identity.set_up_code().await.expect("a code").expect("the first");
    let form =
        [("code", code.as_str()), ("name", "Trần An"), ("email", "an@hue.gov.vn"), ("password", PASSWORD)];
    let made = post(house, "/thu/set-up", "", &form).await;
    assert_eq!(made.status, 303, "{}", made.text());
    cookie(&made)
}

#[tokio::test]
async fn the_first_administrator_is_made_once_and_signs_in() {
    let house = House::open().await;
    assert!(get(&house, "/thu/sign-in", "").await.text().contains("Tạo quản trị viên đầu tiên"));
    let wrong = [("code", "SAI"), ("name", "An"), ("email", "an@hue.gov.vn"), ("password", PASSWORD)];
    let refused = post(&house, "/thu/set-up", "", &wrong).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("Mã không đúng"), "{}", refused.text());
    let session = administrator(&house).await;
    assert_eq!(get(&house, "/thu/set-up", "").await.status, 404, "there is an administrator now");
    let account = get(&house, "/thu/account", &session).await;
    for part in ["Trần An", "an@hue.gov.vn", "Quản trị hệ thống", "Phiên này"] {
        assert!(account.text().contains(part), "{part}");
    }
    assert_eq!(account.header(header::CACHE_CONTROL), "no-store");

    let given = |password| [("name", "an@hue.gov.vn"), ("password", password), ("next", "/thu/list")];
    let wrong = post(&house, "/thu/sign-in", "", &given("không phải mật khẩu")).await;
    assert_eq!(wrong.status, 401);
    assert!(wrong.text().contains("Tên hoặc mật khẩu không đúng"));
    let right = post(&house, "/thu/sign-in", "", &given(PASSWORD)).await;
    assert_eq!((right.status, right.header(header::LOCATION)), (303, "/thu/list"));
    assert_ne!(cookie(&right), session);
    let away = [("name", "an@hue.gov.vn"), ("password", PASSWORD), ("next", "https://evil.example/")];
    assert_eq!(post(&house, "/thu/sign-in", "", &away).await.header(header::LOCATION), "/thu/");
}

#[tokio::test]
async fn a_session_ends_when_its_holder_says_so() {
    let house = House::open().await;
    let session = administrator(&house).await;
    let out = post(&house, "/thu/account", &session, &[("do", "sign-out")]).await;
    assert_eq!(out.status, 303);
    assert!(out.header(header::SET_COOKIE).contains("Max-Age=0"));
    let cleared = out.header(header::HeaderName::from_static("clear-site-data"));
    assert_eq!(cleared, "\"cache\", \"storage\"", "nothing is left in the browser");
    let after = get(&house, "/thu/account", &session).await;
    assert_eq!(after.header(header::LOCATION), "/thu/sign-in?next=%2Fthu%2Faccount");
    for forged in ["dinh-session=", "dinh-session=x", "dinh-session=../../etc", "__Host-dinh=%00"] {
        assert_eq!(get(&house, "/thu/account", forged).await.status, 303, "{forged}");
        assert_eq!(get(&house, "/thu/list", forged).await.status, 200, "{forged}");
    }
}

#[tokio::test]
async fn signing_in_again_ends_the_session_that_the_browser_had() {
    let house = House::open().await;
    let former = administrator(&house).await;
    let given = [("name", "an@hue.gov.vn"), ("password", PASSWORD)];
    let elsewhere = cookie(&post(&house, "/thu/sign-in", "", &given).await);
    let fresh = cookie(&post(&house, "/thu/sign-in", &former, &given).await);
    let status = async |cookie: &str| get(&house, "/thu/account", cookie).await.status;
    assert_eq!((status(&former).await, status(&fresh).await), (303, 200));
    assert_eq!(status(&elsewhere).await, 200, "that of another browser goes on");
}

#[tokio::test]
async fn every_page_of_who_is_signed_in_lets_them_sign_out() {
    let house = House::open().await;
    let session = administrator(&house).await;
    let button = "name=\"do\" value=\"sign-out\"";
    for path in ["/thu/", "/thu/list", "/thu/sources", "/thu/account", "/thu/admin"] {
        let page = get(&house, path, &session).await;
        assert!(page.text().contains(button) || page.status == 303, "{path}: {}", page.status);
        assert!(!get(&house, path, "").await.text().contains(button), "{path}");
    }
    let out = post(&house, "/thu/account", &session, &[("do", "sign-out")]).await;
    assert_eq!(out.header(header::LOCATION), "/thu/");
}

#[tokio::test]
async fn fields_for_passwords_are_masked_and_open_to_password_managers() {
    let house = House::open().await;
    let set_up = get(&house, "/thu/set-up", "").await.text();
    let session = administrator(&house).await;
    let mut fields = 0;
    for page in [
        set_up,
        get(&house, "/thu/sign-in", "").await.text(),
        get(&house, "/thu/recover?link=x", "").await.text(),
        get(&house, "/thu/account", &session).await.text(),
    ] {
        for field in page.split("<input ").skip(1).filter_map(|rest| rest.split('>').next()) {
            let for_password = ["name=\"password\"", "name=\"new\""].iter().any(|name| field.contains(name));
            if for_password {
                fields += 1;
                assert!(field.contains("type=\"password\""), "{field}");
                let helped = ["current-password", "new-password"];
                assert!(
                    helped.iter().any(|how| field.contains(&format!("autocomplete=\"{how}\""))),
                    "{field}"
                );
                assert!(field.contains("maxlength=\"200\""), "all of a long one is taken: {field}");
            }
        }
    }
    assert!(fields >= 6, "{fields}");
    // No script stands in the way of what is pasted or filled in.
    let scripts = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/src");
    for file in std::fs::read_dir(scripts).expect("there are scripts").flatten() {
        let text = std::fs::read_to_string(file.path()).unwrap_or_default();
        assert!(!text.contains("paste"), "{}", file.path().display());
    }
}

#[tokio::test]
async fn where_browsers_come_by_https_cookies_are_for_this_host_and_https_alone() {
    for settings in [
        HttpSettings { secure: true, ..HttpSettings::default() },
        HttpSettings { public_url: Some("https://dinh.hue.gov.vn".to_owned()), ..HttpSettings::default() },
    ] {
        let house = House::with(settings).await;
        let session = administrator(&house).await;
        assert!(session.starts_with("__Host-dinh="), "{session}");
        let given = [("name", "an@hue.gov.vn"), ("password", PASSWORD)];
        let signed_in = post(&house, "/thu/sign-in", "", &given).await;
        let out = post(&house, "/thu/account", &cookie(&signed_in), &[("do", "sign-out")]).await;
        for answer in [signed_in, out, house.get("/lang/en").await, house.get("/theme/dark").await] {
            let set = answer.header(header::SET_COOKIE);
            assert!(set.starts_with("__Host-") && set.contains("; Secure"), "{set}");
            assert!(set.contains("; Path=/;") && !set.contains("Domain"), "{set}");
        }
        // Another host of the domain, or somebody on the way, could set this one.
        let planted = session.replace("__Host-dinh=", "dinh-session=");
        assert_eq!(get(&house, "/thu/account", &session).await.status, 200);
        assert_eq!(get(&house, "/thu/account", &planted).await.status, 303);
    }
}

#[tokio::test]
async fn what_is_typed_is_shown_as_text() {
    let house = House::open().await;
    let name = "<script>alert(1)</script>";
    let code = house.identity.set_up_code().await.expect("a code").expect("the first");
    let form = [("code", code.as_str()), ("name", name), ("email", "an@hue.gov.vn"), ("password", PASSWORD)];
    let session = cookie(&post(&house, "/thu/set-up", "", &form).await);
    for path in ["/thu/account", "/thu/list", "/thu/"] {
        let text = get(&house, path, &session).await.text();
        assert!(!text.contains("<script>alert"), "{path}");
    }
    let wrong = [("name", "\"><script>alert(2)</script>"), ("password", "x"), ("next", "/")];
    assert!(!post(&house, "/thu/sign-in", "", &wrong).await.text().contains("<script>alert"));
}
