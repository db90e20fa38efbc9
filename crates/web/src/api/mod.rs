//! The machine's side of the house: NGSI-LD (`ngsild`), the house's own JSON API (`house`), and what operators ask of
//! a running program (`operations`).

pub(crate) mod house;
pub(crate) mod ngsild;
pub(crate) mod operations;
pub(crate) mod reply;
pub(crate) mod request;

use dinh_ngsild::problem::Problem;
use utoipa::openapi::{InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder};
use utoipa_axum::router::OpenApiRouter;

use crate::app::App;

/// What machines may ask, with its description.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default().merge(ngsild::routes()).merge(house::routes())
}

/// True for paths whose answers, errors included, are for machines.
pub(crate) fn is_for_machines(path: &str) -> bool {
    ["/ngsi-ld", "/api"]
        .iter()
        .any(|root| path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

/// What is wrong with a path that ends where the identifier of an entity should stand (CIM 009 clause 5.6.18.4).
pub(crate) fn missing_identifier(path: &str) -> Option<Problem> {
    let detail = "The path names no entity: its identifier belongs after the last slash.";
    (path.ends_with("/entities/") && !path.contains("/temporal/")).then(|| Problem::bad_data(detail))
}

/// The OpenAPI document of everything that machines may ask.
pub(crate) fn document() -> OpenApi {
    let all = routes().merge(crate::live::routes()).merge(operations::routes());
    let mut document = all.into_openapi();
    let info = InfoBuilder::new()
        .title("Đình")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "NGSI-LD (ETSI GS CIM 009 v1.9) at /ngsi-ld/v1, and the house's own API at /api/v1. Names may be short: \
             without an @context they are those of NGSI-LD's core context and its default vocabulary.",
        ))
        .license(Some(LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build()))
        .build();
    document.merge(OpenApiBuilder::new().info(info.clone()).build());
    document.info = info;
    document
}
