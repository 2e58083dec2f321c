//! What every page is given: the frame of the request (who, where, which duties) and the page's own title.
//! The web layer makes one `Frame` per request; a handler says `frame.page("班次")` and adds what it knows.
//! Deliberately absent: permissions. Whoever builds the frame asks `may` and lists only what is allowed.

pub use crate::action::{Action, Emphasis, Method};
use crate::icon::Icon;
use crate::labels::Tone;

/// The facts of a request that every page shows.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    /// Path of the request, without its query; marks the current entry of the navigation.
    pub path: String,
    /// Token of the session (or of the anonymous visitor) for every form on the page.
    pub csrf: String,
    pub user: Option<User>,
    /// Navigation by duty, only what this person may open.
    pub nav: Vec<NavGroup>,
    /// Up to three entries of the bottom bar on phones (the fourth is the menu); the first three of `nav` if empty.
    pub bottom: Vec<NavItem>,
    /// Demonstration data: said on every page and on every print.
    pub demo: bool,
    /// Stands on error pages and in the footer, so that a person can name it.
    pub request_id: String,
    pub flash: Option<Flash>,
    /// Build version.
    pub version: String,
    /// `2026年3月5日 星期四`.
    pub today: String,
    /// Where the search box of the frame goes (GET, field `q`); empty for none.
    pub search: String,
}

/// The person at work.
#[derive(Clone, Debug, Default)]
pub struct User {
    /// `王小明`: in full, for nobody else sees this frame; masks are for others.
    pub name: String,
    /// The role in which the person acts now, with its scope: `区人社局 · 徐汇区`.
    pub role_label: String,
    /// All roles of the person; more than one offers switching (POST /session/role, field `role`).
    pub roles: Vec<Role>,
    /// Unread messages.
    pub unread: u64,
}

/// One role to switch to.
#[derive(Clone, Debug, Default)]
pub struct Role {
    pub key: String,
    pub label: String,
    pub current: bool,
}

/// A duty: `班次与学员`, with the pages that serve it.
#[derive(Clone, Debug, Default)]
pub struct NavGroup {
    pub title: String,
    pub items: Vec<NavItem>,
}

impl NavGroup {
    pub fn new(title: &str, items: impl IntoIterator<Item = NavItem>) -> Self {
        Self {
            title: title.to_owned(),
            items: items.into_iter().collect(),
        }
    }
}

/// One entry of the navigation.
#[derive(Clone, Debug)]
pub struct NavItem {
    pub label: String,
    pub href: String,
    pub icon: Option<Icon>,
    /// Things waiting there; 0 shows nothing.
    pub count: u64,
}

impl NavItem {
    pub fn new(label: &str, href: &str) -> Self {
        Self {
            label: label.to_owned(),
            href: href.to_owned(),
            icon: None,
            count: 0,
        }
    }

    #[must_use]
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// The icon to show: the one given, or the one that goes with the address.
    pub fn shown_icon(&self) -> Icon {
        self.icon.unwrap_or_else(|| Icon::of_address(&self.href))
    }

    #[must_use]
    pub fn count(mut self, count: u64) -> Self {
        self.count = count;
        self
    }
}

/// A step of the breadcrumb.
#[derive(Clone, Debug)]
pub struct Crumb {
    pub label: String,
    pub href: String,
}

/// A message that survived a redirect.
#[derive(Clone, Debug, Default)]
pub struct Flash {
    pub tone: Tone,
    pub text: String,
}

impl Frame {
    /// A page with this title in this frame.
    pub fn page(&self, title: &str) -> Page {
        Page {
            frame: self.clone(),
            title: title.to_owned(),
            lead: String::new(),
            description: String::new(),
            crumbs: Vec::new(),
            action: None,
            others: Vec::new(),
            failed: false,
        }
    }
}

/// A page: what a template of a page calls `page`.
#[derive(Clone, Debug, Default)]
pub struct Page {
    pub frame: Frame,
    pub title: String,
    /// The answer, in one sentence under the title: what the person came to know.
    pub lead: String,
    /// For search engines and link previews.
    pub description: String,
    /// The way back, without the page itself.
    pub crumbs: Vec<Crumb>,
    /// The one primary action, at the right of the title.
    pub action: Option<Action>,
    /// Further actions beside it.
    pub others: Vec<Action>,
    /// A form on the page was refused: the browser's title begins with 错误.
    pub failed: bool,
}

