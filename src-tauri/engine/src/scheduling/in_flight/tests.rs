//! Which part may send, and when another may start.

use super::*;

const MIB: u64 = 1 << 20;

fn room(parts: usize, bytes: u64, rate: u64) -> Room {
    Room { parts, requests: parts.max(8), bytes, rate }
}

fn at(seconds: u64) -> EngineTime {
    Duration::from_secs(seconds)
}

#[test]
fn on_a_slow_line_the_next_part_starts_when_the_one_before_is_nearly_sent() {
    let mut parts = InFlight::default();
    let room = room(1, 10 * MIB, MIB);
    let (_, first) = parts.start(at(0), 5 * MIB);
    assert!(!parts.admits(at(0), 5 * MIB, &room));
    first.add(2 * MIB);
    assert!(!parts.admits(at(1), 5 * MIB, &room));
    first.add(MIB);
    assert!(parts.admits(at(1), 5 * MIB, &room));
    let (_, second) = parts.start(at(1), 5 * MIB);
    parts.take_turns(at(1), &room);
    assert!(second.is_open(), "the line must not idle");
    assert!(!parts.admits(at(1), 5 * MIB, &room), "two parts are the bound");
}

#[test]
fn two_parts_that_share_a_slow_line_do_not_start_together() {
    let mut parts = InFlight::default();
    let room = room(2, 10 * MIB, MIB);
    let (_, first) = parts.start(at(0), 5 * MIB);
    assert!(!parts.admits(at(0), 5 * MIB, &room));
    assert!(
        parts.admits(at(0), 5 * MIB, &self::room(2, 10 * MIB, 0)),
        "nothing is known of the line"
    );
    assert!(parts.admits(at(0), 5 * MIB, &self::room(2, u64::MAX, MIB)), "the user's number");
    first.add(2 * MIB + MIB / 2);
    parts.take_turns(at(2), &room);
    assert!(parts.admits(at(2), 5 * MIB, &room));
    parts.start(at(2), 5 * MIB);
    first.add(2 * MIB + MIB / 2);
    parts.take_turns(at(4), &room);
    assert!(!parts.admits(at(4), 5 * MIB, &room), "nor does the third with the second");
}

/// One connection that has lost packets may be far below what the line carries.
#[test]
fn the_second_part_waits_no_longer_than_two_seconds_for_a_first_that_is_slow() {
    let mut parts = InFlight::default();
    let room = room(2, 10 * MIB, MIB);
    let (_, first) = parts.start(at(0), 5 * MIB);
    first.add(MIB / 4);
    parts.take_turns(at(1), &room);
    assert!(!parts.admits(at(1), 5 * MIB, &room));
    first.add(MIB / 4);
    parts.take_turns(at(2), &room);
    assert!(parts.admits(at(2), 5 * MIB, &room));
}

#[test]
fn the_oldest_sends_first_when_the_line_becomes_slow() {
    let mut parts = InFlight::default();
    let started: Vec<_> = (0..24).map(|_| parts.start(at(0), 5 * MIB).1).collect();
    parts.take_turns(at(1), &room(1, 10 * MIB, MIB));
    let open: Vec<bool> = started.iter().map(|part| part.is_open()).collect();
    assert_eq!(open.iter().filter(|open| **open).count(), 1);
    assert!(open[0]);
    parts.take_turns(at(2), &room(24, 200 * MIB, 100 * MIB));
    assert_eq!(parts.open(), 24);
}

#[test]
fn a_part_that_hangs_holds_up_nobody() {
    let mut parts = InFlight::default();
    let room = room(1, 10 * MIB, MIB);
    parts.start(at(0), 5 * MIB);
    parts.take_turns(at(2), &room);
    assert!(!parts.admits(at(2), 5 * MIB, &room));
    parts.take_turns(at(3), &room);
    assert!(parts.admits(at(3), 5 * MIB, &room));
}

#[test]
fn small_files_do_not_wait_for_a_large_part() {
    let mut parts = InFlight::default();
    let room = room(1, 10 * MIB, MIB / 4);
    parts.start(at(0), 5 * MIB);
    for _ in 0..7 {
        assert!(parts.admits(at(0), 100_000, &room));
        let (_, small) = parts.start(at(0), 100_000);
        parts.take_turns(at(0), &room);
        assert!(small.is_open());
    }
    assert!(!parts.admits(at(0), 100_000, &room), "eight requests");
}

#[test]
fn small_files_pass_a_part_above_the_budget() {
    let mut parts = InFlight::default();
    let room = room(1, 10 * MIB, MIB);
    parts.start(at(0), 105 * MIB);
    for _ in 0..5 {
        assert!(parts.admits(at(0), 200_000, &room));
        parts.start(at(0), 200_000);
    }
    assert!(!parts.admits(at(0), 200_000, &room), "a megabyte of them");
}

#[test]
fn a_time_that_comes_before_another_is_no_mistake() {
    let mut parts = InFlight::default();
    let room = room(1, 10 * MIB, MIB);
    let (number, part) = parts.start(at(5), 5 * MIB);
    part.add(5 * MIB);
    // granted before the part started, and before it was seen to be handed over
    parts.take_turns(at(4), &room);
    parts.end(at(3), number);
    assert_eq!(parts.len(), 0);
}

#[test]
fn parts_above_the_budget_follow_one_another() {
    let mut parts = InFlight::default();
    let room = room(1, 10 * MIB, MIB);
    let (number, first) = parts.start(at(0), 105 * MIB);
    first.add(103 * MIB + 1);
    assert!(parts.admits(at(0), 105 * MIB, &room));
    parts.start(at(0), 105 * MIB);
    assert!(!parts.admits(at(0), 105 * MIB, &room));
    parts.end(at(1), number);
    assert!(!parts.admits(at(0), 105 * MIB, &room));
}

#[test]
fn parts_that_are_answered_long_after_they_left_were_in_buffers() {
    let mut parts = InFlight::default();
    let room = room(2, 10 * MIB, 0);
    for round in 0..6 {
        assert_eq!(parts.is_buffered(), round >= 3, "{round}");
        let (number, part) = parts.start(at(round * 10), 5 * MIB);
        part.add(5 * MIB);
        parts.take_turns(at(round * 10 + 1), &room);
        parts.end(at(round * 10 + 4), number);
    }
    for round in 6..12 {
        let (number, part) = parts.start(at(round * 10), 5 * MIB);
        part.add(5 * MIB);
        parts.take_turns(at(round * 10 + 4), &room);
        parts.end(at(round * 10 + 5), number);
    }
    assert!(!parts.is_buffered(), "a line that takes four seconds and answers in one");
}

#[test]
fn a_part_that_is_let_on_is_woken() {
    let part = Progress::new(1);
    let context = Context::from_waker(Waker::noop());
    assert_eq!(part.poll_open(&context), Poll::Ready(()));
    part.set_open(false);
    assert_eq!(part.poll_open(&context), Poll::Pending);
    part.set_open(true);
    assert!(part.waits().is_none());
}
