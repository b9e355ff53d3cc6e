//! The test programs that a build made.

use std::path::PathBuf;

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TestProgram {
    /// The package's folder: where cargo, too, would run it.
    pub(crate) home: PathBuf,
    /// The library, program or file of tests it was made of.
    pub(crate) target: String,
    /// Tests of a whole, in a file of their own, and not a crate's unit tests.
    pub(crate) whole: bool,
    pub(crate) executable: PathBuf,
}

/// Reads `cargo build --message-format=json`: one message a line.
pub(crate) fn read(messages: &str) -> Vec<TestProgram> {
    messages
        .lines()
        .filter(|line| line.contains("\"reason\":\"compiler-artifact\""))
        .filter_map(program)
        .collect()
}

/// cargo's messages are flat enough to be searched, and a JSON library would be the only crate this one needs.
fn program(message: &str) -> Option<TestProgram> {
    let profile = message.split_once("\"profile\":{")?.1.split_once('}')?.0;
    if !profile.contains("\"test\":true") {
        return None;
    }
    let target = message.split_once("\"target\":{")?.1;
    Some(TestProgram {
        home: PathBuf::from(text(message, "manifest_path")?).parent()?.to_path_buf(),
        target: text(target, "name")?,
        whole: target.starts_with("\"kind\":[\"test\"]"),
        executable: PathBuf::from(text(message, "executable")?),
    })
}

/// The string under `name`, its escapes undone.
fn text(json: &str, name: &str) -> Option<String> {
    let rest = json.split_once(&format!("\"{name}\":\""))?.1;
    let (mut value, mut chars) = (String::new(), rest.chars());
    loop {
        match chars.next()? {
            '"' => return Some(value),
            '\\' => value.push(chars.next()?),
            c => value.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENGINE: &str = r#"{"reason":"compiler-artifact","package_id":"x","manifest_path":"/p/tests/Cargo.toml","target":{"kind":["test"],"crate_types":["bin"],"name":"engine","src_path":"/p/tests/engine/main.rs","edition":"2024","doc":false,"doctest":false,"test":true},"profile":{"opt_level":"0","debuginfo":1,"debug_assertions":true,"overflow_checks":true,"test":true},"features":[],"filenames":["/t/debug/deps/engine-1"],"executable":"/t/debug/deps/engine-1","fresh":true}"#;

    #[test]
    fn a_test_program_is_found_with_its_home() {
        let found = read(&format!("{{\"reason\":\"build-script-executed\"}}\n{ENGINE}\n"));
        let wanted = TestProgram {
            home: "/p/tests".into(),
            target: "engine".into(),
            whole: true,
            executable: "/t/debug/deps/engine-1".into(),
        };
        assert_eq!(found, [wanted]);
    }

    #[test]
    fn a_library_that_could_be_tested_is_not_a_test_program() {
        let library = ENGINE.replace(
            "\"overflow_checks\":true,\"test\":true",
            "\"overflow_checks\":true,\"test\":false",
        );
        assert!(read(&library).is_empty());
    }

    #[test]
    fn escapes_in_a_path_are_undone() {
        assert_eq!(
            text(r#"{"executable":"C:\\a\\b.exe"}"#, "executable").as_deref(),
            Some(r"C:\a\b.exe")
        );
    }
}
