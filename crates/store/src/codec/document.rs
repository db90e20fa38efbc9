//! Entities, attribute instances and changes.

use dinh_model::{
    Attribute, AttributeChange, Attributes, Change, ChangeKind, Entity, EntityId, GeoValue, Iri,
    LanguageText, OneOrMany, Scope, Term, Timestamp, Value,
};
use dinh_ngsild::vocabulary::EXPIRES_AT;
use serde_json::{Value as Json, json};

use super::reader::Reader;
use super::seal::{Opener, Spot};
use super::writer::Writer;
use super::{
    DecodeError, EXPIRING_VERSION, EncodeError, MAX_DEPTH, SEALED_EXPIRING_VERSION, SEALED_VERSION, VERSION,
};
use crate::names::{Names, SharedNames};
use crate::vault::Sealing;

const KIND: u8 = 0b0000_0111;
const HAS_DATASET: u8 = 0b0000_1000;
const HAS_OBSERVED: u8 = 0b0001_0000;
const HAS_UNIT: u8 = 0b0010_0000;
const HAS_SUB: u8 = 0b0100_0000;
/// Created or modified at another instant than the base.
const HAS_TIMES: u8 = 0b1000_0000;

/// An entity without its identifier, which its row holds.
pub(crate) fn encode_entity(
    entity: &Entity,
    names: &SharedNames,
    sealing: Option<&Sealing>,
) -> Result<Vec<u8>, EncodeError> {
    let mut out = Writer::new(names, 256);
    let base = entity.modified_at;
    match (entity.expires_at, sealing.is_some()) {
        (None, sealed) => out.byte(if sealed { SEALED_VERSION } else { VERSION }),
        (Some(at), sealed) => {
            out.byte(if sealed { SEALED_EXPIRING_VERSION } else { EXPIRING_VERSION });
            out.signed(at.as_micros());
        }
    }
    out.signed(base.as_micros());
    out.before(base, entity.created_at);
    out.names(&entity.types)?;
    out.length(entity.scopes.len());
    entity.scopes.iter().for_each(|scope| out.text(scope.as_str()));
    match sealing {
        Some(sealing) => out.sealed_attributes(&entity.attributes, base, sealing)?,
        None => out.attributes(&entity.attributes, base, 0)?,
    }
    Ok(out.bytes)
}

/// The entity `id` from its stored form. Sealed instances whose keys are destroyed are left out.
pub(crate) fn decode_entity(
    id: EntityId,
    bytes: &[u8],
    names: &Names,
    opener: &dyn Opener,
) -> Result<Entity, DecodeError> {
    let mut input = Reader::new(bytes, names);
    let (sealed, expires_at) = input.entity_version()?;
    let modified_at = Timestamp::from_micros(input.signed()?);
    let created_at = input.before(modified_at)?;
    let types = input.terms()?;
    let scopes = (0..input.length()?).map(|_| input.text().map(Scope::trusted)).collect::<Result<_, _>>()?;
    let attributes = if sealed {
        input.sealed_attributes(id.as_str(), modified_at, opener)?
    } else {
        input.attributes(modified_at, 0)?
    };
    input.end()?;
    Ok(Entity { id, types, scopes, created_at, modified_at, expires_at, attributes })
}

/// One instance of an attribute observed at `at`, as history keeps it.
pub(crate) fn encode_instance(
    name: &Term,
    instance: &Attribute,
    at: Timestamp,
    names: &SharedNames,
    sealing: Option<&Sealing>,
) -> Result<Vec<u8>, EncodeError> {
    let mut out = Writer::new(names, 32);
    if let Some(sealing) = sealing.filter(|sealing| sealing.seals(name)) {
        out.byte(SEALED_VERSION);
        out.tagged_instance(name, instance, at, Some(sealing))?;
    } else {
        out.byte(VERSION);
        out.instance(instance, at, 0)?;
    }
    Ok(out.bytes)
}

