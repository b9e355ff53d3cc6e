//! The relay between sockets of this machine. What is asserted is bytes and their order, never a time.

use super::*;
use crate::files;
use std::{
    io::{Read, Write},
    net::{Shutdown, TcpStream as StdStream},
    sync::mpsc,
};

const LIMIT: Duration = Duration::from_secs(60);

/// A server that reads to the end of each connection, and tells of each read: which connection, and how much.
fn reader() -> (String, mpsc::Receiver<(usize, Vec<u8>)>) {
    let listener = StdListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let (tell, reported) = mpsc::channel();
    thread::spawn(move || {
        for (number, stream) in listener.incoming().enumerate() {
            let (mut stream, tell) = (stream.unwrap(), tell.clone());
            thread::spawn(move || {
                let mut buffer = vec![0; 1 << 16];
                // nothing is its end
                while let Ok(read) = stream.read(&mut buffer) {
                    if tell.send((number, buffer[..read].to_vec())).is_err() || read == 0 {
                        return;
                    }
                }
                let _ = tell.send((number, Vec::new()));
            });
        }
    });
    (endpoint, reported)
}

fn client(relay: &Relay) -> StdStream {
    StdStream::connect(relay.endpoint().trim_start_matches("http://")).unwrap()
}

fn head(length: usize) -> Vec<u8> {
    format!("PUT /b/k HTTP/1.1\r\nContent-Length: {length}\r\n\r\n").into_bytes()
}

/// What one connection brings, until it is so much.
fn arrives(reported: &mpsc::Receiver<(usize, Vec<u8>)>, length: usize) -> Vec<u8> {
    let mut all = Vec::new();
    while all.len() < length {
        let (_, bytes) = reported.recv_timeout(LIMIT).unwrap();
        assert!(!bytes.is_empty(), "it ended after {} bytes", all.len());
        all.extend(bytes);
    }
    all
}

#[tokio::test]
async fn bytes_arrive_as_they_were_and_bodies_are_counted() {
    for rate in [None, Some(10_000_000)] {
        let (endpoint, reported) = reader();
        let relay = Relay::to(&endpoint, rate);
        let body = files::bytes(1, 300_000);
        let mut stream = client(&relay);
        let sent = [head(body.len()), body.clone()].concat();
        stream.write_all(&sent).unwrap();
        assert!(arrives(&reported, sent.len()) == sent, "other bytes arrived");
        // the server may have read what is just being counted
        let counted = async {
            while relay.crossed() < body.len() as u64 {
                sleep(TICK).await;
            }
        };
        timeout(LIMIT, counted).await.unwrap();
        assert_eq!(relay.crossed(), body.len() as u64);
    }
}

/// One that sends without an end does not keep another one from its turn.
#[test]
fn connections_take_turns() {
    let (endpoint, reported) = reader();
    let relay = Relay::to(&endpoint, Some(2_000_000));
    let (mut greedy, mut small) = (client(&relay), client(&relay));
    let sending = thread::spawn(move || {
        let piece = files::bytes(1, 1 << 16);
        while greedy.write_all(&piece).is_ok() {}
    });
    // the line is busy from here on
    let (greedy, _) = reported.recv_timeout(LIMIT).unwrap();
    let mut left = 50_000;
    thread::spawn(move || {
        small.write_all(&files::bytes(2, left)).unwrap();
        // held until the relay goes
        let _ = small.read(&mut [0; 8]);
    });
    while left > 0 {
        let (number, bytes) = reported.recv_timeout(LIMIT).unwrap();
        left -= if number == greedy { 0 } else { bytes.len() };
    }
    drop(relay);
    sending.join().unwrap();
}

/// Nothing that is held goes on to the server once its client has left, and a cut leaves no connection.
#[tokio::test]
async fn what_is_held_is_dropped() {
    let (endpoint, reported) = reader();
    // so slow that next to nothing passes before the cut
    let relay = Relay::to(&endpoint, Some(8_000));
    let mut stream = client(&relay);
    stream.write_all(&[head(1 << 20), files::bytes(1, 10_000)].concat()).unwrap();
    arrives(&reported, 1);
    relay.cut().await;
    let crossed = relay.crossed();
    assert!(crossed < 10_000, "{crossed} bytes crossed");
    while !reported.recv_timeout(LIMIT).unwrap().1.is_empty() {}
    let ended = stream.read(&mut [0; 8]);
    assert!(matches!(ended, Ok(0) | Err(_)), "the client is not told: {ended:?}");

    let mut leaves = client(&relay);
    leaves.write_all(&[head(1 << 20), files::bytes(1, 10_000)].concat()).unwrap();
    arrives(&reported, 1);
    leaves.shutdown(Shutdown::Both).unwrap();
    while !reported.recv_timeout(LIMIT).unwrap().1.is_empty() {}
    assert!(relay.crossed() < crossed + 10_000, "what was held went on");
}

/// A request that the server has whole is answered to nobody, and done all the same before a cut is over.
#[tokio::test]
async fn a_cut_waits_for_what_the_server_has_whole() {
    let listener = StdListener::bind("127.0.0.1:0").unwrap();
    let relay = Relay::to(&format!("http://{}", listener.local_addr().unwrap()), None);
    let mut stream = client(&relay);
    stream.write_all(&[head(3), b"abc".to_vec()].concat()).unwrap();
    let (mut server, _) = listener.accept().unwrap();
    let mut got = vec![0; head(3).len() + 3];
    server.read_exact(&mut got).unwrap();
    let cut = relay.cut();
    let mut cut = std::pin::pin!(cut);
    // the client's end is gone, the server's is not
    tokio::select! {
        () = &mut cut => panic!("it did not wait for the answer"),
        gone = tokio::task::spawn_blocking(move || stream.read(&mut [0; 8])) => drop(gone),
    }
    server.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
    cut.await;
}
