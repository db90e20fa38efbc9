use jiff::civil::date;

use crate::{Number, NumberFault};

#[test]
fn a_pattern_gives_numbers_by_unit_and_day() {
    let number: Number = "{unit}-{yyMMdd}-{serial:4}".parse().expect("is a pattern");
    let first = number.on("H44.20", "x", date(2026, 3, 10));
    assert_eq!(first.with(420), "H44.20-260310-0420");
    assert_eq!(first.with(123_456), "H44.20-260310-123456", "no number is cut off");
    assert_eq!(first.key, number.on("H44.20", "y", date(2026, 3, 10)).key);
    for other in [number.on("H44.21", "x", date(2026, 3, 10)), number.on("H44.20", "x", date(2026, 3, 11))] {
        assert_ne!(first.key, other.key);
    }
    let yearly: Number = "{serial}/{yyyy}/{kind}".parse().expect("is a pattern");
    assert_eq!(yearly.on("H1", "giay-phep", date(2026, 12, 31)).with(7), "7/2026/giay-phep");
    assert_eq!(serde_json::to_string(&yearly).expect("is JSON"), "\"{serial}/{yyyy}/{kind}\"");
}

#[test]
fn patterns_that_make_no_sense_are_refused() {
    let fault = |text: &str| text.parse::<Number>().expect_err(text);
    assert_eq!(fault("{unit}"), NumberFault::Serials(0));
    assert_eq!(fault("{serial}{serial:2}"), NumberFault::Serials(2));
    assert_eq!(fault("{serial:0}"), NumberFault::Unknown("serial:0".to_owned()));
    assert_eq!(fault("{yyyyy}-{serial}"), NumberFault::Unknown("yyyyy".to_owned()));
    assert!(matches!(fault("{serial"), NumberFault::Braces(_)));
    assert!(matches!(fault("serial}{serial}"), NumberFault::Braces(_)));
}
