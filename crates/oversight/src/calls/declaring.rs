//! The host's side: begin, write, attach, hand in, take back. Only the host writes; drafts are nobody else's.
//!
//! a declaration is begun, written and handed in within the window of its call; what was given back may be mended until its own
//! deadline, which never ends in a year without a calendar. R-87: only who may declare begins one.

use db::Tx;
use kernel::{
    Error, FieldError, OrgId, Place, Result, Role, id::AttachmentId, id::CallId, id::DeclarationId, id::TopicId,
};
use registry::files::{self, File, NewFile};
use registry::orgs::{self, Org, OrgStatus};
use registry::taxonomy::deadlines;
use registry::{Ctx, Subject};
use rules::calls::check::Host;
use rules::calls::{
    CallState, Content, DeclarationDeed, DeclarationState, Level, Period, TopicState, declaration_number, recommender,
};
use rules::credits::claims::evidence as admission;
use rules::permits::Act;
use serde_json::{Value as Json, json};

use super::store::call::{self as call_store, Call};
use super::store::declaration::{self as store, Declaration};
use super::store::part::{self, Attachment, HandedIn};
use super::store::topic::{self as topic_store, Topic};
use super::{DECLARATION, moving};

/// What the platform knows of a host on a day.
pub(super) fn host(org: &Org, today: kernel::Date) -> Host {
    Host {
        kind: org.kind,
        base: org.is_base_on(today),
        leading: org.leading_enterprise,
        provider: org.is_provider,
        employer: org.is_employer,
    }
}

/// whether a call takes declarations now.
pub(super) fn window(ctx: &Ctx, call: &Call) -> Result<()> {
    if call.number.is_none() {
        return Err(Error::NotFound);
    }
    if call.state != CallState::Open || ctx.now() < call.opens_at || ctx.now() > call.closes_at {
        return Err(Error::refused_by(
            "R-83",
            "call.closed",
            format!(
                "申报时间为 {} 至 {}，现在不能填写或提交。",
                call.opens_at, call.closes_at
            ),
        ));
    }
    Ok(())
}

/// Whether the host may write on it now.
///
/// # Errors
/// `declaration.state`, `call.closed`, `declaration.correction_over`.
pub async fn may_write(ctx: &Ctx, tx: &mut Tx, call: &Call, one: &Declaration) -> Result<()> {
    match one.state {
        DeclarationState::Draft => window(ctx, call),
        DeclarationState::Returned => {
            let due = deadlines::find(tx, DECLARATION, one.id.get(), kernel::Code::code(Period::Correct)).await?;
            let over = due.is_some_and(|due| due.has_passed(ctx.today()));
            if over || !matches!(call.state, CallState::Open | CallState::Closed) {
                return Err(Error::refused_by(
                    "R-83",
                    "declaration.correction_over",
                    "修改期限已过，不能再修改或提交。",
                ));
            }
            Ok(())
        }
        other => Err(Error::refused_by(
            "R-80",
            "declaration.state",
            format!("状态是“{}”的申报不能修改。{}", other.name(), other.sees()),
        )),
    }
}

/// The topic that is declared for, where the call has topics.
async fn topic(tx: &mut Tx, call: &Call, topic: Option<TopicId>, host: OrgId) -> Result<Option<Topic>> {
    if !call.template.topics {
        return Ok(None);
    }
    let wrong = |sentence: &str| Err(Error::wrong("topic", "declaration.topic", sentence));
    let Some(id) = topic else {
        return wrong("请选择要申报的选题。");
    };
    let found = topic_store::load(tx, id).await?;
    if found.call != call.id || found.state != TopicState::Adopted {
        return wrong("这个选题不在本次征集已采纳的选题中，请重新选择。");
    }
    if found.host.is_some_and(|named| named != host) {
        return wrong("这个选题已推荐其他承办单位，请选择公开申报的选题。");
    }
    Ok(Some(found))
}

/// Where a declaration stands: with its host, and with the department and district that have to do with it.
fn place(call: &Call, topic: Option<&Topic>, org: &Org) -> Place {
    let of = |part: fn(&Place) -> Option<String>, own: Option<String>| {
        part(&call.place)
            .or_else(|| topic.and_then(|topic| part(&topic.place)))
            .or(own)
    };
    Place {
        person: None,
        org: Some(org.id),
        provider: org.is_provider.then_some(org.id),
        district: of(|place| place.district.clone(), Some(org.district.clone())),
        department: of(|place| place.department.clone(), org.department.clone()),
    }
}

