//! The list of administrative procedures: checked and imported by command, found through the API.

use anyhow::ensure;
use dinh_e2e::{Test, run};
use serde_json::{Value, json};

/// The packs that ship: the list stands on their types and life events.
const PACKS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../packs");

fn record(code: &str, name: &str) -> Value {
    json!({
        "MATTHC": code, "TENTTHC": name, "SOQUYETDINH": "163/QĐ-BTP",
        "LINHVUCTHUCHIEN": [{"MALINHVUC": "HT", "TENLINHVUC": "Hộ tịch"}],
        "COQUANTHUCHIEN": [{"MADONVI": "1", "TENDONVI": "Ủy ban nhân dân xã"}],
        "CACHTHUCTHUCHIEN": [{"KENH": 1, "THOIGIAN": [{"THOIGIANGIAIQUYET": 1, "DONVITINH": "Ngày làm việc"}]}],
    })
}

#[tokio::test]
async fn records_are_checked_and_imported_and_a_change_becomes_an_edition() -> Test {
    let folder = tempfile::tempdir()?;
    let write = |name: &str, records: Value| {
        std::fs::write(folder.path().join(name), json!({ "result": records }).to_string())
    };
    write(
        "first.json",
        json!([record("1.000001", "Đăng ký khai sinh"), record("1.000002", "Đăng ký kết hôn")]),
    )?;
    let checked = run(folder.path(), ["procedures", "check", "first.json"]).await?.succeeded()?.out;
    ensure!(checked.contains("2 procedures can be read; 0 records are refused"), "{checked}");

    let import = |file: &'static str, taken: &'static str| {
        let arguments = ["procedures", "import", file, "--data", "data", "--tenant", "hue", "--taken", taken];
        let arguments = arguments.into_iter().chain(["--packs", PACKS]);
        run(folder.path(), arguments)
    };
    let told = import("first.json", "2026-07-31").await?.succeeded()?.out;
    ensure!(told.contains("hue: 2 new, 0 changed"), "{told}");
    let told = import("first.json", "2026-08-31").await?.succeeded()?.out;
    ensure!(told.contains("0 new, 0 changed, 0 read anew, 2 unchanged"), "{told}");

    write(
        "second.json",
        json!([record("1.000001", "Đăng ký khai sinh cho trẻ em"), {"MATTHC": "x", "TENTTHC": "y"}]),
    )?;
    let told = import("second.json", "2026-11-20").await?;
    ensure!(told.out.contains("hue: 0 new, 1 changed"), "{}", told.out);
    ensure!(told.out.contains("✗ 2 (x): MATTHC:"), "{}", told.out);
    ensure!(told.status == Some(2), "some records were refused: {:?}", told.status);

    let exported =
        run(folder.path(), ["export", "--data", "data", "--tenant", "hue", "--packs", PACKS]).await?;
    let exported = exported.succeeded()?.out;
    let editions = exported.lines().filter(|line| line.contains("\"ProcedureEdition\"")).count();
    ensure!(editions == 3, "{editions} editions:\n{exported}");
    Ok(())
}

#[tokio::test]
async fn a_file_that_is_no_list_is_refused_with_its_reason() -> Test {
    let folder = tempfile::tempdir()?;
    std::fs::write(folder.path().join("none.json"), "[1, ")?;
    let refused = run(folder.path(), ["procedures", "check", "none.json"]).await?.refused()?;
    ensure!(refused.err.contains("neither JSON nor lines of JSON"), "{}", refused.err);
    let refused = run(folder.path(), ["procedures", "check", "missing.json"]).await?.refused()?;
    ensure!(refused.err.contains("missing.json"), "{}", refused.err);
    Ok(())
}
