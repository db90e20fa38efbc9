//! What sets papers: the press, with the templates of the packs.

use std::sync::Arc;

use dinh_context::packs::Packs;
use dinh_typeset::Press;
use dinh_web::App;

use crate::said::{OrSay as _, Words};

/// Gives the cases and the cards of a house what sets them. A template that is wrong is told with file and line.
pub(crate) fn press(app: &App, packs: &Packs, address: &str) -> anyhow::Result<()> {
    let wrong = || Words::new("không dùng được các mẫu văn bản", "the templates of papers cannot be used");
    let templates = dinh_casework::templates(packs).or_say(wrong)?;
    let press = Press::new(templates).or_say(wrong)?;
    let press = Arc::new(press);
    app.cards().set_press(Arc::<Press>::clone(&press));
    app.casework().set_press(press, address);
    Ok(())
}
