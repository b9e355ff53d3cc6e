//! INI files, as rclone and s3cmd write them: nothing but a whole line is a comment, and nothing is unquoted. The only
//! file that names `configparser`.

use super::WhyNot;
use configparser::ini::Ini;
use zeroize::Zeroize;

/// A section: its name, and its values by key. The values are wiped when it is dropped.
pub(super) struct Section {
    pub(super) name: String,
    values: Vec<(String, String)>,
}

impl Section {
    /// None where it is not there, or empty.
    pub(super) fn get(&self, key: &str) -> Option<&str> {
        let (_, value) = self.values.iter().find(|(name, _)| name == key)?;
        Some(value.as_str()).filter(|value| !value.is_empty())
    }

    /// As both programs write a yes.
    pub(super) fn is_true(&self, key: &str) -> bool {
        self.bool(key) == Some(true)
    }

    /// Which of these are set to something other than no.
    pub(super) fn set_of(&self, names: &[&str]) -> Vec<String> {
        let is_set = |name: &&&str| {
            self.get(name).is_some_and(|value| value != "None") && self.bool(name) != Some(false)
        };
        names.iter().filter(is_set).map(|name| (*name).to_owned()).collect()
    }

    pub(super) fn bool(&self, key: &str) -> Option<bool> {
        match self.get(key)?.to_ascii_lowercase().as_str() {
            "true" | "1" | "t" | "yes" | "on" => Some(true),
            "false" | "0" | "f" | "no" | "off" => Some(false),
            _ => None,
        }
    }
}

impl Drop for Section {
    fn drop(&mut self) {
        self.values.iter_mut().for_each(|(_, value)| value.zeroize());
    }
}

/// In the order of the names; what stands before the first section is in one without a name.
///
/// # Errors
/// `Malformed`. The parser's own words are not passed on: they may quote a line with a secret.
pub(super) fn sections(text: &str) -> Result<Vec<Section>, WhyNot> {
    let mut ini = Ini::new_cs();
    ini.set_default_section("");
    // a secret may hold both signs
    ini.set_inline_comment_symbols(Some(&[]));
    let parsed = ini.read(text.to_owned()).map_err(|_| WhyNot::Malformed)?;
    let mut sections: Vec<Section> = parsed
        .into_iter()
        .map(|(name, values)| {
            let values = values.into_iter().map(|(key, value)| (key, value.unwrap_or_default()));
            Section { name, values: values.collect() }
        })
        .collect();
    for value in ini.get_mut_map().values_mut().flat_map(|values| values.values_mut()) {
        value.zeroize();
    }
    sections.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(sections)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_the_whole_line_behind_its_equals_sign() {
        let text = "# no ; comment\nbefore = 1\n[One]\nkey = a#b;c = \"d\"\nempty =\nflag = True\n\
                    ; [Two]\n  [Two] \nkey: no = x\nKey = 2\n";
        let sections = sections(text).unwrap();
        let names: Vec<&str> = sections.iter().map(|section| section.name.as_str()).collect();
        assert_eq!(names, ["", "One", "Two"]);
        let one = &sections[1];
        assert_eq!((one.get("key"), one.get("empty")), (Some("a#b;c = \"d\""), None));
        assert!(one.is_true("flag") && !one.is_true("key"));
        assert_eq!(sections[2].get("Key"), Some("2"));
        assert_eq!(super::sections("[half\nkey = secret").err(), Some(WhyNot::Malformed));
    }
}
