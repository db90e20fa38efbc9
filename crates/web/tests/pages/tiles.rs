//! Tiles over HTTP.

use std::io::Read as _;

use http::{Request, header};

use crate::house::House;

fn inflate(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    flate2::read::GzDecoder::new(bytes).read_to_end(&mut plain).expect("is compressed");
    plain
}

/// The tile of zoom level 12 that holds 107.56, 16.46.
pub(crate) const TILE: &str = "/tiles/thu/gauges/12/3271/1858";

#[tokio::test]
async fn a_tile_is_true_until_something_in_its_layer_changes() {
    let house = House::open().await;
    house.gauge("a", "Kim Long", 2.7, 0, 107.56).await;
    let first = house.get(TILE).await;
    assert_eq!(first.status, 200);
    assert_eq!(first.header(header::CONTENT_ENCODING), "gzip");
    let plain = inflate(&first.bytes);
    assert!(plain.windows(8).any(|w| w == "Kim Long".as_bytes()));
    let tag = until_status(&house, 304, first.header(header::ETAG).to_owned()).await;
    house.gauge("a", "Kim Long", 3.1, 0, 107.56).await;
    until_status(&house, 200, tag).await;
}

/// Asks for the tile by its tag until it is answered so; the hub learns of changes a moment after their commit. Gives
/// back the tag of the last answer.
async fn until_status(house: &House, wanted: u16, mut tag: String) -> String {
    for _ in 0..500 {
        let answer = house.ask(Request::get(TILE).header(header::IF_NONE_MATCH, &tag)).await;
        tag = answer.header(header::ETAG).to_owned();
        if answer.status == wanted {
            assert_eq!(answer.bytes.is_empty(), wanted == 304);
            return tag;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    tag.clear();
    assert!(!tag.is_empty(), "the tile was never answered with {wanted}");
    tag
}

#[tokio::test]
async fn what_is_not_there_is_not_drawn() {
    let house = House::open().await;
    for path in [
        "/tiles/thu/none/1/0/0",
        "/tiles/none/gauges/1/0/0",
        "/tiles/thu/gauges/1/2/0",
        "/tiles/thu/gauges/17/0/0",
        "/basemap/1/9/9",
    ] {
        assert_eq!(house.get(path).await.status, 404, "{path}");
    }
    let empty = house.get("/tiles/thu/gauges/12/0/0").await;
    assert_eq!((empty.status, inflate(&empty.bytes).len()), (200, 0));
    assert_eq!(house.get("/basemap/4/12/7").await.status, 200);
}

#[tokio::test]
async fn a_crowd_seen_from_afar_is_counted_without_being_read() {
    let house = House::open().await;
    for i in 0..20 {
        house.gauge(&i.to_string(), "Trạm", 1.0, 0, 107.5 + f64::from(i) * 0.0001).await;
    }
    let plain = inflate(&house.get("/tiles/thu/gauges/5/25/14").await.bytes);
    assert!(!plain.windows(6).any(|w| w == b"Gauge:"), "a cluster names nobody");
    assert!(!plain.is_empty());
}

#[tokio::test]
async fn a_crowd_carries_the_most_severe_class_in_it() {
    // A cluster names its count and then its class: 0 is above alarm level II, 1 is the calm rest.
    let house = House::open().await;
    let crowd = "/tiles/thu/gauges/5/25/14";
    for i in 0..20 {
        house.gauge(&i.to_string(), "Trạm", 1.0, 0, 107.5 + f64::from(i) * 0.0001).await;
    }
    let calm = inflate(&house.get(crowd).await.bytes);
    house.gauge("20", "Trạm", 2.4, 0, 107.5).await;
    let mut alarmed = calm.clone();
    for _ in 0..500 {
        alarmed = inflate(&house.get(crowd).await.bytes);
        if alarmed != calm {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    let class = |tile: &[u8]| {
        // Values of a tile that are whole numbers: field 4 of the layer, a length, field 5 of the value.
        let values: Vec<u8> = tile.windows(4).filter(|w| w[..3] == [0x22, 2, 0x28]).map(|w| w[3]).collect();
        <[u8; 2]>::try_from(values).expect("a count and a class")
    };
    assert_eq!(class(&calm), [20, 1]);
    assert_eq!(class(&alarmed), [21, 0]);
}

#[tokio::test]
async fn layers_tell_their_legends_and_counts() {
    let house = House::open().await;
    house.gauge("a", "Kim Long", 2.7, 0, 107.56).await;
    let answer = house.get("/api/v1/thu/layers").await;
    let layers: serde_json::Value = serde_json::from_slice(&answer.bytes).expect("is JSON");
    let gauges = &layers[0];
    assert_eq!((&gauges["id"], &gauges["count"]), (&"gauges".into(), &1.into()));
    assert_eq!(gauges["types"][0], "Gauge");
    assert_eq!(gauges["value"]["staleAfter"], 10_800);
    assert_eq!(gauges["classes"][0]["title"]["vi"], "Trên báo động II");
    assert_eq!(house.get("/api/v1/none/layers").await.status, 404);
}

#[test]
fn every_shipped_layer_and_the_geography_can_be_read() {
    let packs = dinh_context::packs::Packs::embedded().expect("the packs ship with the program");
    let core = dinh_ngsild::context::Context::core();
    let layers =
        dinh_web::layers::Layers::read(&packs, &|name| core.expand(name)).expect("the layers can be read");
    for province in packs.provinces() {
        let all: Vec<_> = layers.of(&province.tenant).collect();
        assert!(
            all.iter().any(|layer| layer.visible),
            "{}: something is on at the first visit",
            province.tenant
        );
        assert!(all.iter().any(|layer| layer.around.is_some()), "{}: something is near", province.tenant);
    }
    let basemap = dinh_web::tiles::Basemap::read(&packs).expect("the geography can be read");
    let tile = dinh_web::tiles::Address::new(5, 25, 14).expect("there is such a tile");
    let text = String::from_utf8_lossy(&basemap.tile(tile)).into_owned();
    assert!(text.contains("Quần đảo Hoàng Sa (Việt Nam)"));
}
