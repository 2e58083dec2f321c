//! Entering a person and changing what is known.

use kernel::{Code, DocumentKind, id::OrgRow, id::PersonRow};
use registry::{
    orgs,
    people::{self, Person, PersonDraft, PostKind, TitleLevel},
    taxonomy::{self, Names, Vocabulary},
};
use rules::permits::Act;
use ui::{Choice, Field, Form, Html};
use web::{Caller, Fields, Gate, Key, Reply, Routes, redirect_saying, reform};

use crate::orgs::{choices, version};

pub(super) fn routes() -> Routes {
    let (create, edit) = (Gate::Act(Act::CreatePerson), Gate::Act(Act::EditPerson));
    Routes::new()
        .get("/desk/people/new", create, "登记人员", new)
        .post("/desk/people/new", create, "登记人员", add)
        .get("/desk/people/{id}/edit", edit, "修改人员信息", change)
        .post("/desk/people/{id}/edit", edit, "保存人员信息", save)
}

/// What the form offers.
struct Offers {
    names: std::sync::Arc<Names>,
    /// Employers in reach; empty for an employer's own staff, who enter for their own.
    orgs: Vec<Choice>,
}

async fn offers(caller: &Caller) -> kernel::Result<Offers> {
    let ctx = caller.ctx();
    let names = taxonomy::names(&mut ctx.db.read().await?).await?;
    let mut offered = Vec::new();
    if ctx.actor.org().is_none() {
        let asked = orgs::Filter {
            capacity: Some("employer".to_owned()),
            status: Some(orgs::OrgStatus::Active),
            ..orgs::Filter::default()
        };
        let found = orgs::list(ctx, &asked, &registry::Window::sorted("name", false, 500)).await?;
        offered = found
            .rows
            .iter()
            .map(|org| Choice::new(&org.id.to_string(), &org.name))
            .collect();
    }
    Ok(Offers { names, orgs: offered })
}

fn form(caller: &Caller, offers: &Offers, (action, cancel): (&str, &str), known: Option<&Person>) -> Form {
    let names = &offers.names;
    let levels = TitleLevel::ALL
        .iter()
        .map(|level| Choice::new(level.code(), level.name()));
    let posts = PostKind::ALL.iter().map(|kind| Choice::new(kind.code(), kind.name()));
    let mut number = Field::identity("document_no", "身份证件号码").autocomplete("off");
    number = match known {
        Some(person) => number.hint(&format!("现为 {}；留空表示不修改。", person.document.masked())),
        None => number.hint("保存时核对校验位；末位 X 大小写均可。").required(),
    };
    let phone = match known {
        Some(person) if !person.phone.is_empty() => {
            Field::phone("phone", "手机号码").hint(&format!("现为 {}；留空表示不修改。", person.masked_phone()))
        }
        _ => Field::phone("phone", "手机号码"),
    };
    let mut form = Form::post(action, caller.csrf())
        .section("身份")
        .field(
            Field::text("name", "姓名")
                .hint("与证件一致。")
                .max(50)
                .autocomplete("off")
                .required(),
        )
        .field(Field::select("document_kind", "证件类型", super::document_kinds()).required())
        .field(number)
        .field(phone)
        .section("任职");
    if !offers.orgs.is_empty() {
        form = form
            .field(Field::select("org", "工作单位", offers.orgs.clone()).empty_choice("没有任职单位"))
            .field(
                Field::select("district", "所在区", choices(names, Vocabulary::District))
                    .hint("没有任职单位的人员填写。")
                    .empty_choice("随单位"),
            );
    }
    form = form
        .field(Field::text("post", "岗位").max(60))
        .field(Field::radios("post_kind", "岗位类别", posts).inline())
        .field(Field::tick("front_line", "在基层一线工作"))
        .field(Field::date("from_day", "入职日期").hint("到现单位工作的第一天；留空按今天。"));
    if known.is_none() {
        form = form.field(Field::tick("transfer", "确认调入").hint("该人员现登记在其他单位时勾选，原任职自动截止。"));
    }
    form.section("职称")
        .field(Field::select("title_series", "职称系列", choices(names, Vocabulary::TitleSeries)).empty_choice("没有"))
        .field(Field::select("title_level", "职称级别", levels).empty_choice("没有"))
        .field(Field::text("title_name", "职称名称").hint("例如：高级工程师。").max(60))
        .field(Field::select("field", "专业领域", choices(names, Vocabulary::FocusField)).empty_choice("不填写"))
        .submit("保存")
        .cancel(cancel)
}

