//! What the signatures of a document are worth now. What was found out is remembered for some minutes: pages that everybody
//! may open do not check the same file again and again.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use dinh_signing::signatures::Report;
use jiff::{SignedDuration, Timestamp};

/// For how long it is remembered.
const KEPT: SignedDuration = SignedDuration::from_mins(10);
/// Most that is remembered.
const MOST: usize = 1_000;

/// Reports by the digest of their file, with when they end.
#[derive(Default)]
pub(crate) struct Reports(Mutex<BTreeMap<String, (Timestamp, Arc<Report>)>>);

impl Reports {
    pub(crate) fn get(&self, digest: &str, now: Timestamp) -> Option<Arc<Report>> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(digest).filter(|(ends, _)| *ends > now).map(|(_, report)| Arc::clone(report))
    }

    pub(crate) fn keep(&self, digest: &str, report: Arc<Report>, now: Timestamp) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST {
            all.retain(|_, (ends, _)| *ends > now);
        }
        if all.len() >= MOST {
            let first = all.iter().min_by_key(|(_, (ends, _))| *ends).map(|(digest, _)| digest.clone());
            first.and_then(|first| all.remove(&first));
        }
        let ends = now.saturating_add(KEPT).unwrap_or(Timestamp::MAX);
        all.insert(digest.to_owned(), (ends, report));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_found_out_is_forgotten_after_some_minutes_and_never_fills_the_house() {
        let (reports, now) = (Reports::default(), "2026-11-22T01:00:00Z".parse::<Timestamp>().unwrap());
        let report = Arc::new(Report { signatures: Vec::new() });
        for number in 0..MOST + 5 {
            let at = now + SignedDuration::from_secs(i64::try_from(number).unwrap() / 10);
            reports.keep(&format!("{number:04}"), Arc::clone(&report), at);
        }
        assert_eq!(reports.0.lock().unwrap().len(), MOST);
        assert!(reports.get("0000", now).is_none() && reports.get("1000", now).is_some());
        assert!(reports.get("1000", now + SignedDuration::from_mins(15)).is_none());
    }
}
