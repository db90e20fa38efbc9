//! `dinh serve`: the life of a server.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use clap::Args;
use dinh_access::OpenWrites;
use dinh_model::Tenant;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::catalogue;
use crate::cli::{DataArgs, PackArgs};
use crate::config::{self, Config, Flags};
use crate::outcome::{Outcome, answer};
use crate::said::{OrSay as _, Said, Words};
use crate::wiring::{self, House};
use crate::{limits, logging, metering, runtime, shutdown};

/// Longest time from the first signal to the end.
const FAREWELL: Duration = Duration::from_secs(10);
/// Time between two rounds of tidying.
const DAY: Duration = Duration::from_hours(24);

pub(crate) const ABOUT: &str = "\
Chạy máy chủ trên một đồ thị: các trang và bản đồ cho người dùng, NGSI-LD và giao diện lập trình riêng cho chương trình \
khác, sự kiện trực tiếp, và những nguồn dữ liệu mà gói của các tỉnh nêu. Dòng đầu tiên in ra là địa chỉ của máy chủ; \
nhật ký đi vào luồng lỗi chuẩn. SIGTERM hoặc Ctrl-C cho máy chủ làm nốt việc đang dở; tín hiệu thứ hai dừng ngay. Dừng \
cách nào cũng không mất dữ liệu đã xác nhận.

Serves a graph: pages and map for people, NGSI-LD and the house's own API for programs, live events, and the feeds that \
the packs of its provinces name. The first line of standard output is its address; the log goes to standard error. \
SIGTERM or Ctrl-C lets it finish what it has begun; a second signal ends it at once. Nothing acknowledged is lost either \
way.";

pub(crate) const EXAMPLES: &str = "\
Ví dụ · Examples:
  dinh serve --data /var/lib/dinh
  dinh serve --data ./data --listen 0.0.0.0:8420
  dinh serve --listen 127.0.0.1:0   # một cổng trống, được in ra · a free port
  DINH_ACCESS__WRITE_KEY_FILE=/etc/dinh.key dinh serve --config /etc/dinh.toml";

/// Flags of `dinh serve`.
#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    #[command(flatten)]
    flags: ServeFlags,
}

/// Flags of everything that serves.
#[derive(Debug, Args)]
pub(crate) struct ServeFlags {
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    packs: PackArgs,
    /// Địa chỉ nhận kết nối; cổng 0 là lấy một cổng trống và in ra · Address to listen on; port 0 takes a free one and prints it
    #[arg(long, value_name = "ADDR")]
    listen: Option<String>,
}

impl ServeFlags {
    /// What they say of the configuration.
    pub(crate) fn flags(&self) -> Flags {
        Flags { data: self.data.data.clone(), packs: self.packs.packs.clone(), listen: self.listen.clone() }
    }
}

/// Serves until a signal.
pub(crate) fn run(args: &ServeArgs, file: Option<&Path>) -> anyhow::Result<Outcome> {
    let loaded = config::load(file, &args.flags.flags(), Config::default())?;
    logging::start(&loaded)?;
    runtime::run(serve(&loaded.config, |_url, _tenant| Vec::new()))
}

/// What is printed after the address, given the address and the tenant that a visitor sees first.
type Welcome = fn(&str, &str) -> Vec<String>;

/// Serves until a signal.
pub(crate) async fn serve(config: &Config, welcome: Welcome) -> anyhow::Result<Outcome> {
    let stop = shutdown::on_signal()?;
    let metrics = metering::start(stop.clone())?;
    let files = limits::raise_open_files();
    let tls = wiring::tls(config)?;
    let listener = listen(&config.listen).await?;
    let address = listener.local_addr()?;
    let house = wiring::to_serve(config, address, metrics).await?;
    house.app.casework().check_published().await?;
    warn_of_open_doors(config, address);
    tracing::info!(%address, data = %config.data.display(), open_files = files, "serving");
    let mut served = tokio::spawn(dinh_web::serve(listener, house.app.clone(), tls, stop.clone()));
    let delivered = deliver(&house, &stop);
    seal(config, &house, &stop);
    retain(&house, &stop);
    tidy(&house, &stop);
    tokio::spawn(catalogue::keep_up(house.context.clone(), stop.clone()));
    tokio::spawn(catalogue::keep_fresh(house.context.clone(), house.app.portal().clone(), stop.clone()));
    cases(&house, &stop);
    let url = format!("{}://{address}", config.http.scheme());
    let mut first = vec![format!("Đình: {url}/")];
    let tenant = house
        .context
        .packs()
        .provinces()
        .first()
        .map_or(Tenant::DEFAULT, |province| province.tenant.as_str());
    first.extend(welcome(&url, tenant));
    match house.identity.set_up_code().await {
        Ok(Some(code)) => {
            first.push(format!("Mã thiết lập · Set-up code: {code}  {url}/{tenant}/set-up"));
        }
        Ok(None) => {}
        // Everything but making the first administrator goes on without.
        Err(error) => tracing::warn!(%error, "no set-up code could be made"),
    }
    answer(first)?;
    tokio::select! {
        // Only a signal should end the server; if something else did, everything ends.
        outcome = &mut served => {
            stop.cancel();
            drop(delivered.await);
            house.context.close().await?;
            outcome??;
        }
        () = stop.cancelled() => farewell(&house, served, delivered).await?,
    }
    Ok(Outcome::Done)
}

