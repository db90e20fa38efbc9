//! The house from within: packs with as many kinds as a unit has in life, its keys, and the people who work in it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result, bail, ensure};
use dinh_access::{AccountKind, Rule};
use dinh_casework::Casework;
use dinh_context::fields::{Fields, Names};
use dinh_context::graph::{Options as StoreOptions, VaultOptions};
use dinh_context::outbound::AllowList;
use dinh_context::packs::Packs;
use dinh_context::{AccessSettings, Context, RandomIds, Settings, SystemClock, SystemRandomness};
use dinh_identity::domain::{Basis, Days, Handle, Position, Role};
use dinh_identity::{
    Answer, Details, Identity, InstallationKey, LogTrail, NewAccount, Origin, Rights, SystemEntropy,
};
use dinh_model::{Attribute, Clock as _, Entity, OneOrMany, Tenant, Term, Value};
use dinh_ngsild::context::Context as LdContext;
use dinh_policies::PolicyFile;

use super::lives::{COPIES, KINDS, UNITS, code, unit};

const PASSWORD: &str = "bảy quả ổi treo lủng lẳng";
/// Changes kept in the feed while loading: nobody follows it.
const FEED: u64 = 20_000;

/// Somebody who works with dossiers.
#[derive(Clone, Debug)]
pub(crate) struct Worker {
    /// Their role.
    pub(crate) role: &'static str,
    /// Their unit.
    pub(crate) unit: u32,
    /// The cookie of their session.
    pub(crate) cookie: String,
}

/// The tenant whose dossiers these are.
pub(crate) fn tenant() -> Result<Tenant> {
    Tenant::parse("hue").context("a tenant")
}

/// A folder with the packs that ship, and copies of three kinds under other codes.
pub(crate) fn packs(folder: &Path) -> Result<PathBuf> {
    let to = folder.join("cases-packs");
    if to.exists() {
        std::fs::remove_dir_all(&to)?;
    }
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../packs"), &to)?;
    let cases = to.join("one-stop/cases");
    for base in KINDS {
        let text = std::fs::read_to_string(cases.join(format!("{base}.toml")))?;
        for copy in 1..=COPIES {
            let own = text.replacen(&format!("code = \"{base}\""), &format!("code = \"{base}-{copy}\""), 1);
            let lines = own.lines().filter(|line| !line.starts_with("procedure = "));
            std::fs::write(cases.join(format!("{base}-{copy}.toml")), lines.collect::<Vec<_>>().join("\n"))?;
        }
    }
    Ok(to)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let path = entry?.path();
        let target = to.join(path.file_name().context("a file has a name")?);
        if path.is_dir() {
            copy(&path, &target)?;
        } else {
            std::fs::copy(&path, &target)?;
        }
    }
    Ok(())
}

/// The graph from within, while no server has it.
pub(crate) struct House {
    pub(crate) context: Context,
    pub(crate) casework: Casework,
    identity: Identity,
}

impl House {
    pub(crate) async fn open(data: &Path, packs: &Path) -> Result<Self> {
        let packs = Packs::from_folder(packs)?;
        let mut keys = data.as_os_str().to_owned();
        keys.push("-keys");
        let keys = PathBuf::from(keys);
        let random = Arc::new(SystemRandomness::default());
        let vault = VaultOptions::new(keys.clone(), key(&keys.join("vault.key"))?, random);
        let settings = Settings {
            data: data.to_owned(),
            store: StoreOptions { vault: Some(vault), feed_max: FEED, ..StoreOptions::default() },
            access: AccessSettings::of(rules(&packs)?),
            outbound: AllowList::default(),
            own_addresses: Vec::new(),
        };
        let context = Context::open(settings, packs, Arc::new(SystemClock), Arc::new(RandomIds)).await?;
        let roles: BTreeSet<String> =
            ["one-stop-officer", "officer", "unit-leader", "clerk"].map(str::to_owned).into_iter().collect();
        let installation = InstallationKey::new(key(&keys.join("installation.key"))?).context("a key")?;
        let identity = Identity::open(
            context.clone(),
            dinh_identity::Settings::new(installation),
            Arc::new(LogTrail),
            Arc::new(SystemEntropy::new()),
        )?;
        Ok(Self { casework: Casework::open(&context, &roles)?, context, identity })
    }

