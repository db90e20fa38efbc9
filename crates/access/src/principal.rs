//! Who asks, and why.

use std::fmt;
use std::sync::Arc;

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Principal {
    /// Nobody in particular, from another machine.
    Anonymous,
    /// Nobody in particular, from this machine.
    Local,
    /// Somebody who showed the write key of the configuration.
    Operator(Arc<str>),
    /// A part of the program itself: a feed, a subscription, the command line.
    System(Arc<str>),
}

impl fmt::Display for Principal {
    /// The name that the change feed records.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Anonymous => f.write_str("anonymous"),
            Self::Local => f.write_str("local"),
            Self::Operator(name) => write!(f, "operator:{name}"),
            Self::System(name) => write!(f, "system:{name}"),
        }
    }
}

/// Why somebody asks. Recorded with what is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Purpose {
    /// Running the province's services.
    #[default]
    Operations,
    /// A member of the public looks at what is open.
    PublicInformation,
    /// Keeping the system itself in order.
    Maintenance,
}
