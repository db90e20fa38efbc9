//! What the graph refuses, told to those who mend records, in both languages.

use dinh_context::graph::OpError;
use dinh_context::packs::Titles;
use dinh_context::schema::{EntityType, Registry, Rule};
use dinh_feeds::Words;
use dinh_feeds::mapping::Mapped;
use dinh_feeds::sink::Refusal;
use dinh_model::Timestamp;
use dinh_ngsild::mutation::created_changes;

use super::fragment::whole;

/// Why the graph refuses `fragment`.
///
/// The store hands on the sentence of whoever refused; which rule of which attribute it was is found by asking the
/// types again. Should they find nothing, because the entity has further types than the fragment, the sentence stands.
pub(super) fn refusal(error: &OpError, fragment: &Mapped, types: &Registry, now: Timestamp) -> Refusal {
    match error {
        OpError::Guarded(sentence) => {
            broken_rule(fragment, types, now).unwrap_or_else(|| Refusal::told(sentence))
        }
        OpError::NotFound => Refusal::of(
            "id",
            "missing",
            Words::new(
                format!("chưa có thực thể {}; nguồn này chỉ cập nhật thực thể đã có", fragment.id),
                format!("there is no entity {}; this feed only updates entities that exist", fragment.id),
            ),
        ),
        OpError::TooLarge { found, bound } => Refusal::of(
            "id",
            "length",
            Words::new(
                format!("thực thể chiếm {found} byte, vượt giới hạn {bound} byte"),
                format!("the entity would take {found} bytes; the bound is {bound}"),
            ),
        ),
        other => Refusal::told(other.to_string()),
    }
}

fn broken_rule(fragment: &Mapped, types: &Registry, now: Timestamp) -> Option<Refusal> {
    let entity = whole(fragment, now);
    let changes = created_changes(&entity);
    // A value that is wrong is told before one that is missing: only a new entity must be complete.
    let violation =
        types.check(&entity, &changes, false).and_then(|()| types.check(&entity, &changes, true)).err()?;
    let described = types.of(&entity.types).find(|one| one.name == violation.entity_type)?;
    let name = &violation.attribute;
    let title = described.attributes.iter().find(|one| one.name == *name).map(|one| &one.title);
    let title = |of: fn(&Titles) -> &String| match title.map(of) {
        Some(text) if !text.is_empty() => text.clone(),
        _ => name.clone(),
    };
    let (vi, en) = (title(|t| &t.vi), title(|t| &t.en));
    let broken = phrase(&violation.broken);
    let reason = Words::new(
        format!("“{vi}” {} (quy định của loại {})", broken.vi, type_title(described, |t| &t.vi)),
        format!("{en:?} {} (a rule of the type {})", broken.en, type_title(described, |t| &t.en)),
    );
    Some(Refusal::of(name, violation.broken.word(), reason))
}

fn type_title(described: &EntityType, of: fn(&Titles) -> &String) -> &str {
    let title = of(&described.title);
    if title.is_empty() { &described.name } else { title }
}

fn phrase(rule: &Rule) -> Words {
    match rule {
        Rule::Required => Words::new("là bắt buộc nhưng đang thiếu", "is required and missing"),
        Rule::Kind(kind) => Words::new(
            format!("phải là thuộc tính kiểu {kind}"),
            format!("must be an attribute of kind {kind}"),
        ),
        Rule::Unit(code) => Words::new(
            format!("phải tính theo đơn vị {code} (mã UN/CEFACT)"),
            format!("must be in the unit {code} (UN/CEFACT code)"),
        ),
        Rule::Minimum(limit) => {
            Words::new(format!("không được nhỏ hơn {limit}"), format!("must not be less than {limit}"))
        }
        Rule::Maximum(limit) => {
            Words::new(format!("không được lớn hơn {limit}"), format!("must not be more than {limit}"))
        }
        Rule::Type(kinds) => {
            let join = |words: fn(&str) -> (&'static str, &'static str), other: bool| {
                let all: Vec<&str> =
                    kinds.iter().map(|k| if other { words(k).1 } else { words(k).0 }).collect();
                all.join(if other { " or " } else { " hoặc " })
            };
            Words::new(
                format!("phải là {}", join(json_type, false)),
                format!("must be {}", join(json_type, true)),
            )
        }
        Rule::Enum(options) => {
            let listed = options.join(", ");
            Words::new(
                format!("phải là một trong các giá trị: {listed}"),
                format!("must be one of: {listed}"),
            )
        }
        Rule::Pattern(pattern) => {
            Words::new(format!("không đúng mẫu {pattern}"), format!("does not match {pattern}"))
        }
        Rule::Format(format) => {
            Words::new(format!("không đúng định dạng {format}"), format!("is not of the format {format}"))
        }
        Rule::MinLength(least) => Words::new(
            format!("phải có ít nhất {least} ký tự"),
            format!("must have at least {least} characters"),
        ),
        Rule::MaxLength(most) => Words::new(
            format!("không được dài quá {most} ký tự"),
            format!("must not have more than {most} characters"),
        ),
        Rule::MinItems(least) => {
            Words::new(format!("phải có ít nhất {least} mục"), format!("must have at least {least} items"))
        }
        Rule::MaxItems(most) => {
            Words::new(format!("không được quá {most} mục"), format!("must not have more than {most} items"))
        }
        other => Words::new(
            format!("không đúng quy tắc “{}”", other.word()),
            format!("breaks the rule {:?}", other.word()),
        ),
    }
}

/// A type of JSON, in Vietnamese and in English.
fn json_type(name: &str) -> (&'static str, &'static str) {
    match name {
        "number" => ("số", "a number"),
        "integer" => ("số nguyên", "a whole number"),
        "string" => ("văn bản", "a text"),
        "boolean" => ("giá trị đúng/sai", "true or false"),
        "array" => ("danh sách", "a list"),
        "object" => ("đối tượng", "an object"),
        _ => ("giá trị rỗng", "null"),
    }
}
