//! Visitors: keep-alive connections, sessions begun by signing in at the form, and what a right reply is.
//!
//! Two clients: one inflates, to read pages before a measurement; the other takes bodies as they travel, because
//! inflating 300 pages a second would be paid by the same two cores.

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use reqwest::header::{
    ACCEPT_ENCODING, AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, COOKIE, HeaderMap, LOCATION, SET_COOKIE,
};
use reqwest::{Client, redirect};

use crate::crowd::Member;

/// The password of every demonstration account.
const PASSWORD: &str = "zhixin-demo-2026";
const SESSION: &str = "zhixin_session=";

/// What is asked for, and by whom.
#[derive(Debug, Clone)]
pub struct Target {
    /// Path and query.
    pub path: String,
    /// The session, for pages behind the sign-in.
    pub cookie: Option<String>,
}

impl Target {
    /// A page that everybody sees.
    pub fn public(path: &str) -> Self {
        Self {
            path: path.to_owned(),
            cookie: None,
        }
    }
}

/// The clients of one server.
#[derive(Clone)]
pub struct Web {
    base: String,
    reading: Client,
    loading: Client,
}

impl Web {
    /// Clients of the server at `base`.
    ///
    /// # Errors
    /// When they cannot be made.
    pub fn new(base: &str) -> Result<Self> {
        let client = || {
            Client::builder()
                .redirect(redirect::Policy::none())
                .no_proxy()
                .timeout(Duration::from_secs(30))
        };
        Ok(Self {
            base: base.to_owned(),
            reading: client().build()?,
            loading: client().no_gzip().build()?,
        })
    }

    /// Asks as a browser does and reads to the end; the bytes of the body as it travelled. Anything but a compressed
    /// 200 is wrong.
    ///
    /// # Errors
    /// What is wrong.
    pub async fn load(&self, target: Target) -> Result<u64, String> {
        let mut request = self
            .loading
            .get(format!("{}{}", self.base, target.path))
            .header(ACCEPT_ENCODING, "gzip");
        if let Some(cookie) = &target.cookie {
            request = request.header(COOKIE, cookie);
        }
        let reply = request.send().await.map_err(|error| error.to_string())?;
        let (status, packed) = (reply.status(), is_gzip(reply.headers()));
        let body = reply.bytes().await.map_err(|error| error.to_string())?;
        match (status.as_u16(), packed) {
            (200, true) => Ok(body.len() as u64),
            (200, false) => Err(format!("{} came uncompressed", target.path)),
            (status, _) => Err(format!("{} answered {status}", target.path)),
        }
    }

    /// Sends a form of one of the crowd that has no fields but its token. Right is a redirect to `leads_to`, or a page where
    /// none is expected.
    ///
    /// # Errors
    /// What is wrong.
    pub async fn press(&self, path: &str, member: &Member, leads_to: Option<&str>) -> Result<u64, String> {
        let request = self
            .loading
            .post(format!("{}{path}", self.base))
            .header(COOKIE, &member.cookie)
            .form(&[("csrf", member.csrf.as_str())]);
        let reply = request.send().await.map_err(|error| error.to_string())?;
        let status = reply.status().as_u16();
        let location = reply.headers().get(LOCATION).and_then(|to| to.to_str().ok());
        let right = match leads_to {
            Some(page) => status == 303 && location == Some(page),
            None => status == 200,
        };
        let location = location.unwrap_or_default().to_owned();
        let body = reply.bytes().await.map_err(|error| error.to_string())?;
        if right {
            return Ok(body.len() as u64);
        }
        Err(format!("{path} answered {status} {location}"))
    }

    /// Opens an address that sets a cookie; the cookie.
    ///
    /// # Errors
    /// When it sets none.
    pub async fn scan(&self, path: &str, member: &Member) -> Result<String, String> {
        let request = self.loading.get(format!("{}{path}", self.base));
        let reply = request.header(COOKIE, &member.cookie).send().await;
        let reply = reply.map_err(|error| error.to_string())?;
        cookie(reply.headers(), "zhixin_check_in").ok_or_else(|| "the scan was not taken".to_owned())
    }

