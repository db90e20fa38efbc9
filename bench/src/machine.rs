//! What the figures were measured on.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;

/// Cores, memory, processor, kernel, and how many durable writes a second the disk of `folder` makes.
pub(crate) fn describe(folder: &Path) -> Result<String> {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let (memory, processor) = (read("/proc/meminfo"), read("/proc/cpuinfo"));
    let field = |text: &str, name: &str| {
        let line = text.lines().find(|line| line.starts_with(name)).unwrap_or_default();
        line.split_once(':').map_or_else(String::new, |(_, value)| value.trim().to_owned())
    };
    let kib: u64 = field(&memory, "MemTotal").trim_end_matches(" kB").parse().unwrap_or(0);
    let load = read("/proc/loadavg").split(' ').next().unwrap_or_default().to_owned();
    Ok(format!(
        "{cores} cores ({}), {} GiB memory, Linux {}, {} flushed writes/s on this disk, load {load} at the beginning",
        field(&processor, "model name"),
        kib >> 20,
        read("/proc/sys/kernel/osrelease").trim(),
        flushes(folder)?,
    ))
}

/// Appends of 4 KiB, each flushed to the disk, in one second.
fn flushes(folder: &Path) -> Result<u32> {
    let path = folder.join("flush-probe");
    let mut file = File::create(&path)?;
    let begun = Instant::now();
    let mut count = 0;
    while begun.elapsed() < Duration::from_secs(1) {
        file.write_all(&[0; 4096])?;
        file.sync_data()?;
        count += 1;
    }
    std::fs::remove_file(path)?;
    Ok(count)
}
