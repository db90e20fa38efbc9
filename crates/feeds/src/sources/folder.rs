//! Kind `folder`: a folder into which somebody drops files.
//!
//! The folder is looked at again and again instead of being watched by the system: that also works on network
//! shares, where most of these files come from.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use super::Site;
use super::load::Load;
use super::site::both;
use crate::Words;
use crate::definition::{FolderSource, Format, FormatDefinition};
use crate::formats::{Broken, too_large};
use crate::mapping::Position;
use crate::runner::Outlet;
use crate::text::hex_digest;

/// Most files looked at in one folder.
const MAX_FILES: usize = 10_000;

/// How long a file that could not be read is let lie.
const POSTPONED: Duration = Duration::from_mins(1);

/// How a file looked: size and time of its last change.
type Look = (u64, SystemTime);

/// Takes files until the feed stops.
pub(super) async fn run(site: &Site, source: &FolderSource, outlet: &Outlet) -> Result<(), Words> {
    let folder = site.path(&source.path)?;
    let archive = source.archive.as_deref().map(|path| site.path(path)).transpose()?;
    let mut watch = Watch::default();
    loop {
        for (path, look) in watch.settled(list(&folder, &source.ending).await?, source) {
            // What is wrong with one file must not keep the others waiting.
            if let Err(reason) = take(site, source, outlet, &path).await? {
                site.health.remarked(reason, site.clock.now());
                watch.postponed.insert(path, Instant::now());
                continue;
            }
            if let Some(archive) = &archive
                && let Err(reason) = move_away(&path, archive).await
            {
                site.health.remarked(reason, site.clock.now());
            }
            watch.done.insert(path, look);
        }
        site.health.reached();
        if !site.wait(source.every.duration()).await {
            return Ok(());
        }
    }
}

/// What is known of the files of the folder.
#[derive(Default)]
struct Watch {
    seen: HashMap<PathBuf, (Look, Instant)>,
    done: HashMap<PathBuf, Look>,
    postponed: HashMap<PathBuf, Instant>,
}

impl Watch {
    /// The files that are not done with and have not changed for long enough, oldest first.
    fn settled(&mut self, files: Vec<(PathBuf, Look)>, source: &FolderSource) -> Vec<(PathBuf, Look)> {
        self.done.retain(|path, look| files.iter().any(|(other, now)| other == path && now == look));
        self.seen.retain(|path, _| files.iter().any(|(other, _)| other == path));
        self.postponed.retain(|_, since| since.elapsed() < POSTPONED);
        let mut ready = Vec::new();
        for (path, look) in files {
            if self.done.contains_key(&path) || self.postponed.contains_key(&path) {
                continue;
            }
            let (before, since) = *self.seen.entry(path.clone()).or_insert((look, Instant::now()));
            if before != look {
                self.seen.insert(path, (look, Instant::now()));
            } else if since.elapsed() >= source.settle.duration() {
                ready.push((path, look));
            }
        }
        ready.sort_by(|(a, (_, at)), (b, (_, bt))| (at, a).cmp(&(bt, b)));
        ready
    }
}

/// The files of a folder. Hidden files and those that tools write before they rename them are let lie.
async fn list(folder: &Path, ending: &str) -> Result<Vec<(PathBuf, Look)>, Words> {
    let (folder, ending) = (folder.to_owned(), ending.to_owned());
    let listed = tokio::task::spawn_blocking(move || -> std::io::Result<Vec<(PathBuf, Look)>> {
        let mut files = Vec::new();
        for entry in std::fs::read_dir(&folder)?.take(MAX_FILES) {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let unfinished = [".part", ".tmp", ".crdownload", "~"].iter().any(|end| name.ends_with(end));
            if name.starts_with(['.', '~']) || unfinished || !name.ends_with(&ending) {
                continue;
            }
            // A file may vanish between the listing and this look; then it is not there.
            if let Ok(about) = entry.metadata()
                && about.is_file()
            {
                files.push((entry.path(), (about.len(), about.modified()?)));
            }
        }
        Ok(files)
    });
    match listed.await {
        Ok(Ok(files)) => Ok(files),
        Ok(Err(reason)) => Err(both("không đọc được thư mục", "the folder cannot be read", &reason)),
        Err(reason) => Err(both("không đọc được thư mục", "the folder cannot be read", &reason)),
    }
}

/// Loads one file. The inner error says why this file cannot be read now.
async fn take(
    site: &Site,
    source: &FolderSource,
    outlet: &Outlet,
    path: &Path,
) -> Result<Result<(), Words>, Words> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let most = source.format.most_bytes();
    let about = match tokio::fs::metadata(path).await {
        Ok(about) => about,
        Err(_gone) => return Ok(Ok(())),
    };
    if about.len() > most {
        return refuse(outlet, &name, too_large(most).0).await;
    }
    let Some(format) = source.format.format.or_else(|| Format::of_name(&name)) else {
        let reason =
            Words::new("không rõ định dạng của tệp", "the format of the file is not clear from its name");
        return refuse(outlet, &name, reason).await;
    };
    let bytes = match tokio::fs::read(path).await {
        Ok(bytes) => bytes,
        Err(reason) if reason.kind() == std::io::ErrorKind::NotFound => return Ok(Ok(())),
        Err(reason) => {
            let (vi, en) = (format!("không đọc được tệp {name}"), format!("the file {name} cannot be read"));
            return Ok(Err(both(&vi, &en, &reason)));
        }
    };
    let hash = hex_digest(&[&bytes]);
    let how = FormatDefinition::clone(&source.format);
    Load { name: &name, hash, bytes, format, how }.run(site, outlet).await.map(Ok)
}

async fn refuse(outlet: &Outlet, name: &str, reason: Words) -> Result<Result<(), Words>, Words> {
    let broken = Broken::new(Position::place(name), reason, name);
    outlet.deliver(vec![Err(Box::new(broken))], Vec::new()).await?;
    Ok(Ok(()))
}

/// Moves a finished file into the archive, under a name that is free.
async fn move_away(path: &Path, archive: &Path) -> Result<(), Words> {
    let moved = async {
        tokio::fs::create_dir_all(archive).await?;
        let name = path.file_name().unwrap_or_default();
        let mut target = archive.join(name);
        let mut count = 1;
        while tokio::fs::try_exists(&target).await? && count < MAX_FILES {
            target = archive.join(format!("{count}-{}", name.to_string_lossy()));
            count += 1;
        }
        if tokio::fs::rename(path, &target).await.is_err() {
            // Another file system: copy, then remove.
            tokio::fs::copy(path, &target).await?;
            tokio::fs::remove_file(path).await?;
        }
        std::io::Result::Ok(())
    };
    match moved.await {
        Err(reason) if reason.kind() != std::io::ErrorKind::NotFound => {
            Err(both("không chuyển được tệp vào kho lưu", "a file cannot be moved to the archive", &reason))
        }
        _ => Ok(()),
    }
}
