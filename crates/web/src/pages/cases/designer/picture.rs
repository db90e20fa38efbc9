//! A kind as a picture: its states as boxes, the ways between them as lines.

use dinh_cases::{Drawing, Kind};
use serde::Serialize;

use crate::pages::cases::parts;
use crate::words::Lang;

/// Size of a cell of the picture and of the box in it, in pixels.
const CELL: (usize, usize) = (220, 110);
const BOX: (usize, usize) = (176, 56);

/// A picture: its size, its boxes and the lines between them, in pixels.
#[derive(Serialize)]
pub(super) struct Picture {
    width: usize,
    height: usize,
    boxes: Vec<Drawn>,
    lines: Vec<String>,
}

#[derive(Serialize)]
struct Drawn {
    x: usize,
    y: usize,
    width: usize,
    height: usize,
    tone: &'static str,
    lines: Vec<String>,
}

/// Draws a kind.
pub(super) fn picture(kind: &Kind, lang: Lang) -> Picture {
    let drawing = Drawing::of(kind);
    let corner = |node: &dinh_cases::Node| {
        (node.column * CELL.0 + (CELL.0 - BOX.0) / 2, node.row * CELL.1 + (CELL.1 - BOX.1) / 2)
    };
    let boxes = drawing.nodes.iter().map(|node| {
        let (x, y) = corner(node);
        let sign = parts::state(kind.state(&node.state), &node.state, lang);
        Drawn { x, y, width: BOX.0, height: BOX.1, tone: sign.tone, lines: broken(&sign.word) }
    });
    let lines = drawing.edges.iter().filter_map(|edge| {
        let (from, to) = (drawing.nodes.get(edge.from)?, drawing.nodes.get(edge.to)?);
        let ((x1, y1), (x2, y2)) = (corner(from), corner(to));
        let middle = |x: usize| x + BOX.0 / 2;
        Some(if to.row > from.row {
            // Down: out at the bottom, in at the top.
            let (a, b) = (y1 + BOX.1, y2);
            let bend = usize::midpoint(a, b);
            format!("M{} {a}C{} {bend} {} {bend} {} {b}", middle(x1), middle(x1), middle(x2), middle(x2))
        } else {
            // Back, or along a row: around the right side.
            let (a, b) = (y1 + BOX.1 / 2, y2 + BOX.1 / 2);
            let out = x1.max(x2) + BOX.0 + (CELL.0 - BOX.0) / 2;
            format!("M{} {a}C{out} {a} {out} {b} {} {b}", x1 + BOX.0, x2 + BOX.0)
        })
    });
    Picture {
        width: drawing.columns * CELL.0,
        height: drawing.rows * CELL.1,
        boxes: boxes.collect(),
        lines: lines.collect(),
    }
}

/// A text in lines that fit into a box.
fn broken(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = vec![String::new()];
    for word in text.split_whitespace() {
        let last = lines.last_mut().filter(|line| line.chars().count() + word.chars().count() < 22);
        match last {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) => {
                line.push(' ');
                line.push_str(word);
            }
            None => lines.push(word.to_owned()),
        }
    }
    lines
}
