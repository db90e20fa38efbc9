//! Who may put something into a feed, and who sees what it has rejected.
//!
//! A feed writes as a part of the program: whatever it maps becomes entities of its types, whosever they are. So whoever
//! puts records into it must be able to change every entity of these types. Of what it has rejected nobody knows what it
//! says of whom, so that it is kept as data that nobody has described.

use dinh_context::{Error, Session};
use dinh_feeds::sink::FeedKey;
use dinh_model::Term;
use dinh_ngsild::context::Context as LdContext;

use crate::app::App;

/// Refuses somebody who may not put records into a feed. Of a feed that does not run nothing is said here.
pub(crate) fn may_put(app: &App, session: &Session, feed: &FeedKey) -> Result<(), Error> {
    session.may_write()?;
    let Some(definition) = app.feeds.definition(feed) else { return Ok(()) };
    let core = LdContext::core();
    let named = definition.maps.iter().flat_map(|map| &map.types);
    let mut types: Vec<Term> = named.map(|name| core.expand(name)).collect();
    if types.is_empty() {
        // What maps by itself, such as a timetable, is written as what nobody has described.
        types.push(Term::from(""));
    }
    session.may_write_all(&types)
}

/// Refuses somebody who may not see and mend what a feed has rejected.
pub(crate) fn may_mend(app: &App, session: &Session, feed: &FeedKey) -> Result<(), Error> {
    may_put(app, session, feed)?;
    session.may_read_undescribed()
}
