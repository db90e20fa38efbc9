//! What one caller may ask: who asks too much waits, others do not notice.

use std::num::NonZeroU32;

use dinh_access::OpenWrites;
use dinh_web::{Budget, HttpSettings, RateSettings};
use serde_json::json;

use crate::house::{Ask, ENTITIES, House, KEY};

const SECOND: i64 = 1_000_000;
const QUESTION: &str = "/ngsi-ld/v1/entities?type=Gauge";

fn n(number: u32) -> NonZeroU32 {
    NonZeroU32::new(number).unwrap()
}

fn rate() -> RateSettings {
    RateSettings {
        reads: Budget { per_second: n(1), burst: n(3) },
        writes: Budget { per_second: n(1), burst: n(2) },
        ..RateSettings::default()
    }
}

async fn house(rate: RateSettings, trusted_proxies: &[&str]) -> House {
    let trusted_proxies = trusted_proxies.iter().map(|net| net.parse().unwrap()).collect();
    let settings = HttpSettings { rate, trusted_proxies, ..HttpSettings::default() };
    House::with(OpenWrites::Anywhere, settings).await
}

fn read() -> Ask {
    Ask::get(QUESTION)
}

fn write(name: usize) -> Ask {
    Ask::post(ENTITIES).json(&json!({"id": format!("urn:x:{name}"), "type": "Gauge"}))
}

/// How many of so many requests are answered before one is sent away.
async fn answered(house: &House, most: usize, ask: impl Fn(usize) -> Ask) -> usize {
    for number in 0..most {
        if house.send(ask(number)).await.status == 429 {
            return number;
        }
    }
    most
}

#[tokio::test]
async fn who_asks_too_much_is_told_when_to_come_back_and_is_then_let_in() {
    let house = house(rate(), &[]).await;
    assert_eq!(answered(&house, 9, |_| read()).await, 3);
    let refused = house.send(read()).await;
    assert_eq!(refused.header("retry-after"), "1");
    let (_kind, detail) = refused.problem(429);
    assert!(detail.contains("3 reads at once and 1 a second"), "{detail}");
    house.clock.advance(SECOND);
    assert_eq!(answered(&house, 9, |_| read()).await, 1);
}

#[tokio::test]
async fn writes_have_a_budget_of_their_own_and_the_known_a_larger_one() {
    let house = house(rate(), &[]).await;
    assert_eq!(answered(&house, 9, |_| read()).await, 3);
    assert_eq!(answered(&house, 9, write).await, 2);
    let bearer = format!("Bearer {KEY}");
    let known = |number: usize| write(100 + number).header("authorization", &bearer);
    assert_eq!(answered(&house, 99, known).await, 20);
}

#[tokio::test]
async fn guessing_keys_is_as_dear_as_writing() {
    let house = house(rate(), &[]).await;
    let guess = |number: usize| read().header("authorization", &format!("Bearer guess-number-{number}"));
    assert_eq!(answered(&house, 9, guess).await, 2);
    assert_eq!(answered(&house, 9, write).await, 0, "the guesses were writes");
    assert_eq!(answered(&house, 9, |_| read()).await, 3);
}

#[tokio::test]
async fn this_machine_is_not_counted_unless_it_speaks_for_others_or_shall_be() {
    let open = house(rate(), &[]).await;
    assert_eq!(answered(&open, 9, |_| read().from_here()).await, 9);
    let for_others = |_| read().from_here().header("x-forwarded-for", "198.51.100.1");
    assert_eq!(answered(&open, 9, for_others).await, 3);
    let strict = house(RateSettings { this_machine: true, ..rate() }, &[]).await;
    assert_eq!(answered(&strict, 9, |_| read().from_here()).await, 3);
}

#[tokio::test]
async fn through_a_trusted_proxy_every_network_has_its_own_budget() {
    let through = |number: usize| read().from_here().header("x-forwarded-for", &format!("198.51.{number}.1"));
    let trusting = house(rate(), &["127.0.0.1/32"]).await;
    assert_eq!(answered(&trusting, 20, through).await, 20);
    // What the sender has written before the proxy's own word does not make it another.
    let lying = |number: usize| {
        read().from_here().header("x-forwarded-for", &format!("192.0.{number}.1, 203.0.113.1"))
    };
    assert_eq!(answered(&trusting, 20, lying).await, 3);
    let doubting = house(rate(), &[]).await;
    assert_eq!(answered(&doubting, 20, through).await, 3);
}

#[tokio::test]
async fn what_comes_through_a_trusted_proxy_may_not_write_as_this_machine() {
    let settings =
        HttpSettings { trusted_proxies: vec!["127.0.0.1/32".parse().unwrap()], ..HttpSettings::default() };
    let house = House::with(OpenWrites::Local, settings).await;
    house.send(write(1).from_here().header("x-forwarded-for", "127.0.0.1")).await.problem(401);
    house.send(write(2).from_here()).await.problem(401);
}

#[tokio::test]
async fn one_caller_has_so_many_requests_under_way() {
    let house = house(RateSettings { concurrent: n(1), ..RateSettings::default() }, &[]).await;
    let pending = house.send(Ask::post(ENTITIES).endless("application/json"));
    tokio::pin!(pending);
    let begun = futures::poll!(&mut pending);
    assert!(begun.is_pending());
    let (_kind, detail) = house.send(read()).await.problem(429);
    assert!(detail.contains("1 requests under way"), "{detail}");
    house.send(read().from_here()).await.expect(200);
}

#[tokio::test]
async fn operators_are_answered_all_the_same_and_people_read_a_page() {
    let house = house(rate(), &[]).await;
    assert_eq!(answered(&house, 9, |_| read()).await, 3);
    for _ in 0..9 {
        house.get("/health").await.expect(200);
    }
    let page = house.send(Ask::get("/thu/list").header("accept-language", "vi")).await.expect(429);
    assert_eq!(page.header("retry-after"), "1");
    assert!(page.text().contains("Quá nhiều yêu cầu"), "{}", page.text());
    let page = house.send(Ask::get("/thu/list").header("accept-language", "en")).await.expect(429);
    assert!(page.text().contains("Too many requests"), "{}", page.text());
}
