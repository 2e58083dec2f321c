//! Group commit of whole use cases on SQLite.
//!
//! # Doctrine
//!
//! SQLite has one writer, and a durable commit waits for the disk. So the use cases that wait for the
//! writer share one commit. There is one writing connection behind one fair lock. Whoever gets the lock
//! opens the group with `begin immediate` if none is open, and runs under a savepoint of its own:
//!
//! ```text
//! idle ──write()──► open, held ──leaves, somebody is queued──► open, free ──next write()──► open, held …
//!   ▲                  │ leaves, and nobody is queued, or the group has 256 members or is 50 ms old
//!   └─ COMMIT, wake all ┘ (leaves = commit(): savepoint released, member registered; or drop: rolled back)
//! ```
//!
//! 1. **Nothing is acknowledged before the COMMIT** that contains it: `commit()` of a use case returns
//!    when the group's COMMIT did, with the same result for every member. A failed COMMIT fails all of
//!    them, and none of them is in the file.
//! 2. **Whoever leaves and sees nobody queued commits.** A use case is *queued* from the moment its
//!    ticket is drawn (before it asks for the lock) until it holds the lock. While somebody is queued, the
//!    group may stay open, because that somebody will get the lock and decide again on leaving.
//! 3. **A dropped use case leaves no trace** but does not disturb its neighbours: its savepoint is rolled
//!    back before the lock is given up. If SQLite itself gave the transaction up (disk full, I/O), the
//!    members that waited are failed, never told that all is well.
//! 4. **A use case must not wait for anything slow while it holds a [`crate::Tx`]** (a network, a child
//!    process, another Tx): everybody behind it waits, and so does everybody in its group. Who waits for the
//!    lock longer than thirty seconds is turned away with a message that says so. For the same reason a
//!    `write()` future, once polled, must be polled on or dropped, not kept aside.
//! 5. A *batch* takes the writer alone: the open group is committed first, then it has a transaction of
//!    its own. Long work is cut in batches.
//!
//! # No lost group: why an open group always finds somebody to commit it
//!
//! The danger is a group left open with nobody coming: the holder leaves because a ticket is queued, and
//! that ticket is dropped (its future was cancelled). Both sides therefore look twice:
//!
//! - the holder, on leaving with tickets queued: unlock; fence; read the count; if it is zero, `try_lock`
//!   and commit what is open;
//! - the dropper of a queued ticket: count down; fence; if that was the last, `try_lock` and commit what is
//!   open. Its place in the lock's queue is already given up then, because locals drop in reverse order.
//!
//! Suppose a group stays open, the lock free, the count zero. Take the last unlock and the last count-down.
//! Both are followed by a sequentially consistent fence, so one of the two parties sees the act of the
//! other: either the holder reads zero and tries the lock, or the dropper finds the lock free. If that
//! `try_lock` fails, somebody else holds the lock, or was just handed it: then either it is a ticket holder,
//! who runs these same steps later than "last" (contradiction), or it is another party of this second look,
//! which commits before unlocking and looks again after. So the supposed end state cannot be the last one.
//! A handed lock whose future is dropped passes on to the next in line or becomes free *before* the ticket is
//! counted down, which is the dropper's case again.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering, fence},
    },
    time::{Duration, Instant},
};

use kernel::{Error, Result};
use rusqlite::Connection;
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};

use crate::{
    meter::Meter,
    sqlite::{command, in_place},
};

/// A group is committed at this size even if others are queued, so that the first member waits little.
const GROUP_LIMIT: usize = 256;
/// … and at this age, for the same reason, when the use cases are slow.
const GROUP_AGE: Duration = Duration::from_millis(50);
const PATIENCE: Duration = Duration::from_secs(30);

/// The one writer of a database file and the group it has open.
pub(crate) struct Group {
    writer: Arc<Mutex<Writer>>,
    queued: AtomicUsize,
}

/// The writing connection; behind the lock.
pub(crate) struct Writer {
    connection: Connection,
    open: bool,
    since: Instant,
    members: Vec<oneshot::Sender<Result<(), String>>>,
}

/// A queued use case.
struct Ticket(Arc<Group>);

impl Ticket {
    fn draw(group: &Arc<Group>) -> Self {
        group.queued.fetch_add(1, Ordering::SeqCst);
        Self(Arc::clone(group))
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let was = self.0.queued.fetch_sub(1, Ordering::SeqCst);
        fence(Ordering::SeqCst);
        if was == 1 {
            self.0.look_again();
        }
    }
}

impl Group {
    pub(crate) fn new(connection: Connection) -> Arc<Self> {
        let writer = Writer {
            connection,
            open: false,
            since: Instant::now(),
            members: Vec::new(),
        };
        Arc::new(Self {
            writer: Arc::new(Mutex::new(writer)),
            queued: AtomicUsize::new(0),
        })
    }

    /// Waits for the writer. The ticket is counted down by whoever holds the lock now: inside the lock,
    /// where `look_again` finds it taken and leaves the decision to us.
    async fn lock(self: &Arc<Self>) -> Result<OwnedMutexGuard<Writer>> {
        let ticket = Ticket::draw(self);
        let lock = tokio::time::timeout(PATIENCE, Arc::clone(&self.writer).lock_owned()).await;
        let guard = lock.map_err(|_| {
            Error::broken("waited 30 s for the writer: somebody holds a transaction while waiting for something slow")
        })?;
        drop(ticket);
        Ok(guard)
    }

