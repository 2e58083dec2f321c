//! The draws among recognised claims: announce, choose, record what the checks find.

use kernel::{Error, id::DrawRow};
use learning::credits::claims::{self, Draw, DrawFilter, DrawView, NewDraw};
use rules::credits::claims::sampling::{DrawCode, Finding};
use rules::permits::Act;
use ui::{Action, Alert, Cell, Column, Field, Filter, Form, Html, Row, State, Summary, Table, TableModel, Tone};
use web::{Caller, Fields, Gate, Key, Listing, Reply, Routes, columns, redirect, redirect_saying, reform};

use super::shown;

pub(super) fn routes() -> Routes {
    let gate = Gate::Act(Act::CheckClaims);
    Routes::new()
        .list("/desk/claims/draws", gate, "申报抽查", list)
        .get("/desk/claims/draws/new", gate, "公布抽查名单", new)
        .post("/desk/claims/draws/new", gate, "确认公布抽查名单", announce)
        .get("/desk/claims/draws/{id}", gate, "抽查批次", show)
        .post("/desk/claims/draws/{id}", gate, "抽取抽查对象", choose)
        .get("/desk/claims/checks/{id}", gate, "登记抽查结果", ask_finding)
        .post("/desk/claims/checks/{id}", gate, "保存抽查结果", find)
}

fn state(draw: &Draw) -> State {
    match draw.state() {
        DrawCode::Announced => State::InProgress,
        DrawCode::Drawn => State::Done,
    }
}

async fn list(caller: Caller, listing: Listing) -> Reply {
    let ctx = caller.ctx();
    let new = || Action::link("公布抽查名单", "/desk/claims/draws/new");
    let page = caller
        .page("申报抽查")
        .lead("先公布名单，次日起用公开数字作种子抽取；任何人都可以重算核对。")
        .action(new());
    let table = Table::new(
        "抽查批次",
        columns([
            Column::main("title", "批次"),
            Column::number("population", "名单件数"),
            Column::number("chosen", "抽取件数"),
            Column::tight("state", "状态"),
            Column::tight("announced", "公布时间").sortable(),
        ]),
    )
    .filter(Filter::select("state", "状态", shown::choices(DrawCode::name)))
    .sorted_by("-announced")
    .when_empty("还没有抽查过。", Some(new()));
    let filter = DrawFilter {
        state: listing.choice("state"),
    };
    let row = |draw: &Draw| {
        Row::new([
            Cell::stack(
                draw.title.as_str(),
                format!("/desk/claims/draws/{}", draw.id),
                draw.state().name(),
            ),
            Cell::Number(draw.population),
            Cell::Number(draw.chosen),
            state(draw).into(),
            Cell::Moment(draw.announced_at.civil()),
        ])
    };
    web::list(
        &caller,
        &listing,
        page,
        table,
        async |window| claims::draws(ctx, &filter, &window).await,
        row,
    )
    .await
}

fn announcement(caller: &Caller) -> Form {
    Form::post("/desk/claims/draws/new", caller.csrf())
        .field(
            Field::text("title", "批次名称")
                .hint("例如：2026 年一季度学时申报抽查。")
                .max(60)
                .required(),
        )
        .field(Field::date("from", "认定日期自").required())
        .field(Field::date("until", "认定日期至").required())
        .submit("公布名单")
        .cancel("/desk/claims/draws")
}

fn announcement_page(caller: &Caller, form: &Form) -> Reply {
    let page = caller
        .page("公布抽查名单")
        .lead("公布后名单不能再改，并在门户公开编号（不含姓名）和摘要。")
        .crumb("申报抽查", "/desk/claims/draws")
        .failed(form.failed());
    web::page(page, Html::of(form))
}

async fn new(caller: Caller) -> Reply {
    announcement_page(&caller, &announcement(&caller))
}

async fn announce(caller: Caller, fields: Fields) -> Reply {
    let result = async {
        let mut read = fields.reader();
        let title = read.text("title", "批次名称", 4..=60);
        let (from, until) = (read.date("from", "起日"), read.date("until", "止日"));
        read.finish()?;
        let (Some(from), Some(until)) = (from, until) else {
            return Err(Error::NotFound);
        };
        claims::announce(caller.ctx(), &NewDraw { title, from, until }).await
    }
    .await;
    match result {
        Ok(id) => redirect(&format!("/desk/claims/draws/{id}")),
        Err(error) => reform(error, |errors| {
            announcement_page(&caller, &announcement(&caller).fill(fields.pairs()).errors(errors))
        }),
    }
}

fn seed_form(caller: &Caller, draw: &Draw) -> Form {
    Form::post(&format!("/desk/claims/draws/{}", draw.id), caller.csrf())
        .section_with_hint("抽取", "种子用名单公布之后才产生、任何人都查得到的数字。")
        .field(
            Field::text("seed", "种子")
                .hint("例如上证综合指数当日收盘点位 3387.61。")
                .max(64)
                .required(),
        )
        .field(
            Field::text("seed_source", "种子的公开来源")
                .hint("例如：2026 年 3 月 6 日上证综合指数收盘点位。")
                .max(200)
                .required(),
        )
        .submit("抽取")
}

