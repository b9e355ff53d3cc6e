// The dialog that makes a link to a finished upload.

export const link = {
  title: (name: string) => `Link to ${name}`,
  holds: "Holds for",
  holdsHow: "How long the link holds",
  times: { hour: "1 hour", day: "1 day", week: "7 days", own: "Other" },
  amount: "How many",
  unit: "Hours, days or minutes",
  units: { minutes: "minutes", hours: "hours", days: "days" },
  wrong: "A number; seven days at most.",
  opens: "In a browser",
  download: "Download it under the file's name",
  downloadHint: "Otherwise it shows what it can show.",
  /** until when is written as the language writes it */
  until: (when: string) => `Whoever has the link can read this object until ${when}.`,
  warns: "Whoever has the link can read this object, without signing in.",
  sooner:
    "It may end sooner: it was signed with a session that ends on its own, nobody knows when.",
  make: "Copy link",
  making: "Making...",
  again: "Copy again",
  copied: "Copied.",
  notCopied: "The clipboard did not take it: select the link and copy it.",
  made: "The link",
};
