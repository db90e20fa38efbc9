//! SWIFT MT940, customer statement message.

use jiff::civil::Date;

use super::{DecimalMark, Field, Line, Statement, StatementFault, amount, said, unreadable};

const DAY_RULE: &str = "must be a day written YYMMDD";
const LINE_RULE: &str = "field 61 must be YYMMDD, perhaps MMDD, C, D, RC or RD, and an amount with a comma";

pub(super) fn read(bytes: &[u8]) -> Result<Statement, StatementFault> {
    // SWIFT knows no accents; what some banks write none the less is UTF-8.
    let text = String::from_utf8_lossy(bytes);
    let mut statement = Statement::default();
    let mut began = false;
    for (at, tag, value) in fields(&text) {
        match tag {
            "20" => began = true,
            "25" | "25P" => statement.of_account(value.lines().next().unwrap_or_default())?,
            // A statement of several pages goes on with M; it begins and ends with F.
            "60F" => {
                let opening = balance(&value, at)?;
                statement.opening.get_or_insert(opening);
            }
            "62F" => statement.closing = Some(balance(&value, at)?),
            "61" => statement.push(line(&value, at)?)?,
            "86" => {
                if let Some(last) = statement.lines.last_mut() {
                    last.text = said(&format!("{} {}", last.text, value));
                }
            }
            _ => {}
        }
    }
    if began { Ok(statement) } else { Err(StatementFault::Form("MT940")) }
}

/// The fields of a message, each with the line where it begins. What follows without a tag belongs to the field before it.
fn fields(text: &str) -> Vec<(usize, &str, String)> {
    let mut found: Vec<(usize, &str, String)> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim_end();
        if let Some((tag, value)) = tagged(line) {
            found.push((index + 1, tag, value.to_owned()));
        } else if line == "-" || line.starts_with("-}") || line.starts_with('{') {
            found.push((index + 1, "", String::new()));
        } else if let Some((_, _, value)) = found.last_mut() {
            value.push('\n');
            value.push_str(line);
        }
    }
    found
}

fn tagged(line: &str) -> Option<(&str, &str)> {
    let (tag, value) = line.strip_prefix(':')?.split_once(':')?;
    let is_tag =
        matches!(tag.as_bytes(), [a, b] | [a, b, b'A'..=b'Z'] if a.is_ascii_digit() && b.is_ascii_digit());
    is_tag.then_some((tag, value))
}

/// `C261123VND1500000,`
fn balance(value: &str, at: usize) -> Result<i64, StatementFault> {
    let value = value.lines().next().unwrap_or_default();
    let sign = match value.get(..1) {
        Some("C") => 1,
        Some("D") => -1,
        _ => return Err(unreadable(at, Field::Balance, "must begin with C or D")),
    };
    day(value.get(1..7).unwrap_or_default(), at)?;
    if value.get(7..10) != Some("VND") {
        return Err(unreadable(at, Field::Currency, "must be VND"));
    }
    let dong = amount::read(value.get(10..).unwrap_or_default(), DecimalMark::Comma);
    dong.map(|dong| sign * dong).ok_or_else(|| unreadable(at, Field::Balance, amount::RULE))
}

/// `2611231123C1500000,NTRFNONREF//FT26327001` and perhaps a line with more.
fn line(value: &str, at: usize) -> Result<Line, StatementFault> {
    let (head, more) = value.split_once('\n').unwrap_or((value, ""));
    let odd = || unreadable(at, Field::Line, LINE_RULE);
    let day = day(head.get(..6).ok_or_else(odd)?, at)?;
    let rest = head.get(6..).ok_or_else(odd)?;
    let entry = rest.get(..4).filter(|four| four.bytes().all(|byte| byte.is_ascii_digit()));
    let rest = entry.and_then(|_| rest.get(4..)).unwrap_or(rest);
    let marks = [("RC", -1), ("RD", 1), ("C", 1), ("D", -1)];
    let (sign, rest) =
        marks.into_iter().find_map(|(mark, sign)| Some((sign, rest.strip_prefix(mark)?))).ok_or_else(odd)?;
    // The third letter of the currency may stand there: D of VND.
    let rest = rest.strip_prefix(|letter: char| letter.is_ascii_uppercase()).unwrap_or(rest);
    let end = rest.find(|letter: char| !letter.is_ascii_digit() && letter != ',').unwrap_or(rest.len());
    let (digits, rest) = rest.split_at_checked(end).ok_or_else(odd)?;
    let dong = amount::read(digits, DecimalMark::Comma)
        .ok_or_else(|| unreadable(at, Field::Amount, amount::RULE))?;
    // Four characters say what kind of payment it is; then whose reference it is, and the bank's.
    let references = rest.get(4..).unwrap_or_default();
    let (theirs, bank) = references.split_once("//").unwrap_or((references, ""));
    let theirs = if theirs == "NONREF" { "" } else { theirs };
    Ok(Line {
        day,
        time: None,
        amount: sign * dong,
        text: said(&format!("{theirs} {more}")),
        bank_reference: Some(said(bank)).filter(|bank| !bank.is_empty()),
    })
}

fn day(text: &str, at: usize) -> Result<Date, StatementFault> {
    let odd = || unreadable(at, Field::Day, DAY_RULE);
    if text.len() != 6 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(odd());
    }
    let part =
        |from: usize| text.get(from..from + 2).and_then(|part| part.parse::<i8>().ok()).ok_or_else(odd);
    Date::new(2_000 + i16::from(part(0)?), part(2)?, part(4)?).map_err(|_no_day| odd())
}
