//! A packet as the kernel hands it over: a virtio header, and possibly several TCP segments. Losing one of them means cutting
//! the packet around it.

/// Length of the virtio head before each packet.
const VIRTIO: usize = 10;
const TCP: u8 = 6;
const FIN_PSH: u8 = 0x01 | 0x08;
const CWR: u8 = 0x80;

pub(super) struct Packet<'a> {
    /// with its virtio head
    bytes: &'a [u8],
    /// lengths: of the IP head, and of both heads
    ip: usize,
    heads: usize,
    /// bytes of data in a segment; 0: the packet is one segment
    segment: usize,
}

/// What gets through.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) bytes: Vec<u8>,
    /// bytes that its segments take on a real wire, each with its own heads
    pub(super) on_wire: usize,
}

impl<'a> Packet<'a> {
    pub(super) fn parse(bytes: &'a [u8]) -> Option<Self> {
        let ip_head = bytes.get(VIRTIO..)?;
        let whole = Self { bytes, ip: 0, heads: 0, segment: 0 };
        let cut = usize::from(u16::from_ne_bytes([bytes[4], bytes[5]]));
        let kind = bytes[1] & 0x7f;
        let v4 = ip_head.first()? >> 4 == 4;
        if kind == 0 || cut == 0 || !v4 || *ip_head.get(9)? != TCP {
            return Some(whole);
        }
        let ip = usize::from(ip_head[0] & 15) * 4;
        let heads = ip + usize::from(*ip_head.get(ip + 12)? >> 4) * 4;
        (ip_head.len() > heads).then_some(Self { bytes, ip, heads, segment: cut })
    }

    /// The pieces that fit into `room` bytes of buffer and of which no segment is `lost`.
    pub(super) fn through(&self, room: f64, lost: &mut dyn FnMut() -> bool) -> Vec<Piece> {
        let length = self.bytes.len() - VIRTIO;
        let fits = |size: usize| usize_of(room / size.max(1) as f64);
        if self.segment == 0 {
            let passes = fits(length) > 0 && !lost();
            return Vec::from_iter(
                passes.then(|| Piece { bytes: self.bytes.to_vec(), on_wire: length }),
            );
        }
        let segments = (length - self.heads).div_ceil(self.segment);
        let kept = segments.min(fits(self.segment + self.heads));
        let mut pieces = Vec::new();
        let mut start = 0;
        for at in 0..kept {
            if lost() {
                if at > start {
                    pieces.push(self.piece(start, at, segments));
                }
                start = at + 1;
            }
        }
        if kept > start {
            pieces.push(self.piece(start, kept, segments));
        }
        pieces
    }

    /// Segments `from..to` of `all` as a packet of their own, its heads made to fit.
    fn piece(&self, from: usize, to: usize, all: usize) -> Piece {
        let length = self.bytes.len() - VIRTIO;
        let on_wire = |bytes: usize| bytes + (to - from - 1) * self.heads;
        if (from, to) == (0, all) {
            return Piece { bytes: self.bytes.to_vec(), on_wire: on_wire(length) };
        }
        let (heads, ip_length) = (self.heads, self.ip);
        let start = from * self.segment;
        let end = (to * self.segment).min(length - heads);
        let mut bytes = Vec::with_capacity(VIRTIO + heads + end - start);
        bytes.extend_from_slice(&self.bytes[..VIRTIO + heads]);
        bytes.extend_from_slice(&self.bytes[VIRTIO + heads + start..VIRTIO + heads + end]);
        let ip = &mut bytes[VIRTIO..];
        let total = low16(ip.len());
        ip[2..4].copy_from_slice(&total.to_be_bytes());
        let id = u16::from_be_bytes([ip[4], ip[5]]).wrapping_add(low16(from));
        ip[4..6].copy_from_slice(&id.to_be_bytes());
        ip[10..12].fill(0);
        let sum = !folded(added(&ip[..ip_length], 0));
        ip[10..12].copy_from_slice(&sum.to_be_bytes());
        let tcp = ip_length;
        let sequence = u32::from_be_bytes([ip[tcp + 4], ip[tcp + 5], ip[tcp + 6], ip[tcp + 7]]);
        let sequence = sequence.wrapping_add(u32::try_from(start).unwrap_or(0));
        ip[tcp + 4..tcp + 8].copy_from_slice(&sequence.to_be_bytes());
        if to < all {
            ip[tcp + 13] &= !FIN_PSH;
        }
        if from > 0 {
            ip[tcp + 13] &= !CWR;
        }
        // of the pseudo head only: the kernel adds the rest
        let tcp_length = u32::try_from(ip.len() - tcp).unwrap_or(0);
        let pseudo = folded(added(&ip[12..20], u32::from(TCP) + tcp_length));
        ip[tcp + 16..tcp + 18].copy_from_slice(&pseudo.to_be_bytes());
        let on_wire = on_wire(ip.len());
        // a checksum is wanted, from the TCP head on, at its place in it
        bytes[0] = 1;
        bytes[6..8].copy_from_slice(&low16(tcp).to_ne_bytes());
        bytes[8..10].copy_from_slice(&16_u16.to_ne_bytes());
        if to - from == 1 {
            bytes[1] = 0;
            bytes[4..6].fill(0);
        }
        Piece { bytes, on_wire }
    }
}

