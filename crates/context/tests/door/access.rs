//! Who sees what, and what is written down of it.

use std::sync::Arc;

use dinh_access::{Account, AccountKind, Principal, Purpose};
use dinh_context::graph::{AuditQuery, Entry, What};
use dinh_context::{AboutOneself, Directory, Error, Session};
use dinh_model::{Attribute, Entity, EntityId, Iri, OneOrMany, Tenant, Timestamp, Value};
use dinh_ngsild::context::Context as LdContext;
use dinh_ngsild::query::EntityQuery;
use futures::future::BoxFuture;
use serde_json::json;

use crate::house::House;
use crate::receiver::Receiver;

pub(crate) fn hue() -> Tenant {
    Tenant::parse("hue").unwrap()
}

fn unit(number: u8) -> String {
    format!("urn:ngsi-ld:Unit:{number}")
}

pub(crate) fn account(role: &str, of: u8, stepped_up: bool) -> Arc<Account> {
    Arc::new(Account {
        id: format!("{role}-{of}").into(),
        kind: AccountKind::Official,
        roles: [role.into()].into(),
        units: [unit(of).into()].into(),
        stepped_up,
        ..Account::default()
    })
}

pub(crate) fn session(house: &House, account: &Arc<Account>, purpose: Purpose) -> Session {
    house.context.session(Principal::Account(Arc::clone(account)), hue(), purpose)
}

pub(crate) fn case(number: u32, of: u8) -> Entity {
    let at = Timestamp::from_micros(0);
    let expand = |name: &str| LdContext::core().expand(name);
    let id = EntityId::parse(&format!("urn:ngsi-ld:Case:{number}")).unwrap();
    let mut case = Entity::new(id, expand("Case"), at);
    for (name, text) in [("subject", "Cấp giấy"), ("applicant", "Trần Thị Bé"), ("illness", "hen")] {
        case.set(expand(name), Attribute::new(Value::Property(json!(text)), at));
    }
    for (name, to) in [("unit", unit(of)), ("owner", "urn:ngsi-ld:Person:be".to_owned())] {
        let object = OneOrMany::One(Iri::parse(&to).unwrap());
        case.set(expand(name), Attribute::new(Value::Relationship { object, object_type: Vec::new() }, at));
    }
    case
}

pub(crate) async fn full() -> House {
    let house = House::new().await;
    for (number, of) in [(1, 1), (2, 1), (3, 2)] {
        house.session().create(case(number, of)).await.unwrap();
    }
    house
}

async fn seen(session: &Session, number: u32) -> Vec<(String, String)> {
    let found = session.find(&case(number, 1).id).await.unwrap();
    let attributes = found.into_iter().flat_map(|stored| stored.entity.attributes.clone());
    let name = |iri: &str| iri.rsplit('/').next().unwrap_or_default().to_owned();
    attributes.filter_map(|(term, all)| Some((name(term.as_str()), all[0].text()?.to_owned()))).collect()
}

fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
}

async fn reveals(house: &House) -> Vec<Entry> {
    let page = house.session().audit(AuditQuery::latest(100)).await.unwrap();
    page.entries
        .into_iter()
        .filter(|entry| matches!(&entry.what, What::Noted(note) if note.act.name() == "reveal"))
        .collect()
}

