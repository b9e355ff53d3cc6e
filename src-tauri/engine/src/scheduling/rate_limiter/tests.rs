//! The limit against bodies of a made-up world: what they are granted in any five seconds.

use super::*;
use proptest::prelude::*;
use std::collections::BTreeMap;

const MB: u64 = 1_000_000;

fn ms(ms: u64) -> EngineTime {
    Duration::from_millis(ms)
}

/// A body on a slow computer: it comes `late` after its time, and takes as long again to ask for more.
#[derive(Clone, Debug)]
struct Body {
    piece: u64,
    late: Vec<u64>,
}

#[derive(Clone, Copy, Debug)]
enum What {
    Asks(usize),
    Comes(usize, Ticket),
    Limit(Option<u64>),
}

/// The grants with their times, and the limits with the times from which they applied.
type Course = (Vec<(EngineTime, u64)>, Vec<(EngineTime, u64)>);

/// Runs the bodies for `span`, with events in the order of their times.
fn run(first: u64, bodies: &[Body], changes: &[(u64, u64)], span: EngineTime) -> Course {
    let mut limit = Limit::new(Some(first));
    let (mut granted, mut limits) = (Vec::new(), vec![(EngineTime::ZERO, first)]);
    let mut ahead: BTreeMap<(EngineTime, u64), What> = BTreeMap::new();
    let mut count = 0;
    let mut put = |ahead: &mut BTreeMap<_, _>, at: EngineTime, what: What| {
        count += 1;
        ahead.insert((at, count), what);
    };
    for (n, _) in bodies.iter().enumerate() {
        put(&mut ahead, EngineTime::ZERO, What::Asks(n));
    }
    for (at, rate) in changes {
        put(&mut ahead, ms(*at), What::Limit(Some(*rate)));
    }
    let mut times = vec![0; bodies.len()];
    let mut lateness = |n: usize| {
        times[n] += 1;
        ms(bodies[n].late[times[n] % bodies[n].late.len()])
    };
    let mut tickets: BTreeMap<usize, Ticket> = BTreeMap::new();
    while let Some(((now, _), what)) = ahead.pop_first() {
        if now > span {
            break;
        }
        match what {
            What::Limit(rate) => {
                limit.set(now, rate);
                limits.push((now, rate.unwrap_or(0)));
                // those that wait are woken at once
                for (n, ticket) in &tickets {
                    put(&mut ahead, now + ms(1), What::Comes(*n, *ticket));
                }
            }
            What::Asks(n) => {
                let bytes = bodies[n].piece.min(limit.step());
                match limit.request(now, bytes) {
                    Ok(()) => {
                        granted.push((now, bytes));
                        put(&mut ahead, now + lateness(n), What::Asks(n));
                    }
                    Err(ticket) => {
                        tickets.insert(n, ticket);
                        put(&mut ahead, now, What::Comes(n, ticket));
                    }
                }
            }
            What::Comes(n, ticket) if tickets.get(&n) == Some(&ticket) => {
                match limit.turn(now, ticket) {
                    Ok(bytes) => {
                        tickets.remove(&n);
                        granted.push((now, bytes));
                        put(&mut ahead, now + lateness(n), What::Asks(n));
                    }
                    Err(until) => put(&mut ahead, until + lateness(n), What::Comes(n, ticket)),
                }
            }
            What::Comes(..) => {}
        }
    }
    (granted, limits)
}

/// The bytes that the limits allow between two times.
#[allow(clippy::cast_precision_loss, reason = "compared to a percent")]
fn allowed(limits: &[(EngineTime, u64)], from: EngineTime, to: EngineTime) -> f64 {
    let ends = limits.iter().skip(1).map(|(at, _)| *at).chain([EngineTime::MAX]);
    limits
        .iter()
        .zip(ends)
        .map(|((begins, rate), ends)| {
            ends.min(to).saturating_sub((*begins).max(from)).as_secs_f64() * *rate as f64
        })
        .sum()
}

/// The lowest and highest share of the limit in any window. If the limit changed, one step more or less is allowed,
/// which was granted under the limit before.
#[allow(clippy::cast_precision_loss, reason = "compared to a percent")]
fn extremes((granted, limits): &Course, window: EngineTime, span: EngineTime) -> (f64, f64) {
    let (mut least, mut most) = (f64::MAX, f64::MIN);
    for (at, _) in granted {
        // windows that start with this grant, and right after it
        for from in [*at, *at + Duration::from_nanos(1)] {
            let to = from + window;
            if to > span {
                continue;
            }
            let sent: u64 =
                granted.iter().filter(|(at, _)| (from..to).contains(at)).map(|(_, n)| n).sum();
            let changed = limits[1..]
                .iter()
                .any(|(at, _)| (from..to + ms(1_000)).contains(&(*at + ms(1_000))));
            let largest = limits.iter().map(|(_, rate)| Limit::new(Some(*rate)).step()).max();
            let step = if changed { largest.unwrap_or(0).min(65_536) } else { 0 };
            let allowed = allowed(limits, from, to);
            least = least.min((sent + step) as f64 / allowed);
            most = most.max(sent.saturating_sub(step) as f64 / allowed);
        }
    }
    (least, most)
}