impl Page {
    #[must_use]
    pub fn lead(mut self, answer: &str) -> Self {
        answer.clone_into(&mut self.lead);
        self
    }

    #[must_use]
    pub fn description(mut self, text: &str) -> Self {
        text.clone_into(&mut self.description);
        self
    }

    #[must_use]
    pub fn crumb(mut self, label: &str, href: &str) -> Self {
        self.crumbs.push(Crumb {
            label: label.to_owned(),
            href: href.to_owned(),
        });
        self
    }

    /// The primary action of the page.
    #[must_use]
    pub fn action(mut self, action: Action) -> Self {
        self.action = Some(action.primary());
        self
    }

    /// A further action beside the primary one.
    #[must_use]
    pub fn other(mut self, action: Action) -> Self {
        self.others.push(action);
        self
    }

    /// Says in the browser's title that a form was refused; pass `form.failed()`.
    #[must_use]
    pub fn failed(mut self, failed: bool) -> Self {
        self.failed = failed;
        self
    }

    /// Title of the browser's window.
    pub fn document_title(&self) -> String {
        let mark = if self.failed { "错误：" } else { "" };
        if self.title.is_empty() {
            return "知新 · 上海市专业技术人才知识更新工程".to_owned();
        }
        format!("{mark}{} · 知新", self.title)
    }

    /// The token of every form on this page.
    pub fn csrf(&self) -> &str {
        &self.frame.csrf
    }

    /// Address of a bundled file, for templates.
    pub fn asset(&self, name: &str) -> String {
        crate::assets::asset(name)
    }

    /// The entry of the navigation that is open: the longest that the path lies under.
    pub fn is_current(&self, item: &NavItem) -> bool {
        let lies_under = |href: &str| {
            self.frame.path == href
                // The two home pages are no parents: what lies under them has entries of its own.
                || (!matches!(href, "/" | "/desk")
                    && self
                        .frame
                        .path
                        .strip_prefix(href)
                        .is_some_and(|rest| rest.starts_with('/')))
        };
        let longest = self
            .frame
            .nav
            .iter()
            .flat_map(|group| &group.items)
            .map(|entry| entry.href.as_str());
        let best = longest.filter(|href| lies_under(href)).max_by_key(|href| href.len());
        match best {
            Some(best) => best == item.href,
            None => lies_under(&item.href),
        }
    }

    /// Entries of the phone's bottom bar beside the menu.
    pub fn bottom(&self) -> Vec<&NavItem> {
        if self.frame.bottom.is_empty() {
            self.frame.nav.iter().flat_map(|group| &group.items).take(3).collect()
        } else {
            self.frame.bottom.iter().take(3).collect()
        }
    }

    /// All entries of the navigation in one row, for the portal.
    pub fn nav_items(&self) -> Vec<&NavItem> {
        self.frame.nav.iter().flat_map(|group| &group.items).collect()
    }

    /// Line icon by its place in the frame, for templates.
    pub fn icon(&self, name: &str) -> Icon {
        match name {
            "search" => Icon::Search,
            "menu" => Icon::Menu,
            "close" => Icon::Close,
            "bell" => Icon::Bell,
            "person" => Icon::Person,
            "shield" => Icon::Shield,
            "warning" => Icon::Warning,
            "home" => Icon::Home,
            _ => Icon::ArrowRight,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(path: &str) -> Page {
        let items = [
            NavItem::new("首页", "/"),
            NavItem::new("班次", "/classes"),
            NavItem::new("我的班次", "/classes/mine"),
        ];
        let frame = Frame {
            path: path.to_owned(),
            nav: vec![NavGroup::new("", items)],
            ..Frame::default()
        };
        frame.page("班次")
    }

    #[test]
    fn the_longest_entry_is_current() {
        let current = |path: &str| -> Vec<String> {
            let page = page(path);
            page.nav_items()
                .into_iter()
                .filter(|i| page.is_current(i))
                .map(|i| i.href.clone())
                .collect()
        };
        assert_eq!(current("/classes/mine/3"), ["/classes/mine"]);
        assert_eq!(current("/classes/7"), ["/classes"]);
        assert_eq!(current("/"), ["/"]);
        assert!(current("/classesx").is_empty());
    }

    #[test]
    fn a_refused_form_is_said_in_the_title() {
        assert_eq!(page("/").document_title(), "班次 · 知新");
        assert_eq!(page("/").failed(true).document_title(), "错误：班次 · 知新");
    }
}
