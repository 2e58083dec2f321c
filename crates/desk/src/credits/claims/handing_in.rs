//! Checking one's answers, handing in, the receipt, taking back.

use kernel::{Error, id::ClaimRow};
use learning::credits::claims::{self, Claim, View};
use rules::credits::claims::{ClaimCode, ClaimKind};
use rules::permits::Act;
use rules::taxonomy::deadline_sentence;
use ui::{Action, Alert, Cell, Field, Form, Html, Receipt, Summary, Tone};
use web::{Caller, Fields, Gate, Key, Reply, Routes, redirect, redirect_saying, reform};

use super::{evidence, shown, writing};

pub(super) fn routes() -> Routes {
    let gate = Gate::Act(Act::MakeClaim);
    Routes::new()
        .get("/desk/my/claims/{id}/check", gate, "核对申报", check)
        .post("/desk/my/claims/{id}/check", gate, "提交申报", submit)
        .get("/desk/my/claims/{id}/receipt", gate, "申报回执", receipt)
        .get("/desk/my/claims/{id}/withdraw", gate, "撤回申报", ask_withdrawal)
        .post("/desk/my/claims/{id}/withdraw", gate, "确认撤回申报", withdraw)
}

/// The facts as a list; those that were not asked are left out.
pub(super) fn facts(claim: &Claim) -> Summary {
    let facts = &claim.facts;
    let mut list = Summary::new()
        .fact("种类", Cell::text(claim.rule_name.as_str()))
        .fact("活动或成果名称", Cell::text(facts.title.as_str()));
    if let Some(subject) = facts.subject {
        list = list.fact("计入科目", Cell::text(subject.name()));
    }
    if claim.kind == ClaimKind::Elsewhere {
        list = list
            .fact("出具证明的机构", Cell::text(facts.authority.as_str()))
            .fact("证明编号", Cell::text(facts.document.as_str()));
        if let Some(year) = facts.year {
            list = list.fact("学时年度", Cell::text(format!("{year} 年")));
        }
        return match facts.hours {
            Some(hours) => list.fact("证明学时", hours),
            None => list,
        };
    }
    if let (Some(from), Some(to)) = (facts.from, facts.to) {
        list = list.fact("起止日期", Cell::DateRange(from, to));
    }
    if !facts.achievement.is_empty() {
        list = list.fact("成果编号或全称", Cell::text(facts.achievement.as_str()));
    }
    let numbers = [
        ("数量", facts.quantity.map(shown::amount)),
        ("本人排名", facts.rank.map(|rank| format!("第 {rank} 名"))),
        ("论文字数", facts.words.map(|words| format!("{words} 字"))),
        ("实际学时", facts.taught.map(|hours| format!("{hours} 学时"))),
        ("课件标定学时", facts.labelled.map(|hours| format!("{hours} 学时"))),
        ("计入年度", facts.year.map(|year| format!("{year} 年"))),
    ];
    numbers
        .into_iter()
        .filter_map(|(label, value)| value.map(|value| (label, value)))
        .fold(list, |list, (label, value)| list.fact(label, Cell::text(value)))
}

fn section(caller: &Caller, view: &View, form: &Form) -> Reply {
    let claim = &view.claim;
    let page = caller
        .page("核对提交")
        .lead("请核对以下内容，确认无误后提交。")
        .crumb("学时申报", "/desk/my/claims")
        .failed(form.failed());
    let change = facts(claim)
        .title("事实")
        .action(Action::link("修改", &shown::at(claim.id, "facts")));
    let body = Html::of(&shown::steps(claim.id, 2))
        .and(&change)
        .and(&evidence::table(view, |_| Vec::new()))
        .and(&shown::estimate(claim))
        .and(form);
    web::page(page, body)
}

