//! Uploads as strangers send them: good ones, lying ones, and bombs built here.

use std::io::{Cursor, Write as _};
use std::time::Duration;

use dinh_uploads::{Checked, Kind, Limits, Refused, Remark, Scanner, ScannerAddress};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use image::{DynamicImage, ImageFormat};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

fn check(bytes: &[u8], declared: &str, name: &str) -> Result<Checked, Refused> {
    Checked::new(bytes.to_vec(), declared, name, &Limits::default())
}

fn picture(format: ImageFormat, width: u32, height: u32) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    DynamicImage::new_rgb8(width, height).write_to(&mut out, format).expect("a picture");
    out.into_inner()
}

fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in members {
        zip.start_file(*name, SimpleFileOptions::default()).expect("a member");
        zip.write_all(content).expect("its content");
    }
    zip.finish().expect("an archive").into_inner()
}

fn pdf(objects: &str) -> Vec<u8> {
    format!("%PDF-1.7\n1 0 obj\n<< /Type /Catalog {objects} >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n")
        .into_bytes()
}

#[test]
fn good_files_of_every_kind_are_taken() {
    for (format, declared, name, kept) in [
        (ImageFormat::Jpeg, "image/jpeg", "ảnh.JPG", (Kind::Jpeg, "ảnh.jpg")),
        (ImageFormat::Png, "image/png; x=y", "ảnh.png", (Kind::Png, "ảnh.png")),
        (ImageFormat::WebP, "image/webp", "ảnh.webp", (Kind::Png, "ảnh.png")),
    ] {
        let taken = check(&picture(format, 30, 20), declared, name).expect("taken");
        assert_eq!((taken.kind(), taken.name()), kept);
        let again = image::load_from_memory(taken.bytes()).expect("a picture");
        assert_eq!((again.width(), again.height()), (30, 20));
        assert_eq!(taken.remarks(), [Remark::WrittenAnew]);
    }
    let plain = pdf("");
    assert_eq!(check(&plain, "application/pdf", "đơn.pdf").expect("taken").bytes(), plain);
    let attached =
        check(&pdf("/Names << /EmbeddedFiles 2 0 R >>"), "application/pdf", "đơn.pdf").expect("taken");
    assert_eq!(attached.remarks(), [Remark::Attachments]);
    let document = zip(&[("[Content_Types].xml", b"<x/>"), ("word/document.xml", b"<w/>")]);
    assert_eq!(check(&document, DOCX, "tờ trình.docx").expect("taken").kind(), Kind::Docx);
    assert!(check("mã;tên\n1;Huế\n".as_bytes(), "text/csv", "a.csv").is_ok());
}

#[test]
fn content_name_and_declared_type_must_agree() {
    let jpeg = picture(ImageFormat::Jpeg, 3, 3);
    assert_eq!(check(&jpeg, "image/png", "a.jpg"), Err(Refused::Disagrees("declared type")));
    assert_eq!(check(&jpeg, "image/png", "a.png"), Err(Refused::Disagrees("name")));
    assert_eq!(check(b"<script>alert(1)</script>", "image/jpeg", "a.jpg"), Err(Refused::Disagrees("name")));
    assert_eq!(check(b"MZ\x90\x00", "text/plain", "a.txt"), Err(Refused::Disagrees("name")));
    let spreadsheet = zip(&[("xl/workbook.xml", b"<x/>")]);
    assert_eq!(check(&spreadsheet, DOCX, "a.docx"), Err(Refused::Disagrees("name")));
    for (declared, name) in
        [("text/html", "a.html"), ("image/svg+xml", "a.svg"), ("application/x-sh", "a.sh")]
    {
        assert!(matches!(check(b"x", declared, name), Err(Refused::NotTaken(_))), "{name}");
    }
    assert!(matches!(check(&jpeg, "image/jpeg", "a.jpg.exe"), Err(Refused::NotTaken(_))));
    assert!(matches!(check(&jpeg, "image/jpeg", "jpg"), Err(Refused::NotTaken(_))));
    assert_eq!(check(b"", "text/plain", "a.txt"), Err(Refused::Empty));
    let small = Limits { bytes: 1 << 20, ..Limits::default() };
    let large = Checked::new(vec![b'a'; (1 << 20) + 1], "text/plain", "a.txt", &small);
    assert_eq!(large, Err(Refused::TooLarge(1 << 20)));
}

