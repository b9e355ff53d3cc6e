// Signing in, in German.
import type { signIn as en } from "../en/signIn";

export const signIn: typeof en = {
  startUrl: "Start-URL",
  startUrlHint:
    "Bei der AWS-Administration zu erfragen. Sie sieht aus wie https://example.awsapps.com/start.",
  ssoRegion: "SSO-Region",
  ssoRegionHint: "Die Region von IAM Identity Center; der Bucket kann in einer anderen liegen.",
  sessionName: "Sitzungsname",
  sessionNameHint: "Die sso-session der AWS CLI, mit der die Anmeldung geteilt werden soll.",
  optional: "optional",
  begin: "Mit IAM Identity Center anmelden",
  account: "Konto",
  role: "Rolle",
  choose: "Zum Auswählen anmelden.",
  pick: "Auswählen.",
  loading: "Wird geladen ...",
  noAccounts: "Kein Konto ist zugewiesen. Die AWS-Administration kann eines zuweisen.",
  ofProfile: "Anmelden",
  ofProfileHint: "Für Profile, die IAM Identity Center verwenden.",

  page: {
    title: "Mit IAM Identity Center anmelden",
    browser: (startUrl) => `Im Browser bei ${startUrl} anmelden und Windlass den Zugriff erlauben.`,
    useCode: "Stattdessen einen Code verwenden",
    text: (startUrl) =>
      `Die Seite öffnen, bei ${startUrl} anmelden und prüfen, ob die Seite diesen Code zeigt:`,
    copy: "Code kopieren",
    copied: "Kopiert",
    notCopied: "Der Code ließ sich nicht kopieren. Ihn stattdessen eintippen.",
    open: "Seite öffnen",
    elsewhere: (url) => `Auf einem anderen Gerät: ${url}`,
    beginning: "IAM Identity Center wird kontaktiert ...",
    waiting: "Warten auf die Anmeldung ...",
    done: "Die Anmeldung war erfolgreich.",
    awsLogin: "aws login ausführen",
  },

  roles: {
    title: "Rolle und MFA",
    none: "keine",
    roleArn: "Rollen-ARN",
    roleArnHint: "Wird mit den Schlüsseln oben angenommen.",
    externalId: "Externe ID",
    sessionName: "Rollensitzung",
    duration: "Dauer",
    durationHint: "In Sekunden. Leer: so lange, wie AWS STS sie gewährt.",
    wrongDuration: "900 bis 129.600 Sekunden eingeben.",
    mfaSerial: "ARN des MFA-Geräts",
    mfaSerialHint: "Nach dem Code wird zu Beginn einer Sitzung gefragt; er wird nie gespeichert.",
  },

  mfa: {
    title: "MFA-Code",
    button: "MFA-Code ...",
    text: (device) => `Den Code eingeben, den dieses Gerät gerade zeigt: ${device}`,
    code: "MFA-Code",
    enter: "Weiter",
    entering: "Wird angemeldet ...",
  },
};
