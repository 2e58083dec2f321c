//! people: professionals, with their documents, titles, posts, employers over time, and whether somebody answers for them.
//!
//! ```text
//! unverified ──verify──► verified       (an employer or a district; a record that staff enter is verified by them)
//! active ──merge──► merged into another ──undo──► active
//! ```
//! - One document, one person (`document_kind`, `document_no` are unique). [`load`] and [`find_by_document`] follow
//!   merges: whoever asks for an absorbed record gets the survivor.
//! - The ledger is append-only, so merging rewrites nothing: whoever sums up a person reads the rows of
//!   [`all_ids`], and undoing a merge just separates them again.
//! - A move to another employer ends one employment and begins the next; rows written before keep the place of
//!   their day.
//! - Personal numbers are masked by default; [`unmask`] and [`note_export`] write the audit row first (R-18).
//!
//! `activations.rs` hands out codes, `draft.rs` reads what forms say, `employments.rs` the history, `merges.rs` the merging, `registration.rs` the
//! registering by oneself, `roster/` the import, `uploaded.rs` the reading of any uploaded list of people.
//! Deliberately absent: accounts (`identity`), hours and certificates (higher ranks).

pub mod activations;
mod draft;
mod employments;
pub mod merges;
pub mod registration;
pub mod roster;
mod store;
pub mod uploaded;

use db::{Event, Tx};
use kernel::{Code, Date, Error, IdentityDocument, Place, Result, Role, Time, id::OrgId, id::PersonId, mask};
pub use rules::people::{PostKind, Standing, TitleLevel};
use rules::{people as decide, permits::Act};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

pub use draft::PersonDraft;
pub use employments::Employment;

use crate::{Ctx, Listed, Subject, Window, identity, orgs, tasks, taxonomy};

/// A professional.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The id.
    pub id: PersonId,
    /// The name; personal data, pages mask it where the reader need not know it.
    pub name: String,
    /// The checked document; pages show [`IdentityDocument::masked`].
    pub document: IdentityDocument,
    /// The date of birth, where the document states one.
    pub born: Option<Date>,
    /// Telephone number; pages mask it.
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
    /// The present employer.
    pub org: Option<OrgId>,
    /// Code of the district: the employer's, or the one the person named.
    pub district: Option<String>,
    /// Code of the employer's industry department.
    pub department: Option<String>,
    /// Whether somebody answers for the record.
    pub standing: Standing,
    /// The record that absorbed this one.
    pub merged_into: Option<PersonId>,
    /// When it came to be.
    pub created_at: Time,
    /// Grows with every change.
    pub version: i64,
}

impl Person {
    /// Where the person stands now.
    #[must_use]
    pub fn place(&self) -> Place {
        Place {
            person: Some(self.id),
            org: self.org,
            provider: None,
            district: self.district.clone(),
            department: self.department.clone(),
        }
    }

    /// The name as pages show it to those who need not know it.
    #[must_use]
    pub fn masked_name(&self) -> String {
        mask::name(&self.name)
    }

    /// The telephone number as pages show it.
    #[must_use]
    pub fn masked_phone(&self) -> String {
        mask::phone(&self.phone)
    }

    /// As the audit trail keeps it: numbers masked, everything else as it is.
    fn audited(&self) -> Json {
        json!({
            "name": self.name, "document_kind": self.document.kind(), "document": self.document.masked(),
            "phone": self.masked_phone(), "title_series": self.title_series, "title_level": self.title_level,
            "title_name": self.title_name, "post": self.post, "post_kind": self.post_kind,
            "front_line": self.front_line, "field": self.field, "org": self.org, "district": self.district,
            "standing": self.standing.code(),
        })
    }

    fn subject(&self) -> Subject {
        Subject::new("person", self.id.get(), self.place())
    }
}

/// Somebody answers for a person's record now.
#[derive(Debug, Serialize, Deserialize)]
pub struct PersonVerified {
    /// The person.
    pub person: PersonId,
}

