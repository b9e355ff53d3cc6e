//! The command table: what the window may ask, typed on both sides, and one short body each.

mod connection_help;
mod connections;
mod desktop;
mod destination;
mod diagnostics;
mod file_dialogs;
mod practice;
mod settings;
mod sign_in;
mod unfinished;

use crate::Shell;
use crate::diagnostics::panics::Panicked;
use crate::handed_files::HandedFiles;
use crate::menu::MenuBar;
use crate::native::Notification;
use crate::practice::PracticeUsage;
use crate::tray::TrayWords;
use connection_help::*;
use connections::*;
use desktop::*;
use destination::*;
use diagnostics::*;
use file_dialogs::*;
use futures_util::FutureExt as _;
use practice::*;
use settings::*;
use sign_in::*;
use std::panic::AssertUnwindSafe;
use tauri::{Manager as _, State};
use unfinished::*;
use windlass_engine::{
    Account, AddRequest, Added, Adopt, AnswerChanging, AnswerExists, BeginSignIn, Browse,
    BucketName, BucketOf, Check, CheckRequest, CleanupRule, Connection, ConnectionForm,
    ConnectionOrForm, CreatedBucket, Detail, Discard, Discarded, EnterMfaCode, Fault, FaultKind,
    FolderPage, FoundConnections, Id, ImportConnections, ImportedConnections, InvalidBucketName,
    KeptKey, Keychain, Keys, KeysQuery, Link, LookUnfinished, NewBucket, NewCustomerKey, Notice,
    NoticeKind, PageQuery, Preset, Presign, ProbeCapabilities, QueuePage, Receipt, Reorder,
    RolesOf, Scan, Selection, ServerCapabilities, SetCleanup, Settings, SignInBegun,
    SmallestPolicy, Totals, Unfinished, UnfinishedQuery, Verification, VerifyRequest,
};

