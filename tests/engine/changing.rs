//! Files that change during their upload, and between runs: what differs is sent again and nothing else, and the object is
//! one state of the file.

use crate::fixture::{Fixture, PART};
use std::fs::{File, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};
use windlass_engine::{
    AnswerChanging, Detail, Event, FaultKind, Id, IfChanging, IfExists, Settings, Status,
};
use windlass_tests::{Act, Proxy, Server, When};

/// Six parts, the last one short.
pub(crate) const SIZE: u64 = 5 * PART + 1_000;

pub(crate) fn write_at(path: &Path, at: u64, bytes: &[u8]) {
    let mut file = OpenOptions::new().write(true).open(path).unwrap();
    file.seek(SeekFrom::Start(at)).unwrap();
    file.write_all(bytes).unwrap();
}

fn resize(path: &Path, size: u64) {
    OpenOptions::new().write(true).open(path).unwrap().set_len(size).unwrap();
}

/// The whole file by another one of this seed, as an editor saves: beside it, and over its name.
pub(crate) fn replace(path: &Path, seed: u64, size: u64) {
    let beside = path.with_extension("new");
    windlass_tests::files::write(&beside, seed, size);
    std::fs::rename(&beside, path).unwrap();
}

/// An upload that stands with five parts stored and the sixth held, while something befalls its file; then to its end.
pub(crate) struct Story {
    pub(crate) fixture: Fixture,
    pub(crate) proxy: Proxy,
    pub(crate) path: PathBuf,
    pub(crate) id: Id,
}

impl Story {
    pub(crate) async fn at_five_of_six(server: Server) -> Story {
        Story::with_file(server, |fixture| fixture.file("film", 1, SIZE)).await
    }

    pub(crate) async fn with_file(server: Server, file: impl FnOnce(&Fixture) -> PathBuf) -> Story {
        let proxy = Proxy::to(&server.endpoint);
        proxy.on(When::part(6), 1, Act::Hold);
        let fixture = Fixture::by_way_of(server, proxy.endpoint()).await;
        let path = file(&fixture);
        let id = fixture.queue(&path, "film").await;
        fixture.until(id, |detail| detail.row.parts_stored == 5).await;
        proxy.until_held(1).await;
        Story { fixture, proxy, path, id }
    }

