//! Looking at what somebody uploads before it is kept, for pages and programs alike.

use dinh_uploads::{Checked, Limits, Refused};
use tokio::sync::Semaphore;

use crate::app::App;

/// Largest file, in bytes.
pub(crate) const MOST: usize = 10 << 20;
/// Files that are looked at beside one another: decoding pictures takes memory.
static LOOKING: Semaphore = Semaphore::const_new(2);

/// A file that was sent, by its name and what its sender says it is, looked at; or why it is not taken: nothing if
/// looking itself went wrong.
pub(crate) async fn look_at(
    app: &App,
    (name, declared): (String, String),
    content: Vec<u8>,
) -> Result<Checked, Option<Refused>> {
    let limits = Limits { bytes: MOST, ..Limits::default() };
    let _place = LOOKING.acquire().await.map_err(|_closed| None)?;
    let look = move || Checked::new(content, &declared, &name, &limits);
    let looked = tokio::task::spawn_blocking(look).await.map_err(|_panicked| None)?;
    let checked = looked.map_err(Some)?;
    if let Some(scanner) = &app.settings.scanner {
        scanner.scan(&checked).await.map_err(Some)?;
    }
    Ok(checked)
}
