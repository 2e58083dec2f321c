//! 年度关账: the years of the ledger, the preview before one is closed, opening one again.

use chrono::Datelike;
use kernel::{Date, Error, id::YearRow};
use learning::credits::closing::{self, Year};
use learning::credits::reminders;
use oversight::reports::{self, YearOutlook};
use rules::credits::{LATE_DAYS, YearState};
use rules::permits::Act;
use ui::{
    Action, Alert, Cell, Column, Field, Figure, Figures, Form, Html, Row, State, Table, TableModel, Tone, format,
};
use web::{Caller, Fields, Gate, Key, Reply, Routes, redirect_saying, reform};

/// How many years the page offers.
const SHOWN: i32 = 6;

/// The pages.
#[must_use]
pub fn routes() -> Routes {
    let gate = Gate::Act(Act::CloseYear);
    Routes::new()
        .get("/desk/years", gate, "年度关账", list)
        .get("/desk/years/{id}/close", gate, "关账前核对", preview)
        .post("/desk/years/{id}/close", gate, "确认关账", close)
        .get("/desk/years/{id}/reopen", gate, "重新开账", ask_reopening)
        .post("/desk/years/{id}/reopen", gate, "确认重新开账", reopen)
        .get("/desk/reminders", Gate::Act(Act::SetParameters), "学时提醒日", ask_days)
        .post(
            "/desk/reminders",
            Gate::Act(Act::SetParameters),
            "保存学时提醒日",
            set_days,
        )
}

pub(super) fn state(state: &YearState) -> State {
    match state {
        YearState::Open => State::YearOpen,
        YearState::Closed { .. } => State::YearClosed,
        YearState::Reopened { .. } => State::YearReopened,
    }
}

async fn list(caller: Caller) -> Reply {
    let ctx = caller.ctx();
    let this_year = ctx.today().year();
    let mut tx = ctx.db.read().await?;
    let mut years = Vec::new();
    for year in (rules::plans::FIRST_YEAR.max(this_year - SHOWN + 1)..=this_year).rev() {
        years.push(closing::year(&mut tx, year).await?);
    }
    drop(tx);
    let open = years
        .iter()
        .filter(|year| year.year < this_year && year.state.closed_at().is_none())
        .count();
    let lead = match open {
        0 => "已经结束的年度都已关账。".to_owned(),
        open => format!("{open} 个已经结束的年度还没有关账。关账后学时不再变动，更正须有决定和理由，并单独标出。"),
    };
    let heads = [
        Column::main("year", "学时年度"),
        Column::tight("state", "状态"),
        Column::new("since", "说明"),
        Column::tight("deed", "操作"),
    ];
    let rows: Vec<Row> = years.iter().map(|year| row(year, this_year)).collect();
    let table = Table::new("学时年度", TableModel::new(heads, rows)).id("years");
    let page = caller
        .page("年度关账")
        .lead(&lead)
        .other(Action::link("设定学时提醒日", "/desk/reminders"));
    web::page(page, Html::of(&table))
}

fn row(year: &Year, this_year: i32) -> Row {
    let since = match &year.state {
        YearState::Open if year.year >= this_year => "年度进行中，结束后才能关账".to_owned(),
        YearState::Open => "可以关账".to_owned(),
        YearState::Closed { at, late_until } => {
            format!("{} 关账，补录至 {}", format::date(at.date()), format::date(*late_until))
        }
        YearState::Reopened { at, reason } => format!("{} 重新开账：{reason}", format::date(at.date())),
    };
    let deed = match &year.state {
        _ if year.year >= this_year => Cell::Empty,
        YearState::Closed { .. } => Cell::Actions(vec![
            Action::link("重新开账", &format!("/desk/years/{}/reopen", year.year)).quiet(),
        ]),
        _ => Cell::Actions(vec![
            Action::link("核对并关账", &format!("/desk/years/{}/close", year.year)).quiet(),
        ]),
    };
    let state = if year.year >= this_year {
        State::InProgress
    } else {
        state(&year.state)
    };
    Row::new([
        Cell::text(format!("{} 年", year.year)),
        state.into(),
        Cell::text(since),
        deed,
    ])
}

