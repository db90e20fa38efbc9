//! What deciding costs: a decision by itself, and queries of somebody who sees a part beside those of somebody who sees
//! everything. In process, because from outside a decision cannot be told from the request around it.

use std::fmt::Write as _;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use anyhow::Result;
use dinh_access::{
    Account, AccountKind, AttributeMarks, Catalogue, Grant, OpenWrites, Policy, Principal, Privacy, Purpose,
    Read, Relation, RuleBook, TypeMarks,
};
use dinh_context::graph::Options as StoreOptions;
use dinh_context::{SystemClock, packs::Packs};
use dinh_model::{Attribute, Entity, EntityId, Iri, OneOrMany, Tenant, Term, Timestamp, Value};
use dinh_ngsild::context::Context as LdContext;
use dinh_ngsild::query::{EntityQuery, Q, TypeExpr};
use dinh_policies::PolicyFile;
use dinh_store::{Commit, IndexSpec, Op, Store};
use serde_json::json;

use crate::options::Options;
use crate::report::{Report, Row, say};
use crate::samples::Samples;

/// Roles beside those of the house.
const ROLES: usize = 200;
/// Entities.
const ENTITIES: u32 = 100_000;
/// Units; each is in charge of so many hundredths of a percent.
const UNITS: u32 = 100;
/// Entities in one commit.
const CHUNK: u32 = 1_000;

/// Measures all of it.
pub(crate) async fn measure(options: &Options, report: &mut Report) -> Result<()> {
    say("Deciding");
    let policy = policy()?;
    decisions(options, &policy, report)?;
    say("Querying a part");
    let folder = tempfile::tempdir_in(options.work_folder()?)?;
    let store = filled(folder.path(), &policy).await?;
    queries(options, &store, &policy, report).await?;
    store.close().await?;
    Ok(())
}

fn term(name: &str) -> Term {
    LdContext::core().expand(name)
}

/// The policies of the house, and one more for each of the roles.
fn policy() -> Result<Policy> {
    let packs = Packs::embedded()?;
    let house = packs.policies()?;
    let mut many = String::new();
    for role in 0..ROLES {
        writeln!(
            many,
            "@id(\"r{role}\") @vi(\"x\") @en(\"x\") permit (principal in Role::\"r{role}\", action == Action::\"read\", \
             resource) when {{ resource.types.contains(\"T{}\") && principal.units.containsAny(resource.units) }};",
            role % 20
        )?;
    }
    let mut files = Vec::new();
    for (pack, file) in &house {
        files.push(PolicyFile { path: &file.path, pack, text: file.text()? });
    }
    files.push(PolicyFile { path: "bench.cedar", pack: "bench", text: &many });
    let rules = dinh_policies::read(&files, &term)?;
    let marks = || TypeMarks {
        sector: "bench".into(),
        privacy: Privacy::Internal,
        attributes: [
            (term("unit"), AttributeMarks { relation: Some(Relation::Unit), ..AttributeMarks::default() }),
            (term("applicant"), AttributeMarks { privacy: Privacy::Personal, ..AttributeMarks::default() }),
        ]
        .into(),
    };
    let types = (0..20).map(|n| term(&format!("T{n}"))).chain([term("Case")]).map(|t| (t, marks()));
    let catalogue = Catalogue::new(types.collect(), Privacy::Internal);
    Ok(Policy::new(RuleBook::new(rules), catalogue, OpenWrites::Never))
}

/// Somebody with three roles.
fn officer(number: usize) -> Principal {
    let roles = ["officer".to_owned(), format!("r{}", number % ROLES), format!("r{}", (number + 7) % ROLES)];
    Principal::Account(Arc::new(Account {
        id: format!("a{number}").into(),
        kind: AccountKind::Official,
        roles: roles.into_iter().map(Arc::from).collect(),
        units: [unit(u32::try_from(number).unwrap_or(0) % UNITS).into()].into(),
        assurance: 2,
        ..Account::default()
    }))
}

fn unit(number: u32) -> String {
    format!("urn:ngsi-ld:Unit:{number}")
}

fn grant(policy: &Policy, principal: &Principal) -> Result<Grant<Read>> {
    Ok(policy.read(principal, &Tenant::default_tenant(), Purpose::Operations)?)
}