#[tokio::test]
async fn officers_see_their_units_cases_and_reveal_them_on_record() {
    let house = full().await;
    let officer = account("officer", 1, false);
    let plain = session(&house, &officer, Purpose::CaseHandling);
    let masked = [("applicant", "T••• T••• B•••"), ("illness", "••••••"), ("subject", "Cấp giấy")];
    assert_eq!(seen(&plain, 1).await, pairs(&masked));
    assert_eq!(seen(&plain, 3).await, [], "another unit's");
    assert_eq!(plain.count(EntityQuery::default()).await.unwrap(), 2);
    assert!(reveals(&house).await.is_empty(), "what is masked is not recorded");

    for reason in ["", "   xem  ", "dài".repeat(200).as_str()] {
        assert!(matches!(plain.clone().revealing(reason), Err(Error::Reason { .. })), "{reason}");
    }
    let other = session(&house, &officer, Purpose::Statistics);
    let refused = other.revealing("đếm hồ sơ theo tuổi");
    assert!(matches!(refused, Err(Error::Denied(_))), "the purpose does not allow it");

    let open = plain.clone().revealing("đối chiếu giấy tờ với hồ sơ 1").unwrap();
    let shown = [("applicant", "Trần Thị Bé"), ("illness", "••••••"), ("subject", "Cấp giấy")];
    assert_eq!(seen(&open, 1).await, pairs(&shown), "what is sensitive needs a second factor");
    let noted = reveals(&house).await;
    let [entry] = noted.as_slice() else { panic!("{noted:?}") };
    assert_eq!(entry.principal, "account:officer-1");
    let What::Noted(note) = &entry.what else { panic!("{entry:?}") };
    assert_eq!(note.entities, [case(1, 1).id]);
    assert_eq!(note.attributes.len(), 1);
    assert_eq!(note.reason.as_deref(), Some("đối chiếu giấy tờ với hồ sơ 1"));

    let stepped_up = session(&house, &account("officer", 1, true), Purpose::CaseHandling);
    let open = stepped_up.revealing("đối chiếu giấy tờ với hồ sơ 1").unwrap();
    let page = open.query(EntityQuery { limit: 10, ..EntityQuery::default() }).await.unwrap();
    assert_eq!(page.entities.len(), 2);
    let noted = reveals(&house).await;
    assert!(noted.iter().any(|entry| matches!(&entry.what, What::Noted(note) if note.entities.len() == 2 && note.attributes.len() == 2)));
}

#[tokio::test]
async fn everybody_sees_what_is_kept_of_themselves() {
    let house = full().await;
    let citizen = |assurance, of: &str| {
        let subjects = [format!("urn:ngsi-ld:Person:{of}").into()].into();
        Arc::new(Account { id: "c1".into(), subjects, assurance, ..Account::default() })
    };
    let own = session(&house, &citizen(2, "be"), Purpose::OwnData).revealing("xem hồ sơ của tôi").unwrap();
    assert_eq!(own.count(EntityQuery::default()).await.unwrap(), 3);
    assert!(seen(&own, 3).await.contains(&("applicant".to_owned(), "Trần Thị Bé".to_owned())));
    for (assurance, of) in [(0, "be"), (2, "lan")] {
        let other = session(&house, &citizen(assurance, of), Purpose::OwnData);
        assert_eq!(other.count(EntityQuery::default()).await.unwrap(), 0, "{assurance} {of}");
    }
    let anonymous = house.context.session(Principal::Anonymous, hue(), Purpose::PublicInformation);
    assert_eq!(anonymous.count(EntityQuery::default()).await.unwrap(), 0);
    assert!(matches!(anonymous.audit(AuditQuery::latest(1)).await, Err(Error::Denied(_))));
}

#[tokio::test]
async fn everybody_learns_who_looked_at_what_is_theirs_and_nothing_else() {
    let house = full().await;
    let officer = session(&house, &account("officer", 1, false), Purpose::CaseHandling);
    officer.revealing("đối chiếu giấy tờ").unwrap().find(&case(1, 1).id).await.unwrap();
    let citizen = |of: &str, assurance| {
        let subjects = [format!("urn:ngsi-ld:Person:{of}").into()].into();
        let who = Arc::new(Account { id: of.into(), subjects, assurance, ..Account::default() });
        session(&house, &who, Purpose::OwnData)
    };
    let own = citizen("be", 1);
    let ids = [case(1, 1).id, case(2, 1).id];
    let looks = own.looks_at_own(&ids, AboutOneself::Noted, None, 10).await.unwrap().entries;
    let [look] = looks.as_slice() else { panic!("{looks:?}") };
    assert_eq!((look.principal.as_str(), look.purpose.as_str()), ("account:officer-1", "case-handling"));
    let writes = own.looks_at_own(&ids, AboutOneself::Written, None, 10).await.unwrap().entries;
    assert_eq!(writes.len(), 2, "both were written, the third was not asked about");
    assert!(own.looks_at_own(&[], AboutOneself::Noted, None, 10).await.unwrap().entries.is_empty());
    for (of, assurance) in [("lan", 2), ("be", 0)] {
        let other = citizen(of, assurance);
        let refused = other.looks_at_own(&ids, AboutOneself::Noted, None, 10).await;
        assert!(matches!(refused, Err(Error::NotFound(_))), "{of} {assurance}");
    }
    let nothing = EntityId::parse("urn:ngsi-ld:Case:none").unwrap();
    assert!(matches!(
        own.looks_at_own(&[nothing], AboutOneself::Noted, None, 10).await,
        Err(Error::NotFound(_))
    ));
    let person = EntityId::parse("urn:ngsi-ld:Person:be").unwrap();
    assert!(own.speaks_for(&person) && !citizen("be", 0).speaks_for(&person));
    assert!(own.looks_at_own(&[person], AboutOneself::Noted, None, 10).await.unwrap().entries.is_empty());
}