/// The instance observed at `spot.base` from its stored form; `None` if it is sealed and its key destroyed.
pub(crate) fn decode_instance(
    bytes: &[u8],
    spot: &Spot<'_>,
    names: &Names,
    opener: &dyn Opener,
) -> Result<Option<Attribute>, DecodeError> {
    let mut input = Reader::new(bytes, names);
    let instance = if input.version()? {
        input.tagged_instance(spot, opener)?
    } else {
        Some(input.instance(spot.base, 0)?)
    };
    input.end()?;
    Ok(instance)
}

/// The number that an instance in plain form says, if it says a number and nothing of it is to be asked further: without
/// decoding the rest.
pub(crate) fn peek_number(bytes: &[u8]) -> Option<f64> {
    let names = Names::default();
    let mut input = Reader::new(bytes, &names);
    let (version, flags) = (input.byte().ok()?, input.byte().ok()?);
    if version != VERSION || flags & KIND != 0 || flags & HAS_SUB != 0 {
        return None;
    }
    if flags & HAS_TIMES != 0 {
        input.unsigned().ok()?;
        input.unsigned().ok()?;
    }
    if flags & HAS_DATASET != 0 {
        input.text().ok()?;
    }
    for present in [HAS_OBSERVED, HAS_UNIT] {
        if flags & present != 0 {
            input.unsigned().ok()?;
        }
    }
    input.number().ok()?.as_f64()
}

/// What seals the instances of a change as they were before it, and as they are after.
#[derive(Default)]
pub(crate) struct Sides {
    pub(crate) before: Option<Sealing>,
    pub(crate) after: Option<Sealing>,
}

impl Sides {
    fn seal(&self, name: &Term) -> bool {
        [&self.before, &self.after].into_iter().flatten().any(|sealing| sealing.seals(name))
    }
}

/// What the feed keeps of a change beside its columns: version, types and attribute changes.
pub(crate) fn encode_changes(
    change: &Change,
    names: &SharedNames,
    sides: &Sides,
) -> Result<Vec<u8>, EncodeError> {
    let mut out = Writer::new(names, 128);
    let sides = Some(sides).filter(|sides| change.attributes.iter().any(|one| sides.seal(&one.name)));
    out.byte(if sides.is_some() { SEALED_VERSION } else { VERSION });
    out.unsigned(change.version);
    out.names(&change.types)?;
    out.length(change.attributes.len());
    for attribute in &change.attributes {
        out.change(attribute, change.at, sides)?;
    }
    Ok(out.bytes)
}

/// Version, types and attribute changes of a change of `entity` committed at `at`. Sealed instances whose keys are
/// destroyed are left out.
pub(crate) fn decode_changes(
    bytes: &[u8],
    (entity, at): (&str, Timestamp),
    names: &Names,
    opener: &dyn Opener,
) -> Result<(u64, Vec<Term>, Vec<AttributeChange>), DecodeError> {
    let mut input = Reader::new(bytes, names);
    let opener = if input.version()? { Some(opener) } else { None };
    let version = input.unsigned()?;
    let types = input.terms()?;
    let changes =
        (0..input.length()?).map(|_| input.change((entity, at), opener)).collect::<Result<_, _>>()?;
    input.end()?;
    Ok((version, types, changes))
}

const CHANGE_DATASET: u8 = 4;
const CHANGE_BEFORE: u8 = 8;
const CHANGE_AFTER: u8 = 16;

