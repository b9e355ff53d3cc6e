//! How the file of an unfinished upload was cut into parts, read off the parts that are stored. Knows sizes; no bytes and
//! no server.

use crate::fault::{Fault, FaultKind, Reason, Result};
use crate::model::part_plan::{MAX_PART, MAX_PARTS, MIN_PART, Plan};

/// A stored part: its number and its bytes.
pub(crate) type Stored = (u16, u64);

/// The plans by which a file of this size can have been cut into these parts, the likelier one first: all parts of one
/// size, the last of what remains. Where nothing is stored yet, any will do, and there is none.
///
/// # Errors
/// `Unsupported`, where no such plan has these parts, or the file ends before them.
pub(crate) fn plans_of(parts: &[Stored], size: u64) -> Result<Vec<Plan>> {
    let Some((last, shorter)) = parts.iter().copied().max() else { return Ok(vec![]) };
    let part_size = parts.iter().map(|(_, size)| *size).max().unwrap_or(shorter);
    if parts.iter().any(|(number, size)| *number != last && *size != part_size) {
        return Err(unsupported(Reason::UnevenParts));
    }
    let mut plans = vec![plan_of(part_size, (last, shorter), size)];
    if let [_] = parts
        && let Some(before) = size.checked_sub(shorter)
        && last > 1
        && before.is_multiple_of(u64::from(last - 1))
        && before / u64::from(last - 1) > shorter
    {
        // it may be the end of a file of which nothing else is stored
        plans.push(plan_of(before / u64::from(last - 1), (last, shorter), size));
    }
    let mut refused = None;
    let mut fitting = Vec::new();
    for plan in plans {
        match plan {
            Ok(plan) => fitting.push(plan),
            Err(fault) => refused = refused.or(Some(fault)),
        }
    }
    match (fitting.is_empty(), refused) {
        (true, Some(fault)) => Err(fault),
        _ => Ok(fitting),
    }
}

fn plan_of(part_size: u64, (last, shorter): Stored, size: u64) -> Result<Plan> {
    let reaches = u64::from(last.saturating_sub(1)) * part_size + shorter;
    if last == 0 || reaches > size {
        return Err(unsupported(Reason::FileTooShort { size, reaches }));
    }
    let count = size.div_ceil(part_size.max(1));
    // the last part has no minimum
    if part_size > MAX_PART || (part_size < MIN_PART && count > 1) {
        return Err(unsupported(Reason::PartSize { size: part_size, most: None }));
    }
    match u16::try_from(count) {
        Ok(parts @ 1..=MAX_PARTS) => Ok(Plan::Multipart { part_size, parts }),
        _ => Err(unsupported(Reason::TooManyParts {
            size,
            part_size,
            fits: size.div_ceil(u64::from(MAX_PARTS)).div_ceil(1 << 20),
        })),
    }
}

/// The plan for an upload of which nothing is stored. A file that would go in one request goes in one part.
///
/// # Errors
/// `Unsupported`, where the file is empty, or too large.
pub(crate) fn plan_for(planned: Plan, size: u64) -> Result<Plan> {
    match planned {
        Plan::Single if size == 0 => Err(unsupported(Reason::NothingToSend)),
        Plan::Single => Ok(Plan::Multipart { part_size: size.max(MIN_PART), parts: 1 }),
        plan => Ok(plan),
    }
}

fn unsupported(reason: Reason) -> Fault {
    Fault::because(FaultKind::Unsupported, reason)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::part_plan::MIB;
    use proptest::prelude::*;

    fn of(part_size: u64, parts: u16) -> Plan {
        Plan::Multipart { part_size, parts }
    }

    #[test]
    fn a_plan_is_read_off_what_is_stored() {
        let size = 21 * MIB;
        let table: [(&[Stored], Vec<Plan>); 6] = [
            (&[], vec![]),
            (&[(2, 5 * MIB)], vec![of(5 * MIB, 5), of(16 * MIB, 2)]),
            (&[(1, 5 * MIB), (5, MIB)], vec![of(5 * MIB, 5)]),
            (&[(1, 7 * MIB), (3, 7 * MIB)], vec![of(7 * MIB, 3)]),
            (&[(1, 21 * MIB)], vec![of(21 * MIB, 1)]),
            // the end alone
            (&[(5, MIB)], vec![of(5 * MIB, 5)]),
        ];
        for (parts, plans) in table {
            assert_eq!(plans_of(parts, size).unwrap(), plans, "{parts:?}");
        }
        assert_eq!(plans_of(&[(1, 3 * MIB)], 3 * MIB).unwrap(), [of(3 * MIB, 1)]);
        // the file grew since: the short part goes again
        assert_eq!(plans_of(&[(1, 5 * MIB), (2, MIB)], size).unwrap(), [of(5 * MIB, 5)]);
    }

    #[test]
    fn what_was_cut_otherwise_is_refused_in_words() {
        let size = 21 * MIB;
        let reason =
            |parts: &[Stored]| plans_of(parts, size).unwrap_err().reason.get().cloned().unwrap();
        assert_eq!(reason(&[(1, 5 * MIB), (2, 6 * MIB)]), Reason::UnevenParts);
        assert_eq!(reason(&[(1, 5 * MIB), (2, 4 * MIB), (3, 5 * MIB)]), Reason::UnevenParts);
        let reaches = 25 * MIB;
        assert_eq!(reason(&[(1, 5 * MIB), (5, 5 * MIB)]), Reason::FileTooShort { size, reaches });
        assert_eq!(reason(&[(1, MIB)]), Reason::PartSize { size: MIB, most: None });
    }

    #[test]
    fn an_upload_without_parts_takes_any_plan_that_has_some() {
        assert_eq!(plan_for(Plan::Single, 7).unwrap(), of(MIN_PART, 1));
        assert_eq!(plan_for(Plan::Single, 9 * MIB).unwrap(), of(9 * MIB, 1));
        assert_eq!(plan_for(of(16 * MIB, 2), 17 * MIB).unwrap(), of(16 * MIB, 2));
        assert!(plan_for(Plan::Single, 0).is_err());
    }

    proptest! {
        /// Whichever parts of a file are stored, its plan is among those that are found.
        #[test]
        fn the_right_one_is_among_them(part_size in MIN_PART..=64 * MIB, count in 1u16..50, rest in 1u64..=MIN_PART, mask in any::<u64>()) {
            let size = u64::from(count - 1) * part_size + rest;
            let plan = of(part_size, count);
            let stored: Vec<Stored> = (1..=count)
                .filter(|number| mask >> (number % 64) & 1 == 1)
                .map(|number| {
                    let range = plan.range(number, size);
                    (number, range.end - range.start)
                })
                .collect();
            let plans = plans_of(&stored, size).unwrap();
            // a part alone that is the whole file is of whatever size it has
            prop_assert!(stored.is_empty() || plans.contains(&plan) || plans == [of(rest, 1)]);
        }
    }
}
