//! One person: what is known (masked), employers over time, and the deeds: unmask, verify, leave, activation code.

use kernel::id::PersonRow;
use registry::{
    identity::{accounts::Account, activation::ActivationCode},
    orgs,
    people::{self, Employment, Person, Standing, TitleLevel, activations},
    taxonomy::{self, Vocabulary},
};
use rules::{identity::Standing as AccountStanding, permits::Act};
use ui::{Action, Alert, Cell, Column, Field, Form, Html, Receipt, Row, Summary, Table, TableModel, Tone, format};
use web::{Caller, Fields, Gate, Key, Reply, Routes, redirect_saying, reform_reading};

use crate::orgs::version;

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/desk/people/{id}", Gate::Act(Act::ViewPerson), "人员", show)
        .post(
            "/desk/people/{id}/unmask",
            Gate::Act(Act::UnmaskPerson),
            "显示完整个人信息",
            unmask,
        )
        .post(
            "/desk/people/{id}/verify",
            Gate::Act(Act::VerifyPerson),
            "核验人员",
            verify,
        )
        .post("/desk/people/{id}/leave", Gate::Act(Act::EditPerson), "登记离职", leave)
        .post(
            "/desk/people/{id}/code",
            Gate::Act(Act::IssueActivation),
            "发放人员激活码",
            issue,
        )
}

async fn show(caller: Caller, Key(id): Key<PersonRow>) -> Reply {
    let (person, employments) = people::view(caller.ctx(), id).await?;
    // An absorbed record's address leads to the one that stands for it.
    if person.id != id {
        return redirect_saying(
            &caller,
            &format!("/desk/people/{}", person.id),
            "该记录已合并，现在显示合并后的人员。",
        );
    }
    let leave = leave_form(&caller, &person);
    page(&caller, (&person, &employments), false, &leave).await
}

async fn unmask(caller: Caller, Key(id): Key<PersonRow>) -> Reply {
    let (person, employments) = people::unmask(caller.ctx(), id).await?;
    let leave = leave_form(&caller, &person);
    page(&caller, (&person, &employments), true, &leave).await
}

async fn page(caller: &Caller, (person, employments): (&Person, &[Employment]), complete: bool, leave: &Form) -> Reply {
    let ctx = caller.ctx();
    let may = |act| ctx.may(act, &person.place()).is_ok();
    let address = format!("/desk/people/{}", person.id);
    let mut page = caller.page(&person.name).crumb("人员名册", "/desk/people");
    let version = person.version.to_string();
    if may(Act::VerifyPerson) && !person.standing.is_verified() {
        let deed = Action::post("核验通过", &format!("{address}/verify"), caller.csrf()).field("version", &version);
        page = page
            .lead("该人员自行注册，请核对姓名、证件和任职单位后核验。")
            .action(deed);
        if may(Act::EditPerson) {
            page = page.other(Action::link("修改", &format!("{address}/edit")));
        }
    } else if may(Act::EditPerson) {
        page = page.action(Action::link("修改", &format!("{address}/edit")));
    }
    if may(Act::ViewStatement) {
        let year = chrono::Datelike::year(&ctx.today());
        page = page.other(Action::link("年度学时", &format!("{address}/statement?year={year}")));
    }
    if may(Act::KeepExperts) && person.standing.is_verified() {
        let invite = format!("/desk/experts/new?person={}", person.id);
        page = page.other(Action::link("邀请入专家库", &invite));
    }
    if may(Act::UnmaskPerson) && !complete {
        page = page.other(Action::post(
            "显示完整证件号（将留痕）",
            &format!("{address}/unmask"),
            caller.csrf(),
        ));
    }
    let account = activations::of(ctx, person.id).await?;
    let mut body = Html::default();
    if complete {
        let text = "本次查看已记入审计记录。请勿截图外传。";
        body = body.and(&Alert::new(Tone::Warn, "正在显示完整的个人信息").text(text));
    }
    body = body
        .and(&facts(caller, person, complete, account.as_ref()).await?)
        .and(&history(caller, employments).await?);
    if may(Act::IssueActivation) {
        body = body.and(&code_form(caller, person, account.as_ref()));
    }
    if may(Act::EditPerson) && person.org.is_some() {
        body = body.and(leave);
    }
    web::page(page.failed(leave.failed()), body)
}

async fn facts(caller: &Caller, person: &Person, complete: bool, account: Option<&Account>) -> kernel::Result<Summary> {
    let mut tx = caller.ctx().db.read().await?;
    let names = taxonomy::names(&mut tx).await?;
    let employer = people::employer_name(&mut tx, person).await?.unwrap_or_default();
    let (number, phone) = if complete {
        (person.document.number().to_owned(), person.phone.clone())
    } else {
        (person.document.masked(), person.masked_phone())
    };
    let confirmed = match &person.standing {
        Standing::Verified { by, at } => format!("由 {by} 于 {} 核验。", format::moment(at.civil())),
        Standing::Unverified => "自行注册，等待任职单位或所在区核验。".to_owned(),
    };
    let text = |text: String| if text.is_empty() { Cell::Empty } else { Cell::text(text) };
    let series = names.of_opt(Vocabulary::TitleSeries, person.title_series.as_deref());
    Ok(Summary::new()
        .fact("核验", super::standing(person))
        .why(&confirmed)
        .fact(
            "证件",
            Cell::text(format!("{} {number}", person.document.kind().name())),
        )
        .fact(
            "出生日期",
            if complete {
                Cell::date(person.born)
            } else {
                Cell::muted("随证件号码遮盖")
            },
        )
        .fact("手机号码", text(phone))
        .fact("工作单位", text(employer))
        .fact(
            "所在区",
            text(names.of_opt(Vocabulary::District, person.district.as_deref())),
        )
        .fact("职称系列", text(series))
        .fact("职称", text(person.title_name.clone()))
        .fact(
            "职称级别",
            text(person.title_level.map_or("", TitleLevel::name).to_owned()),
        )
        .fact("岗位", text(person.post.clone()))
        .fact("岗位类别", Cell::text(person.post_kind.name()))
        .fact("基层一线", Cell::text(if person.front_line { "是" } else { "否" }))
        .fact(
            "专业领域",
            text(names.of_opt(Vocabulary::FocusField, person.field.as_deref())),
        )
        .fact("账号", Cell::text(account_words(account))))
}

