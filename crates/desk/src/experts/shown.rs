//! Experts in the words of the pages: states, choices, the fields of a profile, ties, merits.

use kernel::{Code, Date, FieldError};
use registry::experts::{Availability, Background, Expert, Merit, Profile, StandingCode, Tie, View};
use registry::taxonomy::{Names, Vocabulary};
use ui::{Cell, Choice, Column, Field, Form, Row, State, Summary, Table, TableModel, Timeline, TimelineEvent, format};
use web::Fields;

pub(super) const fn state(code: StandingCode) -> State {
    match code {
        StandingCode::Invited => State::AwaitingAnswer,
        StandingCode::Active => State::InPool,
        StandingCode::Declined => State::Declined,
        StandingCode::Suspended => State::Paused,
        StandingCode::Ended => State::LeftPool,
    }
}

pub(super) fn choices<C: Code>(name: impl Fn(C) -> &'static str) -> Vec<Choice> {
    C::ALL
        .iter()
        .map(|each| Choice::new(each.code(), name(*each)))
        .collect()
}

pub(super) fn fields_of(names: &Names, codes: &[String]) -> String {
    let words: Vec<String> = codes
        .iter()
        .map(|code| names.of(Vocabulary::FocusField, code))
        .collect();
    words.join("、")
}

/// What an expert says of their experience and time.
pub(super) fn profile_fields(form: Form, names: &Names) -> Form {
    form.field(
        Field::checkboxes(
            "fields",
            "熟悉的聚焦领域",
            crate::orgs::choices(names, Vocabulary::FocusField),
        )
        .hint("选 1 到 5 个，评审按领域匹配。")
        .required(),
    )
    .field(
        Field::text("specialty", "专长")
            .hint("例如：先进封装工艺、培训项目设计。")
            .max(100),
    )
    .field(
        Field::number("capacity", "每次评审最多承担", "件")
            .range(1, 100)
            .required(),
    )
    .field(Field::date("away_from", "不便评审：从"))
    .field(Field::date("away_until", "到").hint("这段时间不会分配评审；没有的不填。"))
}