impl Event for PersonVerified {
    const KIND: &'static str = "people.verified";
}

/// What a list of people asks for.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// A part of the name.
    pub words: Option<String>,
    /// The level of the title.
    pub title_level: Option<TitleLevel>,
    /// Code of the title series.
    pub title_series: Option<String>,
    /// Code of the district.
    pub district: Option<String>,
    /// Code of the focus field.
    pub field: Option<String>,
    /// The present employer.
    pub org: Option<OrgId>,
    /// `verified` or `unverified`.
    pub standing: Option<String>,
    /// Only those at the front line.
    pub front_line: bool,
}

/// Loads a person, following merges; the caller asks `may`.
///
/// # Errors
/// `NotFound`; storage failures.
pub async fn load(tx: &mut Tx, id: PersonId) -> Result<Person> {
    let person = store::load(tx, id).await?;
    follow(tx, person).await
}

/// Finds the person with this document, following merges.
///
/// # Errors
/// Storage failures.
pub async fn find_by_document(tx: &mut Tx, document: &IdentityDocument) -> Result<Option<Person>> {
    match store::find_by_document(tx, document).await? {
        Some(person) => follow(tx, person).await.map(Some),
        None => Ok(None),
    }
}

/// Finds the people with these documents, each with the document that was asked for and the record that stands for it
/// today; documents that nobody has are not in it.
///
/// # Errors
/// Storage failures.
pub async fn find_by_documents(
    tx: &mut Tx,
    documents: &[&IdentityDocument],
) -> Result<Vec<(IdentityDocument, Person)>> {
    let mut found = Vec::with_capacity(documents.len());
    for person in store::by_documents(tx, documents).await? {
        // Merged records are rare; following each by itself costs nothing that is felt.
        found.push((person.document.clone(), follow(tx, person).await?));
    }
    Ok(found)
}

/// The record that stands for this one today; merges refuse circles, so this ends.
async fn follow(tx: &mut Tx, mut person: Person) -> Result<Person> {
    while let Some(survivor) = person.merged_into {
        person = store::load(tx, survivor).await?;
    }
    Ok(person)
}

/// Every id under which rows of this person may stand: its own, and those of all records it absorbed. Whoever
/// sums up a person (statement, enrolments, certificates) reads the rows of all of them.
///
/// # Errors
/// `NotFound`; storage failures.
pub async fn all_ids(tx: &mut Tx, id: PersonId) -> Result<Vec<PersonId>> {
    let root = load(tx, id).await?.id;
    store::family(tx, root).await
}

/// Records that were merged into these people, through any number of merges: the record, and whose it is now.
///
/// # Errors
/// Storage failures.
pub async fn absorbed_by(tx: &mut Tx, ids: &[PersonId]) -> Result<Vec<(PersonId, PersonId)>> {
    store::absorbed_by(tx, ids).await
}

/// People with these ids as they are now, for pages that show many; merged records come as they were.
///
/// # Errors
/// Storage failures.
pub async fn load_many(tx: &mut Tx, ids: impl IntoIterator<Item = PersonId>) -> Result<Vec<Person>> {
    let mut ids: Vec<i64> = ids.into_iter().map(PersonId::get).collect();
    ids.sort_unstable();
    ids.dedup();
    store::load_many(tx, &ids).await
}

/// The stays of one person with their employers, those of absorbed records too, the latest first; the caller has asked
/// for its own act.
///
/// # Errors
/// `NotFound`; storage failures.
pub async fn stays(tx: &mut Tx, id: PersonId) -> Result<Vec<Employment>> {
    let ids = all_ids(tx, id).await?;
    employments::list(tx, &ids).await
}

/// The stays of many people, each with whose it is, the latest of each first. Records are taken as they are: whoever
/// needs the stays of absorbed records asks for one person with [`stays`].
///
/// # Errors
/// Storage failures.
pub async fn stays_of_many(
    tx: &mut Tx,
    ids: impl IntoIterator<Item = PersonId>,
) -> Result<Vec<(PersonId, Employment)>> {
    let ids: Vec<PersonId> = ids.into_iter().collect();
    employments::list_many(tx, &ids).await
}

