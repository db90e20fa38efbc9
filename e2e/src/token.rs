//! A USB token as SoftHSM plays it, and the agent that signs with it.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context as _, Result, bail, ensure};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, BufReader, Lines};
use tokio::process::{Child, ChildStderr, ChildStdout, Command};

use crate::{PATIENCE, dinh};

const LIBRARIES: [&str; 3] = [
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
];
/// What its certificate says.
const LEAF: [&str; 2] =
    ["basicConstraints=critical,CA:FALSE", "keyUsage=critical,digitalSignature,nonRepudiation"];

/// A token called `dinh`, whose PIN is 2468, with one key and its certificate.
pub struct UsbToken {
    folder: TempDir,
    library: &'static str,
}

impl UsbToken {
    /// One with the key in `key.pem` and the certificate in `cert.pem` of its folder; none where what makes one is not
    /// installed (SoftHSM, and certutil and modutil of NSS).
    ///
    /// # Errors
    /// What one of them says.
    pub async fn make() -> Result<Option<Self>> {
        let Some(library) = LIBRARIES.into_iter().find(|file| Path::new(file).exists()) else {
            return Ok(None);
        };
        let folder = tempfile::Builder::new().prefix("dinh-token-").tempdir()?;
        let token = Self { folder, library };
        std::fs::create_dir(token.path("tokens"))?;
        std::fs::create_dir(token.path("nss"))?;
        let tokens = token.path("tokens");
        let config = format!("directories.tokendir = {}\nobjectstore.backend = file\n", tokens.display());
        std::fs::write(token.path("softhsm2.conf"), config)?;
        std::fs::write(token.path("pin"), "2468\n")?;
        owner_only(&token.path("pin"))?;
        let req = "req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 30 -subj /C=VN/CN=HoThiMot";
        token.run("openssl", &format!("{req} -addext {} -addext {}", LEAF[0], LEAF[1])).await?;
        let init = "--init-token --free --label dinh --pin 2468 --so-pin 13579";
        let import = "--import key.pem --token dinh --label key --id 01 --pin 2468";
        for arguments in [init, import] {
            token.run("softhsm2-util", arguments).await?;
        }
        let filled = [
            ("certutil", "-N -d sql:nss --empty-password".to_owned()),
            ("modutil", format!("-dbdir sql:nss -add soft -libfile {library} -force")),
            ("certutil", "-A -d sql:nss -h dinh -n dinh:one -t ,, -i cert.pem -f pin".to_owned()),
        ];
        for (program, arguments) in filled {
            if Command::new(program)
                .arg("-H")
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()
                .await
                .is_err()
            {
                return Ok(None);
            }
            token.run(program, &arguments).await?;
        }
        Ok(Some(token))
    }

    /// A file of its folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The library by which it is reached.
    pub const fn library(&self) -> &'static str {
        self.library
    }

    /// Runs a program in its folder; answers what it says.
    ///
    /// # Errors
    /// What it says, if it fails.
    pub async fn run(&self, program: &str, arguments: &str) -> Result<String> {
        let mut command = Command::new(program);
        command.args(arguments.split(' ')).current_dir(self.folder.path()).stdin(Stdio::null());
        let output = command.env("SOFTHSM2_CONF", self.path("softhsm2.conf")).output().await?;
        let said =
            String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
        ensure!(output.status.success(), "{program} {arguments}: {said}");
        Ok(said)
    }

    /// Starts the agent for a site on a free port, or says how it ended.
    ///
    /// # Errors
    /// It does not start, and what it says.
    pub async fn agent(&self, arguments: &[&str]) -> Result<TokenAgent> {
        let mut command = Command::new(dinh()?);
        command.arg("token-agent").arg("--library").arg(self.library).args(arguments);
        command.current_dir(self.folder.path()).env("SOFTHSM2_CONF", self.path("softhsm2.conf"));
        command.env_remove("DINH_TOKEN_PIN").stdin(Stdio::null());
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn()?;
        let mut out = BufReader::new(child.stdout.take().context("its output")?).lines();
        let mut err = BufReader::new(child.stderr.take().context("its errors")?).lines();
        let Some(first) = next(&mut out).await? else {
            let mut said = String::new();
            while let Some(line) = next(&mut err).await? {
                said += &line;
            }
            bail!("the agent did not start: {said}");
        };
        let url = first.strip_prefix("Đình: ").context(first.clone())?.to_owned();
        let mut agent = TokenAgent { url, code: String::new(), _child: child, out, err };
        while agent.code.is_empty() {
            let line = next(&mut agent.out).await?.context("a pairing code")?;
            if let Some((_, code)) = line.split_once("pairing code: ") {
                code.trim().clone_into(&mut agent.code);
            }
        }
        Ok(agent)
    }
}

/// The agent, ended when dropped.
pub struct TokenAgent {
    url: String,
    /// The pairing code that it has shown.
    pub code: String,
    _child: Child,
    out: Lines<BufReader<ChildStdout>>,
    err: Lines<BufReader<ChildStderr>>,
}

impl TokenAgent {
    /// Its address, without a slash at the end.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The next line that it says at its terminal.
    ///
    /// # Errors
    /// It says nothing more in time.
    pub async fn says(&mut self) -> Result<String> {
        next(&mut self.err).await?.context("the agent has ended")
    }
}

async fn next<R: AsyncRead + Unpin>(lines: &mut Lines<BufReader<R>>) -> Result<Option<String>> {
    Ok(tokio::time::timeout(PATIENCE, lines.next_line()).await.context("the agent says nothing")??)
}

fn owner_only(file: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    Ok(std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600))?)
}
