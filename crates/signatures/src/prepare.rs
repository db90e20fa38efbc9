//! Signing in three steps: prepare a document, sign somewhere (a key in software, a token, a remote service), embed the
//! signature. Nothing that stands in the document is touched; what is added stands behind it.

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};

use crate::algorithm::Algorithm;
use crate::appearance::{self, Look};
use crate::certificate::Certificate;
use crate::cms;
use crate::font::FontFault;
use crate::pdf::{Dict, File, Increment, Object, PdfFault, hex};

/// Room for a time stamp with its certificates, in bytes.
const STAMP_ROOM: usize = 12 << 10;
/// How many pages are looked through for the one to sign on.
const MOST_PAGES: usize = 20_000;
/// How deep the tree of pages may be.
const DEEPEST_PAGES: usize = 32;
/// The longest name of a field, reason or place, in letters.
const LONGEST_WORDS: usize = 200;

/// Why a document is not signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignFault {
    /// The document cannot be read.
    #[error(transparent)]
    Pdf(#[from] PdfFault),
    /// The font of what is seen cannot be used.
    #[error(transparent)]
    Font(#[from] FontFault),
    /// There is a signature of this name.
    #[error("the document has a signature named {0:?} already")]
    Taken(String),
    /// A word is too long or empty.
    #[error("{field} has to have 1 to {LONGEST_WORDS} letters and no control characters")]
    Words {
        /// Which.
        field: &'static str,
    },
    /// No such page.
    #[error("the document has no page {0}")]
    NoPage(usize),
    /// What is seen has no room.
    #[error("the place of the signature has to be a rectangle of at least 10 by 10 points")]
    NoRoom,
    /// Whoever signed first allowed nobody to sign after them.
    #[error("the document was certified by a signature that allows nothing after it")]
    Closed,
    /// No certificate, or one whose key is not taken.
    #[error(
        "the certificate has no key that is taken: RSA with 2,048 to 8,192 bits, ECDSA on P-256 or P-384"
    )]
    NoKey,
    /// The certificate is not for signing.
    #[error("the certificate of {0} is not for signing documents: its key usage names something else")]
    NotForSigning(String),
    /// The signature is not of this key over these bytes.
    #[error("the signature is not by the key of the certificate over what was to be signed")]
    OtherKey,
    /// The key does not sign.
    #[error("the key refuses to sign")]
    KeyRefuses,
    /// More than the room that was left.
    #[error("the signature has {0} bytes, more than the room that was left for it")]
    Long(usize),
    /// A message cannot be written.
    #[error("the signature cannot be written: {0}")]
    Encoding(String),
}

impl From<der::Error> for SignFault {
    fn from(error: der::Error) -> Self {
        Self::Encoding(error.to_string())
    }
}

/// What a signature says of itself.
#[derive(Debug, Clone, Default)]
pub struct Field<'a> {
    /// The name of its field; a field of this name that waits for a signature is used.
    pub name: String,
    /// Who signs.
    pub signer: String,
    /// Why.
    pub reason: Option<String>,
    /// Where.
    pub place: Option<String>,
    /// What is seen of it; nothing if there is none.
    pub look: Option<Look<'a>>,
}

/// By whom and when a document is signed.
#[derive(Debug, Clone)]
pub struct Signing {
    /// When.
    pub at: Timestamp,
    /// From the certificate of whoever signs towards the root, which is left out.
    pub chain: Vec<Certificate>,
    /// In which way.
    pub algorithm: Algorithm,
    /// Whether there will be a time stamp.
    pub stamped: bool,
}

/// A document that waits for its signature.
#[derive(Debug, Clone)]
pub struct Prepared {
    pdf: Vec<u8>,
    /// Where the place of the signature begins and ends: from its `<` to after its `>`.
    gap: std::ops::Range<usize>,
    attributes: Vec<u8>,
    chain: Vec<Certificate>,
    algorithm: Algorithm,
}

impl Prepared {
    /// The bytes to sign.
    pub fn to_sign(&self) -> &[u8] {
        &self.attributes
    }

    /// The hash of the bytes to sign, for signers that take only that.
    pub fn digest(&self) -> Vec<u8> {
        self.algorithm.hash().digest(&[&self.attributes])
    }

    /// The way to sign.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The certificate by which it is signed.
    pub fn certificate(&self) -> Option<&Certificate> {
        self.chain.first()
    }

