//! Notices to the public and tasks for everybody who has a desk with tasks.
//! Deliberately absent: quotations of real notices; the texts say that they are a demonstration.

use chrono::Datelike;
use kernel::{Deadline, Place, Result, Role, date};
use registry::notices::{self, Draft};
use registry::tasks::{self, NewTask};
use rules::notices::NoticeKind;

use super::Stage;
use crate::demo::ledger::FIRST_YEAR;

pub(super) async fn play(stage: &Stage<'_>) -> Result<()> {
    write_notices(stage).await?;
    ask(stage).await
}

async fn write_notices(stage: &Stage<'_>) -> Result<()> {
    let year = stage.today().year();
    for past in FIRST_YEAR..=year {
        let on = date(past, 2, 20).min(crate::demo::courses::day(stage.today(), -1));
        let days = on.signed_duration_since(stage.today()).num_days();
        let title = format!("关于印发 {past} 年度专业技术人才知识更新工程培训计划的通知（演示）");
        let body = format!(
            "各区人社部门、各有关行业主管部门、各继续教育基地：\n\n\
             {past} 年度培训计划已经确定，请按照任务分工组织实施，及时发布班次，如实登记考勤和结果。\n\n\
             专业技术人员每年继续教育不少于 90 学时，其中专业科目一般不少于总学时的三分之二。\n\n\
             本通知为演示数据，不是正式文件。"
        );
        publish(stage, "demo-lead", days, NoticeKind::Plan, (&title, &body)).await?;
    }
    let enrol = "现面向本市专业技术人员招收学员。班次、时间、地点和报名条件见“选课报名”，报名截止前可以退出。\n\n\
                 用人单位可以为本单位人员集体报名；名额已满的进入候补，有空额时按顺序递补。\n\n本通知为演示数据，不是正式文件。";
    publish(
        stage,
        "demo-lead",
        -8,
        NoticeKind::Enrolment,
        ("人工智能领域研修班招收学员通知（演示）", enrol),
    )
    .await?;
    publish(
        stage,
        "demo-department",
        -6,
        NoticeKind::Enrolment,
        ("集成电路领域班次招收学员通知（演示）", enrol),
    )
    .await?;
    publish(
        stage,
        "demo-district",
        -5,
        NoticeKind::Enrolment,
        ("徐汇区专业技术人员公需科目班招收学员通知（演示）", enrol),
    )
    .await?;
    let result = "近期结业的班次已完成结果登记，学时已计入学员本人的年度学时，证书可在“我的证书”下载。\n\n\
                  对结果有疑问的，请联系施教机构。\n\n本通知为演示数据，不是正式文件。";
    publish(
        stage,
        "demo-lead",
        -3,
        NoticeKind::Result,
        ("近期班次结业结果公布（演示）", result),
    )
    .await?;
    let calendar = "请各用人单位于年底前核对本单位专业技术人员年度学时，督促未达标人员参加学习。\n\n本通知为演示数据，不是正式文件。";
    let title = format!("关于核对 {year} 年度继续教育学时的通知（演示）");
    publish(stage, "demo-lead", -2, NoticeKind::Announcement, (&title, calendar)).await
}

async fn publish(
    stage: &Stage<'_>,
    login: &str,
    days: i64,
    kind: NoticeKind,
    (title, body): (&str, &str),
) -> Result<()> {
    let ctx = stage.acting(login, days, 10);
    let draft = Draft {
        kind,
        title: title.to_owned(),
        body: body.to_owned(),
    };
    let id = notices::draft(&ctx, &draft).await?;
    notices::publish(&ctx, id, 1).await
}

/// What is asked beside what the use cases have asked.
async fn ask(stage: &Stage<'_>) -> Result<()> {
    let year = stage.today().year();
    let end = Some(Deadline::On(date(year, 12, 31)));
    let own = |login: &str| {
        stage
            .actors
            .get(login)
            .map(|actor| actor.own.clone())
            .unwrap_or_default()
    };
    let wanted: [(&str, Role, Place, &str, String, &str); 6] = [
        (
            "year.plan",
            Role::Lead,
            Place::default(),
            "plan",
            format!("编制并发布 {} 年度培训计划", year + 1),
            "/desk/notices",
        ),
        (
            "year.compliance",
            Role::Department,
            own("demo-department"),
            "department",
            "查看本行业年度学时达标情况，提醒未达标单位".into(),
            "/desk/compliance",
        ),
        (
            "year.compliance",
            Role::District,
            own("demo-district"),
            "district",
            "查看本区年度学时达标情况，提醒未达标单位".into(),
            "/desk/compliance",
        ),
        (
            "class.draft",
            Role::Provider,
            own("demo-provider"),
            "provider",
            "继续编制班次草稿，核对后发布".into(),
            "/desk/classes",
        ),
        (
            "year.enrol",
            Role::Employer,
            own("demo-employer"),
            "employer",
            "为本年度学时不足的人员报名".into(),
            "/desk/compliance",
        ),
        (
            "year.enrol",
            Role::Learner,
            own("demo-learner"),
            "learner",
            format!("{year} 年度还差专业科目 18 学时，请选课报名"),
            "/catalogue",
        ),
    ];
    let ctx = stage.acting("demo-lead", -1, 8);
    let mut tx = ctx.db.write().await?;
    for (kind, role, place, cause, title, href) in wanted {
        let kind: &'static str = kind;
        let cause = format!("demo:{kind}:{cause}");
        let task = NewTask {
            kind,
            title,
            href: href.to_owned(),
            role,
            place,
            cause,
            due: end,
        };
        tasks::ask(&ctx, &mut tx, task).await?;
    }
    tx.commit().await
}
