//! A call until it is published, and its end before its time.
//!
//! it takes a kind along and keeps it once it is published.

use kernel::{Date, Error, FieldError, Place, Result, Time, id::CallId, id::CallTemplateId};
use registry::notices::{self, NewMessage};
use registry::{Ctx, Subject, tasks, taxonomy};
use rules::calls::{CallDeed, CallState, DeclarationDeed, DeclarationState, Level, call_number, reason};
use rules::permits::Act;
use rules::taxonomy::Vocabulary;
use serde_json::{Value as Json, json};

use super::store::call::{self as store, Call};
use super::store::{declaration, notice, template};
use super::{CALL, approving, moving, noticing, of_authority, subject};

/// A call as it is typed.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Its kind.
    pub template: CallTemplateId,
    /// For which year's plan.
    pub year: i32,
    /// 4 to 80 characters.
    pub title: String,
    /// The notice itself, up to 20,000 characters.
    pub body: String,
    /// How many projects the plan takes.
    pub places: u32,
    /// From when …
    pub opens_at: Time,
    /// … topics until then, where the kind has topics …
    pub topics_until: Option<Time>,
    /// … declarations until then.
    pub closes_at: Time,
}

impl Draft {
    fn checked(&self, topics: bool, today: Date) -> Result<()> {
        let mut faults = Vec::new();
        let mut note =
            |field: &'static str, sentence: &str| faults.push(FieldError::new(field, "call.field", sentence));
        let year = chrono::Datelike::year(&today);
        if !(year..=year + 2).contains(&self.year) {
            note("year", "计划年度应为今年到后年。");
        }
        if !(1..=500).contains(&self.places) {
            note("places", "计划数应在 1 到 500 个之间。");
        }
        if self.closes_at <= self.opens_at {
            note("closes_at", "申报截止时间应晚于开始时间。");
        }
        match self.topics_until {
            None if topics => note("topics_until", "这类项目先征集选题，请填写选题截止时间。"),
            Some(until) if topics && !(self.opens_at < until && until <= self.closes_at) => {
                note("topics_until", "选题截止时间应在开始时间和申报截止时间之间。");
            }
            _ => {}
        }
        if faults.is_empty() {
            Ok(())
        } else {
            Err(Error::Wrong(faults))
        }
    }
}

/// The body for which the actor drafts calls: its level, its place, its name.
async fn body(ctx: &Ctx, tx: &mut db::Tx) -> Result<(Level, Place, String)> {
    let level = Level::of(ctx.actor.role).ok_or(Error::NotFound)?;
    let own = &ctx.actor.own;
    let names = taxonomy::names(tx).await?;
    let (place, name) = match level {
        Level::Municipal => (Place::default(), "市人力资源社会保障局".to_owned()),
        Level::Industry => (
            Place {
                department: own.department.clone(),
                ..Place::default()
            },
            names.of_opt(Vocabulary::Department, own.department.as_deref()),
        ),
        Level::District => (
            Place {
                district: own.district.clone(),
                ..Place::default()
            },
            format!(
                "{}人力资源和社会保障局",
                names.of_opt(Vocabulary::District, own.district.as_deref())
            ),
        ),
    };
    Ok((level, place, name))
}

/// Drafts a call of the actor's own body.
///
/// # Errors
/// Forbidden; wrong at each field.
pub async fn draft(ctx: &Ctx, input: &Draft) -> Result<CallId> {
    let mut tx = ctx.db.write().await?;
    let (level, place, authority) = body(ctx, &mut tx).await?;
    ctx.may(Act::EditCall, &place)?;
    let kept = template::load(&mut tx, input.template).await?;
    input.checked(kept.template.topics, ctx.today())?;
    let call = Call {
        id: tx.mint(),
        number: None,
        year: input.year,
        level,
        title: input.title.clone(),
        body: input.body.clone(),
        topics_until: input.topics_until.filter(|_| kept.template.topics),
        template: kept.template,
        places: input.places,
        opens_at: input.opens_at,
        closes_at: input.closes_at,
        state: CallState::Draft,
        state_at: ctx.now(),
        reason: String::new(),
        notice_at: None,
        notice_text: String::new(),
        notice_digest: String::new(),
        extension: 0,
        published_at: None,
        authority,
        place,
        version: 1,
    };
    store::insert(&mut tx, &call, &ctx.actor.label).await?;
    let after = json!({ "title": call.title, "kind": call.template.kind, "year": call.year });
    ctx.audit(&mut tx, "draft_call", subject(&call), Json::Null, after)
        .await?;
    tx.commit().await?;
    Ok(call.id)
}

