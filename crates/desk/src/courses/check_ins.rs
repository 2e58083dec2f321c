//! 扫码签到: the provider's screen with a code that changes, and the person's confirmation on the phone.
//!
//! A scan is answered by a cookie (the ticket, which scripts cannot read and which is not in the address, so that it cannot
//! be sent on) and leads to the page of confirmation, past the sign-in if need be. Nothing is written before the person
//! confirms: opening an address changes nothing.

use std::collections::HashMap;

use axum::extract::Path;
use axum::response::IntoResponse as _;
use kernel::Error;
use kernel::id::{SessionId, SessionRow};
use learning::courses::{self, Screen, Ticket};
use rules::attendance::check_in::{Answer, TICKET_SECONDS};
use rules::permits::Act;
use ui::{Action, Alert, CodeScreen, Field, Form, Html, Receipt, Summary, Tone};
use web::{Caller, Cookies, Fields, Gate, Key, Reply, Routes, redirect, redirect_saying, reform_reading};

use super::shown;

/// Holds the ticket of whoever has seen a code.
const COOKIE: &str = "zhixin_check_in";

/// The pages.
pub(super) fn routes() -> Routes {
    let (run, own) = (Gate::Act(Act::MarkAttendance), Gate::Act(Act::CheckIn));
    Routes::new()
        .get("/desk/sessions/{id}/check-in", run, "扫码签到", show)
        .post("/desk/sessions/{id}/check-in", run, "开放扫码签到", open)
        .get("/desk/sessions/{id}/check-in/code", run, "签到码", code)
        .post("/desk/sessions/{id}/check-in/close", run, "结束扫码签到", close)
        .get("/check-in/{id}/{code}", Gate::Public, "扫描签到码", scan)
        .get("/check-in/{id}", own, "签到", confirm)
        .post("/check-in/{id}", own, "确认签到", check_in)
        .post("/check-in/{id}/code", own, "输入签到码", type_in)
}

fn address(id: SessionId) -> String {
    format!("/desk/sessions/{id}/check-in")
}

fn session_name(session: &courses::Session) -> String {
    format!("第 {} 课次 {}", session.position, session.plan.title)
}

/// The code as the room sees it; none while check-in is not open.
fn on_screen(caller: &Caller, screen: &Screen) -> Option<CodeScreen> {
    let (code, _) = screen.code.as_ref()?;
    let public = caller.app().installation.public_url.trim_end_matches('/');
    let scanned = format!("{public}/check-in/{}/{code}", screen.session.id);
    let svg = seal::qr_svg(&scanned).unwrap_or_default();
    let by_code = format!("其中扫码 {} 人", screen.checked_in);
    Some(CodeScreen {
        image: format!("data:image/svg+xml,{}", web::url_encode(&svg)),
        scanned,
        code: code.clone(),
        words: format!("已到 {} 人，共 {} 人；{by_code}。", screen.present, screen.seats),
        address: format!("{}/code", address(screen.session.id)),
        page: address(screen.session.id),
    })
}

async fn show(caller: Caller, Key(id): Key<SessionRow>) -> Reply {
    let screen = courses::check_in_screen(caller.ctx(), id).await?;
    let roll = format!("/desk/sessions/{id}/roll");
    let opens = shown::moment(screen.opens_at);
    let lead = match (&screen.code, screen.closed) {
        (Some(_), _) => format!("签到已开放，{opens} 起可以签到；签到码每 15 秒更换，请投影在教室里。"),
        (None, true) => "扫码签到已经结束；可以重新开放，或改用点名登记。".to_owned(),
        (None, false) => format!("还没有开放。开放后在教室里投影签到码，学员 {opens} 起可以签到。"),
    };
    let page = caller
        .page(&format!("扫码签到：{}", session_name(&screen.session)))
        .crumb("班次", "/desk/classes")
        .crumb(&screen.class.plan.title, &format!("/desk/classes/{}", screen.class.id))
        .crumb("点名", &roll)
        .lead(&lead)
        .other(Action::link("点名", &roll));
    let start = if screen.closed {
        "重新开放签到"
    } else {
        "开放签到"
    };
    let page = match screen.code {
        Some(_) => page.action(Action::post(
            "结束签到",
            &format!("{}/close", address(id)),
            caller.csrf(),
        )),
        None => page.action(Action::post(start, &address(id), caller.csrf())),
    };
    let note = Alert::new(Tone::Neutral, "扫码签到写入的就是点名册").text(
        "没有手机或签不上的，请直接点名；登记过请假、缺勤的人不能自己改成签到。一部手机在一个课次只能为一个人签到。",
    );
    let body = on_screen(&caller, &screen)
        .map(|code| Html::of(&code))
        .unwrap_or_default();
    web::page(page, body.and(&note))
}

