//! What is explained is what is seen, and the question is on record.

use std::collections::BTreeMap;
use std::sync::Arc;

use dinh_access::{Account, Action, Outcome, Principal, Purpose};
use dinh_context::graph::{Act, AuditQuery, What};
use dinh_context::{Error, Session, Why};

use crate::access::{account, case, full, hue, session};
use crate::house::House;

fn auditor(house: &House) -> Session {
    session(house, &account("auditor", 1, true), Purpose::Operations)
}

fn why(who: &Arc<Account>, purpose: Purpose, action: Action, number: u32) -> Why {
    Why { who: Principal::Account(Arc::clone(who)), purpose, action, entity: case(number, 1).id }
}

/// What somebody sees of a case: each attribute of it as it is, masked, or not at all.
async fn seen(of: &Session, number: u32, all: &Session) -> BTreeMap<String, Outcome> {
    let whole = all.find(&case(number, 1).id).await.unwrap().unwrap();
    let view = of.find(&case(number, 1).id).await.unwrap();
    let outcome = |name: &str| match view.as_ref().and_then(|view| view.entity.attribute(name)) {
        None => Outcome::Refused,
        Some(shown) if Some(shown) == whole.entity.attribute(name) => Outcome::Allowed,
        Some(_) => Outcome::Masked,
    };
    whole.entity.attributes.keys().map(|name| (name.to_string(), outcome(name.as_str()))).collect()
}

#[tokio::test]
async fn what_is_explained_is_what_is_seen() {
    let house = full().await;
    let purposes = [Purpose::Operations, Purpose::CaseHandling, Purpose::Emergency, Purpose::Inspection];
    let mut outcomes = Vec::new();
    for role in ["officer", "operator", "leader", "inspector", "administrator", "device"] {
        for (stepped_up, purpose) in purposes.iter().flat_map(|purpose| [(false, *purpose), (true, *purpose)])
        {
            let who = account(role, 1, stepped_up);
            for number in [1, 3] {
                let plain = session(&house, &who, purpose);
                let mut asked = vec![(Action::Read, plain.clone())];
                if let Ok(revealing) = plain.revealing("để kiểm tra") {
                    asked.push((Action::Reveal, revealing));
                }
                for (action, as_seen) in asked {
                    let why = why(&who, purpose, action, number);
                    let told = auditor(&house).explain(&why).await.unwrap();
                    let told = told
                        .judged
                        .into_iter()
                        .filter_map(|one| Some((one.attribute?.to_string(), one.outcome)));
                    let told: BTreeMap<String, Outcome> = told.collect();
                    let shown = seen(&as_seen, number, &house.context.system("test", hue())).await;
                    assert_eq!(told, shown, "{role} {stepped_up} {purpose} {action} {number}");
                    outcomes.extend(told.into_values());
                }
            }
        }
    }
    for outcome in [Outcome::Allowed, Outcome::Masked, Outcome::Refused] {
        assert!(outcomes.contains(&outcome), "{outcome:?} never came of it");
    }
}

#[tokio::test]
async fn the_question_is_on_record_and_for_few() {
    let house = full().await;
    let officer = account("officer", 1, false);
    let question = why(&officer, Purpose::CaseHandling, Action::Read, 1);
    for role in ["officer", "operator", "leader"] {
        let refused = session(&house, &account(role, 1, true), Purpose::Operations).explain(&question).await;
        assert!(matches!(refused, Err(Error::Denied(_))), "{role}");
    }
    let not_there = why(&officer, Purpose::CaseHandling, Action::Read, 99);
    assert!(matches!(auditor(&house).explain(&not_there).await, Err(Error::NotFound(_))));
    auditor(&house).explain(&question).await.unwrap();
    let query = AuditQuery { action: Some(Act::Explain.name().to_owned()), ..AuditQuery::latest(10) };
    let page = auditor(&house).audit(query).await.unwrap();
    let [entry] = page.entries.as_slice() else { panic!("{:?}", page.entries) };
    let What::Noted(note) = &entry.what else { panic!("{entry:?}") };
    assert_eq!(note.entities, [case(1, 1).id]);
    assert_eq!(note.details["who"], "account:officer-1");
}

#[tokio::test]
async fn all_of_the_audit_is_examined_for_auditors_alone() {
    let house = full().await;
    assert!(auditor(&house).examine_audit().await.unwrap().is_clean());
    assert!(auditor(&house).last_seal().await.unwrap().is_none());
    let officer = session(&house, &account("officer", 1, true), Purpose::Operations);
    assert!(matches!(officer.examine_audit().await, Err(Error::Denied(_))));
    assert!(matches!(officer.last_seal().await, Err(Error::Denied(_))));
}
