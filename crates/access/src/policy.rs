//! The policy: the one place where it is decided who may do what.
//!
//! Rules come from packs. For somebody with a purpose they are narrowed once to a [`Sight`] or a [`Reach`], which the
//! store then applies to entities; what was narrowed is remembered, so that a decision costs a look into a table.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use dinh_model::{Entity, Tenant, Term};
use lru::LruCache;

use crate::explain::{Explanation, explain};
use crate::filter::{Filter, Kind};
use crate::grant::{Audit, Erase, Feed, Read, Write};
use crate::narrow::Asker;
use crate::rule::RuleBook;
use crate::{
    Account, Action, Catalogue, Grant, Principal, Privacy, Purpose, Reach, Relation, Sight, TypeMarks,
};

/// How many decisions are remembered of each sort.
const REMEMBERED: NonZeroUsize = NonZeroUsize::new(1024).expect("not zero");

/// How surely somebody must be known to be told of themselves what others are not: by a confirmed address.
const KNOWN: u8 = 1;

/// From where nobody in particular may write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OpenWrites {
    /// From nowhere: whoever writes is known.
    Never,
    /// From this machine only.
    #[default]
    Local,
    /// From anywhere. For closed networks and conformance tests.
    Anywhere,
}

/// Why somebody was not let in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// Nobody in particular may do this: sign in, or show a key.
    #[error("to {0} here you must be known: sign in, or show a key in the Authorization header (Bearer …)")]
    Unknown(Action),
    /// Whoever it is may not do this.
    #[error("{principal} may not {action} here for the purpose {purpose}")]
    NotPermitted {
        /// Who.
        principal: Principal,
        /// What.
        action: Action,
        /// Why.
        purpose: Purpose,
    },
}

/// Decides who may do what. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Policy(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    book: RuleBook,
    catalogue: Arc<Catalogue>,
    open_writes: OpenWrites,
    sights: Mutex<LruCache<Question, Arc<Sight>>>,
    reaches: Mutex<LruCache<Question, Arc<Reach>>>,
}

/// What a decision depends on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Question {
    principal: Principal,
    tenant: Tenant,
    purpose: Purpose,
    revealing: bool,
}

impl Default for Policy {
    /// No rules: lets in the program's own parts, and nobody else.
    fn default() -> Self {
        Self::new(RuleBook::default(), Catalogue::default(), OpenWrites::Never)
    }
}

impl Policy {
    /// A policy of these rules over types marked so.
    pub fn new(book: RuleBook, catalogue: Catalogue, open_writes: OpenWrites) -> Self {
        Self(Arc::new(Inner {
            book,
            catalogue: Arc::new(catalogue),
            open_writes,
            sights: Mutex::new(LruCache::new(REMEMBERED)),
            reaches: Mutex::new(LruCache::new(REMEMBERED)),
        }))
    }

    /// May `principal` read in `tenant`? The grant says what it sees; what tells something of a person is masked.
    pub fn read(
        &self,
        principal: &Principal,
        tenant: &Tenant,
        purpose: Purpose,
    ) -> Result<Grant<Read>, Denied> {
        Ok(self.seeing(principal, tenant, purpose, false))
    }

    /// May `principal` see in `tenant` what tells something of a person? Whoever asks for this grant records what was
    /// seen under it before showing it.
    pub fn reveal(
        &self,
        principal: &Principal,
        tenant: &Tenant,
        purpose: Purpose,
    ) -> Result<Grant<Read>, Denied> {
        if self.may(principal, tenant, purpose, Action::Reveal) == Filter::Const(false) {
            return Err(denied(principal, Action::Reveal, purpose));
        }
        Ok(self.seeing(principal, tenant, purpose, true))
    }

    /// May `principal` write in `tenant`? The grant says what.
    pub fn write(
        &self,
        principal: &Principal,
        tenant: &Tenant,
        purpose: Purpose,
    ) -> Result<Grant<Write>, Denied> {
        let reach = self.reach(principal, tenant, purpose);
        if reach.is_nothing() {
            return Err(denied(principal, Action::Write, purpose));
        }
        Ok(grant(principal, tenant, purpose, Write(reach)))
    }

