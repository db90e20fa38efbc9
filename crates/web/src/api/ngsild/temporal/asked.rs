//! What a question about evolutions asks, in URL parameters.

use dinh_context::graph::EvolutionQuery;
use dinh_model::Term;
use dinh_ngsild::problem::{Problem, ProblemKind};
use dinh_ngsild::query::{EntityQuery, OrderSubject};
use dinh_ngsild::temporal::{Aggregation, AggregationError, TemporalFormat, TemporalQuery};

use crate::api::ngsild::form::Form;
use crate::api::ngsild::options::keywords;
use crate::api::reply::Refusal;
use crate::api::request::{Given, Visit};

/// What `options` may hold.
const OPTIONS: &[&str] = &["temporalValues", "aggregatedValues", "sysAttrs", "normalized", "concise"];

/// The part of a question that is about time and form.
pub(super) struct Asked {
    pub(super) format: TemporalFormat,
    pub(super) sys_attrs: bool,
    pub(super) time: TemporalQuery,
    pub(super) aggregation: Option<Aggregation>,
}

impl Asked {
    /// Reads the URL parameters.
    pub(super) fn read(given: &Given) -> Result<Self, Refusal> {
        let (format, sys_attrs) = format(given)?;
        let text = |name: &str| given.text(name);
        let time = TemporalQuery::parse(
            text("timerel"),
            text("timeAt"),
            text("endTimeAt"),
            text("timeproperty"),
            text("lastN"),
        )?;
        let aggregation = match format {
            TemporalFormat::Aggregated => Some(
                Aggregation::parse(text("aggrMethods"), text("aggrPeriodDuration"))
                    .map_err(|error| refused(&error))?,
            ),
            _ => None,
        };
        Ok(Self { format, sys_attrs, time, aggregation })
    }

    /// The question as the store understands it.
    pub(super) fn query(&self, visit: &Visit, entities: EntityQuery, form: &Form) -> EvolutionQuery {
        EvolutionQuery {
            entities: EntityQuery { dataset_ids: form.dataset_ids.clone(), ..entities },
            time: self.time,
            attributes: named(form),
            most: visit.app.settings.most_records,
            aggregation: self.aggregation.clone(),
        }
    }
}

/// A way of aggregating that there is not.
pub(super) fn refused(error: &AggregationError) -> Problem {
    Problem::bad_data(error.to_string())
}

/// The representation asked for in `format`, or else in `options`, and whether system attributes are.
pub(super) fn format(given: &Given) -> Result<(TemporalFormat, bool), Problem> {
    let keywords = keywords(given, OPTIONS)?;
    let named = given.text("format").or_else(|| keywords.iter().copied().find(|k| k.ends_with("Values")));
    let format = match named {
        None | Some("normalized" | "concise") => TemporalFormat::Records,
        Some("temporalValues") => TemporalFormat::Values,
        Some("aggregatedValues") => TemporalFormat::Aggregated,
        Some(other) => {
            return Err(Problem::invalid(format!(
                "The URL parameter format is {other:?}; it may be normalized, concise, temporalValues or aggregatedValues."
            )));
        }
    };
    Ok((format, keywords.contains(&"sysAttrs")))
}

/// The attributes that are named, or none for all.
fn named(form: &Form) -> Vec<Term> {
    let named = form.attrs.as_ref().or(form.pick.as_ref());
    named.map(|named| named.attributes().cloned().collect()).unwrap_or_default()
}

/// A question without a time asks for everything that ever was (clause 5.7.4.4).
pub(super) fn needs_time(time: &TemporalQuery) -> Result<(), Problem> {
    match time.relation {
        Some(_) => Ok(()),
        None => Err(Problem::bad_data("A query for evolutions needs timerel and timeAt.")),
    }
}

/// Evolutions have no other order than that of their identifiers (clause 5.7.4.4).
pub(super) fn only_by_id(query: &EntityQuery) -> Result<(), Problem> {
    if query.order.iter().all(|key| key.subject == OrderSubject::Id) {
        return Ok(());
    }
    Err(Problem::bad_data("orderBy: evolutions are ordered by id alone."))
}

/// What was asked for does not suit the values that are there (clause 5.7.4.4).
pub(super) fn unsuited(names: &[String]) -> Problem {
    let detail = format!("aggrMethods: values of {} do not have all of these methods.", names.join(", "));
    Problem::new(ProblemKind::InvalidRequest, detail)
}
