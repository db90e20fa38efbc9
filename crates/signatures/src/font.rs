//! The part of a font that a few lines need, as PDF embeds it: with the letters of Vietnamese, and readable as text.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use subsetter::GlyphRemapper;
use ttf_parser::Face;

use crate::pdf::{Dict, Increment, Object};

/// Why a font is not used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FontFault {
    /// It cannot be read, or has no TrueType outlines.
    #[error("the font cannot be used: it has to be TrueType (.ttf)")]
    Unusable,
    /// A letter is not in it.
    #[error("the font has no letter {0:?}")]
    Lacks(char),
}

/// A font with the letters of some lines.
pub(crate) struct Font<'a> {
    face: Face<'a>,
    bytes: &'a [u8],
    glyphs: GlyphRemapper,
    letters: BTreeMap<u16, char>,
}

impl<'a> Font<'a> {
    /// The letters of `lines` from `bytes`. Letters have to be composed (NFC).
    pub(crate) fn of(bytes: &'a [u8], lines: &[String]) -> Result<Self, FontFault> {
        let face = Face::parse(bytes, 0).map_err(|_error| FontFault::Unusable)?;
        if face.tables().glyf.is_none() || face.units_per_em() == 0 {
            return Err(FontFault::Unusable);
        }
        let mut font = Self { face, bytes, glyphs: GlyphRemapper::new(), letters: BTreeMap::new() };
        for letter in lines.iter().flat_map(|line| line.chars()) {
            let glyph = font.face.glyph_index(letter).ok_or(FontFault::Lacks(letter))?;
            let new = font.glyphs.remap(glyph.0);
            font.letters.entry(new).or_insert(letter);
        }
        Ok(font)
    }

    /// How wide a line is, in thousandths of its size.
    pub(crate) fn width(&self, line: &str) -> f64 {
        line.chars()
            .filter_map(|letter| self.face.glyph_index(letter))
            .map(|glyph| self.advance(glyph.0))
            .sum()
    }

    fn advance(&self, glyph: u16) -> f64 {
        self.scaled(self.face.glyph_hor_advance(ttf_parser::GlyphId(glyph)).unwrap_or(0).into())
    }

    fn scaled(&self, units: f64) -> f64 {
        units * 1_000.0 / f64::from(self.face.units_per_em())
    }

    /// A line as the numbers of its glyphs, in hexadecimal digits.
    pub(crate) fn encode(&self, line: &str) -> String {
        line.chars().filter_map(|letter| self.glyphs.get(self.face.glyph_index(letter)?.0)).fold(
            String::new(),
            |mut text, glyph| {
                // Writing into a string cannot fail.
                _ = write!(text, "{glyph:04X}");
                text
            },
        )
    }

    /// Adds the font to the document, and says its number.
    pub(crate) fn embed(&self, increment: &mut Increment<'_>) -> Result<u32, FontFault> {
        // What a subset is called begins with six letters of its own (ISO 32000-1, 9.6.4).
        const NAME: &str = "DINHSG+Signature";
        let subset = subsetter::subset(self.bytes, 0, &self.glyphs).map_err(|_error| FontFault::Unusable)?;
        let length = i64::try_from(subset.len()).unwrap_or(0);
        let file = increment.add(Object::Stream(dict(&[("Length1", Object::Int(length))]), subset));
        let descriptor = increment.add(Object::Dict(self.descriptor(NAME, file)));
        let widths: Vec<Object> =
            self.glyphs.remapped_gids().map(|glyph| real(self.advance(glyph))).collect();
        let system = dict(&[
            ("Registry", Object::words("Adobe")),
            ("Ordering", Object::words("Identity")),
            ("Supplement", Object::Int(0)),
        ]);
        let descendant = increment.add(Object::Dict(dict(&[
            ("Type", Object::named("Font")),
            ("Subtype", Object::named("CIDFontType2")),
            ("BaseFont", Object::named(NAME)),
            ("CIDSystemInfo", Object::Dict(system)),
            ("FontDescriptor", Object::Ref(descriptor, 0)),
            ("W", Object::Array(vec![Object::Int(0), Object::Array(widths)])),
            ("CIDToGIDMap", Object::named("Identity")),
        ])));
        let words = increment.add(Object::Stream(Dict::default(), self.letters_map().into_bytes()));
        Ok(increment.add(Object::Dict(dict(&[
            ("Type", Object::named("Font")),
            ("Subtype", Object::named("Type0")),
            ("BaseFont", Object::named(NAME)),
            ("Encoding", Object::named("Identity-H")),
            ("DescendantFonts", Object::Array(vec![Object::Ref(descendant, 0)])),
            ("ToUnicode", Object::Ref(words, 0)),
        ]))))
    }

    fn descriptor(&self, name: &str, file: u32) -> Dict {
        let bounds = self.face.global_bounding_box();
        let bounds = [bounds.x_min, bounds.y_min, bounds.x_max, bounds.y_max];
        let capital = self.face.capital_height().unwrap_or_else(|| self.face.ascender());
        dict(&[
            ("Type", Object::named("FontDescriptor")),
            ("FontName", Object::named(name)),
            // Symbolic: its glyphs are named by number.
            ("Flags", Object::Int(4)),
            ("FontBBox", Object::Array(bounds.map(|side| real(self.scaled(side.into()))).to_vec())),
            ("ItalicAngle", Object::Int(0)),
            ("Ascent", real(self.scaled(self.face.ascender().into()))),
            ("Descent", real(self.scaled(self.face.descender().into()))),
            ("CapHeight", real(self.scaled(capital.into()))),
            ("StemV", Object::Int(80)),
            ("FontFile2", Object::Ref(file, 0)),
        ])
    }

    /// Which letter each glyph is, so that the text can be read out and searched.
    fn letters_map(&self) -> String {
        let mut map = String::from(
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo << /Registry (Adobe) \
             /Ordering (UCS) /Supplement 0 >> def\n/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n\
             1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n",
        );
        let rows: Vec<_> = self.letters.iter().collect();
        for rows in rows.chunks(100) {
            _ = writeln!(map, "{} beginbfchar", rows.len());
            for (glyph, letter) in rows {
                let mut units = [0; 2];
                let units = letter.encode_utf16(&mut units);
                let digits = units.iter().fold(String::new(), |mut text, unit| {
                    _ = write!(text, "{unit:04X}");
                    text
                });
                _ = writeln!(map, "<{glyph:04X}> <{digits}>");
            }
            map.push_str("endbfchar\n");
        }
        map.push_str("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend");
        map
    }
}

pub(crate) fn dict(entries: &[(&str, Object)]) -> Dict {
    Dict(entries.iter().map(|(key, value)| (key.as_bytes().to_vec(), value.clone())).collect())
}

pub(crate) fn real(number: f64) -> Object {
    Object::Real(format!("{number:.2}"))
}
