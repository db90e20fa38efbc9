//! Cedar's own authorizer is asked the same questions, one entity after another; the answers must be the same.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::str::FromStr as _;
use std::sync::{Arc, LazyLock};

use cedar_policy::{Authorizer, Context, Decision, Entities, EntityUid, PolicySet, Request, Schema};
use dinh_access::{
    Account, AccountKind, Action, AttributeMarks, Catalogue, Mask, OpenWrites, Policy, Principal, Privacy,
    Purpose, Relation, RuleBook, TypeMarks,
};
use dinh_model::{Attribute, Entity, EntityId, Iri, OneOrMany, Tenant, Term, Timestamp, Value};
use dinh_policies::{PolicyFile, SCHEMA, read};
use proptest::prelude::*;
use serde_json::json;

const HOUSE: &str = include_str!("../../../packs/access/policies/house.cedar");

/// Policies that no pack writes, for the parts of the language that the house does not use.
const STRANGE: &str = r#"
@id("s1") @vi("x") @en("x")
permit (principal, action == Action::"read", resource)
when { if principal.kind == "official" then resource.sector == "cases" else resource.types.contains("Report") };
@id("s2") @vi("x") @en("x")
permit (principal in Role::"leader", action in [Action::"write", Action::"export"], resource)
when { ["internal", "personal"].contains(resource.privacy) }
unless { resource.types.containsAny(["Report", "Song"]) || context.tenant == "hue" };
@id("s3") @vi("x") @en("x")
forbid (principal, action in [Action::"read", Action::"write", Action::"reveal", Action::"export"], resource)
when { principal.assurance < 1 && !(principal.subjects.containsAny(resource.owners)) && resource.sector != "open" }
unless { principal in [Role::"officer", Role::"operator", Role::"device"] || 2 <= principal.assurance };
@id("s6") @vi("x") @en("x")
permit (principal in Role::"officer", action == Action::"erase", resource)
when { principal.units.containsAny(resource.units) && resource.privacy != "sensitive" };
@id("s4") @vi("x") @en("x")
permit (principal, action == Action::"reveal", resource)
when { principal.kind != "citizen" && resource.owners.contains(Subject::"urn:p:1") && principal.id == "a1" };
@id("s5") @vi("x") @en("x")
forbid (principal, action == Action::"write", resource)
when { principal.steppedUp == false && resource.privacy == "sensitive" };
"#;

/// The oracle and the policy of the house.
static OF_THE_HOUSE: LazyLock<(Oracle, Policy)> = LazyLock::new(|| both(HOUSE));
/// The oracle and the policy of the strange ones.
static STRANGE_ONES: LazyLock<(Oracle, Policy)> = LazyLock::new(|| both(STRANGE));

fn both(text: &str) -> (Oracle, Policy) {
    (Oracle::new(text), Policy::new(RuleBook::new(rules(text)), catalogue(), OpenWrites::Never))
}

fn term(short: &str) -> Term {
    Term::from(format!("https://uri.etsi.org/ngsi-ld/default-context/{short}"))
}

fn rules(text: &str) -> Vec<dinh_access::Rule> {
    read(&[PolicyFile { path: "test.cedar", pack: "test", text }], &term).unwrap()
}

const ATTRIBUTES: [(&str, Privacy); 4] = [
    ("title", Privacy::Open),
    ("note", Privacy::Internal),
    ("applicant", Privacy::Personal),
    ("diagnosis", Privacy::Sensitive),
];

fn catalogue() -> Catalogue {
    let marks = |sector: &str, privacy| {
        let mut attributes: BTreeMap<Term, AttributeMarks> = ATTRIBUTES
            .into_iter()
            .map(|(name, privacy)| {
                (term(name), AttributeMarks { privacy, mask: Mask::Whole, relation: None })
            })
            .collect();
        for (name, relation) in
            [("owner", Relation::Owner), ("unit", Relation::Unit), ("assignee", Relation::Assignee)]
        {
            let marks = AttributeMarks { relation: Some(relation), ..AttributeMarks::default() };
            attributes.insert(term(name), marks);
        }
        TypeMarks { sector: sector.into(), privacy, attributes }
    };
    let types = HashMap::from([
        (term("Dossier"), marks("cases", Privacy::Internal)),
        (term("Report"), marks("reports", Privacy::Open)),
        (term("Patient"), marks("health", Privacy::Personal)),
    ]);
    Catalogue::new(types, Privacy::Internal)
}

fn some_of(from: &'static [&'static str]) -> impl Strategy<Value = BTreeSet<Arc<str>>> {
    proptest::sample::subsequence(from, 0..=from.len())
        .prop_map(|items| items.into_iter().map(Arc::from).collect())
}

