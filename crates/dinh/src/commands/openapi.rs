//! `dinh openapi`.

use crate::outcome::{Outcome, answer};

pub(crate) const ABOUT: &str = "\
In tài liệu OpenAPI 3.1 của mọi điều mà chương trình khác có thể hỏi máy chủ. Máy chủ đang chạy cũng cung cấp tài liệu \
này tại /openapi.json và trình bày cho người đọc tại /docs.

Prints the OpenAPI 3.1 document of everything that machines may ask of a server. A running server serves the same \
document at /openapi.json and shows it to people at /docs.";

pub(crate) const EXAMPLES: &str = "\
Ví dụ · Examples:
  dinh openapi > dinh.openapi.json";

/// Prints the document.
pub(crate) fn run() -> anyhow::Result<Outcome> {
    answer([dinh_web::openapi()])?;
    Ok(Outcome::Done)
}
