//! `dinh openapi`.

use crate::outcome::{Outcome, answer};

pub(crate) const ABOUT: &str = "\
In ra tài liệu OpenAPI của mọi giao diện lập trình.

Prints the OpenAPI 3.1 document of everything that machines may ask of a server. A running server serves the same \
document at /openapi.json and shows it to people at /docs.";

pub(crate) const EXAMPLES: &str = "\
Examples:
  dinh openapi > dinh.openapi.json";

/// Prints the document.
pub(crate) fn run() -> anyhow::Result<Outcome> {
    answer([dinh_web::openapi()])?;
    Ok(Outcome::Done)
}
