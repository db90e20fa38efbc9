//! Undoes the one compression that tables and streams of objects use: Flate, with the predictors of PNG.

use std::io::Read as _;

use flate2::read::ZlibDecoder;

use super::object::{Dict, Object};

/// The most that a compressed table or stream of objects may become, in bytes.
const LARGEST: u64 = 64 << 20;

/// The bytes of a stream with its filter undone; `None` for filters that no table has, and for broken ones.
pub(crate) fn undo(dict: &Dict, data: &[u8]) -> Option<Vec<u8>> {
    let filter = match dict.get("Filter") {
        None | Some(Object::Null) => return Some(data.to_vec()),
        Some(Object::Name(name)) => name,
        Some(Object::Array(names)) => match names.as_slice() {
            [] => return Some(data.to_vec()),
            [Object::Name(name)] => name,
            _ => return None,
        },
        _ => return None,
    };
    if filter != b"FlateDecode" {
        return None;
    }
    let mut out = Vec::new();
    ZlibDecoder::new(data).take(LARGEST + 1).read_to_end(&mut out).ok()?;
    if out.len() as u64 > LARGEST {
        return None;
    }
    let parameters = match dict.get("DecodeParms") {
        Some(Object::Dict(parameters)) => parameters,
        Some(Object::Array(all)) => match all.first() {
            Some(Object::Dict(parameters)) => parameters,
            _ => return Some(out),
        },
        _ => return Some(out),
    };
    match parameters.int("Predictor").unwrap_or(1) {
        1 => Some(out),
        10..=15 => {
            let columns = usize::try_from(parameters.int("Columns").unwrap_or(1)).ok()?;
            // Tables have one colour of eight bits; nothing else is read here.
            if parameters.int("Colors").unwrap_or(1) != 1
                || parameters.int("BitsPerComponent").unwrap_or(8) != 8
            {
                return None;
            }
            unpredict(&out, columns)
        }
        _ => None,
    }
}

/// Undoes the predictors of PNG: each row begins with a byte that says how it was predicted.
fn unpredict(data: &[u8], columns: usize) -> Option<Vec<u8>> {
    if columns == 0 || columns > 1 << 20 {
        return None;
    }
    let mut above = vec![0_u8; columns];
    let mut out = Vec::with_capacity(data.len());
    for row in data.chunks(columns + 1) {
        let (how, row) = row.split_first()?;
        let mut now = vec![0_u8; columns];
        for (at, byte) in row.iter().enumerate() {
            let left = if at == 0 { 0 } else { now[at - 1] };
            let corner = if at == 0 { 0 } else { above[at - 1] };
            let guess = match how {
                0 => 0,
                1 => left,
                2 => above[at],
                3 => u8::midpoint(left, above[at]),
                4 => paeth(left, above[at], corner),
                _ => return None,
            };
            now[at] = byte.wrapping_add(guess);
        }
        out.extend_from_slice(&now[..row.len()]);
        above = now;
    }
    Some(out)
}

fn paeth(left: u8, above: u8, corner: u8) -> u8 {
    let base = i16::from(left) + i16::from(above) - i16::from(corner);
    let far = |value: u8| (base - i16::from(value)).abs();
    if far(left) <= far(above) && far(left) <= far(corner) {
        left
    } else if far(above) <= far(corner) {
        above
    } else {
        corner
    }
}
