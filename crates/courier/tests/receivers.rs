//! The courier against receivers on this machine: honest, slow, endless, redirecting, insecure and out of bounds.

#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

use std::sync::Arc;

use courier::{Answer, Courier, Failure, Message, Policy, Refusal, Secret};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::{ServerConfig, crypto::ring};

const BODY: &str = r#"{"type":"hours.posted"}"#;

fn message(secrets: &[Secret]) -> Message<'_> {
    Message {
        id: "msg_1",
        at: 1_700_000_000,
        body: BODY,
        secrets,
    }
}

fn near() -> Courier {
    Courier::new(Policy::default().with_loopback(), b"").unwrap()
}

/// Reads a request to the end of its body.
async fn request(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut text = Vec::new();
    let mut piece = [0; 1024];
    while !text.ends_with(BODY.as_bytes()) {
        match stream.read(&mut piece).await {
            Ok(0) | Err(_) => break,
            Ok(count) => text.extend(&piece[..count]),
        }
    }
    String::from_utf8(text).unwrap()
}

async fn answer_with(stream: &mut (impl AsyncRead + AsyncWrite + Unpin), answer: &[u8]) -> String {
    let asked = request(stream).await;
    let _ = stream.write_all(answer).await;
    let _ = stream.shutdown().await;
    asked
}

/// A receiver that answers once so; its address, and the request that it got.
async fn receiver(answer: &'static [u8]) -> (String, tokio::task::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/hook?x=1", listener.local_addr().unwrap());
    let serving = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        answer_with(&mut stream, answer).await
    });
    (address, serving)
}

#[tokio::test]
async fn a_message_is_a_signed_post() {
    let (address, serving) = receiver(b"HTTP/1.1 204 No Content\r\n\r\n").await;
    let secrets = [Secret::generate().unwrap(), Secret::generate().unwrap()];
    let answered = near().send(&address, &message(&secrets)).await;
    assert_eq!(answered.map(|answer| answer.status), Ok(204));
    let asked = serving.await.unwrap();
    assert!(asked.starts_with("POST /hook?x=1 HTTP/1.1\r\n"), "{asked}");
    assert!(asked.ends_with(BODY), "{asked}");
    let expected: Vec<String> = secrets
        .iter()
        .map(|secret| secret.sign("msg_1", 1_700_000_000, BODY))
        .collect();
    for header in [
        "webhook-id: msg_1".to_owned(),
        "webhook-timestamp: 1700000000".to_owned(),
        format!("webhook-signature: {}", expected.join(" ")),
        "content-type: application/json".to_owned(),
    ] {
        assert!(asked.contains(&format!("\r\n{header}\r\n")), "{header}: {asked}");
    }
}

#[tokio::test]
async fn failures_are_told_apart() {
    let secrets = [Secret::generate().unwrap()];
    let (address, serving) = receiver(b"HTTP/1.1 500 Oops\r\ncontent-length: 10\r\n\r\n no\r\n luck").await;
    let expected = Answer {
        status: 500,
        excerpt: "no luck".to_owned(),
    };
    assert_eq!(near().send(&address, &message(&secrets)).await, Ok(expected));
    serving.await.unwrap();

    let (address, serving) = receiver(b"hello\r\n\r\n").await;
    assert_eq!(near().send(&address, &message(&secrets)).await, Err(Failure::Garbled));
    serving.await.unwrap();
    assert_eq!(
        near().send(&address, &message(&secrets)).await,
        Err(Failure::Unreachable)
    );
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_is_not_followed() {
    let secrets = [Secret::generate().unwrap()];
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let target = listener.local_addr().unwrap();
    let (address, serving) = receiver(Box::leak(
        format!("HTTP/1.1 307 Elsewhere\r\nlocation: http://{target}/\r\ncontent-length: 0\r\n\r\n")
            .into_bytes()
            .into_boxed_slice(),
    ))
    .await;
    let answered = near().send(&address, &message(&secrets)).await;
    assert_eq!(answered.map(|answer| answer.status), Ok(307));
    serving.await.unwrap();
    let came = tokio::time::timeout(std::time::Duration::from_millis(50), listener.accept()).await;
    assert!(came.is_err(), "nobody has come to where the redirect points");
}

#[tokio::test]
async fn an_endless_answer_is_cut_off() {
    let secrets = [Secret::generate().unwrap()];
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    let serving = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        request(&mut stream).await;
        let mut sent = 0_u64;
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await;
        while stream.write_all(&[b'a'; 1024]).await.is_ok() {
            sent += 1024;
        }
        sent
    });
    let answered = near().send(&address, &message(&secrets)).await.unwrap();
    assert_eq!(answered.status, 200);
    assert!(answered.excerpt.len() <= 200);
    // It ends because the courier hangs up.
    assert!(serving.await.unwrap() < 64 << 20);
}

#[tokio::test]
async fn a_receiver_that_says_nothing_is_given_up() {
    let secrets = [Secret::generate().unwrap()];
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    let serving = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        request(&mut stream).await;
        std::future::pending::<()>().await;
    });
    let hasty = near().with_patience(std::time::Duration::from_millis(100));
    assert_eq!(hasty.send(&address, &message(&secrets)).await, Err(Failure::TimedOut));
    serving.abort();
}

#[tokio::test]
async fn a_name_that_leads_inside_is_refused_at_saving_and_at_connecting() {
    // `localhost` is a name; what it resolves to is asked.
    let far = Courier::new(Policy::default(), b"").unwrap();
    assert_eq!(far.check("https://localhost:8443/").await.unwrap_err(), Refusal::Inside);
    let sent = far.send("https://localhost:8443/", &message(&[])).await;
    assert_eq!(sent, Err(Failure::Refused(Refusal::Inside)));
    let sent = far.send("http://127.0.0.1:8080/", &message(&[])).await;
    assert_eq!(sent, Err(Failure::Refused(Refusal::Plain)));
    assert!(near().check("http://localhost:8443/").await.is_ok());
}

#[tokio::test]
async fn tls_trusts_the_authorities_it_was_given_and_no_others() {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let serving = tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            if let Ok(mut stream) = acceptor.accept(stream).await {
                answer_with(&mut stream, b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
            }
        }
    });
    let secrets = [Secret::generate().unwrap()];
    let policy = || Policy::default().with_loopback();
    let trusting = Courier::new(policy(), cert.pem().as_bytes()).unwrap();
    let named = format!("https://localhost:{port}/");
    assert_eq!(
        trusting
            .send(&named, &message(&secrets))
            .await
            .map(|answer| answer.status),
        Ok(200)
    );
    // Another name than the certificate's.
    let numbered = format!("https://127.0.0.1:{port}/");
    assert_eq!(
        trusting.send(&numbered, &message(&secrets)).await,
        Err(Failure::Untrusted)
    );
    assert_eq!(near().send(&named, &message(&secrets)).await, Err(Failure::Untrusted));
    serving.abort();
}
