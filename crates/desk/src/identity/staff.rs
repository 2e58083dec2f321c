//! Accounts of staff as their administrators see them: list, new, one more role, detail, a new code.

use kernel::{Code as _, Role, id::AccountRow};
use registry::identity::activation::ActivationCode;
use registry::identity::grants::Grant;
use registry::identity::staff::{self, Detail, Filter as Asked, Line, NewStaff, State as Standing};
use rules::identity::{Standing as Account, granting};
use rules::permits::{self, Act};
use ui::{
    Action, Alert, Cell, Choice, Column, Field, Filter, Form, Html, Receipt, Row, State, Summary, Table, TableModel,
    Tone,
};
use web::{Caller, Fields, Gate, Key, Listing, Reply, Routes, columns, redirect_saying, reform};

use super::bounds;

/// The pages.
pub(super) fn routes() -> Routes {
    let grant = Gate::Act(Act::GrantRole);
    Routes::new()
        .list("/desk/staff", Gate::Act(Act::ListStaff), "工作人员账号", list)
        .get("/desk/staff/new", grant, "新建工作人员账号", new)
        .post("/desk/staff/new", grant, "新建工作人员账号并发放激活码", create)
        .get("/desk/staff/grant", grant, "为已有账号授予角色", new_grant)
        .post("/desk/staff/grant", grant, "授予角色", give)
        .get("/desk/staff/{id}", Gate::Act(Act::ListStaff), "工作人员账号详情", show)
        .post(
            "/desk/staff/{id}/code",
            Gate::Act(Act::IssueActivation),
            "重新发放激活码",
            reissue,
        )
}

fn state(standing: Standing) -> State {
    match standing {
        Standing::Invited => State::AwaitingActivation,
        Standing::Active => State::Active,
        Standing::Ended => State::Ended,
    }
}

fn asked_state(listing: &Listing) -> Option<Standing> {
    match listing.get("state") {
        Some("invited") => Some(Standing::Invited),
        Some("active") => Some(Standing::Active),
        Some("ended") => Some(Standing::Ended),
        _ => None,
    }
}

async fn list(caller: Caller, listing: Listing) -> Reply {
    let staff_roles = Role::ALL
        .iter()
        .filter(|role| !matches!(role, Role::Learner | Role::System | Role::Anonymous));
    let roles = staff_roles.map(|role| Choice::new(role.code(), role.name()));
    let states = [
        ("invited", State::AwaitingActivation),
        ("active", State::Active),
        ("ended", State::Ended),
    ];
    let new = || Action::link("新建账号", "/desk/staff/new");
    let page = caller
        .page("工作人员账号")
        .lead("一行是一个角色；同一个人有几个角色就有几行。")
        .action(new())
        .other(Action::link("为已有账号授权", "/desk/staff/grant"));
    let table = Table::new(
        "工作人员账号",
        columns([
            Column::main("name", "姓名或岗位").sortable(),
            Column::new("login", "登录名").sortable(),
            Column::new("role", "角色").sortable(),
            Column::tight("state", "状态"),
            Column::tight("granted", "授权时间").sortable(),
        ]),
    )
    .filter(Filter::search("姓名、登录名、单位"))
    .filter(Filter::select("role", "角色", roles))
    .filter(Filter::select(
        "state",
        "状态",
        states.map(|(code, state)| Choice::new(code, state.label())),
    ))
    .sorted_by("-granted")
    .when_empty("没有符合条件的账号。", Some(new()));
    let asked = Asked {
        words: listing.words(),
        role: listing.choice("role"),
        state: asked_state(&listing),
    };
    web::list(
        &caller,
        &listing,
        page,
        table,
        async |window| staff::list(caller.ctx(), &asked, &window).await,
        row,
    )
    .await
}

fn row(line: &Line) -> Row {
    Row::new([
        Cell::link(line.display_name.as_str(), format!("/desk/staff/{}", line.account)),
        Cell::text(line.login.as_str()),
        Cell::text(registry::identity::sessions::grant_label(
            line.role,
            line.admin,
            &line.label,
        )),
        state(line.state()).into(),
        Cell::Moment(line.granted_at.civil()),
    ])
}

