//! 基本信息: title, way of teaching, place, contact, hours, fee.

use kernel::{Code, id::ClassRow};
use learning::courses::{self, ClassView};
use registry::taxonomy::Vocabulary;
use rules::courses::{ClassPlan, Delivery, FeeSource};
use ui::{Field, Form};
use web::{Caller, Fields, Key, Reply, redirect_saying, reform};

use super::super::shown;
use super::{at, draft, section_page};

async fn form(caller: &Caller, view: &ClassView) -> kernel::Result<Form> {
    let areas = shown::terms(caller.ctx(), Vocabulary::KeyArea).await?;
    let id = view.class.id;
    Ok(Form::post(&at(id, "basics"), caller.csrf())
        .field(Field::hidden("version", &view.class.version.to_string()))
        .field(
            Field::text("title", "班次名称")
                .hint("学员在目录中看到的名称，可以加期次。")
                .max(80)
                .required(),
        )
        .field(Field::radios("delivery", "授课方式", shown::choices(Delivery::name)).required())
        .field(
            Field::textarea("summary", "班次说明")
                .hint("这一期的安排、要带的东西，写给学员看。")
                .rows(3),
        )
        .field(
            Field::text("place", "上课地点")
                .hint("写到门牌和房间；线上直播可以不填。")
                .max(100),
        )
        .field(Field::text("contact", "联系人和电话").max(60).required())
        .field(Field::select("key_area", "服务的重点区域", areas).empty_choice("不限"))
        .section("学时与费用")
        .field(
            Field::number("year", "学时年度", "年")
                .hint("计入最后一个课次所在的年度。")
                .range(2022, 2100)
                .required(),
        )
        .field(
            Field::decimal("declared_hours", "申报学时", "学时")
                .hint("结业时按授课时间折算，不超过这里申报的学时。")
                .required(),
        )
        .field(Field::decimal("fee", "学员缴费", "元").hint("不收费填 0。").required())
        .field(Field::select("fee_source", "经费来源", shown::choices(FeeSource::name)).required())
        .submit("保存，下一步：课次")
        .cancel(&format!("/desk/classes/{id}")))
}

fn pairs(view: &ClassView) -> Vec<(&'static str, String)> {
    let plan = &view.class.plan;
    vec![
        ("version", view.class.version.to_string()),
        ("title", plan.title.clone()),
        ("delivery", plan.delivery.code().to_owned()),
        ("summary", plan.summary.clone()),
        ("place", plan.place.clone()),
        ("contact", plan.contact.clone()),
        ("key_area", plan.key_area.clone().unwrap_or_default()),
        ("year", plan.year.to_string()),
        ("declared_hours", plan.declared_hours.to_string()),
        ("fee", plan.fee.to_string()),
        ("fee_source", plan.fee_source.code().to_owned()),
    ]
}

pub(super) async fn show(caller: Caller, Key(id): Key<ClassRow>) -> Reply {
    let view = draft(&caller, id).await?;
    let form = form(&caller, &view).await?.fill(&pairs(&view));
    section_page(&caller, &view, 0, &form)
}

fn read(fields: &Fields, before: &ClassPlan) -> kernel::Result<ClassPlan> {
    let mut read = fields.reader();
    let year = read.number("year", "学时年度", 2022..=2100).unwrap_or_default();
    let plan = ClassPlan {
        title: read.text("title", "班次名称", 2..=80),
        delivery: read.choice("delivery", "授课方式").unwrap_or(before.delivery),
        summary: read.text("summary", "班次说明", 0..=2_000),
        place: read.text("place", "上课地点", 0..=100),
        contact: read.text("contact", "联系人和电话", 0..=60),
        key_area: read.optional("key_area"),
        year: i32::try_from(year).unwrap_or(before.year),
        declared_hours: read.hours("declared_hours", "申报学时").unwrap_or_default(),
        fee: read.yuan("fee", "学员缴费").unwrap_or_default(),
        fee_source: read.choice("fee_source", "经费来源").unwrap_or(before.fee_source),
        ..before.clone()
    };
    read.finish()?;
    Ok(plan)
}

pub(super) async fn save(caller: Caller, Key(id): Key<ClassRow>, fields: Fields) -> Reply {
    let view = draft(&caller, id).await?;
    let result = async {
        let plan = read(&fields, &view.class.plan)?;
        courses::edit(caller.ctx(), id, shown::version(&fields)?, &plan).await
    }
    .await;
    match result {
        Ok(()) => redirect_saying(&caller, &at(id, "sessions"), "基本信息已保存。"),
        Err(error) => {
            let form = form(&caller, &view).await?.fill(fields.pairs());
            reform(error, |errors| section_page(&caller, &view, 0, &form.errors(errors)))
        }
    }
}
