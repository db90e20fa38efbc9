//! What can be wrong with a policy.

/// Why the policies cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file is not Cedar.
    #[error("{file}: {reason}")]
    Syntax {
        /// File within the packs.
        file: String,
        /// What Cedar said, with the place.
        reason: String,
    },
    /// A policy speaks of what does not exist, or compares what cannot be compared.
    #[error("{file}: {reason}")]
    Invalid {
        /// File within the packs.
        file: String,
        /// What Cedar said, with the place.
        reason: String,
    },
    /// A policy has no name, or one that another has.
    #[error("{file}: {reason}")]
    Name {
        /// File within the packs.
        file: String,
        /// What is wrong with the name.
        reason: String,
    },
    /// A policy cannot become a filter.
    #[error("{file}: policy {policy:?}: {reason}")]
    Unusable {
        /// File within the packs.
        file: String,
        /// Its name.
        policy: String,
        /// Which part, and why.
        reason: String,
    },
}
