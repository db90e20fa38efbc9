//! Both sides of cards as PDF, CR80 (ISO/IEC 7810 ID-1): two pages for each card, many cards in one job.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use dinh_calendar::official_day;
use dinh_context::Session;
use dinh_documents::{Fault, NoPress, Sheet, Typeset, qr_svg};
use dinh_model::EntityId;
use serde_json::{Value as Json, json};

use super::Cards;
use crate::{Card, Error};

/// Most cards of one job.
pub const MOST_PRINTED: usize = 50;
/// Name of the template.
const TEMPLATE: &str = "card";
/// Pixels of a portrait: 22 × 29.3 mm at 600 dots to the inch.
const PORTRAIT: (u32, u32) = (520, 692);
/// What stands on a pilot card in the place of the unit.
const PILOT: &str = "Thẻ thí điểm, không thay thế VNeID";

impl Cards {
    /// Says what sets cards. Once; what is said later is not heard.
    pub fn set_press(&self, press: Arc<dyn Typeset>) {
        self.0.press.get_or_init(|| press);
    }

    /// Both sides of cards in the order asked for, as one PDF. `authority` is whose cards they are, `verify` the address that is
    /// printed on them.
    ///
    /// # Errors
    /// [`Error::NotManager`], [`Error::StepUp`], [`Error::NoSuch`] for a card of another unit, [`Error::NotValid`] for one that
    /// does not hold, [`Error::TooMany`], [`Error::Paper`].
    pub async fn print(
        &self,
        session: &Session,
        ids: &[EntityId],
        (authority, verify): (&str, &str),
    ) -> Result<Vec<u8>, Error> {
        self.manager(session)?;
        if ids.len() > MOST_PRINTED {
            return Err(Error::TooMany { what: "cards in one print job", most: MOST_PRINTED });
        }
        let mut faces = Vec::with_capacity(ids.len());
        for id in ids {
            let card = self.one(session, id).await?;
            if !card.holds(self.now()) {
                return Err(Error::NotValid(card.state));
            }
            let photo = match &card.photo {
                Some(_) => Some(self.photo(session, id).await?.content),
                None => None,
            };
            faces.push((self.face(&card, authority, verify)?, photo));
        }
        if faces.is_empty() {
            return Err(Error::NoSuch("card"));
        }
        let press = self.0.press.get().map_or_else(|| Arc::new(NoPress) as Arc<dyn Typeset>, Arc::clone);
        let (at, tenant) = (self.now().to_jiff(), session.tenant().to_string());
        // Portraits are cut and pages are set on a thread that nobody waits for.
        let set = tokio::task::spawn_blocking(move || {
            let cards: Vec<Json> =
                faces.into_iter().map(|(face, photo)| with_portrait(face, photo)).collect();
            let (template, title) = (TEMPLATE.to_owned(), "Thẻ điện tử".to_owned());
            let ident = format!("{tenant} cards {at}");
            press.pdf(&Sheet { template, data: json!({"cards": cards}), title, language: "vi", at, ident })
        });
        let failed =
            |error: tokio::task::JoinError| Fault::Template { place: None, reason: error.to_string() };
        Ok(set.await.unwrap_or_else(|error| Err(failed(error)))?)
    }

    /// What stands on a card: in Vietnamese, in whatever language the page is read.
    fn face(&self, card: &Card, authority: &str, verify: &str) -> Result<Json, Error> {
        let expires = card.expires.map(|at| official_day(at.to_jiff()).strftime("%d/%m/%Y").to_string());
        let unit = if card.unit_name.is_empty() { PILOT } else { &card.unit_name };
        Ok(json!({
            "authority": authority,
            "unit": unit,
            "kind": self.rules()?.kind(card.kind)?.title.vi,
            "name": card.name,
            "position": card.position,
            "number": card.number.clone().unwrap_or_default(),
            "serial": card.serial.map(|serial| format!("{serial:06}")).unwrap_or_default(),
            "expires": expires.unwrap_or_default(),
            "random": card.random.clone().unwrap_or_default(),
            "verify": verify,
            "printed": card.printed.as_deref().and_then(qr_svg),
            "signed": card.qr.as_deref().and_then(qr_svg),
        }))
    }
}

/// The same with the picture, cut to its room. One that cannot be read leaves the room empty: the card is good without it.
fn with_portrait(mut face: Json, photo: Option<Vec<u8>>) -> Json {
    let picture = photo.and_then(|photo| dinh_uploads::portrait(&photo, PORTRAIT).ok());
    let (width, height) = PORTRAIT;
    face["photo"] = json!(picture.map(|jpeg| format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\"><image width=\"{width}\" height=\"{height}\" \
         href=\"data:image/jpeg;base64,{}\"/></svg>",
        STANDARD.encode(jpeg)
    )));
    face
}
