//! Organisations: the register, one organisation, entering and changing it, ending and resuming it.

use kernel::{Code, id::OrgRow};
use registry::{
    orgs::{self, BaseLevel, Filter as Asked, Org, OrgDraft, OrgKind, OrgStatus},
    taxonomy::{self, Names, Vocabulary},
};
use rules::permits::{self, Act};
use ui::{Action, Cell, Choice, Column, Field, Filter, Form, Html, Row, State, Summary, Table};
use web::{Caller, Fields, Gate, Key, Listing, Reply, Routes, columns, redirect_saying, reform, reform_reading};

/// The pages.
#[must_use]
pub fn routes() -> Routes {
    let (view, create, edit) = (
        Gate::Act(Act::ViewOrg),
        Gate::Act(Act::CreateOrg),
        Gate::Act(Act::EditOrg),
    );
    Routes::new()
        .list("/desk/orgs", Gate::Act(Act::ListOrgs), "机构名册", list)
        .get("/desk/orgs/new", create, "登记机构", new)
        .post("/desk/orgs/new", create, "登记机构", add)
        .get("/desk/orgs/{id}", view, "机构", show)
        .get("/desk/orgs/{id}/edit", edit, "修改机构信息", change)
        .post("/desk/orgs/{id}/edit", edit, "保存机构信息", save)
        .post("/desk/orgs/{id}/end", create, "停用机构", end)
        .post("/desk/orgs/{id}/resume", create, "恢复机构", resume)
}

async fn names(caller: &Caller) -> kernel::Result<std::sync::Arc<Names>> {
    taxonomy::names(&mut caller.ctx().db.read().await?).await
}

/// The terms of a vocabulary as choices, in the order of their codes.
pub(crate) fn choices(names: &Names, vocabulary: Vocabulary) -> Vec<Choice> {
    names
        .all(vocabulary)
        .map(|(code, name)| Choice::new(code, name))
        .collect()
}

fn coded<C: Code>(name: impl Fn(C) -> &'static str) -> Vec<Choice> {
    C::ALL
        .iter()
        .map(|value| Choice::new(value.code(), name(*value)))
        .collect()
}

const CAPACITIES: [(&str, &str); 4] = [
    ("provider", "施教机构"),
    ("employer", "用人单位"),
    ("base", "继续教育基地"),
    ("leading", "龙头企业"),
];

async fn list(caller: Caller, listing: Listing) -> Reply {
    let names = names(&caller).await?;
    let mut page = caller.page("机构名册");
    let new = permits::has(&caller.ctx().actor, Act::CreateOrg).then(|| Action::link("登记机构", "/desk/orgs/new"));
    if let Some(new) = new.clone() {
        page = page.action(new);
    }
    let table = Table::new(
        "机构名册",
        columns([
            Column::main("name", "名称").sortable(),
            Column::tight("kind", "类别").sortable(),
            Column::new("capacity", "身份"),
            Column::tight("district", "所在区").sortable(),
            Column::new("department", "主管部门").hide_on_phone(),
            Column::tight("state", "状态"),
            Column::tight("created", "登记时间").sortable().hide_on_phone(),
        ]),
    )
    .filter(Filter::search("名称、统一社会信用代码"))
    .filter(Filter::select("kind", "类别", coded(OrgKind::name)))
    .filter(Filter::select(
        "capacity",
        "身份",
        CAPACITIES.map(|(code, name)| Choice::new(code, name)),
    ))
    .filter(Filter::select(
        "district",
        "所在区",
        choices(&names, Vocabulary::District),
    ))
    .filter(Filter::select(
        "department",
        "主管部门",
        choices(&names, Vocabulary::Department),
    ))
    .filter(Filter::select(
        "key_area",
        "重点区域",
        choices(&names, Vocabulary::KeyArea),
    ))
    .filter(Filter::select("status", "状态", coded(OrgStatus::name)))
    .sorted_by("name")
    .when_empty("没有符合条件的机构。", new);
    let asked = Asked {
        words: listing.words(),
        kind: listing.choice("kind"),
        district: listing.text("district"),
        department: listing.text("department"),
        key_area: listing.text("key_area"),
        capacity: listing.text("capacity"),
        status: listing.choice("status"),
    };
    let row = |org: &Org| {
        Row::new([
            Cell::stack(
                org.name.as_str(),
                format!("/desk/orgs/{}", org.id),
                org.credit_code.as_str(),
            ),
            Cell::text(org.kind.name()),
            Cell::text(orgs::capacities(org)),
            Cell::text(names.of(Vocabulary::District, &org.district)),
            Cell::text(names.of_opt(Vocabulary::Department, org.department.as_deref())),
            state(org.status).into(),
            Cell::Moment(org.created_at.civil()),
        ])
    };
    web::list(
        &caller,
        &listing,
        page,
        table,
        async |window| orgs::list(caller.ctx(), &asked, &window).await,
        row,
    )
    .await
}

