//! Metrics: every crate counts through the `metrics` facade; here the counters get a home and a text form.

use std::sync::Arc;
use std::time::Duration;

use dinh_web::RenderMetrics;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder};
use tokio_util::sync::CancellationToken;

use crate::said::{OrSay as _, Words};

/// Upper bounds of the classes that durations are counted in, in seconds.
const SECONDS: [f64; 14] =
    [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0];
/// How often what was counted is folded together, so that memory does not grow while nobody asks.
const UPKEEP: Duration = Duration::from_secs(5);

/// Starts counting, until `stop`. The answer writes the metrics in Prometheus' text format.
pub(crate) fn start(stop: CancellationToken) -> anyhow::Result<RenderMetrics> {
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)?
        .install_recorder()
        .or_say(|| Words::new("không khởi động được việc đo đếm", "cannot count metrics"))?;
    metrics::gauge!("dinh_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
    let upkeep = handle.clone();
    tokio::spawn(async move {
        let mut ticks = tokio::time::interval(UPKEEP);
        while stop.run_until_cancelled(ticks.tick()).await.is_some() {
            upkeep.run_upkeep();
        }
    });
    Ok(Arc::new(move || handle.render()))
}

/// For commands that nobody asks for metrics.
pub(crate) fn none() -> RenderMetrics {
    Arc::new(String::new)
}
