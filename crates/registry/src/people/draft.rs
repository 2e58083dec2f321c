//! What a form or a caller says of a person, read into a record or told field by field.

use db::Tx;
use kernel::{Date, DocumentKind, Error, FieldError, IdentityDocument, Result, Role, id::OrgId, id::PersonId};
use rules::people::{self as decide, PostKind, Standing, TitleLevel};

use super::Person;
use crate::{
    Ctx,
    orgs::{self, Org, OrgStatus},
    taxonomy::{self, Names, Vocabulary},
};

/// What is said of a person.
#[derive(Debug, Clone)]
pub struct PersonDraft {
    /// The name as typed.
    pub name: String,
    /// 证件类型.
    pub document_kind: DocumentKind,
    /// The number as typed; empty in an edit keeps the number that is there (the form shows it masked).
    pub document_no: String,
    /// Telephone number as typed; empty in an edit keeps it.
    pub phone: String,
    /// Code of the title series.
    pub title_series: Option<String>,
    /// The level of the title.
    pub title_level: Option<TitleLevel>,
    /// The title as written.
    pub title_name: String,
    /// The post.
    pub post: String,
    /// Technical or managerial.
    pub post_kind: PostKind,
    /// Works at the front line.
    pub front_line: bool,
    /// Code of the focus field.
    pub field: Option<String>,
    /// The employer; an employer's own staff is always its own.
    pub org: Option<OrgId>,
    /// District of somebody without an employer.
    pub district: Option<String>,
    /// First day with the employer; today if not said.
    pub from_day: Option<Date>,
    /// Somebody employed elsewhere comes here.
    pub transfer: bool,
}

impl PersonDraft {
    /// A draft with what must be said; the rest is empty.
    #[must_use]
    pub fn new(name: &str, document_kind: DocumentKind, document_no: &str) -> Self {
        Self {
            name: name.to_owned(),
            document_kind,
            document_no: document_no.to_owned(),
            phone: String::new(),
            title_series: None,
            title_level: None,
            title_name: String::new(),
            post: String::new(),
            post_kind: PostKind::Technical,
            front_line: false,
            field: None,
            org: None,
            district: None,
            from_day: None,
            transfer: false,
        }
    }

    /// The employer that the draft means.
    pub(super) async fn employer(&self, ctx: &Ctx, tx: &mut Tx) -> Result<Option<Org>> {
        let own = (ctx.actor.role == Role::Employer).then(|| ctx.actor.org()).flatten();
        let Some(id) = own.or(self.org) else { return Ok(None) };
        let org = orgs::load(tx, id).await?;
        if org.status == OrgStatus::Ended {
            return Err(Error::wrong(
                "org",
                "person.org_ended",
                "所选单位已停用，不能登记人员。",
            ));
        }
        Ok(Some(org))
    }

    /// Reads the draft over `base`, or tells everything that is wrong.
    pub(super) fn read(&self, ctx: &Ctx, names: &Names, base: Person) -> Result<Person> {
        let mut faults: Vec<FieldError> = Vec::new();
        let name = decide::read_name("name", &self.name);
        let phone = if self.phone.trim().is_empty() {
            Ok(base.phone.clone())
        } else {
            decide::read_phone("phone", &self.phone)
        };
        let keeps = self.document_no.trim().is_empty() && !base.document.number().is_empty();
        let document = if keeps {
            Ok(base.document.clone())
        } else {
            let (today, demo) = (ctx.today(), ctx.installation.demo);
            decide::read_document("document_no", self.document_kind, &self.document_no, today, demo)
        };
        faults.extend(name.as_ref().err().cloned());
        faults.extend(document.as_ref().err().cloned());
        faults.extend(phone.as_ref().err().cloned());
        for (vocabulary, field, code) in [
            (Vocabulary::TitleSeries, "title_series", &self.title_series),
            (Vocabulary::FocusField, "field", &self.field),
            (Vocabulary::District, "district", &self.district),
        ] {
            faults.extend(taxonomy::check(names, vocabulary, field, code.as_deref()).err());
        }
        for (field, text) in [("title_name", &self.title_name), ("post", &self.post)] {
            if text.chars().count() > 60 {
                faults.push(FieldError::new(field, "field.long", "最多 60 个字，请缩短。"));
            }
        }
        if self.from_day.is_some_and(|day| day > ctx.today()) {
            faults.push(FieldError::new("from_day", "person.from", "入职日期不能晚于今天。"));
        }
        if base.org.is_none() && base.district.is_none() && self.district.is_none() {
            faults.push(FieldError::new(
                "district",
                "person.district",
                "没有任职单位的人员请选择所在区。",
            ));
        }
        let (Ok(name), Ok(document), Ok(phone), true) = (name, document, phone, faults.is_empty()) else {
            return Err(Error::Wrong(faults));
        };
        let district = if base.org.is_some() {
            base.district.clone()
        } else {
            self.district.clone().or(base.district.clone())
        };
        Ok(Person {
            born: document.born(),
            name,
            document,
            phone,
            title_series: self.title_series.clone(),
            title_level: self.title_level,
            title_name: self.title_name.trim().to_owned(),
            post: self.post.trim().to_owned(),
            post_kind: self.post_kind,
            front_line: self.front_line,
            field: self.field.clone(),
            district,
            ..base
        })
    }
}

/// The record of a new person at an employer, confirmed by whoever enters it.
pub(super) fn blank(id: PersonId, employer: Option<&Org>, ctx: &Ctx) -> Person {
    let district = employer
        .map(|org| org.district.clone())
        .or_else(|| ctx.actor.own.district.clone());
    Person {
        id,
        name: String::new(),
        document: IdentityDocument::stored(DocumentKind::Resident, String::new()),
        born: None,
        phone: String::new(),
        title_series: None,
        title_level: None,
        title_name: String::new(),
        post: String::new(),
        post_kind: PostKind::Technical,
        front_line: false,
        field: None,
        org: employer.map(|org| org.id),
        district,
        department: employer.and_then(|org| org.department.clone()),
        standing: Standing::Verified {
            by: ctx.actor.label.clone(),
            at: ctx.now(),
        },
        merged_into: None,
        created_at: ctx.now(),
        version: 1,
    }
}

/// The record as an edit begins: at the employer the form names, confirmed by whoever edits.
pub(super) fn kept(before: &Person, employer: Option<&Org>, ctx: &Ctx) -> Person {
    let standing = match &before.standing {
        Standing::Verified { .. } => before.standing.clone(),
        Standing::Unverified => Standing::Verified {
            by: ctx.actor.label.clone(),
            at: ctx.now(),
        },
    };
    let mut person = Person {
        standing,
        ..before.clone()
    };
    if let Some(org) = employer {
        person.org = Some(org.id);
        person.district = Some(org.district.clone());
        person.department.clone_from(&org.department);
    }
    person
}

/// An employer or district that is not the actor's is a fault of the form, not a page that does not exist.
pub(super) fn elsewhere(error: Error) -> Error {
    match error {
        Error::NotFound | Error::Forbidden(_) => Error::wrong(
            "org",
            "person.out_of_reach",
            "所选单位或区不在您的管理范围内，请重新选择。",
        ),
        other => other,
    }
}