/// Changes a draft; `version` is the one that was shown.
///
/// # Errors
/// NotFound, Forbidden, `call.state` once it is published, wrong at each field, Stale.
pub async fn edit(ctx: &Ctx, id: CallId, version: i64, input: &Draft) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let mut call = of_authority(ctx, &mut tx, id).await?;
    // Whoever may still publish may still write.
    call.state.after(CallDeed::Publish)?;
    let kept = template::load(&mut tx, input.template).await?;
    input.checked(kept.template.topics, ctx.today())?;
    let before = json!({ "title": call.title, "kind": call.template.kind });
    call.year = input.year;
    call.title.clone_from(&input.title);
    call.body.clone_from(&input.body);
    call.places = input.places;
    call.opens_at = input.opens_at;
    call.topics_until = input.topics_until.filter(|_| kept.template.topics);
    call.closes_at = input.closes_at;
    call.template = kept.template;
    store::save(&mut tx, &call, version).await?;
    let after = json!({ "title": call.title, "kind": call.template.kind });
    ctx.audit(&mut tx, "edit_call", subject(&call), before, after).await?;
    tx.commit().await
}

/// Publishes a call: it gets its number, and those who may propose topics are told.
///
/// # Errors
/// NotFound, Forbidden, `call.state`, `call.past` when its window has closed already, Stale.
pub async fn publish(ctx: &Ctx, id: CallId, version: i64) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let mut call = of_authority(ctx, &mut tx, id).await?;
    call.state = call.state.after(CallDeed::Publish)?;
    if call.closes_at <= ctx.now() {
        return Err(Error::refused_by(
            "R-83",
            "call.past",
            "申报截止时间已过，请先修改截止时间再发布。",
        ));
    }
    call.number = Some(call_number(
        call.year,
        super::store::next(&mut tx, "call", call.year).await?,
    ));
    call.state_at = ctx.now();
    store::save(&mut tx, &call, version).await?;
    let was = json!({ "state": CallState::Draft });
    ctx.audit(
        &mut tx,
        "publish_call",
        subject(&call),
        was,
        json!({ "number": call.number }),
    )
    .await?;
    if call.template.topics {
        for role in [kernel::Role::Department, kernel::Role::District] {
            invite(ctx, &mut tx, &call, role).await?;
        }
    }
    tx.commit().await
}

/// Tells every department or district, or the one whose call it is, that topics are called for.
async fn invite(ctx: &Ctx, tx: &mut db::Tx, call: &Call, role: kernel::Role) -> Result<()> {
    let vocabulary = match role {
        kernel::Role::Department => Vocabulary::Department,
        _ => Vocabulary::District,
    };
    let until = call.topics_until.unwrap_or(call.closes_at);
    for term in taxonomy::terms(tx, vocabulary).await? {
        let place = match role {
            kernel::Role::Department => Place {
                department: Some(term.code.clone()),
                ..Place::default()
            },
            _ => Place {
                district: Some(term.code.clone()),
                ..Place::default()
            },
        };
        let message = NewMessage {
            role: Some(role),
            place,
            title: format!("{}征集选题", call.template.kind),
            body: format!("《{}》已发布，请在 {until} 前提出选题、推荐承办单位。", call.title),
            href: format!("/desk/topics/new?call={}", call.id),
            cause: format!("{CALL}.publish:{}:{}", call.id, term.code),
        };
        notices::send(ctx, tx, &message).await?;
    }
    Ok(())
}

/// Calls a call off; what was handed in for it is over, and the hosts are told why.
///
/// # Errors
/// NotFound, Forbidden, `call.state`, wrong at `reason`, Stale.
pub async fn cancel(ctx: &Ctx, id: CallId, version: i64, why: &str) -> Result<()> {
    let why = reason(why, "终止的原因")?;
    let mut tx = ctx.db.write().await?;
    let mut call = of_authority(ctx, &mut tx, id).await?;
    let before = call.state;
    call.state = call.state.after(CallDeed::Cancel)?;
    call.state_at = ctx.now();
    call.reason.clone_from(&why);
    store::save(&mut tx, &call, version).await?;
    let open: Vec<DeclarationState> = <DeclarationState as kernel::Code>::ALL
        .iter()
        .copied()
        .filter(|state| state.row(DeclarationDeed::Cancel).is_ok())
        .collect();
    for mut one in declaration::of_call(&mut tx, id, &open).await? {
        moving::step(ctx, &mut tx, (&call, &mut one), (DeclarationDeed::Cancel, &why)).await?;
    }
    end_tasks(ctx, &mut tx, &call).await?;
    let (was, is) = (json!({ "state": before }), json!({ "state": call.state }));
    let thing = Subject::new(CALL, id.get(), call.place.clone());
    ctx.audit_because(&mut tx, "cancel_call", thing, (was, is), Some(&why))
        .await?;
    tx.commit().await
}

/// Nobody has to approve or to answer any more.
async fn end_tasks(ctx: &Ctx, tx: &mut db::Tx, call: &Call) -> Result<()> {
    for approver in &call.template.approvers {
        tasks::done(ctx, tx, &approving::cause(call.id, *approver)).await?;
    }
    for one in notice::objections(tx, call.id).await? {
        tasks::done(ctx, tx, &noticing::cause(one.id)).await?;
    }
    Ok(())
}
