//! Making, renaming, moving and ending units.

use axum::extract::{Path, RawForm};
use axum::response::{IntoResponse as _, Redirect, Response};
use dinh_context::Error;
use dinh_context::graph::Commit;
use dinh_model::EntityId;
use http::StatusCode;

use super::list::shown as list_shown;
use super::one::shown as one_shown;
use super::read::{all, below};
use super::write::{Typed, create};
use crate::pages::admin::given::{Given, Trouble};
use crate::pages::admin::guard::{Stop, office, private};
use crate::pages::admin::said::{done, not_done};
use crate::pages::fault::Fault;
use crate::pages::visitor::{Visitor, encode};

/// Makes a unit.
pub(in crate::pages) async fn make(visitor: Visitor, RawForm(body): RawForm) -> Result<Response, Stop> {
    office(&visitor)?;
    let lang = visitor.lang();
    let (given, units) = (Given::read(&body), all(&visitor).await?);
    let refused = |trouble: Trouble| {
        let outcome = Some(not_done(&trouble, lang));
        let page = list_shown(&visitor, &units, &given, Some(trouble), outcome)?;
        Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
    };
    let typed = match Typed::read(&given, &units, lang) {
        Ok(typed) => typed,
        Err(trouble) => return refused(trouble),
    };
    let context = &visitor.app.context;
    let id = format!("urn:ngsi-ld:Unit:{}:{}", visitor.province.tenant, context.ids().uuid().simple());
    let unit = typed.make(EntityId::trusted(id.clone()), visitor.now);
    match write(&visitor, create(unit)).await? {
        None => {
            let way = visitor.href(&format!("admin/units/{}", encode(&id)));
            Ok(private(Redirect::to(&way).into_response()))
        }
        Some(trouble) => refused(trouble),
    }
}

/// Changes a unit.
pub(in crate::pages) async fn change(
    visitor: Visitor,
    Path((_, id)): Path<(String, String)>,
    RawForm(body): RawForm,
) -> Result<Response, Stop> {
    office(&visitor)?;
    let lang = visitor.lang();
    let (given, units) = (Given::read(&body), all(&visitor).await?);
    let unit = units.iter().find(|unit| unit.id.as_str() == id);
    let unit = unit.ok_or_else(|| Fault::not_found(visitor.taste))?;
    let trouble = match Typed::read(&given, &units, lang) {
        Err(trouble) => Some(trouble),
        Ok(typed) => {
            let own = below(&units, &id);
            let under_itself = typed
                .parent
                .as_ref()
                .is_some_and(|parent| own.iter().any(|unit| unit.as_str() == parent.as_str()));
            if under_itself {
                Some(Trouble::new("parent", lang.say("admin-unit-circle")))
            } else if typed.successor.as_ref().is_some_and(|to| to.as_str() == id) {
                Some(Trouble::new("successor", lang.say("admin-unit-succeeds-itself")))
            } else {
                write(&visitor, typed.edit(unit, visitor.now)).await?
            }
        }
    };
    match trouble {
        None => {
            let outcome = Some(done(lang.say("admin-unit-changed")));
            one_shown(&visitor, &id, None, None, outcome).await
        }
        Some(trouble) => {
            let outcome = Some(not_done(&trouble, lang));
            let page = one_shown(&visitor, &id, Some(&given), Some(trouble), outcome).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

/// Commits all of it; what the type does not allow is said of the form.
async fn write(visitor: &Visitor, commit: Commit) -> Result<Option<Trouble>, Stop> {
    let fault = |error: Error| Stop::from(Fault::of(visitor.taste, error));
    let receipt = visitor.session.commit(commit).await.map_err(fault)?;
    match receipt.results.into_iter().find_map(Result::err) {
        None => Ok(None),
        Some(error) => Ok(Some(Trouble::new("", error.to_string()))),
    }
}