fn state(status: OrgStatus) -> State {
    match status {
        OrgStatus::Active => State::Active,
        OrgStatus::Ended => State::Suspended,
    }
}

fn or_dash(text: &str) -> Cell {
    if text.is_empty() { Cell::Empty } else { Cell::text(text) }
}

async fn show(caller: Caller, Key(id): Key<OrgRow>) -> Reply {
    let org = orgs::view(caller.ctx(), id).await?;
    page(&caller, &org, &status_form(&caller, &org)).await
}

async fn page(caller: &Caller, org: &Org, form: &Form) -> Reply {
    let names = names(caller).await?;
    let of = |vocabulary, code: &Option<String>| or_dash(&names.of_opt(vocabulary, code.as_deref()));
    let facts = Summary::new()
        .fact("状态", state(org.status))
        .fact("类别", Cell::text(org.kind.name()))
        .fact("统一社会信用代码", Cell::text(org.credit_code.as_str()))
        .why("按 GB 32100 校验过校验位；是否在登记机关有效不由本平台判断。")
        .fact("身份", or_dash(&orgs::capacities(org)))
        .fact("所在区", Cell::text(names.of(Vocabulary::District, &org.district)))
        .fact("街道和镇", of(Vocabulary::Town, &org.town))
        .fact("重点区域", of(Vocabulary::KeyArea, &org.key_area))
        .fact("主管部门", of(Vocabulary::Department, &org.department))
        .fact("行业", of(Vocabulary::Industry, &org.industry))
        .fact("联系人", or_dash(&org.contact))
        .fact("联系电话", or_dash(&org.phone));
    let facts = if org.base_level.is_some() {
        let (today, until) = (caller.ctx().today(), org.base_until);
        let term = if org.is_base_on(today) {
            "有效期内"
        } else {
            "有效期已过"
        };
        facts
            .fact(
                "基地",
                Cell::text(format!("{}（{term}）", org.base_level.map_or("", BaseLevel::name))),
            )
            .fact("批次", or_dash(org.base_batch.as_deref().unwrap_or_default()))
            .fact("有效期至", Cell::date(until))
    } else {
        facts
    };
    let may = |act| caller.ctx().may(act, &org.place()).is_ok();
    let mut page = caller.page(&org.name).crumb("机构名册", "/desk/orgs");
    if may(Act::EditOrg) {
        page = page.action(Action::link("修改", &format!("/desk/orgs/{}/edit", org.id)));
    }
    if may(Act::ListPeople) && org.is_employer {
        page = page.other(Action::link("人员名册", &format!("/desk/people?org={}", org.id)));
    }
    let body = Html::of(&facts);
    if !may(Act::CreateOrg) {
        return web::page(page, body);
    }
    web::page(page.failed(form.failed()), body.and(form))
}

/// Ends or resumes, with a reason.
fn status_form(caller: &Caller, org: &Org) -> Form {
    let (path, label) = match org.status {
        OrgStatus::Active => ("end", "停用"),
        OrgStatus::Ended => ("resume", "恢复"),
    };
    Form::post(&format!("/desk/orgs/{}/{path}", org.id), caller.csrf())
        .section_with_hint(
            &format!("{label}该机构"),
            "停用后不能再开班、报名或登记人员，历史记录保留。",
        )
        .field(Field::hidden("version", &org.version.to_string()))
        .field(Field::text("reason", "理由").max(200).required())
        .submit_danger(label)
}

