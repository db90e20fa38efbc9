//! Floor 5: security modules by PKCS #11, for the binary alone. The keys stay in the module; what goes there is the message
//! or its hash, and what comes back is the signature. The PIN is kept in memory as long as the module is open, and is in no
//! message and no log.

mod held;

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error as TokenError, RvError};
use cryptoki::mechanism::Mechanism;
use cryptoki::mechanism::MechanismType;
use cryptoki::mechanism::rsa::{PkcsMgfType, PkcsPssParams};
use cryptoki::object::{Attribute, AttributeType, KeyType, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::types::AuthPin;
use der::asn1::{AnyRef, ObjectIdentifier, OctetStringRef, UintRef};
use der::{Decode as _, Encode as _, Tag};
use dinh_signatures::Algorithm;
use dinh_signing::{Module, ModuleFault};

pub use held::Held;

/// P-256 and P-384 (RFC 5480).
const CURVES: [(ObjectIdentifier, Algorithm); 2] = [
    (ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7"), Algorithm::EcdsaP256),
    (ObjectIdentifier::new_unwrap("1.3.132.0.34"), Algorithm::EcdsaP384),
];

/// A security module that is open: one of the server, or somebody's USB token.
pub struct Token {
    library: Pkcs11,
    name: String,
    pin: AuthPin,
    /// One session: modules sign one thing after another anyway.
    session: Mutex<Option<Session>>,
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Token").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Token {
    /// Opens the token called `name` by the library at `library`, with its PIN.
    ///
    /// # Errors
    /// No such library or token, or a wrong PIN.
    pub fn open(library: &Path, name: &str, pin: &str) -> Result<Self, ModuleFault> {
        let library = Pkcs11::new(library).map_err(|error| fault("the library cannot be loaded", &error))?;
        match library.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
            // Another part of the process opened it before.
            Ok(()) | Err(TokenError::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => {}
            Err(error) => return Err(fault("the library does not start", &error)),
        }
        let token =
            Self { library, name: name.to_owned(), pin: AuthPin::new(pin.into()), session: Mutex::default() };
        token.with(|_| Ok(()))?;
        Ok(token)
    }

    fn enter(&self) -> Result<Session, ModuleFault> {
        let slots =
            self.library.get_slots_with_token().map_err(|error| fault("it lists no tokens", &error))?;
        for slot in slots {
            let Ok(info) = self.library.get_token_info(slot) else { continue };
            if info.label().trim_end() != self.name {
                continue;
            }
            let session =
                self.library.open_ro_session(slot).map_err(|error| fault("it opens no session", &error))?;
            match session.login(UserType::User, Some(&self.pin)) {
                Ok(()) | Err(TokenError::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => return Ok(session),
                Err(error) => return Err(fault("it does not take the PIN", &error)),
            }
        }
        Err(ModuleFault(format!("there is no token called {:?}", self.name)))
    }

    /// Does something in the session; once more in a new one if the first was over, as after the module was taken out.
    fn with<T>(&self, work: impl Fn(&Session) -> Result<T, TokenError>) -> Result<T, ModuleFault> {
        let mut kept = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(session) = &*kept
            && let Ok(done) = work(session)
        {
            return Ok(done);
        }
        // The old one is given back before a new one is asked for.
        *kept = None;
        let session = self.enter()?;
        let done = work(&session).map_err(|error| fault("it refuses", &error));
        *kept = Some(session);
        done
    }
}

impl Module for Token {
    fn public_key(&self, label: &str) -> Result<(Vec<u8>, Algorithm), ModuleFault> {
        let wanted = [
            AttributeType::KeyType,
            AttributeType::Modulus,
            AttributeType::PublicExponent,
            AttributeType::EcParams,
            AttributeType::EcPoint,
        ];
        let attributes = self.with(|session| {
            let key = one(session, ObjectClass::PUBLIC_KEY, label)?;
            match key {
                Some(key) => session.get_attributes(key, &wanted).map(Some),
                None => Ok(None),
            }
        })?;
        let attributes =
            attributes.ok_or_else(|| ModuleFault(format!("there is no public key called {label:?}")))?;
        key_of(&attributes)
            .ok_or_else(|| ModuleFault(format!("the key {label:?} is of a kind that is not taken")))
    }

    fn sign(&self, label: &str, algorithm: Algorithm, message: &[u8]) -> Result<Vec<u8>, ModuleFault> {
        let (mechanism, data) = match algorithm {
            Algorithm::RsaSha256 => (Mechanism::Sha256RsaPkcs, message.to_vec()),
            Algorithm::RsaPssSha256 => {
                let parameters = PkcsPssParams {
                    hash_alg: MechanismType::SHA256,
                    mgf: PkcsMgfType::MGF1_SHA256,
                    s_len: 32.into(),
                };
                (Mechanism::Sha256RsaPkcsPss(parameters), message.to_vec())
            }
            // Modules know plain ECDSA better than ECDSA with a hash.
            Algorithm::EcdsaP256 | Algorithm::EcdsaP384 => {
                (Mechanism::Ecdsa, algorithm.hash().digest(&[message]))
            }
        };
        let signature = self.with(|session| match one(session, ObjectClass::PRIVATE_KEY, label)? {
            Some(key) => session.sign(&mechanism, key, &data).map(Some),
            None => Ok(None),
        })?;
        signature.ok_or_else(|| ModuleFault(format!("there is no private key called {label:?}")))
    }
}

fn one(session: &Session, class: ObjectClass, label: &str) -> Result<Option<ObjectHandle>, TokenError> {
    let found =
        session.find_objects(&[Attribute::Class(class), Attribute::Label(label.as_bytes().to_vec())])?;
    Ok(found.into_iter().next())
}

/// The bits of a public key as certificates have them, and the usual way to sign with it.
fn key_of(attributes: &[Attribute]) -> Option<(Vec<u8>, Algorithm)> {
    let (mut kind, mut modulus, mut exponent, mut curve, mut point) = (None, None, None, None, None);
    for attribute in attributes {
        match attribute {
            Attribute::KeyType(value) => kind = Some(*value),
            Attribute::Modulus(value) => modulus = Some(value),
            Attribute::PublicExponent(value) => exponent = Some(value),
            Attribute::EcParams(value) => curve = Some(value),
            Attribute::EcPoint(value) => point = Some(value),
            _ => {}
        }
    }
    match kind? {
        KeyType::RSA => {
            let mut body = UintRef::new(modulus?).ok()?.to_der().ok()?;
            body.extend(UintRef::new(exponent?).ok()?.to_der().ok()?);
            let bits = AnyRef::new(Tag::Sequence, &body).ok()?.to_der().ok()?;
            Some((bits, Algorithm::RsaSha256))
        }
        KeyType::EC => {
            let named = ObjectIdentifier::from_der(curve?).ok()?;
            let (_, algorithm) = CURVES.into_iter().find(|(curve, _)| *curve == named)?;
            // The standard wraps the point in an octet string; some modules do not.
            let point = point?;
            let bits = <&OctetStringRef>::from_der(point).map_or(point.as_slice(), |inner| inner.as_bytes());
            Some((bits.to_vec(), algorithm))
        }
        _ => None,
    }
}

/// What the module says, without what was given to it.
fn fault(what: &str, error: &TokenError) -> ModuleFault {
    ModuleFault(format!("{what}: {error}"))
}
