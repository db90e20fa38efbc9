//! Giving and taking roles and positions.

use std::collections::BTreeSet;

use dinh_access::AccountKind;

use super::Office;
use crate::Error;
use crate::domain::{AccountId, AccountRecord, Position, Representation, Role, State};
use crate::event::What;

/// What an account may be in one tenant. What it may be elsewhere is not touched.
#[derive(Clone, Debug, Default)]
pub struct Rights {
    /// Its roles.
    pub roles: Vec<Role>,
    /// Its positions in units.
    pub positions: Vec<Position>,
}

impl Rights {
    /// Those that an account has in a tenant.
    pub fn of(record: &AccountRecord, tenant: &dinh_model::Tenant) -> Self {
        let roles = record.roles.iter().filter(|role| role.tenant == *tenant).cloned().collect();
        let positions =
            record.positions.iter().filter(|position| position.tenant == *tenant).cloned().collect();
        Self { roles, positions }
    }
}

impl Office {
    /// Gives an account these rights in the administrator's tenant, in place of those that it had there. The rights
    /// hold from the next request on.
    pub async fn set_rights(&self, id: &AccountId, rights: &Rights) -> Result<(), Error> {
        if self.oneself.as_ref() == Some(id) {
            return Err(Error::Oneself);
        }
        let tenants = rights.roles.iter().map(|role| &role.tenant);
        let mut tenants = tenants.chain(rights.positions.iter().map(|position| &position.tenant));
        if let Some(other) = tenants.find(|tenant| **tenant != self.tenant) {
            return Err(Error::Elsewhere(other.clone()));
        }
        for role in &rights.roles {
            self.identity.0.roles.check(&role.code)?;
        }
        self.identity
            .edit(id, &self.by, |draft| {
                let record = &mut draft.record;
                if record.state == State::Closed {
                    return Err(Error::NotActive);
                }
                let was_without = record.roles.is_empty();
                let before = names(&Rights::of(record, &self.tenant));
                record.roles.retain(|role| role.tenant != self.tenant);
                record.positions.retain(|position| position.tenant != self.tenant);
                record.roles.extend(rights.roles.iter().cloned());
                record.positions.extend(rights.positions.iter().cloned());
                let after = names(rights);
                let given = after.difference(&before).cloned().collect();
                let taken = before.difference(&after).cloned().collect();
                let is_citizen = record.kind == AccountKind::Citizen;
                draft.events.push(What::RightsChanged { given, taken });
                if is_citizen && was_without && !rights.roles.is_empty() {
                    // Sessions with roles are shorter: those that were opened without begin anew.
                    draft.end_sessions_but(None);
                }
                Ok(())
            })
            .await
    }

    /// Says for whom an account speaks beside its holder, in place of what was said before.
    pub async fn set_representation(
        &self,
        id: &AccountId,
        speaks_for: &[Representation],
    ) -> Result<(), Error> {
        self.identity
            .edit(id, &self.by, |draft| {
                self.care(&draft.record)?;
                speaks_for.clone_into(&mut draft.record.speaks_for);
                draft.events.push(What::AccountChanged { members: vec!["speaksFor".to_owned()] });
                Ok(())
            })
            .await
    }
}

/// Rights as events name them, with their dates: a role that is given for longer is given anew.
fn names(rights: &Rights) -> BTreeSet<String> {
    let days = |days: crate::domain::Days| match (days.from, days.to) {
        (None, None) => String::new(),
        (from, to) => {
            let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string()).unwrap_or_default();
            format!(" {}/{}", day(from), day(to))
        }
    };
    let roles = rights.roles.iter().map(|role| {
        let unit = role.unit.as_ref().map(|unit| format!("@{unit}")).unwrap_or_default();
        format!("role:{}{unit}{}", role.code, days(role.days))
    });
    let positions = rights.positions.iter().map(|p| format!("position:{}{}", p.unit, days(p.days)));
    roles.chain(positions).collect()
}
