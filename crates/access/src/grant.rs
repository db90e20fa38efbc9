//! The evidence that a decision was made.

use std::sync::Arc;

use dinh_model::Tenant;

use crate::{Principal, Purpose, Reach, Sight};

/// A grant of this kind allows reading what its sight sees.
#[derive(Clone, Debug)]
pub struct Read(pub(crate) Arc<Sight>);

/// A grant of this kind allows writing what is within its reach.
#[derive(Clone, Debug)]
pub struct Write(pub(crate) Arc<Reach>);

/// A grant of this kind allows erasing for good what is within its reach.
#[derive(Clone, Debug)]
pub struct Erase(pub(crate) Arc<Reach>);

/// A grant of this kind spans all tenants: following the change feed, and keeping the store itself in order (indexes,
/// backup, verification).
#[derive(Clone, Copy, Debug)]
pub struct Feed;

/// A grant of this kind allows reading the audit.
#[derive(Clone, Copy, Debug)]
pub struct Audit;

/// The kinds of grant that are good for one tenant.
pub trait InTenant: sealed::Sealed {}
impl InTenant for Read {}
impl InTenant for Write {}
impl InTenant for Erase {}
impl InTenant for Audit {}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Read {}
    impl Sealed for super::Write {}
    impl Sealed for super::Erase {}
    impl Sealed for super::Audit {}
}

/// The evidence that `principal` may read or write in `tenant` for `purpose`, or follow the feed of all tenants. Made
/// by [`crate::Policy`] only.
#[derive(Clone, Debug)]
pub struct Grant<Kind> {
    pub(crate) tenant: Tenant,
    pub(crate) principal: Principal,
    pub(crate) purpose: Purpose,
    pub(crate) kind: Kind,
}

impl<Kind: InTenant> Grant<Kind> {
    /// The one tenant that it is good for.
    pub fn tenant(&self) -> &Tenant {
        &self.tenant
    }
}

impl Grant<Read> {
    /// What may be seen.
    pub fn sight(&self) -> &Arc<Sight> {
        &self.kind.0
    }
}

impl Grant<Write> {
    /// What may be changed.
    pub fn reach(&self) -> &Arc<Reach> {
        &self.kind.0
    }
}

impl Grant<Erase> {
    /// What may be erased.
    pub fn reach(&self) -> &Arc<Reach> {
        &self.kind.0
    }
}

impl<Kind> Grant<Kind> {
    /// Who was let in.
    pub fn principal(&self) -> &Principal {
        &self.principal
    }

    /// Why.
    pub fn purpose(&self) -> Purpose {
        self.purpose
    }
}
