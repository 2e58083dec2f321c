//! The expert's own page: the invitation and its answer, experience and time, ties that bar reviews, the merit record.

use oversight::credentials::merits;
use registry::experts::{self, MeritKind, NewTie, StandingCode, TieKind, View};
use registry::taxonomy::{self, Names};
use rules::permits::Act;
use ui::{Action, Alert, Cell, Column, Empty, Field, Form, Html, Row, SectionHead, Table, TableModel, Tone};
use web::{Caller, Fields, Gate, Key, Reply, Routes, redirect_saying, reform_reading};

use super::shown;
use crate::orgs::version;

const HERE: &str = "/desk/my/expert";

pub(super) fn routes() -> Routes {
    let gate = Gate::Act(Act::BeExpert);
    Routes::new()
        .get(HERE, gate, "本人专家信息", show)
        .post("/desk/my/expert/accept", gate, "接受专家库邀请", accept)
        .post("/desk/my/expert/decline", gate, "谢绝专家库邀请", decline)
        .post(HERE, gate, "保存本人专家信息", keep)
        .post("/desk/my/expert/ties", gate, "登记回避关系", add_tie)
        .post("/desk/my/expert/ties/{id}/end", gate, "撤销回避登记", end_tie)
        .post("/desk/my/expert/proof", gate, "下载专家业绩证明", proof)
}

async fn show(caller: Caller) -> Reply {
    page(&caller, None).await
}

/// Which form of the page was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Decline,
    Profile,
    Tie,
}

async fn page(caller: &Caller, refused: Option<(Part, Form)>) -> Reply {
    let ctx = caller.ctx();
    let page = caller.page("专家信息").failed(refused.is_some());
    let Some(view) = experts::own(ctx).await? else {
        let none = Empty::new("您不在专家库中", "专家由主管部门邀请，收到邀请后在这里答复。");
        return web::page(page, Html::of(&none));
    };
    let names = taxonomy::names(&mut ctx.db.read().await?).await?;
    let expert = &view.expert;
    let lead = match expert.standing.code() {
        StandingCode::Invited => "邀请您加入专家库，请接受或谢绝。".to_owned(),
        StandingCode::Active => format!("您在专家库中，任期到 {}。", ui::format::date(expert.term.until)),
        StandingCode::Declined => "您已谢绝邀请。".to_owned(),
        StandingCode::Suspended => "目前暂停分配评审。".to_owned(),
        StandingCode::Ended => "您已退出专家库。".to_owned(),
    };
    let page = page.lead(&lead);
    let mut refused = refused;
    let mut body = Html::of(&shown::facts(expert, &names));
    if expert.standing.code() == StandingCode::Invited {
        body = body.and(&invitation(caller, &view));
        let form = refused.take_if(|(part, _)| *part == Part::Decline);
        body = body.and(&form.map_or_else(|| decline_form(caller, &view), |(_, form)| form));
        return web::page(page, body);
    }
    if matches!(expert.standing.code(), StandingCode::Active | StandingCode::Suspended) {
        let form = refused.take_if(|(part, _)| *part == Part::Profile);
        let form = form.map_or_else(
            || profile_form(caller, &view, &names).fill(&shown::profile_pairs(&expert.profile)),
            |(_, form)| form,
        );
        let tie = refused.take_if(|(part, _)| *part == Part::Tie);
        let tie = tie.map_or_else(|| tie_form(caller), |(_, form)| form);
        body = body.and(&form).and(&ties(caller, &view)).and(&tie);
    }
    body = body
        .and(&shown::employers(&view))
        .and(&shown::merits(&view.merits))
        .and(&totals(caller, &view))
        .and(&SectionHead::new("经过"))
        .and(&shown::story(&view));
    web::page(page, body)
}

fn invitation(caller: &Caller, view: &View) -> Alert {
    let accept = Action::post("接受邀请", "/desk/my/expert/accept", caller.csrf())
        .field("version", &view.expert.version.to_string())
        .primary();
    Alert::new(Tone::Active, "接受之前请了解")
        .text(
            "接受后您的账号增加“专家”角色，可以在右上角切换。评审时请回避本人列名、现任或近三年任职单位、合作著者和合作单位的申报；\
             系统会先行排除，您也可以随时登记需要回避的单位或个人。",
        )
        .action(accept)
}

fn decline_form(caller: &Caller, view: &View) -> Form {
    Form::post("/desk/my/expert/decline", caller.csrf())
        .section("谢绝邀请")
        .field(Field::hidden("version", &view.expert.version.to_string()))
        .field(Field::text("reason", "理由").max(200).required())
        .submit_danger("谢绝")
}

fn profile_form(caller: &Caller, view: &View, names: &Names) -> Form {
    let form = Form::post(HERE, caller.csrf())
        .section_with_hint("领域和时间", "专家类别和任期由主管部门确定；单位和职称随人员名册更新。")
        .field(Field::hidden("version", &view.expert.version.to_string()));
    shown::profile_fields(form, names).submit("保存")
}

fn ties(caller: &Caller, view: &View) -> Table {
    let mut heads = shown::tie_heads().to_vec();
    heads.push(Column::actions());
    let rows = view.ties.iter().map(|tie| {
        let mut cells = shown::tie_row(tie).to_vec();
        cells.push(if tie.ended_at.is_none() {
            let end = format!("/desk/my/expert/ties/{}/end", tie.id);
            Cell::Actions(vec![Action::post("撤销", &end, caller.csrf())])
        } else {
            Cell::Empty
        });
        Row::new(cells)
    });
    let rows: Vec<Row> = rows.collect();
    Table::new("回避登记", TableModel::new(heads, rows))
        .id("ties")
        .when_empty("还没有登记。有合作关系或需要回避的，请在下方登记。", None)
}

