//! Vocabularies, open to everybody, and the working-day calendar, which the lead keeps.

use kernel::{Code, calendar::DayKind};
use registry::{
    files::{self, NewFile},
    taxonomy::{
        self, Filter as Asked, Term, Vocabulary,
        calendar::{self, Plan},
        deadline_sentence, deadlines,
    },
};
use rules::permits::Act;
use ui::{Alert, Cell, Choice, Column, Field, Filter, Form, Html, Row, Summary, Table, TableModel, Tone};
use web::{Caller, Fields, Gate, Listing, Reply, Routes, Upload, columns, redirect_saying, reform};

/// The pages.
#[must_use]
pub fn routes() -> Routes {
    let keep = Gate::Act(Act::ImportCalendar);
    Routes::new()
        .list("/desk/terms", Gate::Act(Act::ViewTerms), "词表", list)
        .get("/desk/calendar", keep, "工作日历", show)
        .post("/desk/calendar/check", keep, "检查放假安排文件", check)
        .post("/desk/calendar/import", keep, "导入放假安排", import)
}

fn vocabularies() -> Vec<Choice> {
    taxonomy::vocabularies()
        .iter()
        .map(|vocabulary| Choice::new(vocabulary.code(), vocabulary.name()))
        .collect()
}

async fn list(caller: Caller, listing: Listing) -> Reply {
    let page = caller
        .page("词表")
        .lead("平台上可选的领域、地区、职称和部门都来自这些词表，每一项都注明出处和可信程度。")
        .description("知新平台使用的受控词表：聚焦领域、重点区域、行政区划、职称系列、行业主管部门等，附出处。");
    let table = Table::new(
        "词表",
        columns([
            Column::main("name", "名称").sortable(),
            Column::new("vocabulary", "词表"),
            Column::tight("code", "代码").sortable(),
            Column::new("parent", "上级"),
            Column::new("note", "说明").hide_on_phone(),
            Column::new("source", "出处").hide_on_phone(),
            Column::tight("confidence", "可信程度").hide_on_phone(),
        ]),
    )
    .filter(Filter::search("名称、代码"))
    .filter(Filter::select("vocabulary", "词表", vocabularies()))
    .sorted_by("position")
    .when_empty("没有符合条件的词条。", None);
    let asked = Asked {
        vocabulary: listing.choice("vocabulary"),
        words: listing.words(),
    };
    let names = taxonomy::names(&mut caller.ctx().db.read().await?).await?;
    let parent = |term: &Term| {
        let above = match term.vocabulary {
            Vocabulary::FocusField => Vocabulary::FocusGroup,
            Vocabulary::Town => Vocabulary::District,
            _ => Vocabulary::TitleSeries,
        };
        names.of_opt(above, term.parent.as_deref())
    };
    let row = |term: &Term| {
        let confidence = match term.confidence.as_str() {
            "high" => "高",
            "medium" => "中",
            _ => "低",
        };
        Row::new([
            Cell::text(term.name.as_str()),
            Cell::text(term.vocabulary.name()),
            Cell::text(term.code.as_str()),
            Cell::text(parent(term)),
            Cell::muted(term.note.as_str()),
            Cell::muted(term.source.as_str()),
            Cell::text(confidence),
        ])
    };
    web::list(
        &caller,
        &listing,
        page,
        table,
        async |window| taxonomy::list(caller.ctx(), &asked, &window).await,
        row,
    )
    .await
}

fn upload_form(caller: &Caller) -> Form {
    Form::post("/desk/calendar/check", caller.csrf())
        .section_with_hint("导入放假安排", "先检查、不写入；确认后才替换文件中出现的年份。")
        .field(
            Field::file("file", "CSV 文件", ".csv")
                .hint("UTF-8 编码，表头为 date、kind、name、notice、source（或 日期、类型、名称、文号、来源）；kind 填 holiday（放假）或 workday（调休上班）。")
                .required(),
        )
        .submit("检查文件")
        .unguarded()
}

async fn show(caller: Caller) -> Reply {
    page(&caller, &upload_form(&caller)).await
}

async fn page(caller: &Caller, form: &Form) -> Reply {
    let mut tx = caller.ctx().db.read().await?;
    let known = calendar::load(&mut tx).await?;
    let missing = deadlines::missing_years(&mut tx).await?;
    let changes = deadlines::changes(&mut tx, 50).await?;
    let mut rows = Vec::new();
    for year in known.years() {
        let days = calendar::year(&mut tx, year).await?;
        let of = |kind| i64::try_from(days.iter().filter(|day| day.kind == kind).count()).unwrap_or(0);
        let notice = days.first().map(|day| day.notice.clone()).unwrap_or_default();
        rows.push(Row::new([
            Cell::text(format!("{year} 年")),
            Cell::Number(of(DayKind::Holiday)),
            Cell::Number(of(DayKind::Workday)),
            Cell::Number(known.workdays_in(year).map_or(0, i64::from)),
            Cell::text(notice),
        ]));
    }
    drop(tx);
    let head = [
        Column::tight("year", "年份"),
        Column::number("holidays", "放假"),
        Column::number("workdays", "调休上班"),
        Column::number("working", "全年工作日"),
        Column::main("notice", "依据"),
    ];
    let mut body = Html::default();
    for (year, count) in &missing {
        let text = format!(
            "有 {count} 个期限计到 {year} 年，现只能显示为“不早于”；导入该年放假安排后自动重新计算，此前不会因此丧失任何权利。"
        );
        body = body.and(&Alert::new(Tone::Warn, &format!("{year} 年放假安排未导入")).text(&text));
    }
    body = body
        .and(&Table::new("已导入的年份", TableModel::new(head, rows)).id("years"))
        .and(form);
    if !changes.is_empty() {
        body = body.and(&changes_table(&changes));
    }
    let years: Vec<String> = known.years().map(|year| year.to_string()).collect();
    let lead = format!("已导入 {} 年的放假安排；工作日期限据此计算。", years.join("、"));
    web::page(caller.page("工作日历").lead(&lead).failed(form.failed()), body)
}

