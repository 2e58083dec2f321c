//! Opening a case: from an entry of one's own year, or for hours that are not there; the receipt says what comes next.

use kernel::{Code, EntryId, id::DisputeRow, id::EntryRow};
use learning::courses;
use learning::credits::PostedEntry;
use learning::credits::disputes::{self, About, Missing};
use registry::orgs;
use rules::credits::disputes::{DisputeKind, DisputeState, Wanted};
use rules::credits::recognition::Part;
use rules::credits::{ActivityForm, Subject};
use rules::permits::Act;
use rules::taxonomy::deadline_sentence;
use ui::{Action, Alert, Cell, Choice, Field, Form, Html, Receipt, Summary, Tone};
use web::{Caller, Fields, Gate, Key, Reply, Routes, Upload, redirect, reform};

use super::{address, file_fields, sent, subject_words};

pub(super) fn routes() -> Routes {
    let gate = Gate::Act(Act::OpenDispute);
    Routes::new()
        .get("/desk/entries/{id}/dispute", gate, "对学时提出异议", ask)
        .post("/desk/entries/{id}/dispute", gate, "提交学时异议", contest)
        .get("/desk/disputes/new", gate, "缺少学时", ask_missing)
        .post("/desk/disputes/new", gate, "提交缺少学时的异议", contest_missing)
        .get("/desk/disputes/{id}/receipt", gate, "异议受理回执", receipt)
}

pub(super) fn subjects() -> impl Iterator<Item = Choice> {
    Subject::ALL.iter().map(|each| Choice::new(each.code(), each.name()))
}

pub(super) fn forms() -> impl Iterator<Item = Choice> {
    ActivityForm::ALL
        .iter()
        .map(|each| Choice::new(each.code(), each.name()))
}

/// What an entry should say, field by field.
pub(super) fn wanted_fields() -> [Field; 6] {
    [
        Field::text("title", "活动名称").max(100),
        Field::decimal("hours", "学时", "学时"),
        Field::select("subject", "科目", subjects()),
        Field::tick("compulsory", "属于公需科目的必修学时").hint("只有公需科目分必修和选修。"),
        Field::select("form", "继续教育形式", forms()),
        Field::date("earned_on", "取得日期").hint("班次取最后一天。学时计入这一天所在的年度。"),
    ]
}

pub(super) fn read_wanted(fields: &Fields) -> kernel::Result<Wanted> {
    let mut read = fields.reader();
    let title = read.text("title", "活动名称", 2..=100);
    let hours = read.hours("hours", "学时");
    let (subject, form) = (read.choice("subject", "科目"), read.choice("form", "继续教育形式"));
    let earned_on = read.date("earned_on", "取得日期");
    let compulsory = read.ticked("compulsory");
    read.finish()?;
    let missing = || kernel::Error::wrong("", "form.incomplete", "请填写完整后再提交。");
    Ok(Wanted {
        title,
        hours: hours.ok_or_else(missing)?,
        subject: subject.ok_or_else(missing)?,
        part: if compulsory { Part::Compulsory } else { Part::Elective },
        form: form.ok_or_else(missing)?,
        earned_on: earned_on.ok_or_else(missing)?,
    })
}

pub(super) fn typed(wanted: &Wanted) -> Vec<(String, String)> {
    let ticked = (wanted.part == Part::Compulsory).then_some(("compulsory", "1".to_owned()));
    [
        ("title", wanted.title.clone()),
        ("hours", wanted.hours.to_string()),
        ("subject", wanted.subject.code().to_owned()),
        ("form", wanted.form.code().to_owned()),
        ("earned_on", wanted.earned_on.to_string()),
    ]
    .into_iter()
    .chain(ticked)
    .map(|(name, value)| (name.to_owned(), value))
    .collect()
}

