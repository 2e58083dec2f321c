//! Calls for projects in every stage: one of 60 declarations over the focus fields that is being checked, one under review, one whose plan is
//! under public notice, a published plan of last year, and one that is open.
//!
//! Titles follow the manner of the reference data (`gaoyan_topics.csv`) and say that they are made up. Deliberately absent: experts.

use kernel::{Date, Hours, Money, Result, Role, Time, id::CallId, id::DeclarationId, id::TopicId};
use oversight::calls::{self, Draft, NewTopic};
use registry::{Ctx, taxonomy};
use rules::calls::check::{Judged, Verdict};
use rules::calls::{Content, DeclarationState, Teacher, TeacherRank, TopicDeed};
use rules::taxonomy::Vocabulary;

use super::Stage;
use crate::demo::bodies::Body;
use crate::demo::courses::day;

/// Declarations of the large call.
const MANY: usize = 60;
/// What the titles add to a field.
const MATTERS: [&str; 3] = ["关键技术与工程应用", "标准与质量管理", "成果转化与产业协同"];
const TRAINING: &str = "高级研修项目";
const PACKAGE: &str = "基地培训项目需求包";

/// A call and its days, counted from today.
struct Told<'a> {
    kind: &'a str,
    title: &'a str,
    year: i32,
    places: u32,
    opens: i64,
    closes: i64,
}

pub(super) async fn play(stage: &Stage<'_>) -> Result<()> {
    calls::ship(&stage.acting("demo-lead", -60, 8)).await?;
    let year = chrono::Datelike::year(&stage.today());
    let hosts: Vec<&Body> = stage.city.bodies.providers.iter().take(20).collect();
    if hosts.is_empty() {
        return Ok(());
    }
    large(stage, year, &hosts).await?;
    let fresh = Told {
        kind: PACKAGE,
        title: "基地培训项目需求包征集（演示）",
        year,
        places: 3,
        opens: -3,
        closes: 20,
    };
    open(stage, &fresh).await?;
    finished(stage, year).await
}

/// Drafts and publishes a call.
async fn open(stage: &Stage<'_>, told: &Told<'_>) -> Result<CallId> {
    let lead = stage.acting("demo-lead", told.opens, 9);
    let kinds = calls::templates(&lead).await?;
    let kept = kinds
        .iter()
        .find(|kept| kept.template.kind == told.kind)
        .ok_or(kernel::Error::NotFound)?;
    let at = |days: i64, hour| Time::local(day(stage.today(), days), hour, 0);
    let draft = Draft {
        template: kept.id,
        year: told.year,
        title: told.title.to_owned(),
        body: "聚焦战略性新兴产业、现代服务业、社会热点和乡村振兴，优先支持国家级、市级继续教育基地和龙头企事业单位承办。\n\n本通知为演示数据。"
            .to_owned(),
        places: told.places,
        opens_at: at(told.opens, 8),
        topics_until: kept.template.topics.then(|| at(told.closes, 17)),
        closes_at: at(told.closes, 17),
    };
    let id = calls::draft(&lead, &draft).await?;
    calls::publish(&lead, id, 1).await?;
    Ok(id)
}

/// The staff of a host's district, as a body of its own.
fn district(stage: &Stage<'_>, host: &Body, days: i64) -> Ctx {
    let mut actor = stage.staff(Role::District, host);
    actor.own = kernel::Place {
        district: Some(host.district_code().into()),
        ..kernel::Place::default()
    };
    stage.at(actor, Time::local(day(stage.today(), days), 10, 0))
}

fn acting(stage: &Stage<'_>, host: &Body, days: i64) -> Ctx {
    stage.at(
        stage.staff(Role::Provider, host),
        Time::local(day(stage.today(), days), 14, 0),
    )
}

/// One of the sixty: where it is and what it is called.
struct Entry<'a> {
    number: usize,
    host: &'a Body,
    field: &'a str,
    title: String,
}

