//! The scores of a review that was held outside of the platform, one for each declaration.

use kernel::{Error, FieldError, Hours, id::CallId, id::CallRow};
use oversight::calls::{self, CallView};
use rules::calls::DeclarationState;
use rules::permits::Act;
use ui::{Alert, Field, Form, Html, Tone};
use web::{Caller, Fields, Gate, Key, Reply, Routes, redirect_saying, reform_reading};

use super::shown;

/// The best score there is.
const BEST: Hours = Hours::whole(100);

pub(super) fn routes() -> Routes {
    let gate = Gate::Act(Act::EditCall);
    Routes::new()
        .get("/desk/calls/{id}/scores", gate, "登记评审得分", show)
        .post("/desk/calls/{id}/scores", gate, "保存评审得分", save)
}

fn form(caller: &Caller, view: &CallView) -> Form {
    let mut form = Form::post(&format!("/desk/calls/{}/scores", view.call.id), caller.csrf());
    for one in view
        .ranked
        .iter()
        .filter(|one| one.state == DeclarationState::Reviewing)
    {
        let label = format!("{} {}", one.number.as_deref().unwrap_or_default(), one.content.title);
        form = form
            .field(
                Field::decimal(&format!("score_{}", one.id), &label, "分")
                    .hint(&one.host_name)
                    .value(one.score.map(shown::score).unwrap_or_default())
                    .required(),
            )
            .field(
                Field::text(&format!("note_{}", one.id), "说明")
                    .max(200)
                    .value(one.note.as_str()),
            );
    }
    form.submit("保存得分和排名")
        .cancel(&format!("/desk/calls/{}", view.call.id))
}

async fn page(caller: &Caller, id: CallId, errors: Vec<(String, String)>, fields: Option<&Fields>) -> Reply {
    let view = calls::view_call(caller.ctx(), id).await?;
    let form = form(caller, &view);
    let form = fields
        .map_or(form.clone(), |fields| form.fill(fields.pairs()))
        .errors(errors);
    let page = caller
        .page("登记评审得分")
        .lead(&format!(
            "《{}》按百分制登记每件申报的最后得分，按得分自动排名，同分并列。",
            view.call.title
        ))
        .crumb("项目征集", "/desk/calls")
        .failed(form.failed());
    let note = Alert::new(Tone::Neutral, "并列和说明")
        .text("并列跨在计划数边上的，不能拟定计划；请集体讨论分出先后，在说明中写明依据，例如承办优先条件。");
    web::page(page, Html::of(&note).and(&form))
}

async fn show(caller: Caller, Key(id): Key<CallRow>) -> Reply {
    page(&caller, id, Vec::new(), None).await
}

async fn save(caller: Caller, Key(id): Key<CallRow>, fields: Fields) -> Reply {
    let result = async {
        let view = calls::view_call(caller.ctx(), id).await?;
        let (mut scores, mut faults) = (Vec::new(), Vec::new());
        for one in view
            .ranked
            .iter()
            .filter(|one| one.state == DeclarationState::Reviewing)
        {
            let name = format!("score_{}", one.id);
            match Hours::parse(fields.get(&name)).filter(|score| *score <= BEST) {
                Some(score) => scores.push((one.id, score.get(), fields.get(&format!("note_{}", one.id)).to_owned())),
                None => faults.push(FieldError::new(
                    name,
                    "score.value",
                    "请填写 0 到 100 之间的得分，最多两位小数。",
                )),
            }
        }
        if !faults.is_empty() {
            return Err(Error::Wrong(faults));
        }
        calls::record_scores(caller.ctx(), id, scores).await
    }
    .await;
    match result {
        Ok(()) => redirect_saying(&caller, &format!("/desk/calls/{id}"), "得分已登记，排名见下方。"),
        Err(error) => reform_reading(error, |errors| page(&caller, id, errors, Some(&fields))).await,
    }
}
