//! Long answers, page by page: only one page is in memory at a time.

use super::{Answer, Ask, Target};
use crate::said::{OrSay as _, Words};

/// Pages that follow each other by their `Link: rel="next"`.
pub(crate) struct Pages<'a> {
    target: &'a Target,
    accept: &'static str,
    next: Option<String>,
}

impl<'a> Pages<'a> {
    /// The pages from `first` on, in the form `accept`.
    pub(crate) fn from(target: &'a Target, first: String, accept: &'static str) -> Self {
        Self { target, accept, next: Some(first) }
    }

    /// The next page, unless the last one was the last.
    pub(crate) async fn next(&mut self) -> anyhow::Result<Option<Answer>> {
        let Some(path) = self.next.take() else { return Ok(None) };
        let answer = self.target.send(&Ask::get(path.clone()).accept(self.accept)).await?;
        let answer = answer
            .success()
            .or_say(|| Words::new(format!("không đọc được {path}"), format!("cannot read {path}")))?;
        self.next = answer.next().filter(|next| *next != path);
        Ok(Some(answer))
    }
}
