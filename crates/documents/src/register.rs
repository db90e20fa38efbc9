//! Registers as spreadsheets.

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, XlsxError};
use serde::Serialize;

/// A column of a register.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Column {
    /// What stands above it.
    pub title: String,
    /// How wide it is, in characters.
    pub width: u16,
}

/// A register: what stands above it, its columns and its rows, each as long as there are columns.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Register {
    /// What it is called.
    pub title: String,
    /// Who keeps it.
    pub agency: String,
    /// Over which time it goes.
    pub period: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows. At most [`Register::MOST_ROWS`].
    pub rows: Vec<Vec<String>>,
}

impl Register {
    /// Most rows of one register.
    pub const MOST_ROWS: usize = 10_000;
    /// Name of the template that sets it.
    pub const TEMPLATE: &str = "register";

    /// The register as an Office Open XML workbook. Everything in it is text: nothing that somebody wrote becomes a formula.
    ///
    /// # Errors
    /// The reason, for a text that no cell can hold (32,767 characters).
    pub fn xlsx(&self) -> Result<Vec<u8>, String> {
        self.written().map_err(|error| error.to_string())
    }

    fn written(&self) -> Result<Vec<u8>, XlsxError> {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet();
        let last = u16::try_from(self.columns.len()).unwrap_or(u16::MAX).saturating_sub(1);
        let title = Format::new().set_bold().set_font_size(14).set_align(FormatAlign::Center);
        let quiet = Format::new().set_italic().set_align(FormatAlign::Center);
        let head = Format::new()
            .set_bold()
            .set_text_wrap()
            .set_align(FormatAlign::Center)
            .set_align(FormatAlign::VerticalCenter)
            .set_border(FormatBorder::Thin);
        let cell = Format::new().set_text_wrap().set_align(FormatAlign::Top).set_border(FormatBorder::Thin);
        sheet.set_landscape().set_paper_size(9).set_repeat_rows(3, 3)?.set_print_fit_to_pages(1, 0);
        for (row, text, format) in
            [(0, &self.agency, &quiet), (1, &self.title, &title), (2, &self.period, &quiet)]
        {
            sheet.write_string_with_format(row, 0, text, format)?;
            if last > 0 {
                sheet.merge_range(row, 0, row, last, text, format)?;
            }
        }
        for (at, column) in (0_u16..).zip(&self.columns) {
            sheet.set_column_width(at, f64::from(column.width))?;
            sheet.write_string_with_format(3, at, &column.title, &head)?;
        }
        for (at, row) in (4_u32..).zip(self.rows.iter().take(Self::MOST_ROWS)) {
            for (column, text) in (0_u16..).zip(row) {
                sheet.write_string_with_format(at, column, text, &cell)?;
            }
        }
        sheet.set_freeze_panes(4, 0)?;
        workbook.save_to_buffer()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use calamine::{Data, Reader as _, Xlsx};

    use super::*;

    #[test]
    fn a_register_is_read_again_and_formulas_stay_text() {
        let column = |title: &str| Column { title: title.to_owned(), width: 20 };
        let register = Register {
            title: "Sổ theo dõi hồ sơ".to_owned(),
            agency: "UBND phường Thuận Hóa".to_owned(),
            period: "Tháng 11/2026".to_owned(),
            columns: vec![column("Mã hồ sơ"), column("Người nộp")],
            rows: vec![vec!["H57-261121-0001".to_owned(), "=HYPERLINK(\"http://x\")".to_owned()]],
        };
        let bytes = register.xlsx().expect("is written");
        let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).expect("is a workbook");
        let range = book.worksheet_range("Sheet1").expect("has a sheet");
        let text = |at| range.get_value(at).map(ToString::to_string).unwrap_or_default();
        assert_eq!((text((1, 0)), text((3, 1))), (register.title.clone(), "Người nộp".to_owned()));
        let name = range.get_value((4, 1));
        assert_eq!(name, Some(&Data::String("=HYPERLINK(\"http://x\")".to_owned())));
        let formulas = book.worksheet_formula("Sheet1").expect("can be asked");
        assert!(formulas.used_cells().next().is_none());
    }
}
