//! Who acts: an account in one of its roles, or the system itself.

use crate::{Place, id::AccountId, id::OrgId, id::PersonId};

crate::codes! {
    /// 角色. What a role may do stands in one table: `rules/src/permits.rs`.
    pub enum Role {
        /// 市人力资源社会保障局, the lead of the programme.
        Lead = "lead" "市级牵头部门",
        /// An industry department (行业主管部门).
        Department = "department" "行业主管部门",
        /// A district bureau of human resources and social security.
        District = "district" "区人社部门",
        /// A provider of training, or a base (施教机构、继续教育基地).
        Provider = "provider" "施教机构",
        /// An employer (用人单位).
        Employer = "employer" "用人单位",
        /// A professional (专业技术人员).
        Learner = "learner" "专业技术人员",
        /// An expert (专家).
        Expert = "expert" "专家",
        /// Finance (财务).
        Finance = "finance" "财务",
        /// An auditor (审计).
        Auditor = "auditor" "审计",
        /// The operator of the system; sees its state, not its people.
        Operator = "operator" "系统运维",
        /// The platform itself, in jobs; never granted to an account.
        System = "system" "系统",
        /// Nobody signed in; never granted to an account.
        Anonymous = "anonymous" "公众",
    }
}

/// Who acts, in which role, within which bounds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The account, none for the public and for jobs.
    pub account: Option<AccountId>,
    /// The role in which it acts now; an account with several roles switches.
    pub role: Role,
    /// The bounds of the role: own person, organisation, district, department.
    pub own: Place,
    /// Whether this organisation's own administrator acts (may grant and end staff accounts).
    pub admin: bool,
    /// What the audit trail writes as the actor: the login name, `system` or `public`.
    pub label: String,
    /// The id of the request or job, for the trail and the logs.
    pub request: String,
}

impl Actor {
    /// The platform itself, in the job or command named `label`.
    #[must_use]
    pub fn system(label: &str) -> Self {
        Self {
            account: None,
            role: Role::System,
            own: Place::default(),
            admin: false,
            label: format!("system:{label}"),
            request: String::new(),
        }
    }

    /// Somebody who has not signed in.
    #[must_use]
    pub fn anonymous(request: &str) -> Self {
        Self {
            account: None,
            role: Role::Anonymous,
            own: Place::default(),
            admin: false,
            label: "public".into(),
            request: request.into(),
        }
    }

    /// The actor's own person record, if it acts as one.
    #[must_use]
    pub fn person(&self) -> Option<PersonId> {
        self.own.person
    }

    /// The actor's own organisation, if its role is bound to one.
    #[must_use]
    pub fn org(&self) -> Option<OrgId> {
        self.own.org
    }
}