fn decisions(options: &Options, policy: &Policy, report: &mut Report) -> Result<()> {
    let people: Vec<Principal> = (0..500).map(officer).collect();
    for (name, warm) in [("a decision, asked for the first time, p99", false), ("a decision, p99", true)] {
        let mut samples = Samples::default();
        let rounds = if warm { options.requests.max(1_000) } else { 1 };
        let rounds = usize::try_from(rounds)?.div_ceil(people.len());
        for principal in std::iter::repeat_n(&people, rounds).flatten() {
            let begun = Instant::now();
            black_box(grant(policy, principal)?);
            samples.add(begun.elapsed());
        }
        let micros = samples.percentile(0.99) * 1000.0;
        report.add(if warm {
            Row::under(name, micros, "µs", 20.0)
        } else {
            Row::figure(name, micros, "µs")
        });
    }
    Ok(())
}

async fn filled(folder: &std::path::Path, policy: &Policy) -> Result<Store> {
    let store = Store::open(folder, StoreOptions::default(), Arc::new(SystemClock)).await?;
    let house = Principal::System("bench".into());
    let own = policy.feed(&house, Purpose::Maintenance)?;
    let index = IndexSpec { entity_type: term("Case"), attribute: term("level") };
    store.declare_indexes(&own, vec![index]).await?;
    let writing = policy.write(&house, &Tenant::default_tenant(), Purpose::Maintenance)?;
    for first in (0..ENTITIES).step_by(usize::try_from(CHUNK)?) {
        let ops = (first..first + CHUNK).map(|number| Op::Create(case(number).into()));
        store.commit(&writing, Commit::of(ops.collect())).await?;
    }
    Ok(store)
}

fn case(number: u32) -> Entity {
    let at = Timestamp::from_micros(1_760_000_000_000_000);
    let mut entity = Entity::new(EntityId::trusted(format!("urn:ngsi-ld:Case:{number}")), term("Case"), at);
    let object = OneOrMany::One(Iri::trusted(unit(number % UNITS)));
    let value = Value::Relationship { object, object_type: Vec::new() };
    entity.set(term("unit"), Attribute::new(value, at));
    // Scattered, so that neither the order of entry nor the unit says anything of the level.
    let level = u64::from(number) * 7_919 % u64::from(ENTITIES);
    entity.set(term("level"), Attribute::new(Value::Property(json!(level)), at));
    entity.set(term("applicant"), Attribute::new(Value::Property(json!("Nguyễn Văn A")), at));
    entity
}

async fn queries(options: &Options, store: &Store, policy: &Policy, report: &mut Report) -> Result<()> {
    let everything = grant(policy, &Principal::System("bench".into()))?;
    let part = grant(policy, &officer(5))?;
    let range = "level>=20000;level<=60000";
    let unit = format!("unit==\"{}\"", unit(5));
    // Who sees everything asks for what the other one sees without asking; or for the same.
    for (name, asked, own_asked, count) in [
        ("a page of one's own, against the same page asked for", unit.as_str(), "", false),
        ("a page of one's own, against any page", "", "", false),
        ("one's own within a range, against any within it", range, range, false),
        ("one's own counted, against all counted one by one", range, range, true),
    ] {
        let query = |text: &str| -> Result<EntityQuery> {
            let q = if text.is_empty() { None } else { Some(Q::parse(text, &LdContext::core())?) };
            let types = Some(TypeExpr::Is(term("Case")));
            Ok(EntityQuery { types, q, limit: 20, count, ..EntityQuery::default() })
        };
        let (asked, own_asked) = (query(asked)?, query(own_asked)?);
        // In turns, so that both meet the same caches and the same weather.
        let (mut all, mut own) = (Samples::default(), Samples::default());
        for _ in 0..options.requests.min(500) {
            for (grant, query, samples) in [(&everything, &asked, &mut all), (&part, &own_asked, &mut own)] {
                let begun = Instant::now();
                black_box(store.query(grant, query).await?);
                samples.add(begun.elapsed());
            }
        }
        let (all, own) = (all.percentile(0.5), own.percentile(0.5));
        report.add(Row::under(name, own, "ms", all * 1.3).beside(all, "seeing everything"));
    }
    Ok(())
}