fn account_words(account: Option<&Account>) -> String {
    match account {
        None => "还没有账号".to_owned(),
        Some(account) => {
            let state = match account.standing {
                AccountStanding::Invited { .. } => "待激活",
                AccountStanding::Active { .. } => "正常",
                _ => "已停用",
            };
            format!("{}（{state}）", account.login)
        }
    }
}

async fn history(caller: &Caller, employments: &[Employment]) -> kernel::Result<Table> {
    let mut tx = caller.ctx().db.read().await?;
    let names = orgs::names(&mut tx, employments.iter().map(|one| one.org)).await?;
    let head = [
        Column::main("org", "工作单位"),
        Column::new("post", "岗位"),
        Column::tight("from", "自"),
        Column::tight("until", "至"),
    ];
    let rows = employments.iter().map(|one| {
        Row::new([
            Cell::text(names.get(&one.org.get()).cloned().unwrap_or_default()),
            Cell::text(one.post.as_str()),
            Cell::Date(one.from),
            one.until.map_or_else(|| Cell::text("至今"), Cell::Date),
        ])
    });
    Ok(Table::new("任职经历", TableModel::new(head, rows))
        .id("history")
        .when_empty("没有任职记录。", None))
}

fn code_form(caller: &Caller, person: &Person, account: Option<&Account>) -> Form {
    let hint = match account {
        None => "将为该人员建立账号并给出一次性激活码，由本人用激活码设置密码。",
        Some(_) => "之前的激活码随即失效；原密码在本人设置新密码之前仍然有效。",
    };
    Form::post(&format!("/desk/people/{}/code", person.id), caller.csrf())
        .section_with_hint("激活码", hint)
        .submit("发放激活码")
        .unguarded()
}

fn leave_form(caller: &Caller, person: &Person) -> Form {
    Form::post(&format!("/desk/people/{}/leave", person.id), caller.csrf())
        .section_with_hint(
            "登记离职",
            "离职后该人员不再出现在本单位名册中；在本单位期间的学时和记录保留在原处。",
        )
        .field(Field::hidden("version", &person.version.to_string()))
        .field(
            Field::date("until", "最后工作日")
                .value(caller.ctx().today().to_string())
                .required(),
        )
        .field(
            Field::text("reason", "原因")
                .hint("例如：调离、退休、并非本单位人员。")
                .max(100)
                .required(),
        )
        .submit_danger("登记离职")
}

async fn verify(caller: Caller, Key(id): Key<PersonRow>, fields: Fields) -> Reply {
    people::verify(caller.ctx(), id, version(&fields)?).await?;
    redirect_saying(&caller, &format!("/desk/people/{id}"), "已核验。")
}

async fn leave(caller: Caller, Key(id): Key<PersonRow>, fields: Fields) -> Reply {
    let left = async {
        let mut reader = fields.reader();
        let until = reader.date("until", "最后工作日");
        let reason = reader.text("reason", "原因", 2..=100);
        reader.finish()?;
        let until = until.unwrap_or(caller.ctx().today());
        people::leave(caller.ctx(), id, version(&fields)?, (until, &reason)).await
    };
    match left.await {
        Ok(()) => redirect_saying(&caller, "/desk/people", "离职已登记。"),
        Err(error) => {
            let (person, employments) = people::view(caller.ctx(), id).await?;
            let form = leave_form(&caller, &person).fill(fields.pairs());
            let show = async |errors| page(&caller, (&person, &employments), false, &form.errors(errors)).await;
            reform_reading(error, show).await
        }
    }
}

async fn issue(caller: Caller, Key(id): Key<PersonRow>) -> Reply {
    let code = activations::issue(caller.ctx(), id).await?;
    code_page(&caller, &code, &format!("/desk/people/{id}"))
}

/// The one page that shows the code.
fn code_page(caller: &Caller, code: &ActivationCode, back: &str) -> Reply {
    let address = format!("{}/activate", caller.ctx().installation.public_url);
    let receipt = Receipt::new(&format!("激活码已生成，登录名为 {}。", code.login), &code.code)
        .number_label("激活码（只显示这一次）")
        .next("请把登录名和激活码交给本人，不要经他人转交。")
        .next(&format!("本人打开 {address}，输入激活码，自己设置密码。"))
        .next(&format!(
            "激活码在 {} 之前有效，只能用一次。",
            format::moment(code.expires_at.civil())
        ))
        .action(Action::link("返回人员", back).primary());
    web::page(
        caller.page("激活码").crumb("人员名册", "/desk/people"),
        Html::of(&receipt),
    )
}
