//! The facts of a claim: only what its rule asks, saved while it is typed, with the estimate beside it.

use kernel::{Date, Error, FieldError, Hours, id::ClaimRow};
use learning::credits::claims::{self, Claim, View};
use rules::credits::Subject;
use rules::credits::claims::{Asks, ClaimKind, Facts};
use rules::credits::recognition::Rule;
use rules::permits::Act;
use ui::{Alert, Field, Form, Html, Live, Tone, Width};
use web::{Caller, Fields, Gate, Key, Reply, Routes, html, redirect, redirect_saying, reform};

use super::shown;

pub(super) fn routes() -> Routes {
    let gate = Gate::Act(Act::MakeClaim);
    Routes::new()
        .get("/desk/my/claims/{id}/facts", gate, "填写申报事实", show)
        .post("/desk/my/claims/{id}/facts", gate, "保存申报事实", save)
        .post("/desk/my/claims/{id}/autosave", gate, "自动保存申报草稿", autosave)
        .post("/desk/my/claims/{id}/estimate", gate, "估算申报学时", estimate)
}

/// The claim as its person may write on it.
pub(super) async fn own(caller: &Caller, id: kernel::id::ClaimId) -> kernel::Result<View> {
    let view = claims::view(caller.ctx(), id).await?;
    if view.own { Ok(view) } else { Err(Error::NotFound) }
}

fn form(caller: &Caller, claim: &Claim, asks: &Asks, rule: Option<&Rule>) -> Form {
    let id = claim.id;
    let form = Form::post(&shown::at(id, "facts"), caller.csrf())
        .autosave(&shown::at(id, "autosave"))
        .field(Field::hidden("version", &claim.version.to_string()))
        .field(
            Field::text("title", "活动或成果名称")
                .hint("学时明细和证明上会显示这个名称。")
                .max(100)
                .required(),
        );
    let subjects: Vec<_> = shown::choices(Subject::name)
        .into_iter()
        .filter(|choice| rule.is_none_or(|rule| rule.fills.iter().any(|one| kernel::Code::code(*one) == choice.value)))
        .collect();
    let form = form.field(Field::radios("subject", "计入科目", subjects).inline().required());
    let form = match claim.kind {
        ClaimKind::Converted => converted(form, asks),
        ClaimKind::Elsewhere => elsewhere(form),
    };
    let live = Live::new("estimate", &shown::at(id, "estimate"), shown::estimate(claim));
    form.note(&live)
        .submit("保存，下一步：上传佐证")
        .also("先算一算", "then", "stay")
        .cancel("/desk/my/claims")
}

fn converted(form: Form, asks: &Asks) -> Form {
    let mut form = form.field(Field::date("from", "开始日期").required()).field(
        Field::date("to", "完成日期")
            .hint("会议、授课写最后一天；论文写见刊日期；专利写授权日期；课题写结项日期。")
            .required(),
    );
    if asks.achievement {
        form = form.field(
            Field::text("achievement", "成果编号或全称")
                .hint("DOI、专利号、项目编号；没有编号的写全称。同一成果只认定一次，取最高。")
                .max(200)
                .required(),
        );
    }
    if let Some(unit) = &asks.unit {
        form = form.field(Field::decimal("quantity", &format!("数量（{unit}）"), unit).required());
    }
    if let Some(last) = asks.ranks {
        form = form.field(
            Field::number("rank", "本人排名", "")
                .hint("第一名填 1。")
                .range(1, i64::from(last))
                .required(),
        );
    }
    if asks.words {
        form = form.field(Field::number("words", "论文字数", "字").hint("提交了论文或报告的填写，没有的不填。"));
    }
    if asks.taught {
        form = form.field(Field::decimal("taught", "实际学时", "学时").required());
    }
    if asks.rest {
        form = form.field(Field::decimal("taught", "不足一天部分的学时", "学时").hint("都是整天的不填。"));
    }
    if asks.labelled {
        form = form.field(Field::decimal("labelled", "课件标定学时", "学时").required());
    }
    if asks.year {
        form = form.field(
            Field::number("year", "计入哪个年度", "年")
                .hint("本项在几个年度内有效，由您选择计入其中一年。")
                .range(2000, 2100),
        );
    }
    form
}