/// The year of an address.
fn year_of(Key(id): &Key<YearRow>) -> kernel::Result<i32> {
    i32::try_from(id.get()).map_err(|_| Error::NotFound)
}

async fn load(caller: &Caller, which: i32) -> kernel::Result<Year> {
    let mut tx = caller.ctx().db.read().await?;
    closing::year(&mut tx, which).await
}

fn closing_form(caller: &Caller, year: &Year) -> Form {
    let proposed = caller.ctx().today() + chrono::TimeDelta::days(LATE_DAYS);
    Form::post(&format!("/desk/years/{}/close", year.year), caller.csrf())
        .field(Field::hidden("version", &year.version.to_string()))
        .field(
            Field::date("late_until", "补录截止日")
                .hint("截止日当天及之前，迟到的学时仍可记入并标为关账后更正；之后只接受异议决定和冲正。没有找到本市规定，由牵头部门确定。")
                .value(proposed.to_string())
                .required(),
        )
        .submit("确认关账")
        .cancel("/desk/years")
}

fn closing_page(caller: &Caller, year: &Year, outlook: &YearOutlook, form: &Form) -> Reply {
    let (figure, number) = (&outlook.figure, format::number);
    let lead = format!(
        "{} 年度共 {} 人 {}，关账后这些学时不再变动。请核对后确认。",
        year.year,
        number(figure.people),
        format::wan_of(figure.activities, "人次")
    );
    let page = caller
        .page(&format!("{} 年度关账前核对", year.year))
        .crumb("年度关账", "/desk/years")
        .lead(&lead)
        .failed(form.failed());
    let figures = Figures::new([
        Figure::new("记有学时的人员", number(figure.people), "人"),
        Figure::new("学时合计", kernel::Hours::hundredths(figure.hours).to_string(), "学时"),
        Figure::new("已结束未结业的班次", number(outlook.unfinished_classes), "个")
            .note(&format!("涉及 {} 人", number(outlook.people_waiting)))
            .tone(if outlook.unfinished_classes > 0 {
                Tone::Warn
            } else {
                Tone::Good
            })
            .href("/desk/classes?phase=awaiting_result"),
    ]);
    let note = if outlook.unfinished_classes > 0 {
        Alert::new(Tone::Warn, "还有班次没有结业").text(&format!(
            "{} 个班次已经结束但没有结业，补录截止日之后将不能再记入学时。请先催办，或把补录截止日定得晚一些。",
            outlook.unfinished_classes
        ))
    } else {
        Alert::new(Tone::Good, "没有未结业的班次").text("本年度已经结束的班次都已结业。")
    };
    let as_of = outlook.as_of.map_or_else(
        || "学时合计正在汇总，几分钟后可见。".to_owned(),
        |at| format!("学时合计截至 {}。", format::moment(at.civil())),
    );
    web::page(
        page,
        Html::of(&figures)
            .and(&note)
            .and(&Html::paragraphs([as_of.as_str()]))
            .and(form),
    )
}

async fn preview(caller: Caller, key: Key<YearRow>) -> Reply {
    let year = load(&caller, year_of(&key)?).await?;
    // Says why at once, when it cannot be closed at all.
    year.state.close(year.year, caller.ctx().now(), caller.ctx().today())?;
    let outlook = reports::year_outlook(caller.ctx(), year.year).await?;
    closing_page(&caller, &year, &outlook, &closing_form(&caller, &year))
}

