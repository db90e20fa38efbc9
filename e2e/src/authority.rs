//! A certification authority as openssl makes one: for tests of signatures, which believe it because they say so.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};
use tempfile::TempDir;

/// What the certificates of whoever signs say.
const LEAF: &str =
    "basicConstraints = critical, CA:FALSE\nkeyUsage = critical, digitalSignature, nonRepudiation\n";
/// The list of trusted authorities.
const TRUST: &str =
    "[[authority]]\nfile = \"root.pem\"\nfrom = \"2020-01-01\"\nsource = \"Quyết định thử\"\n";

/// An authority.
pub struct Authority(TempDir);

impl Authority {
    /// A new one, with a list that trusts it.
    ///
    /// # Errors
    /// Without openssl.
    pub fn new() -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("dinh-authority-").tempdir()?;
        std::fs::write(folder.path().join("leaf.cnf"), LEAF)?;
        std::fs::write(folder.path().join("trust.toml"), TRUST)?;
        let made = [
            "req -x509 -newkey rsa:2048 -nodes -keyout root.key -out root.pem -days 3650 -subj /C=VN/CN=Root",
            "-addext keyUsage=critical,keyCertSign,cRLSign",
        ];
        openssl(folder.path(), &made.join(" "))?;
        Ok(Self(folder))
    }

    /// The file that trusts it.
    pub fn trust(&self) -> PathBuf {
        self.0.path().join("trust.toml")
    }

    /// The certificate that a request asks for, in PEM.
    ///
    /// # Errors
    /// What openssl says of the request.
    pub fn certify(&self, request: &[u8]) -> Result<Vec<u8>> {
        let folder = self.0.path();
        std::fs::write(folder.join("leaf.csr"), request)?;
        openssl(
            folder,
            "x509 -req -in leaf.csr -CA root.pem -CAkey root.key -CAcreateserial -days 300 -extfile leaf.cnf -out leaf.pem",
        )?;
        Ok(std::fs::read(folder.join("leaf.pem"))?)
    }
}

fn openssl(folder: &Path, arguments: &str) -> Result<()> {
    let mut command = Command::new("openssl");
    command.args(arguments.split(' ')).current_dir(folder).stdin(Stdio::null());
    let output = command.output().context("openssl does not start")?;
    ensure!(output.status.success(), "openssl {arguments}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}
