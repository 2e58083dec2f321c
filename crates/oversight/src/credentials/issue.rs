//! Issuing: what is printed, signed and kept.
//!
//! Certificates come from a job that reacts to the completion of a class and may run twice without harm: an entry has
//! at most one certificate that stands. A statement asked again without any change in the ledger is the same statement;
//! with a change, the newer one supersedes it. Each document carries the proof that its entries are in the public log
//! where one of them has no index yet, a round of the sequencer is run first, and what still has none waits for the
//! job's next attempt. No document is issued without.

use std::{collections::BTreeMap, sync::Arc};

use db::jobs::Handlers;
use kernel::{CredentialId, Date, Error, Hours, PersonId, Place, Result, id::EntryId};
use learning::credits::log::{self, Proven};
use learning::credits::{self, PostedEntry};
use registry::{Ctx, CtxSource, Subject, files, orgs, people};
use rules::credentials::{CredentialState, DocumentKind, DocumentNumber};
use rules::credits::{Frozen, Line, Statement as Year};
use rules::permits::Act;
use seal::{Certificate, Entry, Fact, Figure, Record, Statement};
use serde_json::json;

use super::press::{second, written};
use super::{Credential, CredentialEnded, CredentialIssued, Press, entry_cause, store};
use crate::credentials::store::Printed;

const PROGRAMME: &str = "上海市专业技术人才知识更新工程";
const ISSUER: &str = "知新平台";

/// Jobs: certificates of a completed class; revocation when an entry is reversed.
pub fn handlers(source: &CtxSource, press: &Arc<Press>) -> Handlers {
    let (issuing, revoking, press) = (source.clone(), source.clone(), press.clone());
    Handlers::new()
        .and(super::outside::handlers(source))
        .on("credentials.issue", move |job| {
            let (ctx, press) = (issuing("credentials.issue"), press.clone());
            async move {
                let told = job.event::<learning::courses::ClassCompleted>()?;
                let mut tx = ctx.db.read().await?;
                let enrolments = learning::courses::completed_enrolments(&mut tx, told.body.class).await?;
                let entries = credits::entries_of_enrolments(&mut tx, &enrolments).await?;
                drop(tx);
                for (done, entry) in entries.iter().enumerate() {
                    issue_certificate(&ctx, &press, *entry).await?;
                    job.progress(done as u64 + 1, entries.len() as u64).await?;
                }
                Ok(json!({ "issued": entries.len() }))
            }
        })
        .react("class_completed", "credentials.issue")
        .on("credentials.revoke", move |job| {
            let ctx = revoking("credentials.revoke");
            async move {
                let told = job.event::<credits::EntryReversed>()?;
                revoke_for_reversal(&ctx, told.body.entry).await?;
                let answers = super::title_checks::revoke_for_reversal(&ctx, told.body.entry).await?;
                Ok(json!({ "title_checks": answers }))
            }
        })
        .react("entry_reversed", "credentials.revoke")
}

async fn revoke_for_reversal(ctx: &Ctx, entry: EntryId) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let Some(standing) = store::find_valid(&mut tx, &entry_cause(entry)).await? else {
        return Ok(());
    };
    let reason = "证书所依据的学时已冲正";
    let next = standing.state.clone().revoke(ctx.now(), reason)?;
    store::save_state(&mut tx, standing.id, standing.version, &next, &ctx.actor.label).await?;
    let subject = Subject::new("credential", standing.id.get(), standing.place);
    let change = (
        json!({ "state": "valid" }),
        json!({ "state": "revoked", "number": standing.number }),
    );
    ctx.audit_because(&mut tx, "revoke_credential", subject, change, Some(reason))
        .await?;
    let ended = CredentialEnded {
        credential: standing.id,
    };
    tx.tell(&ended, ctx.now()).await?;
    tx.commit().await
}

/// What every document has in common before it has a number.
struct Draft {
    kind: DocumentKind,
    person: people::Person,
    subject_line: String,
    hours: Hours,
    year: i32,
    cause: String,
    made_from: String,
    place: Place,
    entries: Vec<EntryId>,
}

