//! What forms do, on the forms that ship and on small ones.

mod checks;
mod compare;
mod load;
mod properties;
mod surroundings;
mod uses;
mod vectors;
