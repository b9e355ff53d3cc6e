use super::*;
use crate::fault::FaultKind;

async fn drained(mut body: RangeBody) -> Result<Vec<u8>, std::io::Error> {
    let mut all = Vec::new();
    while let Some(frame) =
        std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await
    {
        all.extend_from_slice(&frame?.into_data().unwrap());
    }
    Ok(all)
}

fn feed(bytes: &[u8], limit: Option<u64>) -> (Feed, tempfile::NamedTempFile) {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    let feed = Feed {
        file: Arc::new(Source::new(file.reopen().unwrap(), file.path())),
        pool: BufferPool::default(),
        throttle: Arc::new(Throttle::new(limit, Instant::now())),
        outgoing: Arc::default(),
        checksum_mode: ChecksumMode::Crc64Nvme,
    };
    (feed, file)
}

fn progress(size: u64) -> Arc<Progress> {
    Arc::new(Progress::new(size))
}

fn send_progress_of(size: u64) -> Arc<SendProgress> {
    Arc::new(SendProgress::new(1, None, progress(size)))
}

#[tokio::test]
async fn a_range_arrives_whole_summed_and_counted() {
    let bytes: Vec<u8> = (0..300_000u32).map(|n| (n % 251) as u8).collect();
    let (feed, _file) = feed(&bytes, None);
    let send_progress = send_progress_of(1 << 20);
    let body = RangeBody::new(feed.clone(), send_progress.clone(), 1_000..290_000, None);
    assert_eq!(drained(body).await.unwrap(), &bytes[1_000..290_000]);
    assert_eq!((send_progress.sent(), feed.outgoing.load(Ordering::Relaxed)), (289_000, 289_000));
    assert_eq!(
        send_progress.ended().unwrap().unwrap(),
        sums_now(&feed.file, 1_000..290_000, Hasher::new(ChecksumMode::Crc64Nvme, false)).unwrap()
    );
}

#[tokio::test]
async fn a_trailer_follows_the_bytes_in_chunks() {
    for length in [1, PIECE as u64, PIECE as u64 + 1, 300_000, CHUNK, CHUNK + 1, 3 * CHUNK - 1] {
        let bytes: Vec<u8> = (0..length).map(|n| u8::try_from(n % 251).unwrap()).collect();
        let (feed, _file) = feed(&bytes, None);
        let send_progress = send_progress_of(length);
        let trailer = Trailer::for_mode(ChecksumMode::Crc64Nvme).unwrap();
        let body = RangeBody::new(feed.clone(), send_progress.clone(), 0..length, Some(trailer));
        assert_eq!(body.size_hint().exact(), Some(trailer.framed(length)));
        let sent = drained(body).await.unwrap();
        assert_eq!(sent.len() as u64, trailer.framed(length), "{length}");
        let mut want = Vec::new();
        for chunk in bytes.chunks(usize::try_from(CHUNK).unwrap()) {
            want.extend(format!("{:x}\r\n", chunk.len()).bytes());
            want.extend(chunk);
            want.extend(b"\r\n");
        }
        let sum = crc_fast::checksum(crc_fast::CrcAlgorithm::Crc64Nvme, &bytes);
        want.extend(b"0\r\nx-amz-checksum-crc64nvme:");
        want.extend(crate::model::checksum::text64(sum).bytes());
        want.extend(b"\r\n\r\n");
        assert!(sent == want, "{length}");
        assert_eq!(
            (send_progress.sent(), send_progress.ended().unwrap().unwrap().crc64),
            (length, sum)
        );
    }
}

/// On some processors, the kernel copies to and from an unaligned address four times as slowly.
#[tokio::test]
async fn what_is_read_and_sent_begins_at_a_page() {
    let length = 2 * CHUNK + 70_000;
    let (feed, _file) = feed(&vec![1; usize::try_from(length).unwrap()], None);
    let is_off = |bytes: &[u8]| bytes.as_ptr().align_offset(4096) != 0;
    for trailer in [None, Trailer::for_mode(ChecksumMode::Crc64Nvme)] {
        let mut body = RangeBody::new(feed.clone(), send_progress_of(length), 0..length, trailer);
        let (mut frames, mut off, mut kept) = (0, 0, Vec::new());
        while let Some(frame) =
            std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await
        {
            let bytes = frame.unwrap().into_data().unwrap();
            frames += 1;
            off += usize::from(is_off(&bytes));
            // a connection holds a few while the next are read
            kept.push(bytes);
            if kept.len() == 3 {
                kept.clear();
            }
        }
        // the head of each chunk is before the page where its bytes begin, and the trailer is text
        let (pieces, heads) = (34, 3);
        match trailer {
            None => assert_eq!((frames, off), (pieces, 0)),
            Some(_) => assert_eq!((frames, off), (pieces + 1, heads + 1)),
        }
    }
    for size in [1, 1_000, PIECE, PIECE] {
        assert!(!is_off(buffer_pool::Buffer::with_capacity(size).room(size)), "{size}");
    }
}

