//! Roll calls: one form for all of a session, keys first (tab to the person, arrows to the mark), and a sheet to sign.

use askama::Template;
use kernel::{Code, id::SessionRow};
use learning::courses::{self, Roll, RollLine, RollMark};
use registry::{Ctx, Listed};
use rules::attendance::Mark;
use rules::permits::{self, Act};
use ui::{Action, Cell, Column, Page, Row, Table};
use web::{Caller, Fields, Gate, Key, Listing, Reply, Routes, columns, redirect_saying};

use super::shown;

/// The pages.
pub(super) fn routes() -> Routes {
    let see = Gate::Act(Act::ListClasses);
    Routes::new()
        .get("/desk/sessions/{id}/roll", see, "课次点名", show)
        .post(
            "/desk/sessions/{id}/roll",
            Gate::Act(Act::MarkAttendance),
            "保存课次点名",
            save,
        )
        .list("/desk/sessions/{id}/sheet", see, "签到表", sheet)
}

#[derive(Template)]
#[template(path = "courses/roll.html")]
struct RollPage {
    page: Page,
    action: String,
    lines: Vec<Line>,
    marks: &'static [Mark],
    open: bool,
    why: String,
}

struct Line {
    person: String,
    name: String,
    org_name: String,
    mark: Option<Mark>,
    version: i64,
}

impl Line {
    fn is(&self, mark: &Mark) -> bool {
        self.mark == Some(*mark)
    }

    fn mark_name(&self) -> &'static str {
        self.mark.map_or("未登记", Mark::name)
    }
}

fn title(roll: &Roll) -> String {
    format!("点名：第 {} 课次 {}", roll.session.position, roll.session.plan.title)
}

async fn show(caller: Caller, Key(id): Key<SessionRow>) -> Reply {
    let roll = courses::roll(caller.ctx(), id).await?;
    let marked = roll.lines.iter().filter(|line| line.mark.is_some()).count();
    let (total, plan) = (roll.lines.len(), &roll.session.plan);
    let time = format!(
        "{}–{}",
        shown::moment(plan.starts_at),
        plan.ends_at.civil().format("%H:%M")
    );
    let lead = if marked == total {
        format!("{time}，{total} 人全部登记。结业前都可以更正，更正留有记录。")
    } else {
        format!("{time}，已登记 {marked} / {total} 人。")
    };
    let (open, why) = is_open(&caller, &roll);
    let page = caller
        .page(&title(&roll))
        .crumb("班次", "/desk/classes")
        .crumb(&roll.class.plan.title, &format!("/desk/classes/{}", roll.class.id))
        .lead(&lead)
        .other(Action::link("签到表", &format!("/desk/sessions/{id}/sheet")));
    let page = if open {
        page.other(Action::link("扫码签到", &format!("/desk/sessions/{id}/check-in")))
            .other(Action::link(
                "用点名表登记",
                &format!("/desk/classes/{}/roll", roll.class.id),
            ))
            .other(Action::download(
                "下载本课次点名表",
                &format!("/desk/sessions/{id}/roll.xlsx"),
            ))
    } else {
        page
    };
    let lines = roll.lines.into_iter().map(|line| Line {
        person: line.person.to_string(),
        name: line.name,
        org_name: line.org_name,
        mark: line.mark,
        version: line.version,
    });
    let page = RollPage {
        page,
        action: format!("/desk/sessions/{id}/roll"),
        lines: lines.collect(),
        marks: Mark::ALL,
        open,
        why,
    };
    web::html(&page)
}

/// Whether marks can be recorded now, and why not.
fn is_open(caller: &Caller, roll: &Roll) -> (bool, String) {
    let ctx: &Ctx = caller.ctx();
    if let Err(error) = permits::may(&ctx.actor, Act::MarkAttendance, &roll.class.place()) {
        let why = match error {
            kernel::Error::Forbidden(sentence) => sentence,
            _ => String::new(),
        };
        return (false, why);
    }
    let from = kernel::Time::start_of(roll.session.plan.starts_at.date());
    match roll.class.state.record(from, ctx.now()) {
        Err(kernel::Error::Refused { sentence, .. }) => (false, sentence),
        _ => (true, String::new()),
    }
}

/// Marks as sent: `m-PERSON` is the mark, `v-PERSON` the version; `all` marks everybody without one as present.
fn read(fields: &Fields) -> kernel::Result<Vec<RollMark>> {
    let everybody = fields.get("all") == "present";
    let mut marks = Vec::new();
    for (name, value) in fields.pairs() {
        let Some(person) = name.strip_prefix("v-") else {
            continue;
        };
        let id = person.parse().map_err(|_| kernel::Error::Stale)?;
        let version = value.trim().parse().map_err(|_| kernel::Error::Stale)?;
        let chosen = Mark::from_code(fields.get(&format!("m-{person}")));
        if let Some(mark) = chosen.or(everybody.then_some(Mark::Present)) {
            marks.push(RollMark {
                person: id,
                mark,
                version,
            });
        }
    }
    Ok(marks)
}

async fn save(caller: Caller, Key(id): Key<SessionRow>, fields: Fields) -> Reply {
    let changed = courses::record_roll(caller.ctx(), id, &read(&fields)?).await?;
    let said = if changed == 0 {
        "没有改动。".to_owned()
    } else {
        format!("已保存 {changed} 人的考勤。")
    };
    redirect_saying(&caller, &format!("/desk/sessions/{id}/roll"), &said)
}

/// The roll to print and sign, and the same as a workbook.
async fn sheet(caller: Caller, Key(id): Key<SessionRow>, listing: Listing) -> Reply {
    let roll = courses::roll(caller.ctx(), id).await?;
    if listing.is_export() {
        courses::note_export(caller.ctx(), &roll.class, "roll").await?;
    }
    let title = format!("签到表 {} 第 {} 课次", roll.class.plan.title, roll.session.position);
    let page = caller
        .page(&title)
        .crumb("班次", "/desk/classes")
        .crumb(&roll.class.plan.title, &format!("/desk/classes/{}", roll.class.id))
        .lead(&format!(
            "{}，打印后签到，课后在点名页登记。",
            shown::moment(roll.session.plan.starts_at)
        ));
    let heads = [
        Column::number("order", "序号"),
        Column::main("name", "姓名"),
        Column::new("employer", "单位"),
        Column::tight("mark", "考勤"),
        Column::new("signature", "签名"),
    ];
    let table = Table::new("签到表", columns(heads)).when_empty("还没有人报名。", None);
    let rows: Vec<(i64, RollLine)> = (1..).zip(roll.lines).collect();
    let fetch = async |_| {
        let total = Some(rows.len() as u64);
        Ok(Listed {
            rows: rows.clone(),
            previous: None,
            next: None,
            total,
        })
    };
    let row = |(order, line): &(i64, RollLine)| {
        let mark = line.mark.map_or(Cell::Empty, |mark| Cell::text(mark.name()));
        Row::new([
            Cell::Number(*order),
            line.name.clone().into(),
            line.org_name.clone().into(),
            mark,
            Cell::text(""),
        ])
    };
    web::list(&caller, &listing, page, table, fetch, row).await
}
