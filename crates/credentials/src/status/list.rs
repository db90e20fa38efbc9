//! The list: one number of 1, 2, 4 or 8 bits for each credential, the first in the lowest bits.

use std::io::{Read as _, Write as _};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;

use crate::Refused;

const WHAT: &str = "status list";
/// Most bytes that a list is unpacked to: 16 million cards of 2 bits.
const LONGEST: u64 = 4 << 20;

/// How many bits each number has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bits {
    /// Valid or not.
    One,
    /// Suspended too.
    Two,
    /// With room for statuses of one's own.
    Four,
    /// With much room.
    Eight,
}

impl Bits {
    /// The number itself.
    pub const fn number(self) -> u8 {
        match self {
            Self::One => 1,
            Self::Two => 2,
            Self::Four => 4,
            Self::Eight => 8,
        }
    }

    /// From [`Bits::number`].
    ///
    /// # Errors
    /// [`Refused::Malformed`] for another one.
    pub fn from_number(number: i64) -> Result<Self, Refused> {
        match number {
            1 => Ok(Self::One),
            2 => Ok(Self::Two),
            4 => Ok(Self::Four),
            8 => Ok(Self::Eight),
            _ => Err(Refused::malformed(WHAT, "bits is 1, 2, 4 or 8")),
        }
    }

    const fn mask(self) -> u8 {
        match self {
            Self::One => 1,
            Self::Two => 3,
            Self::Four => 15,
            Self::Eight => 255,
        }
    }
}

/// How a credential stands (section 7.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It holds.
    Valid,
    /// It was revoked, for good.
    Invalid,
    /// It does not hold for now.
    Suspended,
    /// What only its issuer knows to read: not to be taken as valid.
    Other(u8),
}

impl Standing {
    /// From its number.
    pub const fn from_number(number: u8) -> Self {
        match number {
            0 => Self::Valid,
            1 => Self::Invalid,
            2 => Self::Suspended,
            other => Self::Other(other),
        }
    }

    /// Its number.
    pub const fn number(self) -> u8 {
        match self {
            Self::Valid => 0,
            Self::Invalid => 1,
            Self::Suspended => 2,
            Self::Other(other) => other,
        }
    }
}

/// A list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    bits: Bits,
    bytes: Vec<u8>,
}

impl List {
    /// A list in which at least `size` credentials are valid.
    pub fn valid(bits: Bits, size: usize) -> Self {
        Self { bits, bytes: vec![0; (size * usize::from(bits.number())).div_ceil(8)] }
    }

    /// The list of bytes as they are unpacked.
    pub const fn of_bytes(bits: Bits, bytes: Vec<u8>) -> Self {
        Self { bits, bytes }
    }

    /// How many bits each number has.
    pub const fn bits(&self) -> Bits {
        self.bits
    }

    /// The bytes, unpacked.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How many credentials it has room for.
    pub fn len(&self) -> usize {
        self.bytes.len() * 8 / usize::from(self.bits.number())
    }

    /// True if there is room for none.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// How the credential at a place stands.
    ///
    /// # Errors
    /// [`Refused::Malformed`] beyond the end of the list: that credential must not be taken as valid.
    pub fn get(&self, index: usize) -> Result<Standing, Refused> {
        let (byte, shift) = self.place(index);
        let found =
            self.bytes.get(byte).ok_or_else(|| Refused::malformed(WHAT, "the place is beyond its end"))?;
        Ok(Standing::from_number(found >> shift & self.bits.mask()))
    }

    /// Sets how the credential at a place stands.
    ///
    /// # Errors
    /// [`Refused::Malformed`] beyond the end of the list, or for a number that has more bits.
    pub fn set(&mut self, index: usize, standing: Standing) -> Result<(), Refused> {
        let ((byte, shift), mask, number) = (self.place(index), self.bits.mask(), standing.number());
        if number > mask {
            return Err(Refused::malformed(WHAT, "the status needs more bits"));
        }
        let found = self.bytes.get_mut(byte);
        let found = found.ok_or_else(|| Refused::malformed(WHAT, "the place is beyond its end"))?;
        *found = *found & !(mask << shift) | number << shift;
        Ok(())
    }

    fn place(&self, index: usize) -> (usize, usize) {
        let bit = index.saturating_mul(usize::from(self.bits.number()));
        (bit / 8, bit % 8)
    }

    /// Packed with zlib, as densely as it goes.
    ///
    /// # Errors
    /// [`Refused::Malformed`] if it cannot be packed.
    pub fn pack(&self) -> Result<Vec<u8>, Refused> {
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::best());
        let packed = zlib.write_all(&self.bytes).and_then(|()| zlib.finish());
        packed.map_err(|error| Refused::malformed(WHAT, error.to_string()))
    }

    /// A list that was packed.
    ///
    /// # Errors
    /// [`Refused::Malformed`] if it cannot be unpacked, [`Refused::TooLong`] if it becomes too much.
    pub fn unpack(bits: Bits, packed: &[u8]) -> Result<Self, Refused> {
        let mut bytes = Vec::new();
        let read = ZlibDecoder::new(packed).take(LONGEST + 1).read_to_end(&mut bytes);
        read.map_err(|_error| Refused::malformed(WHAT, "it cannot be unpacked"))?;
        if bytes.len() as u64 > LONGEST {
            return Err(Refused::TooLong { what: WHAT, most: 4 << 20 });
        }
        Ok(Self { bits, bytes })
    }
}
