//! What every use case is given: who acts, what time it is, where things are kept, the calendar.

use std::{path::PathBuf, sync::Arc};

use db::{Audit, Db, Tx};
use kernel::{Actor, Calendar, Clock, Date, Place, Result, Scope, Time};
use rules::permits::{self, Act};
use serde_json::Value as Json;

/// Facts of this installation that never change while it runs.
#[derive(Debug, Clone)]
pub struct Installation {
    /// Demonstration data: the identity area 319999 is admitted and every page, PDF and export says 演示数据.
    pub demo: bool,
    /// The address printed in QR codes and feeds, without a slash at its end.
    pub public_url: String,
    /// The data folder.
    pub data: PathBuf,
}

/// The context of one use case.
#[derive(Clone)]
pub struct Ctx {
    /// Who acts.
    pub actor: Actor,
    /// The one source of the present.
    pub clock: Clock,
    /// Storage.
    pub db: Db,
    /// The working-day calendar as it was when the request began.
    pub calendar: Arc<Calendar>,
    /// The installation.
    pub installation: Arc<Installation>,
}

/// The thing an audit row is about.
#[derive(Debug, Clone)]
pub struct Subject {
    /// What kind of thing, in English, singular: `person`, `class`.
    pub kind: &'static str,
    /// Its id.
    pub id: i64,
    /// Where it stands, so that auditors with a scope find it.
    pub place: Place,
}

impl Subject {
    /// Names a thing.
    #[must_use]
    pub fn new(kind: &'static str, id: i64, place: Place) -> Self {
        Self { kind, id, place }
    }
}

impl Ctx {
    /// The present.
    #[must_use]
    pub fn now(&self) -> Time {
        self.clock.now()
    }

    /// Today in Shanghai.
    #[must_use]
    pub fn today(&self) -> Date {
        self.clock.today()
    }

    /// The same installation for another actor, e.g. the system in a job.
    #[must_use]
    pub fn acting_as(&self, actor: Actor) -> Self {
        Self { actor, ..self.clone() }
    }

    /// Whether the actor may do this to a thing at `place`; see [`permits::may`].
    ///
    /// # Errors
    /// NotFound when out of sight, Forbidden with the reason otherwise.
    pub fn may(&self, act: Act, place: &Place) -> Result<()> {
        permits::may(&self.actor, act, place)
    }

    /// Which rows the actor may list with this act.
    #[must_use]
    pub fn scope(&self, act: Act) -> Scope {
        permits::scope(&self.actor, act)
    }

    /// Writes the audit row of a change into its transaction. `before` and `after` hold what changed, with
    /// personal numbers masked: the trail shows that a number changed, not the number.
    ///
    /// # Errors
    /// Storage failures.
    pub async fn audit(&self, tx: &mut Tx, act: &str, subject: Subject, before: Json, after: Json) -> Result<()> {
        self.audit_because(tx, act, subject, (before, after), None).await
    }

    /// As [`Ctx::audit`], with the reason the actor gave.
    ///
    /// # Errors
    /// Storage failures.
    pub async fn audit_because(
        &self,
        tx: &mut Tx,
        act: &str,
        subject: Subject,
        (before, after): (Json, Json),
        reason: Option<&str>,
    ) -> Result<()> {
        tx.audit(Audit {
            at: self.now(),
            actor: &self.actor,
            act,
            subject_kind: subject.kind,
            subject_id: subject.id,
            place: subject.place,
            before,
            after,
            reason,
        })
        .await
    }
}

/// Where jobs take their context from: the label of a job gives the system's context for it. A module with jobs has
/// `pub fn handlers(source: &CtxSource) -> db::jobs::Handlers`; the server merges them.
pub type CtxSource = Arc<dyn Fn(&str) -> Ctx + Send + Sync>;