fn form(caller: &Caller, claim: &Claim) -> Form {
    Form::post(&shown::at(claim.id, "check"), caller.csrf())
        .field(Field::hidden("version", &claim.version.to_string()))
        .field(
            Field::tick("truthful", "以上内容和材料真实")
                .hint("抽查发现不属实的，已记入的学时会冲正。")
                .required(),
        )
        .submit("提交申报")
        .cancel(&shown::at(claim.id, "evidence"))
        .unguarded()
}

async fn check(caller: Caller, Key(id): Key<ClaimRow>) -> Reply {
    let view = writing::own(&caller, id).await?;
    if view.claim.state.edit().is_err() {
        return redirect(&format!("/desk/claims/{id}"));
    }
    section(&caller, &view, &form(&caller, &view.claim))
}

async fn submit(caller: Caller, Key(id): Key<ClaimRow>, fields: Fields) -> Reply {
    let result = async {
        let version = fields.get("version").parse().map_err(|_| Error::Stale)?;
        if fields.get("truthful").is_empty() {
            return Err(Error::wrong(
                "truthful",
                "claim.truthful",
                "请确认内容和材料真实后再提交。",
            ));
        }
        claims::submit(caller.ctx(), id, version).await
    }
    .await;
    match result {
        Ok(()) => redirect(&shown::at(id, "receipt")),
        Err(error) => {
            let view = writing::own(&caller, id).await?;
            reform(error, |errors| {
                section(&caller, &view, &form(&caller, &view.claim).errors(errors))
            })
        }
    }
}

async fn receipt(caller: Caller, Key(id): Key<ClaimRow>) -> Reply {
    let view = writing::own(&caller, id).await?;
    let claim = &view.claim;
    let Some(number) = claim.number.as_deref() else {
        return redirect(&shown::at(id, "facts"));
    };
    let by = view.due.map(deadline_sentence).unwrap_or_default();
    let body = claim.competent.name();
    let mut receipt = Receipt::new("申报已提交", number).number_label("申报编号");
    if claim.state.code() == ClaimCode::Submitted {
        receipt = receipt
            .next(&format!("{by}前，您的单位（{}）确认。", claim.org_name))
            .next(&format!("单位逾期未确认的，自动转{body}认定，不影响您的申报。"))
            .next(&format!("单位确认后，由{body}认定，认定的学时自动记入年度学时。"));
    } else {
        receipt = receipt.next(&format!("{by}前，由{body}认定，认定的学时自动记入年度学时。"));
    }
    let receipt = receipt
        .next("需要补正或有结果时，会发消息给您，也会出现在待办里。")
        .action(Action::link("查看这件申报", &format!("/desk/claims/{id}")))
        .action(Action::link("再申报一件", "/desk/my/claims/new"));
    let page = caller.page("申报回执").crumb("学时申报", "/desk/my/claims");
    web::page(page, Html::of(&receipt))
}

async fn ask_withdrawal(caller: Caller, Key(id): Key<ClaimRow>) -> Reply {
    let view = writing::own(&caller, id).await?;
    let form = Form::post(&shown::at(id, "withdraw"), caller.csrf())
        .field(Field::hidden("version", &view.claim.version.to_string()))
        .submit_danger("确认撤回")
        .cancel(&format!("/desk/claims/{id}"))
        .unguarded();
    let page = caller
        .page("撤回申报")
        .lead("撤回后不再办理，不影响以后重新申报。")
        .crumb("学时申报", "/desk/my/claims");
    let note = Alert::new(Tone::Warn, "撤回的申报不能恢复").text("只是要修改内容的，可以联系办理人退回补正。");
    web::page(page, Html::of(&note).and(&form))
}

async fn withdraw(caller: Caller, Key(id): Key<ClaimRow>, fields: Fields) -> Reply {
    let version = fields.get("version").parse().map_err(|_| Error::Stale)?;
    claims::withdraw(caller.ctx(), id, version).await?;
    redirect_saying(&caller, "/desk/my/claims", "申报已撤回。")
}
