//! What a response says.

mod describe;
mod failure;
mod refusal;
mod written;

pub(crate) use describe::{
    BatchResult, IfMatch, ProblemBody, ReadHeaders, ReadRefusals, StatedHeaders, UpdateResult, WriteHeaders,
    WriteRefusals,
};
pub(crate) use failure::{op_problem, sentence};
pub(crate) use refusal::Refusal;
pub(crate) use written::{
    Outcome, batch, created, json_body, no_content, place, put, updated, with_replay, with_version,
};