impl Writer<'_> {
    fn change(
        &mut self,
        change: &AttributeChange,
        at: Timestamp,
        sides: Option<&Sides>,
    ) -> Result<(), EncodeError> {
        let kind = match change.kind {
            ChangeKind::Created => 0,
            ChangeKind::Updated => 1,
            ChangeKind::Deleted => 2,
        };
        let flag = |present: bool, bit: u8| if present { bit } else { 0 };
        self.byte(
            kind | flag(change.dataset_id.is_some(), CHANGE_DATASET)
                | flag(change.before.is_some(), CHANGE_BEFORE)
                | flag(change.after.is_some(), CHANGE_AFTER),
        );
        self.name(change.name.as_str())?;
        if let Some(dataset) = &change.dataset_id {
            self.text(dataset.as_str());
        }
        let Some(sides) = sides else {
            let mut instances = [&change.before, &change.after].into_iter().flatten();
            return instances.try_for_each(|instance| self.instance(instance, at, 0));
        };
        for (instance, side) in [(&change.before, &sides.before), (&change.after, &sides.after)] {
            let Some(instance) = instance else { continue };
            let side = side.as_ref().filter(|sealing| sealing.seals(&change.name));
            self.tagged_instance(&change.name, instance, at, side)?;
        }
        Ok(())
    }

    fn attributes(
        &mut self,
        attributes: &Attributes,
        base: Timestamp,
        depth: usize,
    ) -> Result<(), EncodeError> {
        self.length(attributes.len());
        for (name, instances) in attributes {
            self.name(name.as_str())?;
            self.length(instances.len());
            instances.iter().try_for_each(|instance| self.instance(instance, base, depth))?;
        }
        Ok(())
    }

    pub(super) fn instance(
        &mut self,
        instance: &Attribute,
        base: Timestamp,
        depth: usize,
    ) -> Result<(), EncodeError> {
        if depth > MAX_DEPTH {
            return Err(EncodeError::TooDeep);
        }
        let times = instance.created_at != base || instance.modified_at != base;
        let flag = |present: bool, bit: u8| if present { bit } else { 0 };
        self.byte(
            kind(&instance.value)
                | flag(instance.dataset_id.is_some(), HAS_DATASET)
                | flag(instance.observed_at.is_some(), HAS_OBSERVED)
                | flag(instance.unit_code.is_some(), HAS_UNIT)
                | flag(!instance.sub.is_empty() || instance.expires_at.is_some(), HAS_SUB)
                | flag(times, HAS_TIMES),
        );
        if times {
            self.before(base, instance.modified_at);
            self.before(instance.modified_at, instance.created_at);
        }
        if let Some(dataset) = &instance.dataset_id {
            self.text(dataset.as_str());
        }
        if let Some(observed) = instance.observed_at {
            self.before(base, observed);
        }
        if let Some(unit) = &instance.unit_code {
            self.name(unit)?;
        }
        self.value(&instance.value, depth)?;
        match instance.expires_at {
            None if instance.sub.is_empty() => Ok(()),
            None => self.attributes(&instance.sub, base, depth + 1),
            // Few instances vanish by themselves: when, stands among their attributes, under a name that none may have.
            Some(at) => {
                let mut with_expiry = instance.sub.clone();
                let at = Attribute::new(Value::Property(Json::from(at.as_micros())), base);
                with_expiry.insert(Term::from(EXPIRES_AT), vec![at]);
                self.attributes(&with_expiry, base, depth + 1)
            }
        }
    }

    fn value(&mut self, value: &Value, depth: usize) -> Result<(), EncodeError> {
        match value {
            Value::Property(json) | Value::Json(json) => self.json(json, depth)?,
            Value::Relationship { object, object_type } => {
                self.one_or_many(object, Iri::as_str);
                self.names(object_type)?;
            }
            Value::Geo(geometry) => self.geometry(geometry, depth)?,
            Value::Language(texts) => {
                self.length(texts.len());
                for (language, text) in texts {
                    self.text(language);
                    self.one_or_many(text, String::as_str);
                }
            }
            Value::Vocab(terms) => self.one_or_many(terms, Term::as_str),
            Value::List(items) => {
                self.length(items.len());
                items.iter().try_for_each(|item| self.json(item, depth + 1))?;
            }
            Value::ListRelationship { objects, object_type } => {
                self.length(objects.len());
                for object in objects {
                    self.text(object.as_str());
                }
                self.names(object_type)?;
            }
        }
        Ok(())
    }

    /// Zero for one item, else the number of items and one.
    fn one_or_many<T>(&mut self, items: &OneOrMany<T>, text: impl Fn(&T) -> &str) {
        match items {
            OneOrMany::One(item) => {
                self.byte(0);
                self.text(text(item));
            }
            OneOrMany::Many(items) => {
                self.length(items.len() + 1);
                for item in items {
                    self.text(text(item));
                }
            }
        }
    }

    /// A plain point is two numbers; everything else is its GeoJSON.
    fn geometry(&mut self, geometry: &GeoValue, depth: usize) -> Result<(), EncodeError> {
        let json = geometry.as_json();
        if let Some((lon, lat)) = plain_point(json) {
            self.byte(1);
            self.number(lon);
            self.number(lat);
            return Ok(());
        }
        self.byte(0);
        self.json(json, depth)
    }
}

