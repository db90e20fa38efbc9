//! Whoever changes the files that say who may do what changes the rights: the audit says so.

use std::path::Path;
use std::sync::Arc;

use dinh_access::{OpenWrites, Principal, Privacy, Purpose};
use dinh_context::graph::AuditQuery;
use dinh_context::outbound::AllowList;
use dinh_context::packs::Packs;
use dinh_context::{AccessSettings, Context, RandomIds, Settings, SystemClock};
use dinh_model::Tenant;
use serde_json::{Value as Json, json};

const TYPE: &str = r#"{"title": "Well", "type": "object", "x-dinh": {"privacy": "open"}, "properties": {}}"#;

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

/// Opens the graph with the packs as they are now and tells whether something was noted.
async fn noted(folder: &Path, undescribed: Privacy) -> (bool, Vec<Json>) {
    let settings = Settings {
        data: folder.join("graph"),
        store: dinh_context::graph::Options::default(),
        access: AccessSettings::of(Vec::new()),
        outbound: AllowList::default(),
        own_addresses: Vec::new(),
    };
    let packs = Packs::from_folder(&folder.join("packs")).unwrap();
    let context = Context::open(settings, packs, Arc::new(SystemClock), Arc::new(RandomIds)).await.unwrap();
    let noted = context.note_rules(OpenWrites::Local, undescribed).await.unwrap();
    let auditor = Principal::System("audit".into());
    let session = context.session(auditor, Tenant::default_tenant(), Purpose::Maintenance);
    let query = AuditQuery { action: Some("policy".to_owned()), ..AuditQuery::latest(10) };
    let entries = session.audit(query).await.unwrap().entries;
    let details = entries.into_iter().filter_map(|entry| match entry.what {
        dinh_context::graph::What::Noted(note) => Some(note.details),
        dinh_context::graph::What::Did(_) => None,
    });
    let details = details.collect();
    context.close().await.unwrap();
    (noted, details)
}

#[tokio::test]
async fn a_change_of_the_rules_is_in_the_audit_and_their_sameness_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let packs = folder.path().join("packs");
    let pack = "name = \"wells\"\nversion = \"1.0.0\"\ntitle = { vi = \"Giếng\", en = \"Wells\" }\n";
    write(&packs, "wells/pack.toml", pack);
    write(&packs, "wells/types/Well.json", TYPE);
    write(&packs, "wells/policies/wells.cedar", "// nothing yet\n");
    let (first, details) = noted(folder.path(), Privacy::Internal).await;
    assert!(first);
    assert!(details[0]["added"].to_string().contains("wells/policies/wells.cedar"), "{details:?}");
    assert!(!noted(folder.path(), Privacy::Internal).await.0, "the same files say the same");

    write(&packs, "wells/types/Well.json", &TYPE.replace("open", "personal"));
    std::fs::remove_file(packs.join("wells/policies/wells.cedar")).unwrap();
    let (again, details) = noted(folder.path(), Privacy::Open).await;
    assert!(again);
    assert_eq!(
        details[0],
        json!({"added": [], "changed": ["access.undescribed", "wells/types/Well.json"],
            "removed": ["wells/policies/wells.cedar"]})
    );
}
