//! Results are drawn up: each gets its number, its file and its entity, in the commit of the step that asks for it.

use std::collections::BTreeMap;
use std::sync::Arc;

use dinh_calendar::official_day;
use dinh_cases::{KindResult, Number, Scope};
use dinh_context::fields::Fields;
use dinh_context::graph::Op;
use dinh_context::{NewFile, Session};
use dinh_documents::{Code, Digest, Laid, Sheet, Standing};
use dinh_model::{Attribute, Entity, EntityId, OneOrMany, Tenant, Value};
use serde_json::json;

use super::super::Casework;
use super::super::commit::Going;
use super::super::locker::DOCUMENT;
use super::head::Agency;
use super::sign::ByHand;
use super::values::{Source, check};
use crate::{Dossier, Error};

/// Kind of the records that keep the last number of what is counted.
const COUNTER: &str = "document-number";

/// The numbers that are given in one commit.
#[derive(Default)]
pub(super) struct Serials(BTreeMap<String, u64>);

/// A result with what it is drawn up from and where it is to stand.
pub(super) struct Wanted<'a> {
    pub(super) dossier: &'a Dossier,
    pub(super) result: &'a KindResult,
    pub(super) agency: &'a Agency,
    pub(super) standing: Standing,
    /// The one whose place it takes.
    pub(super) replaces: Option<&'a EntityId>,
    /// That it was signed by hand, on paper.
    pub(super) by_hand: Option<&'a ByHand>,
}

impl Casework {
    /// The operations that draw up the results of a case that have a template. `numbering` is held until they are durable. What
    /// is to hold at once and must be signed says who signed it by hand.
    ///
    /// # Errors
    /// [`Error::Unsigned`] if nobody did.
    pub(in crate::facade) async fn drawn_up(
        &self,
        tenant: &Tenant,
        going: &Going<'_>,
        standing: Standing,
        by_hand: Option<&ByHand>,
    ) -> Result<Vec<Op>, Error> {
        let dossier = self.whole(tenant, going.id).await?;
        let case = &going.moved.case;
        let agency = self.agency(tenant, &EntityId::trusted(case.competent.as_str())).await?;
        let filed = Scope::of_filing(&case.answers, case.channel, case.opened);
        let (mut ops, mut serials) = (Vec::new(), Serials::default());
        for result in going.kind.brings(&filed).filter(|result| result.template.is_some()) {
            let wanted =
                Wanted { dossier: &dossier, result, agency: &agency, standing, replaces: None, by_hand };
            if let (Standing::Valid, None, Some(signer)) = (standing, by_hand, result.signatures.first()) {
                return Err(Error::Unsigned { serial: result.title.vi.clone(), signer: *signer });
            }
            let (_, drawn) = self.draw_up_one(tenant, going, &wanted, &mut serials).await?;
            ops.extend(drawn);
        }
        ops.extend(serials.written());
        Ok(ops)
    }

