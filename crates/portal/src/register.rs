//! Registering by oneself: who one is → a code to the telephone → a password. The record is 未核验 until an employer
//! or a district confirms it.
//!
//! The first page answers the same whoever is known; what is so stands in the notice that the telephone gets.

use kernel::{Code, DocumentKind};
use registry::{
    people::registration::{self, Completion, Registration},
    taxonomy::{self, Vocabulary},
};
use ui::{Action, Choice, Field, Form, Html, Receipt, Steps};
use web::{Caller, Fields, Gate, Reply, Routes, portal_page, reform};

/// The pages.
#[must_use]
pub fn routes() -> Routes {
    Routes::new()
        .get("/register", Gate::Public, "个人注册", ask)
        .post("/register", Gate::Public, "提交个人注册", start)
        .get("/register/finish", Gate::Public, "输入注册码", ask_code)
        .post("/register/finish", Gate::Public, "完成个人注册", finish)
}

const STEPS: [&str; 3] = ["填写身份", "输入注册码、设置密码", "等待核验"];

async fn form(caller: &Caller) -> kernel::Result<Form> {
    let names = taxonomy::names(&mut caller.ctx().db.read().await?).await?;
    let kinds = DocumentKind::ALL
        .iter()
        .map(|kind| Choice::new(kind.code(), kind.name()));
    let districts: Vec<Choice> = names
        .all(Vocabulary::District)
        .map(|(code, name)| Choice::new(code, name))
        .collect();
    Ok(Form::post("/register", caller.csrf())
        .field(
            Field::text("name", "姓名")
                .hint("与证件一致。")
                .max(50)
                .autocomplete("name")
                .required(),
        )
        .field(Field::select("document_kind", "证件类型", kinds).required())
        .field(
            Field::identity("document_no", "身份证件号码")
                .autocomplete("off")
                .required(),
        )
        .field(
            Field::phone("phone", "手机号码")
                .hint("注册码发到这个号码；单位已为您登记过手机号码的，发到登记的号码。")
                .required(),
        )
        .field(Field::select("district", "工作所在区", districts).required())
        .field(
            Field::credit_code("credit_code", "工作单位统一社会信用代码")
                .hint("可以不填。填写后由单位核验，不填由所在区人社部门核验。"),
        )
        .submit("获取注册码")
        .unguarded())
}

fn first_page(caller: &Caller, form: &Form) -> Reply {
    let page = caller
        .page("个人注册")
        .lead("单位已经为您登记过的，注册后直接认领原有记录，不会重复。")
        .other(Action::link("已有注册码", "/register/finish"))
        .other(Action::link("已有账号，去登录", "/login"));
    let body = Html::of(&Steps::new(0, STEPS)).and(form);
    portal_page(page.failed(form.failed()), body)
}

async fn ask(caller: Caller) -> Reply {
    let form = form(&caller).await?.fill(&[("document_kind", "resident")]);
    first_page(&caller, &form)
}

async fn start(caller: Caller, fields: Fields) -> Reply {
    let result = async {
        let mut reader = fields.reader();
        let kind = reader.choice::<DocumentKind>("document_kind", "证件类型");
        let district = reader.text("district", "工作所在区", 1..=6);
        reader.finish()?;
        let registration = Registration {
            name: fields.get("name").to_owned(),
            document_kind: kind.unwrap_or(DocumentKind::Resident),
            document_no: fields.get("document_no").to_owned(),
            phone: fields.get("phone").to_owned(),
            district,
            credit_code: fields.get("credit_code").to_owned(),
            address: caller.address(),
        };
        registration::start(caller.ctx(), &registration).await
    }
    .await;
    match result {
        Ok(()) => second_page(&caller, &code_form(&caller)),
        Err(error) => {
            let shown = form(&caller).await?.fill(fields.pairs());
            reform(error, |errors| first_page(&caller, &shown.errors(errors)))
        }
    }
}

fn code_form(caller: &Caller) -> Form {
    Form::post("/register/finish", caller.csrf())
        .field(Field::text("code", "注册码").hint("通知中的注册码，30 分钟内有效，大小写和连字符不影响。").autocomplete("one-time-code").max(60).required())
        .field(
            Field::text("login", "登录名")
                .hint("可以不填，由平台分配。字母开头，3 到 40 个字母、数字、点、下划线或连字符；不要用证件号码或手机号码。")
                .autocomplete("username")
                .max(40),
        )
        .field(Field::new_password("password", "密码").hint("至少 10 个字符，可以是一句自己记得住的话。").required())
        .field(Field::new_password("again", "再输入一次").required())
        .submit("完成注册")
        .unguarded()
}

fn second_page(caller: &Caller, form: &Form) -> Reply {
    let page = caller
        .page("输入注册码")
        .lead("通知已发出。收到注册码的，请在 30 分钟内完成注册；通知中另有说明的，请按说明办理。")
        .other(Action::link("重新填写", "/register"));
    let body = Html::of(&Steps::new(1, STEPS)).and(form);
    portal_page(page.failed(form.failed()), body)
}

async fn ask_code(caller: Caller) -> Reply {
    second_page(&caller, &code_form(&caller))
}

async fn finish(caller: Caller, fields: Fields) -> Reply {
    let completion = Completion {
        code: fields.get("code").to_owned(),
        login: fields.get("login").to_owned(),
        password: fields.get("password").to_owned(),
        again: fields.get("again").to_owned(),
        address: caller.address(),
    };
    match registration::finish(caller.ctx(), &completion).await {
        Ok(login) => done_page(&caller, &login),
        Err(error) => reform(error, |errors| {
            second_page(&caller, &code_form(&caller).fill(fields.pairs()).errors(errors))
        }),
    }
}

fn done_page(caller: &Caller, login: &str) -> Reply {
    let receipt = Receipt::new("注册完成。", login)
        .number_label("登录名")
        .next("现在就可以登录。请记住登录名和密码。")
        .next("由工作单位或所在区人社部门核验身份；核验之前显示为“未核验”。")
        .action(Action::link("去登录", "/login").primary());
    portal_page(caller.page("注册完成"), Html::of(&Steps::new(2, STEPS)).and(&receipt))
}
