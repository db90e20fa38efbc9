//! Time-based one-time codes (RFC 6238) as every program on telephones makes them: HMAC-SHA-1, six digits, half a
//! minute. (SHA-1 is not broken as a part of HMAC, and programs ignore the wish for another.)

use dinh_model::Timestamp;
use ring::hmac;

use crate::entropy::{Entropy, NoEntropy, fresh};
use crate::text::base32;

/// Microseconds of a step.
const STEP: i64 = 30_000_000;
/// Steps by which the clock of a telephone may be off, each way.
const OFF: i64 = 1;
/// Bytes of a secret: as many as SHA-1 gives (RFC 4226, section 4).
const LENGTH: usize = 20;

/// The secret that this server and a telephone share.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct TotpSecret(Vec<u8>);

impl TotpSecret {
    pub(crate) fn fresh(entropy: &dyn Entropy) -> Result<Self, NoEntropy> {
        Ok(Self(fresh::<LENGTH>(entropy)?.to_vec()))
    }

    pub(crate) const fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// As people type it.
    pub(crate) fn text(&self) -> String {
        base32(&self.0)
    }

    /// As a QR code says it (Key Uri Format of Google Authenticator, which the others follow).
    pub(crate) fn uri(&self, issuer: &str, account: &str) -> String {
        let mut label = url::form_urlencoded::Serializer::new(String::new());
        let parameters = label
            .append_pair("secret", &self.text())
            .append_pair("issuer", issuer)
            .finish()
            .replace('+', "%20");
        let path = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let path = |text: &str| path(text).replace('+', "%20");
        format!("otpauth://totp/{}:{}?{parameters}", path(issuer), path(account))
    }

    /// The step whose code this is, if it is one of now and later than `used`.
    pub(crate) fn step(&self, code: &str, used: i64, now: Timestamp) -> Option<i64> {
        let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        let current = now.as_micros().div_euclid(STEP);
        let steps = (current - OFF..=current + OFF).filter(|step| *step > used);
        // All are computed, whichever it is.
        steps.filter(|step| crate::secret::same(&self.code(*step), &code)).max()
    }

    /// The code of a step (RFC 4226, section 5.3).
    fn code(&self, step: i64) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &self.0);
        let mac = hmac::sign(&key, &step.to_be_bytes());
        let mac = mac.as_ref();
        let offset = usize::from(mac.last().copied().unwrap_or_default() & 15);
        let four = mac.get(offset..).and_then(|rest| rest.first_chunk::<4>()).copied().unwrap_or_default();
        let number = u32::from_be_bytes(four) & 0x7fff_ffff;
        format!("{:06}", number % 1_000_000)
    }

    /// The code of an instant, for tests that play the telephone.
    #[cfg(test)]
    pub(crate) fn code_at(&self, now: Timestamp) -> String {
        self.code(now.as_micros().div_euclid(STEP))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret() -> TotpSecret {
        TotpSecret::from_bytes(b"12345678901234567890".to_vec())
    }

    fn second(second: i64) -> Timestamp {
        Timestamp::from_micros(second * 1_000_000)
    }

    #[test]
    fn codes_are_those_of_rfc_6238_appendix_b() {
        // The appendix has eight digits; ours are the last six.
        for (at, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(secret().code_at(second(at)), code, "{at}");
        }
    }

    #[test]
    fn a_code_is_good_for_half_a_minute_either_way_and_once() {
        let code = secret().code_at(second(3_000));
        for (at, good) in [(2_969, false), (2_970, true), (3_029, true), (3_059, true), (3_060, false)] {
            assert_eq!(secret().step(&code, 0, second(at)).is_some(), good, "{at}");
        }
        let step = secret().step("  050 471 ", 0, second(1_111_111_111)).unwrap();
        assert_eq!(secret().step("050471", step, second(1_111_111_111)), None);
        assert_eq!(secret().step("", 0, second(3_000)), None);
    }

    #[test]
    fn telephones_are_told_in_their_own_words() {
        let uri = secret().uri("Đình Huế", "an@hue.gov.vn");
        let start = "otpauth://totp/%C4%90%C3%ACnh%20Hu%E1%BA%BF:an%40hue.gov.vn?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
        assert_eq!(uri, format!("{start}&issuer=%C4%90%C3%ACnh%20Hu%E1%BA%BF"));
    }
}