prop_compose! {
    fn an_account()(
        id in prop::sample::select(&["a1", "a2"][..]),
        kind in prop::sample::select(vec![
            AccountKind::Citizen, AccountKind::Official, AccountKind::Device, AccountKind::System,
        ]),
        roles in some_of(&["operator", "leader", "officer", "inspector", "data-steward", "device", "partner", "auditor", "administrator", "privacy-officer"]),
        units in some_of(&["urn:u:1", "urn:u:2", "urn:u:3"]),
        subjects in some_of(&["urn:p:1", "urn:p:2"]),
        assurance in 0u8..4,
        stepped_up in any::<bool>(),
        types in proptest::sample::subsequence(vec!["Dossier", "Report", "Patient", "Song"], 0..=2),
    ) -> Account {
        let types = types.into_iter().map(term).collect();
        Account { id: id.into(), kind, roles, units, subjects, assurance, stepped_up, types, key: None }
    }
}

#[derive(Debug, Clone)]
struct Thing {
    kind: &'static str,
    ties: BTreeMap<&'static str, BTreeSet<Arc<str>>>,
}

prop_compose! {
    fn a_thing()(
        kind in prop::sample::select(&["Dossier", "Report", "Patient", "Song"][..]),
        owner in some_of(&["urn:p:1", "urn:p:2", "urn:p:3"]),
        unit in some_of(&["urn:u:1", "urn:u:3", "urn:u:4"]),
        assignee in some_of(&["a1", "a3"]),
    ) -> Thing {
        Thing { kind, ties: [("owner", owner), ("unit", unit), ("assignee", assignee)].into() }
    }
}

const AT: Timestamp = Timestamp::from_micros(1_700_000_000_000_000);

fn entity(thing: &Thing) -> Entity {
    let mut entity = Entity::new(EntityId::parse("urn:ngsi-ld:Thing:1").unwrap(), term(thing.kind), AT);
    for (name, _privacy) in ATTRIBUTES {
        entity.set(term(name), Attribute::new(Value::Property(json!("Nguyễn Văn A")), AT));
    }
    for (name, tied) in thing.ties.iter().filter(|(_, tied)| !tied.is_empty()) {
        let value = if *name == "assignee" {
            // Accounts are not entities: an assignee is a text, and only the first one is kept.
            Value::Property(json!(tied.iter().next().unwrap()))
        } else {
            let object = OneOrMany::Many(tied.iter().map(|to| Iri::parse(to).unwrap()).collect());
            Value::Relationship { object, object_type: Vec::new() }
        };
        entity.set(term(name), Attribute::new(value, AT));
    }
    entity
}

fn uid(kind: &str, id: &str) -> EntityUid {
    EntityUid::from_str(&format!("{kind}::{id:?}")).unwrap()
}

struct Oracle {
    schema: Schema,
    policies: PolicySet,
}

impl Oracle {
    fn new(text: &str) -> Self {
        let (schema, _warnings) = Schema::from_cedarschema_str(SCHEMA).unwrap();
        Self { schema, policies: PolicySet::from_str(text).unwrap() }
    }

    fn allows(
        &self,
        account: &Account,
        action: Action,
        (tenant, purpose): (&str, Purpose),
        thing: &Thing,
        privacy: Privacy,
    ) -> bool {
        // A key that is bound to types is for entities of these types, and for nothing else.
        let fits = action.is_about_data() && account.types.contains(&term(thing.kind));
        if !account.types.is_empty() && !fits {
            return false;
        }
        let of = |kind: &str, ids: &BTreeSet<Arc<str>>| -> Vec<_> {
            ids.iter().map(|id| json!({"__entity": {"type": kind, "id": id}})).collect()
        };
        // What nobody describes ties a thing to nobody. A thing is tied to itself as its owner and its unit.
        let tied = |name: &str| match thing.kind {
            "Song" => BTreeSet::new(),
            _ => thing.ties[name].clone(),
        };
        let with_itself = |name: &str| {
            let mut ids = tied(name);
            ids.insert("urn:ngsi-ld:Thing:1".into());
            ids
        };
        let sector = match thing.kind {
            "Dossier" => "cases",
            "Report" => "reports",
            "Patient" => "health",
            _ => "",
        };
        let roles: Vec<_> = account.roles.iter().map(|role| json!({"type": "Role", "id": role})).collect();
        let resource = if action.is_about_data() { uid("Data", "it") } else { uid("House", "it") };
        let entities = json!([
            {"uid": {"type": "Account", "id": account.id}, "parents": roles, "attrs": {
                "id": account.id, "kind": account.kind.name(), "assurance": account.assurance,
                "units": of("Unit", &account.units), "subjects": of("Subject", &account.subjects),
                "steppedUp": account.stepped_up, "openWrites": false,
            }},
            {"uid": {"type": "House", "id": "it"}, "parents": [], "attrs": {}},
            {"uid": {"type": "Data", "id": "it"}, "parents": [], "attrs": {
                "types": [thing.kind], "sector": sector, "privacy": privacy.name(),
                "owners": of("Subject", &with_itself("owner")), "units": of("Unit", &with_itself("unit")),
                "assignees": tied("assignee").iter().take(1).collect::<Vec<_>>(),
            }},
        ]);
        let entities = Entities::from_json_value(entities, Some(&self.schema)).unwrap();
        let circumstances = json!({"purpose": purpose.name(), "tenant": tenant});
        let action = uid("Action", action.name());
        let context = Context::from_json_value(circumstances, Some((&self.schema, &action))).unwrap();
        let request =
            Request::new(uid("Account", &account.id), action, resource, context, Some(&self.schema)).unwrap();
        let answer = Authorizer::new().is_authorized(&request, &self.policies, &entities);
        assert_eq!(answer.diagnostics().errors().count(), 0);
        answer.decision() == Decision::Allow
    }
}

