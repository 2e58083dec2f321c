//! The score sheet: marks by the scorecard, saved while they are made, checked once more, signed.

use kernel::{Error, FieldError};
use oversight::calls::review::{self, Assignment, ReviewRow};
use rules::calls::review::Review;
use rules::permits::Act;
use rules::scorecards::{Leaf, Marks};
use ui::{Action, Alert, Cell, Column, Field, Form, Html, Live, Row, Table, TableModel, Tone};
use web::{Caller, Fields, Gate, Key, Reply, Routes, html, redirect, redirect_saying, reform};

use super::own;
use crate::orgs::version;

/// Stands before the code of a criterion in the name of its field.
const MARK: &str = "mark_";

pub(super) fn routes() -> Routes {
    let gate = Gate::Act(Act::ReviewDeclaration);
    Routes::new()
        .get("/desk/my/reviews/{id}/sheet", gate, "打分表", show)
        .post("/desk/my/reviews/{id}/sheet", gate, "保存打分", save)
        .post("/desk/my/reviews/{id}/autosave", gate, "自动保存打分", autosave)
        .get("/desk/my/reviews/{id}/check", gate, "核对评审", check)
        .post("/desk/my/reviews/{id}/sign", gate, "签署评审", sign)
}

fn at(assignment: &Assignment, part: &str) -> String {
    format!("/desk/my/reviews/{}/{part}", assignment.given.id)
}

/// What the marks come to so far.
fn total(assignment: &Assignment) -> Live {
    let card = &assignment.round.settings.scorecard;
    let (leaves, marks) = (card.leaves().len(), &assignment.given.marks);
    let title = format!("目前合计 {} 分", card.so_far(marks));
    let text = match leaves.saturating_sub(marks.len()) {
        0 => "各项都已打分。".to_owned(),
        left => format!("还有 {left} 项没有打分。"),
    };
    let note = Alert::new(Tone::Active, &title).text(&text);
    Live::new("total", &at(assignment, "autosave"), Html::of(&note))
}

fn form(caller: &Caller, assignment: &Assignment) -> Form {
    let mut form = Form::post(&at(assignment, "sheet"), caller.csrf())
        .autosave(&at(assignment, "autosave"))
        .field(Field::hidden("version", &assignment.given.version.to_string()));
    let mut section = String::new();
    for leaf in assignment.round.settings.scorecard.leaves() {
        let under = leaf.under.join(" · ");
        if under != section {
            form = form.section(&under);
            section = under;
        }
        form = form.field(mark_field(&leaf));
    }
    form.section("意见")
        .field(
            Field::textarea("comment", "评审意见")
                .hint("至少 10 个字：好在哪里、差在哪里、为什么给这个分。评审组讨论时会用到。")
                .max(2_000)
                .required(),
        )
        .note(&total(assignment))
        .submit("保存，下一步：核对签署")
        .also("保存，稍后继续", "then", "stay")
        .cancel(&format!("/desk/my/reviews/{}", assignment.given.id))
}

fn mark_field(leaf: &Leaf<'_>) -> Field {
    let criterion = leaf.criterion;
    let label = format!("{}（占 {}%）", criterion.name, leaf.share / 10_000);
    Field::number(
        &format!("{MARK}{}", criterion.code),
        &label,
        &format!("/ {}", leaf.most),
    )
    .hint(&criterion.hint)
    .range(0, i64::from(leaf.most))
    .required()
}

fn stored(assignment: &Assignment) -> Vec<(String, String)> {
    let marks = assignment.given.marks.iter();
    let mut pairs: Vec<(String, String)> = marks
        .map(|(code, mark)| (format!("{MARK}{code}"), mark.to_string()))
        .collect();
    pairs.push(("comment".to_owned(), assignment.given.comment.clone()));
    pairs
}

/// Marks and comment as typed, and what of them cannot be read.
fn read(assignment: &Assignment, fields: &Fields) -> (Marks, String, Vec<FieldError>) {
    let (mut marks, mut faults) = (Marks::new(), Vec::new());
    for leaf in assignment.round.settings.scorecard.leaves() {
        let code = &leaf.criterion.code;
        match fields.get(&format!("{MARK}{code}")) {
            "" => {}
            text => match text.parse::<u32>() {
                Ok(mark) => drop(marks.insert(code.clone(), mark)),
                Err(_) => faults.push(FieldError::new(
                    code.clone(),
                    "field.number",
                    format!("“{text}”不是整数，请填写 0 到 {} 之间的整数。", leaf.most),
                )),
            },
        }
    }
    (marks, fields.get("comment").to_owned(), faults)
}

fn page(caller: &Caller, assignment: &Assignment, form: &Form) -> Reply {
    let item = &assignment.item;
    let page = caller
        .page("打分")
        .lead(&item.title)
        .crumb("我的评审", "/desk/my/reviews")
        .crumb(&item.number, &format!("/desk/my/reviews/{}", assignment.given.id))
        .failed(form.failed());
    web::page(page, Html::of(form).and(&own::told(assignment)))
}