async fn close(caller: Caller, key: Key<YearRow>, fields: Fields) -> Reply {
    let which = year_of(&key)?;
    let result = async {
        let mut read = fields.reader();
        let late_until: Option<Date> = read.date("late_until", "补录截止日");
        read.finish()?;
        let version = fields.get("version").parse().map_err(|_| Error::Stale)?;
        closing::close(caller.ctx(), which, version, late_until.unwrap_or_default()).await
    }
    .await;
    match result {
        Ok(()) => redirect_saying(
            &caller,
            "/desk/years",
            &format!("{which} 年度已关账，已通知各单位和个人。"),
        ),
        Err(error) => {
            let year = load(&caller, which).await?;
            let outlook = reports::year_outlook(caller.ctx(), which).await?;
            reform(error, |errors| {
                let form = closing_form(&caller, &year).fill(fields.pairs()).errors(errors);
                closing_page(&caller, &year, &outlook, &form)
            })
        }
    }
}

fn reopening_page(caller: &Caller, year: &Year, form: &Form) -> Reply {
    let page = caller
        .page(&format!("重新打开 {} 年度", year.year))
        .crumb("年度关账", "/desk/years")
        .lead("重新开账后，任何来源的学时都可以再记入这个年度，直到再次关账。一般更正不需要重新开账：冲正和异议决定可以直接记入。")
        .failed(form.failed());
    web::page(page, Html::of(form))
}

fn reopening_form(caller: &Caller, year: &Year) -> Form {
    Form::post(&format!("/desk/years/{}/reopen", year.year), caller.csrf())
        .field(Field::hidden("version", &year.version.to_string()))
        .field(
            Field::textarea("reason", "重新开账的原因")
                .hint("4 到 200 个字，写入审计记录。")
                .rows(3)
                .required(),
        )
        .submit_danger("确认重新开账")
        .cancel("/desk/years")
}

async fn ask_reopening(caller: Caller, key: Key<YearRow>) -> Reply {
    let year = load(&caller, year_of(&key)?).await?;
    year.state.reopen(year.year, caller.ctx().now(), "只看能否重新开账")?;
    reopening_page(&caller, &year, &reopening_form(&caller, &year))
}

async fn reopen(caller: Caller, key: Key<YearRow>, fields: Fields) -> Reply {
    let which = year_of(&key)?;
    let version = fields.get("version").parse().map_err(|_| Error::Stale)?;
    match closing::reopen(caller.ctx(), which, version, fields.get("reason")).await {
        Ok(()) => redirect_saying(&caller, "/desk/years", &format!("{which} 年度已重新开账。")),
        Err(error) => {
            let year = load(&caller, which).await?;
            reform(error, |errors| {
                let form = reopening_form(&caller, &year).fill(fields.pairs()).errors(errors);
                reopening_page(&caller, &year, &form)
            })
        }
    }
}

fn days_form(caller: &Caller) -> Form {
    Form::post("/desk/reminders", caller.csrf())
        .field(
            Field::text("days", "年底前多少天提醒")
                .hint("1 到 8 个天数，用顿号分开，例如 90、60、30、7。没有规定，由牵头部门设定。")
                .max(60)
                .required(),
        )
        .submit("保存")
        .cancel("/desk/years")
}

fn days_page(caller: &Caller, form: &Form) -> Reply {
    let page = caller
        .page("学时提醒")
        .crumb("年度关账", "/desk/years")
        .lead("到这些日子，学时不足的人员收到一条消息，用人单位收到一份汇总；已达标和关闭提醒的人员不会收到。每天早上 8 点多发送，同一提醒只发一次。")
        .failed(form.failed());
    web::page(page, Html::of(form))
}

async fn ask_days(caller: Caller) -> Reply {
    let mut tx = caller.ctx().db.read().await?;
    let days = reminders::days(&mut tx).await?;
    drop(tx);
    let days: Vec<String> = days.iter().map(ToString::to_string).collect();
    days_page(&caller, &days_form(&caller).fill(&[("days", days.join("、"))]))
}

async fn set_days(caller: Caller, fields: Fields) -> Reply {
    match reminders::set_days(caller.ctx(), fields.get("days")).await {
        Ok(()) => redirect_saying(&caller, "/desk/reminders", "已保存，下一次提醒按新的天数。"),
        Err(error) => reform(error, |errors| {
            days_page(&caller, &days_form(&caller).fill(fields.pairs()).errors(errors))
        }),
    }
}