/// Issues the certificate of an entry, or gives the one that stands.
///
/// # Errors
/// NotFound when there is no such entry; `credential.reversed` when it was taken back; typesetting failures.
pub async fn issue_certificate(ctx: &Ctx, press: &Arc<Press>, entry: EntryId) -> Result<CredentialId> {
    let mut tx = ctx.db.read().await?;
    if let Some(standing) = store::find_valid(&mut tx, &entry_cause(entry)).await? {
        return Ok(standing.id);
    }
    let posted = credits::posted(&mut tx, entry).await?;
    if posted.reversed || posted.reverses.is_some() {
        return Err(Error::refused("credential.reversed", "这条学时已冲正，不能出具证书。"));
    }
    let person = people::load(&mut tx, posted.person).await?;
    let provider = match posted.place.provider {
        Some(id) => Some(orgs::load(&mut tx, id).await?.name),
        None => None,
    };
    drop(tx);
    let draft = Draft {
        kind: DocumentKind::Certificate,
        subject_line: posted.title.clone(),
        hours: posted.hours,
        year: posted.year,
        cause: entry_cause(entry),
        made_from: format!("{entry}={}", posted.hours),
        place: Place {
            person: Some(person.id),
            ..posted.place.clone()
        },
        person,
        entries: vec![entry],
    };
    let printer = press.clone();
    keep(ctx, press, draft, move |sheet: &Sheet| {
        let page = certificate(sheet, &posted, provider.as_deref())?;
        printer.certificate(&page, &sheet.record)
    })
    .await
}

/// Issues the statement of a person's year, or gives the one that stands when nothing has changed since.
///
/// # Errors
/// NotFound and Forbidden by the permission table; typesetting failures.
pub async fn issue_statement(ctx: &Ctx, press: &Arc<Press>, person: PersonId, year: i32) -> Result<CredentialId> {
    let mut tx = ctx.db.read().await?;
    let person = people::load(&mut tx, person).await?;
    ctx.may(Act::IssueStatement, &person.place())?;
    let statement = credits::statement(ctx, &mut tx, person.id, year).await?;
    let cause = format!("year:{}:{year}", person.id);
    let frozen = Frozen::of(&credits::closing::state(&mut tx, year).await?, &statement.lines);
    let mut facts: Vec<String> = statement
        .lines
        .iter()
        .map(|line| format!("{}={}", line.id, line.hours))
        .collect();
    facts.extend(frozen.as_ref().map(|frozen| format!("closed={}", frozen.at.micros())));
    let made_from = files::digest(facts.join(",").as_bytes());
    if let Some(standing) = store::find_valid(&mut tx, &cause).await?
        && standing.printed.made_from == made_from
        && standing.printed.holder == person.name
    {
        return Ok(standing.id);
    }
    let employer = people::employer_name(&mut tx, &person).await?;
    drop(tx);
    let place = person.place();
    let draft = Draft {
        kind: DocumentKind::Statement,
        subject_line: format!("{year} 年度"),
        hours: statement.total,
        year,
        cause,
        made_from,
        place,
        person,
        entries: statement.lines.iter().map(|line| line.id).collect(),
    };
    let printer = press.clone();
    keep(ctx, press, draft, move |sheet: &Sheet| {
        let pages = annual(sheet, (&statement, frozen.as_ref()), employer.as_deref())?;
        printer.statement(&pages, &sheet.record)
    })
    .await
}

/// What the templates share.
struct Sheet {
    number: DocumentNumber,
    record: Record,
    holder: String,
    identity: String,
    issued_on: String,
    verify_url: String,
    verify_hint: String,
    demo: bool,
}

