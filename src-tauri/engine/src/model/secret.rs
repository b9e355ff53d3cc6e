//! A secret access key and its session token: wiped from memory when they are dropped, and shown by no `Debug`. Their text
//! is reached through `expose_secret` alone, so that a search for that word finds every place that reads one.

pub use secrecy::{ExposeSecret, SecretString};

/// What signs requests, besides the access key ID.
#[derive(Clone, Debug)]
pub struct Secret {
    pub secret_access_key: SecretString,
    pub session_token: Option<SecretString>,
}

/// The text without spaces around it; None where nothing is left.
pub(crate) fn trimmed(text: &SecretString) -> Option<SecretString> {
    let text = text.expose_secret().trim();
    (!text.is_empty()).then(|| text.into())
}

/// The text cut into pieces of at most `most` UTF-16 code units, for a keychain that limits the length of an entry. Joined
/// in their order they are the text again; no character is cut in two. An empty text has no pieces.
pub(crate) fn pieces(text: &str, most: usize) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let mut units = 0;
        let end = rest.char_indices().find(|(_, letter)| {
            units += letter.len_utf16();
            units > most
        });
        let (piece, after) = rest.split_at(end.map_or(rest.len(), |(at, _)| at));
        rest = after;
        (!piece.is_empty()).then_some(piece)
    })
}

/// Whether another piece may follow this one: there is no room in it for every character.
pub(crate) fn is_full(piece: &str, most: usize) -> bool {
    piece.encode_utf16().count() + 2 > most
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn pieces_are_as_long_as_may_be_and_cut_no_character() {
        let table: [(&str, &[&str]); 6] = [
            ("", &[]),
            ("abc", &["abc"]),
            ("abcd", &["abcd"]),
            ("abcde", &["abcd", "e"]),
            ("äöüßé", &["äöüß", "é"]),
            // two units each
            ("a🔑🔑🔑", &["a🔑", "🔑🔑"]),
        ];
        for (text, want) in table {
            assert_eq!(pieces(text, 4).collect::<Vec<_>>(), want, "{text}");
        }
    }

    proptest! {
        #[test]
        fn pieces_fit_and_make_the_text_again(text in "\\PC{0,60}", most in 2usize..9) {
            let pieces: Vec<&str> = pieces(&text, most).collect();
            prop_assert_eq!(&pieces.concat(), &text);
            for (number, piece) in pieces.iter().enumerate() {
                prop_assert!((1..=most).contains(&piece.encode_utf16().count()));
                // whoever reads them back goes on for as long as one is full
                prop_assert!(is_full(piece, most) || number + 1 == pieces.len());
            }
        }
    }

    #[test]
    fn no_debug_shows_a_secret() {
        let secret = Secret {
            secret_access_key: "wJalrXUtnFEMI".into(),
            session_token: Some("FwoGZXIvYXdzEBY".into()),
        };
        let shown = format!("{secret:?} {:?}", secret.clone());
        assert!(!shown.contains("wJalr") && !shown.contains("FwoG"), "{shown}");
    }
}
