//! The frame of a request: who is signed in, which duties they have, what is said at the top.
//!
//! Navigation is by duty, not by module, and holds only what the role has an act for.

use base64::Engine as _;
use chrono::Datelike;
use kernel::Role;
use rules::permits::{self, Act};
use ui::{Flash, Frame, Icon, NavGroup, NavItem, Page, Tone, User};

use crate::Caller;

/// Duty, entries: label, address, the act that opens it.
type Duties = &'static [(&'static str, &'static [(&'static str, &'static str, Act)])];

const DUTIES: Duties = &[
    (
        "我的学习",
        &[
            ("我的班次", "/desk/my/classes", Act::EnrolSelf),
            ("年度学时", "/desk/my/statement", Act::EnrolSelf),
            ("学时申报", "/desk/my/claims", Act::MakeClaim),
            ("我的证书", "/desk/my/certificates", Act::EnrolSelf),
            ("职称申报学时", "/desk/title-checks", Act::EnrolSelf),
            ("学时异议", "/desk/disputes", Act::OpenDispute),
        ],
    ),
    (
        "办班",
        &[
            ("课程", "/desk/courses", Act::EditCourse),
            ("班次", "/desk/classes", Act::EditClass),
            ("报送", "/desk/reports", Act::ReportClass),
            ("逾期报送", "/desk/late-reports", Act::RequestLateReport),
        ],
    ),
    (
        "专家",
        &[
            ("我的评审", "/desk/my/reviews", Act::ReviewDeclaration),
            ("专家信息", "/desk/my/expert", Act::BeExpert),
        ],
    ),
    (
        "组织学习",
        &[
            ("组织报名", "/desk/enrol", Act::EnrolStaff),
            ("报名情况", "/desk/enrolments", Act::EnrolStaff),
        ],
    ),
    (
        "监管",
        &[
            ("课程", "/desk/courses", Act::SearchAudit),
            ("班次", "/desk/classes", Act::ListClasses),
            ("学员名单", "/desk/enrolments", Act::ListClasses),
            ("报送记录", "/desk/reports", Act::ListReports),
            ("逾期报送", "/desk/late-reports", Act::ListReports),
        ],
    ),
    (
        "项目征集",
        &[
            ("征集和计划", "/desk/calls", Act::ListCalls),
            ("选题", "/desk/topics", Act::ListTopics),
            ("项目申报", "/desk/declarations", Act::ListDeclarations),
        ],
    ),
    (
        "人员与机构",
        &[
            ("人员名册", "/desk/people", Act::ListPeople),
            ("批量导入", "/desk/people/import", Act::ImportRoster),
            ("重复人员", "/desk/people/merges", Act::MergePeople),
            ("机构名册", "/desk/orgs", Act::ListOrgs),
            ("专家库", "/desk/experts", Act::ListExperts),
            ("专家评审", "/desk/review-rounds", Act::ListRounds),
            ("工作人员账号", "/desk/staff", Act::ListStaff),
        ],
    ),
    (
        "学时与证书",
        &[
            ("达标概览", "/desk/standings", Act::ListCompliance),
            ("达标情况", "/desk/compliance", Act::ListCompliance),
            ("学时流水", "/desk/entries", Act::ListEntries),
            ("学时申报", "/desk/claims", Act::ListClaims),
            ("申报抽查", "/desk/claims/draws", Act::CheckClaims),
            ("学时异议", "/desk/disputes", Act::ListDisputes),
            ("异议统计", "/desk/disputes/providers", Act::ViewDisputeStatistics),
            ("学时规则版本", "/desk/editions", Act::ListEditions),
            ("证书", "/desk/credentials", Act::ListCredentials),
            ("职称申报学时审核", "/desk/title-checks", Act::ListTitleChecks),
            ("年度关账", "/desk/years", Act::CloseYear),
        ],
    ),
    (
        "统计与公告",
        &[
            ("法定统计", "/desk/statistics", Act::ViewStatistics),
            ("公告管理", "/desk/notices", Act::ListNotices),
        ],
    ),
    (
        "系统",
        &[
            ("工作日历", "/desk/calendar", Act::ImportCalendar),
            ("词表", "/desk/terms", Act::SearchAudit),
            ("接口令牌", "/desk/tokens", Act::ManageTokens),
            ("事件通知", "/desk/webhooks", Act::ManageWebhooks),
            ("审计记录", "/desk/audit", Act::SearchAudit),
            ("后台任务", "/desk/jobs", Act::ListJobs),
            ("系统状态", "/desk/system", Act::ViewSystem),
        ],
    ),
];

