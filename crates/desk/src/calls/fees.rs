//! Ceilings of fees with their documents, set by the municipal lead.

use kernel::{Code, Error};
use oversight::calls::{self, KeptStandard};
use rules::calls::fees::{Confidence, FeeItem, Standard};
use rules::permits::{self, Act};
use ui::{Action, Alert, Cell, Column, Field, Form, Html, Row, Table, TableModel, Tone};
use web::{Caller, Fields, Gate, Listing, Reply, Routes, redirect_saying, reform};

use super::shown;

pub(super) fn routes() -> Routes {
    let keeping = Gate::Act(Act::SetParameters);
    Routes::new()
        .get("/desk/fees", Gate::Act(Act::ListCalls), "经费标准", list)
        .get("/desk/fees/edit", keeping, "修改经费标准", edit)
        .post("/desk/fees/edit", keeping, "保存经费标准", save)
}

async fn list(caller: Caller) -> Reply {
    let kept = calls::standards(caller.ctx()).await?;
    let keeps = permits::has(&caller.ctx().actor, Act::SetParameters);
    let heads = [
        Column::main("item", "项目"),
        Column::number("value", "标准"),
        Column::new("basis", "依据"),
        Column::tight("confidence", "核对情况"),
        Column::tight("changed", "更新时间").hide_on_phone(),
        Column::actions(),
    ];
    let rows = FeeItem::ALL
        .iter()
        .map(|item| row(*item, kept.iter().find(|one| one.standard.item == *item), keeps));
    let rows: Vec<Row> = rows.collect();
    let page = caller
        .page("经费标准")
        .lead("形式审查按这张表检查预算和讲课费；没有填写的项目不检查，提示人工核对。")
        .crumb("项目征集", "/desk/calls");
    let note = Alert::new(Tone::Warn, "国家标准，本市标准待补")
        .text("数字来自财行〔2016〕540号的公开转述；没有找到本市培训费管理办法，请牵头部门会同财政确认后修改。");
    let table = Table::new("经费标准", TableModel::new(heads, rows));
    web::page(page, Html::of(&note).and(&table))
}

fn row(item: FeeItem, kept: Option<&KeptStandard>, keeps: bool) -> Row {
    let edit = keeps.then(|| Action::link("修改", &format!("/desk/fees/edit?item={}", item.code())));
    let actions = Cell::Actions(edit.into_iter().collect());
    match kept {
        Some(kept) => Row::new([
            Cell::text(item.name()),
            Cell::text(format!("{} {}", kept.standard.value, item.unit())),
            Cell::text(kept.standard.basis.as_str()),
            Cell::text(kept.standard.confidence.name()),
            Cell::Moment(kept.changed_at.civil()),
            actions,
        ]),
        None => Row::new([
            Cell::text(item.name()),
            Cell::Empty,
            Cell::Empty,
            Cell::Empty,
            Cell::Empty,
            actions,
        ]),
    }
}

fn form(caller: &Caller, item: FeeItem) -> Form {
    Form::post("/desk/fees/edit", caller.csrf())
        .field(Field::hidden("item", item.code()))
        .field(Field::fixed("项目", item.name()))
        .field(Field::number("value", "标准", item.unit()).range(1, 100_000).required())
        .field(
            Field::text("basis", "依据")
                .hint("文件名称、文号和条款。")
                .max(200)
                .required(),
        )
        .field(Field::radios("confidence", "核对情况", shown::choices(Confidence::name)).required())
        .submit("保存")
        .cancel("/desk/fees")
}

fn page(caller: &Caller, form: &Form) -> Reply {
    let page = caller
        .page("修改经费标准")
        .lead("改动后的形式审查按新标准检查，已作出的结论不变。")
        .crumb("经费标准", "/desk/fees")
        .failed(form.failed());
    web::page(page, Html::of(form))
}

async fn edit(caller: Caller, listing: Listing) -> Reply {
    let item = listing.choice("item").ok_or(Error::NotFound)?;
    let kept = calls::standards(caller.ctx()).await?;
    let typed: Vec<(&str, String)> = kept
        .iter()
        .find(|one| one.standard.item == item)
        .map(|one| {
            vec![
                ("value", one.standard.value.to_string()),
                ("basis", one.standard.basis.clone()),
                ("confidence", one.standard.confidence.code().to_owned()),
            ]
        })
        .unwrap_or_default();
    page(&caller, &form(&caller, item).fill(&typed))
}

async fn save(caller: Caller, fields: Fields) -> Reply {
    let item = FeeItem::from_code(fields.get("item")).ok_or(Error::NotFound)?;
    let result = async {
        let mut read = fields.reader();
        let confidence = read.choice("confidence", "核对情况");
        let value = read.number("value", "标准", 1..=100_000);
        read.finish()?;
        let standard = Standard {
            item,
            value: value.and_then(|value| u32::try_from(value).ok()).unwrap_or_default(),
            basis: fields.get("basis").to_owned(),
            confidence: confidence.unwrap_or(Confidence::Low),
        };
        calls::set_fee(caller.ctx(), standard).await
    }
    .await;
    match result {
        Ok(()) => redirect_saying(&caller, "/desk/fees", "已保存。"),
        Err(error) => reform(error, |errors| {
            page(&caller, &form(&caller, item).fill(fields.pairs()).errors(errors))
        }),
    }
}
