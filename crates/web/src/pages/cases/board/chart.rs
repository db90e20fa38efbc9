//! Dossiers received and ended, month by month, drawn as bars from zero.

use dinh_casework::Tallies;
use serde::Serialize;

use super::cell::count;
use crate::words::{Lang, args};

/// Room of the drawing.
const SIZE: (i64, i64) = (760, 220);
/// Left for the numbers, right, above, below for the months.
const MARGINS: (i64, i64, i64, i64) = (56, 8, 12, 26);
/// Most months drawn: the last ones.
const MOST: usize = 24;

/// A drawing; whoever shows it draws what is in it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Chart {
    width: i64,
    height: i64,
    left: i64,
    right: i64,
    bars: Vec<Bar>,
    lines: Vec<Mark>,
    months: Vec<Mark>,
    description: String,
}

#[derive(Clone, Debug, Serialize)]
struct Bar {
    class: &'static str,
    x: i64,
    y: i64,
    width: i64,
    height: i64,
    title: String,
}

#[derive(Clone, Debug, Serialize)]
struct Mark {
    at: i64,
    text: String,
}

/// The drawing; none of a single month, which figures say as well.
pub(super) fn months(by_month: &Tallies, lang: Lang) -> Option<Chart> {
    let months: Vec<_> = by_month.iter().rev().take(MOST).collect::<Vec<_>>().into_iter().rev().collect();
    if months.len() < 2 {
        return None;
    }
    let most = months.iter().flat_map(|(_, tally)| [tally.of("received"), tally.of("ended")]).max()?;
    let top = rounded_up(most);
    let (left, right, above, below) = MARGINS;
    let (room, height) = (SIZE.0 - left - right, SIZE.1 - above - below);
    let slot = room / i64::try_from(months.len()).ok()?;
    let wide = (slot * 2 / 5).clamp(2, 36);
    let level = |number: i64| above + height - height * number / top;
    let (mut bars, mut labels) = (Vec::new(), Vec::new());
    let every = months.len().div_ceil(12);
    for (place, (month, tally)) in months.iter().enumerate() {
        let x = left + slot * i64::try_from(place).ok()?;
        let title = month.split_once('-').map_or_else(|| (*month).clone(), |(y, m)| format!("{m}/{y}"));
        let sides = [
            ("received", lang.say("cases-received-count"), x + slot / 2 - wide),
            ("ended", lang.say("cases-ended-count"), x + slot / 2),
        ];
        for (class, what, x) in sides {
            let number = tally.of(class);
            let y = level(number);
            let title = format!("{title}: {what} {}", count(number, lang));
            bars.push(Bar { class, x, y, width: wide - 1, height: above + height - y, title });
        }
        if place % every == 0 {
            labels.push(Mark { at: x + slot / 2, text: title });
        }
    }
    let lines = [0, top / 2, top].map(|number| Mark { at: level(number), text: count(number, lang) });
    let months = args([("months", labels.len().to_string()), ("most", count(most, lang))]);
    Some(Chart {
        width: SIZE.0,
        height: SIZE.1,
        left,
        right: SIZE.0 - right,
        bars,
        lines: lines.into(),
        months: labels,
        description: lang.say_with("board-chart-description", &months),
    })
}

/// The next number above that is easily halved: 2, 4, 10, 20, 40, 100 and so on.
fn rounded_up(number: i64) -> i64 {
    let mut unit = 1;
    loop {
        for step in [2, 4, 10] {
            if number <= step * unit {
                return step * unit;
            }
        }
        unit *= 10;
    }
}

#[cfg(test)]
mod tests {
    use dinh_casework::Tally;

    use super::*;

    #[test]
    fn bars_begin_at_zero_and_end_below_the_top() {
        let month = |received| Tally([("received".to_owned(), received), ("ended".to_owned(), 1)].into());
        let tallies: Tallies = [("2026-10".to_owned(), month(3)), ("2026-11".to_owned(), month(40))].into();
        let chart = months(&tallies, Lang::Vi).unwrap();
        let ground = chart.lines[0].at;
        assert!(chart.bars.iter().all(|bar| bar.y + bar.height == ground && bar.y >= chart.lines[2].at));
        assert_eq!(chart.bars[2].y, chart.lines[2].at, "forty is the top");
        assert!(months(&Tallies::new(), Lang::Vi).is_none());
    }

    #[test]
    fn the_top_is_easily_halved() {
        for (number, top) in [(0, 2), (3, 4), (5, 10), (21, 40), (999, 1_000), (40_001, 100_000)] {
            assert_eq!(rounded_up(number), top);
        }
    }
}
