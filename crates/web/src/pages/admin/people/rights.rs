//! Roles, positions and representations as forms give and end them.

use dinh_identity::domain::{AccountId, AccountRecord, Basis, Days, Handle, Position, Representation, Role};
use dinh_identity::{Office, Rights};

use super::rows::{TIES, position_mark, role_mark, tie_mark, tie_name};
use crate::pages::admin::days::{ended, today};
use crate::pages::admin::given::{Given, Trouble};
use crate::pages::admin::said::misread;
use crate::pages::visitor::Visitor;

/// The rights that an account has here.
pub(super) fn here(visitor: &Visitor, record: &AccountRecord) -> Rights {
    Rights::of(record, &visitor.province.tenant)
}

/// The span of days that a form names.
fn days(given: &Given, visitor: &Visitor) -> Result<Days, Trouble> {
    let wrong = |field: &str| misread(field, visitor.lang());
    Ok(Days { from: given.day("from").map_err(wrong)?, to: given.day("to").map_err(wrong)? })
}

/// With one more role.
pub(super) fn with_role(visitor: &Visitor, mut rights: Rights, given: &Given) -> Result<Rights, Trouble> {
    let unit = given.uri("unit").map_err(|field| misread(field, visitor.lang()))?;
    let code = given.get("role").to_owned();
    rights.roles.push(Role {
        tenant: visitor.province.tenant.clone(),
        code,
        unit,
        days: days(given, visitor)?,
    });
    Ok(rights)
}

/// Without the role that a form names, from today on.
pub(super) fn without_role(visitor: &Visitor, mut rights: Rights, given: &Given) -> Result<Rights, Trouble> {
    let at = rights.roles.iter().position(|role| role_mark(role) == given.get("which"));
    let mut role = rights.roles.remove(at.ok_or_else(|| gone(visitor))?);
    if let Some(days) = ended(role.days, today(visitor.now)) {
        role.days = days;
        rights.roles.push(role);
    }
    Ok(rights)
}

/// With one more position.
pub(super) async fn with_position(
    visitor: &Visitor,
    office: &Office,
    mut rights: Rights,
    given: &Given,
) -> Result<Rights, Trouble> {
    let lang = visitor.lang();
    let unit = given.uri("unit").map_err(|field| misread(field, lang))?;
    let unit = unit.ok_or_else(|| Trouble::new("unit", lang.say("admin-no-unit")))?;
    let basis = match given.get("basis") {
        "substitute" => Basis::Substitute { holder: holder(visitor, office, given).await? },
        "delegated" => Basis::Delegated { holder: holder(visitor, office, given).await? },
        _ => Basis::Held,
    };
    rights.positions.push(Position {
        tenant: visitor.province.tenant.clone(),
        unit,
        title: given.get("title").to_owned(),
        basis,
        days: days(given, visitor)?,
    });
    Ok(rights)
}

/// The account for whom somebody stands in, by address or identifier.
async fn holder(visitor: &Visitor, office: &Office, given: &Given) -> Result<AccountId, Trouble> {
    let text = given.get("holder");
    if let Some(id) = AccountId::parse(text)
        && office.known(&id).await.is_ok()
    {
        return Ok(id);
    }
    let found = match Handle::parse(text) {
        Ok(handle) => office.find(&handle).await.ok(),
        Err(_neither) => None,
    };
    let found = found.map(|record| record.id);
    found.ok_or_else(|| Trouble::new("holder", visitor.lang().say("admin-no-holder")))
}

/// Without the position that a form names, from today on.
pub(super) fn without_position(
    visitor: &Visitor,
    mut rights: Rights,
    given: &Given,
) -> Result<Rights, Trouble> {
    let at = rights.positions.iter().position(|position| position_mark(position) == given.get("which"));
    let mut position = rights.positions.remove(at.ok_or_else(|| gone(visitor))?);
    if let Some(days) = ended(position.days, today(visitor.now)) {
        position.days = days;
        rights.positions.push(position);
    }
    Ok(rights)
}

/// With one more representation.
pub(super) fn with_tie(
    visitor: &Visitor,
    record: &AccountRecord,
    given: &Given,
) -> Result<Vec<Representation>, Trouble> {
    let lang = visitor.lang();
    let subject = given.uri("of").map_err(|_not_one| Trouble::new("of", lang.say("admin-not-a-uri")))?;
    let subject = subject.ok_or_else(|| Trouble::new("of", lang.say("admin-not-a-uri")))?;
    let tie = TIES.into_iter().find(|tie| tie_name(*tie) == given.get("tie"));
    let tie = tie.ok_or_else(|| Trouble::new("tie", lang.say("admin-no-tie")))?;
    let mut ties = record.speaks_for.clone();
    ties.push(Representation { subject, tie, days: days(given, visitor)? });
    Ok(ties)
}

/// Without the representation that a form names, from today on.
pub(super) fn without_tie(
    visitor: &Visitor,
    record: &AccountRecord,
    given: &Given,
) -> Result<Vec<Representation>, Trouble> {
    let mut ties = record.speaks_for.clone();
    let at = ties.iter().position(|tie| tie_mark(tie) == given.get("which"));
    let tie = ties.remove(at.ok_or_else(|| gone(visitor))?);
    if let Some(days) = ended(tie.days, today(visitor.now)) {
        ties.push(Representation { days, ..tie });
    }
    Ok(ties)
}

fn gone(visitor: &Visitor) -> Trouble {
    Trouble::new("which", visitor.lang().say("admin-choose-one"))
}
