//! A notice as a letter: headers and text as RFC 5322, RFC 2047 and RFC 3834 want them.

use std::time::SystemTime;

use dinh_casework::Notice;
use lettre::Message;
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Body, Mailbox};

/// Who writes.
#[derive(Clone, Debug)]
pub(crate) struct Sender {
    pub(crate) from: Mailbox,
    pub(crate) reply_to: Option<Mailbox>,
}

/// The letter that tells a notice to an address.
///
/// # Errors
/// Says why there can be none.
pub(crate) fn letter(
    sender: &Sender,
    to: Mailbox,
    notice: &Notice,
    now: SystemTime,
) -> Result<Message, String> {
    let domain = sender.from.email.domain();
    let mut letter = Message::builder()
        .from(sender.from.clone())
        .to(to)
        .subject(one_line(notice.subject()))
        .date(now)
        // The same if it is sent twice, so that a mailbox can tell.
        .message_id(Some(format!("<{}@{domain}>", notice.key)))
        .header(ContentType::TEXT_PLAIN);
    if let Some(reply_to) = &sender.reply_to {
        letter = letter.reply_to(reply_to.clone());
    }
    let body =
        Body::new_with_encoding(text(notice, sender.reply_to.is_some()), ContentTransferEncoding::Base64);
    let body = body.map_err(|_text| "the text cannot be encoded".to_owned())?;
    let mut letter = letter.body(body).map_err(|error| error.to_string())?;
    let language = if notice.english { "en" } else { "vi" };
    for (name, value) in [
        (HeaderName::new_from_ascii_str("Content-Language"), language),
        // Nobody's “I am away” should answer it.
        (HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated"),
    ] {
        letter.headers_mut().insert_raw(HeaderValue::new(name, value.to_owned()));
    }
    Ok(letter)
}

fn text(notice: &Notice, may_be_answered: bool) -> String {
    let (name, text) = (one_line(&notice.name), notice.text());
    let link = notice.link.as_deref().unwrap_or_default();
    let (greeting, more, end) = if notice.english {
        ("Dear", "See more at:", "This message was sent automatically; please do not answer it.")
    } else {
        ("Kính gửi", "Xem thêm tại:", "Thư này được gửi tự động, xin đừng trả lời.")
    };
    let mut lines = vec![format!("{greeting} {name},"), String::new(), text.to_owned()];
    if !link.is_empty() {
        lines.extend([String::new(), more.to_owned(), link.to_owned()]);
    }
    if !may_be_answered {
        lines.extend([String::new(), end.to_owned()]);
    }
    lines.push(String::new());
    lines.join("\r\n")
}

/// Without line breaks and other control characters.
fn one_line(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}
