//! What a stranger writes is shown as text, wherever it is shown; and a session is nobody's but its holder's.

use axum::body::Body;
use dinh_identity::domain::Handle;
use dinh_identity::{Answer, FirstAdministrator, Origin};
use dinh_model::Attribute;
use http::{Request, header};
use serde_json::json;

use crate::house::{Answered, House, gauge, property, tenant, term};
use crate::live::{events, until, watch};
use crate::tiles::TILE;

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

/// Breaks out of a line of an event, and begins others.
const BREAKING_LINES: &str = "Kim\r\n\nevent: reset\ndata: {\"x\":1}\u{2028}\u{2029}\u{0}\u{1b}[2J</script>";

#[tokio::test]
async fn texts_of_strangers_stay_within_their_event() {
    let house = House::open().await;
    let stream = house.stream(events("?layers=gauges")).await;
    assert_eq!(stream.headers()[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    let mut told = watch(stream);
    until(&mut told, "retry").await;
    for (id, name) in [("x", HOSTILE), ("y", BREAKING_LINES)] {
        let mut hostile = gauge(id, name, 107.56);
        hostile.set(term("level"), property(json!(1.0)).observed(crate::house::now()));
        house.write(hostile).await;
    }
    let mut text = until(&mut told, "Gauge:y").await;
    while !text.ends_with("\n\n") {
        text.push_str(&until(&mut told, "\n\n").await);
    }
    assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "{text:?}");
    let mut names = Vec::new();
    for line in text.lines() {
        assert!(line != "event: reset" && line != "data: {\"x\":1}", "{text}");
        let data = line.strip_prefix("data: ").filter(|data| data.contains("items"));
        let json: serde_json::Value =
            data.map_or_else(|| json!({}), |data| serde_json::from_str(data).expect("JSON"));
        let items = json["items"].as_array().cloned().unwrap_or_default();
        names.extend(items.iter().filter_map(|item| item["name"].as_str().map(str::to_owned)));
    }
    assert!(names.iter().any(|name| name == HOSTILE), "the text arrives as it is: {names:?}");
    assert!(names.iter().any(|name| name == BREAKING_LINES), "{names:?}");
}

#[tokio::test]
async fn payloads_of_the_map_are_typed_and_no_page() {
    let house = House::open().await;
    let mut hostile = gauge("x", HOSTILE, 107.56);
    hostile.set(term("level"), property(json!(1.0)).observed(crate::house::now()));
    house.write(hostile).await;
    let is_typed = |path: &str, answer: &Answered, kind: &str| {
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.header(header::CONTENT_TYPE).split(';').next(), Some(kind), "{path}");
        assert_eq!(answer.header(header::X_CONTENT_TYPE_OPTIONS), "nosniff", "{path}");
    };
    is_typed(TILE, &house.get(TILE).await, "application/vnd.mapbox-vector-tile");
    let found = "/api/v1/thu/search?text=xss";
    let answer = house.get(found).await;
    is_typed(found, &answer, "application/json");
    let json: serde_json::Value = serde_json::from_slice(&answer.bytes).expect("JSON");
    assert_eq!(json[0]["name"], HOSTILE, "{json}");
    let geo = Request::get("/ngsi-ld/v1/entities?type=Gauge")
        .header("ngsild-tenant", "thu")
        .header(header::ACCEPT, "application/geo+json");
    let answer = house.ask(geo).await;
    is_typed("geo+json", &answer, "application/geo+json");
    let json: serde_json::Value = serde_json::from_slice(&answer.bytes).expect("JSON");
    assert_eq!(json["features"][0]["properties"]["name"]["value"], HOSTILE, "{json}");
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
