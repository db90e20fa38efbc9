//! Writing evolutions (clauses 4.5.6–4.5.9 and 4.5.19).

use dinh_model::{Iri, Timestamp, Value};

use super::{Aggregated, TemporalEntity, TemporalInstance, TemporalQuery};
use crate::kind::AttributeKind;
use crate::query::DatasetId;
use crate::vocabulary::{ID, SCOPE, TYPE};
use crate::write::{Extra, Object, Writer, instances, push_array, push_nothing, push_quoted, push_scopes};

/// In which representation an evolution is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum TemporalFormat {
    /// Every record in full, in the representation that the writer has.
    #[default]
    Records,
    /// `temporalValues`: pairs of value and time.
    Values,
    /// `aggregatedValues`: what the values of a period come to, with its beginning and end.
    Aggregated,
}

impl Writer<'_> {
    /// Appends evolutions as an array.
    pub fn evolutions(
        &self,
        out: &mut Vec<u8>,
        entities: &[TemporalEntity],
        query: &TemporalQuery,
        format: TemporalFormat,
    ) {
        push_array(out, entities, |out, entity| self.evolution(out, entity, query, format));
    }

    /// Appends the evolution of an entity; `query` tells which time stands beside the values.
    pub fn evolution(
        &self,
        out: &mut Vec<u8>,
        entity: &TemporalEntity,
        query: &TemporalQuery,
        format: TemporalFormat,
    ) {
        let mut object = Object::open(out);
        self.evolution_header(&mut object, entity);
        if format == TemporalFormat::Aggregated {
            self.aggregated(&mut object, entity);
        } else {
            self.evolution_members(&mut object, entity, query, format);
        }
        if let Some(context) = self.embed_context {
            object.raw("@context", context);
        }
        object.close();
    }

    fn evolution_header(&self, object: &mut Object<'_>, entity: &TemporalEntity) {
        if self.shows(ID) {
            object.text("id", entity.id.as_str());
        }
        if self.shows(TYPE) {
            self.names(object.member("type"), &entity.types);
        }
        if !entity.scopes.is_empty() && self.shows(SCOPE) {
            push_scopes(object.member("scope"), &entity.scopes);
        }
        if self.sys_attrs {
            object.instant("createdAt", entity.created_at);
            object.instant("modifiedAt", entity.modified_at);
            if let Some(at) = entity.deleted_at {
                object.instant("deletedAt", at);
            }
        }
    }

    fn evolution_members(
        &self,
        object: &mut Object<'_>,
        entity: &TemporalEntity,
        query: &TemporalQuery,
        format: TemporalFormat,
    ) {
        let mut shown: Vec<_> = entity
            .attributes
            .iter()
            .filter(|(name, _)| self.shows(name.as_str()))
            .map(|(name, all)| {
                let wanted = |record: &&TemporalInstance| {
                    name.as_str() == SCOPE || self.shows_dataset(&record.attribute.dataset_id)
                };
                let records: Vec<_> = all.iter().filter(wanted).collect();
                (self.context.compact(name), name, all.is_empty(), records)
            })
            // One that is told to be empty goes on where the answer was cut.
            .filter(|(_, _, cut, records)| *cut || !records.is_empty())
            .collect();
        shown.sort_unstable_by(|(a, ..), (b, ..)| a.cmp(b));
        for (short, name, _, records) in shown {
            let is_scope = name.as_str() == SCOPE;
            let out = object.member(if is_scope { "scope" } else { &short });
            match format {
                TemporalFormat::Records => self.records(out, &records, is_scope),
                _ => self.series(out, &records, query, is_scope),
            }
        }
    }

    fn shows_dataset(&self, id: &DatasetId) -> bool {
        self.dataset_ids.is_empty() || self.dataset_ids.contains(id)
    }

    /// An array, also of one record: who draws a chart need not look twice.
    fn records(&self, out: &mut Vec<u8>, records: &[&TemporalInstance], is_scope: bool) {
        push_array(out, records, |out, record| {
            if is_scope && record.deleted_at.is_some() {
                return self.scope_gone(out, record);
            }
            let extra = Extra {
                previous: None,
                deleted: record.deleted_at.is_some(),
                deleted_at: record.deleted_at,
                instance_id: record.instance_id.as_deref(),
            };
            instances(self, out, &[(&record.attribute, extra)]);
        });
    }

    /// No scope is an empty array, not the URI that stands for nothing.
    fn scope_gone(&self, out: &mut Vec<u8>, record: &TemporalInstance) {
        let mut object = Object::open(out);
        object.text("type", AttributeKind::Property.as_str());
        object.raw("value", "[]");
        if let Some(id) = &record.instance_id {
            object.text("instanceId", id);
        }
        if self.sys_attrs {
            object.instant("createdAt", record.attribute.created_at);
            object.instant("modifiedAt", record.attribute.modified_at);
        }
        if let Some(at) = record.deleted_at {
            object.instant("deletedAt", at);
        }
        object.close();
    }

    /// The records as series, one for each dataset and kind: one alone, several as an array.
    fn series(
        &self,
        out: &mut Vec<u8>,
        records: &[&TemporalInstance],
        query: &TemporalQuery,
        is_scope: bool,
    ) {
        let mut series: Vec<(Option<&Iri>, AttributeKind, Vec<&TemporalInstance>)> = Vec::new();
        for record in records {
            let dataset = record.attribute.dataset_id.as_ref();
            let kind = self.series_kind(&record.attribute.value);
            match series.iter_mut().find(|(d, k, _)| *d == dataset && *k == kind) {
                Some((_, _, list)) => list.push(record),
                None => series.push((dataset, kind, vec![record])),
            }
        }
        let write = |out: &mut Vec<u8>, (dataset, kind, list): &(_, _, Vec<&TemporalInstance>)| {
            self.one_series(out, (*dataset, *kind), list, query, is_scope);
        };
        match series.as_slice() {
            // What goes on where the answer was cut.
            [] => out.extend_from_slice(br#"{"type":"Property","values":[]}"#),
            [one] => write(out, one),
            several => push_array(out, several, write),
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
        (dataset, kind): (Option<&Iri>, AttributeKind),
        records: &[&TemporalInstance],
        query: &TemporalQuery,
        is_scope: bool,
    ) {
        let mut object = Object::open(out);
        object.text("type", kind.as_str());
        if let Some(dataset) = dataset {
            object.text("datasetId", dataset.as_str());
        }
        push_array(object.member(plural(kind)), records, |out, record| {
            out.push(b'[');
            if is_scope && record.deleted_at.is_some() {
                out.extend_from_slice(b"[]");
            } else {
                self.series_value(out, record);
            }
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

    fn aggregated(&self, object: &mut Object<'_>, entity: &TemporalEntity) {
        let mut shown: Vec<_> = entity
            .aggregated
            .iter()
            .filter(|(name, _)| self.shows(name.as_str()))
            .map(|(name, told)| (self.context.compact(name), told))
            .collect();
        shown.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        for (short, told) in shown {
            match told.as_slice() {
                [one] => push_aggregated(object.member(&short), one),
                several => push_array(object.member(&short), several, push_aggregated),
            }
        }
    }
}

fn push_aggregated(out: &mut Vec<u8>, told: &Aggregated) {
    let kind = if told.relationship { AttributeKind::Relationship } else { AttributeKind::Property };
    let mut object = Object::open(out);
    object.text("type", kind.as_str());
    if let Some(dataset) = &told.dataset_id {
        object.text("datasetId", dataset.as_str());
    }
    for (method, periods) in &told.methods {
        push_array(object.member(method.as_str()), periods, |out, (value, from, to)| {
            out.extend_from_slice(b"[");
            out.extend_from_slice(value.to_string().as_bytes());
            out.push(b',');
            push_quoted(out, *from);
            out.push(b',');
            push_quoted(out, *to);
            out.push(b']');
        });
    }
    object.close();
}

/// The time beside a value: the one asked by, or else the nearest to it that the record has.
fn time_of(record: &TemporalInstance, query: &TemporalQuery) -> Timestamp {
    record.moment(query.property)
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
