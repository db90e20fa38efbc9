//! What goes on by itself: following, telling, taking in, comparing.

use dinh_model::Tenant;
use futures::future::join_all;
use tokio_util::sync::CancellationToken;

use super::Portal;

impl Portal {
    /// Keeps all links going until `stop`.
    pub async fn run(&self, stop: CancellationToken) {
        let mut tenants: Vec<Tenant> = Vec::new();
        for link in self.0.links.get().into_iter().flatten() {
            if !tenants.contains(&link.tenant) {
                tenants.push(link.tenant.clone());
            }
        }
        let each = tenants.iter().map(|tenant| async {
            tokio::join!(
                self.follow(tenant, &stop),
                self.send(tenant, &stop),
                self.settle_in(tenant, &stop),
                self.compare(tenant, &stop),
            );
        });
        join_all(each).await;
    }
}
