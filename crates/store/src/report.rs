//! What a verification has found.

/// Faults told of one check; more are counted only.
pub const FAULTS_TOLD: usize = 20;

/// The result of checking every invariant of a store.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Report {
    /// One for each invariant.
    pub checks: Vec<Check>,
}

impl Report {
    /// True if nothing is wrong.
    pub fn is_clean(&self) -> bool {
        self.checks.iter().all(|check| check.fault_count == 0)
    }
}

/// One invariant.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Check {
    /// Which one.
    pub name: &'static str,
    /// How many things were looked at.
    pub checked: u64,
    /// How many are wrong.
    pub fault_count: u64,
    /// The first [`FAULTS_TOLD`] of them, in whole sentences.
    pub faults: Vec<String>,
}

impl Check {
    pub(crate) fn new(name: &'static str) -> Self {
        Self { name, ..Self::default() }
    }

    /// Counts one thing looked at; `fault` is called if it is wrong.
    pub(crate) fn expect(&mut self, right: bool, fault: impl FnOnce() -> String) {
        self.checked += 1;
        if !right {
            self.fault(fault);
        }
    }

    pub(crate) fn fault(&mut self, fault: impl FnOnce() -> String) {
        self.fault_count += 1;
        if self.faults.len() < FAULTS_TOLD {
            self.faults.push(fault());
        }
    }
}
