//! The sink that feeds write to in production, on a graph on the disk.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use dinh_context::graph::{HistoryQuery, Options};
use dinh_context::outbound::{AllowList, Outbound};
use dinh_context::packs::Packs;
use dinh_context::{AccessSettings, Context, RandomIds, Session, Settings};
use dinh_feeds::definition::FeedName;
use dinh_feeds::sink::{FeedKey, Sink as _};
use dinh_feeds::{CorrectError, FeedPlan, Feeds, FeedsSetup};
use dinh_model::{Clock as _, Entity, EntityId, ManualClock, Tenant, Term};
use dinh_ngsild::query::EntityQuery;
use serde_json::{Value as Json, json};

use super::GraphSink;
use crate::config::Config;
use crate::wiring;

const PACK: &str = "name = \"thu\"\nversion = \"0.0.1\"\ntitle = { vi = \"Gói thử\", en = \"Trial pack\" }\n";
const TYPE: &str = r#"{"title": "RiverGauge", "type": "object",
  "x-dinh": {"title": {"vi": "Trạm thủy văn", "en": "River gauge"}},
  "properties": {
    "name": {"type": "string", "maxLength": 20, "x-dinh": {"title": {"vi": "Tên", "en": "Name"}, "search": true}},
    "waterLevel": {"type": "number", "maximum": 30,
      "x-dinh": {"title": {"vi": "Mực nước", "en": "Water level"}, "index": true}}}}"#;
const MAP: &str = r#"
title = { vi = "Nguồn thử", en = "Trial feed" }
owner = { vi = "Phòng thử", en = "Test room" }
[map]
type = "RiverGauge"
id = "urn:ngsi-ld:RiverGauge:{id}"
observed_at = { field = "time" }
[[map.attribute]]
name = "name"
field = "name"
timeless = true
[[map.attribute]]
name = "waterLevel"
field = "level"
type = "number"
unit = "MTR"
[[map.attribute]]
name = "location"
kind = "geo"
field = "place"
timeless = true
"#;
const PUSH: &str = "[source]\nkind = \"http-push\"\n";
const FILE: &str = "[source]\nkind = \"file\"\npath = \"data/gauges.csv\"\n";
const REPLAY: &str = "[source]\nkind = \"replay\"\npath = \"data/levels.csv\"\ntime_column = \"time\"\n\
                      start = \"2025-10-01T00:00:00Z\"\nspeed = 60.0\n";

/// A graph in a folder, and feeds that write to it.
struct House {
    context: Context,
    feeds: Feeds,
    clock: Arc<ManualClock>,
}

/// Writes the packs of the tests to `folder`.
fn write_packs(folder: &Path) {
    let write = |path: &str, text: &str| {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, text).expect("written");
    };
    write("thu/pack.toml", PACK);
    write("thu/types/RiverGauge.json", TYPE);
    // Tables come last in TOML, so the source stands between the titles and the map.
    let (titles, map) = MAP.split_at(MAP.find("[map]").expect("a map"));
    for (name, source) in [("day", PUSH), ("tep", FILE), ("phat-lai", REPLAY)] {
        write(&format!("thu/feeds/{name}.toml"), &format!("{titles}{source}{map}"));
    }
    write("thu/data/gauges.csv", "id,name\nx,Trạm X\ny,Trạm Y\n");
    let levels = (0..60).map(|minute| format!("r,2025-10-01T00:{minute:02}:00Z,{}.5\n", minute % 5));
    write("thu/data/levels.csv", &format!("id,time,level\n{}", levels.collect::<String>()));
}

