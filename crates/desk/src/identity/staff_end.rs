//! Ending a role or an account: a page that says what ends with it, and asks why.

use kernel::Error;
use kernel::id::{AccountRow, GrantRow};
use registry::identity::accounts::Account;
use registry::identity::grants::Grant;
use registry::identity::staff::{self, Detail};
use rules::permits::Act;
use ui::{Alert, Cell, Field, Form, Html, Summary, Tone};
use web::{Caller, Fields, Gate, Key, Reply, Routes, redirect_saying, reform};

/// The pages.
pub(super) fn routes() -> Routes {
    let end = Gate::Act(Act::EndGrant);
    Routes::new()
        .get("/desk/staff/grants/{id}/end", end, "终止角色前确认", ask_grant)
        .post("/desk/staff/grants/{id}/end", end, "终止角色", end_grant)
        .get("/desk/staff/{id}/end", end, "终止账号前确认", ask_account)
        .post("/desk/staff/{id}/end", end, "终止账号", end_account)
}

fn form(caller: &Caller, action: &str, label: &str, back: &str) -> Form {
    Form::post(action, caller.csrf())
        .field(
            Field::text("reason", "原因")
                .hint("会记入审计记录，例如：调离岗位。")
                .max(200)
                .required(),
        )
        .submit_danger(label)
        .cancel(back)
}

fn reason(fields: &Fields) -> kernel::Result<String> {
    let mut reader = fields.reader();
    let reason = reader.text("reason", "原因", 2..=200);
    reader.finish()?;
    Ok(reason)
}

async fn ask_grant(caller: Caller, Key(id): Key<GrantRow>) -> Reply {
    let (account, grant) = staff::load_grant(caller.ctx(), id).await?;
    grant_page(&caller, &account, &grant, |form| form)
}

fn grant_page(caller: &Caller, account: &Account, grant: &Grant, fill: impl FnOnce(Form) -> Form) -> Reply {
    let back = format!("/desk/staff/{}", account.id);
    let form = fill(form(
        caller,
        &format!("/desk/staff/grants/{}/end", grant.id),
        "终止角色",
        &back,
    ));
    let page = caller
        .page("终止角色")
        .lead("终止后不能恢复，需要时请重新授予。")
        .crumb("工作人员账号", "/desk/staff")
        .crumb(&account.display_name, &back)
        .failed(form.failed());
    let facts = Summary::new()
        .fact("账号", called(account))
        .fact("角色", Cell::text(grant.label()));
    let alert = Alert::new(Tone::Warn, "同时结束")
        .text("在这个角色下登录的会话会立即退出，为它建立的接口令牌立即失效。账号的其他角色不受影响。");
    web::page(page, Html::of(&facts).and(&alert).and(&form))
}

async fn end_grant(caller: Caller, Key(id): Key<GrantRow>, fields: Fields) -> Reply {
    let (account, grant) = staff::load_grant(caller.ctx(), id).await?;
    let result = async { staff::end_grant(caller.ctx(), id, &reason(&fields)?).await }.await;
    match result {
        Ok(account) => redirect_saying(&caller, &format!("/desk/staff/{account}"), "角色已终止。"),
        Err(error) => reform(error, |errors| {
            grant_page(&caller, &account, &grant, |form| {
                form.fill(fields.pairs()).errors(errors)
            })
        }),
    }
}

async fn ask_account(caller: Caller, Key(id): Key<AccountRow>) -> Reply {
    let detail = staff::detail(caller.ctx(), id).await?;
    account_page(&caller, detail, |form| form)
}

fn account_page(caller: &Caller, detail: Detail, fill: impl FnOnce(Form) -> Form) -> Reply {
    let Detail {
        account,
        grants,
        out_of_reach,
        ..
    } = detail;
    if let Some(reason) = out_of_reach {
        return Err(Error::Forbidden(reason).into());
    }
    let back = format!("/desk/staff/{}", account.id);
    let form = fill(form(caller, &format!("{back}/end"), "终止账号", &back));
    let page = caller
        .page("终止账号")
        .lead("终止后不能恢复；此人回来时请另建账号。")
        .crumb("工作人员账号", "/desk/staff")
        .crumb(&account.display_name, &back)
        .failed(form.failed());
    let roles: Vec<String> = grants
        .iter()
        .filter(|held| held.ended.is_none())
        .map(Grant::label)
        .collect();
    let facts = Summary::new()
        .fact("账号", called(&account))
        .fact("角色", Cell::text(roles.join("；")));
    let alert = Alert::new(Tone::Warn, "同时结束")
        .text("账号的所有角色、会话、接口令牌和未使用的激活码。此人办过的事项和审计记录都保留。");
    web::page(page, Html::of(&facts).and(&alert).and(&form))
}

fn called(account: &Account) -> Cell {
    Cell::text(format!("{}（{}）", account.display_name, account.login))
}

async fn end_account(caller: Caller, Key(id): Key<AccountRow>, fields: Fields) -> Reply {
    let detail = staff::detail(caller.ctx(), id).await?;
    let result = async { staff::end_account(caller.ctx(), id, &reason(&fields)?).await }.await;
    match result {
        Ok(()) => redirect_saying(&caller, &format!("/desk/staff/{id}"), "账号已终止。"),
        Err(error) => reform(error, |errors| {
            account_page(&caller, detail, |form| form.fill(fields.pairs()).errors(errors))
        }),
    }
}