fn bodies() -> impl Strategy<Value = Vec<Body>> {
    let body = (512u64..=65_536, prop::collection::vec(0u64..=12, 1..5));
    prop::collection::vec(body.prop_map(|(piece, late)| Body { piece, late }), 3..40)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// With enough demand, the rate is within five percent in any five seconds, through any changes.
    #[test]
    fn any_five_seconds_hold_it(
        bodies in bodies(),
        first in 100_000u64..2 * MB,
        changes in prop::collection::vec((1_000u64..11_000, 100_000u64..2 * MB), 0..4),
    ) {
        let mut changes = changes;
        changes.sort_unstable();
        // a few small pieces that are each some milliseconds late cannot fill any limit
        let pieces: u64 = bodies.iter().map(|body| body.piece).sum();
        prop_assume!(pieces * 1000 / 25 > 3 * MB);
        let course = run(first, &bodies, &changes, ms(12_000));
        let (least, most) = extremes(&course, ms(5_000), ms(12_000));
        prop_assert!(least > 0.95 && most < 1.05, "{least} to {most}");
    }

    /// However late the bodies come, and however long none did: never more than the limit.
    #[test]
    fn never_more_whatever_the_computer_does(
        late in prop::collection::vec(prop::collection::vec(0u64..2_000, 1..6), 1..40),
        rate in 100_000u64..20 * MB,
    ) {
        let bodies: Vec<Body> = late.into_iter().map(|late| Body { piece: 65_536, late }).collect();
        let course = run(rate, &bodies, &[], ms(12_000));
        let (_, most) = extremes(&course, ms(5_000), ms(12_000));
        prop_assert!(most < 1.05, "{most}");
    }
}

#[test]
fn nothing_is_saved_up_while_nobody_asks() {
    let mut limit = Limit::new(Some(MB));
    let mut at_once = 0;
    while limit.request(ms(3_600_000), 10_000).is_ok() {
        at_once += 10_000;
    }
    assert!(at_once <= 60_000, "{at_once}");
}

#[test]
fn everybody_goes_in_turn_and_has_a_time_of_its_own() {
    let mut limit = Limit::new(Some(MB));
    while limit.request(EngineTime::ZERO, 10_000).is_ok() {}
    let tickets: Vec<Ticket> =
        (0..5).map(|_| limit.request(EngineTime::ZERO, 10_000).unwrap_err()).collect();
    let times: Vec<EngineTime> =
        tickets.iter().map(|ticket| limit.turn(EngineTime::ZERO, *ticket).unwrap_err()).collect();
    assert!(times.is_sorted_by(|a, b| *b == *a + ms(10)), "{times:?}");
    // the last comes first: those before it keep their turns
    let now = times[4];
    for ticket in tickets.iter().rev() {
        assert_eq!(limit.turn(now, *ticket), Ok(10_000));
    }
    limit.request(now, 1).unwrap_err();
}

#[test]
fn who_does_not_come_any_more_holds_up_nobody() {
    let mut limit = Limit::new(Some(100_000));
    while limit.request(EngineTime::ZERO, 10_000).is_ok() {}
    let [gone, last] =
        [50_000, 10_000].map(|bytes| limit.request(EngineTime::ZERO, bytes).unwrap_err());
    let before = limit.turn(EngineTime::ZERO, last).unwrap_err();
    assert_eq!(limit.give_back(gone).collect::<Vec<_>>(), [last]);
    assert_eq!(limit.turn(EngineTime::ZERO, last).unwrap_err(), before - ms(500));
    assert_eq!(limit.give_back(gone).count(), 0, "it was given back already");
}

#[test]
fn another_limit_holds_at_once_and_owes_no_more_than_a_step() {
    let waits = |from: u64, to: Option<u64>| {
        let mut limit = Limit::new(Some(from));
        while limit.request(EngineTime::ZERO, 65_536.min(limit.step())).is_ok() {}
        let ticket = limit.request(EngineTime::ZERO, 65_536.min(limit.step())).unwrap_err();
        limit.set(EngineTime::ZERO, to);
        // one waits before it
        limit.turn(EngineTime::ZERO, ticket).err().unwrap_or_default()
    };
    assert!(waits(MB, Some(100 * MB)) < ms(2));
    assert!(waits(100 * MB, Some(MB)) < ms(140));
    // even the lowest limit delays nobody beyond the next one's time
    assert!(waits(1, Some(MB)) < ms(3));
    assert_eq!(waits(MB, None), EngineTime::ZERO);
}

#[test]
fn no_limit_is_none() {
    for none in [None, Some(0)] {
        let mut limit = Limit::new(none);
        assert_eq!((limit.rate(), limit.step()), (None, u64::MAX));
        assert_eq!(limit.request(EngineTime::ZERO, u64::MAX), Ok(()));
    }
}
