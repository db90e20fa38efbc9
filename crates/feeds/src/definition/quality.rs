//! `[[quality]]`: checks that run on each mapped record, in order.

use serde::{Deserialize, Serialize};

use super::read::Section;
use super::{DefinitionError, Span};

/// What a failed check does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// Keeps the value and marks it with the sub-attribute `qualityFlag`.
    #[default]
    Flag,
    /// Refuses the whole record: it goes to the dead letters.
    Reject,
    /// Leaves the value out and writes the rest of the record.
    Drop,
    /// Repairs the value and marks it. Only swapped coordinates can be repaired.
    Mend,
}

/// One check.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckDefinition {
    /// The attribute that is checked.
    pub attribute: String,
    /// What happens when it fails.
    pub action: Action,
    /// What is checked.
    pub rule: CheckRule,
}

/// What is checked.
#[derive(Clone, Debug, PartialEq)]
pub enum CheckRule {
    /// A point lies outside `[west, south, east, north]` but inside when longitude and latitude change places.
    SwappedCoordinates {
        /// The box.
        bounds: [f64; 4],
    },
    /// A geometry lies outside `[west, south, east, north]`.
    Bounds {
        /// The box.
        bounds: [f64; 4],
    },
    /// A geometry lies outside the areas of a file.
    Outline {
        /// GeoJSON file within the pack; of another pack where it begins with `/` and its name.
        path: String,
        /// Only the areas with these codes; all if there are none.
        codes: Vec<String>,
        /// How many kilometres outside still count as inside: outlines are drawn coarsely.
        within_km: f64,
    },
    /// A number lies outside its possible range.
    Range {
        /// Smallest possible value, in the stored unit.
        min: Option<f64>,
        /// Largest possible value, in the stored unit.
        max: Option<f64>,
    },
    /// A number has not moved for too long.
    Stuck {
        /// For how long.
        same_for: Span,
        /// By how much it may move and still count as the same.
        tolerance: f64,
        /// A value that may stand still for as long as it likes, e.g. 0 for rain.
        except: Option<f64>,
    },
    /// A number has moved too fast.
    Step {
        /// Largest possible change in an hour, in the stored unit.
        max_change_per_hour: f64,
    },
    /// An observation that should have come has not.
    Gap {
        /// How often observations should come.
        expect_every: Span,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Common {
    #[serde(default)]
    attribute: Option<String>,
    #[serde(default)]
    action: Option<Action>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Boxed {
    bounds: [f64; 4],
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Outlined {
    path: String,
    #[serde(default)]
    codes: Vec<String>,
    #[serde(default)]
    within_km: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Range {
    min: Option<f64>,
    max: Option<f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stuck {
    same_for: Span,
    #[serde(default)]
    tolerance: f64,
    except: Option<f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    max_change_per_hour: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Gap {
    expect_every: Span,
}

/// The checks as they are written.
const CHECKS: &str = "swapped-coordinates, bounds, outline, range, stuck, step, gap";

impl CheckDefinition {
    pub(super) fn read(mut section: Section<'_>) -> Result<Self, DefinitionError> {
        let check = section.text("check")?;
        let at = Section { file: section.file, key: section.key.clone(), table: toml::Table::new() };
        let common: Common = section.split(&["attribute", "action"]).read()?;
        let rule = match check.as_str() {
            "swapped-coordinates" => {
                CheckRule::SwappedCoordinates { bounds: section.read::<Boxed>()?.bounds }
            }
            "bounds" => CheckRule::Bounds { bounds: section.read::<Boxed>()?.bounds },
            "outline" => {
                let Outlined { path, codes, within_km } = section.read()?;
                CheckRule::Outline { path, codes, within_km }
            }
            "range" => {
                let Range { min, max } = section.read()?;
                CheckRule::Range { min, max }
            }
            "stuck" => {
                let Stuck { same_for, tolerance, except } = section.read()?;
                CheckRule::Stuck { same_for, tolerance, except }
            }
            "step" => CheckRule::Step { max_change_per_hour: section.read::<Step>()?.max_change_per_hour },
            "gap" => CheckRule::Gap { expect_every: section.read::<Gap>()?.expect_every },
            other => return Err(at.refuse("check", format!("{other:?} is not a check; use one of {CHECKS}"))),
        };
        let geometric = matches!(
            rule,
            CheckRule::SwappedCoordinates { .. } | CheckRule::Bounds { .. } | CheckRule::Outline { .. }
        );
        let attribute = match common.attribute {
            Some(name) => name,
            None if geometric => "location".to_owned(),
            None => return Err(at.refuse("attribute", "is missing")),
        };
        let definition = Self { attribute, action: common.action.unwrap_or_default(), rule };
        definition.check(&at)?;
        Ok(definition)
    }

    fn check(&self, at: &Section<'_>) -> Result<(), DefinitionError> {
        let positive = |key: &str, value: f64| {
            if value.is_finite() && value >= 0.0 {
                Ok(())
            } else {
                Err(at.refuse(key, "must be a number that is not negative"))
            }
        };
        let mendable = matches!(self.rule, CheckRule::SwappedCoordinates { .. });
        if self.action == Action::Mend && !mendable {
            return Err(at.refuse("action", "only swapped-coordinates can mend; use flag, drop or reject"));
        }
        match &self.rule {
            CheckRule::SwappedCoordinates { bounds } | CheckRule::Bounds { bounds } => {
                let [west, south, east, north] = *bounds;
                let ordered = west < east && south < north;
                if ordered && west >= -180.0 && east <= 180.0 && south >= -90.0 && north <= 90.0 {
                    Ok(())
                } else {
                    Err(at.refuse("bounds", "must be [west, south, east, north] in degrees"))
                }
            }
            CheckRule::Range { min: None, max: None } => Err(at.refuse("min", "give min, max or both")),
            CheckRule::Range { min: Some(min), max: Some(max) } if min >= max => {
                Err(at.refuse("min", "must be less than max"))
            }
            CheckRule::Outline { within_km, .. } => positive("within_km", *within_km),
            CheckRule::Stuck { tolerance, .. } => positive("tolerance", *tolerance),
            CheckRule::Step { max_change_per_hour } => positive("max_change_per_hour", *max_change_per_hour),
            CheckRule::Gap { expect_every } if *expect_every < Span::seconds(1) => {
                Err(at.refuse("expect_every", "must be at least 1s"))
            }
            CheckRule::Range { .. } | CheckRule::Gap { .. } => Ok(()),
        }
    }
}
