//! The table.

use std::io::Write as _;

use anyhow::Result;

/// What a bar asks for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Bar {
    /// At least so much.
    AtLeast(f64),
    /// Less than so much.
    Under(f64),
    /// No bar: a figure worth knowing.
    None,
}

/// One measured figure.
#[derive(Debug)]
pub(crate) struct Row {
    /// What was measured.
    pub(crate) name: String,
    /// The figure.
    pub(crate) measured: f64,
    /// Its unit.
    pub(crate) unit: &'static str,
    /// The limit measured in the same run, and what it is.
    pub(crate) limit: Option<(f64, &'static str)>,
    /// The bar, in the unit of the figure.
    pub(crate) bar: Bar,
    /// For a bar on the ratio to the limit: what share of the limit must be reached.
    pub(crate) least_ratio: Option<f64>,
}

impl Row {
    /// A figure that should stay under a bar.
    pub(crate) fn under(name: impl Into<String>, measured: f64, unit: &'static str, bar: f64) -> Self {
        Self { name: name.into(), measured, unit, limit: None, bar: Bar::Under(bar), least_ratio: None }
    }

    /// A figure without a bar.
    pub(crate) fn figure(name: impl Into<String>, measured: f64, unit: &'static str) -> Self {
        Self { name: name.into(), measured, unit, limit: None, bar: Bar::None, least_ratio: None }
    }

    /// With the limit that was measured beside it.
    pub(crate) fn beside(mut self, limit: f64, what: &'static str) -> Self {
        self.limit = Some((limit, what));
        self
    }

    fn ratio(&self) -> Option<f64> {
        self.limit.map(|(limit, _)| self.measured / limit)
    }

    fn met(&self) -> Option<bool> {
        let absolute = match self.bar {
            Bar::AtLeast(bar) => Some(self.measured >= bar),
            Bar::Under(bar) => Some(self.measured < bar),
            Bar::None => None,
        };
        match (absolute, self.least_ratio) {
            (absolute, Some(least)) => {
                Some(absolute.unwrap_or(true) && self.ratio().is_some_and(|r| r >= least))
            }
            (absolute, None) => absolute,
        }
    }

    fn bar_text(&self) -> String {
        let absolute = match self.bar {
            Bar::AtLeast(bar) => format!("≥ {}", number(bar)),
            Bar::Under(bar) => format!("< {}", number(bar)),
            Bar::None => String::new(),
        };
        match self.least_ratio {
            Some(least) if absolute.is_empty() => format!("ratio ≥ {least}"),
            Some(least) => format!("{absolute}, ratio ≥ {least}"),
            None => absolute,
        }
    }

    fn cells(&self) -> [String; 6] {
        let limit =
            self.limit.map_or_else(String::new, |(limit, what)| format!("{} ({what})", number(limit)));
        let met = match self.met() {
            Some(true) => "yes",
            Some(false) => "NO",
            None => "",
        };
        [
            self.name.clone(),
            format!("{} {}", number(self.measured), self.unit),
            limit,
            self.ratio().map_or_else(String::new, number),
            self.bar_text(),
            met.to_owned(),
        ]
    }
}

/// All figures of a run.
#[derive(Debug)]
pub(crate) struct Report {
    machine: String,
    rows: Vec<Row>,
}

const TITLES: [&str; 6] = ["bar", "measured", "limit in the same run", "ratio", "bar value", "met?"];

impl Report {
    /// An empty report of a machine.
    pub(crate) fn new(machine: String) -> Self {
        Self { machine, rows: Vec::new() }
    }

    /// Adds a figure and tells it at once: a run takes minutes.
    pub(crate) fn add(&mut self, row: Row) {
        let [name, measured, ..] = row.cells();
        say(&format!("  {name}: {measured}"));
        self.rows.push(row);
    }

    /// Whether every bar that was measured is met.
    pub(crate) fn all_met(&self) -> bool {
        self.rows.iter().all(|row| row.met() != Some(false))
    }

    /// Prints the table, as Markdown.
    pub(crate) fn print(&self) -> Result<()> {
        let cells: Vec<[String; 6]> = self.rows.iter().map(Row::cells).collect();
        let mut widths = TITLES.map(|title| title.chars().count());
        for row in &cells {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.chars().count());
            }
        }
        let line = |row: &[String; 6]| {
            let padded: Vec<String> =
                row.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
            format!("| {} |", padded.join(" | "))
        };
        let mut out = std::io::stdout().lock();
        writeln!(out, "\n{}\n\n{}", self.machine, line(&TITLES.map(str::to_owned)))?;
        writeln!(out, "|{}|", widths.map(|width| "-".repeat(width + 2)).join("|"))?;
        for row in &cells {
            writeln!(out, "{}", line(row))?;
        }
        Ok(())
    }
}

/// Progress, on standard error: standard output carries the table alone.
pub(crate) fn say(text: &str) {
    drop(writeln!(std::io::stderr().lock(), "{text}"));
}

/// Three significant digits, thousands grouped.
fn number(value: f64) -> String {
    if value >= 1000.0 {
        let digits = format!("{value:.0}");
        let groups: Vec<String> = digits
            .as_bytes()
            .rchunks(3)
            .rev()
            .map(|group| String::from_utf8_lossy(group).into_owned())
            .collect();
        groups.join(",")
    } else if value >= 100.0 {
        format!("{value:.0}")
    } else if value >= 10.0 {
        format!("{value:.1}")
    } else if value >= 0.1 {
        format!("{value:.2}")
    } else {
        format!("{value:.3}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_grouped() {
        for (value, text) in
            [(1_234_567.0, "1,234,567"), (999.6, "1000"), (12.34, "12.3"), (1.234, "1.23"), (0.0123, "0.012")]
        {
            assert_eq!(number(value), text);
        }
    }

    #[test]
    fn a_bar_on_the_ratio_needs_both() {
        let row = |measured: f64, limit: f64| Row {
            bar: Bar::AtLeast(10.0),
            least_ratio: Some(0.5),
            ..Row::figure("x", measured, "").beside(limit, "bare")
        };
        assert_eq!(row(20.0, 30.0).met(), Some(true));
        assert_eq!(row(20.0, 50.0).met(), Some(false));
        assert_eq!(row(5.0, 6.0).met(), Some(false));
        assert_eq!(Row::figure("x", 1.0, "").met(), None);
    }
}