fn entry_form(caller: &Caller, id: EntryId) -> Form {
    let choices = [DisputeKind::Wrong, DisputeKind::Foreign].map(|kind| {
        let hint = match kind {
            DisputeKind::Foreign => "我没有参加过这项活动，请从我的学时中去掉。",
            _ => "是我的，但学时、科目、日期或名称不对。",
        };
        Choice::new(kind.code(), kind.name()).hint(hint)
    });
    let mut form = Form::post(&format!("/desk/entries/{id}/dispute"), caller.csrf())
        .field(Field::radios("kind", "哪里不对", choices).required())
        .field(
            Field::textarea("words", "异议的理由")
                .hint("4 到 500 个字，施教机构和决定部门会看到。请不要写证件号码。")
                .max(500)
                .required(),
        )
        .section_with_hint(
            "正确的应该是",
            "选“学时有误”时，请改成正确的内容；选“不是本人的学时”时不用改。",
        );
    for field in wanted_fields() {
        form = form.field(field);
    }
    form = form.section("证明材料");
    for field in file_fields() {
        form = form.field(field);
    }
    form.submit("提交异议").cancel("/desk/my/statement")
}

/// The contested entry, if it is the actor's own.
async fn own_entry(caller: &Caller, id: EntryId) -> kernel::Result<PostedEntry> {
    let ctx = caller.ctx();
    let mut tx = ctx.db.read().await?;
    let posted = learning::credits::posted(&mut tx, id).await?;
    let place = registry::people::load(&mut tx, posted.person).await?.place();
    ctx.may(Act::OpenDispute, &place)?;
    Ok(posted)
}

fn entry_page(caller: &Caller, posted: &PostedEntry, form: &Form) -> Reply {
    let page = caller
        .page("对学时提出异议")
        .crumb("年度学时", "/desk/my/statement")
        .lead("先由施教机构答复，再由主管部门决定；对结果不服的，可以申请复核一次。")
        .failed(form.failed());
    let facts = Summary::new()
        .title("有异议的学时")
        .fact("活动", Cell::text(posted.title.as_str()))
        .fact("科目", Cell::text(subject_words(posted.subject, posted.part)))
        .fact("学时", Cell::Hours(posted.hours.get()))
        .why(&posted.basis)
        .fact("取得日期", Cell::Date(posted.earned_on));
    web::page(page, Html::of(&facts).and(form))
}

async fn ask(caller: Caller, Key(id): Key<EntryRow>) -> Reply {
    let posted = own_entry(&caller, id).await?;
    let wanted = Wanted {
        title: posted.title.clone(),
        subject: posted.subject,
        part: posted.part,
        form: posted.form,
        hours: posted.hours,
        earned_on: posted.earned_on,
    };
    let form = entry_form(&caller, id).fill(&typed(&wanted));
    entry_page(&caller, &posted, &form)
}

async fn contest(caller: Caller, Key(id): Key<EntryRow>, mut upload: Upload) -> Reply {
    let posted = own_entry(&caller, id).await?;
    let result = async {
        let evidence = sent(&mut upload)?;
        let mut read = upload.fields().reader();
        let kind = read.choice::<DisputeKind>("kind", "哪里不对");
        read.finish()?;
        let about = match kind {
            Some(DisputeKind::Foreign) => About::Foreign,
            _ => About::Wrong(read_wanted(upload.fields())?),
        };
        disputes::contest_entry(caller.ctx(), id, about, upload.fields().get("words"), evidence).await
    }
    .await;
    match result {
        Ok(case) => redirect(&format!("/desk/disputes/{case}/receipt")),
        Err(error) => reform(error, |errors| {
            let form = entry_form(&caller, id).fill(upload.fields().pairs()).errors(errors);
            entry_page(&caller, &posted, &form)
        }),
    }
}

