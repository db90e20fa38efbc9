//! Units of measurement: UN/CEFACT Recommendation 20 Common Codes, the symbols people write, and how to convert.
//!
//! A value of a unit is `factor · x + offset` in the base unit of its dimension. Units of different dimensions are
//! never converted into each other; parts per million in air would need the gas and its temperature.

/// One unit.
#[derive(Debug, PartialEq)]
pub struct Unit {
    /// UN/CEFACT Common Code.
    pub code: &'static str,
    /// Symbols that sources write, the usual one first.
    pub symbols: &'static [&'static str],
    dimension: Dimension,
    factor: f64,
    offset: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Dimension {
    Length,
    Area,
    Volume,
    Time,
    Speed,
    Temperature,
    Pressure,
    Flow,
    Rain,
    Concentration,
    MassShare,
    Share,
    Angle,
    Conductivity,
    Power,
    Energy,
    Irradiance,
    Voltage,
    Current,
    Frequency,
    Illuminance,
    Mass,
    Acidity,
    Sound,
    Signal,
    Data,
}

const fn unit(
    code: &'static str,
    symbols: &'static [&'static str],
    dimension: Dimension,
    factor: f64,
    offset: f64,
) -> Unit {
    Unit { code, symbols, dimension, factor, offset }
}

use Dimension as D;

