//! 满意度测评: the questionnaire of a participant, and what came of it for provider and authorities.

use kernel::{Code as _, id::ClassRow};
use learning::courses::{self, SurveyResult};
use registry::Listed;
use rules::courses::survey::{ANSWERS, Answered, Counts, FEWEST, LONGEST_REMARK, Question};
use rules::permits::Act;
use rules::taxonomy::deadline_sentence;
use ui::{
    Action, Alert, Cell, Choice, Column, Details, Field, Figure, Figures, Form, Html, Row, Table, TableModel, Tone,
};
use web::{Caller, Fields, Gate, Key, Listing, Reply, Routes, columns, redirect_saying, reform_reading};

/// The pages.
pub(super) fn routes() -> Routes {
    let (own, see) = (Gate::Act(Act::AnswerSurvey), Gate::Act(Act::ListClasses));
    Routes::new()
        .get("/desk/my/surveys/{id}", own, "评价班次", show)
        .post("/desk/my/surveys/{id}", own, "提交评价", save)
        .list("/desk/classes/{id}/survey", see, "满意度测评结果", result)
}

fn form(caller: &Caller, id: kernel::ClassId) -> Form {
    let choices = || ANSWERS.map(|(points, words)| Choice::new(&points.to_string(), words));
    let form = Form::post(&format!("/desk/my/surveys/{id}"), caller.csrf());
    let form = Question::ALL.iter().fold(form, |form, question| {
        form.field(
            Field::radios(question.code(), question.name(), choices())
                .inline()
                .required(),
        )
    });
    let most = u32::try_from(LONGEST_REMARK).unwrap_or(u32::MAX);
    form.field(
        Field::textarea("remark", "意见和建议")
            .hint("选填。请不要写下姓名、电话等能认出本人的内容。")
            .max(most)
            .rows(4),
    )
    .submit("提交评价")
    .cancel("/desk/my/classes")
}

async fn show(caller: Caller, Key(id): Key<ClassRow>) -> Reply {
    form_page(&caller, id, &form(&caller, id)).await
}

async fn form_page(caller: &Caller, id: kernel::ClassId, form: &Form) -> Reply {
    let asked = courses::questionnaire(caller.ctx(), id).await?;
    let page = caller
        .page(&format!("评价班次：{}", asked.class))
        .crumb("我的班次", "/desk/my/classes");
    if let Some(why) = asked.closed {
        let note = Alert::new(Tone::Neutral, &why).action(Action::link("我的班次", "/desk/my/classes"));
        return web::page(page, Html::of(&note));
    }
    let page = page
        .lead(&format!(
            "匿名，只能提交一次；{} 前有效。",
            deadline_sentence(asked.until)
        ))
        .failed(form.failed());
    let why = format!(
        "平台分开保存“谁评价过”和“每个选项被选了多少次”，两者之间没有任何编号或时间相连；不满 {FEWEST} 人评价时，任何人都看不到结果。因此提交后不能修改或撤回。"
    );
    let note = Details::new("怎样保证匿名", Html::paragraphs([why.as_str()]));
    web::page(page, Html::of(form).and(&note))
}

async fn save(caller: Caller, Key(id): Key<ClassRow>, fields: Fields) -> Reply {
    let result = async {
        let answered = Answered::parse(|question| fields.get(question.code()), fields.get("remark"))?;
        courses::answer_survey(caller.ctx(), id, &answered).await
    };
    match result.await {
        Ok(()) => redirect_saying(&caller, "/desk/my/classes", "谢谢您的评价，已经匿名记入。"),
        Err(error) => {
            let again = |errors| form(&caller, id).fill(fields.pairs()).errors(errors);
            reform_reading(error, async |errors| form_page(&caller, id, &again(errors)).await).await
        }
    }
}

/// `86.6%` of thousandths.
pub(super) fn percent(thousandths: i64) -> String {
    format!("{}.{}%", thousandths / 10, thousandths % 10)
}

async fn result(caller: Caller, Key(id): Key<ClassRow>, listing: Listing) -> Reply {
    let survey = courses::survey_result(caller.ctx(), id).await?;
    let page = caller
        .page("满意度测评结果")
        .crumb("班次", "/desk/classes")
        .crumb(&survey.class.plan.title, &format!("/desk/classes/{id}"))
        .lead(&lead(&survey));
    let heads = [
        Column::main("question", "项目"),
        Column::number("satisfied", "满意率"),
        Column::number("mean", "平均分（满分 5）"),
    ];
    let answers = ANSWERS.map(|(points, words)| Column::number(&format!("p{points}"), words));
    let heads: Vec<Column> = heads.into_iter().chain(answers).collect();
    let caption = "满意度测评结果";
    if listing.is_export() {
        let all = async |_| {
            Ok(Listed {
                rows: survey.counts.clone(),
                previous: None,
                next: None,
                total: None,
            })
        };
        return web::list(&caller, &listing, page, Table::new(caption, columns(heads)), all, row).await;
    }
    let table = Table::new(caption, TableModel::new(heads, survey.counts.iter().map(row)))
        .export(&format!("/desk/classes/{id}/survey/export.xlsx"))
        .when_empty(&format!("有 {FEWEST} 人评价后才显示结果，以免认出是谁的评价。"), None);
    web::page(page, Html::of(&figures(&survey)).and(&table).and(&remarks(&survey)))
}

fn row((question, counts): &(Question, Counts)) -> Row {
    let mean = counts.mean().map_or(Cell::Empty, |mean| {
        Cell::text(format!("{}.{:02}", mean / 100, mean % 100))
    });
    let satisfied = counts
        .satisfied()
        .map_or(Cell::Empty, |share| Cell::text(percent(share)));
    let first = [Cell::text(question.name()), satisfied, mean];
    Row::new(first.into_iter().chain(counts.0.map(Cell::Number)))
}

fn lead(survey: &SurveyResult) -> String {
    let overall = survey
        .counts
        .iter()
        .find(|(question, _)| *question == Question::Overall);
    let until = deadline_sentence(survey.until);
    match overall.and_then(|(_, counts)| counts.satisfied()) {
        Some(share) => format!(
            "总体满意率 {}；{} 人中 {} 人评价，评价期限 {until}。",
            percent(share),
            survey.asked,
            survey.answered
        ),
        None => format!("{} 人中 {} 人评价，评价期限 {until}。", survey.asked, survey.answered),
    }
}

fn figures(survey: &SurveyResult) -> Figures {
    let rate = (survey.answered * 1_000)
        .checked_div(survey.asked)
        .map_or("–".to_owned(), percent);
    Figures::new([
        Figure::new("应评", survey.asked.to_string(), "人"),
        Figure::new("已评", survey.answered.to_string(), "人"),
        Figure::new("回收率", rate, ""),
    ])
}

fn remarks(survey: &SurveyResult) -> Html {
    if survey.remarks.is_empty() {
        return Html::default();
    }
    let words = Html::paragraphs(survey.remarks.iter().map(String::as_str));
    Html::of(&Details::new(
        &format!("意见和建议（{} 条）", survey.remarks.len()),
        words,
    ))
}
