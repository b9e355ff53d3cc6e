// The title, the advice and the button's label of each kind of fault. What the button does is decided in lib/faults.ts.

const tryAgain = "Try again";
const copyDetails = "Copy details";

export const faults = {
  kinds: {
    offline: {
      title: "The server cannot be reached",
      advice: "Check the network and the connection's endpoint.",
      button: tryAgain,
    },
    throttled: {
      title: "The server is throttling requests",
      advice: "It is busy. Wait a while, or use fewer connections in Settings.",
      button: tryAgain,
    },
    server: {
      title: "The server had a problem",
      advice: "The cause is on its side. What has been sent is kept.",
      button: tryAgain,
    },
    credentials: {
      title: "The server rejected these keys",
      advice: "The keys may be mistyped, expired or disabled.",
      button: "Sign in again",
    },
    signIn: {
      title: "Sign in to continue",
      advice: "What waits for it continues by itself once you have signed in.",
      button: "Sign in",
    },
    keychain: {
      title: "The keychain cannot be opened",
      advice: "Unlock it, or sign in for this session only.",
      button: tryAgain,
    },
    denied: {
      title: "Access denied",
      advice: "The bucket's owner can grant access. The details say which permission is missing.",
      button: copyDetails,
    },
    wrongPlace: {
      title: "Wrong bucket or endpoint",
      advice:
        "The bucket may have another name or region, or there is no S3 server at this endpoint.",
      button: "Open connection",
    },
    clock: {
      title: "This computer's clock is wrong",
      advice: "The server rejects requests with the wrong time. Set the clock, then try again.",
      button: tryAgain,
    },
    exists: {
      title: "An object with this name already exists",
      advice: "Replace it, or keep both under different names.",
      button: "Replace",
    },
    sourceMissing: {
      title: "The file cannot be read",
      advice:
        "It was moved or renamed, is on a disconnected drive, or you have no permission to read it.",
      button: tryAgain,
    },
    sourceChanged: {
      title: "The file changed while it was uploading",
      advice: "Wait until the program that is writing it has finished.",
      button: "Upload again",
    },
    checksum: {
      title: "The stored data does not match the file",
      advice: "No damaged object was marked as done.",
      button: "Upload again",
    },
    unsupported: {
      title: "The server does not support this",
      advice: "It lacks a feature that this upload needs.",
      button: copyDetails,
    },
    storage: {
      title: "Windlass cannot write its own data",
      advice: "The disk may be full.",
      button: tryAgain,
    },
    bug: {
      title: "Something went wrong inside Windlass",
      advice: "The details help to find the cause.",
      button: copyDetails,
    },
  },
  /** reasons for which the texts of the kind would be vague or wrong */
  reasons: {
    fileInUse: {
      title: "The file is in use",
      advice: "Close it in the other program, then try again.",
    },
    tooLargeForIt: {
      title: "Requests of this size are rejected",
      advice:
        "A proxy in front of the server limits them. Use smaller parts, or have its limit raised above 5 MiB.",
    },
    storeFull: {
      title: "The storage is full",
      advice: "Free up space there or have the quota raised, then try again.",
    },
    noSuchHost: {
      title: "Server name not found",
      advice: "Check the spelling of the connection's endpoint, and that this computer is online.",
    },
    notAProxy: {
      title: "The proxy's address is not valid",
      advice: "Correct it in the connection under “Proxy”, or in the environment.",
    },
    proxyDown: {
      title: "The proxy cannot be reached",
      advice: "Check the connection's proxy, or choose none if this network does not need it.",
    },
    proxyNotThrough: {
      title: "The proxy cannot reach the server",
      advice: "Check the connection's endpoint, and whether the proxy may leave this network.",
    },
    proxyRefused: {
      title: "The proxy refuses this server",
      advice:
        "Its administrator can allow it. Or choose another proxy, or none, in the connection.",
    },
    proxyNeedsLogin: {
      title: "The proxy requires a sign-in",
      advice: "Enter user name and password in the connection under “Proxy”.",
    },
    proxyLoginRejected: {
      title: "The proxy rejected the sign-in",
      advice: "Check user name and password in the connection under “Proxy”.",
    },
    unknownIssuer: {
      title: "The server's certificate is not trusted",
      advice:
        "If the server is your own, add its certificate, or that of its authority, to the connection under “Custom certificate”.",
    },
    badCertificate: {
      title: "The server's certificate is not valid",
      advice: "It has expired or is for another name. Check the connection's endpoint.",
    },
    loginNeeded: {
      title: "Sign in with the AWS CLI",
      advice: "It needs version 2 of the AWS CLI.",
    },
    mfaCodeNeeded: {
      title: "An MFA code is needed",
      advice: "Enter the code that the device shows; what waits for it continues by itself.",
    },
    noMfaCode: {
      title: "This is not an MFA code",
      advice: "Enter the six digits that the device shows now.",
    },
    noStartUrl: {
      title: "This is not a start URL",
      advice: "Copy it from the address of the access portal.",
    },
    noIdentityCenter: {
      title: "This profile cannot be signed in",
      advice: "Choose another profile, or sign in with Identity Center and a start URL.",
    },
    signInDenied: {
      title: "The sign-in was denied",
      advice: "Start it again, and allow it on the page.",
    },
    signInTimedOut: {
      title: "The sign-in took too long",
      advice: "Start it again.",
    },
    signInFailed: {
      title: "Signing in failed",
      advice: "Check the start URL and the SSO region.",
    },
    notAssumed: {
      title: "AWS STS refused",
      advice: "Check the role and its trust policy. An MFA code can be used only once.",
    },
    bucketTaken: {
      title: "The bucket name is taken",
      advice: "Choose another name.",
    },
    bucketName: {
      title: "The bucket cannot have this name",
      advice: "Choose another name.",
    },
    wrongRegion: {
      title: "The bucket is in another region",
      advice: "Choose its region in the connection, then try again.",
    },
    noProfile: {
      title: "Profile not found",
      advice: "Choose another profile in the connection, or add it to the AWS configuration.",
    },
    clockAgrees: {
      title: "The server rejects this computer's clock",
      advice: "The clock agrees with the server's own date. Try again later.",
    },
  },
  /** a file that never became stable: nothing is lost, but the user has to decide */
  changing: {
    title: "This file keeps changing",
    advice:
      "No partial object is on the server: the object appears only once a single version of the file has been uploaded in full. What is stored so far is kept.",
    button: "Upload current version",
    keepWaiting: "Keep waiting",
    cancel: "Cancel",
  },
  /** these keys may not check whether the object exists: the user can choose to upload without the check */
  unlooked: {
    title: "These keys cannot check whether the object exists",
    advice:
      "The bucket's owner can grant s3:ListBucket. Uploading anyway replaces any existing object.",
    button: "Upload anyway",
    copyDetails,
  },
  /** line by line, for a support request */
  details: {
    part: (n: number) => `Part: ${n}`,
    status: (code: number) => `HTTP status: ${code}`,
    code: (code: string) => `Code: ${code}`,
    requestId: (id: string) => `Request ID: ${id}`,
    kind: (kind: string) => `Kind: ${kind}`,
    file: (path: string) => `File: ${path}`,
    to: (address: string, connection: string) => `To: ${address} (${connection})`,
  },
};
