//! In which unit a point lies, on a day.

use geo::{BoundingRect as _, Intersects as _, Point};
use jiff::civil::Date;
use rstar::AABB;
use rstar::primitives::Rectangle;

use super::register::Boxed;
use super::{Descent, Level, Register, Unit};

/// The answer to "in which unit is this point, on this day".
#[derive(Clone, Debug, PartialEq)]
pub enum Place<'a> {
    /// The unit whose outline holds the point and that was in force on the day.
    Unit(&'a Unit),
    /// The outlines of that day are not known. The point lies in `present`, a unit of another day, which was made
    /// from `candidates`; one of them held the point.
    Candidates {
        /// The unit with a known outline that holds the point.
        present: &'a Unit,
        /// The units in force on the day that `present` was made from or became, by identifier.
        candidates: Vec<Descent<'a>>,
    },
}

impl Register {
    /// Finds the unit of `level` that holds the point at `lon`, `lat` (degrees, WGS 84) on `day`.
    ///
    /// A point on a common boundary belongs to the unit with the lower code, so that the answer is always the same.
    /// None if no known outline holds the point.
    pub fn unit_at(&self, lon: f64, lat: f64, level: Level, day: Date) -> Option<Place<'_>> {
        let mut holders = self.holders(lon, lat, level);
        holders.sort_by(|a, b| a.code.cmp(&b.code));
        if let Some(unit) = holders.iter().find(|unit| unit.span.contains(day)) {
            return Some(Place::Unit(unit));
        }
        let present = holders.into_iter().max_by_key(|unit| unit.span.from)?;
        let earlier = present.span.from.is_some_and(|from| day < from);
        let candidates = if earlier { self.origins(&present.id, day) } else { self.on(&present.id, day) };
        Some(Place::Candidates { present, candidates })
    }

    /// The units of `level` whose outlines hold the point, whenever in force.
    fn holders(&self, lon: f64, lat: f64, level: Level) -> Vec<&Unit> {
        let point = Point::new(lon, lat);
        self.boxes
            .locate_in_envelope_intersecting(&AABB::from_point([lon, lat]))
            .filter_map(|boxed| self.units.get(boxed.data))
            .filter(|unit| unit.level == level)
            .filter(|unit| unit.outline.as_ref().is_some_and(|outline| outline.intersects(&point)))
            .collect()
    }
}

/// The box around a unit's outline, for the index.
pub(super) fn outline_box(unit: &Unit, place: usize) -> Option<Boxed> {
    let rect = unit.outline.as_ref()?.bounding_rect()?;
    let corners = Rectangle::from_corners([rect.min().x, rect.min().y], [rect.max().x, rect.max().y]);
    Some(Boxed::new(corners, place))
}
