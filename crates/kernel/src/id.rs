//! Typed row ids: `Id<Person>` cannot be passed where `Id<Org>` is meant.
//!
//! Ids are positive 63-bit integers minted by `db` in ascending order of time; they carry no meaning.
//! The marker types stand here because every crate names them; what a person or a class *is* stands
//! in the module that owns its table.

use std::{cmp::Ordering, fmt, hash::Hash, hash::Hasher, marker::PhantomData, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The id of a row of the kind `T`.
pub struct Id<T>(i64, PhantomData<fn() -> T>);

impl<T> Id<T> {
    /// Wraps a stored number.
    #[must_use]
    pub const fn new(value: i64) -> Self {
        Self(value, PhantomData)
    }

    /// The stored number.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<T> Eq for Id<T> {}
impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}
impl<T> Hash for Id<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}
impl<T> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
impl<T> FromStr for Id<T> {
    type Err = std::num::ParseIntError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self::new)
    }
}
/// As text, because readers of JSON lose integers above 2^53.
impl<T> Serialize for Id<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&self.0)
    }
}
impl<'de, T> Deserialize<'de> for Id<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Form {
            Text(String),
            Number(i64),
        }
        match Form::deserialize(from)? {
            Form::Number(n) => Ok(Self::new(n)),
            Form::Text(t) => t.parse().map_err(serde::de::Error::custom),
        }
    }
}

macro_rules! markers {
    ($($(#[$doc:meta])* $marker:ident => $alias:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy)]
        pub enum $marker {}
        $(#[$doc])*
        pub type $alias = Id<$marker>;
    )*};
}

markers! {
    /// 账号, a login.
    AccountRow => AccountId,
    /// 授权, a role granted to an account within a scope.
    GrantRow => GrantId,
    /// 专业技术人员, a professional.
    PersonRow => PersonId,
    /// 机构, an organisation of any kind.
    OrgRow => OrgId,
    /// 课程, a course.
    CourseRow => CourseId,
    /// 课程版本, one edition of a course's content.
    CourseVersionRow => CourseVersionId,
    /// 班次, one class of a course.
    ClassRow => ClassId,
    /// 课次, one session of a class.
    SessionRow => SessionId,
    /// 班次变更, one change of a published class.
    ClassChangeRow => ClassChangeId,
    /// 报名, one person's place in one class.
    EnrolmentRow => EnrolmentId,
    /// 学时流水, one entry of the ledger of hours.
    EntryRow => EntryId,
    /// 学时年度, one year of the ledger; its number is the year.
    YearRow => YearId,
    /// 职称申报学时审核, one signed answer.
    TitleCheckRow => TitleCheckId,
    /// 学时申报, one claim of hours.
    ClaimRow => ClaimId,
    /// 佐证材料, one piece of evidence of a claim.
    EvidenceRow => EvidenceId,
    /// 抽查批次, one draw among recognised claims.
    DrawRow => DrawId,
    /// 学时异议, one dispute about the ledger.
    DisputeRow => DisputeId,
    /// 征集, one call for projects.
    CallRow => CallId,
    /// 征集模板, one kind of call.
    CallTemplateRow => CallTemplateId,
    /// 选题, one topic proposed for a call.
    TopicRow => TopicId,
    /// 项目申报, one declaration for a call.
    DeclarationRow => DeclarationId,
    /// 申报附件, one attachment of a declaration.
    AttachmentRow => AttachmentId,
    /// 公示异议, one objection against a proposed plan.
    ObjectionRow => ObjectionId,
    /// 专家, one member of the pool of reviewers.
    ExpertRow => ExpertId,
    /// 证书, one issued document.
    CredentialRow => CredentialId,
    /// 后台任务, one job.
    JobRow => JobId,
    /// 事件, one row of the outbox.
    EventRow => EventId,
    /// 附件, one stored file.
    FileRow => FileId,
    /// 公告, one public notice.
    NoticeRow => NoticeId,
    /// 待办, one task.
    TaskRow => TaskId,
    /// 接口令牌, one bearer token.
    TokenRow => TokenId,
    /// 接收地址, one endpoint of webhooks.
    EndpointRow => EndpointId,
    /// 事件通知, one message to one endpoint.
    DeliveryRow => DeliveryId,
}
