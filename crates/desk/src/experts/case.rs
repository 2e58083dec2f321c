//! One expert as the authorities see it, with the deeds: edit, suspend, resume, end, record a merit.

use kernel::{Date, Error, ExpertId, id::ExpertRow};
use registry::experts::{self, Background, MeritKind, NewMerit, StandingCode, View};
use registry::taxonomy::{self, Names};
use rules::permits::Act;
use ui::{Action, Field, Form, Html, Row, SectionHead, Table, TableModel};
use web::{Caller, Fields, Gate, Key, Reply, Routes, redirect_saying, reform_reading};

use super::{inviting, shown};
use crate::orgs::version;

pub(super) fn routes() -> Routes {
    let (seeing, keeping) = (Gate::Act(Act::ListExperts), Gate::Act(Act::KeepExperts));
    Routes::new()
        .get("/desk/experts/{id}", seeing, "专家", show)
        .get("/desk/experts/{id}/edit", keeping, "修改专家信息", change)
        .post("/desk/experts/{id}/edit", keeping, "保存专家信息", save)
        .post("/desk/experts/{id}/suspend", keeping, "暂停专家", suspend)
        .post("/desk/experts/{id}/resume", keeping, "恢复专家", resume)
        .post("/desk/experts/{id}/end", keeping, "专家退出", end)
        .post("/desk/experts/{id}/merits", keeping, "登记专家业绩", record)
}

async fn names(caller: &Caller) -> kernel::Result<std::sync::Arc<Names>> {
    taxonomy::names(&mut caller.ctx().db.read().await?).await
}

async fn show(caller: Caller, Key(id): Key<ExpertRow>) -> Reply {
    let view = experts::view(caller.ctx(), id).await?;
    page(&caller, &view, None).await
}

/// The page; a refused form stands in the place of its own kind.
async fn page(caller: &Caller, view: &View, refused: Option<(Deed, Form)>) -> Reply {
    let names = names(caller).await?;
    let expert = &view.expert;
    let keeps = caller.ctx().may(Act::KeepExperts, &expert.place).is_ok();
    let lead = match expert.admits(caller.ctx().today()) {
        Ok(()) => "可以分配评审。".to_owned(),
        Err(Error::Refused { sentence, .. }) => format!("目前不分配评审：{sentence}。"),
        Err(other) => return Err(other.into()),
    };
    let mut page = caller
        .page(&expert.name)
        .lead(&lead)
        .crumb("专家库", "/desk/experts")
        .failed(refused.is_some());
    if keeps {
        page = page.action(Action::link("修改", &format!("/desk/experts/{}/edit", expert.id)));
        if matches!(expert.standing.code(), StandingCode::Declined | StandingCode::Ended) {
            let again = format!("/desk/experts/new?person={}", expert.person);
            page = page.other(Action::link("再次邀请", &again));
        }
    }
    let ties = view.ties.iter().map(|tie| Row::new(shown::tie_row(tie)));
    let ties = Table::new(
        "回避登记",
        TableModel::new(shown::tie_heads(), ties.collect::<Vec<_>>()),
    )
    .id("ties")
    .when_empty("本人没有登记合作关系或回避。", None);
    let mut body = Html::of(&shown::facts(expert, &names))
        .and(&shown::employers(view))
        .and(&ties)
        .and(&shown::merits(&view.merits))
        .and(&SectionHead::new("经过"))
        .and(&shown::story(view));
    if keeps {
        let mut refused = refused;
        for deed in deeds(expert.standing.code()) {
            let form = match refused.take_if(|(other, _)| other == deed) {
                Some((_, form)) => form,
                None => deed.form(caller, view),
            };
            body = body.and(&form);
        }
    }
    web::page(page, body)
}

/// What the authority may do on the page itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    Merit,
    Suspend,
    Resume,
    End,
}

const fn deeds(state: StandingCode) -> &'static [Deed] {
    match state {
        StandingCode::Active => &[Deed::Merit, Deed::Suspend, Deed::End],
        StandingCode::Suspended => &[Deed::Resume, Deed::End],
        StandingCode::Invited => &[Deed::End],
        StandingCode::Declined | StandingCode::Ended => &[],
    }
}

impl Deed {
    fn form(self, caller: &Caller, view: &View) -> Form {
        let (id, version) = (view.expert.id, view.expert.version.to_string());
        let form = |path: &str| {
            Form::post(&format!("/desk/experts/{id}/{path}"), caller.csrf()).field(Field::hidden("version", &version))
        };
        let reason = || Field::text("reason", "理由").max(200).required();
        match self {
            Self::Merit => Form::post(&format!("/desk/experts/{id}/merits"), caller.csrf())
                .section_with_hint(
                    "登记业绩",
                    "评审由评审活动自动记录；授课和咨询在这里登记，记入后不能修改。",
                )
                .field(
                    Field::select(
                        "kind",
                        "类别",
                        [MeritKind::Teaching, MeritKind::Advising]
                            .map(|kind| ui::Choice::new(kernel::Code::code(kind), kind.name())),
                    )
                    .required(),
                )
                .field(Field::text("title", "事项").max(80).required())
                .field(Field::number("amount", "数量", "学时或次").range(1, 1_000).required())
                .field(
                    Field::number("rating", "评价", "分")
                        .hint("1 到 5，没有评价的不填。")
                        .range(1, 5),
                )
                .field(Field::date("on", "日期").required())
                .submit("登记"),
            Self::Suspend => form("suspend")
                .section_with_hint("暂停", "暂停期间不分配新的评审，角色和记录保留。")
                .field(reason())
                .submit("暂停"),
            Self::Resume => form("resume").section("恢复").submit("恢复"),
            Self::End => form("end")
                .section_with_hint("退出专家库", "退出后专家角色随之终止，记录保留，可以再次邀请。")
                .field(reason())
                .submit_danger("退出专家库"),
        }
    }
}