fn elsewhere(form: Form) -> Form {
    form.field(
        Field::text("authority", "出具证明的机构全称")
            .hint("例如：某省人力资源和社会保障厅。")
            .max(100)
            .required(),
    )
    .field(
        Field::text("document", "证明编号")
            .max(60)
            .width(Width::Medium)
            .required(),
    )
    .field(
        Field::number("year", "学时年度", "年")
            .hint("证明上载明的年度。学时当年有效。")
            .range(2000, 2100)
            .required(),
    )
    .field(Field::decimal("hours", "学时", "学时").required())
}

fn pairs(claim: &Claim) -> Vec<(&'static str, String)> {
    let facts = &claim.facts;
    let hours = |hours: Option<Hours>| hours.map(|hours| hours.to_string()).unwrap_or_default();
    let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let number = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
    vec![
        ("version", claim.version.to_string()),
        ("title", facts.title.clone()),
        (
            "subject",
            facts
                .subject
                .map(|subject| kernel::Code::code(subject).to_owned())
                .unwrap_or_default(),
        ),
        ("achievement", facts.achievement.clone()),
        ("quantity", facts.quantity.map(shown::amount).unwrap_or_default()),
        ("rank", number(facts.rank.map(i64::from))),
        ("words", number(facts.words)),
        ("taught", hours(facts.taught)),
        ("labelled", hours(facts.labelled)),
        ("from", day(facts.from)),
        ("to", day(facts.to)),
        ("authority", facts.authority.clone()),
        ("document", facts.document.clone()),
        ("year", number(facts.year.map(i64::from))),
        ("hours", hours(facts.hours)),
    ]
}

/// Reads a number that may be absent; a sign is kept, so that the rule can say that less than nothing is no quantity.
fn signed(fields: &Fields, field: &'static str, faults: &mut Vec<FieldError>) -> Option<i64> {
    let text = fields.get(field);
    if text.is_empty() {
        return None;
    }
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let read = Hours::parse(digits).map(|read| read.get() * sign);
    if read.is_none() {
        let sentence = format!("“{text}”不是数字，请填写数字，最多两位小数，例如 3 或 1.5。");
        faults.push(FieldError::new(field, "field.number", sentence));
    }
    read
}

/// As [`signed`], of whole numbers.
fn whole(fields: &Fields, field: &'static str, faults: &mut Vec<FieldError>) -> Option<i64> {
    let hundredths = signed(fields, field, faults)?;
    if hundredths % 100 != 0 {
        faults.push(FieldError::new(field, "field.number", "请填写整数。"));
    }
    Some(hundredths / 100)
}

fn day(fields: &Fields, field: &'static str, faults: &mut Vec<FieldError>) -> Option<Date> {
    let text = fields.get(field);
    let day = text.parse().ok();
    if day.is_none() && !text.is_empty() {
        let sentence = format!("“{text}”不是日期，请按 2026-03-05 填写。");
        faults.push(FieldError::new(field, "field.date", sentence));
    }
    day
}

/// What was typed, and what of it cannot be read.
fn read(fields: &Fields) -> (Facts, Vec<FieldError>) {
    let mut faults = Vec::new();
    let text = |name: &str| -> String { fields.get(name).chars().take(300).collect() };
    let facts = Facts {
        title: text("title"),
        subject: <Subject as kernel::Code>::from_code(fields.get("subject")),
        achievement: text("achievement"),
        quantity: signed(fields, "quantity", &mut faults),
        // A rank that no rank can be stays wrong: 0 is refused by the rule.
        rank: whole(fields, "rank", &mut faults).map(|rank| u8::try_from(rank).unwrap_or(0)),
        words: whole(fields, "words", &mut faults),
        taught: signed(fields, "taught", &mut faults).map(Hours::hundredths),
        labelled: signed(fields, "labelled", &mut faults).map(Hours::hundredths),
        from: day(fields, "from", &mut faults),
        to: day(fields, "to", &mut faults),
        authority: text("authority"),
        document: text("document"),
        year: whole(fields, "year", &mut faults).map(|year| i32::try_from(year).unwrap_or(0)),
        hours: signed(fields, "hours", &mut faults).map(Hours::hundredths),
    };
    (facts, faults)
}

