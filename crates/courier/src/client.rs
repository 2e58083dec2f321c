//! Sends one message and reads the beginning of the answer, within ten seconds altogether.
//!
//! A connection is made for each message and to no other address than those that the policy was asked about.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::Request;
use hyper::client::conn::http1;
use hyper::header::{CONTENT_TYPE, HOST, USER_AGENT};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, pem::PemObject as _};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto::ring};

use crate::{Address, Policy, Refusal, Secret};

/// For everything: resolving, connecting, TLS, request and answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// For asking whether an address may be saved.
const LOOK: Duration = Duration::from_secs(5);
/// Bytes of an answer that are read.
const ANSWER: usize = 4 << 10;
/// Characters of it that are kept.
const EXCERPT: usize = 200;

/// What is sent.
#[derive(Debug, Clone, Copy)]
pub struct Message<'a> {
    /// The same at every attempt, so that a receiver knows a second delivery.
    pub id: &'a str,
    /// When it is sent, in seconds since 1970.
    pub at: i64,
    /// JSON.
    pub body: &'a str,
    /// The secrets that are valid now.
    pub secrets: &'a [Secret],
}

/// What a receiver answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status; a redirect is an answer like others.
    pub status: u16,
    /// The beginning of the answer as one line of text.
    pub excerpt: String,
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The address may not be connected to.
    #[error("{0}")]
    Refused(Refusal),
    /// Nobody listens there.
    #[error("连接不上接收地址")]
    Unreachable,
    /// No trusted certificate for this name.
    #[error("接收地址的 TLS 证书不受信任或与域名不符")]
    Untrusted,
    /// It took too long.
    #[error("接收方 10 秒内没有答复")]
    TimedOut,
    /// What came back is not HTTP.
    #[error("接收方中断了连接或答复的不是 HTTP")]
    Garbled,
}

/// A file of certificates that is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("不是 PEM 格式的证书")]
pub struct RootError;

/// Sends messages; cheap to clone.
#[derive(Clone)]
pub struct Courier {
    policy: Policy,
    tls: TlsConnector,
    patience: Duration,
}

impl Courier {
    /// A courier that trusts the public authorities, and those of `authorities` (PEM) besides.
    ///
    /// # Errors
    /// When these are no certificates.
    pub fn new(policy: Policy, authorities: &[u8]) -> Result<Self, RootError> {
        let mut roots = RootCertStore::from_iter(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        let mut own = 0;
        for certificate in CertificateDer::pem_slice_iter(authorities) {
            roots.add(certificate.map_err(|_| RootError)?).map_err(|_| RootError)?;
            own += 1;
        }
        if own == 0 && !authorities.is_empty() {
            return Err(RootError);
        }
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|_| RootError)?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self {
            policy,
            tls: TlsConnector::from(Arc::new(config)),
            patience: PATIENCE,
        })
    }

    /// Waits no longer than this for a receiver.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Reads an address and asks whether what it names may be connected to.
    ///
    /// # Errors
    /// Why it is not accepted.
    pub async fn check(&self, text: &str) -> Result<Address, Refusal> {
        let address = Address::parse(text, &self.policy)?;
        let found = timeout(LOOK, self.resolve(&address))
            .await
            .unwrap_or(Err(Refusal::Unresolved));
        found.map(|_| address)
    }

    /// Sends a message to an address that was saved.
    ///
    /// # Errors
    /// Why there is no answer.
    pub async fn send(&self, address: &str, message: &Message<'_>) -> Result<Answer, Failure> {
        let address = Address::parse(address, &self.policy).map_err(Failure::Refused)?;
        timeout(self.patience, self.deliver(&address, message))
            .await
            .unwrap_or(Err(Failure::TimedOut))
    }

    /// Every address behind the name, each of them permitted.
    async fn resolve(&self, address: &Address) -> Result<Vec<SocketAddr>, Refusal> {
        let found = lookup_host((address.host(), address.port()))
            .await
            .map_err(|_| Refusal::Unresolved)?;
        let found: Vec<SocketAddr> = found.collect();
        if found.is_empty() {
            return Err(Refusal::Unresolved);
        }
        if found.iter().any(|socket| !self.policy.permits(socket.ip())) {
            return Err(Refusal::Inside);
        }
        Ok(found)
    }

    async fn deliver(&self, address: &Address, message: &Message<'_>) -> Result<Answer, Failure> {
        let sockets = self.resolve(address).await.map_err(Failure::Refused)?;
        let stream = TcpStream::connect(sockets.as_slice())
            .await
            .map_err(|_| Failure::Unreachable)?;
        if !address.is_secure() {
            return exchange(stream, address, message).await;
        }
        let name = ServerName::try_from(address.host()).map_err(|_| Failure::Untrusted)?;
        let stream = self.tls.connect(name, stream).await.map_err(|_| Failure::Untrusted)?;
        exchange(stream, address, message).await
    }
}

async fn exchange<S>(stream: S, address: &Address, message: &Message<'_>) -> Result<Answer, Failure>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
        .await
        .map_err(|_| Failure::Garbled)?;
    let driving = tokio::spawn(connection);
    let _stop = StopOnDrop(driving.abort_handle());
    let request = request(address, message).map_err(|_| Failure::Garbled)?;
    let response = sender.send_request(request).await.map_err(|_| Failure::Garbled)?;
    let status = response.status().as_u16();
    // An answer that is longer, or breaks off, has been answered all the same.
    let body = Limited::new(response.into_body(), ANSWER).collect().await;
    let bytes = body.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    Ok(Answer {
        status,
        excerpt: excerpt(&bytes),
    })
}

/// Ends the task that drives a connection when nobody waits for the answer any more.
struct StopOnDrop(tokio::task::AbortHandle);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

fn request(address: &Address, message: &Message<'_>) -> hyper::http::Result<Request<Full<Bytes>>> {
    let signatures: Vec<String> = message
        .secrets
        .iter()
        .map(|secret| secret.sign(message.id, message.at, message.body))
        .collect();
    Request::post(address.target())
        .header(HOST, address.authority())
        .header(USER_AGENT, "zhixin-webhooks/1")
        .header(CONTENT_TYPE, "application/json")
        .header("webhook-id", message.id)
        .header("webhook-timestamp", message.at)
        .header("webhook-signature", signatures.join(" "))
        .body(Full::new(Bytes::copy_from_slice(message.body.as_bytes())))
}

/// What can be read of an answer, on one line.
fn excerpt(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    let line = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    line.chars().take(EXCERPT).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_is_one_short_line_whatever_came_back() {
        assert_eq!(excerpt(b" {\n \"a\":\t1 }\r\n"), "{ \"a\": 1 }");
        assert_eq!(excerpt(&[0xff, 0, 7, b'x']), "\u{fffd} x");
        assert_eq!(excerpt("字".repeat(1000).as_bytes()).chars().count(), EXCERPT);
    }

    #[test]
    fn rubbish_is_no_authority() {
        assert_eq!(Courier::new(Policy::default(), b"not PEM").err(), Some(RootError));
        assert!(Courier::new(Policy::default(), b"").is_ok());
    }
}
