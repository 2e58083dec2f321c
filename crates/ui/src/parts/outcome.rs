//! Pages and places where there is nothing to see: empty, not found, forbidden, stale, too many, broken.
//! Each says what is so, why, and what to do next.

use askama::Template;

use super::rendered;
use crate::page::{Action, Page};

/// Nothing here yet.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "parts/empty.html")]
pub struct Empty {
    pub title: String,
    pub text: String,
    pub action: Option<Action>,
}

impl Empty {
    pub fn new(title: &str, text: &str) -> Self {
        Self {
            title: title.to_owned(),
            text: text.to_owned(),
            action: None,
        }
    }

    #[must_use]
    pub fn action(mut self, action: Action) -> Self {
        self.action = Some(action.primary());
        self
    }
}

/// Why there is no page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutcomeKind {
    SignIn,
    Forbidden,
    NotFound,
    Stale,
    Refused,
    TooLarge,
    TooMany,
    Unavailable,
    Broken,
}

impl OutcomeKind {
    /// Title and first sentence.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::SignIn => ("请先登录", "这个页面只对登录的用户开放，登录后会回到这里。"),
            Self::Forbidden => ("您没有办理这件事的权限", "页面存在，但您现在的身份不能打开或办理。"),
            Self::NotFound => (
                "没有找到这个页面",
                "地址可能写错了，内容可能已经移走，或者不在您可见的范围内。",
            ),
            Self::Stale => (
                "内容已被他人修改",
                "您打开页面之后，有人改了同一条记录。请刷新后核对再提交，您填写的内容没有写入。",
            ),
            Self::Refused => ("这件事现在不能办理", "系统按规定没有办理，原因如下。"),
            Self::TooLarge => ("提交的内容太大", "请缩小文件或分几次提交。"),
            Self::TooMany => ("操作太频繁", "请稍等一会儿再试，您的账户没有受到影响。"),
            Self::Unavailable => ("系统正在维护", "请稍后再试，已保存的内容不会丢失。"),
            Self::Broken => (
                "系统出了问题",
                "是我们的问题，不是您的操作有误；没有写入一半的内容。请稍后再试，或带上编号与我们联系。",
            ),
        }
    }
}

/// The page that stands in for another, as a whole document in the plain frame.
#[derive(Clone, Debug, Template)]
#[template(path = "frame/outcome.html")]
pub struct Outcome {
    pub page: Page,
    pub first: String,
    /// The reason of this case; empty if there is none to tell.
    pub reason: String,
    /// The rule or article behind a refusal.
    pub rule: String,
    /// Reference number of a broken request.
    pub reference: String,
    pub actions: Vec<Action>,
}

impl Outcome {
    /// `page` comes from `frame.page("")`; its title is set here.
    pub fn new(kind: OutcomeKind, mut page: Page) -> Self {
        let (title, first) = kind.words();
        title.clone_into(&mut page.title);
        let actions = match kind {
            OutcomeKind::SignIn => vec![Action::link("登录", "/login").primary()],
            _ => vec![Action::link("回到首页", "/")],
        };
        let (reason, rule, reference) = (String::new(), String::new(), String::new());
        Self {
            page,
            first: first.to_owned(),
            reason,
            rule,
            reference,
            actions,
        }
    }

    #[must_use]
    pub fn reason(mut self, reason: &str) -> Self {
        reason.clone_into(&mut self.reason);
        self
    }

    #[must_use]
    pub fn rule(mut self, rule: &str) -> Self {
        rule.clone_into(&mut self.rule);
        self
    }

    #[must_use]
    pub fn reference(mut self, reference: &str) -> Self {
        reference.clone_into(&mut self.reference);
        self
    }

    /// Replaces the way out by this one.
    #[must_use]
    pub fn action(mut self, action: Action) -> Self {
        self.actions.insert(0, action.primary());
        self
    }
}

rendered!(Empty, Outcome);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Frame;

    #[test]
    fn an_outcome_says_why_and_by_which_number() {
        let page = Frame {
            request_id: "r-17".to_owned(),
            ..Frame::default()
        }
        .page("");
        let html = Outcome::new(OutcomeKind::Broken, page)
            .reason("<x>")
            .reference("E-42")
            .to_string();
        assert!(html.contains("<h1>系统出了问题</h1>") && html.contains("E-42") && html.contains("r-17"));
        assert!(!html.contains("<x>"));
    }
}
