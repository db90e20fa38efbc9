//! Reading a file, one record at a time, on a thread of its own.

mod array;
mod counted;
mod document;
pub(super) mod lines;
mod shape;

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use tokio::sync::mpsc::{Receiver, channel};
use tokio::task::JoinHandle;

use super::chunk::{Chunk, Chunker};
use super::entry::Entry;
use super::mapped::Map;
use crate::said::{OrSay as _, place};
use counted::Counted;
use shape::Shape;

/// Bytes read from the file at once.
const BUFFER: usize = 1 << 20;
/// Chunks that may wait to be sent.
const WAITING: usize = 2;

/// Takes records; breaks when no more are wanted.
pub(super) type Visit<'a> = &'a mut dyn FnMut(Entry) -> ControlFlow<()>;

/// A file that is being read.
pub(super) struct Reading {
    /// Its records, in chunks.
    pub(super) chunks: Receiver<Chunk>,
    /// Bytes read so far.
    pub(super) position: Arc<AtomicU64>,
    /// How the reading ended.
    pub(super) end: JoinHandle<anyhow::Result<()>>,
}

/// Begins to read `file` (`-` is standard input) behind its first `skip` records.
pub(super) fn start(file: &Path, map: Option<&Map>, skip: u64) -> anyhow::Result<Reading> {
    let position = Arc::new(AtomicU64::new(0));
    let source: Box<dyn Read + Send> = if is_standard_input(file) {
        Box::new(std::io::stdin())
    } else {
        Box::new(File::open(file).or_say(|| place("không mở được", "cannot open", file))?)
    };
    let reader = BufReader::with_capacity(BUFFER, Counted::new(source, Arc::clone(&position)));
    let (sender, chunks) = channel(WAITING);
    let (file, map) = (file.to_owned(), map.cloned());
    let end = tokio::task::spawn_blocking(move || {
        let mut chunker = Chunker::after(skip);
        let mut is_wanted = true;
        let mut visit = |entry| {
            let full = chunker.push(entry);
            is_wanted = full.is_none_or(|chunk| sender.blocking_send(chunk).is_ok());
            if is_wanted { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        };
        let read = each(reader, &file, map.as_ref(), &mut visit);
        // What was read before a fault counts; whoever no longer listens needs no more.
        if let Some(rest) = chunker.finish().filter(|_| is_wanted) {
            drop(sender.blocking_send(rest));
        }
        read
    });
    Ok(Reading { chunks, position, end })
}

/// True for `-`.
pub(super) fn is_standard_input(file: &Path) -> bool {
    file.as_os_str() == "-"
}

fn each(mut reader: impl BufRead, file: &Path, map: Option<&Map>, visit: Visit<'_>) -> anyhow::Result<()> {
    if let Some(map) = map {
        return map.each(&mut reader, file, visit);
    }
    match shape::of(&mut reader, file)? {
        Shape::Lines => lines::each(reader, &mut |place, line| match line {
            Ok(line) => visit(lines::entry(place, &lines::line(), &line)),
            Err(fault) => visit(Entry::refused(place, fault.reason, &fault.begin)),
        }),
        Shape::Array => array::each(reader, visit),
        Shape::Document => document::single(reader, visit),
    }
}
