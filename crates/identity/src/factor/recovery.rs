//! Recovery codes: ten codes on paper, each good once in place of a one-time code.

use crate::entropy::{Entropy, NoEntropy, fresh};
use crate::text::base32;

/// How many are made.
const COUNT: usize = 10;

/// Random bytes of each: with 112 bits and more a plain digest keeps a secret (ASVS 5.0, 6.5.2; NIST SP 800-63B).
const BYTES: usize = 15;

/// Fresh codes: 120 random bits each, as `ABCD-EFGH-IJKL-MNOP-QRST-UVWX`.
pub(crate) fn fresh_codes(entropy: &dyn Entropy) -> Result<Vec<String>, NoEntropy> {
    (0..COUNT).map(|_| Ok(grouped(&base32(&fresh::<BYTES>(entropy)?)))).collect()
}

/// A code as it is compared: as people copy it, in whatever case and with whatever between.
pub(crate) fn plain(code: &str) -> String {
    code.chars().filter(char::is_ascii_alphanumeric).take(40).map(|c| c.to_ascii_uppercase()).collect()
}

fn grouped(code: &str) -> String {
    let letters: Vec<char> = code.chars().collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SystemEntropy;

    #[test]
    fn codes_are_different_and_read_as_people_copy_them() {
        let codes = fresh_codes(&SystemEntropy::new()).unwrap();
        let distinct: std::collections::BTreeSet<_> = codes.iter().collect();
        assert_eq!((codes.len(), distinct.len()), (COUNT, COUNT));
        for code in &codes {
            assert_eq!((code.len(), plain(code).len() * 5), (29, BYTES * 8));
            assert_eq!(plain(&format!(" {} ", code.to_lowercase().replace('-', " "))), plain(code));
        }
    }
}
