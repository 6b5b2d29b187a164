//! What threads make, handed over in order.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// Bytes of text whose rows may wait for the output.
const AHEAD: usize = 16 << 20;

/// What workers have made of numbered things, by the number of the first.
pub(super) struct Queue<T> {
    state: Mutex<State<T>>,
    /// The batch that the output waits for is there.
    ready: Condvar,
    /// There is room for more.
    room: Condvar,
}

struct State<T> {
    made: BTreeMap<usize, Made<T>>,
    /// The thing that the output waits for.
    turn: usize,
    /// The first thing that nobody has claimed.
    next: usize,
    /// Bytes of text whose rows wait.
    bytes: usize,
    stop: bool,
}

/// What has been made of some things in a row.
pub(super) struct Made<T> {
    pub(super) what: T,
    /// How many things.
    pub(super) count: usize,
    /// Bytes of their text.
    pub(super) bytes: usize,
}

impl<T> Queue<T> {
    pub(super) fn new() -> Queue<T> {
        let state = State {
            made: BTreeMap::new(),
            turn: 0,
            next: 0,
            bytes: 0,
            stop: false,
        };
        Queue {
            state: Mutex::new(state),
            ready: Condvar::new(),
            room: Condvar::new(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        // A worker that panics holds no half-made state.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next things for a worker, `most` at a time, once there is room for
    /// their rows. Those that the output waits for are given out at once.
    pub(super) fn claim(
        &self,
        len: usize,
        most: usize,
    ) -> Option<Range<usize>> {
        let full = |it: &mut State<T>| {
            !it.stop && it.bytes > AHEAD && it.next != it.turn
        };
        let mut state = self
            .room
            .wait_while(self.lock(), full)
            .unwrap_or_else(PoisonError::into_inner);
        if state.stop || state.next >= len {
            return None;
        }
        let start = state.next;
        state.next = len.min(start + most);
        Some(start..state.next)
    }

    pub(super) fn put(&self, start: usize, made: Made<T>) {
        let mut state = self.lock();
        state.bytes += made.bytes;
        state.made.insert(start, made);
        if start == state.turn {
            self.ready.notify_one();
        }
    }

    /// Waits for what is next in order; `None` when it will never come.
    pub(super) fn take(&self) -> Option<Made<T>> {
        let mut state = self.lock();
        loop {
            let turn = state.turn;
            if let Some(made) = state.made.remove(&turn) {
                state.turn += made.count;
                return Some(made);
            }
            if state.stop {
                return None;
            }
            state =
                self.ready.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Rows of so many bytes of text have been printed.
    pub(super) fn done(&self, bytes: usize) {
        self.lock().bytes -= bytes;
        self.room.notify_all();
    }
}

/// Ends the work of all, whichever side goes first.
pub(super) struct Stop<'q, T> {
    pub(super) queue: &'q Queue<T>,
    pub(super) panics_only: bool,
}

impl<T> Drop for Stop<'_, T> {
    fn drop(&mut self) {
        if self.panics_only && !thread::panicking() {
            return;
        }
        self.queue.lock().stop = true;
        self.queue.room.notify_all();
        self.queue.ready.notify_all();
    }
}
