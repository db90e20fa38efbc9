//! The fonts of papers, built in.

use std::sync::{Arc, LazyLock};

use typst::foundations::Bytes;
use typst::text::{Font, FontBook};

const FILES: [&[u8]; 7] = [
    include_bytes!("../fonts/LiberationSerif-Regular.ttf"),
    include_bytes!("../fonts/LiberationSerif-Bold.ttf"),
    include_bytes!("../fonts/LiberationSerif-Italic.ttf"),
    include_bytes!("../fonts/LiberationSerif-BoldItalic.ttf"),
    include_bytes!("../fonts/BeVietnamPro-Regular.ttf"),
    include_bytes!("../fonts/BeVietnamPro-SemiBold.ttf"),
    include_bytes!("../fonts/BeVietnamPro-Bold.ttf"),
];

/// Fonts, and the book in which they are found.
pub(crate) fn built_in() -> (FontBook, Vec<Font>) {
    let fonts: Vec<Font> = FILES.iter().flat_map(|file| Font::iter(Bytes::new(*file))).collect();
    (FontBook::from_fonts(&fonts), fonts)
}

/// The font in which signatures are written.
pub(crate) fn of_signatures() -> Arc<[u8]> {
    static REGULAR: LazyLock<Arc<[u8]>> = LazyLock::new(|| Arc::from(FILES[0]));
    Arc::clone(&REGULAR)
}
