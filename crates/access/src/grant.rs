//! The evidence that a decision was made.

use std::marker::PhantomData;

use dinh_model::Tenant;

use crate::{Principal, Purpose};

/// Marks a grant that allows reading.
#[derive(Clone, Copy, Debug)]
pub struct Read;

/// Marks a grant that allows writing.
#[derive(Clone, Copy, Debug)]
pub struct Write;

/// Marks a grant that spans all tenants: following the change feed, and keeping the store itself in order (indexes,
/// backup, verification).
#[derive(Clone, Copy, Debug)]
pub struct Feed;

/// The kinds of grant that are good for one tenant.
pub trait InTenant: sealed::Sealed {}
impl InTenant for Read {}
impl InTenant for Write {}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Read {}
    impl Sealed for super::Write {}
}

/// The evidence that `principal` may read or write in `tenant` for `purpose`, or follow the feed of all tenants. Made by [`crate::Policy`] only.
#[derive(Clone, Debug)]
pub struct Grant<Kind> {
    pub(crate) tenant: Tenant,
    pub(crate) principal: Principal,
    pub(crate) purpose: Purpose,
    pub(crate) kind: PhantomData<Kind>,
}

impl<Kind: InTenant> Grant<Kind> {
    /// The one tenant that it is good for.
    pub fn tenant(&self) -> &Tenant {
        &self.tenant
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
