//! What the parties do to a case: answer, decide, appeal, take back.

use kernel::{Code, id::DisputeRow};
use learning::credits::disputes::{self, Decision, Dispute};
use rules::credits::disputes::{DisputeCode, Outcome, Stance, Wanted};
use rules::permits::Act;
use ui::{Alert, Choice, Field, Form, Html, Summary, Tone};
use web::{Caller, Fields, Gate, Key, Reply, Routes, Upload, redirect, redirect_saying, reform};

use super::{address, claim, file_fields, opening, sent};

pub(super) fn routes() -> Routes {
    let answering = Gate::Act(Act::AnswerDispute);
    // An appeal is decided on the same page, by those who decide anyway.
    let deciding = Gate::Act(Act::DecideDispute);
    let own = Gate::Act(Act::OpenDispute);
    Routes::new()
        .get("/desk/disputes/{id}/answer", answering, "答复学时异议", ask_answer)
        .post("/desk/disputes/{id}/answer", answering, "提交异议答复", answer)
        .get("/desk/disputes/{id}/decide", deciding, "决定学时异议", ask_decision)
        .post("/desk/disputes/{id}/decide", deciding, "提交异议决定", decide)
        .get("/desk/disputes/{id}/appeal", own, "申请复核", ask_appeal)
        .post("/desk/disputes/{id}/appeal", own, "提交复核申请", appeal)
        .post("/desk/disputes/{id}/withdraw", own, "撤回异议", withdraw)
}

fn version(fields: &Fields) -> kernel::Result<i64> {
    fields.get("version").parse().map_err(|_| kernel::Error::Stale)
}

fn begin(caller: &Caller, case: &Dispute, deed: &str) -> Form {
    Form::post(&format!("{}/{deed}", address(case)), caller.csrf())
        .field(Field::hidden("version", &case.version.to_string()))
}

fn deed_page(caller: &Caller, case: &Dispute, (title, lead): (&str, &str), form: &Form) -> Reply {
    let page = caller
        .page(title)
        .crumb("学时异议", "/desk/disputes")
        .crumb(&case.number, &address(case))
        .lead(lead)
        .failed(form.failed());
    let facts = Summary::new()
        .title("异议")
        .fact("活动", ui::Cell::text(case.title.as_str()))
        .fact("主张", ui::Cell::text(claim(&case.contested)))
        .fact("理由", ui::Cell::text(case.words.as_str()));
    web::page(page, Html::of(&facts).and(form))
}

async fn load(caller: &Caller, id: kernel::id::DisputeId) -> kernel::Result<Dispute> {
    Ok(disputes::view(caller.ctx(), id).await?.line.case)
}

// --- the answer

fn answer_form(caller: &Caller, case: &Dispute) -> Form {
    let choices = Stance::ALL.iter().map(|stance| {
        let hint = match stance {
            Stance::Agrees => "学时确有缺漏或错误，同意更正。",
            Stance::Disagrees => "核对后认为学时没有错。",
        };
        Choice::new(stance.code(), stance.name()).hint(hint)
    });
    let mut form = begin(caller, case, "answer")
        .field(Field::radios("stance", "答复意见", choices).required())
        .field(
            Field::textarea("words", "核对情况")
                .hint("4 到 500 个字，本人和决定部门会看到：依据哪些签到、成绩或通知。")
                .max(500)
                .required(),
        );
    for field in file_fields() {
        form = form.field(field);
    }
    form.submit("提交答复").cancel(&address(case))
}

const ANSWER: (&str, &str) = (
    "答复学时异议",
    "只能答复一次。确属漏办结业的，也可以直接办理结业，学时自动记入、异议随之办结。",
);

async fn ask_answer(caller: Caller, Key(id): Key<DisputeRow>) -> Reply {
    let case = load(&caller, id).await?;
    caller.ctx().may(Act::AnswerDispute, &case.place)?;
    if case.state.code() != DisputeCode::Opened {
        return redirect(&address(&case));
    }
    deed_page(&caller, &case, ANSWER, &answer_form(&caller, &case))
}

async fn answer(caller: Caller, Key(id): Key<DisputeRow>, mut upload: Upload) -> Reply {
    let case = load(&caller, id).await?;
    let result = async {
        let evidence = sent(&mut upload)?;
        let mut read = upload.fields().reader();
        let stance = read.choice::<Stance>("stance", "答复意见");
        read.finish()?;
        let stance = stance.ok_or(kernel::Error::Stale)?;
        let at = (id, version(upload.fields())?);
        disputes::answer(caller.ctx(), at, stance, upload.fields().get("words"), evidence).await
    }
    .await;
    match result {
        Ok(()) => redirect_saying(&caller, &address(&case), "答复已提交，本人和决定部门可以看到。"),
        Err(error) => reform(error, |errors| {
            let form = answer_form(&caller, &case).fill(upload.fields().pairs()).errors(errors);
            deed_page(&caller, &case, ANSWER, &form)
        }),
    }
}

// --- the decision

