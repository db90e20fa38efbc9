//! `GET /{tenant}/list`.

use axum::response::{Html, IntoResponse as _, Response};
use serde::Serialize;

use super::find::Wanted;
use super::rows::make;
use crate::pages::asked::Asked;
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page};
use crate::pages::legend::groups;
use crate::pages::view;
use crate::pages::visitor::Visitor;

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    groups: Vec<view::Group>,
    list: view::List,
    map_href: String,
}

/// The page, or with `part=table` its table alone.
pub(crate) async fn list(visitor: Visitor) -> Result<Response, Fault> {
    let asked = Asked::of(&visitor.uri);
    let app = visitor.app.clone();
    let tenant = visitor.province.tenant.clone();
    let layers = asked.layers(&app.display().layers, &tenant);
    // A search looks everywhere unless layers are named.
    let is_search = asked.get("q").is_some() && asked.get("layers").is_none() && asked.get("layer").is_none();
    let layers = if is_search { app.display().layers.of(&tenant).collect() } else { layers };
    let wanted = Wanted::new(&asked, layers.clone());
    let found = wanted.find(&visitor.session).await.map_err(|e| Fault::of(visitor.taste, e))?;
    let list = make(&visitor, &asked, &wanted, &found);
    if asked.get("part") == Some("table") {
        return Ok(table(&visitor, &list)?.into_response());
    }
    let words = wanted.words.clone().unwrap_or_default();
    let values = Values {
        page: frame(&visitor, visitor.lang().say("list-title"), Here::List, &words),
        groups: groups(&visitor, &layers).await?,
        list,
        map_href: format!("{}{}", visitor.href(""), asked.with("view", Some("map")).query()),
    };
    Ok(page(&visitor, "list.html", values)?.into_response())
}

fn table(visitor: &Visitor, list: &view::List) -> Result<Html<String>, Fault> {
    #[derive(Serialize)]
    struct Part<'a> {
        list: &'a view::List,
    }
    page(visitor, "list_table.html", Part { list })
}
