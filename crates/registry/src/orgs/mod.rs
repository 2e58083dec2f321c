//! orgs: organisations of every kind: departments, districts' bureaus, providers and bases, employers, associations.
//!
//! ```text
//! active ──end──► ended ──resume──► active
//! ```
//! One organisation may be provider and employer at once. Its 统一社会信用代码 is its one key (R-2): registering it a
//! second time tells which organisation has it, if the actor may see that one.
//! A change of district or department moves the organisation, not the history: rows keep the place of their day.
//! Deliberately absent: accreditation of bases (an issue of its own); here a base's level, batch and term are facts.

mod store;

use db::{Event, Tx};
use kernel::{Code, CreditCode, Date, Error, FieldError, Place, Result, Time, id::OrgId};
pub use rules::orgs::{BaseLevel, OrgKind, OrgStatus};
use rules::{orgs as decide, permits::Act};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::{
    Ctx, Listed, Subject, Window,
    taxonomy::{self, Names, Vocabulary},
};

/// An organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Org {
    /// Its id.
    pub id: OrgId,
    /// 机构类别.
    pub kind: OrgKind,
    /// Official name.
    pub name: String,
    /// 统一社会信用代码.
    pub credit_code: CreditCode,
    /// Six-digit code of the district.
    pub district: String,
    /// Nine-digit code of the street or town.
    pub town: Option<String>,
    /// Code of the industry department.
    pub department: Option<String>,
    /// Section of GB/T 4754.
    pub industry: Option<String>,
    /// Code of the key area it lies in.
    pub key_area: Option<String>,
    /// Gives classes.
    pub is_provider: bool,
    /// Employs professionals.
    pub is_employer: bool,
    /// Level of the base it is.
    pub base_level: Option<BaseLevel>,
    /// The batch in which it became a base.
    pub base_batch: Option<String>,
    /// The last day of its term as a base.
    pub base_until: Option<Date>,
    /// 龙头企业.
    pub leading_enterprise: bool,
    /// Who answers the telephone.
    pub contact: String,
    /// Telephone number of the office.
    pub phone: String,
    /// Takes part or not.
    pub status: OrgStatus,
    /// When it was registered here.
    pub created_at: Time,
    /// Grows with every change.
    pub version: i64,
}

impl Org {
    /// Where it stands.
    #[must_use]
    pub fn place(&self) -> Place {
        Place {
            person: None,
            org: Some(self.id),
            provider: self.is_provider.then_some(self.id),
            district: Some(self.district.clone()),
            department: self.department.clone(),
        }
    }

    /// Whether it is a base whose term has not ended on `today`.
    #[must_use]
    pub fn is_base_on(&self, today: Date) -> bool {
        self.base_level.is_some() && self.base_until.is_none_or(|until| today <= until)
    }

    fn audited(&self) -> Json {
        json!({
            "kind": self.kind, "name": self.name, "credit_code": self.credit_code, "district": self.district,
            "town": self.town, "department": self.department, "industry": self.industry, "key_area": self.key_area,
            "is_provider": self.is_provider, "is_employer": self.is_employer, "base_level": self.base_level,
            "base_batch": self.base_batch, "base_until": self.base_until.map(|d| d.to_string()),
            "leading_enterprise": self.leading_enterprise, "contact": self.contact, "phone": self.phone,
            "status": self.status,
        })
    }
}

/// What a form or a caller says of an organisation.
#[derive(Debug, Clone)]
pub struct OrgDraft {
    /// 机构类别.
    pub kind: OrgKind,
    /// Official name, 2 to 100 characters.
    pub name: String,
    /// 统一社会信用代码 as typed.
    pub credit_code: String,
    /// Six-digit code of the district.
    pub district: String,
    /// Code of the street or town.
    pub town: Option<String>,
    /// Code of the industry department.
    pub department: Option<String>,
    /// Section of GB/T 4754.
    pub industry: Option<String>,
    /// Code of the key area.
    pub key_area: Option<String>,
    /// Gives classes.
    pub is_provider: bool,
    /// Employs professionals.
    pub is_employer: bool,
    /// Level of the base it is.
    pub base_level: Option<BaseLevel>,
    /// The batch in which it became a base.
    pub base_batch: Option<String>,
    /// The last day of its term as a base.
    pub base_until: Option<Date>,
    /// 龙头企业.
    pub leading_enterprise: bool,
    /// Who answers the telephone.
    pub contact: String,
    /// Telephone number of the office.
    pub phone: String,
}