impl House {
    async fn open(folder: &Path, feeds: &[&str], now: &str) -> Self {
        let packs = Packs::from_folder(&folder.join("packs")).expect("packs");
        let clock = Arc::new(ManualClock::at(now.parse().expect("a time")));
        let settings = Settings {
            data: folder.join("data"),
            store: Options::default(),
            access: AccessSettings::of(wiring::rules(&packs).expect("rules")),
            outbound: AllowList::default(),
            own_addresses: Vec::new(),
        };
        let context =
            Context::open(settings, packs.clone(), clock.clone(), Arc::new(RandomIds)).await.expect("open");
        let sink = Arc::new(GraphSink::new(context.clone()));
        let outbound = Outbound::new(AllowList::default()).expect("a way out");
        let setup = wiring::feeds_setup(&Config::default(), &packs, outbound, sink).expect("a setup");
        let setup = FeedsSetup { clock: clock.clone(), ..setup };
        let plans = feeds.iter().map(|feed| {
            let (definition, files) = wiring::plan(&packs, &format!("thu/{feed}")).expect("a feed");
            FeedPlan { tenant: tenant(), definition, files }
        });
        let (feeds, refused) = Feeds::start(&setup, plans.collect());
        assert!(refused.is_empty(), "{refused:?}");
        Self { context, feeds, clock }
    }

    /// Pushes records; returns how many were accepted and rejected.
    async fn push(&self, records: &Json) -> (usize, usize) {
        let body = records.to_string().into_bytes();
        let report = self.feeds.push(&key("day"), "application/json", body).await.expect("pushed");
        (report.accepted, report.rejected)
    }

    fn session(&self) -> Session {
        self.context.system("test", tenant())
    }

    async fn gauge(&self, name: &str) -> Option<Arc<Entity>> {
        let query = EntityQuery { ids: vec![id(name)], limit: 1, ..EntityQuery::default() };
        self.session()
            .query(query)
            .await
            .expect("asked")
            .entities
            .into_iter()
            .next()
            .map(|found| found.entity)
    }

    async fn level(&self, name: &str) -> Option<f64> {
        self.gauge(name).await?.attribute(&term("waterLevel"))?.number()
    }

    /// The history of a level, oldest first.
    async fn levels(&self, name: &str) -> Vec<(String, f64)> {
        let query = HistoryQuery {
            attributes: vec![term("waterLevel").into()],
            limit: 1_000,
            ..HistoryQuery::of(id(name))
        };
        let history = self.session().history(query).await.expect("asked");
        let seen = history.series.iter().flat_map(|series| &series.observations);
        let mut all: Vec<(String, f64)> =
            seen.filter_map(|one| Some((one.observed_at?.to_string(), one.number()?))).collect();
        all.sort_by(|a, b| a.0.cmp(&b.0));
        all
    }

    /// Changes of gauges in the change feed: name, version and how many attribute instances.
    async fn changes(&self) -> Vec<(String, u64, usize)> {
        let feed = self.context.feed("test").expect("may follow");
        let all = feed.changes(0, 10_000).await.expect("read");
        let gauges = all.iter().filter_map(|recorded| {
            let name = recorded.change.entity.as_str().strip_prefix("urn:ngsi-ld:RiverGauge:")?;
            Some((name.to_owned(), recorded.change.version, recorded.change.attributes.len()))
        });
        gauges.collect()
    }

