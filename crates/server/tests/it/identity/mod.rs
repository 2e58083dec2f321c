//! Identity from the outside, one file per noun; here what they share: signing in by hand, a colleague, the code that a
//! page shows once, rows of the trail.

mod activation;
mod signing_in;
mod staff;
mod tokens;
mod trail;

use kernel::{Actor, Error, Place, Role};
use registry::Window;
use registry::identity::{Credentials, NewGrant, accounts, audit, sessions};
use testkit::{Answer, World};

const CHOSEN: &str = "春风又绿江南岸，明月何时";

fn credentials(login: &str, password: &str, address: &str) -> Credentials {
    Credentials {
        login: login.into(),
        password: password.into(),
        agent: "test".into(),
        address: address.into(),
    }
}

fn code_of<T>(result: kernel::Result<T>) -> String {
    match result {
        Err(Error::Refused { code, .. }) => code.to_owned(),
        Err(Error::Wrong(fields)) => fields[0].code.to_owned(),
        Err(Error::Forbidden(_)) => "forbidden".into(),
        Err(Error::NotFound) => "not_found".into(),
        Err(other) => format!("{other:?}"),
        Ok(_) => "ok".into(),
    }
}

/// Signs in as somebody unknown to the session, through the use case.
async fn try_login(world: &World, login: &str, password: &str) -> kernel::Result<String> {
    let ctx = world.ctx(Actor::anonymous("test"));
    sessions::login(&ctx, &credentials(login, password, "10.0.0.1"))
        .await
        .map(|begun| begun.token)
}

/// The activation code on the one page that shows it.
fn shown_code(answer: &Answer) -> String {
    let text = answer.text();
    let is_code = |word: &str| word.len() == 34 && word.split('-').count() == 7;
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
    words
        .into_iter()
        .find(|word| is_code(word))
        .unwrap_or_else(|| panic!("no code: {}", answer.outline()))
        .to_owned()
}

async fn trail(world: &World, act: &str) -> Vec<audit::Entry> {
    let filter = audit::Filter {
        act: Some(act.into()),
        ..audit::Filter::default()
    };
    audit::search(&world.acting("auditor"), &filter, &Window::sorted("at", true, 50))
        .await
        .unwrap()
        .rows
}

fn grant(role: Role, admin: bool, own: Place) -> NewGrant {
    NewGrant {
        role,
        admin,
        own,
        label: String::new(),
    }
}

/// Creates a colleague of `employer-a` through the page and activates the account; returns its id.
async fn colleague(world: &World, login: &str) -> i64 {
    let admin = world.sign_in("employer-a").await;
    admin.get("/desk/staff/new").await.is(200).sees("姓名或岗位");
    let fields = [("display_name", "李敏（人事）"), ("login", login), ("role", "employer")];
    let page = admin
        .post("/desk/staff/new", &fields)
        .await
        .is(200)
        .sees("只显示这一次");
    activate(world, &shown_code(&page)).await.is(200).sees(login);
    let mut tx = world.db.read().await.unwrap();
    accounts::find_by_login(&mut tx, login).await.unwrap().unwrap().id.get()
}

async fn activate(world: &World, code: &str) -> Answer {
    let visitor = world.visitor();
    visitor.get("/activate").await.is(200);
    visitor
        .post("/activate", &[("code", code), ("password", CHOSEN), ("again", CHOSEN)])
        .await
}
