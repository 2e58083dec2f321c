//! The list of reports.

use learning::courses::reporting::{self, ClassReport, ReportFilter, ReportKind, ReportState};
use rules::permits::{self, Act};
use ui::{Action, Cell, Column, Filter, Row, Table};
use web::{Caller, Gate, Listing, Reply, Routes, columns};

use super::super::shown;
use super::{state, template};

pub(super) fn routes() -> Routes {
    Routes::new().list("/desk/reports", Gate::Act(Act::ListReports), "报送记录", list)
}

async fn list(caller: Caller, listing: Listing) -> Reply {
    let ctx = caller.ctx();
    let own = permits::has(&ctx.actor, Act::ReportClass);
    let new = || Action::link("上传报送", "/desk/reports/new");
    let mut page = caller.page("报送记录").lead(if own {
        "开班前报学员名单，结束后报结业结果；先检查、后写入，同一份文件报两次不会重复记学时。"
    } else {
        "范围内施教机构报送的名单和结果。"
    });
    if own {
        page = page
            .action(new())
            .other(Action::link("备案平台外班次", "/desk/filed-classes/new"))
            .other(Action::download("名单模板", template(ReportKind::Roster)))
            .other(Action::download("结果模板", template(ReportKind::Completions)));
    }
    let table = Table::new(
        "报送记录",
        columns([
            Column::main("class", "班次").sortable(),
            Column::tight("kind", "内容"),
            Column::tight("state", "状态"),
            Column::number("total", "行数"),
            Column::number("written", "已写入"),
            Column::number("same", "此前已报"),
            Column::number("faulty", "有错"),
            Column::new("provider", "施教机构").hide_on_phone(),
            Column::tight("created", "上传时间").sortable(),
        ]),
    )
    .filter(Filter::select("kind", "内容", shown::choices(ReportKind::name)))
    .filter(Filter::select("state", "状态", shown::choices(ReportState::name)))
    .sorted_by("-created")
    .when_empty("还没有报送过。", own.then(new));
    let filter = ReportFilter {
        kind: listing.choice("kind"),
        state: listing.choice("state"),
        class: listing.number("class").map(kernel::ClassId::new),
    };
    let row = |report: &ClassReport| {
        let counts = &report.counts;
        Row::new([
            Cell::stack(
                report.title.as_str(),
                format!("/desk/reports/{}", report.id),
                report.number.as_str(),
            ),
            Cell::text(report.kind.name()),
            state(report.state).into(),
            Cell::Number(counts.total),
            Cell::Number(counts.written),
            Cell::Number(counts.same),
            Cell::Number(counts.faulty),
            Cell::text(report.provider_name.as_str()),
            Cell::Moment(report.created_at.civil()),
        ])
    };
    web::list(
        &caller,
        &listing,
        page,
        table,
        async |window| reporting::list(ctx, &filter, &window).await,
        row,
    )
    .await
}
