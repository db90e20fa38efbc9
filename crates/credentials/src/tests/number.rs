//! Numbers and printed QRs of civil servants' cards.

use jiff::civil::date;

use crate::layout::{Field, LONGEST, Layout, LayoutFault, Values};
use crate::number::{CardNumber, Named, NumberFault, TypeCode};

fn types() -> Vec<TypeCode> {
    let from = |code: &str, valid_to| TypeCode {
        code: code.to_owned(),
        title: Named::default(),
        valid_from: date(2023, 10, 25),
        valid_to,
    };
    vec![from("CB", None), from("CC", None), from("XA0", Some(date(2025, 6, 30)))]
}

#[test]
fn a_number_has_three_parts() {
    let day = date(2026, 11, 21);
    let number = CardNumber::read("H36.12.079200000123.CC", &types(), day).unwrap();
    assert_eq!((number.agency(), number.code()), ("H36.12", "CC"));
    assert_eq!(number.to_string(), "H36.12.079200000123.CC");
    for (wrong, fault) in [
        ("H36", NumberFault::Parts),
        ("36.079200000123.CC", NumberFault::Agency("36".to_owned())),
        ("H36.1.2.3.4.079200000123.CC", NumberFault::Agency("H36.1.2.3.4".to_owned())),
        ("H36.07920000012.CC", NumberFault::Person),
        ("H36.079200000123.ZZ", NumberFault::Type("ZZ".to_owned())),
        ("H36.079200000123.XA0", NumberFault::Type("XA0".to_owned())),
    ] {
        assert_eq!(CardNumber::read(wrong, &types(), day), Err(fault), "{wrong}");
    }
    assert!(CardNumber::read("H36.079200000123.XA0", &types(), date(2025, 6, 30)).is_ok());
}

fn layout() -> Layout {
    let fields = vec![Field::Random, Field::Number, Field::Name, Field::Unit, Field::Position, Field::Issued];
    Layout { valid_from: date(2023, 10, 25), fields, confirmed: false }
}

fn values() -> Values<'static> {
    Values {
        random: "7K2Q",
        number: "H36.12.079200000123.CC",
        name: "Nguyễn Thị Phương Thảo",
        unit: "Sở Nông nghiệp và Môi trường",
        position: "Phó Trưởng phòng",
        issued: date(2026, 11, 21),
    }
}

#[test]
fn the_printed_qr_keeps_its_bound() {
    let text = layout().write(&values()).unwrap();
    assert_eq!(
        text,
        "7K2Q|H36.12.079200000123.CC|Nguyễn Thị Phương Thảo|Sở Nông nghiệp và Môi trường|Phó Trưởng phòng|21112026"
    );
    let long = "Trung tâm Kiểm soát bệnh tật và Phòng chống dịch tỉnh".repeat(2);
    let text = layout().write(&Values { unit: &long, ..values() }).unwrap();
    assert!(text.chars().count() <= LONGEST && text.contains("||Phó Trưởng phòng|"), "{text}");
    let name = "A".repeat(200);
    assert!(matches!(layout().write(&Values { name: &name, ..values() }), Err(LayoutFault::TooLong(_))));
    assert_eq!(layout().write(&Values { random: "12345", ..values() }), Err(LayoutFault::Random));
    assert_eq!(layout().write(&Values { name: "a|b", ..values() }), Err(LayoutFault::Separator(Field::Name)));
}
