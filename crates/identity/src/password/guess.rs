//! How soon a password would be guessed.
//!
//! Attackers try words, names, keyboard runs, repetitions and dates, alone and strung together, before they try
//! anything else. So a password is cut into such pieces in the way that is cheapest to guess, and what the pieces cost
//! is added up. (The idea is that of D. Wheeler, "zxcvbn", USENIX Security 2016; words and costs are our own.)

use std::collections::HashSet;
use std::sync::LazyLock;

/// Rows of keys and the alphabet: what runs along them costs next to nothing.
const ROWS: [&str; 8] = [
    "0123456789012",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop[]",
    "asdfghjkl;",
    "zxcvbnm,./",
    "!@#$%^&*()",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.",
    "q1w2e3r4t5y6u7i8o9p0",
];
/// Longest word, run or repeated piece that is looked for, in characters.
const LONGEST: usize = 24;
/// Bits of a word of the list: it has fewer than 1024.
const WORD: f64 = 9.5;
/// Bits of a run: which row, where, which way.
const RUN: f64 = 8.0;
/// Bits of a year of the last or the coming decades.
const YEAR: f64 = 6.0;
/// Bits of any digit.
const DIGIT: f64 = 3.33;
/// Bits of any letter.
const LETTER: f64 = 4.7;
/// Bits of any other character.
const SIGN: f64 = 5.0;
/// Bits of one more character that repeats what was before it.
const AGAIN: f64 = 0.5;

static WORDS: LazyLock<HashSet<Vec<char>>> = LazyLock::new(|| {
    let lines = include_str!("common.txt").lines().filter(|line| !line.starts_with('#'));
    lines.flat_map(str::split_whitespace).map(|word| word.chars().collect()).collect()
});

/// About how many guesses a password withstands, as a power of two. `folded` is the password in small letters without
/// accents.
pub(super) fn bits(folded: &str) -> f64 {
    let password: Vec<char> = folded.chars().collect();
    let plain: Vec<char> = password.iter().map(|c| undisguised(*c)).collect();
    let mut cheapest = vec![0.0_f64];
    for end in 1..=password.len() {
        let mut best = f64::INFINITY;
        for start in end.saturating_sub(LONGEST)..end {
            let (Some(before), Some(piece), Some(plain)) =
                (cheapest.get(start), password.get(start..end), plain.get(start..end))
            else {
                continue;
            };
            let earlier = password.get(..start).unwrap_or_default();
            best = best.min(before + cost(piece, plain, earlier));
        }
        cheapest.push(best);
    }
    cheapest.last().copied().unwrap_or_default()
}

/// What one piece costs, or infinity if it is nothing that is tried.
fn cost(piece: &[char], plain: &[char], earlier: &[char]) -> f64 {
    let length = f64::from(u32::try_from(piece.len()).unwrap_or(u32::MAX));
    if let [c] = piece {
        return match c {
            _ if earlier.last() == Some(c) => AGAIN,
            '0'..='9' => DIGIT,
            _ if c.is_alphabetic() => LETTER,
            // What stands between two words is mostly nothing else.
            ' ' | '.' | '-' | '_' | '@' | '/' | '!' | '#' => 2.0,
            _ => SIGN,
        };
    }
    let mut least = f64::INFINITY;
    if WORDS.contains(plain) {
        least = WORD + if piece == plain { 0.0 } else { 1.0 };
    }
    if piece.len() >= 3 && is_run(piece) {
        least = least.min(RUN);
    }
    if piece.len() >= 3 && earlier.ends_with(piece) {
        least = least.min(1.0 + AGAIN * length);
    }
    if is_year(piece) {
        least = least.min(YEAR);
    }
    least
}

fn is_run(piece: &[char]) -> bool {
    let forth: String = piece.iter().collect();
    let back: String = piece.iter().rev().collect();
    ROWS.iter().any(|row| row.contains(&forth) || row.contains(&back))
}

fn is_year(piece: &[char]) -> bool {
    let digits: String = piece.iter().collect();
    piece.len() == 4 && matches!(digits.parse::<u16>(), Ok(1940..=2040))
}

/// The letter that a sign stands for, where people write signs for letters.
fn undisguised(c: char) -> char {
    match c {
        '@' | '4' => 'a',
        '0' => 'o',
        '1' | '!' | '|' => 'i',
        '3' => 'e',
        '5' | '$' => 's',
        '7' => 't',
        _ => c,
    }
}
