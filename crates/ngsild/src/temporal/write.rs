//! Writing evolutions (clauses 4.5.6–4.5.9).

use dinh_model::{Iri, Timestamp, Value};

use super::{TemporalEntity, TemporalInstance, TemporalQuery};
use crate::kind::AttributeKind;
use crate::query::DatasetId;
use crate::vocabulary::{ID, TYPE};
use crate::write::{Extra, Object, Writer, instances, push_array, push_nothing, push_quoted};

/// In which representation an evolution is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum TemporalFormat {
    /// Every record in full, in the representation that the writer has.
    #[default]
    Records,
    /// `temporalValues`: pairs of value and time.
    Values,
}

impl Writer<'_> {
    /// Appends the evolution of an entity; `query` tells which time stands beside the values.
    pub fn evolution(
        &self,
        out: &mut Vec<u8>,
        entity: &TemporalEntity,
        query: &TemporalQuery,
        format: TemporalFormat,
    ) {
        let mut object = Object::open(out);
        if self.shows(ID) {
            object.text("id", entity.id.as_str());
        }
        if self.shows(TYPE) {
            self.names(object.member("type"), &entity.types);
        }
        let mut shown: Vec<_> = entity
            .attributes
            .iter()
            .filter(|(name, _)| self.shows(name.as_str()))
            .map(|(name, records)| {
                let records =
                    records.iter().filter(|record| self.shows_dataset(&record.attribute.dataset_id));
                (self.context.compact(name), records.collect::<Vec<_>>())
            })
            .filter(|(_, records)| !records.is_empty())
            .collect();
        shown.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        for (short, records) in shown {
            let out = object.member(&short);
            match format {
                TemporalFormat::Records => self.records(out, &records),
                TemporalFormat::Values => self.series(out, &records, query),
            }
        }
        if let Some(context) = self.embed_context {
            object.raw("@context", context);
        }
        object.close();
    }

    fn shows_dataset(&self, id: &DatasetId) -> bool {
        self.dataset_ids.is_empty() || self.dataset_ids.contains(id)
    }

    /// An array, also of one record: who draws a chart need not look twice.
    fn records(&self, out: &mut Vec<u8>, records: &[&TemporalInstance]) {
        push_array(out, records, |out, record| {
            let extra = Extra {
                previous: None,
                deleted: record.deleted_at.is_some(),
                deleted_at: record.deleted_at,
                instance_id: record.instance_id.as_deref(),
            };
            instances(self, out, &[(&record.attribute, extra)]);
        });
    }

    /// The records as series, one for each dataset and kind: one alone, several as an array.
    fn series(&self, out: &mut Vec<u8>, records: &[&TemporalInstance], query: &TemporalQuery) {
        let mut series: Vec<(Option<&Iri>, AttributeKind, Vec<&TemporalInstance>)> = Vec::new();
        for record in records {
            let dataset = record.attribute.dataset_id.as_ref();
            let kind = self.series_kind(&record.attribute.value);
            match series.iter_mut().find(|(d, k, _)| *d == dataset && *k == kind) {
                Some((_, _, list)) => list.push(record),
                None => series.push((dataset, kind, vec![record])),
            }
        }
        match series.as_slice() {
            [(dataset, kind, list)] => self.one_series(out, *dataset, *kind, list, query),
            several => push_array(out, several, |out, (dataset, kind, list)| {
                self.one_series(out, *dataset, *kind, list, query);
            }),
        }
    }

    /// With a language filter, texts by language become texts.
    fn series_kind(&self, value: &Value) -> AttributeKind {
        match AttributeKind::of(value) {
            AttributeKind::LanguageProperty if self.languages.is_some() => AttributeKind::Property,
            kind => kind,
        }
    }

    fn one_series(
        &self,
        out: &mut Vec<u8>,
        dataset: Option<&Iri>,
        kind: AttributeKind,
        records: &[&TemporalInstance],
        query: &TemporalQuery,
    ) {
        let mut object = Object::open(out);
        object.text("type", kind.as_str());
        if let Some(dataset) = dataset {
            object.text("datasetId", dataset.as_str());
        }
        push_array(object.member(plural(kind)), records, |out, record| {
            out.push(b'[');
            self.series_value(out, record);
            out.push(b',');
            push_quoted(out, time_of(record, query));
            out.push(b']');
        });
        object.close();
    }

    fn series_value(&self, out: &mut Vec<u8>, record: &TemporalInstance) {
        let value = &record.attribute.value;
        let deleted = record.deleted_at.is_some();
        match value {
            Value::Language(_) if deleted && self.languages.is_none() => {
                let mut object = Object::open(out);
                push_nothing(object.member("languageMap"), value);
                object.close();
            }
            _ if deleted => push_nothing(out, value),
            _ => self.simplified(out, value),
        }
    }
}

/// The time beside a value: the one asked by, or else the nearest to it that the record has.
fn time_of(record: &TemporalInstance, query: &TemporalQuery) -> Timestamp {
    record.time(query.property).or(record.deleted_at).unwrap_or(record.attribute.modified_at)
}

fn plural(kind: AttributeKind) -> &'static str {
    match kind {
        AttributeKind::Property | AttributeKind::GeoProperty => "values",
        AttributeKind::LanguageProperty => "languageMaps",
        AttributeKind::VocabProperty => "vocabs",
        AttributeKind::JsonProperty => "jsons",
        AttributeKind::ListProperty => "valueLists",
        AttributeKind::Relationship => "objects",
        AttributeKind::ListRelationship => "objectLists",
    }
}
