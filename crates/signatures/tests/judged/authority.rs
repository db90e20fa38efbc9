//! An authority as openssl makes one: a root, an authority below it, certificates for people and agencies, for time
//! stamps and for a responder; lists of revoked ones.

use std::path::{Path, PathBuf};

use dinh_signatures::{
    Algorithm, Anchor, Certificate, Evidence, Field, OcspAnswer, RevocationList, Signing, SoftwareKey, Trust,
    embed, ocsp_request, prepare, stamp_question,
};
use jiff::{SignedDuration, Timestamp};
use ring::rand::SystemRandom;

use crate::tools::must;

const CONFIG: &str = "
[req]
distinguished_name = dn
prompt = no
string_mask = utf8only
utf8 = yes
[dn]
CN = none
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[below]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[leaf]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature, nonRepudiation
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[addressed]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
authorityInfoAccess = OCSP;URI:http://127.0.0.1:1/ocsp
crlDistributionPoints = URI:http://127.0.0.1:1/ca.crl
[web]
basicConstraints = critical, CA:FALSE
keyUsage = critical, keyEncipherment
[stamps]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[responder]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = OCSPSigning
[ca]
default_ca = below_ca
[below_ca]
database = index.txt
serial = serial
crlnumber = crlnumber
default_md = sha256
default_crl_days = 30
new_certs_dir = .
policy = any
unique_subject = no
copy_extensions = none
[any]
commonName = supplied
organizationName = optional
organizationalUnitName = optional
countryName = optional
[tsa]
default_tsa = tsa1
[tsa1]
serial = tsaserial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256, sha384, sha512
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
";

/// An authority in a directory of its own.
pub(crate) struct Authority {
    dir: tempfile::TempDir,
}

