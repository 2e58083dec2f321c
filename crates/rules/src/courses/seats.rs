//! The seats of a class, general ones and those reserved for front-line staff, and the waiting list.
//!
//! General seats = capacity − reserved. A front-line person takes a reserved seat first, then a general one;
//! everybody else takes a general seat. Who finds none waits, in the order of arrival. A freed seat goes to the
//! first who waits and may have it; only then is it free again. The use case keeps the class row locked from
//! reading these counters to writing them, so no more seats than the capacity are given however many ask at once.
//! Deliberately absent: priorities within the waiting list.

use kernel::{Error, Result};

kernel::codes! {
    /// Which kind of seat a person has.
    pub enum Seat {
        /// A general seat.
        General = "general" "普通名额",
        /// A seat reserved for front-line staff.
        Reserved = "reserved" "基层一线名额",
        /// No seat yet.
        None = "none" "无",
    }
}

/// The counters of one class: free seats of each kind, how many wait, and the next place in the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Seats {
    /// Free general seats.
    pub general: i64,
    /// Free reserved seats.
    pub reserved: i64,
    /// People waiting.
    pub waiting: i64,
    /// The number the next arrival gets; rises by one with each, so it tells the order of arrival.
    pub next_place: i64,
}

/// What an arrival got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// A seat of this kind.
    Seat {
        /// Which kind.
        seat: Seat,
        /// The order of arrival.
        place: i64,
    },
    /// A place in the queue.
    Queue {
        /// The order of arrival.
        place: i64,
        /// How many wait now, this one included: 候补第 n 位 at this moment.
        ahead: i64,
    },
}

/// Somebody in the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Queued<T> {
    /// Who.
    pub who: T,
    /// The order of arrival.
    pub place: i64,
    /// Front-line staff may have a reserved seat.
    pub front_line: bool,
}

impl Seats {
    /// The counters of a class that is just being published.
    #[must_use]
    pub fn new(capacity: i64, reserved: i64) -> Self {
        Self {
            general: capacity - reserved,
            reserved,
            waiting: 0,
            next_place: 1,
        }
    }

    /// Free seats of both kinds.
    #[must_use]
    pub const fn free(self) -> i64 {
        self.general + self.reserved
    }

    /// Somebody arrives.
    pub fn take(&mut self, front_line: bool) -> Taken {
        let place = self.next_place;
        self.next_place += 1;
        if front_line && self.reserved > 0 {
            self.reserved -= 1;
            Taken::Seat {
                seat: Seat::Reserved,
                place,
            }
        } else if self.general > 0 {
            self.general -= 1;
            Taken::Seat {
                seat: Seat::General,
                place,
            }
        } else {
            self.waiting += 1;
            Taken::Queue {
                place,
                ahead: self.waiting,
            }
        }
    }

    /// Somebody who waited leaves the queue.
    pub fn leave_queue(&mut self) {
        self.waiting -= 1;
    }

    /// A seat is given back.
    pub fn give_back(&mut self, seat: Seat) {
        match seat {
            Seat::General => self.general += 1,
            Seat::Reserved => self.reserved += 1,
            Seat::None => {}
        }
    }

    /// Gives free seats to those who wait, in the order of arrival: who, and which kind of seat.
    /// `queue` is in that order and holds at least the first candidates of each kind.
    pub fn promote<T: Copy>(&mut self, queue: &[Queued<T>]) -> Vec<(T, Seat)> {
        let mut promoted = Vec::new();
        for queued in queue {
            let seat = if queued.front_line && self.reserved > 0 {
                self.reserved -= 1;
                Seat::Reserved
            } else if self.general > 0 {
                self.general -= 1;
                Seat::General
            } else {
                continue;
            };
            self.waiting -= 1;
            promoted.push((queued.who, seat));
        }
        promoted
    }

    /// The provider gives the reserved seats that nobody took to everybody.
    ///
    /// # Errors
    /// `seats.none_reserved` when none is left.
    pub fn release_reserved(&mut self) -> Result<i64> {
        if self.reserved == 0 {
            return Err(Error::refused(
                "seats.none_reserved",
                "没有剩余的基层一线名额可以释放。",
            ));
        }
        let released = self.reserved;
        self.general += released;
        self.reserved = 0;
        Ok(released)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_14_front_line_staff_take_reserved_seats_first_then_general_ones() {
        let mut seats = Seats::new(3, 1);
        assert_eq!(
            seats.take(true),
            Taken::Seat {
                seat: Seat::Reserved,
                place: 1
            }
        );
        assert_eq!(
            seats.take(true),
            Taken::Seat {
                seat: Seat::General,
                place: 2
            }
        );
        assert_eq!(
            seats.take(false),
            Taken::Seat {
                seat: Seat::General,
                place: 3
            }
        );
        assert_eq!(seats.take(true), Taken::Queue { place: 4, ahead: 1 });
        assert_eq!(seats.free(), 0);
    }

    #[test]
    fn r_14_others_wait_although_a_reserved_seat_is_free() {
        let mut seats = Seats::new(2, 1);
        seats.take(false);
        assert_eq!(seats.take(false), Taken::Queue { place: 2, ahead: 1 });
        assert_eq!(
            seats.take(true),
            Taken::Seat {
                seat: Seat::Reserved,
                place: 3
            }
        );
    }

    #[test]
    fn r_13_a_freed_seat_goes_to_the_first_who_may_have_it() {
        let mut seats = Seats {
            general: 0,
            reserved: 0,
            waiting: 2,
            next_place: 9,
        };
        let queue = [
            Queued {
                who: 'a',
                place: 5,
                front_line: false,
            },
            Queued {
                who: 'b',
                place: 7,
                front_line: true,
            },
        ];
        seats.give_back(Seat::Reserved);
        assert_eq!(seats.promote(&queue), [('b', Seat::Reserved)]);
        seats.give_back(Seat::General);
        assert_eq!(seats.promote(&queue[..1]), [('a', Seat::General)]);
        assert_eq!(
            seats,
            Seats {
                general: 0,
                reserved: 0,
                waiting: 0,
                next_place: 9
            }
        );
    }

    #[test]
    fn released_seats_are_for_everybody_once() {
        let mut seats = Seats::new(5, 5);
        assert_eq!(seats.release_reserved().expect("five are free"), 5);
        assert_eq!(
            seats.take(false),
            Taken::Seat {
                seat: Seat::General,
                place: 1
            }
        );
        assert!(seats.release_reserved().is_err());
    }
}
