//! Topics that departments and districts propose for a call, each with its host by name or for open declaration.

use db::Tx;
use kernel::{CreditCode, Error, FieldError, OrgId, Place, Result, Role, id::CallId, id::TopicId};
use registry::notices::{self, NewMessage};
use registry::{Ctx, Listed, Subject, Window, orgs, taxonomy};
use rules::calls::{CallState, Level, TopicDeed, TopicState, reason};
use rules::permits::{self, Act};
use rules::taxonomy::Vocabulary;
use serde_json::{Value as Json, json};

use super::store::call::{self as call_store, Call};
use super::store::topic::{self as store, Topic, TopicFilter};
use super::{TOPIC, is_authority, moving};

/// A topic as it is typed.
#[derive(Debug, Clone)]
pub struct NewTopic {
    /// 4 to 80 characters.
    pub title: String,
    /// Code of the focus field.
    pub field: String,
    /// Why it is needed, 10 to 500 characters.
    pub why: String,
    /// 统一社会信用代码 of the host that is recommended; empty for open declaration.
    pub host: String,
}

/// Who proposes: where they stand and what they are called.
async fn proposer(ctx: &Ctx, tx: &mut Tx) -> Result<(Place, String)> {
    let own = &ctx.actor.own;
    let names = taxonomy::names(tx).await?;
    match ctx.actor.role {
        Role::Department => Ok((
            Place {
                department: own.department.clone(),
                ..Place::default()
            },
            names.of_opt(Vocabulary::Department, own.department.as_deref()),
        )),
        Role::District => Ok((
            Place {
                district: own.district.clone(),
                ..Place::default()
            },
            names.of_opt(Vocabulary::District, own.district.as_deref()),
        )),
        _ => Err(Error::NotFound),
    }
}

/// Whether topics may be proposed now.
fn window(ctx: &Ctx, call: &Call) -> Result<()> {
    if !call.template.topics {
        return Err(Error::refused("topic.none", "这次征集不征集选题，由申报单位直接申报。"));
    }
    let until = call.topics_until.unwrap_or(call.closes_at);
    if call.state != CallState::Open || ctx.now() < call.opens_at || ctx.now() > until {
        return Err(Error::refused_by(
            "R-83",
            "topic.closed",
            format!("选题征集时间为 {} 至 {until}，现在不能提交。", call.opens_at),
        ));
    }
    Ok(())
}

async fn read(ctx: &Ctx, tx: &mut Tx, input: &NewTopic) -> Result<Option<(OrgId, String)>> {
    let mut faults: Vec<FieldError> = Vec::new();
    let names = taxonomy::names(tx).await?;
    let count = |text: &str| text.trim().chars().count();
    if !(4..=80).contains(&count(&input.title)) {
        faults.push(FieldError::new("title", "topic.title", "选题名称应为 4 到 80 个字。"));
    }
    if !names.has(Vocabulary::FocusField, &input.field) {
        faults.push(FieldError::new("field", "topic.field", "请选择聚焦领域。"));
    }
    if !(10..=500).contains(&count(&input.why)) {
        faults.push(FieldError::new("why", "topic.why", "请用 10 到 500 个字写明需求依据。"));
    }
    let mut host = None;
    if !input.host.trim().is_empty() {
        match rules::orgs::read_code("host", input.host.trim(), ctx.installation.demo) {
            Err(fault) => faults.push(fault),
            Ok(code) => match find(tx, &code).await? {
                Some(found) => host = Some(found),
                None => faults.push(FieldError::new(
                    "host",
                    "topic.host",
                    "平台上没有这个机构，请核对代码，或请该机构所在区先登记。",
                )),
            },
        }
    }
    if faults.is_empty() {
        Ok(host)
    } else {
        Err(Error::Wrong(faults))
    }
}

async fn find(tx: &mut Tx, code: &CreditCode) -> Result<Option<(OrgId, String)>> {
    Ok(orgs::find_by_code(tx, code).await?.map(|org| (org.id, org.name)))
}

/// Proposes a topic for a call that takes topics now.
///
/// # Errors
/// Forbidden; `topic.none`, `topic.closed`; wrong at each field.
pub async fn propose_topic(ctx: &Ctx, call: CallId, input: &NewTopic) -> Result<TopicId> {
    let mut tx = ctx.db.write().await?;
    let (own, name) = proposer(ctx, &mut tx).await?;
    ctx.may(Act::ProposeTopic, &own)?;
    let call = call_store::load(&mut tx, call).await?;
    if call.number.is_none() {
        return Err(Error::NotFound);
    }
    window(ctx, &call)?;
    let host = read(ctx, &mut tx, input).await?;
    let (host, host_name) = host.map_or((None, String::new()), |(id, name)| (Some(id), name));
    let topic = Topic {
        id: tx.mint(),
        call: call.id,
        title: input.title.trim().to_owned(),
        field: input.field.clone(),
        why: input.why.trim().to_owned(),
        host,
        host_name,
        proposer: name,
        role: ctx.actor.role,
        state: TopicState::Proposed,
        state_at: ctx.now(),
        reason: String::new(),
        // Whoever's call it is sees the topics for it, whoever proposed them.
        place: Place {
            district: own.district.or_else(|| call.place.district.clone()),
            department: own.department.or_else(|| call.place.department.clone()),
            ..Place::default()
        },
        version: 1,
    };
    store::insert(&mut tx, &topic, &ctx.actor.label).await?;
    let after = json!({ "title": topic.title, "call": call.number });
    ctx.audit(&mut tx, "propose_topic", subject(&topic), Json::Null, after)
        .await?;
    tx.commit().await?;
    Ok(topic.id)
}

