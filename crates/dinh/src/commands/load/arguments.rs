//! Flags of `dinh load`.

use std::path::PathBuf;

use clap::Args;

use crate::cli::TargetArgs;
use crate::target::batch::Mode;

pub(crate) const ABOUT: &str = "\
Nạp thực thể từ tệp: NGSI-LD dưới dạng mảng JSON, một tài liệu, hoặc mỗi dòng một thực thể (NDJSON), có hay không có \
@context đều được; và mọi tệp CSV, JSON, GeoJSON hay XLSX mà khai báo nguồn (--map) cho biết cách biến bản ghi thành thực thể.

Tệp lớn được đọc đến đâu gửi đến đó nên tốn rất ít bộ nhớ. Lần nạp bị ngắt sẽ nạp tiếp từ chỗ dừng khi gõ lại đúng lệnh \
ấy; tệp được nhận ra theo nội dung, không theo tên. Bản ghi bị từ chối được đếm theo lý do, kèm những dòng đầu tiên mắc \
phải; --rejects giữ lại từng bản ghi bị từ chối. Khi có bản ghi bị từ chối thì mã kết thúc là 2.

Không có --url thì thực thể vào thẳng thư mục dữ liệu; khi đó không được có máy chủ nào đang dùng thư mục ấy.

Loads entities from files: NGSI-LD as a JSON array, a single document or one entity a line (NDJSON), with or without \
@context; and any CSV, JSON, GeoJSON or XLSX file whose records a feed definition (--map) turns into entities.

Large files are read as they are sent; memory stays small. A load that was interrupted goes on where it stopped when the \
same command is given again; a file is known by its content, not by its name. What is refused is counted by reason, with \
the first lines where it happened; --rejects keeps every refused record. The exit status is 2 if there were some.

Without --url the entities go straight into the data folder, which no server may be using.";

pub(crate) const EXAMPLES: &str = "\
Ví dụ · Examples:
  dinh load gauges.ndjson --url http://127.0.0.1:8420 --tenant hue
  dinh load stations.csv --map packs/hydromet/feeds/stations.toml --tenant hue
  dinh load *.json --rejects refused.ndjson
  curl -s https://example.vn/all.ndjson | dinh load - --tenant hue";

/// Flags of `dinh load`.
#[derive(Debug, Args)]
pub(crate) struct LoadArgs {
    /// Các tệp cần nạp; `-` là luồng vào chuẩn · Files to load; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) target: TargetArgs,
    /// Khai báo nguồn (TOML) có [map] biến bản ghi thành thực thể · Feed definition (TOML) whose [map] turns records into entities
    #[arg(long, value_name = "FILE", conflicts_with = "mode")]
    pub(super) map: Option<PathBuf>,
    /// Xử lý thế nào khi thực thể đã có · What happens to entities that exist already
    #[arg(long, value_enum, default_value_t = Mode::Update)]
    pub(super) mode: Mode,
    /// Tệp giữ các bản ghi bị từ chối kèm lý do (NDJSON) · File where refused records are kept with their reasons (NDJSON)
    #[arg(long, value_name = "FILE")]
    pub(super) rejects: Option<PathBuf>,
    /// Nạp lại từ đầu dù lần nạp trước của tệp này bị ngắt · Start over although an earlier load of the same file was interrupted
    #[arg(long)]
    pub(super) restart: bool,
}
