//! Rounds as a list, and one round with everything.

use std::collections::BTreeMap;

use db::Tx;
use db::jobs::Status;
use kernel::{Deadline, Error, ExpertId, Result};
use registry::taxonomy::deadlines;
use registry::{Ctx, Listed, Window};
use rules::calls::review::RoundCode;
use rules::permits::Act;

use super::panel::Minutes;
use super::store::{self, place::Ranked, round::RoundLine};
use super::{Bar, Given, Item, ItemId, Round, RoundId, Seat, round};

/// What the list is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct RoundFilter {
    /// One state's.
    pub state: Option<RoundCode>,
}

/// A round with everything that belongs to it.
#[derive(Debug, Clone)]
pub struct Whole {
    /// The round.
    pub round: Round,
    /// What is reviewed, by number.
    pub items: Vec<Item>,
    /// Who takes part, by id.
    pub seats: Vec<Seat>,
    /// Pairs that are not assigned.
    pub bars: Vec<Bar>,
    /// Reviews, those given back too.
    pub reviews: Vec<Given>,
    /// The panel's minutes, oldest first.
    pub minutes: Vec<Minutes>,
}

impl Whole {
    pub(super) async fn load(tx: &mut Tx, round: Round) -> Result<Self> {
        let id = round.id;
        Ok(Self {
            round,
            items: store::item::of(tx, id).await?,
            seats: store::seat::of(tx, id).await?,
            bars: store::bar::of(tx, id).await?,
            reviews: store::review::of(tx, id).await?,
            minutes: store::minutes::of(tx, id).await?,
        })
    }

    /// An expert's name as it was when the round was assigned.
    #[must_use]
    pub fn name_of(&self, expert: ExpertId) -> &str {
        let at = self.seats.binary_search_by_key(&expert, |seat| seat.expert);
        at.map_or("", |at| self.seats[at].name.as_str())
    }

    /// What is reviewed, by id.
    #[must_use]
    pub fn item(&self, id: ItemId) -> Option<&Item> {
        self.items.iter().find(|item| item.id == id)
    }

    /// How many reviews each expert has that were not given back.
    #[must_use]
    pub fn loads(&self) -> BTreeMap<ExpertId, u32> {
        let mut loads = BTreeMap::new();
        for one in &self.reviews {
            if one.review.code() != rules::calls::review::ReviewCode::Recused {
                *loads.entry(one.expert).or_insert(0) += 1;
            }
        }
        loads
    }
}

/// A round for its pages.
#[derive(Debug, Clone)]
pub struct View {
    /// Everything that belongs to it.
    pub whole: Whole,
    /// The ranking, once closed.
    pub ranking: Vec<Ranked>,
    /// By when reviews are signed.
    pub due: Option<Deadline>,
    /// The job that assigns.
    pub job: Option<Status>,
}

/// Rounds in sight.
///
/// # Errors
/// Storage failures.
pub async fn list(ctx: &Ctx, filter: &RoundFilter, window: &Window) -> Result<Listed<RoundLine>> {
    let mut tx = ctx.db.read().await?;
    store::round::list(&mut tx, &ctx.scope(Act::ListRounds), filter, window).await
}

/// One round.
///
/// # Errors
/// NotFound when out of sight.
pub async fn view(ctx: &Ctx, id: RoundId) -> Result<View> {
    let mut tx = ctx.db.snapshot().await?;
    let round = store::round::load(&mut tx, id).await?;
    ctx.may(Act::ListRounds, &round.place)?;
    let job = match round.job {
        Some(job) => match db::jobs::load(&mut tx, job).await {
            Ok(status) => Some(status),
            Err(Error::NotFound) => None,
            Err(error) => return Err(error),
        },
        None => None,
    };
    Ok(View {
        whole: Whole::load(&mut tx, round).await?,
        ranking: store::place::of(&mut tx, id).await?,
        due: deadlines::find(&mut tx, round::KIND, id.get(), round::SIGN).await?,
        job,
    })
}

/// The round of a thing reviewed, in sight.
///
/// # Errors
/// NotFound when out of sight.
pub async fn round_of(ctx: &Ctx, item: ItemId) -> Result<RoundId> {
    let mut tx = ctx.db.read().await?;
    let id = store::item::round_of(&mut tx, item).await?;
    let round = store::round::load(&mut tx, id).await?;
    ctx.may(Act::ListRounds, &round.place)?;
    Ok(id)
}
