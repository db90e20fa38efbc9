//! Accounts on a temporary store.

use std::net::IpAddr;
use std::sync::{Arc, Mutex};

use dinh_access::{AccountKind, Purpose, Rule};
use dinh_context::graph::Options;
use dinh_context::outbound::AllowList;
use dinh_context::packs::Packs;
use dinh_context::{AccessSettings, Context, RandomIds, Settings as DoorSettings};
use dinh_identity::domain::{AccountId, Days, Handle, Role};
use dinh_identity::oidc::Provider;
use dinh_identity::passkey::Site;
use dinh_identity::password::{Breached, Cost};
use dinh_identity::{
    Answer, Details, Event, FirstAdministrator, Identity, InstallationKey, NewAccount, Office, Origin,
    Present, Rights, Settings, SignedIn, SystemEntropy, Trail, TrailError, What,
};
use dinh_model::{Clock, ManualClock, Tenant, Timestamp};
use dinh_policies::PolicyFile;
use futures::future::BoxFuture;
use tempfile::TempDir;

pub(crate) const PASSWORD: &str = "bảy quả ổi treo lủng lẳng";
pub(crate) const SECOND: i64 = 1_000_000;
pub(crate) const MINUTE: i64 = 60 * SECOND;
pub(crate) const DAY: i64 = 24 * 60 * MINUTE;

/// Keeps events in memory, and fails when told.
#[derive(Default)]
pub(crate) struct Ears {
    heard: Mutex<Vec<Event>>,
    deaf: Mutex<bool>,
}

impl Trail for Ears {
    fn note(&self, event: Event) -> BoxFuture<'_, Result<(), TrailError>> {
        let result = if *self.deaf.lock().unwrap() {
            Err(TrailError("the disk is full".to_owned()))
        } else {
            self.heard.lock().unwrap().push(event);
            Ok(())
        };
        Box::pin(std::future::ready(result))
    }
}

/// Name of the list of leaked passwords, where there is one.
const LEAKED: &str = "leaked.txt";

pub(crate) struct House {
    pub(crate) context: Context,
    pub(crate) identity: Identity,
    pub(crate) clock: Arc<ManualClock>,
    ears: Arc<Ears>,
    folder: TempDir,
    providers: Vec<Provider>,
}

impl House {
    pub(crate) async fn new() -> Self {
        let start: Timestamp = "2026-11-20T02:00:00Z".parse().unwrap();
        Self::at(TempDir::new().unwrap(), Arc::new(ManualClock::at(start)), Arc::default(), Vec::new()).await
    }

    async fn at(folder: TempDir, clock: Arc<ManualClock>, ears: Arc<Ears>, providers: Vec<Provider>) -> Self {
        let packs = Packs::embedded().unwrap();
        let settings = DoorSettings {
            data: folder.path().to_owned(),
            store: Options::default(),
            access: AccessSettings::of(rules(&packs)),
            outbound: AllowList::default(),
            own_addresses: vec!["http://here.test".to_owned()],
        };
        let shared: Arc<dyn Clock> = Arc::clone(&clock) as _;
        let context = Context::open(settings, packs, shared, Arc::new(RandomIds)).await.unwrap();
        let mut settings = Settings::new(InstallationKey::new([7; 32]).unwrap());
        settings.providers.clone_from(&providers);
        let (domain, origins) = ("dinh.hue.gov.vn".to_owned(), vec!["https://dinh.hue.gov.vn".to_owned()]);
        settings.site = Some(Site { domain, origins });
        let leaked = folder.path().join(LEAKED);
        settings.breached = leaked.exists().then(|| Breached::open(&leaked).unwrap());
        // The real cost is tested where it matters; here it would only take time.
        settings.passwords = Cost { memory_kib: 64, passes: 1, ..Cost::default() };
        let trail = Arc::clone(&ears) as Arc<dyn Trail>;
        let identity =
            Identity::open(context.clone(), settings, trail, Arc::new(SystemEntropy::new())).unwrap();
        Self { context, identity, clock, ears, folder, providers }
    }

    /// Closes the store and opens it again.
    pub(crate) async fn restart(self) -> Self {
        self.context.close().await.unwrap();
        Self::at(self.folder, self.clock, self.ears, self.providers).await
    }

    /// The same with a list of the hash of one leaked password.
    pub(crate) async fn with_leaked(self, sha1: &str) -> Self {
        std::fs::write(self.folder.path().join(LEAKED), format!("{sha1}:3\n")).unwrap();
        self.restart().await
    }

    /// The same with identity providers.
    pub(crate) async fn with_providers(self, providers: Vec<Provider>) -> Self {
        Self { providers, ..self }.restart().await
    }

