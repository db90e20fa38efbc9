//! What is known already of whoever files, with where it comes from: their own entity of the graph, the organisation for which
//! they act, their earlier dossiers, their account. Nobody says again what the province holds (Decree 118/2025/NĐ-CP).

use dinh_access::{Principal, Purpose};
use dinh_cases::Kind;
use dinh_casework::Earlier;
use dinh_context::fields::{Names, Reading};
use dinh_forms::{
    Answers, Context, Field, Form, Kind as Asks, Marks, NoUnits, Path, Source, Units, at, kept,
};
use dinh_model::fold::fold;
use dinh_model::{Entity, EntityId};
use serde_json::{Map, Value, json};

use super::{Draft, of_today, on};
use crate::pages::visitor::Visitor;

/// Why somebody's own entity is opened, for the audit.
const REASON: &str = "Điền sẵn tờ khai bằng dữ liệu của chính mình (fill in what is known)";
/// Most persons and organisations for whom somebody may choose to file.
const MOST_FOR: usize = 20;

/// Values by the keys that fields of forms name (`x-dinh.prefill`), from one source.
pub(in crate::pages::cases) struct Known {
    source: Source,
    values: Map<String, Value>,
}

/// A person or organisation for whom somebody may file.
pub(in crate::pages::cases) struct For {
    pub(in crate::pages::cases) id: String,
    pub(in crate::pages::cases) name: String,
    pub(in crate::pages::cases) organisation: bool,
}

/// For whom the visitor may file: themselves first, then those they represent.
pub(in crate::pages::cases) async fn filing_for(visitor: &Visitor) -> Vec<For> {
    let Principal::Account(account) = visitor.session.principal() else { return Vec::new() };
    let own = visitor.guest.present.as_ref().and_then(|present| present.account().subject.clone());
    let mut found = Vec::new();
    for id in account.subjects.iter().take(MOST_FOR) {
        let Some(entity) = entity(visitor, id).await else { continue };
        let name = visitor.name_of(&entity);
        let organisation = is_organisation(&entity);
        found.push(For { id: id.to_string(), name, organisation });
    }
    found.sort_by_key(|one| (own.as_ref().is_none_or(|own| own.as_str() != one.id), one.name.clone()));
    found
}

/// All that is known of somebody, or of an organisation and of who acts for it; what is surest first.
async fn known(visitor: &Visitor, of: Option<&str>, units: &dyn Units) -> Vec<Known> {
    let mut all = Vec::new();
    let own = visitor.guest.present.as_ref().and_then(|present| present.account().subject.clone());
    let ids = [of.map(str::to_owned), own.map(|own| own.as_str().to_owned())];
    let [first, second] = ids;
    let second = second.filter(|own| first.as_ref() != Some(own));
    for id in [first, second].into_iter().flatten() {
        let Some(entity) = entity(visitor, &id).await else { continue };
        let values = if is_organisation(&entity) {
            organisation(visitor, &entity, units)
        } else {
            person(&entity, units)
        };
        all.push(Known { source: Source::Graph(id), values });
    }
    let earlier = visitor.app.casework.earlier(&visitor.session).await.unwrap_or_default();
    all.extend(earlier.iter().filter_map(|one| from_dossier(visitor, one, of)));
    all.extend(account(visitor));
    all
}

/// Fills the form of a kind from what is known of whoever files and for whom, and marks what is still as it was filled in.
/// `anew` says that the page is shown for the first time, or for somebody else than before (`was`): what was filled in from what
/// was known of them makes room.
pub(in crate::pages::cases) async fn fill(
    visitor: &Visitor,
    kind: &Kind,
    draft: &mut Draft,
    (anew, was): (bool, Option<&str>),
) -> Vec<Known> {
    let register = visitor.session.units().await.ok();
    let units: &dyn Units = register.as_deref().map_or(&NoUnits, |register| register);
    let of = draft.maybe("for");
    let now = known(visitor, of.as_deref(), units).await;
    let Some(form) = of_today(visitor, kind) else { return now };
    let context = Context { today: visitor.app.privacy.today(), units, files: &draft.tried };
    let (full, marks) = filled(&form, &Answers::new(), &now, &context);
    if anew {
        let mut answers = draft.filled.answers.clone();
        if let Some(was) = was {
            let before = known(visitor, Some(was), units).await;
            let (old, marked) = filled(&form, &Answers::new(), &before, &context);
            for path in kept(&marked, &old, &answers).keys() {
                remove(&mut answers, path);
            }
        }
        draft.filled.answers = filled(&form, &answers, &now, &context).0;
    }
    draft.marks = kept(&marks, &full, &draft.filled.answers);
    now
}

/// Takes an answer away, by its path of names.
fn remove(answers: &mut Answers, path: &str) {
    match path.split_once('.') {
        None => drop(answers.shift_remove(path)),
        Some((first, rest)) => {
            if let Some(Value::Object(inner)) = answers.get_mut(first) {
                remove(inner, rest);
            }
        }
    }
}

/// Fills what is not answered yet, from all that is known, and marks it.
fn filled(form: &Form, answers: &Answers, known: &[Known], context: &Context<'_>) -> (Answers, Marks) {
    let (mut answers, mut marks) = (answers.clone(), Marks::new());
    for one in known {
        let (more, marked) = form.prefill(&answers, &one.values, &one.source, context);
        answers = more;
        marks.extend(marked);
    }
    (answers, marks)
}

/// The first value of a key, with where it comes from.
pub(in crate::pages::cases) fn first<'k>(known: &'k [Known], keys: &[&str]) -> Option<(&'k str, &'k Source)> {
    let find = |key: &&str| known.iter().find_map(|one| Some((one.values.get(*key)?.as_str()?, &one.source)));
    keys.iter().find_map(find)
}