async fn answered(
    caller: &Caller,
    id: ExpertId,
    (deed, said): (Deed, &str),
    fields: &Fields,
    result: kernel::Result<()>,
) -> Reply {
    match result {
        Ok(()) => redirect_saying(caller, &format!("/desk/experts/{id}"), said),
        Err(error) => {
            let view = experts::view(caller.ctx(), id).await?;
            let form = deed.form(caller, &view).fill(fields.pairs());
            reform_reading(error, async |errors| {
                page(caller, &view, Some((deed, form.errors(errors)))).await
            })
            .await
        }
    }
}

async fn suspend(caller: Caller, Key(id): Key<ExpertRow>, fields: Fields) -> Reply {
    let done = experts::suspend(caller.ctx(), id, version(&fields)?, fields.get("reason")).await;
    answered(&caller, id, (Deed::Suspend, "已暂停分配评审。"), &fields, done).await
}

async fn resume(caller: Caller, Key(id): Key<ExpertRow>, fields: Fields) -> Reply {
    let done = experts::resume(caller.ctx(), id, version(&fields)?).await;
    answered(&caller, id, (Deed::Resume, "已恢复。"), &fields, done).await
}

async fn end(caller: Caller, Key(id): Key<ExpertRow>, fields: Fields) -> Reply {
    let done = experts::end(caller.ctx(), id, version(&fields)?, fields.get("reason")).await;
    answered(&caller, id, (Deed::End, "已退出专家库。"), &fields, done).await
}

fn read_merit(id: ExpertId, fields: &Fields) -> kernel::Result<NewMerit> {
    let mut reader = fields.reader();
    let kind = reader.choice::<MeritKind>("kind", "类别");
    let title = reader.text("title", "事项", 2..=80);
    let amount = reader.number("amount", "数量", 1..=1_000);
    let rating = match fields.get("rating") {
        "" => None,
        _ => reader.number("rating", "评价", 1..=5),
    };
    let on = reader.date("on", "日期");
    reader.finish()?;
    let on = on.unwrap_or(Date::MIN);
    Ok(NewMerit {
        expert: id,
        kind: kind.unwrap_or(MeritKind::Advising),
        cause: format!("hand:{id}:{on}:{title}"),
        title,
        amount: amount.unwrap_or(1),
        rating,
        note: String::new(),
        on,
    })
}

async fn record(caller: Caller, Key(id): Key<ExpertRow>, fields: Fields) -> Reply {
    let done = async { experts::record(caller.ctx(), read_merit(id, &fields)?).await }.await;
    answered(&caller, id, (Deed::Merit, "已登记。"), &fields, done).await
}

fn edit_form(caller: &Caller, view: &View, names: &Names) -> Form {
    let address = format!("/desk/experts/{}", view.expert.id);
    let form = Form::post(&format!("{address}/edit"), caller.csrf())
        .field(Field::hidden("version", &view.expert.version.to_string()))
        .field(Field::radios("background", "专家类别", shown::choices(Background::name)).required());
    shown::profile_fields(form, names)
        .field(Field::date("term_until", "任期至").hint("最长五年。").required())
        .submit("保存")
        .cancel(&address)
}

fn edit_page(caller: &Caller, view: &View, form: &Form) -> Reply {
    let page = caller
        .page("修改专家信息")
        .lead("工作单位和职称从人员名册取得，保存时一并更新。")
        .crumb("专家库", "/desk/experts")
        .crumb(&view.expert.name, &format!("/desk/experts/{}", view.expert.id))
        .failed(form.failed());
    web::page(page, Html::of(form))
}

async fn change(caller: Caller, Key(id): Key<ExpertRow>) -> Reply {
    let view = experts::view(caller.ctx(), id).await?;
    caller.ctx().may(Act::KeepExperts, &view.expert.place)?;
    let mut pairs = shown::profile_pairs(&view.expert.profile);
    pairs.push(("term_until", view.expert.term.until.to_string()));
    let form = edit_form(&caller, &view, &*names(&caller).await?).fill(&pairs);
    edit_page(&caller, &view, &form)
}

async fn save(caller: Caller, Key(id): Key<ExpertRow>, fields: Fields) -> Reply {
    let result = async {
        let read = inviting::read(&fields)?;
        experts::edit(caller.ctx(), id, version(&fields)?, read).await
    }
    .await;
    match result {
        Ok(()) => redirect_saying(&caller, &format!("/desk/experts/{id}"), "已保存。"),
        Err(error) => {
            let view = experts::view(caller.ctx(), id).await?;
            let form = edit_form(&caller, &view, &*names(&caller).await?).fill(fields.pairs());
            web::reform(error, |errors| edit_page(&caller, &view, &form.errors(errors)))
        }
    }
}