/// The units that the house converts. Base units: m, m², m³, s, m/s, °C, Pa, m³/s, mm/h, g/m³, 1, degree, S/m, W, J, byte.
static UNITS: &[Unit] = &[
    unit("MTR", &["m", "mét"], D::Length, 1.0, 0.0),
    unit("MMT", &["mm"], D::Length, 0.001, 0.0),
    unit("CMT", &["cm"], D::Length, 0.01, 0.0),
    unit("KMT", &["km"], D::Length, 1_000.0, 0.0),
    unit("FOT", &["ft"], D::Length, 0.3048, 0.0),
    unit("INH", &["in", "inch"], D::Length, 0.0254, 0.0),
    unit("SMI", &["mi"], D::Length, 1_609.344, 0.0),
    unit("NMI", &["nmi", "hải lý"], D::Length, 1_852.0, 0.0),
    unit("MTK", &["m²", "m2"], D::Area, 1.0, 0.0),
    unit("HAR", &["ha"], D::Area, 10_000.0, 0.0),
    unit("KMK", &["km²", "km2"], D::Area, 1e6, 0.0),
    unit("MTQ", &["m³", "m3"], D::Volume, 1.0, 0.0),
    unit("LTR", &["L", "l", "lít"], D::Volume, 0.001, 0.0),
    unit("HMQ", &["10⁶ m³", "triệu m³", "triệu m3", "10^6 m3", "hm3"], D::Volume, 1e6, 0.0),
    unit("SEC", &["s", "giây"], D::Time, 1.0, 0.0),
    unit("MIN", &["min", "phút"], D::Time, 60.0, 0.0),
    unit("HUR", &["h", "giờ"], D::Time, 3_600.0, 0.0),
    unit("DAY", &["d", "ngày"], D::Time, 86_400.0, 0.0),
    unit("MTS", &["m/s"], D::Speed, 1.0, 0.0),
    unit("KMH", &["km/h"], D::Speed, 1.0 / 3.6, 0.0),
    unit("KNT", &["kn", "kt", "knot"], D::Speed, 1_852.0 / 3_600.0, 0.0),
    unit("HM", &["mph", "mi/h"], D::Speed, 0.44704, 0.0),
    unit("CEL", &["°C", "C", "oC", "độ C", "degC"], D::Temperature, 1.0, 0.0),
    unit("KEL", &["K"], D::Temperature, 1.0, -273.15),
    unit("FAH", &["°F", "F", "degF"], D::Temperature, 5.0 / 9.0, -160.0 / 9.0),
    unit("PAL", &["Pa"], D::Pressure, 1.0, 0.0),
    unit("A97", &["hPa"], D::Pressure, 100.0, 0.0),
    unit("KPA", &["kPa"], D::Pressure, 1_000.0, 0.0),
    unit("MBR", &["mbar", "mb"], D::Pressure, 100.0, 0.0),
    unit("BAR", &["bar"], D::Pressure, 100_000.0, 0.0),
    unit("HN", &["mmHg"], D::Pressure, 133.322_387_415, 0.0),
    unit("MQS", &["m³/s", "m3/s", "cms"], D::Flow, 1.0, 0.0),
    unit("MQH", &["m³/h", "m3/h"], D::Flow, 1.0 / 3_600.0, 0.0),
    unit("G52", &["m³/d", "m3/d", "m³/ngày", "m3/ngày", "m3/ngày đêm"], D::Flow, 1.0 / 86_400.0, 0.0),
    unit("G51", &["L/s", "l/s"], D::Flow, 0.001, 0.0),
    unit("E17", &["ft³/s", "ft3/s", "cfs"], D::Flow, 0.028_316_846_592, 0.0),
    unit("H67", &["mm/h", "mm/giờ"], D::Rain, 1.0, 0.0),
    unit("A93", &["g/m³", "g/m3"], D::Concentration, 1.0, 0.0),
    unit("GP", &["mg/m³", "mg/m3"], D::Concentration, 1e-3, 0.0),
    unit("GQ", &["µg/m³", "μg/m³", "µg/m3", "μg/m3", "ug/m3"], D::Concentration, 1e-6, 0.0),
    unit("GL", &["g/L", "g/l"], D::Concentration, 1_000.0, 0.0),
    unit("M1", &["mg/L", "mg/l", "mg/lít"], D::Concentration, 1.0, 0.0),
    unit("H29", &["µg/L", "μg/L", "µg/l", "μg/l", "ug/L", "ug/l"], D::Concentration, 1e-3, 0.0),
    unit("KMQ", &["kg/m³", "kg/m3"], D::Concentration, 1_000.0, 0.0),
    unit("NA", &["mg/kg"], D::MassShare, 1e-6, 0.0),
    unit("J33", &["µg/kg", "μg/kg", "ug/kg"], D::MassShare, 1e-9, 0.0),
    unit("AD", &["byte", "B"], D::Data, 1.0, 0.0),
    unit("2P", &["kB"], D::Data, 1e3, 0.0),
    unit("4L", &["MB"], D::Data, 1e6, 0.0),
    unit("C62", &["1"], D::Share, 1.0, 0.0),
    unit("P1", &["%"], D::Share, 0.01, 0.0),
    unit("59", &["ppm"], D::Share, 1e-6, 0.0),
    unit("61", &["ppb"], D::Share, 1e-9, 0.0),
    unit("DD", &["°", "deg", "độ"], D::Angle, 1.0, 0.0),
    unit("C81", &["rad"], D::Angle, 180.0 / std::f64::consts::PI, 0.0),
    unit("D10", &["S/m"], D::Conductivity, 1.0, 0.0),
    unit("H61", &["mS/cm"], D::Conductivity, 0.1, 0.0),
    unit("G42", &["µS/cm", "μS/cm", "uS/cm"], D::Conductivity, 1e-4, 0.0),
    unit("WTT", &["W"], D::Power, 1.0, 0.0),
    unit("KWT", &["kW"], D::Power, 1e3, 0.0),
    unit("MAW", &["MW"], D::Power, 1e6, 0.0),
    unit("JOU", &["J"], D::Energy, 1.0, 0.0),
    unit("WHR", &["Wh"], D::Energy, 3_600.0, 0.0),
    unit("KWH", &["kWh"], D::Energy, 3.6e6, 0.0),
    unit("MWH", &["MWh"], D::Energy, 3.6e9, 0.0),
    unit("D54", &["W/m²", "W/m2"], D::Irradiance, 1.0, 0.0),
    unit("VLT", &["V"], D::Voltage, 1.0, 0.0),
    unit("2Z", &["mV"], D::Voltage, 0.001, 0.0),
    unit("KVT", &["kV"], D::Voltage, 1_000.0, 0.0),
    unit("AMP", &["A"], D::Current, 1.0, 0.0),
    unit("4K", &["mA"], D::Current, 0.001, 0.0),
    unit("HTZ", &["Hz"], D::Frequency, 1.0, 0.0),
    unit("LUX", &["lx", "lux"], D::Illuminance, 1.0, 0.0),
    unit("KGM", &["kg"], D::Mass, 1.0, 0.0),
    unit("GRM", &["g"], D::Mass, 0.001, 0.0),
    unit("TNE", &["t", "tấn"], D::Mass, 1_000.0, 0.0),
    unit("Q30", &["pH"], D::Acidity, 1.0, 0.0),
    unit("2N", &["dB", "dBA", "dB(A)"], D::Sound, 1.0, 0.0),
    unit("DBM", &["dBm"], D::Signal, 1.0, 0.0),
];

