//! When a certificate holds (RFC 5280, 4.1.2.5).

use der::asn1::{AnyRef, GeneralizedTime, UtcTime};
use der::{Decode, Reader, SliceReader, Tag, TagNumber};
use dinh_model::Timestamp;

/// Seconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dates {
    from: i64,
    to: i64,
}

impl Dates {
    /// Those of a certificate; none if it is not one.
    pub(super) fn of(certificate: &[u8]) -> Option<Self> {
        let whole = AnyRef::from_der(certificate).ok()?;
        let mut reader = SliceReader::new(whole.value()).ok()?;
        let signed: AnyRef<'_> = reader.decode().ok()?;
        let mut parts = SliceReader::new(signed.value()).ok()?;
        // The version may be left out; serial number, algorithm and issuer stand before the dates.
        let version = Tag::ContextSpecific { constructed: true, number: TagNumber(0) };
        let first: AnyRef<'_> = parts.decode().ok()?;
        let before = if der::Tagged::tag(&first) == version { 3 } else { 2 };
        for _ in 0..before {
            parts.decode::<AnyRef<'_>>().ok()?;
        }
        let validity: AnyRef<'_> = parts.decode().ok()?;
        let mut dates = SliceReader::new(validity.value()).ok()?;
        Some(Self { from: seconds(dates.decode().ok()?)?, to: seconds(dates.decode().ok()?)? })
    }

    /// True if less than a third of the time is left.
    pub(super) fn are_nearly_over(self, now: Timestamp) -> bool {
        let third = (self.to - self.from) / 3;
        now.as_micros() / 1_000_000 >= self.to - third
    }
}

fn seconds(time: AnyRef<'_>) -> Option<i64> {
    let since = match der::Tagged::tag(&time) {
        Tag::UtcTime => time.decode_as::<UtcTime>().ok()?.to_unix_duration(),
        Tag::GeneralizedTime => time.decode_as::<GeneralizedTime>().ok()?.to_unix_duration(),
        _ => return None,
    };
    i64::try_from(since.as_secs()).ok()
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, KeyPair, date_time_ymd};

    use super::*;

    #[test]
    fn a_certificate_is_due_when_two_thirds_of_its_time_are_over() {
        let mut params = CertificateParams::new(["localhost".to_owned()]).unwrap();
        (params.not_before, params.not_after) = (date_time_ymd(2026, 1, 1), date_time_ymd(2026, 4, 1));
        let made = params.self_signed(&KeyPair::generate().unwrap()).unwrap();
        let dates = Dates::of(made.der()).unwrap();
        assert_eq!(dates, Dates { from: 1_767_225_600, to: 1_775_001_600 });
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        assert!(!dates.are_nearly_over(at("2026-03-01T00:00:00Z")));
        assert!(dates.are_nearly_over(at("2026-03-02T00:00:00Z")));
    }

    #[test]
    fn what_is_no_certificate_has_no_dates() {
        for bytes in [&b""[..], b"0", b"\x30\x00", b"\x30\x82\xff\xff", b"\x30\x03\x30\x01\x02"] {
            assert_eq!(Dates::of(bytes), None, "{bytes:?}");
        }
    }
}
