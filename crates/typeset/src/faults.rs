//! What typst says, as faults that name file and line.

use dinh_documents::{Fault, Place};
use typst::diag::SourceDiagnostic;
use typst::syntax::{DiagSpan, FileId};
use typst::{World, WorldExt as _};

/// The first thing that is wrong.
pub(crate) fn told(world: &dyn World, wrong: &[SourceDiagnostic], named: &dyn Fn(FileId) -> String) -> Fault {
    let Some(first) = wrong.first() else {
        return Fault::Template { place: None, reason: "is refused without a reason".to_owned() };
    };
    // A value that does not fit is found within a library: the last line of the template that led there is the one to mend.
    let place = place(world, first.span, named);
    let hints: Vec<String> = first.hints.iter().map(|hint| hint.v.to_string()).collect();
    let reason = match hints.as_slice() {
        [] => first.message.to_string(),
        hints => format!("{} ({})", first.message, hints.join("; ")),
    };
    Fault::Template { place, reason }
}

fn place(world: &dyn World, span: DiagSpan, named: &dyn Fn(FileId) -> String) -> Option<Place> {
    let id = span.id()?;
    let source = world.source(id).ok()?;
    let line = source.lines().byte_to_line(world.range(span)?.start)?;
    Some(Place { file: named(id), line: line + 1 })
}
