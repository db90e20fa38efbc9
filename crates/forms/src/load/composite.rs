//! Fields that are several: a person, an address, a parcel of land. Their parts are fields like any other.

use super::LoadError;
use super::built::MOST_NUMBER;
use super::raw::RawAsk;
use crate::field::{Bounds, Day, Days, Field, Kind, Need, Options, UnitsOn, What, Words};
use crate::suggest::{ETHNIC_GROUPS, NATIONALITIES};
use crate::text::Text;

/// Parts that a person may have, in the order of official papers.
const PARTS: [&str; 13] = [
    "name",
    "birthDate",
    "sex",
    "ethnicity",
    "nationality",
    "birthPlace",
    "hometown",
    "personalId",
    "oldId",
    "otherId",
    "address",
    "telephone",
    "email",
];

fn part(name: &str, vi: &str, en: &str, kind: Kind) -> Field {
    Field {
        name: name.to_owned(),
        title: Text::new(vi, en),
        hint: None,
        help: None,
        kind,
        need: Need::Optional,
        visible_if: None,
        prefill: None,
    }
}

fn with_hint(mut field: Field, vi: &str, en: &str) -> Field {
    field.hint = Some(Text::new(vi, en));
    field
}

fn line(max: usize, suggest: &[&str]) -> Kind {
    let suggest = suggest.iter().map(|one| (*one).to_owned()).collect();
    Kind::Text(Words { long: false, min: 0, max, pattern: None, suggest })
}

/// A person with the parts that the file names.
pub(super) fn person(at: &str, ask: &RawAsk) -> Result<Kind, LoadError> {
    let named = ask.parts.iter().chain(&ask.required_parts);
    if let Some(other) = named.clone().find(|part| !PARTS.contains(&part.as_str())) {
        let says = format!("x-dinh.parts: {other:?} is no part of a person; there are {}", PARTS.join(", "));
        return Err(LoadError::new(at, says));
    }
    if ask.parts.is_empty() || ask.required_parts.iter().any(|part| !ask.parts.contains(part)) {
        let says = "x-dinh.parts: says what is asked of the person; x-dinh.required_parts: some of them";
        return Err(LoadError::new(at, says));
    }
    let has = |name: &str| ask.parts.iter().any(|part| part == name);
    let sibling = |name: &str| has(name).then(|| name.to_owned());
    let id = Kind::PersonalId { sex: sibling("sex"), born: sibling("birthDate") };
    let fields = PARTS.into_iter().filter(|name| has(name)).map(|name| {
        let mut field = person_part(name, ask.partial, &id);
        if ask.required_parts.iter().any(|part| part == name) {
            field.need = Need::Always;
        }
        field.prefill = ask.prefill.as_ref().map(|from| format!("{from}.{name}"));
        field
    });
    Ok(Kind::Group { what: What::Person, fields: fields.collect() })
}

fn person_part(name: &str, partial: bool, id: &Kind) -> Field {
    match name {
        "name" => with_hint(
            part(name, "Họ, chữ đệm, tên", "Full name", line(120, &[])),
            "Viết đủ và có dấu, như trong giấy tờ. Ví dụ: Nguyễn Thị Hoa",
            "In full and with accents, as in the papers. For example: Nguyễn Thị Hoa",
        ),
        "birthDate" => born(name, partial),
        "sex" => part(name, "Giới tính", "Sex", Kind::Choice(sexes())),
        "ethnicity" => part(name, "Dân tộc", "Ethnicity", line(60, &ETHNIC_GROUPS)),
        "nationality" => part(name, "Quốc tịch", "Nationality", line(60, &NATIONALITIES)),
        "birthPlace" => part(name, "Nơi sinh", "Place of birth", address(UnitsOn::Ever)),
        "hometown" => part(name, "Quê quán", "Ancestral home", address(UnitsOn::Ever)),
        "personalId" => with_hint(
            part(name, "Số định danh cá nhân", "Personal identity number", id.clone()),
            "12 chữ số trên thẻ căn cước",
            "12 digits, on the identity card",
        ),
        "oldId" => with_hint(
            part(name, "Số chứng minh nhân dân", "Old identity card number", Kind::OldId),
            "9 chữ số; chỉ ghi nếu chưa có thẻ căn cước",
            "9 digits; only if there is no identity card with 12 digits",
        ),
        "otherId" => with_hint(
            part(name, "Giấy tờ tùy thân khác", "Other proof of identity", line(160, &[])),
            "Loại giấy tờ, số, nơi cấp, ngày cấp. Ví dụ: hộ chiếu C1234567",
            "Kind of paper, number, issuer, date. For example: passport C1234567",
        ),
        "address" => part(name, "Nơi cư trú", "Residence", address(UnitsOn::Today)),
        "telephone" => part(name, "Số điện thoại", "Telephone", Kind::Telephone),
        _ => part(name, "Thư điện tử", "E-mail", Kind::Email),
    }
}

fn born(name: &str, partial: bool) -> Field {
    let days = Days { earliest: None, latest: Some(Day::Today) };
    let field = part(name, "Ngày, tháng, năm sinh", "Date of birth", Kind::Date(days));
    if !partial {
        return with_hint(field, "Ví dụ: 20/11/1990", "Day, month, year. For example: 20/11/1990");
    }
    let field = Field { kind: Kind::PartialDate(days), ..field };
    with_hint(
        field,
        "Ví dụ: 20/11/1950. Không rõ ngày thì ghi 11/1950 hoặc 1950",
        "For example: 20/11/1950. If the day is not known: 11/1950 or 1950",
    )
}

fn sexes() -> Options {
    let all = [("male", Text::new("Nam", "Male")), ("female", Text::new("Nữ", "Female"))];
    Options { all: all.into_iter().map(|(code, title)| (code.to_owned(), title)).collect(), folded: false }
}

/// An address: a province, a commune of it that is in force on the day, and the rest in words.
pub(super) fn address(on: UnitsOn) -> Kind {
    let required = |field: Field| Field { need: Need::Always, ..field };
    let province = part("province", "Tỉnh, thành phố", "Province or city", Kind::Province(on));
    let commune = Kind::Commune { on, province: "province".to_owned() };
    let commune = part("commune", "Xã, phường, đặc khu", "Commune, ward or special zone", commune);
    let detail =
        part("detail", "Số nhà, đường, thôn, tổ dân phố", "House number, street, hamlet", line(200, &[]));
    Kind::Group { what: What::Address, fields: vec![required(province), required(commune), detail] }
}

/// A parcel of land: sheet of the cadastral map, number of the parcel, its area.
pub(super) fn parcel() -> Kind {
    let number =
        |max| Kind::Integer { bounds: Bounds { min: 1.0, max, digits: 0, unit: None }, money: false };
    let square_metres = Some(Text::new("m²", "m²"));
    let area = Kind::Number(Bounds { min: 0.1, max: MOST_NUMBER.min(1e9), digits: 1, unit: square_metres });
    let required = |field: Field| Field { need: Need::Always, ..field };
    Kind::Group {
        what: What::Parcel,
        fields: vec![
            required(part("sheet", "Tờ bản đồ số", "Map sheet number", number(99_999.0))),
            required(part("number", "Thửa đất số", "Parcel number", number(999_999.0))),
            part("area", "Diện tích", "Area", area),
        ],
    }
}