/// Why a unit was not converted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnitError {
    /// Nobody has told us of this unit.
    #[error("{0:?} is not a unit we know: give a UN/CEFACT Common Code such as MTR, or a symbol such as m")]
    Unknown(String),
    /// The units measure different things.
    #[error("{0} and {1} measure different things")]
    Dimension(&'static str, &'static str),
}

/// The unit of a Common Code or a symbol, exactly as written or, where only one unit fits, in other case.
pub fn find(text: &str) -> Option<&'static Unit> {
    let text = text.trim();
    let exact = |unit: &&Unit| unit.code == text || unit.symbols.contains(&text);
    if let Some(unit) = UNITS.iter().find(exact) {
        return Some(unit);
    }
    let lower = text.to_lowercase();
    let mut near =
        UNITS.iter().filter(|unit| unit.symbols.iter().any(|symbol| symbol.to_lowercase() == lower));
    match (near.next(), near.next()) {
        (Some(unit), None) => Some(unit),
        _ => None,
    }
}

/// True for a text that has the form of a Common Code: two or three capital letters or digits.
pub(super) fn is_code(text: &str) -> bool {
    (2..=3).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

/// The factor and offset that turn a number of unit `from` into one of unit `to`.
pub fn convert(from: &'static Unit, to: &'static Unit) -> Result<(f64, f64), UnitError> {
    if from.dimension != to.dimension {
        return Err(UnitError::Dimension(from.code, to.code));
    }
    Ok((from.factor / to.factor, (from.offset - to.offset) / to.factor))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turn(number: f64, from: &str, to: &str) -> f64 {
        let (factor, offset) = convert(find(from).unwrap(), find(to).unwrap()).unwrap();
        super::super::number::round(number * factor + offset, None)
    }

    #[test]
    fn converts_within_a_dimension() {
        let cases = [
            (45.0, "cm", "MTR", 0.45),
            (1.0, "ft", "MTR", 0.3048),
            (300.0, "K", "CEL", 26.85),
            (212.0, "°F", "CEL", 100.0),
            (0.0, "CEL", "KEL", 273.15),
            (36.0, "km/h", "MTS", 10.0),
            (1.0, "kn", "KMH", 1.852),
            (1_013.25, "hPa", "PAL", 101_325.0),
            (1.0, "mg/L", "H29", 1_000.0),
            (1.0, "mg/m³", "GQ", 1_000.0),
            (1_000.0, "cfs", "MQS", 28.316_846_592),
            (1_413.0, "µS/cm", "H61", 1.413),
        ];
        for (number, from, to, expected) in cases {
            assert!((turn(number, from, to) - expected).abs() < 1e-9, "{number} {from} → {to}");
        }
    }

    #[test]
    fn finds_units_as_sources_write_them() {
        assert_eq!(find(" mg/l ").unwrap().code, "M1");
        assert_eq!(find("MG/L").unwrap().code, "M1");
        assert_eq!(find("μg/L").unwrap().code, "H29");
        assert_eq!(find("NM").map(|u| u.code), None);
        assert!(matches!(
            convert(find("m").unwrap(), find("s").unwrap()),
            Err(UnitError::Dimension("MTR", "SEC"))
        ));
    }

    #[test]
    fn codes_and_symbols_are_told_once() {
        let mut seen = std::collections::HashSet::new();
        for unit in UNITS {
            assert!(is_code(unit.code) && seen.insert(unit.code), "{}", unit.code);
            for symbol in unit.symbols {
                assert!(seen.insert(*symbol), "{symbol}");
            }
        }
    }
}