#[test]
fn nothing_but_the_picture_stays_of_a_picture() {
    let jpeg = picture(ImageFormat::Jpeg, 8, 8);
    let exif = b"Exif\0\0secret place 16.46 107.58";
    let mut with = jpeg.get(..2).expect("the begin").to_vec();
    with.extend_from_slice(&[0xFF, 0xE1]);
    with.extend_from_slice(&u16::try_from(exif.len() + 2).expect("short").to_be_bytes());
    with.extend_from_slice(exif);
    with.extend_from_slice(jpeg.get(2..).expect("the rest"));
    with.extend_from_slice(b"<script>behind the picture</script>");
    let taken = check(&with, "image/jpeg", "a.jpg").expect("taken");
    let text = String::from_utf8_lossy(taken.bytes()).into_owned();
    assert!(!text.contains("secret place") && !text.contains("script"), "metadata stay");
}

#[test]
fn pictures_that_swell_are_refused_by_their_head() {
    // A PNG whose head promises 60,000 by 60,000 pixels, with next to nothing behind it.
    let mut bomb = picture(ImageFormat::Png, 1, 1);
    let crc = |bytes: &[u8]| {
        let mut crc = flate2::Crc::new();
        crc.update(bytes);
        crc.sum()
    };
    for (at, side) in [(16, 60_000_u32), (20, 60_000)] {
        bomb.get_mut(at..at + 4).expect("the head").copy_from_slice(&side.to_be_bytes());
    }
    let sum = crc(bomb.get(12..29).expect("the head")).to_be_bytes();
    bomb.get_mut(29..33).expect("its sum").copy_from_slice(&sum);
    assert!(matches!(check(&bomb, "image/png", "a.png"), Err(Refused::Picture(_))));
    // One that is what it says, and too much all the same.
    let limits = Limits { pixels: 10_000, ..Limits::default() };
    let large = Checked::new(picture(ImageFormat::Png, 200, 100), "image/png", "a.png", &limits);
    assert_eq!(large, Err(Refused::Picture(10_000)));
    let cut = picture(ImageFormat::Jpeg, 64, 64);
    assert!(check(cut.get(..cut.len() / 4).expect("a part"), "image/jpeg", "a.jpg").is_err());
}

#[test]
fn archives_that_swell_are_refused_while_they_unpack() {
    let limits = Limits { unpacked: 4 << 20, ..Limits::default() };
    let check =
        |bytes: &[u8], declared: &str, name: &str| Checked::new(bytes.to_vec(), declared, name, &limits);
    let blanks = vec![b' '; 12 << 20];
    let bomb = zip(&[("word/document.xml", &blanks)]);
    assert!(bomb.len() < 64 << 10, "{}", bomb.len());
    assert_eq!(check(&bomb, DOCX, "a.docx"), Err(Refused::Swells(4 << 20)));
    // The directory at the end says that it is small: it is not believed.
    let mut lying = bomb;
    let size = u32::try_from(blanks.len()).expect("fits").to_le_bytes();
    let places: Vec<usize> =
        lying.windows(4).enumerate().filter(|(_, four)| *four == size).map(|(at, _)| at).collect();
    assert!(!places.is_empty());
    for at in places {
        lying.get_mut(at..at + 4).expect("the size").copy_from_slice(&100_u32.to_le_bytes());
    }
    assert!(matches!(check(&lying, DOCX, "a.docx"), Err(Refused::Swells(_) | Refused::Archive)));
    let names: Vec<String> = (0..2_001).map(|n| format!("word/{n}.xml")).collect();
    let members: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b"x"[..])).collect();
    assert_eq!(check(&zip(&members), DOCX, "a.docx"), Err(Refused::Members(2_000)));
    let macros = zip(&[("word/document.xml", b"<w/>"), ("word/vbaProject.bin", b"x")]);
    assert_eq!(check(&macros, DOCX, "a.docx"), Err(Refused::Macros));
    let climbing = zip(&[("word/document.xml", b"<w/>"), ("../../etc/cron.d/x", b"x")]);
    assert_eq!(check(&climbing, DOCX, "a.docx"), Err(Refused::Archive));
}

