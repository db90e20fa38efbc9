//! The contrast of the design's tokens (WCAG 2.2, criteria 1.4.3 and 1.4.11): computed from the style sheet itself, so
//! that no token can be changed to something that people cannot read.

use std::collections::HashMap;

const SHEET: &str = include_str!("../../../../web/styles/tokens.css");
/// Text on its ground.
const TEXT: f64 = 4.5;
/// Marks and borders of controls on their ground.
const MARKS: f64 = 3.0;

fn tokens(block: &str) -> HashMap<String, [u8; 3]> {
    block
        .lines()
        .filter_map(|line| {
            let (name, value) = line.trim().strip_prefix("--")?.split_once(": #")?;
            let number = u32::from_str_radix(value.strip_suffix(';')?, 16).ok()?;
            let [_, r, g, b] = number.to_be_bytes();
            Some((name.to_owned(), [r, g, b]))
        })
        .collect()
}

/// Light, dark by the device, dark by choice.
fn themes() -> [HashMap<String, [u8; 3]>; 3] {
    let mut blocks = SHEET.split(":root").skip(1);
    [(); 3].map(|()| tokens(blocks.next().unwrap()))
}

fn luminance(colour: [u8; 3]) -> f64 {
    let linear = |c: u8| {
        let c = f64::from(c) / 255.0;
        if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    };
    let [r, g, b] = colour.map(linear);
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

fn contrast(a: [u8; 3], b: [u8; 3]) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn every_pair_of_tokens_can_be_read() {
    const GROUNDS: [&str; 4] = ["paper", "surface", "sunk", "picked"];
    const WORDS: [&str; 10] =
        ["ink", "quiet", "lacquer", "river", "gold", "ok", "watch", "warn", "danger", "extreme"];
    for (theme, name) in themes().iter().zip(["light", "dark", "dark by choice"]) {
        let check = |front: &str, ground: &str, least: f64| {
            let found = contrast(theme[front], theme[ground]);
            assert!(found >= least, "{name}: {front} on {ground} has {found:.2}, it needs {least}");
        };
        for ground in GROUNDS {
            for word in WORDS {
                check(word, ground, TEXT);
            }
            check("edge", ground, MARKS);
        }
        for (front, ground) in [("on-lacquer", "lacquer"), ("on-board", "board"), ("gilt", "board")] {
            check(front, ground, TEXT);
        }
        for (front, ground) in [("quiet", "land"), ("ink", "land"), ("ink", "water"), ("river", "water")] {
            check(front, ground, TEXT);
        }
    }
}

#[test]
fn both_ways_to_dark_are_the_same() {
    let [_, by_device, by_choice] = themes();
    assert!(by_device.len() > 20);
    assert_eq!(by_device, by_choice);
}
