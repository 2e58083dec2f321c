//! An employer enrols its people: choose a class, tick people of the roster or paste numbers, and read an answer for each.

use kernel::id::{ClassId, ClassRow, PersonId};
use learning::courses::{self, Answer, Answered, CatalogueQuery, ClassCard, ClassView};
use registry::people::{self, Person};
use registry::taxonomy::Vocabulary;
use rules::credits::Subject;
use rules::permits::Act;
use ui::{Action, Alert, Bulk, Cell, Column, Field, Filter, Form, Html, Page, Row, Table, TableModel, Tone};
use web::{Caller, Fields, Gate, Key, Listing, Reply, Routes, columns, reform};

use crate::courses::shown;

/// The pages.
pub(super) fn routes() -> Routes {
    let gate = Gate::Act(Act::EnrolStaff);
    Routes::new()
        .list("/desk/enrol", gate, "组织报名", classes)
        .list("/desk/enrol/{id}", gate, "选择报名人员", pick)
        .post("/desk/enrol/{id}/people", gate, "为所选人员报名", enrol_people)
        .get("/desk/enrol/{id}/documents", gate, "粘贴证件号码报名", paste)
        .post("/desk/enrol/{id}/documents", gate, "按证件号码报名", enrol_documents)
}

async fn classes(caller: Caller, listing: Listing) -> Reply {
    let ctx = caller.ctx();
    let page = caller
        .page("组织报名")
        .lead("先选一个正在报名的班次，再选本单位的人员；每个人都会得到报名结果。");
    let names = shown::names(ctx).await?;
    let table = Table::new(
        "正在报名的班次",
        columns([
            Column::main("title", "班次"),
            Column::tight("subject", "科目"),
            Column::tight("starts", "上课日期").sortable(),
            Column::tight("closes", "报名截止").sortable(),
            Column::number("free", "剩余名额"),
            Column::number("hours", "申报学时"),
            Column::tight("district", "区").hide_on_phone(),
            Column::tight("actions", "操作"),
        ]),
    )
    .filter(Filter::search("班次、课程、施教机构"))
    .filter(Filter::select("subject", "科目", shown::choices(Subject::name)))
    .filter(Filter::select(
        "field",
        "领域",
        shown::terms(ctx, Vocabulary::FocusField).await?,
    ))
    .filter(Filter::select(
        "district",
        "区",
        shown::terms(ctx, Vocabulary::District).await?,
    ))
    .sorted_by("closes")
    .when_empty("现在没有正在报名的班次。", None);
    let query = CatalogueQuery {
        words: listing.words(),
        subject: listing.choice("subject"),
        field: listing.text("field"),
        district: listing.text("district"),
        open_only: true,
        ..CatalogueQuery::default()
    };
    let row = |card: &ClassCard| {
        let (from, until) = card.days();
        Row::new([
            Cell::stack(
                card.title.as_str(),
                format!("/classes/{}", card.id),
                card.provider_name.as_str(),
            ),
            Cell::text(card.subject.name()),
            Cell::DateRange(from, until),
            Cell::Moment(card.times.enrol_until.civil()),
            Cell::Number(card.free),
            Cell::Hours(card.hours.get()),
            Cell::text(names.of_opt(Vocabulary::District, card.district.as_deref())),
            Cell::Actions(vec![Action::link("选人", &format!("/desk/enrol/{}", card.id))]),
        ])
    };
    web::list(
        &caller,
        &listing,
        page,
        table,
        async |window| courses::search(ctx, &query, &window).await,
        row,
    )
    .await
}

fn head(caller: &Caller, view: &ClassView) -> Page {
    let class = &view.class;
    let until = class.plan.enrol_until.map(shown::moment).unwrap_or_default();
    let seats = class.seats;
    let lead = format!(
        "{} 截止报名，剩余 {} 个名额（其中基层一线 {} 个），候补 {} 人。",
        until,
        seats.free(),
        seats.reserved,
        seats.waiting
    );
    let title = format!("组织报名：{}", class.plan.title);
    caller.page(&title).crumb("组织报名", "/desk/enrol").lead(&lead)
}

