// The settings, section by section.

export const settings = {
  title: "Settings",
  setTo: "Set to",
  automatic: "Automatic",

  appearance: {
    title: "Appearance",
    colours: "Colours",
    themes: { system: "Like the system", light: "Light", dark: "Dark" },
    rows: "Rows",
    densities: { normal: "Normal", compact: "Compact" },
    language: "Language",
    systemLanguage: "Like the system",
  },

  speed: {
    title: "Speed",
    atOnce: "Large uploads at once",
    connections: "Connections",
    connectionsHint:
      "To each server, for all uploads together. Automatic finds the number that carries most.",
    limit: "Limit",
    noLimit: "No limit",
    others: "Other programs",
    lowPriority: "Let them go first",
    lowPriorityHint:
      "Windlass then takes what they leave of the processor and, where the system can, of the disk.",
    lowPriorityLinux: "On Linux, turning this off takes effect at the next start.",
  },

  hours: {
    title: "By the clock",
    table: "Limits by the clock",
    days: "Days",
    from: "From",
    until: "Until",
    limit: "Limit",
    /** in an empty field */
    none: "none",
    limitIn: (unit: string) => `Limit in ${unit}, empty for none`,
    add: "Add hours",
    remove: "Remove these hours",
    up: "Move these hours up",
    hint: "Another limit at certain hours, such as less while others work. At all other times it is the limit above.",
    first: "Where hours overlap, the upper ones hold.",
    noDay: "Without a day these hours never hold.",
    wholeDay: (time: string) => `24 hours, from ${time}`,
    allDay: "All day",
    overnight: (time: string) => `Until ${time} on the next day`,
    noTime: "This is no time of day. Write it like 08:00.",
    noLimit: "This is no number of MB/s. Leave it empty for no limit.",
  },

  parts: {
    title: "Parts",
    size: "Part size",
    hint: "Big files go up in parts. S3 allows 5\u00a0MiB to 5\u00a0GiB each, and 10,000 of them; larger files get larger parts where it must be.",
  },

  changing: {
    title: "Files that keep changing",
    askAfter: "Ask after",
    hint: "Windlass waits for such a file to keep still, and sends again what changed. After this long it asks what to do.",
    minutes: "minutes",
  },

  whenDone: {
    title: "When everything is sent",
    tell: "Tell",
    notify: "Show a notification",
    sound: "With a sound",
    notifyHint: "Also when an upload fails.",
    then: "Then",
    ways: { stay: "Stay", quit: "Quit Windlass", sleep: "Put the computer to sleep" },
  },

  power: {
    title: "Window and power",
    computer: "This computer",
    keepAwake: "Keep it awake while sending",
    closing: "On closing",
    closingHint: "What closing the window does while uploads run.",
    ways: { ask: "Ask", quit: "Quit", tray: "Keep uploading in the tray" },
  },

  about: {
    title: "About",
    version: "Version",
    files: "Its own files",
    copyPath: "Copy the folder's path",
  },
};
