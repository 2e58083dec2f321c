//! Signing in, signing out, activation, switching between roles.

use axum::http::{HeaderMap, StatusCode, header};
use kernel::Error;
use registry::identity::{Credentials, activation, activation::Activation, login, logout, switch_role};
use ui::{Action, Alert, Field, Form, Html, Receipt, Tone};
use web::{Caller, Fields, Gate, Listing, Reply, Routes, redirect, redirect_saying, reform};

/// The pages. Signing out is open to all: a session that is over already must not end in a refusal.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/login", Gate::Public, "登录", show)
        .post("/login", Gate::Public, "登录", sign_in)
        .post("/logout", Gate::Public, "退出登录", sign_out)
        .get("/activate", Gate::Public, "激活账号", show_activation)
        .post("/activate", Gate::Public, "设置密码", activate)
        .post("/session/role", Gate::SignedIn, "切换角色", switch)
}

/// Where to go after signing in: only pages of ours, and none that would sign in or out again.
fn destination(next: &str) -> &str {
    let ours = next.starts_with('/') && !next.starts_with("//") && !next.contains(['\\', '\r', '\n']);
    let loops = ["/login", "/logout", "/activate"]
        .iter()
        .any(|page| next.starts_with(page));
    if ours && !loops { next } else { "/desk" }
}

fn form(caller: &Caller, next: &str) -> Form {
    Form::post("/login", caller.csrf())
        .field(Field::hidden("next", destination(next)))
        .field(
            Field::text("username", "登录名")
                .max(60)
                .width(ui::Width::Medium)
                .autocomplete("username")
                .autofocus()
                .required(),
        )
        .field(Field::password("password", "密码").required())
        .submit("登录")
        .unguarded()
}

fn page(caller: &Caller, form: &Form) -> Reply {
    let page = caller.page("登录").failed(form.failed()).description("登录知新平台。");
    let help = Alert::new(Tone::Neutral, "第一次使用，或忘记密码？")
        .text("请联系本单位管理员重新发放激活码，用激活码设置新的密码。连续 5 次密码错误后，该登录名暂停登录 15 分钟。")
        .action(Action::link("使用激活码", "/activate"))
        .action(Action::link("个人注册", "/register"));
    web::portal_page(page, Html::of(form).and(&help))
}

async fn show(caller: Caller, asked: Listing) -> Reply {
    let next = asked.get("next").unwrap_or("/desk");
    if caller.signed_in().is_some() {
        return redirect(destination(next));
    }
    page(&caller, &form(&caller, next))
}

async fn sign_in(caller: Caller, headers: HeaderMap, fields: Fields) -> Reply {
    let given = Credentials {
        login: fields.get("username").to_owned(),
        password: fields.raw("password").to_owned(),
        agent: headers
            .get(header::USER_AGENT)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_owned(),
        address: caller.address(),
    };
    match login(caller.ctx(), &given).await {
        Ok(begun) => {
            if let Some(signed) = caller.signed_in() {
                logout(caller.ctx(), signed.session).await?;
            }
            let mut reply = redirect(destination(fields.get("next")))?;
            web::set_session(reply.headers_mut(), &begun.token, caller.secure());
            Ok(reply)
        }
        Err(error) => refused(error, |errors| {
            page(
                &caller,
                &form(&caller, fields.get("next")).fill(fields.pairs()).errors(errors),
            )
        }),
    }
}

/// A refused sign-in or code, shown at its form with the status that programs expect: 429 while paused, 422 otherwise.
fn refused(error: Error, show: impl FnOnce(Vec<(String, String)>) -> Reply) -> Reply {
    let status = match &error {
        Error::Refused { code, .. } if *code == "identity.locked" || code.starts_with("throttle.") => {
            StatusCode::TOO_MANY_REQUESTS
        }
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let mut reply = reform(error, show)?;
    *reply.status_mut() = status;
    Ok(reply)
}

async fn sign_out(caller: Caller) -> Reply {
    if let Some(signed) = caller.signed_in() {
        logout(caller.ctx(), signed.session).await?;
    }
    let mut reply = redirect_saying(&caller, "/", "已退出登录。")?;
    web::clear_session(reply.headers_mut(), caller.secure());
    Ok(reply)
}

fn activation_form(caller: &Caller) -> Form {
    Form::post("/activate", caller.csrf())
        .field(
            Field::text("code", "激活码")
                .hint(
                    "管理员发给您的 7 组字符，例如 9F3K-7Q2M-…。大小写、空格和连字符都可以。30 天内有效，只能用一次。",
                )
                .autocomplete("one-time-code")
                .max(60)
                .autofocus()
                .required(),
        )
        .field(
            Field::new_password("password", "设置密码")
                .hint("至少 10 个字符，可以是一句自己记得住的话。不能包含登录名，不能是连续、重复的字符或常见密码。")
                .required(),
        )
        .field(Field::new_password("again", "再输入一次").required())
        .submit("设置密码并激活")
        .unguarded()
}

fn activation_page(caller: &Caller, form: &Form) -> Reply {
    let page = caller
        .page("激活账号")
        .lead("用激活码设置自己的密码。平台不会替您设置密码，也不会向您索要密码。")
        .crumb("登录", "/login")
        .failed(form.failed());
    let help = Alert::new(Tone::Neutral, "没有激活码，或激活码已失效？")
        .text("请联系本单位管理员重新发放激活码；单位管理员的激活码由所在区或市级牵头部门发放。");
    web::portal_page(page, Html::of(form).and(&help))
}

async fn show_activation(caller: Caller) -> Reply {
    activation_page(&caller, &activation_form(&caller))
}

async fn activate(caller: Caller, fields: Fields) -> Reply {
    let given = Activation {
        code: fields.get("code").to_owned(),
        password: fields.raw("password").to_owned(),
        again: fields.raw("again").to_owned(),
        address: caller.address(),
    };
    match activation::use_code(caller.ctx(), &given).await {
        Ok(login) => {
            let receipt = Receipt::new("密码已设置，账号可以使用了。", &login)
                .number_label("您的登录名")
                .next("请记住登录名，用它和刚才设置的密码登录。")
                .next("其他地方已登录的会话都已退出。")
                .action(Action::link("去登录", "/login").primary());
            web::portal_page(caller.page("激活完成"), Html::of(&receipt))
        }
        Err(error) => refused(error, |errors| {
            activation_page(&caller, &activation_form(&caller).fill(fields.pairs()).errors(errors))
        }),
    }
}

async fn switch(caller: Caller, fields: Fields) -> Reply {
    let grant = fields.get("role").parse().map_err(|_| Error::NotFound)?;
    let signed = caller.signed_in().ok_or(Error::NotFound)?;
    switch_role(caller.ctx(), signed.session, grant).await?;
    let label = signed
        .grants
        .iter()
        .find(|held| held.id == grant)
        .map_or("", |held| held.label.as_str());
    redirect_saying(&caller, "/desk", &format!("已切换为“{label}”。"))
}

#[cfg(test)]
mod tests {
    use super::destination;

    #[test]
    fn signing_in_leads_to_our_own_pages_only() {
        assert_eq!(destination("/desk/people?q=%E7%8E%8B"), "/desk/people?q=%E7%8E%8B");
        for elsewhere in [
            "",
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "/login?next=/login",
            "/logout",
            "/a\r\nx",
        ] {
            assert_eq!(destination(elsewhere), "/desk", "{elsewhere}");
        }
    }
}
