//! What pages, tiles and live events share: the layers, the geography, what was drawn before, and the hub.

use std::sync::Arc;

use dinh_access::Audience;
use dinh_context::packs::Packs;
use dinh_context::{Context, packs};
use dinh_feeds::Feeds;
use dinh_forms::{Form, Shelf};
use dinh_model::{Tenant, Term};
use dinh_ngsild::context::Context as LdContext;
use tokio::sync::Semaphore;

use crate::layers::{self, Layers};
use crate::live::Hub;
use crate::tiles::{Address, Basemap, BasemapError, TileCache};
use crate::words::{Lang, Speech, WordsError};

/// Bytes of tiles of the graph kept.
const TILES: usize = 48 << 20;
/// Bytes of tiles of the geography kept.
const BASE_TILES: usize = 24 << 20;
/// Tiles drawn at once: drawing is work for the processor, more at once make none of them faster.
const DRAWING: usize = 4;

/// Which tile of which layer of which province.
pub(crate) type TileKey = (Tenant, Audience, Arc<str>, Address);

/// Why what is shown cannot be prepared.
#[derive(Debug, thiserror::Error)]
pub enum DisplayError {
    /// A layer is broken.
    #[error(transparent)]
    Layers(#[from] layers::Error),
    /// The geography is broken.
    #[error(transparent)]
    Basemap(#[from] BasemapError),
    /// The words of a pack are broken.
    #[error(transparent)]
    Words(#[from] WordsError),
    /// The packs are broken.
    #[error(transparent)]
    Packs(#[from] packs::Error),
    /// The tables of privacy are broken.
    #[error(transparent)]
    Privacy(#[from] dinh_privacy::Error),
    /// The rules of cards are broken.
    #[error(transparent)]
    Cards(#[from] dinh_cards::Error),
    /// The kinds of case are broken.
    #[error(transparent)]
    Casework(#[from] dinh_casework::Error),
    /// The counterparts are broken.
    #[error(transparent)]
    Portal(#[from] dinh_portal::Error),
    /// The forms of statements are broken.
    #[error(transparent)]
    Payments(#[from] dinh_payments::Error),
    /// A form is broken, or two are one.
    #[error("{path}: {reason}")]
    Form {
        /// Its file.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The change feed cannot be followed.
    #[error(transparent)]
    Context(#[from] dinh_context::Error),
}

/// What pages, tiles and live events share.
#[derive(Debug)]
pub(crate) struct Display {
    /// The layers of the provinces.
    pub(crate) layers: Arc<Layers>,
    /// The words of the packs, for codes in their data.
    pub(crate) pack_words: Speech,
    /// The forms of the packs.
    pub(crate) forms: Shelf,
    /// The shipped geography.
    pub(crate) basemap: Basemap,
    /// Its tiles.
    pub(crate) base_tiles: TileCache<Address>,
    /// Tiles of the graph.
    pub(crate) tiles: TileCache<TileKey>,
    /// Places for drawing tiles.
    pub(crate) drawing: Arc<Semaphore>,
    /// Tells browsers what changes.
    pub(crate) hub: Hub,
}

impl Display {
    /// Reads the layers and the geography and begins to follow the change feed.
    pub(crate) fn new(context: &Context, feeds: &Feeds, max_live: usize) -> Result<Self, DisplayError> {
        let core = LdContext::core();
        let expand = |name: &str| -> Term { core.expand(name) };
        let layers = Arc::new(Layers::read(context.packs(), &expand)?);
        let hub = Hub::start(context.clone(), feeds.clone(), Arc::clone(&layers), max_live)?;
        Ok(Self {
            pack_words: pack_words(context.packs())?,
            forms: forms(context.packs())?,
            basemap: Basemap::read(context.packs())?,
            layers,
            base_tiles: TileCache::new(BASE_TILES),
            tiles: TileCache::new(TILES),
            drawing: Arc::new(Semaphore::new(DRAWING)),
            hub,
        })
    }
}

fn forms(packs: &Packs) -> Result<Shelf, DisplayError> {
    let mut shelf = Shelf::default();
    for pack in packs.packs() {
        for file in packs.files(&pack.name, "forms", ".json")? {
            let broken = |reason: String| DisplayError::Form { path: file.path.clone(), reason };
            let form = Form::from_json(file.text()?).map_err(|e| broken(e.to_string()))?;
            shelf.add(&pack.name, form).map_err(|e| broken(e.to_string()))?;
        }
    }
    Ok(shelf)
}

fn pack_words(packs: &Packs) -> Result<Speech, DisplayError> {
    let mut words = Speech::empty();
    for pack in packs.packs() {
        for file in packs.files(&pack.name, "words", ".ftl")? {
            let lang = Lang::from_tag(file.stem());
            if let Some(lang) = lang {
                words.add(lang, &file.path, file.text()?)?;
            }
        }
    }
    Ok(words)
}
