//! The settings of HTTP.

use std::net::IpAddr;
use std::time::Duration;

use dinh_uploads::{Scanner, ScannerAddress};
use dinh_web::{Acme, Budget, HttpSettings, RateSettings, Tls};
use ipnet::IpNet;

use crate::config::{Config, Http, Uploads};
use crate::said::{OrSay as _, Words, said};

/// Longest that a file is looked at by another program.
const SCANNING: Duration = Duration::from_secs(20);

/// As the web wants them.
pub(super) fn settings(http: &Http) -> anyhow::Result<HttpSettings> {
    let rate = &http.rate;
    Ok(HttpSettings {
        max_body: http.max_body,
        max_concurrent: http.max_concurrent,
        max_live: http.max_live,
        most_records: http.max_records.get(),
        timeout: http.timeout(),
        head_timeout: Duration::from_secs(http.head_timeout_seconds.max(1)),
        metrics_from: networks("http.metrics_from", &http.metrics_from)?,
        secure: http.tls.is_on(),
        public_url: http.public_url.clone(),
        trusted_proxies: networks("http.trusted_proxies", &http.trusted_proxies)?,
        rate: RateSettings {
            reads: Budget { per_second: rate.reads, burst: rate.reads_burst },
            writes: Budget { per_second: rate.writes, burst: rate.writes_burst },
            concurrent: rate.concurrent,
            live: rate.live,
            known_times: rate.known_times,
            callers: rate.callers,
            this_machine: rate.this_machine,
        },
        scanner: None,
    })
}

/// What looks at uploads, if the configuration names it.
pub(super) fn scanner(uploads: &Uploads) -> anyhow::Result<Option<Scanner>> {
    let Some(text) = &uploads.clamav else { return Ok(None) };
    let address = ScannerAddress::parse(text).ok_or_else(|| {
        said(
            format!("uploads.clamav: {text:?} không phải địa chỉ của ClamAV; hãy viết tcp:HOST:PORT hoặc unix:/PATH"),
            format!("uploads.clamav: {text:?} is no address of a ClamAV; write tcp:HOST:PORT or unix:/PATH"),
        )
    })?;
    Ok(Some(Scanner::new(address, SCANNING)))
}

/// The certificate that the configuration names or orders, if it does.
pub(crate) fn tls(config: &Config) -> anyhow::Result<Option<Tls>> {
    let files = &config.http.tls;
    let broken = || Words::new("không dùng được chứng thư TLS", "the certificate for TLS cannot be used");
    let orders = !files.acme.domains.is_empty();
    match (&files.certificate, &files.key) {
        (None, None) if orders => {
            let acme = Acme {
                domains: files.acme.domains.clone(),
                contact: files.acme.contact.clone(),
                directory: files.acme.directory.clone(),
                folder: config.keys_folder().join("acme"),
            };
            acme.tls().map(Some).or_say(broken)
        }
        (None, None) => Ok(None),
        (Some(certificate), Some(key)) if !orders => Tls::read(certificate, key).map(Some).or_say(broken),
        (Some(_), Some(_)) => Err(said(
            "hoặc http.tls.certificate và http.tls.key, hoặc http.tls.acme: không dùng cả hai",
            "either http.tls.certificate and http.tls.key, or http.tls.acme: not both",
        )),
        _ => Err(said(
            "http.tls.certificate và http.tls.key phải cùng được nêu: một tệp chứng thư và một tệp khoá của nó",
            "http.tls.certificate and http.tls.key belong together: name a file of a certificate and one of its key",
        )),
    }
}

fn networks(key: &str, texts: &[String]) -> anyhow::Result<Vec<IpNet>> {
    texts.iter().map(|text| network(key, text)).collect()
}

/// A network, or one address.
fn network(key: &str, text: &str) -> anyhow::Result<IpNet> {
    let one = || text.parse::<IpAddr>().map(IpNet::from);
    text.parse::<IpNet>().or_else(|_not_a_network| one()).map_err(|_neither| {
        said(
            format!("{key}: {text:?} không phải là địa chỉ hay mạng; hãy viết như 10.0.0.5 hoặc 10.0.0.0/8"),
            format!("{key}: {text:?} is neither an address nor a network; write 10.0.0.5 or 10.0.0.0/8"),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::said::Told;

    #[test]
    fn proxies_are_addresses_or_networks() {
        let with = |text: &str| {
            settings(&Http { trusted_proxies: vec![text.to_owned()], ..Http::default() })
                .map(|settings| settings.trusted_proxies.iter().map(ToString::to_string).collect::<Vec<_>>())
        };
        assert_eq!(with("10.0.0.5").expect("is good"), ["10.0.0.5/32"]);
        assert_eq!(with("2001:db8::/32").expect("is good"), ["2001:db8::/32"]);
        let told = Told::of(&with("proxy.example").expect_err("is refused"));
        assert!(told.words.vi.contains("proxy.example") && told.words.en.contains("neither"), "{told:?}");
    }

    #[test]
    fn what_nobody_sets_is_what_the_web_does_by_itself() {
        assert_eq!(settings(&Http::default()).expect("is good"), HttpSettings::default());
    }
}