fn form(caller: &Caller, names: &Names, action: &str, cancel: &str) -> Form {
    Form::post(action, caller.csrf())
        .section("基本信息")
        .field(Field::text("name", "机构名称").hint("与证照一致。").max(100).required())
        .field(
            Field::credit_code("credit_code", "统一社会信用代码")
                .hint("18 位，保存时核对校验位。")
                .required(),
        )
        .field(Field::select("kind", "类别", coded(OrgKind::name)).required())
        .field(Field::select("district", "所在区", choices(names, Vocabulary::District)).required())
        .field(Field::select("town", "街道和镇", towns(names)).empty_choice("不填写"))
        .field(Field::select("key_area", "重点区域", choices(names, Vocabulary::KeyArea)).empty_choice("不属于"))
        .field(Field::select("department", "行业主管部门", choices(names, Vocabulary::Department)).empty_choice("没有"))
        .field(Field::select("industry", "国民经济行业", choices(names, Vocabulary::Industry)).empty_choice("不填写"))
        .section("身份")
        .field(Field::tick("is_provider", "施教机构（开设课程和班次）"))
        .field(Field::tick("is_employer", "用人单位（登记本单位人员）"))
        .field(Field::tick("leading_enterprise", "龙头企业"))
        .field(Field::select("base_level", "继续教育基地", coded(BaseLevel::name)).empty_choice("不是基地"))
        .field(Field::text("base_batch", "基地批次").hint("例如：第三批。").max(30))
        .field(Field::date("base_until", "基地有效期至"))
        .section("联系方式")
        .field(Field::text("contact", "联系人").max(50))
        .field(Field::phone("phone", "联系电话"))
        .submit("保存")
        .cancel(cancel)
}

/// Towns grouped by district, so that the right one is found without JavaScript.
fn towns(names: &Names) -> Vec<Choice> {
    names
        .all(Vocabulary::Town)
        .map(|(code, name)| {
            Choice::new(code, name).group(&names.of(Vocabulary::District, code.get(..6).unwrap_or(code)))
        })
        .collect()
}

fn read(fields: &Fields) -> kernel::Result<OrgDraft> {
    let mut reader = fields.reader();
    let kind = reader.choice::<OrgKind>("kind", "类别");
    let name = reader.text("name", "机构名称", 2..=100);
    let credit_code = reader.text("credit_code", "统一社会信用代码", 1..=40);
    let district = reader.text("district", "所在区", 1..=6);
    let base_until = reader.optional_date("base_until", "基地有效期");
    let base_level = match fields.get("base_level") {
        "" => None,
        _ => reader.choice::<BaseLevel>("base_level", "基地级别"),
    };
    let draft = OrgDraft {
        town: reader.optional("town"),
        department: reader.optional("department"),
        industry: reader.optional("industry"),
        key_area: reader.optional("key_area"),
        is_provider: reader.ticked("is_provider"),
        is_employer: reader.ticked("is_employer"),
        base_level,
        base_batch: reader.optional("base_batch"),
        base_until,
        leading_enterprise: reader.ticked("leading_enterprise"),
        contact: reader.text("contact", "联系人", 0..=50),
        phone: reader.text("phone", "联系电话", 0..=30),
        ..OrgDraft::new(kind.unwrap_or(OrgKind::Other), &name, &credit_code, &district)
    };
    reader.finish()?;
    Ok(draft)
}

fn form_page(caller: &Caller, title: &str, form: &Form) -> Reply {
    web::page(
        caller.page(title).crumb("机构名册", "/desk/orgs").failed(form.failed()),
        Html::of(form),
    )
}

async fn new(caller: Caller) -> Reply {
    let names = names(&caller).await?;
    let own = caller.ctx().actor.own.district.clone().unwrap_or_default();
    let form =
        form(&caller, &names, "/desk/orgs/new", "/desk/orgs").fill(&[("district", own.as_str()), ("is_employer", "1")]);
    form_page(&caller, "登记机构", &form)
}

