//! How large things may be.

/// How large an upload may be, and what it may become while it is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a file.
    pub bytes: usize,
    /// Pixels of a picture.
    pub pixels: u64,
    /// Pixels of a picture's longer side.
    pub side: u32,
    /// Bytes that a picture may take in memory while it is decoded.
    pub memory: u64,
    /// Members of an archive.
    pub members: usize,
    /// Bytes that an archive, or the streams of a PDF, may unpack to.
    pub unpacked: u64,
    /// How many times its packed size a member of an archive may unpack to.
    pub ratio: u64,
}

impl Default for Limits {
    /// A photograph of a telephone or a scanned decision fits; a film does not.
    fn default() -> Self {
        Self {
            bytes: 20 << 20,
            pixels: 50_000_000,
            side: 12_000,
            memory: 256 << 20,
            members: 2_000,
            unpacked: 200 << 20,
            ratio: 200,
        }
    }
}