fn section(caller: &Caller, view: &View, form: &Form, rule: Option<&Rule>) -> Reply {
    let claim = &view.claim;
    let page = caller
        .page("填写事实")
        .lead(&claim.rule_name)
        .crumb("学时申报", "/desk/my/claims")
        .failed(form.failed());
    let mut body = Html::of(&shown::steps(claim.id, 0));
    if let rules::credits::claims::ClaimState::Returned { reason } = &claim.state {
        body = body.and(&Alert::new(Tone::Warn, "需要补正").text(reason));
    }
    body = body.and(form);
    if let Some(rule) = rule {
        let mut note = Alert::new(Tone::Active, "认定标准").text(&format!(
            "{}：{}。{}。{}。",
            rule.name,
            rule.measure.in_words(),
            rule.spread.in_words(),
            rule.once.name()
        ));
        for cap in &rule.caps {
            note = note.text(&format!("上限：{}。", cap.in_words()));
        }
        let source = format!("依据：{}（{}）。", rule.source.cited(), rule.source.confidence.name());
        body = body.and(&note.text(&source));
    }
    web::page(page, body)
}

async fn show(caller: Caller, Key(id): Key<ClaimRow>) -> Reply {
    let view = own(&caller, id).await?;
    if view.claim.state.edit().is_err() {
        return redirect(&format!("/desk/claims/{id}"));
    }
    let (asks, rule) = claims::asks(caller.ctx(), &view.claim).await?;
    let form = form(&caller, &view.claim, &asks, rule.as_ref()).fill(&pairs(&view.claim));
    section(&caller, &view, &form, rule.as_ref())
}

fn version(fields: &Fields) -> kernel::Result<i64> {
    fields.get("version").parse().map_err(|_| Error::Stale)
}

async fn save(caller: Caller, Key(id): Key<ClaimRow>, fields: Fields) -> Reply {
    let ctx = caller.ctx();
    let result = async {
        let (facts, faults) = read(&fields);
        if !faults.is_empty() {
            return Err(Error::Wrong(faults));
        }
        claims::save(ctx, id, version(&fields)?, facts).await?;
        // Saved is saved; what is missing is said before the next step.
        let view = own(&caller, id).await?;
        claims::estimate(ctx, &view.claim).await
    }
    .await;
    match result {
        Ok(_) if fields.get("then") == "stay" => {
            redirect_saying(&caller, &shown::at(id, "facts"), "已保存，预计学时见下方。")
        }
        Ok(_) => redirect(&shown::at(id, "evidence")),
        Err(error) => {
            let view = own(&caller, id).await?;
            let (asks, rule) = claims::asks(ctx, &view.claim).await?;
            reform(error, |errors| {
                let form = form(&caller, &view.claim, &asks, rule.as_ref())
                    .fill(fields.pairs())
                    .errors(errors);
                section(&caller, &view, &form, rule.as_ref())
            })
        }
    }
}

async fn autosave(caller: Caller, Key(id): Key<ClaimRow>, fields: Fields) -> Reply {
    let (facts, _) = read(&fields);
    claims::save(caller.ctx(), id, version(&fields)?, facts).await?;
    let view = own(&caller, id).await?;
    html(&Live::new(
        "estimate",
        &shown::at(id, "estimate"),
        shown::estimate(&view.claim),
    ))
}

/// What the facts as typed would be worth, without saving them.
async fn estimate(caller: Caller, Key(id): Key<ClaimRow>, fields: Fields) -> Reply {
    let mut view = own(&caller, id).await?;
    let (facts, _) = read(&fields);
    view.claim.facts = facts;
    (view.claim.hours, view.claim.steps) = match claims::estimate(caller.ctx(), &view.claim).await {
        Ok(counted) => counted,
        Err(Error::Wrong(_) | Error::Refused { .. }) => (Hours::ZERO, Vec::new()),
        Err(other) => return Err(other.into()),
    };
    html(&Live::new(
        "estimate",
        &shown::at(id, "estimate"),
        shown::estimate(&view.claim),
    ))
}
