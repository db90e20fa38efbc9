//! `GET /{tenant}/my-data/looks`: who looked at what is kept of somebody, or who changed it.

use axum::response::{IntoResponse as _, Response};
use dinh_context::AboutOneself;
use dinh_privacy::Who;
use serde::Serialize;

use super::parts::{LookRow, look_row};
use super::said;
use super::whose::{Subject, Whose};
use crate::pages::account::private;
use crate::pages::asked::Asked;
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::view;
use crate::pages::visitor::Visitor;

/// Looks of one page.
const PAGE: usize = 50;

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    back_href: String,
    written: bool,
    whose: Vec<Subject>,
    looks: Vec<LookRow>,
    other_href: String,
    /// Shows one's own looks too, or hides them again.
    mine_href: String,
    mine: bool,
    older_href: Option<String>,
}

/// The page.
pub(super) async fn page(visitor: Visitor) -> Result<Response, Fault> {
    let present = match super::present(&visitor) {
        Ok(present) => present,
        Err(other) => return Ok(*other),
    };
    let asked = Asked::of(&visitor.uri);
    let whose = Whose::of(&visitor, &present, "my-data/looks").await;
    let subject = whose.chosen.ok_or_else(|| Fault::not_found(visitor.taste))?;
    let written = asked.get("which") == Some("written");
    let which = if written { AboutOneself::Written } else { AboutOneself::Noted };
    let (privacy, after) = (&visitor.app.privacy, asked.number("after"));
    let found = privacy.looks(&visitor.session, &subject, which, after, PAGE).await;
    let found = found.map_err(|error| said::fault(&visitor, error))?;
    let mut looks = Vec::new();
    let mine = written || asked.is_set("mine");
    for look in found.looks.iter().filter(|look| mine || look.who != Who::Oneself) {
        looks.push(look_row(&visitor, look).await);
    }
    let lang = visitor.lang();
    let to = |asked: Asked| format!("{}{}", visitor.href("my-data/looks"), asked.query());
    let title = if written { lang.say("privacy-who-changed") } else { lang.say("privacy-who-looked") };
    let other = if written { None } else { Some("written") };
    let values = Values {
        page: frame(&visitor, title, Here::Account, ""),
        back_href: visitor.href("my-data"),
        written,
        whose: whose.all,
        looks,
        other_href: to(asked.with("after", None).with("which", other)),
        mine_href: to(asked.with("mine", if mine { None } else { Some("1") })),
        mine,
        older_href: found.next.map(|next| to(asked.with("after", Some(&next.to_string())))),
    };
    Ok(private(rendered(&visitor, "my_data_looks.html", values)?.into_response()))
}
