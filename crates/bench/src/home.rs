//! The portal's home page, as somebody sees it who has not signed in.

use anyhow::Result;

use crate::visitor::{Target, Web};

/// The one request, checked to be the home page.
///
/// # Errors
/// When it does not come.
pub async fn targets(web: &Web) -> Result<Vec<Target>> {
    let targets = vec![Target::public("/")];
    web.prove(&targets, "知新").await?;
    Ok(targets)
}
