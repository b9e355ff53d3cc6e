//! Completions and manual pages, as a package installs them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use windlass_tests::place;

fn printed(shell: &str) -> String {
    let out = Command::new(place::program("windlass-cli")).args(["completions", shell]).output();
    let out = out.unwrap();
    assert!(out.status.success() && out.stderr.is_empty(), "{out:?}");
    String::from_utf8(out.stdout).unwrap()
}

fn pages(folder: &Path) -> BTreeMap<String, String> {
    let wrote = Command::new(place::program("windlass-cli")).arg("man").arg(folder).status();
    assert!(wrote.unwrap().success());
    let entries = fs::read_dir(folder).unwrap().flatten();
    entries
        .map(|entry| {
            let name = entry.file_name().into_string().unwrap();
            (name, fs::read_to_string(entry.path()).unwrap())
        })
        .collect()
}

#[test]
fn each_shell_completes_the_commands_and_the_script_is_the_same_every_time() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = printed(shell);
        for word in ["upload", "unfinished", "part-size"] {
            assert!(script.contains(word), "{shell} does not complete {word}");
        }
        assert_eq!(script, printed(shell));
    }
}

#[cfg(unix)]
#[test]
fn bash_loads_its_completions() {
    let folder = place::scratch();
    let script = folder.path().join("windlass-cli.bash");
    fs::write(&script, printed("bash")).unwrap();
    let asked = "source \"$0\"; COMP_WORDS=(windlass-cli unf); COMP_CWORD=1; \
                 complete=($(complete -p windlass-cli)); \
                 for at in ${!complete[@]}; do [ \"${complete[$at]}\" = -F ] && function=${complete[at+1]}; done; \
                 $function windlass-cli unf windlass-cli; echo \"${COMPREPLY[@]}\"";
    let out = Command::new("bash").args(["-c", asked]).arg(&script).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&out.stdout).trim(), "unfinished", "{out:?}");
}

#[test]
fn there_is_a_page_for_each_command_and_it_is_the_same_every_time() {
    let (folder, other) = (place::scratch(), place::scratch());
    let found = pages(folder.path());
    for page in ["windlass-cli.1", "windlass-cli-upload.1", "windlass-cli-unfinished-adopt.1"] {
        let text = found.get(page).unwrap_or_else(|| panic!("no {page} in {:?}", found.keys()));
        assert!(text.contains(".TH windlass-cli"), "{text}");
    }
    assert!(found["windlass-cli-upload.1"].contains("part\\-size"));
    assert!(!found.contains_key("windlass-cli-man.1"), "hidden commands have no page");
    assert_eq!(found, pages(other.path()));
}
