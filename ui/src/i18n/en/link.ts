// The dialog that creates a link to a finished upload.

export const link = {
  title: (name: string) => `Link to ${name}`,
  holds: "Valid for",
  holdsHow: "How long the link is valid",
  times: { hour: "1 hour", day: "1 day", week: "7 days", own: "Other" },
  amount: "How many",
  unit: "Hours, days or minutes",
  units: { minutes: "minutes", hours: "hours", days: "days" },
  wrong: "Enter a number. Seven days at most.",
  opens: "In a browser",
  download: "Download with the file's name",
  downloadHint: "Otherwise the browser shows what it can display.",
  /** `when` is written as the language writes it */
  until: (when: string) => `Anyone with the link can read this object until ${when}.`,
  warns: "Anyone with the link can read this object without signing in.",
  sooner: "It may expire sooner: it was signed with a session whose end is not known.",
  make: "Copy link",
  making: "Creating...",
  again: "Copy again",
  copied: "Copied.",
  notCopied: "Could not copy it to the clipboard. Select the link and copy it.",
  made: "Link",
};