/// One person for their page.
///
/// # Errors
/// `NotFound` when out of sight.
pub async fn view(ctx: &Ctx, id: PersonId) -> Result<(Person, Vec<Employment>)> {
    let mut tx = ctx.db.read().await?;
    let person = load(&mut tx, id).await?;
    ctx.may(Act::ViewPerson, &person.place())?;
    let ids = store::family(&mut tx, person.id).await?;
    let employments = employments::list(&mut tx, &ids).await?;
    Ok((person, employments))
}

/// Finds a person in sight by a complete document, as typed.
///
/// # Errors
/// Wrong when it is no document; `NotFound` when nobody in sight has it.
pub async fn find(ctx: &Ctx, kind: kernel::DocumentKind, number: &str) -> Result<Person> {
    let document = decide::read_document("document_no", kind, number, ctx.today(), ctx.installation.demo)
        .map_err(|error| Error::Wrong(vec![error]))?;
    let mut tx = ctx.db.read().await?;
    let person = find_by_document(&mut tx, &document).await?.ok_or(Error::NotFound)?;
    ctx.may(Act::ViewPerson, &person.place())?;
    Ok(person)
}

/// Lists the people in sight.
///
/// # Errors
/// Storage failures.
pub async fn list(ctx: &Ctx, filter: &Filter, window: &Window) -> Result<Listed<Person>> {
    let mut tx = ctx.db.read().await?;
    store::list(&mut tx, &ctx.scope(Act::ListPeople), filter, window).await
}

/// Shows a person with complete numbers; the audit row is durable before they are given (R-18).
///
/// # Errors
/// Forbidden, NotFound.
pub async fn unmask(ctx: &Ctx, id: PersonId) -> Result<(Person, Vec<Employment>)> {
    let mut tx = ctx.db.write().await?;
    let person = load(&mut tx, id).await?;
    ctx.may(Act::UnmaskPerson, &person.place())?;
    ctx.audit(
        &mut tx,
        "unmask_person",
        person.subject(),
        Json::Null,
        json!({ "shown": ["document", "phone"] }),
    )
    .await?;
    let ids = store::family(&mut tx, person.id).await?;
    let employments = employments::list(&mut tx, &ids).await?;
    tx.commit().await?;
    Ok((person, employments))
}

/// Notes that the list is about to be exported, with masked or with complete numbers; call it before the first
/// row leaves (R-18).
///
/// # Errors
/// Forbidden when the actor's role exports no people, or may not see complete numbers.
pub async fn note_export(ctx: &Ctx, filter: &Filter, complete: bool) -> Result<()> {
    let act = if complete { Act::UnmaskPerson } else { Act::ExportPeople };
    for act in [Act::ExportPeople, act] {
        if !rules::permits::has(&ctx.actor, act) {
            return Err(Error::Forbidden(rules::permits::refusal(&ctx.actor, act)));
        }
    }
    let mut tx = ctx.db.write().await?;
    let what = json!({
        "numbers": if complete { "complete" } else { "masked" },
        "words": filter.words, "title_level": filter.title_level, "district": filter.district,
        "org": filter.org, "standing": filter.standing, "field": filter.field,
    });
    let act = if complete {
        "export_people_unmasked"
    } else {
        "export_people"
    };
    let subject = Subject::new(
        "people",
        0,
        Place {
            person: None,
            ..ctx.actor.own.clone()
        },
    );
    ctx.audit(&mut tx, act, subject, Json::Null, what).await?;
    tx.commit().await
}

