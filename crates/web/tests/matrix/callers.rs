//! Who asks: everybody that the house tells apart, and what this test knows of them without asking the house.

use std::collections::BTreeSet;

use dinh_access::AccountKind;
use dinh_identity::domain::{AccountId, Basis, Days, Handle, Position, Representation, Role, Tie};
use dinh_identity::{Answer, Details, KeyScope, NewAccount, Office, Origin, Proved, Rights, SignedIn};
use dinh_model::{Clock as _, Iri, Tenant};

use crate::house::{House, KEY, khac, term, thu};
use crate::planted::{OTHER_PERSON, OTHER_UNIT, OWN_UNIT, PERSON};

const PASSWORD: &str = "bảy quả ổi treo lủng lẳng";
/// Microseconds of a day.
const DAY: i64 = 24 * 3_600_000_000;
const LONG_AGO: Days = Days { from: None, to: Some(jiff::civil::date(2026, 10, 31)) };

/// What is known of somebody who is let in.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "facts that are independent of one another")]
pub(crate) struct Facts {
    /// What the test calls them; unique.
    pub(crate) name: String,
    /// Empty for nobody in particular.
    pub(crate) id: String,
    pub(crate) kind: AccountKind,
    pub(crate) roles: BTreeSet<String>,
    pub(crate) units: BTreeSet<String>,
    pub(crate) subjects: BTreeSet<String>,
    pub(crate) assurance: u8,
    pub(crate) stepped_up: bool,
    pub(crate) open_writes: bool,
    /// The types that the key is bound to; empty if it is not.
    pub(crate) types: BTreeSet<String>,
    /// Signed in with a session.
    pub(crate) signed_in: bool,
    /// Nobody in particular, from another machine.
    pub(crate) stranger: bool,
    /// Nobody in particular: may be told to sign in.
    pub(crate) nobody: bool,
}

/// Somebody who asks.
pub(crate) struct Caller {
    pub(crate) name: String,
    pub(crate) headers: Vec<(&'static str, String)>,
    /// From this machine.
    pub(crate) here: bool,
    /// None for who shows a key that is refused.
    pub(crate) facts: Option<Facts>,
}

/// Everybody, in the making.
pub(crate) struct Crowd<'a> {
    house: &'a House,
    office: Office,
    made: usize,
    pub(crate) callers: Vec<Caller>,
}

fn here() -> Origin {
    Origin::new([203, 0, 113, 7].into(), "matrix")
}

fn role_in(tenant: Tenant, code: &str, days: Days) -> Role {
    Role { tenant, code: code.to_owned(), unit: None, days }
}

fn position(tenant: Tenant, unit: &str, days: Days) -> Position {
    let unit = Iri::trusted(unit.to_owned());
    Position { tenant, unit, title: "Chuyên viên".to_owned(), basis: Basis::Held, days }
}

fn official(roles: &[&str], units: &[&str]) -> (Facts, Rights) {
    let facts = Facts {
        kind: AccountKind::Official,
        roles: roles.iter().map(|code| (*code).to_owned()).collect(),
        units: units.iter().map(|unit| (*unit).to_owned()).collect(),
        ..Facts::default()
    };
    let rights = Rights {
        roles: roles.iter().map(|code| role_in(thu(), code, Days::ALWAYS)).collect(),
        positions: units.iter().map(|unit| position(thu(), unit, Days::ALWAYS)).collect(),
    };
    (facts, rights)
}

/// The roles of the packs that can be given.
fn given_roles() -> Vec<String> {
    #[derive(serde::Deserialize)]
    struct One {
        code: String,
        given: Option<bool>,
    }
    #[derive(serde::Deserialize)]
    struct File {
        role: Vec<One>,
    }
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs/access/roles.toml");
    let file: File = toml::from_str(&std::fs::read_to_string(file).expect("roles")).expect("roles");
    file.role.into_iter().filter(|role| role.given != Some(false)).map(|role| role.code).collect()
}

