//! Joining of IRIs.

/// `left` and `right` in one text, with one allocation.
pub(super) fn join(left: &str, right: &str) -> String {
    let mut joined = String::with_capacity(left.len() + right.len());
    joined.push_str(left);
    joined.push_str(right);
    joined
}