/// Who recommends: whose topic it is; else whoever stands beside the body whose call it is.
fn recommends(call: &Call, topic: Option<&Topic>, place: &Place) -> Role {
    match (topic, call.level) {
        (Some(topic), _) => topic.role,
        (None, Level::Industry) => Role::District,
        (None, Level::Municipal | Level::District) => recommender(place),
    }
}

/// Begins a draft of the actor's own organisation.
///
/// # Errors
/// NotFound when the actor acts for no organisation; `call.closed`, `call.declarant`, `declaration.running`; wrong at `topic`.
pub async fn begin(ctx: &Ctx, call: CallId, topic_id: Option<TopicId>) -> Result<DeclarationId> {
    let mut tx = ctx.db.write().await?;
    let org = orgs::load(&mut tx, ctx.actor.org().ok_or(Error::NotFound)?).await?;
    let call = call_store::load(&mut tx, call).await?;
    let topic = topic(&mut tx, &call, topic_id, org.id).await?;
    let place = place(&call, topic.as_ref(), &org);
    ctx.may(Act::MakeDeclaration, &place)?;
    window(ctx, &call)?;
    if org.status != OrgStatus::Active {
        return Err(Error::refused("org.ended", "本单位已停用，不能申报。"));
    }
    host(&org, ctx.today()).may_declare(&call.template)?;
    let topic_id = topic.as_ref().map(|topic| topic.id);
    if store::running(&mut tx, call.id, topic_id, org.id).await?.is_some() {
        return Err(Error::refused(
            "declaration.running",
            "本单位对这个选题已有申报，请在“项目申报”中继续办理。",
        ));
    }
    let content = Content {
        title: topic.as_ref().map(|topic| topic.title.clone()).unwrap_or_default(),
        field: topic.as_ref().map(|topic| topic.field.clone()),
        contact: org.contact.clone(),
        phone: org.phone.clone(),
        ..Content::default()
    };
    let one = Declaration {
        id: tx.mint(),
        number: None,
        call: call.id,
        topic: topic_id,
        content,
        host: org.id,
        host_name: org.name.clone(),
        recommender: recommends(&call, topic.as_ref(), &place),
        state: DeclarationState::Draft,
        state_at: ctx.now(),
        reason: String::new(),
        round: 0,
        submitted_at: None,
        rank: None,
        score: None,
        note: String::new(),
        plan_number: None,
        place,
        version: 1,
    };
    store::insert(&mut tx, &one, &ctx.actor.label).await?;
    let after = json!({ "call": call.number });
    ctx.audit(&mut tx, "make_declaration", subject(&one), Json::Null, after)
        .await?;
    tx.commit().await?;
    Ok(one.id)
}

fn subject(one: &Declaration) -> Subject {
    Subject::new(DECLARATION, one.id.get(), one.place.clone())
}

/// The actor's own declaration with its call, locked.
async fn own(ctx: &Ctx, tx: &mut Tx, id: DeclarationId) -> Result<(Call, Declaration)> {
    let (call, one) = moving::lock(tx, id).await?;
    if ctx.actor.org() != Some(one.host) {
        return Err(Error::NotFound);
    }
    ctx.may(Act::MakeDeclaration, &one.place)?;
    Ok((call, one))
}

/// Writes what was typed, whole or not; `version` is the one that was shown.
///
/// # Errors
/// NotFound, as [`may_write`], Stale.
pub async fn save(ctx: &Ctx, id: DeclarationId, version: i64, content: Content) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let (call, mut one) = own(ctx, &mut tx, id).await?;
    may_write(ctx, &mut tx, &call, &one).await?;
    one.content = content;
    store::save_content(&mut tx, &one, version).await?;
    tx.commit().await
}

