//! `GET /{tenant}/issued/print`: many documents as one PDF for the printer, in the order of the list. Each of them is opened as
//! its own file would be, and the audit says so.

use axum::response::Response;
use dinh_casework::Error;
use dinh_model::EntityId;
use http::StatusCode;
use url::form_urlencoded;

use super::{counter, issued, issues, only, present, said};
use crate::pages::fault::Fault;
use crate::pages::visitor::Visitor;
use crate::words::args;

/// Most documents of one printing.
const MOST: usize = 50;

/// The documents that were picked.
pub(super) async fn many(visitor: Visitor) -> Result<Response, Fault> {
    if let Err(other) = present(&visitor) {
        return Ok(*other);
    }
    only(&visitor, issues(&visitor))?;
    let lang = visitor.lang();
    let (ids, both_sides) = wish(visitor.uri.query().unwrap_or_default());
    if ids.is_empty() || ids.len() > MOST {
        let wrong = lang.say_with("papers-print-choose", &args([("most", f64::from(50_u8))]));
        return issued::listed(&visitor, Some(wrong), StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let mut files = Vec::with_capacity(ids.len());
    for id in &ids {
        match visitor.app.casework.open_document(&visitor.session, id).await {
            Ok(file) => files.push(file.content),
            Err(Error::NoDocument(_)) => {
                let wrong = lang.say("papers-print-missing");
                return issued::listed(&visitor, Some(wrong), StatusCode::NOT_FOUND).await;
            }
            Err(error) => return Err(said::fault(&visitor, error)),
        }
    }
    let bound = tokio::task::spawn_blocking(move || {
        let all: Vec<&[u8]> = files.iter().map(|file| &file[..]).collect();
        dinh_signatures::bind(&all, both_sides)
    });
    let bound = bound.await.map_err(|error| Fault::broken(visitor.taste, &error))?;
    let bytes = bound.map_err(|error| Fault::broken(visitor.taste, &error))?;
    Ok(counter::shown_pdf("van-ban-da-chon.pdf", bytes))
}

/// Which documents, each once, and whether paper is printed on both sides.
fn wish(query: &str) -> (Vec<EntityId>, bool) {
    let (mut ids, mut both_sides) = (Vec::new(), false);
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match (&*name, EntityId::parse(&value)) {
            ("id", Ok(id)) if !ids.contains(&id) => ids.push(id),
            ("sides", _) => both_sides = &*value == "2",
            _ => {}
        }
    }
    (ids, both_sides)
}

#[cfg(test)]
mod tests {
    use super::wish;

    #[test]
    fn documents_are_taken_once_in_the_order_asked() {
        let (ids, both) = wish(
            "id=urn:ngsi-ld:Document:b&id=urn:ngsi-ld:Document:a&id=urn:ngsi-ld:Document:b&id=no&sides=2",
        );
        let ids: Vec<&str> = ids.iter().map(dinh_model::EntityId::as_str).collect();
        assert_eq!(ids, ["urn:ngsi-ld:Document:b", "urn:ngsi-ld:Document:a"]);
        assert!(both);
        assert!(!wish("sides=1").1);
    }
}
