//! A house with the packs that ship: a ward with an account at a bank, its people, and a citizen.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use dinh_access::{Account, AccountKind, Principal, Purpose};
use dinh_cases::Channel;
use dinh_casework::{Applicant, ApplicantKind, AtDesk, Casework, Dossier, Filing};
use dinh_context::fields::{Fields, Names};
use dinh_context::graph::{Options, VaultOptions};
use dinh_context::outbound::AllowList;
use dinh_context::packs::Packs;
use dinh_context::{AccessSettings, Context, Session, Settings, SystemRandomness};
use dinh_model::{Clock as _, Entity, EntityId, Iri, ManualClock, Tenant, Term};
use dinh_ngsild::context::Context as LdContext;
use dinh_payments::{BillState, Error, Imported, NewAccount, Payments, Upload};
use dinh_policies::PolicyFile;
use serde_json::json;
use tempfile::TempDir;

pub(crate) const WARD: &str = "Unit:phuong-1";
pub(crate) const OTHER: &str = "Unit:phuong-2";
pub(crate) const BANK: &str = "970436/1031933430";

pub(crate) struct House {
    pub(crate) context: Context,
    pub(crate) casework: Casework,
    pub(crate) payments: Payments,
    pub(crate) clock: Arc<ManualClock>,
    folder: TempDir,
}

impl House {
    /// Monday, 23 November 2026, eight o'clock in Viet Nam. The ward has an account at a bank.
    pub(crate) async fn open() -> Self {
        let folder = TempDir::new().unwrap();
        let clock = Arc::new(ManualClock::at("2026-11-23T01:00:00Z".parse().unwrap()));
        let (context, casework, payments) = at(&folder, &clock).await;
        let house = Self { context, casework, payments, clock, folder };
        let names = Names::default();
        for (unit, code) in [(WARD, "H57.20.01"), (OTHER, "H57.20.02")] {
            let mut entity = Entity::new(urn(unit), names.of("Unit"), house.clock.now());
            entity.attributes = Fields::new(&names, house.clock.now()).with("code", code).attributes;
            let name = dinh_model::Value::Language(
                [("vi".to_owned(), dinh_model::OneOrMany::One("Phường".to_owned()))].into(),
            );
            entity.set(names.of("name"), dinh_model::Attribute::new(name, house.clock.now()));
            house.context.system("test", hue()).create(entity).await.unwrap();
        }
        let new = NewAccount {
            unit: urn(WARD),
            bin: "970436".to_owned(),
            number: "1031933430".to_owned(),
            holder: "UBND PHUONG 1".to_owned(),
            bank: "Ngân hàng A".to_owned(),
            profile: Some("generic".to_owned()),
            valid_from: "2026-01-01".parse().unwrap(),
        };
        house.payments.put_account(&house.administrator(), new).await.unwrap();
        house
    }

    /// The same folder, opened again.
    pub(crate) async fn again(self) -> Self {
        self.context.close().await.unwrap();
        let (context, casework, payments) = at(&self.folder, &self.clock).await;
        Self { context, casework, payments, ..self }
    }

    pub(crate) fn citizen(&self, name: &str) -> Session {
        self.session(Account { id: name.into(), assurance: 1, ..Account::default() })
    }

    pub(crate) fn official(&self, name: &str, role: &str, unit: &str) -> Session {
        self.session(Account {
            id: name.into(),
            kind: AccountKind::Official,
            roles: [role.into()].into(),
            units: [urn(unit).as_str().into()].into(),
            assurance: 2,
            stepped_up: true,
            ..Account::default()
        })
    }

    pub(crate) fn clerk(&self) -> Session {
        self.official("clerk", "one-stop-officer", WARD)
    }

    pub(crate) fn treasurer(&self) -> Session {
        self.official("treasurer", "treasurer", WARD)
    }

    pub(crate) fn leader(&self) -> Session {
        self.official("leader", "unit-leader", WARD)
    }

    pub(crate) fn administrator(&self) -> Session {
        self.official("admin", "administrator", WARD)
    }

    fn session(&self, account: Account) -> Session {
        self.context.session(Principal::Account(Arc::new(account)), hue(), Purpose::Operations)
    }