impl OrgDraft {
    /// A draft with what must be said; the rest is empty.
    #[must_use]
    pub fn new(kind: OrgKind, name: &str, credit_code: &str, district: &str) -> Self {
        Self {
            kind,
            name: name.to_owned(),
            credit_code: credit_code.to_owned(),
            district: district.to_owned(),
            town: None,
            department: None,
            industry: None,
            key_area: None,
            is_provider: false,
            is_employer: true,
            base_level: None,
            base_batch: None,
            base_until: None,
            leading_enterprise: false,
            contact: String::new(),
            phone: String::new(),
        }
    }

    /// Reads the draft into an organisation, or tells everything that is wrong.
    fn read(self, ctx: &Ctx, names: &Names, base: Org) -> Result<Org> {
        let mut faults: Vec<FieldError> = Vec::new();
        let mut note = |checked: Result<(), FieldError>| faults.extend(checked.err());
        let length = self.name.trim().chars().count();
        if !(2..=100).contains(&length) {
            note(Err(FieldError::new(
                "name",
                "org.name",
                "机构名称应为 2 到 100 个字，请按证照填写。",
            )));
        }
        note(taxonomy::check(
            names,
            Vocabulary::District,
            "district",
            Some(&self.district),
        ));
        note(taxonomy::check(names, Vocabulary::Town, "town", self.town.as_deref()));
        note(taxonomy::check(
            names,
            Vocabulary::Department,
            "department",
            self.department.as_deref(),
        ));
        note(taxonomy::check(
            names,
            Vocabulary::Industry,
            "industry",
            self.industry.as_deref(),
        ));
        note(taxonomy::check(
            names,
            Vocabulary::KeyArea,
            "key_area",
            self.key_area.as_deref(),
        ));
        if self
            .town
            .as_deref()
            .is_some_and(|town| !town.starts_with(&self.district))
        {
            note(Err(FieldError::new(
                "town",
                "org.town",
                "所选街镇不在所选的区内，请重新选择。",
            )));
        }
        if self.base_level.is_some() && !self.is_provider {
            note(Err(FieldError::new(
                "base_level",
                "org.base",
                "继续教育基地应是施教机构，请勾选“施教机构”。",
            )));
        }
        if self.base_level.is_none() && (self.base_batch.is_some() || self.base_until.is_some()) {
            note(Err(FieldError::new(
                "base_level",
                "org.base",
                "填写了批次或有效期，请同时选择基地级别。",
            )));
        }
        let phone = rules::people::read_phone("phone", &self.phone);
        note(phone.as_ref().map(drop).map_err(Clone::clone));
        let code = decide::read_code("credit_code", &self.credit_code, ctx.installation.demo);
        note(code.as_ref().map(drop).map_err(Clone::clone));
        let (Ok(credit_code), Ok(phone), true) = (code, phone, faults.is_empty()) else {
            return Err(Error::Wrong(faults));
        };
        Ok(Org {
            kind: self.kind,
            name: self.name.trim().to_owned(),
            credit_code,
            district: self.district,
            town: self.town,
            department: self.department,
            industry: self.industry,
            key_area: self.key_area,
            is_provider: self.is_provider,
            is_employer: self.is_employer,
            base_level: self.base_level,
            base_batch: self.base_batch,
            base_until: self.base_until,
            leading_enterprise: self.leading_enterprise,
            contact: self.contact.trim().chars().take(50).collect(),
            phone,
            ..base
        })
    }
}

/// An organisation was registered.
#[derive(Debug, Serialize, Deserialize)]
pub struct OrgCreated {
    /// Its id.
    pub org: OrgId,
}

impl Event for OrgCreated {
    const KIND: &'static str = "orgs.created";
}

/// What a list of organisations asks for.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// A part of the name, or the beginning of the code.
    pub words: Option<String>,
    /// 机构类别.
    pub kind: Option<OrgKind>,
    /// Code of the district.
    pub district: Option<String>,
    /// Code of the department.
    pub department: Option<String>,
    /// Code of the key area in which it lies.
    pub key_area: Option<String>,
    /// `provider`, `employer`, `base` or `leading`.
    pub capacity: Option<String>,
    /// Takes part or not.
    pub status: Option<OrgStatus>,
}