    /// Begins one use case in the open group, or in a new one.
    pub(crate) async fn write(self: &Arc<Self>) -> Result<Seat> {
        let guard = self.lock().await?;
        // From here on the seat's drop leaves the lock in order, whatever fails.
        let mut seat = Seat {
            group: Arc::clone(self),
            guard: Some(guard),
            kind: Kind::Nothing,
        };
        in_place(|| seat.begin_use_case())?;
        Ok(seat)
    }

    /// Begins a transaction that takes the writer alone.
    pub(crate) async fn batch(self: &Arc<Self>) -> Result<Seat> {
        let guard = self.lock().await?;
        let mut seat = Seat {
            group: Arc::clone(self),
            guard: Some(guard),
            kind: Kind::Nothing,
        };
        in_place(|| seat.begin_batch())?;
        Ok(seat)
    }

    /// Gives the writer up: commits the group if nobody else will, and looks again after unlocking.
    fn leave(&self, mut guard: OwnedMutexGuard<Writer>) {
        if self.queued.load(Ordering::SeqCst) == 0 || guard.is_ripe() {
            in_place(|| guard.finish());
        }
        drop(guard);
        fence(Ordering::SeqCst);
        if self.queued.load(Ordering::SeqCst) == 0 {
            self.look_again();
        }
    }

    /// The second look of the header. Loops, because while it holds the lock it is a holder too: a ticket
    /// that was dropped meanwhile found the lock taken and relies on it.
    fn look_again(&self) {
        while self.queued.load(Ordering::SeqCst) == 0 {
            let Ok(mut writer) = self.writer.try_lock() else { return };
            if !writer.open {
                return;
            }
            in_place(|| writer.finish());
            drop(writer);
            fence(Ordering::SeqCst);
        }
    }
}

impl Writer {
    /// Whether the group is committed although others are queued.
    fn is_ripe(&self) -> bool {
        self.members.len() >= GROUP_LIMIT || (self.open && self.since.elapsed() >= GROUP_AGE)
    }

    /// Commits the group and tells every member the result.
    fn finish(&mut self) {
        if !self.open {
            return;
        }
        self.open = false;
        let _meter = Meter::start("commit");
        let result = if self.connection.is_autocommit() {
            Err("SQLite gave the transaction up".to_owned())
        } else {
            command(&self.connection, "commit").map_err(|error| error.to_string())
        };
        if result.is_err() && !self.connection.is_autocommit() {
            // If even this fails, the next `begin` fails and says so.
            let _ = command(&self.connection, "rollback");
        }
        metrics::histogram!("zhixin_db_group_size").record(f64::from(u32::try_from(self.members.len()).unwrap_or(0)));
        for member in self.members.drain(..) {
            // A member that stopped waiting has nobody to tell.
            let _ = member.send(result.clone());
        }
    }

    /// Takes one use case back. If its savepoint cannot be rolled back, the whole group is.
    fn undo_use_case(&mut self) {
        let undone = command(&self.connection, "rollback to use_case").and_then(|()| self.release());
        if undone.is_err() {
            if !self.connection.is_autocommit() {
                let _ = command(&self.connection, "rollback");
            }
            self.finish();
        }
    }

    fn release(&self) -> Result<()> {
        command(&self.connection, "release use_case")
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Not begun, or already over.
    Nothing,
    UseCase,
    Batch,
}

/// The right to write, held by one use case or batch. Dropping it rolls its work back.
pub(crate) struct Seat {
    group: Arc<Group>,
    guard: Option<OwnedMutexGuard<Writer>>,
    kind: Kind,
}

impl Seat {
    fn writer(&mut self) -> &mut Writer {
        self.guard.as_mut().expect("a seat has the writer until it is left")
    }

    pub(crate) fn connection(&self) -> &Connection {
        &self
            .guard
            .as_ref()
            .expect("a seat has the writer until it is left")
            .connection
    }

    fn begin_use_case(&mut self) -> Result<()> {
        let writer = self.writer();
        if writer.open && writer.connection.is_autocommit() {
            writer.finish();
        }
        if !writer.open {
            command(&writer.connection, "begin immediate")?;
            writer.open = true;
            writer.since = Instant::now();
        }
        command(&writer.connection, "savepoint use_case")?;
        self.kind = Kind::UseCase;
        Ok(())
    }

    fn begin_batch(&mut self) -> Result<()> {
        let writer = self.writer();
        writer.finish();
        command(&writer.connection, "begin immediate")?;
        self.kind = Kind::Batch;
        Ok(())
    }

    /// Makes the work durable and gives the writer up.
    pub(crate) async fn commit(mut self) -> Result<()> {
        if self.kind == Kind::Batch {
            return self.commit_batch();
        }
        let told = self.join_group()?;
        drop(self);
        match told.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(message)) => Err(Error::broken(format!("the commit of a group failed: {message}"))),
            Err(_) => Err(Error::broken("the writer went away before the commit")),
        }
    }

    fn join_group(&mut self) -> Result<oneshot::Receiver<Result<(), String>>> {
        self.writer().release()?;
        self.kind = Kind::Nothing;
        let (tell, told) = oneshot::channel();
        self.writer().members.push(tell);
        Ok(told)
    }

    fn commit_batch(&mut self) -> Result<()> {
        let connection = self.connection();
        in_place(|| {
            let _meter = Meter::start("commit");
            command(connection, "commit")
        })?;
        self.kind = Kind::Nothing;
        Ok(())
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let Some(mut guard) = self.guard.take() else { return };
        match self.kind {
            Kind::Nothing => {}
            Kind::UseCase => guard.undo_use_case(),
            Kind::Batch if guard.connection.is_autocommit() => {}
            Kind::Batch => {
                // If it fails, the next `begin` fails and says so.
                let _ = command(&guard.connection, "rollback");
            }
        }
        self.group.leave(guard);
    }
}
