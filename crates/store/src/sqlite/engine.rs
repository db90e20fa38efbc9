//! The engine: one file, one writer, some readers.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use dinh_model::{Clock, Term, Timestamp};
use rusqlite::Connection;

use super::checkpoint::Checkpoints;
use super::failure::Failed;
use super::lock::Lock;
use super::pool::Pool;
use super::queue::{Declaration, Job, Queue};
use super::recall::Recall;
use super::shared::Shared;
use super::wanted::Wanted;
use super::writer::{Place, Writer};
use super::{connect, migrate};
use crate::feed::Feed;
use crate::names::{NameId, Names, SharedNames};
use crate::plan::Planned;
use crate::spec::{SharedSpecs, Specs};
use crate::vault::{Vault, make_folder};
use crate::{Error, IndexSpec, Options, Receipt};

/// Name of the database in the directory of a store.
pub(super) const FILE: &str = "graph.sqlite";

/// SQLite as the engine of a store.
pub(crate) struct Engine {
    pub(super) shared: Arc<Shared>,
    pub(super) pool: Pool,
    pub(super) queue: Queue,
    writer: Mutex<Option<JoinHandle<()>>>,
}

impl Engine {
    /// Opens or creates the store in `dir`. Blocks.
    pub(crate) fn open(dir: &Path, options: Options, clock: Arc<dyn Clock>) -> Failed<Self> {
        std::fs::create_dir_all(dir).map_err(|error| Error::file(dir, &error))?;
        let lock = Lock::take(dir)?;
        let file = dir.join(FILE);
        let mut connection = connect::writer(&file, &options)?;
        migrate::run(&connection)?;
        let keys = options.vault.as_ref().map(|vault| take_keys(&vault.folder)).transpose()?;
        let vault = open_vault(&options, &connection, clock.as_ref())?;
        let place = place(&connection)?;
        let names = load_names(&connection, "SELECT id, text FROM name ORDER BY id")?;
        let tenants = load_names(&connection, "SELECT id, name FROM tenant ORDER BY id")?;
        let specs = SharedSpecs::default();
        specs.set(load_specs(&connection, &names)?);
        let feed = Feed::new(place.head, options.ring_length, options.ring_bytes);
        let (queue, inbox) = Queue::new(&options);
        let checkpoints = Checkpoints::start(&file, &mut connection, &options)?;
        let recall = Recall::new(options.recall_bytes);
        let wanted = Wanted::default();
        let shared =
            Arc::new(Shared { file, options, clock, names, tenants, specs, feed, recall, wanted, vault });
        let pool = Pool::open(&shared)?;
        let mut writer = Writer::new(connection, Arc::clone(&shared), checkpoints, place);
        writer.catch_up()?;
        let work = move || {
            // The locks are let go when the last connection that writes is closed.
            let _locks = (lock, keys);
            writer.run(&inbox);
        };
        let thread = std::thread::Builder::new()
            .name("dinh-store-writer".into())
            .spawn(work)
            .map_err(|error| Error::Engine(format!("cannot start a thread: {error}")))?;
        Ok(Self { shared, pool, queue, writer: Mutex::new(Some(thread)) })
    }

    pub(crate) fn options(&self) -> &Options {
        &self.shared.options
    }

    pub(crate) fn feed(&self) -> &Feed {
        &self.shared.feed
    }

    pub(crate) async fn commit(&self, planned: Planned) -> Failed<Receipt> {
        self.queue.commit(planned).await
    }

    /// Erases for good.
    pub(crate) async fn erase(&self, planned: Planned) -> Failed<Receipt> {
        self.queue.ask(|reply| Job::Erase(Box::new(planned), reply)).await
    }

    pub(crate) async fn declare_indexes(&self, specs: Vec<IndexSpec>) -> Failed<()> {
        self.queue.ask(|reply| Job::Declare(Declaration::Indexes(specs), reply)).await?;
        self.backfill().await
    }

    pub(crate) async fn declare_search(&self, attributes: Vec<Term>) -> Failed<()> {
        self.queue.ask(|reply| Job::Declare(Declaration::Searchable(attributes), reply)).await?;
        self.backfill().await
    }

    /// Brings entities into declared indexes, step by step, so that commits get their turn in between.
    async fn backfill(&self) -> Failed<()> {
        while !self.queue.ask(Job::Backfill).await? {}
        Ok(())
    }

    /// Has the indexes made that queries have turned out to need. Nobody waits for it.
    pub(super) fn make_wanted(&self) {
        if self.shared.wanted.is_due() && self.queue.send(Job::Adapt).is_err() {
            tracing::debug!("the store is closed; no index is made");
        }
    }

