//! A house with the packs that ship, whose clock shows the present until it is moved.

use std::sync::Arc;

use dinh_access::{Account, AccountKind, Principal, Purpose};
use dinh_context::graph::{AuditQuery, Options};
use dinh_context::outbound::AllowList;
use dinh_context::packs::Packs;
use dinh_context::{AccessSettings, Context, Session, Settings as Door};
use dinh_model::{Clock as _, EntityId, ManualClock, SequentialIds, Tenant, Timestamp};
use dinh_ngsild::context::Context as LdContext;
use dinh_policies::PolicyFile;
use dinh_signing::signatures::Subject;
use dinh_signing::{KeyUse, NewKey, Place, SealKey, Settings, Signing, TrustList, Wanted};
use tempfile::TempDir;

use crate::authority::Authority;

pub(crate) struct House {
    pub(crate) context: Context,
    pub(crate) signing: Signing,
    pub(crate) clock: Arc<ManualClock>,
    _folder: TempDir,
}

impl House {
    /// One that trusts the authority and asks it for time stamps.
    pub(crate) async fn trusting(authority: &Authority) -> Self {
        let settings = Settings {
            trust: TrustList::read(
                "[[authority]]\nfile = \"root.pem\"\nfrom = \"2020-01-01\"\nsource = \"Quyết định thử\"\n",
                &|file| std::fs::read(authority.path(file)),
            )
            .expect("the list is read"),
            time_stamps: Some(format!("{}/tsa", authority.url)),
            seal: SealKey::new(&[5; 32]),
            ..Settings::default()
        };
        Self::with(settings).await
    }

    pub(crate) async fn with(settings: Settings) -> Self {
        let folder = TempDir::new().expect("a folder");
        let packs = Packs::embedded().expect("the packs");
        let door = Door {
            data: folder.path().to_owned(),
            store: Options::default(),
            access: AccessSettings::of(rules(&packs)),
            outbound: AllowList::default(),
            own_addresses: Vec::new(),
        };
        let clock = Arc::new(ManualClock::at(present()));
        let ids = Arc::new(SequentialIds::default());
        let context = Context::open(door, packs, Arc::<ManualClock>::clone(&clock), ids)
            .await
            .expect("the graph opens");
        let signing = Signing::new(&context, settings);
        Self { context, signing, clock, _folder: folder }
    }

    pub(crate) fn catch_up(&self) {
        self.clock.advance(present().micros_since(self.clock.now()) + 1_000_000);
    }

    pub(crate) fn administrator(&self) -> Session {
        self.account("quan-tri", "administrator", true)
    }

    pub(crate) fn leader(&self, id: &str) -> Session {
        self.account(id, "leader", true)
    }

    pub(crate) fn account(&self, id: &str, role: &str, stepped_up: bool) -> Session {
        let (kind, roles) = (AccountKind::Official, [role.into()].into());
        let account = Account { id: id.into(), kind, roles, stepped_up, ..Account::default() };
        self.context.session(Principal::Account(Arc::new(account)), hue(), Purpose::Operations)
    }

    pub(crate) async fn audited(&self) -> String {
        let entries = self
            .context
            .system("test", hue())
            .audit(AuditQuery::latest(20))
            .await
            .expect("the audit")
            .entries;
        format!("{entries:?}")
    }
}

pub(crate) fn hue() -> Tenant {
    Tenant::parse("hue").expect("a tenant")
}

fn present() -> Timestamp {
    dinh_context::SystemClock.now()
}

pub(crate) fn new_key(place: Place) -> NewKey {
    NewKey {
        title: "Con dấu phường Thuận Hóa".to_owned(),
        purpose: KeyUse::Seal,
        unit: EntityId::parse("urn:ngsi-ld:Unit:thuan-hoa").ok(),
        holders: vec!["van-thu".to_owned()],
        place,
        subject: Subject {
            name: "UBND phường Thuận Hóa".to_owned(),
            organisation: Some("Thành phố Huế".to_owned()),
            unit: None,
            country: "VN".to_owned(),
        },
    }
}

/// A page with nothing on it.
pub(crate) fn page() -> Vec<u8> {
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
    ];
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut rows = String::from("xref\n0 4\n0000000000 65535 f \n");
    for (at, object) in objects.iter().enumerate() {
        rows = format!("{rows}{:010} 00000 n \n", out.len());
        out.extend(format!("{} 0 obj\n{object}\nendobj\n", at + 1).bytes());
    }
    let table = out.len();
    out.extend(format!("{rows}trailer\n<</Size 4/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n").bytes());
    out
}

pub(crate) fn wanted() -> Wanted {
    Wanted { pdf: page(), field: "Dấu".to_owned(), reason: None, place: None, unit: None, seen: None }
}

fn rules(packs: &Packs) -> Vec<dinh_access::Rule> {
    let files = packs.policies().expect("the rules can be read");
    let texts = files.iter().map(|(pack, file)| PolicyFile {
        path: &file.path,
        pack,
        text: file.text().expect("text"),
    });
    dinh_policies::read(&texts.collect::<Vec<_>>(), &|name| LdContext::core().expand(name))
        .expect("the rules hold")
}
