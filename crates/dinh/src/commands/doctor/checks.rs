//! The checks, one function each.

use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use dinh_context::SystemClock;
use dinh_model::{Clock as _, Timestamp};
use tokio::net::TcpListener;

use super::{Finding, State};
use crate::config::Config;
use crate::said::{Told, Words};
use crate::{limits, wiring};

/// Less free disk than this is worth knowing, in bytes.
const LITTLE_DISK: u64 = 2 << 30;
/// Less free disk than this is too little, in bytes.
const NO_DISK: u64 = 64 << 20;
/// Fewer open files than this are worth knowing.
const FEW_FILES: u64 = 4096;
/// Less memory than this is worth knowing, in bytes.
const LITTLE_MEMORY: u64 = 1 << 30;
/// No clock that is right shows an earlier time: 2025-01-01.
const EARLIEST: &str = "2025-01-01T00:00:00Z";
/// Nor a later one.
const LATEST: &str = "2100-01-01T00:00:00Z";
/// Longest wait for the name of this machine's clock keeper.
const PATIENCE: Duration = Duration::from_secs(2);

/// Everything that is looked at, in the order in which it is told.
pub(super) async fn all(config: &Config) -> Vec<Finding> {
    let mut findings = vec![data_folder(&config.data)];
    findings.extend([
        disk(&config.data),
        memory(),
        files(),
        clock(SystemClock.now()),
        address(&config.listen).await,
        packs(config),
        secrets(config),
        notices(config),
        vault(config),
        database(),
        Finding::new(
            State::Well,
            "Không cần cài thêm gì: cơ sở dữ liệu, bản đồ và các trang đều ở trong chương trình; chỉ nguồn loại mqtt mới \
             cần Mosquitto hoặc một máy chủ MQTT khác",
            "Nothing else to install: database, map and pages are in the program; Mosquitto or another MQTT broker is \
             needed only for feeds of kind mqtt",
        ),
    ]);
    findings
}

fn data_folder(data: &Path) -> Finding {
    let shown = data.display();
    match try_folder(data) {
        Ok(Folder::Free) => Finding::new(
            State::Well,
            format!("Thư mục dữ liệu {shown}: dùng được"),
            format!("Data folder {shown}: usable"),
        ),
        Ok(Folder::New(parent)) => Finding::new(
            State::Well,
            format!("Thư mục dữ liệu {shown}: chưa có, sẽ được tạo trong {}", parent.display()),
            format!("Data folder {shown}: not there yet, will be created in {}", parent.display()),
        ),
        Ok(Folder::InUse) => Finding::new(
            State::Mind,
            format!("Thư mục dữ liệu {shown}: một máy chủ Đình đang dùng"),
            format!("Data folder {shown}: a Đình server is using it"),
        ),
        Err(reason) => Finding::new(
            State::Ill,
            format!(
                "Thư mục dữ liệu {shown}: không ghi được ({reason}); hãy chọn thư mục khác bằng --data hoặc đổi chủ của nó"
            ),
            format!(
                "Data folder {shown}: cannot be written ({reason}); choose another with --data or change its owner"
            ),
        ),
    }
}

enum Folder {
    Free,
    New(PathBuf),
    InUse,
}

/// Tries what a server would do with the folder, and leaves nothing behind.
fn try_folder(data: &Path) -> std::io::Result<Folder> {
    if !data.exists() {
        let parent = existing(data);
        probe(&parent)?;
        return Ok(Folder::New(parent));
    }
    if let Ok(lock) = File::open(data.join("lock"))
        && lock.try_lock().is_err()
    {
        return Ok(Folder::InUse);
    }
    probe(data)?;
    Ok(Folder::Free)
}

/// The nearest folder above that exists.
fn existing(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    absolute.ancestors().find(|above| above.is_dir()).unwrap_or(Path::new("/")).to_owned()
}

fn probe(folder: &Path) -> std::io::Result<()> {
    let file = folder.join(format!(".dinh-doctor-{}", std::process::id()));
    File::create_new(&file)?;
    std::fs::remove_file(file)
}