/// Registers every command with Tauri, catches what panics in one, checks each signature at compile time, and (in tests)
/// writes the table to TypeScript.
macro_rules! commands {
    ($( $(#[$doc:meta])* $name:ident($arg:ty) -> $ret:ty; )*) => {
        pub(crate) fn handler<R: tauri::Runtime>() -> impl Fn(tauri::ipc::Invoke<R>) -> bool + Send + Sync + 'static {
            tauri::generate_handler![$(caught::$name),*]
        }
        /// The commands as Tauri calls them.
        mod caught {
            use super::*;
            $(
                #[tauri::command]
                pub(super) async fn $name(shell: State<'_, Shell>, arg: $arg) -> Answer<$ret> {
                    answer(stringify!($name), super::$name(shell, arg)).await
                }
            )*
        }
        /// Each command with its argument and its result. A command that fails rejects with a Fault.
        #[cfg(test)]
        #[derive(ts_rs::TS)]
        #[ts(export_to = "wire.ts")]
        #[allow(dead_code)] // read by ts-rs alone
        struct Commands { $( $(#[$doc])* $name: ($arg, $ret), )* }
    };
}

commands! {
    about(()) -> About;
    /// Whether the desktop asks for high contrast, where the web view does not tell.
    high_contrast(()) -> bool;
    /// Hides a tooltip that the system would go on showing over a dialog.
    hide_tooltip(()) -> ();
    totals(()) -> Totals;
    queue_page(PageQuery) -> QueuePage;
    /// The IDs of a list's rows, without a limit on the page size.
    queue_ids(PageQuery) -> Vec<Id>;
    detail(Id) -> Detail;
    /// One byte per part: 0 pending, 1-100 percent in flight, 200 backing off, 255 stored.
    part_map(Id) -> Raw;
    pause(Selection) -> ();
    resume(Selection) -> ();
    /// Restarts a failed or cancelled upload.
    retry(Selection) -> ();
    /// Cancels uploads. For this many ms their parts stay on the server, and `undo_cancel` restores them.
    cancel(Selection) -> u32;
    /// Restores uploads that were just cancelled. Returns the ones that it restored.
    undo_cancel(Vec<Id>) -> Vec<Id>;
    /// Removes ended uploads from the list. What a failed one left on the server is aborted first.
    forget(Selection) -> ();
    /// Moves uploads within the queue, including active ones.
    reorder(Reorder) -> ();
    /// Answers the question about an existing object (fault kind exists), and resumes.
    answer_exists(AnswerExists) -> ();
    /// Answers the question about a file that keeps changing (fault kind sourceChanged), and resumes.
    answer_changing(AnswerChanging) -> ();
    /// The receipt of a finished upload.
    receipt(Id) -> Receipt;
    /// Writes the receipt to a JSON file that the user chooses. Returns its path, or null if the dialog was cancelled.
    save_receipt(SaveReceiptAs) -> Option<String>;
    /// Verifies the object on the server (without downloading it) and the local file. Returns the verification's ID.
    verify(VerifyRequest) -> u32;
    verification(u32) -> Verification;
    /// Stops it if it is running.
    forget_verification(u32) -> ();
    /// Lets the user choose files or folders in a dialog. Returns a token for each, none if it was cancelled.
    pick(Pick) -> Option<Vec<String>>;
    /// A file with certificates.
    pick_ca_bundle(PickCaBundle) -> Option<String>;
    /// Starts to scan what was dropped or chosen, by its tokens. Returns the scan's ID.
    /// Fetches the files that a file manager handed over since the last time. Returns a token for each.
    take_handed(()) -> Vec<String>;
    scan(Vec<String>) -> u32;
    scan_progress(u32) -> Scan;
    forget_scan(u32) -> ();
    /// The keys that its files would get.
    scan_keys(KeysQuery) -> Keys;
    add(AddRequest) -> Added;
    connections(()) -> Vec<Connection>;
    presets(()) -> Vec<Preset>;
    save_connection(ConnectionForm) -> Connection;
    forget_connection(String) -> ();
    /// How many uploads that have not ended use a connection.
    uploads_of(String) -> u32;
    /// Opens the page of the provider's console that makes keys, by a preset's id, in the browser.
    open_keys_page(String) -> ();
    /// What the keys of this connection have to be allowed, and no more.
    smallest_policy(ConnectionForm) -> SmallestPolicy;
    /// The connections of other programs on this computer, without their secrets.
    importable(()) -> FoundConnections;
    /// Saves those that are chosen; their secrets go to the keychain.
    import_connections(ImportConnections) -> ImportedConnections;
    /// One step of the connection test. The window runs them one after another.
    check(CheckRequest) -> Check;
    /// Asks IAM Identity Center for a page to sign in on, and a code.
    begin_sign_in(BeginSignIn) -> SignInBegun;
    /// Opens the page of a sign-in, by its number.
    open_sign_in(u32) -> ();
    /// Waits until the user has signed in.
    finish_sign_in(u32) -> ();
    cancel_sign_in(u32) -> ();
    /// Runs the AWS CLI's own sign-in for a profile, and waits for its end.
    aws_login(String) -> ();
    cancel_aws_login(()) -> ();
    /// The accounts that the signed-in user may choose from.
    sso_accounts(ConnectionForm) -> Vec<Account>;
    sso_roles(RolesOf) -> Vec<String>;
    /// Starts a session with the code of an MFA device, which is not stored.
    enter_mfa_code(EnterMfaCode) -> ();
    /// The capabilities of the connection's server, as far as they are known.
    capabilities(String) -> ServerCapabilities;
    /// Probes the server with a scratch upload that is deleted again.
    probe_capabilities(ProbeCapabilities) -> ServerCapabilities;
    buckets(ConnectionOrForm) -> Vec<String>;
    create_bucket(NewBucket) -> CreatedBucket;
    /// The rule that the name of a bucket to be created breaks.
    check_bucket_name(BucketName) -> Option<InvalidBucketName>;
    /// A page of the folders below a prefix.
    browse(Browse) -> FolderPage;
    /// The names of the profiles in the AWS configuration.
    profiles(()) -> Vec<String>;
    /// The names of those that the AWS SDK does not read.
    unreadable_profiles(()) -> Vec<String>;
    /// Starts the practice store and returns its connection.
    open_practice(()) -> Connection;
    /// What the practice store holds.
    practice_usage(()) -> PracticeUsage;
    /// Deletes all objects and incomplete multipart uploads in the practice store, and nowhere else.
    empty_practice(()) -> ();
    keychain(()) -> Keychain;
    /// Looks for the keychain again, after the user has started or unlocked one.
    retry_keychain(()) -> Keychain;
    /// Stores a customer key (SSE-C). It is identified by its MD5 from then on.
    keep_customer_key(NewCustomerKey) -> KeptKey;
    /// The customer keys in the keychain and of this session.
    customer_keys(()) -> Vec<KeptKey>;
    /// Removes a customer key by its MD5.
    forget_customer_key(String) -> ();
    /// A link to a finished object, with which anybody can download it for a while.
    presign(Presign) -> Link;
    /// Starts to list the incomplete multipart uploads of a bucket. Returns the scan's ID.
    look_unfinished(LookUnfinished) -> u32;
    /// The state of such a scan, and a page of its rows.
    unfinished(UnfinishedQuery) -> Unfinished;
    /// Stops it if it is running.
    forget_unfinished(u32) -> ();
    /// Aborts them on the server. One that belongs to an upload in the list cancels that upload.
    discard_unfinished(Discard) -> Discarded;
    /// Resumes one from a local file that is compared with it first; `path` is the token of a file that was chosen.
    adopt(Adopt) -> Added;
    /// What the bucket's lifecycle rules do about incomplete multipart uploads.
    cleanup_rule(BucketOf) -> CleanupRule;
    /// Writes our rule, or removes it if there are no days, and keeps all others.
    set_cleanup_rule(SetCleanup) -> CleanupRule;
    settings(()) -> Settings;
    save_settings(Settings) -> Settings;
    notices(()) -> Vec<Notice>;
    dismiss_notice(NoticeKind) -> ();
    /// Shows a notification.
    notify(Notification) -> ();
    /// Shows a file in the system's file manager.
    reveal(Reveal) -> ();
    /// Answers the `closing` event, or does what the settings say for when all uploads are done.
    leave(Leave) -> ();
    /// Sets the native menu bar. A chosen item is sent as the `action` event.
    set_menu(MenuBar) -> ();
    /// Shows or hides it, on systems where it is not always visible.
    toggle_menu(()) -> ();
    set_tray(TrayWords) -> ();
    /// The last panic that was not dismissed, of this run or an earlier one.
    panicked(()) -> Option<Panicked>;
    dismiss_panic(()) -> ();
    /// Writes a report to a zip file that the user chooses. Returns its path, or null if the dialog was cancelled.
    save_report(SaveReport) -> Option<String>;
}

/// The answer of a command. A panic in it is a fault that the window shows, and not an answer that never comes.
async fn answer<T>(name: &str, work: impl Future<Output = Answer<T>>) -> Answer<T> {
    let work = async {
        // how the window tests break a command of a debug build
        #[cfg(debug_assertions)]
        if std::env::var("WINDLASS_PANIC_IN").is_ok_and(|broken| broken == name) {
            panic!("WINDLASS_PANIC_IN is {name}");
        }
        work.await
    };
    AssertUnwindSafe(work).catch_unwind().await.unwrap_or_else(|_| {
        let detail = format!("Windlass made a mistake (in {name}); your uploads are kept");
        Err(Fault::new(FaultKind::Bug, detail))
    })
}

/// Bytes that the window receives as an `ArrayBuffer`, not as JSON.
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "wire.ts", type = "ArrayBuffer"))]
pub(crate) struct Raw(Vec<u8>);

impl tauri::ipc::IpcResponse for Raw {
    fn body(self) -> tauri::Result<tauri::ipc::InvokeResponseBody> {
        Ok(self.0.into())
    }
}

type Answer<T> = Result<T, Fault>;

async fn totals(shell: State<'_, Shell>, arg: ()) -> Answer<Totals> {
    let () = arg;
    shell.engine.totals().await
}

async fn queue_page(shell: State<'_, Shell>, arg: PageQuery) -> Answer<QueuePage> {
    shell.engine.queue_page(arg).await
}

async fn queue_ids(shell: State<'_, Shell>, arg: PageQuery) -> Answer<Vec<Id>> {
    shell.engine.queue_ids(arg).await
}

async fn detail(shell: State<'_, Shell>, arg: Id) -> Answer<Detail> {
    shell.engine.detail(arg).await
}

async fn part_map(shell: State<'_, Shell>, arg: Id) -> Answer<Raw> {
    shell.engine.part_map(arg).await.map(Raw)
}

async fn pause(shell: State<'_, Shell>, arg: Selection) -> Answer<()> {
    shell.engine.pause(arg).await
}

async fn resume(shell: State<'_, Shell>, arg: Selection) -> Answer<()> {
    shell.engine.resume(arg).await
}

async fn retry(shell: State<'_, Shell>, arg: Selection) -> Answer<()> {
    shell.engine.retry(arg).await
}

async fn cancel(shell: State<'_, Shell>, arg: Selection) -> Answer<u32> {
    let window = shell.engine.cancel(arg).await?;
    Ok(u32::try_from(window.as_millis()).unwrap_or(u32::MAX))
}

async fn undo_cancel(shell: State<'_, Shell>, arg: Vec<Id>) -> Answer<Vec<Id>> {
    shell.engine.undo_cancel(arg).await
}

async fn forget(shell: State<'_, Shell>, arg: Selection) -> Answer<()> {
    shell.engine.forget(arg).await.map(|_| ())
}

async fn reorder(shell: State<'_, Shell>, arg: Reorder) -> Answer<()> {
    shell.engine.reorder(arg).await
}

async fn answer_exists(shell: State<'_, Shell>, arg: AnswerExists) -> Answer<()> {
    shell.engine.answer_exists(arg).await
}

async fn answer_changing(shell: State<'_, Shell>, arg: AnswerChanging) -> Answer<()> {
    shell.engine.answer_changing(arg).await
}

async fn receipt(shell: State<'_, Shell>, arg: Id) -> Answer<Receipt> {
    shell.engine.receipt(arg).await
}

async fn verify(shell: State<'_, Shell>, arg: VerifyRequest) -> Answer<u32> {
    shell.engine.verify(arg).await
}

async fn verification(shell: State<'_, Shell>, arg: u32) -> Answer<Verification> {
    shell.engine.verification(arg)
}

async fn forget_verification(shell: State<'_, Shell>, arg: u32) -> Answer<()> {
    shell.engine.forget_verification(arg);
    Ok(())
}

async fn take_handed(shell: State<'_, Shell>, arg: ()) -> Answer<Vec<String>> {
    let () = arg;
    Ok(shell.file_tokens.tokens(shell.app.state::<HandedFiles>().take()))
}

async fn scan(shell: State<'_, Shell>, arg: Vec<String>) -> Answer<u32> {
    Ok(shell.engine.scan(shell.file_tokens.paths(&arg)?))
}

async fn scan_progress(shell: State<'_, Shell>, arg: u32) -> Answer<Scan> {
    shell.engine.scan_progress(arg)
}

async fn forget_scan(shell: State<'_, Shell>, arg: u32) -> Answer<()> {
    shell.engine.forget_scan(arg);
    Ok(())
}

async fn scan_keys(shell: State<'_, Shell>, arg: KeysQuery) -> Answer<Keys> {
    shell.engine.keys(arg).await
}

async fn add(shell: State<'_, Shell>, arg: AddRequest) -> Answer<Added> {
    shell.engine.add(arg).await
}

async fn keychain(shell: State<'_, Shell>, arg: ()) -> Answer<Keychain> {
    let () = arg;
    Ok(shell.engine.keychain(false).await)
}

async fn retry_keychain(shell: State<'_, Shell>, arg: ()) -> Answer<Keychain> {
    let () = arg;
    Ok(shell.engine.keychain(true).await)
}

async fn keep_customer_key(shell: State<'_, Shell>, arg: NewCustomerKey) -> Answer<KeptKey> {
    shell.engine.keep_customer_key(arg).await
}

async fn customer_keys(shell: State<'_, Shell>, arg: ()) -> Answer<Vec<KeptKey>> {
    let () = arg;
    Ok(shell.engine.customer_keys())
}

async fn forget_customer_key(shell: State<'_, Shell>, arg: String) -> Answer<()> {
    shell.engine.forget_customer_key(&arg).await
}

async fn presign(shell: State<'_, Shell>, arg: Presign) -> Answer<Link> {
    shell.engine.presign(&arg).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;
    use ts_rs::TS;

    /// The window is compiled with these types. `cargo xtask wire` writes them.
    #[test]
    fn wire_is_current() {
        let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/src/lib/wire/wire.ts");
        let made = tempfile::tempdir().unwrap();
        // a number of bytes stays below 2^53: S3's largest object is 2^45.6
        let config = ts_rs::Config::new().with_large_int("number").with_out_dir(made.path());
        Commands::export_all(&config).unwrap();
        // the payloads of events
        crate::Closing::export_all(&config).unwrap();
        crate::Dropped::export_all(&config).unwrap();
        let now = std::fs::read_to_string(made.path().join("wire.ts")).unwrap();
        if std::env::var_os("WINDLASS_WRITE_WIRE").is_some() {
            std::fs::write(&kept, &now).unwrap();
        }
        let before = std::fs::read_to_string(&kept).unwrap();
        assert!(before == now, "the window's types are not the engine's: cargo xtask wire");
    }
}
