//! Refusals in the log: who was refused what, from where. Whoever tries doors one after another is seen, and cannot fill
//! the log with it.

use std::net::IpAddr;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use dinh_access::Principal;
use dinh_model::Timestamp;
use http::StatusCode;
use lru::LruCache;

/// Refusals that are remembered; those longest ago are forgotten first.
const REMEMBERED: NonZeroUsize = NonZeroUsize::new(10_000).expect("not zero");
/// How often the same is told, in microseconds: once a minute.
const EVERY: i64 = 60_000_000;

/// Who has asked, as the innermost layers have found out; handed out with the answer.
#[derive(Clone, Debug)]
pub(super) struct Asker {
    /// Who; none for who has shown what opens nothing.
    pub(super) who: Option<Principal>,
    /// From where, as far as it is known.
    pub(super) from: Option<IpAddr>,
}

/// What was told lately. Cheap to clone.
#[derive(Clone)]
pub(super) struct Refusals(Arc<Mutex<LruCache<Refused, Told>>>);

impl Default for Refusals {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(LruCache::new(REMEMBERED))))
    }
}

/// The same from the same place.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Refused {
    from: Option<IpAddr>,
    status: u16,
}

struct Told {
    at: Timestamp,
    /// Like it since then.
    more: u64,
}

impl Refusals {
    /// Logs that a request was refused, within its span: the rights were missing, a key was wrong, another site has sent
    /// it, it came too often or while there was no room, or it said what it must not.
    pub(super) fn note(&self, status: StatusCode, asker: Option<&Asker>, now: Timestamp) {
        let Some(why) = why(status) else { return };
        let from = asker.and_then(|asker| asker.from);
        let Some(before) = self.worth_telling(Refused { from, status: status.as_u16() }, now) else { return };
        let who = match asker {
            Some(Asker { who: Some(who), .. }) => who.to_string(),
            _ => "unknown".to_owned(),
        };
        let from = from.map(|from| from.to_string()).unwrap_or_default();
        tracing::info!(status = status.as_u16(), why, %who, %from, like_it_untold = before, "refused");
    }

    /// How many like it were not told, if this one is to be.
    fn worth_telling(&self, refused: Refused, now: Timestamp) -> Option<u64> {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(recent) = told.get_mut(&refused).filter(|told| now.micros_since(told.at) < EVERY) {
            recent.more = recent.more.saturating_add(1);
            return None;
        }
        let former = told.put(refused, Told { at: now, more: 0 });
        Some(former.map_or(0, |former| former.more))
    }
}

/// What a status of ours says of why; none for what is no refusal.
fn why(status: StatusCode) -> Option<&'static str> {
    Some(match status {
        StatusCode::UNAUTHORIZED => "not known",
        StatusCode::FORBIDDEN => "not allowed",
        StatusCode::TOO_MANY_REQUESTS => "too often",
        StatusCode::SERVICE_UNAVAILABLE => "too much to do",
        StatusCode::PAYLOAD_TOO_LARGE | StatusCode::URI_TOO_LONG => "too large",
        StatusCode::BAD_REQUEST | StatusCode::UNSUPPORTED_MEDIA_TYPE | StatusCode::UNPROCESSABLE_ENTITY => {
            "not as it must be"
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_is_told_once_a_minute_with_how_many_there_were() {
        let refusals = Refusals::default();
        let at = |seconds: i64| Timestamp::from_micros(seconds * 1_000_000);
        let from = |last: u8| Some(IpAddr::from([203, 0, 113, last]));
        let tell =
            |last, status, seconds| refusals.worth_telling(Refused { from: from(last), status }, at(seconds));
        assert_eq!(tell(7, 403, 0), Some(0));
        assert_eq!((tell(7, 403, 1), tell(7, 403, 59)), (None, None));
        assert_eq!((tell(8, 403, 1), tell(7, 401, 1)), (Some(0), Some(0)), "others, and other reasons");
        assert_eq!(tell(7, 403, 60), Some(2));
        for last in 0..=u32::try_from(REMEMBERED.get()).unwrap() {
            let from = Some(IpAddr::from(std::net::Ipv4Addr::from_bits(last)));
            assert_eq!(refusals.worth_telling(Refused { from, status: 400 }, at(61)), Some(0));
        }
        assert_eq!(refusals.0.lock().unwrap().len(), REMEMBERED.get(), "it is bounded");
    }

    #[test]
    fn answers_and_what_is_not_there_are_no_refusals() {
        for status in [200, 204, 303, 304, 404, 409, 500] {
            assert_eq!(why(StatusCode::from_u16(status).unwrap()), None, "{status}");
        }
    }
}
