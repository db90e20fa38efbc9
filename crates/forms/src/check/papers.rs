//! Numbers and addresses that papers carry.

use jiff::civil::Date;

use crate::days::first_day;
use crate::fault::Rule;

/// What a personal identity number says of its holder (decree 137/2015/NĐ-CP, circular 07/2016/TT-BCA): three digits
/// for the place of registration, one for century and sex, two for the year of birth, six at random. It has no check
/// digit, and errors of the registers are known: what does not fit is a warning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PersonalIdSays {
    /// The code of the province (001 to 096, of the list of before July 2025) or country of registration.
    pub place: u16,
    /// Whether it says a woman.
    pub female: bool,
    /// The year of birth.
    pub year: i16,
}

impl PersonalIdSays {
    /// Reads it out of twelve digits; none if there are not twelve digits.
    pub fn of(id: &str) -> Option<Self> {
        if !is_digits(id, 12) {
            return None;
        }
        let century: i16 = id.get(3..4)?.parse().ok()?;
        let year: i16 = id.get(4..6)?.parse().ok()?;
        Some(Self {
            place: id.get(..3)?.parse().ok()?,
            female: century % 2 == 1,
            year: 1900 + 100 * (century / 2) + year,
        })
    }
}

pub(super) fn personal_id(id: &str, sex: Option<&str>, born: Option<&str>) -> Vec<Rule> {
    let Some(says) = PersonalIdSays::of(id) else { return vec![Rule::PersonalId] };
    let mut doubts = Vec::new();
    if says.place == 0 {
        doubts.push(Rule::PersonalIdPlace);
    }
    if sex.is_some_and(|sex| (sex == "female") != says.female) {
        doubts.push(Rule::PersonalIdSex);
    }
    let year = born.and_then(first_day).map(Date::year);
    if year.is_some_and(|year| year != says.year) {
        doubts.push(Rule::PersonalIdYear);
    }
    doubts
}

pub(super) fn is_digits(text: &str, count: usize) -> bool {
    text.len() == count && text.bytes().all(|b| b.is_ascii_digit())
}

/// Ten digits, the last of which checks the others; with a hyphen and three more a branch; or a personal identity
/// number, which is the tax code of persons and household businesses since 1 July 2025.
pub(super) fn tax_code(code: &str) -> Result<(), Rule> {
    let (head, branch) = code.split_once('-').map_or((code, None), |(head, branch)| (head, Some(branch)));
    if branch.is_none() && is_digits(code, 12) {
        return Ok(());
    }
    if !is_digits(head, 10) || branch.is_some_and(|branch| !is_digits(branch, 3) || branch == "000") {
        return Err(Rule::TaxCode);
    }
    if is_enterprise_code(head) { Ok(()) } else { Err(Rule::TaxCodeCheck) }
}

/// Whether it is a tax code: of an enterprise or a branch of one, or of a person or household.
pub fn is_tax_code(code: &str) -> bool {
    tax_code(code).is_ok()
}

/// Whether ten digits are a tax or enterprise code: weights 31, 29, 23, 19, 17, 13, 7, 5, 3; the tenth digit is 10 less
/// the remainder of the sum by 11; a remainder of 0 gives no digit, and digits 3 to 9 are not all zero.
pub fn is_enterprise_code(code: &str) -> bool {
    const WEIGHTS: [u32; 9] = [31, 29, 23, 19, 17, 13, 7, 5, 3];
    if !is_digits(code, 10) || code.get(2..9) == Some("0000000") {
        return false;
    }
    let digits: Vec<u32> = code.bytes().map(|b| u32::from(b - b'0')).collect();
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    let rest = sum % 11;
    rest != 0 && digits.last() == Some(&(10 - rest))
}

/// `14:05`.
pub(super) fn is_time(text: &str) -> bool {
    let digits = |from, to, below| text.get(from..to).is_some_and(|d: &str| is_digits(d, 2) && d < below);
    text.len() == 5 && text.get(2..3) == Some(":") && digits(0, 2, "24") && digits(3, 5, "60")
}

/// A number in Viet Nam (0 and 9 or 10 digits, or 4 to 8 digits of a service as 1900…), or + and 7 to 15 digits
/// (E.164).
pub(super) fn is_telephone(text: &str) -> bool {
    let digits = |text: &str, least: usize, most: usize| {
        (least..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
    };
    if let Some(abroad) = text.strip_prefix('+') {
        return digits(abroad, 7, 15) && !abroad.starts_with('0');
    }
    if let Some(home) = text.strip_prefix('0') {
        return digits(home, 9, 10) && !home.starts_with('0');
    }
    digits(text, 8, 10) && (text.starts_with("1800") || text.starts_with("1900"))
}

/// One `@` between something and a name with a point; whether it exists is known only by writing to it.
pub(super) fn is_email(text: &str) -> bool {
    let Some((local, host)) = text.split_once('@') else { return false };
    let clean = |part: &str| {
        !part.chars().any(|c| c.is_whitespace() || c.is_control() || "@<>()[],;:\"\\".contains(c))
    };
    let labels = || host.split('.');
    text.len() <= 254
        && (1..=64).contains(&local.len())
        && clean(local)
        && clean(host)
        && labels().count() >= 2
        && labels().all(|label| {
            !label.is_empty() && label.len() <= 63 && !label.starts_with('-') && !label.ends_with('-')
        })
}
