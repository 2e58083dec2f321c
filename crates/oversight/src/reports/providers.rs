//! Providers as anybody finds them: name, kind, base level, open classes.
//! Deliberately absent: contacts (they stand on each class) and assessments.

use kernel::{OrgId, Result};
use registry::{Ctx, Listed, Window};
use rules::orgs::{BaseLevel, OrgKind};
use rules::permits::Act;

use super::store::providers as store;

/// What somebody looks for.
#[derive(Debug, Clone, Default)]
pub struct ProviderFilter {
    /// Part of the name.
    pub words: Option<String>,
    /// Code of the district.
    pub district: Option<String>,
    /// Code of the key area in which it lies.
    pub key_area: Option<String>,
    /// Bases only.
    pub bases: bool,
}

/// One provider.
#[derive(Debug, Clone)]
pub struct ProviderLine {
    /// The organisation.
    pub id: OrgId,
    /// Its name.
    pub name: String,
    /// 机构类别.
    pub kind: OrgKind,
    /// Code of the district.
    pub district: String,
    /// Code of the industry department.
    pub department: Option<String>,
    /// The level of the base it is, if it is one.
    pub base_level: Option<BaseLevel>,
    /// Classes open for enrolment now.
    pub open_classes: i64,
    /// Classes ever published and not cancelled.
    pub classes: i64,
}

/// Lists providers that take part; what is published is seen by everybody. Orders: `open`, `name`, `classes`.
///
/// # Errors
/// Storage failures.
pub async fn providers(ctx: &Ctx, filter: &ProviderFilter, window: &Window) -> Result<Listed<ProviderLine>> {
    let mut tx = ctx.db.read().await?;
    store::list(&mut tx, &ctx.scope(Act::ViewClass), filter, (window, ctx.now())).await
}