    pub(crate) async fn housekeep(&self) -> Failed<bool> {
        self.queue.ask(Job::Housekeep).await
    }

    /// Waits for the writer to finish what was asked of it, then closes everything.
    pub(crate) async fn close(&self) -> Failed<()> {
        self.pool.close().await;
        let closed = self.queue.ask(Job::Close).await;
        let thread = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            let joined = tokio::task::spawn_blocking(move || thread.join()).await;
            if !matches!(joined, Ok(Ok(()))) {
                return Err(Error::Engine("the thread that writes had failed".into()));
            }
        }
        match closed {
            // Somebody else has closed it.
            Err(Error::Closed) => Ok(()),
            other => other,
        }
    }
}

/// Takes the folder of keys for this process alone.
fn take_keys(folder: &Path) -> Failed<Lock> {
    make_folder(folder)?;
    Lock::take(folder)
}

/// Opens the vault, if the store has one, and checks that it is the one that goes with this graph.
fn open_vault(options: &Options, connection: &Connection, clock: &dyn Clock) -> Failed<Option<Arc<Vault>>> {
    let of_graph = super::read::vault_place(connection)?;
    let Some(options) = &options.vault else {
        return if of_graph.is_some() { Err(Error::NoVault) } else { Ok(None) };
    };
    let vault = Vault::open(options, clock.now())?;
    // A graph that has sealed and erased nothing goes with any keys: a backup that is looked at elsewhere.
    let bound = of_graph.filter(|place| place.id == *vault.id() || place.keys > 0 || place.erased > 0);
    if let Some(of_graph) = bound {
        let goes_on = *vault.id() == of_graph.id
            && vault.last_key()? >= of_graph.keys
            && vault.last_erasure()? >= of_graph.erased;
        if !goes_on {
            return Err(Error::OtherVault(options.folder.clone()));
        }
    } else {
        connection.execute("DELETE FROM vault", [])?;
        // What was erased before the graph had its vault was erased from another graph.
        connection.execute(
            "INSERT INTO vault (id, keys, erased, words_to_wash) VALUES (?1, 0, ?2, 0)",
            rusqlite::params![vault.id(), vault.last_erasure()?.cast_signed()],
        )?;
        // What is sealed from now on was in full text before.
        let again = "UPDATE declared SET position = 0 WHERE kind <> ?1";
        connection.execute(again, [super::writer::INDEX])?;
    }
    Ok(Some(Arc::new(vault)))
}

/// Where the last run has stopped.
fn place(connection: &Connection) -> Failed<Place> {
    let number = |sql: &str| -> Failed<i64> { Ok(connection.query_row(sql, [], |row| row.get(0))?) };
    let head = number("SELECT ifnull(max(seq), 0) FROM feed")?;
    let at = number("SELECT ifnull((SELECT at FROM feed ORDER BY seq DESC LIMIT 1), 0)")?;
    let last = number(
        "SELECT max(ifnull((SELECT max(pk) FROM entity), 0), ifnull((SELECT max(pk) FROM departed), 0))",
    )?;
    let departed = number("SELECT EXISTS (SELECT 1 FROM departed)")? != 0;
    let evolved = number("SELECT EXISTS (SELECT 1 FROM evolved)")? != 0;
    let expiry: Option<i64> = connection.query_row("SELECT min(at) FROM expiry", [], |row| row.get(0))?;
    let audit = super::read::last_link(connection)?;
    Ok(Place {
        head: head.cast_unsigned(),
        next_pk: last + 1,
        at: Timestamp::from_micros(at),
        departed,
        evolved,
        expiry: expiry.map(Timestamp::from_micros),
        audit,
    })
}

fn load_names(connection: &Connection, sql: &str) -> Failed<SharedNames> {
    let mut statement = connection.prepare(sql)?;
    let rows: Vec<(NameId, String)> =
        statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
    if rows.iter().zip(1..).any(|(row, expected)| row.0 != expected) {
        return Err(Error::Damaged("the table of names has a gap".into()));
    }
    Ok(SharedNames::new(Names::load(rows.into_iter().map(|row| row.1))))
}

fn load_specs(connection: &Connection, names: &SharedNames) -> Failed<Specs> {
    let mut specs = Specs::default();
    let mut statement = connection.prepare("SELECT kind, type, attribute, position IS NULL FROM declared")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let attribute: NameId = row.get(2)?;
        if row.get::<_, i64>(0)? == super::writer::INDEX {
            specs.declare(row.get(1)?, attribute, row.get(3)?);
        } else {
            specs.searchable.extend(names.read().term(attribute).cloned());
        }
    }
    Ok(specs)
}