async fn add(caller: Caller, fields: Fields) -> Reply {
    let names = names(&caller).await?;
    let result = async { orgs::create(caller.ctx(), read(&fields)?).await }.await;
    match result {
        Ok(id) => redirect_saying(&caller, &format!("/desk/orgs/{id}"), "机构已登记。"),
        Err(error) => reform(error, |errors| {
            let form = form(&caller, &names, "/desk/orgs/new", "/desk/orgs");
            form_page(&caller, "登记机构", &form.fill(fields.pairs()).errors(errors))
        }),
    }
}

fn edit_form(caller: &Caller, names: &Names, org: &Org) -> Form {
    let address = format!("/desk/orgs/{}", org.id);
    form(caller, names, &format!("{address}/edit"), &address).field(Field::hidden("version", &org.version.to_string()))
}

fn stored(org: &Org) -> Vec<(&'static str, String)> {
    let tick = |set: bool| if set { "1".to_owned() } else { String::new() };
    let opt = |text: &Option<String>| text.clone().unwrap_or_default();
    vec![
        ("name", org.name.clone()),
        ("credit_code", org.credit_code.as_str().to_owned()),
        ("kind", org.kind.code().to_owned()),
        ("district", org.district.clone()),
        ("town", opt(&org.town)),
        ("key_area", opt(&org.key_area)),
        ("department", opt(&org.department)),
        ("industry", opt(&org.industry)),
        ("is_provider", tick(org.is_provider)),
        ("is_employer", tick(org.is_employer)),
        ("leading_enterprise", tick(org.leading_enterprise)),
        (
            "base_level",
            org.base_level.map(|level| level.code().to_owned()).unwrap_or_default(),
        ),
        ("base_batch", opt(&org.base_batch)),
        (
            "base_until",
            org.base_until.map(|day| day.to_string()).unwrap_or_default(),
        ),
        ("contact", org.contact.clone()),
        ("phone", org.phone.clone()),
        ("version", org.version.to_string()),
    ]
}

async fn change(caller: Caller, Key(id): Key<OrgRow>) -> Reply {
    let org = orgs::view(caller.ctx(), id).await?;
    caller.ctx().may(Act::EditOrg, &org.place())?;
    let names = names(&caller).await?;
    form_page(
        &caller,
        "修改机构信息",
        &edit_form(&caller, &names, &org).fill(&stored(&org)),
    )
}

async fn save(caller: Caller, Key(id): Key<OrgRow>, fields: Fields) -> Reply {
    let org = orgs::view(caller.ctx(), id).await?;
    let names = names(&caller).await?;
    let result = async { orgs::edit(caller.ctx(), id, version(&fields)?, read(&fields)?).await }.await;
    match result {
        Ok(()) => redirect_saying(&caller, &format!("/desk/orgs/{id}"), "已保存。"),
        Err(error) => reform(error, |errors| {
            form_page(
                &caller,
                "修改机构信息",
                &edit_form(&caller, &names, &org).fill(fields.pairs()).errors(errors),
            )
        }),
    }
}

/// The version a form was shown with; without one the form is not ours.
pub(crate) fn version(fields: &Fields) -> kernel::Result<i64> {
    fields.get("version").parse().map_err(|_| kernel::Error::Stale)
}

async fn end(caller: Caller, Key(id): Key<OrgRow>, fields: Fields) -> Reply {
    set_status(caller, id, fields, OrgStatus::Ended, "机构已停用。").await
}

async fn resume(caller: Caller, Key(id): Key<OrgRow>, fields: Fields) -> Reply {
    set_status(caller, id, fields, OrgStatus::Active, "机构已恢复。").await
}

async fn set_status(caller: Caller, id: kernel::id::OrgId, fields: Fields, status: OrgStatus, said: &str) -> Reply {
    let set = async {
        let mut reader = fields.reader();
        let reason = reader.text("reason", "理由", 2..=200);
        reader.finish()?;
        orgs::set_status(caller.ctx(), id, version(&fields)?, status, &reason).await
    };
    match set.await {
        Ok(()) => redirect_saying(&caller, &format!("/desk/orgs/{id}"), said),
        Err(error) => {
            let org = orgs::view(caller.ctx(), id).await?;
            let form = status_form(&caller, &org).fill(fields.pairs());
            reform_reading(error, async |errors| page(&caller, &org, &form.errors(errors)).await).await
        }
    }
}