fn decision_form(caller: &Caller, case: &Dispute) -> Form {
    let all_or_nothing = case.contested.wanted().is_none();
    let choices = Outcome::ALL
        .iter()
        .filter(|outcome| !(all_or_nothing && **outcome == Outcome::Partly))
        .map(|outcome| {
            let hint = match (outcome, all_or_nothing) {
                (Outcome::Upheld, true) => "这笔学时随即冲正。",
                (Outcome::Upheld, false) => "按本人主张更正或补记。",
                (Outcome::Partly, _) => "按下面填写的内容更正或补记。",
                (Outcome::Rejected, _) => "学时不变。",
            };
            Choice::new(outcome.code(), outcome.name()).hint(hint)
        });
    let mut form = begin(caller, case, "decide")
        .field(Field::radios("outcome", "决定", choices).required())
        .field(
            Field::textarea("reason", "决定理由")
                .hint("4 到 500 个字，本人和施教机构会看到，并写入学时的依据。请不要写姓名和证件号码。")
                .max(500)
                .required(),
        );
    if let Some(wanted) = case.contested.wanted() {
        form = form.section_with_hint(
            "认定的内容",
            "已按本人主张填好；部分支持的，请改为认定的学时、科目或日期。不支持的不用改。",
        );
        for field in opening::wanted_fields() {
            form = form.field(field);
        }
        form = form.fill(&opening::typed(wanted));
    }
    form.submit("作出决定").cancel(&address(case))
}

fn decision_words(case: &Dispute) -> (&'static str, &'static str) {
    if case.state.code() == DisputeCode::Appealed {
        ("作出复核决定", "复核决定是最终决定；支持的，学时在同时更正。")
    } else {
        (
            "决定学时异议",
            "支持的，学时在作出决定的同时更正，并通知本人和施教机构。",
        )
    }
}

async fn ask_decision(caller: Caller, Key(id): Key<DisputeRow>) -> Reply {
    let case = load(&caller, id).await?;
    caller.ctx().may(Act::DecideDispute, &case.place)?;
    let code = case.state.code();
    if !code.awaits_decision() && code != DisputeCode::Appealed {
        return redirect(&address(&case));
    }
    deed_page(&caller, &case, decision_words(&case), &decision_form(&caller, &case))
}

fn found(fields: &Fields, case: &Dispute, outcome: Outcome) -> kernel::Result<Option<Wanted>> {
    if outcome == Outcome::Rejected || case.contested.wanted().is_none() {
        return Ok(None);
    }
    opening::read_wanted(fields).map(Some)
}

async fn decide(caller: Caller, Key(id): Key<DisputeRow>, fields: Fields) -> Reply {
    let case = load(&caller, id).await?;
    let result = async {
        let mut read = fields.reader();
        let outcome = read.choice::<Outcome>("outcome", "决定");
        read.finish()?;
        let outcome = outcome.ok_or(kernel::Error::Stale)?;
        let decision = Decision {
            outcome,
            reason: fields.get("reason").to_owned(),
            found: found(&fields, &case, outcome)?,
        };
        disputes::decide(caller.ctx(), (id, version(&fields)?), decision).await
    }
    .await;
    match result {
        Ok(()) => redirect_saying(&caller, &address(&case), "决定已作出，已通知本人和施教机构。"),
        Err(error) => reform(error, |errors| {
            let form = decision_form(&caller, &case).fill(fields.pairs()).errors(errors);
            deed_page(&caller, &case, decision_words(&case), &form)
        }),
    }
}

// --- the appeal

fn appeal_form(caller: &Caller, case: &Dispute) -> Form {
    let note =
        Alert::new(Tone::Warn, "只能申请一次").text("复核由市级牵头部门另行决定，不会使结果更差；复核决定是最终决定。");
    let mut form = begin(caller, case, "appeal").note(&note).field(
        Field::textarea("grounds", "不服的理由")
            .hint("4 到 500 个字：原决定哪里不对，有什么新的证据。")
            .max(500)
            .required(),
    );
    for field in file_fields() {
        form = form.field(field);
    }
    form.submit("申请复核").cancel(&address(case))
}

const APPEAL: (&str, &str) = ("申请复核", "向市级牵头部门申请重新决定。");

async fn ask_appeal(caller: Caller, Key(id): Key<DisputeRow>) -> Reply {
    let case = load(&caller, id).await?;
    caller.ctx().may(Act::OpenDispute, &case.place)?;
    if case.state.code() != DisputeCode::Decided {
        return redirect(&address(&case));
    }
    deed_page(&caller, &case, APPEAL, &appeal_form(&caller, &case))
}

async fn appeal(caller: Caller, Key(id): Key<DisputeRow>, mut upload: Upload) -> Reply {
    let case = load(&caller, id).await?;
    let result = async {
        let evidence = sent(&mut upload)?;
        let at = (id, version(upload.fields())?);
        disputes::appeal(caller.ctx(), at, upload.fields().get("grounds"), evidence).await
    }
    .await;
    match result {
        Ok(()) => redirect_saying(&caller, &address(&case), "复核申请已提交。"),
        Err(error) => reform(error, |errors| {
            let form = appeal_form(&caller, &case).fill(upload.fields().pairs()).errors(errors);
            deed_page(&caller, &case, APPEAL, &form)
        }),
    }
}

async fn withdraw(caller: Caller, Key(id): Key<DisputeRow>, fields: Fields) -> Reply {
    disputes::withdraw(caller.ctx(), (id, version(&fields)?)).await?;
    redirect_saying(&caller, &format!("/desk/disputes/{id}"), "已撤回。")
}
