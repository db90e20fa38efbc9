//! What is seen of a signature on an official paper (Decree 30/2020/NĐ-CP, annex I, part I, section II, 7 and 8): who signed or
//! whose seal it is, the agency, and the time of signing in official time.

use std::sync::Arc;

use dinh_casework::{Issued, Signer};
use dinh_documents::Places;
use dinh_signing::signatures::Picture;
use dinh_signing::{Key, Seen, Wanted};
use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};

/// What signs a document, and how.
pub(crate) struct Plan<'a> {
    pub(crate) key: &'a Key,
    pub(crate) signer: Signer,
    pub(crate) agency: &'a str,
    pub(crate) font: Option<Arc<[u8]>>,
    pub(crate) at: Timestamp,
    /// The picture of the seal of the unit, where it has one.
    pub(crate) picture: Option<Picture>,
}

impl Plan<'_> {
    /// What is to be signed of a document. Official papers are Vietnamese, whatever language a page speaks.
    pub(crate) fn of(&self, one: &Issued, pdf: Vec<u8>) -> Wanted {
        let number = one.signed.len() + 1;
        let (field, reason) = match self.signer {
            Signer::Person => (format!("Chữ ký {number}"), format!("Ký văn bản {}", one.serial)),
            Signer::Seal => (format!("Con dấu {number}"), format!("Đóng dấu văn bản {}", one.serial)),
        };
        Wanted {
            pdf,
            field,
            reason: Some(reason),
            place: None,
            unit: Some(one.issued_by.clone()),
            seen: self.seen(one),
        }
    }

    /// The first signature of each sort has its place in the layout; more of them are not seen, and hold all the same.
    fn seen(&self, one: &Issued) -> Option<Seen> {
        if one.has(self.signer) {
            return None;
        }
        let places = Places::of(one.spot);
        let name = self.key.certificate().and_then(|certificate| certificate.name());
        let name = name.unwrap_or_else(|| self.key.title.clone());
        let time = format!("Thời gian ký: {}", official_time(self.at));
        let (spot, lines) = match self.signer {
            Signer::Person => {
                (places.person, vec![format!("Ký bởi: {name}"), format!("Cơ quan: {}", self.agency), time])
            }
            Signer::Seal => (places.seal, vec![format!("Cơ quan: {name}"), time]),
        };
        let font = Arc::clone(self.font.as_ref()?);
        let seal = self.picture.clone().filter(|_| self.signer == Signer::Seal);
        Some(Seen { page: spot.page, rect: spot.rect, lines, font, seal })
    }
}

/// `22/11/2026 08:12:03 +07:00`.
fn official_time(at: Timestamp) -> String {
    at.to_zoned(TimeZone::fixed(Offset::constant(7))).strftime("%d/%m/%Y %H:%M:%S %:z").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_official_and_say_so() {
        let at = "2026-11-22T01:12:03Z".parse().unwrap();
        assert_eq!(official_time(at), "22/11/2026 08:12:03 +07:00");
    }
}
