//! The engine: uploads files to S3-compatible servers, resumes them after interruptions, and verifies the objects. It is
//! independent of the window and the terminal program.
//!
//! It has eight folders, each of which imports only those before it (checked by `cargo xtask lint`): `fault`, `model`,
//! `scheduling`, `system`, `persistence` and `s3`, `transfer`, `engine`. The first three do no I/O and take time as an
//! argument. This file re-exports the public API.

mod engine;
mod fault;
mod model;
mod persistence;
mod s3;
mod scheduling;
mod system;
mod transfer;

pub use engine::connections::destination::{
    Browse, ConnectionOrForm, CreatedBucket, FolderPage, NewBucket,
};
pub use engine::connections::{Check, CheckRequest, CheckStep, ConnectionForm, Passed};
pub use engine::import::{
    FoundConnections, ImportConnections, ImportFrom, ImportedConnections, NotImported,
};
pub use engine::incomplete::types::{
    Adopt, BucketOf, CleanupRule, Discard, Discarded, LookUnfinished, NotDiscarded, OtherRule,
    SetCleanup, Unfinished, UnfinishedName, UnfinishedQuery, UnfinishedUpload, held_in,
};
pub use engine::receipts::SaveReceipt;
pub use engine::sign_in::{BeginSignIn, EnterMfaCode, RolesOf, SignInBegun, saved_proxy_login};
pub use engine::verification::finding::{
    Evidence, Finding, Held, Verification, VerifyRequest, What,
};
pub use engine::view::{AnswerChanging, AnswerExists, Detail, QueuePage, Row, Totals};
pub use engine::{
    AddRequest, Added, Engine, EngineConfig, Keys, KeysQuery, Link, NewUpload, Presign,
};
pub use fault::{
    Fault, FaultKind, InvalidBucketName, InvalidOption, Locked, Reason, Result, Unstable,
};
pub use model::access_point::bucket_and_key;
pub use model::app_id::APP_ID;
pub use model::bucket_name::BucketName;
pub use model::capabilities::{
    Capabilities, Known, ProbeCapabilities, ServerCapabilities, Support,
};
pub use model::checksum::ChecksumMode;
pub use model::connection::{Connection, EndpointOptions, Probed, Sign, SignedIn};
pub use model::customer_key::{KeptKey, NewCustomerKey};
pub use model::history::{Because, Event, History};
pub use model::import::{FoundConnection, FoundSecret, NotImportable, Program, WhyNot};
pub use model::key_conflict::{ExistingObject, SameBytes};
pub use model::key_template::composed;
pub use model::notice::{Notice, NoticeKind};
pub use model::object_options::{LockMode, ObjectLock, Options};
pub use model::part_plan::{GIB, MIB, MIN_PART, Plan};
pub use model::policy::{SmallestPolicy, smallest_policy};
pub use model::proof::{Compared, LastVerification, Proof, Verdict};
pub use model::provider_presets::{Preset, presets};
pub use model::proxy::{Proxy, ProxyAddress, ProxyLogin, ProxyScheme};
pub use model::query::{PageQuery, Place, Reorder, Selection, Sort, View};
pub use model::receipt::Receipt;
pub use model::secret::{ExposeSecret, Secret, SecretString};
pub use model::sign_in::{IdentityCenter, Role};
pub use model::status::Status;
pub use model::upload::{Id, IfChanging, IfExists, Target, key_under};
pub use model::waiting::BlockedOn;
pub use persistence::lists;
pub use persistence::settings::{OnClose, Settings};
pub use s3::Configured;
pub use s3::sign_in::{Account, SignIn, SignInBy, SignInPage, accounts, roles};
pub use scheduling::bandwidth_schedule::{Day, ScheduledLimit};
pub use scheduling::deadline::{Aborts, Deadline, Ends};
pub use system::keychain::Keychain;
pub use system::paths::absolute;
pub use system::threads;
pub use system::walk::Scan;
pub use system::walk::left_out::{SkipReason, Skipped};
