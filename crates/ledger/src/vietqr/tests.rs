//! Every vector that was found published: four of NAPAS QR Format v1.0 §6.1, and one each of three public libraries.

use proptest::prelude::*;

use super::*;

const NAPAS_STATIC: &str =
    "00020101021138570010A00000072701270006970403011200110123456780208QRIBFTTA53037045802VN6304F4E5";
const NAPAS_CARD: &str =
    "00020101021138600010A00000072701300006970403011697040311012345670208QRIBFTTC53037045802VN63044F52";
const NAPAS_ONCE: &str = "00020101021238570010A00000072701270006970403011300110123456780208QRIBFTTA530370454061800005802VN62340107NPS68690819thanh toan don hang63042E2E";
const NAPAS_CARD_ONCE: &str = "00020101021238600010A00000072701300006970403011697040311012345670208QRIBFTTC530370454061800005802VN62340107NPS68690819thanh toan don hang6304A203";
const TRANSFER: &str = "00020101021238530010A0000007270123000697041601092245284790208QRIBFTTA53037045405100005802VN62340107NPS68690819TRANSFER TO SOMEONE6304AC13";
const OTHER_ORDER: &str = "00020101021153037045802VN38540010A00000072701240006970436011010319334300208QRIBFTTA62220818Thanh toan hoa don6304FCE9";
const STATIC_AMOUNT: &str = "00020101021138540010A00000072701240006970407011003865776720208QRIBFTTA5303704540710000005802VN62160812henry an cut6304A322";

fn dong(dong: u64) -> Dong {
    Dong::new(dong).expect("is an amount")
}

fn read(text: &str) -> VietQr {
    VietQr::read(text).expect("can be read")
}

#[test]
fn the_checksum_of_every_published_vector_is_right() {
    for text in [NAPAS_STATIC, NAPAS_CARD, NAPAS_ONCE, NAPAS_CARD_ONCE, TRANSFER, OTHER_ORDER, STATIC_AMOUNT]
    {
        let (before, told) = text.split_at(text.len() - 4);
        assert_eq!(format!("{:04X}", crc(before.as_bytes())), told, "{text}");
    }
}

#[test]
fn published_vectors_say_what_they_should() {
    let once = read(NAPAS_ONCE);
    assert_eq!(once.to, BankAccount::new("970403", "0011012345678").expect("is one"));
    assert_eq!((once.service, once.amount), (Service::Account, Some(dong(180_000))));
    assert_eq!(
        (once.bill.as_deref(), once.purpose.as_deref()),
        (Some("NPS6869"), Some("thanh toan don hang"))
    );
    let card = read(NAPAS_CARD);
    assert_eq!(
        (card.service, card.amount, card.to.number.as_str()),
        (Service::Card, None, "9704031101234567")
    );
    let other = read(OTHER_ORDER);
    assert_eq!((other.to.bin.as_str(), other.to.number.as_str()), ("970436", "1031933430"));
    let amount = read(STATIC_AMOUNT);
    assert_eq!((amount.amount, amount.purpose.as_deref()), (Some(dong(1_000_000)), Some("henry an cut")));
}

#[test]
fn what_is_built_is_what_was_published_letter_by_letter() {
    for text in [NAPAS_CARD, NAPAS_ONCE, NAPAS_CARD_ONCE, TRANSFER] {
        assert_eq!(read(text).text(), text);
    }
}

/// The first vector of NAPAS has a right checksum but says that an account of 13 characters has 12.
#[test]
fn a_vector_whose_lengths_are_wrong_is_garbled() {
    assert!(matches!(VietQr::read(NAPAS_STATIC), Err(QrFault::Garbled(_))));
}

#[test]
fn an_altered_qr_is_found_out() {
    let altered = NAPAS_ONCE.replace("180000", "980000");
    assert!(matches!(VietQr::read(&altered), Err(QrFault::Checksum { .. })));
}

#[test]
fn another_bank_account_card_currency_and_country_are_refused_with_the_reason() {
    let mine = BankAccount::new("970436", "1031933430").expect("is one");
    assert_eq!(read(OTHER_ORDER).leads_to(&mine), Ok(()));
    let other = read(TRANSFER).leads_to(&mine).expect_err("is another bank");
    assert_eq!(other.to_string(), "this is the QR of another bank: 970416, and not 970436");
    let mut account = read(OTHER_ORDER);
    account.to.number = "1".to_owned();
    assert_eq!(account.leads_to(&mine), Err(QrFault::OtherAccount));
    assert_eq!(read(NAPAS_CARD).leads_to(&mine), Err(QrFault::Card));
    let again = |text: &str| {
        let (before, _) = text.split_at(text.len() - 4);
        format!("{before}{:04X}", crc(before.as_bytes()))
    };
    let dollars = again(&OTHER_ORDER.replace("5303704", "5303840"));
    assert_eq!(VietQr::read(&dollars), Err(QrFault::Currency("840".to_owned())));
    let abroad = again(&OTHER_ORDER.replace("5802VN", "5802US"));
    assert_eq!(VietQr::read(&abroad), Err(QrFault::Country("US".to_owned())));
    let half = again(&NAPAS_ONCE.replace("5406180000", "54061800.5"));
    assert_eq!(VietQr::read(&half), Err(QrFault::Amount("1800.5".to_owned())));
    assert_eq!(VietQr::read("https://example.vn/pay?x=1"), Err(QrFault::Garbled("63".to_owned())));
}

#[test]
fn words_lose_their_accents_and_are_cut_between_words() {
    let to = BankAccount::new("970436", "1031933430").expect("is one");
    let qr = VietQr::transfer(to, dong(8_000), "DH7K2M9QXW Lệ phí cấp bản sao trích lục");
    assert_eq!(qr.purpose.as_deref(), Some("DH7K2M9QXW Le phi cap ban"));
}

proptest! {
    #[test]
    fn what_is_built_is_read_again(number in "[0-9A-Z]{1,19}", amount in 1..=Dong::MOST, purpose in ".{0,60}") {
        let to = BankAccount::new("970436", &number).expect("is one");
        let qr = VietQr::transfer(to, dong(amount), &purpose);
        prop_assert_eq!(VietQr::read(&qr.text()), Ok(qr));
    }

    #[test]
    fn junk_is_refused_and_nothing_else_happens(junk in ".{0,600}", cut in 0_usize..150, put in any::<char>()) {
        prop_assert!(VietQr::read(&junk).is_err());
        let mut text: Vec<char> = NAPAS_ONCE.chars().collect();
        let at = cut % text.len();
        let is_check = at >= text.len() - 4;
        let is_other = text[at] != put && !(is_check && text[at].eq_ignore_ascii_case(&put));
        text[at] = put;
        let altered: String = text.into_iter().collect();
        prop_assert_eq!(VietQr::read(&altered).is_err(), is_other);
    }
}