/// The large call: topics of the districts over every focus field, a declaration for each, recommended, half of them checked.
async fn large(stage: &Stage<'_>, year: i32, hosts: &[&Body]) -> Result<()> {
    let told = Told {
        kind: TRAINING,
        title: "高级研修项目征集（演示）",
        year,
        places: 20,
        opens: -45,
        closes: -12,
    };
    let call = open(stage, &told).await?;
    let lead = stage.acting("demo-lead", -40, 9);
    let fields = taxonomy::terms(&mut lead.db.read().await?, Vocabulary::FocusField).await?;
    let mut made = Vec::with_capacity(MANY);
    for number in 0..MANY {
        let field = &fields[number % fields.len()];
        let entry = Entry {
            number,
            host: hosts[number % hosts.len()],
            field: &field.code,
            title: format!(
                "{}{}（演示）",
                field.name,
                MATTERS[number / fields.len() % MATTERS.len()]
            ),
        };
        let topic = NewTopic {
            title: entry.title.clone(),
            field: entry.field.to_owned(),
            why: "本区多家单位提出的实际需求（演示数据）。".to_owned(),
            host: String::new(),
        };
        let topic = calls::propose_topic(&district(stage, entry.host, -42), call, &topic).await?;
        calls::decide_topic(&lead, topic, 1, TopicDeed::Adopt, "").await?;
        made.push((declare(stage, call, Some(topic), &entry, -20).await?, entry));
    }
    for (id, entry) in made.iter().take(MANY - 8) {
        calls::recommend(&district(stage, entry.host, -14), *id, 2, "符合本区产业需求（演示）。").await?;
    }
    calls::round(&stage.acting("demo-lead", -11, 8)).await?;
    for (id, _) in made.iter().take(MANY / 2) {
        check(&stage.acting("demo-lead", -8, 15), *id).await?;
    }
    Ok(())
}

/// Begins, writes, attaches and hands in.
async fn declare(
    stage: &Stage<'_>,
    call: CallId,
    topic: Option<TopicId>,
    entry: &Entry<'_>,
    days: i64,
) -> Result<DeclarationId> {
    let host = acting(stage, entry.host, days);
    let id = calls::begin(&host, call, topic).await?;
    calls::save(&host, id, 1, content(stage, entry)).await?;
    let view = calls::view_declaration(&host, id).await?;
    for wanted in view.call.template.files.iter().filter(|wanted| wanted.required) {
        let page = super::claims::page(&format!("DEMO ATTACHMENT {id}"));
        calls::attach(&host, id, (&wanted.label, "附件（演示）.pdf"), page).await?;
    }
    calls::submit(&host, id, 1).await?;
    Ok(id)
}

/// What an entry says; every ninth pays a teacher more than the ceiling.
fn content(stage: &Stage<'_>, entry: &Entry<'_>) -> Content {
    let people = 40 + u32::try_from(entry.number % 5).unwrap_or(0) * 10;
    let begins: Date = day(stage.today(), 90 + i64::try_from(entry.number).unwrap_or(0));
    let dear = entry.number % 9 == 8;
    let answers =
        ["f1", "f2", "f3"].map(|key| (key.to_owned(), "本项内容为演示数据，写明需求、内容和条件。".to_owned()));
    Content {
        title: entry.title.clone(),
        field: Some(entry.field.to_owned()),
        answers: answers.into(),
        audience: "中级以上职称或相当职务的专业技术和管理人员".to_owned(),
        people: Some(people),
        front_line: Some(people / 4),
        from: Some(begins),
        until: Some(day(begins, 4)),
        days: Some(5),
        venue: "上海（演示）".to_owned(),
        teachers: vec![Teacher {
            name: "演示教师".to_owned(),
            employer: "演示大学".to_owned(),
            rank: TeacherRank::Senior,
            half_days: 2,
            hours: Hours::whole(8),
            fee: Money::fen(if dear { 120_000 } else { 100_000 }),
        }],
        costs: [
            ("lodging".to_owned(), Money::fen(i64::from(people) * 5 * 30_000)),
            ("rooms".to_owned(), Money::fen(2_000_000)),
        ]
        .into(),
        contact: "演示联系人".to_owned(),
        phone: "021-00000000".to_owned(),
    }
}

/// Concludes the formal check as the machine finds; what it leaves open passes with a reason.
async fn check(ctx: &Ctx, id: DeclarationId) -> Result<()> {
    let view = calls::view_declaration(ctx, id).await?;
    if view.declaration.state != DeclarationState::Checking {
        return Ok(());
    }
    let judged: Vec<Judged> = view
        .found
        .iter()
        .map(|one| Judged {
            item: one.item,
            verdict: if one.verdict == Verdict::Look {
                Verdict::Pass
            } else {
                one.verdict
            },
            reason: if one.verdict == Verdict::Look {
                "已核对，内容不重复（演示）。"
            } else {
                ""
            }
            .to_owned(),
        })
        .collect();
    calls::decide_check(ctx, id, view.declaration.version, &judged)
        .await
        .map(drop)
}

