//! A folder of packs written by a test: one pack `thu`, one province.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Result;
use tempfile::TempDir;

/// The tenant of the test province.
const TENANT: &str = "thu";

/// Packs for `--packs`, removed when dropped.
#[derive(Debug)]
pub struct Packs {
    folder: TempDir,
    feeds: Vec<String>,
}

impl Packs {
    /// A pack named `thu` with no types and no feeds, used by a tenant named `thu`.
    pub fn new() -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("dinh-packs-").tempdir()?;
        let packs = Self { folder, feeds: Vec::new() };
        packs.write(
            "thu/pack.toml",
            "name = \"thu\"\nversion = \"0.0.1\"\n[title]\nvi = \"Gói thử\"\nen = \"Trial pack\"\n",
        )?;
        packs.write_province()?;
        Ok(packs)
    }

    /// Adds `feeds/<name>.toml` and has the province run it. Titles, owner and licence are written here.
    pub fn feed(&mut self, name: &str, definition: &str) -> Result<()> {
        let title = format!("title = {{ vi = \"Nguồn {name}\", en = \"Feed {name}\" }}\n");
        let owner = "description = { vi = \"Để thử\", en = \"For tests\" }\n\
                     owner = { vi = \"Phòng thử\", en = \"Test room\" }\nlicence = \"CC0-1.0\"\n";
        self.write(&format!("thu/feeds/{name}.toml"), format!("{title}{owner}{definition}"))?;
        self.feeds.push(format!("thu/{name}"));
        self.write_province()
    }

    /// Writes any file of the packs.
    pub fn write(&self, path: &str, content: impl AsRef<[u8]>) -> Result<PathBuf> {
        let path = self.folder.path().join(path);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(&path, content)?;
        Ok(path)
    }

    fn write_province(&self) -> Result<()> {
        let mut text =
            format!("tenant = \"{TENANT}\"\ntitle = {{ vi = \"Tỉnh Thử\", en = \"Trial province\" }}\n");
        text.push_str(
            "province_code = \"46\"\ncenter = [107.58, 16.46]\nbounds = [107.0, 15.9, 108.3, 16.8]\n",
        );
        writeln!(text, "zoom = 9.0\npacks = [\"thu\"]\nfeeds = {:?}", self.feeds)?;
        self.write("provinces/thu.toml", text).map(drop)
    }

    /// The folder to pass to `--packs`.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The tenant of the province.
    pub fn tenant(&self) -> &'static str {
        TENANT
    }
}