#[tokio::test]
async fn what_a_procedure_answers_for_is_written_in_its_takers_name() {
    let house = full().await;
    let citizen = Arc::new(Account { id: "c1".into(), ..Account::default() });
    let plain = session(&house, &citizen, Purpose::OwnData);
    assert!(plain.create(case(9, 1)).await.is_err());
    plain.clone().vouched().create(case(9, 1)).await.unwrap();
    let last = house.session().audit(AuditQuery::latest(1)).await.unwrap().entries.remove(0);
    assert_eq!(last.principal, "account:c1");
    assert!(plain.vouched().find(&case(9, 1).id).await.unwrap().is_none(), "it still sees no more");
}

/// Accounts, of which one may leave.
struct Staff(std::sync::Mutex<Vec<Arc<Account>>>);

impl Directory for Staff {
    fn acting<'a>(&'a self, account: &'a str, _tenant: &'a Tenant) -> BoxFuture<'a, Option<Arc<Account>>> {
        let known = self.0.lock().unwrap().iter().find(|known| *known.id == *account).cloned();
        Box::pin(std::future::ready(known))
    }

    fn holds<'a>(&'a self, account: &'a str, key: &'a str, _tenant: &'a Tenant) -> BoxFuture<'a, bool> {
        let accounts = self.0.lock().unwrap();
        let holds = accounts.iter().any(|known| *known.id == *account && known.key.as_deref() == Some(key));
        Box::pin(std::future::ready(holds))
    }
}

#[tokio::test]
async fn a_subscription_tells_what_its_owner_may_see_until_they_leave() {
    let house = full().await;
    let officer = account("officer", 1, false);
    let staff = Arc::new(Staff(vec![Arc::clone(&officer)].into()));
    house.context.introduce(Arc::<Staff>::clone(&staff));
    let receiver = Receiver::start().await;
    let subscription = json!({
        "id": "urn:ngsi-ld:Subscription:s", "type": "Subscription", "entities": [{"type": "Case"}],
        "notification": {"endpoint": {"uri": receiver.url, "accept": "application/json"}}
    });
    let own = session(&house, &officer, Purpose::Operations);
    let subscriptions = house.context.subscriptions();
    subscriptions.create(&own, &subscription, house.context.ld_contexts().core()).await.unwrap();
    let stranger = session(&house, &account("officer", 2, false), Purpose::Operations);
    assert!(subscriptions.list(&stranger).unwrap().is_empty());
    assert!(subscriptions.get(&stranger, "urn:ngsi-ld:Subscription:s").is_err());

    house.session().create(case(5, 2)).await.unwrap();
    house.session().create(case(4, 1)).await.unwrap();
    let all = |receiver: &Receiver| receiver.taken().iter().map(ToString::to_string).collect::<String>();
    receiver.until("the officer's case", |r| all(r).contains("Case:4")).await;
    assert!(all(&receiver).contains("T••• T••• B•••"), "{}", all(&receiver));

    // Changes are handed out in the order in which subscriptions were made: what the witness hears, the officer's
    // subscription has been asked about.
    let witness = Receiver::start().await;
    house.subscribe(&witness.url, json!({"entities": [{"type": "Case"}]})).await.unwrap();
    staff.0.lock().unwrap().clear();
    house.session().create(case(6, 1)).await.unwrap();
    witness.until("a case while nobody knows the account", |r| all(r).contains("Case:6")).await;
    staff.0.lock().unwrap().push(officer);
    house.session().create(case(7, 1)).await.unwrap();
    receiver.until("the next case", |r| all(r).contains("Case:7")).await;
    let told = all(&receiver);
    for hidden in ["Case:5", "Case:6", "Bé", "hen\""] {
        assert!(!told.contains(hidden), "{hidden}: {told}");
    }
}
