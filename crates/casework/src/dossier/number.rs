//! The numbers by which applicants are known.

use dinh_forms::{PersonalIdSays, is_tax_code};

use super::ApplicantKind;

/// What the number of an applicant must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NumberRule {
    /// Of a person: the identification number (Law 26/2023/QH15), or the number of an old identity card.
    #[error("must be 12 digits of a personal identification number, or 9 of an old identity card")]
    Person,
    /// Of an enterprise or another organisation: a tax code; households carry that of their owner.
    #[error(
        "must be a tax code: 10 digits that fit together, perhaps a hyphen and 3 more; or 12 digits of a household"
    )]
    Tax,
    /// Of an authority: its electronic identifier (Decision 20/2020/QĐ-TTg), or its tax code.
    #[error("must be an electronic identifier as H57.12, or a tax code")]
    Authority,
}

/// A number of its kind, without the blanks and points with which people write it.
pub(super) fn checked(kind: ApplicantKind, number: &str) -> Result<String, NumberRule> {
    let bare: String = number.chars().filter(|c| !c.is_whitespace()).collect();
    let (fits, rule) = match kind {
        ApplicantKind::Person => (is_personal(&bare), NumberRule::Person),
        ApplicantKind::Enterprise | ApplicantKind::Organisation => (is_tax_code(&bare), NumberRule::Tax),
        ApplicantKind::Authority => (is_tax_code(&bare) || is_identifier(&bare), NumberRule::Authority),
    };
    if fits { Ok(bare) } else { Err(rule) }
}

fn is_personal(number: &str) -> bool {
    let old = number.len() == 9 && number.bytes().all(|b| b.is_ascii_digit());
    old || PersonalIdSays::of(number).is_some()
}

fn is_identifier(number: &str) -> bool {
    let is_part =
        |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    number.starts_with(|c: char| c.is_ascii_uppercase()) && number.split('.').all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_applicant_has_its_number() {
        use ApplicantKind::{Authority, Enterprise, Organisation, Person};
        for (kind, number, is) in [
            (Person, "046184001234", Some("046184001234")),
            (Person, " 046 184 001234 ", Some("046184001234")),
            (Person, "191234567", Some("191234567")),
            (Person, "04618400123", None),
            (Person, "0100109106", None),
            (Enterprise, "0100109106", Some("0100109106")),
            (Enterprise, "0100109107", None),
            (Enterprise, "0100109106-001", Some("0100109106-001")),
            (Organisation, "046184001234", Some("046184001234")),
            (Authority, "H57.20.01", Some("H57.20.01")),
            (Authority, "h57", None),
            (Enterprise, "H57.20.01", None),
        ] {
            assert_eq!(checked(kind, number).ok().as_deref(), is, "{kind:?} {number}");
        }
    }
}
