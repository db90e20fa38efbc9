//! Networks as attackers own them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

/// The network that an address belongs to: /24 of IPv4, /48 of IPv6, which is what one customer is given.
pub(super) fn network_of(address: IpAddr) -> IpNet {
    match address.to_canonical() {
        IpAddr::V4(v4) => IpNet::V4(Ipv4Net::new_assert(v4 & Ipv4Addr::new(255, 255, 255, 0), 24)),
        IpAddr::V6(v6) => {
            let mask = Ipv6Addr::new(0xffff, 0xffff, 0xffff, 0, 0, 0, 0, 0);
            IpNet::V6(Ipv6Net::new_assert(v6 & mask, 48))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_one_network() {
        let of = |text: &str| network_of(text.parse().unwrap()).to_string();
        assert_eq!(of("113.161.7.200"), "113.161.7.0/24");
        assert_eq!(of("::ffff:113.161.7.9"), "113.161.7.0/24");
        assert_eq!(of("2001:ee0:4f00:9:1::5"), "2001:ee0:4f00::/48");
    }
}
