//! One's own account: who one is here, where one is signed in, the password.

use registry::identity::passwords::{self, Change};
use registry::identity::sessions::{self, Line};
use ui::{Action, Cell, Column, Field, Form, Html, Row, State, Summary, Table, TableModel};
use web::{Caller, Failure, Fields, Gate, Key, Reply, Routes, redirect_saying, reform};

/// The pages.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/account", Gate::SignedIn, "账号与安全", show)
        .post("/account/password", Gate::SignedIn, "修改密码", change_password)
        .post(
            "/account/sessions/others",
            Gate::SignedIn,
            "退出其他会话",
            revoke_others,
        )
        .post("/account/sessions/{id}/revoke", Gate::SignedIn, "退出会话", revoke)
}

fn form(caller: &Caller) -> Form {
    Form::post("/account/password", caller.csrf())
        .section_with_hint("修改密码", "修改后，其他地方已登录的会话会全部退出。")
        .field(Field::password("current", "当前密码").required())
        .field(
            Field::new_password("password", "新密码")
                .hint("至少 10 个字符，可以是一句自己记得住的话。")
                .required(),
        )
        .field(Field::new_password("again", "再输入一次").required())
        .submit("修改密码")
        .unguarded()
}

async fn show(caller: Caller) -> Reply {
    let lines = sessions::list_own(caller.ctx()).await?;
    page(&caller, &lines, &form(&caller))
}

fn page(caller: &Caller, lines: &[Line], form: &Form) -> Reply {
    let signed = caller.signed_in().ok_or_else(Failure::signed_out)?;
    let lead = match lines.len() {
        0 | 1 => "您只在这里登录。".to_owned(),
        several => format!("您在 {several} 处登录；不认识的请立即退出，并修改密码。"),
    };
    let roles: Vec<&str> = signed.grants.iter().map(|held| held.label.as_str()).collect();
    let facts = Summary::new()
        .fact("登录名", Cell::text(caller.ctx().actor.label.as_str()))
        .fact("姓名或岗位", Cell::text(signed.display_name.as_str()))
        .fact("角色", Cell::text(roles.join("；")))
        .why("角色由本单位管理员或上级单位授予；有多个角色时，可在页面右上角切换。");
    let table = sessions_table(caller, signed.session, lines);
    let body = Html::of(&facts).and(&table).and(form);
    web::page(caller.page("账号与安全").lead(&lead).failed(form.failed()), body)
}

fn sessions_table(caller: &Caller, current: i64, lines: &[Line]) -> Table {
    let columns = [
        Column::main("agent", "设备"),
        Column::new("role", "角色"),
        Column::tight("created", "登录时间"),
        Column::tight("seen", "最近使用"),
        Column::tight("expires", "最迟退出"),
        Column::tight("actions", "操作"),
    ];
    let rows = lines.iter().map(|line| {
        let act = if line.id == current {
            Cell::State(State::Active)
        } else {
            let path = format!("/account/sessions/{}/revoke", line.id);
            Cell::Actions(vec![Action::post("退出", &path, caller.csrf()).quiet()])
        };
        let device = if line.id == current {
            format!("{}（当前）", device(&line.agent))
        } else {
            device(&line.agent)
        };
        Row::new([
            Cell::text(device),
            Cell::text(line.role.as_str()),
            Cell::Moment(line.created_at.civil()),
            Cell::Moment(line.seen_at.civil()),
            Cell::Moment(line.expires_at.civil()),
            act,
        ])
    });
    let table = Table::new("已登录的会话", TableModel::new(columns, rows)).id("sessions");
    if lines.len() > 1 {
        return table.tool(Action::post(
            "退出其他全部会话",
            "/account/sessions/others",
            caller.csrf(),
        ));
    }
    table
}

/// What a person calls the device: browser and system, as far as the browser's description tells.
fn device(agent: &str) -> String {
    let find = |words: &[(&str, &'static str)]| {
        words
            .iter()
            .find(|(mark, _)| agent.contains(mark))
            .map(|(_, word)| *word)
    };
    let browser = find(&[
        ("MicroMessenger", "微信"),
        ("Edg/", "Edge"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = find(&[
        ("HarmonyOS", "鸿蒙"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (None, None) => "未知设备".to_owned(),
        (browser, system) => [browser, system].into_iter().flatten().collect::<Vec<_>>().join(" · "),
    }
}

async fn change_password(caller: Caller, fields: Fields) -> Reply {
    let signed = caller.signed_in().ok_or_else(Failure::signed_out)?;
    let lines = sessions::list_own(caller.ctx()).await?;
    let change = Change {
        current: fields.raw("current").to_owned(),
        password: fields.raw("password").to_owned(),
        again: fields.raw("again").to_owned(),
    };
    match passwords::change(caller.ctx(), signed.session, &change).await {
        Ok(()) => redirect_saying(&caller, "/account", "密码已修改，其他会话已退出。"),
        Err(error) => reform(error, |errors| page(&caller, &lines, &form(&caller).errors(errors))),
    }
}

async fn revoke(caller: Caller, Key(id): Key<()>) -> Reply {
    sessions::revoke(caller.ctx(), id.get()).await?;
    redirect_saying(&caller, "/account", "该会话已退出。")
}

async fn revoke_others(caller: Caller) -> Reply {
    let signed = caller.signed_in().ok_or_else(Failure::signed_out)?;
    let ended = sessions::revoke_others(caller.ctx(), signed.session).await?;
    redirect_saying(&caller, "/account", &format!("已退出其他 {ended} 个会话。"))
}

#[cfg(test)]
mod tests {
    use super::device;

    #[test]
    fn a_device_is_named_by_browser_and_system() {
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36 Edg/126.0";
        assert_eq!(device(edge), "Edge · Windows");
        assert_eq!(
            device("Mozilla/5.0 (Linux; Android 14) Chrome/126.0 Mobile MicroMessenger/8.0"),
            "微信 · Android"
        );
        assert_eq!(device("curl/8.0"), "未知设备");
    }
}
