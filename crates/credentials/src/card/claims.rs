//! What a card says.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::Refused;
use crate::cbor::{self, Item};

const WHAT: &str = "card";
/// Registered claims of CWT (RFC 8392, section 3.1). The issuer is told by the key: a name would be longer and no surer.
const EXP: Item = Item::Int(4);
const IAT: Item = Item::Int(6);
/// The card itself, in the range for private use (below -65536).
const CARD: Item = Item::Int(-65_537);
/// The edition of the list of fields below.
const EDITION: i64 = 1;
/// Bytes of the hash of a picture: what a forger would have to hit, not what two pictures may share.
const PHOTO_BYTES: usize = 12;

/// For whom a card is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CardKind {
    /// A civil servant, public employee or officer of a commune.
    CivilServant,
    /// A person (pilot).
    Person,
    /// An enterprise (pilot).
    Enterprise,
}

impl CardKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::CivilServant, Self::Person, Self::Enterprise];

    /// The name that data write.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CivilServant => "civil-servant",
            Self::Person => "person",
            Self::Enterprise => "enterprise",
        }
    }

    /// From [`CardKind::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    const fn number(self) -> i64 {
        match self {
            Self::CivilServant => 1,
            Self::Person => 2,
            Self::Enterprise => 3,
        }
    }
}

/// What a signed card says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CardClaims {
    /// When it was issued, in seconds since 1970.
    pub issued: i64,
    /// When it is over, in seconds since 1970.
    pub expires: i64,
    /// For whom it is.
    pub kind: CardKind,
    /// Serial number of the card, as it is printed, and its place in the status list.
    pub serial: u32,
    /// The holder's name.
    pub name: String,
    /// Unit that they belong to, by its name or, where that is too long for a QR, its electronic identifier; empty if none.
    pub unit: String,
    /// Position; empty if none.
    pub position: String,
    /// First 12 bytes of SHA-256 over the file of the picture; none if there is no picture.
    pub photo: Option<[u8; PHOTO_BYTES]>,
}

/// The hash of a picture that goes into a card.
pub fn photo_hash(file: &[u8]) -> [u8; PHOTO_BYTES] {
    let mut short = [0; PHOTO_BYTES];
    short.copy_from_slice(&Sha256::digest(file)[..PHOTO_BYTES]);
    short
}

impl CardClaims {
    /// As the payload of a CWT.
    pub(super) fn encode(&self) -> Vec<u8> {
        let card = vec![
            Item::Int(EDITION),
            Item::Int(self.kind.number()),
            Item::Int(i64::from(self.serial)),
            Item::text(&self.name),
            Item::text(&self.unit),
            Item::text(&self.position),
            self.photo.map_or(Item::Null, |hash| Item::Bytes(hash.to_vec())),
        ];
        let claims =
            vec![(EXP, Item::Int(self.expires)), (IAT, Item::Int(self.issued)), (CARD, Item::List(card))];
        Item::Map(claims).encode()
    }

    /// From the payload of a CWT.
    pub(super) fn decode(payload: &[u8]) -> Result<Self, Refused> {
        let wrong =
            |field: &str| Refused::malformed(WHAT, format!("{field} is missing or not as it should be"));
        let claims = cbor::decode(payload)?;
        let int = |key: &Item, field| claims.get(key).and_then(Item::as_int).ok_or_else(|| wrong(field));
        let card = claims.get(&CARD).and_then(Item::as_list).ok_or_else(|| wrong("the card"))?;
        let [edition, kind, serial, name, unit, position, photo] = card else {
            return Err(wrong("the list of fields"));
        };
        if edition.as_int() != Some(EDITION) {
            return Err(wrong("the edition"));
        }
        let text = |item: &Item, field| item.as_text().map(str::to_owned).ok_or_else(|| wrong(field));
        let kind = CardKind::ALL.into_iter().find(|known| Some(known.number()) == kind.as_int());
        let photo = match photo {
            Item::Null => None,
            Item::Bytes(bytes) => Some(bytes.as_slice().try_into().map_err(|_error| wrong("the picture"))?),
            _ => return Err(wrong("the picture")),
        };
        let serial = serial.as_int().and_then(|serial| u32::try_from(serial).ok());
        Ok(Self {
            issued: int(&IAT, "the time of issue")?,
            expires: int(&EXP, "the time of expiry")?,
            kind: kind.ok_or_else(|| wrong("the kind"))?,
            serial: serial.ok_or_else(|| wrong("the serial number"))?,
            name: text(name, "the name")?,
            unit: text(unit, "the unit")?,
            position: text(position, "the position")?,
            photo,
        })
    }
}
