//! The handle: every call takes a grant as the evidence that the door has decided, and nothing here knows the engine's
//! language.

use std::path::Path;
use std::sync::Arc;

use dinh_access::{Feed, Grant, Write};
use dinh_model::{Clock, Term};
use tokio::sync::watch;

use crate::plan::Planned;
use crate::{Commit, Cursor, Error, IndexSpec, Op, Options, Receipt, Report, Result, sqlite, vault};

/// The graph of all tenants. Cheap to clone; all clones are the same store.
#[derive(Clone)]
pub struct Store {
    pub(crate) engine: Engine,
}

/// The seam: another engine is another variant, and passes the same contract tests.
#[derive(Clone)]
pub(crate) enum Engine {
    Sqlite(Arc<sqlite::Engine>),
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").finish_non_exhaustive()
    }
}

impl Store {
    /// Opens the store in a directory of the local disk, creating it if there is none.
    ///
    /// # Errors
    /// [`Error::InUse`] if another process has it open, [`Error::Newer`] if a newer program wrote it.
    pub async fn open(dir: impl AsRef<Path>, options: Options, clock: Arc<dyn Clock>) -> Result<Self> {
        let dir = dir.as_ref().to_owned();
        let opening = tokio::task::spawn_blocking(move || sqlite::Engine::open(&dir, options, clock));
        let engine =
            opening.await.map_err(|error| Error::Engine(format!("opening did not finish: {error}")))??;
        Ok(Self { engine: Engine::Sqlite(Arc::new(engine)) })
    }

    pub(crate) fn options(&self) -> &Options {
        match &self.engine {
            Engine::Sqlite(engine) => engine.options(),
        }
    }

    /// Waits for everything handed in before, copies it into its final place and closes the store, for all clones.
    pub async fn close(&self) -> Result<()> {
        match &self.engine {
            Engine::Sqlite(engine) => engine.close().await,
        }
    }

    /// Writes a commit and waits until it is durable.
    ///
    /// Whether each operation was done stands in the [`Receipt`]. An error means that the commit as a whole was not
    /// taken and nothing of it was kept.
    pub async fn commit(&self, grant: &Grant<Write>, commit: Commit) -> Result<Receipt> {
        let planned = Planned::granted(grant, commit, self.options())?;
        match &self.engine {
            Engine::Sqlite(engine) => engine.commit(planned).await,
        }
    }

    /// Writes how far consumers of the feed have come, all in one commit.
    ///
    /// # Errors
    /// [`Error::Invalid`] if one of them is ahead of the feed; then none is written.
    pub async fn save_cursors(&self, grant: &Grant<Feed>, cursors: Vec<(String, u64)>) -> Result<()> {
        let ops = cursors.into_iter().map(|(name, seq)| Op::SaveCursor { name, seq }).collect();
        self.cursors_commit(grant, ops).await
    }

    /// Forgets a consumer of the feed: the feed no longer waits for it.
    pub async fn drop_cursor(&self, grant: &Grant<Feed>, name: &str) -> Result<()> {
        self.cursors_commit(grant, vec![Op::DropCursor { name: name.to_owned() }]).await
    }

    async fn cursors_commit(&self, grant: &Grant<Feed>, ops: Vec<Op>) -> Result<()> {
        let planned = Planned::of_cursors(grant, ops, self.options())?;
        let receipt = match &self.engine {
            Engine::Sqlite(engine) => engine.commit(planned).await?,
        };
        let refused = receipt.results.into_iter().filter_map(Result::err);
        match refused.into_iter().find(|error| *error != crate::OpError::Undone) {
            Some(error) => Err(Error::Invalid(error.to_string())),
            None => Ok(()),
        }
    }

    /// How far every consumer of the feed has come, by name.
    pub async fn cursors(&self, _grant: &Grant<Feed>) -> Result<Vec<Cursor>> {
        match &self.engine {
            Engine::Sqlite(engine) => engine.cursors().await,
        }
    }

    /// Number of the last change in the feed; 0 before the first.
    pub fn head(&self, _grant: &Grant<Feed>) -> u64 {
        match &self.engine {
            Engine::Sqlite(engine) => engine.feed().head(),
        }
    }

    /// Tells of every new last change, once it is durable.
    pub fn watch(&self, _grant: &Grant<Feed>) -> watch::Receiver<u64> {
        match &self.engine {
            Engine::Sqlite(engine) => engine.feed().watch(),
        }
    }

