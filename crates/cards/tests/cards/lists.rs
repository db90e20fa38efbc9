//! More cards than one status list has room for.

use dinh_cards::{Error, Step};
use dinh_context::graph::{Commit, Op};
use dinh_credentials::status::{Standing as Listed, Token};
use serde_json::json;

use crate::house::{House, REASON, hue};

/// Cards of one list.
const A_LIST: u32 = 1 << 20;

async fn listed(house: &House, serial: u32) -> Listed {
    let number = serial / A_LIST;
    let uri = format!("https://dinh.example/hue/cards/status/{number}");
    let (jwt, _) = house.cards.status_jwt(&hue(), number, &uri).await.unwrap();
    let keys = house.cards.keys(&hue()).await.unwrap();
    let place = usize::try_from(serial % A_LIST).unwrap();
    Token::verify_jwt(&jwt, &uri, &keys).unwrap().list.get(place).unwrap()
}

#[tokio::test]
async fn the_card_after_the_millionth_is_in_another_list() {
    let house = House::open().await;
    assert_eq!(house.cards.status_lists(&hue()).await.unwrap(), 0, "before the first card there is no list");
    let (kind, key) = ("card-serial".to_owned(), "last".to_owned());
    let before = Op::PutRecord { kind, key, body: json!({"last": A_LIST - 2}) };
    let system = house.context.system("cards", hue()).vouched();
    system.commit(Commit::atomic(vec![before])).await.unwrap();
    let last = house.card().await;
    assert_eq!(last.serial, Some(A_LIST - 1));
    assert_eq!(house.cards.status_lists(&hue()).await.unwrap(), 1);
    let none = house.cards.status_jwt(&hue(), 1, "https://dinh.example/1").await;
    assert!(matches!(none, Err(Error::NoSuch("status list"))), "no card is in it yet");
    house.cards.report_lost(&house.thao(1), &last.id, REASON).await.unwrap();
    let next = house.cards.renew(&house.officer(), &last.id, REASON).await.unwrap();
    let next = house.grant(&next).await;
    assert_eq!(next.serial, Some(A_LIST));
    assert_eq!(house.cards.status_lists(&hue()).await.unwrap(), 2);
    // The card in whose place it comes has ended in its own list; the new one holds in the next.
    assert_eq!(
        (listed(&house, A_LIST - 1).await, listed(&house, A_LIST).await),
        (Listed::Invalid, Listed::Valid)
    );
    house.cards.step(&house.head(), (&next.id, next.version), Step::Suspend, REASON).await.unwrap();
    assert_eq!(listed(&house, A_LIST).await, Listed::Suspended);
}
