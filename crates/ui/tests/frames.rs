//! Frames as another crate uses them: only public names, everything said once, nothing inline.

use askama::Template;
use ui::{Action, Flash, Frame, Icon, NavGroup, NavItem, Page, Role, Tone, User};

#[derive(Template)]
#[template(
    source = r#"{% extends "frame/desk.html" %}{% block content %}<p>正文</p>{% endblock %}"#,
    ext = "html"
)]
struct Desk {
    page: Page,
}

#[derive(Template)]
#[template(
    source = r#"{% extends "frame/portal.html" %}{% block content %}<p>正文</p>{% endblock %}"#,
    ext = "html"
)]
struct Portal<'a> {
    page: &'a Page,
}

fn frame() -> Frame {
    let role = |key: &str, current| Role {
        key: key.to_owned(),
        label: format!("{key}<"),
        current,
    };
    Frame {
        path: "/classes/7".to_owned(),
        csrf: "tok\"".to_owned(),
        user: Some(User {
            name: "王*<明>".to_owned(),
            role_label: "施教机构".to_owned(),
            roles: vec![role("provider", true), role("learner", false)],
            unread: 3,
        }),
        nav: vec![NavGroup::new(
            "班次",
            [NavItem::new("我的班次", "/classes").icon(Icon::Class).count(2)],
        )],
        demo: true,
        request_id: "r-17".to_owned(),
        flash: Some(Flash {
            tone: Tone::Good,
            text: "已保存。".to_owned(),
        }),
        version: "0.1.0".to_owned(),
        today: "2026年3月5日 星期四".to_owned(),
        search: "/search".to_owned(),
        ..Frame::default()
    }
}

fn page() -> Page {
    frame()
        .page("数据治理")
        .lead("还有 3 个名额。")
        .crumb("班次", "/classes")
        .action(Action::link("修改", "/classes/7/edit"))
}

#[test]
fn a_desk_page_has_landmarks_title_action_and_current_entry() {
    let html = Desk { page: page() }.render().expect("renders");
    for piece in [
        "lang=\"zh-CN\"",
        "<title>数据治理 · 知新</title>",
        "演示数据",
        "id=\"main\"",
        "<h1>数据治理</h1>",
        "还有 3 个名额。",
        "/classes/7/edit",
        "r-17",
        "已保存。",
        "2026年3月5日 星期四",
        "aria-current=\"page\"><svg",
    ] {
        assert!(html.contains(piece), "{piece} is missing:\n{html}");
    }
    assert_eq!(html.matches("<h1").count(), 1);
    assert!(!html.contains("<明>") && !html.contains("tok\"\""));
}

#[test]
fn nothing_is_inline_so_that_the_policy_holds() {
    for html in [Desk { page: page() }.render(), Portal { page: &page() }.render()] {
        let html = html.expect("renders");
        assert!(!html.contains(" style=") && !html.contains("<style"), "inline style");
        assert!(
            !html.contains(" onclick") && !html.contains("javascript:"),
            "inline script"
        );
        assert_eq!(html.matches("<script").count(), html.matches("<script src=").count());
    }
}

#[test]
fn an_anonymous_visitor_is_offered_to_sign_in() {
    let page = Frame {
        path: "/".to_owned(),
        ..Frame::default()
    }
    .page("");
    let html = Portal { page: &page }.render().expect("renders");
    assert!(html.contains("href=\"/login\"") && !html.contains("退出登录") && !html.contains("演示数据"));
    assert!(html.contains("<title>知新 · 上海市专业技术人才知识更新工程</title>"));
}