/// Loads an organisation; the caller asks `may`.
///
/// # Errors
/// `NotFound`; storage failures.
pub async fn load(tx: &mut Tx, id: OrgId) -> Result<Org> {
    store::load(tx, id).await
}

/// Finds the organisation with this code.
///
/// # Errors
/// Storage failures.
pub async fn find_by_code(tx: &mut Tx, code: &CreditCode) -> Result<Option<Org>> {
    store::find_by_code(tx, code).await
}

/// The organisations with these codes, in any order; at most a few hundred codes at once.
///
/// # Errors
/// Storage failures.
pub async fn find_by_codes(tx: &mut Tx, codes: &[CreditCode]) -> Result<Vec<Org>> {
    store::find_by_codes(tx, codes).await
}

/// Names of organisations by id, for pages that show many.
///
/// # Errors
/// Storage failures.
pub async fn names(
    tx: &mut Tx,
    ids: impl IntoIterator<Item = OrgId>,
) -> Result<std::collections::BTreeMap<i64, String>> {
    let mut ids: Vec<i64> = ids.into_iter().map(OrgId::get).collect();
    ids.sort_unstable();
    ids.dedup();
    store::names(tx, &ids).await
}

/// One organisation for its page.
///
/// # Errors
/// `NotFound` when it is out of sight.
pub async fn view(ctx: &Ctx, id: OrgId) -> Result<Org> {
    let mut tx = ctx.db.read().await?;
    let org = store::load(&mut tx, id).await?;
    ctx.may(Act::ViewOrg, &org.place())?;
    Ok(org)
}

/// Lists the organisations in sight.
///
/// # Errors
/// Storage failures.
pub async fn list(ctx: &Ctx, filter: &Filter, window: &Window) -> Result<Listed<Org>> {
    let mut tx = ctx.db.read().await?;
    store::list(&mut tx, &ctx.scope(Act::ListOrgs), filter, window).await
}

/// Organisations that take part and give classes, for choices: id and name, by name, at most 500.
///
/// # Errors
/// Storage failures.
pub async fn providers(tx: &mut Tx) -> Result<Vec<(OrgId, String)>> {
    store::of_capacity(tx, "is_provider").await
}

/// Registers an organisation.
///
/// # Errors
/// Wrong with every faulty field; Refused when the code is taken, telling by whom if that one is in sight;
/// NotFound when the actor registers nothing in that district.
pub async fn create(ctx: &Ctx, draft: OrgDraft) -> Result<OrgId> {
    let mut tx = ctx.db.write().await?;
    let names = taxonomy::names(&mut tx).await?;
    let id = tx.mint();
    let org = draft.read(ctx, &names, blank(id, ctx.now()))?;
    ctx.may(Act::CreateOrg, &org.place())
        .map_err(|error| elsewhere(error, "district"))?;
    refuse_taken(ctx, &mut tx, &org).await?;
    store::insert(&mut tx, &org).await?;
    ctx.audit(&mut tx, "create_org", subject(&org), Json::Null, org.audited())
        .await?;
    tx.tell(&OrgCreated { org: id }, ctx.now()).await?;
    tx.commit().await?;
    Ok(id)
}

/// Changes what an organisation says of itself; `version` is the one the form was shown with.
///
/// # Errors
/// As [`create`]; `Stale` when somebody changed it meanwhile.
pub async fn edit(ctx: &Ctx, id: OrgId, version: i64, draft: OrgDraft) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let before = store::load(&mut tx, id).await?;
    ctx.may(Act::EditOrg, &before.place())?;
    let names = taxonomy::names(&mut tx).await?;
    let after = draft.read(ctx, &names, before.clone())?;
    guard_own(ctx, &before, &after)?;
    ctx.may(Act::EditOrg, &after.place())
        .map_err(|error| elsewhere(error, "district"))?;
    refuse_taken(ctx, &mut tx, &after).await?;
    store::save(&mut tx, version, &after).await?;
    ctx.audit(&mut tx, "edit_org", subject(&after), before.audited(), after.audited())
        .await?;
    tx.commit().await
}

