//! The lifecycle rule that takes unfinished uploads off by themselves: put among the rules that are there, or out of them,
//! and nothing else of the text changed. Knows text; no server and no clock.
//!
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html>

use std::ops::Range;

/// By this name we know our rule again.
pub(crate) const OURS: &str = "windlass-unfinished";

/// Rules are counted in days from 1; a signed 32-bit number is what S3 keeps.
pub(crate) const MOST_DAYS: u32 = i32::MAX.cast_unsigned();

const END: &str = "</LifecycleConfiguration>";
const NEW: &str = "<LifecycleConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">";

/// What is to become of the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Merged {
    Same,
    Text(String),
    /// No rule is left, and a configuration has one at least.
    Nothing,
}

/// Our rule among the others, or (without days) not any more. None where the text is not one that can be kept as it is.
pub(crate) fn merged(text: Option<&str>, days: Option<u32>) -> Option<Merged> {
    let Some(text) = text else {
        return Some(match days {
            Some(days) => Merged::Text(format!("{NEW}{}{END}", rule(days, false))),
            None => Merged::Same,
        });
    };
    let end = text.rfind(END)?;
    let rules = rules_of(&text[..end])?;
    let is_ours = |at: &&Range<usize>| id_of(&text[(*at).clone()]) == Some(OURS);
    let (ours, others): (Vec<_>, Vec<_>) = rules.iter().partition(is_ours);
    if ours.is_empty() && days.is_none() {
        return Some(Merged::Same);
    }
    if others.is_empty() && days.is_none() {
        return Some(Merged::Nothing);
    }
    // S3 takes no filters beside rules of the old form
    let old_form = others.iter().any(|at| is_old_form(&text[(*at).clone()]));
    let mut merged = String::with_capacity(text.len() + 300);
    let mut at = 0;
    for ours in ours {
        merged.push_str(&text[at..ours.start]);
        at = ours.end;
    }
    merged.push_str(&text[at..end]);
    if let Some(days) = days {
        merged.push_str(&rule(days, old_form));
    }
    merged.push_str(&text[end..]);
    Some(Merged::Text(merged))
}

fn rule(days: u32, old_form: bool) -> String {
    let of = if old_form { "<Prefix></Prefix>" } else { "<Filter><Prefix></Prefix></Filter>" };
    format!(
        "<Rule><ID>{OURS}</ID>{of}<Status>Enabled</Status><AbortIncompleteMultipartUpload>\
         <DaysAfterInitiation>{days}</DaysAfterInitiation></AbortIncompleteMultipartUpload></Rule>"
    )
}

/// Where each rule stands. None where one does not end.
fn rules_of(text: &str) -> Option<Vec<Range<usize>>> {
    let mut rules = Vec::new();
    let mut at = 0;
    while let Some(start) = element(&text[at..], "Rule").map(|start| at + start) {
        let end = text[start..].find("</Rule>")? + start + "</Rule>".len();
        rules.push(start..end);
        at = end;
    }
    Some(rules)
}

/// Where an element of this name begins, with attributes or without.
fn element(text: &str, name: &str) -> Option<usize> {
    let open = format!("<{name}");
    let begins = |at: &usize| {
        text[at + open.len()..].starts_with(|c: char| c == '>' || c == '/' || c.is_whitespace())
    };
    text.match_indices(&open).map(|(at, _)| at).find(begins)
}

fn id_of(rule: &str) -> Option<&str> {
    let start = element(rule, "ID")?;
    let value = start + rule[start..].find('>')? + 1;
    Some(rule[value..].split('<').next()?.trim())
}

/// A prefix of the rule itself, not of its filter.
fn is_old_form(rule: &str) -> bool {
    let filter = element(rule, "Filter");
    let end = rule.find("</Filter>").map(|at| at + "</Filter>".len());
    let outside = match (filter, end) {
        (Some(start), Some(end)) if start < end => format!("{}{}", &rule[..start], &rule[end..]),
        _ => rule.to_owned(),
    };
    element(&outside, "Prefix").is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<LifecycleConfiguration xmlns=\"x\">";
    const OLD: &str = "<Rule><ID>old &amp; gold</ID><Prefix>logs/</Prefix><Status>Enabled</Status>\
                       <Expiration><Days>9</Days></Expiration></Rule>";
    const NEWER: &str = "<Rule>\n <ID>tape</ID><Filter><And><Prefix>a</Prefix><Tag><Key>k</Key><Value>v</Value></Tag>\
                         </And></Filter><Status>Disabled</Status><SomethingNewer x=\"1\">?</SomethingNewer></Rule>";

    fn text(merged: Option<Merged>) -> String {
        match merged {
            Some(Merged::Text(text)) => text,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_other_rules_stay_letter_for_letter() {
        let before = format!("{HEAD}{NEWER}{END}");
        let with = text(merged(Some(&before), Some(7)));
        assert_eq!(with, format!("{HEAD}{NEWER}{}{END}", rule(7, false)));
        let other = text(merged(Some(&with), Some(30)));
        assert_eq!(other, format!("{HEAD}{NEWER}{}{END}", rule(30, false)));
        assert_eq!(text(merged(Some(&other), None)), before);
    }

    #[test]
    fn ours_takes_the_form_of_the_others() {
        let with = text(merged(Some(&format!("{HEAD}{OLD}{END}")), Some(1)));
        assert_eq!(with, format!("{HEAD}{OLD}{}{END}", rule(1, true)));
        assert!(!rule(1, true).contains("Filter"));
    }

    #[test]
    fn ours_alone_comes_and_goes() {
        let alone = text(merged(None, Some(7)));
        assert_eq!(alone, format!("{NEW}{}{END}", rule(7, false)));
        assert_eq!(merged(Some(&alone), None), Some(Merged::Nothing));
        assert_eq!(merged(None, None), Some(Merged::Same));
        assert_eq!(merged(Some(&format!("{HEAD}{OLD}{END}")), None), Some(Merged::Same));
    }

    #[test]
    fn ours_is_taken_from_between_the_others() {
        let before = format!("{HEAD}{OLD}\n{}\n{NEWER}{END}", rule(3, false));
        assert_eq!(text(merged(Some(&before), None)), format!("{HEAD}{OLD}\n\n{NEWER}{END}"));
    }

    #[test]
    fn what_is_not_understood_is_not_touched() {
        for text in [
            "",
            "<x:LifecycleConfiguration/>",
            "<LifecycleConfiguration><Rule></LifecycleConfiguration>",
        ] {
            assert_eq!(merged(Some(text), Some(7)), None, "{text}");
        }
    }
}