fn compare(
    (oracle, policy): &(Oracle, Policy),
    account: &Account,
    thing: &Thing,
    purpose: Purpose,
    tenant: &str,
) {
    let principal = Principal::Account(Arc::new(account.clone()));
    let place = Tenant::parse(tenant).unwrap();
    let entity = Arc::new(entity(thing));
    let whole = catalogue_privacy(thing.kind);
    let asked = |action, privacy: Privacy| {
        oracle.allows(account, action, (tenant, purpose), thing, privacy.max(whole))
    };
    for action in [Action::Read, Action::Reveal, Action::Write, Action::Export, Action::Erase] {
        for verdict in policy.explain(&principal, &place, purpose, action, &entity) {
            let privacy = verdict.attribute.as_ref().map_or(whole, |name| privacy_of(thing.kind, name));
            assert_eq!(verdict.allowed, asked(action, privacy), "{action} {:?}", verdict.attribute);
        }
    }
    for action in [Action::Follow, Action::Administer, Action::Audit] {
        assert_eq!(policy.act(&principal, &place, purpose, action).is_ok(), asked(action, whole), "{action}");
    }
    for revealing in [false, true] {
        let grant = if revealing {
            policy.reveal(&principal, &place, purpose)
        } else {
            policy.read(&principal, &place, purpose)
        };
        let Ok(grant) = grant else { continue };
        let seen = grant.sight().view(&entity);
        let entity_seen = asked(Action::Read, whole);
        assert_eq!(seen.is_some(), entity_seen, "the entity, revealing: {revealing}");
        let Some(seen) = seen else { continue };
        for (name, before) in &entity.attributes {
            let privacy = privacy_of(thing.kind, name).max(whole);
            let read = asked(Action::Read, privacy);
            let clear = read && (!privacy.is_of_a_person() || revealing && asked(Action::Reveal, privacy));
            let masked = read && !clear;
            match seen.attributes.get(name) {
                Some(after) if after == before => assert!(clear, "{name} is shown"),
                Some(_) => assert!(masked, "{name} is masked"),
                None => assert!(!read, "{name} is left out"),
            }
        }
    }
    let written = policy.write(&principal, &place, purpose).ok();
    let reaches = |attributes: &[&str]| {
        let names = attributes.iter().map(|name| term(name));
        written
            .as_ref()
            .is_some_and(|grant| grant.reach().check(Some(&entity), Some(&entity), &names).is_ok())
    };
    assert_eq!(reaches(&[]), asked(Action::Write, whole));
    for (name, _privacy) in ATTRIBUTES {
        let privacy = privacy_of(thing.kind, &term(name));
        assert_eq!(reaches(&[name]), asked(Action::Write, whole) && asked(Action::Write, privacy), "{name}");
    }
}

fn catalogue_privacy(kind: &str) -> Privacy {
    match kind {
        "Report" => Privacy::Open,
        "Patient" => Privacy::Personal,
        _ => Privacy::Internal,
    }
}

/// How an attribute is marked; those of a type that nobody describes are marked as the type is.
fn privacy_of(kind: &str, name: &Term) -> Privacy {
    if kind == "Song" {
        return catalogue_privacy(kind);
    }
    ATTRIBUTES
        .into_iter()
        .find(|(short, _)| term(short) == *name)
        .map_or(Privacy::Open, |(_, privacy)| privacy)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(100) })]

    #[test]
    fn the_policies_of_the_house_decide_as_cedar_does(
        account in an_account(),
        thing in a_thing(),
        purpose in prop::sample::select(&Purpose::ALL[..]),
    ) {
        compare(&OF_THE_HOUSE, &account, &thing, purpose, "hue");
    }

    #[test]
    fn strange_policies_decide_as_cedar_does(
        account in an_account(),
        thing in a_thing(),
        purpose in prop::sample::select(&Purpose::ALL[..]),
        tenant in prop::sample::select(&["hue", "quang-ngai"][..]),
    ) {
        compare(&STRANGE_ONES, &account, &thing, purpose, tenant);
    }
}
