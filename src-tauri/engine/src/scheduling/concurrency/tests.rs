use super::budget::SMALLEST_BUDGET;
use super::*;

fn at(seconds: u64) -> EngineTime {
    Duration::from_secs(seconds)
}

fn load(used: usize, moved: u64) -> Load {
    Load { used, has_demand: true, moved, stored: moved, part: MIN_PART, ..Load::default() }
}

/// Runs a controller for a number of seconds from `from`, over a link whose rate depends on the number of connections.
fn over(
    controller: &mut ConcurrencyController,
    from: u64,
    seconds: u64,
    link: impl Fn(usize) -> f64,
) -> Vec<usize> {
    // more than before, whatever moved then
    let mut moved = from as f64 * 1e9;
    let mut seen = vec![];
    for tick in 0..seconds * 4 {
        let now = at(from) + Duration::from_millis(250) * u32::try_from(tick).unwrap();
        let parts = controller.room().parts;
        moved += link(parts) / 4.0;
        controller.observe(now, load(parts, whole(moved)));
        if seen.last() != Some(&controller.room().parts) {
            seen.push(controller.room().parts);
        }
    }
    seen
}

fn lossy(connections: usize) -> f64 {
    (connections as f64 * 1_250_000.0).min(120_000_000.0)
}

#[test]
fn a_lossy_far_link_is_filled_within_ten_seconds() {
    let mut controller = ConcurrencyController::new(None);
    over(&mut controller, 0, 10, lossy);
    assert!(lossy(controller.allowed()) >= 0.9 * 120_000_000.0, "{}", controller.allowed());
}

#[test]
fn a_burst_at_the_beginning_misleads_nobody() {
    let mut controller = ConcurrencyController::new(None);
    // before the first packets are lost, a few connections are as fast as twenty later
    let beats = std::cell::Cell::new(0);
    over(&mut controller, 0, 10, |parts| {
        beats.set(beats.get() + 1);
        if beats.get() <= 4 { 3_500_000.0 * parts as f64 } else { lossy(parts) }
    });
    assert!(controller.allowed() >= 64, "{}", controller.allowed());
}

#[test]
fn what_brings_nothing_is_taken_back() {
    let mut controller = ConcurrencyController::new(None);
    let near = |connections: usize| (connections as f64 * 400_000_000.0).min(900_000_000.0);
    let seen = over(&mut controller, 0, 60, near);
    assert_eq!(seen, [2, 8, 16, 12, 9, 7, 6, 5, 4]);
    assert_eq!(controller.link_estimate().unwrap().connections, 4);
}

#[test]
fn a_slow_link_keeps_its_connections_few() {
    let mut controller = ConcurrencyController::new(None);
    assert_eq!(over(&mut controller, 0, 60, |_| 1_250_000.0), [2], "a part takes four seconds");
    assert_eq!(controller.room().bytes, 10_485_760);
    let mut controller = ConcurrencyController::new(None);
    let seen = over(&mut controller, 0, 120, |_| 300_000.0);
    assert_eq!(seen[..2], [2, 1], "seventeen: {seen:?}");
    assert!(seen.iter().all(|parts| *parts <= 2), "{seen:?}");
}

#[test]
fn steps_down_do_not_add_up_to_a_loss() {
    let mut controller =
        ConcurrencyController::known(LinkEstimate { connections: 64, rate: 1_250_000 });
    over(&mut controller, 0, 600, lossy);
    let kept = lossy(controller.found());
    assert!(kept >= 0.93 * lossy(96), "{} {kept}", controller.allowed());
}

#[test]
fn a_link_that_is_another_by_now_is_found_anew() {
    let mut controller =
        ConcurrencyController::known(LinkEstimate { connections: 8, rate: 20_000 });
    over(&mut controller, 0, 14, lossy);
    assert!(controller.allowed() >= 64, "{}", controller.allowed());
}

#[test]
fn two_where_one_does_not_fill_the_line() {
    let mut controller = ConcurrencyController::new(None);
    let seen = over(&mut controller, 0, 60, |parts| 600_000.0 * parts as f64);
    assert!(seen.contains(&2) && seen.iter().all(|parts| *parts <= 2), "{seen:?}");
    assert!(seen.len() < 6, "one is tried now and then: {seen:?}");
}

#[test]
fn a_line_that_becomes_slow_has_few_at_once() {
    let mut controller = ConcurrencyController::new(None);
    over(&mut controller, 0, 20, lossy);
    let before = controller.room().parts;
    assert!(before >= 64, "{before}");
    let mut moved = 20_000_000_000;
    for tick in 0..12u32 {
        moved += 1_500_000 / 4;
        let now = at(20) + Duration::from_millis(250) * tick;
        controller.observe(now, load(controller.room().parts, moved));
    }
    assert!(controller.room().parts <= 2, "one more is tried at most: {}", controller.room().parts);
    assert_eq!(controller.room().bytes, 12_000_000);
}

#[test]
fn a_line_that_is_fast_again_is_filled_again() {
    let mut controller = ConcurrencyController::new(None);
    over(&mut controller, 0, 20, |_| 1_250_000.0);
    over(&mut controller, 20, 40, |parts| 2.5 * lossy(parts));
    assert!(controller.room().parts >= 64, "{}", controller.room().parts);
}