    /// A household business that is registered online: 150.000 đ, to be paid at once.
    pub(crate) async fn business(&self, name: &str) -> Dossier {
        self.casework.file(&self.citizen(name), business()).await.unwrap().dossier
    }

    /// The one bill of a dossier, as whoever filed it sees it.
    pub(crate) async fn bill(&self, name: &str, dossier: &Dossier) -> BillState {
        let mut bills = self.payments.bills_of(&self.citizen(name), &dossier.id).await.unwrap();
        assert_eq!(bills.len(), 1, "there is one bill");
        bills.remove(0)
    }

    /// A dossier as it is now, for its applicant.
    pub(crate) async fn dossier(&self, name: &str, dossier: &Dossier) -> Dossier {
        self.casework.show(&self.citizen(name), &dossier.id).await.unwrap().dossier
    }

    pub(crate) async fn import(&self, text: &str) -> Result<Imported, Error> {
        let imported = self.payments.import(&self.treasurer(), upload(text)).await?;
        self.payments.once(&hue()).await.unwrap();
        Ok(imported)
    }

    /// What all accounts come to, and what one of them does.
    pub(crate) async fn balance(&self, account: &str) -> i64 {
        let balances = self.payments.balances(&hue()).await.unwrap();
        assert_eq!(balances.sum(), 0, "the books balance");
        balances.of(&account.parse().unwrap())
    }
}

pub(crate) fn upload(text: &str) -> Upload {
    Upload {
        account: BANK.to_owned(),
        name: "sao-ke.csv".to_owned(),
        profile: None,
        content: text.as_bytes().to_vec(),
    }
}

/// A statement of lines: reference of the bank, amount, text; the balance follows.
pub(crate) fn statement(before: i64, lines: &[(&str, i64, &str)]) -> String {
    let mut text = "Ngày giao dịch,Số tham chiếu,Ghi nợ,Ghi có,Số dư,Nội dung\n".to_owned();
    let mut balance = before;
    for (reference, amount, words) in lines {
        balance += amount;
        let (debit, credit) = (-amount.min(&0), amount.max(&0));
        writeln!(text, "23/11/2026 10:00:00,{reference},{debit},{credit},{balance},{words}").unwrap();
    }
    text
}

fn business() -> Filing {
    Filing {
        kind: "household-business".to_owned(),
        channel: Channel::Online,
        answers: json!({}).as_object().cloned().unwrap(),
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
        receiving: urn(WARD),
        competent: None,
        at_desk: AtDesk::default(),
        parent: None,
        once: None,
    }
}

async fn at(folder: &TempDir, clock: &Arc<ManualClock>) -> (Context, Casework, Payments) {
    let packs = Packs::embedded().unwrap();
    let settings = Settings {
        data: folder.path().join("graph"),
        store: Options {
            vault: Some(VaultOptions::new(
                folder.path().join("keys"),
                [7; 32],
                Arc::new(SystemRandomness::default()),
            )),
            ..Options::default()
        },
        access: AccessSettings::of(rules(&packs)),
        outbound: AllowList::default(),
        own_addresses: Vec::new(),
    };
    let ids = Arc::new(dinh_context::RandomIds);
    let context = Context::open(settings, packs, Arc::<ManualClock>::clone(clock), ids).await.unwrap();
    let roles: BTreeSet<String> =
        ["one-stop-officer", "officer", "unit-leader", "clerk"].map(str::to_owned).into_iter().collect();
    let casework = Casework::open(&context, &roles).unwrap();
    let payments = Payments::open(&context, &casework).unwrap();
    (context, casework, payments)
}

pub(crate) fn hue() -> Tenant {
    Tenant::parse("hue").unwrap()
}

pub(crate) fn urn(short: &str) -> EntityId {
    Iri::parse(&format!("urn:ngsi-ld:{short}")).unwrap()
}

fn term(name: &str) -> Term {
    LdContext::core().expand(name)
}

fn rules(packs: &Packs) -> Vec<dinh_access::Rule> {
    let files = packs.policies().unwrap();
    let texts =
        files.iter().map(|(pack, file)| PolicyFile { path: &file.path, pack, text: file.text().unwrap() });
    dinh_policies::read(&texts.collect::<Vec<_>>(), &term).unwrap()
}
