//! Writing a QR.

use unicode_normalization::UnicodeNormalization as _;

use super::tags::{AMOUNT, CHECK, COUNTRY, CURRENCY, FORMAT, GUID, MORE, NAPAS, ONCE, tag};
use super::{BankAccount, Service, VietQr, crc};
use crate::Dong;

/// Longest bill and purpose that all banks take.
const LONGEST: usize = 25;

impl VietQr {
    /// A transfer of an amount to an account, with what is written on it: accents are taken away, and what banks do not
    /// take becomes a space.
    pub fn transfer(to: BankAccount, amount: Dong, purpose: &str) -> Self {
        let plain: String = purpose
            .replace('đ', "d")
            .replace('Đ', "D")
            .nfd()
            .filter(|letter| !unicode_normalization::char::is_combining_mark(*letter))
            .map(|letter| if letter.is_ascii_alphanumeric() { letter } else { ' ' })
            .collect();
        let mut words = String::new();
        for word in plain.split_whitespace() {
            let space = usize::from(!words.is_empty());
            if words.len() + space + word.len() > LONGEST {
                break;
            }
            if space == 1 {
                words.push(' ');
            }
            words.push_str(word);
        }
        Self {
            to,
            service: Service::Account,
            amount: Some(amount).filter(|amount| !amount.is_zero()),
            bill: None,
            purpose: Some(words).filter(|words| !words.is_empty()),
        }
    }

    /// The text of the QR.
    pub fn text(&self) -> String {
        let service = match self.service {
            Service::Account => "QRIBFTTA",
            Service::Card => "QRIBFTTC",
        };
        let to = tag("00", &self.to.bin) + &tag("01", &self.to.number);
        let napas = tag("00", GUID) + &tag("01", &to) + &tag("02", service);
        // What names an amount is for one payment.
        let once = if self.amount.is_some() { "12" } else { "11" };
        let mut text = tag(FORMAT, "01") + &tag(ONCE, once) + &tag(NAPAS, &napas) + &tag(CURRENCY, "704");
        if let Some(amount) = self.amount {
            text += &tag(AMOUNT, &amount.get().to_string());
        }
        text += &tag(COUNTRY, "VN");
        let bill = self.bill.as_deref().map(|bill| tag("01", bill)).unwrap_or_default();
        let purpose = self.purpose.as_deref().map(|purpose| tag("08", purpose)).unwrap_or_default();
        if !bill.is_empty() || !purpose.is_empty() {
            text += &tag(MORE, &(bill + &purpose));
        }
        text += CHECK;
        text += "04";
        let check = crc(text.as_bytes());
        text + &format!("{check:04X}")
    }
}
