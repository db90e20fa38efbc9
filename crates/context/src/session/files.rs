//! Files: an entity of the type `File` for each, and its content sealed beside the graph.

use std::sync::Arc;

use dinh_access::{Action, Denied, Grant, Privacy, Read};
use dinh_model::{Attribute, Entity, EntityId, Iri, OneOrMany, Term, Value};
use dinh_ngsild::context::Context as LdContext;
use dinh_store::{Act, Check, Note, Op, OpError, Store};
use serde_json::Value as Json;
use sha2::{Digest as _, Sha256};

use super::Session;
use crate::{Context, Error};

/// Most characters of the name of a file.
const MAX_NAME: usize = 255;

/// A file to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFile {
    /// What people call it: 1 to 255 characters, without a path.
    pub name: String,
    /// Its media type in small letters, such as `application/pdf`. Whoever takes files in has made sure of it.
    pub media_type: String,
    /// Whose it is: a person or an enterprise.
    pub owner: Option<EntityId>,
    /// The unit in charge of it.
    pub unit: Option<EntityId>,
    /// What it is attached to.
    pub about: Option<EntityId>,
}

/// A file as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// What people call it.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// SHA-256 of its content, in hexadecimal digits.
    pub sha256: String,
    /// Its content.
    pub content: Vec<u8>,
}

/// Names of the type and of its attributes.
struct Terms(LdContext);

impl Terms {
    fn of(&self, name: &str) -> Term {
        self.0.expand(name)
    }

    fn text(&self, entity: &Entity, name: &str) -> Option<String> {
        Some(entity.attributes.get(&self.of(name))?.first()?.text()?.to_owned())
    }
}

impl Session {
    /// Largest content of a file, in bytes: 20 MiB.
    pub const MAX_FILE: usize = Store::MAX_BLOB;

    /// Keeps a file: seals its content, durably, and creates the entity of the type `File` that names it.
    ///
    /// # Errors
    /// [`Error::File`] for a name that is none, [`Error::Store`] beyond [`Session::MAX_FILE`], [`Error::Op`] for what
    /// this session may not write or the type does not allow; then nothing is kept.
    pub async fn put_file(&self, file: NewFile, content: Vec<u8>) -> Result<EntityId, Error> {
        let (id, create) = self.keep_file(file, content).await?;
        self.apply(create).await?;
        Ok(id)
    }

    /// Seals the content of a file, durably, and answers with the operation that creates its entity: for a commit that has
    /// more in it. Without that commit nothing names the content.
    ///
    /// # Errors
    /// As [`Session::put_file`].
    pub async fn keep_file(&self, file: NewFile, content: Vec<u8>) -> Result<(EntityId, Op), Error> {
        check_name(&file.name)?;
        let grant = self.writing()?;
        let mut entity = self.file_entity(file, &content);
        let refused = |error: &dyn std::fmt::Display| Error::Op(OpError::Denied(error.to_string()));
        let names = entity.attributes.keys().cloned();
        grant.reach().check(None, Some(&entity), &names).map_err(|error| refused(&error))?;
        let store = self.context().store();
        let blob = store.put_blob(&grant, Arc::new(entity.clone()), content).await?;
        let at = entity.created_at;
        entity.set(terms().of("blob"), Attribute::new(Value::Property(blob.into()), at));
        Ok((entity.id.clone(), Op::Create(Arc::new(entity))))
    }

    /// A file with its content, for a session that sees it unmasked ([`Session::revealing`]). That it was opened is in
    /// the audit before it is shown.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none to be seen, [`Error::Denied`] if it is seen masked only.
    pub async fn file(&self, id: &EntityId) -> Result<File, Error> {
        let reading = self.seeing()?;
        let missing = || Error::NotFound(id.clone());
        let store = self.context().store();
        let entity = store.entity(&reading, id).await?.ok_or_else(missing)?.entity;
        let terms = terms();
        if !entity.types.contains(&terms.of("File")) {
            return Err(missing());
        }
        let blob = terms.text(&entity, "blob").unwrap_or_default();
        let is_name = blob.len() == 32 && blob.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !is_name {
            let (principal, purpose) = (self.principal.clone(), self.purpose);
            return Err(Denied::NotPermitted { principal, action: Action::Reveal, purpose }.into());
        }
        self.note_opened(&entity, &terms).await?;
        let content = content(self.context(), &reading, id, &blob).await?.ok_or_else(missing)?;
        let text = |name| terms.text(&entity, name).unwrap_or_default();
        Ok(File { name: text("name"), media_type: text("mediaType"), sha256: text("sha256"), content })
    }