impl Caller {
    /// A page in the frame of this request.
    #[must_use]
    pub fn page(&self, title: &str) -> Page {
        self.frame().page(title)
    }

    /// The frame of this request.
    #[must_use]
    pub fn frame(&self) -> Frame {
        let desk = self.path.starts_with("/desk") || self.path.starts_with("/account");
        Frame {
            path: self.path.clone(),
            csrf: self.csrf().to_owned(),
            user: self.user(),
            nav: if desk { self.duties() } else { public_nav() },
            bottom: Vec::new(),
            demo: self.app().installation.demo,
            request_id: self.request_id.clone(),
            flash: self.flash(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            today: self.today(),
            search: if desk { String::new() } else { "/catalogue".to_owned() },
        }
    }

    fn user(&self) -> Option<User> {
        let signed = self.signed_in()?;
        let roles = signed.grants.iter().map(|grant| ui::Role {
            key: grant.id.to_string(),
            label: grant.label.clone(),
            current: grant.id == signed.grant,
        });
        let role_label = signed
            .grants
            .iter()
            .find(|grant| grant.id == signed.grant)
            .map(|grant| grant.label.clone());
        Some(User {
            name: signed.display_name.clone(),
            role_label: role_label.unwrap_or_else(|| signed.actor.role.name().to_owned()),
            roles: roles.collect(),
            unread: 0,
        })
    }

    fn duties(&self) -> Vec<NavGroup> {
        let Some(signed) = self.signed_in() else {
            return public_nav();
        };
        let actor = &signed.actor;
        let mut seen = std::collections::BTreeSet::new();
        let home = NavItem::new("首页", "/desk").icon(Icon::Home);
        let tasks = permits::has(actor, Act::ListTasks).then(|| NavItem::new("待办", "/desk/tasks"));
        let messages = NavItem::new("消息", "/desk/messages");
        let mut groups = vec![NavGroup::new(
            "",
            [Some(home), tasks, Some(messages)].into_iter().flatten(),
        )];
        for (title, items) in DUTIES {
            let learner_only = *title == "我的学习" && actor.role != Role::Learner;
            // A professional comes to an invitation by its task and its message.
            let expert_only = *title == "专家" && actor.role != Role::Expert;
            // What these hold of a professional stands under 我的学习.
            let for_others = *title == "学时与证书" && actor.role == Role::Learner;
            let open = items.iter().filter(|(_, href, act)| {
                !learner_only && !expert_only && !for_others && permits::has(actor, *act) && seen.insert(*href)
            });
            let items: Vec<NavItem> = open.map(|(label, href, _)| NavItem::new(label, href)).collect();
            if !items.is_empty() {
                groups.push(NavGroup::new(title, items));
            }
        }
        groups.push(NavGroup::new(
            "帮助",
            [
                NavItem::new("使用帮助", "/desk/help"),
                NavItem::new("账号与安全", "/account"),
            ],
        ));
        groups
    }

    fn flash(&self) -> Option<Flash> {
        let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD
            .decode(self.said.as_deref()?)
            .ok()?;
        Some(Flash {
            tone: Tone::Good,
            text: String::from_utf8(bytes).ok()?,
        })
    }

    fn today(&self) -> String {
        let today = self.ctx().today();
        let day = ["一", "二", "三", "四", "五", "六", "日"][today.weekday().num_days_from_monday() as usize];
        format!("{}年{}月{}日 星期{day}", today.year(), today.month(), today.day())
    }
}

fn public_nav() -> Vec<NavGroup> {
    let entries = [
        ("首页", "/"),
        ("班次目录", "/catalogue"),
        ("学时规则", "/rules"),
        ("项目征集", "/calls"),
        ("公告", "/notices"),
        ("施教机构", "/providers"),
        ("方案落实", "/plan"),
        ("证书核验", "/verify"),
        ("公开账本", "/log"),
        ("帮助", "/help"),
    ];
    vec![NavGroup::new(
        "",
        entries.map(|(label, href)| NavItem::new(label, href)),
    )]
}
