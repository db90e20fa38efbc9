//! Whom a signature may be believed: authorities with the days between which they are trusted, and paths to them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::algorithm::Checked;
use crate::asn1::oid;
use crate::certificate::Certificate;
use crate::report::Finding;

/// How many certificates a path may have.
const LONGEST: usize = 6;
/// How many signatures of certificates are checked to find a path.
const MOST_CHECKS: usize = 64;

/// What an authority is trusted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// Signatures of documents.
    Documents,
    /// Time stamps.
    Stamps,
}

/// A trusted authority.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    /// Its certificate.
    pub certificate: Certificate,
    /// From when on it is trusted; its certificate says it otherwise.
    pub from: Option<Timestamp>,
    /// Until when it is trusted; its certificate says it otherwise.
    pub until: Option<Timestamp>,
    /// What for; anything if nothing is named.
    pub purposes: Vec<Purpose>,
}

impl Anchor {
    fn is_for(&self, purpose: Purpose) -> bool {
        self.purposes.is_empty() || self.purposes.contains(&purpose)
    }

    /// Whether it is trusted at `at`.
    pub fn holds(&self, at: Timestamp) -> bool {
        self.from.is_none_or(|from| from <= at) && self.until.is_none_or(|until| at <= until)
    }
}

/// The trusted authorities.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trust {
    /// One by one.
    pub anchors: Vec<Anchor>,
}

struct Search<'a> {
    anchors: Vec<&'a Anchor>,
    pool: &'a [Certificate],
    checks: usize,
}

/// A path from a certificate to a trusted authority, both included, and what is wrong with it at `at`.
pub(crate) fn path(
    leaf: &Certificate,
    pool: &[Certificate],
    trust: &Trust,
    purpose: Purpose,
    at: Timestamp,
) -> (Vec<Certificate>, Vec<Finding>) {
    let anchors: Vec<&Anchor> = trust.anchors.iter().filter(|anchor| anchor.is_for(purpose)).collect();
    // Where several lead there, one that is trusted at the time is wanted.
    let (held, ended): (Vec<_>, Vec<_>) = anchors.into_iter().partition(|anchor| anchor.holds(at));
    for (anchors, listed) in [(held, true), (ended, false)] {
        let mut search = Search { anchors, pool, checks: 0 };
        if let Some(path) = search.from(vec![leaf.clone()]) {
            let mut findings = validity(&path, at);
            if !listed {
                findings.push(Finding::AuthorityNotListed);
            }
            if path.iter().any(Certificate::asks_too_much) || !serves(leaf, purpose) {
                findings.push(Finding::NotForSigning);
            }
            return (path, findings);
        }
    }
    (Vec::new(), vec![Finding::NoPath])
}

/// The certificates that lead to somebody trusted, now or ever, each with its issuer: once each, authorities between
/// included, but for the roots.
pub fn believed(certificates: &[Certificate], trust: &Trust) -> Vec<(Certificate, Certificate)> {
    let mut all: Vec<(Certificate, Certificate)> = Vec::new();
    for certificate in certificates {
        let mut search = Search { anchors: trust.anchors.iter().collect(), pool: certificates, checks: 0 };
        for pair in search.from(vec![certificate.clone()]).unwrap_or_default().windows(2) {
            if let [certificate, issuer] = pair
                && all.iter().all(|(known, _)| known != certificate)
            {
                all.push((certificate.clone(), issuer.clone()));
            }
        }
    }
    all
}

fn serves(leaf: &Certificate, purpose: Purpose) -> bool {
    leaf.signs_documents() && (purpose == Purpose::Documents || leaf.is_for(oid::TIME_STAMPING))
}

/// What the certificates of a path say about `at`.
pub(crate) fn validity(path: &[Certificate], at: Timestamp) -> Vec<Finding> {
    let said = |certificate: &Certificate| certificate.name().unwrap_or_else(|| certificate.subject());
    path.iter()
        .filter_map(|certificate| {
            if at > certificate.until() {
                Some(Finding::Expired { name: said(certificate), until: certificate.until() })
            } else if at < certificate.from() {
                Some(Finding::NotYet { name: said(certificate), from: certificate.from() })
            } else {
                None
            }
        })
        .collect()
}

impl Search<'_> {
    fn from(&mut self, path: Vec<Certificate>) -> Option<Vec<Certificate>> {
        let last = path.last()?;
        if self.anchors.iter().any(|anchor| anchor.certificate == *last) {
            return Some(path);
        }
        if path.len() >= LONGEST {
            return None;
        }
        let trusted: Vec<Certificate> =
            self.anchors.iter().map(|anchor| anchor.certificate.clone()).collect();
        for issuer in trusted.iter().chain(self.pool) {
            // Each must allow as many below it as there are between it and the first.
            let usable = issuer.is_authority(path.len() - 1) && !path.contains(issuer);
            let named = last.read.tbs_certificate().issuer() == issuer.read.tbs_certificate().subject();
            if !usable || !named || self.checks >= MOST_CHECKS {
                continue;
            }
            self.checks += 1;
            if last.is_signed_by(issuer) != Checked::Fits {
                continue;
            }
            let mut longer = path.clone();
            longer.push(issuer.clone());
            if let Some(found) = self.from(longer) {
                return Some(found);
            }
        }
        None
    }
}
