//! Webhooks: what other systems are told, whom, how often it is tried again, and when an address is given up.
//!
//! - [`EventKind`]: the kinds, each with the act through which the thing itself is seen. R-72: an endpoint is told of a
//!   thing only if the role that keeps the endpoint could see it, and what it is told is what the interface calls the thing
//!   (an id, or the number of a document of ours), never a name, an identity number or hours.
//! - [`delivery`]: one message to one endpoint. [`endpoint`]: the address, and whether it still listens.
//!
//! Deliberately absent: signatures and sockets (`courier`), storage (`registry::webhooks`).

pub mod delivery;
pub mod endpoint;

use kernel::{Actor, Error, Place, Result};

use crate::permits::{self, Act};

kernel::codes! {
    /// One kind of event that other systems are told.
    pub enum EventKind {
        /// A class was published.
        ClassPublished = "class.published" "班次发布",
        /// What a published class is or when it meets was changed.
        ClassChanged = "class.changed" "班次变更",
        /// A class was cancelled.
        ClassCancelled = "class.cancelled" "班次取消",
        /// Results of a class are final.
        ClassCompleted = "class.completed" "班次结业",
        /// Hours were posted.
        HoursPosted = "hours.posted" "学时入账",
        /// Hours were taken back.
        HoursReversed = "hours.reversed" "学时冲正",
        /// A dispute about hours was decided.
        DisputeDecided = "dispute.decided" "学时异议决定",
        /// A certificate or statement was issued.
        CertificateIssued = "certificate.issued" "证书签发",
        /// One was revoked, or a newer one stands in its place.
        CertificateRevoked = "certificate.revoked" "证书撤销或被替代",
        /// An answer about the hours of an application for a title stands no more.
        TitleCheckRevoked = "title_check.revoked" "职称申报学时审核结论失效",
        /// A year of the ledger was closed.
        YearClosed = "year.closed" "年度关账",
        /// Somebody tries whether the address listens.
        Test = "webhook.test" "测试",
    }
}

impl EventKind {
    /// The act through which the thing that the event is about is seen; who has it may be told of it.
    #[must_use]
    pub const fn act(self) -> Act {
        match self {
            // What is published is for everybody.
            Self::ClassPublished | Self::ClassChanged | Self::ClassCancelled => Act::ViewClass,
            Self::YearClosed => Act::ViewTerms,
            Self::ClassCompleted => Act::ListClasses,
            Self::HoursPosted | Self::HoursReversed => Act::ListEntries,
            Self::DisputeDecided => Act::ListDisputes,
            Self::CertificateIssued | Self::CertificateRevoked => Act::ListCredentials,
            Self::TitleCheckRevoked => Act::ListTitleChecks,
            Self::Test => Act::ManageWebhooks,
        }
    }

    /// The member of the message that names the things.
    #[must_use]
    pub const fn things(self) -> &'static str {
        match self {
            Self::ClassPublished | Self::ClassChanged | Self::ClassCancelled | Self::ClassCompleted => "classes",
            Self::HoursPosted | Self::HoursReversed => "entries",
            Self::DisputeDecided => "disputes",
            Self::CertificateIssued | Self::CertificateRevoked => "certificates",
            Self::TitleCheckRevoked => "title_checks",
            Self::YearClosed => "years",
            Self::Test => "endpoints",
        }
    }
}

/// The kinds that a role can be told at all.
pub fn offered(holder: &Actor) -> impl Iterator<Item = EventKind> + '_ {
    use kernel::Code as _;
    EventKind::ALL
        .iter()
        .copied()
        .filter(|kind| *kind != EventKind::Test && permits::has(holder, kind.act()))
}

/// Refuses kinds that the role is never told.
///
/// # Errors
/// `Wrong` at the field `kinds`: none chosen, or one beyond the role.
pub fn may_be_told(holder: &Actor, kinds: &[EventKind]) -> Result<()> {
    if kinds.is_empty() {
        return Err(Error::wrong("kinds", "webhook.no_kind", "请至少选择一种事件。"));
    }
    match kinds
        .iter()
        .find(|kind| !offered(holder).any(|offered| offered == **kind))
    {
        None => Ok(()),
        Some(kind) => {
            let sentence = format!("{}看不到“{}”所涉及的内容，不能订阅。", holder.role.name(), kind.name());
            Err(Error::wrong("kinds", "webhook.beyond_role", sentence))
        }
    }
}

/// Which of these things the role that keeps an endpoint may be told of.
#[must_use]
pub fn told<T: Clone>(holder: &Actor, kind: EventKind, things: &[(T, Place)]) -> Vec<T> {
    let scope = permits::scope(holder, kind.act());
    let seen = things.iter().filter(|(_, place)| scope.holds(place));
    seen.map(|(thing, _)| thing.clone()).collect()
}

#[cfg(test)]
mod tests {
    use kernel::{Code as _, Id, Role};

    use super::*;

    fn holder(role: Role, org: i64) -> Actor {
        Actor {
            role,
            own: Place {
                org: Some(Id::new(org)),
                ..Place::default()
            },
            admin: true,
            ..Actor::anonymous("")
        }
    }

    #[test]
    fn r72_an_endpoint_is_told_only_what_its_role_could_see() {
        let at = |org: i64, provider: i64| Place {
            org: Some(Id::new(org)),
            provider: Some(Id::new(provider)),
            ..Place::default()
        };
        let things = [(1, at(1, 7)), (2, at(2, 7)), (3, at(2, 8))];
        let hears = |role, org, kind| told(&holder(role, org), kind, &things);
        assert_eq!(hears(Role::Employer, 2, EventKind::HoursPosted), [2, 3]);
        assert_eq!(hears(Role::Employer, 7, EventKind::HoursPosted), Vec::<i32>::new());
        assert_eq!(hears(Role::Provider, 7, EventKind::CertificateIssued), [1, 2]);
        assert_eq!(hears(Role::Lead, 0, EventKind::DisputeDecided), [1, 2, 3]);
        assert_eq!(hears(Role::Operator, 0, EventKind::HoursPosted), Vec::<i32>::new());
        assert_eq!(hears(Role::Operator, 0, EventKind::ClassPublished), [1, 2, 3]);
    }

    #[test]
    fn a_role_is_offered_the_kinds_it_can_see() {
        let offered = |role| offered(&holder(role, 1)).map(EventKind::code).collect::<Vec<_>>();
        assert_eq!(
            offered(Role::Operator),
            ["class.published", "class.changed", "class.cancelled", "year.closed"]
        );
        assert_eq!(offered(Role::Lead).len(), EventKind::ALL.len() - 1);
        let refused = may_be_told(&holder(Role::Provider, 1), &[EventKind::TitleCheckRevoked]);
        assert!(matches!(refused, Err(Error::Wrong(_))));
        assert!(may_be_told(&holder(Role::Provider, 1), &[]).is_err());
        assert!(may_be_told(&holder(Role::Provider, 1), &[EventKind::Test]).is_err());
        assert!(may_be_told(&holder(Role::Provider, 1), &[EventKind::HoursPosted]).is_ok());
    }
}
