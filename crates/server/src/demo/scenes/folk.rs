//! People about whom something is to be decided: self-registered ones to be confirmed, two records of one person, and a
//! roster whose faults the employer finds explained.
//!
//! Registering needs a code that is delivered to the person, so these records are written as registering leaves them.
//! Deliberately absent: accounts of the registered people.

use std::fs;

use db::{Tx, Value};
use kernel::{Date, DocumentKind, Error, IdentityDocument, PersonId, Place, Result, Role, Time, date, mask};
use registry::people::{registration, roster};
use registry::tasks::{self, NewTask};
use rules::people::roster::title;

use super::Stage;
use crate::demo::bodies::Body;
use crate::demo::random::Dice;
use crate::demo::words;

/// Somebody to be written.
struct Record<'a> {
    name: String,
    document: IdentityDocument,
    employer: Option<&'a Body>,
    district: &'a str,
    verified: bool,
    at: Time,
}

pub(super) async fn play(stage: &Stage<'_>) -> Result<()> {
    let own = &stage.city.bodies.employers[0];
    let mut tx = stage.city.ctx.db.write().await?;
    for serial in 0..6_u32 {
        let (employer, district) = match serial {
            0..=2 => (Some(own), own.district_code()),
            3 | 4 => (None, own.district_code()),
            _ => (None, "310115"),
        };
        let record = Record {
            name: words::person_name(&mut Dice::of("registered", u64::from(serial))),
            document: IdentityDocument::demo(date(2003, 3, 1 + serial), 900),
            employer,
            district,
            verified: false,
            at: Time::local(crate::demo::courses::day(stage.today(), -i64::from(serial) - 1), 14, 0),
        };
        let id = insert(&mut tx, &record).await?;
        ask_to_verify(stage, &mut tx, id, &record).await?;
    }
    let again = pair(stage, &mut tx, own).await?;
    tx.commit().await?;
    ask_to_merge(stage, again).await?;
    import(stage).await
}

async fn insert(tx: &mut Tx, record: &Record<'_>) -> Result<PersonId> {
    let id: PersonId = tx.mint();
    let number = u64::try_from(id.get() % 100_000).unwrap_or(0) + 90_000_000;
    let (by, at) = if record.verified {
        (Some("demo"), Some(record.at))
    } else {
        (None, None)
    };
    let row: [Value; 16] = [
        id.into(),
        record.name.as_str().into(),
        db::code(record.document.kind()),
        record.document.number().into(),
        record.document.born().into(),
        words::phone(number).into(),
        id.into(),
        record.employer.map(|body| body.id).into(),
        record.district.into(),
        record.employer.and_then(|body| body.department.as_deref()).into(),
        if record.verified { "verified" } else { "unverified" }.into(),
        by.into(),
        at.into(),
        record.at.into(),
        "ai".into(),
        "intermediate".into(),
    ];
    let sql =
        "insert into people (id, name, document_kind, document_no, born, phone, person, org, district, department,
        standing, verified_by, verified_at, created_at, field, title_level)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
    tx.exec(sql, &row).await?;
    Ok(id)
}

/// The task that registering asks: of the employer, or of the district where there is none.
async fn ask_to_verify(stage: &Stage<'_>, tx: &mut Tx, id: PersonId, record: &Record<'_>) -> Result<()> {
    let (role, place) = match record.employer {
        Some(body) => (Role::Employer, body.place()),
        None => (
            Role::District,
            Place {
                district: Some(record.district.into()),
                ..Place::default()
            },
        ),
    };
    let task = NewTask {
        kind: "person.verify",
        title: format!("核验自行注册的人员：{}", mask::name(&record.name)),
        href: format!("/desk/people/{id}"),
        role,
        place,
        cause: registration::cause(id),
        due: None,
    };
    let ctx = stage.at(kernel::Actor::system("demo"), record.at);
    tasks::ask(&ctx, tx, task).await
}

/// A colleague of the learner is there a second time, under a passport.
async fn pair(stage: &Stage<'_>, tx: &mut Tx, own: &Body) -> Result<(PersonId, String)> {
    let number = stage.city.people.of_employer(0, 1).first().copied().unwrap_or(0);
    let name = stage.city.people.person(number).name;
    let record = Record {
        name: name.clone(),
        document: IdentityDocument::stored(DocumentKind::Passport, "DEMO2026001".into()),
        employer: Some(own),
        district: own.district_code(),
        verified: true,
        at: Time::local(date(2024, 6, 3), 10, 0),
    };
    Ok((insert(tx, &record).await?, name))
}

async fn ask_to_merge(stage: &Stage<'_>, (again, name): (PersonId, String)) -> Result<()> {
    let ctx = stage.acting("demo-employer", -4, 10);
    let mut tx = ctx.db.write().await?;
    let district = stage.city.bodies.employers[0].district_code();
    let task = NewTask {
        kind: "person.merge",
        title: format!("核对疑似重复的人员记录：{}", mask::name(&name)),
        href: format!("/desk/people/{again}"),
        role: Role::District,
        place: Place {
            district: Some(district.into()),
            ..Place::default()
        },
        cause: format!("person.merge:{again}"),
        due: None,
    };
    tasks::ask(&ctx, &mut tx, task).await?;
    tx.commit().await
}

/// A roster with two faults is checked; the same one without faults lies in the data folder to be tried.
async fn import(stage: &Stage<'_>) -> Result<()> {
    let ctx = stage.acting("demo-employer", -1, 9);
    let folder = ctx.installation.data.join("demo");
    fs::create_dir_all(&folder).map_err(Error::broken)?;
    fs::write(folder.join("人员名册示例.csv"), text(false)).map_err(Error::broken)?;
    let faulty = folder.join("人员名册（有错误）.csv");
    fs::write(&faulty, text(true)).map_err(Error::broken)?;
    let import = roster::begin(&ctx, ctx.actor.org(), "人员名册（有错误）.csv", &faulty).await?;
    roster::check(&ctx, import, roster::Watcher::Nobody).await.map(drop)
}

/// Eight rows with a heading, as Excel saves them: with a byte order mark.
fn text(faulty: bool) -> String {
    let columns = [
        "name",
        "document_kind",
        "document_no",
        "phone",
        "title_level",
        "post",
        "front_line",
        "from_day",
    ];
    let mut lines = vec![columns.map(title).join(",")];
    for serial in 0..8_u32 {
        let mut number = IdentityDocument::demo(born(serial), 901).number().to_owned();
        let mut level = "中级";
        if faulty && serial == 2 {
            let last = if number.ends_with('1') { '2' } else { '1' };
            number.replace_range(17.., &last.to_string());
        }
        if faulty && serial == 5 {
            level = "中等";
        }
        let name = words::person_name(&mut Dice::of("roster", u64::from(serial)));
        let phone = words::phone(80_000_000 + u64::from(serial));
        lines.push(format!(
            "{name},居民身份证,{number},{phone},{level},工程师,否,2024-03-01"
        ));
    }
    format!("\u{feff}{}\r\n", lines.join("\r\n"))
}

fn born(serial: u32) -> Date {
    date(2002, 5, 1 + serial)
}
