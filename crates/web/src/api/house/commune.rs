//! "Which commune is this point in, on this date?"

use axum::Json;
use dinh_model::admin::{Level, Place, Share, Unit};
use dinh_ngsild::problem::{Problem, ProblemKind};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;
use utoipa::ToSchema;

use super::hall::Hall;
use crate::api::reply::{ReadRefusals, Refusal};
use crate::api::request::{Given, Known, Operation, Parameters};

/// Which commune.
pub(crate) struct Commune;

impl Operation for Commune {
    const PARAMETERS: &'static [Known] = &[
        Known::text("lon", "Longitude in degrees."),
        Known::text("lat", "Latitude in degrees."),
        Known::text("date", "The day, e.g. 2025-06-30; today in Viet Nam if not given."),
        Known::text("level", "province, district or commune; commune if not given."),
    ];
}

/// One administrative unit.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UnitBody {
    /// Its entity.
    id: String,
    /// Its code in the national list.
    code: String,
    /// province, district or commune.
    level: &'static str,
    /// In Vietnamese.
    name: String,
    /// In English, where known.
    #[serde(skip_serializing_if = "Option::is_none")]
    name_en: Option<String>,
    /// The first day in force, where known.
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    /// The last day in force, unless it still is.
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<String>,
    /// The unit that it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    parent: Option<String>,
}

/// A unit that may have held the point.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Candidate {
    /// The unit.
    unit: UnitBody,
    /// full if all of it became part of the present unit, partial if only some did.
    share: &'static str,
}

/// The answer.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WhichUnit {
    /// The day that was asked about.
    date: String,
    /// The unit that held the point on that day, if its outline is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<UnitBody>,
    /// Otherwise: the unit of another day that holds the point.
    #[serde(skip_serializing_if = "Option::is_none")]
    present: Option<UnitBody>,
    /// And the units of the day asked about, one of which held the point.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    candidates: Vec<Candidate>,
}

/// Which commune is a point in, on a day
///
/// Answers with the administrative unit that a point lay in on a day. Where the outlines of that day are not known, the
/// units that the present one was made from are named instead.
#[utoipa::path(
    get, path = "/api/v1/{tenant}/commune", tag = "province",
    extensions(("x-summary-vi" = json!("Một điểm thuộc xã, phường nào vào một ngày"))),
    params(("tenant" = String, Path, description = "The tenant."), Parameters<Commune>),
    responses((status = 200, description = "The unit.", body = WhichUnit), ReadRefusals)
)]
pub(crate) async fn commune_at(
    Hall(visit): Hall,
    parameters: Parameters<Commune>,
) -> Result<Json<WhichUnit>, Refusal> {
    let (lon, lat) = (degrees(&parameters, "lon", 180.0)?, degrees(&parameters, "lat", 90.0)?);
    let day = match parameters.text("date") {
        Some(text) => text.parse::<Date>().map_err(|_reason| {
            Problem::bad_data(format!("The URL parameter date is {text:?}; write a day such as 2025-06-30."))
        })?,
        None => today(visit.app.context.clock().now().to_jiff()),
    };
    let level = match parameters.text("level") {
        Some(word) => {
            word.parse::<Level>().map_err(|reason| Problem::bad_data(format!("level: {reason}.")))?
        }
        None => Level::Commune,
    };
    let register = visit.session.units().await?;
    let Some(place) = register.unit_at(lon, lat, level, day) else {
        let detail = format!("No {level} of this tenant is known to hold the point {lon}, {lat}.");
        return Err(Problem::new(ProblemKind::ResourceNotFound, detail).into());
    };
    Ok(Json(answer(&place, day)))
}

fn answer(place: &Place<'_>, day: Date) -> WhichUnit {
    let date = day.to_string();
    match place {
        Place::Unit(unit) => {
            WhichUnit { date, unit: Some(body(unit)), present: None, candidates: Vec::new() }
        }
        Place::Candidates { present, candidates } => WhichUnit {
            date,
            unit: None,
            present: Some(body(present)),
            candidates: candidates
                .iter()
                .map(|descent| Candidate { unit: body(descent.unit), share: Share::word(descent.share) })
                .collect(),
        },
    }
}

fn body(unit: &Unit) -> UnitBody {
    UnitBody {
        id: unit.id.to_string(),
        code: unit.code.clone(),
        level: unit.level.word(),
        name: unit.name.vi.clone(),
        name_en: unit.name.en.clone(),
        from: unit.span.from.map(|day| day.to_string()),
        to: unit.span.to.map(|day| day.to_string()),
        parent: unit.parent.as_ref().map(ToString::to_string),
    }
}

fn degrees(given: &Given, name: &'static str, most: f64) -> Result<f64, Problem> {
    match given.decimal(name)? {
        Some(degrees) if degrees.abs() <= most => Ok(degrees),
        Some(degrees) => Err(Problem::bad_data(format!(
            "The URL parameter {name} is {degrees}; it must lie between -{most} and {most}."
        ))),
        None => Err(Problem::bad_data(format!("The URL parameter {name} is needed."))),
    }
}

/// The day that it is in Viet Nam.
pub(super) fn today(now: jiff::Timestamp) -> Date {
    let zone = TimeZone::get("Asia/Ho_Chi_Minh").unwrap_or(TimeZone::UTC);
    now.to_zoned(zone).date()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_is_that_of_viet_nam() {
        let late = "2025-06-30T17:30:00Z".parse().unwrap();
        assert_eq!(today(late).to_string(), "2025-07-01");
    }
}