#[tokio::test]
async fn a_file_that_became_shorter_is_told() {
    let (feed, file) = feed(&[1; 200_000], None);
    let send_progress = send_progress_of(1 << 20);
    let body = RangeBody::new(feed, send_progress.clone(), 0..200_000, None);
    file.as_file().set_len(70_000).unwrap();
    drained(body).await.unwrap_err();
    assert_eq!(send_progress.ended().unwrap().unwrap_err().kind, FaultKind::SourceChanged);
}

#[tokio::test]
async fn the_limit_holds_the_body_back() {
    let (feed, _file) = feed(&[1; 640 * 1024], Some(u64::MAX));
    feed.throttle.set(Some(64 * 1024));
    let send_progress = send_progress_of(1 << 20);
    let slow = tokio::time::timeout(
        Duration::from_millis(400),
        drained(RangeBody::new(feed, send_progress.clone(), 0..640 * 1024, None)),
    );
    assert!(slow.await.is_err(), "640 KiB at 64 KiB/s take ten seconds");
    assert!(send_progress.is_held(), "which is not the connection's silence");
}

#[tokio::test]
async fn a_part_that_is_held_back_keeps_its_connection_alive() {
    let (feed, _file) = feed(&[1; 640 * 1024], None);
    let send_progress = send_progress_of(640 * 1024);
    send_progress.progress.set_open(false);
    let began = Instant::now();
    let body =
        tokio::spawn(drained(RangeBody::new(feed, send_progress.clone(), 0..640 * 1024, None)));
    let trickles = async {
        while send_progress.sent() == 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(TRICKLE_EVERY * 4, trickles).await.unwrap();
    assert!(began.elapsed() >= TRICKLE_EVERY);
    assert_eq!((send_progress.sent(), send_progress.is_held()), (TRICKLE as u64, true));
    send_progress.progress.set_open(true);
    assert_eq!(body.await.unwrap().unwrap().len(), 640 * 1024);
}

#[tokio::test]
async fn at_a_low_limit_a_piece_goes_in_steps_and_is_the_same() {
    let bytes: Vec<u8> = (0..20_000u32).map(|n| (n % 251) as u8).collect();
    let (feed, _file) = feed(&bytes, Some(100_000));
    let send_progress = send_progress_of(1 << 20);
    let trailer = Trailer::for_mode(ChecksumMode::Crc64Nvme).unwrap();
    let mut body = RangeBody::new(feed.clone(), send_progress.clone(), 0..20_000, Some(trailer));
    let (mut sent, mut steps) = (Vec::new(), 0);
    while let Some(frame) =
        std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await
    {
        sent.extend_from_slice(&frame.unwrap().into_data().unwrap());
        steps += 1;
        assert_eq!(body.size_hint().exact(), Some(trailer.framed(20_000) - sent.len() as u64));
        assert!(send_progress.ended().is_none() || send_progress.sent() == 20_000);
    }
    assert!(steps > 8, "{steps}");
    let mut want = format!("{:x}\r\n", 20_000).into_bytes();
    want.extend_from_slice(&bytes);
    assert!(sent.starts_with(&want));
    assert_eq!((send_progress.sent(), feed.outgoing.load(Ordering::Relaxed)), (20_000, 20_000));
}

#[test]
fn silence_is_borne_by_what_was_seen_before() {
    let seconds = Duration::from_secs;
    let silence = |stretch, typical: Option<u64>| {
        SendProgress::new(stretch, typical.map(seconds), progress(0)).silence()
    };
    assert_eq!(silence(1, None), STALL_LIMIT);
    assert_eq!(silence(1, Some(1)), seconds(20));
    assert_eq!(silence(1, Some(6)), seconds(24));
    assert_eq!(silence(1, Some(600)), STALL_LIMIT);
    assert_eq!(silence(4, Some(1)), STALL_LIMIT * 4);
}

#[test]
fn an_empty_range_has_the_sums_of_nothing() {
    let (feed, _file) = feed(&[], None);
    let send_progress = send_progress_of(1 << 20);
    let _body = RangeBody::new(feed, send_progress.clone(), 0..0, None);
    assert_eq!(send_progress.ended().unwrap().unwrap().crc64, 0);
}
