//! What the parties do to a declaration with a sentence of their own: one page for each deed, all of the same build.

use kernel::id::{DeclarationId, DeclarationRow};
use oversight::calls;
use registry::Ctx;
use rules::permits::Act;
use ui::{Field, Form, Html};
use web::{Caller, Fields, Gate, Key, Reply, Routes, redirect_saying, reform_reading};

use super::super::shown;
use super::at;

/// One deed and what is asked before it.
#[derive(Debug)]
struct Asked {
    part: Part,
    path: &'static str,
    title: &'static str,
    lead: &'static str,
    label: &'static str,
    danger: bool,
    done: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Withdraw,
    Recommend,
    Return,
    Decline,
    Reject,
    Defer,
    Resume,
    ReplaceHost,
    Cancel,
}

const WITHDRAW: Asked = Asked {
    part: Part::Withdraw,
    path: "withdraw",
    title: "撤回申报",
    lead: "撤回后不再办理；截止以前可以重新申报。",
    label: "撤回的原因",
    danger: true,
    done: "申报已撤回。",
};
const RECOMMEND: Asked = Asked {
    part: Part::Recommend,
    path: "recommend",
    title: "推荐",
    lead: "推荐后转组织单位形式审查。",
    label: "推荐意见",
    danger: false,
    done: "已推荐，转形式审查。",
};
const RETURN: Asked = Asked {
    part: Part::Return,
    path: "return",
    title: "退回修改",
    lead: "申报单位会收到消息和待办，修改后重新提交，编号不变。",
    label: "需要修改的内容",
    danger: false,
    done: "已退回，申报单位会收到消息。",
};
const DECLINE: Asked = Asked {
    part: Part::Decline,
    path: "decline",
    title: "不予推荐",
    lead: "不予推荐后这件申报办结，申报单位可以看到理由。",
    label: "不予推荐的理由",
    danger: true,
    done: "已办理，申报单位会收到消息。",
};
const REJECT: Asked = Asked {
    part: Part::Reject,
    path: "reject",
    title: "不予批准",
    lead: "只针对这一个项目，计划中的其他项目照常办理。",
    label: "不予批准的理由",
    danger: true,
    done: "已办理，申报单位会收到消息。",
};
const DEFER: Asked = Asked {
    part: Part::Defer,
    path: "defer",
    title: "延期实施",
    lead: "公开的年度计划会注明延期和原因。",
    label: "延期的原因和时间",
    danger: false,
    done: "已登记延期，公开计划已更新。",
};
const RESUME: Asked = Asked {
    part: Part::Resume,
    path: "resume",
    title: "恢复实施",
    lead: "公开的年度计划会注明恢复。",
    label: "恢复的说明",
    danger: false,
    done: "已恢复，公开计划已更新。",
};
const REPLACE_HOST: Asked = Asked {
    part: Part::ReplaceHost,
    path: "replace-host",
    title: "变更承办单位",
    lead: "新的承办单位应符合申报条件；公开的年度计划会注明变更和原因。",
    label: "变更的原因",
    danger: false,
    done: "承办单位已变更，公开计划已更新。",
};
const CANCEL: Asked = Asked {
    part: Part::Cancel,
    path: "cancel",
    title: "取消",
    lead: "取消后不能恢复，申报单位会收到消息和原因；已公布的项目在公开计划中注明。",
    label: "取消的原因",
    danger: true,
    done: "已取消，申报单位会收到消息。",
};

