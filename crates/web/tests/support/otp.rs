//! One-time codes, for tests.

use dinh_model::Timestamp;
use ring::hmac;

/// What a telephone shows: RFC 6238, written here a second time.
pub(crate) fn code(secret: &str, now: Timestamp) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let (mut key, mut held, mut bits) = (Vec::new(), 0_u32, 0);
    for letter in secret.bytes() {
        let value = LETTERS.iter().position(|b| *b == letter).expect("a letter of base 32");
        held = (held << 5) | u32::try_from(value).expect("five bits");
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            key.push(u8::try_from((held >> bits) & 255).expect("eight bits"));
        }
    }
    let step = u64::try_from(now.as_micros() / 30_000_000).expect("after 1970");
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &key);
    let mac = hmac::sign(&key, &step.to_be_bytes());
    let mac = mac.as_ref();
    let at = usize::from(mac.last().copied().unwrap_or_default() & 15);
    let bytes = mac.get(at..at + 4).and_then(|four| four.try_into().ok()).expect("four bytes");
    format!("{:06}", (u32::from_be_bytes(bytes) & 0x7fff_ffff) % 1_000_000)
}
