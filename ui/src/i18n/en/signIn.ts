// Signing in: IAM Identity Center, roles and MFA, in the words of the AWS documentation.

export const signIn = {
  startUrl: "Start URL",
  startUrlHint: "Your administrator has it. It looks like https://example.awsapps.com/start.",
  ssoRegion: "SSO region",
  ssoRegionHint: "The region of IAM Identity Center, which need not be the bucket's.",
  sessionName: "Session name",
  sessionNameHint: "The sso-session of the AWS CLI to share the sign-in with, if you use one.",
  optional: "optional",
  begin: "Sign in with IAM Identity Center",
  account: "Account",
  role: "Role",
  choose: "Sign in to choose one.",
  pick: "Choose one.",
  loading: "Loading...",
  noAccounts: "No account is assigned to you. An administrator can assign one.",
  ofProfile: "Sign in",
  ofProfileHint: "For profiles that use IAM Identity Center.",

  page: {
    title: "Sign in with IAM Identity Center",
    browser: (startUrl: string) =>
      `Sign in to ${startUrl} in your browser, and allow Windlass to access your account.`,
    useCode: "Use a code instead",
    text: (startUrl: string) =>
      `Open the page, sign in to ${startUrl}, and check that the page shows this code:`,
    copy: "Copy code",
    copied: "Copied",
    notCopied: "The code could not be copied. Type it instead.",
    open: "Open page",
    elsewhere: (url: string) => `On another device: ${url}`,
    beginning: "Contacting IAM Identity Center...",
    waiting: "Waiting for you to sign in...",
    done: "You are signed in.",
    awsLogin: "Run aws login",
  },

  roles: {
    title: "Role and MFA",
    none: "none",
    roleArn: "Role ARN",
    roleArnHint: "Assumed with the keys above.",
    externalId: "External ID",
    sessionName: "Role session",
    duration: "Duration",
    durationHint: "In seconds. Empty: as long as AWS STS gives.",
    wrongDuration: "Enter 900 to 129,600 seconds.",
    mfaSerial: "MFA device ARN",
    mfaSerialHint: "Its code is asked for when a session begins, and never saved.",
  },

  mfa: {
    title: "MFA code",
    /** on a button, which opens the dialog */
    button: "MFA code...",
    text: (device: string) => `Enter the code that this device shows now: ${device}`,
    code: "MFA code",
    enter: "Continue",
    entering: "Signing in...",
  },
};