    /// The operations that draw up one result, and its name.
    pub(super) async fn draw_up_one(
        &self,
        tenant: &Tenant,
        going: &Going<'_>,
        wanted: &Wanted<'_>,
        serials: &mut Serials,
    ) -> Result<(EntityId, Vec<Op>), Error> {
        let own = self.own(tenant);
        let (case, result, day) = (&going.moved.case, wanted.result, official_day(going.now.to_jiff()));
        let (Some(template), Some(pattern)) = (&result.template, &result.number) else {
            return Err(Error::NoKind(format!("{} without a template", result.code)));
        };
        let unit = EntityId::trusted(case.competent.as_str());
        let serial = self.serial(&own, (&unit, pattern, &going.kind.code), day, serials).await?;
        let id =
            EntityId::trusted(format!("urn:ngsi-ld:{DOCUMENT}:{}", self.0.context.ids().uuid().simple()));
        let code = Code::of(self.0.context.ids().uuid().as_bytes());
        let until = self.until(result, going);
        let source = Source {
            kind: going.kind,
            case,
            applicant: wanted.dossier.applicant.as_ref(),
            name: &wanted.dossier.applicant_name,
            result,
            agency: wanted.agency,
            number: &serial,
            day,
            until,
        };
        let data =
            self.values_of(&own, &source, check(&code, &self.check_address(tenant, code.as_str()))).await;
        let title = format!("{} {serial}", result.title.vi);
        let sheet = Sheet {
            template: template.clone(),
            data,
            title: title.clone(),
            language: "vi",
            at: going.now.to_jiff(),
            ident: id.to_string(),
        };
        let Laid { pdf, spot } = self.lay(sheet).await?;
        let digest = Digest::of(&pdf).to_string();
        let issued = wanted.standing == Standing::Valid;
        let subject = wanted.dossier.applicant.as_ref().and_then(|applicant| applicant.subject.clone());
        let file = file_of(&title, (&id, &unit), subject.clone().filter(|_| issued));
        let (file, keep) = own.keep_file(file, pdf).await?;
        let fields = Fields::new(self.names(), going.now)
            .with("documentKind", result.document.as_str())
            .maybe("number", case.number.as_deref())
            .to("issuedBy", &unit)
            .maybe("validUntil", until.map(|day| day.to_string()))
            .to("dossier", going.id)
            .with("template", template.as_str())
            .with("serialNumber", serial)
            .with("numberedAt", going.now.to_string())
            .with("checkCode", code.as_str())
            .with("digests", json!([digest]))
            .maybe("signatureSpot", spot.map(|spot| json!(spot)))
            .maybe("signaturesDemanded", (!result.signatures.is_empty()).then(|| json!(result.signatures)))
            .maybe(
                "signedByHand",
                wanted.by_hand.filter(|_| !result.signatures.is_empty()).map(|hand| json!(hand)),
            )
            .to("file", &file)
            .to_each("replaces", wanted.replaces.cloned().as_slice())
            .with("standing", wanted.standing.name());
        // What was not issued is nobody's yet, so that nobody finds it in their locker.
        let fields = if issued { self.owned(fields, wanted.dossier) } else { fields };
        Ok((id.clone(), vec![keep, self.created(id, result, fields, going.now)]))
    }

    /// The attributes of what was issued to somebody.
    pub(super) fn owned(&self, fields: Fields, dossier: &Dossier) -> Fields {
        let subject = dossier.applicant.as_ref().and_then(|applicant| applicant.subject.clone());
        let now = self.now();
        fields
            .to_each("owner", subject.as_slice())
            .maybe("account", dossier.account.as_deref())
            .with("issuedAt", now.to_string())
    }

    fn created(&self, id: EntityId, result: &KindResult, fields: Fields, now: dinh_model::Timestamp) -> Op {
        let mut entity = Entity::new(id, self.names().of(DOCUMENT), now);
        entity.attributes = fields.attributes;
        let said = |text: &String| OneOrMany::One(text.clone());
        let title = [("vi".to_owned(), said(&result.title.vi)), ("en".to_owned(), said(&result.title.en))];
        let title = Attribute::new(Value::Language(title.into_iter().collect()), now);
        entity.set(self.names().of("title"), title);
        Op::Create(Arc::new(entity))
    }

    /// The next number of a kind of document, in its unit and year.
    async fn serial(
        &self,
        own: &Session,
        (unit, pattern, kind): (&EntityId, &Number, &str),
        day: jiff::civil::Date,
        serials: &mut Serials,
    ) -> Result<String, Error> {
        let code = self.code_of(own, unit).await?;
        let number = pattern.on(&code, kind, day);
        let key = format!("{} {code} {}", day.year(), number.key);
        let last = if let Some(last) = serials.0.get(&key) {
            *last
        } else {
            let record = own.record(COUNTER, &key).await?;
            record.and_then(|record| record.body["last"].as_u64()).unwrap_or_default()
        };
        serials.0.insert(key, last + 1);
        Ok(number.with(last + 1))
    }
}

impl Serials {
    /// The operations that remember them.
    pub(super) fn written(self) -> impl Iterator<Item = Op> {
        let put = |(key, last)| Op::PutRecord { kind: COUNTER.to_owned(), key, body: json!({"last": last}) };
        self.0.into_iter().map(put)
    }
}

/// The file of a document.
pub(super) fn file_of(
    title: &str,
    (about, unit): (&EntityId, &EntityId),
    owner: Option<EntityId>,
) -> NewFile {
    let name: String = title.chars().map(|c| if c == '/' || c == '\\' { '-' } else { c }).take(200).collect();
    NewFile {
        name: format!("{name}.pdf"),
        media_type: "application/pdf".to_owned(),
        owner,
        unit: Some(unit.clone()),
        about: Some(about.clone()),
    }
}
