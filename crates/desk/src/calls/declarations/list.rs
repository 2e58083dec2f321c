//! The list of declarations, and beginning one.

use kernel::{Error, id::CallId, id::TopicId};
use oversight::calls::{self, Call, DeclarationFilter, DeclarationLine};
use registry::taxonomy::Names;
use rules::calls::DeclarationState;
use rules::permits::{self, Act};
use rules::taxonomy::Vocabulary;
use ui::{Action, Alert, Cell, Choice, Column, Field, Filter, Form, Html, Row, Table, Tone};
use web::{Caller, Fields, Gate, Listing, Reply, Routes, columns, redirect, reform_reading};

use super::super::shown;

pub(super) fn routes() -> Routes {
    let making = Gate::Act(Act::MakeDeclaration);
    Routes::new()
        .list("/desk/declarations", Gate::Act(Act::ListDeclarations), "项目申报", list)
        .get("/desk/declarations/new", making, "选择选题", choose)
        .post("/desk/declarations/new", making, "开始项目申报", begin)
}

async fn list(caller: Caller, listing: Listing) -> Reply {
    let ctx = caller.ctx();
    let names = shown::names(&caller).await?;
    let makes = permits::has(&ctx.actor, Act::MakeDeclaration);
    let recommends = permits::has(&ctx.actor, Act::RecommendDeclaration);
    let open = if makes {
        calls::open_calls(ctx).await?
    } else {
        Vec::new()
    };
    let mut page = caller.page("项目申报").lead(&lead(&caller, makes, open.len()).await?);
    for call in &open {
        page = page.action(Action::link(
            &format!("申报“{}”", call.title),
            &format!("/desk/declarations/new?call={}", call.id),
        ));
    }
    let heads = [
        Column::tight("number", "编号").sortable(),
        Column::main("title", "项目"),
        Column::new("host", "申报单位").hide_on_phone(),
        Column::new("field", "领域").hide_on_phone(),
        Column::number("people", "人数").sortable(),
        Column::number("budget", "预算（元）").sortable(),
        Column::tight("state", "状态"),
        Column::tight("since", "自何时").sortable(),
    ];
    let mut table = Table::new("项目申报", columns(heads))
        .filter(Filter::search("项目名称、申报编号"))
        .filter(Filter::select("state", "状态", shown::choices(DeclarationState::name)))
        .filter(Filter::select(
            "field",
            "领域",
            crate::orgs::choices(&names, Vocabulary::FocusField),
        ))
        .sorted_by("-since")
        .when_empty("没有符合条件的申报。", None);
    if recommends {
        table = table.filter(Filter::select("turn", "办理", [Choice::new("mine", "待我推荐")]));
    }
    let mine = recommends && listing.get("turn") == Some("mine");
    let filter = DeclarationFilter {
        call: listing.number("call").map(CallId::new),
        state: if mine {
            Some(DeclarationState::Submitted)
        } else {
            listing.choice("state")
        },
        field: listing.text("field"),
        recommender: mine.then_some(ctx.actor.role),
        words: listing.words(),
        with_drafts: true,
    };
    web::list(
        &caller,
        &listing,
        page,
        table,
        async |window| calls::declarations(ctx, &filter, &window).await,
        |line| row(line, &names),
    )
    .await
}

async fn lead(caller: &Caller, makes: bool, open: usize) -> kernel::Result<String> {
    let filter = DeclarationFilter {
        with_drafts: true,
        ..DeclarationFilter::default()
    };
    let counts = calls::counts(caller.ctx(), &filter).await?;
    let of = |state| {
        counts
            .iter()
            .find(|(one, _)| *one == state)
            .map_or(0, |(_, count)| *count)
    };
    let returned = of(DeclarationState::Returned);
    Ok(match (makes, returned) {
        (true, 0) if open > 0 => format!("有 {open} 个征集正在接受申报。"),
        (true, 0) => "现在没有正在接受申报的征集。".to_owned(),
        (true, returned) => format!("有 {returned} 件申报被退回，请修改后重新提交。"),
        (false, _) => format!(
            "{} 件待推荐，{} 件待形式审查。",
            of(DeclarationState::Submitted),
            of(DeclarationState::Checking)
        ),
    })
}

fn row(line: &DeclarationLine, names: &Names) -> Row {
    let title = if line.title.is_empty() {
        "（未填写）"
    } else {
        &line.title
    };
    Row::new([
        Cell::text(line.number.as_deref().unwrap_or("未提交")),
        Cell::stack(
            title,
            format!("/desk/declarations/{}", line.id),
            line.call_title.as_str(),
        ),
        Cell::text(line.host_name.as_str()),
        Cell::text(names.of_opt(Vocabulary::FocusField, line.field.as_deref())),
        Cell::Number(line.people),
        Cell::Money(line.budget.get()),
        shown::declaration(line.state).into(),
        Cell::Moment(line.state_at.civil()),
    ])
}

async fn new_page(caller: &Caller, call: CallId, errors: Vec<(String, String)>, fields: Option<&Fields>) -> Reply {
    let public = calls::public_call(caller.ctx(), call).await?;
    let names = shown::names(caller).await?;
    let own = caller.ctx().actor.org();
    let mut form = Form::post("/desk/declarations/new", caller.csrf()).field(Field::hidden("call", &call.to_string()));
    if public.call.template.topics {
        let topics = public.topics.iter().map(|topic| {
            let field = names.of(Vocabulary::FocusField, &topic.field);
            let choice = Choice::new(&topic.id.to_string(), &topic.title);
            match topic.host {
                Some(host) if Some(host) != own => choice.missing("已推荐其他承办单位"),
                Some(_) => choice.hint(&format!("{field}，{}提出，推荐本单位承办。", topic.proposer)),
                None => choice.hint(&format!("{field}，{}提出，公开申报。", topic.proposer)),
            }
        });
        form = form.field(Field::radios("topic", "选题", topics).required());
    }
    let form = form.submit("开始填写").cancel("/desk/declarations").unguarded();
    let form = fields
        .map_or(form.clone(), |fields| form.fill(fields.pairs()))
        .errors(errors);
    let page = caller
        .page("申报项目")
        .lead(&format!(
            "《{}》，{} 截止。草稿自动保存，截止前可以随时修改。",
            public.call.title, public.call.closes_at
        ))
        .crumb("项目申报", "/desk/declarations")
        .failed(form.failed());
    let mut body = Html::default();
    if public.call.template.topics && public.topics.is_empty() {
        body = body.and(&Alert::new(Tone::Neutral, "还没有采纳的选题").text("选题采纳后会公开，请稍后再来。"));
    }
    web::page(page, body.and(&rules(&public.call)).and(&form))
}

fn rules(call: &Call) -> Alert {
    let who: Vec<&str> = call.template.declarants.iter().map(|one| one.name()).collect();
    Alert::new(Tone::Active, "谁可以申报").text(&format!("{}。", who.join("、")))
}

async fn choose(caller: Caller, listing: Listing) -> Reply {
    let call = listing.number("call").map(CallId::new).ok_or(Error::NotFound)?;
    new_page(&caller, call, Vec::new(), None).await
}

async fn begin(caller: Caller, fields: Fields) -> Reply {
    let call: CallId = fields.get("call").parse().map_err(|_| Error::NotFound)?;
    let topic: Option<TopicId> = fields.get("topic").parse().ok();
    match calls::begin(caller.ctx(), call, topic).await {
        Ok(id) => redirect(&super::at(id, "content")),
        Err(error) => reform_reading(error, |errors| new_page(&caller, call, errors, Some(&fields))).await,
    }
}
