//! The expert's own reviews, and one of them: what is reviewed, accepting, giving back.

use oversight::calls::review::{self, Assignment, OwnLine, ReviewRow};
use rules::calls::review::{Review, ReviewCode};
use rules::permits::Act;
use rules::taxonomy::deadline_sentence;
use ui::{Action, Alert, Cell, Column, Field, Filter, Form, Html, Row, Summary, Table, Tone};
use web::{Caller, Fields, Gate, Key, Listing, Reply, Routes, columns, redirect_saying, reform_reading};

use super::shown;
use crate::orgs::version;

pub(super) fn routes() -> Routes {
    let gate = Gate::Act(Act::ReviewDeclaration);
    Routes::new()
        .list("/desk/my/reviews", gate, "我的评审", list)
        .get("/desk/my/reviews/{id}", gate, "一件评审", show)
        .post("/desk/my/reviews/{id}/accept", gate, "接受评审", accept)
        .post("/desk/my/reviews/{id}/recuse", gate, "退回评审", recuse)
}

async fn list(caller: Caller, listing: Listing) -> Reply {
    let ctx = caller.ctx();
    let (_, open) = review::own_list(ctx, None, &registry::Window::first(1)).await?;
    let lead = match open {
        0 => "目前没有需要您评审的申报。".to_owned(),
        open => format!("有 {open} 件等您评审。"),
    };
    let heads = [
        Column::main("title", "申报"),
        Column::new("round", "评审").hide_on_phone(),
        Column::tight("state", "状态"),
        Column::number("points", "评分"),
        Column::tight("due", "期限"),
        Column::tight("since", "更新时间").sortable().hide_on_phone(),
    ];
    let states = shown::choices(ReviewCode::name)
        .into_iter()
        .filter(|choice| choice.value != kernel::Code::code(ReviewCode::Drafted));
    let table = Table::new("我的评审", columns(heads))
        .filter(Filter::select("state", "状态", states))
        .sorted_by("-since")
        .when_empty("目前没有需要您评审的申报。", None);
    let state = listing.choice("state");
    let page = caller.page("我的评审").lead(&lead);
    web::list(
        &caller,
        &listing,
        page,
        table,
        async |window| review::own_list(ctx, state, &window).await.map(|(listed, _)| listed),
        row,
    )
    .await
}

fn row(line: &OwnLine) -> Row {
    let open = matches!(line.state, ReviewCode::Sent | ReviewCode::Accepted);
    Row::new([
        Cell::stack(
            line.title.as_str(),
            format!("/desk/my/reviews/{}", line.id),
            line.number.as_str(),
        ),
        Cell::text(line.round_title.as_str()),
        shown::review_state(line.state).into(),
        line.points.map_or(Cell::Empty, |points| Cell::text(points.to_string())),
        match line.due.filter(|_| open) {
            Some(due) => Cell::text(deadline_sentence(due)),
            None => Cell::Empty,
        },
        Cell::Moment(line.state_at.civil()),
    ])
}

/// What is reviewed, as far as this reviewer may see it.
pub(super) fn told(assignment: &Assignment) -> Html {
    let item = &assignment.item;
    let mut facts = Summary::new()
        .fact("编号", Cell::text(item.number.as_str()))
        .fact("状态", shown::review_state(assignment.given.review.code()));
    facts = if assignment.round.settings.blind {
        facts.fact("承办单位", Cell::muted("盲评，不显示"))
    } else {
        facts.fact("承办单位", Cell::text(item.host_name.as_str()))
    };
    for named in &item.named {
        facts = facts.fact(&named.part, Cell::text(format!("{}（{}）", named.name, named.org_name)));
    }
    let mut body = Html::of(&facts);
    for section in &item.body {
        let text = Html::paragraphs(section.text.lines());
        body = body.and(&Alert::new(Tone::Neutral, &section.label).body(text));
    }
    body
}

async fn show(caller: Caller, Key(id): Key<ReviewRow>) -> Reply {
    let assignment = review::own(caller.ctx(), id).await?;
    let form = recuse_form(&caller, &assignment);
    page(&caller, &assignment, &form)
}

fn page(caller: &Caller, assignment: &Assignment, form: &Form) -> Reply {
    let given = &assignment.given;
    let by = assignment.due.map(deadline_sentence).unwrap_or_default();
    let lead = match &given.review {
        Review::Sent => format!("请看是否需要回避，接受后打分，期限 {by}。"),
        Review::Accepted => format!("您已接受，请打分并签署，期限 {by}。"),
        Review::Signed { points } => format!("您已签署，评分 {points}，不能再改。"),
        Review::Recused { reason } => format!("您已退回：{reason}"),
        Review::Drafted => String::new(),
    };
    let here = format!("/desk/my/reviews/{}", given.id);
    let page = caller
        .page(&assignment.item.title)
        .lead(&lead)
        .crumb("我的评审", "/desk/my/reviews")
        .failed(form.failed());
    let page = match given.review {
        Review::Sent => page.action(
            Action::post("接受评审", &format!("{here}/accept"), caller.csrf())
                .field("version", &given.version.to_string()),
        ),
        Review::Accepted => page.action(Action::link("打分", &format!("{here}/sheet"))),
        _ => page,
    };
    let mut body = told(assignment);
    if let Review::Signed { .. } = given.review {
        body = body.and(&super::sheet::summary(assignment));
    }
    if matches!(given.review, Review::Sent | Review::Accepted) {
        body = body.and(form);
    }
    web::page(page, body)
}

fn recuse_form(caller: &Caller, assignment: &Assignment) -> Form {
    Form::post(
        &format!("/desk/my/reviews/{}/recuse", assignment.given.id),
        caller.csrf(),
    )
    .section_with_hint(
        "回避或退回",
        "与申报单位或其中人员有利害关系，或者无法按期完成的，请退回；会另派他人，不影响您参加其他评审。",
    )
    .field(Field::hidden("version", &assignment.given.version.to_string()))
    .field(Field::text("reason", "理由").max(200).required())
    .submit_danger("退回这件评审")
}

async fn accept(caller: Caller, Key(id): Key<ReviewRow>, fields: Fields) -> Reply {
    review::accept(caller.ctx(), id, version(&fields)?).await?;
    redirect_saying(
        &caller,
        &format!("/desk/my/reviews/{id}/sheet"),
        "已接受。打分会自动保存，签署前可以修改。",
    )
}

async fn recuse(caller: Caller, Key(id): Key<ReviewRow>, fields: Fields) -> Reply {
    match review::recuse(caller.ctx(), id, version(&fields)?, fields.get("reason")).await {
        Ok(()) => redirect_saying(&caller, "/desk/my/reviews", "已退回，谢谢您说明。"),
        Err(error) => {
            let assignment = review::own(caller.ctx(), id).await?;
            let form = recuse_form(&caller, &assignment).fill(fields.pairs());
            reform_reading(error, async |errors| page(&caller, &assignment, &form.errors(errors))).await
        }
    }
}