fn changes_table(changes: &[deadlines::Changed]) -> Table {
    let head = [
        Column::tight("at", "时间"),
        Column::main("what", "期限"),
        Column::new("before", "原为"),
        Column::new("after", "改为"),
        Column::new("reason", "原因"),
        Column::tight("actor", "经办"),
    ];
    let rows = changes.iter().map(|change| {
        Row::new([
            Cell::Moment(change.at.civil()),
            Cell::text(format!("{} {} {}", change.subject_kind, change.subject, change.name)),
            Cell::text(deadline_sentence(change.before)),
            Cell::text(deadline_sentence(change.after)),
            Cell::text(change.reason.as_str()),
            Cell::text(change.actor.as_str()),
        ])
    });
    Table::new("重新计算过的期限（最近 50 个）", TableModel::new(head, rows)).id("changes")
}

async fn check(caller: Caller, mut upload: Upload) -> Reply {
    let result = async {
        let file = upload
            .take("file")
            .ok_or_else(|| kernel::Error::wrong("file", "file.missing", "请选择一个 CSV 文件。"))?;
        let bytes = file.bytes()?;
        let plan = calendar::plan(caller.ctx(), &calendar::read(&bytes)?).await?;
        Ok((file.name.clone(), bytes, plan))
    }
    .await;
    let (name, bytes, plan) = match result {
        Ok(checked) => checked,
        Err(error) => {
            let form = upload_form(&caller);
            let kernel::Error::Wrong(fields) = error else {
                return Err(error.into());
            };
            let errors = fields
                .iter()
                .map(|field| (field.field.to_string(), field.sentence.clone()));
            let mut reply = page(&caller, &form.errors(errors.collect::<Vec<_>>())).await?;
            *reply.status_mut() = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
            reply
                .headers_mut()
                .insert("x-answered", axum::http::HeaderValue::from_static("form"));
            return Ok(reply);
        }
    };
    if plan.is_empty() {
        return redirect_saying(
            &caller,
            "/desk/calendar",
            "文件内容与平台上的一致，没有需要导入的变化。",
        );
    }
    let kept = NewFile {
        name,
        content_type: files::CSV.to_owned(),
        bytes,
        place: kernel::Place::default(),
        delete_after: caller.ctx().today().succ_opt(),
    };
    let mut tx = caller.ctx().db.write().await?;
    let id = files::keep(caller.ctx(), &mut tx, kept).await?;
    tx.commit().await?;
    confirm_page(&caller, id, &plan, Vec::new())
}

fn confirm_page(caller: &Caller, id: kernel::id::FileId, plan: &Plan, errors: Vec<(String, String)>) -> Reply {
    let mut facts = Summary::new().title("将会发生的变化");
    for year in &plan.years {
        let what = if year.new { "新增年份" } else { "替换已有年份" };
        let text = format!(
            "{what}：放假 {} 天、调休上班 {} 天；新增 {} 天、修改 {} 天、删去 {} 天",
            year.holidays, year.workdays, year.added, year.changed, year.removed
        );
        facts = facts.fact(&format!("{} 年", year.year), Cell::text(text));
    }
    facts = facts.fact("重新计算的期限", Cell::text(format!("{} 个", plan.deadlines)));
    let form = Form::post("/desk/calendar/import", caller.csrf())
        .field(Field::hidden("file", &id.to_string()))
        .submit("确认导入")
        .cancel("/desk/calendar")
        .errors(errors);
    let page = caller
        .page("确认导入放假安排")
        .lead("检查通过，尚未写入。")
        .crumb("工作日历", "/desk/calendar");
    web::page(page.failed(form.failed()), Html::of(&facts).and(&form))
}

async fn import(caller: Caller, fields: Fields) -> Reply {
    let mut reader = fields.reader();
    let id = reader.id::<kernel::id::FileRow>("file", "文件");
    reader.finish()?;
    let id = id.ok_or(kernel::Error::NotFound)?;
    caller.ctx().may(Act::ImportCalendar, &kernel::Place::default())?;
    let file = files::load(&mut caller.ctx().db.read().await?, id).await?;
    match calendar::import(caller.ctx(), &file.bytes).await {
        Ok(plan) => {
            caller.app().refresh_calendar().await?;
            let mut tx = caller.ctx().db.write().await?;
            files::remove(&mut tx, id).await?;
            tx.commit().await?;
            let years: Vec<String> = plan.years.iter().map(|year| year.year.to_string()).collect();
            redirect_saying(
                &caller,
                "/desk/calendar",
                &format!("已导入 {} 年的放假安排，有关期限已重新计算。", years.join("、")),
            )
        }
        Err(error) => {
            let plan = Plan {
                years: Vec::new(),
                deadlines: 0,
            };
            reform(error, |errors| confirm_page(&caller, id, &plan, errors))
        }
    }
}
