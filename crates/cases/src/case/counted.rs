//! What was counted of a case.

/// What was counted of a case, as marks that whoever counts leaves on it, so that every number leads back to exactly the
/// cases that were counted. The machine does not look at them; they are kept beside the case, not in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// For good: what happened, when and for which unit.
    pub done: Vec<String>,
    /// For as long as it stands as it does.
    pub open: Vec<String>,
}