fn disk(data: &Path) -> Finding {
    let free = match rustix::fs::statvfs(existing(data)) {
        Ok(disk) => disk.f_bavail.saturating_mul(disk.f_frsize),
        Err(reason) => {
            return Finding::new(
                State::Mind,
                format!("Chỗ trống trên đĩa: không rõ ({reason})"),
                format!("Free disk: unknown ({reason})"),
            );
        }
    };
    let state = match free {
        ..NO_DISK => State::Ill,
        NO_DISK..LITTLE_DISK => State::Mind,
        _ => State::Well,
    };
    let size = size(free);
    Finding::new(state, format!("Chỗ trống trên đĩa: {}", size.vi), format!("Free disk: {}", size.en))
}

fn memory() -> Finding {
    let text = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"));
    let kib: Option<u64> = line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse().ok());
    match kib.map(|kib| kib << 10) {
        None => Finding::new(State::Mind, "Bộ nhớ còn trống: không rõ", "Available memory: unknown"),
        Some(bytes) => {
            let state = if bytes < LITTLE_MEMORY { State::Mind } else { State::Well };
            let size = size(bytes);
            let (vi, en) = (size.vi, size.en);
            Finding::new(state, format!("Bộ nhớ còn trống: {vi}"), format!("Available memory: {en}"))
        }
    }
}

fn files() -> Finding {
    let now = limits::raise_open_files();
    let shown = now.map_or("∞".to_owned(), |most| most.to_string());
    if now.is_some_and(|most| most < FEW_FILES) {
        return Finding::new(
            State::Mind,
            format!(
                "Số tệp mở cùng lúc: {shown}; nhiều người xem cùng lúc cần từ {FEW_FILES} trở lên (ulimit -n, LimitNOFILE=)"
            ),
            format!(
                "Open files: {shown}; many visitors at once need {FEW_FILES} or more (ulimit -n, LimitNOFILE=)"
            ),
        );
    }
    Finding::new(State::Well, format!("Số tệp mở cùng lúc: {shown}"), format!("Open files: {shown}"))
}

fn clock(now: Timestamp) -> Finding {
    let between = |from: &str, to: &str| {
        from.parse::<Timestamp>().is_ok_and(|from| from <= now)
            && to.parse::<Timestamp>().is_ok_and(|to| now < to)
    };
    if between(EARLIEST, LATEST) {
        Finding::new(State::Well, format!("Đồng hồ: {now}"), format!("Clock: {now}"))
    } else {
        Finding::new(
            State::Ill,
            format!("Đồng hồ: {now} là sai; hãy bật đồng bộ giờ (NTP)"),
            format!("Clock: {now} cannot be right; switch time synchronisation (NTP) on"),
        )
    }
}

async fn address(listen: &str) -> Finding {
    let bound = tokio::time::timeout(PATIENCE, TcpListener::bind(listen)).await;
    let reason = match bound {
        Ok(Ok(_listener)) => {
            return Finding::new(
                State::Well,
                format!("Địa chỉ {listen}: còn trống"),
                format!("Address {listen}: free"),
            );
        }
        Ok(Err(error)) if error.kind() == ErrorKind::AddrInUse => {
            return Finding::new(
                State::Mind,
                format!(
                    "Địa chỉ {listen}: đang có chương trình dùng, có thể là một Đình đang chạy; hãy chọn địa chỉ khác bằng --listen"
                ),
                format!(
                    "Address {listen}: in use, perhaps by a Đình that runs; choose another with --listen"
                ),
            );
        }
        Ok(Err(error)) => Words::new(error.to_string(), error.to_string()),
        Err(_elapsed) => Words::new("không có trả lời", "no answer"),
    };
    Finding::new(
        State::Ill,
        format!("Địa chỉ {listen}: không dùng được ({})", reason.vi),
        format!("Address {listen}: cannot be used ({})", reason.en),
    )
}

fn packs(config: &Config) -> Finding {
    let read = wiring::packs(config).and_then(|packs| {
        let feeds: Vec<&String> = packs.provinces().iter().flat_map(|province| &province.feeds).collect();
        for feed in &feeds {
            wiring::plan(&packs, feed)?;
        }
        Ok((packs.packs().count(), packs.provinces().len(), feeds.len()))
    });
    match read {
        Ok((packs, provinces, feeds)) => Finding::new(
            State::Well,
            format!("Gói dữ liệu: {packs} gói, {provinces} tỉnh, {feeds} nguồn số liệu"),
            format!("Packs: {packs} packs, {provinces} provinces, {feeds} feeds"),
        ),
        Err(error) => {
            let told = Told::of(&error);
            let cause = told.because().map(|cause| format!("\n  {cause}")).unwrap_or_default();
            let en = format!("Packs: {}{cause}", told.words.en);
            Finding::new(State::Ill, format!("Gói dữ liệu: {}", told.words.vi), en)
        }
    }
}

