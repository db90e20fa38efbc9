//! The machine's side of the house: NGSI-LD (`ngsild`), the house's own JSON API (`house`), and what operators ask of
//! a running program (`operations`).

mod reply;
mod request;
