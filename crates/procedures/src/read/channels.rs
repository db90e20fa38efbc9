//! Ways to file, from the portal: `Trực tuyến3 Ngày làm việc7,000 Việt Nam Đồng(…)mô tả` one after the other.
//!
//! Where one entry ends and the next begins cannot be told from the text alone, since descriptions use the same words. The
//! records bring the entries as they were cut when they were collected (`channels_parsed`): those give way, time and unit,
//! and the text gives the rest.

use serde_json::Value as Json;

use super::fault::Fault;
use super::text::{line, told};
use crate::{Channel, ChannelKind, Duration, Fee, TimeUnit};

/// The heading of the table.
const HEADING: &str = "Hình thức nộpThời gianPhí, lệ phíMô tả";
/// What the table writes in an empty cell.
const NOTHING: &str = "Không có thông tin";
/// Most ways of one record.
const MAX_CHANNELS: usize = 200;
/// Less than this is no fee in đồng: the list has `50` where it means 50.000.
const LEAST_FEE: u64 = 1_000;

/// What the table says.
#[derive(Debug, Default)]
pub(super) struct Channels {
    pub(super) ways: Vec<Channel>,
    /// False if text was left that belongs to no entry.
    pub(super) whole: bool,
    /// False if a fee cannot be what is meant.
    pub(super) fees: bool,
}

pub(super) fn channels(text: &str, entries: &[&Json]) -> Result<Channels, Fault> {
    if entries.len() > MAX_CHANNELS {
        return Err(Fault::new("channels_parsed", format!("has more than {MAX_CHANNELS} entries")));
    }
    let mut found = Channels { whole: true, fees: true, ..Channels::default() };
    let text = text.strip_prefix(HEADING).unwrap_or(text);
    let heads = entries.iter().map(|entry| Head::read(entry)).collect::<Result<Vec<_>, _>>()?;
    let heads = if heads.is_empty() { untimed(text) } else { heads };
    let mut rest = text;
    let mut places = Vec::with_capacity(heads.len());
    for head in &heads {
        match rest.find(&head.written) {
            Some(at) => {
                let start = text.len() - rest.len() + at;
                let body = start + head.written.len();
                places.push(Some((start, body)));
                rest = text.get(body..).unwrap_or_default();
            }
            None => places.push(None),
        }
    }
    for (place, (head, at)) in heads.iter().zip(&places).enumerate() {
        let next = places.iter().skip(place + 1).flatten().next().map_or(text.len(), |(start, _)| *start);
        let cell = at.and_then(|(_, body)| text.get(body..next));
        found.whole &= cell.is_some();
        let (fees, note) = cell.map_or_else(Default::default, |cell| fees_and_note(cell, &mut found.fees));
        let (kind, time) = (head.kind, head.time);
        found.ways.push(Channel { kind, time, fees, note });
    }
    if found.ways.is_empty() && told(text).is_some() {
        found.whole = false;
    }
    Ok(found)
}

/// What begins an entry, and how the text writes it.
struct Head {
    kind: ChannelKind,
    time: Option<Duration>,
    written: String,
}

impl Head {
    fn read(entry: &Json) -> Result<Self, Fault> {
        let wrong = |rule: &str| Fault::new("channels_parsed", rule.to_owned());
        let name = entry.get("channel").and_then(Json::as_str).unwrap_or_default();
        let kind = ChannelKind::of_portal(name)
            .ok_or_else(|| wrong("channel must be Trực tiếp, Trực tuyến or Dịch vụ bưu chính"))?;
        let number = match entry.get("time") {
            None | Some(Json::Null) => return Ok(Self { kind, time: None, written: name.to_owned() }),
            Some(time) => time.as_u64().and_then(|time| u32::try_from(time).ok()),
        };
        let number = number
            .filter(|number| *number <= 100_000)
            .ok_or_else(|| wrong("time must be a whole number up to 100000"))?;
        let (unit, unit_told, ending) = match entry.get("time_unit").and_then(Json::as_str) {
            None => (TimeUnit::WorkingDay, false, String::new()),
            Some(unit) => {
                let read = TimeUnit::of_list(unit)
                    .ok_or_else(|| wrong("time_unit must be Ngày làm việc, Ngày, Giờ or Tháng"))?;
                (read, true, format!(" {unit}"))
            }
        };
        let time = Some(Duration { unit, hundredths: number * 100, unit_told });
        Ok(Self { kind, time, written: format!("{name}{number}{ending}") })
    }
}

