//! What is sealed opens in its place, with its key, and nowhere else.

#[path = "../../tests/support/counting.rs"]
mod counting;

use std::path::Path;
use std::sync::Arc;

use dinh_model::{Attribute, Entity, EntityId, Tenant, Term, Timestamp, Value};
use proptest::prelude::*;
use tempfile::TempDir;

use counting::Counting;

use super::*;
use crate::Error;
use crate::codec::{Envelope, Opener as _, Spot};
use crate::names::{Names, SharedNames};

/// Attributes whose names begin with `s` are sealed.
#[derive(Debug)]
struct Secret;

impl Marks for Secret {
    fn any_sealed(&self, types: &[Term]) -> bool {
        types.iter().any(|t| t.as_str() == "Person")
    }

    fn sealed(&self, types: &[Term], attribute: &Term) -> bool {
        self.any_sealed(types) && attribute.as_str().starts_with('s')
    }

    fn searched(&self, _types: &[Term], _attribute: &Term) -> bool {
        false
    }

    fn subjects(&self, _entity: &Entity) -> Vec<EntityId> {
        Vec::new()
    }
}

const NOW: Timestamp = Timestamp::from_micros(1_790_000_000_000_000);

fn options(folder: &Path, master: u8) -> VaultOptions {
    let random = Arc::new(Counting::from(u64::from(master)));
    VaultOptions { marks: Arc::new(Secret), ..VaultOptions::new(folder, [master; 32], random) }
}

fn tenant(name: &str) -> Tenant {
    Tenant::parse(name).unwrap()
}

fn person(name: &str) -> Entity {
    let mut person = Entity::new(EntityId::trusted(name), Term::from("Person"), NOW);
    person.set(Term::from("secret"), Attribute::new(Value::Property("x".into()), NOW));
    person
}

fn spot<'a>(entity: &'a str, attribute: &'a str, base: i64) -> Spot<'a> {
    Spot { entity, attribute, base: Timestamp::from_micros(base) }
}

fn tenants() -> SharedNames {
    SharedNames::new(Names::load(["hue", "ha-noi"].map(str::to_owned).into_iter()))
}

#[test]
fn the_wrong_master_key_is_told_at_once() {
    let folder = TempDir::new().unwrap();
    drop(Vault::open(&options(folder.path(), 1), NOW).unwrap());
    let wrong = Vault::open(&options(folder.path(), 2), NOW).err().unwrap();
    assert!(matches!(wrong, Error::WrongMaster(_)), "{wrong}");
    assert!(Vault::open(&options(folder.path(), 1), NOW).is_ok());
}

#[test]
fn keys_come_back_are_not_lost_with_a_group_and_stay_destroyed() {
    let folder = TempDir::new().unwrap();
    let open = || Arc::new(Vault::open(&options(folder.path(), 1), NOW).unwrap());
    let hue = tenant("hue");
    let vault = open();
    let number = |vault: &Arc<Vault>, who: &str| {
        let sealing = vault.sealing(&hue, &person(who), NOW).unwrap().unwrap();
        sealing.seal(&Term::from("secret"), NOW, b"plain".to_vec()).unwrap().key
    };
    assert_eq!((number(&vault, "urn:x:1"), number(&vault, "urn:x:1")), (1, 1));
    vault.undo();
    assert_eq!(vault.flush().unwrap(), None, "the group was not committed");
    assert_eq!(number(&vault, "urn:x:1"), 2, "and its key is not given out again");
    assert_eq!(vault.flush().unwrap(), Some(2));
    drop(vault);
    let vault = open();
    assert_eq!((number(&vault, "urn:x:1"), number(&vault, "urn:x:2")), (2, 3));
    vault.flush().unwrap();
    vault.destroy(&[2], 0, NOW).unwrap();
    assert_eq!(number(&vault, "urn:x:1"), 4, "a destroyed key is not used again");
    drop(vault);
    let vault = open();
    assert!(vault.cipher(2).unwrap().is_none() && vault.cipher(3).unwrap().is_some());
    assert!(matches!(vault.cipher(9), Err(Error::Damaged(_))), "never made");
    assert_eq!(vault.last_key().unwrap(), 3);
}

#[test]
fn a_destroyed_key_is_not_in_the_files() {
    let folder = TempDir::new().unwrap();
    let vault = Arc::new(Vault::open(&options(folder.path(), 1), NOW).unwrap());
    vault.sealing(&tenant("hue"), &person("urn:x:1"), NOW).unwrap();
    vault.flush().unwrap();
    let wrapped: Vec<u8> =
        vault.writing().query_row("SELECT wrapped FROM key", [], |row| row.get(0)).unwrap();
    let held = || {
        let files = std::fs::read_dir(folder.path()).unwrap();
        let bytes = files.map(|file| std::fs::read(file.unwrap().path()).unwrap());
        bytes
            .flat_map(|bytes| bytes.windows(wrapped.len()).map(<[u8]>::to_vec).collect::<Vec<_>>())
            .any(|window| window == wrapped)
    };
    assert!(held());
    vault.destroy(&[1], 0, NOW).unwrap();
    assert!(!held());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_sealed_opens_in_its_place_alone(
        plain in prop::collection::vec(any::<u8>(), 0..200),
        base in any::<i64>(),
        flip in any::<prop::sample::Index>(),
    ) {
        let folder = TempDir::new().unwrap();
        let vault = Arc::new(Vault::open(&options(folder.path(), 1), NOW).unwrap());
        let sealing = vault.sealing(&tenant("hue"), &person("urn:x:1"), NOW).unwrap().unwrap();
        let secret = Term::from("secret");
        let at = Timestamp::from_micros(base);
        let one = sealing.seal(&secret, at, plain.clone()).unwrap();
        let two = sealing.seal(&secret, at, plain.clone()).unwrap();
        prop_assert_ne!(one.nonce, two.nonce);
        let names = tenants();
        let of = |tenant| Opening { vault: Some(&vault), tenants: &names, tenant };
        for envelope in [&one, &two] {
            prop_assert_eq!(of(1).open(&spot("urn:x:1", "secret", base), envelope).unwrap(), Some(plain.clone()));
        }
        prop_assert!(of(2).open(&spot("urn:x:1", "secret", base), &one).is_err(), "another tenant");
        for elsewhere in [
            spot("urn:x:2", "secret", base),
            spot("urn:x:1", "second", base),
            spot("urn:x:1", "secret", base.wrapping_add(1)),
        ] {
            prop_assert!(of(1).open(&elsewhere, &one).is_err());
        }
        let mut sealed = one.sealed.into_owned();
        let at = flip.index(sealed.len());
        sealed[at] ^= 1;
        let bent = Envelope { sealed: sealed.into(), ..one };
        prop_assert!(of(1).open(&spot("urn:x:1", "secret", base), &bent).is_err());
        vault.flush().unwrap();
        vault.destroy(&[1], 0, NOW).unwrap();
        prop_assert_eq!(of(1).open(&spot("urn:x:1", "secret", base), &two).unwrap(), None);
    }
}
