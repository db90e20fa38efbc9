//! What is found out about the signatures of a document, without the words in which it is told.

use jiff::Timestamp;
use serde::Serialize;

/// What is to be thought of a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Whole, by a trusted certificate that was valid and not revoked.
    Genuine,
    /// Nothing speaks against it, but something could not be found out.
    Unknown,
    /// Whole, but nobody who is trusted says who signed.
    NotTrusted,
    /// Whole, but the certificate was not valid at the time, or no time stamp shows that it was.
    Expired,
    /// The certificate was revoked.
    Revoked,
    /// What was signed is not what is there.
    Altered,
}

/// Something found out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "found")]
pub enum Finding {
    /// The content is another than what was signed.
    ContentDiffers,
    /// The signature was not made by the key of the certificate over what it should be.
    SignatureDoesNotFit,
    /// It does not cover all bytes before its end but itself.
    CoversNotAll,
    /// Something other than a signature came later.
    ChangedLater,
    /// Further signatures came later.
    SignedLater,
    /// The signature cannot be read.
    Unreadable,
    /// It has something in it that nothing protects.
    Unprotected,
    /// Its algorithm is not taken (SHA-1, RSA under 2,048 bits, or unknown).
    AlgorithmNotTaken,
    /// The certificate of whoever signed is not in it.
    CertificateMissing,
    /// It does not say by which certificate it was made (no signing-certificate attribute), as PAdES demands.
    CertificateNotNamed,
    /// The certificate is not for signing documents, or asks for something that is not understood.
    NotForSigning,
    /// No path leads from the certificate to a trusted authority.
    NoPath,
    /// The authority was not on the list of trusted ones at the time.
    AuthorityNotListed,
    /// A certificate was not valid any more.
    Expired {
        /// Whose.
        name: String,
        /// Until when it was.
        until: Timestamp,
    },
    /// A certificate was not valid yet.
    NotYet {
        /// Whose.
        name: String,
        /// From when on it is.
        from: Timestamp,
    },
    /// A certificate was revoked before.
    Revoked {
        /// Whose.
        name: String,
        /// When.
        at: Timestamp,
    },
    /// A certificate was revoked, but only after the time that the stamp shows.
    RevokedLater {
        /// Whose.
        name: String,
        /// When.
        at: Timestamp,
    },
    /// Nothing says whether a certificate was revoked.
    RevocationUnknown {
        /// Whose.
        name: String,
    },
    /// What says that a certificate is not revoked is old.
    RevocationOld {
        /// Whose.
        name: String,
        /// Until when it was new.
        until: Timestamp,
    },
    /// No time stamp: the time is what the computer of whoever signed said.
    NotStamped,
    /// There is a time stamp, but it is not of this signature or is broken.
    StampDoesNotFit,
    /// There is a time stamp, but nobody who is trusted gave it.
    StampNotTrusted,
}

impl Finding {
    /// What a signature with it is to be thought of at best.
    pub fn verdict(&self) -> Verdict {
        match self {
            Self::ContentDiffers
            | Self::SignatureDoesNotFit
            | Self::CoversNotAll
            | Self::ChangedLater
            | Self::Unreadable
            | Self::StampDoesNotFit => Verdict::Altered,
            Self::Revoked { .. } => Verdict::Revoked,
            Self::Expired { .. } | Self::NotYet { .. } => Verdict::Expired,
            Self::NotForSigning
            | Self::NoPath
            | Self::AuthorityNotListed
            | Self::CertificateMissing
            | Self::AlgorithmNotTaken => Verdict::NotTrusted,
            Self::RevocationUnknown { .. } | Self::RevocationOld { .. } | Self::StampNotTrusted => {
                Verdict::Unknown
            }
            // Older signatures of PDFs (adbe.pkcs7.detached) do not name their certificate; they hold all the same.
            Self::CertificateNotNamed
            | Self::SignedLater
            | Self::RevokedLater { .. }
            | Self::NotStamped
            | Self::Unprotected => Verdict::Genuine,
        }
    }
}

/// A certificate of a path, as far as people want to know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Link {
    /// Whose it is.
    pub name: String,
    /// The organisation of whose it is.
    pub organisation: Option<String>,
    /// Its number, in hexadecimal digits.
    pub serial: String,
    /// From when it is valid.
    pub from: Timestamp,
    /// Until when it is valid.
    pub until: Timestamp,
    /// SHA-256 over its bytes, in hexadecimal digits.
    pub fingerprint: String,
}

impl From<&crate::Certificate> for Link {
    fn from(certificate: &crate::Certificate) -> Self {
        Self {
            name: certificate.name().unwrap_or_else(|| certificate.subject()),
            organisation: certificate.organisation(),
            serial: certificate.serial(),
            from: certificate.from(),
            until: certificate.until(),
            fingerprint: certificate.fingerprint(),
        }
    }
}

/// A time stamp whose authority is trusted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stamp {
    /// The time it shows.
    pub at: Timestamp,
    /// From the certificate of the authority that gave it to the root.
    pub path: Vec<Link>,
}

/// A signature of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Signature {
    /// The name of its field.
    pub field: String,
    /// What is to be thought of it: the worst of its findings.
    pub verdict: Verdict,
    /// What was found out.
    pub findings: Vec<Finding>,
    /// Who signed, as the certificate says.
    pub signer: Option<Link>,
    /// The unit within the organisation, as the certificate says.
    pub unit: Option<String>,
    /// Why, as the signature says.
    pub reason: Option<String>,
    /// Where, as the signature says.
    pub place: Option<String>,
    /// When, as the computer of whoever signed said.
    pub claimed_at: Option<Timestamp>,
    /// The time stamp, if there is one that holds.
    pub stamp: Option<Stamp>,
    /// From the certificate of whoever signed to the trusted authority; empty if no path leads there.
    pub path: Vec<Link>,
    /// Whether it can be seen on a page.
    pub visible: bool,
    /// How many bytes of the document it covers.
    pub covers: usize,
}

impl Signature {
    /// Until when it can be checked as it is: a time stamp outlives the certificate of whoever signed, until the
    /// certificates of its own authority end. None if no path leads to anybody trusted.
    pub fn checkable_until(&self) -> Option<Timestamp> {
        let path = self.stamp.as_ref().map_or(&self.path, |stamp| &stamp.path);
        path.iter().map(|link| link.until).min()
    }
}

/// What was found out about a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Its signatures, in the order in which they were made.
    pub signatures: Vec<Signature>,
}

impl Report {
    /// What is to be thought of the document: the worst of its signatures; `None` without any.
    pub fn verdict(&self) -> Option<Verdict> {
        self.signatures.iter().map(|signature| signature.verdict).max()
    }
}