    /// To its end: the same bytes in the bucket, nothing beside them.
    pub(crate) async fn ends(self) -> (Detail, Vec<usize>) {
        self.proxy.release();
        let detail = self.fixture.ended(self.id).await;
        assert_eq!(detail.row.status, Status::Done, "{:?}", detail.row.fault);
        self.fixture.reference.assert_same(&self.fixture.bucket, "film", &self.path).await;
        self.fixture.assert_clean().await;
        assert_eq!(self.proxy.count(&When::create()), 1, "never from zero");
        let times = (1..=10).map(|number| self.proxy.count(&When::part(number))).collect();
        (detail, times)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rewritten_in_the_middle_only_the_parts_that_differ_go_again() {
    for server in Server::all().await {
        let name = server.name;
        let story = Story::at_five_of_six(server).await;
        write_at(&story.path, PART + 7, b"other words");
        write_at(&story.path, 4 * PART - 3, b"across a border");
        let (detail, times) = story.ends().await;
        assert_eq!(times, [1, 2, 1, 2, 2, 1, 0, 0, 0, 0], "{name}");
        assert_eq!(detail.resent, 3, "{name}");
        assert!(
            detail.history.iter().any(|line| matches!(line.what, Event::Changed { again: 3, .. })),
            "{:?}",
            detail.history
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn grown_it_gets_more_parts() {
    for server in Server::all().await {
        let name = server.name;
        let story = Story::at_five_of_six(server).await;
        let mut file = OpenOptions::new().append(true).open(&story.path).unwrap();
        file.write_all(&vec![7; usize::try_from(2 * PART).unwrap()]).unwrap();
        drop(file);
        let (detail, times) = story.ends().await;
        // the sixth was short, and is whole now
        assert_eq!(times, [1, 1, 1, 1, 1, 2, 1, 1, 0, 0], "{name}");
        assert_eq!(
            (detail.row.parts, detail.resent, detail.row.size),
            (8, 1, SIZE + 2 * PART),
            "{name}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn shrunk_it_drops_parts() {
    for server in Server::all().await {
        let name = server.name;
        let story = Story::at_five_of_six(server).await;
        resize(&story.path, 3 * PART + 500);
        if name == "ceph" {
            // it wants every part that was ever sent at Complete: the one server where nothing can be dropped
            story.proxy.release();
            let detail = story.fixture.ended(story.id).await;
            assert_eq!(detail.row.status, Status::Done, "{:?}", detail.row.fault);
            story.fixture.reference.assert_same(&story.fixture.bucket, "film", &story.path).await;
            story.fixture.assert_clean().await;
            continue;
        }
        let (detail, times) = story.ends().await;
        assert_eq!(times[..6], [1, 1, 1, 2, 1, 1], "{name}");
        assert_eq!(
            (detail.row.parts, detail.resent, detail.row.size),
            (4, 1, 3 * PART + 500),
            "{name}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn touched_nothing_goes_again() {
    for server in Server::all().await {
        let story = Story::at_five_of_six(server).await;
        let later = SystemTime::now() + Duration::from_secs(1);
        File::options().write(true).open(&story.path).unwrap().set_modified(later).unwrap();
        let (detail, times) = story.ends().await;
        assert_eq!(times, [1, 1, 1, 1, 1, 1, 0, 0, 0, 0]);
        assert_eq!((detail.resent, detail.sent), (0, SIZE));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn replaced_by_another_file_all_of_it_goes_again_under_the_same_upload() {
    let story = Story::at_five_of_six(Server::practice().await).await;
    replace(&story.path, 99, SIZE);
    let (detail, times) = story.ends().await;
    assert_eq!(times, [2, 2, 2, 2, 2, 2, 0, 0, 0, 0]);
    assert_eq!(detail.resent, 6);
}

/// Over a network file system the id may be another at every look: compared once, and passed over from then on.
#[tokio::test(flavor = "multi_thread")]
async fn another_id_with_the_same_bytes_sends_nothing_again() {
    let story = Story::at_five_of_six(Server::practice().await).await;
    let modified = std::fs::metadata(&story.path).unwrap().modified().unwrap();
    let beside = story.path.with_extension("copy");
    std::fs::copy(&story.path, &beside).unwrap();
    File::options().write(true).open(&beside).unwrap().set_modified(modified).unwrap();
    std::fs::rename(&beside, &story.path).unwrap();
    let (detail, times) = story.ends().await;
    assert_eq!(times, [1, 1, 1, 1, 1, 1, 0, 0, 0, 0]);
    assert_eq!(detail.resent, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn emptied_it_is_an_object_without_bytes() {
    let story = Story::at_five_of_six(Server::practice().await).await;
    resize(&story.path, 0);
    let (detail, _) = story.ends().await;
    assert_eq!((detail.row.size, detail.row.parts), (0, 1));
}

/// The bytes that are in the bucket are those of the end, whenever it was rewritten on the way.
#[tokio::test(flavor = "multi_thread")]
async fn a_small_file_rewritten_under_way_is_sent_as_it_is_at_the_end() {
    for if_exists in [IfExists::Replace, IfExists::Ask] {
        let server = Server::practice().await;
        let proxy = Proxy::to(&server.endpoint);
        proxy.on(When::put_object(), 1, Act::HoldAnswer);
        let fixture = Fixture::by_way_of(server, proxy.endpoint()).await;
        let path = fixture.file("note", 5, 2_000);
        let upload = windlass_engine::NewUpload { if_exists, ..fixture.upload(&path, "note") };
        let id = fixture.engine.queue(vec![upload]).await.unwrap()[0];
        proxy.until_held(1).await;
        write_at(&path, 10, b"changed");
        proxy.release();
        let detail = fixture.ended(id).await;
        assert_eq!(detail.row.status, Status::Done, "{:?}", detail.row.fault);
        assert_eq!(proxy.count(&When::put_object()), 2);
        fixture.reference.assert_same(&fixture.bucket, "note", &path).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn changed_while_windlass_was_not_running() {
    for server in Server::all().await {
        let name = server.name;
        let story = Story::at_five_of_six(server).await;
        let Story { fixture, proxy, path, id } = story;
        let address = proxy.endpoint().to_owned();
        proxy.clear();
        let fixture = fixture
            .reopened_after(&address, |_| {
                write_at(&path, 2 * PART, b"while nobody looked");
                resize(&path, SIZE + 10);
            })
            .await;
        let (detail, times) = Story { fixture, proxy, path, id }.ends().await;
        assert_eq!(times[..5], [1, 1, 2, 1, 1], "{name}");
        assert_eq!(detail.row.size, SIZE + 10, "{name}");
        assert_eq!(detail.resumed, 5 * PART, "{name}");
    }
}

/// A writer that never stops: whole generations of the file, one after another.
struct UnstableFile {
    stop: Arc<AtomicBool>,
    writer: Option<std::thread::JoinHandle<()>>,
}

impl UnstableFile {
    fn on(path: &Path) -> UnstableFile {
        let stop = Arc::new(AtomicBool::new(false));
        let (path, flag) = (path.to_owned(), stop.clone());
        let writer = std::thread::spawn(move || {
            let mut generation = 0u64;
            while !flag.load(Ordering::Relaxed) {
                generation += 1;
                for at in [0, 2 * PART, SIZE - 8] {
                    write_at(&path, at, &generation.to_be_bytes());
                }
                std::thread::sleep(Duration::from_millis(300));
            }
        });
        UnstableFile { stop, writer: Some(writer) }
    }
}

impl Drop for UnstableFile {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        self.writer.take().unwrap().join().unwrap();
    }
}

/// A camera's clock, or that of the computer at the other end, may be a day ahead.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_whose_time_is_still_to_come_is_copied_as_others_are() {
    let story = Story::at_five_of_six(Server::practice().await).await;
    drop(asked_about(&story).await);
    let tomorrow = SystemTime::now() + Duration::from_secs(24 * 60 * 60);
    let seconds = tomorrow.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    let whole_seconds = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
    File::options().write(true).open(&story.path).unwrap().set_modified(whole_seconds).unwrap();
    let answer = AnswerChanging { ids: vec![story.id], answer: IfChanging::Copy };
    story.fixture.engine.answer_changing(answer).await.unwrap();
    let (detail, _) = story.ends().await;
    assert!(detail.history.iter().any(|line| line.what == Event::Copied), "{:?}", detail.history);
}

async fn asked_about(story: &Story) -> UnstableFile {
    let unstable = UnstableFile::on(&story.path);
    let soon = Settings { ask_changing_after: 2, ..story.fixture.engine.settings() };
    story.fixture.engine.save_settings(soon).unwrap();
    story.proxy.release();
    let detail = story.fixture.ended(story.id).await;
    let fault = detail.row.fault.unwrap();
    assert_eq!((fault.kind, fault.keeps_changing()), (FaultKind::SourceChanged, true));
    assert!(
        story.fixture.reference.head(&story.fixture.bucket, "film").await.is_none(),
        "nothing torn"
    );
    assert_eq!(
        story.fixture.reference.uploads(&story.fixture.bucket).await.len(),
        1,
        "what is stored is kept"
    );
    unstable
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_never_keeps_still_is_asked_about_and_waited_for() {
    let story = Story::at_five_of_six(Server::practice().await).await;
    let unstable = asked_about(&story).await;
    let answer = AnswerChanging { ids: vec![story.id], answer: IfChanging::Wait };
    story.fixture.engine.answer_changing(answer).await.unwrap();
    story.fixture.until_whatever(story.id, |detail| detail.row.waits.is_some()).await;
    drop(unstable);
    let (detail, times) = story.ends().await;
    assert_eq!(times[1], 1, "the second part never changed");
    assert!(detail.resent >= 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_never_keeps_still_can_be_sent_as_it_is_now() {
    let story = Story::at_five_of_six(Server::practice().await).await;
    let unstable = asked_about(&story).await;
    let answer = AnswerChanging { ids: vec![story.id], answer: IfChanging::Copy };
    story.fixture.engine.answer_changing(answer).await.unwrap();
    let done = |detail: &Detail| detail.row.status == Status::Done;
    story.fixture.until_whatever(story.id, done).await;
    drop(unstable);
    let object = story.fixture.reference.get(&story.fixture.bucket, "film").await;
    assert_eq!(object.len() as u64, SIZE);
    let generation = |at: u64| {
        let at = usize::try_from(at).unwrap();
        u64::from_be_bytes(object[at..at + 8].try_into().unwrap())
    };
    assert_eq!(
        (generation(0), generation(2 * PART)),
        (generation(SIZE - 8), generation(SIZE - 8)),
        "one state of the file"
    );
    let copies = story.fixture.folder.path().join("state/copies");
    assert_eq!(std::fs::read_dir(copies).unwrap().count(), 0, "the copy is gone");
    story.fixture.assert_clean().await;
}
