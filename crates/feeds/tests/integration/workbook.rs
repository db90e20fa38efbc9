//! A small Excel workbook, written by hand: what the reader must understand, and nothing else.

use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;

/// A sheet `Trạm` with three stations; one has a date, one an error cell.
pub(crate) fn stations() -> Vec<u8> {
    let rows = [
        row(
            1,
            &[text("A", "id"), text("B", "name"), text("C", "lon"), text("D", "lat"), text("E", "opened")],
        ),
        row(
            2,
            &[text("A", "x1"), text("B", "Cửa Việt"), number("C", "107.12"), number("D", "16.87"), date("E")],
        ),
        row(4, &[text("A", "x2"), text("B", "Đông Hà")]),
    ];
    workbook(&rows.concat())
}

type Cell = Box<dyn Fn(u32) -> String>;

fn row(number: u32, cells: &[Cell]) -> String {
    let cells: String = cells.iter().map(|cell| cell(number)).collect();
    format!("<row r=\"{number}\">{cells}</row>")
}

fn text(column: &'static str, text: &'static str) -> Cell {
    Box::new(move |row| format!("<c r=\"{column}{row}\" t=\"inlineStr\"><is><t>{text}</t></is></c>"))
}

fn number(column: &'static str, number: &'static str) -> Cell {
    Box::new(move |row| format!("<c r=\"{column}{row}\"><v>{number}</v></c>"))
}

/// 20 November 2026, 06:00.
fn date(column: &'static str) -> Cell {
    Box::new(move |row| format!("<c r=\"{column}{row}\" s=\"1\"><v>46346.25</v></c>"))
}

/// A workbook with one sheet of these rows.
pub(crate) fn workbook(rows: &str) -> Vec<u8> {
    const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>";
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
    const SHEET: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    let parts = [
        (
            "[Content_Types].xml",
            format!(
                "{XML}<Types xmlns=\"{PACKAGE}/content-types\">\
                 <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
                 <Override PartName=\"/xl/workbook.xml\" ContentType=\"{SHEET}.sheet.main+xml\"/>\
                 <Override PartName=\"/xl/styles.xml\" ContentType=\"{SHEET}.styles+xml\"/>\
                 <Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"{SHEET}.worksheet+xml\"/></Types>"
            ),
        ),
        (
            "_rels/.rels",
            format!(
                "{XML}<Relationships xmlns=\"{PACKAGE}/relationships\"><Relationship Id=\"rId1\" \
                 Type=\"{OFFICE}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "{XML}<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets>\
                 <sheet name=\"Trạm\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "{XML}<Relationships xmlns=\"{PACKAGE}/relationships\">\
                 <Relationship Id=\"rId1\" Type=\"{OFFICE}/worksheet\" Target=\"worksheets/sheet1.xml\"/>\
                 <Relationship Id=\"rId2\" Type=\"{OFFICE}/styles\" Target=\"styles.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/styles.xml",
            format!(
                "{XML}<styleSheet xmlns=\"{MAIN}\"><cellXfs count=\"2\"><xf numFmtId=\"0\"/>\
                 <xf numFmtId=\"22\" applyNumberFormat=\"1\"/></cellXfs></styleSheet>"
            ),
        ),
        (
            "xl/worksheets/sheet1.xml",
            format!("{XML}<worksheet xmlns=\"{MAIN}\"><sheetData>{rows}</sheetData></worksheet>"),
        ),
    ];
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        archive.start_file(name, SimpleFileOptions::default()).unwrap();
        archive.write_all(content.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}
