//! Topics: the list, proposing one, one topic with what is to be done with it.

use kernel::{Error, id::CallId, id::TopicRow};
use oversight::calls::{self, Call, NewTopic, Topic, TopicFilter};
use registry::taxonomy::Names;
use rules::calls::{TopicDeed, TopicState};
use rules::permits::{self, Act};
use rules::taxonomy::Vocabulary;
use ui::{Action, Alert, Cell, Column, Field, Filter, Form, Html, Row, Summary, Table, Tone};
use web::{Caller, Fields, Gate, Key, Listing, Reply, Routes, columns, redirect_saying, reform, reform_reading};

use super::shown;

pub(super) fn routes() -> Routes {
    let (seeing, proposing, deciding) = (
        Gate::Act(Act::ListTopics),
        Gate::Act(Act::ProposeTopic),
        Gate::Act(Act::EditCall),
    );
    Routes::new()
        .list("/desk/topics", seeing, "选题", list)
        .get("/desk/topics/new", proposing, "提出选题", new)
        .post("/desk/topics/new", proposing, "提交选题", create)
        .get("/desk/topics/{id}", seeing, "选题详情", show)
        .get("/desk/topics/{id}/edit", proposing, "修改选题", edit)
        .post("/desk/topics/{id}/edit", proposing, "重新提交选题", save)
        .post("/desk/topics/{id}/withdraw", proposing, "撤回选题", withdraw)
        .post("/desk/topics/{id}/decide", deciding, "审核选题", decide)
}

async fn list(caller: Caller, listing: Listing) -> Reply {
    let ctx = caller.ctx();
    let names = shown::names(&caller).await?;
    let proposes = permits::has(&ctx.actor, Act::ProposeTopic);
    let open = if proposes { open(&caller).await? } else { Vec::new() };
    let mut page = caller.page("选题").lead(&match open.len() {
        0 if proposes => "现在没有征集选题的通知。".to_owned(),
        0 => "部门和区提出的选题，采纳后公开，承办单位据此申报。".to_owned(),
        count => format!("有 {count} 个征集正在征集选题。"),
    });
    for call in open {
        page = page.action(Action::link(
            &format!("为“{}”提出选题", call.title),
            &format!("/desk/topics/new?call={}", call.id),
        ));
    }
    let heads = [
        Column::main("title", "选题").sortable(),
        Column::new("field", "领域"),
        Column::new("proposer", "提出单位"),
        Column::new("host", "推荐承办单位").hide_on_phone(),
        Column::tight("state", "状态"),
        Column::tight("since", "更新时间").sortable(),
    ];
    let fields: Vec<ui::Choice> = crate::orgs::choices(&names, Vocabulary::FocusField);
    let table = Table::new("选题", columns(heads))
        .filter(Filter::search("选题名称"))
        .filter(Filter::select("state", "状态", shown::choices(TopicState::name)))
        .filter(Filter::select("field", "领域", fields))
        .sorted_by("-since")
        .when_empty("还没有选题。", None);
    let filter = TopicFilter {
        call: listing.number("call").map(CallId::new),
        state: listing.choice("state"),
        field: listing.text("field"),
        words: listing.words(),
    };
    web::list(
        &caller,
        &listing,
        page,
        table,
        async |window| calls::topics(ctx, &filter, &window).await,
        |topic| row(topic, &names),
    )
    .await
}

/// Calls that take topics now.
async fn open(caller: &Caller) -> kernel::Result<Vec<Call>> {
    let now = caller.ctx().now();
    let mut open = calls::open_calls(caller.ctx()).await?;
    open.retain(|call| call.template.topics && call.topics_until.is_none_or(|until| now <= until));
    Ok(open)
}

fn host(topic: &Topic) -> Cell {
    match topic.host_name.as_str() {
        "" => Cell::muted("公开申报"),
        name => Cell::text(name),
    }
}

fn row(topic: &Topic, names: &Names) -> Row {
    Row::new([
        Cell::link(topic.title.as_str(), format!("/desk/topics/{}", topic.id)),
        Cell::text(names.of(Vocabulary::FocusField, &topic.field)),
        Cell::text(topic.proposer.as_str()),
        host(topic),
        shown::topic(topic.state).into(),
        Cell::Moment(topic.state_at.civil()),
    ])
}

