//! Uploads: a multipart form whose file goes to a temporary file while its size is watched.
//!
//! The form's token must come before the file (`ui` puts it first), so that a forged upload is refused before
//! a byte of it is kept. What the file really is, `sheet` and `seal` decide by its content.

use std::io::Write;

use axum::extract::{FromRequest, Multipart, Request};
use axum::http::StatusCode;
use kernel::Error;

use crate::{App, Failure, Fields, csrf};

/// Largest file taken.
pub const FILE_BYTES: u64 = 20 << 20;

/// A file that was sent.
#[derive(Debug)]
pub struct UploadedFile {
    /// The name it had, without folders.
    pub name: String,
    /// Where it lies; gone when this is dropped.
    pub file: tempfile::NamedTempFile,
    /// Its size in bytes.
    pub size: u64,
}

impl UploadedFile {
    /// Where it lies.
    #[must_use]
    pub fn path(&self) -> &std::path::Path {
        self.file.path()
    }

    /// Its bytes.
    ///
    /// # Errors
    /// When the temporary file cannot be read.
    pub fn bytes(&self) -> kernel::Result<Vec<u8>> {
        std::fs::read(self.path()).map_err(Error::broken)
    }
}

/// A multipart form: its fields and its files.
#[derive(Debug)]
pub struct Upload {
    fields: Fields,
    files: Vec<(String, UploadedFile)>,
}

impl Upload {
    /// The fields that are no files.
    #[must_use]
    pub fn fields(&self) -> &Fields {
        &self.fields
    }

    /// The file of a field; none when nothing was chosen.
    #[must_use]
    pub fn file(&self, name: &str) -> Option<&UploadedFile> {
        self.files.iter().find(|(field, _)| field == name).map(|(_, file)| file)
    }

    /// Takes the file of a field out.
    pub fn take(&mut self, name: &str) -> Option<UploadedFile> {
        let at = self.files.iter().position(|(field, _)| field == name)?;
        Some(self.files.swap_remove(at).1)
    }
}

fn too_large() -> Failure {
    Failure::status(StatusCode::PAYLOAD_TOO_LARGE, "文件超过 20 MB，请拆分后再上传。")
}

fn unreadable(error: &axum::extract::multipart::MultipartError) -> Failure {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        too_large()
    } else {
        Error::wrong("file", "upload.broken", "上传没有完成，请重新选择文件再试。").into()
    }
}

impl FromRequest<App> for Upload {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &App) -> Result<Self, Failure> {
        let expected = request
            .extensions()
            .get::<csrf::ExpectedToken>()
            .map(|token| token.0.clone());
        let Ok(mut parts) = Multipart::from_request(request, app).await else {
            return Err(Failure::status(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "请用页面上的表单选择文件上传。",
            ));
        };
        let mut pairs: Vec<(String, String)> = Vec::new();
        let mut files = Vec::new();
        let mut proven = false;
        while let Some(mut part) = parts.next_field().await.map_err(|error| unreadable(&error))? {
            let field = part.name().unwrap_or_default().to_owned();
            let Some(name) = part.file_name().map(plain_name) else {
                let value = part.text().await.map_err(|error| unreadable(&error))?;
                proven |= field == "csrf" && csrf::matches(expected.as_deref().unwrap_or_default(), &value);
                pairs.push((field, value));
                continue;
            };
            if !proven {
                return Err(Failure::expired_form());
            }
            let mut kept = UploadedFile {
                name,
                file: tempfile::NamedTempFile::new().map_err(Error::broken)?,
                size: 0,
            };
            while let Some(chunk) = part.chunk().await.map_err(|error| unreadable(&error))? {
                kept.size += chunk.len() as u64;
                if kept.size > FILE_BYTES {
                    return Err(too_large());
                }
                kept.file.write_all(&chunk).map_err(Error::broken)?;
            }
            if kept.size > 0 {
                files.push((field, kept));
            }
        }
        if !proven {
            return Err(Failure::expired_form());
        }
        Ok(Self {
            fields: Fields::from_pairs(pairs),
            files,
        })
    }
}

/// The last part of a path, without control characters; browsers of old sent whole paths.
fn plain_name(sent: &str) -> String {
    let last = sent.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last.chars().filter(|c| !c.is_control()).take(120).collect();
    if clean.is_empty() { "未命名".into() } else { clean }
}
