//! The formal check: what the machine finds, item by item, and what a person decides.

use kernel::{Code, Error, id::DeclarationRow};
use oversight::calls::{self, Checked, DeclarationView};
use rules::calls::DeclarationState;
use rules::calls::check::{Finding, Item, Judged, Verdict};
use rules::permits::Act;
use ui::{Alert, Cell, Choice, Column, Field, Form, Html, Row, State, Table, TableModel, Tone};
use web::{Caller, Fields, Gate, Key, Reply, Routes, redirect, redirect_saying, reform};

use super::super::shown;
use super::at;

pub(super) fn routes() -> Routes {
    let gate = Gate::Act(Act::EditCall);
    Routes::new()
        .get("/desk/declarations/{id}/formal", gate, "形式审查", show)
        .post("/desk/declarations/{id}/formal", gate, "作出形式审查结论", decide)
}

const fn state(verdict: Verdict) -> State {
    match verdict {
        Verdict::Pass => State::Suffices,
        Verdict::Fail => State::FallsShort,
        Verdict::Look => State::NeedsLook,
    }
}

/// What the machine finds.
pub(super) fn found(found: &[Finding]) -> Table {
    let heads = [
        Column::tight("item", "自动检查"),
        Column::tight("verdict", "结果"),
        Column::main("reason", "说明"),
    ];
    let rows = found.iter().map(|one| {
        Row::new([
            Cell::text(one.item.name()),
            state(one.verdict).into(),
            Cell::text(one.reason.as_str()),
        ])
    });
    let rows: Vec<Row> = rows.collect();
    Table::new("自动检查", TableModel::new(heads, rows)).id("found")
}

/// What was decided.
pub(super) fn checked(checked: &[Checked]) -> Table {
    let heads = [
        Column::tight("item", "形式审查"),
        Column::tight("found", "自动检查"),
        Column::tight("decided", "结论"),
        Column::main("reason", "说明"),
    ];
    let rows = checked.iter().map(|one| {
        let reason = if one.decided_reason.is_empty() {
            &one.found_reason
        } else {
            &one.decided_reason
        };
        Row::new([
            Cell::text(one.item.name()),
            state(one.found).into(),
            state(one.decided).into(),
            Cell::text(reason.as_str()),
        ])
    });
    let rows: Vec<Row> = rows.collect();
    Table::new("形式审查结论", TableModel::new(heads, rows)).id("checked")
}

fn form(caller: &Caller, view: &DeclarationView) -> Form {
    let one = &view.declaration;
    let mut form =
        Form::post(&at(one.id, "formal"), caller.csrf()).field(Field::hidden("version", &one.version.to_string()));
    for finding in &view.found {
        let field = finding.item.code();
        let choices = [
            Choice::new(Verdict::Pass.code(), Verdict::Pass.name()),
            Choice::new(Verdict::Fail.code(), Verdict::Fail.name()),
        ];
        let typed = if finding.verdict == Verdict::Look {
            ""
        } else {
            finding.verdict.code()
        };
        let hint = format!("自动检查：{}。{}", finding.verdict.name(), finding.reason);
        form = form
            .field(
                Field::radios(field, finding.item.name(), choices)
                    .inline()
                    .hint(&hint)
                    .value(typed)
                    .required(),
            )
            .field(Field::text(&format!("{field}_reason"), &format!("{}的说明", finding.item.name())).max(200));
    }
    form.submit("作出结论")
        .cancel(&format!("/desk/declarations/{}", one.id))
}

fn page(caller: &Caller, view: &DeclarationView, form: &Form) -> Reply {
    let one = &view.declaration;
    let page = caller
        .page("形式审查")
        .lead(&format!(
            "{}《{}》",
            one.number.as_deref().unwrap_or_default(),
            one.content.title
        ))
        .crumb("项目申报", "/desk/declarations")
        .failed(form.failed());
    let note = Alert::new(Tone::Active, "逐项作出结论")
        .text("自动检查的结果已填好；与自动检查不同的、需人工核对的，请写明理由。有一项不符合的，形式审查不通过；可以补正的，请退回修改。");
    web::page(page, Html::of(&note).and(form))
}

async fn show(caller: Caller, Key(id): Key<DeclarationRow>) -> Reply {
    let view = calls::view_declaration(caller.ctx(), id).await?;
    if view.declaration.state != DeclarationState::Checking {
        return redirect(&format!("/desk/declarations/{id}"));
    }
    page(&caller, &view, &form(&caller, &view))
}

fn read(fields: &Fields) -> Vec<Judged> {
    Item::ALL
        .iter()
        .filter_map(|item| {
            Some(Judged {
                item: *item,
                verdict: Verdict::from_code(fields.get(item.code()))?,
                reason: fields
                    .get(&format!("{}_reason", item.code()))
                    .chars()
                    .take(200)
                    .collect(),
            })
        })
        .collect()
}

async fn decide(caller: Caller, Key(id): Key<DeclarationRow>, fields: Fields) -> Reply {
    let result = async { calls::decide_check(caller.ctx(), id, shown::version(&fields)?, &read(&fields)).await }.await;
    match result {
        Ok(passed) => {
            let said = if passed {
                "形式审查通过。"
            } else {
                "形式审查不通过，申报单位会收到消息和理由。"
            };
            redirect_saying(&caller, &format!("/desk/declarations/{id}"), said)
        }
        Err(error @ Error::Wrong(_)) => {
            let view = calls::view_declaration(caller.ctx(), id).await?;
            reform(error, |errors| {
                page(
                    &caller,
                    &view,
                    &form(&caller, &view).fill(fields.pairs()).errors(errors),
                )
            })
        }
        Err(error) => Err(error.into()),
    }
}
