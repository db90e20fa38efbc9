//! Whether what was asked with an action is answered.

use std::collections::BTreeMap;

use dinh_calendar::official_day;
use jiff::Timestamp;
use jiff::civil::Date;

use super::refused::AskRule;
use crate::{Action, Answer, Ask, AskKind, Kind, Refused};

/// Fewest and most characters of a reason.
const REASON: (usize, usize) = (5, 2_000);
/// Most characters of a note, of a name of a unit or an account.
const NOTE: usize = 2_000;
const NAME: usize = 300;
/// Largest number that is asked for.
const MOST: u64 = 10_000;

/// Answers, each checked and without blanks around it; empty ones are none.
pub(super) fn checked(
    kind: &Kind,
    action: &Action,
    asked: &BTreeMap<String, Answer>,
    at: Timestamp,
) -> Result<BTreeMap<String, Answer>, Refused> {
    if let Some(code) = asked.keys().find(|code| !action.asks.iter().any(|ask| ask.code == **code)) {
        return Err(Refused::NotAsked(code.clone()));
    }
    let mut answers = BTreeMap::new();
    for ask in &action.asks {
        let fault = |rule| Refused::Asked { ask: ask.code.clone(), rule };
        match asked.get(&ask.code).and_then(trimmed) {
            Some(answer) => {
                let answer = check(kind, ask, answer, official_day(at)).map_err(fault)?;
                answers.insert(ask.code.clone(), answer);
            }
            None if ask.required => return Err(fault(AskRule::Required)),
            None => {}
        }
    }
    Ok(answers)
}

fn trimmed(answer: &Answer) -> Option<Answer> {
    match answer {
        Answer::Text(text) => {
            let text = text.replace("\r\n", "\n").trim().to_owned();
            (!text.is_empty()).then_some(Answer::Text(text))
        }
        Answer::Codes(codes) => (!codes.is_empty()).then(|| answer.clone()),
        Answer::Count(_) => Some(answer.clone()),
    }
}

fn check(kind: &Kind, ask: &Ask, answer: Answer, today: Date) -> Result<Answer, AskRule> {
    let fits = |rule: AskRule, fits: bool| if fits { Ok(()) } else { Err(rule) };
    let text = answer.text().unwrap_or_default();
    match ask.kind {
        AskKind::Reason => is_text(text, REASON.0, REASON.1)?,
        AskKind::Note => is_text(text, 1, NOTE)?,
        AskKind::Choice => fits(AskRule::Choice, ask.choices.iter().any(|(code, _)| code == text))?,
        AskKind::Date => {
            fits(AskRule::Date, text.parse::<Date>().is_ok_and(|day| day >= today))?;
        }
        AskKind::Count => {
            let count = answer.count().or_else(|| text.parse().ok());
            let count = count.filter(|count| (1..=MOST).contains(count)).ok_or(AskRule::Count(MOST))?;
            return Ok(Answer::Count(count));
        }
        AskKind::Parts => {
            let codes = answer.codes().ok_or(AskRule::Parts)?;
            fits(AskRule::Parts, codes.iter().all(|code| kind.part(code).is_some()))?;
        }
        AskKind::Unit | AskKind::Official => is_text(text, 1, NAME).map_err(|_rule| AskRule::Name)?,
    }
    Ok(answer)
}

fn is_text(text: &str, least: usize, most: usize) -> Result<(), AskRule> {
    let odd = text.chars().any(|c| c.is_control() && c != '\n' && c != '\t');
    if odd || !(least..=most).contains(&text.chars().count()) {
        return Err(AskRule::Text { least, most });
    }
    Ok(())
}
