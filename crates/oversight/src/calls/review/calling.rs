//! The passage from a call to its round and back: what passed the formal check is reviewed, and the ranking goes to the call.
//!
//! a call in review has at most one open round, of exactly the declarations that are reviewed; criteria and blindness
//! are those of the call's template. A declaration that was withdrawn meanwhile is neither waited for nor ranked.

use std::collections::BTreeSet;

use db::Tx;
use kernel::id::{CallId, DeclarationId};
use kernel::{Error, Result};
use registry::Ctx;
use rules::calls::ranking::Ranked;
use rules::calls::review::{MixRule, Priority, Settings};
use rules::calls::{CallDeed, DeclarationState, Template};
use rules::experts::conflict::Named;
use rules::scorecards::ranking::Tie;
use rules::scorecards::{Criterion, Judged, Points, Scorecard, panel::Method};

use super::lists::Whole;
use super::{NewItem, NewRound, RoundId, Section, round, store};
use crate::calls::store::declaration::{self as declarations, Declaration};

/// What is chosen when a call's round is opened; the rest stands in the call's template.
#[derive(Debug, Clone)]
pub struct Choice {
    /// Reviews of each declaration.
    pub reviews: u32,
    /// How reviews become a score.
    pub method: Method,
    /// How far marks may lie apart before the panel discusses.
    pub apart: Points,
    /// Years in which a former employer bars.
    pub former_years: u32,
    /// Working days that reviewers have.
    pub workdays: u32,
    /// Backgrounds of the reviewers of each declaration.
    pub mix: Vec<MixRule>,
    /// Points of priority.
    pub priority: Priority,
    /// What decides between equal totals.
    pub ties: Vec<Tie>,
}

fn settings(template: &Template, choice: Choice) -> Settings {
    let criteria = (1..).zip(&template.criteria).map(|(number, criterion)| Criterion {
        code: format!("c{number}"),
        name: criterion.name.clone(),
        weight: criterion.weight,
        hint: String::new(),
        by: Judged::Mark(100),
    });
    Settings {
        scorecard: Scorecard(criteria.collect()),
        reviews: choice.reviews,
        method: choice.method,
        apart: choice.apart,
        blind: template.blind,
        former_years: choice.former_years,
        mix: choice.mix,
        priority: choice.priority,
        ties: choice.ties,
        workdays: choice.workdays,
    }
}

/// Opens the round of a call in review.
///
/// # Errors
/// NotFound, Forbidden; `call.state`; `round.exists`; Wrong at the choice.
pub async fn open_of_call(ctx: &Ctx, id: CallId, choice: Choice) -> Result<RoundId> {
    let mut tx = ctx.db.write().await?;
    let call = crate::calls::of_authority(ctx, &mut tx, id).await?;
    call.state.after(CallDeed::Propose)?;
    if store::round::find_of_call(&mut tx, id).await?.is_some() {
        return Err(Error::refused_by(
            "R-118",
            "round.exists",
            "这次征集已经有专家评审，请在“专家评审”中继续。",
        ));
    }
    let reviewed = declarations::of_call(&mut tx, id, &[DeclarationState::Reviewing]).await?;
    let round = NewRound {
        call: Some(id),
        title: call.title.clone(),
        settings: settings(&call.template, choice),
        place: call.place.clone(),
        items: reviewed.iter().map(|one| item(&call.template, one)).collect(),
    };
    let id = round::open(ctx, &mut tx, round).await?;
    tx.commit().await?;
    Ok(id)
}

/// The round of a call, if it has one; the caller has asked for its own act.
///
/// # Errors
/// Storage failures.
pub async fn find_of_call(tx: &mut Tx, id: CallId) -> Result<Option<RoundId>> {
    store::round::find_of_call(tx, id).await
}

