//! What is seen of a signature: a picture of the seal if there is one, and lines beside it.

use std::fmt::Write as _;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;

use crate::font::{Font, FontFault, dict, real};
use crate::pdf::{Increment, Object};

/// The largest letters, in points.
const LARGEST: f64 = 10.0;
/// The smallest letters, in points; what still does not fit then is seen as far as it fits.
const SMALLEST: f64 = 4.0;
/// Space around, in points.
const MARGIN: f64 = 4.0;
/// How far apart lines are, in sizes of their letters: stacked accents need room.
const LEADING: f64 = 1.35;

/// What is seen of a signature.
#[derive(Debug, Clone)]
pub struct Look<'a> {
    /// The page, counted from 0.
    pub page: usize,
    /// Left, bottom, right and top, in points from the lower left corner of the page.
    pub rect: [f64; 4],
    /// The lines, with composed letters (NFC).
    pub lines: Vec<String>,
    /// The font (TrueType).
    pub font: &'a [u8],
    /// The picture of the seal.
    pub seal: Option<Picture>,
}

/// A picture: three bytes of colour and one of opacity for each point, row by row from the top.
#[derive(Debug, Clone)]
pub struct Picture {
    /// Points in a row.
    pub width: u16,
    /// Rows.
    pub height: u16,
    /// Red, green, blue and opacity of each point.
    pub points: Vec<u8>,
}

/// Draws it on a form of this size, and says the number of the form.
pub(crate) fn draw(
    increment: &mut Increment<'_>,
    look: &Look<'_>,
    wide: f64,
    high: f64,
) -> Result<u32, FontFault> {
    let font = Font::of(look.font, &look.lines)?;
    let number = font.embed(increment)?;
    let mut resources = dict(&[("Font", Object::Dict(dict(&[("F1", Object::Ref(number, 0))])))]);
    let mut content = String::from("q\n");
    let mut left = MARGIN;
    if let Some(seal) = look.seal.as_ref().filter(|seal| seal.is_whole()) {
        let side = (high - 2.0 * MARGIN).min(wide / 2.0).max(1.0);
        let ratio = f64::from(seal.width) / f64::from(seal.height);
        let (across, up) = if ratio >= 1.0 { (side, side / ratio) } else { (side * ratio, side) };
        let picture = Object::Ref(seal.embed(increment), 0);
        resources.set("XObject", Object::Dict(dict(&[("Seal", picture)])));
        _ = writeln!(content, "q {across:.2} 0 0 {up:.2} {MARGIN:.2} {:.2} cm /Seal Do Q", (high - up) / 2.0);
        left += across + MARGIN;
    }
    write_lines(&mut content, &font, &look.lines, [left, wide - MARGIN - left, high]);
    content.push('Q');
    let form = dict(&[
        ("Type", Object::named("XObject")),
        ("Subtype", Object::named("Form")),
        ("BBox", Object::Array([0.0, 0.0, wide, high].map(real).to_vec())),
        ("Resources", Object::Dict(resources)),
    ]);
    Ok(increment.add(Object::Stream(form, content.into_bytes())))
}

fn write_lines(content: &mut String, font: &Font<'_>, lines: &[String], [left, wide, high]: [f64; 3]) {
    let widest = lines.iter().map(|line| font.width(line)).fold(1.0, f64::max);
    let count: f64 = u32::try_from(lines.len()).map_or(1.0, f64::from).max(1.0);
    let size =
        (wide * 1_000.0 / widest).min((high - 2.0 * MARGIN) / (count * LEADING)).clamp(SMALLEST, LARGEST);
    let top = f64::midpoint(high, count * size * LEADING) - size * 1.05;
    _ = writeln!(
        content,
        "BT 0.48 0.12 0.11 rg /F1 {size:.2} Tf {:.2} TL {left:.2} {top:.2} Td",
        size * LEADING
    );
    for line in lines {
        _ = writeln!(content, "<{}> Tj T*", font.encode(line));
    }
    content.push_str("ET\n");
}

impl Picture {
    fn is_whole(&self) -> bool {
        let points = usize::from(self.width) * usize::from(self.height);
        points > 0 && self.points.len() == points * 4
    }

    fn embed(&self, increment: &mut Increment<'_>) -> u32 {
        let (points, _) = self.points.as_chunks::<4>();
        let opacity: Vec<u8> = points.iter().map(|point| point[3]).collect();
        let colours: Vec<u8> = points.iter().flat_map(|point| [point[0], point[1], point[2]]).collect();
        let mask = increment.add(self.stream("DeviceGray", &opacity, None));
        increment.add(self.stream("DeviceRGB", &colours, Some(mask)))
    }

    fn stream(&self, space: &str, bytes: &[u8], mask: Option<u32>) -> Object {
        let mut entries = dict(&[
            ("Type", Object::named("XObject")),
            ("Subtype", Object::named("Image")),
            ("Width", Object::Int(self.width.into())),
            ("Height", Object::Int(self.height.into())),
            ("ColorSpace", Object::named(space)),
            ("BitsPerComponent", Object::Int(8)),
        ]);
        if let Some(mask) = mask {
            entries.set("SMask", Object::Ref(mask, 0));
        }
        let mut packed = ZlibEncoder::new(Vec::new(), Compression::default());
        // Writing into memory cannot fail; should it, the picture is left as it is.
        match packed.write_all(bytes).and_then(|()| packed.finish()) {
            Ok(packed) => {
                entries.set("Filter", Object::named("FlateDecode"));
                Object::Stream(entries, packed)
            }
            Err(_) => Object::Stream(entries, bytes.to_vec()),
        }
    }
}
