//! Requests about the sink itself, answered in JSON.

use super::{Sink, answer::Answer, head::Head, store::Object};
use serde_json::json;

pub(super) fn to(sink: &Sink, head: &Head) -> Answer {
    match head.target.as_str() {
        "/_stats" => Answer::json(&serde_json::to_value(sink.stats.told()).unwrap_or_default()),
        "/_arrivals" => Answer::json(&json!(sink.arrivals.so_far())),
        "/_objects" => {
            let held = sink.store.held();
            let object = |(name, object): (&String, &Object)| {
                let sum = object.sum.map(|sum| format!("{} {}", sum.algorithm.name(), sum.text()));
                json!({ "name": name, "size": object.size, "sum": sum, "at": object.at })
            };
            Answer::json(&held.objects.iter().map(object).collect())
        }
        "/_reset" => {
            sink.stats.reset();
            sink.store.held().forget();
            sink.arrivals.reset();
            Answer::json(&json!({}))
        }
        _ => Answer::error(404, "NoSuchKey"),
    }
}