/// Entries without a time limit, which say so.
fn untimed(text: &str) -> Vec<Head> {
    let mut found: Vec<(usize, Head)> = Vec::new();
    for kind in [ChannelKind::Counter, ChannelKind::Online, ChannelKind::Post] {
        let written = format!("{}{NOTHING}", kind.on_portal());
        for (at, _) in text.match_indices(&written).take(MAX_CHANNELS) {
            found.push((at, Head { kind, time: None, written: written.clone() }));
        }
    }
    found.sort_by_key(|(at, _)| *at);
    found.into_iter().map(|(_, head)| head).collect()
}

/// The fees of an entry, and what is said beside.
fn fees_and_note(cell: &str, fees_good: &mut bool) -> (Vec<Fee>, Option<String>) {
    let cell = cell.trim();
    if let Some(rest) = cell.strip_prefix(NOTHING) {
        return (Vec::new(), told(rest));
    }
    if let Some(rest) = cell.strip_prefix("Miễn phí") {
        let (note, rest) = bracket(rest);
        return (vec![Fee { amount: Some(0), note }], told(rest));
    }
    let mut fees = Vec::new();
    let mut rest = cell;
    while let Some((amount, after)) = amount(rest) {
        let (note, after) = bracket(after);
        let amount = Some(amount).filter(|amount| *amount == 0 || *amount >= LEAST_FEE);
        *fees_good &= amount.is_some();
        fees.push(Fee { amount, note });
        rest = after.trim_start();
    }
    (fees, told(rest))
}

/// `70,000 Việt Nam Đồng…`: the amount, and what follows.
fn amount(text: &str) -> Option<(u64, &str)> {
    let text = text.trim_start().trim_start_matches("Phí : ").trim_start_matches("Lệ phí : ");
    let (number, rest) = text.split_once(" Việt Nam Đồng").or_else(|| text.split_once(" Đồng"))?;
    let good = !number.is_empty()
        && number.len() <= 20
        && number.bytes().all(|b| b.is_ascii_digit() || b == b',' || b == b'.');
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    Some((digits.parse().ok().filter(|_| good)?, rest))
}

/// A text in brackets at the beginning, with all brackets in it, and what follows.
fn bracket(text: &str) -> (Option<String>, &str) {
    if !text.starts_with('(') {
        return (None, text);
    }
    let mut depth = 0_usize;
    for (at, letter) in text.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            let inner = text.get(1..at).unwrap_or_default();
            return (told(inner).map(|inner| line(&inner)), text.get(at + 1..).unwrap_or_default());
        }
    }
    (told(text.trim_start_matches('(')).map(|text| line(&text)), "")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::channels;
    use crate::{ChannelKind, TimeUnit};

    #[test]
    fn entries_give_way_time_and_fee() {
        let text = "Hình thức nộpThời gianPhí, lệ phíMô tảTrực tuyến3 Ngày làm việc7,000 Việt Nam Đồng(- Cá nhân (hộ): 7.000 đồng/lần)Nộp qua cổng.Trực tiếp3Miễn phíDịch vụ bưu chính2 GiờKhông có thông tin";
        let entries = [
            json!({"channel": "Trực tuyến", "time": 3, "time_unit": "Ngày làm việc"}),
            json!({"channel": "Trực tiếp", "time": 3, "time_unit": null}),
            json!({"channel": "Dịch vụ bưu chính", "time": 2, "time_unit": "Giờ"}),
        ];
        let found = channels(text, &entries.iter().collect::<Vec<_>>()).expect("good");
        assert!(found.whole && found.fees);
        let [online, counter, post] = &found.ways[..] else { unreachable!("three ways") };
        assert_eq!((online.kind, online.fees[0].amount), (ChannelKind::Online, Some(7_000)));
        assert_eq!(online.fees[0].note.as_deref(), Some("- Cá nhân (hộ): 7.000 đồng/lần"));
        assert_eq!(online.note.as_deref(), Some("Nộp qua cổng."));
        assert_eq!(counter.fees[0].amount, Some(0));
        assert!(!counter.time.expect("a time").unit_told);
        let time = post.time.expect("a time");
        assert_eq!((time.unit, time.hundredths, post.fees.len()), (TimeUnit::Hour, 200, 0));
    }

    #[test]
    fn a_fee_that_cannot_be_meant_is_doubted() {
        let entries = [json!({"channel": "Trực tiếp", "time": 1, "time_unit": "Ngày"})];
        let found = channels("Trực tiếp1 Ngày50 Việt Nam Đồng(50.000đ/giấy)", &[&entries[0]]).expect("good");
        assert!(!found.fees);
        assert_eq!(found.ways[0].fees[0].amount, None);
        let wrong = json!({"channel": "Fax", "time": 1});
        assert!(channels("", &[&wrong]).is_err());
    }
}