    /// How many bytes it keeps.
    pub fn size(&self) -> usize {
        self.pdf.len()
    }
}

/// Makes a document ready to be signed.
pub fn prepare(pdf: &[u8], field: &Field<'_>, signing: &Signing) -> Result<Prepared, SignFault> {
    check_words(field)?;
    let whose = signing.chain.first().ok_or(SignFault::NoKey)?;
    if whose.algorithm().is_none() {
        return Err(SignFault::NoKey);
    }
    if !whose.signs_documents() {
        return Err(SignFault::NotForSigning(whose.name().unwrap_or_else(|| whose.subject())));
    }
    let file = File::read(pdf)?;
    let (root, catalogue) = file.catalogue()?;
    if is_closed(&file, &catalogue)? {
        return Err(SignFault::Closed);
    }
    let reserve = signing.chain.iter().map(|one| one.der().len()).sum::<usize>()
        + signing.algorithm.longest()
        + 2_048
        + if signing.stamped { STAMP_ROOM } else { 0 };
    let mut increment = Increment::new(pdf, &file);
    let value = increment.add(Object::Dict(value(field, signing, reserve)));
    place(&mut increment, &file, root, field, value)?;
    let (mut pdf, places) = increment.write();
    let at = places.get(&value).copied().unwrap_or(0);
    let gap = fill_range(&mut pdf, at, reserve)?;
    let (before, rest) = pdf.split_at(gap.start);
    let after = rest.get(gap.len()..).unwrap_or_default();
    let digest = signing.algorithm.hash().digest(&[before, after]);
    let attributes = cms::attributes(&digest, whose, signing.algorithm)?;
    Ok(Prepared { pdf, gap, attributes, chain: signing.chain.clone(), algorithm: signing.algorithm })
}

/// Puts the signature into its place, with the time stamp over it if there is one. A signature that is not by the key of
/// the certificate is refused.
pub fn embed(prepared: &Prepared, signature: &[u8], stamp: Option<&[u8]>) -> Result<Vec<u8>, SignFault> {
    let signature = &crate::raw::as_der(signature, prepared.algorithm);
    check_signature(prepared, signature)?;
    let message = cms::assemble(&prepared.attributes, signature, &prepared.chain, prepared.algorithm, stamp)?;
    let reserve = (prepared.gap.len() - 2) / 2;
    if message.len() > reserve {
        return Err(SignFault::Long(message.len()));
    }
    let mut pdf = prepared.pdf.clone();
    let digits = hex(&message);
    let from = prepared.gap.start + 1;
    match pdf.get_mut(from..from + digits.len()) {
        Some(place) => place.copy_from_slice(digits.as_bytes()),
        None => return Err(SignFault::Long(message.len())),
    }
    Ok(pdf)
}

/// Refuses a signature that does not fit, before anybody asks for a time stamp over it.
pub fn check_signature(prepared: &Prepared, signature: &[u8]) -> Result<(), SignFault> {
    let signature = &crate::raw::as_der(signature, prepared.algorithm);
    let signer = prepared.certificate().ok_or(SignFault::NoKey)?;
    let algorithm = prepared.algorithm.identifier()?;
    match crate::algorithm::check(signer.key(), &algorithm, None, &prepared.attributes, signature) {
        crate::algorithm::Checked::Fits => Ok(()),
        _ => Err(SignFault::OtherKey),
    }
}

fn check_words(field: &Field<'_>) -> Result<(), SignFault> {
    let given = [
        ("the name of the field", Some(&field.name)),
        ("the name of whoever signs", Some(&field.signer)),
        ("the reason", field.reason.as_ref()),
        ("the place", field.place.as_ref()),
    ];
    for (name, value) in given {
        let fits = value.is_none_or(|value| {
            (1..=LONGEST_WORDS).contains(&value.chars().count()) && !value.chars().any(char::is_control)
        });
        if !fits {
            return Err(SignFault::Words { field: name });
        }
    }
    Ok(())
}

/// Whether a first signature (DocMDP) allows nothing after it.
fn is_closed(file: &File<'_>, catalogue: &Dict) -> Result<bool, PdfFault> {
    let permissions = file.value(catalogue, "Perms")?;
    let Some(permissions) = permissions.as_dict() else { return Ok(false) };
    let value = file.value(permissions, "DocMDP")?;
    value.as_dict().map_or(Ok(false), |value| crate::check::allows_nothing(file, value))
}