#[test]
fn a_limit_that_one_connection_fills_has_one() {
    let mut controller = ConcurrencyController::new(None);
    let limit = Some(1_250_000);
    for tick in 0..240u32 {
        let now = Duration::from_millis(250) * tick;
        let load = load(controller.room().parts, 312_500 * u64::from(tick));
        controller.observe(now, Load { limit, ..load });
        assert_eq!(controller.room().parts, 1, "{tick}");
    }
    assert_eq!(controller.link_estimate(), None, "a limit says nothing of the line");
    controller.observe(at(60), Load { limit: None, ..load(1, 312_500 * 240) });
    over(&mut controller, 61, 20, lossy);
    assert!(controller.room().parts >= 64, "{}", controller.room().parts);
}

#[test]
fn a_limit_that_needs_many_connections_gets_them() {
    let mut controller = ConcurrencyController::new(None);
    let mut moved = 0;
    for tick in 0..80u32 {
        moved += whole(lossy(controller.room().parts).min(40_000_000.0) / 4.0);
        let load = load(controller.room().parts, moved);
        let limit = Some(40_000_000);
        controller.observe(Duration::from_millis(250) * tick, Load { limit, ..load });
    }
    assert!(lossy(controller.room().parts) >= 0.9 * 40_000_000.0, "{}", controller.room().parts);
    assert!(controller.room().parts <= 64, "{}", controller.room().parts);
}

#[test]
fn bytes_that_are_swallowed_on_the_way_are_not_believed() {
    let mut controller = ConcurrencyController::new(None);
    for tick in 0..40u32 {
        let load = load(controller.room().parts, u64::from(tick) * 100_000_000);
        let load = Load { buffered: true, stored: 0, ..load };
        controller.observe(Duration::from_millis(250) * tick, load);
    }
    assert_eq!(controller.room().bytes, SMALLEST_BUDGET);
}

#[test]
fn many_small_files_are_doubled_from_what_is_in_use() {
    let mut controller = ConcurrencyController::new(None);
    for tick in 0..8u32 {
        let load = load(8, u64::from(tick) * 1_000_000);
        controller.observe(Duration::from_millis(250) * tick, Load { part: 16_384, ..load });
    }
    assert!(controller.allowed() > 8, "{}", controller.allowed());
}

#[test]
fn a_pool_that_is_not_full_stays() {
    let mut controller = ConcurrencyController::new(None);
    for second in 1..100 {
        controller
            .observe(at(second), Load { has_demand: false, ..load(2, second * 1_000_000_000) });
    }
    assert_eq!(controller.room().parts, FIRST);
}

#[test]
fn a_new_number_is_not_judged_while_the_old_one_is_in_use() {
    let mut controller = ConcurrencyController {
        allowed: 16,
        requests: 16,
        doubles: false,
        ..ConcurrencyController::new(None)
    };
    controller.then_down = true;
    over(&mut controller, 0, 5, |_| 900_000_000.0);
    let stepped = controller.room().parts;
    assert!(stepped < 16);
    for second in 5..60 {
        controller.observe(at(second), load(17, second * 1_000));
    }
    assert_eq!(controller.room().parts, stepped);
}

#[test]
fn throttling_halves_once_and_comes_back() {
    let mut controller = ConcurrencyController::new(None);
    for _ in 0..8 {
        controller.throttled(at(5));
    }
    assert_eq!(controller.allowed(), FIRST_REQUESTS / 2);
    over(&mut controller, 5, 9, lossy);
    assert_eq!(controller.allowed(), FIRST_REQUESTS / 2);
    over(&mut controller, 15, 40, lossy);
    assert!(controller.room().parts > FIRST_REQUESTS / 2, "{}", controller.room().parts);
    controller.throttled(at(60));
    let halved = controller.allowed();
    controller.throttled(at(61));
    assert_eq!(controller.allowed(), halved, "those refused together");
    controller.throttled(at(63));
    assert!(controller.allowed() < halved, "half was still too much");
}

#[test]
fn a_fixed_number_is_kept() {
    let mut controller = ConcurrencyController::new(Some(3));
    over(&mut controller, 0, 60, lossy);
    assert_eq!(controller.allowed(), 3);
    controller.throttled(at(60));
    assert_eq!(controller.allowed(), 1);
    over(&mut controller, 70, 20, lossy);
    assert_eq!(controller.allowed(), 3);
}

#[test]
fn a_line_that_stores_parts_at_once_gets_more_before_the_first_look() {
    const MIB: u64 = 1 << 20;
    let stored = |took: u64, parts: u64| {
        let mut controller = ConcurrencyController::new(None);
        let took = Duration::from_millis(took);
        (1..=parts).for_each(|part| controller.heed_stored(took, took, 16 * MIB, part * 16 * MIB));
        controller.room().parts
    };
    assert_eq!(stored(100, 3), 2);
    assert_eq!(stored(100, 4), 8);
    assert_eq!(stored(501, 4), 2, "that is what looks are for");
}