/// Enters a person, confirmed by whoever enters it. Somebody employed elsewhere is moved here if the draft says so.
///
/// # Errors
/// Wrong with every faulty field; Refused `person.known` or `person.elsewhere`.
pub async fn create(ctx: &Ctx, draft: PersonDraft) -> Result<PersonId> {
    let mut tx = ctx.db.write().await?;
    let names = taxonomy::names(&mut tx).await?;
    let employer = draft.employer(ctx, &mut tx).await?;
    let fresh = draft.read(ctx, &names, draft::blank(tx.mint(), employer.as_ref(), ctx))?;
    ctx.may(Act::CreatePerson, &fresh.place()).map_err(draft::elsewhere)?;
    if let Some(known) = find_by_document(&mut tx, &fresh.document).await? {
        return take_on(ctx, tx, (known, fresh), &draft).await;
    }
    store::insert(&mut tx, &fresh).await?;
    if let Some(org) = fresh.org {
        employments::begin(
            &mut tx,
            (fresh.id, org),
            &fresh.post,
            draft.from_day.unwrap_or(ctx.today()),
        )
        .await?;
    }
    ctx.audit(&mut tx, "create_person", fresh.subject(), Json::Null, fresh.audited())
        .await?;
    tx.commit().await?;
    Ok(fresh.id)
}

/// The document is known: the same person comes to a new employer, or is here already.
async fn take_on(ctx: &Ctx, mut tx: Tx, (known, fresh): (Person, Person), draft: &PersonDraft) -> Result<PersonId> {
    if ctx.may(Act::ViewPerson, &known.place()).is_ok() && (known.org == fresh.org || fresh.org.is_none()) {
        let sentence = format!("“{}”已在名册中，请直接修改该人员的信息。", known.name);
        return Err(Error::wrong("document_no", "person.known", sentence));
    }
    if !decide::same_name(&known.name, &fresh.name) {
        let sentence = "该证件号码已登记在另一姓名下，请核对姓名和号码；确有更名的，由所在区人社部门办理。";
        return Err(Error::wrong("name", "person.name", sentence));
    }
    if !draft.transfer {
        let sentence = "该人员现登记在其他单位。如已到贵单位工作，请勾选“确认调入”，原任职将自动截止。";
        return Err(Error::wrong("transfer", "person.elsewhere", sentence));
    }
    let moved = Person {
        id: known.id,
        document: known.document.clone(),
        created_at: known.created_at,
        version: known.version,
        merged_into: None,
        ..fresh
    };
    store::save(&mut tx, known.version, &moved).await?;
    employments::change(
        &mut tx,
        moved.id,
        moved.org,
        (&moved.post, draft.from_day.unwrap_or(ctx.today())),
    )
    .await?;
    move_account(&mut tx, &moved).await?;
    ctx.audit(
        &mut tx,
        "transfer_person",
        moved.subject(),
        known.audited(),
        moved.audited(),
    )
    .await?;
    tx.commit().await?;
    Ok(moved.id)
}

/// Changes a person's record; whoever edits it answers for it.
///
/// # Errors
/// Wrong with every faulty field; `Stale`; NotFound, Forbidden.
pub async fn edit(ctx: &Ctx, id: PersonId, version: i64, draft: PersonDraft) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let before = load(&mut tx, id).await?;
    ctx.may(Act::EditPerson, &before.place())?;
    let names = taxonomy::names(&mut tx).await?;
    let employer = draft.employer(ctx, &mut tx).await?;
    let after = draft.read(ctx, &names, draft::kept(&before, employer.as_ref(), ctx))?;
    ctx.may(Act::EditPerson, &after.place()).map_err(draft::elsewhere)?;
    if after.document != before.document
        && find_by_document(&mut tx, &after.document)
            .await?
            .is_some_and(|other| other.id != before.id)
    {
        let sentence = "该证件号码已属于另一条人员记录。如为同一人，请申请合并两条记录。";
        return Err(Error::wrong("document_no", "person.known", sentence));
    }
    store::save(&mut tx, version, &after).await?;
    if after.org != before.org || after.post != before.post {
        let from = draft.from_day.unwrap_or(ctx.today());
        employments::change(&mut tx, after.id, after.org, (&after.post, from)).await?;
        move_account(&mut tx, &after).await?;
    }
    tasks::done(ctx, &mut tx, &registration::cause(after.id)).await?;
    ctx.audit(
        &mut tx,
        "edit_person",
        after.subject(),
        before.audited(),
        after.audited(),
    )
    .await?;
    tx.commit().await
}

