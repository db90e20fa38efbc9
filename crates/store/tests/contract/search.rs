//! Full text.

use dinh_model::{OneOrMany, Value};
use dinh_store::{Hit, Op};
use serde_json::json;

use crate::support::*;

contract!(
    accents_are_optional_and_count,
    names_come_first,
    every_word_must_begin_one,
    questions_are_never_syntax,
    words_follow_the_entity,
    attributes_declared_later_are_found,
    tenants_and_types,
);

async fn hits(trial: &Trial, text: &str) -> Vec<Hit> {
    trial.store.search(&reading("hue"), text, &[], 20).await.unwrap()
}

async fn found(trial: &Trial, text: &str) -> Vec<String> {
    hits(trial, text).await.iter().map(|hit| short(&hit.found.entity.id)).collect()
}

async fn accents_are_optional_and_count(place: Place) {
    let trial = place.open().await;
    for (name, title) in [
        ("duong", "Đường Nguyễn Huệ"),
        ("hue", "Thành phố Huế"),
        ("hue2", "Hue Street"),
        ("dangky", "Đăng ký kết hôn"),
        ("luoi", "Xã A Lưới 1"),
    ] {
        trial.create(thing("Place", name).with("name", title)).await;
    }
    assert_eq!(found(&trial, "nguyen hue").await, ["duong"]);
    assert_eq!(found(&trial, "NGUYỄN HUỆ").await, ["duong"]);
    assert_eq!(found(&trial, "duong").await, ["duong"]);
    assert_eq!(found(&trial, "Đường").await, ["duong"]);
    assert_eq!(found(&trial, "dang ky ket hon").await, ["dangky"]);
    assert_eq!(found(&trial, "a luoi").await, ["luoi"]);
    assert_eq!(found(&trial, "Huế").await[0], "hue", "as typed comes first");
    assert_eq!(found(&trial, "hue").await[0], "hue2");
    assert_eq!(found(&trial, "huệ").await[0], "duong");
    let best = hits(&trial, "Huế").await.remove(0);
    assert!(best.exact && best.in_name);
    trial.assert_sound().await;
}

async fn names_come_first(place: Place) {
    let trial = place.open().await;
    trial.create(thing("Place", "a").with("description", "Gần cầu Trường Tiền")).await;
    trial.create(thing("Place", "b").with("name", "Cầu Trường Tiền")).await;
    trial.create(thing("Place", "c").with("address", json!({"street": "Trường Tiền", "number": 5}))).await;
    let texts = [("vi".to_owned(), OneOrMany::One("Cầu Trường Tiền".to_owned()))].into();
    trial.create(thing("Place", "d").with_value("label", Value::Language(texts))).await;
    for text in ["trường tiền", "truong tien"] {
        let mut names = found(&trial, text).await;
        assert_eq!(names.remove(0), "b");
        names.sort();
        assert_eq!(names, ["a", "c", "d"]);
    }
}

async fn every_word_must_begin_one(place: Place) {
    let trial = place.open().await;
    trial.create(thing("Place", "a").with("name", "Bệnh viện Trung ương Huế")).await;
    trial.create(thing("Place", "b").with("name", "Bệnh viện Quốc tế")).await;
    assert_eq!(found(&trial, "benh vi").await.len(), 2);
    assert_eq!(found(&trial, "benh h").await, ["a"]);
    assert_eq!(found(&trial, "viện bệnh").await.len(), 2, "in any order");
    assert!(found(&trial, "benh vien da nang").await.is_empty());
    assert!(found(&trial, "enh").await.is_empty());
}

