//! What other programs say of a signed file: pdfsig and qpdf of the PDF, openssl of each signature, pdftotext of what is seen.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::authority::Authority;

/// Whether all of these are on this machine; says loudly if not.
pub(crate) fn have(programs: &[&str]) -> bool {
    for program in programs {
        let there = Command::new("sh").args(["-c", &format!("command -v {program}")]).output();
        if !there.is_ok_and(|found| found.status.success()) {
            let told = format!("\nSKIPPED: judges of signed documents: there is no {program} here\n");
            std::io::stderr().write_all(told.as_bytes()).expect("standard error takes words");
            return false;
        }
    }
    true
}

/// Whether a program succeeds in a folder, and what it prints.
pub(crate) fn run(folder: &Path, program: &str, arguments: &[&str]) -> (bool, String) {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::null())
        .output()
        .expect("the program starts");
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&said).into_owned())
}

/// Makes sure that every judge finds so many good signatures in a file.
pub(crate) fn agree(authority: &Authority, pdf: &[u8], signatures: usize) {
    if !have(&["pdfsig", "certutil", "qpdf", "openssl"]) {
        return;
    }
    let folder = authority.path("");
    std::fs::write(authority.path("signed.pdf"), pdf).expect("a file");
    let (whole, said) = run(&folder, "qpdf", &["--check", "signed.pdf"]);
    assert!(whole, "{said}");
    let said = pdfsig(authority, "signed.pdf");
    assert_eq!(said.matches("Signature is Valid").count(), signatures, "{said}");
    // It trusts no certificate that names a responder which it cannot ask; openssl says whose they are, and in the tests of the
    // pages, whose certificates name none, pdfsig follows the chain too.
    for range in String::from_utf8_lossy(pdf).split("/ByteRange [").skip(1) {
        cades(authority, pdf, range.split(']').next().expect("an end"));
    }
}

/// What pdfsig says, which believes the root.
pub(crate) fn pdfsig(authority: &Authority, file: &str) -> String {
    let folder = authority.path("");
    if !folder.join("nss").exists() {
        std::fs::create_dir(folder.join("nss")).expect("a folder");
        let made = run(&folder, "certutil", &["-N", "-d", "nss", "--empty-password"]);
        assert!(made.0, "{}", made.1);
        let root = ["-A", "-d", "nss", "-n", "root", "-t", "CT,C,C", "-i", "root.pem"];
        let believed = run(&folder, "certutil", &root);
        assert!(believed.0, "{}", believed.1);
    }
    run(&folder, "pdfsig", &["-no-ocsp", "-nssdir", "nss", file]).1
}

/// `openssl cms -verify -cades` over the bytes that a signature covers.
fn cades(authority: &Authority, pdf: &[u8], range: &str) {
    let numbers: Vec<usize> =
        range.split_whitespace().map(|number| number.parse().expect("a number")).collect();
    let (from, to, rest) = (numbers[1], numbers[2], numbers[3]);
    let digit =
        |byte: u8| u8::try_from(char::from(byte).to_digit(16).expect("a digit")).expect("it is small");
    let (pairs, _) = pdf[from + 1..to - 1].as_chunks::<2>();
    let mut message: Vec<u8> = pairs.iter().map(|[high, low]| digit(*high) << 4 | digit(*low)).collect();
    message.truncate(4 + usize::from(message[2]) * 256 + usize::from(message[3]));
    std::fs::write(authority.path("content"), [&pdf[..from], &pdf[to..to + rest]].concat()).expect("a file");
    std::fs::write(authority.path("cms"), message).expect("a file");
    let arguments = [
        "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", "cms", "-content", "content",
        "-CAfile", "root.pem", "-purpose", "any", "-out", "seen",
    ];
    let (fits, said) = run(&authority.path(""), "openssl", &arguments);
    assert!(fits, "{said}");
}