fn item(template: &Template, one: &Declaration) -> NewItem {
    let content = &one.content;
    let named = content.teachers.iter().map(|teacher| Named {
        part: "授课教师".to_owned(),
        person: None,
        name: teacher.name.clone(),
        org_name: teacher.employer.clone(),
    });
    let contact = (!content.contact.is_empty()).then(|| Named {
        part: "联系人".to_owned(),
        person: None,
        name: content.contact.clone(),
        org_name: one.host_name.clone(),
    });
    NewItem {
        declaration: one.id,
        number: one.number.clone().unwrap_or_default(),
        title: content.title.clone(),
        field: content.field.clone(),
        host: Some(one.host),
        host_name: one.host_name.clone(),
        named: named.chain(contact).collect(),
        body: body(template, one),
    }
}

/// What a reviewer reads. Names of hosts and teachers are left out of a blind review; what the answers tell by their own
/// words no machine can tell, and the form asks hosts not to.
fn body(template: &Template, one: &Declaration) -> Vec<Section> {
    let content = &one.content;
    let mut sections = Vec::new();
    let mut say = |label: &str, text: String, identifying: bool| {
        if !text.is_empty() {
            sections.push(Section {
                label: label.to_owned(),
                text,
                identifying,
            });
        }
    };
    for field in &template.fields {
        let answer = content.answers.get(&field.key).cloned().unwrap_or_default();
        say(&field.label, answer, false);
    }
    if !template.training {
        return sections;
    }
    say("培训对象", content.audience.clone(), false);
    let people = content
        .people
        .map(|people| format!("{people} 人，其中基层一线 {} 人", content.front_line.unwrap_or(0)));
    say("培训规模", people.unwrap_or_default(), false);
    if let (Some(from), Some(until)) = (content.from, content.until) {
        say(
            "培训时间",
            format!("{from} 至 {until}，{} 天", content.days.unwrap_or(0)),
            false,
        );
    }
    let teachers: Vec<String> = content
        .teachers
        .iter()
        .map(|teacher| {
            format!(
                "{}（{}，{}）{} 学时",
                teacher.name,
                teacher.employer,
                teacher.rank.name(),
                teacher.hours
            )
        })
        .collect();
    say("师资", teachers.join("\n"), true);
    let ranks: Vec<String> = content
        .teachers
        .iter()
        .map(|teacher| format!("{} {} 学时", teacher.rank.name(), teacher.hours))
        .collect();
    say("师资层次", ranks.join("，"), false);
    say("经费预算", format!("{} 元", content.budget()), false);
    say("培训地点", content.venue.clone(), true);
    sections
}

/// The declarations of a round's call that are still reviewed; none where the round has no call.
pub(super) async fn living(tx: &mut Tx, whole: &Whole) -> Result<Option<BTreeSet<DeclarationId>>> {
    let Some(call) = whole.round.call else {
        return Ok(None);
    };
    let reviewed = declarations::of_call(tx, call, &[DeclarationState::Reviewing]).await?;
    Ok(Some(reviewed.into_iter().map(|one| one.id).collect()))
}

/// Hands the ranking of a closed round to its call, in the transaction that closes it.
pub(super) async fn hand_over(ctx: &Ctx, tx: &mut Tx, whole: &Whole) -> Result<()> {
    let Some(call) = whole.round.call else {
        return Ok(());
    };
    let ranked = store::place::of(tx, whole.round.id).await?;
    let note = |one: &store::place::Ranked| {
        let item = whole.item(one.item);
        let mut said: Vec<String> = Vec::new();
        said.extend(item.map(|item| item.priority_why.clone()).filter(|why| !why.is_empty()));
        said.extend(one.agreed.map(|agreed| format!("经讨论商定 {agreed} 分")));
        said.extend(one.by.map(|tie| format!("同分，{}", tie.name())));
        said.join("；")
    };
    let ranked = ranked.iter().map(|one| Ranked {
        declaration: one.declaration,
        place: one.place,
        score: one.total.get(),
        note: note(one),
    });
    crate::calls::take_ranking(ctx, tx, call, ranked.collect()).await
}
