//! Reading tiles back, for tests only: written from the specification, not from the encoder.

use std::collections::BTreeMap;

/// A value of a feature as text.
pub(super) type Tags = BTreeMap<String, String>;

#[derive(Debug, Default, PartialEq)]
pub(super) struct ReadLayer {
    pub(super) name: String,
    pub(super) version: u64,
    pub(super) extent: u64,
    pub(super) features: Vec<ReadFeature>,
}

#[derive(Debug, Default, PartialEq)]
pub(super) struct ReadFeature {
    pub(super) id: Option<u64>,
    pub(super) kind: u64,
    /// Parts of absolute positions.
    pub(super) parts: Vec<Vec<(i64, i64)>>,
    pub(super) tags: Tags,
}

enum Field<'a> {
    Number(u64),
    Double(f64),
    Bytes(&'a [u8]),
}

fn varint(bytes: &mut &[u8]) -> u64 {
    let mut value = 0;
    for shift in (0..70).step_by(7) {
        let byte = bytes[0];
        *bytes = &bytes[1..];
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            break;
        }
    }
    value
}

fn fields(mut bytes: &[u8]) -> Vec<(u64, Field<'_>)> {
    let mut all = Vec::new();
    while !bytes.is_empty() {
        let key = varint(&mut bytes);
        let field = match key & 7 {
            0 => Field::Number(varint(&mut bytes)),
            1 => {
                let (head, rest) = bytes.split_at(8);
                bytes = rest;
                Field::Double(f64::from_le_bytes(head.try_into().unwrap()))
            }
            2 => {
                let length = usize::try_from(varint(&mut bytes)).unwrap();
                let (head, rest) = bytes.split_at(length);
                bytes = rest;
                Field::Bytes(head)
            }
            other => panic!("wire type {other}"),
        };
        all.push((key >> 3, field));
    }
    all
}

fn packed(mut bytes: &[u8]) -> Vec<u64> {
    let mut all = Vec::new();
    while !bytes.is_empty() {
        all.push(varint(&mut bytes));
    }
    all
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Reads a tile that is not compressed.
pub(super) fn tile(bytes: &[u8]) -> Vec<ReadLayer> {
    let read = |(field, value)| match (field, value) {
        (3, Field::Bytes(bytes)) => layer(bytes),
        _ => panic!("a tile has layers only"),
    };
    fields(bytes).into_iter().map(read).collect()
}

fn layer(bytes: &[u8]) -> ReadLayer {
    let mut layer = ReadLayer { extent: 4096, version: 1, ..ReadLayer::default() };
    let (mut keys, mut values, mut features) = (Vec::new(), Vec::new(), Vec::new());
    for field in fields(bytes) {
        match field {
            (15, Field::Number(version)) => layer.version = version,
            (5, Field::Number(extent)) => layer.extent = extent,
            (1, Field::Bytes(name)) => layer.name = text(name),
            (2, Field::Bytes(feature)) => features.push(feature),
            (3, Field::Bytes(key)) => keys.push(text(key)),
            (4, Field::Bytes(value)) => values.push(match &fields(value)[..] {
                [(1, Field::Bytes(bytes))] => text(bytes),
                [(3, Field::Double(number))] => number.to_string(),
                [(5, Field::Number(number))] => number.to_string(),
                _ => panic!("value"),
            }),
            _ => panic!("field of a layer"),
        }
    }
    layer.features = features.into_iter().map(|f| feature(f, &keys, &values)).collect();
    layer
}

fn feature(bytes: &[u8], keys: &[String], values: &[String]) -> ReadFeature {
    let mut feature = ReadFeature::default();
    for field in fields(bytes) {
        match field {
            (1, Field::Number(id)) => feature.id = Some(id),
            (3, Field::Number(kind)) => feature.kind = kind,
            (2, Field::Bytes(tags)) => {
                for pair in packed(tags).chunks(2) {
                    let index = |i: u64| usize::try_from(i).unwrap();
                    feature.tags.insert(keys[index(pair[0])].clone(), values[index(pair[1])].clone());
                }
            }
            (4, Field::Bytes(commands)) => feature.parts = parts(&packed(commands)),
            _ => panic!("field of a feature"),
        }
    }
    feature
}

fn parts(commands: &[u64]) -> Vec<Vec<(i64, i64)>> {
    let mut parts: Vec<Vec<(i64, i64)>> = Vec::new();
    let (mut x, mut y, mut i) = (0_i64, 0_i64, 0);
    let signed = |v: u64| (v >> 1).cast_signed() ^ -((v & 1).cast_signed());
    while i < commands.len() {
        let (id, count) = (commands[i] & 7, commands[i] >> 3);
        i += 1;
        if id == 7 {
            let first = parts.last().unwrap()[0];
            parts.last_mut().unwrap().push(first);
            continue;
        }
        for _ in 0..count {
            x += signed(commands[i]);
            y += signed(commands[i + 1]);
            i += 2;
            if id == 1 {
                parts.push(Vec::new());
            }
            parts.last_mut().unwrap().push((x, y));
        }
    }
    parts
}
