//! Where a layout leaves room for signatures: templates mark it with metadata named `signatures`, which says how wide and
//! how high it is, in points.

use dinh_documents::Spot;
use typst::foundations::{Label, Selector, Value};
use typst::introspection::{Introspector, MetadataElem};
use typst::utils::PicoStr;
use typst_layout::PagedDocument;

/// What templates call it.
const NAME: &str = "signatures";

/// The last place that is marked; none if there is none.
pub(crate) fn of(document: &PagedDocument) -> Option<Spot> {
    let introspector = &**document.introspector();
    let marked = introspector.query(&Selector::Label(Label::new(PicoStr::intern(NAME))?));
    let last = marked.last()?;
    let Value::Dict(said) = &last.to_packed::<MetadataElem>()?.value else { return None };
    let number = |name: &str| match said.get(name).ok()? {
        #[expect(clippy::cast_precision_loss, reason = "points of a page are few")]
        Value::Int(number) => Some(*number as f64),
        Value::Float(number) => Some(*number),
        _ => None,
    };
    let (wide, high) = (number("wide")?, number("high")?);
    let position = Introspector::position(introspector, last.location()?)?.as_paged()?;
    let page = position.page.get() - 1;
    let height = document.pages().get(page)?.frame.height().to_pt();
    let (left, top) = (position.point.x.to_pt(), height - position.point.y.to_pt());
    Some(Spot { page, rect: [left, top - high, left + wide, top] })
}