/// Ends or resumes the taking part.
///
/// # Errors
/// Refused when it is so already; `Stale`; NotFound, Forbidden.
pub async fn set_status(ctx: &Ctx, id: OrgId, version: i64, status: OrgStatus, reason: &str) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let before = store::load(&mut tx, id).await?;
    // Whoever may register may end: an organisation does not end itself.
    ctx.may(Act::CreateOrg, &before.place())?;
    let status = match status {
        OrgStatus::Ended => before.status.end()?,
        OrgStatus::Active => before.status.resume()?,
    };
    let after = Org {
        status,
        ..before.clone()
    };
    store::save(&mut tx, version, &after).await?;
    let change = (json!({ "status": before.status }), json!({ "status": after.status }));
    ctx.audit_because(&mut tx, "set_org_status", subject(&after), change, Some(reason))
        .await?;
    tx.commit().await
}

fn subject(org: &Org) -> Subject {
    Subject::new("org", org.id.get(), org.place())
}

/// A district that is not the actor's is a fault of the form, not a page that does not exist.
fn elsewhere(error: Error, field: &'static str) -> Error {
    match error {
        Error::NotFound | Error::Forbidden(_) => {
            Error::wrong(field, "org.elsewhere", "所选的区不在您的管理范围内，请选择本区。")
        }
        other => other,
    }
}

/// An organisation keeps its own contact up to date; what the authorities decide about it they change.
fn guard_own(ctx: &Ctx, before: &Org, after: &Org) -> Result<()> {
    let own = ctx.actor.org() == Some(before.id);
    let decided = |org: &Org| {
        (
            org.credit_code.clone(),
            org.district.clone(),
            org.department.clone(),
            org.is_provider,
            org.base_level,
        ) == (
            before.credit_code.clone(),
            before.district.clone(),
            before.department.clone(),
            before.is_provider,
            before.base_level,
        ) && (
            org.base_batch.clone(),
            org.base_until,
            org.leading_enterprise,
            org.kind,
            org.name.clone(),
        ) == (
            before.base_batch.clone(),
            before.base_until,
            before.leading_enterprise,
            before.kind,
            before.name.clone(),
        )
    };
    if own && !decided(after) {
        return Err(Error::refused(
            "org.decided",
            "名称、代码、类别、所在区、主管部门、施教机构资格、基地和龙头企业由人社部门修改，请联系所在区人社部门；其余内容可以自行修改。",
        ));
    }
    Ok(())
}

async fn refuse_taken(ctx: &Ctx, tx: &mut Tx, org: &Org) -> Result<()> {
    let Some(other) = store::find_by_code(tx, &org.credit_code)
        .await?
        .filter(|other| other.id != org.id)
    else {
        return Ok(());
    };
    let sentence = if ctx.may(Act::ViewOrg, &other.place()).is_ok() {
        format!("该统一社会信用代码已登记为“{}”，请直接使用该机构。", other.name)
    } else {
        "该统一社会信用代码已由其他机构登记，请核对代码，或联系市级牵头部门。".to_owned()
    };
    Err(Error::wrong("credit_code", "org.taken", sentence))
}

fn blank(id: OrgId, now: Time) -> Org {
    Org {
        id,
        kind: OrgKind::Other,
        name: String::new(),
        credit_code: CreditCode::demo("91", 0),
        district: String::new(),
        town: None,
        department: None,
        industry: None,
        key_area: None,
        is_provider: false,
        is_employer: false,
        base_level: None,
        base_batch: None,
        base_until: None,
        leading_enterprise: false,
        contact: String::new(),
        phone: String::new(),
        status: OrgStatus::Active,
        created_at: now,
        version: 1,
    }
}

/// The capacities as words, for lists.
#[must_use]
pub fn capacities(org: &Org) -> String {
    let base = org.base_level.map(BaseLevel::name);
    let words = [
        org.is_provider.then_some("施教机构"),
        org.is_employer.then_some("用人单位"),
        base,
        org.leading_enterprise.then_some("龙头企业"),
    ];
    words.into_iter().flatten().collect::<Vec<_>>().join("、")
}

/// Kinds for choices.
#[must_use]
pub fn kinds() -> &'static [OrgKind] {
    OrgKind::ALL
}
