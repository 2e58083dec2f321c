//! The plan under public notice: what is proposed, objections, and the evidence that it could be seen.

use kernel::id::CallRow;
use oversight::calls::{self, Call, Evidence, PublicCall};
use rules::calls::notice::{Objection, ObjectionState};
use rules::calls::{CallState, Period};
use rules::taxonomy::deadline_sentence;
use ui::{
    Action, Alert, Cell, Choice, Column, Details, Field, Form, Html, Receipt, Row, SectionHead, Summary, Table,
    TableModel, Tone, format,
};
use web::{Caller, Fields, Gate, Key, Reply, Routes, download, portal_page, reform_reading};

use super::{names, plan};

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/calls/{id}/notice", Gate::Public, "拟定计划公示", notice)
        .get(
            "/calls/{id}/notice.txt",
            Gate::Public,
            "拟定计划公示内容（文本）",
            notice_text,
        )
        .get("/calls/{id}/objection", Gate::Public, "提出公示异议", ask_objection)
        .post("/calls/{id}/objection", Gate::Public, "提交公示异议", object)
        .get("/calls/{id}/evidence", Gate::Public, "公示可见记录", evidence)
        .get(
            "/calls/{id}/evidence.jws",
            Gate::Public,
            "公示可见记录（签名文件）",
            signed_evidence,
        )
}

async fn notice(caller: Caller, Key(id): Key<CallRow>) -> Reply {
    let public = calls::public_call(caller.ctx(), id).await?;
    let call = &public.call;
    let Some(from) = call.notice_at else {
        return Err(kernel::Error::NotFound.into());
    };
    let names = names(&caller).await?;
    let until = public.due.map(deadline_sentence).unwrap_or_default();
    let running = call.state == CallState::Noticed;
    let lead = if running {
        format!(
            "{}开始公示，{until}期满。有异议的，请在期满前提出。",
            format::date(from.date())
        )
    } else {
        format!("{}开始公示，{until}期满，公示已结束。", format::date(from.date()))
    };
    let mut page = caller
        .page(&format!("{}（拟）公示", call.title))
        .lead(&lead)
        .crumb("项目征集和年度计划", "/calls")
        .other(Action::download("公示内容（文本）", &format!("/calls/{id}/notice.txt")))
        .other(Action::link("可见记录", &format!("/calls/{id}/evidence")));
    if running {
        page = page.action(Action::link("提出异议", &format!("/calls/{id}/objection")));
    }
    let mut facts = Summary::new()
        .fact("组织单位", Cell::text(call.authority.as_str()))
        .fact(
            "公示期",
            Cell::text(format!("{} 个工作日", call.template.days(Period::Notice))),
        )
        .fact("公示内容摘要（SHA-256）", Cell::text(call.notice_digest.as_str()));
    if call.extension > 0 {
        facts = facts
            .fact("顺延", Cell::text(format!("{} 个工作日", call.extension)))
            .why("公示页面有超过 2 小时工作时间没有观测到，按规则顺延。");
    }
    let body = Html::of(&facts)
        .and(&plan(&public, &names))
        .and(&answers(&public))
        .and(&as_published(call));
    portal_page(page, body)
}

/// What was put under notice, word for word; its digest is the one that the page shows.
fn as_published(call: &Call) -> Details {
    Details::new("公示原文", Html::paragraphs(call.notice_text.lines()))
}

/// Objections without who objected and what they wrote.
fn answers(public: &PublicCall) -> Html {
    let mut lines = Vec::new();
    for (number, one) in (1..).zip(&public.answered) {
        let found = match one.state {
            ObjectionState::Upheld => "成立",
            _ => "不成立",
        };
        lines.push(format!("异议 {number}（{found}）：{}", one.answer));
    }
    if public.open > 0 {
        lines.push(format!("另有 {} 件异议正在核实。", public.open));
    }
    if lines.is_empty() {
        return Html::default();
    }
    Html::of(&SectionHead::new("异议和答复")).and(&Html::paragraphs(lines.iter().map(String::as_str)))
}

async fn notice_text(caller: Caller, Key(id): Key<CallRow>) -> Reply {
    let public = calls::public_call(caller.ctx(), id).await?;
    if public.call.notice_at.is_none() {
        return Err(kernel::Error::NotFound.into());
    }
    download("公示内容.txt", "text/plain; charset=utf-8", public.call.notice_text)
}

fn objection_form(caller: &Caller, public: &PublicCall) -> Form {
    let projects = public.projects.iter().map(|(one, _)| {
        let number = one.number.as_deref().unwrap_or_default();
        Choice::new(&one.id.to_string(), &format!("{number} {}", one.content.title))
    });
    Form::post(&format!("/calls/{}/objection", public.call.id), caller.csrf())
        .field(Field::select("declaration", "针对哪个项目", projects).empty_choice("整个计划"))
        .field(
            Field::textarea("text", "异议的事实和理由")
                .hint("10 到 2000 个字，请写明依据。")
                .max(2_000)
                .rows(8)
                .required(),
        )
        .field(
            Field::text("name", "姓名或单位名称")
                .hint("不公开。")
                .max(40)
                .required(),
        )
        .field(
            Field::text("contact", "电话或电子邮箱")
                .hint("用于核实和答复，不公开。")
                .max(60)
                .required(),
        )
        .submit("提交异议")
        .cancel(&format!("/calls/{}/notice", public.call.id))
}