fn read(fields: &Fields) -> kernel::Result<PersonDraft> {
    let mut reader = fields.reader();
    let kind = reader
        .choice::<DocumentKind>("document_kind", "证件类型")
        .unwrap_or(DocumentKind::Resident);
    let title_level = match fields.get("title_level") {
        "" => None,
        _ => reader.choice::<TitleLevel>("title_level", "职称级别"),
    };
    let org = match fields.get("org") {
        "" => None,
        _ => reader.id::<OrgRow>("org", "工作单位"),
    };
    let draft = PersonDraft {
        phone: reader.text("phone", "手机号码", 0..=30),
        title_series: reader.optional("title_series"),
        title_level,
        title_name: reader.text("title_name", "职称名称", 0..=60),
        post: reader.text("post", "岗位", 0..=60),
        post_kind: PostKind::from_code(fields.get("post_kind")).unwrap_or_default(),
        front_line: reader.ticked("front_line"),
        field: reader.optional("field"),
        org,
        district: reader.optional("district"),
        from_day: reader.optional_date("from_day", "入职日期"),
        transfer: reader.ticked("transfer"),
        ..PersonDraft::new(fields.get("name"), kind, fields.get("document_no"))
    };
    reader.finish()?;
    Ok(draft)
}

fn form_page(caller: &Caller, title: &str, form: &Form) -> Reply {
    web::page(
        caller
            .page(title)
            .crumb("人员名册", "/desk/people")
            .failed(form.failed()),
        Html::of(form),
    )
}

const NEW: (&str, &str) = ("/desk/people/new", "/desk/people");

async fn new(caller: Caller) -> Reply {
    let offers = offers(&caller).await?;
    let usual = [("document_kind", "resident"), ("post_kind", "technical")];
    form_page(&caller, "登记人员", &form(&caller, &offers, NEW, None).fill(&usual))
}

async fn add(caller: Caller, fields: Fields) -> Reply {
    let offers = offers(&caller).await?;
    let result = async { people::create(caller.ctx(), read(&fields)?).await }.await;
    match result {
        Ok(id) => redirect_saying(&caller, &format!("/desk/people/{id}"), "人员已登记。"),
        Err(error) => reform(error, |errors| {
            form_page(
                &caller,
                "登记人员",
                &form(&caller, &offers, NEW, None).fill(fields.pairs()).errors(errors),
            )
        }),
    }
}

fn edit_form(caller: &Caller, offers: &Offers, person: &Person) -> Form {
    let address = format!("/desk/people/{}", person.id);
    form(caller, offers, (&format!("{address}/edit"), &address), Some(person))
        .field(Field::hidden("version", &person.version.to_string()))
}

/// What is stored, without the numbers: those stay masked beside their fields.
fn stored(person: &Person) -> Vec<(&'static str, String)> {
    let opt = |text: &Option<String>| text.clone().unwrap_or_default();
    vec![
        ("name", person.name.clone()),
        ("document_kind", person.document.kind().code().to_owned()),
        ("org", person.org.map(|org| org.to_string()).unwrap_or_default()),
        ("district", opt(&person.district)),
        ("post", person.post.clone()),
        ("post_kind", person.post_kind.code().to_owned()),
        (
            "front_line",
            if person.front_line {
                "1".to_owned()
            } else {
                String::new()
            },
        ),
        ("title_series", opt(&person.title_series)),
        (
            "title_level",
            person
                .title_level
                .map(|level| level.code().to_owned())
                .unwrap_or_default(),
        ),
        ("title_name", person.title_name.clone()),
        ("field", opt(&person.field)),
        ("version", person.version.to_string()),
    ]
}

async fn change(caller: Caller, Key(id): Key<PersonRow>) -> Reply {
    let (person, _) = people::view(caller.ctx(), id).await?;
    caller.ctx().may(Act::EditPerson, &person.place())?;
    let offers = offers(&caller).await?;
    form_page(
        &caller,
        "修改人员信息",
        &edit_form(&caller, &offers, &person).fill(&stored(&person)),
    )
}

async fn save(caller: Caller, Key(id): Key<PersonRow>, fields: Fields) -> Reply {
    let (person, _) = people::view(caller.ctx(), id).await?;
    let offers = offers(&caller).await?;
    let result = async { people::edit(caller.ctx(), id, version(&fields)?, read(&fields)?).await }.await;
    match result {
        Ok(()) => redirect_saying(&caller, &format!("/desk/people/{id}"), "已保存。"),
        Err(error) => reform(error, |errors| {
            form_page(
                &caller,
                "修改人员信息",
                &edit_form(&caller, &offers, &person).fill(fields.pairs()).errors(errors),
            )
        }),
    }
}
