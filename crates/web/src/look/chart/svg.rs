//! The drawing itself.

use std::fmt::Write as _;

use dinh_model::Timestamp;

use super::scale::{Ticks, hours, ticks};
use crate::look;
use crate::words::Lang;

const HEIGHT: f64 = 260.0;
const LEFT: f64 = 52.0;
const RIGHT: f64 = 16.0;
const TOP: f64 = 26.0;
const BOTTOM: f64 = 40.0;
const DAY: i64 = 24 * 3_600_000_000;

/// One value of a series.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// When.
    pub at: Timestamp,
    /// How much.
    pub value: f64,
}

/// How values are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A line: levels, temperatures.
    Line,
    /// Bars from zero: amounts per interval, such as rain.
    Bars,
}

/// A named value that means something.
#[derive(Clone, Debug)]
pub struct Threshold {
    /// The value.
    pub value: f64,
    /// Its name.
    pub name: String,
    /// Token of its colour: `watch`, `warn`, `danger` or `extreme`.
    pub tone: &'static str,
}

/// What to draw.
#[derive(Debug)]
pub struct Chart<'a> {
    /// Language of dates and numbers.
    pub lang: Lang,
    /// Line or bars.
    pub kind: Kind,
    /// Values in order of time.
    pub points: &'a [Point],
    /// Begin of the time axis.
    pub from: Timestamp,
    /// End of the time axis.
    pub to: Timestamp,
    /// Longest time in microseconds between two values that are still joined by a line.
    pub longest_join: i64,
    /// Thresholds, ascending.
    pub thresholds: &'a [Threshold],
    /// Sign of the unit.
    pub unit: &'a str,
    /// What the drawing shows, for those who do not see it.
    pub description: &'a str,
    /// How much room there is.
    pub width: Width,
}

/// Room for a chart. Letters stay legible because a chart is drawn for its room, not shrunk into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// A page.
    Page,
    /// A panel or a telephone.
    Narrow,
}

impl Width {
    const fn units(self) -> f64 {
        match self {
            Self::Page => 800.0,
            Self::Narrow => 380.0,
        }
    }

    const fn times(self) -> i64 {
        match self {
            Self::Page => 9,
            Self::Narrow => 4,
        }
    }
}

struct Frame<'a> {
    chart: &'a Chart<'a>,
    ticks: Ticks,
    low: f64,
    high: f64,
}

/// The chart as an SVG element.
pub fn draw(chart: &Chart<'_>) -> String {
    let (low, high) = range(chart);
    let ticks = ticks(low, high, 4);
    let frame = Frame {
        low: ticks.at.first().copied().unwrap_or(low),
        high: ticks.at.last().copied().unwrap_or(high),
        ticks,
        chart,
    };
    let mut svg = String::with_capacity(4096);
    push(
        &mut svg,
        format_args!(
            r#"<svg viewBox="0 0 {} {HEIGHT}" role="img" aria-label="{}">"#,
            chart.width.units(),
            escape(chart.description)
        ),
    );
    frame.value_axis(&mut svg);
    frame.time_axis(&mut svg);
    match chart.kind {
        Kind::Line => frame.line(&mut svg),
        Kind::Bars => frame.bars(&mut svg),
    }
    frame.thresholds(&mut svg);
    svg.push_str("</svg>");
    svg
}

/// The values that the axis must show: all of the data, the thresholds among them and the next one above.
fn range(chart: &Chart<'_>) -> (f64, f64) {
    let values = || chart.points.iter().map(|p| p.value).filter(|v| v.is_finite());
    let mut low = values().fold(f64::INFINITY, f64::min);
    let mut high = values().fold(f64::NEG_INFINITY, f64::max);
    if !(low.is_finite() && high.is_finite()) {
        (low, high) = (0.0, 1.0);
    }
    if chart.kind == Kind::Bars {
        low = low.min(0.0);
        high = high.max(1.0);
    }
    if let Some(next) = chart.thresholds.iter().map(|t| t.value).find(|v| *v > high) {
        // A threshold far above would press the data flat against the ground.
        let span = (high - low).max(0.2 * high.abs()).max(0.1);
        if next - low <= 8.0 * span {
            high = next;
        }
    }
    if high <= low {
        let room = (low.abs() * 0.05).max(0.5);
        return (low - room, high + room);
    }
    (low, high)
}

