//! Writes the style guide and sample pages with the bundle into a folder, to be looked at in a browser:
//! `cargo run -p ui --example styleguide -- /tmp/look` and then serve that folder on loopback.

use std::error::Error;
use std::fs;
use std::path::Path;

use askama::Template;
use ui::chart::{BurnUp, Forecast, Point, ring};
use ui::{
    Action, Cards, Entries, Entry, Field, Figure, Figures, Form, Frame, Hero, Html, Icon, NavGroup, NavItem, Notice,
    Notices, Outcome, OutcomeKind, Page, Progress, Role, SectionHead, State, Task, TaskList, Tone, User, Ways,
};

#[derive(Template)]
#[template(
    source = r#"{% extends "frame/portal.html" %}{% block hero %}{{ hero }}{% endblock %}{% block content %}{{ body }}{% endblock %}"#,
    ext = "html"
)]
struct Home {
    page: Page,
    hero: Hero,
    body: Html,
}

#[derive(Template)]
#[template(
    source = r#"{% extends "frame/desk.html" %}{% block content %}{{ body }}{% endblock %}"#,
    ext = "html"
)]
struct Desk {
    page: Page,
    body: Html,
}

#[derive(Template)]
#[template(
    source = r#"{% extends "frame/plain.html" %}{% block content %}{{ form }}{% endblock %}"#,
    ext = "html"
)]
struct SignIn {
    page: Page,
    form: Form,
}

fn desk_frame(path: &str) -> Frame {
    let role = |key: &str, label: &str, current| Role {
        key: key.to_owned(),
        label: label.to_owned(),
        current,
    };
    Frame {
        path: path.to_owned(),
        user: Some(User {
            name: "王小明".to_owned(),
            role_label: "区人社局 · 徐汇区".to_owned(),
            roles: vec![
                role("district", "区人社局 · 徐汇区", true),
                role("learner", "专业技术人员", false),
            ],
            unread: 3,
        }),
        nav: vec![
            NavGroup::new(
                "",
                [
                    NavItem::new("首页", "/desk").icon(Icon::Home),
                    NavItem::new("待办", "/tasks").icon(Icon::Tasks).count(12),
                    NavItem::new("消息", "/messages").icon(Icon::Bell).count(3),
                ],
            ),
            NavGroup::new(
                "班次与学员",
                [
                    NavItem::new("班次", "/classes").icon(Icon::Class),
                    NavItem::new("人员", "/people").icon(Icon::People),
                    NavItem::new("单位", "/orgs").icon(Icon::Organisation),
                ],
            ),
            NavGroup::new(
                "学时与证书",
                [
                    NavItem::new("学时台账", "/credits").icon(Icon::Ledger),
                    NavItem::new("证书", "/credentials").icon(Icon::Certificate),
                ],
            ),
            NavGroup::new(
                "监管",
                [
                    NavItem::new("统计", "/statistics").icon(Icon::Chart),
                    NavItem::new("组件总览", "/styleguide").icon(Icon::Plan),
                ],
            ),
        ],
        demo: true,
        request_id: "r-7F3A91".to_owned(),
        version: "0.1.0".to_owned(),
        today: "2026年3月5日 星期四".to_owned(),
        search: "/search".to_owned(),
        ..Frame::default()
    }
}

fn portal_frame() -> Frame {
    let items = [
        ("首页", "/"),
        ("课程与班次", "/classes"),
        ("通知公告", "/notices"),
        ("方案落实", "/plan"),
        ("证书核验", "/verify"),
        ("帮助", "/help"),
    ];
    Frame {
        path: "/".to_owned(),
        nav: vec![NavGroup::new("", items.map(|(label, href)| NavItem::new(label, href)))],
        user: None,
        ..desk_frame("/")
    }
}

