//! What the system lets this process have.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Open files that a server wants: its connections, the database, notifications under way.
pub(crate) const FILES_WANTED: u64 = 65_536;

/// How many files may be open at once; `None` if there is no bound.
pub(crate) fn open_files() -> Option<u64> {
    getrlimit(Resource::Nofile).current
}

/// Raises the bound on open files as far as this user may, at most to [`FILES_WANTED`], and tells what it is then.
pub(crate) fn raise_open_files() -> Option<u64> {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let reachable = maximum.map_or(FILES_WANTED, |most| most.min(FILES_WANTED));
    if current.is_some_and(|now| now < reachable)
        && let Err(reason) = setrlimit(Resource::Nofile, Rlimit { current: Some(reachable), maximum })
    {
        tracing::debug!(%reason, "the bound on open files stays as it is");
    }
    open_files()
}