fn draw_page(caller: &Caller, view: &DrawView, form: Option<&Form>) -> Reply {
    let draw = &view.draw;
    let left = view.chosen.iter().filter(|check| check.finding.is_none()).count();
    let lead = match draw.state() {
        DrawCode::Announced => format!("名单已公布，共 {} 件，将抽取 {} 件。", draw.population, draw.chosen),
        DrawCode::Drawn if left > 0 => format!("已抽取 {} 件，还有 {left} 件没有登记结果。", draw.chosen),
        DrawCode::Drawn => format!("已抽取 {} 件，全部核查完毕。", draw.chosen),
    };
    let page = caller
        .page(&draw.title)
        .lead(&lead)
        .crumb("申报抽查", "/desk/claims/draws")
        .other(Action::link("公开页面", &format!("/draws/{}", draw.id)))
        .failed(form.is_some_and(Form::failed));
    let mut facts = Summary::new()
        .fact("状态", state(draw))
        .fact("认定日期", Cell::DateRange(draw.from, draw.until))
        .fact("抽查比例", Cell::text(format!("{}%", draw.percent)))
        .fact("名单摘要（SHA-256）", Cell::text(draw.digest.as_str()));
    if let Some((seed, source)) = &draw.seed {
        facts = facts.fact("种子", Cell::text(seed.as_str())).why(source);
    }
    let mut body = Html::of(&facts);
    if let Some(form) = form {
        body = body.and(form);
    } else {
        body = body.and(&checks(view));
    }
    web::page(page, body)
}

fn checks(view: &DrawView) -> Table {
    let heads = [
        Column::tight("number", "申报编号"),
        Column::tight("finding", "结果"),
        Column::main("note", "说明"),
        Column::actions(),
    ];
    let rows = view.chosen.iter().map(|check| {
        let deed = match check.finding {
            None => vec![Action::link("登记结果", &format!("/desk/claims/checks/{}", check.id))],
            Some(_) => Vec::new(),
        };
        Row::new([
            Cell::link(check.number.as_str(), format!("/desk/claims/{}", check.claim)),
            match check.finding {
                None => State::NotStarted.into(),
                Some(Finding::Upheld) => Cell::badge(Tone::Good, Finding::Upheld.name()),
                Some(Finding::Voided) => Cell::badge(Tone::Bad, Finding::Voided.name()),
            },
            Cell::text(check.note.as_str()),
            Cell::Actions(deed),
        ])
    });
    let rows: Vec<Row> = rows.collect();
    Table::new("抽中的申报", TableModel::new(heads, rows)).id("checks")
}

async fn show(caller: Caller, Key(id): Key<DrawRow>) -> Reply {
    let view = claims::view_draw(caller.ctx(), id).await?;
    let form = (view.draw.state() == DrawCode::Announced).then(|| seed_form(&caller, &view.draw));
    draw_page(&caller, &view, form.as_ref())
}

async fn choose(caller: Caller, Key(id): Key<DrawRow>, fields: Fields) -> Reply {
    match claims::choose(caller.ctx(), id, fields.get("seed"), fields.get("seed_source")).await {
        Ok(()) => redirect_saying(&caller, &format!("/desk/claims/draws/{id}"), "已抽取，结果已公开。"),
        Err(error) => {
            let view = claims::view_draw(caller.ctx(), id).await?;
            reform(error, |errors| {
                let form = seed_form(&caller, &view.draw).fill(fields.pairs()).errors(errors);
                draw_page(&caller, &view, Some(&form))
            })
        }
    }
}

/// Marker of checks in addresses.
enum CheckRow {}

fn finding_form(caller: &Caller, id: i64) -> Form {
    Form::post(&format!("/desk/claims/checks/{id}"), caller.csrf())
        .field(Field::radios("finding", "核查结果", shown::choices(Finding::name)).required())
        .field(
            Field::textarea("reason", "说明")
                .hint("不属实的必填，4 到 200 个字，申报人可以看到；认定的学时会全部冲正。")
                .max(200)
                .rows(4),
        )
        .submit("保存结果")
        .cancel("/desk/claims/draws")
}

fn finding_page(caller: &Caller, form: &Form) -> Reply {
    let page = caller
        .page("登记抽查结果")
        .lead("认定这件申报的人不能核查它。结果保存后不能修改。")
        .crumb("申报抽查", "/desk/claims/draws")
        .failed(form.failed());
    let note = Alert::new(Tone::Warn, "不属实的，学时自动冲正").text("依据这些学时出具的证明会随之撤销。");
    web::page(page, Html::of(&note).and(form))
}

async fn ask_finding(caller: Caller, Key(id): Key<CheckRow>) -> Reply {
    finding_page(&caller, &finding_form(&caller, id.get()))
}

async fn find(caller: Caller, Key(id): Key<CheckRow>, fields: Fields) -> Reply {
    let result = async {
        let mut read = fields.reader();
        let finding = read.choice::<Finding>("finding", "核查结果");
        read.finish()?;
        let finding = finding.ok_or(Error::NotFound)?;
        claims::find(caller.ctx(), id.get(), finding, fields.get("reason")).await
    }
    .await;
    match result {
        Ok(draw) => redirect_saying(&caller, &format!("/desk/claims/draws/{draw}"), "核查结果已保存。"),
        Err(error) => reform(error, |errors| {
            finding_page(
                &caller,
                &finding_form(&caller, id.get()).fill(fields.pairs()).errors(errors),
            )
        }),
    }
}
