//! Bearer tokens of systems: list, new (shown once), revoke.

use kernel::{Code as _, id::TokenRow};
use registry::identity::tokens::{self, Filter as Asked, Line, NewToken, State as Standing};
use rules::identity::TokenScope;
use rules::permits::Act;
use ui::{Action, Cell, Choice, Column, Field, Filter, Form, Html, Receipt, Row, State, Summary, Table};
use web::{Caller, Failure, Fields, Gate, Key, Listing, Reply, Routes, columns, redirect_saying, reform};

const KEEP: Gate = Gate::Act(Act::ManageTokens);

/// The pages.
pub(super) fn routes() -> Routes {
    Routes::new()
        .list("/desk/tokens", KEEP, "接口令牌", list)
        .get("/desk/tokens/new", KEEP, "新建接口令牌", new)
        .post("/desk/tokens/new", KEEP, "新建接口令牌", create)
        .get("/desk/tokens/{id}/revoke", KEEP, "撤销接口令牌前确认", ask)
        .post("/desk/tokens/{id}/revoke", KEEP, "撤销接口令牌", revoke)
}

fn state(standing: Standing) -> State {
    match standing {
        Standing::Valid => State::Active,
        Standing::Revoked => State::Revoked,
        Standing::Expired => State::Expired,
    }
}

async fn list(caller: Caller, listing: Listing) -> Reply {
    let now = caller.ctx().now();
    let new = || Action::link("新建令牌", "/desk/tokens/new");
    let states = [
        ("valid", State::Active),
        ("revoked", State::Revoked),
        ("expired", State::Expired),
    ];
    let page = caller
        .page("接口令牌")
        .lead("其他系统用令牌调用接口，权限不超过所属账号的角色。令牌只在新建时显示一次。")
        .action(new());
    let table = Table::new(
        "接口令牌",
        columns([
            Column::main("label", "名称").sortable(),
            Column::new("scopes", "用途"),
            Column::new("login", "账号").sortable(),
            Column::tight("state", "状态"),
            Column::tight("created", "新建时间").sortable(),
            Column::tight("used", "最近使用").sortable(),
            Column::tight("expires", "有效期至"),
            Column::tight("actions", "操作"),
        ]),
    )
    .filter(Filter::search("名称、账号"))
    .filter(Filter::select(
        "state",
        "状态",
        states.map(|(code, state)| Choice::new(code, state.label())),
    ))
    .sorted_by("-created")
    .when_empty("还没有接口令牌。", Some(new()));
    let standing = match listing.get("state") {
        Some("valid") => Some(Standing::Valid),
        Some("revoked") => Some(Standing::Revoked),
        Some("expired") => Some(Standing::Expired),
        _ => None,
    };
    let asked = Asked {
        words: listing.words(),
        state: standing,
        now,
    };
    let row = |line: &Line| {
        let standing = line.state(now);
        let path = format!("/desk/tokens/{}/revoke", line.id);
        let revoke = (standing == Standing::Valid).then(|| Cell::Actions(vec![Action::link("撤销", &path).quiet()]));
        let moment = |at: Option<kernel::Time>| at.map_or(Cell::Empty, |at| Cell::Moment(at.civil()));
        Row::new([
            Cell::text(line.label.as_str()),
            Cell::text(scopes(line)),
            Cell::stack(line.login.as_str(), "", line.role.as_str()),
            state(standing).into(),
            Cell::Moment(line.created_at.civil()),
            moment(line.used_at),
            moment(line.expires_at),
            revoke.unwrap_or_default(),
        ])
    };
    web::list(
        &caller,
        &listing,
        page,
        table,
        async |window| tokens::list(caller.ctx(), &asked, &window).await,
        row,
    )
    .await
}

fn scopes(line: &Line) -> String {
    line.scopes
        .iter()
        .map(|scope| scope.name())
        .collect::<Vec<_>>()
        .join("、")
}

fn form(caller: &Caller) -> Form {
    let scopes = TokenScope::ALL
        .iter()
        .map(|scope| Choice::new(scope.code(), scope.name()));
    Form::post("/desk/tokens/new", caller.csrf())
        .field(
            Field::text("label", "名称")
                .hint("哪个系统使用，例如：人事系统。")
                .max(40)
                .required(),
        )
        .field(
            Field::checkboxes("scope", "用途", scopes)
                .hint("只选需要的；令牌按您当前的角色和范围办理。")
                .required(),
        )
        .submit("新建令牌")
        .cancel("/desk/tokens")
}

fn form_page(caller: &Caller, form: &Form) -> Reply {
    let page = caller
        .page("新建接口令牌")
        .crumb("接口令牌", "/desk/tokens")
        .failed(form.failed());
    web::page(page, Html::of(form))
}

async fn new(caller: Caller) -> Reply {
    form_page(&caller, &form(&caller))
}

async fn create(caller: Caller, fields: Fields) -> Reply {
    let signed = caller.signed_in().ok_or_else(Failure::signed_out)?;
    let account = caller.ctx().actor.account.ok_or_else(Failure::signed_out)?;
    let result = async {
        let mut reader = fields.reader();
        let label = reader.text("label", "名称", 2..=40);
        reader.finish()?;
        let scopes = fields
            .all("scope")
            .into_iter()
            .filter_map(TokenScope::from_code)
            .collect();
        tokens::create(
            caller.ctx(),
            NewToken {
                account,
                grant: Some(signed.grant),
                label,
                scopes,
            },
        )
        .await
    }
    .await;
    match result {
        Ok(token) => {
            let receipt = Receipt::new("令牌已新建，内容如下。", &token)
                .number_label("接口令牌（只显示这一次）")
                .next("请立即复制到使用它的系统，并妥善保管；平台不保存令牌原文。")
                .next("调用接口时放在请求头：Authorization: Bearer 令牌。")
                .next("不再使用或疑似泄露时，请立即撤销。")
                .action(Action::link("返回接口令牌", "/desk/tokens").primary());
            web::page(
                caller.page("令牌已新建").crumb("接口令牌", "/desk/tokens"),
                Html::of(&receipt),
            )
        }
        Err(error) => reform(error, |errors| {
            form_page(&caller, &form(&caller).fill(fields.pairs()).errors(errors))
        }),
    }
}

async fn ask(caller: Caller, Key(id): Key<TokenRow>) -> Reply {
    let line = tokens::load(caller.ctx(), id).await?;
    ask_page(&caller, &line, Vec::new())
}

fn ask_page(caller: &Caller, line: &Line, errors: Vec<(String, String)>) -> Reply {
    let form = Form::post(&format!("/desk/tokens/{}/revoke", line.id), caller.csrf())
        .submit_danger("撤销令牌")
        .cancel("/desk/tokens")
        .errors(errors);
    let facts = Summary::new()
        .fact("名称", Cell::text(line.label.as_str()))
        .fact("用途", Cell::text(scopes(line)))
        .fact("账号", Cell::text(line.login.as_str()));
    let page = caller
        .page("撤销接口令牌")
        .lead("撤销后，使用它的系统立即不能再调用接口；撤销不能恢复。")
        .crumb("接口令牌", "/desk/tokens")
        .failed(form.failed());
    web::page(page, Html::of(&facts).and(&form))
}

async fn revoke(caller: Caller, Key(id): Key<TokenRow>) -> Reply {
    let line = tokens::load(caller.ctx(), id).await?;
    match tokens::revoke(caller.ctx(), id).await {
        Ok(()) => redirect_saying(&caller, "/desk/tokens", "令牌已撤销。"),
        Err(error) => reform(error, |errors| ask_page(&caller, &line, errors)),
    }
}
