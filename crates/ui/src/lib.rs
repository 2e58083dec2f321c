//! How the platform looks: page frame, forms, tables, charts, labels, formats and the bundled front end.
//! Everything renders on the server, works without JavaScript and fits a CSP without `unsafe-inline`
//! (no `style=`, no `on…=`, no inline `<script>` or `<style>`; geometry of SVG is attributes).
//! Deliberately absent: SQL, HTTP, rules of the regulation, permissions, the clock.
//!
//! # Recipe for the author of a page
//!
//! The web layer builds one [`Frame`] per request. A handler makes a [`Page`] from it, the components it
//! needs, and a struct with an askama template in its own crate (whose `askama.toml` also looks into
//! `../ui/templates`). Components are safe HTML: write `{{ form }}`, never `|safe`.
//!
//! A **list page**:
//!
//! ```
//! use ui::{Action, Address, Cell, Choice, Column, Filter, Frame, Paging, Row, State, Table, TableModel, Total};
//! # let frame = Frame::default();
//! // 1. the page: answer first, one primary action
//! let page = frame.page("班次").lead("3 个班次正在报名。").action(Action::link("发布班次", "/classes/new"));
//! // 2. the model: also what the export writes (`row.cells[i].value()`)
//! let columns = [
//!     Column::main("name", "班次").sortable(),
//!     Column::tight("state", "状态"),
//!     Column::number("hours", "学时").sortable(),
//! ];
//! let rows = [Row::new([Cell::stack("数据治理", "/classes/7", "C-2026-007"), State::EnrolmentOpen.into(), Cell::Hours(1_600)]).id(7)];
//! // 3. the table: filters, order and cursors live in the address
//! let list = Table::new("班次", TableModel::new(columns, rows))
//!     .address(Address::new("/classes", "field=ai"))
//!     .filter(Filter::search("名称、编号"))
//!     .filter(Filter::select("field", "领域", [Choice::new("ai", "人工智能")]))
//!     .paging(Paging { total: Total::Exact(1_234), first: Some(1), previous: None, next: Some("opaque".into()) })
//!     .export("/classes/export.xlsx")
//!     .when_empty("还没有班次。", Some(Action::link("发布班次", "/classes/new")));
//! # assert!(list.to_string().contains("共 1,234 条"));
//! ```
//! ```html
//! {% extends "frame/desk.html" %}      {# or frame/portal.html, frame/plain.html #}
//! {% block content %}{{ list }}{% endblock %}
//! ```
//! with `#[derive(Template)] #[template(path = "classes/list.html")] struct ListPage { page: Page, list: Table }`.
//!
//! A **form page**: the same function builds the form for GET and for a refused POST, then fills it.
//!
//! ```
//! use ui::{Choice, Field, Form};
//! fn class_form(csrf: &str) -> Form {
//!     Form::post("/classes", csrf)
//!         .section("基本信息")
//!         .field(Field::text("name", "班次名称").hint("学员将在门户上看到这个名称。").max(60).required())
//!         .field(Field::select("form", "方式", [Choice::new("online", "线上"), Choice::new("offline", "线下")]).required())
//!         .field(Field::decimal("hours", "学时", "学时"))
//!         .submit("保存并继续")
//!         .cancel("/classes")
//! }
//! let typed = [("name", "数据治理")];
//! let form = class_form("token").fill(&typed).errors([("hours", "请填写学时，例如 16 或 1.5")]);
//! assert!(form.failed()); // `page.failed(form.failed())` puts 错误： into the title
//! ```
//! `{{ form }}` renders all of it. To arrange fields yourself: `{{ form.summary() }}{{ form.open() }}
//! {{ form.at("name") }} … {{ form.buttons_bar() }}{{ form.close() }}`.
//!
//! A **detail page**:
//!
//! ```
//! use ui::{Action, Cell, Html, Progress, State, Summary, Timeline, TimelineEvent};
//! let facts = Summary::new()
//!     .fact("班次", "数据治理").action(Action::link("修改", "/classes/7/edit"))
//!     .fact("状态", State::EnrolmentOpen)
//!     .fact("学时", Cell::Hours(1_600)).why("按授课分钟 ÷ 45 计，不超过申报学时。");
//! let progress = Progress::hours("本年度", 7_200, 9_000);
//! let story = Timeline::new([
//!     TimelineEvent::done("提交", "2026年3月5日 09:05", "市人才培训中心"),
//!     TimelineEvent::next("审核", "2026年3月19日前（10 个工作日）", "徐汇区人社局"),
//! ]);
//! let body = Html::of(&progress).and(&facts).and(&story);
//! assert!(body.as_str().contains("还差 18 学时"));
//! ```
//!
//! Components come together as `Html::of(&a).and(&b)`; columns are `<div class="columns"><div class="span-8 stack">…`.
//! Public pages have pieces of their own: [`Hero`] (in `{% block hero %}` of the portal frame, with a page whose
//! title is empty), [`Ways`], [`Entries`], [`Notices`], [`SectionHead`], [`Verdict`]; charts are in [`chart`].
//!
//! Frames link to `/`, `/desk`, `/login`, `/account`, `/help`, `/messages`, `/verify`, `/plan`, `/notices` and post to
//! `/logout` and `/session/role` (field `role`); every post carries `csrf`. Bulk acts post `id` once per ticked row.
//!
//! Errors and refusals: [`Outcome`] is a whole document. Words of states only from [`State`]; dates, hours,
//! money and numbers only through [`format`]. Styles belong to `web/src`, never to a page: when a page needs
//! a look that is not here, add a component and show it in [`styleguide`].

mod action;
pub mod address;
pub mod assets;
pub mod chart;
pub mod form;
pub mod format;
mod html;
mod icon;
pub mod labels;
pub mod page;
pub mod parts;
mod styleguide;
pub mod table;

pub use address::Address;
pub use assets::{asset, asset_file};
pub use chart::Chart;
pub use form::{Choice, Field, FieldError, Form, Width};
pub use html::Html;
pub use icon::Icon;
pub use labels::{State, Tone};
pub use page::{Action, Crumb, Flash, Frame, NavGroup, NavItem, Page, Role, User};
pub use parts::{
    Actions, Alert, Badge, Cards, CodeScreen, Details, Empty, Entries, Entry, Figure, Figures, Hero, JobProgress, Live,
    Notice, Notices, Outcome, OutcomeKind, Progress, Receipt, SectionHead, Steps, Summary, Tabs, Tags, Task, TaskList,
    Timeline, TimelineEvent, Verdict, Ways,
};
pub use styleguide::styleguide;
pub use table::{Bulk, Cell, Column, Filter, Paging, Row, Table, TableModel, Total, Value};
