//! What the shipped policies allow, asked of Cedar's own authorizer: the program does not run it.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::str::FromStr as _;
use std::sync::{Mutex, PoisonError};

use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid, PolicySet, Request,
    Schema,
};
use dinh_access::{Action, Privacy, Purpose};
use serde_json::{Value as Json, json};

use crate::callers::Facts;
use crate::planted::{COULD_BE_TOO, Planted, TYPES};

/// Who asks by their name, what they want to do, why, and what to: an entity by its number and kind, and a mark.
type Question = (String, Action, Purpose, usize, &'static str, Option<Privacy>);

/// What stands for something that could be there, not tied to whoever asks and tied in every way.
const COULD_BE: [usize; 2] = [1_000, 1_001];

/// The policies of the house, as Cedar reads them.
pub(crate) struct Oracle {
    schema: Schema,
    policies: PolicySet,
    known: Mutex<HashMap<Question, bool>>,
    askers: Mutex<HashMap<String, Entity>>,
    /// What is planted, by number and mark.
    things: Mutex<HashMap<(usize, Privacy), Entity>>,
    contexts: Mutex<HashMap<(Action, Purpose), Context>>,
    names: Mutex<HashMap<&'static str, EntityTypeName>>,
}

impl Oracle {
    pub(crate) fn new() -> Self {
        let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
        let mut text = String::new();
        for pack in ["access", "privacy"] {
            let folder = packs.join(pack).join("policies");
            for file in std::fs::read_dir(folder).expect("the policies are there") {
                text += &std::fs::read_to_string(file.expect("a file").path()).expect("a policy");
            }
        }
        let (schema, _warnings) = Schema::from_cedarschema_str(dinh_policies::SCHEMA).expect("a schema");
        let policies = PolicySet::from_str(&text).expect("policies");
        Self {
            schema,
            policies,
            known: Mutex::default(),
            askers: Mutex::default(),
            things: Mutex::default(),
            contexts: Mutex::default(),
            names: Mutex::default(),
        }
    }

    /// Whether somebody may do something to data marked so of an entity.
    pub(crate) fn allows(
        &self,
        who: &Facts,
        action: Action,
        why: Purpose,
        what: &Planted,
        mark: Privacy,
    ) -> bool {
        self.remembered((who.name.clone(), action, why, what.number, what.kind, Some(mark)), || {
            let make = || self.entity(&Self::resource(what, mark));
            // What only could be is tied to whoever asks.
            let is_planted = !COULD_BE.contains(&what.number);
            let thing = if is_planted { Self::kept(&self.things, (what.number, mark), make) } else { make() };
            self.ask(who, (action, why), thing)
        })
    }

    fn resource(what: &Planted, mark: Privacy) -> Json {
        // An entity that is a person or a unit is tied to itself.
        let with_itself = |ties: &BTreeSet<String>| {
            let ties = if what.sector.is_empty() { &BTreeSet::new() } else { ties };
            ties.iter().cloned().chain([what.id()]).collect()
        };
        json!({"uid": {"type": "Data", "id": "it"}, "parents": [], "attrs": {
            "types": [what.kind], "sector": what.sector, "privacy": mark.name(),
            "owners": of("Subject", &with_itself(&what.owners)),
            "units": of("Unit", &with_itself(&what.units)), "assignees": what.assignees,
        }})
    }

    /// Whether somebody may do what is not about data.
    pub(crate) fn acts(&self, who: &Facts, action: Action, why: Purpose) -> bool {
        let house = json!({"uid": {"type": "House", "id": "it"}, "parents": [], "attrs": {}});
        self.remembered((who.name.clone(), action, why, 0, "House", None), || {
            self.ask(who, (action, why), self.entity(&house))
        })
    }

    /// Whether there could be an entity to which somebody may do something: those who may not are sent away at once.
    pub(crate) fn could(&self, who: &Facts, action: Action, why: Purpose) -> bool {
        let question = (who.name.clone(), action, why, 0, "could be", None);
        self.remembered(question, || self.could_be(who, action, why))
    }

    fn could_be(&self, who: &Facts, action: Action, why: Purpose) -> bool {
        let bound = |kind: &str| who.types.is_empty() || who.types.contains(kind);
        TYPES.iter().filter(|(kind, _, _)| bound(kind)).chain(&COULD_BE_TOO).any(|(kind, sector, privacy)| {
            let marks = Privacy::ALL.into_iter().filter(|mark| mark >= privacy);
            let marks: Vec<Privacy> = marks.collect();
            COULD_BE.into_iter().any(|number| {
                let tied = number > 1_000;
                let tied_to = |ties: &BTreeSet<String>| if tied { ties.clone() } else { BTreeSet::new() };
                let takes = ["Errand", "DataRequest"].contains(kind);
                let assigned = tied && takes && !who.id.is_empty();
                let assignees = if assigned { BTreeSet::from([who.id.clone()]) } else { BTreeSet::new() };
                let what = Planted {
                    number,
                    kind,
                    sector,
                    privacy: *privacy,
                    owners: tied_to(&who.subjects),
                    units: tied_to(&who.units),
                    assignees,
                };
                marks.iter().any(|mark| self.allows(who, action, why, &what, *mark))
            })
        })
    }

    fn ask(&self, who: &Facts, (action, why): (Action, Purpose), thing: Entity) -> bool {
        let asker = Self::kept(&self.askers, who.name.clone(), || self.entity(&Self::asker(who)));
        let action_uid = self.uid("Action", action.name());
        let circumstances = json!({"purpose": why.name(), "tenant": "thu"});
        let context = Self::kept(&self.contexts, (action, why), || {
            Context::from_json_value(circumstances, Some((&self.schema, &action_uid))).expect("a context")
        });
        let (asker_uid, thing_uid) = (asker.uid(), thing.uid());
        // Each was held against the schema when it was made.
        let entities = Entities::from_entities([asker, thing], None).expect("entities");
        let question = Request::new(asker_uid, action_uid, thing_uid, context, None);
        let answer =
            Authorizer::new().is_authorized(&question.expect("a question"), &self.policies, &entities);
        assert_eq!(answer.diagnostics().errors().count(), 0, "the policies can be asked");
        answer.decision() == Decision::Allow
    }

    fn asker(who: &Facts) -> Json {
        let roles: Vec<Json> = who.roles.iter().map(|role| json!({"type": "Role", "id": role})).collect();
        json!({"uid": {"type": "Account", "id": "asker"}, "parents": roles, "attrs": {
            "id": who.id, "kind": who.kind.name(), "assurance": who.assurance,
            "units": of("Unit", &who.units), "subjects": of("Subject", &who.subjects),
            "steppedUp": who.stepped_up, "openWrites": who.open_writes,
        }})
    }

    fn entity(&self, json: &Json) -> Entity {
        Entity::from_json_value(json.clone(), Some(&self.schema)).expect("an entity")
    }

    fn uid(&self, kind: &'static str, id: &str) -> EntityUid {
        let name = Self::kept(&self.names, kind, || EntityTypeName::from_str(kind).expect("a name"));
        EntityUid::from_type_name_and_id(name, EntityId::new(id))
    }

    /// What was made before, or what is made now: reading names and JSON takes longer than the question itself.
    fn kept<K: Eq + std::hash::Hash, V: Clone>(
        all: &Mutex<HashMap<K, V>>,
        key: K,
        make: impl FnOnce() -> V,
    ) -> V {
        let known = all.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        known.unwrap_or_else(|| {
            let fresh = make();
            all.lock().unwrap_or_else(PoisonError::into_inner).insert(key, fresh.clone());
            fresh
        })
    }

    fn remembered(&self, question: Question, ask: impl FnOnce() -> bool) -> bool {
        Self::kept(&self.known, question, ask)
    }
}

fn of(kind: &str, ids: &BTreeSet<String>) -> Vec<Json> {
    ids.iter().map(|id| json!({"__entity": {"type": kind, "id": id}})).collect()
}
