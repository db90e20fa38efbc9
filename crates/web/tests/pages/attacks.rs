//! What a stranger writes is shown as text, wherever it is shown; and a session is nobody's but its holder's.

use axum::body::Body;
use dinh_identity::domain::Handle;
use dinh_identity::{Answer, FirstAdministrator, Origin};
use dinh_model::Attribute;
use http::{Request, header};
use serde_json::json;

use crate::house::{House, gauge, property, tenant, term};

/// Written into everything that is shown.
const HOSTILE: &str = "\"><script>alert('xss')</script><img src=x onerror=alert(1)>' onmouseover='x' {{7*7}}";
const PASSWORD: &str = "sông Hương chảy qua thành phố";

/// True if text has become markup.
fn is_run(page: &str) -> bool {
    page.contains("<script>alert") || page.contains("<img src=x")
}

#[tokio::test]
async fn texts_of_strangers_stay_texts_on_every_page() {
    let house = House::open().await;
    let mut hostile = gauge("x", HOSTILE, 107.56);
    for name in ["state", "description", "strange"] {
        hostile.set(term(name), property(json!(HOSTILE)));
    }
    let level: Attribute = property(json!(1.0)).observed(crate::house::now()).unit("\"><script>alert(2)");
    hostile.set(term("other"), level);
    house.write(hostile).await;
    let hostile_in_address = "%22%3E%3Cscript%3Ealert(1)%3C/script%3E";
    for path in [
        "/thu/".to_owned(),
        "/thu/list".to_owned(),
        format!("/thu/list?q={hostile_in_address}"),
        format!("/thu/list?sort={hostile_in_address}&layers={hostile_in_address}"),
        "/thu/entity/urn:ngsi-ld:Gauge:x".to_owned(),
        "/thu/entity/urn:ngsi-ld:Gauge:x?attribute=other".to_owned(),
        "/thu/quanh-toi?lon=107.56&lat=16.46".to_owned(),
        format!("/thu/quanh-toi?lon=107.56&lat=16.46&name={hostile_in_address}"),
        format!("/thu/quanh-toi?place={hostile_in_address}"),
        format!("/thu/sign-in?next={hostile_in_address}"),
        format!("/thu/{hostile_in_address}"),
        format!("/thu/entity/{hostile_in_address}"),
        "/thu/sources".to_owned(),
    ] {
        let page = house.get(&path).await;
        assert!(page.status < 500, "{path}");
        let text = String::from_utf8_lossy(&page.bytes).into_owned();
        assert!(!is_run(&text), "{path}: {text}");
        assert!(!text.contains("'xss' 49"), "{path}");
        assert!(page.header(header::CONTENT_SECURITY_POLICY).contains("script-src 'self'"), "{path}");
    }
    // Machines get the text as it is, as JSON that no browser takes for a page.
    for path in ["/api/v1/thu/search?text=xss", "/api/v1/thu/layers"] {
        let told = house.get(path).await;
        assert_eq!(told.status, 200, "{path}");
        assert!(told.header(header::CONTENT_TYPE).starts_with("application/json"), "{path}");
        assert_eq!(told.header(header::X_CONTENT_TYPE_OPTIONS), "nosniff", "{path}");
    }
}

#[tokio::test]
async fn a_session_given_from_outside_is_not_taken_and_signing_in_gives_a_new_one() {
    let house = House::open().await;
    let code = house.identity.set_up_code().await.expect("a code").expect("the first");
    let from = Origin::new([203, 0, 113, 7].into(), HOSTILE);
    let first = FirstAdministrator {
        name: "An".to_owned(),
        email: Handle::email("an@hue.gov.vn").expect("an address"),
        password: PASSWORD.to_owned(),
        tenants: vec![tenant()],
    };
    let old = house.identity.set_up(&code, &first, &from).await.expect("set up").token;
    let form = format!("name=an%40hue.gov.vn&password={}", PASSWORD.replace(' ', "+"));
    for given in [old.as_str(), "chosen-by-somebody-else"] {
        let request = Request::post("/thu/sign-in")
            .header(header::COOKIE, format!("dinh-session={given}"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let signed_in = house.send(request, form.clone()).await;
        assert_eq!(signed_in.status, 303, "{}", signed_in.text());
        let set = signed_in.header(header::SET_COOKIE);
        assert!(set.starts_with("dinh-session=") && !set.contains(given), "{set}");
    }
    // The name of a browser is a stranger's text, too.
    let request = Request::get("/thu/account").header(header::COOKIE, format!("dinh-session={old}"));
    let account = house.stream(request).await;
    let bytes = axum::body::to_bytes(Body::new(account.into_body()), 1 << 20).await.expect("a page");
    assert!(!is_run(&String::from_utf8_lossy(&bytes)));
}

#[tokio::test]
async fn guessing_a_password_becomes_slower_whoever_it_is() {
    let house = House::open().await;
    let code = house.identity.set_up_code().await.expect("a code").expect("the first");
    let from = |last: u8| Origin::new([203, 0, 113, last].into(), "guess");
    let first = FirstAdministrator {
        name: "An".to_owned(),
        email: Handle::email("an@hue.gov.vn").expect("an address"),
        password: PASSWORD.to_owned(),
        tenants: vec![tenant()],
    };
    house.identity.set_up(&code, &first, &from(1)).await.expect("set up");
    let mut refused = 0;
    for guess in 0..60_u8 {
        let answer =
            house.identity.sign_in("an@hue.gov.vn", &format!("đoán lần thứ {guess}"), &from(guess)).await;
        assert!(!matches!(answer, Ok(Answer::SignedIn(_))));
        refused += u32::from(matches!(answer, Err(dinh_identity::Error::TooSoon { .. })));
    }
    assert!(refused > 40, "only {refused} of 60 guesses had to wait");
}