impl Frame<'_> {
    fn right(&self) -> f64 {
        self.chart.width.units() - RIGHT
    }

    fn x(&self, at: Timestamp) -> f64 {
        let span = to_f64(self.chart.to.micros_since(self.chart.from)).max(1.0);
        LEFT + (self.right() - LEFT) * (to_f64(at.micros_since(self.chart.from)) / span)
    }

    fn y(&self, value: f64) -> f64 {
        let share = (value - self.low) / (self.high - self.low).max(f64::MIN_POSITIVE);
        HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share
    }

    fn value_axis(&self, svg: &mut String) {
        for (i, value) in self.ticks.at.iter().enumerate() {
            let (y, class) = (self.y(*value), if i == 0 { "ground" } else { "axis" });
            let label = look::number(*value, Some(self.ticks.digits), self.chart.lang);
            push(
                svg,
                format_args!(
                    r#"<line class="{class}" x1="{LEFT}" x2="{:.1}" y1="{y:.1}" y2="{y:.1}"/><text x="{:.1}" y="{:.1}" text-anchor="end">{label}</text>"#,
                    self.right(),
                    LEFT - 8.0,
                    y + 4.0
                ),
            );
        }
        push(
            svg,
            format_args!(
                r#"<text x="{:.1}" y="12" text-anchor="end">{}</text>"#,
                LEFT - 8.0,
                escape(self.chart.unit)
            ),
        );
    }

    fn time_axis(&self, svg: &mut String) {
        let (times, step) = hours(self.chart.from, self.chart.to, self.chart.width.times());
        let mut last_day = String::new();
        for at in times {
            let (x, ground) = (self.x(at), HEIGHT - BOTTOM);
            let day = look::date(at, self.chart.lang);
            let short = day.get(..day.len().saturating_sub(5)).unwrap_or(&day).trim_end_matches('/');
            let upper = if step < DAY { look::time(at) } else { short.to_owned() };
            push(
                svg,
                format_args!(
                    r#"<line class="ground" x1="{x:.1}" x2="{x:.1}" y1="{ground:.1}" y2="{:.1}"/><text x="{x:.1}" y="{:.1}" text-anchor="middle">{upper}</text>"#,
                    ground + 4.0,
                    ground + 18.0
                ),
            );
            if step < DAY && day != last_day {
                push(
                    svg,
                    format_args!(
                        r#"<text x="{x:.1}" y="{:.1}" text-anchor="middle">{short}</text>"#,
                        ground + 34.0
                    ),
                );
                last_day = day;
            }
        }
    }

    fn line(&self, svg: &mut String) {
        let mut path = String::new();
        let mut before: Option<Timestamp> = None;
        let mut joined = 0_usize;
        let mut lone: Vec<Point> = Vec::new();
        for point in self.chart.points {
            let joins = before.is_some_and(|b| point.at.micros_since(b) <= self.chart.longest_join);
            if !joins && joined == 1 {
                lone.extend(self.chart.points.iter().find(|p| Some(p.at) == before));
            }
            joined = if joins { joined + 1 } else { 1 };
            let letter = if joins { 'L' } else { 'M' };
            push(&mut path, format_args!("{letter}{:.1} {:.1}", self.x(point.at), self.y(point.value)));
            before = Some(point.at);
        }
        push(svg, format_args!(r#"<path class="line" d="{path}"/>"#));
        for point in lone.iter().chain(self.chart.points.last()) {
            push(
                svg,
                format_args!(
                    r#"<circle class="dot" cx="{:.1}" cy="{:.1}" r="3.5"/>"#,
                    self.x(point.at),
                    self.y(point.value)
                ),
            );
        }
    }

    fn bars(&self, svg: &mut String) {
        let count = to_f64(i64::try_from(self.chart.points.len()).unwrap_or(i64::MAX)).max(1.0);
        let width = ((self.right() - LEFT) / count * 0.7).clamp(1.0, 24.0);
        let ground = self.y(0.0);
        for point in self.chart.points.iter().filter(|p| p.value != 0.0) {
            let (x, y) = (self.x(point.at), self.y(point.value));
            push(
                svg,
                format_args!(
                    r#"<rect class="bar" x="{:.1}" y="{:.1}" width="{width:.1}" height="{:.1}"/>"#,
                    x - width / 2.0,
                    y.min(ground),
                    (ground - y).abs()
                ),
            );
        }
    }

    fn thresholds(&self, svg: &mut String) {
        for threshold in self.chart.thresholds.iter().filter(|t| (self.low..=self.high).contains(&t.value)) {
            let y = self.y(threshold.value);
            push(
                svg,
                format_args!(
                    r#"<line class="threshold {}" x1="{LEFT}" x2="{:.1}" y1="{y:.1}" y2="{y:.1}"/><text class="threshold-name" x="{:.1}" y="{:.1}">{}</text>"#,
                    threshold.tone,
                    self.right(),
                    LEFT + 6.0,
                    y - 7.0,
                    escape(&threshold.name)
                ),
            );
        }
    }
}

fn push(text: &mut String, what: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _ok = text.write_fmt(what).is_ok();
}

/// Text inside markup and attributes.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[expect(clippy::cast_precision_loss, reason = "a pixel is wider than the error")]
fn to_f64(micros: i64) -> f64 {
    micros as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000_000;

    fn chart<'a>(points: &'a [Point], thresholds: &'a [Threshold], kind: Kind) -> Chart<'a> {
        Chart {
            lang: Lang::Vi,
            kind,
            points,
            from: Timestamp::from_micros(0),
            to: Timestamp::from_micros(24 * HOUR),
            longest_join: 2 * HOUR,
            thresholds,
            unit: "m",
            description: "Mực nước \"Kim Long\" <24 giờ>",
            width: Width::Page,
        }
    }

    fn at(hour: i64, value: f64) -> Point {
        Point { at: Timestamp::from_micros(hour * HOUR), value }
    }

    #[test]
    fn missing_hours_are_a_gap() {
        let points = [at(0, 1.0), at(1, 1.2), at(2, 1.4), at(8, 2.0), at(9, 2.2), at(15, 1.1)];
        let svg = draw(&chart(&points, &[], Kind::Line));
        let path = svg.split("class=\"line\" d=\"").nth(1).unwrap().split('"').next().unwrap();
        assert_eq!(path.matches('M').count(), 3);
        assert_eq!(path.matches('L').count(), 3);
        assert!(svg.contains("&quot;Kim Long&quot; &lt;24 giờ&gt;"));
    }

    #[test]
    fn the_next_threshold_is_shown_and_named() {
        let levels =
            [(1.0, "Báo động I", "watch"), (2.0, "Báo động II", "warn"), (3.5, "Báo động III", "danger")]
                .map(|(value, name, tone)| Threshold { value, name: name.to_owned(), tone });
        let svg = draw(&chart(&[at(0, 0.8), at(1, 1.2)], &levels, Kind::Line));
        assert!(svg.contains("Báo động I<") && svg.contains("Báo động II<"));
        assert!(!svg.contains("Báo động III"));
    }

    #[test]
    fn bars_stand_on_zero_and_nothing_is_drawn_of_nothing() {
        let svg = draw(&chart(&[at(0, 0.0), at(1, 12.5)], &[], Kind::Bars));
        assert_eq!(svg.matches("class=\"bar\"").count(), 1);
        assert!(svg.contains(">0<"));
        let empty = draw(&chart(&[], &[], Kind::Line));
        assert!(!empty.contains("NaN") && !empty.contains("inf"));
    }
}
