//! What somebody writes to say who they are: an e-mail address or a telephone number.

use std::fmt;

use unicode_normalization::UnicodeNormalization as _;

/// Longest e-mail address, in characters (RFC 5321, 4.5.3.1.3).
const MOST: usize = 254;

/// An e-mail address or a telephone number in the one form in which it is compared.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Handle {
    /// An e-mail address, in small letters.
    Email(String),
    /// A telephone number with its country, as in `+84905123456` (ITU-T E.164).
    Phone(String),
}

/// Why a text is neither.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HandleError {
    /// Not an e-mail address.
    #[error("this is not an e-mail address, as in ten@tinh.gov.vn")]
    Email,
    /// Not a telephone number.
    #[error("this is not a telephone number, as in 0905 123 456 or +84 905 123 456")]
    Phone,
}

impl Handle {
    /// Reads what somebody wrote: with an `@` it is an e-mail address, otherwise a telephone number. Numbers without a
    /// country are Vietnamese.
    pub fn parse(text: &str) -> Result<Self, HandleError> {
        if text.contains('@') { Self::email(text) } else { Self::phone(text) }
    }

    /// Reads an e-mail address.
    pub fn email(text: &str) -> Result<Self, HandleError> {
        let text: String = text.trim().nfc().collect::<String>().to_lowercase();
        let (local, domain) = text.rsplit_once('@').ok_or(HandleError::Email)?;
        let sound = |part: &str| !part.is_empty() && !part.starts_with('.') && !part.ends_with('.');
        let fits = text.chars().count() <= MOST
            && sound(local)
            && sound(domain)
            && domain.contains('.')
            && !local.contains('@')
            && !text.contains("..")
            && text.chars().all(|c| !c.is_whitespace() && !c.is_control() && !"<>()[],;:\\\"".contains(c));
        if fits { Ok(Self::Email(text)) } else { Err(HandleError::Email) }
    }

    /// Reads a telephone number.
    pub fn phone(text: &str) -> Result<Self, HandleError> {
        let text: String = text.chars().filter(|c| !" .-()\u{a0}".contains(*c)).collect();
        let digits = match (text.strip_prefix('+'), text.strip_prefix("00"), text.strip_prefix('0')) {
            (Some(whole), _, _) | (None, Some(whole), _) => whole.to_owned(),
            (None, None, Some(own)) => format!("84{own}"),
            _ => return Err(HandleError::Phone),
        };
        let fits = (8..=15).contains(&digits.len())
            && digits.bytes().all(|b| b.is_ascii_digit())
            && !digits.starts_with('0');
        if fits { Ok(Self::Phone(format!("+{digits}"))) } else { Err(HandleError::Phone) }
    }

    /// The address or number.
    pub fn text(&self) -> &str {
        match self {
            Self::Email(text) | Self::Phone(text) => text,
        }
    }

    /// Which of the two it is.
    pub(crate) const fn scheme(&self) -> &'static str {
        match self {
            Self::Email(_) => "email",
            Self::Phone(_) => "phone",
        }
    }
}

impl fmt::Display for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}
