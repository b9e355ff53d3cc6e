// A connection while it is written and tested, in German.
import type { draft as en } from "../en/draft";

export const draft: typeof en = {
  lacking: {
    account: "Die Konto-ID angeben.",
    endpoint: "Den Rest des Endpunkts ergänzen.",
    host: "Die Adresse des Servers angeben.",
    scheme: "Der Endpunkt muss mit https:// oder http:// beginnen.",
    region: "Die Region angeben.",
    accessKeyId: "Die Access Key ID angeben.",
    secretAccessKey: "Den Secret Access Key angeben.",
    profile: "Ein Profil wählen.",
    proxy: "Die Adresse des Proxys angeben.",
    startUrl: "Die Start-URL angeben.",
    ssoRegion: "Die SSO-Region angeben.",
    ssoAccount: "Anmelden und ein Konto und eine Rolle auswählen.",
  },
  steps: {
    reached: "Mit dem Server verbinden",
    clock: "Uhr",
    signedIn: "Anmelden",
    bucket: "Bucket",
    mayUpload: "Upload anlegen",
    checksums: "Prüfsummen",
  },
};
