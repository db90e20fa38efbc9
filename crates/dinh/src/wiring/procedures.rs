//! The list of procedures, imported by command.

use dinh_context::Context;
use dinh_model::Tenant;
use dinh_procedures::read::Record;
use jiff::civil::Date;

use super::{open, packs};
use crate::catalogue::{self, Imported, Taken};
use crate::config::Config;
use crate::said::said;

/// Brings records of the national list into one tenant, or into every province that uses the pack of procedures. `taken` says
/// when the list was taken, given today.
pub(crate) async fn import_procedures(
    config: &Config,
    tenant: Option<&str>,
    records: &[Record],
    taken: impl FnOnce(Date) -> Taken,
) -> anyhow::Result<Vec<(String, Imported)>> {
    let context = open(config, packs(config)?, Vec::new()).await?;
    let done = procedures_into(&context, tenant, records, taken).await;
    context.close().await?;
    done
}

async fn procedures_into(
    context: &Context,
    tenant: Option<&str>,
    records: &[Record],
    taken: impl FnOnce(Date) -> Taken,
) -> anyhow::Result<Vec<(String, Imported)>> {
    let uses = |packs: &[String]| packs.iter().any(|pack| pack == catalogue::PACK);
    let tenants = match tenant {
        Some(tenant) => vec![Tenant::parse(tenant)?],
        None => {
            context.packs().provinces().iter().filter(|p| uses(&p.packs)).map(|p| p.tenant.clone()).collect()
        }
    };
    if tenants.is_empty() {
        let pack = catalogue::PACK;
        return Err(said(
            format!("không tỉnh nào dùng gói {pack}; hãy nêu --tenant"),
            format!("no province uses the pack {pack}; name a --tenant"),
        ));
    }
    let events = catalogue::events(context.packs())?;
    let taken = taken(dinh_calendar::official_day(context.clock().now().to_jiff()));
    let mut told = Vec::new();
    for tenant in tenants {
        let session = context.system("command-line", tenant.clone());
        told.push((tenant.to_string(), catalogue::import(&session, records, &events, taken).await?));
    }
    Ok(told)
}