    /// Waits until `test` holds of the health of a feed.
    async fn until(&self, feed: &str, test: impl Fn(&dinh_feeds::FeedHealth) -> bool) {
        let wait = async {
            while !self.feeds.health_of(&key(feed)).is_some_and(|health| test(&health)) {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        assert!(
            tokio::time::timeout(Duration::from_secs(30), wait).await.is_ok(),
            "waited in vain for {feed}"
        );
    }

    /// Stops everything; the graph must be in order.
    async fn close(self) {
        self.feeds.stop().await;
        let report = self.context.verify().await.expect("verified");
        assert!(report.is_clean(), "{report:?}");
        self.context.close().await.expect("closed");
    }
}

fn tenant() -> Tenant {
    Tenant::parse("thu").expect("a tenant")
}

fn key(feed: &str) -> FeedKey {
    FeedKey::new(tenant(), FeedName::new("thu", feed))
}

fn id(name: &str) -> EntityId {
    EntityId::parse(&format!("urn:ngsi-ld:RiverGauge:{name}")).expect("a URI")
}

fn term(name: &str) -> String {
    wiring::vocabulary().term(name).as_str().to_owned()
}

fn record(id: &str, hour: u32, level: f64) -> Json {
    json!({"id": id, "time": format!("2026-10-01T{hour:02}:00:00Z"), "level": level, "name": format!("Trạm {id}")})
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    write_packs(&folder.path().join("packs"));
    folder
}

const NOW: &str = "2026-10-01T12:00:00Z";

#[tokio::test]
async fn a_record_is_one_change_of_its_entity_whatever_came_before() {
    let folder = folder();
    let house = House::open(folder.path(), &["day"], NOW).await;
    assert_eq!(house.push(&json!([record("a", 8, 1.0)])).await, (1, 0));
    assert_eq!(house.push(&json!([record("a", 9, 1.5)])).await, (1, 0));
    assert_eq!(house.changes().await, [("a".to_owned(), 1, 4), ("a".to_owned(), 2, 1)]);
    let created = house.gauge("a").await.expect("there");
    assert!(created.attribute(&term("dataProvider")).is_some());

    // Late: into the history, not into the present; one change, at the end of which the level is as it was.
    assert_eq!(house.push(&json!([record("a", 7, 0.5)])).await, (1, 0));
    assert_eq!(house.level("a").await, Some(1.5));
    assert_eq!(house.changes().await.last(), Some(&("a".to_owned(), 3, 2)));
    let hours = |all: Vec<(String, f64)>| {
        all.iter().map(|(at, v)| (at.get(11..13).unwrap_or_default().to_owned(), *v)).collect::<Vec<_>>()
    };
    let expected = [("07".to_owned(), 0.5), ("08".to_owned(), 1.0), ("09".to_owned(), 1.5)];
    assert_eq!(hours(house.levels("a").await), expected);
    assert_eq!(house.feeds.health_of(&key("day")).expect("runs").late, 1);

    // Nothing new is no change at all.
    assert_eq!(house.push(&json!([record("a", 9, 1.5)])).await, (1, 0));
    assert_eq!(house.changes().await.len(), 3);
    house.close().await;
}

#[tokio::test]
async fn several_records_of_a_new_entity_keep_their_order() {
    let folder = folder();
    let house = House::open(folder.path(), &["day"], NOW).await;
    let records =
        json!([record("a", 8, 1.0), record("b", 8, 7.0), record("a", 9, 1.5), record("a", 10, 2.0)]);
    assert_eq!(house.push(&records).await, (4, 0));
    assert_eq!(house.level("a").await, Some(2.0));
    let changes = house.changes().await;
    assert_eq!(changes.iter().filter(|(name, ..)| name == "a").count(), 3, "{changes:?}");
    assert_eq!(house.levels("a").await.len(), 3);
    house.close().await;
}

#[tokio::test]
async fn an_entity_that_others_deleted_or_made_is_written_all_the_same() {
    let folder = folder();
    let house = House::open(folder.path(), &["day"], NOW).await;
    house.push(&json!([record("a", 8, 1.0)])).await;
    house.session().delete(id("a")).await.expect("deleted");
    assert_eq!(house.push(&json!([record("a", 9, 1.5), record("a", 10, 2.0)])).await, (2, 0));
    assert_eq!(house.level("a").await, Some(2.0));
    assert!(house.gauge("a").await.expect("there").attribute(&term("dataProvider")).is_some());

    let now = house.clock.now();
    house.session().create(Entity::new(id("b"), Term::from(term("RiverGauge")), now)).await.expect("made");
    assert_eq!(house.push(&json!([record("b", 9, 3.5)])).await, (1, 0));
    assert_eq!(house.level("b").await, Some(3.5));
    assert!(
        house.gauge("b").await.expect("there").attribute(&term("dataProvider")).is_none(),
        "made by others"
    );

    // Gone meanwhile: what comes late is then all that there is.
    house.session().delete(id("a")).await.expect("deleted");
    assert_eq!(house.push(&json!([record("a", 6, 0.1)])).await, (1, 0));
    assert_eq!(house.level("a").await, Some(0.1));
    assert_eq!(house.push(&json!([record("a", 7, 0.2)])).await, (1, 0));
    assert_eq!(house.level("a").await, Some(0.2));
    house.close().await;
}

#[tokio::test]
async fn what_the_type_refuses_is_told_in_both_languages_and_can_be_corrected() {
    let folder = folder();
    let house = House::open(folder.path(), &["day"], NOW).await;
    let mut long = record("c", 8, 1.0);
    long["name"] = json!("Trạm có tên quá dài so với quy định");
    let mut place = record("d", 8, 1.0);
    place["place"] = json!({"type": "Point", "coordinates": [16.4, 107.5]});
    let records = json!([record("a", 8, 1.0), record("b", 8, 99.5), long, place]);
    assert_eq!(house.push(&records).await, (1, 3));
    let letters = house.feeds.dead_letters(&key("day"), 0, 10).await.expect("read");
    let mut told: Vec<_> = letters.iter().map(|letter| &letter.rejection).collect();
    told.sort_by(|a, b| a.field.cmp(&b.field));
    let facts: Vec<_> = told.iter().map(|one| (one.field.as_str(), one.rule.as_str())).collect();
    assert_eq!(facts, [("name", "maxLength"), ("place", "geometry"), ("waterLevel", "maximum")]);
    assert_eq!(told[2].reason.vi, "“Mực nước” không được lớn hơn 30 (quy định của loại Trạm thủy văn)");
    assert_eq!(
        told[2].reason.en,
        "\"Water level\" must not be more than 30 (a rule of the type River gauge)"
    );
    assert_eq!(
        told[1].reason.vi,
        "hình học không hợp lệ: vị trí [16.4, 107.5] vượt quá kinh độ ±180 hoặc vĩ độ ±90; thứ tự là kinh độ trước, \
         vĩ độ sau"
    );
    assert_eq!(house.level("b").await, None);

    let letter = letters.iter().find(|one| one.rejection.field == "waterLevel").expect("the level's");
    let still = house.feeds.correct(&key("day"), letter.id, Some(record("b", 8, 88.5))).await;
    assert!(matches!(still, Err(CorrectError::StillWrong(_))), "{still:?}");
    house.feeds.correct(&key("day"), letter.id, Some(record("b", 8, 9.95))).await.expect("corrected");
    assert_eq!(house.level("b").await, Some(9.95));
    assert_eq!(house.feeds.dead_letters(&key("day"), 0, 10).await.expect("read").len(), 2);
    house.close().await;
}

#[tokio::test]
async fn a_restart_goes_on_where_it_stopped() {
    let folder = folder();
    let feeds = ["tep", "phat-lai"];
    let house = House::open(folder.path(), &feeds, NOW).await;
    house.until("tep", |health| health.finished).await;
    house.until("phat-lai", |health| health.accepted >= 1).await;
    house.clock.advance(10_000_000);
    house.until("phat-lai", |health| health.accepted >= 11).await;
    let (before, played) = (house.changes().await, house.levels("r").await);
    assert_eq!(played.len(), 11, "ten seconds are ten minutes of the recording");
    house.close().await;

    let house = House::open(folder.path(), &feeds, "2026-10-01T12:00:10Z").await;
    house.until("tep", |health| health.finished).await;
    assert_eq!(house.feeds.health_of(&key("tep")).expect("runs").received, 0, "the file is known");
    house.clock.advance(1_000_000);
    house.until("phat-lai", |health| health.accepted >= 1).await;
    assert_eq!(house.feeds.health_of(&key("phat-lai")).expect("runs").received, 1, "nothing is played twice");
    assert_eq!(house.levels("r").await.len(), 12);
    assert_eq!(house.changes().await.len(), before.len() + 1);
    let saved =
        GraphSink::new(house.context.clone()).record(&tenant(), "feed-state", "thu/phat-lai/replay").await;
    assert!(saved.expect("read").is_some_and(|state| state["row"] == json!(12)));
    house.close().await;
}
