//! Rules as data: the sample conversions in force in the demonstration, and a draft with what it would change.
//!
//! No conversion table of Shanghai is public; the sample says of every figure 示例（待市人社局确认） and can come into force in
//! demonstration data only. Deliberately absent: an approval; visitors may give theirs.

use kernel::Result;
use learning::credits::editions;
use oversight::reports::what_if;
use rules::credits::editions::Document;
use rules::credits::{recognition, requirement};

use super::Stage;

pub(super) async fn play(stage: &Stage<'_>) -> Result<()> {
    let ctx = stage.acting("demo-lead", 0, 9);
    editions::ship(&ctx).await?;
    editions::force_in_demonstration(&ctx, Document::Recognition(recognition::sample())).await?;
    let draft = Document::Requirement(requirement::sample());
    let draft = editions::draft_in_demonstration(&ctx, draft).await?;
    what_if::start(&ctx, draft).await?;
    Ok(())
}
