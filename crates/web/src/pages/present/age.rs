//! How old something is, in words.

use dinh_model::Timestamp;

use crate::look::{self, Age};
use crate::pages::view;
use crate::words::{Lang, args};

/// The age of something at `at`.
pub(crate) fn age(at: Option<Timestamp>, now: Timestamp, lang: Lang) -> view::Age {
    let Some(at) = at else {
        return view::Age { iso: None, text: lang.say("age-unknown"), exact: String::new() };
    };
    let exact = look::date_time(at, lang);
    let text = match look::age(at, now) {
        Age::Now => lang.say("age-now"),
        Age::Minutes(n) => lang.say_with("age-minutes", &args([("n", n)])),
        Age::Hours(n) => lang.say_with("age-hours", &args([("n", n)])),
        Age::Days(n) => lang.say_with("age-days", &args([("n", n)])),
        Age::Date => exact.clone(),
    };
    view::Age { iso: Some(at.to_string()), text, exact }
}
