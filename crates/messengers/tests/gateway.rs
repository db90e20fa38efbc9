//! A provider that is called: what goes over the wire, and what its answers mean.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::collections::BTreeMap;

use dinh_calendar::Named;
use dinh_casework::{Messenger as _, NotSent, Notice};
use dinh_context::outbound::{AllowList, Outbound};
use dinh_messengers::{Gateway, GatewaySettings};
use dinh_model::EntityId;
use serde_json::{Value as Json, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

fn notice() -> Notice {
    Notice {
        key: "k1".to_owned(),
        case: EntityId::parse("urn:ngsi-ld:Dossier:1").unwrap(),
        number: Some("H57.20.01-261123-0001".to_owned()),
        name: "Trần \"An\"\r\nX-Evil: 1".to_owned(),
        subject: Named { vi: "Đã tiếp nhận".to_owned(), en: "Received".to_owned() },
        text: Named {
            vi: "Hồ sơ & \"giấy tờ\"\nđã nhận".to_owned(), en: "Dossier received".to_owned()
        },
        english: false,
        link: None,
        email: None,
        telephone: Some("0912 345 678".to_owned()),
    }
}

/// A provider that gives one answer, and tells what it was asked.
async fn provider(answer: &str) -> (String, oneshot::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://127.0.0.1:{}", listener.local_addr().unwrap().port());
    let (send, asked) = oneshot::channel();
    let answer = answer.to_owned();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let (mut all, mut part) = (Vec::new(), [0; 4096]);
        loop {
            let read = stream.read(&mut part).await.unwrap();
            all.extend_from_slice(&part[..read]);
            let text = String::from_utf8_lossy(&all);
            let length = text
                .to_ascii_lowercase()
                .split_once("content-length: ")
                .and_then(|(_, rest)| rest.split("\r\n").next().unwrap_or_default().parse::<usize>().ok());
            let body = text.split_once("\r\n\r\n").map(|(head, _)| all.len() - head.len() - 4);
            if read == 0 || body.is_some_and(|body| body >= length.unwrap_or_default()) {
                break;
            }
        }
        stream.write_all(answer.as_bytes()).await.unwrap();
        send.send(String::from_utf8(all).unwrap()).unwrap();
    });
    (url, asked)
}

fn answer(status: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
}

fn gateway(settings: Json) -> Result<Gateway, dinh_messengers::Error> {
    let settings: GatewaySettings = serde_json::from_value(settings).unwrap();
    let outbound = Outbound::new(AllowList::new(["127.0.0.1"])).unwrap();
    let secrets =
        BTreeMap::from([("Authorization".to_owned(), "Bearer bí-mật".replace("í", "i").replace("ậ", "a"))]);
    Gateway::new(settings, &secrets, outbound)
}

#[tokio::test]
async fn values_stay_where_they_stand() {
    let (url, asked) = provider(&answer("200 OK", "{\"code\":\"100\"}")).await;
    let sms = gateway(json!({
        "name": "sms", "url": format!("{url}/send?to={{to}}&t={{text}}"), "telephone": "international",
        "headers": {"X-Who": "{name}"}, "text": {"longest": 12, "without_accents": true},
        "json": {"phone": "{to}", "parts": ["{text}", {"n": "{number}"}], "brand": 7},
        "sent": {"pointer": "/code", "equals": ["100"]},
    }))
    .unwrap();
    sms.send(&notice()).await.unwrap();
    let asked = asked.await.unwrap();
    let (head, body) = asked.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST /send?to=84912345678&t=Ho%20so%20%26%20%22%2E%2E%2E HTTP"), "{head}");
    assert!(head.to_ascii_lowercase().contains("\r\nauthorization: bearer bi-mat"), "{head}");
    assert!(!head.contains("\r\nX-Evil"), "{head}");
    let body: Json = serde_json::from_str(body).unwrap();
    let expected = json!({
        "phone": "84912345678", "parts": ["Ho so & \"...", {"n": "H57.20.01-261123-0001"}], "brand": 7
    });
    assert_eq!(body, expected);
}

#[tokio::test]
async fn a_form_is_encoded() {
    let (url, asked) = provider(&answer("202 Accepted", "")).await;
    let form = json!({"to": "{to}", "m": "Huế: {text}"});
    gateway(json!({"name": "zalo", "url": format!("{url}/z"), "form": form}))
        .unwrap()
        .send(&notice())
        .await
        .unwrap();
    let asked = asked.await.unwrap();
    let body = asked.split_once("\r\n\r\n").unwrap().1;
    assert!(body.starts_with("m=Hu%E1%BA%BF%3A%20H%E1%BB%93"), "{body}");
    assert!(body.ends_with("&to=0912%20345%20678"), "{body}");
    assert!(body.contains("%0A") && !body.contains('\n'), "{body}");
}

#[tokio::test]
async fn answers_mean_what_the_settings_say() {
    for (status, body, expected) in [
        ("200 OK", "{\"code\":0}", "Ok"),
        ("200 OK", "{\"code\":7}", "Later"),
        ("200 OK", "not json", "Later"),
        ("422 No", "{\"error\":\"no-such-number\"}", "Never"),
        ("500 Broken", "{\"code\":0}", "Later"),
        ("401 Who", "", "Down"),
    ] {
        let (url, _asked) = provider(&answer(status, body)).await;
        let sms = gateway(json!({
            "name": "sms", "url": format!("{url}/"), "json": {"to": "{to}"},
            "sent": {"pointer": "/code", "equals": [0]},
            "never": {"status": [422], "pointer": "/error", "equals": ["no-such-number"]},
        }))
        .unwrap();
        let got = match sms.send(&notice()).await {
            Ok(()) => "Ok",
            Err(NotSent::Later(_)) => "Later",
            Err(NotSent::Never(_)) => "Never",
            Err(NotSent::Down(_)) => "Down",
        };
        assert_eq!(got, expected, "{status} {body}");
    }
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let sms = gateway(json!({"name": "sms", "url": format!("http://127.0.0.1:{closed}/")})).unwrap();
    assert!(matches!(sms.send(&notice()).await, Err(NotSent::Down(_))));
}

#[test]
fn settings_that_make_no_sense_are_refused() {
    let refused = |settings: Json| gateway(settings).err().unwrap().to_string();
    let with = |name: &str, value: Json| {
        let mut settings = json!({"name": "sms", "url": "http://127.0.0.1/x"});
        settings[name] = value;
        refused(settings)
    };
    for (name, value, says) in [
        ("name", json!("Tin nhắn"), "name: 1 to 20 small letters"),
        ("name", json!("email"), "not email"),
        ("method", json!("DELETE"), "method: must be POST, PUT or GET"),
        ("url", json!("http://elsewhere.example/x"), "elsewhere.example is not on the allow-list"),
        ("url", json!("http://{to}/x"), "places stand behind the host"),
        ("url", json!("http://127.0.0.1{to}/"), "places stand behind the host"),
        ("url", json!("http://127.0.0.1/{whom}"), "there is no place {whom}"),
        ("json", json!({"a": ["{nope}"]}), "json.a: there is no place {nope}"),
        ("sent", json!({"pointer": "code"}), "sent.pointer: begins with a slash"),
        ("headers", json!({"X y": "1"}), "is no name of a header"),
    ] {
        let told = with(name, value);
        assert!(told.contains(says), "{name}: {told}");
    }
}
