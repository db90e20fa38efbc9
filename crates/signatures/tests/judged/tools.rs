//! Runs the programs that judge.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Whether all of these are on this machine; says loudly if not.
pub(crate) fn have(test: &str, programs: &[&str]) -> bool {
    for program in programs {
        let there = Command::new("sh").args(["-c", &format!("command -v {program}")]).output();
        if !there.is_ok_and(|found| found.status.success()) {
            let told = format!("\nSKIPPED: {test}: there is no {program} here\n");
            std::io::stderr().write_all(told.as_bytes()).expect("standard error takes words");
            return false;
        }
    }
    true
}

/// Runs a program in a directory, whatever comes of it.
pub(crate) fn run(dir: &Path, program: &str, arguments: &[&str]) -> Output {
    Command::new(program)
        .args(arguments)
        .current_dir(dir)
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::null())
        .output()
        .expect("the program starts")
}

/// Runs a program in a directory; what it printed.
pub(crate) fn must(dir: &Path, program: &str, arguments: &[&str]) -> String {
    let output = run(dir, program, arguments);
    let said =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{program} {arguments:?}: {said}");
    said
}
