// The connections: the list, the form, signing in, the connection test and the buckets.
import { counted } from "../counted";

export const connections = {
  title: "Connections",
  add: "Add a connection",
  addFirst: "Add a connection...",
  none: "No connections yet.",
  tryPractice: "Try it on this computer",
  staysHere: "Files stay on this computer",
  secretNeeded: "Secret key needed",
  leave: {
    title: "Leave without saving?",
    text: "Your changes to this connection have not been saved.",
    yes: "Leave",
    no: "Keep editing",
  },

  where: "Server",
  kind: "Provider",
  name: "Name",
  account: "Account ID",
  endpoint: "Endpoint",
  amazonsOwn: "Amazon S3 default",
  region: "Region",
  pathStyle: "Path-style URLs: host/bucket, not bucket.host",
  signIn: "Sign in",
  target: "Default destination",
  bucket: "Bucket",
  folder: "Folder",
  noFolder: "none",
  exists: "If it exists",
  existsDefault: (choice: string) => `As in Settings (${choice})`,
  ownCertificate: "Custom certificate",
  certificates: "Certificates",
  certificatesHint: "A PEM file, for a server whose certificate this computer does not trust.",
  noCertificates: "none",
  amazonEndpoint: "Options",
  endpointOptions: {
    dualStack: "Dual-stack endpoint (IPv6 and IPv4)",
    fips: "FIPS endpoint",
    accelerate: "Transfer acceleration, if the bucket has it enabled",
  },
  proxy: {
    title: "Proxy",
    ways: { system: "System", direct: "None", url: "Custom" },
    hints: {
      system: "The proxy that the environment or the system settings name, if any.",
      direct: "The server is reached directly.",
    },
    url: "Address",
    example: "http://proxy.example.com:3128",
    urlHint: "Begins with http, https, socks5 or socks5h (names resolved by the proxy).",
    login: "The proxy requires a user name and password",
    user: "User name",
    password: "Password",
    saved: "Saved",
  },
  choose: "Choose...",
  undecided: "Choose above where to keep the secret key.",
  /** uploads that have not ended, and what the next two say happens to them */
  uses: (n: number) =>
    counted(n, { one: "upload uses", other: "uploads use" }) + " this connection.",
  usesHere: "Once saved, uploading continues with the new data; stored parts are kept.",
  usesElsewhere:
    "If the new endpoint is another server, uploading starts over there. Windlass tries to delete the parts on the old one.",
  remove: "Remove...",
  removing: {
    title: (name: string) => `Remove ${name}?`,
    text: "Its secret key will be deleted from the keychain. Uploaded objects are not affected.",
    yes: "Remove",
    no: "Keep",
  },
  discard: "Discard",
  test: "Test",
  testing: "Testing...",
  save: "Save",
  saving: "Saving...",
  saved: "Saved",

  /** by a preset's id, where the name is not a proper name */
  names: { other: "Other" },
  /** by a preset's id; the engine's own note is shown for any other preset */
  notes: {
    aws: "The region must be the bucket's own.",
    r2: "The account ID is on R2's overview page.",
    b2: "Use an application key, not the master key.",
    minio: "Your own server's address.",
    ceph: "The gateway's address.",
    garage: "The address of its S3 API.",
    gcs: "Use an HMAC key of the bucket's project.",
    spaces: "The endpoint of the region, without the Space's name.",
    other: "Any server that speaks S3.",
  },

  sign: {
    with: "Sign in with",
    how: "How to sign in",
    ways: {
      keys: "Keys",
      profile: "Profile",
      identityCenter: "Identity Center",
      environment: "Environment",
      nothing: "Anonymous",
    },
    accessKeyId: "Access key ID",
    secretAccessKey: "Secret access key",
    sessionToken: "Session token",
    onlyTemporary: "for temporary keys only",
    savedInKeychain: "Saved in the keychain",
    keptUntilQuit: "Kept until you quit",
    remember: "Keep the secret key in the keychain",
    profile: "Profile",
    noProfiles: "No profiles found in your AWS configuration (.aws/config).",
    unreadableProfiles: (names: string) =>
      `Not listed, because the AWS SDK reads names of A to Z, digits and _-/.%@:+ only: ${names}. Rename them in your AWS configuration.`,
    fromProfiles: "From your AWS configuration, including single sign-on.",
    notFound: (profile: string) => `${profile} (not found)`,
    environment:
      "Uses what the AWS CLI would use here: environment variables, then the default profile.",
    unsigned: "Requests are not signed. Few buckets allow anonymous writes.",
  },

  keychain: {
    title: "No keychain is available for the secret key",
    why: "Windlass keeps secret keys in the system keychain and nowhere else.",
    install: "Install gnome-keyring or KWallet, start it, then try again.",
    unlock: "Unlock it, then try again.",
    chosen: "For this session only. Windlass will ask again next time.",
    again: "Try again",
    looking: "Checking...",
    session: "Sign in for this session only",
  },

  checks: {
    skipped: "skipped",
    useRegion: (region: string) => `Use ${region}`,
  },

  buckets: {
    placeholder: "bucket name",
    /** in the empty field, once its buckets are known */
    choose: (n: number) =>
      `${counted(n, { one: "bucket", other: "buckets" })} found: choose one or type a name`,
    fillFirst: "Fill in the server and the keys to see its buckets, or type a name.",
    looking: "Loading buckets...",
    none: "No buckets yet. Type a name to create one.",
    mayNotList: "These keys are not allowed to list buckets. Type the bucket's name.",
    create: "Create",
    creating: "Creating...",
    createNamed: (name: string) => `Create bucket ${name}`,
  },

  practice: {
    name: "Practice store",
    title: "Practice store: files stay on this computer",
    text: "A small S3 server built into Windlass, for trying things out. It keeps your uploads in one of the app's own folders, checks them as a real server would, and can be reached only from this computer.",
    holds: "Contents",
    /** objects and incomplete uploads, and their size */
    usage: (objects: number, uploads: number, size: string) =>
      [
        counted(objects, { one: "object", other: "objects" }),
        uploads > 0
          ? counted(uploads, { one: "incomplete upload", other: "incomplete uploads" })
          : "",
        size,
      ]
        .filter(Boolean)
        .join(", "),
    nothing: "empty",
    empty: "Empty...",
    emptied: "The practice store is empty",
    emptying: {
      title: "Empty the practice store?",
      text: (holds: string) =>
        `${holds} will be deleted from this computer, and the bucket stays. Your own files and other servers are left alone. This cannot be undone.`,
      yes: "Delete all",
      no: "Keep",
    },
  },
};
