//! The state every handler shares.

use std::sync::{Arc, RwLock};

use courier::{Courier, Policy};
use db::Db;
use kernel::{Actor, Calendar, Clock, Error, Result};
use registry::{Ctx, Installation};
use rules::identity::Allowances;

/// The running application; cheap to clone.
#[derive(Clone)]
pub struct App {
    /// Storage.
    pub db: Db,
    /// The one source of the present.
    pub clock: Clock,
    /// Facts of the installation.
    pub installation: Arc<Installation>,
    /// Typesetting and signing of documents.
    pub press: Arc<oversight::credentials::Press>,
    /// A development build: `/styleguide` is served.
    pub development: bool,
    /// What sends webhooks.
    pub courier: Arc<Courier>,
    /// How often systems may call.
    pub allowances: Arc<Allowances>,
    calendar: Arc<RwLock<Arc<Calendar>>>,
}

impl App {
    /// Wires the application and reads the calendar.
    ///
    /// # Errors
    /// Storage failures.
    pub async fn new(
        db: Db,
        clock: Clock,
        installation: Installation,
        press: Arc<oversight::credentials::Press>,
        development: bool,
    ) -> Result<Self> {
        let app = Self {
            db,
            clock,
            installation: Arc::new(installation),
            press,
            development,
            courier: Arc::new(Courier::new(Policy::default(), b"").map_err(Error::broken)?),
            allowances: Arc::default(),
            calendar: Arc::default(),
        };
        app.refresh_calendar().await?;
        Ok(app)
    }

    /// Webhooks are sent by this.
    #[must_use]
    pub fn sending_by(self, courier: Courier) -> Self {
        Self {
            courier: Arc::new(courier),
            ..self
        }
    }

    /// Systems may call as often as this says.
    #[must_use]
    pub fn allowing(self, allowances: Allowances) -> Self {
        Self {
            allowances: Arc::new(allowances),
            ..self
        }
    }

    /// Reads the calendar again; after an import, and every minute because another process may have imported.
    ///
    /// # Errors
    /// Storage failures.
    pub async fn refresh_calendar(&self) -> Result<()> {
        let mut tx = self.db.read().await?;
        let fresh = Arc::new(registry::taxonomy::calendar::load(&mut tx).await?);
        *self.calendar.write().unwrap_or_else(std::sync::PoisonError::into_inner) = fresh;
        Ok(())
    }

    /// The context of a use case for this actor.
    #[must_use]
    pub fn ctx(&self, actor: Actor) -> Ctx {
        let calendar = self
            .calendar
            .read()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .clone();
        Ctx {
            actor,
            clock: self.clock.clone(),
            db: self.db.clone(),
            calendar,
            installation: self.installation.clone(),
        }
    }
}
