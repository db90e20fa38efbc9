//! Black-box tests of the shipped binary. See `dinh_e2e` for the harness.
