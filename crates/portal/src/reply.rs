//! What a counterpart answers to a message, and what that means.

use serde_json::Value as Json;

use crate::codes::Counterpart;
use crate::message::flat;

/// Longest text of a reply that is kept, in characters.
const LONGEST: usize = 300;
/// Words by which a reply says that a dossier is there already, where the counterpart's pack names none.
const KNOWN: &str = "đã tồn tại";

/// What a reply means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It was taken.
    Taken,
    /// The dossier is there already: it has to be sent as a change.
    Known,
    /// The session is over: sign in again.
    Session,
    /// It is not taken, and will not be as it is.
    Refused {
        /// The counterpart's number of the fault.
        code: String,
        /// What it says.
        text: String,
    },
    /// The answer is none of the contract: nobody knows whether it was taken, so it is sent again.
    Odd(String),
}

/// What an answer means. `0`, also written `00`, is good; `-3` and `3` with words such as “đã tồn tại” say that the dossier
/// is there already; `-1` with words of a session or a token that it is over.
pub fn verdict(answer: &Json, from: &Counterpart) -> Verdict {
    let Some(code) = ["error_code", "errorCode"].iter().find_map(|name| answer.get(name)).and_then(flat)
    else {
        return Verdict::Odd("the answer has no error_code".to_owned());
    };
    let text = ["message", "error_message"].iter().find_map(|name| answer.get(name)).and_then(flat);
    let text = shortened(&text.unwrap_or_default());
    let number = code.trim_start_matches(['-', '+']);
    if !number.is_empty() && number.bytes().all(|digit| digit == b'0') {
        return Verdict::Taken;
    }
    let lower = text.to_lowercase();
    let says = |words: &str| lower.contains(&words.to_lowercase());
    let known = if from.known_already.is_empty() {
        says(KNOWN)
    } else {
        from.known_already.iter().any(|one| says(one))
    };
    if number == "3" && known {
        return Verdict::Known;
    }
    if number == "1" && (says("session") || says("token") || says("phiên")) {
        return Verdict::Session;
    }
    Verdict::Refused { code, text }
}

fn shortened(text: &str) -> String {
    let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    clean.chars().take(LONGEST).collect()
}
