//! Room beside an entity, while it is kept in memory, for what was written of it: whoever asks for the same version in the
//! same form is sent the same bytes.

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Most forms kept of one entity; the oldest goes first.
const MOST_FORMS: usize = 4;
/// Most bytes of one form that are kept. Larger ones are rare, and writing them is not what they cost.
const MOST_BYTES: usize = 16 * 1024;

/// What was written of one version of one entity. It lives as long as the version is kept, and no longer: what is
/// forgotten there is gone here.
#[derive(Clone, Default)]
pub struct Written(Option<Arc<Room>>);

struct Room {
    forms: Mutex<Vec<(u64, Arc<[u8]>)>>,
    /// Bytes kept in all rooms.
    total: Arc<AtomicUsize>,
}

impl Written {
    /// An empty room, counted in `total`.
    pub(crate) fn room(total: &Arc<AtomicUsize>) -> Self {
        Self(Some(Arc::new(Room { forms: Mutex::default(), total: Arc::clone(total) })))
    }

    /// What was written in a form, if it is kept.
    pub fn get(&self, form: u64) -> Option<Arc<[u8]>> {
        let forms = self.0.as_ref()?.forms.lock().unwrap_or_else(PoisonError::into_inner);
        forms.iter().find(|(known, _)| *known == form).map(|(_, bytes)| Arc::clone(bytes))
    }

    /// Keeps what was written in a form, if there is room.
    pub fn keep(&self, form: u64, bytes: &[u8]) {
        let Some(room) = self.0.as_ref().filter(|_| bytes.len() <= MOST_BYTES) else { return };
        let mut forms = room.forms.lock().unwrap_or_else(PoisonError::into_inner);
        if forms.iter().any(|(known, _)| *known == form) {
            return;
        }
        if forms.len() >= MOST_FORMS {
            let (_, oldest) = forms.remove(0);
            room.total.fetch_sub(oldest.len(), Ordering::Relaxed);
        }
        room.total.fetch_add(bytes.len(), Ordering::Relaxed);
        forms.push((form, bytes.into()));
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        let forms = self.forms.get_mut().unwrap_or_else(PoisonError::into_inner);
        self.total.fetch_sub(forms.iter().map(|(_, bytes)| bytes.len()).sum(), Ordering::Relaxed);
    }
}

/// What was written says nothing that the entity does not say.
impl PartialEq for Written {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

impl fmt::Debug for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Written")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_forms_are_kept_and_counted() {
        let total = Arc::new(AtomicUsize::new(0));
        let room = Written::room(&total);
        for form in 0..6 {
            room.keep(form, &[0; 10]);
            room.keep(form, &[1; 99]);
        }
        assert!(room.get(0).is_none() && room.get(1).is_none(), "the oldest have left");
        assert_eq!(room.get(5).as_deref(), Some(&[0; 10][..]), "the first word stands");
        assert_eq!(total.load(Ordering::Relaxed), 40);
        room.keep(9, &vec![0; MOST_BYTES + 1]);
        assert!(room.get(9).is_none());
        drop(room);
        assert_eq!(total.load(Ordering::Relaxed), 0);
        let none = Written::default();
        none.keep(1, b"x");
        assert!(none.get(1).is_none(), "what is not kept has no room");
    }
}
