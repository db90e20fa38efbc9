//! The packs that ship, as data: every file is read, and every record of every file goes through the real mapping,
//! the real quality checks and the real schemas.

#[cfg(test)]
mod admin;
#[cfg(test)]
mod data;
#[cfg(test)]
mod feeds;
#[cfg(test)]
mod house;
#[cfg(test)]
mod layers;
#[cfg(test)]
mod records;
#[cfg(test)]
mod shape;
#[cfg(test)]
mod types;