    /// The right to write in the name of `principal` what a part of the program has checked by the steps of a procedure,
    /// about which rules can say nothing: they know neither states nor the order of steps. The audit names `principal`.
    pub fn vouch(&self, principal: &Principal, tenant: &Tenant, purpose: Purpose) -> Grant<Write> {
        grant(principal, tenant, purpose, Write(Arc::new(Reach::EVERYTHING)))
    }

    /// True if an entity is, is about or belongs to somebody whom `principal` speaks for, and who they are is sure
    /// enough to tell them what is kept of themselves.
    pub fn owns(&self, principal: &Principal, entity: &Entity) -> bool {
        let Principal::Account(account) = principal else { return false };
        let owned = || self.0.catalogue.ties(entity).meet(Relation::Owner, &account.subjects);
        account.assurance >= KNOWN && owned()
    }

    /// May `principal` erase for good in `tenant` what is kept of somebody? The grant says what.
    pub fn erase(
        &self,
        principal: &Principal,
        tenant: &Tenant,
        purpose: Purpose,
    ) -> Result<Grant<Erase>, Denied> {
        let reach = if matches!(principal, Principal::System(_)) {
            Reach::EVERYTHING
        } else {
            let erase = self.may(principal, tenant, purpose, Action::Erase);
            let sight = self.seeing(principal, tenant, purpose, false).kind.0;
            Reach::new(&self.0.catalogue, &erase, sight)
        };
        if reach.is_nothing() {
            return Err(denied(principal, Action::Erase, purpose));
        }
        Ok(grant(principal, tenant, purpose, Erase(Arc::new(reach))))
    }

    /// May `principal` change every entity of these types in `tenant`, whoever they are tied to? Whoever puts something
    /// in through a part of the program, which then writes what it likes of its types, must be able to.
    pub fn write_all(
        &self,
        principal: &Principal,
        tenant: &Tenant,
        purpose: Purpose,
        types: &[Term],
    ) -> Result<(), Denied> {
        let reach = self.reach(principal, tenant, purpose);
        if types.iter().all(|entity_type| reach.is_all_of(entity_type)) {
            return Ok(());
        }
        Err(denied(principal, Action::Write, purpose))
    }

    /// May `principal` follow the change feed of all tenants and keep the store in order?
    pub fn feed(&self, principal: &Principal, purpose: Purpose) -> Result<Grant<Feed>, Denied> {
        let tenant = Tenant::default_tenant();
        self.act(principal, &tenant, purpose, Action::Follow)?;
        Ok(grant(principal, &tenant, purpose, Feed))
    }

    /// May `principal` read the records of who did what in `tenant`?
    pub fn audit(
        &self,
        principal: &Principal,
        tenant: &Tenant,
        purpose: Purpose,
    ) -> Result<Grant<Audit>, Denied> {
        self.act(principal, tenant, purpose, Action::Audit)?;
        Ok(grant(principal, tenant, purpose, Audit))
    }

    /// May `principal` do what is not about data: administer, audit, follow?
    pub fn act(
        &self,
        principal: &Principal,
        tenant: &Tenant,
        purpose: Purpose,
        action: Action,
    ) -> Result<(), Denied> {
        match self.may(principal, tenant, purpose, action) {
            Filter::Const(true) => Ok(()),
            _ => Err(denied(principal, action, purpose)),
        }
    }

    /// Why `principal` may or may not do `action` to an entity: what each rule says of it.
    pub fn explain(
        &self,
        principal: &Principal,
        tenant: &Tenant,
        purpose: Purpose,
        action: Action,
        entity: &Entity,
    ) -> Explanation {
        let account = account(principal);
        let asker = self.asker(principal, &account, tenant, purpose);
        explain(&asker, &self.0.book, &self.0.catalogue, action, entity)
    }

