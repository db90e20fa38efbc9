//! Where signatures are seen on a document: in the room that its layout leaves for them, otherwise in the margin below.

use serde::{Deserialize, Serialize};

/// The margin below the text of every official paper, in points (20 mm), with some air around it.
const MARGIN: [f64; 4] = [85.0, 8.0, 552.0, 50.0];

/// A place on a page.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spot {
    /// The page, counted from 0.
    pub page: usize,
    /// Left, bottom, right and top, in points from the lower left corner of the page.
    pub rect: [f64; 4],
}

/// A sheet that was set.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Laid {
    /// The PDF.
    pub pdf: Vec<u8>,
    /// Where its layout leaves room for signatures; none if it leaves none.
    pub spot: Option<Spot>,
}

/// The places of those who sign.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Places {
    /// Of whoever decides.
    pub person: Spot,
    /// Of the agency, beside it.
    pub seal: Spot,
}

impl Places {
    /// In the room that a layout leaves: who signs above, the agency below, so that neither covers the other. Without any
    /// room, side by side in the margin below the text of the first page.
    pub fn of(spot: Option<Spot>) -> Self {
        let room = spot.filter(|spot| {
            let [left, bottom, right, top] = spot.rect;
            right - left >= 60.0 && top - bottom >= 40.0
        });
        if let Some(Spot { page, rect: [left, bottom, right, top] }) = room {
            let middle = f64::midpoint(bottom, top);
            return Self {
                person: Spot { page, rect: [left, middle + 1.0, right, top] },
                seal: Spot { page, rect: [left, bottom, right, middle - 1.0] },
            };
        }
        let [left, bottom, right, top] = MARGIN;
        let middle = f64::midpoint(left, right);
        Self {
            person: Spot { page: 0, rect: [left, bottom, middle - 4.0, top] },
            seal: Spot { page: 0, rect: [middle + 4.0, bottom, right, top] },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn apart(one: [f64; 4], other: [f64; 4]) -> bool {
        one[2] <= other[0] || other[2] <= one[0] || one[3] <= other[1] || other[3] <= one[1]
    }

    #[test]
    fn the_seal_covers_no_signature() {
        for spot in [None, Some(Spot { page: 2, rect: [300.0, 100.0, 520.0, 185.0] })] {
            let places = Places::of(spot);
            assert!(apart(places.person.rect, places.seal.rect), "{places:?}");
            assert_eq!(places.person.page, spot.map_or(0, |spot| spot.page));
        }
    }

    #[test]
    fn room_that_is_too_small_is_none() {
        let places = Places::of(Some(Spot { page: 1, rect: [300.0, 100.0, 310.0, 110.0] }));
        assert_eq!(places, Places::of(None));
        assert!(places.person.rect[3] < 56.0 && places.seal.rect[3] < 56.0, "within the margin of 20 mm");
    }
}
