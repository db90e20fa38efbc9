//! One order: account, proof of every name, certificate.

use instant_acme::{
    Account, AccountCredentials, AuthorizationStatus, ChallengeType, Identifier, NewAccount, NewOrder,
    OrderStatus, RetryPolicy,
};
use rcgen::{CertificateParams, CustomExtension, KeyPair, date_time_ymd};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::sign::CertifiedKey;

use super::way::Way;
use super::{Acme, write};
use crate::router::tls::{Tls, TlsError, provider};
use dinh_context::outbound::Outbound;

/// Why there is no certificate.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failed {
    /// The authority, or the way to it.
    #[error("the authority: {0}")]
    Authority(#[from] instant_acme::Error),
    /// A name was not proved.
    #[error("the authority did not find the proof for {0}: port 443 of that name must lead to this server")]
    Unproved(String),
    /// Something could not be made.
    #[error("a certificate could not be made: {0}")]
    Made(#[from] rcgen::Error),
    /// Something could not be kept or used.
    #[error(transparent)]
    Files(#[from] TlsError),
}

/// The account at the authority: the one that is kept, or a new one. Naming domains in the configuration is the consent
/// to the authority's terms.
pub(super) async fn account(acme: &Acme, outbound: &Outbound) -> Result<Account, Failed> {
    let builder = Account::builder_with_http(Box::new(Way(outbound.clone())));
    let kept = std::fs::read_to_string(acme.account()).ok();
    if let Some(kept) = kept.and_then(|text| serde_json::from_str::<AccountCredentials>(&text).ok()) {
        return Ok(builder.from_credentials(kept).await?);
    }
    let contact: Vec<&str> = acme.contact.as_deref().into_iter().collect();
    let new = NewAccount { contact: &contact, terms_of_service_agreed: true, only_return_existing: false };
    let (account, credentials) = builder.create(&new, acme.directory.clone(), None).await?;
    let text = serde_json::to_string(&credentials).map_err(instant_acme::Error::from)?;
    write(&acme.account(), &text)?;
    Ok(account)
}

/// A new certificate with those that vouch for it, and its key, both in PEM.
pub(super) async fn certificate(
    acme: &Acme,
    account: &Account,
    tls: &Tls,
) -> Result<(String, String), Failed> {
    let names: Vec<Identifier> = acme.domains.iter().cloned().map(Identifier::Dns).collect();
    let mut order = account.new_order(&NewOrder::new(&names)).await?;
    let mut authorizations = order.authorizations();
    while let Some(authorization) = authorizations.next().await {
        let mut authorization = authorization?;
        match authorization.status {
            AuthorizationStatus::Valid => continue,
            AuthorizationStatus::Pending => {}
            _ => return Err(Failed::Unproved(authorization.identifier().to_string())),
        }
        let name = authorization.identifier().to_string();
        let challenge = authorization.challenge(ChallengeType::TlsAlpn01);
        let mut challenge = challenge.ok_or_else(|| Failed::Unproved(name.clone()))?;
        tls.prove(&name, proof(&name, challenge.key_authorization().digest().as_ref())?);
        challenge.set_ready().await?;
    }
    let proved = order.poll_ready(&RetryPolicy::default()).await;
    tls.prove_nothing();
    if proved? != OrderStatus::Ready {
        return Err(Failed::Unproved(acme.domains.join(", ")));
    }
    let key = KeyPair::generate()?;
    let request = CertificateParams::new(acme.domains.clone())?.serialize_request(&key)?;
    order.finalize_csr(request.der()).await?;
    let chain = order.poll_certificate(&RetryPolicy::default()).await?;
    Ok((chain, key.serialize_pem()))
}

/// What is shown to the authority as the proof for a name (RFC 8737, section 3).
fn proof(name: &str, digest: &[u8]) -> Result<CertifiedKey, Failed> {
    let mut params = CertificateParams::new([name.to_owned()])?;
    params.custom_extensions = vec![CustomExtension::new_acme_identifier(digest)];
    let key = KeyPair::generate()?;
    let certificate = params.self_signed(&key)?;
    let secret = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let secret = provider().key_provider.load_private_key(secret);
    let secret = secret.map_err(|error| TlsError::Unusable(error.to_string()))?;
    // Not checked as certificates are: the extension is critical, and only authorities know it.
    Ok(CertifiedKey::new(vec![certificate.der().clone()], secret))
}

/// A certificate that vouches for nothing and is over already: something must be shown before the first order is
/// through.
pub(super) fn passing(domains: &[String]) -> Result<(String, String), TlsError> {
    let unusable = |error: rcgen::Error| TlsError::Unusable(error.to_string());
    let mut params = CertificateParams::new(domains.to_vec()).map_err(unusable)?;
    (params.not_before, params.not_after) = (date_time_ymd(1975, 1, 1), date_time_ymd(1975, 1, 2));
    let key = KeyPair::generate().map_err(unusable)?;
    let made = params.self_signed(&key).map_err(unusable)?;
    Ok((made.pem(), key.serialize_pem()))
}
