//! The query languages: whatever the text, an answer or an error, never a panic; what was read prints to a text that
//! reads as the same query.
#![no_main]

use dinh_ngsild::context::Context;
use dinh_ngsild::query::{IdPattern, OrderKey, Projection, Q, ScopeExpr, TypeExpr};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let context = Context::core();
    if let Ok(q) = Q::parse(text, &context) {
        let printed = q.to_text(&context);
        assert_eq!(Q::parse(&printed, &context).expect("what was printed is read"), q, "{printed}");
    }
    drop(TypeExpr::parse(text, &context));
    drop(ScopeExpr::parse(text));
    drop(OrderKey::parse_list(text, None, &context));
    drop(Projection::parse("pick", text, &context));
    drop(IdPattern::parse(text));
});
