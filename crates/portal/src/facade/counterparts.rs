//! Counterparts, as the packs describe them.

use std::collections::BTreeMap;
use std::sync::Arc;

use dinh_context::packs::Packs;

use crate::Error;
use crate::codes::Counterpart;

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