async fn form(caller: &Caller) -> kernel::Result<Form> {
    let form = Form::post("/desk/staff/new", caller.csrf())
        .field(
            Field::text("display_name", "姓名或岗位")
                .hint("同事们认得的称呼，例如：李敏（人事科）。")
                .max(40)
                .required(),
        )
        .field(
            Field::text("login", "登录名")
                .hint("字母开头，3 到 40 个字母、数字、点、下划线或连字符。不要用身份证件号码或手机号码。")
                .autocomplete("off")
                .max(40)
                .required(),
        );
    Ok(bounds::fields(caller, form)
        .await?
        .submit("新建账号")
        .cancel("/desk/staff"))
}

fn form_page(caller: &Caller, title: &str, lead: &str, form: &Form) -> Reply {
    let page = caller
        .page(title)
        .lead(lead)
        .crumb("工作人员账号", "/desk/staff")
        .failed(form.failed());
    web::page(page, Html::of(form))
}

const NEW_LEAD: &str = "新建后得到一个激活码，请交给本人；本人用它自己设置密码。";

async fn new(caller: Caller) -> Reply {
    form_page(&caller, "新建工作人员账号", NEW_LEAD, &form(&caller).await?)
}

async fn create(caller: Caller, fields: Fields) -> Reply {
    let shown = form(&caller).await?.fill(fields.pairs());
    let result = async {
        let mut reader = fields.reader();
        let display_name = reader.text("display_name", "姓名或岗位", 2..=40);
        let login = fields.get("login").to_owned();
        reader.finish()?;
        let new = NewStaff {
            login,
            display_name,
            grant: bounds::read(&caller, &fields).await?,
        };
        staff::create(caller.ctx(), new).await
    }
    .await;
    match result {
        Ok((id, code)) => code_page(&caller, "账号已新建", &code, &format!("/desk/staff/{id}")),
        Err(error) => reform(error, |errors| {
            form_page(&caller, "新建工作人员账号", NEW_LEAD, &shown.errors(errors))
        }),
    }
}

/// The one page that ever shows a code.
fn code_page(caller: &Caller, title: &str, code: &ActivationCode, back: &str) -> Reply {
    let address = format!("{}/activate", caller.ctx().installation.public_url);
    let receipt = Receipt::new(&format!("{title}，激活码如下。"), &code.code)
        .number_label("激活码（只显示这一次）")
        .next(&format!("请把激活码当面或用可靠的方式交给 {} 本人。", code.login))
        .next(&format!("本人打开 {address}，输入激活码，自己设置密码。"))
        .next(&format!(
            "激活码在 {} 之前有效，只能用一次；之前发放的激活码已失效。",
            ui::format::moment(code.expires_at.civil())
        ))
        .action(Action::link("返回账号", back).primary());
    web::page(
        caller.page(title).crumb("工作人员账号", "/desk/staff"),
        Html::of(&receipt),
    )
}

async fn grant_form(caller: &Caller) -> kernel::Result<Form> {
    let form = Form::post("/desk/staff/grant", caller.csrf()).field(
        Field::text("login", "登录名")
            .hint("请向本人核对登录名。")
            .autocomplete("off")
            .max(40)
            .required(),
    );
    Ok(bounds::fields(caller, form)
        .await?
        .submit("授予角色")
        .cancel("/desk/staff"))
}

const GRANT_LEAD: &str = "一个人可以有几个角色，登录后自行切换；不必为同一个人再建账号。";

async fn new_grant(caller: Caller, asked: Listing) -> Reply {
    let typed = [("login", asked.get("login").unwrap_or_default())];
    form_page(
        &caller,
        "为已有账号授权",
        GRANT_LEAD,
        &grant_form(&caller).await?.fill(&typed),
    )
}

