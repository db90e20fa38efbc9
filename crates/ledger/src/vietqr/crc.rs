//! The checksum of QR payments.

/// CRC-16/CCITT-FALSE (polynomial 0x1021, begins with 0xFFFF, nothing reflected): EMVCo QR Code Specification for Payment
/// Systems, merchant-presented mode, §4.7.3.
pub fn crc(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0xFFFF, |crc, byte| {
        (0..8).fold(crc ^ (u16::from(*byte) << 8), |crc, _bit| {
            if crc & 0x8000 == 0 { crc << 1 } else { (crc << 1) ^ 0x1021 }
        })
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_check_value_of_the_catalogue_is_right() {
        assert_eq!(super::crc(b"123456789"), 0x29B1);
    }
}
