//! Where a request comes from: the machine that connects, or the one for which a trusted proxy asks.

use std::net::{IpAddr, SocketAddr};
use std::sync::Once;

use axum::extract::ConnectInfo;
use http::header::{FORWARDED, HeaderName};
use http::{Extensions, HeaderMap};
use ipnet::IpNet;

/// The one forwarding header that is read; every common proxy writes it.
const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
/// Headers that a proxy adds: with one of them the peer is not the sender.
const FORWARDING: [HeaderName; 3] = [FORWARDED, X_FORWARDED_FOR, HeaderName::from_static("x-real-ip")];
/// Most proxies behind one another whose names are read.
const MOST_HOPS: usize = 16;

/// Where a request comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Whence {
    /// The machine that sends, as far as it is known; none for what is asked within this process.
    pub(super) sender: Option<IpAddr>,
    /// It is this very machine, and speaks for nobody else.
    pub(super) this_machine: bool,
}

impl Whence {
    /// Finds out, believing the proxies `trusted`.
    pub(super) fn of(extensions: &Extensions, headers: &HeaderMap, trusted: &[IpNet]) -> Self {
        let Some(ConnectInfo(peer)) = extensions.get::<ConnectInfo<SocketAddr>>() else {
            return Self { sender: None, this_machine: false };
        };
        let peer = peer.ip().to_canonical();
        let forwarded = FORWARDING.iter().any(|name| headers.contains_key(name));
        if is_among(trusted, peer) {
            // Whatever a proxy asks, it asks for others: also where it forgets to say so.
            return Self { sender: Some(named(headers, peer, trusted)), this_machine: false };
        }
        if forwarded {
            warn_once(peer);
        }
        Self { sender: Some(peer), this_machine: peer.is_loopback() && !forwarded }
    }
}

fn is_among(networks: &[IpNet], address: IpAddr) -> bool {
    networks.iter().any(|network| network.contains(&address))
}

/// The nearest machine that is no trusted proxy. Each proxy appends who asked it, so the list is read from its end; what
/// stands before the first stranger is hearsay.
fn named(headers: &HeaderMap, peer: IpAddr, trusted: &[IpNet]) -> IpAddr {
    let lines: Vec<&str> =
        headers.get_all(X_FORWARDED_FOR).iter().map(|value| value.to_str().unwrap_or("?")).collect();
    let hops = lines.iter().rev().flat_map(|line| line.rsplit(','));
    let mut nearest = peer;
    for hop in hops.take(MOST_HOPS) {
        let Some(address) = address(hop.trim()) else { break };
        nearest = address;
        if !is_among(trusted, address) {
            break;
        }
    }
    nearest
}

/// An address, perhaps with a port behind.
fn address(text: &str) -> Option<IpAddr> {
    let plain = text.parse::<IpAddr>().ok();
    let found = plain.or_else(|| text.parse::<SocketAddr>().ok().map(|with_port| with_port.ip()));
    found.map(|address| address.to_canonical())
}

/// Tells those who set up a proxy and did not say so here.
fn warn_once(peer: IpAddr) {
    static WARN: Once = Once::new();
    WARN.call_once(|| {
        tracing::warn!(
            %peer,
            "forwarding headers come from a machine that http.trusted_proxies does not name; they are not believed, \
             and all who ask through it are one caller"
        );
    });
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn whence(peer: &str, forwarded_for: &[&'static str], trusted: &[&str]) -> (String, bool) {
        let mut extensions = Extensions::new();
        let peer: IpAddr = peer.parse().unwrap();
        extensions.insert(ConnectInfo(SocketAddr::new(peer, 4711)));
        let mut headers = HeaderMap::new();
        for line in forwarded_for {
            headers.append(X_FORWARDED_FOR, HeaderValue::from_static(line));
        }
        let trusted: Vec<IpNet> = trusted.iter().map(|net| net.parse().unwrap()).collect();
        let found = Whence::of(&extensions, &headers, &trusted);
        (found.sender.unwrap().to_string(), found.this_machine)
    }

    fn from(address: &str) -> (String, bool) {
        (address.to_owned(), false)
    }

    #[test]
    fn nobody_is_believed_who_is_not_trusted() {
        assert_eq!(whence("203.0.113.9", &["198.51.100.1"], &[]), from("203.0.113.9"));
        assert_eq!(whence("203.0.113.9", &["198.51.100.1"], &["10.0.0.0/8"]), from("203.0.113.9"));
        assert_eq!(whence("127.0.0.1", &["198.51.100.1"], &[]), from("127.0.0.1"));
        assert_eq!(whence("::ffff:127.0.0.1", &[], &[]), ("127.0.0.1".to_owned(), true));
    }

    #[test]
    fn a_trusted_proxy_names_the_nearest_stranger() {
        let trusted = &["10.0.0.0/8", "127.0.0.1/32"];
        assert_eq!(whence("10.0.0.1", &["198.51.100.1"], trusted), from("198.51.100.1"));
        // What the sender has written itself stands before what the proxies append.
        assert_eq!(whence("10.0.0.1", &["127.0.0.1, 198.51.100.1, 10.0.0.2"], trusted), from("198.51.100.1"));
        assert_eq!(whence("10.0.0.1", &["192.0.2.1", "198.51.100.1"], trusted), from("198.51.100.1"));
        assert_eq!(whence("10.0.0.1", &["[2001:db8::1]:443"], trusted), from("2001:db8::1"));
        assert_eq!(whence("10.0.0.1", &["198.51.100.1, unknown"], trusted), from("10.0.0.1"));
    }

    #[test]
    fn what_comes_through_a_trusted_proxy_is_never_this_machine() {
        let trusted = &["127.0.0.1/32"];
        assert_eq!(whence("127.0.0.1", &[], trusted), from("127.0.0.1"));
        assert_eq!(whence("127.0.0.1", &["127.0.0.1"], trusted), from("127.0.0.1"));
    }

    #[test]
    fn a_request_within_the_process_comes_from_nowhere() {
        let nowhere = Whence::of(&Extensions::new(), &HeaderMap::new(), &[]);
        assert_eq!(nowhere, Whence { sender: None, this_machine: false });
    }
}
