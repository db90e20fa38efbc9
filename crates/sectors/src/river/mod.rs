//! River alarm levels: how high a river stands against levels I, II and III of its gauge.
//!
//! Decision 05/2020/QĐ-TTg fixes three water levels for each gauge. There is no level IV: above level III one says by
//! how much ("above alarm level III by 1.6 m").

mod table;

pub use table::{Check, Edition, LevelTable, LevelTableError, Station};

/// The three alarm levels of a gauge, in metres above its datum.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AlarmLevels([f64; 3]);

/// Where a water level stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stage {
    /// Highest alarm level that is reached: 0 (none) to 3.
    pub level: u8,
    /// Metres above that level; below level I (0) metres above level I, thus negative.
    pub above: f64,
}

impl AlarmLevels {
    /// Levels I, II, III in metres; none unless they rise.
    pub fn new(first: f64, second: f64, third: f64) -> Option<Self> {
        (first < second && second < third && first.is_finite() && third.is_finite())
            .then_some(Self([first, second, third]))
    }

    /// Levels I, II, III in metres.
    pub const fn metres(self) -> [f64; 3] {
        self.0
    }

    /// Where `level` metres stand. A level is reached when the water stands at it. None for what is not a number.
    pub fn stage(self, level: f64) -> Option<Stage> {
        if !level.is_finite() {
            return None;
        }
        let [first, second, third] = self.0;
        Some(match level {
            level if level >= third => Stage { level: 3, above: level - third },
            level if level >= second => Stage { level: 2, above: level - second },
            level if level >= first => Stage { level: 1, above: level - first },
            level => Stage { level: 0, above: level - first },
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn kim_long_on_27_october_2025() {
        // Sông Hương at Kim Long: levels 1.0, 2.0, 3.5 m; peak 5.05 m, "above alarm level III by 1.55 m".
        let levels = AlarmLevels::new(1.0, 2.0, 3.5).unwrap();
        let peak = levels.stage(5.05).unwrap();
        assert_eq!(peak.level, 3);
        assert!((peak.above - 1.55).abs() < 1e-9);
        assert_eq!(levels.stage(2.0).unwrap(), Stage { level: 2, above: 0.0 });
        let low = levels.stage(0.4).unwrap();
        assert_eq!(low.level, 0);
        assert!((low.above + 0.6).abs() < 1e-9);
        assert_eq!(levels.stage(f64::NAN), None);
        assert_eq!(AlarmLevels::new(2.0, 1.0, 3.0), None);
        assert_eq!(AlarmLevels::new(1.0, 1.0, 3.0), None);
    }

    proptest! {
        #[test]
        fn a_higher_river_is_never_at_a_lower_level(a in -5.0_f64..15.0, b in -5.0_f64..15.0) {
            let levels = AlarmLevels::new(1.0, 2.0, 3.5).unwrap();
            let (low, high) = (a.min(b), a.max(b));
            prop_assert!(levels.stage(low).unwrap().level <= levels.stage(high).unwrap().level);
        }
    }
}
