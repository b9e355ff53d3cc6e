//! What can be typed after `connections`: those of the app, or those of other programs that are to become its own.

use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;
use windlass_engine::{ImportFrom, Program};

const IMPORT_MORE: &str = "Without a NAME or --all it shows what there is to import, and changes nothing.

Secrets go from the program's file to the system keychain and nowhere else. The connections are the app's: they are in its
Connections screen, and behind --connection here. The app must not be running.

Where it looks: rclone.conf, Cyberduck's bookmarks and profiles, .s3cfg, and mc's config.json, in the places where these
programs keep them on this system. A profile of the AWS configuration needs no import: use --profile.

Exit: 0 all done, 1 something that was named could not be imported, 2 wrong usage, 130 interrupted.";

#[derive(Debug, Subcommand)]
pub(crate) enum Connections {
    /// The app's connections, by the names that --connection takes
    List(Listed),
    /// Import connections from rclone, Cyberduck, s3cmd or mc (the MinIO client)
    Import(Import),
}

#[derive(Debug, Args)]
pub(crate) struct Listed {
    /// One JSON object a line on stdout
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
#[command(after_help = IMPORT_MORE)]
pub(crate) struct Import {
    /// The connections to import, by the names that they have there
    #[arg(value_name = "NAME")]
    pub(crate) names: Vec<String>,
    /// Import all that can be, except those that the app has already
    #[arg(long, conflicts_with = "names")]
    pub(crate) all: bool,
    /// Look in the configuration of this program alone
    #[arg(long, value_enum, value_name = "PROGRAM")]
    from: Option<From>,
    /// Read this file, not the one in the default location
    #[arg(long, value_name = "FILE", requires = "from")]
    file: Option<PathBuf>,
    /// One JSON object a line on stdout
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum From {
    Rclone,
    Cyberduck,
    S3cmd,
    Mc,
}

impl Import {
    pub(crate) fn place(&self) -> ImportFrom {
        let program = self.from.map(|from| match from {
            From::Rclone => Program::Rclone,
            From::Cyberduck => Program::Cyberduck,
            From::S3cmd => Program::S3cmd,
            From::Mc => Program::Mc,
        });
        ImportFrom { program, file: self.file.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flags::{Command, Flags};
    use clap::Parser;

    fn import(line: &str) -> Option<Import> {
        let words =
            ["windlass-cli", "connections", "import"].into_iter().chain(line.split_whitespace());
        match Flags::try_parse_from(words).ok()?.command {
            Command::Connections(flags) => match *flags {
                Connections::Import(flags) => Some(flags),
                Connections::List(_) => None,
            },
            _ => None,
        }
    }

    #[test]
    fn a_file_is_some_program_s() {
        let flags = import("a b --from mc --file x").unwrap();
        assert_eq!((flags.names.len(), flags.place().program), (2, Some(Program::Mc)));
        assert_eq!(import("--all").unwrap().place().program, None);
        for wrong in ["--file x", "a --all", "--from winscp"] {
            assert!(import(wrong).is_none(), "{wrong}");
        }
    }
}
