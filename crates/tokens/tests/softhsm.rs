//! Against SoftHSM: keys that never leave it sign what the pure checks and openssl accept.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

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
    certificates(folder.path(), &config, library);
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

/// Puts certificates for both keys into the token by way of NSS, where it is installed.
fn certificates(folder: &Path, config: &Path, library: &str) {
    let there =
        Command::new("certutil").arg("-H").stderr(Stdio::null()).stdout(Stdio::null()).status().is_ok();
    if !there {
        return skip("certutil (libnss3-tools), which puts certificates into it");
    }
    let at = |name: &str| folder.join(name).to_str().expect("a path").to_owned();
    std::fs::write(folder.join("pin"), "2468").expect("a file");
    std::fs::create_dir(folder.join("nss")).expect("a folder");
    let nss = format!("sql:{}", at("nss"));
    run("certutil", &["-N", "-d", &nss, "--empty-password"], config);
    run("modutil", &["-dbdir", &nss, "-add", "soft", "-libfile", library, "-force"], config);
    for label in ["rsa", "ec"] {
        let (key, pem, name) =
            (at(&format!("{label}.pem")), at(&format!("{label}.crt")), format!("dinh:{label}"));
        let leaf =
            ["basicConstraints=critical,CA:FALSE", "keyUsage=critical,digitalSignature,nonRepudiation"];
        let subject = format!("/C=VN/CN={label}");
        run(
            "openssl",
            &[
                "req", "-x509", "-key", &key, "-out", &pem, "-days", "30", "-subj", &subject, "-addext",
                leaf[0], "-addext", leaf[1],
            ],
            config,
        );
        run(
            "certutil",
            &["-A", "-d", &nss, "-h", "dinh", "-n", &name, "-t", ",,", "-i", &pem, "-f", &at("pin")],
            config,
        );
    }
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
    by_certificates(&token);
    assert!(token.sign("khac", Algorithm::RsaSha256, b"x").is_err());
    assert!(token.public_key("khac").is_err());
}

/// Hashes are signed by the certificates that the token holds, and openssl finds that they fit.
fn by_certificates(token: &Token) {
    let folder = std::env::var_os(INNER).expect("a folder");
    let folder = Path::new(&folder);
    if !folder.join("ec.crt").exists() {
        return;
    }
    let all = token.certificates().expect("it lists them");
    let mut names: Vec<String> = all.iter().filter_map(|one| one.certificate().name()).collect();
    names.sort();
    assert_eq!(names, ["ec", "rsa"]);
    let message = folder.join("message");
    std::fs::write(&message, "văn bản").expect("a file");
    for held in &all {
        let name = held.certificate().name().expect("a name");
        let digest = held.algorithm().hash().digest(&["văn bản".as_bytes()]);
        let signature = token.sign_digest(held, &digest).expect("it signs");
        assert!(token.sign_digest(held, &digest[1..]).is_err(), "a hash that is cut short");
        if name != "rsa" {
            assert_eq!(signature.len(), 64);
            continue;
        }
        let (file, key) = (folder.join("signature"), folder.join("rsa.pub"));
        std::fs::write(&file, signature).expect("a file");
        let text = |file: &Path| file.to_str().expect("a path").to_owned();
        run(
            "openssl",
            &["pkey", "-in", &text(&folder.join("rsa.pem")), "-pubout", "-out", &text(&key)],
            &file,
        );
        let arguments =
            ["dgst", "-sha256", "-verify", &text(&key), "-signature", &text(&file), &text(&message)];
        run("openssl", &arguments, &file);
    }
}