#[test]
fn a_pdf_that_runs_something_is_refused_however_it_is_hidden() {
    let limits = Limits { unpacked: 4 << 20, ..Limits::default() };
    let check = |bytes: &[u8]| Checked::new(bytes.to_vec(), "application/pdf", "a.pdf", &limits);
    assert_eq!(check(&pdf("/OpenAction << /S /JavaScript /JS (x) >>")), Err(Refused::Active("JavaScript")));
    assert_eq!(check(&pdf("/AA << /O << /S /Launch >> >>")), Err(Refused::Active("Launch")));
    assert_eq!(check(&pdf("/OpenAction << /S /J#61vaScript >>")), Err(Refused::Active("JavaScript")));
    assert_eq!(check(&pdf("/Encrypt 5 0 R")), Err(Refused::Unreadable));
    let packed = |text: &[u8], filter: &str| {
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::best());
        zlib.write_all(text).expect("packed");
        let mut pdf =
            format!("%PDF-1.7\n2 0 obj\n<< /Type /ObjStm /Filter /{filter} >>\nstream\n").into_bytes();
        pdf.extend(zlib.finish().expect("packed"));
        pdf.extend_from_slice(b"\nendstream\nendobj\n%%EOF\n");
        pdf
    };
    let hidden = packed(b"1 0 << /S /JavaScript /JS (app.alert) >>", "FlateDecode");
    assert_eq!(check(&hidden), Err(Refused::Active("JavaScript")));
    assert!(check(&packed(b"1 0 << /Type /Page >>", "FlateDecode")).is_ok());
    assert_eq!(check(&packed(b"1 0 << /S /JS >>", "LZWDecode")), Err(Refused::Unreadable));
    let swelling = packed(&vec![b' '; 5 << 20], "FlateDecode");
    assert_eq!(check(&swelling), Err(Refused::Swells(4 << 20)));
    assert_eq!(check(b"%PDF-1.7\nno end"), Err(Refused::Unreadable));
    // Letters by chance within a picture run nothing.
    let chance =
        b"%PDF-1.7\n1 0 obj\n<< /Subtype /Image >>\nstream\n\x01/JS \x02\nendstream\nendobj\n%%EOF\n";
    assert!(check(chance).is_ok());
}

/// A program that speaks clamd's protocol, and answers as it is told once it has the whole file.
async fn clamd(answer: Option<&'static str>) -> (Scanner, tokio::task::JoinHandle<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = ScannerAddress::parse(&format!("tcp:{}", listener.local_addr().expect("an address")));
    let serving = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("somebody");
        let mut command = [0; 10];
        stream.read_exact(&mut command).await.expect("a command");
        assert_eq!(&command, b"zINSTREAM\0");
        let mut all = Vec::new();
        loop {
            let length = stream.read_u32().await.expect("a length");
            if length == 0 {
                break;
            }
            let mut chunk = vec![0; usize::try_from(length).expect("fits")];
            stream.read_exact(&mut chunk).await.expect("a chunk");
            all.extend(chunk);
        }
        match answer {
            Some(answer) => stream.write_all(answer.as_bytes()).await.expect("answered"),
            None => std::future::pending().await,
        }
        all
    });
    (Scanner::new(address.expect("an address"), Duration::from_millis(500)), serving)
}

#[tokio::test]
async fn what_the_scanner_does_not_call_clean_is_not_let_through() {
    let text = "xin chào\n".repeat(20_000);
    let upload = check(text.as_bytes(), "text/plain", "a.txt").expect("taken");
    let (scanner, heard) = clamd(Some("stream: OK\0")).await;
    assert_eq!(scanner.scan(&upload).await, Ok(()));
    assert_eq!(heard.await.expect("heard"), text.as_bytes(), "all of it, in chunks");
    let (scanner, _heard) = clamd(Some("stream: Eicar-Test-Signature FOUND\0")).await;
    assert_eq!(scanner.scan(&upload).await, Err(Refused::Infected("Eicar-Test-Signature".to_owned())));
    for strange in
        [Some("INSTREAM size limit exceeded. ERROR\0"), Some(""), Some("stream: OK FOUND maybe\0"), None]
    {
        let (scanner, _heard) = clamd(strange).await;
        assert_eq!(scanner.scan(&upload).await, Err(Refused::Unscanned), "{strange:?}");
    }
    let nobody = ScannerAddress::parse("unix:/nowhere/clamd.ctl").expect("an address");
    let scanner = Scanner::new(nobody, Duration::from_millis(500));
    assert_eq!(scanner.scan(&upload).await, Err(Refused::Unscanned));
}

#[test]
fn addresses_of_scanners_and_reasons_are_read() {
    for wrong in ["", "127.0.0.1:3310", "tcp:", "tcp::3310", "tcp:host", "tcp:host:port", "unix:clamd.ctl"] {
        assert_eq!(ScannerAddress::parse(wrong), None, "{wrong:?}");
    }
    assert_eq!(ScannerAddress::parse("tcp:[::1]:3310"), Some(ScannerAddress::Tcp("[::1]:3310".to_owned())));
    for refused in
        [Refused::TooLarge(20 << 20), Refused::Macros, Refused::Unscanned, Refused::Disagrees("name")]
    {
        let words = refused.words();
        assert!(words.vi.ends_with('.') && words.en.ends_with('.') && words.vi != words.en, "{words:?}");
    }
}