async fn give(caller: Caller, fields: Fields) -> Reply {
    let shown = grant_form(&caller).await?.fill(fields.pairs());
    let result = async {
        let grant = bounds::read(&caller, &fields).await?;
        staff::grant(caller.ctx(), fields.get("login"), grant).await
    }
    .await;
    match result {
        Ok(id) => redirect_saying(&caller, &format!("/desk/staff/{id}"), "角色已授予。"),
        Err(error) => reform(error, |errors| {
            form_page(&caller, "为已有账号授权", GRANT_LEAD, &shown.errors(errors))
        }),
    }
}

async fn show(caller: Caller, Key(id): Key<AccountRow>) -> Reply {
    let detail = staff::detail(caller.ctx(), id).await?;
    let account = &detail.account;
    let (state, lead) = match &account.standing {
        Account::Invited { .. } => (
            State::AwaitingActivation,
            "尚未激活：本人还没有用激活码设置密码。".to_owned(),
        ),
        Account::Active { .. } => (State::Active, "账号正常使用中。".to_owned()),
        Account::Ended { since, by } => (State::Ended, format!("账号已由 {by} 于 {since} 终止。")),
    };
    let page = caller
        .page(&account.display_name)
        .lead(&lead)
        .crumb("工作人员账号", "/desk/staff");
    let page = match &account.standing {
        Account::Ended { .. } => page,
        _ => with_deeds(&caller, page, &detail),
    };
    let mut facts = Summary::new()
        .fact("登录名", Cell::text(account.login.as_str()))
        .fact("状态", state);
    if let Some(until) = detail.code_until {
        facts = facts.fact("激活码", Cell::text(format!("已发放，{until} 之前有效")));
    }
    let mut body = Html::default();
    if let Some(until) = detail.paused_until {
        let alert = Alert::new(Tone::Warn, "登录暂停中").text(&format!(
            "连续输错密码，{until} 之后可以再试；重新发放激活码会立即解除。"
        ));
        body = body.and(&alert);
    }
    web::page(page, body.and(&facts).and(&grants_table(&caller, &detail.grants)))
}

fn with_deeds(caller: &Caller, page: ui::Page, detail: &Detail) -> ui::Page {
    let id = detail.account.id;
    let mut reissue = Action::post("重新发放激活码", &format!("/desk/staff/{id}/code"), caller.csrf());
    let mut end = Action::link("终止账号", &format!("/desk/staff/{id}/end")).danger();
    if let Some(reason) = &detail.out_of_reach {
        (reissue, end) = (reissue.missing(reason), end.missing(reason));
    }
    let grant = Action::link("授予角色", &format!("/desk/staff/grant?login={}", detail.account.login));
    page.action(reissue).other(grant).other(end)
}

fn grants_table(caller: &Caller, grants: &[Grant]) -> Table {
    let columns = [
        Column::main("role", "角色"),
        Column::tight("granted", "授权时间"),
        Column::new("by", "授权人"),
        Column::tight("state", "状态"),
        Column::tight("actions", "操作"),
    ];
    let actor = &caller.ctx().actor;
    let rows = grants.iter().map(|held| {
        let mine = permits::has(actor, Act::EndGrant) && granting::may_end(actor, &held.grant).is_ok();
        let (state, act) = match &held.ended {
            Some((at, by)) => (Cell::text(format!("{at} 由 {by} 终止")), Cell::Empty),
            None if mine => {
                let end = Action::link("终止", &format!("/desk/staff/grants/{}/end", held.id)).quiet();
                (State::Active.into(), Cell::Actions(vec![end]))
            }
            None => (State::Active.into(), Cell::Empty),
        };
        let granted = Cell::Moment(held.granted_at.civil());
        Row::new([
            Cell::text(held.label()),
            granted,
            Cell::text(held.granted_by.as_str()),
            state,
            act,
        ])
    });
    Table::new("角色", TableModel::new(columns, rows)).id("grants")
}

async fn reissue(caller: Caller, Key(id): Key<AccountRow>) -> Reply {
    let code = staff::reissue(caller.ctx(), id).await?;
    code_page(&caller, "激活码已重新发放", &code, &format!("/desk/staff/{id}"))
}