fn value(field: &Field<'_>, signing: &Signing, reserve: usize) -> Dict {
    const UNKNOWN: &str = "0000000000";
    let mut value = Dict::default();
    value.set("Type", Object::named("Sig"));
    value.set("Filter", Object::named("Adobe.PPKLite"));
    value.set("SubFilter", Object::named("ETSI.CAdES.detached"));
    value
        .set("ByteRange", Object::Array([UNKNOWN; 4].map(|digits| Object::Real(digits.to_owned())).to_vec()));
    value.set("Contents", Object::Text(vec![0; reserve]));
    value.set("M", Object::Text(date(signing.at).into_bytes()));
    value.set("Name", Object::words(&field.signer));
    if let Some(reason) = &field.reason {
        value.set("Reason", Object::words(reason));
    }
    if let Some(place) = &field.place {
        value.set("Location", Object::words(place));
    }
    value
}

/// A date as PDF writes it, in official time: `D:20261120140500+07'00'`.
fn date(at: Timestamp) -> String {
    let official = at.to_zoned(TimeZone::fixed(Offset::constant(7)));
    official.strftime("D:%Y%m%d%H%M%S+07'00'").to_string()
}

/// Writes what the signature covers into its place, and says where the signature goes.
fn fill_range(pdf: &mut [u8], at: usize, reserve: usize) -> Result<std::ops::Range<usize>, SignFault> {
    let find = |pdf: &[u8], word: &[u8]| {
        let rest = pdf.get(at..)?;
        rest.windows(word.len()).position(|window| window == word).map(|found| at + found + word.len())
    };
    let lost = || SignFault::Encoding("its place is not found".to_owned());
    let range_at = find(pdf, b"/ByteRange [").ok_or_else(lost)?;
    let start = find(pdf, b"/Contents ").ok_or_else(lost)?;
    let gap = start..start + reserve * 2 + 2;
    let rest = pdf.len().checked_sub(gap.end).ok_or_else(lost)?;
    let text = format!("{:<10} {:<10} {:<10} {:<10}", 0, gap.start, gap.end, rest);
    pdf.get_mut(range_at..range_at + text.len()).ok_or_else(lost)?.copy_from_slice(text.as_bytes());
    Ok(gap)
}

/// Puts the signature into the form and onto its page.
fn place(
    increment: &mut Increment<'_>,
    file: &File<'_>,
    root: u32,
    field: &Field<'_>,
    value: u32,
) -> Result<(), SignFault> {
    if let Some(waiting) = waiting(file, &field.name)? {
        let Object::Dict(mut widget) = file.object(waiting)? else { return Err(SignFault::NoRoom) };
        widget.set("V", Object::Ref(value, 0));
        if let (Some(look), Some(rect)) = (&field.look, rect_of(file, &widget)?) {
            let form = appearance::draw(increment, look, rect[2] - rect[0], rect[3] - rect[1])?;
            widget.set("AP", normal(form));
        }
        increment.put(waiting, Object::Dict(widget));
        return Ok(set_flags(increment, file, root, None)?);
    }
    let page_at = field.look.as_ref().map_or(0, |look| look.page);
    let page = page(file, page_at)?.ok_or(SignFault::NoPage(page_at + 1))?;
    let mut widget = Dict::default();
    widget.set("Type", Object::named("Annot"));
    widget.set("Subtype", Object::named("Widget"));
    widget.set("FT", Object::named("Sig"));
    widget.set("T", Object::words(&field.name));
    widget.set("V", Object::Ref(value, 0));
    // It is printed, and nobody moves it (ISO 32000-1, 12.5.3).
    widget.set("F", Object::Int(132));
    widget.set("P", Object::Ref(page, 0));
    let mut rect = [0.0; 4];
    if let Some(look) = &field.look {
        rect = look.rect;
        let (wide, high) = (rect[2] - rect[0], rect[3] - rect[1]);
        if !(wide >= 10.0 && high >= 10.0 && wide < 10_000.0 && high < 10_000.0) {
            return Err(SignFault::NoRoom);
        }
        let form = appearance::draw(increment, look, wide, high)?;
        widget.set("AP", normal(form));
    }
    widget.set("Rect", Object::Array(rect.map(|number| Object::Real(format!("{number:.2}"))).to_vec()));
    let widget = Object::Ref(increment.add(Object::Dict(widget)), 0);
    increment.append(page, "Annots", std::slice::from_ref(&widget))?;
    Ok(set_flags(increment, file, root, Some(widget))?)
}

