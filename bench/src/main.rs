//! Measures the bars.
fn main() {}
