//! Every component in every state on one page, for development builds at `/styleguide`.
//! The figures are samples and say so; nothing here reads data.

mod charts;
mod forms;
mod lists;
mod pieces;

use askama::Template;

use crate::html::Html;
use crate::page::{Action, Page};

/// Samples under one heading.
struct Section {
    id: &'static str,
    title: &'static str,
    samples: Vec<(&'static str, Html)>,
}

#[derive(Template)]
#[template(path = "styleguide.html")]
struct Guide {
    page: Page,
    sections: Vec<Section>,
}

/// The whole page as a document; `page` is `frame.page("组件总览")`, its head is set here.
pub fn styleguide(page: Page) -> String {
    let page = page
        .lead("每个组件的每种状态都在这一页，数字均为示例。")
        .crumb("工作台", "/desk")
        .other(Action::link("次要操作", "#"))
        .action(Action::link("主要操作", "#"));
    let sections = vec![
        Section {
            id: "labels",
            title: "状态与按钮",
            samples: pieces::labels(),
        },
        Section {
            id: "parts",
            title: "信息",
            samples: pieces::facts(),
        },
        Section {
            id: "cases",
            title: "办理",
            samples: pieces::cases(),
        },
        Section {
            id: "forms",
            title: "表单",
            samples: forms::samples(),
        },
        Section {
            id: "lists",
            title: "列表",
            samples: lists::samples(),
        },
        Section {
            id: "charts",
            title: "图表",
            samples: charts::samples(),
        },
        Section {
            id: "portal",
            title: "公众页面",
            samples: pieces::portal(),
        },
    ];
    // Our own templates call nothing that can fail.
    Guide { page, sections }.render().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labels::State;
    use crate::page::Frame;
    use std::collections::BTreeSet;

    #[test]
    fn shows_every_state_and_nothing_inline_or_broken() {
        let html = styleguide(Frame::default().page("组件总览"));
        for state in State::ALL {
            assert!(html.contains(state.label()), "{state:?} is not shown");
        }
        assert!(!html.contains(" style=") && !html.contains("NaN") && !html.contains("Infinity"));
        assert!(!html.contains("width=\"-") && !html.contains("height=\"-"));
    }

    #[test]
    fn ids_are_unique() {
        let html = styleguide(Frame::default().page("组件总览"));
        let ids: Vec<&str> = html
            .split(" id=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .collect();
        let unique: BTreeSet<&str> = ids.iter().copied().collect();
        let twice: Vec<_> = unique
            .iter()
            .filter(|id| ids.iter().filter(|other| other == id).count() > 1)
            .collect();
        assert!(twice.is_empty(), "{twice:?}");
    }
}