/// The piece alone, as it asks for itself.
async fn code(caller: Caller, Key(id): Key<SessionRow>) -> Reply {
    let screen = courses::check_in_screen(caller.ctx(), id).await?;
    let over = Alert::new(Tone::Neutral, "扫码签到已经结束")
        .action(Action::link("回到点名", &format!("/desk/sessions/{id}/roll")));
    let piece = on_screen(&caller, &screen).map_or_else(|| Html::of(&over), |code| Html::of(&code));
    Ok(axum::response::Html(piece.to_string()).into_response())
}

async fn open(caller: Caller, Key(id): Key<SessionRow>) -> Reply {
    courses::open_check_in(caller.ctx(), id).await?;
    redirect_saying(&caller, &address(id), "签到已开放。")
}

async fn close(caller: Caller, Key(id): Key<SessionRow>) -> Reply {
    courses::close_check_in(caller.ctx(), id).await?;
    redirect_saying(&caller, &address(id), "签到已结束。")
}

/// The scan: the code for a ticket, then the page of confirmation.
async fn scan(caller: Caller, Key(id): Key<SessionRow>, Path(parts): Path<HashMap<String, String>>) -> Reply {
    let code = parts.get("code").map(String::as_str).unwrap_or_default();
    match courses::look(caller.ctx(), id, code).await {
        Ok(ticket) => hand_over(&caller, id, &ticket),
        Err(Error::Refused { sentence, .. }) => redirect_saying(&caller, &format!("/check-in/{id}"), &sentence),
        Err(error) => Err(error.into()),
    }
}

fn hand_over(caller: &Caller, id: SessionId, ticket: &Ticket) -> Reply {
    let mut reply = redirect(&format!("/check-in/{id}"))?;
    Cookies::set(&mut reply, (COOKIE, &ticket.write()), TICKET_SECONDS, caller.secure());
    Ok(reply)
}

/// For whoever types the code instead.
fn typing(caller: &Caller, id: SessionId) -> Form {
    Form::post(&format!("/check-in/{id}/code"), caller.csrf())
        .field(
            Field::text("code", "签到码")
                .hint("教室屏幕上的八个字母和数字，每 15 秒更换一次；大小写和空格不限。")
                .max(12)
                .required(),
        )
        .submit("继续")
}

async fn confirm(caller: Caller, Key(id): Key<SessionRow>, held: Cookies) -> Reply {
    let holds = held.get(COOKIE).is_some();
    confirm_page(&caller, id, holds, &typing(&caller, id)).await
}

async fn confirm_page(caller: &Caller, id: SessionId, holds: bool, form: &Form) -> Reply {
    let look = courses::before_check_in(caller.ctx(), id).await?;
    let plan = &look.session.plan;
    let until = plan.ends_at.civil();
    let facts = Summary::new()
        .fact("班次", look.class.as_str())
        .fact("课次", session_name(&look.session))
        .fact(
            "时间",
            format!("{}–{}", shown::moment(plan.starts_at), until.format("%H:%M")),
        )
        .fact(
            "地点",
            if plan.place.is_empty() {
                "线上"
            } else {
                plan.place.as_str()
            },
        );
    let page = caller.page("签到").crumb("我的班次", "/desk/my/classes");
    if holds && !form.failed() {
        let page = page
            .lead("签到码已扫描，请核对后确认；5 分钟内有效。")
            .action(Action::post("签到", &format!("/check-in/{id}"), caller.csrf()));
        return web::page(page, Html::of(&facts));
    }
    let page = page
        .lead("请扫描教室屏幕上的二维码，或在下面输入屏幕上的签到码。")
        .failed(form.failed());
    web::page(page, Html::of(&facts).and(form))
}

async fn type_in(caller: Caller, Key(id): Key<SessionRow>, fields: Fields) -> Reply {
    let looked = courses::look(caller.ctx(), id, fields.get("code")).await;
    let error = match looked {
        Ok(ticket) => return hand_over(&caller, id, &ticket),
        // What is wrong is the code: the sentence stands at its field.
        Err(Error::Refused { code, sentence, .. }) => Error::wrong("code", code, sentence),
        Err(error) => error,
    };
    let again = |errors| typing(&caller, id).fill(fields.pairs()).errors(errors);
    reform_reading(error, async |errors| {
        confirm_page(&caller, id, false, &again(errors)).await
    })
    .await
}

async fn check_in(caller: Caller, Key(id): Key<SessionRow>, held: Cookies) -> Reply {
    let ticket = held
        .get(COOKIE)
        .and_then(Ticket::read)
        .ok_or_else(rules::attendance::check_in::stale)?;
    let done = courses::check_in(caller.ctx(), id, &ticket, caller.browser()).await?;
    let (title, mark) = match done.answer {
        Answer::Marked(mark) => ("签到成功", mark),
        Answer::Already(mark) => ("您已经签到", mark),
    };
    let receipt = Receipt::new(title, mark.name())
        .number_label("登记为")
        .next(&format!("{}，{}。", done.class, shown::moment(done.at)))
        .next("登记有误的，请当场联系老师更正；结业前都可以更正。")
        .action(Action::link("我的班次", "/desk/my/classes"));
    let page = caller.page("签到").crumb("我的班次", "/desk/my/classes");
    web::page(page, Html::of(&receipt))
}
