//! The list of classes, and the addresses of one class.

use learning::courses::{self, Class, ClassFilter};
use registry::taxonomy::Vocabulary;
use rules::courses::{Delivery, Phase};
use rules::credits::Subject;
use rules::permits::{self, Act};
use ui::{Action, Cell, Column, Filter, Row, Table};
use web::{Caller, Gate, Listing, Reply, Routes, columns};

use super::{change, hub, shown};

/// The pages.
pub(super) fn routes() -> Routes {
    let (see, edit, cancel) = (
        Gate::Act(Act::ListClasses),
        Gate::Act(Act::EditClass),
        Gate::Act(Act::CancelClass),
    );
    Routes::new()
        .list("/desk/classes", see, "班次", list)
        .get("/desk/classes/{id}", see, "班次详情", hub::show)
        .get(
            "/desk/classes/{id}/adjust",
            edit,
            "变更时间、地点和教师",
            change::adjust_page,
        )
        .post("/desk/classes/{id}/adjust", edit, "保存班次变更", change::adjust)
        .get("/desk/classes/{id}/cancel", cancel, "取消班次", change::cancel_page)
        .post(
            "/desk/classes/{id}/cancel",
            cancel,
            "确认取消班次",
            change::cancel_class,
        )
        .post("/desk/classes/{id}/release", edit, "释放基层一线名额", change::release)
}

async fn list(caller: Caller, listing: Listing) -> Reply {
    let ctx = caller.ctx();
    let own = permits::has(&ctx.actor, Act::EditClass);
    let mut page = caller.page("班次").lead(if own {
        "本机构的班次。已结束的班次请及时登记考勤、录入结果并办理结业。"
    } else {
        "范围内各施教机构的班次。"
    });
    if own {
        page = page.action(Action::link("开班", "/desk/classes/new"));
    }
    let table = Table::new(
        "班次",
        columns([
            Column::main("title", "班次").sortable(),
            Column::tight("state", "状态"),
            Column::tight("subject", "科目"),
            Column::tight("starts", "上课日期").sortable(),
            Column::tight("until", "报名截止").hide_on_phone(),
            Column::number("taken", "已报"),
            Column::number("waiting", "候补"),
            Column::number("hours", "申报学时").sortable(),
            Column::new("provider", "施教机构").sortable().hide_on_phone(),
        ]),
    )
    .filter(Filter::search("班次名称、编号、施教机构"))
    .filter(Filter::select("phase", "状态", shown::choices(Phase::name)))
    .filter(Filter::select("subject", "科目", shown::choices(Subject::name)))
    .filter(Filter::select("delivery", "授课方式", shown::choices(Delivery::name)))
    .filter(Filter::select("year", "学时年度", shown::years(ctx.today())))
    .filter(Filter::select(
        "district",
        "区",
        shown::terms(ctx, Vocabulary::District).await?,
    ))
    .sorted_by("-created")
    .when_empty("还没有班次。", own.then(|| Action::link("开班", "/desk/classes/new")));
    let filter = ClassFilter {
        words: listing.words(),
        subject: listing.choice("subject"),
        delivery: listing.choice("delivery"),
        phase: listing.choice("phase"),
        year: listing.number("year").and_then(|year| i32::try_from(year).ok()),
        course: listing.number("course").map(kernel::CourseId::new),
        district: listing.text("district"),
    };
    let now = ctx.now();
    let row = |class: &Class| {
        let number = class.number.as_deref().unwrap_or("未编号");
        Row::new([
            Cell::stack(class.plan.title.as_str(), format!("/desk/classes/{}", class.id), number),
            shown::phase_state(class.phase(now), class.seats.free()).into(),
            Cell::text(class.subject.name()),
            shown::days(class),
            class
                .plan
                .enrol_until
                .map_or(Cell::Empty, |until| Cell::Moment(until.civil())),
            Cell::Share {
                part: class.taken(),
                whole: class.plan.capacity,
            },
            Cell::Number(class.seats.waiting),
            Cell::Hours(class.plan.declared_hours.get()),
            Cell::text(class.provider_name.as_str()),
        ])
    };
    web::list(
        &caller,
        &listing,
        page,
        table,
        async |window| courses::classes(ctx, &filter, &window).await,
        row,
    )
    .await
}
