//! Protocol Buffers, as much of the encoding as a tile needs.

/// A message being written.
#[derive(Debug, Default)]
pub(super) struct Message(Vec<u8>);

impl Message {
    pub(super) fn varint(&mut self, mut value: u64) {
        loop {
            let [low, ..] = value.to_le_bytes();
            value >>= 7;
            if value == 0 {
                self.0.push(low & 0x7f);
                return;
            }
            self.0.push(low | 0x80);
        }
    }

    fn key(&mut self, field: u32, wire_type: u64) {
        self.varint(u64::from(field) << 3 | wire_type);
    }

    /// A field of type `uint32`, `uint64`, `bool` or an enum.
    pub(super) fn uint(&mut self, field: u32, value: u64) {
        self.key(field, 0);
        self.varint(value);
    }

    /// A field of type `double`.
    pub(super) fn double(&mut self, field: u32, value: f64) {
        self.key(field, 1);
        self.0.extend_from_slice(&value.to_le_bytes());
    }

    /// A field of type `bytes`, `string` or a message.
    pub(super) fn bytes(&mut self, field: u32, value: &[u8]) {
        self.key(field, 2);
        self.varint(value.len() as u64);
        self.0.extend_from_slice(value);
    }

    /// A packed field of type `repeated uint32`.
    pub(super) fn packed(&mut self, field: u32, values: &[u32]) {
        let mut inner = Self::default();
        for value in values {
            inner.varint(u64::from(*value));
        }
        self.bytes(field, &inner.0);
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn append(&mut self, other: &Self) {
        self.0.extend_from_slice(&other.0);
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

/// Signed numbers in `uint32` fields: small ones stay small.
pub(super) fn zigzag(value: i32) -> u32 {
    ((value << 1) ^ (value >> 31)).cast_unsigned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_the_examples_of_the_encoding_guide() {
        let mut message = Message::default();
        message.uint(1, 150);
        assert_eq!(message.as_bytes(), [0x08, 0x96, 0x01]);
        let mut message = Message::default();
        message.bytes(2, b"testing");
        assert_eq!(message.as_bytes(), [0x12, 7, b't', b'e', b's', b't', b'i', b'n', b'g']);
        let mut message = Message::default();
        message.packed(6, &[3, 270, 86942]);
        assert_eq!(message.as_bytes(), [0x32, 6, 3, 0x8e, 2, 0x9e, 0xa7, 5]);
        assert_eq!([0, -1, 1, -2, i32::MAX].map(zigzag), [0, 1, 2, 3, u32::MAX - 1]);
    }
}
