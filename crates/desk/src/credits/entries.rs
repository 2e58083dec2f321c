//! The ledger as a list: each hour with its reason, and the form that takes one back.

use kernel::{Date, EntryId, PersonId, id::EntryRow};
use learning::credits::{self, EntryFilter, EntryLine};
use rules::credits::{ActivityForm, Subject};
use rules::permits::{self, Act};
use ui::{Action, Cell, Choice, Column, Field, Filter, Form, Html, Row, Table};
use web::{Caller, Fields, Gate, Key, Listing, Reply, Routes, columns, redirect_saying, reform};

/// The pages.
#[must_use]
pub fn routes() -> Routes {
    Routes::new()
        .list("/desk/entries", Gate::Act(Act::ListEntries), "学时流水", list)
        .get(
            "/desk/entries/{id}/reverse",
            Gate::Act(Act::ReverseEntry),
            "冲正学时",
            ask_reversal,
        )
        .post(
            "/desk/entries/{id}/reverse",
            Gate::Act(Act::ReverseEntry),
            "保存学时冲正",
            reverse,
        )
}

fn subjects() -> Vec<Choice> {
    <Subject as kernel::Code>::ALL
        .iter()
        .map(|s| Choice::new(kernel::Code::code(*s), s.name()))
        .collect()
}

fn forms() -> Vec<Choice> {
    <ActivityForm as kernel::Code>::ALL
        .iter()
        .map(|f| Choice::new(kernel::Code::code(*f), f.name()))
        .collect()
}

fn years(today: Date) -> Vec<Choice> {
    (2022..=chrono::Datelike::year(&today))
        .rev()
        .map(|year| Choice::new(&year.to_string(), &format!("{year} 年")))
        .collect()
}

async fn list(caller: Caller, listing: Listing) -> Reply {
    let ctx = caller.ctx();
    let page = caller
        .page("学时流水")
        .lead("每一笔学时的来源和依据。流水只增不改，更正以冲正记录。");
    let correcting = permits::has(&ctx.actor, Act::ReverseEntry);
    let mut heads = vec![
        Column::tight("earned", "取得日期").sortable(),
        Column::main("title", "活动"),
        Column::tight("year", "年度").sortable(),
        Column::tight("subject", "科目"),
        Column::number("hours", "学时").sortable(),
        Column::new("basis", "依据"),
        Column::tight("posted", "入账时间").sortable(),
    ];
    if correcting {
        heads.push(Column::tight("actions", "操作"));
    }
    let table = Table::new("学时流水", columns(heads))
        .filter(Filter::select("year", "年度", years(ctx.today())))
        .filter(Filter::select("subject", "科目", subjects()))
        .filter(Filter::select("form", "形式", forms()))
        .sorted_by("-posted")
        .when_empty("没有符合条件的学时。", None);
    let filter = EntryFilter {
        person: listing.number("person").map(PersonId::new),
        year: listing.number("year"),
        subject: listing.choice("subject"),
        form: listing.choice("form"),
    };
    web::list(
        &caller,
        &listing,
        page,
        table,
        async |window| credits::list(ctx, &filter, &window).await,
        |entry| row(entry, correcting),
    )
    .await
}

fn row(entry: &EntryLine, correcting: bool) -> Row {
    let mut cells = vec![
        Cell::Date(entry.earned_on),
        Cell::stack(entry.title.as_str(), "", entry.form.name()),
        Cell::Number(i64::from(entry.year)),
        Cell::text(entry.subject.name()),
        Cell::Hours(entry.hours.get()),
        Cell::stack(entry.basis.as_str(), "", format!("规则 {}", entry.rule)),
        Cell::Moment(entry.posted_at.civil()),
    ];
    if correcting && entry.reverses.is_none() {
        cells.push(Cell::Actions(vec![
            Action::link("冲正", &format!("/desk/entries/{}/reverse", entry.id)).quiet(),
        ]));
    }
    Row::new(cells)
}

fn reversal_form(caller: &Caller, id: EntryId) -> Form {
    Form::post(&format!("/desk/entries/{id}/reverse"), caller.csrf())
        .field(
            Field::textarea("reason", "冲正原因")
                .hint("4 到 200 个字，本人可以看到。")
                .rows(3)
                .required(),
        )
        .submit_danger("确认冲正")
        .cancel("/desk/entries")
}

fn reversal_page(caller: &Caller, form: &Form) -> Reply {
    let page = caller
        .page("冲正学时")
        .crumb("学时流水", "/desk/entries")
        .failed(form.failed());
    let page = page.lead("冲正会另记一笔负学时，原记录保留；依据它出具的证书会自动撤销。");
    web::page(page, Html::of(form))
}

async fn ask_reversal(caller: Caller, Key(id): Key<EntryRow>) -> Reply {
    reversal_page(&caller, &reversal_form(&caller, id))
}

async fn reverse(caller: Caller, Key(id): Key<EntryRow>, fields: Fields) -> Reply {
    match credits::reverse(caller.ctx(), id, fields.get("reason")).await {
        Ok(_) => redirect_saying(&caller, "/desk/entries", "已冲正。本人的年度学时已随之更新。"),
        Err(error) => reform(error, |errors| {
            reversal_page(&caller, &reversal_form(&caller, id).fill(fields.pairs()).errors(errors))
        }),
    }
}
