//! Writes that a file's size and time do not show: the object is still a single version of the file.

use crate::changing::{Story, write_at};
use crate::fixture::PART;
use std::fs::File;
use std::path::Path;
use windlass_tests::Server;

/// As `touch -r`, VeraCrypt and restoring programs do.
fn write_and_put_the_time_back(path: &Path, at: u64, bytes: &[u8]) {
    let modified = std::fs::metadata(path).unwrap().modified().unwrap();
    write_at(path, at, bytes);
    File::options().write(true).open(path).unwrap().set_modified(modified).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn rewritten_under_way_with_its_time_put_back_what_differs_goes_again() {
    let story = Story::at_five_of_six(Server::practice().await).await;
    write_and_put_the_time_back(&story.path, PART, b"another second part");
    let (detail, times) = story.ends().await;
    assert_eq!(times[..6], [1, 2, 1, 1, 1, 1]);
    assert_eq!(detail.resent, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn rewritten_between_two_runs_with_its_time_put_back_what_differs_goes_again() {
    let Story { fixture, proxy, path, id } = Story::at_five_of_six(Server::practice().await).await;
    let address = proxy.endpoint().to_owned();
    proxy.clear();
    let befalls = |_: &Path| write_and_put_the_time_back(&path, 2 * PART, b"meanwhile");
    let fixture = fixture.reopened_after(&address, befalls).await;
    let (_, times) = Story { fixture, proxy, path, id }.ends().await;
    assert_eq!(times[..5], [1, 1, 2, 1, 1]);
}