fn home() -> Home {
    let hero = Hero::new(
        "让每一次学习，都成为专业的底气",
        "面向全市专业技术人才的公需与专业科目、高级研修和数字技术培训，一处报名，学时自动记入。",
    )
    .eyebrow("上海市专业技术人才知识更新工程 · 2022–2030")
    .action(Action::link("查找班次", "/classes").primary())
    .action(Action::link("核验证书", "/verify"))
    .progress(
        Progress::count("累计培训", 2_146_800, 3_500_000, "人次"),
        "一人完成一次活动计一人次；参加学习的共 86.2 万人。",
    );
    let ways = Ways::new()
        .way(
            Icon::Search,
            "查找课程",
            "按领域、区和时间查找公需与专业课程。",
            "/classes",
        )
        .way(
            Icon::Ledger,
            "查看学时",
            "今年完成多少、还差什么，每一学时为什么计入。",
            "/me",
        )
        .way(
            Icon::Organisation,
            "单位报名",
            "用人单位批量报名、导入名单、查看达标情况。",
            "/employer",
        )
        .way(
            Icon::Shield,
            "核验证书",
            "扫码、输入编号或拖入文件，不用登录。",
            "/verify",
        );
    let entry = |title: &str, state| {
        Entry::new(title, "/classes/1")
            .state(state)
            .by("上海市集成电路行业协会")
            .fact(Icon::Calendar, "2026年4月13日–17日")
            .fact(Icon::Place, "浦东新区 · 线下")
            .fact(Icon::Ledger, "40 学时 · 专业科目")
            .tags(["集成电路", "高级研修"])
    };
    let entries = Entries::new([
        entry("集成电路先进封装高级研修班", State::EnrolmentOpen),
        entry("生物医药注册法规专题班", State::Full),
        entry("人工智能大模型应用工程师培育", State::EnrolmentOpen),
    ])
    .side_by_side();
    let notice = |kind: &str, title: &str| Notice {
        title: title.to_owned(),
        href: "/notices/1".to_owned(),
        date: "2026年3月5日".to_owned(),
        kind: kind.to_owned(),
    };
    let notices = Notices {
        notices: vec![
            notice("招生", "关于举办集成电路先进封装高级研修班的通知"),
            notice("公示", "2026年度高级研修项目承办单位公示（公示期 5 个工作日）"),
            notice("通知", "关于做好本年度公需科目学习的通知"),
        ],
    };
    let burn_up = BurnUp {
        finding: "按现有速度，2029 年可达 350 万人次".to_owned(),
        subject: "2022 年以来累计培训人次".to_owned(),
        unit: "人次".to_owned(),
        first_year: 2022,
        years: 9,
        target: 3_500_000,
        points: (1..=50)
            .map(|m| Point {
                month: m,
                value: m * 42_900,
                label: format!("第 {m} 月"),
            })
            .collect(),
        forecast: Some(Forecast {
            low: 3_250_000,
            middle: 3_720_000,
            high: 4_150_000,
        }),
    };
    let body = Html::of(&ways)
        .and(&SectionHead::new("正在报名").more("全部班次", "/classes"))
        .and(&entries)
        .and(&SectionHead::new("通知公告").more("全部通知", "/notices"))
        .and(&notices)
        .and(&SectionHead::new("工程进展").more("方案落实", "/plan"))
        .and(&burn_up.draw().source("示例数据，截至 2026年3月"));
    Home {
        page: portal_frame().page(""),
        hero,
        body,
    }
}

fn desk() -> Desk {
    let page = desk_frame("/desk")
        .page("首页")
        .lead("今天有 12 件事项等您办理，其中 1 件已逾期。")
        .action(Action::link("审核班次", "/classes"));
    let figures = Figures::new([
        Figure::new("本区完成", "8,204", "人次")
            .note("年度目标 40,000")
            .tone(Tone::Active),
        Figure::new("达标人员", "68%", "")
            .note("1,360 / 2,000 人")
            .tone(Tone::Good),
        Figure::new("有风险", "214", "人").tone(Tone::Warn),
        Figure::new("逾期未办", "1", "件").tone(Tone::Bad),
    ]);
    let tasks = TaskList::new([
        Task::new("待审核的班次", "/classes", 12).due("最早 2026年3月19日到期"),
        Task::new("待确认的报名", "/enrolments", 3)
            .due("已逾期 1 件")
            .state(State::Overdue),
        Task::new("学员身份待核验", "/people", 128),
    ]);
    let mine = Html::of(&ring(7_200, 9_000, "72", "/ 90 学时")).and(&Progress::hours("专业科目", 4_200, 6_000).small());
    let cards = Cards::new().card("我的学时", "/me", mine).card(
        "区年度目标",
        "/plan",
        Html::of(&Progress::count("徐汇区", 8_204, 40_000, "人次")),
    );
    Desk {
        page,
        body: Html::of(&figures).and(&tasks).and(&cards),
    }
}

fn sign_in() -> SignIn {
    let form = Form::post("/login", "t")
        .unguarded()
        .field(
            Field::text("username", "登录名")
                .autocomplete("username")
                .required()
                .value("demo-lead"),
        )
        .field(Field::password("password", "口令").required())
        .submit("登录")
        .errors([("password", "登录名或口令不对，还可再试 4 次")]);
    SignIn {
        page: portal_frame().page("登录").failed(true),
        form,
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).ok_or("name a folder")?;
    let folder = Path::new(&folder);
    fs::create_dir_all(folder.join("assets"))?;
    for name in [
        "app.css",
        "app.js",
        "mark.svg",
        "favicon.svg",
        "skyline.svg",
        "apple-touch-icon.png",
    ] {
        let address = ui::asset(name);
        let file = address.trim_start_matches(ui::assets::ASSETS_AT);
        let bundled = ui::asset_file(file).ok_or("run `npm run build` in web first")?;
        fs::write(folder.join("assets").join(file), &bundled.bytes)?;
    }
    fs::write(
        folder.join("styleguide.html"),
        ui::styleguide(desk_frame("/styleguide").page("组件总览")),
    )?;
    fs::write(folder.join("home.html"), home().render()?)?;
    fs::write(folder.join("desk.html"), desk().render()?)?;
    fs::write(folder.join("login.html"), sign_in().render()?)?;
    let missing = Outcome::new(OutcomeKind::Forbidden, portal_frame().page(""))
        .reason("只有徐汇区人社局可以审核本区的班次。")
        .rule("人社部令第25号第十四条");
    fs::write(folder.join("forbidden.html"), missing.render()?)?;
    Ok(())
}
