//! The data folder of commands that read what is there.

use std::path::Path;

use crate::said::said;

/// Refuses a data folder that is not there, rather than beginning an empty graph in it.
pub(super) fn must_be_there(data: &Path) -> anyhow::Result<()> {
    if data.is_dir() {
        return Ok(());
    }
    let data = data.display();
    Err(said(
        format!("không có thư mục {data}; hãy nêu thư mục dữ liệu bằng --data"),
        format!("there is no folder {data}; name the data folder with --data"),
    ))
}
