//! Chunked bodies, HTTP's own and S3's `aws-chunked`: a size in hex, perhaps a signature after `;`, the data, and lines after
//! the last chunk.

/// A chunk's head or a trailer's line; longer is no chunk's.
const LONGEST_LINE: usize = 8 << 10;

#[derive(Debug, Default)]
enum At {
    #[default]
    Size,
    Data(u64),
    /// the line's end that follows a chunk's data
    DataEnd,
    Trailer,
    End,
}

/// Fed with the body as it comes, hands the data on.
#[derive(Debug, Default)]
pub(super) struct Chunks {
    at: At,
    line: Vec<u8>,
    trailers: Vec<(String, String)>,
}

impl Chunks {
    /// How many of `bytes` belong to this body; data goes to `out`. An error is a body that is not in chunks.
    pub(super) fn feed(
        &mut self,
        bytes: &[u8],
        out: &mut dyn FnMut(&[u8]),
    ) -> Result<usize, &'static str> {
        let mut used = 0;
        while used < bytes.len() {
            let rest = &bytes[used..];
            match &mut self.at {
                At::End => break,
                At::Data(left) => {
                    let n = rest.len().min(usize::try_from(*left).unwrap_or(usize::MAX));
                    out(&rest[..n]);
                    used += n;
                    self.skip(n as u64);
                }
                At::Size | At::DataEnd | At::Trailer => {
                    let end = rest.iter().position(|byte| *byte == b'\n');
                    let n = end.map_or(rest.len(), |end| end + 1);
                    self.line.extend_from_slice(&rest[..n]);
                    used += n;
                    if self.line.len() > LONGEST_LINE {
                        return Err("a line of a chunk has no end");
                    }
                    if end.is_some() {
                        self.line_ended()?;
                    }
                }
            }
        }
        Ok(used)
    }

    /// Bytes of data that come next: they may be dropped unseen, and be told by `skip`.
    pub(super) fn skippable(&self) -> u64 {
        if let At::Data(left) = self.at { left } else { 0 }
    }

    pub(super) fn skip(&mut self, n: u64) {
        if let At::Data(left) = &mut self.at {
            *left -= n;
            if *left == 0 {
                self.at = At::DataEnd;
            }
        }
    }

    pub(super) fn ended(&self) -> bool {
        matches!(self.at, At::End)
    }

    /// Names in lower case.
    pub(super) fn into_trailers(self) -> Vec<(String, String)> {
        self.trailers
    }

    fn line_ended(&mut self) -> Result<(), &'static str> {
        let line = String::from_utf8_lossy(&self.line).trim_end().to_string();
        self.line.clear();
        self.at = match self.at {
            At::DataEnd if line.is_empty() => At::Size,
            At::DataEnd => return Err("a chunk is longer than it said"),
            At::Size => {
                let size = line.split(';').next().unwrap_or_default().trim();
                match u64::from_str_radix(size, 16).map_err(|_| "a chunk has no size")? {
                    0 => At::Trailer,
                    size => At::Data(size),
                }
            }
            _ if line.is_empty() => At::End,
            _ => {
                if let Some((name, value)) = line.split_once(':') {
                    self.trailers.push((name.trim().to_ascii_lowercase(), value.trim().into()));
                }
                At::Trailer
            }
        };
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIGNED: &str = "4;chunk-signature=aa\r\nWind\r\n5;chunk-signature=bb\r\nlass\n\r\n\
        0;chunk-signature=cc\r\nx-amz-checksum-crc64nvme:AAAA=\r\nx-amz-trailer-signature:dd\r\n\r\n";

    #[test]
    fn however_it_is_cut_the_data_and_the_trailer_are_the_same() {
        for step in 1..SIGNED.len() {
            let (mut chunks, mut data) = (Chunks::default(), Vec::new());
            for piece in SIGNED.as_bytes().chunks(step) {
                let used = chunks.feed(piece, &mut |bytes| data.extend_from_slice(bytes));
                assert_eq!(used, Ok(piece.len()));
            }
            assert!(chunks.ended());
            assert_eq!(data, b"Windlass\n");
            let trailer = ("x-amz-checksum-crc64nvme".to_string(), "AAAA=".to_string());
            assert_eq!(chunks.into_trailers()[0], trailer);
        }
    }

    #[test]
    fn data_may_be_dropped_unseen() {
        let mut chunks = Chunks::default();
        assert_eq!(chunks.feed(b"ff\r\n", &mut |_| panic!("no data yet")), Ok(4));
        assert_eq!(chunks.skippable(), 255);
        chunks.skip(255);
        assert_eq!(chunks.feed(b"\r\n0\r\n\r\nGET /", &mut |_| panic!("no data")), Ok(7));
        assert!(chunks.ended());
    }

    #[test]
    fn what_is_not_in_chunks_is_told() {
        for body in ["hello\r\n", "2\r\nabc\r\n"] {
            assert!(Chunks::default().feed(body.as_bytes(), &mut |_| {}).is_err(), "{body}");
        }
        assert!(Chunks::default().feed(&[b'0'; 10_000], &mut |_| {}).is_err());
    }
}
