// Importing connections from other programs: the dialog, and what cannot be taken. Rust says the same of the latter
// (`model/import.rs`); sentences.test.ts holds the two together.
import { counted } from "../counted";

const connections = (n: number) => counted(n, { one: "connection", other: "connections" });

export const importing = {
  open: "Import connections...",
  /** below the list of connections */
  short: "Import...",
  title: "Import connections",
  text: "Windlass looks in the settings of rclone, Cyberduck, s3cmd and mc. Secret keys are copied to the keychain and nowhere else; the other programs' files stay as they are.",
  looking: "Looking for connections...",
  none: "No S3 connections of these programs were found on this computer.",
  key: (id: string) => `key ${id}`,
  profile: (name: string) => `AWS profile ${name}`,
  environment: "keys from the environment",
  unsigned: "anonymous",
  secret: {
    inFile: "with its secret key",
    notInFile: "secret key not in the file: enter it after importing",
  },
  known: "already imported",
  leftOut: (names: string) => `Not imported: ${names}`,
  session: "No keychain is available, so secret keys are kept only until you quit.",
  not: (n: number) => `${counted(n, { one: "entry", other: "entries" })} cannot be imported`,
  failed: (name: string, why: string) => `${name} was not imported: ${why}`,
  run: (n: number) => (n === 0 ? "Import" : `Import ${connections(n)}`),
  running: "Importing...",
  whyNot: {
    encrypted:
      "The file is encrypted with a password; remove the password in rclone config, import, then set it again",
    malformed: "The file is damaged or not in the expected format",
    notUtf8: "The file is not text in UTF-8",
    tooLarge: (size: string) => `The file is too large to be a configuration (${size})`,
    notAFile: "This is not a regular file",
    unreadable: (cause: string) => `The file cannot be read: ${cause}`,
    notS3: (kind: string) => `Not S3 (${kind})`,
    noEndpoint: "The endpoint is missing",
    badEndpoint: "The endpoint is not a valid address",
    noKeys: "It has no access key",
    signatureV2: "It signs with signature version 2, which Windlass does not support",
  },
};