    fn file_entity(&self, file: NewFile, content: &[u8]) -> Entity {
        let terms = terms();
        let now = self.context().clock().now();
        let id = EntityId::trusted(format!("urn:ngsi-ld:File:{}", self.context().ids().uuid()));
        let mut entity = Entity::new(id, terms.of("File"), now);
        let mut set = |name: &str, value| entity.set(terms.of(name), Attribute::new(value, now));
        set("name", Value::Property(file.name.into()));
        set("mediaType", Value::Property(file.media_type.into()));
        set("byteSize", Value::Property(Json::from(content.len())));
        set("sha256", Value::Property(dinh_store::hex(&Sha256::digest(content)).into()));
        for (name, to) in [("owner", file.owner), ("unit", file.unit), ("about", file.about)] {
            if let Some(to) = to {
                let object = OneOrMany::One(Iri::clone(&to));
                set(name, Value::Relationship { object, object_type: Vec::new() });
            }
        }
        entity
    }

    /// Notes that a file is opened, unless its type is for everybody.
    async fn note_opened(&self, entity: &Entity, terms: &Terms) -> Result<(), Error> {
        let blob = terms.of("blob");
        let privacy = self.context().policy().catalogue().privacy(&entity.types, &blob);
        if privacy == Privacy::Open {
            return Ok(());
        }
        let reason = self.reveal.as_deref().map(str::to_owned);
        let (entities, attributes) = (vec![entity.id.clone()], vec![blob]);
        self.note(Note { entities, attributes, reason, ..Note::of(Act::Reveal) }).await
    }
}

fn terms() -> Terms {
    Terms(LdContext::core())
}

/// What a file is attached to, if the entity is one that is.
pub(crate) fn attached_to(entity: &Entity) -> Option<EntityId> {
    let terms = terms();
    entity.types.contains(&terms.of("File")).then_some(())?;
    match &entity.attributes.get(&terms.of("about"))?.first()?.value {
        Value::Relationship { object: OneOrMany::One(to), .. } => Some(to.clone()),
        _ => None,
    }
}

fn check_name(name: &str) -> Result<(), Error> {
    let length = name.chars().count();
    let proper = (1..=MAX_NAME).contains(&length)
        && name.trim() == name
        && !name.chars().any(|sign| sign.is_control() || matches!(sign, '/' | '\\'));
    if proper { Ok(()) } else { Err(Error::File { most: MAX_NAME }) }
}

async fn content(
    context: &Context,
    reading: &Grant<Read>,
    id: &EntityId,
    blob: &str,
) -> Result<Option<Vec<u8>>, Error> {
    Ok(context.store().blob(reading, id, blob).await?)
}

/// Checks that the content of a file is there and is what the entity says; what is wrong, if something is.
pub(crate) async fn fault(
    context: &Context,
    reading: &Grant<Read>,
    entity: &Entity,
    check: &mut Check,
) -> Result<(), Error> {
    let terms = terms();
    let blob = terms.text(entity, "blob").unwrap_or_default();
    check.checked += 1;
    let fault = match content(context, reading, &entity.id, &blob).await {
        Ok(Some(bytes)) => {
            let digest = dinh_store::hex(&Sha256::digest(&bytes));
            let same = terms.text(entity, "sha256") == Some(digest);
            (!same).then(|| format!("the content of {} is not what its entity says", entity.id))
        }
        Ok(None) => Some(format!("the key of {} is destroyed, but the entity is there", entity.id)),
        Err(Error::Store(error @ dinh_store::Error::Damaged(_))) => Some(error.to_string()),
        Err(other) => return Err(other),
    };
    if let Some(fault) = fault {
        check.fault_count += 1;
        if check.faults.len() < dinh_store::FAULTS_TOLD {
            check.faults.push(fault);
        }
    }
    Ok(())
}
