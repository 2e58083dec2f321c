//! The form of a declaration: built from the template of its call, filled from what is kept, read back into it.

use kernel::{Code, Date, FieldError, Hours, Money};
use oversight::calls::DeclarationView;
use registry::taxonomy::Names;
use rules::calls::content::{Cost, MOST_TEACHERS};
use rules::calls::template::{FieldKind, FormField};
use rules::calls::{Content, Teacher, TeacherRank, Template};
use rules::taxonomy::Vocabulary;
use ui::{Field, Form, Width};
use web::{Caller, Fields};

use super::super::shown;
use super::at;

/// How many empty rows for teachers stand below those that are filled.
const SPARE: usize = 2;

fn question(field: &FormField) -> Field {
    let asked = match field.kind {
        FieldKind::Text => Field::text(&field.key, &field.label).max(field.most),
        FieldKind::Long => Field::textarea(&field.key, &field.label).max(field.most).rows(6),
        FieldKind::Number => Field::number(&field.key, &field.label, "").range(0, i64::from(field.most)),
    };
    let asked = asked.hint(&field.hint);
    if field.required { asked.required() } else { asked }
}

/// The form, with `rows` rows for teachers.
pub(super) fn form(caller: &Caller, view: &DeclarationView, names: &Names, rows: usize) -> Form {
    let one = &view.declaration;
    let mut form = Form::post(&at(one.id, "content"), caller.csrf())
        .autosave(&at(one.id, "autosave"))
        .field(Field::hidden("version", &one.version.to_string()))
        .section("项目")
        .field(Field::text("title", "项目名称").max(80).required())
        .field(Field::select("field", "聚焦领域", crate::orgs::choices(names, Vocabulary::FocusField)).required());
    for field in &view.call.template.fields {
        form = form.field(question(field));
    }
    if view.call.template.training {
        form = training(form, rows);
    }
    form.section("联系方式")
        .field(Field::text("contact", "联系人").max(40).width(Width::Medium).required())
        .field(Field::phone("phone", "联系电话").required())
        .submit("保存，下一步：上传附件")
        .also("保存并增加师资", "then", "teacher")
        .cancel("/desk/declarations")
}

fn training(form: Form, rows: usize) -> Form {
    let mut form = form
        .section("对象和日程")
        .field(
            Field::text("audience", "培训对象")
                .hint("例如：中级以上职称或相当职务的专业技术和管理人员。")
                .max(200)
                .required(),
        )
        .field(Field::number("people", "培训人数", "人").range(1, 500).required())
        .field(Field::number("front_line", "其中基层一线", "人").range(0, 500))
        .field(Field::date("from", "计划开始日期").required())
        .field(Field::date("until", "计划结束日期").required())
        .field(Field::number("days", "培训天数", "天").range(1, 180).required())
        .field(Field::text("venue", "培训地点").max(100).required());
    for row in 0..rows {
        let name = |part: &str| format!("teacher{row}_{part}");
        let ranks = shown::choices(TeacherRank::name);
        form = form
            .section(&format!("师资 {}", row + 1))
            .field(Field::text(&name("name"), "姓名").max(40).width(Width::Medium))
            .field(Field::text(&name("employer"), "工作单位").max(60))
            .field(Field::select(&name("rank"), "职称", ranks))
            .field(Field::number(&name("half_days"), "讲课半天数", "个").range(0, 100))
            .field(Field::decimal(&name("hours"), "讲课学时", "学时").hint("每半天最多按 4 学时计。"))
            .field(Field::decimal(&name("fee"), "讲课费（税后）", "元/学时"));
    }
    form = form.section_with_hint("经费预算", "不含师资费；师资费按讲课学时和标准自动合计。");
    for cost in Cost::ALL {
        form = form.field(Field::decimal(cost.code(), cost.name(), "元"));
    }
    form
}

/// Rows for the teachers that are kept, and a few more.
pub(super) fn rows(content: &Content, more: usize) -> usize {
    (content.teachers.len() + SPARE + more).min(MOST_TEACHERS)
}

