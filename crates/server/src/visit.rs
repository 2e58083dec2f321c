//! Opens a public page over the network like anybody else: without a session, without cookies, following nothing.
//!
//! One request, one answer, then the connection is closed; an answer is read up to [`MOST`] bytes and for at most [`PATIENCE`].
//! Deliberately absent: https. An installation behind a proxy that ends it sets ZHIXIN_PUBLIC_URL to an https address; then the page is
//! opened at the address on which this process listens, which the series says.

use std::{sync::Arc, time::Duration};

use oversight::calls::{Visit, Visited};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Most bytes of an answer that are read.
const MOST: u64 = 4 << 20;
/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(15);

/// The way over the network.
#[must_use]
pub fn over_http() -> Visit {
    Arc::new(|address| Box::pin(async move { open(&address).await }))
}

async fn open(address: &str) -> Visited {
    let url = url::Url::parse(address).map_err(|_| "地址不能识别".to_owned())?;
    if url.scheme() != "http" {
        return Err(format!("不能打开 {} 地址", url.scheme()));
    }
    match tokio::time::timeout(PATIENCE, ask(&url)).await {
        Ok(Ok(answer)) => read(&answer),
        Ok(Err(error)) => Err(format!("连接失败：{error}")),
        Err(_) => Err("超过 15 秒没有返回".to_owned()),
    }
}

async fn ask(url: &url::Url) -> std::io::Result<Vec<u8>> {
    let host = url.host_str().unwrap_or_default();
    let port = url.port_or_known_default().unwrap_or(80);
    let mut stream = TcpStream::connect((host.trim_matches(['[', ']']), port)).await?;
    let authority = url.port().map_or(host.to_owned(), |port| format!("{host}:{port}"));
    let path = &url[url::Position::BeforePath..url::Position::AfterQuery];
    // HTTP/1.0, so that the answer comes in one piece and ends with the connection.
    let request = format!("GET {path} HTTP/1.0\r\nHost: {authority}\r\nAccept: text/html\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.take(MOST).read_to_end(&mut answer).await?;
    Ok(answer)
}

/// Status and body of a whole answer.
fn read(answer: &[u8]) -> Visited {
    let unreadable = || "返回的内容不是 HTTP".to_owned();
    let end = answer
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .ok_or_else(unreadable)?;
    let head = String::from_utf8_lossy(&answer[..end]);
    let status = head
        .split_whitespace()
        .nth(1)
        .and_then(|status| status.parse().ok())
        .ok_or_else(unreadable)?;
    Ok((status, answer[end + 4..].to_vec()))
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    #[test]
    fn an_answer_is_taken_apart() {
        assert_eq!(
            read(b"HTTP/1.0 200 OK\r\nA: b\r\n\r\nbody"),
            Ok((200, b"body".to_vec()))
        );
        assert_eq!(read(b"HTTP/1.1 503 No\r\n\r\n"), Ok((503, Vec::new())));
        assert!(read(b"SSH-2.0").is_err());
    }

    #[tokio::test]
    async fn r88_a_page_is_opened_over_a_real_connection_and_a_closed_door_is_told() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let served = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut asked = [0; 512];
            let count = stream.read(&mut asked).await.unwrap();
            stream.write_all(b"HTTP/1.0 200 OK\r\n\r\nhere").await.unwrap();
            String::from_utf8_lossy(&asked[..count]).into_owned()
        });
        let address = format!("http://127.0.0.1:{port}/calls/7/notice");
        assert_eq!(over_http()(address.clone()).await, Ok((200, b"here".to_vec())));
        let asked = served.await.unwrap();
        assert!(asked.starts_with("GET /calls/7/notice HTTP/1.0\r\n") && !asked.to_lowercase().contains("cookie"));
        // The listener is gone now.
        assert!(over_http()(address).await.is_err());
        assert!(over_http()("https://127.0.0.1/".to_owned()).await.is_err());
    }
}
