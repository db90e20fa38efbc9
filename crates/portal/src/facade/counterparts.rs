//! Counterparts, as the packs describe them.

use std::collections::BTreeMap;
use std::sync::Arc;

use dinh_casework::Casework;
use dinh_context::packs::Packs;

use crate::Error;
use crate::codes::Counterpart;
use crate::declared::Declared;

/// Reads the counterparts of all packs.
///
/// # Errors
/// [`Error::Pack`] for the first that makes no sense.
pub(super) fn read(packs: &Packs) -> Result<BTreeMap<String, Arc<Counterpart>>, Error> {
    let mut all = BTreeMap::new();
    for pack in packs.packs() {
        for file in packs.files(&pack.name, "counterparts", ".toml").map_err(dinh_context::Error::from)? {
            let counterpart: Counterpart = file.toml().map_err(dinh_context::Error::from)?;
            let fault = |reason: String| Error::Pack { file: file.path.clone(), reason };
            let counterpart = counterpart.checked().map_err(fault)?;
            if all.contains_key(&counterpart.code) {
                return Err(fault(format!("there are two counterparts {:?}", counterpart.code)));
            }
            all.insert(counterpart.code.clone(), Arc::new(counterpart));
        }
    }
    Ok(all)
}

/// Reads how the forms of counterparts become ours, of all packs: by counterpart and kind.
///
/// # Errors
/// [`Error::Pack`] for the first that makes no sense: of a counterpart or a kind that there is not, or for a field that the form
/// of the kind does not have.
pub(super) fn declared(
    packs: &Packs,
    casework: &Casework,
    counterparts: &BTreeMap<String, Arc<Counterpart>>,
) -> Result<BTreeMap<(String, String), Arc<Declared>>, Error> {
    let mut all = BTreeMap::new();
    for pack in packs.packs() {
        for file in packs.files(&pack.name, "declared", ".toml").map_err(dinh_context::Error::from)? {
            let declared: Declared = file.toml().map_err(dinh_context::Error::from)?;
            let fault = |reason: String| Error::Pack { file: file.path.clone(), reason };
            if !counterparts.contains_key(&declared.counterpart) {
                return Err(fault(format!("there is no counterpart {:?}", declared.counterpart)));
            }
            let versions: Vec<_> = casework.book().versions(&declared.kind).collect();
            if versions.is_empty() {
                return Err(fault(format!("there is no kind {:?}", declared.kind)));
            }
            let forms: Vec<_> = versions.iter().flat_map(|kind| casework.forms_of(kind)).collect();
            if let Some(wrong) = declared.faults(&forms).into_iter().next() {
                return Err(fault(wrong));
            }
            let key = (declared.counterpart.clone(), declared.kind.clone());
            if all.insert(key, Arc::new(declared)).is_some() {
                return Err(fault("there are two for this counterpart and kind".to_owned()));
            }
        }
    }
    Ok(all)
}
