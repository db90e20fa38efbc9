//! The door, from outside: real store, real HTTP endpoints.

mod contexts;
mod house;
mod receiver;
mod schema;
mod subscriptions;
