//! Reports of providers: rosters and completions by file, classes that ran elsewhere, the window and its exceptions.

mod by_file;
mod by_system;
mod elsewhere;
mod large;
mod late;
mod shut;

use kernel::{ClassId, CourseId, Hours, PersonId, Seconds, date};
use learning::courses::reporting::{self, ReportId, filed};
use registry::people;
use rules::courses::reporting::{Filing, read_sessions};
use testkit::{Browser, World};

/// Name and complete number of the `n`-th person of employer-a.
async fn who(world: &World, n: usize) -> (String, String) {
    let mut tx = world.db.read().await.expect("a reader");
    let person = people::load(&mut tx, world.city.people_of("employer-a")[n])
        .await
        .expect("a person");
    (person.name, person.document.number().to_owned())
}

/// A file of completions: name, number, and the cells from the result on.
fn results(rows: &[(&(String, String), &str)]) -> Vec<u8> {
    let mut out = "姓名,身份证件号码,结果,成绩,实际学时,缺课课次\n".to_owned();
    for ((name, number), rest) in rows {
        out.push_str(&format!("{name},{number},{rest}\n"));
    }
    out.into_bytes()
}

fn roster(rows: &[&(String, String)]) -> Vec<u8> {
    let mut out = "姓名,身份证件号码\n".to_owned();
    for (name, number) in rows {
        out.push_str(&format!("{name},{number}\n"));
    }
    out.into_bytes()
}

async fn upload(world: &World, browser: &Browser, (kind, class): (&str, ClassId), file: &[u8]) -> String {
    let class = class.to_string();
    browser.get("/desk/reports/new").await.is(200);
    let fields = [("kind", kind), ("class", class.as_str())];
    let sent = browser
        .upload("/desk/reports/new", &fields, ("file", "结果.csv", file))
        .await
        .is(303);
    browser.get(&format!("{}/progress", sent.location)).await.is(200);
    world.run_jobs().await;
    sent.location
}

async fn confirm(world: &World, browser: &Browser, page: &str) {
    browser.post(&format!("{page}/confirm"), &[]).await.is(303);
    world.run_jobs().await;
}

async fn report(world: &World, page: &str) -> reporting::ClassReport {
    let id = page.rsplit('/').next().and_then(|id| id.parse().ok()).expect("an id");
    reporting::view(&world.system(), ReportId::new(id))
        .await
        .expect("the report")
        .0
}

/// What a report came to: rows that are right, that say what was recorded before, that are faulty, written.
async fn counts(world: &World, page: &str) -> (i64, i64, i64, i64) {
    let counts = report(world, page).await.counts;
    (counts.right, counts.same, counts.faulty, counts.written)
}

async fn entries(world: &World) -> i64 {
    let mut tx = world.db.read().await.expect("a reader");
    tx.one("select count(*) from credits_entries", &[])
        .await
        .expect("a count")
}

async fn total(world: &World, person: PersonId) -> Hours {
    let mut tx = world.db.read().await.expect("a reader");
    let year = learning::credits::statement(&world.system(), &mut tx, person, 2026).await;
    year.expect("a year")
        .lines
        .iter()
        .map(|line| line.hours)
        .fold(Hours::ZERO, |sum, hours| sum + hours)
}

fn filing(own: &str) -> Filing {
    Filing {
        own_number: own.into(),
        title: "数据治理（基地自办）".into(),
        starts_on: date(2026, 3, 3),
        ends_on: date(2026, 3, 4),
        taught: Seconds::ZERO,
        sessions: read_sessions("2026-03-03 09:00-12:00\n2026-03-04 09:00-12:00").expect("sessions"),
        place: "基地教室".into(),
        teacher: "王老师".into(),
        participants: 40,
        declared: Hours::whole(8),
    }
}

async fn file(world: &World, course: CourseId, own: &str) -> ClassId {
    let filed = filed::file(&world.acting("provider-a"), course, &filing(own)).await;
    filed.expect("it is filed").class
}