/// Numbers, renders, signs and keeps a document. The number is taken in a transaction of its own, so that rendering
/// holds no lock; a number whose rendering fails is never used again.
async fn keep(
    ctx: &Ctx,
    press: &Press,
    draft: Draft,
    print: impl FnOnce(&Sheet) -> Result<Vec<u8>> + Send + 'static,
) -> Result<CredentialId> {
    let today = ctx.today();
    let proven = proven(ctx, press, &draft.entries).await?;
    let mut tx = ctx.db.write().await?;
    let year = chrono::Datelike::year(&today);
    let serial = store::next_serial(&mut tx, draft.kind, year).await?;
    tx.commit().await?;
    let number = DocumentNumber::new(draft.kind, year, serial, ctx.installation.demo);
    let mut sheet = sheet(ctx, press, &draft, number.clone())?;
    sheet.record.proof = Some(written(&proven));
    let (sheet, bytes) = tokio::task::spawn_blocking(move || print(&sheet).map(|bytes| (sheet, bytes)))
        .await
        .map_err(Error::broken)??;
    let mut tx = ctx.db.write().await?;
    let former = store::find_valid(&mut tx, &draft.cause).await?;
    if let Some(former) = &former {
        if former.printed.made_from == draft.made_from {
            // Somebody else was faster with the same document.
            return Ok(former.id);
        }
        let next = former.state.clone().supersede(&number);
        store::save_state(&mut tx, former.id, former.version, &next, &ctx.actor.label).await?;
        tx.tell(&CredentialEnded { credential: former.id }, ctx.now()).await?;
    }
    let sha256 = files::digest(&bytes);
    let name = format!("{}-{number}.pdf", draft.kind.name());
    let file = files::NewFile {
        name,
        content_type: "application/pdf".into(),
        bytes,
        place: draft.place.clone(),
        delete_after: None,
    };
    let document = Credential {
        id: tx.mint(),
        number: number.to_string(),
        kind: draft.kind,
        person: draft.person.id,
        holder_masked: draft.person.masked_name(),
        subject_line: draft.subject_line,
        hours: draft.hours,
        year: draft.year,
        cause: draft.cause,
        printed: Printed {
            holder: sheet.holder,
            hours: draft.hours.to_string(),
            made_from: draft.made_from,
        },
        sha256,
        file: files::keep(ctx, &mut tx, file).await?,
        issued_at: ctx.now(),
        state: CredentialState::Valid,
        place: draft.place.clone(),
        version: 1,
    };
    store::insert(&mut tx, &document, press.key_id(), &ctx.actor.label).await?;
    let subject = Subject::new("credential", document.id.get(), draft.place);
    ctx.audit(
        &mut tx,
        "issue_credential",
        subject,
        serde_json::Value::Null,
        json!({ "number": document.number }),
    )
    .await?;
    let issued = CredentialIssued {
        credential: document.id,
    };
    tx.tell(&issued, ctx.now()).await?;
    tx.commit().await?;
    Ok(document.id)
}

/// Proofs of entries under one checkpoint.
async fn proven(ctx: &Ctx, press: &Press, entries: &[EntryId]) -> Result<Proven> {
    if let Some(proven) = log::prove(&mut ctx.db.snapshot().await?, entries).await? {
        return Ok(proven);
    }
    press.sequencer(ctx).catch_up().await?;
    log::prove(&mut ctx.db.snapshot().await?, entries)
        .await?
        .ok_or(Error::Stale)
}

fn sheet(ctx: &Ctx, press: &Press, draft: &Draft, number: DocumentNumber) -> Result<Sheet> {
    let installation = &ctx.installation;
    let mut facts = BTreeMap::from([
        ("事项".to_owned(), draft.subject_line.clone()),
        ("学时".to_owned(), draft.hours.to_string()),
        ("年度".to_owned(), draft.year.to_string()),
    ]);
    if installation.demo {
        facts.insert("说明".to_owned(), "演示数据".to_owned());
    }
    let record = Record {
        facts,
        holder: draft.person.masked_name(),
        issued_at: second(ctx.now())?,
        kind: kernel::Code::code(draft.kind).to_owned(),
        number: number.to_string(),
        proof: None,
    };
    Ok(Sheet {
        verify_url: press
            .token(number.as_str(), &draft.person.name, &draft.hours.to_string())?
            .url(&installation.public_url),
        verify_hint: format!("扫码或登录 {}/verify 核验", installation.public_url),
        identity: format!(
            "{} {}",
            draft.person.document.kind().name(),
            draft.person.document.masked()
        ),
        holder: draft.person.name.clone(),
        issued_on: chinese(ctx.today()),
        demo: installation.demo,
        record,
        number,
    })
}