fn secrets(config: &Config) -> Finding {
    let named = [&config.access.write_key_file, &config.feeds.secrets_file];
    let unreadable = named.into_iter().flatten().find_map(|file| Some((file, File::open(file).err()?)));
    match unreadable {
        None => Finding::new(
            State::Well,
            "Tệp khoá và tệp bí mật: đọc được, hoặc không dùng",
            "Files of keys and secrets: readable, or not used",
        ),
        Some((file, reason)) => Finding::new(
            State::Ill,
            format!("Tệp {} không đọc được ({reason})", file.display()),
            format!("The file {} cannot be read ({reason})", file.display()),
        ),
    }
}

fn notices(config: &Config) -> Finding {
    match wiring::messengers(config) {
        Ok(ways) if ways.is_empty() => Finding::new(
            State::Mind,
            "Thông báo cho người nộp hồ sơ: chưa có kênh gửi (mục notices), nên được giữ lại",
            "Notices to applicants: no way of sending is configured (section notices), so that they are kept",
        ),
        Ok(ways) => {
            let names = ways.iter().map(|way| way.name().to_owned()).collect::<Vec<_>>().join(", ");
            Finding::new(
                State::Well,
                format!("Thông báo cho người nộp hồ sơ: gửi bằng {names}"),
                format!("Notices to applicants: sent by {names}"),
            )
        }
        Err(error) => {
            let told = Told::of(&error).words;
            Finding::new(State::Ill, told.vi, told.en)
        }
    }
}

fn vault(config: &Config) -> Finding {
    match wiring::look_at_the_vault(config) {
        Ok(None) => Finding::new(
            State::Well,
            "Khoá niêm phong dữ liệu cá nhân: chưa có, sẽ được tạo khi chạy lần đầu",
            "Keys that seal personal data: not there yet, will be made at the first start",
        ),
        Ok(Some(())) => {
            let folder = config.keys_folder();
            let folder = folder.display();
            Finding::new(
                State::Well,
                format!("Khoá niêm phong dữ liệu cá nhân: mở được; hãy sao lưu riêng thư mục {folder}"),
                format!("Keys that seal personal data: they open; back {folder} up by itself"),
            )
        }
        Err(error) => {
            let told = Told::of(&error.into());
            let cause = told.because().map(|cause| format!(" ({cause})")).unwrap_or_default();
            Finding::new(
                State::Ill,
                format!("Khoá niêm phong dữ liệu cá nhân: {}{cause}", told.words.vi),
                format!("Keys that seal personal data: {}{cause}", told.words.en),
            )
        }
    }
}

fn database() -> Finding {
    let engine = dinh_store::Store::engine_name();
    Finding::new(
        State::Well,
        format!("Cơ sở dữ liệu: {engine}, có sẵn trong chương trình"),
        format!("Database: {engine}, built in"),
    )
}

/// Bytes for people.
fn size(bytes: u64) -> Words {
    let size = indicatif::BinaryBytes(bytes).to_string();
    Words::new(size.replace('.', ","), size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_is_not_there_is_no_fault_and_nothing_is_left_behind() {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().join("a").join("b");
        assert_eq!(data_folder(&data).state, State::Well);
        assert_eq!(data_folder(folder.path()).state, State::Well);
        assert_eq!(std::fs::read_dir(folder.path()).expect("reads").count(), 0);
        let file = folder.path().join("file");
        std::fs::write(&file, "x").expect("writes");
        assert_eq!(data_folder(&file).state, State::Ill);
    }

    #[test]
    fn a_clock_that_cannot_be_right_is_told() {
        assert_eq!(clock("1970-01-01T00:00:10Z".parse().expect("a time")).state, State::Ill);
        assert_eq!(clock("2026-11-20T00:00:00Z".parse().expect("a time")).state, State::Well);
    }
}
