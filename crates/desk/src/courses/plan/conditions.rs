//! 报名条件: when, how many, who.

use kernel::id::ClassRow;
use learning::courses::{self, ClassView};
use registry::taxonomy::Vocabulary;
use rules::courses::{ClassPlan, Eligibility};
use ui::{Field, Form};
use web::{Caller, Fields, Key, Reply, redirect_saying, reform};

use super::super::shown;
use super::{at, draft, section_page};

async fn form(caller: &Caller, view: &ClassView) -> kernel::Result<Form> {
    let ctx = caller.ctx();
    let boxes = async |name: &str, label: &str, vocabulary| -> kernel::Result<Field> {
        Ok(Field::checkboxes(name, label, shown::terms(ctx, vocabulary).await?))
    };
    Ok(Form::post(&at(view.class.id, "conditions"), caller.csrf())
        .field(Field::hidden("version", &view.class.version.to_string()))
        .section("报名时间与名额")
        .field(Field::moment("enrol_from", "报名开始").required())
        .field(
            Field::moment("enrol_until", "报名截止")
                .hint("在第一个课次开始之前。")
                .required(),
        )
        .field(Field::number("capacity", "招生人数", "人").range(1, 5_000).required())
        .field(
            Field::number("reserved", "其中基层一线名额", "人")
                .hint("一线人员先用这些名额，再用普通名额；没人用的可以随时释放给所有人。")
                .range(0, 5_000),
        )
        .section_with_hint("谁可以报名", "都不勾选就是不限。")
        .field(boxes("title_levels", "职称层级", Vocabulary::TitleLevel).await?)
        .field(boxes("fields", "重点领域", Vocabulary::FocusField).await?)
        .field(boxes("districts", "所在区", Vocabulary::District).await?)
        .field(boxes("departments", "行业主管部门", Vocabulary::Department).await?)
        .submit("保存，下一步：检查并发布")
        .cancel(&format!("/desk/classes/{}", view.class.id)))
}

pub(super) async fn show(caller: Caller, Key(id): Key<ClassRow>) -> Reply {
    let view = draft(&caller, id).await?;
    let plan = &view.class.plan;
    let mut pairs = vec![
        ("version", view.class.version.to_string()),
        ("enrol_from", shown::typed_moment(plan.enrol_from)),
        ("enrol_until", shown::typed_moment(plan.enrol_until)),
        ("capacity", plan.capacity.to_string()),
        ("reserved", plan.reserved.to_string()),
    ];
    let allowed = &plan.eligibility;
    let lists = [
        ("title_levels", &allowed.title_levels),
        ("fields", &allowed.fields),
        ("districts", &allowed.districts),
        ("departments", &allowed.departments),
    ];
    for (name, codes) in lists {
        pairs.extend(codes.iter().map(|code| (name, code.clone())));
    }
    let form = form(&caller, &view).await?.fill(&pairs);
    section_page(&caller, &view, 2, &form)
}

fn read(fields: &Fields, before: &ClassPlan) -> kernel::Result<ClassPlan> {
    let mut read = fields.reader();
    let codes = |name: &str| fields.all(name).into_iter().map(str::to_owned).collect();
    let reserved = if fields.get("reserved").is_empty() {
        Some(0)
    } else {
        read.number("reserved", "基层一线名额", 0..=5_000)
    };
    let plan = ClassPlan {
        enrol_from: read.moment("enrol_from", "报名开始"),
        enrol_until: read.moment("enrol_until", "报名截止"),
        capacity: read.number("capacity", "招生人数", 1..=5_000).unwrap_or_default(),
        reserved: reserved.unwrap_or_default(),
        eligibility: Eligibility {
            title_levels: codes("title_levels"),
            fields: codes("fields"),
            districts: codes("districts"),
            departments: codes("departments"),
        },
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
        Ok(()) => redirect_saying(&caller, &at(id, "check"), "报名条件已保存。"),
        Err(error) => {
            let form = form(&caller, &view).await?.fill(fields.pairs());
            reform(error, |errors| section_page(&caller, &view, 2, &form.errors(errors)))
        }
    }
}
