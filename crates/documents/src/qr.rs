//! QR codes on documents.

use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};

/// A QR code of a text as SVG, black on white, without its quiet zone: the template leaves room for it. None for a text
/// that is too long (about 2,300 bytes).
pub fn qr_svg(text: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    Some(code.render::<svg::Color<'_>>().min_dimensions(128, 128).quiet_zone(false).build())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_becomes_a_picture_and_a_novel_does_not() {
        let svg = qr_svg("https://dinh.example/hue/check/K7QM2XWA9PTDHB4E").unwrap_or_default();
        assert!(svg.starts_with("<?xml") && svg.contains("<path"), "{svg}");
        assert_eq!(qr_svg(&"x".repeat(4000)), None);
    }
}
