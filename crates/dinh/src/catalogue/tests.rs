//! Imports into a graph on the disk.

use std::path::Path;
use std::sync::Arc;

use dinh_context::graph::Options;
use dinh_context::outbound::AllowList;
use dinh_context::packs::Packs;
use dinh_context::{AccessSettings, Context, RandomIds, Session, Settings};
use dinh_model::{ManualClock, Tenant, Term};
use dinh_ngsild::query::EntityQuery;
use dinh_procedures::{Code, graph, read};
use jiff::civil::{Date, date};
use serde_json::{Value as Json, json};

use super::{Imported, Taken, events, import};
use crate::wiring;

async fn context(folder: &Path) -> Context {
    let packs = Packs::embedded().expect("the packs that ship");
    let settings = Settings {
        data: folder.to_path_buf(),
        store: Options::default(),
        access: AccessSettings::of(wiring::rules(&packs).expect("the rules that ship")),
        outbound: AllowList::default(),
        own_addresses: Vec::new(),
    };
    let clock = Arc::new(ManualClock::at("2026-11-20T01:00:00Z".parse().expect("a time")));
    Context::open(settings, packs, clock, Arc::new(RandomIds)).await.expect("a graph")
}

fn record(code: &str, name: &str) -> Json {
    json!({
        "MATTHC": code, "TENTTHC": name, "SOQUYETDINH": "163/QĐ-BTP",
        "LINHVUCTHUCHIEN": [{"TENLINHVUC": "Hộ tịch"}],
        "COQUANTHUCHIEN": [{"TENDONVI": "Ủy ban nhân dân xã"}],
    })
}

async fn bring(session: &Session, records: &[Json], on: Date) -> Imported {
    let reading = read::read(json!(records).to_string().as_bytes()).expect("a readable list");
    let events = events(session.context().packs()).expect("the events that ship");
    import(session, &reading.records, &events, Taken { on, valid_from: None }).await.expect("an import")
}

#[tokio::test]
async fn a_changed_record_becomes_a_new_edition_and_the_old_one_stays() {
    let folder = tempfile::tempdir().expect("a folder");
    let context = context(folder.path()).await;
    let session = context.system("test", Tenant::parse("hue").expect("a name"));
    let first = [record("1.000001", "Đăng ký khai sinh"), record("1.000002", "Đăng ký kết hôn")];
    let (july, november) = (date(2026, 7, 31), date(2026, 11, 20));
    assert_eq!(bring(&session, &first, july).await, Imported { new: 2, ..Imported::default() });
    assert_eq!(bring(&session, &first, november).await, Imported { unchanged: 2, ..Imported::default() });

    let second = [record("1.000001", "Đăng ký khai sinh cho trẻ em"), record("1.000002", "Đăng ký kết hôn")];
    let changed = Imported { changed: 1, unchanged: 1, ..Imported::default() };
    assert_eq!(bring(&session, &second, november).await, changed);

    let code = Code::parse("1.000001").expect("a code");
    let present = session.entity(&graph::id(&code)).await.expect("the procedure");
    assert_eq!(graph::entry(&present.entity).expect("readable").name, "Đăng ký khai sinh cho trẻ em");
    let editions = session.query(EntityQuery::of_type(Term::from(graph::EDITION))).await.expect("editions");
    let mut told: Vec<_> = editions
        .entities
        .iter()
        .map(|stored| graph::edition(&stored.entity).expect("readable"))
        .filter(|(procedure, _)| procedure.code == code)
        .map(|(procedure, edition)| (procedure.name, edition.taken_on, edition.superseded_on))
        .collect();
    told.sort();
    assert_eq!(
        told,
        [
            ("Đăng ký khai sinh".to_owned(), july, Some(november)),
            ("Đăng ký khai sinh cho trẻ em".to_owned(), november, None),
        ]
    );

    // A list that was taken earlier takes nothing back.
    let older = Imported { older: 1, unchanged: 1, ..Imported::default() };
    assert_eq!(bring(&session, &first, july).await, older);
    context.close().await.expect("closed");
}
