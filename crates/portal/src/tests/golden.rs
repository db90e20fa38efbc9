use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::{applicant, case, counterpart, dossier, kind};
use crate::message::{self, AT_ONCE, Around, Origin, Paper, progress};

fn around<'a>(
    kind: &'a dinh_cases::Kind,
    units: &'a BTreeMap<String, String>,
    outcomes: &'a [Paper],
) -> Around<'a> {
    Around {
        kind,
        number: "H57.20.01-261123-0001",
        field: Some("Hộ tịch"),
        units,
        due: Some("2026-11-25T11:00:00Z".parse().expect("a moment")),
        origin: Origin::Province,
        tech_id: None,
        outcomes,
    }
}

fn units() -> BTreeMap<String, String> {
    [("urn:ngsi-ld:Unit:phuong-1".to_owned(), "UBND phường Thuận Hoá".to_owned())].into()
}

fn golden(name: &str, is: &Json) {
    let file = format!("{}/src/tests/{name}.json", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("DINH_WRITE_GOLDEN").is_some() {
        std::fs::write(&file, format!("{is:#}\n")).expect("written");
    }
    let kept: Json = serde_json::from_str(&std::fs::read_to_string(&file).expect("the file")).expect("JSON");
    assert_eq!(*is, kept, "{name}: write it anew with DINH_WRITE_GOLDEN=1 if the change is meant");
}

#[test]
fn a_dossier_becomes_the_portals_message() {
    let (kind, units) = (kind(), units());
    let paper =
        Paper { name: "Trích lục".into(), kind: "extract".into(), id: "urn:ngsi-ld:Document:1".into() };
    let papers = [paper];
    let around = around(&kind, &units, &papers);
    let message =
        message::dossier(&dossier(), (&case(), &applicant()), &around, &counterpart("national-portal"));
    golden("dossier", &json!(message.expect("a message")));
}

#[test]
fn another_counterpart_gets_its_own_codes() {
    let (kind, units) = (kind(), units());
    let around = Around { tech_id: Some("T-1"), origin: Origin::Portal, ..around(&kind, &units, &[]) };
    let to = counterpart("ministry-hosted");
    let message = message::dossier(&dossier(), (&case(), &applicant()), &around, &to).expect("a message");
    assert_eq!((message.applicant_kind.as_str(), message.filed_at.as_str()), ("0", "1"));
    assert_eq!((message.others[0].kind.as_str(), message.tech_id.as_str()), ("0", "T-1"));
    let authority = dinh_casework::Applicant { kind: dinh_casework::ApplicantKind::Authority, ..applicant() };
    let fault = message::dossier(&dossier(), (&case(), &authority), &around, &to)
        .expect_err("no code for authorities");
    assert_eq!(fault.field, "LoaiDoiTuong");
    assert!(fault.rule.contains("ministry-hosted"), "{fault}");
}

#[test]
fn steps_become_progress_that_keeps_its_order_and_names_nobody() {
    let (kind, units) = (kind(), units());
    let around = around(&kind, &units, &[]);
    let to = counterpart("national-portal");
    let all = progress(&case(), &around, &to, 0).expect("progress");
    golden("progress", &json!(all));
    assert_eq!(all.iter().map(|step| step.state.as_str()).collect::<Vec<_>>(), ["1", "2", "2", "9", "10"]);
    assert!(all.iter().all(|step| step.by.chars().count() <= 50 && !step.by.contains("acc-1")));
    let rest = progress(&case(), &around, &to, 3).expect("progress");
    assert_eq!(rest, all[3..], "what was told is not told again, and the rest is the same");
    assert!(all.chunks(AT_ONCE).all(|some| some.len() <= 10));
}

#[test]
fn what_has_no_national_procedure_stays_at_home() {
    let units = units();
    let kind = dinh_cases::Kind { procedure: None, ..kind() };
    let around = around(&kind, &units, &[]);
    let fault =
        message::dossier(&dossier(), (&case(), &applicant()), &around, &counterpart("national-portal"));
    assert_eq!(fault.expect_err("is refused").field, "MaTTHC");
}

#[test]
fn what_is_long_is_cut_where_the_contract_says() {
    let (mut kind, units) = (kind(), units());
    kind.title.vi = "Thủ tục ".repeat(300);
    let around = around(&kind, &units, &[]);
    let message =
        message::dossier(&dossier(), (&case(), &applicant()), &around, &counterpart("national-portal"));
    let message = message.expect("a message");
    assert_eq!(message.subject.chars().count(), 1_000);
    assert!(message.subject.ends_with('…'));
}