/// Follows the change feed and delivers notifications until `stop`.
fn deliver(house: &House, stop: &CancellationToken) -> JoinHandle<()> {
    let (legs, until) = (house.app.legs().clone(), stop.clone());
    tokio::spawn(async move { legs.run(until).await });
    let (context, stop) = (house.context.clone(), stop.clone());
    tokio::spawn(async move { context.deliver(stop).await })
}

/// Lets cases go on by themselves, and tells applicants and the national portal of them, until `stop`.
fn cases(house: &House, stop: &CancellationToken) {
    let (casework, until) = (house.app.casework().clone(), stop.clone());
    tokio::spawn(async move { casework.wake(until).await });
    let (casework, ways, until) = (house.app.casework().clone(), house.ways.clone(), stop.clone());
    tokio::spawn(async move { casework.send(&ways, until).await });
    let (portal, until) = (house.app.portal().clone(), stop.clone());
    tokio::spawn(async move { portal.run(until).await });
    let (payments, until) = (house.app.payments().clone(), stop.clone());
    tokio::spawn(async move { payments.run(until).await });
}

/// Forgets sessions that are over and attempts that no longer count, day by day until `stop`.
fn tidy(house: &House, stop: &CancellationToken) {
    let (identity, stop) = (house.identity.clone(), stop.clone());
    tokio::spawn(async move {
        let mut days = tokio::time::interval(DAY);
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = days.tick() => {}
            }
            match identity.tidy().await {
                Ok(removed) => tracing::debug!(removed, "sessions that are over were forgotten"),
                Err(error) => tracing::warn!(%error, "sessions that are over could not be forgotten"),
            }
        }
    });
}

/// Seals the audit day by day until `stop`. A server that cannot says so in its log, and serves.
fn seal(config: &Config, house: &House, stop: &CancellationToken) {
    match wiring::sealing(config) {
        Ok(sealing) => {
            let (context, stop) = (house.context.clone(), stop.clone());
            tokio::spawn(async move { sealing.run(&context, stop).await });
        }
        Err(error) => tracing::error!(reason = format!("{error:#}"), "the audit is kept but not sealed"),
    }
}

/// Erases day by day what need not be kept any more, until `stop`.
fn retain(house: &House, stop: &CancellationToken) {
    let (context, stop) = (house.context.clone(), stop.clone());
    tokio::spawn(async move { context.keep_retention(stop).await });
}

/// Lets everything that has begun come to an end, for so long.
async fn farewell(
    house: &House,
    served: JoinHandle<std::io::Result<()>>,
    delivered: JoinHandle<()>,
) -> anyhow::Result<()> {
    let everything = async {
        let (served, (), delivered) = tokio::join!(served, house.feeds.stop(), delivered);
        (served, delivered, house.context.close().await)
    };
    let Ok((served, delivered, closed)) = tokio::time::timeout(FAREWELL, everything).await else {
        tracing::warn!(
            "not everything came to its end within {} s; what was acknowledged is kept",
            FAREWELL.as_secs()
        );
        return Ok(());
    };
    delivered.or_say(|| {
        Words::new(
            "việc gửi thông báo kết thúc bất ngờ",
            "the delivery of notifications has ended unexpectedly",
        )
    })?;
    served.or_say(|| Words::new("máy chủ kết thúc bất ngờ", "the server has ended unexpectedly"))??;
    closed?;
    tracing::info!("stopped");
    Ok(())
}

async fn listen(address: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| {
        let (vi, en) = match error.kind() {
            ErrorKind::AddrInUse => (
                "chương trình khác, có thể là một Đình khác, đang dùng địa chỉ này; hãy chọn địa chỉ khác bằng --listen, \
                 hoặc cổng 0 để lấy một cổng trống",
                "another program, perhaps another Đình, does so; choose another address with --listen, or port 0 for a \
                 free one",
            ),
            ErrorKind::PermissionDenied => (
                "người dùng này không được phép; các cổng dưới 1024 dành cho quản trị hệ thống",
                "this user may not; ports below 1024 are for the system administrator",
            ),
            ErrorKind::InvalidInput => (
                "đây không phải là một địa chỉ; hãy viết như 127.0.0.1:8420, hoặc 0.0.0.0:8420 để nhận từ mọi mạng",
                "this is not an address; write it like 127.0.0.1:8420, or 0.0.0.0:8420 for every network",
            ),
            _ => ("hệ thống từ chối", "the system refuses"),
        };
        let vi = format!("không nhận kết nối được ở {address}: {vi}");
        Said::because(Words::new(vi, format!("cannot listen on {address}: {en}")), error)
    })
}

/// An open door on a public street is worth a line in the log.
fn warn_of_open_doors(config: &Config, address: SocketAddr) {
    if config.access.open_writes == OpenWrites::Anywhere && !address.ip().is_loopback() {
        tracing::warn!("everybody who reaches {address} may write (access.open_writes = \"anywhere\")");
    }
}
