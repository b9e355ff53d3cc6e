// What each kind of fault is called, what to do about it, and what its button says; what that does is not known here.

const tryAgain = "Try again";
const copyDetails = "Copy details";

export const faults = {
  kinds: {
    offline: {
      title: "The server cannot be reached",
      advice: "Check the network and the address of the connection.",
      button: tryAgain,
    },
    throttled: {
      title: "The server asks to slow down",
      advice: "It is busy. Wait a little, or use fewer connections in Settings.",
      button: tryAgain,
    },
    server: {
      title: "The server had a problem",
      advice: "This is on its side. What was sent is kept.",
      button: tryAgain,
    },
    credentials: {
      title: "The server did not accept these keys",
      advice: "They may be mistyped, expired or switched off.",
      button: "Sign in again",
    },
    keychain: {
      title: "The keychain cannot be opened",
      advice: "Unlock it, or sign in for this session only.",
      button: "Look again",
    },
    denied: {
      title: "These keys may not do this",
      advice: "Whoever runs the bucket can allow it; the details say what is missing.",
      button: copyDetails,
    },
    wrongPlace: {
      title: "This is not the right place",
      advice: "The bucket may have another name or region, or no S3 server is at this address.",
      button: "Open connection",
    },
    clock: {
      title: "This computer's clock is wrong",
      advice: "The server refuses requests from another time. Set the clock, then try again.",
      button: tryAgain,
    },
    exists: {
      title: "A file of this name is already there",
      advice: "Replace it, or keep both under different names.",
      button: "Replace",
    },
    sourceMissing: {
      title: "The file cannot be read",
      advice: "It was moved, renamed, is on a drive that is not connected, or may not be opened.",
      button: tryAgain,
    },
    sourceChanged: {
      title: "The file changed while it was uploading",
      advice: "Wait until the program that writes it is done.",
      button: "Upload as it is now",
    },
    checksum: {
      title: "The stored bytes do not match the file",
      advice: "Nothing damaged was kept as finished.",
      button: "Upload again",
    },
    unsupported: {
      title: "The server cannot do this",
      advice: "It lacks something that this upload needs.",
      button: copyDetails,
    },
    storage: {
      title: "Windlass cannot write its own records",
      advice: "The disk may be full.",
      button: tryAgain,
    },
    bug: {
      title: "Something went wrong inside Windlass",
      advice: "The details help to find out what.",
      button: copyDetails,
    },
  },
  /** reasons whose kind alone would say too little, or something else */
  reasons: {
    tooLargeForIt: {
      title: "Something on the way refuses requests of this size",
      advice:
        "A proxy in front of the server limits them. Upload in smaller parts, or let its limit be raised above 5 MiB.",
    },
    storeFull: {
      title: "The store is full",
      advice: "Make room there, or let its quota be raised; then try again.",
    },
    noSuchHost: {
      title: "The server's name is not found",
      advice:
        "Check how the address of the connection is spelled, and that this computer is online.",
    },
    unknownIssuer: {
      title: "The server's certificate is not trusted",
      advice:
        "If the server is your own, name its certificate, or its authority's, in the connection under “A certificate of your own”.",
    },
    badCertificate: {
      title: "The server's certificate is not valid",
      advice: "It has expired, or is for another name: check the address of the connection.",
    },
    wrongRegion: {
      title: "The bucket is in another region",
      advice: "Choose its region in the connection, then try again.",
    },
    noProfile: {
      title: "There is no such profile",
      advice: "Choose another profile in the connection, or add it to the AWS configuration.",
    },
    clockAgrees: {
      title: "The server refuses this computer's clock",
      advice: "The clock is right by the server's own date. Try again later.",
    },
  },
  /** a file that was waited for and did not keep still: nothing is lost, somebody has to say what now */
  changing: {
    title: "This file keeps changing",
    advice:
      "Nothing half-made is on the server: the object appears only when one state of the file has arrived whole. What is stored so far is kept.",
    button: "Upload this state",
    keepWaiting: "Keep waiting",
    cancel: "Cancel",
  },
  /** whether the key is taken these keys may not see: it goes without the look where the user says so */
  unlooked: {
    title: "These keys may not see whether the name is taken",
    advice:
      "Whoever runs the bucket can allow s3:ListBucket. Uploading anyway replaces whatever is there.",
    button: "Upload anyway",
    copyDetails,
  },
  /** line by line, for a message to whoever can help */
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