fn subject(topic: &Topic) -> Subject {
    Subject::new(TOPIC, topic.id.get(), topic.place.clone())
}

/// The actor's own topic, to be written on or taken back.
async fn own(ctx: &Ctx, tx: &mut Tx, id: TopicId) -> Result<(Call, Topic)> {
    tx.lock_row("call_topics", id.get()).await?;
    let topic = store::load(tx, id).await?;
    ctx.may(Act::ProposeTopic, &topic.place)?;
    if ctx.actor.role != topic.role {
        return Err(Error::Forbidden(format!(
            "这个选题由{}提出，请由其办理。",
            topic.proposer
        )));
    }
    Ok((call_store::load(tx, topic.call).await?, topic))
}

/// Proposes a returned topic again, as it is typed now; after the window too, since it was in time the first time.
///
/// # Errors
/// NotFound, Forbidden, `call.state`, wrong at each field, Stale.
pub async fn edit_topic(ctx: &Ctx, id: TopicId, version: i64, input: &NewTopic) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let (call, mut topic) = own(ctx, &mut tx, id).await?;
    let before = topic.state;
    topic.state = topic.state.after(TopicDeed::Propose)?;
    if !matches!(call.state, CallState::Open | CallState::Closed) {
        window(ctx, &call)?;
    }
    let host = read(ctx, &mut tx, input).await?;
    (topic.host, topic.host_name) = host.map_or((None, String::new()), |(id, name)| (Some(id), name));
    topic.title = input.title.trim().to_owned();
    topic.field.clone_from(&input.field);
    topic.why = input.why.trim().to_owned();
    topic.state_at = ctx.now();
    topic.reason = String::new();
    store::save(&mut tx, &topic, version).await?;
    let (was, is) = (
        json!({ "state": before }),
        json!({ "state": topic.state, "title": topic.title }),
    );
    ctx.audit(&mut tx, "propose_topic", subject(&topic), was, is).await?;
    tx.commit().await
}

/// Takes a topic back.
///
/// # Errors
/// NotFound, Forbidden, `call.state`, Stale.
pub async fn withdraw_topic(ctx: &Ctx, id: TopicId, version: i64) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let (_, mut topic) = own(ctx, &mut tx, id).await?;
    let before = topic.state;
    topic.state = topic.state.after(TopicDeed::Withdraw)?;
    topic.state_at = ctx.now();
    store::save(&mut tx, &topic, version).await?;
    let (was, is) = (json!({ "state": before }), json!({ "state": topic.state }));
    ctx.audit(&mut tx, "withdraw_topic", subject(&topic), was, is).await?;
    tx.commit().await
}

/// Adopts, returns or declines a topic, as the body whose call it is; anything but adopting needs a reason.
///
/// # Errors
/// NotFound, Forbidden, `call.state`, `call.turn`, wrong at `reason`, Stale.
pub async fn decide_topic(ctx: &Ctx, id: TopicId, version: i64, deed: TopicDeed, why: &str) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    tx.lock_row("call_topics", id.get()).await?;
    let mut topic = store::load(&mut tx, id).await?;
    let call = call_store::load(&mut tx, topic.call).await?;
    is_authority(ctx, &call)?;
    let (name, why) = match deed {
        TopicDeed::Adopt => ("adopt_topic", String::new()),
        TopicDeed::Return => ("return_topic", reason(why, "需要修改的内容")?),
        TopicDeed::Decline => ("decline_topic", reason(why, "不采纳的理由")?),
        TopicDeed::Propose | TopicDeed::Withdraw => return Err(Error::NotFound),
    };
    let before = topic.state;
    topic.state = topic.state.after(deed)?;
    topic.state_at = ctx.now();
    topic.reason.clone_from(&why);
    store::save(&mut tx, &topic, version).await?;
    let (was, is) = (json!({ "state": before }), json!({ "state": topic.state }));
    let because = Some(why.as_str()).filter(|why| !why.is_empty());
    ctx.audit_because(&mut tx, name, subject(&topic), (was, is), because)
        .await?;
    let message = NewMessage {
        role: Some(topic.role),
        place: moving::addressed(topic.role, &topic.place),
        title: format!("选题：{}", deed.name()),
        body: format!("《{}》{}{why}", topic.title, topic.state.sees()),
        href: format!("/desk/topics/{id}"),
        cause: format!("{TOPIC}:{id}:{}", topic.version + 1),
    };
    notices::send(ctx, &mut tx, &message).await?;
    tx.commit().await
}

/// Topics in sight.
///
/// # Errors
/// Storage failures.
pub async fn topics(ctx: &Ctx, filter: &TopicFilter, window: &Window) -> Result<Listed<Topic>> {
    let mut tx = ctx.db.read().await?;
    store::list(&mut tx, &ctx.scope(Act::ListTopics), filter, window).await
}

/// One topic with its call, and whether the actor decides on it.
///
/// # Errors
/// NotFound when it is out of sight.
pub async fn view_topic(ctx: &Ctx, id: TopicId) -> Result<(Topic, Call, bool)> {
    let mut tx = ctx.db.read().await?;
    let topic = store::load(&mut tx, id).await?;
    ctx.may(Act::ListTopics, &topic.place)?;
    let call = call_store::load(&mut tx, topic.call).await?;
    let decides =
        permits::may(&ctx.actor, Act::EditCall, &call.place).is_ok() && Level::of(ctx.actor.role) == Some(call.level);
    Ok((topic, call, decides))
}