    /// The rules.
    pub fn book(&self) -> &RuleBook {
        &self.0.book
    }

    /// How types are marked.
    pub fn catalogue(&self) -> &Catalogue {
        &self.0.catalogue
    }

    fn seeing(
        &self,
        principal: &Principal,
        tenant: &Tenant,
        purpose: Purpose,
        revealing: bool,
    ) -> Grant<Read> {
        let question = Question { principal: principal.clone(), tenant: tenant.clone(), purpose, revealing };
        let sight = remembered(&self.0.sights, question, || {
            if matches!(principal, Principal::System(_)) {
                return Sight::EVERYTHING;
            }
            let read = self.may(principal, tenant, purpose, Action::Read);
            let reveal = if revealing {
                self.may(principal, tenant, purpose, Action::Reveal)
            } else {
                Filter::Const(false)
            };
            Sight::new(&self.0.catalogue, &read, &reveal)
        });
        grant(principal, tenant, purpose, Read(sight))
    }

    fn reach(&self, principal: &Principal, tenant: &Tenant, purpose: Purpose) -> Arc<Reach> {
        let question =
            Question { principal: principal.clone(), tenant: tenant.clone(), purpose, revealing: false };
        remembered(&self.0.reaches, question, || {
            if matches!(principal, Principal::System(_)) {
                return Reach::EVERYTHING;
            }
            let write = self.may(principal, tenant, purpose, Action::Write);
            let sight = self.seeing(principal, tenant, purpose, false).kind.0;
            Reach::new(&self.0.catalogue, &write, sight)
        })
    }

    fn may(&self, principal: &Principal, tenant: &Tenant, purpose: Purpose, action: Action) -> Filter {
        if matches!(principal, Principal::System(_)) {
            return Filter::Const(true);
        }
        let account = account(principal);
        let filter = self.asker(principal, &account, tenant, purpose).may(&self.0.book, action);
        if action.is_about_data() {
            return filter;
        }
        // What is not about data has no type and no mark: what is left of a rule that asks for one shuts.
        let nameless = Term::from("");
        filter.for_kind(Kind::of(&nameless, &TypeMarks::default(), Privacy::Sensitive))
    }

    fn asker<'a>(
        &self,
        principal: &Principal,
        account: &'a Account,
        tenant: &'a Tenant,
        purpose: Purpose,
    ) -> Asker<'a> {
        let open_writes = match principal {
            Principal::Local => self.0.open_writes != OpenWrites::Never,
            Principal::Anonymous => self.0.open_writes == OpenWrites::Anywhere,
            _ => false,
        };
        Asker { account, tenant, purpose, open_writes }
    }
}

/// Whoever asks, as an account. Those without one have a role that says where they come from.
fn account(principal: &Principal) -> Arc<Account> {
    let with_role = |role: &str| Arc::new(Account { roles: [role.into()].into(), ..Account::default() });
    match principal {
        Principal::Anonymous => with_role("anonymous"),
        Principal::Local => with_role("local"),
        Principal::Operator(_) => with_role("write-key"),
        Principal::System(_) => with_role("program"),
        Principal::Account(account) => Arc::clone(account),
    }
}

fn denied(principal: &Principal, action: Action, purpose: Purpose) -> Denied {
    match principal {
        Principal::Anonymous | Principal::Local => Denied::Unknown(action),
        _ => Denied::NotPermitted { principal: principal.clone(), action, purpose },
    }
}

fn grant<Kind>(principal: &Principal, tenant: &Tenant, purpose: Purpose, kind: Kind) -> Grant<Kind> {
    Grant { tenant: tenant.clone(), principal: principal.clone(), purpose, kind }
}

fn remembered<T>(
    memory: &Mutex<LruCache<Question, Arc<T>>>,
    question: Question,
    decide: impl FnOnce() -> T,
) -> Arc<T> {
    let mut memory = memory.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = memory.get(&question) {
        return Arc::clone(known);
    }
    let decided = Arc::new(decide());
    memory.put(question, Arc::clone(&decided));
    decided
}
