//! Signing a batch: documents of one ward, numbered as in life, signed by whoever decides, then sealed and issued by the
//! records clerk, each with one confirmation and a key that is kept here. Measured from within: over HTTP it is the same
//! facade, behind two requests.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use dinh_access::{Account, AccountKind, Principal, Purpose};
use dinh_cases::Channel;
use dinh_casework::{Applicant, ApplicantKind, AtDesk, Filing, templates};
use dinh_context::Session;
use dinh_documents::Standing;
use dinh_e2e::{Authority, Server};
use dinh_model::EntityId;
use dinh_signatory::{Done, Signatory};
use dinh_signing::signatures::Subject;
use dinh_signing::{Key, KeyUse, NewKey, Place, SealKey, Settings, Signing, TrustList};
use dinh_typeset::Press;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use serde_json::json;

use super::house::{self, House};
use super::lives::unit;
use crate::options::Options;
use crate::report::{Report, Row, say};

/// Documents of the batch.
const DOCUMENTS: usize = 1_000;
/// Dossiers that are taken to their numbers beside one another.
const BESIDE: usize = 16;
/// The way of a dossier until its document has a number: who, with which role, does what.
const WAY: [(&str, &str, &str); 5] = [
    ("desk", "one-stop-officer", "accept"),
    ("handler", "officer", "start"),
    ("handler", "officer", "submit"),
    ("leader", "unit-leader", "approve"),
    ("records", "clerk", "register"),
];

/// All of it.
pub(crate) async fn measure(options: &Options, report: &mut Report) -> Result<()> {
    let folder = options.work_folder()?;
    let (data, packs) = (folder.join("signs"), house::packs(&folder)?);
    drop(std::fs::remove_dir_all(&data));
    Server::start_in(&data, &["--packs".as_ref(), packs.as_os_str()]).await?.stop().await?;
    let house = House::open(&data, &packs).await?;
    house.units().await?;
    let press = Press::new(templates(house.context.packs())?)?;
    house.casework.set_press(Arc::new(press), "https://dichvu.example");
    say(&format!("Numbering {DOCUMENTS} documents of one ward"));
    let numbered = stream::iter(0..DOCUMENTS).map(|number| numbered(&house, number)).buffer_unordered(BESIDE);
    numbered.try_collect::<Vec<()>>().await?;
    let documents = waiting(&house).await?;
    ensure!(documents.len() == DOCUMENTS, "{} documents wait", documents.len());
    let authority = Authority::new()?;
    let signing = signing(&house, &authority)?;
    let signatory = Signatory::new(&house.casework, &signing);
    let own = key(&house, &signing, &authority, (KeyUse::Personal, "leader")).await?;
    let seal = key(&house, &signing, &authority, (KeyUse::Seal, "records")).await?;
    for (key, who, role, issue, name) in [
        (own, "leader", "unit-leader", false, "signed by whoever decides"),
        (seal, "records", "clerk", true, "sealed and issued"),
    ] {
        let begun = Instant::now();
        let done = signatory.sign(&session(&house, who, role)?, &key.id, (&documents, issue)).await?;
        let took = begun.elapsed().as_secs_f64();
        let failed = |done: &&Done| done.signed.is_err() || issue && !matches!(done.issued, Some(Ok(())));
        ensure!(!done.iter().any(|one| failed(&one)), "{:?}", done.iter().find(failed));
        let name = format!("{DOCUMENTS} documents {name} in a batch");
        report.add(if issue { Row::figure(name, took, "s") } else { Row::under(name, took, "s", 60.0) });
    }
    house.close().await
}

fn session(house: &House, id: &str, role: &str) -> Result<Session> {
    let account = Account {
        id: id.into(),
        kind: AccountKind::Official,
        roles: [role.into()].into(),
        units: [unit(0).as_str().into()].into(),
        assurance: 2,
        stepped_up: true,
        ..Account::default()
    };
    let principal = Principal::Account(Arc::new(account));
    Ok(house.context.session(principal, house::tenant()?, Purpose::Operations))
}

/// Files a dossier and takes it so far that its document has a number.
async fn numbered(house: &House, number: usize) -> Result<()> {
    let filed = house.casework.file(&session(house, &format!("citizen-{number}"), "")?, copies()).await?;
    let mut dossier = filed.dossier;
    for (who, role, action) in WAY {
        let (session, on) = (session(house, who, role)?, (&dossier.id, dossier.version));
        let done = house.casework.act(&session, on, action, BTreeMap::new(), BTreeMap::new()).await;
        dossier = done.context(action)?;
    }
    Ok(())
}

fn copies() -> Filing {
    Filing {
        kind: "civil-status-copy".to_owned(),
        channel: Channel::Online,
        answers: json!({"copies": 2}).as_object().cloned().unwrap_or_default(),
        parts: BTreeMap::new(),
        applicant: Applicant {
            kind: ApplicantKind::Person,
            name: "Trần Thị An".to_owned(),
            subject: None,
            number: Some("046184001234".to_owned()),
            telephone: None,
            email: None,
            address: None,
            by: None,
            by_number: None,
        },
        receiving: unit(0),
        competent: None,
        at_desk: AtDesk::default(),
        parent: None,
        once: None,
    }
}

/// The documents that wait to be signed.
async fn waiting(house: &House) -> Result<Vec<EntityId>> {
    let (clerk, mut all) = (session(house, "records", "clerk")?, BTreeSet::new());
    loop {
        let page = (all.len(), 100);
        let found = house.casework.documents_of_units(&clerk, Some(Standing::Numbered), page).await?;
        if found.documents.is_empty() {
            return Ok(all.into_iter().collect());
        }
        all.extend(found.documents.into_iter().map(|one| one.id));
    }
}

fn signing(house: &House, authority: &Authority) -> Result<Signing> {
    let list = authority.trust();
    let folder = list.parent().context("a folder")?;
    let read = |file: &str| std::fs::read(folder.join(file));
    let trust = TrustList::read(&std::fs::read_to_string(&list)?, &read)?;
    Ok(Signing::new(&house.context, Settings { trust, seal: SealKey::new(&[5; 32]), ..Settings::default() }))
}

/// A key that is kept here, with its certificate.
async fn key(
    house: &House,
    signing: &Signing,
    authority: &Authority,
    (purpose, holder): (KeyUse, &str),
) -> Result<Key> {
    let admin = session(house, "admin", "administrator")?;
    let subject = Subject {
        name: "Nguyen Van Bao".to_owned(),
        organisation: None,
        unit: None,
        country: "VN".to_owned(),
    };
    let new = NewKey {
        title: holder.to_owned(),
        purpose,
        unit: Some(unit(0)),
        holders: vec![holder.to_owned()],
        place: Place::Software,
        subject,
    };
    let key = signing.make(&admin, new).await?;
    let certificate = authority.certify(key.request.as_deref().context("a request")?.as_bytes())?;
    Ok(signing.certify(&admin, &key.id, &certificate).await?)
}