/// Adds a file as one of the wanted attachments.
///
/// # Errors
/// NotFound, as [`may_write`], wrong at `file` or `label`.
pub async fn attach(ctx: &Ctx, id: DeclarationId, (label, name): (&str, &str), bytes: Vec<u8>) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let (call, one) = own(ctx, &mut tx, id).await?;
    may_write(ctx, &mut tx, &call, &one).await?;
    if !call.template.files.iter().any(|wanted| wanted.label == label) {
        return Err(Error::wrong("label", "attachment.label", "请选择是哪一种附件。"));
    }
    let have = part::attachments(&mut tx, id).await?;
    let sha256 = files::digest(&bytes);
    if have.iter().any(|piece| piece.sha256 == sha256) {
        return Err(Error::wrong(
            "file",
            "evidence.same",
            "这个文件已经上传过了，不用重复上传。",
        ));
    }
    let kind = admission::admit(&bytes, have.len())?;
    let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    let file = NewFile {
        name: name.to_owned(),
        content_type: kind.content_type().to_owned(),
        bytes,
        place: one.place.clone(),
        delete_after: None,
    };
    let file = files::keep(ctx, &mut tx, file).await?;
    let piece = Attachment {
        id: tx.mint(),
        declaration: id,
        label: label.to_owned(),
        file,
        name: name.to_owned(),
        content_type: kind.content_type().to_owned(),
        size,
        sha256,
        added_at: ctx.now(),
    };
    part::attach(&mut tx, &piece).await?;
    tx.commit().await
}

/// Takes an attachment off. Returns the declaration.
///
/// # Errors
/// NotFound, as [`may_write`].
pub async fn detach(ctx: &Ctx, id: AttachmentId) -> Result<DeclarationId> {
    let mut tx = ctx.db.write().await?;
    let piece = part::attachment(&mut tx, id).await?;
    let (call, one) = own(ctx, &mut tx, piece.declaration).await?;
    may_write(ctx, &mut tx, &call, &one).await?;
    part::detach(&mut tx, id).await?;
    files::remove(&mut tx, piece.file).await?;
    let before = json!({ "file": piece.name, "sha256": piece.sha256 });
    ctx.audit(&mut tx, "remove_attachment", subject(&one), before, Json::Null)
        .await?;
    tx.commit().await?;
    Ok(one.id)
}

/// An attachment to be read, by whoever may see the declaration.
///
/// # Errors
/// NotFound when it is out of sight.
pub async fn open_attachment(ctx: &Ctx, id: AttachmentId) -> Result<File> {
    let mut tx = ctx.db.read().await?;
    let piece = part::attachment(&mut tx, id).await?;
    let one = store::load(&mut tx, piece.declaration).await?;
    super::lists::in_sight(ctx, &one)?;
    files::load(&mut tx, piece.file).await
}

/// Hands a declaration in: to the recommending body, or straight to the formal check.
///
/// # Errors
/// Wrong at each field, `attachment.missing`, as [`may_write`], `call.declarant`, Stale.
pub async fn submit(ctx: &Ctx, id: DeclarationId, version: i64) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let (call, mut one) = own(ctx, &mut tx, id).await?;
    may_write(ctx, &mut tx, &call, &one).await?;
    let org = orgs::load(&mut tx, one.host).await?;
    host(&org, ctx.today()).may_declare(&call.template)?;
    let mut faults = one.content.faults(&call.template);
    let have = part::attachments(&mut tx, id).await?;
    for wanted in call.template.files.iter().filter(|wanted| wanted.required) {
        if !have.iter().any(|piece| piece.label == wanted.label) {
            faults.push(FieldError::new(
                "files",
                "attachment.missing",
                format!("请上传“{}”。", wanted.label),
            ));
        }
    }
    if !faults.is_empty() {
        return Err(Error::Wrong(faults));
    }
    if one.number.is_none() {
        let year = chrono::Datelike::year(&ctx.today());
        let serial = super::store::next(&mut tx, "declaration", year).await?;
        one.number = Some(declaration_number(year, serial));
    }
    one.submitted_at = one.submitted_at.or(Some(ctx.now()));
    one.round += 1;
    let handed = HandedIn {
        round: one.round,
        at: ctx.now(),
        content: one.content.clone(),
    };
    part::keep_version(&mut tx, id, &handed, &ctx.actor.label).await?;
    let deed = if call.template.recommendation {
        DeclarationDeed::Submit
    } else {
        DeclarationDeed::SubmitDirectly
    };
    moving::step_from(ctx, &mut tx, (&call, &mut one, version), (deed, "")).await?;
    tx.commit().await
}

/// Takes a declaration back, as far as the table allows.
///
/// # Errors
/// NotFound, `call.state`, Stale.
pub async fn withdraw(ctx: &Ctx, id: DeclarationId, version: i64, why: &str) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let (call, mut one) = own(ctx, &mut tx, id).await?;
    let why = if one.state == DeclarationState::Draft {
        String::new()
    } else {
        rules::calls::reason(why, "撤回的原因")?
    };
    moving::step_from(
        ctx,
        &mut tx,
        (&call, &mut one, version),
        (DeclarationDeed::Withdraw, &why),
    )
    .await?;
    tx.commit().await
}