fn plain_point(json: &Json) -> Option<(&serde_json::Number, &serde_json::Number)> {
    let object = json.as_object()?;
    if object.len() != 2 || object.get("type")?.as_str()? != "Point" {
        return None;
    }
    match object.get("coordinates")?.as_array()?.as_slice() {
        [Json::Number(lon), Json::Number(lat)] => Some((lon, lat)),
        _ => None,
    }
}

fn kind(value: &Value) -> u8 {
    match value {
        Value::Property(_) => 0,
        Value::Relationship { .. } => 1,
        Value::Geo(_) => 2,
        Value::Language(_) => 3,
        Value::Vocab(_) => 4,
        Value::Json(_) => 5,
        Value::List(_) => 6,
        Value::ListRelationship { .. } => 7,
    }
}

/// The instant that stands among the attributes of an instance.
fn expiry(instances: &[Attribute]) -> Result<Timestamp, DecodeError> {
    let micros = match instances {
        [Attribute { value: Value::Property(json), .. }] => json.as_i64(),
        _ => None,
    };
    micros.map(Timestamp::from_micros).ok_or(DecodeError::Number)
}

impl Reader<'_> {
    /// True if something is sealed.
    fn version(&mut self) -> Result<bool, DecodeError> {
        match self.byte()? {
            VERSION => Ok(false),
            SEALED_VERSION => Ok(true),
            other => Err(DecodeError::Version(other)),
        }
    }

    /// The same of an entity, and when it vanishes by itself.
    fn entity_version(&mut self) -> Result<(bool, Option<Timestamp>), DecodeError> {
        let sealed = match self.byte()? {
            VERSION => return Ok((false, None)),
            SEALED_VERSION => return Ok((true, None)),
            EXPIRING_VERSION => false,
            SEALED_EXPIRING_VERSION => true,
            other => return Err(DecodeError::Version(other)),
        };
        Ok((sealed, Some(Timestamp::from_micros(self.signed()?))))
    }

    fn change(
        &mut self,
        (entity, at): (&str, Timestamp),
        opener: Option<&dyn Opener>,
    ) -> Result<AttributeChange, DecodeError> {
        let flags = self.byte()?;
        let kind = match flags & 3 {
            0 => ChangeKind::Created,
            1 => ChangeKind::Updated,
            2 => ChangeKind::Deleted,
            _ => return Err(DecodeError::Tag(flags)),
        };
        let name = self.term()?;
        let dataset_id = if flags & CHANGE_DATASET == 0 { None } else { Some(Iri::trusted(self.text()?)) };
        let spot = Spot { entity, attribute: name.as_str(), base: at };
        let mut side = |present: bool| match opener {
            _ if !present => Ok(None),
            Some(opener) => self.tagged_instance(&spot, opener),
            None => self.instance(at, 0).map(Some),
        };
        let before = side(flags & CHANGE_BEFORE != 0)?;
        let after = side(flags & CHANGE_AFTER != 0)?;
        Ok(AttributeChange { name, dataset_id, kind, before, after })
    }

    fn attributes(&mut self, base: Timestamp, depth: usize) -> Result<Attributes, DecodeError> {
        let length = self.length()?;
        let mut attributes = Vec::with_capacity(length.min(1024));
        for _ in 0..length {
            let name = self.term()?;
            let count = self.length()?;
            let mut instances = Vec::with_capacity(count.min(1024));
            for _ in 0..count {
                instances.push(self.instance(base, depth)?);
            }
            attributes.push((name, instances));
        }
        // They were written in order, so the tree is built without searching.
        Ok(attributes.into_iter().collect())
    }

    pub(super) fn instance(&mut self, base: Timestamp, depth: usize) -> Result<Attribute, DecodeError> {
        if depth > MAX_DEPTH {
            return Err(DecodeError::TooDeep);
        }
        let flags = self.byte()?;
        let (mut created_at, mut modified_at) = (base, base);
        if flags & HAS_TIMES != 0 {
            modified_at = self.before(base)?;
            created_at = self.before(modified_at)?;
        }
        let dataset_id = if flags & HAS_DATASET == 0 { None } else { Some(Iri::trusted(self.text()?)) };
        let observed_at = if flags & HAS_OBSERVED == 0 { None } else { Some(self.before(base)?) };
        let unit_code = if flags & HAS_UNIT == 0 { None } else { Some(self.name_text()?) };
        let value = self.value(flags & KIND, depth)?;
        let mut sub =
            if flags & HAS_SUB == 0 { Attributes::new() } else { self.attributes(base, depth + 1)? };
        let expires_at = if sub.is_empty() { None } else { sub.remove(EXPIRES_AT) };
        let expires_at = expires_at.map(|at| expiry(&at)).transpose()?;
        Ok(Attribute { value, dataset_id, observed_at, unit_code, created_at, modified_at, expires_at, sub })
    }

    fn value(&mut self, kind: u8, depth: usize) -> Result<Value, DecodeError> {
        Ok(match kind {
            0 => Value::Property(self.json(depth)?),
            1 => Value::Relationship {
                object: self.one_or_many(|text| Iri::trusted(text))?,
                object_type: self.terms()?,
            },
            2 => Value::Geo(self.geometry(depth)?),
            3 => Value::Language(self.language()?),
            4 => Value::Vocab(self.one_or_many(|text| Term::new(text))?),
            5 => Value::Json(self.json(depth)?),
            6 => {
                let length = self.length()?;
                Value::List((0..length).map(|_| self.json(depth + 1)).collect::<Result<_, _>>()?)
            }
            _ => {
                let length = self.length()?;
                let objects = (0..length).map(|_| self.text().map(Iri::trusted)).collect::<Result<_, _>>()?;
                Value::ListRelationship { objects, object_type: self.terms()? }
            }
        })
    }

    fn language(&mut self) -> Result<LanguageText, DecodeError> {
        let length = self.length()?;
        let mut texts = LanguageText::new();
        for _ in 0..length {
            let language = self.text()?.to_owned();
            texts.insert(language, self.one_or_many(str::to_owned)?);
        }
        Ok(texts)
    }

    fn one_or_many<T>(&mut self, item: impl Fn(&str) -> T) -> Result<OneOrMany<T>, DecodeError> {
        let length = self.unsigned()?;
        if length == 0 {
            return Ok(OneOrMany::One(item(self.text()?)));
        }
        let items = (1..length).map(|_| self.text().map(&item)).collect::<Result<_, _>>()?;
        Ok(OneOrMany::Many(items))
    }

    fn geometry(&mut self, depth: usize) -> Result<GeoValue, DecodeError> {
        match self.byte()? {
            0 => Ok(GeoValue::trusted(self.json(depth)?)),
            1 => {
                let (lon, lat) = (self.number()?, self.number()?);
                Ok(GeoValue::trusted(json!({"type": "Point", "coordinates": [lon, lat]})))
            }
            other => Err(DecodeError::Tag(other)),
        }
    }
}