/// Everybody, and the account that an errand is assigned to.
pub(crate) async fn callers(house: &House) -> (Vec<Caller>, String) {
    let office = house.identity.office(&house.context.system("test", thu()), &here()).expect("an office");
    let mut crowd = Crowd { house, office, made: 0, callers: Vec::new() };
    crowd.without_accounts();
    for code in given_roles() {
        let (facts, rights) = official(&[&code], &[OWN_UNIT]);
        crowd.person(&format!("{code}, password only"), facts.clone(), &rights, false).await;
        crowd.person(&format!("{code}, second factor"), facts, &rights, true).await;
        crowd.machine(&format!("{code}, by key"), &[&code], |_| {}).await;
    }
    let (facts, rights) = official(&["officer"], &[OTHER_UNIT]);
    crowd.person("officer of another unit", facts, &rights, true).await;
    crowd.citizens().await;
    crowd.of_another_tenant().await;
    crowd.expired().await;
    crowd.ended().await;
    crowd.keys().await;
    let (facts, rights) = official(&[], &[]);
    let assigned = crowd.person("somebody to whom an errand is assigned", facts, &rights, false).await;
    (crowd.callers, assigned.to_string())
}

impl Crowd<'_> {
    fn add(&mut self, name: &str, headers: Vec<(&'static str, String)>, facts: Option<Facts>) {
        let here = facts.as_ref().is_some_and(|facts| facts.open_writes);
        let facts = facts.map(|facts| Facts { name: name.to_owned(), ..facts });
        self.callers.push(Caller { name: name.to_owned(), headers, here, facts });
    }

    fn without_accounts(&mut self) {
        let with = |role: &str| Facts { roles: [role.to_owned()].into(), ..Facts::default() };
        let nobody = || Facts { nobody: true, stranger: true, ..with("anonymous") };
        self.add("anonymous", Vec::new(), Some(nobody()));
        self.add("local", Vec::new(), Some(Facts { nobody: true, open_writes: true, ..with("local") }));
        self.add("write key", vec![("authorization", format!("Bearer {KEY}"))], Some(with("write-key")));
        let wrong =
            [("a wrong key", "Bearer khong-phai-khoa-nay"), ("no key of ours", "Bearer dinh_abc_def")];
        for (name, shown) in wrong {
            self.add(name, vec![("authorization", shown.to_owned())], None);
        }
        for (name, cookie) in
            [("a forged session", "dinh-session=forged"), ("an empty session", "dinh-session=")]
        {
            self.add(name, vec![("cookie", cookie.to_owned())], Some(nobody()));
        }
    }

    /// Opens the account of a person and signs in.
    async fn sign_up(
        &mut self,
        office: &Office,
        kind: AccountKind,
        subject: Option<&str>,
    ) -> (AccountId, SignedIn) {
        self.made += 1;
        let address = format!("so{}@hue.gov.vn", self.made);
        let details = Details {
            name: format!("Người thứ {}", self.made),
            email: Some(Handle::email(&address).expect("an address")),
            ..Details::default()
        };
        let subject = subject.map(|uri| Iri::trusted(uri.to_owned()));
        let opened = office.open(&NewAccount { kind, details, subject }).await.expect("opened");
        let identity = &self.house.identity;
        identity.recover(&opened.link.expect("a link"), PASSWORD, &here()).await.expect("a password");
        let signed_in = self.sign_in(&address).await;
        (opened.account.id, signed_in)
    }

    async fn sign_in(&self, address: &str) -> SignedIn {
        match self.house.identity.sign_in(address, PASSWORD, &here()).await.expect("signed in") {
            Answer::SignedIn(signed_in) => *signed_in,
            Answer::SecondFactor { .. } => unreachable!("there is no second factor yet"),
        }
    }

    async fn step_up(&self, signed_in: SignedIn) -> SignedIn {
        let identity = &self.house.identity;
        let present = identity.session(&signed_in.token, &thu()).await.expect("asked").expect("present");
        let offer = identity.totp_offer(&present).await.expect("an offer");
        let code = crate::otp::code(&offer.secret, self.house.clock.now());
        identity.totp_confirm(&present, &offer.ticket, &code, &here()).await.expect("confirmed").signed_in
    }

    fn signed_in(&mut self, name: &str, signed_in: &SignedIn, facts: Facts) {
        let cookie = format!("dinh-session={}", signed_in.token);
        self.add(name, vec![("cookie", cookie)], Some(Facts { signed_in: true, ..facts }));
    }

    /// An official, signed in.
    async fn person(&mut self, name: &str, facts: Facts, rights: &Rights, stepped_up: bool) -> AccountId {
        let office = self.again(&thu());
        let (id, mut signed_in) = self.sign_up(&office, facts.kind, None).await;
        office.set_rights(&id, rights).await.expect("rights");
        if stepped_up {
            signed_in = self.step_up(signed_in).await;
        }
        self.signed_in(name, &signed_in, Facts { id: id.to_string(), stepped_up, ..facts });
        id
    }

    fn again(&self, tenant: &Tenant) -> Office {
        let session = self.house.context.system("test", tenant.clone());
        self.house.identity.office(&session, &here()).expect("an office")
    }

    async fn citizens(&mut self) {
        for (name, known, uri) in [
            ("a citizen", true, PERSON),
            ("a citizen whom nobody has seen", false, PERSON),
            ("another", true, "urn:x:nobody"),
        ] {
            let office = self.again(&thu());
            let (id, signed_in) = self.sign_up(&office, AccountKind::Citizen, Some(uri)).await;
            if known {
                office.prove(&id, Proved { identity: true, ..Proved::default() }).await.expect("proved");
            }
            let ended = Representation {
                subject: Iri::trusted(OTHER_PERSON.to_owned()),
                tie: Tie::Guardian,
                days: LONG_AGO,
            };
            office.set_representation(&id, &[ended]).await.expect("represented");
            let assurance = if known { 2 } else { 0 };
            let facts = Facts {
                id: id.to_string(),
                subjects: [uri.to_owned()].into(),
                assurance,
                ..Facts::default()
            };
            self.signed_in(name, &signed_in, facts);
        }
    }

    async fn of_another_tenant(&mut self) {
        let office = self.again(&khac());
        let (id, signed_in) = self.sign_up(&office, AccountKind::Official, None).await;
        let roles = ["administrator", "auditor", "operator", "officer", "inspector", "data-steward"];
        let roles = roles.iter().map(|code| role_in(khac(), code, Days::ALWAYS)).collect();
        let positions = vec![position(khac(), OWN_UNIT, Days::ALWAYS)];
        office.set_rights(&id, &Rights { roles, positions }).await.expect("rights");
        let signed_in = self.step_up(signed_in).await;
        let facts =
            Facts { id: id.to_string(), kind: AccountKind::Official, stepped_up: true, ..Facts::default() };
        self.signed_in("an official of another tenant", &signed_in, facts);
    }

    async fn expired(&mut self) {
        let to_come = Days { from: Some(jiff::civil::date(2027, 1, 1)), to: None };
        for (name, days) in [("a role that has ended", LONG_AGO), ("a role to come", to_come)] {
            let roles = vec![role_in(thu(), "operator", days), role_in(thu(), "administrator", days)];
            let (facts, _) = official(&[], &[]);
            self.person(name, facts, &Rights { roles, positions: Vec::new() }, true).await;
        }
        let positions = vec![position(thu(), OWN_UNIT, LONG_AGO)];
        let (facts, rights) = official(&["officer"], &[]);
        self.person("a position that has ended", facts, &Rights { positions, ..rights }, true).await;
    }

    /// Sessions that were, and are no more: whoever shows one is nobody.
    async fn ended(&mut self) {
        let (facts, rights) = official(&["operator"], &[OWN_UNIT]);
        for name in ["sessions ended", "account locked", "account closed"] {
            let id = self.person(name, facts.clone(), &rights, true).await;
            match name {
                "sessions ended" => self.office.sessions_end(&id).await.expect("ended"),
                "account locked" => self.office.lock(&id).await.expect("locked"),
                _ => self.office.close(&id).await.expect("closed"),
            }
            let roles = ["anonymous".to_owned()].into();
            let nobody =
                Facts { name: name.to_owned(), roles, nobody: true, stranger: true, ..Facts::default() };
            self.last().facts = Some(nobody);
        }
    }

    /// The account of a system, and its key.
    async fn machine(
        &mut self,
        name: &str,
        roles: &[&str],
        change: impl FnOnce(&mut KeyScope),
    ) -> (AccountId, String) {
        self.made += 1;
        let details = Details { name: format!("Máy thứ {}", self.made), ..Details::default() };
        let new = NewAccount { kind: AccountKind::System, details, subject: None };
        let id = self.office.open(&new).await.expect("opened").account.id;
        let rights = roles.iter().map(|code| role_in(thu(), code, Days::ALWAYS)).collect();
        self.office.set_rights(&id, &Rights { roles: rights, positions: Vec::new() }).await.expect("rights");
        let mut scope = self.scope();
        change(&mut scope);
        let made = self.office.key_make(&id, "khoá thử", &scope).await.expect("a key");
        let facts = Facts {
            id: id.to_string(),
            kind: AccountKind::System,
            roles: roles.iter().map(|code| (*code).to_owned()).collect(),
            ..Facts::default()
        };
        self.add(name, vec![("authorization", format!("Bearer {}", made.text))], Some(facts));
        (id, made.key.id)
    }

    fn last(&mut self) -> &mut Caller {
        self.callers.last_mut().expect("just made")
    }

    async fn keys(&mut self) {
        let (id, key) = self.machine("a key that was revoked", &["operator"], |_| {}).await;
        self.office.key_revoke(&id, &key).await.expect("revoked");
        self.last().facts = None;
        let (id, _) = self.machine("a key of a locked account", &["operator"], |_| {}).await;
        self.office.lock(&id).await.expect("locked");
        self.last().facts = None;
        self.machine("a key for another network", &["operator"], |scope| {
            scope.networks = vec!["10.0.0.0/8".parse().expect("a network")];
        })
        .await;
        self.last().facts = None;
        self.machine("a key that has expired", &["operator"], |scope| {
            scope.expires = "2026-11-20T07:05:01Z".parse().expect("a time");
        })
        .await;
        self.last().facts = None;
        self.house.clock.advance(2_000_000);
        self.machine("a key for one role of two", &["operator", "partner"], |scope| {
            scope.roles = ["partner".to_owned()].into();
        })
        .await;
        if let Some(facts) = &mut self.last().facts {
            facts.roles.remove("operator");
        }
        for (code, types) in [
            ("operator", &["Bench"][..]),
            ("data-steward", &["Patient", "Song"]),
            ("partner", &["Errand"]),
            ("administrator", &["Bench"]),
        ] {
            self.machine(&format!("a key of a {code} bound to {types:?}"), &[code], |scope| {
                scope.types = types.iter().map(|name| term(name)).collect();
            })
            .await;
            if let Some(facts) = &mut self.last().facts {
                facts.types = types.iter().map(|name| (*name).to_owned()).collect();
            }
        }
        let details = Details { name: "Máy tỉnh khác".to_owned(), ..Details::default() };
        let new = NewAccount { kind: AccountKind::System, details, subject: None };
        let elsewhere = self.again(&khac());
        let id = elsewhere.open(&new).await.expect("opened").account.id;
        let expires = self.house.clock.now().plus_micros(DAY);
        let scope = KeyScope { tenants: [khac()].into(), expires, ..self.scope() };
        let made = elsewhere.key_make(&id, "khoá thử", &scope).await.expect("a key");
        self.add("a key of another tenant", vec![("authorization", format!("Bearer {}", made.text))], None);
    }

    /// A key for everything that its account may do here.
    fn scope(&self) -> KeyScope {
        KeyScope {
            tenants: [thu()].into(),
            types: BTreeSet::new(),
            roles: BTreeSet::new(),
            networks: Vec::new(),
            expires: self.house.clock.now().plus_micros(30 * DAY),
            per_second: 10_000,
        }
    }
}