/// What is kept, as pairs for the form.
pub(super) fn pairs(content: &Content) -> Vec<(String, String)> {
    let mut pairs: Vec<(String, String)> = Vec::new();
    let mut put = |name: &str, value: String| pairs.push((name.to_owned(), value));
    let number = |value: Option<u32>| value.map(|value| value.to_string()).unwrap_or_default();
    let day = |value: Option<Date>| value.map(|day| day.to_string()).unwrap_or_default();
    put("title", content.title.clone());
    put("field", content.field.clone().unwrap_or_default());
    put("audience", content.audience.clone());
    put("people", number(content.people));
    put("front_line", number(content.front_line));
    put("from", day(content.from));
    put("until", day(content.until));
    put("days", number(content.days));
    put("venue", content.venue.clone());
    put("contact", content.contact.clone());
    put("phone", content.phone.clone());
    for (row, teacher) in content.teachers.iter().enumerate() {
        let mut of = |part: &str, value: String| put(&format!("teacher{row}_{part}"), value);
        of("name", teacher.name.clone());
        of("employer", teacher.employer.clone());
        of("rank", teacher.rank.code().to_owned());
        of("half_days", teacher.half_days.to_string());
        of("hours", teacher.hours.to_string());
        of("fee", yuan(teacher.fee));
    }
    for (cost, money) in &content.costs {
        put(cost, yuan(*money));
    }
    for (key, answer) in &content.answers {
        put(key, answer.clone());
    }
    pairs
}

/// Money as its field holds it, without zeros that say nothing.
fn yuan(money: Money) -> String {
    let text = money.to_string();
    text.strip_suffix(".00").map_or(text.clone(), str::to_owned)
}

/// Reads what was typed; what cannot be read at all is told, what is missing is not (a draft may be incomplete).
pub(super) fn read(fields: &Fields, template: &Template) -> (Content, Vec<FieldError>) {
    let mut faults = Vec::new();
    let text = |name: &str, most: usize| -> String { fields.get(name).chars().take(most).collect() };
    let mut number = |name: &'static str| whole(fields, name, &mut faults);
    let (people, front_line, days) = (number("people"), number("front_line"), number("days"));
    let mut content = Content {
        title: text("title", 80),
        field: Some(text("field", 60)).filter(|code| !code.is_empty()),
        audience: text("audience", 200),
        people,
        front_line,
        from: fields.get("from").parse().ok(),
        until: fields.get("until").parse().ok(),
        days,
        venue: text("venue", 100),
        contact: text("contact", 40),
        phone: text("phone", 30),
        ..Content::default()
    };
    for field in &template.fields {
        let answer = fields.get(&field.key);
        if !answer.is_empty() {
            content.answers.insert(field.key.clone(), answer.to_owned());
        }
    }
    for cost in Cost::ALL {
        let typed = fields.get(cost.code());
        match Money::parse_yuan(typed) {
            Some(Money::ZERO) => {}
            Some(money) => {
                content.costs.insert(cost.code().to_owned(), money);
            }
            None if typed.is_empty() => {}
            None => faults.push(unreadable(cost.code(), "请填写金额（元），最多两位小数。")),
        }
    }
    content.teachers = (0..MOST_TEACHERS)
        .filter_map(|row| teacher(fields, row, &mut faults))
        .collect();
    (content, faults)
}

fn unreadable(field: impl Into<std::borrow::Cow<'static, str>>, sentence: &str) -> FieldError {
    FieldError::new(field, "declaration.unreadable", sentence)
}

fn whole(fields: &Fields, name: &'static str, faults: &mut Vec<FieldError>) -> Option<u32> {
    let typed = fields.get(name);
    let read = typed.parse().ok();
    if read.is_none() && !typed.is_empty() {
        faults.push(unreadable(name, "请填写整数。"));
    }
    read
}

/// A row of the teachers; none where no name is typed.
fn teacher(fields: &Fields, row: usize, faults: &mut Vec<FieldError>) -> Option<Teacher> {
    let name = |part: &str| format!("teacher{row}_{part}");
    let get = |part: &str| fields.get(&name(part));
    if get("name").is_empty() {
        return None;
    }
    let mut need = |part: &str, sentence: &str| faults.push(unreadable(name(part), sentence));
    let rank = TeacherRank::from_code(get("rank"));
    if rank.is_none() {
        need("rank", "请选择职称。");
    }
    let half_days = get("half_days").parse().ok().filter(|count| (1..=100).contains(count));
    if half_days.is_none() {
        need("half_days", "请填写讲课半天数，1 到 100。");
    }
    let hours = Hours::parse(get("hours")).filter(|hours| *hours > Hours::ZERO);
    if hours.is_none() {
        need("hours", "请填写讲课学时。");
    }
    let fee = Money::parse_yuan(get("fee"));
    if fee.is_none() {
        need("fee", "请填写每学时讲课费，不收费的填 0。");
    }
    Some(Teacher {
        name: get("name").chars().take(40).collect(),
        employer: get("employer").chars().take(60).collect(),
        rank: rank.unwrap_or(TeacherRank::Other),
        half_days: half_days.unwrap_or(1),
        hours: hours.unwrap_or_default(),
        fee: fee.unwrap_or_default(),
    })
}