async fn objection_page(
    caller: &Caller,
    id: kernel::id::CallId,
    errors: Vec<(String, String)>,
    fields: Option<&Fields>,
) -> Reply {
    let public = calls::public_call(caller.ctx(), id).await?;
    if public.call.notice_at.is_none() {
        return Err(kernel::Error::NotFound.into());
    }
    let until = public.due.map(deadline_sentence).unwrap_or_default();
    let form = objection_form(caller, &public);
    let form = fields
        .map_or(form.clone(), |fields| form.fill(fields.pairs()))
        .errors(errors);
    let page = caller
        .page("提出公示异议")
        .lead(&format!(
            "《{}》公示至 {until}。答复会在公示页面公开，不写出您是谁。",
            public.call.title
        ))
        .crumb("拟定计划公示", &format!("/calls/{id}/notice"))
        .failed(form.failed());
    portal_page(page, Html::of(&form))
}

async fn ask_objection(caller: Caller, Key(id): Key<CallRow>) -> Reply {
    objection_page(&caller, id, Vec::new(), None).await
}

async fn object(caller: Caller, Key(id): Key<CallRow>, fields: Fields) -> Reply {
    let objection = Objection {
        name: fields.get("name").to_owned(),
        contact: fields.get("contact").to_owned(),
        text: fields.get("text").to_owned(),
    };
    let result = async {
        let about =
            match fields.get("declaration") {
                "" => None,
                text => Some(text.parse().map_err(|_| {
                    kernel::Error::wrong("declaration", "objection.declaration", "请从公示的项目中选择。")
                })?),
            };
        calls::object(caller.ctx(), id, about, objection).await
    }
    .await;
    match result {
        Ok(number) => {
            let receipt = Receipt::new("异议已收到", &number.to_string())
                .number_label("受理号")
                .next("组织单位核实后，在公示页面公开答复；答复以前公示不会期满。")
                .action(Action::link("返回公示", &format!("/calls/{id}/notice")));
            portal_page(caller.page("异议已收到"), Html::of(&receipt))
        }
        Err(error) => reform_reading(error, |errors| objection_page(&caller, id, errors, Some(&fields))).await,
    }
}

async fn evidence(caller: Caller, Key(id): Key<CallRow>) -> Reply {
    let (call, evidence) = calls::evidence(caller.ctx(), id).await?;
    let good = evidence.series.iter().filter(|seen| seen.observation.good).count();
    let page = caller
        .page("公示可见记录")
        .lead(&format!(
            "平台每 10 分钟像公众一样打开公示页面，共 {} 次，{good} 次正常。这是平台对自身的观测，不是第三方证明。",
            evidence.series.len()
        ))
        .crumb("拟定计划公示", &format!("/calls/{id}/notice"))
        .other(Action::download("签名文件", &format!("/calls/{id}/evidence.jws")));
    let body = Html::of(&gaps(&evidence)).and(&latest(&evidence));
    let note = Alert::new(Tone::Neutral, "规则").text(&format!(
        "两次正常观测之间的工作时间（工作日 9:00 至 17:00）超过 2 小时的，公示顺延一个工作日；已顺延 {} 个工作日。记录只能增加，不能修改。",
        call.extension
    ));
    portal_page(page, Html::of(&note).and(&body))
}

fn gaps(evidence: &Evidence) -> Table {
    let heads = [
        Column::main("from", "中断开始"),
        Column::tight("until", "恢复"),
        Column::number("working", "工作时间（分钟）"),
        Column::number("days", "顺延（工作日）"),
        Column::tight("restart", "程序重启"),
    ];
    let rows = evidence.gaps.iter().map(|gap| {
        Row::new([
            Cell::Moment(gap.from.civil()),
            Cell::Moment(gap.until.civil()),
            Cell::Number(gap.working / 60),
            Cell::Number(i64::from(gap.days())),
            Cell::text(if gap.restarted { "是" } else { "否" }),
        ])
    });
    let rows: Vec<Row> = rows.collect();
    Table::new("中断", TableModel::new(heads, rows))
        .id("gaps")
        .when_empty("没有中断。", None)
}

/// The latest day of the series; the file has all of it.
fn latest(evidence: &Evidence) -> Table {
    let heads = [
        Column::main("at", "时间"),
        Column::number("status", "HTTP 状态"),
        Column::tight("good", "结果"),
        Column::new("sha256", "内容摘要（SHA-256）").hide_on_phone(),
    ];
    let rows = evidence.series.iter().rev().take(144).map(|seen| {
        Row::new([
            Cell::Moment(seen.observation.at.civil()),
            Cell::text(seen.status.to_string()),
            Cell::text(if seen.observation.good {
                "正常"
            } else {
                seen.note.as_str()
            }),
            Cell::text(seen.sha256.chars().take(16).collect::<String>()),
        ])
    });
    let rows: Vec<Row> = rows.collect();
    Table::new("最近的观测", TableModel::new(heads, rows))
        .id("observations")
        .when_empty("还没有观测。", None)
}

async fn signed_evidence(caller: Caller, Key(id): Key<CallRow>) -> Reply {
    let press = caller.app().press.clone();
    let signed = calls::signed_evidence(caller.ctx(), id, |kind, json| press.sign_json(kind, json)).await?;
    download("公示可见记录.jws", "application/jose", signed)
}