async fn missing_form(caller: &Caller) -> kernel::Result<Form> {
    let ctx = caller.ctx();
    let classes = courses::contestable(ctx).await?;
    let mut tx = ctx.db.read().await?;
    let providers = orgs::providers(&mut tx).await?;
    drop(tx);
    let classes = classes.iter().map(|class| {
        let label = format!(
            "{}（{}，{} 结束）",
            class.title,
            class.provider,
            ui::format::date(class.ended_on)
        );
        Choice::new(&class.enrolment.to_string(), &label)
    });
    let providers = providers.iter().map(|(id, name)| Choice::new(&id.to_string(), name));
    let mut form = Form::post("/desk/disputes/new", caller.csrf())
        .section_with_hint(
            "缺少哪个班次的学时",
            "在平台上报过名、已经结束但没有记入学时的班次。选中后不用再填下面的活动信息。",
        )
        .field(Field::select("enrolment", "班次", classes).empty_choice("不在列表中，我来填写"))
        .section_with_hint(
            "活动信息",
            "班次不在列表中时填写。论文、专利等成果请走“折算申报”，不用提异议。",
        )
        .field(Field::select("provider", "施教机构", providers).empty_choice("没有施教机构，或不在列表中"));
    for field in wanted_fields() {
        form = form.field(field);
    }
    form = form.section("理由和证明材料").field(
        Field::textarea("words", "异议的理由")
            .hint("4 到 500 个字，施教机构和决定部门会看到。请不要写证件号码。")
            .max(500)
            .required(),
    );
    for field in file_fields() {
        form = form.field(field);
    }
    Ok(form.submit("提交异议").cancel("/desk/my/statement"))
}

fn missing_page(caller: &Caller, form: &Form) -> Reply {
    let page = caller
        .page("缺少学时")
        .crumb("年度学时", "/desk/my/statement")
        .lead("参加了活动但年度学时里没有，可以在这里提出。")
        .failed(form.failed());
    let note = Alert::new(Tone::Active, "先看一看")
        .text("班次结束后，施教机构通常在 10 个工作日内办理结业，学时随即自动记入；期限未到的，请稍等。");
    web::page(page, Html::of(&note).and(form))
}

async fn ask_missing(caller: Caller) -> Reply {
    if caller.ctx().actor.person().is_none() {
        return redirect("/desk/disputes");
    }
    missing_page(&caller, &missing_form(&caller).await?)
}

async fn contest_missing(caller: Caller, mut upload: Upload) -> Reply {
    let shown = missing_form(&caller).await?.fill(upload.fields().pairs());
    let result = async {
        let evidence = sent(&mut upload)?;
        let fields = upload.fields();
        let words = fields.get("words");
        if let Ok(enrolment) = fields.get("enrolment").parse() {
            return courses::contest(caller.ctx(), enrolment, words, evidence).await;
        }
        let missing = Missing {
            wanted: read_wanted(fields)?,
            provider: fields.get("provider").parse().ok(),
            enrolment: None,
        };
        disputes::contest_missing(caller.ctx(), missing, words, evidence).await
    }
    .await;
    match result {
        Ok(case) => redirect(&format!("/desk/disputes/{case}/receipt")),
        Err(error) => reform(error, |errors| missing_page(&caller, &shown.errors(errors))),
    }
}

async fn receipt(caller: Caller, Key(id): Key<DisputeRow>) -> Reply {
    let view = disputes::view(caller.ctx(), id).await?;
    let (case, terms) = (&view.line.case, disputes::terms(caller.ctx()).await?);
    let by = view.line.due.map(deadline_sentence).unwrap_or_default();
    let mut receipt = Receipt::new("异议已提交", &case.number);
    receipt = match case.state {
        DisputeState::Opened => receipt
            .next(&format!(
                "{}在 {by} 前（{} 个工作日）答复；逾期不答复的，直接进入下一步。",
                view.line.provider, terms.answer
            ))
            .next(&format!(
                "{}在答复后 {} 个工作日内作出决定，并说明理由。",
                case.body.name(),
                terms.decision
            )),
        _ => receipt.next(&format!(
            "{}在 {by} 前（{} 个工作日）作出决定，并说明理由。",
            case.body.name(),
            terms.decision
        )),
    };
    let receipt = receipt
        .next("支持您的，学时在作出决定的同时更正，相关证书随之更新。")
        .next(&format!(
            "对决定不服的，可以在 {} 个工作日内向市级牵头部门申请复核一次。",
            terms.appeal
        ))
        .next("每一步都会发消息给您，也可以随时在“学时异议”中查看。")
        .action(Action::link("查看这件异议", &address(case)))
        .action(Action::link("回到年度学时", "/desk/my/statement"));
    let page = caller.page("异议已提交").crumb("学时异议", "/desk/disputes");
    web::page(page, Html::of(&receipt))
}
