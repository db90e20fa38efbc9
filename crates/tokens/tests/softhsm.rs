//! Against SoftHSM: keys that never leave it sign what the pure checks and openssl accept.

use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use dinh_signatures::{Algorithm, Subject, request, signed_request};
use dinh_signing::Module as _;
use dinh_tokens::Token;

const LIBRARIES: [&str; 3] = [
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
];

/// Run again with the configuration of the module in the environment, which it reads when it is loaded.
const INNER: &str = "DINH_SOFTHSM_TEST";

fn run(program: &str, arguments: &[&str], config: &Path) -> bool {
    let output =
        Command::new(program).args(arguments).env("SOFTHSM2_CONF", config).output().expect("it starts");
    let said =
        String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{program} {arguments:?}: {said}");
    true
}

fn skip(reason: &str) {
    let told = format!("\nSKIPPED: security module: {reason}\n");
    std::io::stderr().write_all(told.as_bytes()).expect("standard error takes words");
}

#[test]
fn keys_that_never_leave_the_module_sign() {
    let Some(library) = LIBRARIES.into_iter().find(|file| Path::new(file).exists()) else {
        return skip("there is no SoftHSM here");
    };
    if std::env::var_os(INNER).is_some() {
        return inside(library);
    }
    let folder = tempfile::tempdir().expect("a folder");
    let config = folder.path().join("softhsm2.conf");
    let tokens = folder.path().join("tokens");
    std::fs::create_dir(&tokens).expect("a folder");
    std::fs::write(
        &config,
        format!("directories.tokendir = {}\nobjectstore.backend = file\n", tokens.display()),
    )
    .expect("a file");
    run(
        "softhsm2-util",
        &["--init-token", "--free", "--label", "dinh", "--pin", "2468", "--so-pin", "13579"],
        &config,
    );
    for (label, id, kind) in [("rsa", "01", "RSA"), ("ec", "02", "EC")] {
        let file = folder.path().join(format!("{label}.pem"));
        let file = file.to_str().expect("a path");
        let option = if kind == "RSA" { "rsa_keygen_bits:2048" } else { "ec_paramgen_curve:P-256" };
        run("openssl", &["genpkey", "-algorithm", kind, "-pkeyopt", option, "-out", file], &config);
        run(
            "softhsm2-util",
            &["--import", file, "--token", "dinh", "--label", label, "--id", id, "--pin", "2468"],
            &config,
        );
    }
    let own = std::env::current_exe().expect("this program");
    let output = Command::new(own)
        .args(["keys_that_never_leave_the_module_sign", "--exact", "--nocapture"])
        .env("SOFTHSM2_CONF", &config)
        .env(INNER, folder.path())
        .output()
        .expect("it starts");
    let said =
        String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}");
    assert!(!said.contains("2468"), "the PIN is in no message: {said}");
}

fn inside(library: &str) {
    let library = Path::new(library);
    let wrong = Token::open(library, "dinh", "1357").expect_err("the PIN is wrong");
    assert!(!wrong.to_string().contains("1357"), "{wrong}");
    let none = Token::open(library, "khac", "2468").expect_err("there is none");
    assert!(none.to_string().contains("khac"), "{none}");
    let token = Token::open(library, "dinh", "2468").expect("it opens");
    assert!(!format!("{token:?}").contains("2468"));
    for (label, algorithm) in [("rsa", Algorithm::RsaSha256), ("ec", Algorithm::EcdsaP256)] {
        let (bits, own) = token.public_key(label).expect("a key");
        assert_eq!(own, algorithm);
        let subject =
            Subject { name: label.to_owned(), organisation: None, unit: None, country: "VN".to_owned() };
        let wanted = request(&subject, &bits, algorithm).expect("a request");
        let signature = token.sign(label, algorithm, &wanted).expect("it signs");
        let pem = signed_request(&wanted, &signature, algorithm).expect("a request");
        let folder = std::env::var_os(INNER).expect("a folder");
        let file = Path::new(&folder).join(format!("{label}.csr"));
        std::fs::write(&file, pem).expect("a file");
        run("openssl", &["req", "-in", file.to_str().expect("a path"), "-verify", "-noout"], &file);
    }
    assert!(token.sign("khac", Algorithm::RsaSha256, b"x").is_err());
    assert!(token.public_key("khac").is_err());
}