async fn pick(caller: Caller, Key(id): Key<ClassRow>, listing: Listing) -> Reply {
    let view = courses::public(caller.ctx(), id).await?;
    if let Some(times) = view.class.times() {
        view.class.state.admits(&times, caller.ctx().now())?;
    }
    let ctx = caller.ctx();
    let names = shown::names(ctx).await?;
    let filter = people::Filter {
        words: listing.words(),
        title_level: listing.choice("level"),
        field: listing.text("field"),
        front_line: listing.get("front_line").is_some(),
        ..people::Filter::default()
    };
    let bulk = Bulk::new(caller.csrf()).act("为勾选的人员报名", &format!("/desk/enrol/{id}/people"));
    let front_line = [ui::Choice::new("1", "基层一线")];
    let page = head(&caller, &view).other(Action::link(
        "按证件号码粘贴名单",
        &format!("/desk/enrol/{id}/documents"),
    ));
    let table = Table::new(
        "本单位人员",
        columns([
            Column::main("name", "姓名").sortable(),
            Column::tight("document", "证件号码"),
            Column::tight("level", "职称层级"),
            Column::new("post", "岗位"),
            Column::new("field", "重点领域").hide_on_phone(),
            Column::tight("front_line", "基层一线"),
        ]),
    )
    .filter(Filter::search("姓名，从姓开始"))
    .filter(Filter::select(
        "level",
        "职称层级",
        shown::choices(people::TitleLevel::name),
    ))
    .filter(Filter::select(
        "field",
        "领域",
        shown::terms(ctx, Vocabulary::FocusField).await?,
    ))
    .filter(Filter::select("front_line", "岗位", front_line))
    .bulk(bulk)
    .sorted_by("name")
    .when_empty(
        "本单位名册中还没有人员。",
        Some(Action::link("登记或导入人员", "/desk/people")),
    );
    let row = |person: &Person| {
        Row::new([
            Cell::text(person.name.as_str()),
            Cell::masked(person.document.masked()),
            Cell::text(person.title_level.map_or("未登记", people::TitleLevel::name)),
            Cell::text(person.post.as_str()),
            Cell::text(names.of_opt(Vocabulary::FocusField, person.field.as_deref())),
            if person.front_line {
                Cell::text("是")
            } else {
                Cell::Empty
            },
        ])
        .id(person.id)
    };
    let fetch = async |window| people::list(ctx, &filter, &window).await;
    web::list(&caller, &listing, page, table, fetch, row).await
}

fn paste_form(caller: &Caller, id: ClassId) -> Form {
    Form::post(&format!("/desk/enrol/{id}/documents"), caller.csrf())
        .field(
            Field::textarea("documents", "证件号码")
                .hint("一行一个，从表格里整列复制即可；一次最多 500 人。")
                .rows(6),
        )
        .submit("按号码报名")
        .cancel(&format!("/desk/enrol/{id}"))
}

async fn paste(caller: Caller, Key(id): Key<ClassRow>) -> Reply {
    let view = courses::public(caller.ctx(), id).await?;
    paste_page(&caller, &view, &paste_form(&caller, id))
}

fn paste_page(caller: &Caller, view: &ClassView, form: &Form) -> Reply {
    let page = head(caller, view)
        .crumb("选人", &format!("/desk/enrol/{}", view.class.id))
        .failed(form.failed());
    web::page(page, Html::of(form))
}

async fn enrol_people(caller: Caller, Key(id): Key<ClassRow>, fields: Fields) -> Reply {
    let ids: Result<Vec<PersonId>, _> = fields.all("id").into_iter().map(str::parse).collect();
    let ids = ids.map_err(|_| kernel::Error::NotFound)?;
    if ids.is_empty() {
        let error = kernel::Error::wrong(
            "",
            "enrolment.nobody",
            "请先在名单中勾选要报名的人员，再点“为勾选的人员报名”。",
        );
        return Err(error.into());
    }
    let answers = courses::enrol_staff(caller.ctx(), id, &ids).await?;
    answer_page(&caller, id, &answers).await
}

async fn enrol_documents(caller: Caller, Key(id): Key<ClassRow>, fields: Fields) -> Reply {
    match courses::documents(caller.ctx(), id, fields.get("documents")).await {
        Ok(answers) => answer_page(&caller, id, &answers).await,
        Err(error) => {
            let view = courses::public(caller.ctx(), id).await?;
            let form = paste_form(&caller, id).fill(fields.pairs());
            reform(error, |errors| paste_page(&caller, &view, &form.errors(errors)))
        }
    }
}

/// One line for each person: what became of it.
async fn answer_page(caller: &Caller, id: ClassId, answers: &[Answered]) -> Reply {
    let view = courses::public(caller.ctx(), id).await?;
    let many = |wanted: fn(&Answer) -> bool| answers.iter().filter(|line| wanted(&line.answer)).count();
    let enrolled = many(|answer| matches!(answer, Answer::Enrolled));
    let waiting = many(|answer| matches!(answer, Answer::Waiting { .. }));
    let not = answers.len() - enrolled - waiting;
    let lead = format!("{enrolled} 人已报名，{waiting} 人候补，{not} 人没有报上，原因见下表。");
    let page = caller
        .page("报名结果")
        .crumb("组织报名", "/desk/enrol")
        .crumb(&view.class.plan.title, &format!("/desk/enrol/{id}"))
        .lead(&lead)
        .action(Action::link("继续选人", &format!("/desk/enrol/{id}")))
        .other(Action::link("查看报名情况", &format!("/desk/enrolments?class={id}")));
    let rows = answers.iter().map(|line| {
        let tone = match &line.answer {
            Answer::Enrolled => Tone::Good,
            Answer::Waiting { .. } => Tone::Warn,
            Answer::Already(_) => Tone::Neutral,
            _ => Tone::Bad,
        };
        Row::new([Cell::text(line.who.as_str()), Cell::badge(tone, line.answer.sentence())])
    });
    let rows: Vec<Row> = rows.collect();
    let heads = [Column::main("who", "姓名或证件号码"), Column::new("answer", "结果")];
    let note = Alert::new(Tone::Neutral, "已通知本人").text("报上名和进入候补的人员会在平台上收到消息。");
    web::page(
        page,
        Html::of(&Table::new("报名结果", TableModel::new(heads, rows))).and(&note),
    )
}