pub(super) fn routes() -> Routes {
    let (host, recommender, authority, approver) = (
        Gate::Act(Act::MakeDeclaration),
        Gate::Act(Act::RecommendDeclaration),
        Gate::Act(Act::EditCall),
        Gate::Act(Act::ApproveCall),
    );
    let ask = |asked: &'static Asked| move |caller: Caller, key: Key<DeclarationRow>| ask(caller, key, asked);
    let act = |asked: &'static Asked| {
        move |caller: Caller, key: Key<DeclarationRow>, fields: Fields| act(caller, key, fields, asked)
    };
    Routes::new()
        .get("/desk/declarations/{id}/withdraw", host, "撤回申报书", ask(&WITHDRAW))
        .post(
            "/desk/declarations/{id}/withdraw",
            host,
            "确认撤回申报书",
            act(&WITHDRAW),
        )
        .get(
            "/desk/declarations/{id}/recommend",
            recommender,
            "推荐申报",
            ask(&RECOMMEND),
        )
        .post(
            "/desk/declarations/{id}/recommend",
            recommender,
            "确认推荐申报",
            act(&RECOMMEND),
        )
        .get(
            "/desk/declarations/{id}/return",
            authority,
            "退回项目申报",
            ask(&RETURN),
        )
        .post(
            "/desk/declarations/{id}/return",
            authority,
            "确认退回项目申报",
            act(&RETURN),
        )
        .get(
            "/desk/declarations/{id}/decline",
            recommender,
            "不予推荐申报",
            ask(&DECLINE),
        )
        .post(
            "/desk/declarations/{id}/decline",
            recommender,
            "确认不予推荐申报",
            act(&DECLINE),
        )
        .get("/desk/declarations/{id}/reject", approver, "不予批准项目", ask(&REJECT))
        .post(
            "/desk/declarations/{id}/reject",
            approver,
            "确认不予批准项目",
            act(&REJECT),
        )
        .get("/desk/declarations/{id}/defer", authority, "延期实施项目", ask(&DEFER))
        .post(
            "/desk/declarations/{id}/defer",
            authority,
            "确认延期实施项目",
            act(&DEFER),
        )
        .get(
            "/desk/declarations/{id}/resume",
            authority,
            "恢复实施项目",
            ask(&RESUME),
        )
        .post(
            "/desk/declarations/{id}/resume",
            authority,
            "确认恢复实施项目",
            act(&RESUME),
        )
        .get(
            "/desk/declarations/{id}/replace-host",
            authority,
            "变更承办单位",
            ask(&REPLACE_HOST),
        )
        .post(
            "/desk/declarations/{id}/replace-host",
            authority,
            "确认变更承办单位",
            act(&REPLACE_HOST),
        )
        .get("/desk/declarations/{id}/cancel", authority, "取消项目", ask(&CANCEL))
        .post(
            "/desk/declarations/{id}/cancel",
            authority,
            "确认取消项目",
            act(&CANCEL),
        )
}

async fn page(
    caller: &Caller,
    id: DeclarationId,
    asked: &'static Asked,
    (errors, fields): (Vec<(String, String)>, Option<&Fields>),
) -> Reply {
    let view = calls::view_declaration(caller.ctx(), id).await?;
    let one = &view.declaration;
    let mut form =
        Form::post(&at(id, asked.path), caller.csrf()).field(Field::hidden("version", &one.version.to_string()));
    if asked.part == Part::ReplaceHost {
        form = form
            .field(Field::fixed("现在的承办单位", &one.host_name))
            .field(Field::credit_code("host", "新承办单位的统一社会信用代码").required());
    }
    let reason = Field::textarea("reason", asked.label).max(300).rows(4);
    form = form.field(if asked.part == Part::Recommend {
        reason.hint("可以不填，最多 300 个字。")
    } else {
        reason.hint("4 到 300 个字，申报单位可以看到。").required()
    });
    let form = if asked.danger {
        form.submit_danger("确认")
    } else {
        form.submit("确认")
    };
    let form = form.cancel(&format!("/desk/declarations/{id}"));
    let form = fields
        .map_or(form.clone(), |fields| form.fill(fields.pairs()))
        .errors(errors);
    let page = caller
        .page(asked.title)
        .lead(&format!("《{}》{}", one.content.title, asked.lead))
        .crumb("项目申报", "/desk/declarations")
        .failed(form.failed());
    web::page(page, Html::of(&form))
}

async fn ask(caller: Caller, Key(id): Key<DeclarationRow>, asked: &'static Asked) -> Reply {
    page(&caller, id, asked, (Vec::new(), None)).await
}

async fn done(ctx: &Ctx, id: DeclarationId, fields: &Fields, part: Part) -> kernel::Result<()> {
    let (version, why) = (shown::version(fields)?, fields.get("reason"));
    match part {
        Part::Withdraw => calls::withdraw(ctx, id, version, why).await,
        Part::Recommend => calls::recommend(ctx, id, version, why).await,
        Part::Return => calls::give_back(ctx, id, version, why).await,
        Part::Decline => calls::decline(ctx, id, version, why).await,
        Part::Reject => calls::reject(ctx, id, version, why).await,
        Part::Defer => calls::defer(ctx, id, version, why).await,
        Part::Resume => calls::resume(ctx, id, version, why).await,
        Part::ReplaceHost => calls::replace_host(ctx, id, version, (fields.get("host"), why)).await,
        Part::Cancel => calls::cancel_project(ctx, id, version, why).await,
    }
}

async fn act(caller: Caller, Key(id): Key<DeclarationRow>, fields: Fields, asked: &'static Asked) -> Reply {
    match done(caller.ctx(), id, &fields, asked.part).await {
        Ok(()) => redirect_saying(&caller, &format!("/desk/declarations/{id}"), asked.done),
        Err(error) => reform_reading(error, |errors| page(&caller, id, asked, (errors, Some(&fields)))).await,
    }
}