async fn show(caller: Caller, Key(id): Key<ReviewRow>) -> Reply {
    let assignment = review::own(caller.ctx(), id).await?;
    if assignment.given.review != Review::Accepted {
        return redirect(&format!("/desk/my/reviews/{id}"));
    }
    let form = form(&caller, &assignment).fill(&stored(&assignment));
    page(&caller, &assignment, &form)
}

/// Names of criteria as names of their fields.
fn at_fields(errors: Vec<(String, String)>) -> Vec<(String, String)> {
    let named = |(field, sentence): (String, String)| match field.as_str() {
        "comment" | "" => (field, sentence),
        code => (format!("{MARK}{code}"), sentence),
    };
    errors.into_iter().map(named).collect()
}

async fn save(caller: Caller, Key(id): Key<ReviewRow>, fields: Fields) -> Reply {
    let assignment = review::own(caller.ctx(), id).await?;
    let result = async {
        let (marks, comment, faults) = read(&assignment, &fields);
        if !faults.is_empty() {
            return Err(Error::Wrong(faults));
        }
        review::save(caller.ctx(), id, version(&fields)?, (marks, comment)).await?;
        if fields.get("then") == "stay" {
            return Ok(());
        }
        // Saved is saved; what is missing is said before the next step.
        let saved = review::own(caller.ctx(), id).await?;
        let missing = review::missing(&saved.round, &saved.given)?;
        if missing.is_empty() {
            Ok(())
        } else {
            Err(Error::Wrong(missing))
        }
    }
    .await;
    match result {
        Ok(()) if fields.get("then") == "stay" => {
            redirect_saying(&caller, &at(&assignment, "sheet"), "已保存，可以稍后继续。")
        }
        Ok(()) => redirect(&at(&assignment, "check")),
        Err(error) => reform(error, |errors| {
            let form = form(&caller, &assignment)
                .fill(fields.pairs())
                .errors(at_fields(errors));
            page(&caller, &assignment, &form)
        }),
    }
}

async fn autosave(caller: Caller, Key(id): Key<ReviewRow>, fields: Fields) -> Reply {
    let mut assignment = review::own(caller.ctx(), id).await?;
    let (mut marks, comment, _) = read(&assignment, &fields);
    // What is out of bounds is not kept until it is mended; the rest is.
    let leaves = assignment.round.settings.scorecard.leaves();
    marks.retain(|code, mark| {
        leaves
            .iter()
            .any(|leaf| leaf.criterion.code == *code && *mark <= leaf.most)
    });
    review::save(caller.ctx(), id, version(&fields)?, (marks.clone(), comment)).await?;
    assignment.given.marks = marks;
    html(&total(&assignment))
}

/// Marks, total and words of a review.
pub(super) fn summary(assignment: &Assignment) -> Html {
    let card = &assignment.round.settings.scorecard;
    let heads = [
        Column::main("name", "指标"),
        Column::number("weight", "占比"),
        Column::number("mark", "打分"),
    ];
    let rows = card.leaves().into_iter().map(|leaf| {
        let mark = assignment.given.marks.get(&leaf.criterion.code);
        let mut name = leaf.under.join(" · ");
        if !name.is_empty() {
            name.push_str(" · ");
        }
        name.push_str(&leaf.criterion.name);
        Row::new([
            Cell::text(name),
            Cell::text(format!("{}%", leaf.share / 10_000)),
            mark.map_or(Cell::Empty, |mark| Cell::text(format!("{mark} / {}", leaf.most))),
        ])
    });
    let rows: Vec<Row> = rows.collect();
    let table = Table::new("打分", TableModel::new(heads, rows)).id("marks");
    let title = format!("合计 {} 分", card.so_far(&assignment.given.marks));
    let note = Alert::new(Tone::Neutral, &title).body(Html::paragraphs(assignment.given.comment.lines()));
    Html::of(&table).and(&note)
}

async fn check(caller: Caller, Key(id): Key<ReviewRow>) -> Reply {
    let assignment = review::own(caller.ctx(), id).await?;
    if assignment.given.review != Review::Accepted {
        return redirect(&format!("/desk/my/reviews/{id}"));
    }
    let missing = review::missing(&assignment.round, &assignment.given)?;
    let mut page = caller
        .page("核对并签署")
        .lead("签署后不能再改，也不能撤回。")
        .crumb("我的评审", "/desk/my/reviews")
        .crumb(&assignment.item.number, &at(&assignment, "sheet"));
    let mut body = Html::default();
    if missing.is_empty() {
        let deed = Action::post("签署", &at(&assignment, "sign"), caller.csrf())
            .field("version", &assignment.given.version.to_string());
        page = page
            .action(deed)
            .other(Action::link("返回修改", &at(&assignment, "sheet")));
    } else {
        page = page.action(Action::link("返回补全", &at(&assignment, "sheet")));
        let lines: Vec<&str> = missing.iter().map(|fault| fault.sentence.as_str()).collect();
        body = body.and(&Alert::new(Tone::Warn, "还不能签署").body(Html::paragraphs(lines)));
    }
    web::page(page, body.and(&summary(&assignment)))
}

async fn sign(caller: Caller, Key(id): Key<ReviewRow>, fields: Fields) -> Reply {
    review::sign(caller.ctx(), id, version(&fields)?).await?;
    redirect_saying(&caller, "/desk/my/reviews", "已签署，谢谢您的评审。")
}
