//! The address of a receiver, as somebody typed it and as far as it can be judged without asking anybody.

use std::net::IpAddr;

use url::{Host, Url};

use crate::Policy;

/// Longest address.
const LENGTH: usize = 500;

/// Why an address is not accepted, in the words of whoever typed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Not an address.
    #[error("请填写完整的网址，例如 https://example.cn/webhooks")]
    Malformed,
    /// Not https.
    #[error("只接受 https:// 开头的网址")]
    Plain,
    /// A name and password in the address.
    #[error("网址中不能带用户名和密码")]
    Credentials,
    /// Something inside.
    #[error("网址指向内部地址（本机、局域网、链路本地或保留地址），不能作为接收地址")]
    Inside,
    /// The name leads nowhere.
    #[error("域名解析不到，请核对网址")]
    Unresolved,
}

/// Where a message goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address(Url);

impl Address {
    /// Reads an address; a literal one must be permitted. What a name resolves to is asked by [`crate::Courier::check`].
    ///
    /// # Errors
    /// Why it is not accepted.
    pub fn parse(text: &str, policy: &Policy) -> Result<Self, Refusal> {
        if text.len() > LENGTH {
            return Err(Refusal::Malformed);
        }
        let url = Url::parse(text.trim()).map_err(|_| Refusal::Malformed)?;
        let host = url.host().ok_or(Refusal::Malformed)?;
        match url.scheme() {
            "https" => {}
            "http" if policy.allows_plain(&host) => {}
            "http" => return Err(Refusal::Plain),
            _ => return Err(Refusal::Malformed),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Refusal::Credentials);
        }
        if url.port() == Some(0) {
            return Err(Refusal::Malformed);
        }
        let literal = match host {
            Host::Ipv4(ip) => Some(IpAddr::V4(ip)),
            Host::Ipv6(ip) => Some(IpAddr::V6(ip)),
            Host::Domain(_) => None,
        };
        if literal.is_some_and(|ip| !policy.permits(ip)) {
            return Err(Refusal::Inside);
        }
        let mut url = url;
        url.set_fragment(None);
        Ok(Self(url))
    }

    /// The address as text, normalised.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    pub(crate) fn is_secure(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// Name or literal address, without brackets.
    pub(crate) fn host(&self) -> String {
        match self.0.host() {
            Some(Host::Ipv4(ip)) => ip.to_string(),
            Some(Host::Ipv6(ip)) => ip.to_string(),
            Some(Host::Domain(name)) => name.to_owned(),
            None => String::new(),
        }
    }

    pub(crate) fn port(&self) -> u16 {
        self.0.port_or_known_default().unwrap_or(443)
    }

    /// What stands in the header `Host`.
    pub(crate) fn authority(&self) -> String {
        let host = self.0.host_str().unwrap_or_default();
        self.0
            .port()
            .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    /// What stands in the request line.
    pub(crate) fn target(&self) -> String {
        let path = self.0.path();
        self.0
            .query()
            .map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> Refusal {
        Address::parse(text, &Policy::default()).unwrap_err()
    }

    #[test]
    fn only_https_to_the_outside_is_accepted() {
        for text in [
            "https://example.cn/hook?x=1",
            "https://8.8.8.8:8443/",
            "https://[2400:3200::1]/a",
        ] {
            assert!(Address::parse(text, &Policy::default()).is_ok(), "{text}");
        }
        assert_eq!(refused("http://example.cn/"), Refusal::Plain);
        assert_eq!(refused("http://127.0.0.1/"), Refusal::Plain);
        for text in [
            "example.cn",
            "",
            "ftp://example.cn/",
            "file:///etc/passwd",
            "https://",
            "https://example.cn:0/",
        ] {
            assert_eq!(refused(text), Refusal::Malformed, "{text}");
        }
        assert_eq!(refused("https://user:secret@example.cn/"), Refusal::Credentials);
        assert_eq!(
            refused(&format!("https://example.cn/{}", "a".repeat(600))),
            Refusal::Malformed
        );
    }

    #[test]
    fn addresses_inside_are_seen_through_however_they_are_spelt() {
        for text in [
            "https://127.0.0.1/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://017700000001/",
            "https://127.1/",
            "https://[::1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://169.254.169.254/latest/meta-data",
            "https://10.0.0.1/",
            "https://[fd00:ec2::254]/",
            "https://0/",
        ] {
            assert_eq!(refused(text), Refusal::Inside, "{text}");
        }
    }

    #[test]
    fn loopback_is_for_development_and_plain_http_for_loopback_alone() {
        let policy = Policy::default().with_loopback();
        for text in ["http://127.0.0.1:9000/hook", "http://localhost:9000/", "https://[::1]/"] {
            assert!(Address::parse(text, &policy).is_ok(), "{text}");
        }
        assert_eq!(Address::parse("http://example.cn/", &policy), Err(Refusal::Plain));
        assert_eq!(Address::parse("https://10.0.0.1/", &policy), Err(Refusal::Inside));
    }

    #[test]
    fn the_parts_of_a_request_come_from_the_address() {
        let address = Address::parse("https://Example.CN:8443/a b?c=d#e", &Policy::default()).unwrap();
        assert_eq!(address.as_str(), "https://example.cn:8443/a%20b?c=d");
        assert_eq!(
            (address.authority().as_str(), address.target().as_str()),
            ("example.cn:8443", "/a%20b?c=d")
        );
        assert_eq!((address.host().as_str(), address.port()), ("example.cn", 8443));
        let address = Address::parse("https://[2400:3200::1]", &Policy::default()).unwrap();
        assert_eq!(
            (address.authority().as_str(), address.host().as_str()),
            ("[2400:3200::1]", "2400:3200::1")
        );
        assert_eq!((address.target().as_str(), address.port()), ("/", 443));
    }
}
