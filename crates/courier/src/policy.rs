//! Which addresses may be connected to at all.
//!
//! An installation may open private networks of its own (the receivers of a city often stand in one), and loopback for
//! development and tests. Link-local addresses, where clouds keep their metadata, cannot be opened.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What is permitted besides public addresses over https.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policy {
    loopback: bool,
    networks: Vec<Network>,
}

/// A private network: its first address and how many bits are the same in all of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Network {
    first: u128,
    bits: u32,
}

/// A text that names no private network.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}”不是内部网段，应写成 10.20.0.0/16 这样的私有地址段，多个用逗号隔开")]
pub struct NotANetwork(pub String);

impl Policy {
    /// Also loopback addresses, and `http://` to them: for development and tests.
    #[must_use]
    pub fn with_loopback(self) -> Self {
        Self { loopback: true, ..self }
    }

    /// Also these private networks: `10.20.0.0/16,fd00:1::/32`.
    ///
    /// # Errors
    /// The part that is no network, or not a private one.
    pub fn with_networks(self, text: &str) -> Result<Self, NotANetwork> {
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        let networks = parts.map(|part| Network::parse(part).ok_or_else(|| NotANetwork(part.to_owned())));
        Ok(Self {
            networks: networks.collect::<Result<_, _>>()?,
            ..self
        })
    }

    /// Whether plain HTTP may be spoken, to loopback alone.
    pub(crate) fn allows_plain(&self, host: &url::Host<&str>) -> bool {
        let loopback = match host {
            url::Host::Ipv4(ip) => ip.is_loopback(),
            url::Host::Ipv6(ip) => ip.is_loopback(),
            url::Host::Domain(name) => *name == "localhost",
        };
        self.loopback && loopback
    }

    /// Whether this address may be connected to.
    #[must_use]
    pub fn permits(&self, ip: IpAddr) -> bool {
        let ip = ip.to_canonical();
        is_public(ip) || (self.loopback && ip.is_loopback()) || self.networks.iter().any(|network| network.holds(ip))
    }
}

impl Network {
    fn parse(text: &str) -> Option<Self> {
        let (ip, bits) = text.split_once('/')?;
        let (ip, bits): (IpAddr, u32) = (ip.parse().ok()?, bits.parse().ok()?);
        let before = if ip.is_ipv4() { 96 } else { 0 };
        if bits > 128 - before || before + bits == 0 {
            return None;
        }
        let network = Self {
            first: number(ip),
            bits: before + bits,
        };
        let last = number(ip) | (u128::MAX.checked_shr(network.bits).unwrap_or(0));
        let whole = network.first & network.mask() == network.first;
        (whole && is_private(ip) && is_private(address(last))).then_some(network)
    }

    fn mask(self) -> u128 {
        u128::MAX.checked_shl(128 - self.bits).unwrap_or(0)
    }

    fn holds(self, ip: IpAddr) -> bool {
        number(ip) & self.mask() == self.first
    }
}

/// An address of either kind as one number; those of IPv4 as `::ffff:a.b.c.d`.
fn number(ip: IpAddr) -> u128 {
    match ip {
        IpAddr::V4(ip) => ip.to_ipv6_mapped().to_bits(),
        IpAddr::V6(ip) => ip.to_bits(),
    }
}

fn address(number: u128) -> IpAddr {
    IpAddr::V6(Ipv6Addr::from_bits(number)).to_canonical()
}

/// The ranges that an installation may open: those that organisations number their own machines with.
fn is_private(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_private() || is_shared(ip),
        IpAddr::V6(ip) => ip.segments()[0] & 0xfe00 == 0xfc00,
    }
}

/// 100.64.0.0/10.
fn is_shared(ip: Ipv4Addr) -> bool {
    let [a, b, ..] = ip.octets();
    a == 100 && (64..128).contains(&b)
}

fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let special = ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_documentation()
        || ip.is_multicast()
        || is_shared(ip)
        || a == 0
        || a >= 240
        || (a, b, c) == (192, 0, 0)
        || (a, b, c) == (192, 88, 99)
        || (a == 198 && (b == 18 || b == 19));
    !special
}

/// Global unicast, and where an IPv4 address is hidden in it, that one must be public too.
fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [a, b, c, ..] = ip.segments();
    let embedded = |high: u16, low: u16| is_public_v4(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low)));
    match (a, b) {
        // NAT64 and 6to4.
        (0x64, 0xff9b) => c == 0 && embedded(ip.segments()[6], ip.segments()[7]),
        (0x2002, high) => embedded(high, c),
        // Teredo and the rest of 2001::/23, documentation.
        (0x2001, b) if b < 0x200 || b == 0xdb8 => false,
        (0x3fff, b) if b < 0x1000 => false,
        _ => a & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn what_lies_inside_is_refused_in_every_spelling() {
        let inside = [
            "127.0.0.1",
            "127.8.8.8",
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "100.100.100.200",
            "192.0.0.192",
            "192.0.2.1",
            "198.18.0.1",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "239.255.255.250",
            "240.0.0.1",
            "255.255.255.255",
            "192.88.99.1",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::a00:1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "2002:7f00:1::",
            "2002:a9fe:a9fe::1",
            "2001::1",
            "2001:db8::1",
            "3fff::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "100::1",
            "4000::1",
        ];
        for text in inside {
            assert!(!Policy::default().permits(ip(text)), "{text}");
        }
        let outside = [
            "1.1.1.1",
            "8.8.8.8",
            "114.114.114.114",
            "172.15.0.1",
            "172.32.0.1",
            "100.63.0.1",
            "100.128.0.1",
            "198.20.0.1",
            "223.5.5.5",
            "2400:3200::1",
            "2606:4700::1111",
            "64:ff9b::808:808",
            "2002:808:808::1",
            "::ffff:8.8.8.8",
        ];
        for text in outside {
            assert!(Policy::default().permits(ip(text)), "{text}");
        }
    }

    #[test]
    fn an_installation_opens_its_own_networks_and_nothing_near_them() {
        let policy = Policy::default().with_networks("10.20.0.0/16, fd00:1::/32").unwrap();
        for text in ["10.20.0.1", "10.20.255.255", "::ffff:10.20.3.4", "fd00:1:2::3"] {
            assert!(policy.permits(ip(text)), "{text}");
        }
        for text in ["10.21.0.1", "10.19.255.255", "fd00:2::1", "127.0.0.1", "192.168.0.1"] {
            assert!(!policy.permits(ip(text)), "{text}");
        }
        let loopback = Policy::default().with_loopback();
        assert!(loopback.permits(ip("127.0.0.1")) && loopback.permits(ip("::1")) && !loopback.permits(ip("10.0.0.1")));
        assert_eq!(Policy::default().with_networks(" "), Ok(Policy::default()));
    }

    #[test]
    fn only_private_networks_can_be_opened() {
        for wrong in [
            "0.0.0.0/0",
            "::/0",
            "169.254.0.0/16",
            "127.0.0.0/8",
            "10.0.0.0",
            "10.0.0.0/33",
            "10.0.0.1/8",
            "10.0.0.0/7",
            "172.16.0.0/11",
            "8.8.8.0/24",
            "fe80::/10",
            "fc00::/6",
            "x/8",
            "10.0.0.0/-1",
        ] {
            assert!(Policy::default().with_networks(wrong).is_err(), "{wrong}");
        }
    }
}
