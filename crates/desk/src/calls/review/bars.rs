//! Who must not review what in a round, and why; lifting a suspicion after a look.

use oversight::calls::review::{self, Bar, RoundRow, View};
use rules::experts::conflict::Ground;
use rules::permits::Act;
use ui::{Cell, Column, Field, Form, Html, Row, Table, TableModel};
use web::{Caller, Fields, Gate, Key, Listing, Reply, Routes, redirect_saying, reform_reading};

use super::shown;

pub(super) fn routes() -> Routes {
    Routes::new()
        .get(
            "/desk/review-rounds/{id}/bars",
            Gate::Act(Act::ListRounds),
            "评审回避情况",
            show,
        )
        .post(
            "/desk/review-rounds/{id}/lift",
            Gate::Act(Act::RunRound),
            "解除同名回避",
            lift,
        )
}

async fn show(caller: Caller, Key(id): Key<RoundRow>, listing: Listing) -> Reply {
    let view = review::view(caller.ctx(), id).await?;
    let form = lift_form(&caller, &view);
    page(&caller, &view, listing.choice("ground"), form)
}

fn page(caller: &Caller, view: &View, ground: Option<Ground>, form: Option<Form>) -> Reply {
    let round = &view.whole.round;
    let open = view
        .whole
        .bars
        .iter()
        .filter(|bar| bar.ground.may_be_lifted() && bar.lifted.is_none());
    let lead = match (view.whole.bars.len(), open.count()) {
        (0, _) => "没有需要回避的组合；分配时会逐对核查。".to_owned(),
        (all, 0) => format!("共 {all} 组需要回避，都是查明的事实，分配时已排除。"),
        (all, open) => format!("共 {all} 组需要回避，其中 {open} 组只是同名，可以核对后解除。"),
    };
    let heads = [
        Column::main("item", "申报"),
        Column::tight("expert", "专家"),
        Column::tight("ground", "理由"),
        Column::new("detail", "依据"),
    ];
    let bars = view
        .whole
        .bars
        .iter()
        .filter(|bar| ground.is_none_or(|ground| bar.ground == ground));
    let rows: Vec<Row> = bars.map(|bar| row(view, bar)).collect();
    let table = Table::new("回避", TableModel::new(heads, rows))
        .id("bars")
        .when_empty("没有需要回避的组合。", None);
    let page = caller
        .page("回避情况")
        .lead(&lead)
        .crumb("专家评审", "/desk/review-rounds")
        .crumb(&round.title, &shown::at(round.id))
        .failed(form.as_ref().is_some_and(Form::failed));
    let body = Html::of(&table);
    web::page(page, form.map_or(body.clone(), |form| body.and(&form)))
}

fn row(view: &View, bar: &Bar) -> Row {
    let item = view.whole.item(bar.item);
    let detail = match &bar.lifted {
        Some((_, by, why)) => format!("{}；已由 {by} 解除：{why}", bar.detail),
        None => bar.detail.clone(),
    };
    Row::new([
        item.map_or(Cell::Empty, |item| {
            Cell::stack(
                item.title.as_str(),
                format!("/desk/review-items/{}", item.id),
                item.number.as_str(),
            )
        }),
        Cell::text(view.whole.name_of(bar.expert)),
        Cell::text(bar.ground.name()),
        Cell::text(detail),
    ])
}

/// The form that lifts a suspicion; none where there is nothing to lift.
fn lift_form(caller: &Caller, view: &View) -> Option<Form> {
    let round = &view.whole.round;
    caller.ctx().may(Act::RunRound, &round.place).ok()?;
    let choices: Vec<ui::Choice> = view
        .whole
        .bars
        .iter()
        .filter(|bar| bar.ground.may_be_lifted() && bar.lifted.is_none())
        .map(|bar| {
            let number = view.whole.item(bar.item).map_or("", |item| item.number.as_str());
            let label = format!("{}（{number}）", view.whole.name_of(bar.expert));
            ui::Choice::new(&bar.id.to_string(), &label)
        })
        .collect();
    if choices.is_empty() {
        return None;
    }
    let form = Form::post(&format!("{}/lift", shown::at(round.id)), caller.csrf())
        .section_with_hint(
            "解除同名回避",
            "只有姓名相同的可以解除；解除后重新分配时生效，理由留存。",
        )
        .field(Field::select("bar", "专家和申报", choices).required())
        .field(
            Field::text("reason", "核实情况")
                .hint("例如：已与申报单位核对，授课教师是另一位同名人员。")
                .max(200)
                .required(),
        )
        .submit("解除");
    Some(form)
}

async fn lift(caller: Caller, Key(id): Key<RoundRow>, fields: Fields) -> Reply {
    let result = async {
        let bar = fields
            .get("bar")
            .parse()
            .map_err(|_| kernel::Error::wrong("bar", "bar.missing", "请选择专家和申报。"))?;
        review::lift(caller.ctx(), id, bar, fields.get("reason")).await
    }
    .await;
    match result {
        Ok(()) => redirect_saying(&caller, &format!("{}/bars", shown::at(id)), "已解除，重新分配时生效。"),
        Err(error) => {
            let view = review::view(caller.ctx(), id).await?;
            let form = lift_form(&caller, &view).map(|form| form.fill(fields.pairs()));
            reform_reading(error, async |errors| {
                page(&caller, &view, None, form.map(|form| form.errors(errors)))
            })
            .await
        }
    }
}