/// An entity that is one's own or of somebody one represents, as it is.
async fn entity(visitor: &Visitor, id: &str) -> Option<Entity> {
    let id = EntityId::parse(id).ok()?;
    let session = visitor.session.clone().with_purpose(Purpose::OwnData);
    let open = session.clone().revealing(REASON).unwrap_or(session);
    let found = open.find(&id).await.ok()??;
    Some((*found.entity).clone())
}

fn is_organisation(entity: &Entity) -> bool {
    entity.types.contains(&Names::default().of("Organization"))
}

fn person(entity: &Entity, units: &dyn Units) -> Map<String, Value> {
    let names = Names::default();
    let from = Reading { names: &names, entity };
    let text = |name: &str| from.open_text(name);
    let nationality = text("nationality").filter(|code| code == "VN").map(|_| "Việt Nam".to_owned());
    let mut known = Map::new();
    for (key, value) in [
        ("person.name", text("name")),
        ("person.birthDate", text("birthDate")),
        ("person.personalId", text("personalId")),
        ("person.sex", text("gender")),
        ("person.nationality", nationality),
        ("person.telephone", text("telephone").map(|number| national(&number))),
        ("person.email", text("email")),
    ] {
        known.extend(value.map(|value| (key.to_owned(), Value::String(value))));
    }
    known.extend(address(&from, units).map(|value| ("person.address".to_owned(), value)));
    known.extend(place(&from, units).map(|value| ("person.place".to_owned(), value)));
    known
}

fn organisation(visitor: &Visitor, entity: &Entity, units: &dyn Units) -> Map<String, Value> {
    let names = Names::default();
    let from = Reading { names: &names, entity };
    let text = |name: &str| from.open_text(name);
    let mut known = Map::new();
    for (key, value) in [
        ("organisation.name", Some(visitor.name_of(entity))),
        ("organisation.taxCode", text("enterpriseCode")),
        ("organisation.telephone", text("telephone").map(|number| national(&number))),
        ("organisation.email", text("email")),
    ] {
        known.extend(value.map(|value| (key.to_owned(), Value::String(value))));
    }
    known.extend(address(&from, units).map(|value| ("organisation.address".to_owned(), value)));
    known.extend(place(&from, units).map(|value| ("organisation.place".to_owned(), value)));
    known
}

/// An address in words.
fn place(from: &Reading<'_>, units: &dyn Units) -> Option<Value> {
    let commune = from.object("commune").and_then(|id| units.find(id.as_str()));
    let province = commune.as_ref().and_then(|commune| units.find(commune.province.as_deref()?));
    let parts = [from.open_text("address"), commune.map(|one| one.name), province.map(|one| one.name)];
    let words = parts.into_iter().flatten().collect::<Vec<_>>().join(", ");
    (!words.is_empty()).then_some(Value::String(words))
}

/// An address as forms take it; none where the commune is not known: words alone do not say in which one it is.
fn address(from: &Reading<'_>, units: &dyn Units) -> Option<Value> {
    let commune = from.object("commune")?;
    let province = units.find(commune.as_str())?.province?;
    let mut address = json!({"province": province, "commune": commune.as_str()});
    if let Some(detail) = from.open_text("address") {
        address["detail"] = detail.into();
    }
    Some(address)
}

/// A telephone number as people write it here.
fn national(number: &str) -> String {
    number.strip_prefix("+84").map_or_else(|| number.to_owned(), |rest| format!("0{rest}"))
}

fn account(visitor: &Visitor) -> Option<Known> {
    let account = visitor.guest.present.as_ref()?.account();
    let mut values = Map::new();
    values.insert("person.name".to_owned(), account.name.clone().into());
    for (key, address) in [("person.email", &account.email), ("person.telephone", &account.phone)] {
        let text = address.as_ref().map(|address| national(address.text.as_str()));
        values.extend(text.map(|text| (key.to_owned(), Value::String(text))));
    }
    Some(Known { source: Source::Account, values })
}

/// What an earlier dossier says under the keys that the fields of its form name. Of a dossier of somebody else it is only what
/// says nothing of who applied.
fn from_dossier(visitor: &Visitor, earlier: &Earlier, of: Option<&str>) -> Option<Known> {
    let kind: &Kind = visitor.app.casework.book().version(&earlier.kind.0, earlier.kind.1)?;
    let opened = dinh_calendar::official_day(earlier.opened.to_jiff());
    let form = on(visitor, kind, opened)?;
    let same = earlier.subject.as_ref().map(EntityId::as_str) == of;
    let mut values = Map::new();
    collect(&form.fields, &Path::default(), &earlier.answers, &mut values);
    // Somebody files for their mother as well: what is said of another person is not taken for themselves.
    let own = visitor.guest.present.as_ref().map(|present| fold(&present.account().name));
    let named = values.get("person.name").and_then(Value::as_str).map(fold);
    let themselves = named.is_none() || named == own;
    values.retain(|key, _| {
        (same || !key.starts_with("organisation.")) && (themselves || !key.starts_with("person."))
    });
    let number = earlier.number.clone().unwrap_or_default();
    (!values.is_empty()).then_some(Known { source: Source::Dossier(number), values })
}

fn collect(fields: &[Field], before: &Path, answers: &Answers, found: &mut Map<String, Value>) {
    for field in fields {
        let path = before.join(&field.name);
        match (&field.prefill, at(answers, &path), &field.kind) {
            (_, _, Asks::Table { .. } | Asks::Computed { .. } | Asks::Consent) => {}
            (Some(key), Some(value), kind) if kind.fields().is_empty() || key.ends_with(".address") => {
                found.entry(key.as_str()).or_insert_with(|| value.clone());
            }
            (_, _, kind) => collect(kind.fields(), &path, answers, found),
        }
    }
}