fn low16(n: usize) -> u16 {
    u16::try_from(n & 0xffff).unwrap_or(0)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped before")]
fn usize_of(n: f64) -> usize {
    n.clamp(0.0, 1e9) as usize
}

/// The Internet checksum's sum, not folded yet.
fn added(bytes: &[u8], start: u32) -> u32 {
    bytes.chunks(2).fold(start, |sum, pair| {
        sum + (u32::from(pair[0]) << 8) + pair.get(1).map_or(0, |low| u32::from(*low))
    })
}

fn folded(sum: u32) -> u16 {
    let once = (sum & 0xffff) + (sum >> 16);
    low16(((once & 0xffff) + (once >> 16)) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three segments of 100 bytes and one of 50 behind 20 + 20 bytes of heads.
    fn large() -> Vec<u8> {
        let mut bytes = vec![0; VIRTIO + 40 + 350];
        bytes[1] = 1;
        bytes[4..6].copy_from_slice(&100_u16.to_ne_bytes());
        bytes[VIRTIO] = 0x45;
        bytes[VIRTIO + 9] = TCP;
        bytes[VIRTIO + 20 + 12] = 5 << 4;
        bytes[VIRTIO + 20 + 13] = FIN_PSH;
        for (i, byte) in bytes[VIRTIO + 40..].iter_mut().enumerate() {
            *byte = u8::try_from(i % 251).unwrap();
        }
        bytes
    }

    #[test]
    fn a_packet_is_cut_around_what_is_lost() {
        let bytes = large();
        let packet = Packet::parse(&bytes).unwrap();
        let mut draws = [false, true, false, false].into_iter();
        let pieces = packet.through(1e9, &mut || draws.next().unwrap());
        let lengths: Vec<_> = pieces.iter().map(|p| (p.bytes.len() - VIRTIO, p.on_wire)).collect();
        assert_eq!(lengths, [(140, 140), (190, 230)]);
        let second = &pieces[1].bytes[VIRTIO..];
        assert_eq!(&second[24..28], 200_u32.to_be_bytes());
        assert_eq!(&second[40..], &bytes[VIRTIO + 40 + 200..]);
        assert_eq!((pieces[0].bytes[VIRTIO + 33], second[33]), (0, FIN_PSH));
        assert_eq!(folded(added(&second[..20], 0)), 0xffff);
    }

    #[test]
    fn what_the_buffer_does_not_hold_is_dropped_from_the_end() {
        let bytes = large();
        let packet = Packet::parse(&bytes).unwrap();
        let kept = packet.through(300.0, &mut || false);
        assert_eq!((kept.len(), kept[0].on_wire), (1, 280));
        assert!(packet.through(-5.0, &mut || false).is_empty());
        let whole = packet.through(1e9, &mut || false);
        assert_eq!((whole[0].bytes.len(), whole[0].on_wire), (bytes.len(), 350 + 4 * 40));
    }
}