fn certificate(sheet: &Sheet, posted: &PostedEntry, provider: Option<&str>) -> Result<Certificate> {
    let fact = |label: &str, value: String| Fact {
        label: label.into(),
        value,
    };
    let mut facts = vec![
        fact("科目", posted.subject.name().into()),
        fact("完成日期", chinese(posted.earned_on)),
        fact("形式", posted.form.name().into()),
    ];
    if let Some(provider) = provider {
        facts.push(fact("施教机构", provider.into()));
    }
    Ok(Certificate {
        number: sheet.number.to_string(),
        programme: PROGRAMME.into(),
        title: DocumentKind::Certificate.name().into(),
        holder: sheet.holder.clone(),
        identity: sheet.identity.clone(),
        preface: "参加下列继续教育活动，完成规定的学习内容，考核合格：".into(),
        activity: posted.title.clone(),
        hours: posted.hours.to_string(),
        hours_unit: "学时".into(),
        facts,
        conclusion: "特发此证。".into(),
        issuer: ISSUER.into(),
        issued_on: sheet.issued_on.clone(),
        verify_url: sheet.verify_url.clone(),
        verify_hint: sheet.verify_hint.clone(),
        footnote: format!("学时依据：{}。", posted.basis),
        demo: sheet.demo,
        issued_at: sheet.record.issued_at.clone(),
    })
}

/// Why an entry counts, and what became of it.
fn why(line: &Line, frozen: Option<&Frozen>) -> String {
    if line.reversed {
        format!("{}（已冲正）", line.basis)
    } else if frozen.is_some_and(|frozen| frozen.is_later(line)) {
        format!("{}（关账后更正）", line.basis)
    } else {
        line.basis.clone()
    }
}

fn annual(sheet: &Sheet, (year, frozen): (&Year, Option<&Frozen>), employer: Option<&str>) -> Result<Statement> {
    let figure = |label: &str, value: Hours, required: Option<Hours>| Figure {
        label: label.into(),
        value: value.to_string(),
        required: required.map(|required| required.to_string()).unwrap_or_default(),
        met: required.is_none_or(|required| value >= required),
        thousandths: required.map_or(1000, |required| {
            u32::try_from((value.or_zero().get() * 1000 / required.get().max(1)).min(1000)).unwrap_or(1000)
        }),
    };
    let entries = year.lines.iter().map(|line| Entry {
        date: line.earned_on.to_string(),
        activity: line.title.clone(),
        provider: String::new(),
        subject: line.subject.name().trim_end_matches("科目").into(),
        hours: line.hours.to_string().replace('-', "−"),
        why: why(line, frozen),
    });
    let identity = employer.map_or_else(
        || sheet.identity.clone(),
        |employer| format!("{} · {employer}", sheet.identity),
    );
    Ok(Statement {
        number: sheet.number.to_string(),
        programme: PROGRAMME.into(),
        title: "专业技术人员继续教育年度学时证明".into(),
        period: format!("{} 年度", year.year),
        holder: sheet.holder.clone(),
        identity,
        answer: year.sentence(),
        met: year.standing() == rules::credits::Standing::Reached,
        figures: vec![
            figure("总学时", year.total, Some(year.requirement.total)),
            figure("专业科目", year.professional, Some(year.requirement.professional)),
            figure(
                "公需科目",
                year.public,
                Some(year.requirement.public).filter(|hours| *hours > kernel::Hours::ZERO),
            ),
        ],
        entries: entries.collect(),
        total: year.total.to_string(),
        empty: "本年度尚无学时记录。".into(),
        notes: std::iter::once(format!(
            "年度要求依据{}：每年累计不少于 {} 学时，其中专业科目一般不少于 {} 学时。",
            year.requirement.source, year.requirement.total, year.requirement.professional
        ))
        .chain([format!(
            "按《{}》核对。学时当年有效，不结转。",
            year.requirement.edition
        )])
        .chain(frozen.map(Frozen::sentence))
        .collect(),
        issuer: ISSUER.into(),
        issued_on: sheet.issued_on.clone(),
        verify_url: sheet.verify_url.clone(),
        verify_hint: sheet.verify_hint.clone(),
        demo: sheet.demo,
        issued_at: sheet.record.issued_at.clone(),
    })
}

/// `2026年3月5日`.
fn chinese(day: Date) -> String {
    use chrono::Datelike as _;
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}
