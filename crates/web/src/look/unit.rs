//! Signs of units by UN/CEFACT Common Code (Recommendation 20), the codes that NGSI-LD carries in `unitCode`.

/// What people write for a unit. A code not in this table is shown as it is.
pub fn symbol(code: &str) -> &str {
    match code {
        "MTR" => "m",
        "CMT" => "cm",
        "MMT" => "mm",
        "KMT" => "km",
        "MTK" => "m²",
        "KMK" => "km²",
        "HAR" => "ha",
        "MTQ" => "m³",
        "HMQ" | "H19" => "hm³",
        "MQS" => "m³/s",
        "MTS" => "m/s",
        "KMH" => "km/h",
        "H67" => "mm/h",
        "CEL" => "°C",
        "P1" => "%",
        "DD" => "°",
        "A97" => "hPa",
        "GQ" => "µg/m³",
        "GP" => "mg/m³",
        "M1" => "mg/L",
        "59" => "ppm",
        "C62" | "E34" => "",
        "NTU" => "NTU",
        "D10" => "S/m",
        "H61" => "mS/cm",
        "SEC" => "s",
        "MIN" => "min",
        "HUR" => "h",
        "DAY" => "d",
        "KWT" => "kW",
        "MAW" => "MW",
        "LUX" => "lx",
        "2N" => "dB",
        "VLT" => "V",
        "VND" => "đ",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_codes_have_signs_and_others_stay() {
        assert_eq!(symbol("MMT"), "mm");
        assert_eq!(symbol("X99"), "X99");
    }
}
