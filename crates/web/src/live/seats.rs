//! How many streams each caller follows.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::router::Spender;

/// Streams by caller. Callers who follow none are not in it, so that it holds no more than there are streams.
#[derive(Clone, Debug, Default)]
pub(super) struct Seats(Arc<Mutex<HashMap<Spender, u32>>>);

/// A place among those of one caller, until it is dropped.
#[derive(Debug)]
pub(super) struct Seat {
    seats: Seats,
    caller: Spender,
}

impl Seats {
    /// A place for a caller who may have so many; none if all are taken.
    pub(super) fn take(&self, caller: Spender, most: u32) -> Option<Seat> {
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of_it = taken.entry(caller.clone()).or_default();
        if *of_it >= most {
            return None;
        }
        *of_it += 1;
        Some(Seat { seats: self.clone(), caller })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.seats.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(of_it) = taken.get_mut(&self.caller) {
            *of_it = of_it.saturating_sub(1);
            if *of_it == 0 {
                taken.remove(&self.caller);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_caller_has_so_many_places_and_gets_them_back() {
        let seats = Seats::default();
        let at = |last: u8| Spender::of(None, [203, 0, last, 7].into());
        let one = seats.take(at(1), 2).unwrap();
        let two = seats.take(at(1), 2).unwrap();
        assert!(seats.take(at(1), 2).is_none());
        assert!(seats.take(at(2), 2).is_some(), "others have their own");
        drop(one);
        assert!(seats.take(at(1), 2).is_some());
        drop(two);
        assert!(seats.0.lock().unwrap().is_empty());
    }
}
