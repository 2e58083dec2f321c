//! Opens a public page over the network like anybody else: without a session, without cookies, following nothing.
//!
//! One request, one answer, then the connection is closed; an answer is read up to [`MOST`] bytes and for at most [`PATIENCE`].
//! Deliberately absent: https. An installation whose public address is https stands behind a proxy that ends it; its pages are opened at
//! the address on which this process listens, and each observation says so.

use std::{sync::Arc, time::Duration};

use oversight::calls::{Answer, Visit, Visited};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Most bytes of an answer that are read.
const MOST: u64 = 4 << 20;
/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(15);

/// What is said of a page that was opened beside the proxy.
const BESIDE: &str = "经本机监听地址观测，未经 https 代理";

/// The way over the network; `listen` is the address on which this process listens.
#[must_use]
pub fn over_http(listen: &str) -> Visit {
    let listen = listen.to_owned();
    Arc::new(move |address| {
        let listen = listen.clone();
        Box::pin(async move { open(&address, &listen).await })
    })
}

async fn open(address: &str, listen: &str) -> Visited {
    let url = url::Url::parse(address).map_err(|_| "地址不能识别".to_owned())?;
    let (url, remark) = match url.scheme() {
        "http" => (url, ""),
        "https" => (beside(&url, listen)?, BESIDE),
        other => return Err(format!("不能打开 {other} 地址")),
    };
    match tokio::time::timeout(PATIENCE, ask(&url)).await {
        Ok(Ok(answer)) => read(&answer, remark),
        Ok(Err(error)) => Err(format!("连接失败：{error}")),
        Err(_) => Err("超过 15 秒没有返回".to_owned()),
    }
}

/// The same page at the address on which this process listens; who listens everywhere is found at home.
fn beside(url: &url::Url, listen: &str) -> Result<url::Url, String> {
    let wrong = |_| "监听地址不能识别".to_owned();
    let here = listen.replace("0.0.0.0", "127.0.0.1").replace("[::]", "[::1]");
    let path = &url[url::Position::BeforePath..url::Position::AfterQuery];
    url::Url::parse(&format!("http://{here}{path}")).map_err(wrong)
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
fn read(answer: &[u8], remark: &str) -> Visited {
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
    Ok(Answer {
        status,
        body: answer[end + 4..].to_vec(),
        remark: remark.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    fn answer(status: u16, body: &str, remark: &str) -> Visited {
        Ok(Answer {
            status,
            body: body.as_bytes().to_vec(),
            remark: remark.to_owned(),
        })
    }

    #[test]
    fn an_answer_is_taken_apart() {
        assert_eq!(
            read(b"HTTP/1.0 200 OK\r\nA: b\r\n\r\nbody", ""),
            answer(200, "body", "")
        );
        assert_eq!(read(b"HTTP/1.1 503 No\r\n\r\n", ""), answer(503, "", ""));
        assert!(read(b"SSH-2.0", "").is_err());
    }

    /// Answers one request with `here`; gives what was asked.
    async fn served(listener: TcpListener) -> String {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut asked = [0; 512];
        let count = stream.read(&mut asked).await.unwrap();
        stream.write_all(b"HTTP/1.0 200 OK\r\n\r\nhere").await.unwrap();
        String::from_utf8_lossy(&asked[..count]).into_owned()
    }

    #[tokio::test]
    async fn r88_a_page_is_opened_over_a_real_connection_and_a_closed_door_is_told() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let here = listener.local_addr().unwrap().to_string();
        let asking = tokio::spawn(served(listener));
        let address = format!("http://{here}/calls/7/notice");
        let visit = over_http("127.0.0.1:1");
        assert_eq!(visit(address.clone()).await, answer(200, "here", ""));
        let asked = asking.await.unwrap();
        assert!(asked.starts_with("GET /calls/7/notice HTTP/1.0\r\n") && !asked.to_lowercase().contains("cookie"));
        // The listener is gone now.
        assert!(visit(address).await.is_err());
        assert!(visit("ftp://127.0.0.1/".to_owned()).await.is_err());
    }

    #[tokio::test]
    async fn r88_behind_a_proxy_the_page_is_opened_beside_it_and_the_observation_says_so() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let asking = tokio::spawn(served(listener));
        let visit = over_http(&format!("0.0.0.0:{port}"));
        let seen = visit("https://zhixin.example/calls/7/notice".to_owned()).await;
        assert_eq!(seen, answer(200, "here", BESIDE));
        assert!(asking.await.unwrap().starts_with("GET /calls/7/notice HTTP/1.0\r\n"));
    }
}
