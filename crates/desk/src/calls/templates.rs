//! Kinds of call: what a new kind needs is written on one page, without code.

use kernel::{Code, id::CallTemplateRow};
use oversight::calls::{self, KeptTemplate};
use rules::calls::fees::TrainingClass;
use rules::calls::template::{
    Approver, Declarant, LEAST_NOTICE, Periods, read_criteria, read_fields, read_files, write_criteria, write_fields,
    write_files,
};
use rules::calls::{Period, Template};
use rules::permits::{self, Act};
use ui::{Action, Alert, Cell, Column, Field, Form, Html, Row, Table, TableModel, Tone};
use web::{Caller, Fields, Gate, Key, Reply, Routes, redirect_saying, reform};

use super::shown;

pub(super) fn routes() -> Routes {
    let (seeing, keeping) = (Gate::Act(Act::ListCalls), Gate::Act(Act::SetParameters));
    Routes::new()
        .get("/desk/call-templates", seeing, "项目种类", list)
        .get("/desk/call-templates/new", keeping, "新建项目种类", new)
        .post("/desk/call-templates/new", keeping, "保存新项目种类", create)
        .get("/desk/call-templates/{id}", keeping, "修改项目种类", edit)
        .post("/desk/call-templates/{id}", keeping, "保存项目种类", save)
}

async fn list(caller: Caller) -> Reply {
    let kinds = calls::templates(caller.ctx()).await?;
    let keeps = permits::has(&caller.ctx().actor, Act::SetParameters);
    let mut page = caller
        .page("项目种类")
        .lead("步骤、表单、附件、期限、申报和批复单位都在这里设定；新的种类不需要改程序。")
        .crumb("项目征集", "/desk/calls");
    if keeps {
        page = page.action(Action::link("新建项目种类", "/desk/call-templates/new"));
    }
    let heads = [
        Column::main("kind", "种类"),
        Column::tight("topics", "征集选题"),
        Column::tight("recommendation", "推荐"),
        Column::number("fields", "问题"),
        Column::number("notice", "公示（工作日）"),
        Column::tight("changed", "更新时间"),
    ];
    let said = |yes: bool| Cell::text(if yes { "是" } else { "否" });
    let rows = kinds.iter().map(|kept| {
        let template = &kept.template;
        Row::new([
            if keeps {
                Cell::link(template.kind.as_str(), format!("/desk/call-templates/{}", kept.id))
            } else {
                Cell::text(template.kind.as_str())
            },
            said(template.topics),
            said(template.recommendation),
            Cell::Number(i64::try_from(template.fields.len()).unwrap_or(0)),
            Cell::Number(i64::from(template.periods.notice)),
            Cell::Moment(kept.changed_at.civil()),
        ])
    });
    let rows: Vec<Row> = rows.collect();
    let table = Table::new("项目种类", TableModel::new(heads, rows)).when_empty("还没有项目种类。", None);
    web::page(page, Html::of(&table))
}

fn form(caller: &Caller, action: &str) -> Form {
    let mut form = Form::post(action, caller.csrf())
        .section("步骤")
        .field(Field::text("kind", "种类名称").max(40).required())
        .field(Field::yes_no("topics", "先由部门和区征集选题").required())
        .field(Field::yes_no("recommendation", "由部门或区推荐").required())
        .field(Field::yes_no("blind", "盲审（专家看不到申报单位）").required())
        .field(
            Field::yes_no("training", "是培训班")
                .hint("是：填写对象、日程、师资和经费，并按经费标准检查。")
                .required(),
        )
        .section("单位")
        .field(Field::checkboxes("declarants", "可以申报的单位", shown::choices(Declarant::name)).required())
        .field(
            Field::checkboxes("approvers", "批复单位", shown::choices(Approver::name))
                .hint("全部批准后计划才公布，先后不限。")
                .required(),
        )
        .section("期限（工作日）");
    for period in Period::ALL {
        let least = if *period == Period::Notice {
            i64::from(LEAST_NOTICE)
        } else {
            1
        };
        form = form.field(
            Field::number(period.code(), period.name(), "个工作日")
                .range(least, 60)
                .required(),
        );
    }
    form.section("表单和评审")
        .field(
            Field::radios("class", "培训类别（综合定额）", shown::choices(TrainingClass::name))
                .inline()
                .required(),
        )
        .field(
            Field::number("alike_percent", "题目相似提示线", "%")
                .hint("达到这个相似度的题目提示人工核对。")
                .range(30, 100)
                .required(),
        )
        .field(
            Field::textarea("fields", "表单问题")
                .hint("一行一个：问题｜短文、长文或数字｜必填或选填｜上限｜提示。")
                .rows(8),
        )
        .field(
            Field::textarea("files", "附件")
                .hint("一行一个：名称｜必交或选交。")
                .rows(4),
        )
        .field(
            Field::textarea("criteria", "评审指标")
                .hint("一行一个：指标｜权重，权重合计 100。")
                .rows(6)
                .required(),
        )
        .submit("保存")
        .cancel("/desk/call-templates")
}