fn form(caller: &Caller, names: &Names, action: &str) -> Form {
    Form::post(action, caller.csrf())
        .field(Field::text("title", "选题名称").max(80).required())
        .field(Field::select("field", "聚焦领域", crate::orgs::choices(names, Vocabulary::FocusField)).required())
        .field(
            Field::textarea("why", "需求依据")
                .hint("10 到 500 个字：哪些单位、多少人、解决什么问题。")
                .max(500)
                .required(),
        )
        .field(
            Field::credit_code("host", "推荐承办单位的统一社会信用代码")
                .hint("不填的为公开申报，符合条件的单位都可以申报。"),
        )
        .submit("提交选题")
        .cancel("/desk/topics")
}

async fn new_page(caller: &Caller, call: CallId, errors: Vec<(String, String)>, fields: Option<&Fields>) -> Reply {
    let open = open(caller).await?;
    let call = open.iter().find(|one| one.id == call).ok_or(Error::NotFound)?;
    let names = shown::names(caller).await?;
    let form = form(caller, &names, "/desk/topics/new").field(Field::hidden("call", &call.id.to_string()));
    let form = fields
        .map_or(form.clone(), |fields| form.fill(fields.pairs()))
        .errors(errors);
    let until = call.topics_until.unwrap_or(call.closes_at);
    let page = caller
        .page("提出选题")
        .lead(&format!("《{}》，选题 {until} 截止。", call.title))
        .crumb("选题", "/desk/topics")
        .failed(form.failed());
    web::page(page, Html::of(&form))
}

async fn new(caller: Caller, listing: Listing) -> Reply {
    let call = listing.number("call").map(CallId::new).ok_or(Error::NotFound)?;
    new_page(&caller, call, Vec::new(), None).await
}

fn read(fields: &Fields) -> NewTopic {
    NewTopic {
        title: fields.get("title").to_owned(),
        field: fields.get("field").to_owned(),
        why: fields.get("why").to_owned(),
        host: fields.get("host").to_owned(),
    }
}

async fn create(caller: Caller, fields: Fields) -> Reply {
    let call: CallId = fields.get("call").parse().map_err(|_| Error::NotFound)?;
    match calls::propose_topic(caller.ctx(), call, &read(&fields)).await {
        Ok(id) => redirect_saying(&caller, &format!("/desk/topics/{id}"), "选题已提交。"),
        Err(error) => reform_reading(error, |errors| new_page(&caller, call, errors, Some(&fields))).await,
    }
}

async fn show(caller: Caller, Key(id): Key<TopicRow>) -> Reply {
    show_page(&caller, id, Vec::new(), None).await
}

async fn show_page(
    caller: &Caller,
    id: kernel::id::TopicId,
    errors: Vec<(String, String)>,
    fields: Option<&Fields>,
) -> Reply {
    let (topic, call, decides) = calls::view_topic(caller.ctx(), id).await?;
    let names = shown::names(caller).await?;
    let mut page = caller
        .page(&topic.title)
        .lead(topic.state.sees())
        .crumb("选题", "/desk/topics")
        .failed(!errors.is_empty());
    let actor = &caller.ctx().actor;
    if permits::may(actor, Act::ProposeTopic, &topic.place).is_ok() && actor.role == topic.role {
        if topic.state == TopicState::Returned {
            page = page.action(Action::link("修改并重新提交", &format!("/desk/topics/{id}/edit")));
        }
        if topic.state.after(TopicDeed::Withdraw).is_ok() {
            let withdraw = Action::post("撤回", &format!("/desk/topics/{id}/withdraw"), caller.csrf());
            page = page.other(withdraw.field("version", &topic.version.to_string()).danger());
        }
    }
    let facts = Summary::new()
        .fact("状态", shown::topic(topic.state))
        .fact("征集", Cell::link(call.title.as_str(), format!("/calls/{}", call.id)))
        .fact("聚焦领域", Cell::text(names.of(Vocabulary::FocusField, &topic.field)))
        .fact("需求依据", Cell::text(topic.why.as_str()))
        .fact("提出单位", Cell::text(topic.proposer.as_str()))
        .fact("推荐承办单位", host(&topic));
    let mut body = Html::default();
    if !topic.reason.is_empty() {
        body = body.and(&Alert::new(Tone::Warn, "审核意见").text(&topic.reason));
    }
    body = body.and(&facts);
    if decides && topic.state == TopicState::Proposed {
        let form = decision(caller, &topic);
        let form = fields
            .map_or(form.clone(), |fields| form.fill(fields.pairs()))
            .errors(errors);
        body = body.and(&form);
    }
    web::page(page, body)
}