fn normal(form: u32) -> Object {
    Object::Dict(Dict(vec![(b"N".to_vec(), Object::Ref(form, 0))]))
}

/// Says in the form that there are signatures, and adds the field.
fn set_flags(
    increment: &mut Increment<'_>,
    file: &File<'_>,
    root: u32,
    field: Option<Object>,
) -> Result<(), PdfFault> {
    let Object::Dict(mut catalogue) = increment.object(root)? else {
        return Err(PdfFault::Broken("its catalogue is missing"));
    };
    let own = match catalogue.get("AcroForm") {
        Some(Object::Ref(number, _)) => Some(*number),
        _ => None,
    };
    let mut form = match file.value(&catalogue, "AcroForm")? {
        Object::Dict(form) => form,
        _ => Dict::default(),
    };
    form.set("SigFlags", Object::Int(3));
    if let Some(field) = field {
        let apart = form.get("Fields").cloned();
        let list = match &apart {
            Some(Object::Ref(list, _)) => increment.object(*list)?,
            other => other.clone().unwrap_or(Object::Array(Vec::new())),
        };
        let Object::Array(mut fields) = list else {
            return Err(PdfFault::Broken("what should be a list is none"));
        };
        fields.push(field);
        // A list that is an object of its own stays one.
        match apart {
            Some(Object::Ref(list, _)) => increment.put(list, Object::Array(fields)),
            _ => form.set("Fields", Object::Array(fields)),
        }
    }
    if let Some(own) = own {
        increment.put(own, Object::Dict(form));
    } else {
        catalogue.set("AcroForm", Object::Dict(form));
        increment.put(root, Object::Dict(catalogue));
    }
    Ok(())
}

/// The field of this name that waits for a signature.
fn waiting(file: &File<'_>, name: &str) -> Result<Option<u32>, SignFault> {
    for (number, dict) in crate::check::fields(file)? {
        if dict.get("T").and_then(Object::as_words).as_deref() == Some(name) {
            let free = dict.name("FT") == Some(b"Sig") && matches!(file.value(&dict, "V")?, Object::Null);
            return if free { Ok(Some(number)) } else { Err(SignFault::Taken(name.to_owned())) };
        }
    }
    Ok(None)
}

fn rect_of(file: &File<'_>, widget: &Dict) -> Result<Option<[f64; 4]>, PdfFault> {
    let Object::Array(numbers) = file.value(widget, "Rect")? else { return Ok(None) };
    let numbers: Vec<f64> = numbers
        .iter()
        .filter_map(|number| match number {
            Object::Int(number) => number.to_string().parse().ok(),
            Object::Real(text) => text.parse().ok(),
            _ => None,
        })
        .collect();
    Ok(<[f64; 4]>::try_from(numbers)
        .ok()
        .filter(|rect| rect[2] - rect[0] >= 10.0 && rect[3] - rect[1] >= 10.0))
}

/// The number of page `wanted`, counted from 0.
fn page(file: &File<'_>, wanted: usize) -> Result<Option<u32>, PdfFault> {
    let (_, catalogue) = file.catalogue()?;
    let Some(Object::Ref(root, _)) = catalogue.get("Pages") else {
        return Err(PdfFault::Broken("its catalogue names no pages"));
    };
    let mut left = vec![(*root, 0)];
    let (mut pages, mut seen) = (0, 0);
    while let Some((number, depth)) = left.pop() {
        seen += 1;
        if seen > MOST_PAGES || depth > DEEPEST_PAGES {
            return Err(PdfFault::Broken("it has more than 20,000 pages, or they go round in circles"));
        }
        let Object::Dict(node) = file.object(number)? else {
            return Err(PdfFault::Broken("a page is missing"));
        };
        match file.value(&node, "Kids")? {
            Object::Array(kids) => left.extend(kids.iter().rev().filter_map(|kid| match kid {
                Object::Ref(number, _) => Some((*number, depth + 1)),
                _ => None,
            })),
            _ if pages == wanted => return Ok(Some(number)),
            _ => pages += 1,
        }
    }
    Ok(None)
}