fn page(caller: &Caller, title: &str, form: &Form) -> Reply {
    let page = caller
        .page(title)
        .lead("已发布的征集沿用发布时的规定，修改只影响以后起草的征集。")
        .crumb("项目种类", "/desk/call-templates")
        .failed(form.failed());
    let note = Alert::new(Tone::Warn, "期限、指标和权重是示例，不是法规规定")
        .text("没有找到本市的明文规定，请牵头部门确认后使用；公示不得少于 5 个工作日；每次改动都有审计记录。");
    web::page(page, Html::of(&note).and(form))
}

fn pairs(template: &Template) -> Vec<(String, String)> {
    let said = |yes: bool| if yes { "1" } else { "0" }.to_owned();
    let mut pairs = vec![
        ("kind".to_owned(), template.kind.clone()),
        ("topics".to_owned(), said(template.topics)),
        ("recommendation".to_owned(), said(template.recommendation)),
        ("blind".to_owned(), said(template.blind)),
        ("training".to_owned(), said(template.training)),
        ("class".to_owned(), template.class.code().to_owned()),
        ("alike_percent".to_owned(), template.alike_percent.to_string()),
        ("fields".to_owned(), write_fields(&template.fields)),
        ("files".to_owned(), write_files(&template.files)),
        ("criteria".to_owned(), write_criteria(&template.criteria)),
    ];
    pairs.extend(
        template
            .declarants
            .iter()
            .map(|one| ("declarants".to_owned(), one.code().to_owned())),
    );
    pairs.extend(
        template
            .approvers
            .iter()
            .map(|one| ("approvers".to_owned(), one.code().to_owned())),
    );
    pairs.extend(
        Period::ALL
            .iter()
            .map(|period| (period.code().to_owned(), template.days(*period).to_string())),
    );
    pairs
}

fn several<C: Code>(fields: &Fields, name: &str) -> Vec<C> {
    fields.all(name).into_iter().filter_map(C::from_code).collect()
}

fn read(fields: &Fields) -> kernel::Result<Template> {
    let days = |period: Period| fields.get(period.code()).parse().unwrap_or(0);
    let yes = |name: &str| fields.get(name) == "1";
    Ok(Template {
        kind: fields.get("kind").to_owned(),
        topics: yes("topics"),
        recommendation: yes("recommendation"),
        blind: yes("blind"),
        training: yes("training"),
        declarants: several(fields, "declarants"),
        approvers: several(fields, "approvers"),
        class: TrainingClass::from_code(fields.get("class")).unwrap_or(TrainingClass::Third),
        alike_percent: fields.get("alike_percent").parse().unwrap_or(0),
        periods: Periods {
            recommend: days(Period::Recommend),
            correct: days(Period::Correct),
            check: days(Period::Check),
            notice: days(Period::Notice),
            answer: days(Period::Answer),
            approve: days(Period::Approve),
        },
        fields: read_fields(fields.raw("fields"))?,
        files: read_files(fields.raw("files"))?,
        criteria: read_criteria(fields.raw("criteria"))?,
    })
}

async fn new(caller: Caller) -> Reply {
    let form = form(&caller, "/desk/call-templates/new");
    let form = match rules::calls::template::shipped().first() {
        Some(template) => {
            let mut typed = pairs(template);
            typed.retain(|(name, _)| name != "kind");
            form.fill(&typed)
        }
        None => form,
    };
    page(&caller, "新建项目种类", &form)
}

async fn create(caller: Caller, fields: Fields) -> Reply {
    let result = async { calls::add_template(caller.ctx(), read(&fields)?).await }.await;
    match result {
        Ok(_) => redirect_saying(&caller, "/desk/call-templates", "项目种类已保存，起草征集时可以选择。"),
        Err(error) => reform(error, |errors| {
            let form = form(&caller, "/desk/call-templates/new");
            page(&caller, "新建项目种类", &form.fill(fields.pairs()).errors(errors))
        }),
    }
}

fn edit_form(caller: &Caller, kept: &KeptTemplate) -> Form {
    form(caller, &format!("/desk/call-templates/{}", kept.id))
        .field(Field::hidden("version", &kept.version.to_string()))
        .fill(&pairs(&kept.template))
}

async fn edit(caller: Caller, Key(id): Key<CallTemplateRow>) -> Reply {
    let kept = calls::template(caller.ctx(), id).await?;
    page(&caller, "修改项目种类", &edit_form(&caller, &kept))
}

async fn save(caller: Caller, Key(id): Key<CallTemplateRow>, fields: Fields) -> Reply {
    let result = async { calls::save_template(caller.ctx(), id, shown::version(&fields)?, read(&fields)?).await }.await;
    match result {
        Ok(()) => redirect_saying(&caller, "/desk/call-templates", "已保存。"),
        Err(error) => {
            let kept = calls::template(caller.ctx(), id).await?;
            reform(error, |errors| {
                let form = form(&caller, &format!("/desk/call-templates/{id}"))
                    .field(Field::hidden("version", &kept.version.to_string()))
                    .fill(fields.pairs());
                page(&caller, "修改项目种类", &form.errors(errors))
            })
        }
    }
}