fn decision(caller: &Caller, topic: &Topic) -> Form {
    Form::post(&format!("/desk/topics/{}/decide", topic.id), caller.csrf())
        .section("审核")
        .field(Field::hidden("version", &topic.version.to_string()))
        .field(
            Field::textarea("reason", "意见")
                .hint("采纳可以不填；退回和不采纳请写 4 到 300 个字。")
                .max(300),
        )
        .submit("采纳")
        .also("退回修改", "deed", "return")
        .also("不采纳", "deed", "decline")
        .unguarded()
}

async fn decide(caller: Caller, Key(id): Key<TopicRow>, fields: Fields) -> Reply {
    let deed = match fields.get("deed") {
        "" => TopicDeed::Adopt,
        code => kernel::Code::from_code(code).ok_or(Error::NotFound)?,
    };
    let result =
        async { calls::decide_topic(caller.ctx(), id, shown::version(&fields)?, deed, fields.get("reason")).await }
            .await;
    match result {
        Ok(()) => redirect_saying(&caller, &format!("/desk/topics/{id}"), "已办理，提出单位会收到消息。"),
        Err(error) => reform_reading(error, |errors| show_page(&caller, id, errors, Some(&fields))).await,
    }
}

fn edit_form(caller: &Caller, names: &Names, topic: &Topic) -> Form {
    form(caller, names, &format!("/desk/topics/{}/edit", topic.id))
        .field(Field::hidden("version", &topic.version.to_string()))
}

fn edit_page(caller: &Caller, topic: &Topic, form: &Form) -> Reply {
    let page = caller
        .page("修改选题")
        .lead(&format!("退回意见：{}", topic.reason))
        .crumb("选题", "/desk/topics")
        .failed(form.failed());
    web::page(page, Html::of(form))
}

async fn edit(caller: Caller, Key(id): Key<TopicRow>) -> Reply {
    let (topic, ..) = calls::view_topic(caller.ctx(), id).await?;
    topic.state.after(TopicDeed::Propose)?;
    let names = shown::names(&caller).await?;
    let typed = [
        ("title", topic.title.as_str()),
        ("field", topic.field.as_str()),
        ("why", topic.why.as_str()),
    ];
    edit_page(&caller, &topic, &edit_form(&caller, &names, &topic).fill(&typed))
}

async fn save(caller: Caller, Key(id): Key<TopicRow>, fields: Fields) -> Reply {
    let result = async { calls::edit_topic(caller.ctx(), id, shown::version(&fields)?, &read(&fields)).await }.await;
    match result {
        Ok(()) => redirect_saying(&caller, &format!("/desk/topics/{id}"), "选题已重新提交。"),
        Err(error) => {
            let (topic, ..) = calls::view_topic(caller.ctx(), id).await?;
            let names = shown::names(&caller).await?;
            reform(error, |errors| {
                let form = edit_form(&caller, &names, &topic).fill(fields.pairs()).errors(errors);
                edit_page(&caller, &topic, &form)
            })
        }
    }
}

async fn withdraw(caller: Caller, Key(id): Key<TopicRow>, fields: Fields) -> Reply {
    calls::withdraw_topic(caller.ctx(), id, shown::version(&fields)?).await?;
    redirect_saying(&caller, &format!("/desk/topics/{id}"), "选题已撤回。")
}