/// Specialty, fields and time as typed.
pub(super) struct Typed {
    pub(super) specialty: String,
    pub(super) fields: Vec<String>,
    pub(super) availability: Availability,
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

/// Reads what [`profile_fields`] asks.
pub(super) fn read_profile(fields: &Fields) -> kernel::Result<Typed> {
    let mut faults = Vec::new();
    let away = (
        day(fields, "away_from", &mut faults),
        day(fields, "away_until", &mut faults),
    );
    let capacity = fields.get("capacity").parse().unwrap_or(0);
    let availability = match Availability::try_new(capacity, away) {
        Ok(availability) => Some(availability),
        Err(kernel::Error::Wrong(more)) => {
            faults.extend(more);
            None
        }
        Err(other) => return Err(other),
    };
    match availability {
        Some(availability) if faults.is_empty() => Ok(Typed {
            specialty: fields.get("specialty").to_owned(),
            fields: fields.all("fields").into_iter().map(str::to_owned).collect(),
            availability,
        }),
        _ => Err(kernel::Error::Wrong(faults)),
    }
}

/// What [`profile_fields`] shows of a profile.
pub(super) fn profile_pairs(profile: &Profile) -> Vec<(&'static str, String)> {
    let away = profile.availability.away;
    let mut pairs = vec![
        ("specialty", profile.specialty.clone()),
        ("capacity", profile.availability.capacity.to_string()),
        ("away_from", away.map(|(from, _)| from.to_string()).unwrap_or_default()),
        (
            "away_until",
            away.map(|(_, until)| until.to_string()).unwrap_or_default(),
        ),
        ("background", profile.background.code().to_owned()),
    ];
    pairs.extend(profile.fields.iter().map(|field| ("fields", field.clone())));
    pairs
}

fn or_dash(text: &str) -> Cell {
    if text.is_empty() { Cell::Empty } else { Cell::text(text) }
}

pub(super) fn facts(expert: &Expert, names: &Names) -> Summary {
    let profile = &expert.profile;
    let title = match expert.title_level {
        Some(level) => format!("{}（{}）", expert.title_name, level.name()),
        None => expert.title_name.clone(),
    };
    let facts = Summary::new()
        .fact("状态", state(expert.standing.code()))
        .fact(
            "任期",
            Cell::text(format::date_range(expert.term.from, expert.term.until)),
        )
        .why("任期满后不再分配评审，可以再次邀请。")
        .fact("工作单位", or_dash(&expert.org_name))
        .fact("职称", or_dash(&title))
        .fact("专家类别", Cell::text(Background::name(profile.background)))
        .fact("熟悉领域", or_dash(&fields_of(names, &profile.fields)))
        .fact("专长", or_dash(&profile.specialty))
        .fact(
            "每次最多承担",
            Cell::text(format!("{} 件", profile.availability.capacity)),
        );
    let facts = match profile.availability.away {
        Some((from, until)) => facts.fact("不便评审", Cell::text(format::date_range(from, until))),
        None => facts,
    };
    match expert.standing.reason() {
        "" => facts,
        reason => facts.fact("理由", Cell::text(reason)),
    }
}

/// Employers as the register has them.
pub(super) fn employers(view: &View) -> Table {
    let heads = [
        Column::main("org", "单位"),
        Column::new("post", "岗位").hide_on_phone(),
        Column::tight("from", "开始"),
        Column::tight("until", "结束"),
    ];
    let rows = view.employments.iter().map(|(stay, name)| {
        Row::new([
            Cell::text(name.as_str()),
            Cell::text(stay.post.as_str()),
            Cell::date(Some(stay.from)),
            stay.until.map_or(Cell::text("至今"), |day| Cell::date(Some(day))),
        ])
    });
    let rows: Vec<Row> = rows.collect();
    Table::new("任职经历", TableModel::new(heads, rows))
        .id("employers")
        .when_empty("人员名册中没有任职记录。", None)
}

pub(super) fn tie_row(tie: &Tie) -> [Cell; 4] {
    let until = match (tie.ended_at, tie.until) {
        (Some(_), _) => Cell::text("已撤销登记"),
        (None, Some(day)) => Cell::date(Some(day)),
        (None, None) => Cell::text("仍在继续"),
    };
    [
        Cell::text(tie.kind.name()),
        Cell::text(tie.name.as_str()),
        until,
        or_dash(&tie.note),
    ]
}

pub(super) fn tie_heads() -> [Column; 4] {
    [
        Column::tight("kind", "关系"),
        Column::main("name", "单位或个人"),
        Column::tight("until", "结束"),
        Column::new("note", "说明").hide_on_phone(),
    ]
}

pub(super) fn merits(merits: &[Merit]) -> Table {
    let heads = [
        Column::tight("on", "日期"),
        Column::tight("kind", "类别"),
        Column::main("title", "事项"),
        Column::number("amount", "数量"),
        Column::number("rating", "评价"),
    ];
    let rows = merits.iter().rev().map(|merit| {
        Row::new([
            Cell::date(Some(merit.on)),
            Cell::text(merit.kind.name()),
            Cell::text(merit.title.as_str()),
            Cell::Number(merit.amount),
            merit
                .rating
                .map_or(Cell::Empty, |rating| Cell::text(format!("{rating} / 5"))),
        ])
    });
    let rows: Vec<Row> = rows.collect();
    Table::new("业绩", TableModel::new(heads, rows))
        .id("merits")
        .when_empty("还没有评审、授课或咨询记录。", None)
}

pub(super) fn story(view: &View) -> Timeline {
    Timeline::new(view.story.iter().map(|told| {
        let event = TimelineEvent::done(told.step.name(), &format::moment(told.at.civil()), told.role.name());
        if told.note.is_empty() {
            event
        } else {
            event.note(&told.note)
        }
    }))
}
