//! Mapbox Vector Tile 2.1: layers of features with integer geometry and shared keys and values.

use std::collections::HashMap;
use std::sync::Arc;

use super::wire::{Message, zigzag};

/// Integer geometry in units of the tile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Points(Vec<(i32, i32)>),
    Lines(Vec<Vec<(i32, i32)>>),
    /// Rings without their closing position: outer ones clockwise as seen, each followed by its holes.
    Rings(Vec<Vec<(i32, i32)>>),
}

/// A value of a feature.
#[derive(Clone, Debug)]
pub(super) enum Tag {
    Text(Arc<str>),
    Double(f64),
    Uint(u64),
}

/// One layer being written.
#[derive(Debug)]
pub(super) struct TileLayer {
    features: Message,
    count: usize,
    keys: Vec<&'static str>,
    values: Message,
    value_ids: HashMap<Vec<u8>, u32>,
}

impl TileLayer {
    pub(super) fn new() -> Self {
        Self {
            features: Message::default(),
            count: 0,
            keys: Vec::new(),
            values: Message::default(),
            value_ids: HashMap::new(),
        }
    }

    /// Bytes so far, without the header.
    pub(super) fn size(&self) -> usize {
        self.features.len() + self.values.len()
    }

    /// Features so far.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// Adds a feature. Empty geometry is left out.
    pub(super) fn feature(&mut self, id: Option<u64>, shape: &Shape, tags: &[(&'static str, Tag)]) {
        let (kind, commands) = encode(shape);
        if commands.is_empty() {
            return;
        }
        let pairs: Vec<u32> = tags.iter().flat_map(|(key, tag)| [self.key(key), self.value(tag)]).collect();
        let mut feature = Message::default();
        if let Some(id) = id {
            feature.uint(1, id);
        }
        feature.packed(2, &pairs);
        feature.uint(3, kind);
        feature.packed(4, &commands);
        self.features.bytes(2, feature.as_bytes());
        self.count += 1;
    }

    fn key(&mut self, key: &'static str) -> u32 {
        let index = self.keys.iter().position(|k| *k == key).unwrap_or_else(|| {
            self.keys.push(key);
            self.keys.len() - 1
        });
        u32::try_from(index).unwrap_or(u32::MAX)
    }

    fn value(&mut self, tag: &Tag) -> u32 {
        let mut value = Message::default();
        match tag {
            Tag::Text(text) => value.bytes(1, text.as_bytes()),
            Tag::Double(number) => value.double(3, *number),
            Tag::Uint(number) => value.uint(5, *number),
        }
        let next = u32::try_from(self.value_ids.len()).unwrap_or(u32::MAX);
        let bytes = value.into_bytes();
        if let Some(known) = self.value_ids.get(&bytes) {
            return *known;
        }
        self.values.bytes(4, &bytes);
        self.value_ids.insert(bytes, next);
        next
    }

    /// The layer as a field of a tile.
    pub(super) fn finish(self, name: &str, extent: u64) -> Vec<u8> {
        let mut layer = Message::default();
        layer.uint(15, 2);
        layer.bytes(1, name.as_bytes());
        layer.append(&self.features);
        for key in &self.keys {
            layer.bytes(3, key.as_bytes());
        }
        layer.append(&self.values);
        layer.uint(5, extent);
        let mut tile = Message::default();
        tile.bytes(3, layer.as_bytes());
        tile.into_bytes()
    }
}

const MOVE_TO: u32 = 1;
const LINE_TO: u32 = 2;
const CLOSE_PATH: u32 = 7;

/// Geometry type and commands (specification, section 4.3).
fn encode(shape: &Shape) -> (u64, Vec<u32>) {
    let mut pen = Pen::default();
    match shape {
        Shape::Points(points) => {
            if !points.is_empty() {
                pen.command(MOVE_TO, points.len());
                pen.walk(points);
            }
            (1, pen.commands)
        }
        Shape::Lines(lines) => {
            for line in lines.iter().filter(|l| l.len() > 1) {
                pen.path(line);
            }
            (2, pen.commands)
        }
        Shape::Rings(rings) => {
            for ring in rings.iter().filter(|r| r.len() > 2) {
                pen.path(ring);
                pen.command(CLOSE_PATH, 1);
            }
            (3, pen.commands)
        }
    }
}

#[derive(Default)]
struct Pen {
    commands: Vec<u32>,
    at: (i32, i32),
}

impl Pen {
    fn command(&mut self, id: u32, count: usize) {
        self.commands.push(id | u32::try_from(count).unwrap_or(u32::MAX >> 3) << 3);
    }

    fn walk(&mut self, points: &[(i32, i32)]) {
        for (x, y) in points {
            self.commands.push(zigzag(x - self.at.0));
            self.commands.push(zigzag(y - self.at.1));
            self.at = (*x, *y);
        }
    }

    fn path(&mut self, points: &[(i32, i32)]) {
        if let Some((first, rest)) = points.split_first() {
            self.command(MOVE_TO, 1);
            self.walk(std::slice::from_ref(first));
            self.command(LINE_TO, rest.len());
            self.walk(rest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_the_examples_of_the_specification() {
        // Section 4.3.5 of the specification, example by example.
        assert_eq!(encode(&Shape::Points(vec![(25, 17)])), (1, vec![9, 50, 34]));
        assert_eq!(encode(&Shape::Points(vec![(5, 7), (3, 2)])), (1, vec![17, 10, 14, 3, 9]));
        let lines = Shape::Lines(vec![vec![(2, 2), (2, 10), (10, 10)], vec![(1, 1), (3, 5)]]);
        assert_eq!(encode(&lines), (2, vec![9, 4, 4, 18, 0, 16, 16, 0, 9, 17, 17, 10, 4, 8]));
        let ring = Shape::Rings(vec![vec![(3, 6), (8, 12), (20, 34)]]);
        assert_eq!(encode(&ring), (3, vec![9, 6, 12, 18, 10, 12, 24, 44, 15]));
    }

    #[test]
    fn too_short_paths_are_left_out() {
        assert!(encode(&Shape::Lines(vec![vec![(1, 1)]])).1.is_empty());
        assert!(encode(&Shape::Rings(vec![vec![(1, 1), (2, 2)]])).1.is_empty());
        let mut layer = TileLayer::new();
        layer.feature(None, &Shape::Points(Vec::new()), &[]);
        assert_eq!(layer.count(), 0);
    }
}
