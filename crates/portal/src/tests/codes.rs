use super::counterpart;
use crate::codes::{Counterpart, List};

#[test]
fn codes_go_there_and_back() {
    let other = counterpart("ministry-hosted");
    assert_eq!(other.theirs(List::ApplicantKind, "2").unwrap(), "1");
    assert_eq!(other.ours(List::ApplicantKind, "1").unwrap(), "2");
    assert_eq!(other.ours(List::ApplicantKind, "7").unwrap_err().field, "LoaiDoiTuong");
    assert_eq!(
        other.theirs(List::State, "9").unwrap(),
        "9",
        "a list that is not written is the national one"
    );
    assert!(other.theirs(List::Field, "Hộ tịch").is_err(), "names are no codes");
}

#[test]
fn two_states_with_one_code_are_refused() {
    let text = "code = \"x\"\ntitle = { vi = \"x\", en = \"x\" }\npaths = { call = \"g\" }\n[lists.state]\n1 = \"1\"\n2 = \"1\"\n";
    let counterpart: Counterpart = toml::from_str(text).unwrap();
    assert!(counterpart.checked().unwrap_err().contains("lists.state"));
}
