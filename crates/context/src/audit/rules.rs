//! The rules of access: who may do what stands in files, so whoever changes the files changes the rights. The audit says
//! when a server began to go by others than before, and which files they were.

use std::collections::BTreeMap;

use dinh_access::{OpenWrites, Privacy};
use dinh_model::Tenant;
use dinh_store::{Act, Commit, Note, Op, hex};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::packs::{ACCESS, Packs};
use crate::{Context, Error};

/// Kind and key of the record that holds what rules were gone by last.
const KIND: &str = "access-rules";
const KEY: &str = "files";
/// Most files that an entry names.
const MOST: usize = 100;

/// SHA-256 of every file that says who may do what, by its path, and the settings beside them by their names.
type Known = BTreeMap<String, String>;

impl Context {
    /// Notes in the audit which files that say who may do what are new, gone or other than when this was called last:
    /// policies, roles, and the types, which say what is personal. For a server to call before it serves; true if there
    /// was something to note.
    pub async fn note_rules(&self, open_writes: OpenWrites, undescribed: Privacy) -> Result<bool, Error> {
        let mut found = known(self.packs())?;
        found.insert("access.open_writes".to_owned(), format!("{open_writes:?}").to_lowercase());
        found.insert("access.undescribed".to_owned(), undescribed.name().to_owned());
        let session = self.system("door", Tenant::default_tenant());
        let kept = session.record(KIND, KEY).await?;
        let before: Known =
            kept.and_then(|record| serde_json::from_value(record.body).ok()).unwrap_or_default();
        if before == found {
            return Ok(false);
        }
        let differing = |of: &Known, to: &Known, both: bool| -> Vec<String> {
            let differs = |name: &&String| match to.get(*name) {
                Some(other) => both && of.get(*name) != Some(other),
                None => !both,
            };
            of.keys().filter(differs).take(MOST).cloned().collect()
        };
        let details = json!({
            "added": differing(&found, &before, false),
            "changed": differing(&found, &before, true),
            "removed": differing(&before, &found, false),
        });
        let note = Note { details, ..Note::of(Act::Policy) };
        let body = serde_json::to_value(&found).unwrap_or_default();
        let record = Op::PutRecord { kind: KIND.to_owned(), key: KEY.to_owned(), body };
        let receipt = session.commit(Commit::atomic(vec![Op::note(note), record])).await?;
        match receipt.results.into_iter().find_map(Result::err) {
            Some(refused) => Err(refused.into()),
            None => Ok(true),
        }
    }
}

fn known(packs: &Packs) -> Result<Known, Error> {
    let mut known = Known::new();
    let mut add = |path: &str, text: &str| {
        known.insert(path.to_owned(), hex(&Sha256::digest(text)));
    };
    for (_pack, file) in packs.policies()? {
        add(&file.path, file.text()?);
    }
    if packs.pack(ACCESS).is_some()
        && let Ok(roles) = packs.file(ACCESS, "roles.toml")
    {
        add(&roles.path, roles.text()?);
    }
    for pack in packs.packs() {
        for file in packs.files(&pack.name, "types", ".json")? {
            add(&file.path, file.text()?);
        }
    }
    Ok(known)
}