    /// Records as they are kept, a line each.
    pub(crate) async fn kept(&self, kinds: &[&str]) -> String {
        let session = self.context.system("test", Tenant::default_tenant());
        let mut lines = Vec::new();
        for kind in kinds {
            let records = session.records(kind, "", 100).await.unwrap();
            lines.extend(records.into_iter().map(|record| format!("{} {}", record.key, record.body)));
        }
        lines.join("\n")
    }

    pub(crate) fn pass(&self, micros: i64) {
        self.clock.advance(micros);
    }

    /// What happened since this was last asked.
    pub(crate) fn events(&self) -> Vec<Event> {
        std::mem::take(&mut *self.ears.heard.lock().unwrap())
    }

    pub(crate) fn happened(&self) -> Vec<What> {
        self.events().into_iter().map(|event| event.what).collect()
    }

    pub(crate) fn deafen(&self, deaf: bool) {
        *self.ears.deaf.lock().unwrap() = deaf;
    }

    /// The first administrator, with a second factor, signed in and stepped up.
    pub(crate) async fn administrator(&self) -> (SignedIn, String) {
        let code = self.identity.set_up_code().await.unwrap().unwrap();
        let first = FirstAdministrator {
            name: "Trần Thị Bình".to_owned(),
            email: email("binh@hue.gov.vn"),
            password: PASSWORD.to_owned(),
            tenants: vec![hue()],
        };
        let signed_in = self.identity.set_up(&code, &first, &here()).await.unwrap();
        self.with_second_factor(&signed_in).await
    }

    /// Sets up one-time codes; answers the session that has stepped up, and the secret.
    pub(crate) async fn with_second_factor(&self, signed_in: &SignedIn) -> (SignedIn, String) {
        let present = self.present(&signed_in.token).await;
        let offer = self.identity.totp_offer(&present).await.unwrap();
        let code = crate::factors::code(&offer.secret, self.clock.now());
        let enrolled = self.identity.totp_confirm(&present, &offer.ticket, &code, &here()).await.unwrap();
        (enrolled.signed_in, offer.secret)
    }

    pub(crate) async fn office(&self, signed_in: &SignedIn, tenant: &Tenant) -> Office {
        let present = self.identity.session(&signed_in.token, tenant).await.unwrap().unwrap();
        let session = self.context.session(present.principal(), tenant.clone(), Purpose::Operations);
        self.identity.office(&session, &here()).unwrap()
    }

    /// The office of some administrator, where the first one is at work already.
    pub(crate) fn with_office(&self) -> Office {
        let session = self.context.system("test", hue());
        self.identity.office(&session, &here()).unwrap()
    }

    pub(crate) async fn present(&self, token: &str) -> Present {
        self.identity.session(token, &hue()).await.unwrap().unwrap()
    }

    pub(crate) async fn is_in(&self, token: &str) -> bool {
        self.identity.session(token, &hue()).await.unwrap().is_some()
    }

    /// An account of a person with a password, made by an administrator.
    pub(crate) async fn person(&self, office: &Office, kind: AccountKind, address: &str) -> AccountId {
        let details =
            Details {
                name: "Lê Văn Cường".to_owned(), email: Some(email(address)), ..Details::default()
            };
        let opened = office.open(&NewAccount { kind, details, subject: None }).await.unwrap();
        self.identity.recover(&opened.link.unwrap(), PASSWORD, &here()).await.unwrap();
        opened.account.id
    }

    pub(crate) async fn enter(&self, address: &str) -> SignedIn {
        match self.identity.sign_in(address, PASSWORD, &here()).await.unwrap() {
            Answer::SignedIn(signed_in) => *signed_in,
            Answer::SecondFactor { .. } => panic!("a second factor was asked for"),
        }
    }
}

pub(crate) fn hue() -> Tenant {
    Tenant::parse("hue").unwrap()
}

pub(crate) fn email(text: &str) -> Handle {
    Handle::email(text).unwrap()
}

pub(crate) fn here() -> Origin {
    Origin::new(IpAddr::from([113, 161, 7, 20]), "Firefox")
}

pub(crate) fn from(address: [u8; 4]) -> Origin {
    Origin::new(IpAddr::from(address), "curl")
}

pub(crate) fn role(code: &str) -> Rights {
    let role = Role { tenant: hue(), code: code.to_owned(), unit: None, days: Days::ALWAYS };
    Rights { roles: vec![role], positions: Vec::new() }
}

fn rules(packs: &Packs) -> Vec<Rule> {
    let files = packs.policies().unwrap();
    let texts =
        files.iter().map(|(pack, file)| PolicyFile { path: &file.path, pack, text: file.text().unwrap() });
    let core = dinh_ngsild::context::Context::core();
    dinh_policies::read(&texts.collect::<Vec<_>>(), &|name| core.expand(name)).unwrap()
}

/// Asks until it holds.
pub(crate) async fn until(mut holds: impl AsyncFnMut() -> bool) {
    for _ in 0..500 {
        if holds().await {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("it never held");
}
