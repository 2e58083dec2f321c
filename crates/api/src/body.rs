//! Bodies of requests: JSON documents and files, judged by media type and size before they are read.
//!
//! A JSON body that does not fit its description is told by member in Chinese; only where the parser knows no member
//! its own words are quoted. Files are taken raw or as the field `file` of a multipart form.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::{HeaderMap, StatusCode, header};
use kernel::Error;
use registry::files;
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use utoipa::ToSchema;
use web::{App, Failure};

/// Largest JSON body: a report of the largest class fits several times.
const DOCUMENT_BYTES: usize = 2 << 20;
/// Largest file, as on the pages.
pub(crate) const FILE_BYTES: usize = 20 << 20;

/// The media type of a request, without its parameters.
pub(crate) fn media_type(headers: &HeaderMap) -> String {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let kind = value.and_then(|value| value.split(';').next()).unwrap_or_default();
    kind.trim().to_ascii_lowercase()
}

/// Refuses a media type and says which ones are taken.
pub(crate) fn unsupported(taken: &str) -> Failure {
    let sentence = format!("不支持这种内容类型，Content-Type 应为 {taken}。");
    Failure::coded(StatusCode::UNSUPPORTED_MEDIA_TYPE, "http.media_type", sentence)
}

fn too_large(most: usize) -> Failure {
    let sentence = format!("内容超过 {} MB，请拆分后再提交。", most >> 20);
    Failure::coded(StatusCode::PAYLOAD_TOO_LARGE, "http.too_large", sentence)
}

/// The bytes of a body of at most `most` bytes.
pub(crate) async fn bytes(headers: &HeaderMap, body: Body, most: usize) -> Result<Bytes, Failure> {
    let stated = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok());
    if stated
        .and_then(|text| text.parse::<usize>().ok())
        .is_some_and(|size| size > most)
    {
        return Err(too_large(most));
    }
    to_bytes(body, most).await.map_err(|_| too_large(most))
}

/// A JSON body and the digest of its bytes.
pub(crate) struct Document<T> {
    pub(crate) value: T,
    pub(crate) digest: String,
}

impl<T: DeserializeOwned> FromRequest<App> for Document<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &App) -> Result<Self, Failure> {
        let (parts, body) = request.into_parts();
        let kind = media_type(&parts.headers);
        if kind != "application/json" && !kind.ends_with("+json") {
            return Err(unsupported("application/json"));
        }
        let bytes = bytes(&parts.headers, body, DOCUMENT_BYTES).await?;
        let value = serde_json::from_slice(&bytes).map_err(|error| unfit(&error))?;
        Ok(Self {
            value,
            digest: files::digest(&bytes),
        })
    }
}

/// What is wrong with a body, as a problem.
fn unfit(error: &serde_json::Error) -> Failure {
    let place = format!("第 {} 行第 {} 列", error.line(), error.column());
    if error.classify() != Category::Data {
        let sentence = format!("请求体不是完整的 JSON（{place}），请检查后再提交。");
        return Failure::coded(StatusCode::BAD_REQUEST, "json.syntax", sentence);
    }
    let text = error.to_string();
    let named = |prefix: &str| text.strip_prefix(prefix)?.split('`').next().map(str::to_owned);
    let wrong = if let Some(member) = named("missing field `") {
        let sentence = format!("缺少成员 {member}（{place}）。");
        Error::wrong(member, "json.missing", sentence)
    } else if let Some(member) = named("unknown field `") {
        let sentence = format!("没有名为 {member} 的成员（{place}），请对照接口说明核对。");
        Error::wrong(member, "json.unknown", sentence)
    } else {
        // The rest is about types and may quote a value; only its place is told.
        Error::wrong("", "json.type", format!("{place}的值类型不对，请对照接口说明核对。"))
    };
    wrong.into()
}

/// 文件的内容
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[allow(dead_code, reason = "describes bodies that are files")]
pub(crate) struct FileContent(Vec<u8>);

/// A file as it was sent.
pub(crate) struct SentFile {
    /// The name, if the form named one.
    pub(crate) name: Option<String>,
    /// The media type that the sender stated; what it is, its content decides.
    pub(crate) media_type: String,
    /// The content.
    pub(crate) bytes: Bytes,
}

impl SentFile {
    /// Reads a file whose media type `takes` admits, raw or as the field `file` of a form.
    pub(crate) async fn read(request: Request, app: &App, takes: &[&str]) -> Result<Self, Failure> {
        let kind = media_type(request.headers());
        if kind == "multipart/form-data" {
            return Self::of_form(request, app).await;
        }
        if !takes.contains(&kind.as_str()) {
            return Err(unsupported(&format!("multipart/form-data 或 {}", takes.join("、"))));
        }
        let (parts, body) = request.into_parts();
        let bytes = bytes(&parts.headers, body, FILE_BYTES).await?;
        Ok(Self {
            name: None,
            media_type: kind,
            bytes,
        })
    }

    async fn of_form(request: Request, app: &App) -> Result<Self, Failure> {
        let broken = |status: StatusCode| {
            if status == StatusCode::PAYLOAD_TOO_LARGE {
                too_large(FILE_BYTES)
            } else {
                Error::wrong("file", "upload.broken", "表单没有收完整，请重新提交。").into()
            }
        };
        let mut form = Multipart::from_request(request, app)
            .await
            .map_err(|_| unsupported("带 boundary 的 multipart/form-data"))?;
        while let Some(field) = form.next_field().await.map_err(|error| broken(error.status()))? {
            if field.name() != Some("file") {
                continue;
            }
            let name = field.file_name().map(plain_name).filter(|name| !name.is_empty());
            let media_type = field.content_type().unwrap_or_default().to_owned();
            let bytes = field.bytes().await.map_err(|error| broken(error.status()))?;
            if bytes.len() > FILE_BYTES {
                return Err(too_large(FILE_BYTES));
            }
            return Ok(Self {
                name,
                media_type,
                bytes,
            });
        }
        Err(Error::wrong("file", "upload.missing", "表单中没有名为 file 的文件。").into())
    }
}

/// The last part of a path, without control characters.
fn plain_name(sent: &str) -> String {
    let last = sent.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars().filter(|c| !c.is_control()).take(120).collect()
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        #[allow(dead_code)]
        document_no: String,
    }

    fn problem(body: &str) -> (u16, &'static str, String) {
        let error = serde_json::from_str::<Sample>(body).expect_err("unfit");
        let failure = unfit(&error);
        let field = failure.problem().fields.first();
        let told = field.map_or(failure.problem().code, |field| field.code);
        let name = field.map(|field| field.field.to_string()).unwrap_or_default();
        (failure.problem().status.as_u16(), told, name)
    }

    #[test]
    fn what_does_not_fit_is_told_by_member_and_never_quoted() {
        assert_eq!(problem("{"), (400, "json.syntax", String::new()));
        assert_eq!(problem("{}"), (422, "json.missing", "document_no".into()));
        assert_eq!(
            problem(r#"{"document_no":"1","yaer":1}"#),
            (422, "json.unknown", "yaer".into())
        );
        let error = serde_json::from_str::<Sample>(r#"{"document_no":310101199001010012}"#).expect_err("unfit");
        let failure = unfit(&error);
        assert_eq!(failure.problem().fields[0].code, "json.type");
        assert!(!failure.problem().sentence.contains("310101"));
    }

    #[test]
    fn names_of_files_lose_their_folders() {
        assert_eq!(plain_name(r"C:\名册\三月.xlsx"), "三月.xlsx");
        assert_eq!(plain_name("a/b\n.csv"), "b.csv");
    }
}
