//! A house with the packs that ship, two citizens and their officials; the clock stands still until it is moved.

use std::sync::Arc;

use dinh_access::{Account, AccountKind, Principal, Purpose};
use dinh_context::graph::{AuditQuery, Entry, Options};
use dinh_context::outbound::AllowList;
use dinh_context::packs::Packs;
use dinh_context::{AccessSettings, Context, Session, Settings};
use dinh_model::{
    Attribute, Entity, EntityId, Iri, ManualClock, OneOrMany, SequentialIds, Tenant, Term, Value,
};
use dinh_ngsild::context::Context as LdContext;
use dinh_policies::PolicyFile;
use dinh_privacy::{Kind, NewRequest, Privacy};
use serde_json::{Value as Json, json};
use tempfile::TempDir;

/// A day in microseconds.
pub(crate) const DAY: i64 = 86_400_000_000;

pub(crate) struct House {
    pub(crate) context: Context,
    pub(crate) privacy: Privacy,
    pub(crate) clock: Arc<ManualClock>,
    _folder: TempDir,
}

impl House {
    /// Monday, 23 November 2026, nine o'clock in Viet Nam.
    pub(crate) async fn open() -> Self {
        let folder = TempDir::new().unwrap();
        let packs = Packs::embedded().unwrap();
        let clock = Arc::new(ManualClock::at("2026-11-23T02:00:00Z".parse().unwrap()));
        let settings = Settings {
            data: folder.path().to_owned(),
            store: Options::default(),
            access: AccessSettings::of(rules(&packs)),
            outbound: AllowList::default(),
            own_addresses: Vec::new(),
        };
        let ids = Arc::new(SequentialIds::default());
        let context = Context::open(settings, packs, Arc::<ManualClock>::clone(&clock), ids).await.unwrap();
        let privacy = Privacy::open(&context).unwrap();
        let house = Self { context, privacy, clock, _folder: folder };
        house.fill().await;
        house
    }

    async fn fill(&self) {
        let system = self.context.system("test", hue());
        for name in ["an", "binh"] {
            let values = [("name", json!("Trần Thị An")), ("personalId", json!("046184001234"))];
            system.create(self.entity("Person", name, &values, &[])).await.unwrap();
        }
        let firm = [("name", json!({"vi": "Công ty Hương Giang"}))];
        let firm = self.entity("Organization", "huong", &firm, &[("representative", "Person:an")]);
        system.create(firm).await.unwrap();
        let title = [("title", json!("Tổ trưởng"))];
        let ties = [("holder", "Person:binh"), ("unit", "Unit:1")];
        system.create(self.entity("Position", "p", &title, &ties)).await.unwrap();
    }

    pub(crate) fn entity(
        &self,
        of: &str,
        id: &str,
        values: &[(&str, Json)],
        ties: &[(&str, &str)],
    ) -> Entity {
        let at = dinh_model::Clock::now(&*self.clock);
        let mut entity = Entity::new(urn(&format!("{of}:{id}")), term(of), at);
        for (name, value) in values {
            let value = match value {
                Json::Object(texts) => Value::Language(
                    texts
                        .iter()
                        .map(|(tag, text)| (tag.clone(), OneOrMany::One(text.as_str().unwrap().to_owned())))
                        .collect(),
                ),
                other => Value::Property(other.clone()),
            };
            entity.set(term(name), Attribute::new(value, at));
        }
        for (name, to) in ties {
            let value = Value::Relationship { object: OneOrMany::One(urn(to)), object_type: Vec::new() };
            entity.set(term(name), Attribute::new(value, at));
        }
        entity
    }

    /// A citizen with a confirmed address, tied to a person of the graph.
    pub(crate) fn citizen(&self, name: &str) -> Session {
        self.account(name, 1, &[&format!("Person:{name}")])
    }

    pub(crate) fn account(&self, id: &str, assurance: u8, subjects: &[&str]) -> Session {
        let subjects = subjects.iter().map(|one| urn(one).as_str().into()).collect();
        self.session(Account { id: id.into(), subjects, assurance, ..Account::default() })
    }

    /// A data protection officer.
    pub(crate) fn officer(&self, id: &str, stepped_up: bool) -> Session {
        self.official(id, "privacy-officer", stepped_up)
    }

    pub(crate) fn official(&self, id: &str, role: &str, stepped_up: bool) -> Session {
        let (kind, roles) = (AccountKind::Official, [role.into()].into());
        self.session(Account { id: id.into(), kind, roles, stepped_up, ..Account::default() })
    }

    pub(crate) fn session(&self, account: Account) -> Session {
        self.context.session(Principal::Account(Arc::new(account)), hue(), Purpose::Operations)
    }

    pub(crate) fn anonymous(&self) -> Session {
        self.context.session(Principal::Anonymous, hue(), Purpose::PublicInformation)
    }

    /// The last entries of the audit, the latest first.
    pub(crate) async fn audit(&self, most: usize) -> Vec<Entry> {
        self.context.system("test", hue()).audit(AuditQuery::latest(most)).await.unwrap().entries
    }
}

pub(crate) fn asked(kind: Kind, subject: Option<&str>) -> NewRequest {
    let text = "Tôi muốn biết ai đã xem dữ liệu của tôi.".to_owned();
    NewRequest { kind, subject: subject.map(urn), text }
}

pub(crate) fn hue() -> Tenant {
    Tenant::parse("hue").unwrap()
}

pub(crate) fn urn(short: &str) -> EntityId {
    Iri::parse(&format!("urn:ngsi-ld:{short}")).unwrap()
}

pub(crate) fn term(name: &str) -> Term {
    LdContext::core().expand(name)
}

fn rules(packs: &Packs) -> Vec<dinh_access::Rule> {
    let files = packs.policies().unwrap();
    let texts =
        files.iter().map(|(pack, file)| PolicyFile { path: &file.path, pack, text: file.text().unwrap() });
    dinh_policies::read(&texts.collect::<Vec<_>>(), &term).unwrap()
}