    /// The changes after `after`, at most `limit`, of all tenants, in order and without gaps. Recent ones come from
    /// memory and carry the entity after the change.
    ///
    /// # Errors
    /// [`Error::Trimmed`] if the feed no longer goes back so far.
    pub async fn changes(
        &self,
        _grant: &Grant<Feed>,
        after: u64,
        limit: usize,
    ) -> Result<Vec<Arc<crate::Recorded>>> {
        match &self.engine {
            Engine::Sqlite(engine) => engine.changes(after, limit).await,
        }
    }

    /// Declares that values of attributes are indexed. Does nothing for what is declared already; returns when every
    /// entity that exists is in the new indexes. Until then queries work, without them. Writes go on meanwhile.
    pub async fn declare_indexes(&self, _grant: &Grant<Feed>, specs: Vec<IndexSpec>) -> Result<()> {
        match &self.engine {
            Engine::Sqlite(engine) => engine.declare_indexes(specs).await,
        }
    }

    /// Declares that the texts of attributes are found by [`Store::search`], beside those that always are.
    pub async fn declare_search(&self, _grant: &Grant<Feed>, attributes: Vec<Term>) -> Result<()> {
        match &self.engine {
            Engine::Sqlite(engine) => engine.declare_search(attributes).await,
        }
    }

    /// Takes away what is too old to keep, in bounded steps, until nothing is left that is. The store does this by
    /// itself, a step at a time, while it is idle; this is for those who cannot wait.
    pub async fn housekeep(&self, _grant: &Grant<Feed>) -> Result<()> {
        match &self.engine {
            Engine::Sqlite(engine) => {
                while !engine.housekeep().await? {}
                Ok(())
            }
        }
    }

    /// Copies the store, as it is at one moment, into a directory that is new or empty. Runs while the store is used.
    ///
    /// # Errors
    /// [`Error::Invalid`] if the directory holds something already.
    pub async fn backup(&self, _grant: &Grant<Feed>, to: impl AsRef<Path>) -> Result<()> {
        match &self.engine {
            Engine::Sqlite(engine) => engine.backup(to.as_ref().to_owned()).await,
        }
    }

    /// Copies the store in a directory, as it is at one moment, into a directory that is new or empty. Another process
    /// may have it open and write to it meanwhile.
    ///
    /// # Errors
    /// [`Error::Invalid`] if there is no store, or if the other directory holds one already.
    pub async fn copy(dir: impl AsRef<Path>, to: impl AsRef<Path>) -> Result<()> {
        let (dir, to) = (dir.as_ref().to_owned(), to.as_ref().to_owned());
        let copying = tokio::task::spawn_blocking(move || sqlite::copy_from(&dir, &to));
        copying.await.map_err(|error| Error::Engine(format!("the backup did not finish: {error}")))?
    }

    /// Copies the keys in a folder, as they are at one moment, into another folder that has none; false if there are no
    /// keys. Another process may be using them. The copy is opened by the same master key, which is not in it.
    ///
    /// # Errors
    /// [`Error::Invalid`] if the other folder holds keys already.
    pub async fn copy_keys(folder: impl AsRef<Path>, to: impl AsRef<Path>) -> Result<bool> {
        let (folder, to) = (folder.as_ref().to_owned(), to.as_ref().to_owned());
        let copying = tokio::task::spawn_blocking(move || vault::copy(&folder, &to));
        copying.await.map_err(|error| Error::Engine(format!("the keys were not copied: {error}")))?
    }

    /// The name and version of the database engine.
    pub fn engine_name() -> String {
        sqlite::name()
    }

    /// Brings a backup back into a directory that holds no store. No store may be open there.
    pub async fn restore(from: impl AsRef<Path>, dir: impl AsRef<Path>) -> Result<()> {
        let (from, dir) = (from.as_ref().to_owned(), dir.as_ref().to_owned());
        let restoring = tokio::task::spawn_blocking(move || sqlite::restore(&from, &dir));
        restoring.await.map_err(|error| Error::Engine(format!("restoring did not finish: {error}")))?
    }

    /// Checks every invariant, on one state of the store, while it is used.
    pub async fn verify(&self, _grant: &Grant<Feed>) -> Result<Report> {
        match &self.engine {
            Engine::Sqlite(engine) => engine.verify().await,
        }
    }
}
