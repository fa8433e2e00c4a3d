//! Where a webhook may go: to public addresses over TLS, never into the suite's own network.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use reqwest::Url;

/// How long the address of a host may be looked for.
const LOOK_UP: Duration = Duration::from_secs(5);
const URL_MAX: usize = 2000;

/// Decides to which addresses the suite sends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AddressPolicy {
    loopback: bool,
}

impl AddressPolicy {
    /// The policy of a running suite, or that of a sandbox, which may also send to its own machine.
    pub(crate) const fn new(loopback: bool) -> Self {
        Self { loopback }
    }

    /// The address `text`, if its form allows to send there; else why not.
    pub(crate) fn check(self, text: &str) -> Result<Url, &'static str> {
        if text.len() > URL_MAX {
            return Err("the address is longer than 2000 characters");
        }
        let url = Url::parse(text).map_err(|_| "this is no address")?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err("an address does not carry a user or a password");
        }
        if url.fragment().is_some() {
            return Err("an address has no fragment");
        }
        let host = url.host_str().ok_or("the address names no host")?;
        let literal: Option<IpAddr> = host.trim_matches(['[', ']']).parse().ok();
        let own = host == "localhost" || literal.is_some_and(|address| address.is_loopback());
        match url.scheme() {
            "https" => {}
            "http" if self.loopback && own => {}
            _ => return Err("an address begins with https://"),
        }
        match literal {
            Some(address) if !self.allows(address) => Err("the host is not public"),
            // A name without a dot is one of the suite's own network.
            None if !(host.contains('.') || own && self.loopback) => Err("the host is not public"),
            Some(_) | None => Ok(url),
        }
    }

    /// Whether the suite sends to `address`.
    pub(crate) fn allows(self, address: IpAddr) -> bool {
        is_public(address) || (self.loopback && address.is_loopback())
    }

    /// The addresses of `host`; none at all if one of them is not allowed.
    pub(crate) async fn resolve(self, host: &str) -> Result<Vec<SocketAddr>, &'static str> {
        let looked_up = tokio::time::timeout(LOOK_UP, tokio::net::lookup_host((host, 0))).await;
        let Ok(Ok(found)) = looked_up else { return Err("the host cannot be found") };
        let found: Vec<SocketAddr> = found.collect();
        if found.is_empty() {
            return Err("the host cannot be found");
        }
        if found.iter().any(|address| !self.allows(address.ip())) {
            return Err("the host is not public");
        }
        Ok(found)
    }
}

/// Whether `address` belongs to the public internet (IANA special-purpose address registries).
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => address.to_ipv4_mapped().map_or_else(|| is_public_v6(address), is_public_v4),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [first, second, third, _] = address.octets();
    let special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || first == 0
        || first >= 224
        || (first == 100 && (64..128).contains(&second))
        || (first == 192 && second == 0 && third == 0)
        || (first == 192 && second == 88 && third == 99)
        || (first == 198 && (second == 18 || second == 19));
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    let global = (0x2000..0x4000).contains(&first);
    // 2001::/23 and 2001:db8::/32 are special, 2002::/16 and 3fff::/20 lead elsewhere or nowhere.
    let special = (first == 0x2001 && (second < 0x0200 || second == 0x0db8))
        || first == 0x2002
        || (first == 0x3fff && second < 0x1000);
    global && !special
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_running_suite_sends_over_tls_to_public_hosts_only() {
        let policy = AddressPolicy::new(false);
        for allowed in
            ["https://broker.example/hooks?a=1", "https://8.8.8.8:8443/", "https://[2606:4700::1]/"]
        {
            assert!(policy.check(allowed).is_ok(), "{allowed}");
        }
        for refused in [
            "http://broker.example/",
            "ftp://broker.example/",
            "https://user:secret@broker.example/",
            "https://broker.example/#part",
            "https://localhost/",
            "https://127.0.0.1/",
            "https://127.1/",
            "https://0x7f000001/",
            "https://10.0.0.1/",
            "https://169.254.169.254/latest/meta-data",
            "https://100.64.0.1/",
            "https://0.0.0.0/",
            "https://[::1]/",
            "https://[::ffff:10.0.0.1]/",
            "https://[fd00::1]/",
            "https://[fe80::1]/",
            "https://[64:ff9b::a00:1]/",
            "https://[2002:a00:1::]/",
            "https:///nowhere",
            "https://postgres:5432/",
            "nonsense",
            "",
        ] {
            assert!(policy.check(refused).is_err(), "{refused}");
        }
        assert!(policy.check(&format!("https://broker.example/{}", "a".repeat(2000))).is_err());
    }

    #[test]
    fn a_sandbox_sends_also_to_its_own_machine_and_to_no_other_private_one() {
        let policy = AddressPolicy::new(true);
        for allowed in ["http://127.0.0.1:9000/", "http://localhost:9000/", "http://[::1]:9000/"] {
            assert!(policy.check(allowed).is_ok(), "{allowed}");
        }
        for refused in ["http://10.0.0.1/", "https://192.168.1.1/", "http://broker.example/"] {
            assert!(policy.check(refused).is_err(), "{refused}");
        }
    }

    #[tokio::test]
    async fn a_name_that_leads_to_a_private_address_is_refused() {
        assert_eq!(AddressPolicy::new(false).resolve("localhost").await, Err("the host is not public"));
        assert!(AddressPolicy::new(true).resolve("localhost").await.is_ok());
    }
}
