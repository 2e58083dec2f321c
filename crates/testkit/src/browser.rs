//! A browser without a window: cookies, redirects, form tokens.

use std::{collections::BTreeMap, sync::Arc, sync::Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode, header};
use tower::ServiceExt as _;

/// Keeps cookies and the last form token it saw.
#[derive(Clone)]
pub struct Browser {
    router: Router,
    state: Arc<Mutex<State>>,
    bearer: Option<String>,
}

#[derive(Default)]
struct State {
    cookies: BTreeMap<String, String>,
    csrf: String,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: StatusCode,
    /// Where a redirect leads, or empty.
    pub location: String,
    /// Headers.
    pub headers: axum::http::HeaderMap,
    /// The body.
    pub bytes: Vec<u8>,
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// The body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }

    /// Fails unless the page has these words.
    #[track_caller]
    pub fn sees(self, words: &str) -> Self {
        assert!(
            self.text().contains(words),
            "{} without “{words}”: {}",
            self.status,
            self.outline()
        );
        self
    }

    /// Fails if the page has these words.
    #[track_caller]
    pub fn misses(self, words: &str) -> Self {
        assert!(!self.text().contains(words), "{} shows “{words}”", self.status);
        self
    }

    /// Fails unless the status is this.
    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        assert_eq!(
            self.status.as_u16(),
            status,
            "to {:?}: {}",
            self.location,
            self.outline()
        );
        self
    }

    /// The last part of the address a redirect leads to, as an id.
    #[track_caller]
    pub fn id(&self) -> i64 {
        let path = self.location.split('?').next().unwrap_or_default();
        let mut numbers = path.split('/').filter_map(|part| part.parse().ok());
        numbers
            .next_back()
            .unwrap_or_else(|| panic!("no id in {:?}: {} {}", self.location, self.status, self.outline()))
    }

    /// The words of the page without its tags, for messages.
    pub fn outline(&self) -> String {
        let text = self.text();
        let main = text.find("<main").map_or(text.as_str(), |at| &text[at..]);
        let mut words = String::new();
        let mut inside = false;
        for c in main.chars() {
            match c {
                '<' => inside = true,
                '>' => inside = false,
                c if !inside && (!c.is_whitespace() || !words.ends_with(' ')) => {
                    words.push(if c.is_whitespace() { ' ' } else { c })
                }
                _ => {}
            }
        }
        words.chars().take(1_500).collect()
    }
}

impl Browser {
    pub(crate) fn new(router: Router) -> Self {
        Self {
            router,
            state: Arc::default(),
            bearer: None,
        }
    }

    pub(crate) fn bearing(mut self, token: &str) -> Self {
        self.bearer = Some(token.to_owned());
        self
    }

    /// Signs in through the page.
    pub async fn sign_in(&self, login: &str, password: &str) {
        self.get("/login").await.is(200);
        let answer = self
            .post("/login", &[("username", login), ("password", password)])
            .await;
        assert_eq!(
            answer.status,
            StatusCode::SEE_OTHER,
            "{login} cannot sign in: {}",
            answer.outline()
        );
        // The form token of the session stands on every page of the desk.
        self.get("/desk").await;
    }

    /// Opens a page.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], Body::empty()).await
    }

    /// Sends a form with the token last seen.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let csrf = self.state.lock().expect("not poisoned").csrf.clone();
        let mut pairs = vec![("csrf", csrf.as_str())];
        pairs.extend_from_slice(fields);
        let body: Vec<String> = pairs
            .iter()
            .map(|(name, value)| format!("{}={}", web::url_encode(name), web::url_encode(value)))
            .collect();
        self.send(
            Method::POST,
            path,
            &[("content-type", "application/x-www-form-urlencoded")],
            Body::from(body.join("&")),
        )
        .await
    }

    /// Sends a form without its token, as a forger would.
    pub async fn post_forged(&self, path: &str) -> Answer {
        self.send(
            Method::POST,
            path,
            &[("content-type", "application/x-www-form-urlencoded")],
            Body::from("a=1"),
        )
        .await
    }

    /// Sends a form with one file.
    pub async fn upload(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        (field, name, bytes): (&str, &str, &[u8]),
    ) -> Answer {
        let csrf = self.state.lock().expect("not poisoned").csrf.clone();
        let mut body = Vec::new();
        for (key, value) in [("csrf", csrf.as_str())].iter().chain(fields) {
            body.extend_from_slice(
                format!("--zhixin\r\ncontent-disposition: form-data; name=\"{key}\"\r\n\r\n{value}\r\n").as_bytes(),
            );
        }
        let head = format!(
            "--zhixin\r\ncontent-disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\ncontent-type: application/octet-stream\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n--zhixin--\r\n");
        self.send(
            Method::POST,
            path,
            &[("content-type", "multipart/form-data; boundary=zhixin")],
            Body::from(body),
        )
        .await
    }

    /// Sends JSON, with further headers.
    pub async fn json(&self, method: Method, path: &str, headers: &[(&str, &str)], body: &serde_json::Value) -> Answer {
        let mut all = vec![("content-type", "application/json")];
        all.extend_from_slice(headers);
        self.send(method, path, &all, Body::from(body.to_string())).await
    }

    /// Sends a body as it is, with these headers.
    pub async fn bytes(&self, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        self.send(Method::POST, path, headers, Body::from(body.to_vec())).await
    }

    async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Body) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "zhixin.test");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let cookies: Vec<String> = self
            .state
            .lock()
            .expect("not poisoned")
            .cookies
            .iter()
            .map(|(k, v)| format!("{k}={v}"))
            .collect();
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        if let Some(token) = &self.bearer {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let response = self
            .router
            .clone()
            .oneshot(request.body(body).expect("a request"))
            .await
            .expect("the router answers");
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.expect("a body").to_vec();
        self.remember(&parts.headers, &bytes);
        let location = parts
            .headers
            .get(header::LOCATION)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_owned();
        Answer {
            status: parts.status,
            location,
            headers: parts.headers,
            bytes,
        }
    }

    fn remember(&self, headers: &axum::http::HeaderMap, bytes: &[u8]) {
        let mut state = self.state.lock().expect("not poisoned");
        for line in headers.get_all(header::SET_COOKIE) {
            let pair = line.to_str().unwrap_or_default().split(';').next().unwrap_or_default();
            if let Some((name, value)) = pair.split_once('=') {
                if value.is_empty() {
                    state.cookies.remove(name);
                } else {
                    state.cookies.insert(name.to_owned(), value.to_owned());
                }
            }
        }
        let text = String::from_utf8_lossy(bytes);
        if let Some(at) = text.find("name=\"csrf\" value=\"") {
            let rest = &text[at + 19..];
            state.csrf = rest.split('"').next().unwrap_or_default().to_owned();
        }
    }
}

/// Opens a page of this router, without a session, by its whole address.
pub(crate) fn visiting(router: Router) -> oversight::calls::Visit {
    Arc::new(move |address: String| {
        let browser = Browser::new(router.clone());
        Box::pin(async move {
            let path = address.strip_prefix("http://zhixin.test").unwrap_or(&address);
            let answer = browser.get(path).await;
            Ok(oversight::calls::Answer {
                status: answer.status.as_u16(),
                body: answer.bytes,
                remark: String::new(),
            })
        })
    })
}
