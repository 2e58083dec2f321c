//! The bundled front end (`web/dist`) inside the binary: logical name to hashed address, and bytes by address.
//! A file whose name carries its hash never changes, so it is cached for ever. Before `npm run build` the
//! folder is empty: addresses keep their logical name, nothing is found, and pages are plain but readable.
//! Deliberately absent: reading from disk at run time, and HTTP.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
struct Dist;

/// Where the server mounts the bundle; `asset_file` takes what follows it.
pub const ASSETS_AT: &str = "/assets/";

/// `Cache-Control` of a hashed file.
pub const IMMUTABLE: &str = "public, max-age=31536000, immutable";

/// The policy that every page of ours fits: no inline script or style, nothing from elsewhere.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; \
     base-uri 'none'; frame-ancestors 'none'";

/// A file of the bundle.
#[derive(Clone, Debug)]
pub struct Asset {
    /// The file itself.
    pub bytes: Cow<'static, [u8]>,
    /// The same, compressed with gzip; absent where compression gains nothing.
    pub gzip: Option<Cow<'static, [u8]>>,
    pub content_type: &'static str,
    /// `Cache-Control` to send.
    pub cache_control: &'static str,
}

static MANIFEST: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    Dist::get("manifest.json")
        .and_then(|file| serde_json::from_slice(&file.data).ok())
        .unwrap_or_default()
});

/// The address of a bundled file: `asset("app.css")` is `/assets/app.3f2a91c0.css`.
pub fn asset(name: &str) -> String {
    let file = MANIFEST.get(name).map_or(name, String::as_str);
    format!("{ASSETS_AT}{file}")
}

/// The file behind `/assets/{file}`, or nothing when the bundle has no such file.
pub fn asset_file(file: &str) -> Option<Asset> {
    // The manifest and the compressed twins are means, not addresses.
    if file == "manifest.json" || file.ends_with(".gz") {
        return None;
    }
    let found = Dist::get(file)?;
    let gzip = Dist::get(&format!("{file}.gz")).map(|twin| twin.data);
    let hashed = MANIFEST.values().any(|name| name == file);
    Some(Asset {
        bytes: found.data,
        gzip,
        content_type: content_type(file),
        cache_control: if hashed { IMMUTABLE } else { "no-cache" },
    })
}

/// True when the front end was bundled into this binary.
pub fn bundled() -> bool {
    !MANIFEST.is_empty()
}

fn content_type(file: &str) -> &'static str {
    match file.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("webmanifest") => "application/manifest+json",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_file_is_not_found_and_keeps_its_name() {
        assert_eq!(asset("nothing.css"), "/assets/nothing.css");
        assert!(asset_file("nothing.css").is_none());
        assert!(asset_file("../Cargo.toml").is_none());
        assert!(asset_file("manifest.json").is_none());
    }

    #[test]
    fn a_bundled_file_is_hashed_typed_and_cached_for_ever() {
        if !bundled() {
            assert_eq!(asset("app.css"), "/assets/app.css");
            return;
        }
        for (name, kind) in [
            ("app.css", "text/css"),
            ("app.js", "text/javascript"),
            ("favicon.svg", "image/svg"),
        ] {
            let address = asset(name);
            assert_ne!(address, format!("/assets/{name}"), "{name} carries no hash");
            let file = asset_file(&address[ASSETS_AT.len()..]).expect("the manifest names a file");
            assert!(file.content_type.starts_with(kind));
            assert_eq!(file.cache_control, IMMUTABLE);
        }
    }
}
