//! The QR code of a document: an address with its number and a short signature, and its picture.
//! The signature covers the number and digests of the holder's name and the hours, so an address with a made-up number
//! is refused before anything is looked up, and an address stays false when the platform's data were tampered with.
//! The address tells nothing about the person: the digests are not in it, the platform computes them again.
//! Deliberately absent: the look-up and revocation; they belong to whoever owns the numbers.

use qrcode::{Color, EcLevel, QrCode};
use sha2::{Digest, Sha256};

use crate::keys::{from_base64, to_base64};
use crate::slot::hex;
use crate::{KeySet, SignError, Signer};

/// What a QR code vouches for, in the exact texts that were printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QrClaim<'a> {
    pub number: &'a str,
    /// The holder's full name.
    pub holder: &'a str,
    /// The hours, such as `40`.
    pub hours: &'a str,
}

impl QrClaim<'_> {
    fn message(&self) -> Vec<u8> {
        // The number goes into both digests, so that equal names or hours never give equal digests.
        let digest = |value: &str| hex(&Sha256::digest(format!("{}\n{value}", self.number).as_bytes()));
        format!(
            "zhixin-qr-1\n{}\n{}\n{}",
            self.number,
            digest(self.holder),
            digest(self.hours)
        )
        .into_bytes()
    }
}

/// A number and its signature (base64url), as they stand in the address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QrToken {
    pub number: String,
    pub signature: String,
}

impl QrToken {
    /// `{public_url}/verify?n=NUMBER&s=SIGNATURE`
    pub fn url(&self, public_url: &str) -> String {
        format!(
            "{}/verify?n={}&s={}",
            public_url.trim_end_matches('/'),
            percent(&self.number),
            self.signature
        )
    }
}

/// Everything but the unreserved characters of RFC 3986 is escaped.
fn percent(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => escaped.push(char::from(byte)),
            _ => escaped.push_str(&format!("%{byte:02X}")),
        }
    }
    escaped
}

/// Signs the number of a document for its QR code.
pub fn sign_number(claim: &QrClaim<'_>, signer: &dyn Signer) -> Result<QrToken, SignError> {
    let signature = to_base64(&signer.sign(&claim.message())?);
    Ok(QrToken {
        number: claim.number.to_owned(),
        signature,
    })
}

/// Whether `signature` is one of ours for this claim. The address names no key, so each of the set is tried; a retired
/// key still vouches for what it signed (the document's own date is judged by [`crate::open`]).
pub fn check_number(claim: &QrClaim<'_>, signature: &str, keys: &KeySet) -> bool {
    let message = claim.message();
    from_base64(signature).is_some_and(|signature| keys.keys().iter().any(|key| key.verifies(&message, &signature)))
}

/// The text does not fit into a QR code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("二维码内容过长")]
pub struct QrError;

/// The QR code of `text` as SVG in one path, with its quiet zone, one unit a module. Error correction M: about 15 % of
/// the picture may be dirty.
pub fn qr_svg(text: &str) -> Result<String, QrError> {
    const QUIET: usize = 4;
    let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(|_| QrError)?;
    let width = code.width();
    let colors = code.to_colors();
    let mut path = String::new();
    for (y, row) in colors.chunks(width).enumerate() {
        let mut x = 0;
        while x < width {
            let run = row[x..].iter().take_while(|color| **color == Color::Dark).count();
            if run > 0 {
                path.push_str(&format!("M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET));
            }
            x += run + 1;
        }
    }
    let side = width + 2 * QUIET;
    Ok(format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{side}v{side}H0z"/><path fill="#0b1f33" d="{path}"/></svg>"##
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Ed25519Key, UtcSecond};

    const CLAIM: QrClaim<'_> = QrClaim {
        number: "沪继证 2026-000042",
        holder: "王小明",
        hours: "40",
    };

    #[test]
    fn only_the_signed_claim_passes() {
        let key = Ed25519Key::generate().unwrap();
        let keys = KeySet::new(vec![key.public(UtcSecond::earliest())]);
        let token = sign_number(&CLAIM, &key).unwrap();
        assert!(check_number(&CLAIM, &token.signature, &keys));
        for other in [
            QrClaim {
                number: "沪继证 2026-000043",
                ..CLAIM
            },
            QrClaim {
                holder: "王大明",
                ..CLAIM
            },
            QrClaim { hours: "90", ..CLAIM },
        ] {
            assert!(!check_number(&other, &token.signature, &keys), "{other:?}");
        }
        let stranger = sign_number(&CLAIM, &Ed25519Key::generate().unwrap()).unwrap();
        assert!(!check_number(&CLAIM, &stranger.signature, &keys));
        for spelling in [
            format!("{}=", token.signature),
            token.signature[1..].to_owned(),
            String::new(),
        ] {
            assert!(!check_number(&CLAIM, &spelling, &keys), "{spelling}");
        }
    }

    #[test]
    fn the_picture_is_read_back() {
        let token = sign_number(&CLAIM, &Ed25519Key::generate().unwrap()).unwrap();
        let url = token.url("https://zhixin.example.cn/");
        assert!(url.starts_with("https://zhixin.example.cn/verify?n=%E6%B2%AA"), "{url}");
        assert_eq!(read(&qr_svg(&url).unwrap()), url);
        assert_eq!(qr_svg(&"长".repeat(2000)), Err(QrError));
    }

    /// Draws our own SVG (runs of one module's height) at 4 pixels a module and reads it with a decoder.
    fn read(svg: &str) -> String {
        let side: usize = svg
            .split("viewBox=\"0 0 ")
            .nth(1)
            .unwrap()
            .split(' ')
            .next()
            .unwrap()
            .parse()
            .unwrap();
        let path = svg.split(" d=\"").last().unwrap().split('"').next().unwrap();
        let mut dark = vec![false; side * side];
        for run in path.split('M').skip(1) {
            let (x, rest) = run.split_once(' ').unwrap();
            let (y, rest) = rest.split_once('h').unwrap();
            let (length, _) = rest.split_once('v').unwrap();
            let (x, y, length): (usize, usize, usize) =
                (x.parse().unwrap(), y.parse().unwrap(), length.parse().unwrap());
            dark[y * side + x..y * side + x + length].fill(true);
        }
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(side * 4, side * 4, |x, y| {
            if dark[y / 4 * side + x / 4] { 0 } else { 255 }
        });
        let grids = image.detect_grids();
        grids
            .first()
            .expect("a QR code is seen")
            .decode()
            .expect("it is readable")
            .1
    }
}
