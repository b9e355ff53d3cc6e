//! The types of uploads, connections and servers. No I/O; time is an argument.

pub(crate) mod access_point;
pub(crate) mod capabilities;
pub(crate) mod checksum;
pub(crate) mod connection;
pub(crate) mod customer_key;
pub(crate) mod history;
pub(crate) mod import;
pub(crate) mod key_conflict;
pub(crate) mod key_template;
pub(crate) mod link_estimate;
pub(crate) mod lock;
pub(crate) mod notice;
pub(crate) mod object_options;
pub(crate) mod part_plan;
pub(crate) mod part_table;
pub(crate) mod policy;
pub(crate) mod proof;
pub(crate) mod provider_presets;
pub(crate) mod proxy;
pub(crate) mod query;
pub(crate) mod receipt;
pub(crate) mod secret;
pub(crate) mod status;
pub(crate) mod time;
pub(crate) mod upload;
pub(crate) mod waiting;
