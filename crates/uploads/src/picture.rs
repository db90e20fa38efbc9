//! Pictures: decoded within bounds and written anew, so that nothing but the picture stays.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, Limits as Bounds};

use crate::{Kind, Limits, Refused};

/// How well photographs are kept, of 100.
const QUALITY: u8 = 88;

/// A picture that has been let through before, cut around its middle to the shape of `width` and `height`, as JPEG of at most so
/// many pixels: for printing.
///
/// # Errors
/// [`Refused::Picture`] for what is no picture.
pub fn portrait(bytes: &[u8], (width, height): (u32, u32)) -> Result<Vec<u8>, Refused> {
    let refused = || Refused::Picture(Limits::default().pixels);
    let picture = decoded(bytes)?;
    let shown =
        DynamicImage::ImageRgb8(picture.resize_to_fill(width, height, FilterType::Triangle).to_rgb8());
    let mut out = Vec::new();
    shown.write_with_encoder(JpegEncoder::new_with_quality(&mut out, QUALITY)).map_err(|_fault| refused())?;
    Ok(out)
}

/// A picture that has been let through before, as PNG with its opacity and at most `side` points wide and high: for a seal.
///
/// # Errors
/// [`Refused::Picture`] for what is no picture.
pub fn emblem(bytes: &[u8], side: u32) -> Result<Vec<u8>, Refused> {
    let mut picture = decoded(bytes)?;
    if picture.width() > side || picture.height() > side {
        picture = picture.resize(side, side, FilterType::Triangle);
    }
    let mut out = Vec::new();
    let written =
        DynamicImage::ImageRgba8(picture.to_rgba8()).write_to(&mut Cursor::new(&mut out), ImageFormat::Png);
    written.map_err(|_fault| Refused::Picture(Limits::default().pixels))?;
    Ok(out)
}

/// How wide and how high a picture is, and its points: red, green, blue and opacity of each, row by row from the top.
///
/// # Errors
/// [`Refused::Picture`] for what is no picture.
pub fn points(bytes: &[u8]) -> Result<(u16, u16, Vec<u8>), Refused> {
    let picture = decoded(bytes)?.into_rgba8();
    let side = |side: u32| u16::try_from(side).map_err(|_wide| Refused::Picture(Limits::default().pixels));
    Ok((side(picture.width())?, side(picture.height())?, picture.into_raw()))
}

fn decoded(bytes: &[u8]) -> Result<DynamicImage, Refused> {
    let limits = Limits::default();
    let refused = || Refused::Picture(limits.pixels);
    let mut reader =
        ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_broken| refused())?;
    let mut bounds = Bounds::default();
    bounds.max_alloc = Some(limits.memory);
    reader.limits(bounds);
    reader.decode().map_err(|_broken| refused())
}

/// The picture in `bytes`, written anew, and its kind: JPEG stays JPEG, all else becomes PNG. It is turned as its metadata
/// say, because these do not stay.
pub(crate) fn anew(kind: Kind, bytes: &[u8], limits: &Limits) -> Result<(Kind, Vec<u8>), Refused> {
    let refused = || Refused::Picture(limits.pixels);
    let format = match kind {
        Kind::Jpeg => ImageFormat::Jpeg,
        Kind::Png => ImageFormat::Png,
        _ => ImageFormat::WebP,
    };
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut bounds = Bounds::default();
    bounds.max_image_width = Some(limits.side);
    bounds.max_image_height = Some(limits.side);
    bounds.max_alloc = Some(limits.memory);
    reader.limits(bounds);
    let mut decoder = reader.into_decoder().map_err(|_broken| refused())?;
    let (width, height) = decoder.dimensions();
    // The head says how large it will be, before a pixel is unpacked.
    if u64::from(width) * u64::from(height) > limits.pixels || decoder.total_bytes() > limits.memory {
        return Err(refused());
    }
    let turned = decoder.orientation().ok();
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|_broken| refused())?;
    if let Some(turned) = turned {
        picture.apply_orientation(turned);
    }
    let mut out = Vec::new();
    if kind == Kind::Jpeg {
        let plain = DynamicImage::ImageRgb8(picture.to_rgb8());
        plain
            .write_with_encoder(JpegEncoder::new_with_quality(&mut out, QUALITY))
            .map_err(|_fault| refused())?;
        return Ok((Kind::Jpeg, out));
    }
    picture.write_to(&mut Cursor::new(&mut out), ImageFormat::Png).map_err(|_fault| refused())?;
    Ok((Kind::Png, out))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_emblem_keeps_its_opacity_and_is_made_small() {
        let clear = image::RgbaImage::from_pixel(600, 300, image::Rgba([200, 0, 0, 0]));
        let mut bytes = Vec::new();
        DynamicImage::ImageRgba8(clear)
            .write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png)
            .expect("a picture");
        let (wide, high, all) = points(&emblem(&bytes, 240).expect("a picture")).expect("a picture");
        assert_eq!((wide, high, all.len()), (240, 120, 240 * 120 * 4));
        assert_eq!(all.get(3), Some(&0), "what is clear stays clear");
        assert!(emblem(b"<svg>", 240).is_err() && points(b"").is_err());
    }
}
