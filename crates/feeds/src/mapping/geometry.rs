//! Places as sources write them: decimal degrees, degrees with minutes and seconds, GeoJSON.

use dinh_model::{GeoValue, GeometryError};
use serde_json::Value as Json;

use super::number;
use super::record::scalar;
use super::{Fault, Record};
use crate::Words;
use crate::text::excerpt;

/// Longest text that is read as degrees.
const MAX_LENGTH: usize = 48;
/// Longest piece of a geometry quoted in a reason, in characters.
const QUOTED: usize = 80;

/// Degrees of a longitude or latitude. Range is not checked here: a quality check may mend swapped coordinates.
pub(super) fn degrees(value: &Json, mark: Option<char>) -> Result<f64, Fault> {
    let text = scalar(value).ok_or_else(|| Fault::Degrees(value.to_string()))?;
    if text.len() > MAX_LENGTH {
        return Err(Fault::Degrees(text.into_owned()));
    }
    number::parse(&text, mark)
        .or_else(|| sexagesimal(&text, mark))
        .filter(|degrees| degrees.abs() <= 180.0)
        .ok_or_else(|| Fault::Degrees(text.into_owned()))
}

/// `16°27'35.5"N`, `107 35 20 E`, `16d27m35s`.
fn sexagesimal(text: &str, mark: Option<char>) -> Option<f64> {
    let text = text.trim();
    let (body, sign) = match text.chars().next_back()? {
        'N' | 'E' | 'B' | 'Đ' => (text.get(..text.len() - text.chars().next_back()?.len_utf8())?, 1.0),
        'S' | 'W' => (text.get(..text.len() - 1)?, -1.0),
        _ => (text, 1.0),
    };
    let mut parts = body
        .split(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',' | '-')))
        .filter(|part| !part.is_empty());
    let whole = number::parse(parts.next()?, mark)?;
    let minutes = parts.next().map_or(Some(0.0), |part| number::parse(part, mark))?;
    let seconds = parts.next().map_or(Some(0.0), |part| number::parse(part, mark))?;
    let inside = (0.0..60.0).contains(&minutes) && (0.0..60.0).contains(&seconds);
    if parts.next().is_some() || !inside {
        return None;
    }
    let size = whole.abs() + minutes / 60.0 + seconds / 3_600.0;
    Some(if whole.is_sign_negative() { -size } else { size } * sign)
}

/// A point from two fields; `None` where both are absent.
pub(super) fn point(
    record: &Record,
    lon: &str,
    lat: &str,
    mark: Option<char>,
) -> Result<Option<GeoValue>, (String, Fault)> {
    let filled = |field: &str| record.text(field).is_some();
    match (filled(lon), filled(lat)) {
        (false, false) => return Ok(None),
        (false, true) => return Err((lon.to_owned(), Fault::Missing)),
        (true, false) => return Err((lat.to_owned(), Fault::Missing)),
        (true, true) => {}
    }
    let read = |field: &str| {
        let value = record.get(field).unwrap_or(&Json::Null);
        degrees(value, mark).map(tidy).map_err(|fault| (field.to_owned(), fault))
    };
    Ok(Some(GeoValue::point(read(lon)?, read(lat)?)))
}

/// A GeoJSON geometry.
pub(super) fn geojson(value: &Json) -> Result<GeoValue, Fault> {
    GeoValue::parse(value.clone()).map_err(|reason| Fault::Geometry(words(&reason)))
}

/// What is wrong with a geometry, in both languages.
pub(super) fn words(error: &GeometryError) -> Words {
    use dinh_model::geometry::MAX_VERTICES;
    let vi = match error {
        GeometryError::NotAnObject => {
            "hình học phải là đối tượng có “type” và “coordinates” (RFC 7946)".to_owned()
        }
        GeometryError::Type(kind) => format!(
            "“{}” không phải là loại hình học; dùng Point, MultiPoint, LineString, MultiLineString, Polygon hoặc \
             MultiPolygon",
            excerpt(kind, QUOTED)
        ),
        GeometryError::Coordinates(kind) => format!("tọa độ không đúng cấu trúc của {kind}"),
        GeometryError::OutOfRange(lon, lat) => format!(
            "vị trí [{lon}, {lat}] vượt quá kinh độ ±180 hoặc vĩ độ ±90; thứ tự là kinh độ trước, vĩ độ sau"
        ),
        GeometryError::TooFew(kind, least) => format!("{kind} cần ít nhất {least} vị trí"),
        GeometryError::OpenRing => "vành của đa giác phải khép kín: vị trí cuối trùng vị trí đầu".to_owned(),
        GeometryError::CrossesItself(lon, lat) => format!("vành của đa giác tự cắt gần [{lon}, {lat}]"),
        GeometryError::TooManyVertices => format!("hình học có hơn {MAX_VERTICES} vị trí"),
    };
    Words::new(vi, error.to_string())
}

/// Nine decimal places: a tenth of a millimetre. Anything finer is noise of arithmetic.
fn tidy(degrees: f64) -> f64 {
    number::round(degrees, Some(9))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn reads_degrees_of_many_hands() {
        let cases = [
            (json!(107.59), None, 107.59),
            (json!("16.46"), None, 16.46),
            (json!("107,59"), Some(','), 107.59),
            (json!("16°27'36\"N"), None, 16.46),
            (json!("16 27 36"), None, 16.46),
            (json!("107° 35,4' Đ"), Some(','), 107.59),
            (json!("10°30'S"), None, -10.5),
        ];
        for (value, mark, expected) in cases {
            let read = degrees(&value, mark).unwrap();
            assert!((read - expected).abs() < 1e-9, "{value}: {read}");
        }
        for bad in
            [json!("107,59"), json!("abc"), json!("16°75'"), json!(181), json!([1]), json!(""), json!("-")]
        {
            assert!(degrees(&bad, None).is_err(), "{bad}");
        }
    }
}
