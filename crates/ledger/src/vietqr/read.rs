//! Reading a QR that somebody shows.

use super::tags::{AMOUNT, CHECK, COUNTRY, CURRENCY, FORMAT, GUID, MORE, NAPAS, cut};
use super::{BankAccount, QrFault, Service, VietQr, crc};
use crate::Dong;

/// Longest text of a QR: EMVCo allows 512 characters.
const LONGEST: usize = 512;

impl VietQr {
    /// Reads the text of a QR.
    ///
    /// # Errors
    /// [`QrFault`], with what is wrong with it.
    pub fn read(text: &str) -> Result<Self, QrFault> {
        let text = text.trim();
        if text.len() > LONGEST || !text.is_ascii() {
            return Err(QrFault::NotVietQr);
        }
        checked(text)?;
        let tags = cut(text)?;
        let get = |tag: &str| value(&tags, tag);
        if get(FORMAT) != Some("01") {
            return Err(QrFault::NotVietQr);
        }
        let napas = cut(get(NAPAS).ok_or(QrFault::NotVietQr)?)?;
        if value(&napas, "00") != Some(GUID) {
            return Err(QrFault::NotVietQr);
        }
        let service = match value(&napas, "02") {
            Some("QRIBFTTA") => Service::Account,
            Some("QRIBFTTC") => Service::Card,
            _ => return Err(QrFault::NotVietQr),
        };
        let to = cut(value(&napas, "01").ok_or(QrFault::NotVietQr)?)?;
        let (bin, number) = (value(&to, "00").unwrap_or_default(), value(&to, "01").unwrap_or_default());
        let to = BankAccount::new(bin, number).map_err(|_odd| QrFault::Garbled(NAPAS.to_owned()))?;
        match get(CURRENCY) {
            Some("704") => {}
            other => return Err(QrFault::Currency(other.unwrap_or_default().to_owned())),
        }
        match get(COUNTRY) {
            Some("VN") => {}
            other => return Err(QrFault::Country(other.unwrap_or_default().to_owned())),
        }
        let amount = get(AMOUNT).map(amount).transpose()?;
        let more = get(MORE).map(cut).transpose()?.unwrap_or_default();
        let said = |tag| value(&more, tag).map(str::to_owned);
        Ok(Self { to, service, amount, bill: said("01"), purpose: said("08") })
    }
}

/// The checksum comes last, over all that stands before it and its own tag and length.
fn checked(text: &str) -> Result<(), QrFault> {
    let before = text.len().checked_sub(4).and_then(|end| text.get(..end));
    let (Some(before), Some(told)) = (before, text.get(text.len().saturating_sub(4)..)) else {
        return Err(QrFault::NotVietQr);
    };
    if !before.ends_with("6304") {
        return Err(QrFault::Garbled(CHECK.to_owned()));
    }
    let computed = format!("{:04X}", crc(before.as_bytes()));
    if told.eq_ignore_ascii_case(&computed) {
        return Ok(());
    }
    Err(QrFault::Checksum { told: told.to_owned(), computed })
}

/// `180000` and `180000.00`; a fraction of a đồng there is not.
fn amount(text: &str) -> Result<Dong, QrFault> {
    let odd = || QrFault::Amount(text.to_owned());
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let is_number = !whole.is_empty() && whole.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number || fraction.bytes().any(|byte| byte != b'0') {
        return Err(odd());
    }
    whole.parse().ok().and_then(|dong| Dong::new(dong).ok()).ok_or_else(odd)
}

fn value<'t>(tags: &[(&str, &'t str)], tag: &str) -> Option<&'t str> {
    tags.iter().find(|(other, _)| *other == tag).map(|(_, value)| *value)
}
