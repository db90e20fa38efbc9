//! Looking at a vault without changing it.

use std::collections::BTreeMap;
use std::sync::Arc;

use rusqlite::Connection;

use super::cipher::Cipher;
use super::file;
use super::keys::Vault;
use super::options::VaultOptions;
use crate::report::Check;
use crate::{Error, Result};

impl VaultOptions {
    /// Looks whether the master key opens the keys, also while another process uses them; false if there are none yet.
    /// Changes nothing.
    ///
    /// # Errors
    /// [`Error::WrongMaster`] if it does not.
    pub fn look(&self) -> Result<bool> {
        if !self.folder.join(file::FILE).is_file() {
            return Ok(false);
        }
        let connection = file::reader(&self.folder)?;
        file::check(&connection, &Cipher::new(&self.master)?, &self.folder)?;
        Ok(true)
    }
}

impl Vault {
    /// Checks that every key that is still there can be opened, and that every erasure has been carried out.
    pub(crate) fn verify(self: &Arc<Self>) -> Result<Check> {
        let mut check = Check::new("keys");
        for (number, destroyed) in self.numbers()? {
            let opened = self.cipher(number).map(|cipher| cipher.is_none());
            check.expect(opened.is_ok_and(|gone| gone == destroyed), || {
                format!("key {number} cannot be opened")
            });
        }
        let due: i64 = self.writing().query_row(
            "SELECT count(*) FROM erasure WHERE carried_out IS NULL",
            [],
            |row| row.get(0),
        )?;
        if due > 0 {
            check.fault(|| format!("{due} erasures are not carried out"));
        }
        Ok(check)
    }

    fn numbers(&self) -> Result<BTreeMap<u64, bool>> {
        let connection: &Connection = &self.writing();
        let mut statement = connection.prepare("SELECT number, wrapped IS NULL FROM key")?;
        let rows = statement.query_map([], |row| Ok((row.get::<_, i64>(0)?.cast_unsigned(), row.get(1)?)))?;
        rows.collect::<std::result::Result<_, _>>().map_err(Error::from)
    }
}
