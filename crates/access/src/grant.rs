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

/// The evidence that `principal` may read or write in `tenant` for `purpose`. Made by [`crate::Policy`] only.
#[derive(Clone, Debug)]
pub struct Grant<Kind> {
    pub(crate) tenant: Tenant,
    pub(crate) principal: Principal,
    pub(crate) purpose: Purpose,
    pub(crate) kind: PhantomData<Kind>,
}

impl<Kind> Grant<Kind> {
    /// The one tenant that it is good for.
    pub fn tenant(&self) -> &Tenant {
        &self.tenant
    }

    /// Who was let in.
    pub fn principal(&self) -> &Principal {
        &self.principal
    }

    /// Why.
    pub fn purpose(&self) -> Purpose {
        self.purpose
    }
}
