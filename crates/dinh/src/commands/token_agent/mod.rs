//! `dinh token-agent`: on the machine of somebody who signs, between their USB token and the page in their browser.
//!
//! The page asks, the agent signs: it listens on this machine alone, answers the pages of the sites it was told of alone,
//! and only who has typed the code that it shows. The PIN is asked for here and goes to the token; no page ever sees it.

mod answers;
mod guard;
mod pairing;
mod pin;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use dinh_tokens::Token;
use tokio::net::TcpListener;

use self::answers::Agent;
use self::guard::Guard;
use self::pairing::Pairing;
use crate::outcome::{Outcome, answer};
use crate::said::{OrSay as _, Words, place, said};
use crate::{runtime, shutdown};

pub(crate) const ABOUT: &str = "\
Chạy trên chính máy của người ký, làm cầu nối giữa USB token (PKCS #11) và trang ký số trong trình duyệt. Chỉ nhận kết nối \
từ máy này, chỉ trả lời các trang nêu ở --site, và chỉ khi trang đã được nhập mã ghép in ra ở đây. Mã PIN đọc từ --pin-file, \
từ biến môi trường DINH_TOKEN_PIN, hoặc hỏi ngay tại cửa sổ dòng lệnh; không trang nào thấy mã PIN. Mỗi lần ký, tên từng văn \
bản được in ra.

Runs on the machine of whoever signs, between a USB token (PKCS #11) and the signing page in the browser. It takes \
connections from this machine alone, answers the sites named by --site alone, and only once the pairing code that it prints \
was typed into the page. The PIN is read from --pin-file, from the environment variable DINH_TOKEN_PIN, or asked for at the \
terminal; no page sees it. Whenever it signs, it prints the name of each document.";

pub(crate) const EXAMPLES: &str = "\
Ví dụ · Examples:
  dinh token-agent --library /usr/lib/softhsm/libsofthsm2.so --token 'Ho Thi Mot' --site https://dinh.hue.gov.vn
  dinh token-agent --library /opt/vnpt-ca/libvnptca_p11.so --token VNPT-CA --site https://dinh.hue.gov.vn --listen 127.0.0.1:9555";

/// Flags of `dinh token-agent`.
#[derive(Debug, Args)]
pub(crate) struct TokenAgentArgs {
    /// Thư viện PKCS #11 của nhà cung cấp token · PKCS #11 library of the token's vendor
    #[arg(long, value_name = "FILE")]
    library: PathBuf,
    /// Nhãn của token · Label of the token
    #[arg(long, value_name = "NAME")]
    token: String,
    /// Địa chỉ trang được phép nhờ ký; nêu được nhiều lần · Site that may ask for signatures; may be given several times
    #[arg(long, value_name = "URL", required = true)]
    site: Vec<String>,
    /// Địa chỉ nhận kết nối, phải ở chính máy này · Address to listen on, which must be of this machine
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:9421")]
    listen: SocketAddr,
    /// Tệp chứa mã PIN, chỉ chủ tệp đọc được · File that holds the PIN, which only its owner may read
    #[arg(long, value_name = "FILE")]
    pin_file: Option<PathBuf>,
}

/// Serves until it is asked to stop.
pub(crate) fn run(args: &TokenAgentArgs, _file: Option<&Path>) -> anyhow::Result<Outcome> {
    if !args.listen.ip().is_loopback() {
        return Err(said(
            "--listen phải là địa chỉ của chính máy này, ví dụ 127.0.0.1:9421",
            "--listen must be an address of this machine, such as 127.0.0.1:9421",
        ));
    }
    let sites = args.site.iter().map(|site| guard::origin(site)).collect::<anyhow::Result<Vec<_>>>()?;
    let pin = pin::of(args.pin_file.as_deref())?;
    let unusable = || place("không dùng được token qua thư viện", "cannot use the token by", &args.library);
    let token = Token::open(&args.library, &args.token, &pin).or_say(unusable)?;
    drop(pin);
    runtime::run(serve(args, sites, token))
}

async fn serve(args: &TokenAgentArgs, sites: Vec<String>, token: Token) -> anyhow::Result<Outcome> {
    let refused = || {
        let at = args.listen;
        Words::new(format!("không nhận được kết nối tại {at}"), format!("cannot listen on {at}"))
    };
    let listener = TcpListener::bind(args.listen).await.or_say(refused)?;
    let at = listener.local_addr().or_say(refused)?;
    let pairing = Pairing::new(dinh_context::fresh_seed)?;
    answer([
        format!("Đình: http://{at}"),
        format!("token: {}", args.token),
        format!("Trang được phép · sites: {}", sites.join(" ")),
        format!("Mã ghép · pairing code: {}", pairing.shown()),
    ])?;
    let guard = Guard::new(at, sites);
    let router = answers::router(Arc::new(Agent::new(guard, pairing, token, &args.token)));
    let stop = shutdown::on_signal()?;
    axum::serve(listener, router)
        .with_graceful_shutdown(async move { stop.cancelled().await })
        .await
        .or_say(|| Words::new("chương trình ký dừng giữa chừng", "the agent broke off"))?;
    Ok(Outcome::Done)
}