fn tie_form(caller: &Caller) -> Form {
    let kinds = shown::choices(TieKind::name);
    Form::post("/desk/my/expert/ties", caller.csrf())
        .section_with_hint(
            "登记回避",
            "登记后立即生效，今后的分配都会排除；理由只有您和主管部门看得到。",
        )
        .field(Field::select("kind", "关系", kinds).required())
        .field(Field::text("name", "单位全称或合作者姓名").max(100))
        .field(Field::credit_code("credit_code", "单位的统一社会信用代码").hint("填了代码可以不填名称。"))
        .field(Field::date("until", "结束日期").hint("曾任职单位填离职日期；仍在继续的不填。"))
        .field(Field::text("note", "说明").max(200))
        .submit("登记")
}

/// What the merit record adds up to.
fn totals(caller: &Caller, view: &View) -> Alert {
    let sum = |kind: MeritKind| -> i64 {
        let own = view.merits.iter().filter(|merit| merit.kind == kind);
        own.map(|merit| merit.amount).sum()
    };
    let rated: Vec<i64> = view.merits.iter().filter_map(|merit| merit.rating).collect();
    let rating = match rated.len() {
        0 => "尚无评价".to_owned(),
        count => {
            let tenths = rated.iter().sum::<i64>() * 10 / i64::try_from(count).unwrap_or(1);
            format!("平均评价 {}.{}（{count} 次）", tenths / 10, tenths % 10)
        }
    };
    let text = format!(
        "评审 {} 件，授课 {} 学时，咨询 {} 次；{rating}。",
        sum(MeritKind::Reviewing),
        sum(MeritKind::Teaching),
        sum(MeritKind::Advising)
    );
    let note = Alert::new(Tone::Neutral, "业绩合计").text(&text);
    if view.merits.is_empty() {
        return note;
    }
    note.action(Action::post(
        "下载签名的业绩证明",
        "/desk/my/expert/proof",
        caller.csrf(),
    ))
}

/// The record with a signature, as other systems and strangers check it.
async fn proof(caller: Caller) -> Reply {
    let token = merits::own_proof(caller.ctx(), &caller.app().press).await?;
    web::download("专家业绩证明.jws", "application/jose", token)
}

async fn accept(caller: Caller, fields: Fields) -> Reply {
    experts::accept(caller.ctx(), version(&fields)?).await?;
    redirect_saying(
        &caller,
        HERE,
        "欢迎加入专家库。评审任务在专家角色下办理，可在右上角切换。",
    )
}

async fn decline(caller: Caller, fields: Fields) -> Reply {
    match experts::decline(caller.ctx(), version(&fields)?, fields.get("reason")).await {
        Ok(()) => redirect_saying(&caller, HERE, "已谢绝，谢谢您的答复。"),
        Err(error) => {
            let view = experts::own(caller.ctx()).await?.ok_or(kernel::Error::NotFound)?;
            let form = decline_form(&caller, &view).fill(fields.pairs());
            again(&caller, error, Part::Decline, form).await
        }
    }
}

async fn again(caller: &Caller, error: kernel::Error, part: Part, form: Form) -> Reply {
    reform_reading(error, async |errors| {
        page(caller, Some((part, form.errors(errors)))).await
    })
    .await
}

async fn keep(caller: Caller, fields: Fields) -> Reply {
    let result = async {
        let typed = shown::read_profile(&fields)?;
        let said = (typed.specialty, typed.fields);
        experts::keep(caller.ctx(), version(&fields)?, said, typed.availability).await
    }
    .await;
    match result {
        Ok(()) => redirect_saying(&caller, HERE, "已保存。"),
        Err(error) => {
            let view = experts::own(caller.ctx()).await?.ok_or(kernel::Error::NotFound)?;
            let names = taxonomy::names(&mut caller.ctx().db.read().await?).await?;
            let form = profile_form(&caller, &view, &names).fill(fields.pairs());
            again(&caller, error, Part::Profile, form).await
        }
    }
}

async fn add_tie(caller: Caller, fields: Fields) -> Reply {
    let result = async {
        let mut reader = fields.reader();
        let kind = reader.choice::<TieKind>("kind", "关系");
        let until = reader.optional_date("until", "结束日期");
        reader.finish()?;
        let tie = NewTie {
            kind: kind.unwrap_or(TieKind::Recusal),
            name: fields.get("name").to_owned(),
            credit_code: fields.get("credit_code").to_owned(),
            until,
            note: fields.get("note").to_owned(),
        };
        experts::add_tie(caller.ctx(), tie).await
    }
    .await;
    match result {
        Ok(()) => redirect_saying(&caller, HERE, "已登记，今后的分配会排除。"),
        Err(error) => again(&caller, error, Part::Tie, tie_form(&caller).fill(fields.pairs())).await,
    }
}

async fn end_tie(caller: Caller, Key(id): Key<()>) -> Reply {
    experts::end_tie(caller.ctx(), id.get()).await?;
    redirect_saying(&caller, HERE, "已撤销登记。")
}
