// Where a provider's keys are made, and what they have to be allowed, in German.
import type { keysHelp as en } from "../en/keysHelp";

export const keysHelp: typeof en = {
  how: {
    aws: "Unter „Sicherheitsanmeldeinformationen“ einen Zugriffsschlüssel für einen IAM-Benutzer erstellen.",
    r2: "Ein R2-API-Token mit „Object Read & Write“ erstellen. Hierher gehören seine Access Key ID und sein Secret Access Key, nicht der Tokenwert.",
    b2: "Einen neuen Application Key hinzufügen. Der Master Application Key funktioniert mit S3 nicht.",
    wasabi:
      "Einen Zugriffsschlüssel erstellen, am besten für einen Benutzer, der nur auf diesen Bucket zugreifen darf.",
    minio:
      "In der MinIO-Konsole einen Zugriffsschlüssel erstellen oder ausführen: mc admin accesskey create ALIAS",
    ceph: "Schlüssel erstellt der Administrator des Gateways mit: radosgw-admin user create --uid=NAME",
    garage: "Einen Schlüssel erstellen mit: garage key create NAME",
    gcs: "Unter „Interoperabilität“ einen HMAC-Schlüssel für ein Dienstkonto erstellen.",
    spaces: "Einen Zugriffsschlüssel erstellen, der nur für diesen Bucket gilt.",
  },
  page: "Seite für Schlüssel öffnen",
  copy: "Kleinste Richtlinie kopieren",
  needsBucket: "Zuerst den Bucket eingeben: Die Richtlinie gilt nur für ihn.",
  copied: "Kopiert. Sie erlaubt Uploads in diesen Bucket und Ordner, sonst nichts.",
  copiedWords: "Kopiert. Mehr braucht der Schlüssel nicht; Buckets auflisten muss er nicht dürfen.",
  notCopied: "Das Kopieren ist nicht gelungen. Von hier kopieren:",
  jurisdiction: "Gerichtsbarkeit",
  jurisdictions: { none: "keine", eu: "Europäische Union (EU)", fedramp: "FedRAMP (USA)" },
};