/// Two calls of demand packages that went further: one whose plan is under notice now, one whose plan was published.
async fn finished(stage: &Stage<'_>, year: i32) -> Result<()> {
    let bases: Vec<&Body> = stage
        .city
        .bodies
        .providers
        .iter()
        .filter(|body| body.base.is_some())
        .take(4)
        .collect();
    if bases.len() < 2 {
        return Ok(());
    }
    for (title, year, closes) in [
        ("基地培训项目需求包征集（第二批，演示）", year, -14),
        ("基地培训项目需求包征集（第一批，演示）", year, -60),
    ] {
        let told = Told {
            kind: PACKAGE,
            title,
            year,
            places: 2,
            opens: closes - 20,
            closes,
        };
        let call = noticed(stage, &told, &bases).await?;
        if closes == -60 {
            published(stage, call, closes).await?;
        }
    }
    Ok(())
}

/// From the call to the public notice, which begins ten days after the window has closed and is observed every hour.
async fn noticed(stage: &Stage<'_>, told: &Told<'_>, bases: &[&Body]) -> Result<CallId> {
    const KINDS: [&str; 4] = ["课程开发更新", "实训环境搭建", "师资进修调研", "培训平台开发维护"];
    let call = open(stage, told).await?;
    let mut scores = Vec::new();
    for (number, host) in bases.iter().enumerate() {
        let entry = Entry {
            number,
            host,
            field: "ai",
            title: format!(
                "{}{}（演示）",
                told.title.trim_end_matches("（演示）"),
                KINDS[number % KINDS.len()]
            ),
        };
        let id = declare(stage, call, None, &entry, told.closes - 2).await?;
        scores.push((id, 9_200 - 150 * i64::try_from(number).unwrap_or(0), String::new()));
    }
    calls::round(&stage.acting("demo-lead", told.closes + 1, 8)).await?;
    let lead = |days: i64| stage.acting("demo-lead", told.closes + days, 11);
    for (id, ..) in &scores {
        check(&lead(3), *id).await?;
    }
    let version = async |ctx: &Ctx| Ok::<i64, kernel::Error>(calls::view_call(ctx, call).await?.call.version);
    calls::begin_review(&lead(4), call, version(&lead(4)).await?).await?;
    calls::record_scores(&lead(8), call, scores).await?;
    calls::propose(&lead(9), call, version(&lead(9)).await?).await?;
    calls::give_notice(&lead(10), call, version(&lead(10)).await?).await?;
    observe(stage, call, told.closes + 10).await?;
    Ok(call)
}

/// Hourly observations of the demonstration from the beginning of a notice for twenty days, or until yesterday.
async fn observe(stage: &Stage<'_>, call: CallId, from: i64) -> Result<()> {
    let lead = stage.acting("demo-lead", from, 12);
    let digest = calls::view_call(&lead, call).await?.call.notice_digest;
    let visit: calls::Visit = std::sync::Arc::new(move |_| {
        let answer = calls::Answer {
            status: 200,
            body: digest.clone().into_bytes(),
            remark: "演示数据".to_owned(),
        };
        Box::pin(async move { Ok(answer) })
    });
    for days in from..(from + 20).min(0) {
        for hour in 9..=17 {
            if days > from || hour > 11 {
                calls::observe(&stage.acting("demo-lead", days, hour), &visit, 1).await?;
            }
        }
    }
    Ok(())
}

/// The notice ends, both bodies approve, one project is put off.
async fn published(stage: &Stage<'_>, call: CallId, closes: i64) -> Result<()> {
    calls::round(&stage.acting("demo-lead", closes + 31, 8)).await?;
    for login in ["demo-finance", "demo-lead"] {
        let ctx = stage.acting(login, closes + 33, 10);
        let view = calls::view_call(&ctx, call).await?;
        // In a season of long holidays the notice still runs.
        if view.approves.is_none() {
            return Ok(());
        }
        calls::approve(&ctx, call, view.call.version).await?;
    }
    let lead = stage.acting("demo-lead", closes + 38, 10);
    let view = calls::view_call(&lead, call).await?;
    if let Some(last) = view.ranked.iter().rfind(|one| one.state == DeclarationState::Approved) {
        calls::defer(&lead, last.id, last.version, "场地改造，推迟到下半年实施（演示）。").await?;
    }
    Ok(())
}