/// Confirms a person's record.
///
/// # Errors
/// Refused when it is confirmed already; `Stale`; NotFound, Forbidden.
pub async fn verify(ctx: &Ctx, id: PersonId, version: i64) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let before = load(&mut tx, id).await?;
    ctx.may(Act::VerifyPerson, &before.place())?;
    let standing = before.standing.clone().verify(&ctx.actor.label, ctx.now())?;
    let after = Person {
        standing,
        ..before.clone()
    };
    store::save(&mut tx, version, &after).await?;
    if let Some(org) = after.org {
        employments::change(&mut tx, after.id, Some(org), (&after.post, ctx.today())).await?;
    }
    tasks::done(ctx, &mut tx, &registration::cause(id)).await?;
    let change = (
        json!({ "standing": before.standing.code() }),
        json!({ "standing": after.standing.code() }),
    );
    ctx.audit(&mut tx, "verify_person", after.subject(), change.0, change.1)
        .await?;
    tx.tell(&PersonVerified { person: after.id }, ctx.now()).await?;
    tx.commit().await
}

/// Ends the present employment on a day: left, retired, or (for a self-registered person) never was here.
///
/// # Errors
/// Refused when there is no employer; `Stale`; NotFound, Forbidden.
pub async fn leave(ctx: &Ctx, id: PersonId, version: i64, (until, reason): (Date, &str)) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let before = load(&mut tx, id).await?;
    ctx.may(Act::EditPerson, &before.place())?;
    let Some(org) = before.org else {
        return Err(Error::refused("person.no_employer", "该人员目前没有任职单位。"));
    };
    if until > ctx.today() {
        return Err(Error::wrong("until", "person.until", "离职日期不能晚于今天。"));
    }
    let after = Person {
        org: None,
        department: None,
        ..before.clone()
    };
    store::save(&mut tx, version, &after).await?;
    employments::end(&mut tx, after.id, until).await?;
    move_account(&mut tx, &after).await?;
    tasks::done(ctx, &mut tx, &registration::cause(id)).await?;
    if !after.standing.is_verified() {
        registration::ask_to_verify(ctx, &mut tx, &after).await?;
    }
    let change = (
        json!({ "org": org }),
        json!({ "org": Json::Null, "until": until.to_string() }),
    );
    ctx.audit_because(&mut tx, "end_employment", before.subject(), change, Some(reason))
        .await?;
    tx.commit().await
}

/// The account follows the person: the new employer finds it and the old one no longer does.
async fn move_account(tx: &mut Tx, person: &Person) -> Result<()> {
    let label = employer_name(tx, person).await?.unwrap_or_default();
    identity::grants::place_person(tx, person.id, &person.place(), &label).await
}

/// How many people the actor sees who wait to be confirmed.
///
/// # Errors
/// Storage failures.
pub async fn unverified(ctx: &Ctx) -> Result<u64> {
    let mut tx = ctx.db.read().await?;
    store::count_unverified(&mut tx, &ctx.scope(Act::VerifyPerson)).await
}

/// Which role confirms a record at this place: the employer, else the district.
fn confirmer(place: &Place) -> Role {
    if place.org.is_some() {
        Role::Employer
    } else {
        Role::District
    }
}

/// The levels of titles, for choices.
#[must_use]
pub fn title_levels() -> &'static [TitleLevel] {
    TitleLevel::ALL
}

/// The employer of a person for a page: its name, or nothing.
///
/// # Errors
/// Storage failures.
pub async fn employer_name(tx: &mut Tx, person: &Person) -> Result<Option<String>> {
    match person.org {
        Some(org) => Ok(Some(orgs::load(tx, org).await?.name)),
        None => Ok(None),
    }
}
