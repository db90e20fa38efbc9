//! Where the sun and the moon stand, as far as a calendar needs it: within two minutes for a new moon, near our time.
//!
//! Formulas: Hồ Ngọc Đức, “Thuật toán tính âm lịch” (<https://www.informatik.uni-leipzig.de/~duc/amlich/calrules.html>),
//! after J. Meeus, Astronomical Algorithms, 1998. Days are Julian day numbers.

/// Mean time from one new moon to the next, in days.
const MONTH: f64 = 29.530_588_853;
/// The new moon from which months are numbered: 1 January 1900, 13:52 UTC.
const FIRST: f64 = 2_415_021.076_998_695;

/// The number, rounded down.
#[expect(clippy::cast_possible_truncation, reason = "days of a few hundred years around 1900")]
fn whole(number: f64) -> i32 {
    number.floor() as i32
}

/// The number of the new moon on or before a day, give or take one.
pub(super) fn month_number(day: i32) -> i32 {
    whole((f64::from(day) - FIRST) / MONTH + 0.5)
}

fn sine(degrees: f64) -> f64 {
    degrees.to_radians().sin()
}

/// When new moon `number` is, in days and fractions of UTC.
fn new_moon(number: i32) -> f64 {
    let count = f64::from(number);
    let ages = count / 1236.85;
    let (squared, cubed) = (ages * ages, ages * ages * ages);
    let mean = 2_415_020.759_33 + 29.530_588_68 * count + 0.000_117_8 * squared - 0.000_000_155 * cubed
        + 0.000_33 * sine(166.56 + 132.87 * ages - 0.009_173 * squared);
    let sun = 359.224_2 + 29.105_356_08 * count - 0.000_033_3 * squared - 0.000_003_47 * cubed;
    let moon = 306.025_3 + 385.816_918_06 * count + 0.010_730_6 * squared + 0.000_012_36 * cubed;
    let node = 21.296_4 + 390.670_506_46 * count - 0.001_652_8 * squared - 0.000_002_39 * cubed;
    let correction = (0.173_4 - 0.000_393 * ages) * sine(sun) + 0.002_1 * sine(2.0 * sun)
        - 0.406_8 * sine(moon)
        + 0.016_1 * sine(2.0 * moon)
        - 0.000_4 * sine(3.0 * moon)
        + 0.010_4 * sine(2.0 * node)
        - 0.005_1 * sine(sun + moon)
        - 0.007_4 * sine(sun - moon)
        + 0.000_4 * sine(2.0 * node + sun)
        - 0.000_4 * sine(2.0 * node - sun)
        - 0.000_6 * sine(2.0 * node + moon)
        + 0.001_0 * sine(2.0 * node - moon)
        + 0.000_5 * sine(2.0 * moon + sun);
    // The earth turns ever slower: what its clocks lag behind the planets'.
    let lag = -0.000_278 + 0.000_265 * ages + 0.000_262 * squared;
    mean + correction - lag
}

/// The day of new moon `number` where clocks are `hours` ahead of UTC.
pub(super) fn new_moon_day(number: i32, hours: i32) -> i32 {
    whole(new_moon(number) + 0.5 + f64::from(hours) / 24.0)
}

/// In which twelfth of its way the sun stands as a day begins, 0 from the spring equinox, 9 from the winter solstice.
pub(super) fn sun_twelfth(day: i32, hours: i32) -> i32 {
    let centuries = (f64::from(day) - 0.5 - f64::from(hours) / 24.0 - 2_451_545.0) / 36_525.0;
    let squared = centuries * centuries;
    let anomaly =
        357.529_10 + 35_999.050_30 * centuries - 0.000_155_9 * squared - 0.000_000_48 * centuries * squared;
    let longitude = 280.466_45
        + 36_000.769_83 * centuries
        + 0.000_303_2 * squared
        + (1.914_600 - 0.004_817 * centuries - 0.000_014 * squared) * sine(anomaly)
        + (0.019_993 - 0.000_101 * centuries) * sine(2.0 * anomaly)
        + 0.000_290 * sine(3.0 * anomaly);
    whole(longitude.rem_euclid(360.0) / 30.0)
}