    /// The units, with codes to number by.
    pub(crate) async fn units(&self) -> Result<()> {
        let (names, now) = (Names::default(), SystemClock.now());
        for number in 0..UNITS {
            let mut entity = Entity::new(unit(number), names.of("Unit"), now);
            entity.attributes = Fields::new(&names, now).with("code", code(number)).attributes;
            let name = OneOrMany::One(format!("UBND phường số {number}"));
            let name = Value::Language([("vi".to_owned(), name)].into());
            entity.set(names.of("name"), Attribute::new(name, now));
            self.context.system("bench", tenant()?).create(entity).await?;
        }
        Ok(())
    }

    /// Opens the accounts of people who have a role in a unit.
    pub(crate) async fn employ(&self, people: &[(&'static str, u32)]) -> Result<()> {
        let office = self.identity.office(&self.context.system("bench", tenant()?), &Origin::default())?;
        for (role, number) in people {
            let details = Details {
                name: format!("{role} {number}"),
                email: Some(Handle::email(&address(role, *number))?),
                ..Details::default()
            };
            let new = NewAccount { kind: AccountKind::Official, details, subject: None };
            let opened = office.open(&new).await?;
            let link = opened.link.context("a link")?;
            self.identity.recover(&link, PASSWORD, &Origin::default()).await?;
            let (days, tenant) = (Days::default(), tenant()?);
            let position = Position {
                tenant: tenant.clone(),
                unit: unit(*number),
                title: "Công chức".to_owned(),
                basis: Basis::Held,
                days,
            };
            let role = Role { tenant, code: (*role).to_owned(), unit: None, days };
            let rights = Rights { roles: vec![role], positions: vec![position] };
            office.set_rights(&opened.account.id, &rights).await?;
        }
        Ok(())
    }

    /// Signs people in.
    pub(crate) async fn sign_in(&self, people: &[(&'static str, u32)]) -> Result<Vec<Worker>> {
        let mut workers = Vec::new();
        for (role, number) in people {
            let answer = self.identity.sign_in(&address(role, *number), PASSWORD, &Origin::default()).await?;
            let Answer::SignedIn(signed_in) = answer else { bail!("a second factor was asked for") };
            let cookie = format!("dinh-session={}", signed_in.token);
            workers.push(Worker { role, unit: *number, cookie });
        }
        Ok(workers)
    }

    pub(crate) async fn close(self) -> Result<()> {
        Ok(self.context.close().await?)
    }
}

fn address(role: &str, number: u32) -> String {
    format!("{role}.{number}@hue.gov.vn")
}

/// A key as the server keeps it: 64 hexadecimal digits.
fn key(file: &Path) -> Result<[u8; 32]> {
    let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
    let text = text.trim();
    ensure!(text.len() == 64, "{} holds no key", file.display());
    let byte = |at: usize| u8::from_str_radix(text.get(at * 2..at * 2 + 2).unwrap_or_default(), 16);
    let bytes = (0..32).map(byte).collect::<Result<Vec<u8>, _>>()?;
    bytes.try_into().ok().with_context(|| format!("{} holds no key", file.display()))
}

fn rules(packs: &Packs) -> Result<Vec<Rule>> {
    let files = packs.policies()?;
    let mut texts = Vec::new();
    for (pack, file) in &files {
        texts.push(PolicyFile { path: &file.path, pack, text: file.text()? });
    }
    let term = |name: &str| -> Term { LdContext::core().expand(name) };
    Ok(dinh_policies::read(&texts, &term)?)
}
