//! `dinh query`.

use std::path::Path;

use clap::Args;
use serde_json::Value as Json;
use serde_json::value::RawValue;

use crate::cli::TargetArgs;
use crate::config::{self, Config};
use crate::outcome::{Outcome, answer};
use crate::target::{Ask, LOCAL, Pages, Target, path};
use crate::{logging, runtime};

/// Most entities asked for at once.
const PAGE: usize = 1000;
/// Most hits of a search.
const MAX_HITS: usize = 100;

pub(crate) const ABOUT: &str = "\
Truy vấn thực thể trong một vùng dữ liệu và in ra thành một mảng JSON. Không có --url thì truy vấn thư mục dữ liệu theo \
cấu hình; thư mục đang có máy chủ dùng thì chỉ truy vấn được qua máy chủ ấy.

Asks for entities of one tenant and prints them as a JSON array. Without --url the data folder of the configuration is \
asked; a folder that a server runs on can only be asked through that server.";

pub(crate) const EXAMPLES: &str = "\
Ví dụ · Examples:
  dinh query --url http://127.0.0.1:8420 --tenant hue --type RiverGauge
  dinh query --type RiverGauge --q 'waterLevel>2;status==\"ok\"' --simplified
  dinh query --id urn:ngsi-ld:RiverGauge:kim-long
  dinh query --text 'truong tien' --limit 5
  dinh query --type Bus --count";

/// Flags of `dinh query`.
#[derive(Debug, Args)]
pub(crate) struct QueryArgs {
    #[command(flatten)]
    target: TargetArgs,
    /// Kiểu thực thể, hoặc biểu thức như RainGauge|RiverGauge · Entity type, or an expression such as RainGauge|RiverGauge
    #[arg(long = "type", value_name = "TYPE")]
    entity_type: Option<String>,
    /// Điều kiện theo ngôn ngữ truy vấn NGSI-LD, ví dụ 'waterLevel>2;status=="ok"' · Condition in NGSI-LD's query language
    #[arg(long, value_name = "Q")]
    q: Option<String>,
    /// Một thực thể theo định danh · One entity by its identifier
    #[arg(long, value_name = "URN")]
    id: Option<String>,
    /// Các từ cần tìm, có dấu hay không dấu đều được; kết quả khớp nhất đứng trước · Words to look for, with or without accents; best hits first
    #[arg(long, value_name = "WORDS", conflicts_with_all = ["q", "id", "count", "entity_type", "simplified"])]
    text: Option<String>,
    /// Trả lời nhiều nhất bao nhiêu thực thể · Most entities to answer with
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: usize,
    /// Chỉ in ra số lượng · Print only how many there are
    #[arg(long)]
    count: bool,
    /// Dạng gọn: chỉ có giá trị · Short form: values only
    #[arg(long)]
    simplified: bool,
}

/// Asks and prints.
pub(crate) fn run(args: &QueryArgs, file: Option<&Path>) -> anyhow::Result<Outcome> {
    let loaded = config::load(file, &args.target.flags(), Config::default())?;
    logging::start_quietly(&loaded)?;
    runtime::run(async {
        let target = Target::open(&args.target, &loaded).await?;
        let asked = match &args.text {
            Some(text) => search(&target, text, args.limit).await,
            None if args.count => count(&target, args).await,
            None => entities(&target, args).await,
        };
        target.close().await?;
        asked
    })?;
    Ok(Outcome::Done)
}

async fn search(target: &Target, text: &str, limit: usize) -> anyhow::Result<()> {
    let limit = limit.min(MAX_HITS).to_string();
    let place = format!("/api/v1/{}/search", target.tenant());
    let hits = target.json(&path(&place, &[("text", text), ("limit", &limit)])).await?;
    answer([serde_json::to_string_pretty(&hits)?])
}

async fn count(target: &Target, args: &QueryArgs) -> anyhow::Result<()> {
    let reply = target.send(&Ask::get(question(args, 0, &[("count", "true")]))).await?.success()?;
    let total = reply.header("ngsild-results-count").unwrap_or("?").to_owned();
    answer([total])
}

async fn entities(target: &Target, args: &QueryArgs) -> anyhow::Result<()> {
    let form: &[(&str, &str)] = if args.simplified { &[("options", "simplified")] } else { &[] };
    let mut pages = Pages::from(target, question(args, args.limit.clamp(1, PAGE), form), "application/json");
    let mut left = args.limit;
    let mut lines = vec!["[".to_owned()];
    while left > 0 {
        let Some(page) = pages.next().await? else { break };
        for entity in page.json::<Vec<Box<RawValue>>>()?.into_iter().take(left) {
            left -= 1;
            if lines.len() > 1 {
                lines.last_mut().into_iter().for_each(|line| line.push(','));
            }
            let entity: Json = serde_json::from_str(entity.get())?;
            lines.push(serde_json::to_string_pretty(&entity)?);
        }
        // All but the last line, which may still need its comma.
        let told = lines.len().saturating_sub(1);
        answer(lines.drain(..told))?;
    }
    lines.push("]".to_owned());
    answer(lines)
}

fn question(args: &QueryArgs, limit: usize, more: &[(&str, &str)]) -> String {
    let limit = limit.to_string();
    let mut parameters = vec![LOCAL, ("limit", limit.as_str())];
    let given = [("type", &args.entity_type), ("q", &args.q), ("id", &args.id)];
    parameters.extend(given.iter().filter_map(|(name, value)| Some((*name, value.as_deref()?))));
    parameters.extend(more);
    path("/ngsi-ld/v1/entities", &parameters)
}