    /// Posts a document as a system with this token does; the bytes of the answer. Anything but success is wrong.
    ///
    /// # Errors
    /// What is wrong.
    pub async fn post(&self, path: &str, token: &str, document: String) -> Result<u64, String> {
        let request = self
            .loading
            .post(format!("{}{path}", self.base))
            .header(AUTHORIZATION, format!("Bearer {token}"))
            .header(CONTENT_TYPE, "application/json")
            .body(document);
        let reply = request.send().await.map_err(|error| error.to_string())?;
        let status = reply.status();
        let body = reply.bytes().await.map_err(|error| error.to_string())?;
        if status.is_success() {
            return Ok(body.len() as u64);
        }
        Err(format!("{path} answered {status}: {}", String::from_utf8_lossy(&body)))
    }

    /// Reads a page as text.
    ///
    /// # Errors
    /// When it is no 200.
    pub async fn read(&self, target: &Target) -> Result<String> {
        let mut request = self.reading.get(format!("{}{}", self.base, target.path));
        if let Some(cookie) = &target.cookie {
            request = request.header(COOKIE, cookie);
        }
        let reply = request.send().await?;
        ensure!(
            reply.status().is_success(),
            "{} answered {}",
            target.path,
            reply.status()
        );
        Ok(reply.text().await?)
    }

    /// Reads a few of the targets and demands what every such page says, so that no error page is ever measured.
    ///
    /// # Errors
    /// The first page that lacks it.
    pub async fn prove(&self, targets: &[Target], says: &str) -> Result<()> {
        for target in targets.iter().take(20) {
            let page = self.read(target).await?;
            ensure!(page.contains(says), "{} does not say “{says}”", target.path);
        }
        Ok(())
    }

    /// Signs in as a person does: reads the form, posts it with its token. The cookie of the session.
    ///
    /// # Errors
    /// When the sign-in is refused.
    pub async fn sign_in(&self, login: &str) -> Result<String> {
        let address = format!("{}/login", self.base);
        let form = self.reading.get(&address).send().await?;
        let visitor = cookie(form.headers(), "").context("the sign-in form set no cookie")?;
        let page = form.text().await?;
        let csrf = between(&page, "name=\"csrf\" value=\"", "\"").context("the sign-in form has no token")?;
        let fields = [
            ("username", login),
            ("password", PASSWORD),
            ("csrf", csrf),
            ("next", "/desk"),
        ];
        let reply = self
            .reading
            .post(&address)
            .header(COOKIE, visitor)
            .form(&fields)
            .send()
            .await?;
        match cookie(reply.headers(), SESSION) {
            Some(session) => Ok(session),
            None => bail!("{login} could not sign in: the server answered {}", reply.status()),
        }
    }

    /// The ids in links `/desk/people/ID` of the list of people that this session sees, over at most `pages` pages.
    ///
    /// # Errors
    /// When a page does not come.
    pub async fn people(&self, session: &str, pages: usize) -> Result<Vec<i64>> {
        let mut ids = BTreeSet::new();
        let mut path = "/desk/people".to_owned();
        for _ in 0..pages {
            let target = Target {
                path,
                cookie: Some(session.to_owned()),
            };
            let page = self.read(&target).await?;
            ids.extend(page.split("\"/desk/people/").skip(1).filter_map(leading_number));
            let links = page
                .split("\"/desk/people?")
                .skip(1)
                .filter_map(|rest| rest.split('"').next());
            let Some(next) = links.into_iter().find(|query| query.contains("after=")) else {
                break;
            };
            path = format!("/desk/people?{}", next.replace("&amp;", "&").replace("&#38;", "&"));
        }
        Ok(ids.into_iter().collect())
    }
}

fn is_gzip(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_ENCODING)
        .is_some_and(|value| value.as_bytes() == b"gzip")
}

/// `name=value` of the first cookie set that begins with `prefix`.
fn cookie(headers: &HeaderMap, prefix: &str) -> Option<String> {
    let set = headers
        .get_all(SET_COOKIE)
        .into_iter()
        .filter_map(|line| line.to_str().ok());
    let mut pairs = set.filter_map(|line| line.split(';').next());
    pairs.find(|pair| pair.starts_with(prefix)).map(str::to_owned)
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(before)?;
    rest.split_once(after).map(|(found, _)| found)
}

fn leading_number(text: &str) -> Option<i64> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text[..end].parse().ok()
}