async fn questions_are_never_syntax(place: Place) {
    let trial = place.open().await;
    trial.create(thing("Place", "a").with("name", "OR AND NOT NEAR \"quoted\" col:x a* (b) -c ^d")).await;
    for text in [
        "OR", "AND NOT", "NEAR(", "\"", "quoted\"", "col:x", "name : a", "a*", "(b", "-c", "^d", "{name}",
        "'; DROP", "NOT",
    ] {
        assert!(trial.store.search(&reading("hue"), text, &[], 5).await.is_ok(), "{text}");
    }
    assert_eq!(found(&trial, "near( quoted").await, ["a"]);
    assert!(found(&trial, "").await.is_empty());
    assert!(found(&trial, "  *\"()  ").await.is_empty());
    assert!(trial.store.search(&reading("hue"), "a", &[], 1_001).await.is_err());
}

async fn words_follow_the_entity(place: Place) {
    let trial = place.open().await;
    trial.create(thing("Place", "a").with("name", "Chợ Đông Ba")).await;
    trial.op(Op::mutate(id("a"), set(&[("visitors", property(5))]))).await.unwrap();
    assert_eq!(found(&trial, "dong ba").await, ["a"]);
    trial.op(Op::mutate(id("a"), set(&[("name", property("Chợ An Cựu"))]))).await.unwrap();
    assert!(found(&trial, "dong ba").await.is_empty());
    assert_eq!(found(&trial, "an cuu").await, ["a"]);
    trial.assert_sound().await;
    trial.op(Op::Replace { entity: thing("Market", "a").into(), expect: None }).await.unwrap();
    assert!(found(&trial, "an cuu").await.is_empty());
    trial.op(Op::mutate(id("a"), set(&[("name", property("Chợ Tây Lộc"))]))).await.unwrap();
    trial.op(Op::delete(id("a"))).await.unwrap();
    assert!(found(&trial, "tay loc").await.is_empty());
    trial.assert_sound().await;
}

async fn attributes_declared_later_are_found(place: Place) {
    let trial = place.open().await;
    for n in 0..700 {
        trial.create(thing("Bus", &format!("b{n}")).with("plate", format!("75B-{n:05}"))).await;
    }
    assert!(found(&trial, "00042").await.is_empty());
    trial.store.declare_search(&following(), vec![term("plate")]).await.unwrap();
    assert_eq!(found(&trial, "75b 00042").await, ["b42"]);
    trial.op(Op::mutate(id("b42"), set(&[("plate", property("75B-99999"))]))).await.unwrap();
    assert_eq!(found(&trial, "99999").await, ["b42"]);
    trial.assert_sound().await;
    trial.store.close().await.unwrap();
    let again = place.open().await;
    again.create(thing("Bus", "new").with("plate", "75B-12121")).await;
    assert_eq!(found(&again, "12121").await, ["new"]);
    again.assert_sound().await;
}

async fn tenants_and_types(place: Place) {
    let trial = place.open().await;
    trial.create(thing("Stop", "a").with("name", "Ga Huế")).await;
    trial.create(thing("Station", "b").with("name", "Ga Huế")).await;
    let there = Op::Create(thing("Stop", "c").with("name", "Ga Huế").into());
    trial.store.commit(&writing("ha-noi"), there.into()).await.unwrap();
    assert_eq!(found(&trial, "ga hue").await.len(), 2);
    let of_type = |types: Vec<&'static str>| {
        let trial = trial.clone();
        async move {
            let types: Vec<_> = types.into_iter().map(term).collect();
            trial.store.search(&reading("hue"), "ga", &types, 20).await.unwrap().len()
        }
    };
    assert_eq!(of_type(vec!["Stop"]).await, 1);
    assert_eq!(of_type(vec!["Stop", "Station"]).await, 2);
    assert_eq!(of_type(vec!["Unknown"]).await, 0);
    trial.op(Op::mutate(id("a"), add_type("Station"))).await.unwrap();
    assert_eq!(of_type(vec!["Station"]).await, 2);
    trial.assert_sound().await;
}

fn add_type(name: &str) -> dinh_ngsild::mutation::Mutation {
    let fragment = dinh_ngsild::mutation::Fragment {
        types: vec![term(name)],
        ..dinh_ngsild::mutation::Fragment::default()
    };
    dinh_ngsild::mutation::Mutation::Append { fragment, overwrite: true }
}