/// Somebody with a certificate.
pub(crate) struct Signer {
    pub(crate) key: SoftwareKey,
    pub(crate) certificate: Certificate,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let authority = Self { dir: tempfile::tempdir().expect("a directory for the authority") };
        let dir = authority.dir();
        for (file, content) in [
            ("openssl.cnf", CONFIG),
            ("index.txt", ""),
            ("serial", "1000\n"),
            ("crlnumber", "01\n"),
            ("tsaserial", "01\n"),
        ] {
            std::fs::write(dir.join(file), content).expect("a file of the authority");
        }
        authority.key("root", "rsa");
        openssl(
            dir,
            "req -x509 -new -key root.key -subj /C=VN/O=Thử/CN=Gốc -days 3650 -utf8 -config openssl.cnf -extensions root -out root.pem",
        );
        authority.key("below", "rsa");
        openssl(
            dir,
            "req -new -key below.key -subj /C=VN/O=Thử/CN=Dưới -utf8 -config openssl.cnf -out below.csr",
        );
        openssl(
            dir,
            "x509 -req -in below.csr -CA root.pem -CAkey root.key -set_serial 2 -days 3000 -extfile openssl.cnf -extensions below -out below.pem",
        );
        openssl(
            dir,
            "ca -config openssl.cnf -name below_ca -cert below.pem -keyfile below.key -gencrl -out below.crl",
        );
        openssl(
            dir,
            "ca -config openssl.cnf -name below_ca -cert root.pem -keyfile root.key -gencrl -out root.crl",
        );
        authority
    }

    pub(crate) fn dir(&self) -> &Path {
        self.dir.path()
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.dir().join(name)
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.file(name)).expect("a file of the authority")
    }

    fn key(&self, name: &str, kind: &str) {
        let options = match kind {
            "rsa" => "-algorithm RSA -pkeyopt rsa_keygen_bits:2048".to_owned(),
            curve => format!("-algorithm EC -pkeyopt ec_paramgen_curve:{curve}"),
        };
        openssl(self.dir(), &format!("genpkey {options} -out {name}.key"));
    }

    /// A certificate of the authority below the root. `kind` is `rsa`, `P-256` or `P-384`.
    pub(crate) fn issue(&self, name: &str, kind: &str, section: &str) -> Signer {
        self.issue_between(name, kind, section, "-days 365")
    }

    pub(crate) fn issue_between(&self, name: &str, kind: &str, section: &str, days: &str) -> Signer {
        self.key(name, kind);
        openssl(
            self.dir(),
            &format!(
                "req -new -key {name}.key -subj /C=VN/O=UBND/OU=Bích-Đào/CN=Nguyễn-{name} -config openssl.cnf -utf8 -out {name}.csr"
            ),
        );
        openssl(
            self.dir(),
            &format!(
                "ca -batch -notext -config openssl.cnf -name below_ca -cert below.pem -keyfile below.key -extfile openssl.cnf -extensions {section} {days} -in {name}.csr -out {name}.pem"
            ),
        );
        let key =
            SoftwareKey::from_pkcs8(&self.read(&format!("{name}.key")), &SystemRandom::new()).expect("a key");
        Signer { key, certificate: self.certificate(name) }
    }

    pub(crate) fn certificate(&self, name: &str) -> Certificate {
        let all = Certificate::all_from(&self.read(&format!("{name}.pem"))).expect("certificates");
        all.into_iter().next().expect("a certificate")
    }

    pub(crate) fn trust(&self) -> Trust {
        Trust {
            anchors: vec![Anchor {
                certificate: self.certificate("root"),
                from: None,
                until: None,
                purposes: Vec::new(),
            }],
        }
    }

    /// The newest lists of the authority below and of the root.
    pub(crate) fn lists(&self) -> Vec<RevocationList> {
        openssl(
            self.dir(),
            "ca -config openssl.cnf -name below_ca -cert below.pem -keyfile below.key -gencrl -out below.crl",
        );
        ["below.crl", "root.crl"]
            .map(|name| RevocationList::from_bytes(&self.read(name)).expect("a list"))
            .to_vec()
    }

    pub(crate) fn revoke(&self, name: &str) {
        openssl(
            self.dir(),
            &format!(
                "ca -config openssl.cnf -name below_ca -cert below.pem -keyfile below.key -revoke {name}.pem"
            ),
        );
    }

    /// What the responder of the authority answers about somebody.
    pub(crate) fn ocsp(&self, signer: &Signer, responder: &str) -> OcspAnswer {
        let request = ocsp_request(&signer.certificate, &self.certificate("below")).expect("a question");
        std::fs::write(self.file("ocsp.req"), request).expect("the question is written");
        openssl(
            self.dir(),
            &format!(
                "ocsp -index index.txt -CA below.pem -rsigner {responder}.pem -rkey {responder}.key -reqin ocsp.req -respout ocsp.resp -ndays 7"
            ),
        );
        OcspAnswer::from_der(&self.read("ocsp.resp")).expect("an answer")
    }

    /// A time stamp over a signature, as `stamps` gives it.
    pub(crate) fn stamp(&self, signature: &[u8]) -> Vec<u8> {
        let question = stamp_question(signature, [9; 8]).expect("a question");
        std::fs::write(self.file("ts.req"), &question.bytes).expect("the question is written");
        openssl(
            self.dir(),
            "ts -reply -config openssl.cnf -section tsa1 -queryfile ts.req -signer stamps.pem -inkey stamps.key -chain below.pem -out ts.resp",
        );
        question.token(&self.read("ts.resp")).expect("a token")
    }

    pub(crate) fn sign(&self, pdf: &[u8], who: &Signer, field: &Field<'_>, stamped: bool) -> Vec<u8> {
        self.sign_as(pdf, who, field, stamped, who.key.algorithm())
    }

    pub(crate) fn sign_as(
        &self,
        pdf: &[u8],
        who: &Signer,
        field: &Field<'_>,
        stamped: bool,
        algorithm: Algorithm,
    ) -> Vec<u8> {
        let signing = Signing {
            at: now(),
            chain: vec![who.certificate.clone(), self.certificate("below")],
            algorithm,
            stamped,
        };
        let prepared = prepare(pdf, field, &signing).expect("the document takes a signature");
        let signature =
            who.key.sign(algorithm, prepared.to_sign(), &SystemRandom::new()).expect("the key signs");
        let stamp = stamped.then(|| self.stamp(&signature));
        embed(&prepared, &signature, stamp.as_deref()).expect("the signature has room")
    }
}

#[expect(clippy::disallowed_methods, reason = "openssl signs at the present moment, and is asked about it")]
pub(crate) fn now() -> Timestamp {
    Timestamp::now()
}

pub(crate) fn evidence<'a>(
    trust: &'a Trust,
    lists: &'a [RevocationList],
    answers: &'a [OcspAnswer],
) -> Evidence<'a> {
    Evidence { trust, certificates: &[], lists, answers, grace: SignedDuration::ZERO, now: now() }
}

fn openssl(dir: &Path, arguments: &str) {
    let arguments: Vec<&str> = arguments.split(' ').collect();
    must(dir, "openssl", &arguments);
}
